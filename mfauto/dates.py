"""Dates that people typed as text: day first, always, or not at all.

What cannot be read in one way only is refused, with a proposal where one is
obvious. Nothing is ever read month first, and no year is guessed.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from mfauto.comparing import INVISIBLE
from mfauto.wording import MONTHS, day_words

_SHORT: Final = {name[:3].casefold(): place for place, name in enumerate(MONTHS, start=1)}
_NAMED: Final = (
    {name.casefold(): place for place, name in enumerate(MONTHS, start=1)} | _SHORT | {"sept": 9}
)
_WEEKDAYS: Final = {
    "monday": 0,
    "tuesday": 1,
    "wednesday": 2,
    "thursday": 3,
    "friday": 4,
    "saturday": 5,
    "sunday": 6,
}
_TIME: Final = r"(?:[ T,]+[0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9](?:\.[0-9]+)?)?(?: ?[ap]\.?m\.?)?Z?)?"
_DAY_FIRST: Final = re.compile(
    rf"(?P<day>[0-9]{{1,2}}) ?(?P<mark>[/.\-\\ ]) ?(?P<month>[0-9]{{1,2}}) ?(?P=mark) ?"
    rf"(?P<year>[0-9]{{4}}|[0-9]{{2}})\.?{_TIME}",
    re.IGNORECASE,
)
_ISO: Final = re.compile(
    rf"(?P<year>[0-9]{{4}})(?P<mark>[-/.])(?P<month>[0-9]{{1,2}})(?P=mark)(?P<day>[0-9]{{1,2}}){_TIME}",
    re.IGNORECASE,
)
_IN_WORDS: Final = re.compile(
    rf"(?:the )?(?P<day>[0-9]{{1,2}}) ?(?:st|nd|rd|th)?(?: of)?[ ,./\-]*"
    rf"(?P<name>[a-z]{{3,9}})\.?[ ,./\-]*'?(?P<year>[0-9]{{4}}|[0-9]{{2}}){_TIME}",
    re.IGNORECASE,
)
_MONTH_IN_FRONT: Final = re.compile(
    r"(?P<name>[a-z]{3,9})\.? ?(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?,? (?P<year>[0-9]{4})",
    re.IGNORECASE,
)
_EIGHT_DIGITS: Final = re.compile(r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})")
_WEEKDAY: Final = re.compile(r"(?P<weekday>[a-z]{3,9})\.?,? +(?=[0-9t])", re.IGNORECASE)
_HYPHENS: Final = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))
_CENTURY: Final = 2000
_LEAP_BUG: Final = 60  # serial of 29 February 1900, a day that Excel has and the calendar not


@dataclass(frozen=True, slots=True)
class Refused:
    """A text that is no date, with what it may have meant."""

    proposal: str | None  #: such as "31 January 2026"; None where nothing is obvious


def read_day(text: str) -> date | Refused:
    """Read a day as people in England type it, such as `3/4/2026` for 3 April 2026."""
    seen = "".join(c for c in unicodedata.normalize("NFKC", text) if c not in INVISIBLE)
    plain = " ".join(seen.translate(_HYPHENS).split())
    weekday: int | None = None
    lead = _WEEKDAY.match(plain)
    if lead:
        weekday = _weekday(lead["weekday"])
        if weekday is not None:
            plain = plain[lead.end() :]
    for form in (_DAY_FIRST, _ISO, _IN_WORDS):
        found = form.fullmatch(plain)
        if found:
            return _checked(found, weekday)
    return Refused(_obvious(plain))


def day_of_serial(serial: float, *, epoch_1904: bool) -> date | None:
    """Give the day Excel means by a number; None where it means none."""
    if not 1 <= serial < 2_958_466:  # noqa: PLR2004 - 31 December 9999
        return None
    whole = int(serial)
    if epoch_1904:
        return date(1904, 1, 1) + timedelta(days=whole)
    if whole == _LEAP_BUG:
        return None
    return date(1899, 12, 31 if whole < _LEAP_BUG else 30) + timedelta(days=whole)


def _weekday(word: str) -> int | None:
    least = 3
    for name, place in _WEEKDAYS.items():
        if len(word) >= least and name.startswith(word.casefold()):
            return place
    return {"weds": 2, "thurs": 3, "thur": 3}.get(word.casefold())


def _checked(found: re.Match[str], weekday: int | None) -> date | Refused:
    day, year = int(found["day"]), int(found["year"])
    if len(found["year"]) == 2:  # noqa: PLR2004 - 26 is 2026
        year += _CENTURY
    named = found.groupdict().get("name")
    month = _NAMED.get(named.casefold(), 0) if named else int(found["month"])
    read = _day(year, month, day)
    if read is None:
        swapped = _day(year, day, month) if not named else None
        return Refused(day_words(swapped) if swapped else None)
    if weekday is not None and read.weekday() != weekday:
        return Refused(None)
    return read


def _obvious(plain: str) -> str | None:
    """Give the one day that a refused form can only have meant; None where there is none."""
    found = _MONTH_IN_FRONT.fullmatch(plain)
    if found:
        day = _day(int(found["year"]), _NAMED.get(found["name"].casefold(), 0), int(found["day"]))
        return day_words(day) if day else None
    found = _EIGHT_DIGITS.fullmatch(plain)
    if found:
        day = _day(int(found["year"]), int(found["month"]), int(found["day"]))
        return day_words(day) if day and day.year >= _CENTURY else None
    return None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
