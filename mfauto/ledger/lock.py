"""One run at a time in one working folder.

An operating-system lock on a small file: it goes by itself when its run ends,
however that run ends. The file stays; only the lock on it counts. A folder on
a network share works as far as the share passes locks on, as Windows shares do.
"""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from mfauto.errors import MfautoError

LOCK: Final = "mfauto-history.lock"
_SIZE: Final = 512  #: bytes; one sector, which a drive writes as a whole
_FAR: Final = 1 << 30  # Windows bars others from reading locked bytes, so none that holds text


class RunningError(MfautoError):
    """Another run is at work in the same folder; this one did nothing."""


@dataclass(slots=True)
class Note:
    """What the lock's file keeps from run to run: how far the history had come."""

    known: tuple[int, str] | None  #: number and hash of its last entry; None where unknown


@contextmanager
def one_run(folder: Path, now: datetime) -> Iterator[Note]:
    """Be the only run in `folder` until the block ends.

    The note given is written down again at the end, with what the block set in it.

    Raises:
        RunningError: another run is at work; says since when.

    """
    path = folder / LOCK
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
    except OSError as error:
        raise RunningError(
            f"{path} cannot be written ({error.strerror}). Nothing was done.\n"
            "Check that the working folder is there and may be written to."
        ) from error
    try:
        try:
            taken = _taken(handle)
        except OSError as error:
            raise RunningError(
                f"{path} cannot be locked ({error.strerror}). Nothing was done.\n"
                "Move the working folder to a drive that knows locks, such as this computer's own."
            ) from error
        if not taken:
            raise RunningError(
                f"Another run is at work in {folder}{_since(path)}. This one did nothing.\n"
                "Wait until it has ended, then try again."
            )
        note = Note(known_end(folder))
        _write(handle, note, now)
        try:
            yield note
        finally:
            _write(handle, note, now)
    finally:
        # Closing gives the lock back, also where the run was stopped in the middle.
        os.close(handle)


def at_work(folder: Path) -> bool:
    """Say whether a run is at work in `folder` just now. Nothing is made or changed."""
    try:
        handle = os.open(folder / LOCK, os.O_RDWR | getattr(os, "O_CLOEXEC", 0))
    except OSError:
        return False  # no run was here yet, or nobody may look
    try:
        return not _taken(handle)
    except OSError:
        return False
    finally:
        os.close(handle)


def _write(handle: int, note: Note, now: datetime) -> None:
    told = {
        "since": now.isoformat(timespec="seconds"),
        "process": os.getpid(),
        "history": note.known,
    }
    data = json.dumps(told).encode().ljust(_SIZE)
    # Over the old text, never after emptying the file: a power cut or a full drive would leave
    # nothing known, and an older history would pass. Always of one size, so that it needs no room.
    with suppress(OSError):  # the lock counts, not what the file says
        os.lseek(handle, 0, os.SEEK_SET)
        os.write(handle, data)
        os.ftruncate(handle, len(data))
        os.fsync(handle)


def known_end(folder: Path) -> tuple[int, str] | None:
    """Give what the last run wrote down of the history's end; None where nothing is known."""
    path = folder / LOCK
    with suppress(OSError, ValueError, KeyError, TypeError):
        number, digest = json.loads(path.read_text(encoding="utf-8"))["history"]
        return int(number), str(digest)
    return None


def _since(path: Path) -> str:
    """Say since when the other run has been at work; "" where its note cannot be read."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        note = json.loads(path.read_text(encoding="utf-8"))
        since = datetime.fromisoformat(note["since"])
        return f" since {since:%H:%M} (process {int(note['process'])})"
    return ""


if sys.platform == "win32":
    import msvcrt

    def _taken(handle: int) -> bool:
        os.lseek(handle, _FAR, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        os.lseek(handle, 0, os.SEEK_SET)
        return True
else:
    import fcntl

    def _taken(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
