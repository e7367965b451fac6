"""One run of a job: what it works with, and what it did."""

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from mfauto.calling import call
from mfauto.errors import (
    MfautoError,
    TrackerError,
    TrackerLayoutError,
    TrackerMissingError,
    UsageError,
)
from mfauto.jobs.backups import with_way_back
from mfauto.model import Review
from mfauto.process import review
from mfauto.settings import Settings
from mfauto.wording import listed
from mfauto.workbook import read_tracker

_SHOWN: Final = 3  #: workbooks that are named, of many

if TYPE_CHECKING:
    from mfauto.ledger import Ledger  # SQLite: `check` does without it


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """One run of a job: for which settings and day, when, and what is known from before."""

    settings: Settings
    as_at: date  #: the report date
    now: datetime  #: the moment of the run, with its time zone
    ledger: "Ledger | None" = None  #: open to write, else only to look at; None where there is none
    dry_run: bool = False
    accept_fewer_rows: bool = False  #: a person's word that rows were taken out on purpose


@dataclass(kw_only=True)
class Done:
    """What a job did: sentences for people, files for programs."""

    said: list[str] = field(default_factory=list)
    made: list[Path] = field(default_factory=list)
    failed: list[MfautoError] = field(default_factory=list)  #: what did not work; the rest did
    bugs: list[Exception] = field(default_factory=list)  #: what a job of several stumbled over

    def __iadd__(self, other: "Done") -> Self:
        """Add what another job did."""
        self.said += other.said
        self.made += other.made
        self.failed += other.failed
        self.bugs += other.bugs
        return self

    @property
    def exit_code(self) -> int:
        """The worst of what did not work; 0 where all did."""
        return max((error.exit_code for error in self.failed), default=0)

    def as_json(self, command: str) -> dict[str, Any]:
        """Give what was done for other programs."""
        return {
            "command": command,
            "said": self.said,
            "made": [str(path) for path in self.made],
            "failed": [str(error) for error in self.failed],
        }


def tracker_path(settings: Settings) -> Path:
    """Give the tracker to work on: the named one, else the only workbook of the folder."""
    if settings.tracker is not None:
        return settings.tracker
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
        fix = (
            "Go to the folder of the tracker, or name it with --tracker FILE.\n"
            f"To start with a new one: {call('init')}"
        )
    raise UsageError(f"No tracker is named, and in {settings.folder} there is {what}\n{fix}")


def with_way_on(error: MfautoError, path: Path, settings: Settings) -> MfautoError:
    """Give the error with the next command: a backup to put back, headings to map."""
    if isinstance(error, TrackerLayoutError):
        return TrackerLayoutError(f"{error}\nOr have them mapped: " + call(f'adopt "{path}"'))
    if not isinstance(error, TrackerError):
        return error
    known = with_way_back(error, path, settings)
    if known is error and isinstance(error, TrackerMissingError):
        return TrackerMissingError(
            f"{error}\nName another with --tracker FILE, or start a new one: {call('init')}"
        )
    return known


def reviewed(settings: Settings, as_at: date, *, keep_auto: bool = False) -> Review:
    """Read and review the tracker that the settings name.

    Raises:
        TrackerError: it cannot be read; where it is damaged or missing, with the last good backup.

    """
    path = tracker_path(settings)
    try:
        tracker = read_tracker(path, settings, keep_auto=keep_auto)
    except TrackerError as error:
        raise with_way_on(error, path, settings) from error
    return review(tracker, settings.policy, as_at)
