"""The rows of a worksheet part, read by pattern as its bytes are unpacked.

Nearly every program writes rows in one plain shape, which `segments` proves row by row;
at the first other shape the whole part is read by `parsed_rows`, which knows them all.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import NamedTuple

from mfauto.xlsx.plain import OddShapeError, PlainPart
from mfauto.xlsx.refs import LAST_ROW
from mfauto.xlsx.segments import Segments, number_of
from mfauto.xlsx.values import Unreadable

__all__ = ["NONE", "OddShapeError", "Row", "rows"]

NONE: frozenset[int] = frozenset()


class Row(NamedTuple):
    """One row that has a value or a formula; columns are counted from 1."""

    number: int
    values: dict[int, str | float | bool | date | datetime | Unreadable]
    formulas: frozenset[int]  #: columns whose value comes from a formula
    hidden: bool


_new = tuple.__new__  # what `Row(...)` comes to, in half of its time: there is one for each row


def rows(
    open_part: Callable[[], Iterator[bytes]], segments: Segments, file: str, part: str
) -> Iterator[Row]:
    """Yield the rows of a worksheet part in which anything stands, as they stand in the file.

    That is from top to bottom, but for a few programs that sort them in no way at all.
    """
    done = 0
    number = 0
    try:
        for pieces in PlainPart(open_part(), file, part).lists():
            for piece in pieces:
                number += 1
                if number > LAST_ROW or not piece.startswith(f'r="{number}"'):  # seldom
                    number = number_of(piece)
                row = _row(number, piece, segments)
                done += 1
                if row is not None:
                    yield row
    except OddShapeError:
        pass
    else:
        return
    from mfauto.xlsx.parsed_rows import parsed_rows  # noqa: PLC0415 - most parts never need it

    for number, found, formulas, hidden in parsed_rows(
        open_part(), segments.meaning, file, part, skip=done
    ):
        yield Row(number, found, formulas, hidden)


def _row(number: int, piece: str, segments: Segments) -> Row | None:
    """Read one row; None where nothing stands in it."""
    try:
        found, start = segments.quick_row(number, piece)
        formulas = NONE
    except OddShapeError:
        found, formulas, start = segments.careful_row(number, piece)
    return _new(Row, (number, found, formulas or NONE, start.hidden)) if found else None
