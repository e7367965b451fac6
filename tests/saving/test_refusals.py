"""Each fault of a drive, a folder or a file has its own plain sentences."""

import errno
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from mfauto.errors import TrackerBusyError, TrackerError, TrackerMissingError
from mfauto.saving import check_writable, read_whole
from mfauto.saving.patience import patiently, pauses
from mfauto.saving.readiness import in_the_cloud
from mfauto.saving.refusals import not_fetched, passing, refused


class SystemFaultError(OSError):
    """An error of the system; on Windows it carries Windows' own number as well."""

    winerror: int | None = None


def an_error(number: int, windows: int | None = None) -> OSError:
    error = SystemFaultError(number, os.strerror(number))
    error.winerror = windows
    return error


FAULTS = [
    (errno.ENOSPC, None, "the drive is full"),
    (errno.EDQUOT, None, "the drive is full"),
    (errno.EINVAL, 112, "the drive is full"),
    (errno.EHOSTDOWN, None, "the network drive cannot be reached"),
    (errno.ESTALE, None, "the network drive cannot be reached"),
    (errno.ENOENT, 53, "the network drive cannot be reached"),
    (errno.EINVAL, 64, "the network drive cannot be reached"),
    (errno.EINVAL, 362, "it is kept in the cloud and could not be fetched"),
    (errno.EINVAL, 426, "it is kept in the cloud and could not be fetched"),
    (errno.EBUSY, None, "it is open elsewhere"),
    (errno.EACCES, 32, "it is open elsewhere"),
    (errno.EACCES, 33, "it is open elsewhere"),
    (errno.EACCES, 1176, "it is open elsewhere"),
    (errno.EACCES, 5, "it is open elsewhere, or you may not write to it"),
    (errno.EACCES, None, "it is open elsewhere, or you may not write to it"),
    (errno.EIO, None, "the drive reports a fault"),
    (errno.EINVAL, 1117, "the drive reports a fault"),
    (errno.EROFS, None, "the drive may be read, but not written to"),
    (errno.ENAMETOOLONG, None, "its name and the folders above it are too long"),
    (errno.ENOENT, 206, "its name and the folders above it are too long"),
    (errno.EMFILE, None, "the computer has too much open"),
    (errno.ENOENT, None, "there is no such file"),
    (errno.ELOOP, None, os.strerror(errno.ELOOP)),
]


@pytest.mark.parametrize(("number", "windows", "found"), FAULTS)
def test_a_fault_says_where_what_was_found_and_what_to_do(
    tmp_path: Path, number: int, windows: int | None, found: str
) -> None:
    said = str(refused(tmp_path / "Tracker.xlsx", "cannot be written", an_error(number, windows)))

    first, second = said.split("\n")
    assert first.endswith(f"Tracker.xlsx cannot be written: {found}.")
    kept, _, to_do = second.partition(". ")
    assert kept == "Nothing was changed"
    assert len(to_do) > 10
    for sentence in said.replace("\n", " ").split(". "):
        assert len(sentence.split()) < 25, sentence


def test_who_has_it_open_is_named(tmp_path: Path) -> None:
    (tmp_path / ".~lock.Tracker.xlsx#").write_text(",Sky Example,desk,now,x;")

    said = refused(tmp_path / "Tracker.xlsx", "cannot be written", an_error(errno.EACCES, 32))

    assert isinstance(said, TrackerBusyError)
    assert "Sky Example has it open" in str(said)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "share" / "audits"

    with pytest.raises(TrackerMissingError, match=f"the folder {folder} is not there"):
        read_whole(folder / "Tracker.xlsx", 1000)


def test_a_name_that_does_not_fit_is_not_called_missing(tmp_path: Path) -> None:
    """Windows says "not found" where our longer name beside the tracker does not fit."""
    folder = tmp_path / ("a" * 100) / ("b" * 100)
    folder.mkdir(parents=True)
    tracker = folder / "Tracker.xlsx"
    tracker.write_bytes(b"x")

    said = str(refused(tracker, "cannot be written", an_error(errno.ENOENT, 3)))
    assert "its name and the folders above it are too long" in said


def test_a_file_of_which_only_the_name_is_here_says_how_to_fetch_it() -> None:
    said = str(not_fetched(Path("Tracker.xlsx"), "cannot be written"))

    assert "only its name is on this computer" in said
    assert "Always keep on this device" in said


def test_only_windows_tells_that_a_file_is_in_the_cloud(tmp_path: Path) -> None:
    (tmp_path / "Tracker.xlsx").write_bytes(b"x")

    assert not in_the_cloud(tmp_path / "Tracker.xlsx")
    assert not in_the_cloud(tmp_path / "gone.xlsx")


def test_a_tracker_that_is_marked_read_only_says_how_to_take_the_mark_off(tmp_path: Path) -> None:
    tracker = tmp_path / "Tracker.xlsx"
    tracker.write_bytes(b"x")
    tracker.chmod(0o444)

    with pytest.raises(TrackerError, match="it is marked read-only") as refusal:
        check_writable(tracker, tmp_path / "backups")
    assert "Take the mark off in its Properties" in str(refusal.value)


def test_too_little_room_is_found_before_anything_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tracker = tmp_path / "Tracker.xlsx"
    tracker.write_bytes(b"x" * 3_000_000)
    monkeypatch.setattr("mfauto.saving.readiness._free", lambda _: 12_999_999)
    with pytest.raises(TrackerError, match="has less than 13 MB free"):
        check_writable(tracker, tmp_path / "backups")
    monkeypatch.setattr("mfauto.saving.readiness._free", lambda _: 13_000_000)
    check_writable(tracker, tmp_path / "backups")
    assert [path.name for path in tmp_path.iterdir()] == ["Tracker.xlsx"]


def test_waiting_lasts_as_long_as_it_is_told_and_no_longer() -> None:
    assert sum(pauses(2.0)) == pytest.approx(2.0)
    assert list(pauses(0)) == []
    assert max(pauses(2.0)) < 1.0


@pytest.mark.parametrize("missing", [errno.ENOENT, errno.EBUSY, errno.EIO, errno.ESTALE])
def test_what_passes_by_itself_is_tried_again(missing: int) -> None:
    tries: list[int] = []

    def attempt() -> str:
        tries.append(1)
        if len(tries) < 3:
            raise OSError(missing, "for a moment")
        return "read"

    assert patiently(attempt, 10.0) == "read"
    assert len(tries) == 3


def test_what_does_not_pass_by_itself_is_not_waited_for() -> None:
    tries: list[int] = []

    def attempt() -> None:
        tries.append(1)
        raise OSError(errno.EACCES, "no right")

    with pytest.raises(OSError, match="no right"):
        patiently(attempt, 60.0)
    assert len(tries) == 1
    assert not passing(an_error(errno.ENOSPC))
    assert passing(an_error(errno.EACCES, 5))


def test_a_tracker_that_excel_is_just_saving_is_read_once_it_is_back(tmp_path: Path) -> None:
    """Excel deletes the file and gives the new one its name: for a moment there is none."""
    tracker, new = tmp_path / "Tracker.xlsx", tmp_path / "new.tmp"
    new.write_bytes(b"saved")
    looked = threading.Event()
    saver = threading.Thread(target=lambda: (looked.wait(10), new.rename(tracker)))
    saver.start()

    def when_looked_at(read: Callable[[], bytes]) -> bytes:
        try:
            return read()
        finally:
            looked.set()

    assert patiently(lambda: when_looked_at(tracker.read_bytes), 30.0) == b"saved"
    saver.join()
