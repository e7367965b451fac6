"""Number formats: which cells show a date, and which style differs from another in nothing else.

Styles are indexes into `cellXfs`, as the `s` of a cell.
"""

import re

from mfauto.records import record
from mfauto.xlsx.markup import Element

_GENERAL = 0
_SHORT_DATE = 14  #: "m/d/yyyy" in the file; each computer shows its own short date
_BUILT_IN_DAYS = frozenset({_SHORT_DATE, 15})  #: with day, month and year
_BUILT_IN_DATES = frozenset((*range(14, 18), 22, *range(27, 32), 36, *range(50, 55), 57, 58))

_LITERAL = re.compile(
    r'"[^"]*"?'  # quoted text
    r"|\\."  # an escaped character
    r"|_."  # the width of a character
    r"|\*."  # a character repeated
    r"|\[\$[^\]]*\]"  # currency and locale
    r"|\[(?![hHmMsS]+\])[^\]]*\]"  # colours and conditions, not elapsed time
)
_DAY_MONTH_YEAR = frozenset("dmy")


def is_date_format(code: str) -> bool:
    """Whether a number format shows a day, month or year.

    A mere time of day ("h:mm") and elapsed time ("[h]:mm") do not.
    """
    first = _LITERAL.sub("", code).split(";")[0].lower()
    if first.strip() in {"general", "standard", "@", ""}:
        return False
    if "am/pm" in first or "a/p" in first:
        first = first.replace("am/pm", "").replace("a/p", "")
    letters = set(re.sub(r"general|e[+-]", "", first))
    if letters & {"d", "y"}:
        return True
    if letters & {"e", "g", "b"} and not letters & set("0#?"):
        return True
    return "m" in letters and not letters & {"h", "s"}


@record(kw_only=False)
class _Style:
    number_format: int
    date: bool
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
        self._styles = [_style(element, codes) for element in root.each("cellXfs", "xf")]

    def is_date(self, style: int) -> bool:
        """Whether numbers in this style are dates."""
        return style < len(self._styles) and self._styles[style].date

    def dates(self) -> frozenset[int]:
        """Return every style that shows numbers as dates."""
        return frozenset(at for at, style in enumerate(self._styles) if style.date)

    def for_day(self, style: int) -> int | None:
        """Return the style to show a day in: this one, or one that differs in the format only."""
        if self.is_date(style):
            return style
        alike = [at for at in self._alike(style) if self._styles[at].shows_day]
        short = [at for at in alike if self._styles[at].number_format == _SHORT_DATE]
        return next(iter(short or alike), None)

    def for_number(self, style: int) -> int | None:
        """Return the style to show a plain number in, likewise."""
        if not self.is_date(style):
            return style
        alike = self._alike(style)
        return next((at for at in alike if self._styles[at].number_format == _GENERAL), None)

    def _alike(self, style: int) -> list[int]:
        if style >= len(self._styles):
            return []
        look = self._styles[style].look
        return [at for at, other in enumerate(self._styles) if other.look == look]


def _style(element: Element, codes: dict[int, str]) -> _Style:
    stated = element.attributes.get("numFmtId", "0")
    number = int(stated) if stated.isdecimal() else _GENERAL
    code = codes.get(number)
    date = number in _BUILT_IN_DATES if code is None else is_date_format(code)
    shown = set("" if code is None else _LITERAL.sub("", code).lower())
    shows_day = date and (number in _BUILT_IN_DAYS or shown >= _DAY_MONTH_YEAR)
    others = {
        key: value
        for key, value in element.attributes.items()
        if key not in {"numFmtId", "applyNumberFormat"}
    }
    look = repr((sorted(others.items()), element.children))
    return _Style(number, date, shows_day, look)
