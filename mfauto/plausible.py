"""Days far outside the tracker's own life, such as 2062: each becomes a flaw, none is believed."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from operator import attrgetter
from typing import Any, Final

from mfauto.answers import EARLIEST, LATEST
from mfauto.model import SHEET_OF, Flaw, Record, Tracker
from mfauto.records import replace
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
    years = days.years(first, last)
    changed: dict[str, Any] = {
        name: tuple(_believed(record, first, last, years) for record in records)
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

    def years(self, first: date, last: date) -> range:
        """Give the years a slip may have meant: those of the days between the two, and the next."""
        believed = [day.year for day, _ in self._counts if first <= day <= last]
        if not believed:
            return range(EARLIEST.year, LATEST.year + 1)
        return range(believed[0] - 1, believed[-1] + 2)

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


def _believed(record: Record, first: date, last: date, years: range) -> Record:
    """Blank a record's days outside those two; one of the `years` was likely meant."""
    far = [(field, day) for field, day in _of(record) if not first <= day <= last]
    if not far:
        return record
    flaws = list(record.flaws)
    blank: dict[str, Any] = {}
    for field, day in far:
        typed = next((flaw.shown for flaw in flaws if flaw.field == field), day)
        flaws = [flaw for flaw in flaws if flaw.field != field]
        flaws.append(Flaw(field, "implausible_date", typed, _meant(day, years)))
        blank[field] = None
    return replace(record, **blank, flaws=tuple(flaws))


def _meant(day: date, years: range) -> str | None:
    """Give the day whose year was mistyped; None where no year, or more than one, is likely."""
    likely = [year for year in _slips(day.year) if year in years]
    if len(likely) != 1:
        return None
    try:
        return day_words(day.replace(year=likely[0]))
    except ValueError:  # 29 February
        return None


def _slips(typed: int) -> set[int]:
    """Give the years that one slip turns into this one.

    Two digits swapped, one typed twice in place of another, or one of four left out.
    """
    from string import digits  # noqa: PLC0415 - seldom needed, and slow to load

    year = f"{typed:04d}"
    slips = set()
    for place in range(len(year) - 1):
        before, pair, after = year[:place], year[place : place + 2], year[place + 2 :]
        slips.add(before + pair[::-1] + after)
        if pair[0] == pair[1]:
            slips |= {before + pair[0] + digit + after for digit in digits}
            slips |= {before + digit + pair[0] + after for digit in digits}
    if typed < 1000:  # noqa: PLR2004 - three digits
        left_out = year[1:]
        slips |= {left_out[:n] + digit + left_out[n:] for n in range(4) for digit in digits}
    return {int(slip) for slip in slips} - {typed}
