"""Verified copies of a file, and which of them are kept how long.

A copy's name is the file's name and the moment, such as "Tracker 2026-11-02 063000.xlsx".
Nothing whose name is not of that form is ever counted, used or removed.
"""

import hashlib
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from mfauto.errors import TrackerError
from mfauto.saving.exchanging import flush_folder
from mfauto.saving.leftovers import leftovers, remove_unfinished
from mfauto.saving.patience import patiently
from mfauto.saving.reading import sha256
from mfauto.saving.refusals import refused
from mfauto.saving.replacing import drop, own_file, rename_new, write_flushed
from mfauto.settings import Backups

BACKUPS: Final = "backups"  #: the folder's name, in the working folder
_WHAT: Final = "cannot be backed up"
_FORM: Final = "%Y-%m-%d %H%M%S"
_NAME: Final = re.compile(r"(?P<stem>.+) (?P<at>\d{4}-\d\d-\d\d \d{6})(?: \((?P<again>\d+)\))?")
#: the hour that comes twice in autumn, and a clock that was put right a little
_BACK: Final = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Backup:
    """One copy in the folder."""

    path: Path
    of: str  #: name of the file it is a copy of
    at: datetime  #: when it was made, as its name says; without time zone
    again: int = 1  #: 2 for the second one of the same moment


def backups_of(name: str, folder: Path) -> list[Backup]:
    """Give the backups of the file called `name`, the newest first."""
    return [backup for backup in all_backups(folder) if backup.of.casefold() == name.casefold()]


def all_backups(folder: Path) -> list[Backup]:
    """Give every backup in the folder, the newest first; none where there is no folder."""
    try:
        files = list(folder.iterdir())
    except OSError:
        return []
    found = [backup for backup in map(_backup, files) if backup is not None]
    return sorted(found, key=lambda backup: (backup.at, backup.again), reverse=True)


def _backup(path: Path) -> Backup | None:
    named = _NAME.fullmatch(path.stem)
    if named is None:
        return None
    try:
        at = datetime.strptime(named["at"], _FORM)  # noqa: DTZ007 - people's own clock
    except ValueError:
        return None
    return Backup(path, named["stem"] + path.suffix, at, int(named["again"] or 1))


def back_up(path: Path, folder: Path, now: datetime, seconds: float = 0.0) -> Path:
    """Copy the file into the folder under its name and the moment, and compare the copy.

    Where the newest backup is the same already, that one serves.
    """
    try:
        data = patiently(path.read_bytes, seconds)
    except OSError as error:
        raise refused(path, _WHAT, error) from error
    wanted = hashlib.sha256(data).hexdigest()
    there = backups_of(path.name, folder)
    if there and _is(there[0].path, wanted):
        return there[0].path
    copy = _free_name(path, folder, now, there)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _copy(data, wanted, path, copy)
    except OSError as error:
        raise refused(path, _WHAT, error, into=folder) from error
    return copy


def _copy(data: bytes, wanted: str, like: Path, copy: Path) -> None:
    """Write a verified copy under its name; half of one never has that name."""
    made = own_file(copy.parent)
    try:
        write_flushed(made, [data], like)
        if sha256(made) != wanted:
            raise TrackerError(
                f"{like.name} {_WHAT}: the copy in {copy.parent} is not the same.\n"
                "Nothing was written. Check the drive."
            )
        rename_new(made, copy)
        with suppress(OSError):  # it stands and was compared; the name is flushed where it can be
            flush_folder(copy.parent)
    finally:
        drop(made)


def _is(copy: Path, wanted: str) -> bool:
    try:
        return sha256(copy) == wanted
    except OSError:
        return False


def _free_name(path: Path, folder: Path, now: datetime, there: Sequence[Backup]) -> Path:
    """Give a name that sorts after every other, also while a clock goes back for an hour."""
    at = now.replace(tzinfo=None, microsecond=0)
    if there and timedelta(0) <= there[0].at - at <= _BACK:
        at = there[0].at
    again = max((backup.again for backup in there if backup.at == at), default=0) + 1
    shown = f" ({again})" if again > 1 else ""
    return folder / f"{path.stem} {at:{_FORM}}{shown}{path.suffix}"


def outdated(
    backups: Sequence[Backup], now: datetime, keep: Backups, is_whole: Callable[[Path], bool]
) -> list[Backup]:
    """Give the backups that need not be kept any longer; never the newest whole one.

    `backups` are of one file, the newest first. `is_whole` reads one and says whether it is whole.
    """
    today = now.date()
    days: set[object] = set()
    months: set[tuple[int, int]] = set()
    out = []
    for backup in backups:
        age = (today - backup.at.date()).days
        day, month = backup.at.date(), (backup.at.year, backup.at.month)
        if (
            age < keep.every_days
            or (age < keep.every_days + 7 * keep.daily_weeks and day not in days)
            or (age < keep.every_days + 30 * keep.monthly_months and month not in months)
        ):
            days.add(day)
            months.add(month)
        else:
            out.append(backup)
    if not out:
        return []
    good = next((backup for backup in backups if is_whole(backup.path)), None)
    return [backup for backup in out if backup is not good]


def thin(
    name: str, folder: Path, now: datetime, keep: Backups, is_whole: Callable[[Path], bool]
) -> int:
    """Remove the backups of `name` that need not be kept; give their number.

    One that cannot be removed now is left for the next time.
    """
    removed = 0
    for backup in outdated(backups_of(name, folder), now, keep, is_whole):
        with suppress(OSError):
            backup.path.unlink()
            removed += 1
    return removed


def settle(path: Path, folder: Path, now: datetime) -> list[str]:
    """Clear up what a stopped run left beside the file; give sentences on what people should know.

    What only that run had written is removed. Where it stopped half-way in replacing the
    file, the file gets its name back. A version that stands nowhere else becomes a backup.
    """
    said = []
    for place in (path.parent, folder):
        remove_unfinished(place, now.timestamp())
    left = [one for one in leftovers(path.parent, now.timestamp()) if one.target == path.name]
    for one in sorted(left, key=lambda one: one.kind != "spare"):  # a spare is always the old file
        try:
            said += _settled(one.path, one.mark, path, folder, now)
        except OSError as error:
            raise refused(one.path, "cannot be cleared up", error) from error
    return said


def _settled(left: Path, mark: str, path: Path, folder: Path, now: datetime) -> list[str]:
    if not path.exists():
        with suppress(FileExistsError):
            rename_new(left, path)
            return [f"{path.name} was missing after a run was stopped. It has its name back."]
    held = sha256(left)
    there = backups_of(path.name, folder)
    said = []
    known = held.startswith(mark) or held == sha256(path)
    if not known and not any(_is(backup.path, held) for backup in there):
        kept = _free_name(path, folder, now, there)
        folder.mkdir(parents=True, exist_ok=True)
        _copy(left.read_bytes(), held, left, kept)
        said.append(
            f"A run that was stopped had set aside a version of {path.name}. "
            f"It is kept as {kept.name} in backups. Compare the two."
        )
    left.unlink()
    return said
