"""England's working days, worked out by rule and counted one day at a time.

The second reading's own: no library and no list of the product's is used here.
`test_oracle.py` compares the years 2000 to 2040 with the package `holidays`.
"""

from datetime import date, timedelta

A_DAY = timedelta(days=1)
MONDAY = 0
SATURDAY = 5
SUNDAY = 6

#: Days given once, by proclamation.
ONCE_ONLY = {
    date(2002, 6, 3),  # Golden Jubilee
    date(2011, 4, 29),  # royal wedding
    date(2012, 6, 5),  # Diamond Jubilee
    date(2022, 6, 3),  # Platinum Jubilee
    date(2022, 9, 19),  # state funeral
    date(2023, 5, 8),  # coronation
}

#: The early May holiday, in the year it was moved.
EARLY_MAY_MOVED = {2020: date(2020, 5, 8)}

#: The spring holiday, in the years it was moved to a jubilee.
SPRING_MOVED = {2002: date(2002, 6, 4), 2012: date(2012, 6, 4), 2022: date(2022, 6, 2)}


def easter_sunday(year: int) -> date:
    """Easter by the Gregorian computus, with the names of the old almanacs."""
    golden = year % 19
    century = year // 100
    skipped_leap_days = century - century // 4
    moon_drift = (8 * century + 13) // 25
    epact = (skipped_leap_days - moon_drift + 19 * golden + 15) % 30
    epact -= (epact // 28) * (1 - (29 // (epact + 1)) * ((21 - golden) // 11))
    weekday = (year + year // 4 + epact + 2 - skipped_leap_days) % 7
    past_21_march = epact - weekday
    month = 3 + (past_21_march + 40) // 44
    return date(year, month, past_21_march + 28 - 31 * (month // 4))


def first_monday(year: int, month: int) -> date:
    day = date(year, month, 1)
    while day.weekday() != MONDAY:
        day += A_DAY
    return day


def last_monday(year: int, month: int) -> date:
    """For May and August, both of 31 days."""
    day = date(year, month, 31)
    while day.weekday() != MONDAY:
        day -= A_DAY
    return day


def bank_holidays(year: int) -> set[date]:
    """The days off that fall on Monday to Friday, substitute days included."""
    easter = easter_sunday(year)
    days = {easter - 2 * A_DAY, easter + A_DAY}
    days.add(EARLY_MAY_MOVED.get(year, first_monday(year, 5)))
    days.add(SPRING_MOVED.get(year, last_monday(year, 5)))
    days.add(last_monday(year, 8))
    days |= {day for day in ONCE_ONLY if day.year == year}

    # New Year's Day: from a weekend to the Monday after it.
    new_year = date(year, 1, 1)
    while new_year.weekday() in (SATURDAY, SUNDAY):
        new_year += A_DAY
    days.add(new_year)

    # Christmas and Boxing Day: from a weekend to the next day nobody else has taken.
    two_days = [date(year, 12, 25), date(year, 12, 26)]
    taken = {day for day in two_days if day.weekday() not in (SATURDAY, SUNDAY)}
    for day in two_days:
        substitute = day
        if day not in taken:
            while substitute.weekday() in (SATURDAY, SUNDAY) or substitute in taken:
                substitute += A_DAY
            taken.add(substitute)
    return days | taken


_BY_YEAR: dict[int, set[date]] = {}


def is_working_day(day: date) -> bool:
    if day.weekday() in (SATURDAY, SUNDAY):
        return False
    if day.year not in _BY_YEAR:
        _BY_YEAR[day.year] = bank_holidays(day.year)
    return day not in _BY_YEAR[day.year]


def working_days_after(start: date, count: int) -> date:
    """The `count`-th working day after `start`; `start` itself never counts."""
    day = start
    while count > 0:
        day += A_DAY
        if is_working_day(day):
            count -= 1
    return day


def working_days_before(end: date, count: int) -> date:
    """The `count`-th working day before `end`; `end` itself never counts."""
    day = end
    while count > 0:
        day -= A_DAY
        if is_working_day(day):
            count -= 1
    return day


def months_after(start: date, count: int) -> date:
    """The same day `count` months on, or the last day of a month too short for it."""
    year, month = start.year, start.month
    for _ in range(count):
        month += 1
        if month == 13:
            year, month = year + 1, 1
    day = start.day
    while True:
        try:
            return date(year, month, day)
        except ValueError:
            day -= 1
