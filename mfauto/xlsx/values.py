"""What a cell's XML means: text, number, date, yes or no, or why it cannot be read."""

import math
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple

from mfauto.patterns import pattern
from mfauto.xlsx.formats import NumberFormat, Shows


class Unreadable(NamedTuple):
    """Stands where a value cannot be read."""

    reason: str  #: such as "#REF!" or "not calculated"
    shown: str  #: what Excel shows, as far as it is known


Value = str | float | bool | date | datetime | Unreadable

NOT_CALCULATED = Unreadable("not calculated", "")

#: Kinds of cell, from its `t` and what its style shows. From BY_NUMBER on the number itself
#: decides what it is shown as: the kind is BY_NUMBER and the cell's style added up.
NUMBER, DATE, SHARED, BOOLEAN, ERROR, TEXT, INLINE, ISO_DATE, BY_NUMBER = range(9)

_KINDS = {
    "n": NUMBER,
    "s": SHARED,
    "b": BOOLEAN,
    "e": ERROR,
    "str": TEXT,
    "inlineStr": INLINE,
    "d": ISO_DATE,
}
_NUMBER = pattern(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_DAY_MS = 86_400_000
_FICTION = 60  #: 29 February 1900, a day Excel believes in
_LAST_1900 = 2_958_466  #: the serial after 31 December 9999
_APART = 1462  #: days between the two epochs
_EPOCH_1900 = datetime(1899, 12, 30)  # noqa: DTZ001 - Excel's days have no time zone
_EPOCH_1904 = datetime(1904, 1, 1)  # noqa: DTZ001 - likewise


def blank_without_text(kind: int | None) -> bool:
    """Whether a cell of this kind is blank where its `v` is empty."""
    return kind in {NUMBER, DATE, SHARED} or (kind is not None and kind >= BY_NUMBER)


def number(text: str) -> float | Unreadable:
    """Return the number of a `v`."""
    if _NUMBER.fullmatch(text.strip()) and math.isfinite(float(text)):
        return float(text)
    return Unreadable("a number that cannot be read", text)


def day(serial: float, *, epoch_1904: bool) -> date | datetime | Unreadable:
    """Return the date that Excel means by a serial; a datetime where it has a time of day."""
    read = moment(serial, epoch_1904=epoch_1904)
    if isinstance(read, Unreadable):
        return read
    return read.date() if read.time() == datetime.min.time() else read


def moment(serial: float, *, epoch_1904: bool) -> datetime | Unreadable:
    """Return the day and the time of day that Excel means by a serial."""
    digits = repr(serial).removesuffix(".0")
    if serial < 0:
        return Unreadable("a negative number in a date format", digits)
    if serial >= _LAST_1900 - (_APART if epoch_1904 else 0):
        return Unreadable("a number too large for a date", digits)
    milliseconds = round(serial * _DAY_MS)
    days, rest = divmod(milliseconds, _DAY_MS)
    if epoch_1904:
        start = _EPOCH_1904
    elif days == 0:
        return Unreadable("a time without a day, in a date format", digits)
    elif days == _FICTION:
        return Unreadable("29 February 1900, which never was", digits)
    else:
        start = _EPOCH_1900 + timedelta(days=days < _FICTION)
    return start + timedelta(days=days, milliseconds=rest)


def shown(number: float, shows: Shows, *, epoch_1904: bool) -> float | date | Unreadable:
    """Return what a number means that is shown in this way."""
    if shows is Shows.DAY:
        return day(number, epoch_1904=epoch_1904)
    if shows is Shows.TIME and number >= 1:
        return moment(number, epoch_1904=epoch_1904)
    return number


def serial(value: date, *, epoch_1904: bool) -> float | None:
    """Return the serial of a day; None where the workbook's calendar does not reach it."""
    midnight = datetime(value.year, value.month, value.day)  # noqa: DTZ001 - no time zone
    passed = (value if isinstance(value, datetime) else midnight) - (
        _EPOCH_1904 if epoch_1904 else _EPOCH_1900
    )
    days = passed.days
    if not epoch_1904 and days <= _FICTION:
        days -= 1
    if days < (0 if epoch_1904 else 1):
        return None
    fraction = passed.seconds / 86400 + passed.microseconds / 86_400_000_000
    return days + fraction


def iso_day(text: str) -> date | datetime | Unreadable:
    """Return the date of a cell that holds it in ISO form."""
    try:
        read = datetime.fromisoformat(text.strip().removesuffix("Z"))
    except ValueError:
        return Unreadable("a date that cannot be read", text)
    read = read.replace(tzinfo=None)
    return read.date() if read.time() == datetime.min.time() else read


class Meaning:
    """Turns the text of a `v` into a value, given the workbook's texts and calendar."""

    def __init__(
        self,
        texts: list[str],
        dates: frozenset[int],
        by_number: Mapping[int, NumberFormat],
        *,
        epoch_1904: bool,
    ) -> None:
        self.texts = texts
        self._dates = dates  #: styles that show every number as a day
        self._by_number = by_number  #: formats of styles that show only some so
        self._epoch_1904 = epoch_1904

    def kind(self, stated: str, style: int) -> int | None:
        """Kind of a cell with this `t` and this style; None where Excel knows none such."""
        kind = _KINDS.get(stated or "n")
        if kind != NUMBER:
            return kind
        if style in self._dates:
            return DATE
        return BY_NUMBER + style if style in self._by_number else NUMBER

    def _number(self, kind: int, text: str) -> Value:
        """Return what a number means in its format."""
        read = number(text)
        if kind == NUMBER or isinstance(read, Unreadable):
            return read
        shows = Shows.DAY if kind == DATE else self._by_number[kind - BY_NUMBER].shows(read)
        return shown(read, shows, epoch_1904=self._epoch_1904)

    def value(self, kind: int, text: str) -> Value:
        """Return the value of a cell of this kind; `text` has no XML escapes left."""
        text_kinds = {TEXT, INLINE}
        if kind in text_kinds:
            return text
        if kind == SHARED:
            index = text.strip()
            if index.isdecimal() and index.isascii() and int(index) < len(self.texts):
                return self.texts[int(index)]
            return Unreadable("a text that is missing from the file", "")
        if kind == BOOLEAN:
            known = {"1": True, "true": True, "0": False, "false": False}
            return known.get(text.strip().lower(), Unreadable("neither true nor false", text))
        if kind == ERROR:
            return Unreadable(text.strip() or "an error value", text.strip())
        if kind == ISO_DATE:
            return iso_day(text)
        return self._number(kind, text)
