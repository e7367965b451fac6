"""Number formats: whether they show a number as a day, as a time of day, or as a number.

A format has up to four sections, split by ";": each for some numbers, the last for text.
"""

import re
from collections.abc import Callable
from enum import Enum
from typing import Final

from mfauto.patterns import pattern
from mfauto.records import record


class Shows(Enum):
    """What a number is shown as."""

    NUMBER = "number"  #: elapsed time ("[h]:mm") is one too
    DAY = "day"  #: or a month, or a year; with or without a time
    TIME = "time"  #: a time of day alone ("h:mm"); from 1 on, the number has a day as well


_CONDITION: Final = pattern(r"\[(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)\s*\]")
_LITERAL: Final = pattern(
    r'"[^"]*"?'  # quoted text
    r"|\\."  # an escaped character
    r"|_."  # the width of a character
    r"|\*."  # a character repeated
    r"|\[\$[^\]]*\]"  # currency and locale
    r"|\[(?![hHmMsS]+\])[^\]]*\]"  # colours and conditions, not elapsed time
)
#: what Excel calls a format that is none, in the languages that write it into files
_GENERAL: Final = pattern(r"general|standaa?rd|g/[^\x00-\x7f]+")
_HALF_OF_DAY: Final = pattern(r"am/pm|a/p")
_FRACTION: Final = pattern(r"s\.0+")  # of a second: no digits of a number
_DIGITS: Final = frozenset("0#?")
_TEXT: Final = "@"
_FOR_TEXT: Final = 4  #: the section that is always for text

_HOLDS: Final[dict[str, Callable[[float, float], bool]]] = {
    "<=": lambda number, bound: number <= bound,
    ">=": lambda number, bound: number >= bound,
    "<>": lambda number, bound: number != bound,
    "<": lambda number, bound: number < bound,
    ">": lambda number, bound: number > bound,
    "=": lambda number, bound: number == bound,
}


@record(kw_only=False)
class _Section:
    shows: Shows
    condition: tuple[str, float] | None  #: such as ("<", 40000.0)

    def holds(self, number: float) -> bool:
        """Say whether its condition, if it has one, is met."""
        return self.condition is not None and _HOLDS[self.condition[0]](number, self.condition[1])


@record(kw_only=False)
class NumberFormat:
    """One number format, as far as numbers go."""

    sections: tuple[_Section, ...]  #: one to three

    def shows(self, number: float) -> Shows:
        """Say what this number is shown as."""
        return self._section(number).shows

    @property
    def always(self) -> Shows | None:
        """What every number is shown as; None where that depends on the number."""
        shown = {section.shows for section in self.sections}
        return shown.pop() if len(shown) == 1 else None

    def _section(self, number: float) -> _Section:
        if any(section.condition for section in self.sections):
            met = (section for section in self.sections if section.holds(number))
            rest = (section for section in self.sections if section.condition is None)
            return next(met, None) or next(rest, self.sections[-1])
        at = 1 if number < 0 else 2 if number == 0 else 0
        if at >= len(self.sections):  # the first serves whatever has no section of its own
            at = 0
        return self.sections[at]


def number_format(code: str) -> NumberFormat:
    """Understand a format as it stands in the file."""
    texts = without_literals(code).lower().split(";")
    if 1 < len(texts) < _FOR_TEXT and _TEXT in texts[-1]:
        texts.pop()
    del texts[_FOR_TEXT - 1 :]
    shown = [_shows(_CONDITION.sub("", text)) for text in texts]
    first = shown[0] or Shows.NUMBER
    return NumberFormat(
        tuple(
            _Section(one or first, _condition(text)) for one, text in zip(shown, texts, strict=True)
        )
    )


def without_literals(code: str) -> str:
    """Take out what is shown as it stands, and colours; conditions are left in."""
    return _LITERAL.sub(lambda match: match[0] if _CONDITION.fullmatch(match[0]) else "", code)


def _condition(section: str) -> tuple[str, float] | None:
    found = _CONDITION.search(section)
    return (found[1], float(found[2])) if found else None


def _shows(section: str) -> Shows | None:
    """Say what one section shows, in small letters; None where it shows nothing of a number."""
    letters = set(_FRACTION.sub("s", _HALF_OF_DAY.sub("", re.sub(r"e[+-]", "", section))))
    if _GENERAL.search(section) or _TEXT in section:
        return Shows.NUMBER
    if letters & {"d", "y"} or (letters & {"e", "g", "b"} and not letters & _DIGITS):
        return Shows.DAY
    if "m" in letters and not letters & {"h", "s"}:
        return Shows.NUMBER if "[" in letters else Shows.DAY
    if letters & {"h", "s"} and not letters & ({"["} | _DIGITS):
        return Shows.TIME
    return Shows.NUMBER if letters & ({"h", "m", "s"} | _DIGITS) else None
