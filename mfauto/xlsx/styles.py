"""Cell styles: which show a date, and which differs from another in its number format only.

Styles are indexes into `cellXfs`, as the `s` of a cell.
"""

from collections.abc import Mapping

from mfauto.records import record
from mfauto.xlsx.formats import NumberFormat, Shows, number_format, without_literals
from mfauto.xlsx.markup import Element

_GENERAL = 0
_SHORT_DATE = 14  #: "m/d/yyyy" in the file; each computer shows its own short date
_BUILT_IN_DAYS = frozenset({_SHORT_DATE, 15})  #: with day, month and year
_BUILT_IN_DATES = frozenset((*range(14, 18), 22, *range(27, 32), 36, *range(50, 55), 57, 58))
#: times of day; some are a month in one language and a time in another
_BUILT_IN_TIMES = frozenset((*range(18, 22), *range(32, 36), 45, 47, 55, 56))
_DAY_MONTH_YEAR = frozenset("dmy")


@record(kw_only=False)
class _Style:
    number: int  #: of its number format
    format: NumberFormat
    shows_day: bool  #: day, month and year all three
    look: str  #: all but the number format


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

    def for_day(self, style: int) -> int | None:
        """Return the style to show a day in: this one, or one that differs in the format only."""
        if self.is_date(style):
            return style
        alike = [at for at in self._alike(style) if self._styles[at].shows_day]
        short = [at for at in alike if self._styles[at].number == _SHORT_DATE]
        return next(iter(short or alike), None)

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
    others = {
        key: value
        for key, value in element.attributes.items()
        if key not in {"numFmtId", "applyNumberFormat"}
    }
    look = repr((sorted(others.items()), element.children))
    shows_day = whole and formats[number].always is Shows.DAY
    return _Style(number, formats[number], shows_day, look)
