"""Working days in England.

Weekends, England's bank holidays and the council's own closure days do not
count. The start date itself never counts: one working day after a Saturday is
the Monday. The clock is never read.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import date
from functools import cache
from itertools import compress
from pathlib import Path
from typing import Final

FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2060
_WEEK: Final = bytes((1, 1, 1, 1, 1, 0, 0))  # from Monday: which days are worked


class Workdays:
    """The working days from 2000 to 2060, with a council's closure days left out."""

    __slots__ = ("_last", "_next", "_ordinals")

    def __init__(self, closures: Iterable[date] = ()) -> None:
        days = range(date(FIRST_YEAR, 1, 1).toordinal(), date(LAST_YEAR, 12, 31).toordinal() + 1)
        start = (days[0] - 1) % len(_WEEK)  # ordinal 1 was a Monday
        worked = bytearray((_WEEK * (len(days) // len(_WEEK) + 2))[start : start + len(days)])
        for day in (*_bank_holidays(), *(day.toordinal() for day in closures)):
            if day in days:
                worked[day - days[0]] = False
        self._ordinals = list(compress(days, worked))
        self._next: dict[tuple[date, int], date] = {}
        self._last: dict[tuple[date, int], date] = {}

    def after(self, start: date, amount: int) -> date:
        """Give the `amount`-th working day after `start`."""
        known = self._next.get((start, amount))
        if known is None:
            place = bisect_right(self._ordinals, start.toordinal()) + amount - 1
            known = date.fromordinal(self._ordinals[min(place, len(self._ordinals) - 1)])
            self._next[start, amount] = known
        return known

    def before(self, end: date, amount: int) -> date:
        """Give the `amount`-th working day before `end`."""
        known = self._last.get((end, amount))
        if known is None:
            place = bisect_left(self._ordinals, end.toordinal()) - amount
            known = date.fromordinal(self._ordinals[max(place, 0)])
            self._last[end, amount] = known
        return known

    def is_workday(self, day: date) -> bool:
        """Say whether `day` is a working day."""
        ordinal = day.toordinal()
        place = bisect_left(self._ordinals, ordinal)
        return place < len(self._ordinals) and self._ordinals[place] == ordinal

    def between(self, start: date, end: date) -> int:
        """Count the working days after `start`, up to and with `end`; negative where reversed."""
        return bisect_right(self._ordinals, end.toordinal()) - bisect_right(
            self._ordinals, start.toordinal()
        )


@cache
def _bank_holidays() -> frozenset[int]:
    """England's bank holidays as ordinals, from the file made by `tools/make_bank_holidays.py`."""
    lines = (Path(__file__).parent / "bank_holidays.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(date.fromisoformat(line[:10]).toordinal() for line in lines)
