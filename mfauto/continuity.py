"""Whether a tracker is the one of the last run, carried on: not half of it, and no older copy.

The history keeps how many rows each sheet of each tracker had and when it was last saved, and
nothing else of them.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from mfauto.columns import ACTIONS, CASES, EXAMPLES, MEETINGS, PEOPLE, REAUDITS
from mfauto.ledger import Entry, Ledger
from mfauto.model import Tracker

_EVENT: Final = "rows"
_PERCENT: Final = 20  #: more than this gone since the last run is refused
_FEW: Final = 10  #: a sheet with fewer rows may lose any of them, but for Cases
_CLOCKS: Final = timedelta(hours=1)  #: so far apart may the clocks of two computers be

Counts = Mapping[str, int]


def rows_lost(ledger: Ledger, tracker: Tracker) -> list[str]:
    """Say of each sheet that lost too many rows since the last run how many it had."""
    last = _last(ledger, tracker)
    return _gone(last.facts["sheets"] if last else {}, row_counts(tracker))


def later_save(ledger: Ledger, tracker: Tracker) -> datetime | None:
    """Give when the tracker was saved that an earlier run read, where this one was saved before.

    This one is then likely to be an older copy. None where it is not, or where nobody can say.
    """
    known = _saved(_last(ledger, tracker))
    if known is None or tracker.saved is None or tracker.saved + _CLOCKS >= known:
        return None
    return known


def is_another(ledger: Ledger, tracker: Tracker) -> bool:
    """Say whether the last run from this folder was on another tracker."""
    return _file(ledger.last(_EVENT)) not in (None, ledger.mark_of(tracker.path))


def remember(ledger: Ledger, tracker: Tracker, now: datetime, *, put_back: bool = False) -> None:
    """Note what the next run is compared with, where it is not what is noted already.

    An older copy does not take the place of the later save that is known, unless a person has
    `put_back` a backup.
    """
    last, newest = _last(ledger, tracker), ledger.last(_EVENT)
    rows, file, saved = row_counts(tracker), ledger.mark_of(tracker.path), tracker.saved
    if saved is not None and saved > now + _CLOCKS:
        saved = None  # by a clock that is wrong: every later save would seem to be older
    known = _saved(last)
    if known is not None and not put_back:
        saved = max(saved or known, known)
    if (
        last is None
        or last.facts["sheets"] != rows
        or _saved(last) != saved
        or _file(newest) != file
    ):
        ledger.record(
            _EVENT,
            now,
            kind="rows counted",
            sheets=rows,
            tracker=tracker.sha256,
            file=file,
            saved=saved.isoformat() if saved else None,
        )


def row_counts(tracker: Tracker) -> dict[str, int]:
    """Give how many filled rows each sheet has."""
    return {
        CASES.name: len(tracker.cases),
        ACTIONS.name: len(tracker.actions),
        REAUDITS.name: len(tracker.reaudits),
        EXAMPLES.name: len(tracker.examples),
        MEETINGS.name: len(tracker.meetings),
        PEOPLE.name: len(tracker.people),
    }


def _last(ledger: Ledger, tracker: Tracker) -> Entry | None:
    """Give what was last noted of this tracker; of an older history, of whichever it was."""
    mine = (ledger.mark_of(tracker.path), None)
    found = [entry for entry in ledger.entries(_EVENT) if _file(entry) in mine]
    return found[-1] if found else None


def _file(entry: Entry | None) -> str | None:
    return entry.facts.get("file") if entry else None


def _saved(entry: Entry | None) -> datetime | None:
    noted = entry.facts.get("saved") if entry else None
    return datetime.fromisoformat(noted) if noted else None


def _gone(before: Counts, now: Counts) -> list[str]:
    lost = [
        f"{name} has {now.get(name, 0):,} instead of {had:,}"
        for name, had in before.items()
        if (had >= _FEW or name == CASES.name) and _too_few(had, now.get(name, 0))
    ]
    had, has = sum(before.values()), sum(now.values())
    if not lost and _too_few(had, has):
        lost.append(f"all its sheets together have {has:,} instead of {had:,}")
    return lost


def _too_few(had: int, has: int) -> bool:
    return (had - has) * 100 > _PERCENT * had
