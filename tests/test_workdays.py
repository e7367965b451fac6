"""Working days in England."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mfauto.policy import DAYS, LIMITS, MONTHS, WORKING_DAYS, Limit, add_months
from mfauto.workdays import Workdays
from tools import make_bank_holidays

WORKDAYS = Workdays()
DAYS_2000S = st.dates(date(2001, 1, 1), date(2045, 12, 31))


@pytest.mark.parametrize(
    ("start", "amount", "end"),
    [
        (date(2026, 11, 21), 1, date(2026, 11, 23)),  # a Saturday, the Monday after
        (date(2026, 11, 20), 1, date(2026, 11, 23)),
        (date(2026, 4, 2), 1, date(2026, 4, 7)),  # over Easter
        (date(2026, 12, 24), 1, date(2026, 12, 29)),  # Boxing Day falls on a Saturday
        (date(2027, 12, 24), 1, date(2027, 12, 29)),  # both substitute days
        (date(2022, 6, 1), 1, date(2022, 6, 6)),  # the Jubilee
        (date(2022, 9, 16), 1, date(2022, 9, 20)),  # the state funeral
        (date(2020, 5, 7), 1, date(2020, 5, 11)),  # May Day moved to VE Day
        (date(2020, 5, 1), 1, date(2020, 5, 4)),
    ],
)
def test_the_nth_working_day_after(start: date, amount: int, end: date) -> None:
    assert WORKDAYS.after(start, amount) == end


def test_before_works_the_same_way_backwards() -> None:
    assert WORKDAYS.before(date(2026, 4, 7), 1) == date(2026, 4, 2)
    assert WORKDAYS.before(date(2026, 11, 22), 1) == date(2026, 11, 20)


def test_a_closure_day_does_not_count() -> None:
    closed = Workdays([date(2026, 12, 29)])
    assert closed.after(date(2026, 12, 24), 1) == date(2026, 12, 30)
    assert not closed.is_workday(date(2026, 12, 29))


@given(start=DAYS_2000S, amount=st.integers(1, 60))
def test_counting_one_by_one_gives_the_same(start: date, amount: int) -> None:
    day, left = start, amount
    while left:
        day += timedelta(days=1)
        left -= WORKDAYS.is_workday(day)
    assert WORKDAYS.after(start, amount) == day
    assert WORKDAYS.between(start, day) == amount


@given(start=DAYS_2000S, amount=st.integers(1, 60))
def test_backwards_undoes_forwards(start: date, amount: int) -> None:
    end = WORKDAYS.after(start, amount)
    assert WORKDAYS.between(WORKDAYS.before(end, amount), end) == amount


@given(start=DAYS_2000S, months=st.integers(-24, 24))
def test_months_keep_the_day_or_end_at_the_months_end(start: date, months: int) -> None:
    end = add_months(start, months)
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == months
    assert end.day == start.day or ((end + timedelta(days=1)).day == 1 and end.day < start.day)


def test_three_months_after_the_last_of_november_is_the_last_of_february() -> None:
    assert Limit(3, MONTHS).after(date(2025, 11, 30), WORKDAYS) == date(2026, 2, 28)
    assert Limit(3, MONTHS).after(date(2027, 11, 30), WORKDAYS) == date(2028, 2, 29)
    assert Limit(28, DAYS).after(date(2026, 9, 1), WORKDAYS) == date(2026, 9, 29)
    assert Limit(28, DAYS).before(date(2026, 9, 29), WORKDAYS) == date(2026, 9, 1)
    assert Limit(3, MONTHS).before(date(2026, 5, 31), WORKDAYS) == date(2026, 2, 28)


def test_a_limit_says_itself_in_words() -> None:
    assert str(Limit(1, WORKING_DAYS)) == "1 working day"
    assert str(Limit(28, DAYS)) == "28 days"
    assert [name for name, limit in LIMITS.items() if limit.is_source] == [
        "exception_report",
        "re_audit",
    ]


def test_the_bank_holidays_are_those_of_the_library() -> None:
    assert make_bank_holidays.bank_holidays() == make_bank_holidays.TARGET.read_text("utf-8")
