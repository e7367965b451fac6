"""Stretches of time, forwards and backwards."""

from calendar import monthrange
from datetime import date, timedelta

import pytest

from mfauto.policy import DAYS, MONTHS, WORKING_DAYS, Limit, add_months
from mfauto.workdays import Workdays

WORKDAYS = Workdays()
DAY = timedelta(days=1)


@pytest.mark.parametrize("months", [-13, -1, 1, 3, 12])
@pytest.mark.parametrize("year", [1900, 2000, 2023, 2024])
def test_a_month_ends_early_where_it_must(year: int, months: int) -> None:
    for number in range(366):
        start = date(year, 1, 1) + number * DAY
        moved, place = divmod(start.year * 12 + start.month - 1 + months, 12)
        last = monthrange(moved, place + 1)[1]

        assert add_months(start, months) == date(moved, place + 1, min(start.day, last))


@pytest.mark.parametrize("limit", [Limit(60, DAYS), Limit(3, MONTHS), Limit(10, WORKING_DAYS)])
def test_the_first_day_that_reaches_another_is_the_first(limit: Limit) -> None:
    for number in range(400):
        end = date(2025, 1, 1) + number * DAY
        first = limit.reaching(end, WORKDAYS)

        assert limit.after(first, WORKDAYS) >= end
        assert limit.after(first - DAY, WORKDAYS) < end


@pytest.mark.parametrize("unit", [DAYS, MONTHS, WORKING_DAYS])
@pytest.mark.parametrize("end", [date.min, date(1999, 12, 31), date(2070, 1, 1), date.max])
def test_it_knows_the_ends_of_the_calendar(unit: str, end: date) -> None:
    assert date.min <= Limit(9999, unit).reaching(end, WORKDAYS) <= end
