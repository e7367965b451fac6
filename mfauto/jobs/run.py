"""One run of a job: what it works with."""

import time
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from mfauto.jobs.reviewing import reviewed, tracker_path
from mfauto.model import Review
from mfauto.process import review
from mfauto.records import field, record, replace
from mfauto.saving import sha256
from mfauto.settings import Settings

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
