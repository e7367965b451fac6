"""Days far outside the tracker's own life, such as 2062: each becomes a flaw, none is believed."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
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
    days = sorted(day for records in groups.values() for _, _, day in _days(records))
    if not days:
        return tracker
    first, last = _life(days)
    if first <= days[0] and days[-1] <= last:
        return tracker
    changed: dict[str, Any] = {}
    for name, records in groups.items():
        far: dict[int, list[tuple[str, date]]] = {}
        for place, field, day in _days(records):
            if not first <= day <= last:
                far.setdefault(place, []).append((field, day))
        changed[name] = tuple(
            _without(record, far[place], days) if place in far else record
            for place, record in enumerate(records)
        )
    return replace(tracker, **changed)


def _days(records: Iterable[Record]) -> Iterator[tuple[int, str, date]]:
    for place, record in enumerate(records):
        for field in _DAY_FIELDS[type(record)]:
            day = getattr(record, field)
            if day is not None:
                yield place, field, day


_DAY_FIELDS: Final = {
    kind: tuple(column.field for column in sheet.columns if column.is_date)
    for kind, sheet in SHEET_OF.items()
}


def _life(days: list[date]) -> tuple[date, date]:
    if len(days) < _FEW:
        return EARLIEST, LATEST
    early, late = days[len(days) // 4], days[3 * len(days) // 4]
    return (
        max(EARLIEST, date(max(early.year - _YEARS, 1), 1, 1)),
        min(LATEST, date(late.year + _YEARS, 12, 31)),
    )


def _without(record: Record, far: list[tuple[str, date]], days: list[date]) -> Record:
    """Blank the implausible days of a record; the middle day's year is what was likely meant."""
    middle = days[len(days) // 2].year
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
