"""The tracker that the settings name: found, read and reviewed."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Final

from mfauto.calling import call
from mfauto.errors import (
    MfautoError,
    TrackerError,
    TrackerLayoutError,
    TrackerMissingError,
    UsageError,
)
from mfauto.model import Review
from mfauto.parts import part
from mfauto.process import review
from mfauto.settings import CONFIG, Settings
from mfauto.wording import listed
from mfauto.workbook import read_tracker

_SHOWN: Final = 3  #: workbooks that are named, of many


def tracker_path(settings: Settings) -> Path:
    """Give the tracker to work on: the named one, else the only workbook of the folder."""
    if settings.tracker is not None:
        return settings.tracker
    if settings.trackers:
        raise UsageError(
            "The settings name several trackers, and this works on one.\n"
            "Name it with --tracker FILE, or give the settings of its own folder with --config."
        )
    found = [
        path
        for path in sorted(settings.folder.glob("*.xls[xm]"))
        if not path.name.startswith(("~$", ".")) and path.name != "tracker_template.xlsx"
    ]
    if len(found) == 1:
        return found[0]
    if found:
        names = [f'"{path.name}"' for path in found[:_SHOWN]]
        names += ["others"] if len(found) > _SHOWN else []
        what = f"more than one workbook: {listed(names)}."
        fix = 'Name it with --tracker FILE, or as tracker = "FILE" in mfauto.toml.'
    else:
        what = "no workbook."
        way = (
            "Put it there, or name it with --tracker FILE."
            if (settings.folder / CONFIG).exists()
            else f"Go to the folder of your {CONFIG}, or name that file with --config FILE."
        )
        fix = f"{way}\nTo start with a new one: {call('init')}"
    raise UsageError(f"No tracker is named, and in {settings.folder} there is {what}\n{fix}")


def with_way_on(error: MfautoError, path: Path, settings: Settings) -> MfautoError:
    """Give the error with the next command: a backup to put back, headings to map."""
    if isinstance(error, TrackerLayoutError):
        return TrackerLayoutError(f"{error}\nOr have them mapped: " + call(f'adopt "{path}"'))
    if not isinstance(error, TrackerError):
        return error
    from mfauto.jobs.backups import with_way_back  # noqa: PLC0415 - nearly never needed

    known = with_way_back(error, path, settings)
    if known is error and isinstance(error, TrackerMissingError):
        return TrackerMissingError(
            f"{error}\nName another with --tracker FILE, or start a new one: {call('init')}"
        )
    return known


@contextmanager
def undisturbed() -> Iterator[None]:
    """Look for no circles of dead objects meanwhile: in a large tracker a tenth of the time."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def reviewed(settings: Settings, as_at: date, *, keep_auto: bool = False) -> Review:
    """Read and review the tracker that the settings name.

    Raises:
        TrackerError: it cannot be read; where it is damaged or missing, with the last good backup.

    """
    path = tracker_path(settings)
    with undisturbed():
        try:
            with part(f"Reading {path.name}"):
                tracker = read_tracker(path, settings, keep_auto=keep_auto)
        except TrackerError as error:
            raise with_way_on(error, path, settings) from error
        with part("Working out steps and rules"):
            return review(tracker, settings.policy, as_at)
