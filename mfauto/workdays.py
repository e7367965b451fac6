"""Working days in England.

Weekends, England's bank holidays and the council's own closure days do not
count. The start date itself never counts: one working day after a Saturday is
the Monday. The clock is never read.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2060
_SATURDAY: Final = 5


class Workdays:
    """The working days from 2000 to 2060, with a council's closure days left out."""

    __slots__ = ("_last", "_next", "_ordinals")

    def __init__(self, closures: Iterable[date] = ()) -> None:
        closed = _bank_holidays() | {day.toordinal() for day in closures}
        first, last = date(FIRST_YEAR, 1, 1).toordinal(), date(LAST_YEAR, 12, 31).toordinal()
        # Ordinal 1 was a Monday, so (ordinal - 1) % 7 is the weekday.
        self._ordinals = [
            day for day in range(first, last + 1) if (day - 1) % 7 < _SATURDAY and day not in closed
        ]
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
