"""Whether a file may be written, looked at before anything is made.

What is refused here has changed nothing. Sizes are bytes, times seconds.
"""

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

from mfauto.errors import TrackerError
from mfauto.saving.neighbours import siblings
from mfauto.saving.patience import holder_after, patiently
from mfauto.saving.refusals import (
    is_open,
    is_read_only,
    no_folder_right,
    no_room,
    not_fetched,
    read_only,
    refused,
)
from mfauto.wording import listed

_WHAT: Final = "cannot be written"
_SPARE: Final = 2_000_000  #: bytes beside the file itself: history, folder entries
_GROWTH: Final = 2  #: the new file may be larger than the old one, by no more than this
#: Windows: the file's contents are elsewhere, and fetched when they are read
_ELSEWHERE: Final = 0x1000 | 0x40000 | 0x400000


def check_writable(path: Path, backups: Path, seconds: float = 0.0) -> None:
    """Make sure that the file can be replaced and backed up; wait `seconds` for whoever has it.

    Raises:
        TrackerBusyError: somebody has it open; says who.
        TrackerError: a sync program made a second version, it is read-only or in the
            cloud only, its folder is closed to us, or a drive is full.

    """
    try:
        size = patiently(path.stat, seconds).st_size
    except OSError as error:
        raise refused(path, _WHAT, error) from error
    _check_siblings(path)
    holder = holder_after(path, seconds)
    if holder is not None:
        raise is_open(path, holder)
    if is_read_only(path):
        raise read_only(path, _WHAT)
    if in_the_cloud(path):
        raise not_fetched(path, _WHAT)
    if not os.access(path.parent, os.W_OK):
        raise no_folder_right(path, _WHAT, path.parent)
    for folder, needed in _needed(path.parent, _existing(backups), size):
        if _free(folder) < needed:
            raise no_room(path, _WHAT, folder, needed)


def in_the_cloud(path: Path) -> bool:
    """Say whether only the file's name is on this computer. Windows alone tells."""
    try:
        attributes = getattr(path.stat(), "st_file_attributes", 0)
    except OSError:
        return False
    return bool(attributes & _ELSEWHERE)


def _check_siblings(path: Path) -> None:
    conflicts = siblings(path).conflicts
    if conflicts:
        names = listed([f'"{other.name}"' for other in conflicts])
        be = "is" if len(conflicts) == 1 else "are"
        raise TrackerError(
            f"{path.name} {_WHAT}: {names} {be} beside it. "
            "A sync program such as OneDrive names a second version so.\n"
            "Nothing was changed. Compare them in Excel, bring the latest work together in "
            f"{path.name}, then move the other one to another folder."
        )


def _existing(folder: Path) -> Path:
    """Give the folder, or the nearest one above it that is there."""
    for one in (folder, *folder.parents):
        with suppress(OSError):
            if one.is_dir():
                return one
    return folder


def _needed(home: Path, backups: Path, size: int) -> list[tuple[Path, int]]:
    """Give how many bytes each drive must have free, for the new file and the backup."""
    new, backup = _GROWTH * size + _SPARE, size + _SPARE
    try:
        together = home.stat().st_dev == backups.stat().st_dev
    except OSError:
        together = True
    return [(home, new + backup)] if together else [(home, new), (backups, backup)]


def _free(folder: Path) -> int:
    """Give the drive's free bytes; where it does not say, writing itself will tell."""
    import shutil  # noqa: PLC0415 - only needed to write

    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return 1 << 62
