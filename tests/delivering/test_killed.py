"""The process killed while it sends: what the next run makes of it."""

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from mfauto.ledger import State
from mfauto.model import Review
from mfauto.settings import PROJECT
from tests.delivering.servers import Truth, smtp_server
from tests.delivering.week import a_week, by_smtp, fifty, holds, run
from tests.looking import needs

#: the calls that tell the disk or the server something
CALLS = "pwrite64,write,sendto,fdatasync,fsync,unlink,ftruncate"
LONG = bool(os.environ.get("MFAUTO_LONG"))
KILLS = sys.maxsize if LONG else 6  # at every call, or spread over them
READERS = 52 if LONG else 5

SEND = """
import sys
from pathlib import Path
from tests.delivering.test_killed import the_week
from tests.delivering.week import by_smtp, run
run(by_smtp(Path(sys.argv[1]), int(sys.argv[2]), limit=20), the_week())
"""


def the_week() -> Review:
    return fifty() if LONG else a_week(3)


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[Truth, int]]:
    with smtp_server() as given:
        yield given


def send(folder: Path, port: int, log: Path, *inject: str) -> int:
    """Send in a process of its own, watched by strace."""
    product = [sys.executable, "-B", "-c", SEND, str(folder), str(port)]
    command = ["strace", "-qq", "-o", str(log), "-e", f"trace={CALLS}", *inject, *product]
    return subprocess.run(
        command, cwd=PROJECT, capture_output=True, check=False, timeout=120
    ).returncode


def test_a_run_killed_at_any_call_is_taken_up_by_the_next(
    tmp_path: Path, server: tuple[Truth, int]
) -> None:
    needs("strace")
    truth, port = server
    whole = tmp_path / "whole"
    whole.mkdir()
    assert send(whole, port, tmp_path / "log") == 0
    assert len(truth.accepted) == READERS
    calls = Counter(re.findall(r"^(\w+)\(", (tmp_path / "log").read_text(), re.MULTILINE))
    points = [(name, number + 1) for name in sorted(calls) for number in range(calls[name])]
    assert len(points) > 50 * READERS
    seen: Counter[str] = Counter()
    step = max(len(points) // KILLS, 1)
    chosen = points[step // 2 :: step]
    for name, number in chosen:
        folder = tmp_path / f"{name}-{number}"
        folder.mkdir()
        truth.accepted.clear()
        how = f"inject={name}:signal=SIGKILL:when={number}"
        code = send(folder, port, tmp_path / "log", "-e", how)
        assert code in {-9, 137, 0}, how
        seen["killed"] += code != 0
        outcome = run(by_smtp(folder, port, limit=20), the_week())
        holds(folder, truth)
        # At most one email was on its way; every other one arrived once.
        assert len(outcome.unknown) <= 1, how
        assert not outcome.posted.failed, how
        assert len(truth.accepted) in {READERS, READERS - len(outcome.unknown)}, how
        assert all(one.state is State.UNKNOWN for one in outcome.unknown), how
        seen["unknown"] += len(outcome.unknown)
        shutil.rmtree(folder)
    print(len(points), dict(seen))  # noqa: T201 - the figures of a long run
    assert seen["killed"] >= len(chosen) // 2
