"""What a value becomes in a cell: its XML, its style, and how it will read back.

Text is always text, never a formula; a number is always a number. A cell that is there
keeps its style, whatever is written. So a day is a serial where that style shows days,
and text ("3 March 2026") where it does not: a bare 46084 would tell a reader nothing.

A new cell inherits the style of its row or column, and takes another one of the workbook
where that one does not suit a day or a number. Styles are not ours to add.
"""

import math
import sys
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from mfauto.xlsx import values
from mfauto.xlsx.formats import Shows
from mfauto.xlsx.markup import escaped
from mfauto.xlsx.styles import Styles

Written = str | int | float | date | None

_PLAIN = (str, int, float, date, datetime, type(None))
_GREATEST = int(sys.float_info.max)
_LONGEST = 32_767  #: characters of a cell, as Excel counts them: in UTF-16 units


def as_written(value: object) -> Written:
    """Return a value as one of Python's own kinds; ValueError where it is of none of them."""
    if type(value) in _PLAIN:
        return value  # type: ignore[return-value]
    if isinstance(value, bool):
        raise ValueError("True or False is neither text, number nor date")  # noqa: TRY004 - a refusal
    if isinstance(value, str):
        return str.__str__(value)  # its own `__str__` may say something else
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value)
    if isinstance(value, date):
        return _own_date(value)
    raise ValueError(f"a {type(value).__name__} is neither text, number nor date")


def _own_date(value: date) -> date:
    """Return a day or a moment of a kind made by somebody else, such as one of pandas."""
    try:
        if not isinstance(value, datetime):
            return date(value.year, value.month, value.day)
        return datetime.combine(date(value.year, value.month, value.day), value.timetz())
    except (TypeError, ValueError) as error:
        raise ValueError(f"{value} is no date") from error


@dataclass(frozen=True, slots=True)
class Content:
    """A cell as it will stand."""

    style: int
    kind: str  #: its `t`; "" for a number or an empty cell
    text: str = ""  #: XML of the value itself
    expected: values.Value | None = None  #: what reading it must give; None for an empty cell

    def inner(self, prefix: str) -> str:
        """Return what stands between the tags of the cell; `prefix` as in "x:"."""
        if self.kind:
            opening = f'<{prefix}is><{prefix}t xml:space="preserve">'
            return f"{opening}{self.text}</{prefix}t></{prefix}is>"
        return "" if self.expected is None else f"<{prefix}v>{self.text}</{prefix}v>"


class Contents:
    """Makes contents for the cells of one workbook."""

    def __init__(self, styles: Styles, *, epoch_1904: bool) -> None:
        self._styles = styles
        self._epoch_1904 = epoch_1904
        self._made: dict[tuple[type, Written, int, bool], Content] = {}

    def of(self, value: Written, style: int, *, new: bool = False) -> Content:
        """Return the content of a cell that has this style now; ValueError says why not.

        A new cell has only inherited its style, and gives it up where it does not fit.
        """
        key = (type(value), value, style, new)
        if key not in self._made:
            self._made[key] = self._content(value, style, new=new)
        return self._made[key]

    def _content(self, value: Written, style: int, *, new: bool) -> Content:
        if value is None or value == "":
            return Content(style, "")
        if isinstance(value, str):
            return _text(value, style)
        if isinstance(value, date):
            return self._day(value, style, new=new)
        return self._number(value, style, new=new)

    def _number(self, value: float, style: int, *, new: bool) -> Content:
        if isinstance(value, int) and abs(value) > _GREATEST:
            raise ValueError("the number is greater than any that Excel knows")
        if not math.isfinite(value):
            raise ValueError(f"{value} is no number that Excel knows")
        if float(value) != value:
            raise ValueError(f"{value} has more digits than Excel keeps")
        shown = str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(float(value))  # noqa: PLR2004 - Excel's 15 digits
        if new:
            style = self._styles.of_new_number(style, value)
        read = self._read(float(value), style)
        return Content(style, "", shown, read)

    def _read(self, number: float, style: int) -> values.Value:
        """Return what reading a number gives in this style: a day where it shows days."""
        shows = self._styles.shows(style, number)
        return values.shown(number, shows, epoch_1904=self._epoch_1904)

    def _day(self, value: date, style: int, *, new: bool) -> Content:
        expected: date = value
        if isinstance(value, datetime):
            if value.tzinfo is not None:
                raise ValueError(f"{value} has a time zone, which Excel's dates have not")
            expected = _to_milliseconds(value)
        serial = values.serial(expected, epoch_1904=self._epoch_1904)
        if serial is None:
            raise ValueError(f"{value} is earlier than the workbook's calendar")
        fitting: int | None = style
        if new:
            fitting = self._styles.of_new_day(style, serial)
        elif self._styles.shows(style, serial) is not Shows.DAY:
            fitting = None
        if fitting is None:
            seconds = ":%S" if isinstance(value, datetime) and value.second else ""
            time = f" {value:%H:%M{seconds}}" if isinstance(expected, datetime) else ""
            return _text(f"{value.day} {value:%B %Y}{time}", style)
        shown = str(serial) if isinstance(serial, int) else repr(serial).removesuffix(".0")
        return Content(fitting, "", shown, expected)


def _to_milliseconds(moment: datetime) -> date:
    """Return the moment as precisely as it reads back; at midnight it is a day."""
    rest = moment.microsecond % 1000
    rounded = moment - timedelta(microseconds=rest) + timedelta(milliseconds=rest >= 500)  # noqa: PLR2004 - half
    return rounded.date() if rounded.time() == datetime.min.time() else rounded


def _text(value: str, style: int) -> Content:
    units = len(value) + sum(character > "\uffff" for character in value)
    if units > _LONGEST:
        raise ValueError(f"the text has {units:,} characters; a cell holds 32,767")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise ValueError("the text holds half a character, which no file can hold") from error
    return Content(style, "inlineStr", escaped(value), value)
