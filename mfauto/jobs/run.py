"""One run of a job: what it works with, and what it did."""

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
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
from mfauto.model import Review
from mfauto.parts import part
from mfauto.process import review
from mfauto.records import record
from mfauto.saving import sha256
from mfauto.settings import CONFIG, Settings
from mfauto.wording import listed
from mfauto.workbook import read_tracker

_SHOWN: Final = 3  #: workbooks that are named, of many

if TYPE_CHECKING:
    from collections.abc import Callable

    from mfauto.delivery import Transport
    from mfauto.ledger import Ledger  # SQLite: `check` does without it


class Reading:
    """The tracker as a run knows it: read once for all its jobs, reviewed once for each day.

    What `flag` writes changes no cell that is read, so its reading serves the other jobs too.
    """

    def __init__(self) -> None:
        self._reviews: dict[date, Review] = {}
        self._sure = True  # whether the file is known to be still the one that was read

    def keep(self, found: Review, sha256: str) -> None:
        """Keep a review for the jobs that follow; `sha256` is the file's as this run left it."""
        tracker = replace(found.tracker, sha256=sha256, auto={})
        self._reviews = {found.as_at: replace(found, tracker=tracker)}
        self._sure = False

    def review(self, settings: Settings, as_at: date) -> Review:
        """Give the review of a day; the tracker is read where it is not known yet.

        Raises:
            TrackerError: it cannot be read.

        """
        known = next(iter(self._reviews.values()), None)
        if known is not None and not self._sure and not _is_still(tracker_path(settings), known):
            known, self._reviews = None, {}  # somebody saved since
        self._sure = True
        if as_at not in self._reviews:
            self._reviews[as_at] = (
                review(known.tracker, settings.policy, as_at)
                if known is not None
                else reviewed(settings, as_at)
            )
        return self._reviews[as_at]


def _is_still(path: Path, found: Review) -> bool:
    try:
        return sha256(path) == found.tracker.sha256
    except OSError:
        return False  # reading it says what stands against it


@record
class Run:
    """One run of a job: for which settings and day, when, and what is known from before."""

    settings: Settings
    as_at: date  #: the report date
    now: datetime  #: the moment of the run, with its time zone
    ledger: "Ledger | None" = None  #: open to write, else only to look at; None where there is none
    dry_run: bool = False
    accept_fewer_rows: bool = False  #: a person's word that rows were taken out on purpose
    reading: Reading = field(default_factory=Reading, repr=False, compare=False)

    wait: "Callable[[float], object]" = time.sleep  #: where a mail service asks for some seconds
    ways: "dict[str, Transport]" = field(default_factory=dict)  #: how emails leave, once needed

    def close(self) -> None:
        """End the connections that the run has opened."""
        for way in self.ways.values():
            way.close()

    def review(self, as_at: date | None = None) -> Review:
        """Give the review of the tracker at a day, the report date unless given.

        Raises:
            TrackerError: it cannot be read.

        """
        return self.reading.review(self.settings, as_at or self.as_at)


@dataclass(kw_only=True)
class Done:
    """What a job did: sentences for people, files for programs."""

    said: list[str] = field(default_factory=list)
    asks: list[str] = field(default_factory=list)
    #: those of `said` that a person must know of, also with --quiet
    made: list[Path] = field(default_factory=list)
    failed: list[MfautoError] = field(default_factory=list)  #: what did not work; the rest did
    bugs: list[Exception] = field(default_factory=list)  #: what a job of several stumbled over

    def ask(self, *sentences: str) -> None:
        """Say what a person must know of, or has to do something about."""
        self.said += sentences
        self.asks += sentences

    def __iadd__(self, other: "Done") -> Self:
        """Add what another job did. What several ask of a person is said once."""
        self.said += [one for one in other.said if one not in self.asks]
        self.asks += [one for one in other.asks if one not in self.asks]
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
