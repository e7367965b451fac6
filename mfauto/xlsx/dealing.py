"""Rows whose cells are dealt out, each to the reader of its column, in one pass over the row.

What a cell of a column says is worked out once for each way in which it stands in the file, and
looked up from then on: most cells of a tracker stand there in few ways.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from mfauto.xlsx.plain import OddShapeError
from mfauto.xlsx.segments import END, Segments
from mfauto.xlsx.values import Value

NOWHERE: Final = -1  #: the cell says nothing
APART: Final = -2  #: the cell is handed on as it is, for whoever reads to look at
_MOST: Final = 10_000  #: ways that are remembered for each column; texts that stand once fill it

Reader = Callable[[Value], tuple[int, object]]
"""Gives the place of a cell in the row's list, and what to put there; or NOWHERE, or APART."""


class Dealt(NamedTuple):
    """One row, dealt out."""

    number: int
    made: list[Any]  #: as the reader's blank list, with what the cells say in their places
    filled: int  #: cells that went to a place
    apart: Sequence[tuple[int, Value]]  #: column and value of each cell that is handed on
    formulas: frozenset[int]  #: columns whose value comes from a formula
    hidden: bool
    source: str | dict[int, Value]  #: the row as it stands, or its values
    segments: Segments

    @property
    def values(self) -> dict[int, Value]:
        """What stands in each column, also in those that nobody reads."""
        if isinstance(self.source, str):
            return self.segments.quick_row(self.number, self.source)[0]
        return self.source


_new = tuple.__new__  # what `Dealt(...)` comes to, in half of its time: there is one for each row
_NONE: Final[frozenset[int]] = frozenset()


class _Column(dict[str, tuple[int, object, int]]):
    """Where a cell of one column goes, as what, and the next cell's column; by segment."""

    def __init__(self, segments: Segments, read: Reader | None) -> None:
        super().__init__()
        self._segments = segments
        self._read = read

    def __missing__(self, segment: str) -> tuple[int, object, int]:
        value, following = self._segments.read(segment)
        at, said = (NOWHERE, None) if value is None or self._read is None else self._read(value)
        found = at, (value if at == APART else said), following
        if len(self) < _MOST:
            self[segment] = found
        return found


class _Columns(dict[int, _Column]):
    """The columns of one sheet, made as they are met."""

    def __init__(self, segments: Segments, readers: Mapping[int, Reader]) -> None:
        super().__init__()
        self._segments = segments
        self._readers = readers

    def __missing__(self, column: int) -> _Column:
        made = self[column] = _Column(self._segments, self._readers.get(column))
        return made


class Dealer:
    """Deals out the rows of one sheet."""

    def __init__(
        self,
        segments: Segments,
        readers: Mapping[int, Reader],
        blank: Sequence[object],
        *,
        after: int,
    ) -> None:
        self._after = after  #: the row of the headings: they are not for the readers
        self._segments = segments
        self._readers = readers
        self._blank = list(blank)
        self._columns = _Columns(segments, readers)

    def of_piece(self, number: int, piece: str) -> Dealt | None:
        """Deal out a row as it stands in the file; None where no cell goes anywhere.

        OddShapeError where the row must be looked at more closely.
        """
        if number <= self._after:
            return None
        columns = self._columns
        made = self._blank.copy()
        filled = 0
        apart: list[tuple[int, Any]] = []
        parts = piece.split(f'{number}"')
        start = self._segments.starts[parts[1]]
        column = start.column
        for segment in parts[2:]:
            at, said, following = columns[column][segment]
            if at >= 0:
                made[at] = said
                filled += 1
            elif at == APART:
                apart.append((column, said))
            if following <= column and (following or not column):
                raise OddShapeError
            column = following
        if column != END:
            raise OddShapeError
        if not (filled or apart):
            return None
        return _new(
            Dealt, (number, made, filled, apart, _NONE, start.hidden, piece, self._segments)
        )

    def of_values(
        self, number: int, values: dict[int, Value], formulas: frozenset[int], *, hidden: bool
    ) -> Dealt | None:
        """Deal out a row whose values are known; None where no cell goes anywhere."""
        if number <= self._after:
            return None
        made = self._blank.copy()
        filled = 0
        apart = []
        for column, value in values.items():
            read = self._readers.get(column)
            if read is None:
                continue
            at, said = read(value)
            if at >= 0:
                made[at] = said
                filled += 1
            elif at == APART:
                apart.append((column, value))
        if not (filled or apart):
            return None
        return Dealt(number, made, filled, apart, formulas, hidden, values, self._segments)
