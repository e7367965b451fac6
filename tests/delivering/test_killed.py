"""A run that is killed while it sends to fifty people: nothing twice, nothing lost.

The long run kills it at the system calls that write, by strace: into the history, onto the line
to the mail server, beside them. It takes each of the first and the last ones, and every eleventh of
those between, which are the same for each reader. Every run kills it at some places of each kind.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from mfauto.delivery import open_transport
from mfauto.ledger import State, open_ledger
from mfauto.model import Review
from mfauto.sending import Outcome, remind
from mfauto.settings import PROJECT, Mail, Settings, SmtpServer
from tests.delivering.servers import Accepted, MailServer
from tests.messages.sample import PEOPLE, SETTINGS, an_action, improving, reviewed

NOW: Final = datetime(2026, 11, 2, 7, tzinfo=UTC)
LONG: Final = bool(os.environ.get("MFAUTO_LONG"))
OWNERS: Final = 48 if LONG else 8  #: and the Head of Service and the SQA Officer
ALL_OF_FIRST: Final = 300  #: calls; what follows is the same again for each reader
ALL_OF_LAST: Final = 60
STRIDE: Final = 11  #: of those between
CALLS: Final = (
    "write,pwrite64,writev,pwritev,sendto,sendmsg,fsync,fdatasync,ftruncate,truncate,"
    "rename,renameat,renameat2,unlink,unlinkat,mkdir,openat"
)


def the_readers() -> Review:
    owners = [
        {
            "name": f"Owner {number:02}",
            "role": "Practitioner",
            "email": f"owner{number:02}@council.example",
            "active": "Yes",
        }
        for number in range(OWNERS)
    ]
    actions = [
        an_action(ref=f"A-{number}", owner=owner["name"])
        for number, owner in enumerate(owners, start=1)
    ]
    return reviewed(improving(), actions=actions, people=[*PEOPLE, *owners])


def settings_to(port: int) -> Settings:
    return replace(
        SETTINGS,
        mail=Mail(delivery="smtp", live=True, allowed_domains=("council.example",)),
        smtp=SmtpServer(host="127.0.0.1", port=port, security="none", timeout=5),
    )


def run(folder: Path, port: int, found: Review) -> Outcome:
    settings = settings_to(port)
    transport = open_transport(settings, lambda _: None)
    try:
        with open_ledger(folder, NOW) as ledger:
            return remind(found, settings, ledger, transport, NOW)
    finally:
        transport.close()


def settles(folder: Path, port: int, found: Review, truth: Accepted) -> None:
    """See that the next run finishes what the killed one left, and that the truth agrees."""
    outcome = run(folder, port, found)
    with open_ledger(folder, NOW) as ledger:
        assert ledger.verify().faults == ()
        assert not ledger.lost
        states = {one.key: one.state for one in ledger.deliveries()}
        unknown = [key for key, state in states.items() if state is State.UNKNOWN]
        assert len(states) == OWNERS + 2
        assert set(states.values()) <= {State.SENT, State.UNKNOWN}
        assert len(unknown) <= 1  # the one that was on its way
        assert [one.key for one in outcome.unknown] == unknown
        for key, state in states.items():
            assert truth.count(key) == 1 if state is State.SENT else truth.count(key) <= 1
        for key in unknown:
            ledger.resolve(key, NOW, arrived=truth.count(key) == 1)
    run(folder, port, found)
    assert [truth.count(key) for key in states] == [1] * (OWNERS + 2)


KILLED: Final = """
import os, signal, sys
from pathlib import Path
from mfauto.ledger import Ledger
import smtplib, sqlite3
from tests.delivering.test_killed import run, the_readers

folder, port, place, number = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
seen = 0

def here(name):
    global seen
    seen += name == place
    if name == place and seen == number:
        os.kill(os.getpid(), signal.SIGTERM if os.name == "nt" else signal.SIGKILL)

add, send, change = Ledger._add, smtplib.SMTP.send, Ledger._change

def added(self, event, now, facts):
    entry = add(self, event, now, facts)
    here("inside a note")
    return entry

def changed(self, delivery, now):
    found = change(self, delivery, now)
    here("after a note")
    return found

def sent(self, text):
    here("before a line")
    send(self, text)
    here("after a line")

Ledger._add, Ledger._change, smtplib.SMTP.send = added, changed, sent
run(folder, port, the_readers())
"""


@pytest.mark.parametrize(
    ("place", "number"),
    [
        ("inside a note", 14),
        ("after a note", 10),
        ("after a note", 11),
        ("before a line", 17),
        ("after a line", 19),
        ("after a line", 20),
        ("after a line", 21),
        ("after a line", 45),
    ],
)
def test_a_killed_run_is_finished_by_the_next_one(tmp_path: Path, place: str, number: int) -> None:
    server = MailServer()
    with server.served() as port:
        command = [sys.executable, "-c", KILLED, str(tmp_path), str(port), place, str(number)]
        ended = subprocess.run(command, cwd=PROJECT, check=False, timeout=60)
        assert ended.returncode in (-signal.SIGKILL if os.name != "nt" else 1, 15)
        settles(tmp_path, port, the_readers(), server.accepted)


_LINE: Final = re.compile(r"(\w+)\((.*)")
_PLAIN: Final = (
    "import sys; from pathlib import Path; "
    "from tests.delivering.test_killed import run, the_readers; "
    "run(Path(sys.argv[1]), int(sys.argv[2]), the_readers())"
)


def traced(folder: Path, port: int, log: Path, *inject: str) -> int:
    folder.mkdir()
    command = ["strace", "-qq", "-y", "-s", "0", "-o", str(log), "-e", f"trace={CALLS}", *inject]
    product = [sys.executable, "-B", "-c", _PLAIN, str(folder), str(port)]
    return subprocess.run([*command, *product], cwd=PROJECT, check=False, timeout=300).returncode


def touching(folder: Path, log: Path) -> list[tuple[str, int]]:
    """Give name and number of each call that writes into the folder or onto a line."""
    found: list[tuple[str, int]] = []
    seen: Counter[str] = Counter()
    for line in log.read_text(errors="replace").splitlines():
        call = _LINE.match(line)
        if call is None:
            continue
        seen[call[1]] += 1
        if f"{folder}/" in call[2] or "<TCP" in call[2] or "<socket:" in call[2]:
            found.append((call[1], seen[call[1]]))
    return found


@pytest.mark.skipif(not LONG, reason="takes more than half an hour: set MFAUTO_LONG=1")
def test_a_run_killed_at_any_call_that_writes_is_finished_by_the_next_one(tmp_path: Path) -> None:
    assert shutil.which("strace"), "the long run needs strace"
    found, log = the_readers(), tmp_path / "log"
    with MailServer().served() as port:
        assert traced(tmp_path / "whole", port, log) == 0
    calls = touching(tmp_path / "whole", log)
    assert len(calls) > 20 * OWNERS
    between = calls[ALL_OF_FIRST:-ALL_OF_LAST:STRIDE]
    met, tried = 0, [*calls[:ALL_OF_FIRST], *between, *calls[-ALL_OF_LAST:]]
    for name, number in tried:
        folder, server = tmp_path / "killed", MailServer()
        with server.served() as port:
            inject = f"inject={name}:signal=SIGKILL:when={number}"
            met += traced(folder, port, log, "-e", inject) in (-9, 137)
            settles(folder, port, found, server.accepted)
        shutil.rmtree(folder)
    assert met > len(tried) * 0.99  # the last calls may come after the end
    print(f"killed at {met} of {len(calls)} calls")  # noqa: T201 - a figure of the long run
