"""The shapes of the pack's figures: a month's flow, a headline, a step's timeliness.

Pure data. Months are calendar months, named by their last day.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from mfauto.model import Due
from mfauto.policy import add_months
from mfauto.standing import Standing

YEAR: Final = 12  #: months
NOT_MODERATED: Final = "Not moderated yet"
BANDS: Final = (
    "Under 3 months",
    "3 to 5 months",
    "6 to 8 months",
    "9 to 11 months",
    "A year or more",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Flow:
    """One month of open Inadequate cases: start + new + moderated_in - moderated_out - left."""

    last: date  #: the month's last day
    start: int
    new: int
    moderated_in: int
    moderated_out: int
    left: int
    end: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Then:
    """What was due at the end of a month."""

    fallen: tuple[Due, ...]  #: what fell due in the month, as it stood then
    overdue: int
    overdue_actions: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What had become by a month's last day of the steps that fell due in it.

    Each of them is counted once: due = on_time + late + no_date + overdue + open.
    """

    last: date  #: the month's last day
    due: int
    on_time: int
    late: int
    no_date: int  #: done, on a day that the tracker does not hold
    overdue: int
    open: int  #: due on the month's last day and not done: neither late nor overdue yet


@dataclass(frozen=True, kw_only=True, slots=True)
class Timely:
    """One step: what became of what fell due in the month, as in `Outcome`."""

    step: str  #: the step's id
    due: int
    on_time: int
    late: int
    no_date: int
    overdue: int
    open: int
    median: float | None  #: days from the start to the end; None where nothing can be measured


@dataclass(frozen=True, kw_only=True, slots=True)
class Service:
    """The overdue steps of one service."""

    name: str
    actions: int
    steps: int  #: all others


@dataclass(frozen=True, kw_only=True, slots=True)
class Concern:
    """One case to look at."""

    standing: Standing
    days: int  #: since its audit
    round: int  #: the round of re-audit it is in


@dataclass(frozen=True, kw_only=True, slots=True)
class Theme:
    """One theme: the cases audited in three months, in the three before, and in a year."""

    name: str
    now: int
    before: int
    year: int


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month; the present one may end before its time, on the report date."""

    first: date
    last: date

    @classmethod
    def ending(cls, last: date) -> "Month":
        """Give the month that ends on `last`."""
        return cls(last.replace(day=1), last)

    @property
    def number(self) -> int:
        """The month as a number: the next one is one more."""
        return month_number(self.first)

    def earlier(self, months: int) -> "Month":
        """Give the month so many months before this one."""
        if not months:
            return self
        first = add_months(self.first, -months)
        return Month(first, add_months(first, 1) - timedelta(days=1))

    def holds(self, day: date | None) -> bool:
        """Say whether a day lies in the month."""
        return day is not None and self.first <= day <= self.last


def month_number(day: date) -> int:
    """Give the month of a day as a number that counts months."""
    return day.year * 12 + day.month


@dataclass(frozen=True, slots=True)
class Snapshot:
    """How many there were at the end of one day."""

    remaining: int
    later_rounds: int
    outstanding: int
    overdue_actions: int
    overdue: int
