"""The tracker's backups in the working folder: which there are, and which can be put back."""

from pathlib import Path

from mfauto.calling import call
from mfauto.errors import MfautoError, TrackerDamagedError, TrackerError, TrackerMissingError
from mfauto.saving import BACKUPS, Backup, backups_of
from mfauto.settings import Settings
from mfauto.wording import moment_words
from mfauto.xlsx import open_workbook


def backup_folder(settings: Settings) -> Path:
    """Give the folder that backups stand in."""
    return settings.folder / BACKUPS


def is_whole(path: Path) -> bool:
    """Say whether a backup can be read to its end, every part with its checksum."""
    try:
        with open_workbook(path) as workbook:
            workbook.archive.check_large(but=())
    except MfautoError:
        return False
    return True


def last_good(tracker: Path, settings: Settings) -> Backup | None:
    """Give the newest backup of the tracker that is whole; None where there is none."""
    there = backups_of(tracker.name, backup_folder(settings))
    return next((backup for backup in there if is_whole(backup.path)), None)


def with_way_back(error: TrackerError, tracker: Path, settings: Settings) -> TrackerError:
    """Give the error with the backup that can be put back, where the tracker itself is lost."""
    if not isinstance(error, TrackerDamagedError | TrackerMissingError):
        return error
    good = last_good(tracker, settings)
    if good is None:
        return error
    return type(error)(
        f"{error}\nThe last good backup is {good.path.name}, of {moment_words(good.at)}. "
        f"To put it back: {call('restore LATEST')}"
    )
