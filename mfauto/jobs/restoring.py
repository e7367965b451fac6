"""A backup put back in the tracker's place, exactly, byte for byte."""

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from mfauto.errors import MfautoError, TrackerError, UsageError
from mfauto.jobs.backups import backup_folder, is_whole
from mfauto.jobs.continuity import remember
from mfauto.jobs.done import Done
from mfauto.jobs.reviewing import reviewed, tracker_path
from mfauto.jobs.run import Run
from mfauto.saving import (
    Backup,
    all_backups,
    back_up,
    backups_of,
    check_writable,
    followed,
    made_beside,
    put_new,
    read_whole,
    refused,
    replace_file,
    settle,
    sha256,
    thin,
)
from mfauto.settings import Settings
from mfauto.wording import moment_words

LATEST: Final = "LATEST"
_LARGEST: Final = 250_000_000  #: bytes; no workbook larger than this is ever read


@dataclass(frozen=True, slots=True)
class Kept:
    """One backup, as a list shows it."""

    name: str
    at: datetime  #: when it was made; without time zone
    size: int  #: bytes
    whole: bool  #: whether it can be read to its end


def restorable(settings: Settings) -> Path:
    """Give the tracker that backups are put back for, also where it is gone.

    Raises:
        UsageError: no tracker is named, and the folder and its backups do not tell.

    """
    try:
        return tracker_path(settings)
    except UsageError:
        names = {backup.of for backup in all_backups(backup_folder(settings))}
        if len(names) == 1 and not any(settings.folder.glob("*.xls[xm]")):
            return settings.folder / names.pop()
        raise


def kept(tracker: Path, settings: Settings) -> list[Kept]:
    """Give the backups of the tracker, the newest first."""
    made = []
    for backup in backups_of(tracker.name, backup_folder(settings)):
        with suppress(OSError):  # thinned in this very moment
            size = backup.path.stat().st_size
            made.append(Kept(backup.path.name, backup.at, size, is_whole(backup.path)))
    return made


def chosen(tracker: Path, settings: Settings, wanted: str) -> Backup:
    """Give the backup that `wanted` names: a file name, or LATEST for the newest whole one.

    Raises:
        UsageError: there is no such backup.
        TrackerError: it is not whole, or none is.

    """
    folder = backup_folder(settings)
    there = backups_of(tracker.name, folder)
    if not there:
        raise UsageError(f"There is no backup of {tracker.name} in {folder}.")
    if wanted.casefold() == LATEST.casefold():
        for backup in there:
            if is_whole(backup.path):
                return backup
        raise TrackerError(
            f"None of the backups of {tracker.name} in {folder} is whole.\n"
            "Nothing was changed. Ask your IT service for a copy of that folder."
        )
    for backup in there:
        if wanted.casefold() in {backup.path.name.casefold(), backup.path.stem.casefold()}:
            if is_whole(backup.path):
                return backup
            raise TrackerError(
                f"{backup.path.name} is not whole and cannot be put back.\n"
                "Nothing was changed. Choose another one: the command restore lists them."
            )
    raise UsageError(
        f'There is no backup "{wanted}" of {tracker.name} in {folder}.\n'
        "Choose one that the command restore lists, or LATEST."
    )


def restore(run: Run, tracker: Path, wanted: str) -> Done:
    """Put a backup back. What stands there now is backed up first, whole or not.

    Raises:
        TrackerBusyError: somebody has the tracker open, or saved it meanwhile.
        TrackerError: the backup is not whole, or the tracker cannot be written.
        UsageError: there is no such backup.

    """
    path = followed(tracker)
    folder, wait = backup_folder(run.settings), run.settings.wait_seconds
    backup = chosen(path, run.settings, wanted)
    of = f"the copy of {moment_words(backup.at)} ({backup.path.name})"
    if run.dry_run:
        return Done(said=[f"{path.name} would become {of}."])
    done = Done(said=settle(path, folder, run.now))
    data = read_whole(backup.path, _LARGEST)
    present = _hash(path)
    wanted = hashlib.sha256(data).hexdigest()
    if present == wanted:
        done.said.append(f"{path.name} is {of} already. Nothing was changed.")
        return done
    if present is None:
        _put(data, path, None)
        done.said.append(f"{path.name} was missing. It is now {of}.")
    else:
        check_writable(path, folder, wait)
        before = back_up(path, folder, run.now, wait)
        _put(data, path, present)
        done.said += [
            f"{path.name} is now {of}.",
            f"What stood there before is kept as {before.name}.",
        ]
        thin(path.name, folder, run.now, run.settings.backups, is_whole)
    done.made.append(path)
    _note(run, backup, wanted)
    return done


def _hash(path: Path) -> str | None:
    try:
        return sha256(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise refused(path, "cannot be read", error) from error


def _put(data: bytes, path: Path, present: str | None) -> None:
    """Put the bytes in the file's place; `present` is the hash of what may be replaced."""
    with made_beside(path, [data]) as made:
        if read_whole(made, _LARGEST) != data:
            raise TrackerError(
                f"{path.name} cannot be written: what was written does not read the same.\n"
                "Nothing was changed. Check the drive."
            )
        if present is None:
            put_new(made, path)
        else:
            replace_file(made, path, present)


def _note(run: Run, backup: Backup, wanted: str) -> None:
    """Enter it in the history, and take its rows as what the next run is compared with."""
    if run.ledger is None:
        return
    run.ledger.record("restored", run.now, backup=backup.path.name, tracker=wanted)
    with suppress(MfautoError):  # a backup may lack what this version looks for
        remember(run, reviewed(run.settings, run.as_at).tracker, put_back=True)
