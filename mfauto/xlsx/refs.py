"""Cell references: "B7" to row 7, column 2, and back; areas such as "A1:F20".

Rows and columns are counted from 1, as Excel does. Pure: no files.
"""

import functools
from typing import NamedTuple

from mfauto.addresses import letters
from mfauto.patterns import pattern

LAST_ROW = 1_048_576
LAST_COLUMN = 16_384

_COLUMNS = {letters(at): at for at in range(1, 703)}  #: A to ZZ
_DIGITS = 7  #: of the last row; fewer are always within the sheet
_WHOLE = pattern(
    r"\$?([A-Za-z]{1,3}):\$?([A-Za-z]{1,3})|\$?([1-9][0-9]{0,6}):\$?([1-9][0-9]{0,6})"
)  #: columns such as "A:C", or rows such as "2:3"
_REFERENCE = pattern(r"\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6})")


class Area(NamedTuple):
    """A rectangle of cells, its corners included. `str(area)` is "A1:F20"."""

    top: int
    left: int
    bottom: int
    right: int

    def holds(self, row: int, column: int) -> bool:
        """Whether the cell lies inside."""
        return self.top <= row <= self.bottom and self.left <= column <= self.right

    def __str__(self) -> str:
        return f"{reference(self.top, self.left)}:{reference(self.bottom, self.right)}"


@functools.cache
def column_number(letters: str) -> int:
    """Count a column: "A" is 1, "XFD" is 16384."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


@functools.cache
def reference(row: int, column: int) -> str:
    """Name of a cell: row 7, column 2 is "B7"."""
    return f"{letters(column)}{row}"


def position(ref: str) -> tuple[int, int]:
    """Row and column of "B7" or "$B$7"; ValueError where Excel has no such cell."""
    try:
        name = ref.rstrip("0123456789")
    except (AttributeError, TypeError) as error:
        raise ValueError(f"{ref!r:.40} is no cell reference") from error
    digits = ref[len(name) :]
    quick = _COLUMNS.get(name)
    if quick is not None and 0 < len(digits) < _DIGITS and digits[0] != "0":
        return int(digits), quick
    match = _REFERENCE.fullmatch(ref)
    if match is None:
        raise ValueError(f'"{ref}" is no cell reference')
    name, digits = match.groups()
    row, column = int(digits), column_number(name)
    if row > LAST_ROW or column > LAST_COLUMN:
        raise ValueError(f'"{ref}" lies outside the sheet, which ends at XFD1048576')
    return row, column


def area(text: str) -> Area:
    """Area of "A1:F20", of the one cell "A1", of whole columns or rows; else ValueError."""
    first, colon, last = text.partition(":")
    whole = _WHOLE.fullmatch(text)
    if whole is not None:
        left, right, top, bottom = whole.groups()
        first, last = (f"A{top}", f"XFD{bottom}") if top else (f"{left}1", f"{right}{LAST_ROW}")
    top, left = position(first)
    bottom, right = position(last) if colon else (top, left)
    return Area(min(top, bottom), min(left, right), max(top, bottom), max(left, right))


def areas(text: str) -> tuple[Area, ...]:
    """Areas of a list such as "A1:B2 D4"."""
    return tuple(area(part) for part in text.split())
