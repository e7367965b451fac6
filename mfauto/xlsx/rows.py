"""The rows of a worksheet part, read by pattern as its bytes are unpacked.

Nearly every program writes rows in one plain shape, which `segments` proves row by row;
at the first other shape the whole part is read by `parsed_rows`, which knows them all.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple, Protocol, TypeVar

from mfauto.xlsx.dealing import Dealer, Dealt, Reader
from mfauto.xlsx.plain import OddShapeError, PlainPart
from mfauto.xlsx.refs import LAST_ROW
from mfauto.xlsx.segments import Segments, number_of
from mfauto.xlsx.values import Unreadable, Value

__all__ = ["NONE", "OddShapeError", "Row", "rows"]

NONE: frozenset[int] = frozenset()


class Row(NamedTuple):
    """One row that has a value or a formula; columns are counted from 1."""

    number: int
    values: dict[int, str | float | bool | date | datetime | Unreadable]
    formulas: frozenset[int]  #: columns whose value comes from a formula
    hidden: bool


_Row = TypeVar("_Row")
_Row_co = TypeVar("_Row_co", covariant=True)
_new = tuple.__new__  # what `Row(...)` comes to, in half of its time: there is one for each row


def rows(
    open_part: Callable[[], Iterator[bytes]], segments: Segments, file: str, part: str
) -> Iterator[Row]:
    """Yield the rows of a worksheet part in which anything stands, as they stand in the file.

    That is from top to bottom, but for a few programs that sort them in no way at all.
    """

    def of_values(
        number: int, values: dict[int, Value], formulas: frozenset[int], *, hidden: bool
    ) -> Row | None:
        return _new(Row, (number, values, formulas, hidden)) if values else None

    def of_piece(number: int, piece: str) -> Row | None:
        values, start = segments.quick_row(number, piece)
        return of_values(number, values, NONE, hidden=start.hidden)

    return _each(open_part, segments, file, part, of_piece, of_values)


def dealt_rows(
    open_part: Callable[[], Iterator[bytes]],
    segments: Segments,
    file: str,
    part: str,
    readers: Mapping[int, Reader],
    blank: Sequence[object],
    *,
    after: int,
) -> Iterator[Dealt]:
    """Yield the rows in which any cell goes to a reader's place, or is handed on; likewise."""
    dealer = Dealer(segments, readers, blank, after=after)
    return _each(open_part, segments, file, part, dealer.of_piece, dealer.of_values)


class _OfValues(Protocol[_Row_co]):
    """Makes a row of its values; None where there is nothing in it."""

    def __call__(
        self, number: int, values: dict[int, Value], formulas: frozenset[int], *, hidden: bool
    ) -> _Row_co | None: ...


def _each(
    open_part: Callable[[], Iterator[bytes]],
    segments: Segments,
    file: str,
    part: str,
    of_piece: Callable[[int, str], _Row | None],
    of_values: _OfValues[_Row],
) -> Iterator[_Row]:
    done = 0
    number = 0
    try:
        for pieces in PlainPart(open_part(), file, part).lists():
            for piece in pieces:
                number += 1
                if number > LAST_ROW or not piece.startswith(f'r="{number}"'):  # seldom
                    number = number_of(piece)
                try:
                    row = of_piece(number, piece)
                except OddShapeError:
                    values, formulas, start = segments.careful_row(number, piece)
                    row = of_values(number, values, formulas or NONE, hidden=start.hidden)
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
        row = of_values(number, found, formulas, hidden=hidden)
        if row is not None:
            yield row
