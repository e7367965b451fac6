"""The limits: how long each step may take, in which unit, and who said so.

Pure data and sums. The process's own two limits carry their clause; every
other limit is local policy, and says so wherever it is shown.
"""

import copyreg
from bisect import bisect_left
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

from mfauto.records import field, record
from mfauto.workdays import Workdays

LOCAL: Final = "local"
WORKING_DAYS: Final = "working days"
DAYS: Final = "days"
MONTHS: Final = "months"
# Written out, since importing `calendar` takes longer than all of this module.
_LENGTHS: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)  # days of the months
_FEBRUARY: Final = 1  # its place in `_LENGTHS`
_SHORT: Final = 28  # its days in most years
UNITS: Final = (WORKING_DAYS, DAYS, MONTHS)


@record(kw_only=False)
class Limit:
    """A stretch of time, such as `Limit(3, "months", "C13")`."""

    amount: int
    unit: str  #: "working days", "days" or "months"
    source: str = LOCAL  #: a process clause, or "local"

    def __str__(self) -> str:
        return f"{self.amount} {self.unit if self.amount != 1 else self.unit[:-1]}"

    @property
    def is_source(self) -> bool:
        """Say whether the process itself sets this limit."""
        return self.source != LOCAL

    def after(self, start: date, workdays: Workdays) -> date:
        """Give the last day in time. Months end early if they must: 30 Nov + 3 is 28 Feb."""
        if self.unit == DAYS:
            return start + timedelta(days=self.amount)
        if self.unit == MONTHS:
            return add_months(start, self.amount)
        return workdays.after(start, self.amount)

    def before(self, end: date, workdays: Workdays) -> date:
        """Give the last day in time for what must be done ahead of `end`."""
        if self.unit == DAYS:
            return end - timedelta(days=self.amount)
        if self.unit == MONTHS:
            return add_months(end, -self.amount)
        return workdays.before(end, self.amount)

    def reaching(self, end: date, workdays: Workdays) -> date:
        """Give the first day from which this stretch of time lasts until `end`, or longer."""

        def lasts(ordinal: int) -> bool:
            try:
                return self.after(date.fromordinal(ordinal), workdays) >= end
            except (OverflowError, ValueError):
                return True  # beyond the calendar's end

        days = range(1, end.toordinal())  # `end` itself where no day before it does
        return date.fromordinal(1 + bisect_left(days, 1, key=lasts))


def add_months(start: date, months: int) -> date:
    """Give the same day of the month `months` later, or that month's last day."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    day = min(start.day, _LENGTHS[month])
    if month == _FEBRUARY and day > _SHORT and (year % 4 or (year % 100 == 0 and year % 400)):
        day = _SHORT
    return date(year, month + 1, day)


LIMITS: Final[Mapping[str, Limit]] = MappingProxyType(
    {
        "alert_managers": Limit(1, WORKING_DAYS),
        "notify_qa": Limit(1, WORKING_DAYS),
        "assure_child_safety": Limit(2, WORKING_DAYS),
        "complete_moderation": Limit(10, WORKING_DAYS),
        "book_meeting": Limit(5, WORKING_DAYS),
        "invite_attendees": Limit(5, WORKING_DAYS),
        "record_meeting": Limit(5, WORKING_DAYS),
        "decide_caseload_review": Limit(5, WORKING_DAYS),
        "exception_report": Limit(28, DAYS, "C09"),
        "re_audit": Limit(3, MONTHS, "C13"),
        "panel_review": Limit(20, WORKING_DAYS),
        "inform_leavers": Limit(5, WORKING_DAYS),
        "upload_reaudit": Limit(5, WORKING_DAYS),
        "review_example": Limit(10, WORKING_DAYS),
        "anonymise_example": Limit(5, WORKING_DAYS),
        "upload_example": Limit(5, WORKING_DAYS),
        "announce_example": Limit(5, WORKING_DAYS),
        "due_soon": Limit(10, WORKING_DAYS),
        "untouched": Limit(60, DAYS),
    }
)  #: by step id; `due_soon` and `untouched` are no steps


@record
class Policy:
    """A council's limits and choices. The defaults are the contract's."""

    limits: Mapping[str, Limit] = field(default_factory=lambda: LIMITS)
    reaudit_from: str = "meeting"  #: "meeting" or "audit": where the first re-audit's clock starts
    workdays: Workdays = field(default_factory=Workdays, repr=False, compare=False)
    closures: tuple[date, ...] = ()  #: the council's own closure days, as in `workdays`


# Limits travel to other processes, which pickle what they are given.
_View = MappingProxyType[object, object]


def _as_dict(
    view: _View,
) -> tuple[Callable[[dict[object, object]], _View], tuple[dict[object, object]]]:
    return _as_view, (dict(view),)


def _as_view(held: dict[object, object]) -> _View:
    return MappingProxyType(held)


copyreg.pickle(MappingProxyType, _as_dict)
