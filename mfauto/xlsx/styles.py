"""Cell styles: which show a date, and which differs from another in its number format only.

Styles are indexes into `cellXfs`, as the `s` of a cell.
"""

from collections.abc import Mapping
from functools import cached_property

from mfauto.records import record
from mfauto.xlsx.formats import NumberFormat, Shows, number_format, without_literals
from mfauto.xlsx.markup import Element

_GENERAL = 0
_SHORT_DATE = 14  #: "m/d/yyyy" in the file; each computer shows its own short date
_BUILT_IN_DAYS = frozenset({_SHORT_DATE, 15})  #: with day, month and year
_BUILT_IN_DATES = frozenset(
    (*range(14, 18), 22, *range(27, 32), 36, *range(50, 55), 57, 58, *range(71, 75), 77, 81)
)
#: times of day; some are a month in one language and a time in another
_BUILT_IN_TIMES = frozenset((*range(18, 22), *range(32, 36), 45, 47, 55, 56, 75, 76, 78, 80))
_DAY_AND_TIME = 22
_DAY_MONTH_YEAR = frozenset("dmy")
#: attributes that are seen, and what they are where they do not stand
_DRESS = (("fontId", "0"), ("fillId", "0"), ("borderId", "0"), ("quotePrefix", "0"))


@record(kw_only=False)
class _Style:
    number: int  #: of its number format
    format: NumberFormat
    shows_day: bool  #: day, month and year all three
    shows_time: bool
    look: str  #: all but the number format
    dress: str  #: font, fill, border and protection, as numbers of the workbook's own
    aligned: bool  #: whether it says where in its cell a value stands


class Styles:
    """The cell styles of a workbook."""

    def __init__(self, root: Element | None) -> None:
        self._styles: list[_Style] = []
        if root is None:
            return
        codes = {}
        for element in root.each("numFmts", "numFmt"):
            number = element.attributes.get("numFmtId", "")
            if number.isdecimal():
                codes[int(number)] = element.attributes.get("formatCode", "")
        formats = _Formats(codes)
        self._styles = [_style(element, codes, formats) for element in root.each("cellXfs", "xf")]

    def is_date(self, style: int) -> bool:
        """Whether all numbers in this style are dates."""
        return style < len(self._styles) and self._styles[style].format.always is Shows.DAY

    def dates(self) -> frozenset[int]:
        """Return every style that shows all numbers as dates."""
        return frozenset(filter(self.is_date, range(len(self._styles))))

    def by_number(self) -> Mapping[int, NumberFormat]:
        """Return the formats of those styles that show some numbers as dates or times."""
        return {
            at: style.format
            for at, style in enumerate(self._styles)
            if style.format.always not in {Shows.DAY, Shows.NUMBER}
        }

    def shows(self, style: int, number: float) -> Shows:
        """Say what a number is shown as in this style."""
        if style >= len(self._styles):
            return Shows.NUMBER
        return self._styles[style].format.shows(number)

    def of_new_day(self, style: int, serial: float) -> int | None:
        """Return the style of a new cell that shows a day, where it inherits this one.

        That is this one, else one that differs in the number format only, else one that
        is as plain as the first of all. None where no style of the workbook shows days.
        """
        if self.shows(style, serial) is Shows.DAY:
            return style
        alike = self.for_day(style)
        return self._plain_day if alike is None else alike

    def of_new_number(self, style: int, number: float) -> int:
        """Return the style of a new cell that shows a number, likewise."""
        alike = (at for at in self._alike(style) if self._styles[at].number == _GENERAL)
        suits = {Shows.NUMBER, Shows.TIME} if 0 <= number < 1 else {Shows.NUMBER}
        return next((at for at in (style, *alike, 0) if self.shows(at, number) in suits), style)

    @cached_property
    def _plain_day(self) -> int | None:
        """The style that shows days best, of those with the dress of the first style."""
        plain = [
            at
            for at, style in enumerate(self._styles)
            if style.format.always is Shows.DAY and style.dress == self._styles[0].dress
        ]
        return min(plain, key=self._preference, default=None)

    def _preference(self, style: int) -> tuple[bool, ...]:
        """Put the short date first, then whole days, then those with a time of day."""
        found = self._styles[style]
        short = found.number == _SHORT_DATE
        return found.aligned, not short, not found.shows_day, found.shows_time

    def for_day(self, style: int) -> int | None:
        """Return the style to show a day in: this one, or one that differs in the format only."""
        if self.is_date(style):
            return style
        alike = [at for at in self._alike(style) if self._styles[at].shows_day]
        return min(alike, key=self._preference, default=None)

    def for_number(self, style: int) -> int | None:
        """Return the style to show a plain number in, likewise."""
        if not self.is_date(style):
            return style
        alike = self._alike(style)
        return next((at for at in alike if self._styles[at].number == _GENERAL), None)

    def _alike(self, style: int) -> list[int]:
        if style >= len(self._styles):
            return []
        look = self._styles[style].look
        return [at for at, other in enumerate(self._styles) if other.look == look]


class _Formats(dict[int, NumberFormat]):
    """Number formats by their number, each understood once."""

    def __init__(self, codes: Mapping[int, str]) -> None:
        super().__init__()
        self._codes = codes

    def __missing__(self, number: int) -> NumberFormat:
        code = self._codes.get(number)
        if code is None:
            times = "h:mm" if number in _BUILT_IN_TIMES else "general"
            code = "d" if number in _BUILT_IN_DATES else times
        self[number] = number_format(code)
        return self[number]


def _style(element: Element, codes: Mapping[int, str], formats: _Formats) -> _Style:
    stated = element.attributes.get("numFmtId", "0")
    number = int(stated) if stated.isdecimal() else _GENERAL
    shown = set(without_literals(codes.get(number, "")).lower())
    whole = number in _BUILT_IN_DAYS or shown >= _DAY_MONTH_YEAR
    time = number == _DAY_AND_TIME or bool(shown & {"h", "s"})
    others = {
        key: value
        for key, value in element.attributes.items()
        if key not in {"numFmtId", "applyNumberFormat"}
    }
    look = repr((sorted(others.items()), element.children))
    kept = [child for child in element.children if child.name != "alignment"]
    dress = repr(([others.get(key, none) for key, none in _DRESS], kept))
    return _Style(
        number,
        formats[number],
        whole and formats[number].always is Shows.DAY,
        time,
        look,
        dress,
        len(kept) < len(element.children),
    )
