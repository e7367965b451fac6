"""Excel's addresses: "AD14", "Cases!AD14", "'Re-audits'!C5"."""

import re
from functools import cache
from typing import Final

from mfauto.patterns import pattern

_LETTERS: Final = 26
_PLAIN: Final = pattern(r"[^\W\d][\w.]*", re.UNICODE)
_LIKE_A_CELL: Final = pattern(r"[A-Za-z]{1,3}\d+|[Rr]\d*[Cc]\d*|[Rr]|[Cc]")


@cache
def letters(column: int) -> str:
    """Give a column's letters: 1 is A, 27 is AA."""
    name = ""
    while column:
        column, rest = divmod(column - 1, _LETTERS)
        name = chr(ord("A") + rest) + name
    return name


@cache
def quoted(sheet: str) -> str:
    """Give a sheet's name as Excel writes it in front of a cell."""
    if _PLAIN.fullmatch(sheet) and not _LIKE_A_CELL.fullmatch(sheet):
        return sheet
    return "'" + sheet.replace("'", "''") + "'"


def address(sheet: str, column: int, row: int) -> str:
    """Give a cell's full address, such as "Cases!AD14"."""
    return f"{quoted(sheet)}!{letters(column)}{row}"
