"""A run that is killed while it drafts: the next one finishes, nothing twice, nothing lost."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from mfauto.ledger import State, read_ledger
from mfauto.settings import PROJECT
from tests.letters.test_drafting import drafted, drafts, kinds

STOPPED = """
import os, signal, sys
from pathlib import Path
from mfauto.delivery import Outbox
from mfauto.ledger import Ledger
from tests.letters.test_drafting import drafted

folder, place, number = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
seen = 0

def here(name):
    global seen
    seen += name == place
    if name == place and seen == number:
        os.kill(os.getpid(), signal.SIGTERM if os.name == "nt" else signal.SIGKILL)

prepare, send, add = Outbox.prepare, Outbox.send, Ledger._add

def prepared(self, message):
    prepare(self, message)
    here("after prepare")

def sent(self, message):
    here("before send")
    receipt = send(self, message)
    here("after send")
    return receipt

def added(self, event, now, facts):
    entry = add(self, event, now, facts)
    here("inside a note")
    return entry

Outbox.prepare, Outbox.send, Ledger._add = prepared, sent, added
drafted(folder)
"""


@pytest.mark.parametrize(
    ("place", "number"),
    [("inside a note", 2), ("after prepare", 1), ("before send", 4), ("after send", 7)],
)
def test_a_killed_run_is_finished_by_the_next_one(tmp_path: Path, place: str, number: int) -> None:
    command = [sys.executable, "-c", STOPPED, str(tmp_path), place, str(number)]
    ended = subprocess.run(command, cwd=PROJECT, check=False)
    assert ended.returncode in (-signal.SIGKILL if os.name != "nt" else 1, 15)
    before = drafts(tmp_path)

    done = drafted(tmp_path)

    assert done.failed == []
    assert kinds(tmp_path) == ["announcement"] + ["invitation"] * 3 + ["leaver"] * 3
    assert before.items() <= drafts(tmp_path).items()
    assert not list((tmp_path / "outbox").glob(".*"))
    with read_ledger(tmp_path) as ledger:
        assert ledger
        assert {one.state for one in ledger.deliveries()} == {State.SENT}
        assert ledger.verify().faults == ()


def test_a_draft_that_somebody_took_meanwhile_is_not_made_again_by_itself(tmp_path: Path) -> None:
    command = [sys.executable, "-c", STOPPED, str(tmp_path), "after send", "1"]
    subprocess.run(command, cwd=PROJECT, check=False)
    (taken,) = (tmp_path / "outbox").glob("*.eml")
    taken.unlink()

    done = drafted(tmp_path)

    (error,) = done.failed
    assert "may have been sent by somebody" in str(error)
    assert taken.name not in drafts(tmp_path)
    assert len(drafts(tmp_path)) == 6
    drafted(tmp_path, again=True)
    assert taken.name in drafts(tmp_path)
