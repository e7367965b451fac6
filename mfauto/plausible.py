"""Days far outside the tracker's own life, such as 2062: each becomes a flaw, none is believed."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from operator import attrgetter
from typing import Any, Final

from mfauto.answers import EARLIEST, LATEST
from mfauto.model import SHEET_OF, Flaw, Record, Tracker
from mfauto.wording import day_words

_YEARS: Final = 8  # further than this from the middle half of the tracker's days is implausible
_FEW: Final = 8  # days from which a middle half can be told


def plausible(tracker: Tracker) -> Tracker:
    """Take out days far outside the tracker's life, such as 2062: each becomes a flaw."""
    groups: dict[str, tuple[Record, ...]] = {
        "cases": tracker.cases,
        "actions": tracker.actions,
        "reaudits": tracker.reaudits,
        "examples": tracker.examples,
        "meetings": tracker.meetings,
    }
    days = _Days(groups.values())
    if not days.number:
        return tracker
    first, last = _life(days)
    if first <= days.first and days.last <= last:
        return tracker
    middle = days.at(days.number // 2).year
    changed: dict[str, Any] = {
        name: tuple(_believed(record, first, last, middle) for record in records)
        for name, records in groups.items()
    }
    return replace(tracker, **changed)


class _Days:
    """How often each day stands in the tracker: far fewer than the cells it stands in."""

    def __init__(self, groups: Iterable[Sequence[Record]]) -> None:
        counts: Counter[date | None] = Counter()
        for records in groups:
            for field in _DAY_FIELDS[type(records[0])] if records else ():
                counts.update(map(attrgetter(field), records))
        self._counts = sorted((day, count) for day, count in counts.items() if day is not None)
        self.number = sum(count for _, count in self._counts)

    @property
    def first(self) -> date:
        """The earliest."""
        return self._counts[0][0]

    @property
    def last(self) -> date:
        """The latest."""
        return self._counts[-1][0]

    def at(self, place: int) -> date:
        """Give the day that stands at a place, from 0 on, where all are put in order."""
        for day, count in self._counts:
            place -= count
            if place < 0:
                return day
        raise IndexError(place)


def _of(record: Record) -> Iterator[tuple[str, date]]:
    for field in _DAY_FIELDS[type(record)]:
        day = getattr(record, field)
        if day is not None:
            yield field, day


_DAY_FIELDS: Final = {
    kind: tuple(column.field for column in sheet.columns if column.is_date)
    for kind, sheet in SHEET_OF.items()
}


def _life(days: _Days) -> tuple[date, date]:
    if days.number < _FEW:
        return EARLIEST, LATEST
    early, late = days.at(days.number // 4), days.at(3 * days.number // 4)
    return (
        max(EARLIEST, date(max(early.year - _YEARS, 1), 1, 1)),
        min(LATEST, date(late.year + _YEARS, 12, 31)),
    )


def _believed(record: Record, first: date, last: date, middle: int) -> Record:
    """Blank a record's days outside those two; a year near the `middle` one was likely meant."""
    far = [(field, day) for field, day in _of(record) if not first <= day <= last]
    if not far:
        return record
    flaws = list(record.flaws)
    blank: dict[str, Any] = {}
    for field, day in far:
        swapped = f"{day.year:04d}"[:2] + f"{day.year:04d}"[:1:-1]
        near = swapped.isdigit() and abs(int(swapped) - middle) <= 2  # noqa: PLR2004
        proposal = day_words(day.replace(year=int(swapped))) if near and day.day < 29 else None  # noqa: PLR2004
        shown = f"{day.day} {day_words(day).split()[1]} {day.year:04d}"
        flaws = [flaw for flaw in flaws if flaw.field != field]
        flaws.append(Flaw(field, "implausible_date", shown, proposal))
        blank[field] = None
    return replace(record, **blank, flaws=tuple(flaws))
