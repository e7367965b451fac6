"""The made-up meetings around a report date: fortnightly meetings, monthly panels."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, time, timedelta
from typing import Final

from mfauto.demo.words import LOCATIONS
from mfauto.workdays import Workdays

PLACES: Final = 4  #: cases that one Moving Forward Meeting can take
_BACK: Final = 500  # days covered before the report date
_AHEAD: Final = 130  # and after it
_TUESDAY, _THURSDAY = 1, 3
_FORTNIGHT: Final = 14
_PANEL_WEEKS: Final = 4


class Calendar:
    """Working days as seen from one report date, and the days on which people meet."""

    def __init__(self, as_at: date) -> None:
        self.as_at = as_at
        self._workdays = Workdays()
        monday = as_at - timedelta(days=as_at.weekday())
        first, last = as_at - timedelta(days=_BACK), as_at + timedelta(days=_AHEAD)
        # The next meeting is in the coming week, the last panel was in the week before last.
        self.meetings = self._every(monday + timedelta(7 + _TUESDAY), _FORTNIGHT, first, last)
        panel = monday + timedelta(_THURSDAY - 14)
        self.panels = self._every(panel, 7 * _PANEL_WEEKS, first, last)
        self._taken: Counter[date] = Counter()

    def _every(self, anchor: date, days: int, first: date, last: date) -> list[date]:
        start = anchor - timedelta(days=(anchor - first).days // days * days)
        found = []
        while start <= last:
            found.append(start if self._workdays.is_workday(start) else self.after(start, 1))
            start += timedelta(days=days)
        return found

    def after(self, start: date, amount: int) -> date:
        """Give the working day `amount` after `start`, before it where negative."""
        if amount < 0:
            return self._workdays.before(start, -amount)
        if amount == 0 and self._workdays.is_workday(start):
            return start
        return self._workdays.after(start, max(amount, 1))

    def on_workday(self, day: date) -> date:
        """Give `day`, or the working day that follows it."""
        return self.after(day, 0)

    def aged(self, age: int) -> date:
        """Give the working day `age` working days before the report date."""
        latest = self._workdays.before(self._workdays.after(self.as_at, 1), 1)
        return self.after(latest, -age) if age else latest

    def seen(self, day: date | None) -> date | None:
        """Give `day` where it has come by the report date."""
        return day if day is not None and day <= self.as_at else None

    def book(self, earliest: date) -> date:
        """Take a place at the first meeting from `earliest` on that has one left."""
        day = next(day for day in self.meetings if day >= earliest and self._taken[day] < PLACES)
        self._taken[day] += 1
        return day

    def next_panel(self, after: date, skip: int = 0) -> date:
        """Give the first panel after a day, or one that follows it."""
        return [day for day in self.panels if day > after][skip]

    def rows(self) -> list[Mapping[str, object]]:
        """Give the rows of Meetings, in the order of their days."""
        found: list[Mapping[str, object]] = [
            {
                "held": day,
                "type": "Moving Forward Meeting",
                "starts": time(10, 0),
                "places": PLACES,
                "location": LOCATIONS[place % len(LOCATIONS)],
            }
            for place, day in enumerate(self.meetings)
        ]
        found += [
            {
                "held": day,
                "type": "Panel Review",
                "starts": time(13, 30),
                "places": 6,
                "location": LOCATIONS[1],
            }
            for day in self.panels
        ]
        return sorted(found, key=lambda row: str(row["held"]))
