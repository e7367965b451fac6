"""What a stopped run left behind is cleared up by the next one, and nothing else is."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mfauto.saving import back_up, backups_of, made_beside, settle
from mfauto.saving.leftovers import own_name, released, running

NOW = datetime(2026, 11, 2, 6, 30, tzinfo=UTC)
OLD, NEW, SAVED = b"as it was", b"with flags", b"saved by Jo"


def of_a_stopped_run(name: str) -> str:
    """Give the name that a process would have given which is gone."""
    done = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True
    )
    return name.replace(f"-{os.getpid()}-", f"-{int(done.stdout)}-")


@pytest.fixture
def alive() -> Iterator[int]:
    other = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    yield other.pid
    other.communicate(b"\n")


def a_tracker(folder: Path, data: bytes = OLD) -> Path:
    tracker = folder / "Tracker.xlsx"
    tracker.write_bytes(data)
    return tracker


def a_leftover(folder: Path, kind: str, data: bytes, wanted: bytes = NEW) -> Path:
    name = own_name(kind, hashlib.sha256(wanted).hexdigest(), "Tracker.xlsx")
    left = folder / of_a_stopped_run(name)
    left.write_bytes(data)
    return left


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_half_a_file_of_a_stopped_run_is_removed(tmp_path: Path) -> None:
    tracker = a_tracker(tmp_path)
    (tmp_path / of_a_stopped_run(own_name("tmp"))).write_bytes(b"ha")

    assert settle(tracker, tmp_path / "backups", NOW) == []
    assert names(tmp_path) == ["Tracker.xlsx"]


def test_the_next_file_made_in_the_folder_clears_it_up_too(tmp_path: Path) -> None:
    (tmp_path / of_a_stopped_run(own_name("tmp"))).write_bytes(b"ha")

    with made_beside(tmp_path / "MF-001.docx", [b"a report"]) as made:
        assert names(tmp_path) == [made.name]


def test_a_file_of_a_run_at_work_stays(tmp_path: Path, alive: int) -> None:
    tracker = a_tracker(tmp_path)
    theirs = own_name("tmp").replace(f"-{os.getpid()}-", f"-{alive}-")
    (tmp_path / theirs).write_bytes(b"ha")
    own = own_name("tmp")
    (tmp_path / own).write_bytes(b"ha")

    settle(tracker, tmp_path / "backups", NOW)
    assert names(tmp_path) == sorted([own, theirs, "Tracker.xlsx"])
    released(tmp_path / own)
    settle(tracker, tmp_path / "backups", NOW)
    assert names(tmp_path) == sorted([theirs, "Tracker.xlsx"])


def test_a_file_of_another_computer_stays_for_a_day(tmp_path: Path) -> None:
    tracker = a_tracker(tmp_path)
    name = own_name("tmp")
    other = "0000" if name[8:12] != "0000" else "1111"
    left = tmp_path / (name[:8] + other + name[12:])
    left.write_bytes(b"ha")
    for age, stays in ((3600, True), (90_000, False)):
        os.utime(left, (NOW.timestamp() - age,) * 2)
        settle(tracker, tmp_path / "backups", NOW)
        assert left.exists() is stays


@pytest.mark.parametrize(
    "name",
    [
        ".mfauto.tmp",
        ".mfauto-notes.tmp",
        "mfauto-aaaa-1-0123456789.tmp",
        ".mfauto-aaaa-1-01.tmp",
        "x.tmp",
    ],
)
def test_a_persons_own_file_is_never_taken_for_a_leftover(tmp_path: Path, name: str) -> None:
    tracker = a_tracker(tmp_path)
    (tmp_path / name).write_bytes(b"theirs")
    os.utime(tmp_path / name, (0, 0))

    settle(tracker, tmp_path / "backups", NOW)
    assert (tmp_path / name).read_bytes() == b"theirs"


def test_what_was_never_put_in_place_is_removed(tmp_path: Path) -> None:
    tracker = a_tracker(tmp_path)
    a_leftover(tmp_path, "swap", NEW)

    assert settle(tracker, tmp_path / "backups", NOW) == []
    assert names(tmp_path) == ["Tracker.xlsx"]


def test_what_came_out_and_is_backed_up_is_removed(tmp_path: Path) -> None:
    tracker = a_tracker(tmp_path)
    back_up(tracker, tmp_path / "backups", NOW)
    tracker.write_bytes(NEW)
    a_leftover(tmp_path, "swap", OLD)

    assert settle(tracker, tmp_path / "backups", NOW) == []
    assert names(tmp_path) == ["Tracker.xlsx", "backups"]


def test_what_a_person_saved_in_that_very_moment_is_kept_and_said(tmp_path: Path) -> None:
    tracker = a_tracker(tmp_path)
    back_up(tracker, tmp_path / "backups", NOW)
    tracker.write_bytes(NEW)
    a_leftover(tmp_path, "swap", SAVED)

    (said,) = settle(tracker, tmp_path / "backups", NOW)
    newest = backups_of("Tracker.xlsx", tmp_path / "backups")[0].path
    assert newest.read_bytes() == SAVED
    assert newest.name in said
    assert names(tmp_path) == ["Tracker.xlsx", "backups"]


@pytest.mark.parametrize("kind", ["spare", "swap"])
def test_a_tracker_that_lost_its_name_half_way_has_it_back(tmp_path: Path, kind: str) -> None:
    a_leftover(tmp_path, kind, OLD)

    (said,) = settle(tmp_path / "Tracker.xlsx", tmp_path / "backups", NOW)
    assert said == "Tracker.xlsx was missing after a run was stopped. It has its name back."
    assert names(tmp_path) == ["Tracker.xlsx"]
    assert (tmp_path / "Tracker.xlsx").read_bytes() == OLD


def test_of_two_the_old_file_gets_the_name_and_the_new_one_goes(tmp_path: Path) -> None:
    a_leftover(tmp_path, "swap", NEW)
    a_leftover(tmp_path, "spare", OLD)

    settle(tmp_path / "Tracker.xlsx", tmp_path / "backups", NOW)
    assert names(tmp_path) == ["Tracker.xlsx"]
    assert (tmp_path / "Tracker.xlsx").read_bytes() == OLD


def test_a_process_is_known_to_be_alive_or_gone(alive: int) -> None:
    done = subprocess.Popen([sys.executable, "-c", ""])
    done.wait()
    assert running(alive)
    assert running(os.getpid())
    assert not running(done.pid)
