"""What the checks look at, worked out once: settings, tracker, history, templates.

Nothing here is changed by looking, but for a file that is made and removed again to see
whether the folder may be written to; not in a dry run.
"""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mfauto.errors import MfautoError, SettingsError
from mfauto.jobs.reviewing import tracker_path
from mfauto.settings import Settings
from mfauto.workbook import read_tracker

if TYPE_CHECKING:
    from mfauto.jobs import Status
    from mfauto.model import Tracker

IN_ORDER: Final = "in order"
LOOK: Final = "look at this"
WRONG: Final = "wrong"
NOT_CHECKED: Final = "not checked"
VERDICTS: Final = (WRONG, LOOK, IN_ORDER, NOT_CHECKED)
_SETTINGS_CODE: Final = 2


@dataclass(frozen=True, slots=True)
class Found:
    """What one check found."""

    verdict: str  #: one of `VERDICTS`
    said: str  #: what is so
    fix: str = ""  #: what to do; "" where nothing is to be done
    command: str = ""  #: the next command as a person types it; "" where there is none
    code: int = 0  #: the exit code that it stands for; 0 but where the verdict is wrong


def fine(said: str) -> Found:
    """Say that something is in order."""
    return Found(IN_ORDER, said)


def look(said: str, fix: str, command: str = "") -> Found:
    """Say that a person should look at something; the product works."""
    return Found(LOOK, said, fix, command)


def wrong(said: str, fix: str, command: str = "", *, code: int = _SETTINGS_CODE) -> Found:
    """Say that something must be put right before the product can do its work."""
    return Found(WRONG, said, fix, command, code)


def unchecked(said: str) -> Found:
    """Say that something could not be looked at, and why."""
    return Found(NOT_CHECKED, said)


class Situation:
    """The set-up of one working folder at one moment."""

    def __init__(
        self,
        settings: Settings,
        *,
        as_at: date,
        now: datetime,
        trouble: SettingsError | None = None,
        config: Path | None = None,
        dry_run: bool = False,
        windows: bool = os.name == "nt",
        wait: Callable[[float], object] = time.sleep,
    ) -> None:
        self.settings = settings
        self.as_at = as_at
        self.now = now
        self.trouble = trouble  #: why the settings cannot be used; None where they can
        self.config = config  #: the settings file a person named; None: the folder's own
        self.dry_run = dry_run
        self.windows = windows
        self.wait = wait  #: where a mail service asks for some seconds

    @property
    def folder(self) -> Path:
        """Give the working folder."""
        return self.settings.folder

    @cached_property
    def tracker_path(self) -> Path | MfautoError:
        """Give where the tracker should be, or why nobody can say."""
        try:
            return tracker_path(self.settings)
        except MfautoError as error:
            return error

    @cached_property
    def tracker(self) -> "Tracker | MfautoError":
        """Give the tracker as it was read, or why it could not be."""
        path = self.tracker_path
        if isinstance(path, MfautoError):
            return path
        try:
            return read_tracker(path, self.settings)
        except MfautoError as error:
            return error

    @cached_property
    def history(self) -> "History | MfautoError | None":
        """Give what the history shows; None where there is none yet."""
        from mfauto.ledger import missing, read_ledger  # noqa: PLC0415 - only to look at it

        try:
            with read_ledger(self.folder) as ledger:
                if ledger is None:
                    gone = missing(self.folder)
                    return History(unlike=gone) if gone else None
                trail = ledger.trail()
                accepted = ledger.last("accepted")
                since = accepted.number if accepted else 1
                return History(
                    faults=trail.faults,
                    unlike=trail.unlike,
                    newest=max((e.at for e in ledger.entries() if e.number >= since), default=None),
                    backed_up=ledger.last("flags") is not None,
                )
        except MfautoError as error:
            return error

    @cached_property
    def status(self) -> "Status | MfautoError":
        """Give how things stand, as the command `status` says it."""
        from mfauto.jobs import Run, status  # noqa: PLC0415
        from mfauto.ledger import read_ledger  # noqa: PLC0415

        try:
            with read_ledger(self.folder) as ledger:
                run = Run(settings=self.settings, as_at=self.as_at, now=self.now, ledger=ledger)
                return status(run)
        except MfautoError as error:
            return error


@dataclass(frozen=True, kw_only=True, slots=True)
class History:
    """What the checks need of the history."""

    faults: tuple[str, ...] = ()
    unlike: str | None = None  #: how it is not the history of the last run; None where it is
    newest: datetime | None = None  #: of its entries since it was accepted; None where it is empty
    backed_up: bool = False  #: flags were written, so there should be a backup
