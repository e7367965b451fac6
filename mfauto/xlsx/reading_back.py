"""The new file compared with the old one: touched cells as wanted, all else as before.

Cells whose bytes are the same read the same: where the old rows are proven to be plain,
the touched cells are taken out of old and new, and what is left must be equal. In a part
of another shape every cell of the sheet is compared by its value.
"""

import re
from collections.abc import Collection, Iterator
from itertools import zip_longest
from typing import TypeVar

from mfauto.errors import TrackerError
from mfauto.xlsx import rows as reading
from mfauto.xlsx.archive import Member
from mfauto.xlsx.contents import Content
from mfauto.xlsx.edits import Edits, widened_dimension
from mfauto.xlsx.encoding import to_utf8
from mfauto.xlsx.refs import reference
from mfauto.xlsx.rows import NONE, CellReader, OddShapeError, Row
from mfauto.xlsx.values import Value
from mfauto.xlsx.workbook import Workbook

Kept = TypeVar("Kept")

_ROWS_START = re.compile(r"<(?:[\w.-]+:)?sheetData[\s/>]")
_ROWS_END = re.compile(r"</(?:[\w.-]+:)?sheetData\s*>|<(?:[\w.-]+:)?sheetData\s*/>")
_SPANS = re.compile(r' spans="[0-9: ]*"')


def check_parts(old: Workbook, new: Workbook, replaced: Collection[Member]) -> None:
    """Make sure that every other part stands as it stood, and that every part is whole."""
    for before, after in zip_longest(old.archive.members, new.archive.members):
        if before is None or after is None or before.name != after.name:
            raise differs(old.file, "its parts are not the same")
        if before not in replaced and old.archive.raw(before) != new.archive.raw(after):
            raise differs(old.file, f'its part "{before.name}" changed')
    # the small ones were checked on opening, and `check_cells` reads the replaced ones
    new.archive.check_large(but={member.name for member in replaced})


def check_cells(old: Workbook, new: Workbook, edits: Edits) -> None:
    """Make sure that the touched cells read as wanted and all others as before."""
    if edits.plain:
        try:
            _check_plain(old, new, edits)
        except OddShapeError as error:
            raise differs(edits.file, f'sheet "{edits.sheet}" lost its shape') from error
        return
    rows = _paired(
        ((row.number, row) for row in old.rows(edits.sheet)),
        ((row.number, row) for row in new.rows(edits.sheet)),
    )
    for number, was, will in rows:
        _check_row(number, was, will, edits)
    head_before, tail_before = _around(old, edits.sheet)
    head_after, tail_after = _around(new, edits.sheet)
    _check_around(head_before, head_after, tail_before, tail_after, edits)


def _around(workbook: Workbook, sheet: str) -> tuple[str, str]:
    """Return what is before and after the rows of a part of any shape."""
    member = workbook.package.member(workbook.sheet(sheet).part)
    data = workbook.archive.unpack(member)
    text = to_utf8(data, workbook.file, member.name)[0].decode()
    starts = [found.start() for found in _ROWS_START.finditer(text)]
    ends = [found.end() for found in _ROWS_END.finditer(text)]
    if not starts or not ends:
        raise differs(workbook.file, f'sheet "{sheet}" lost its cells')
    return text[: starts[0]], text[ends[-1] :]


def _check_around(
    head_before: str, head_after: str, tail_before: str, tail_after: str, edits: Edits
) -> None:
    if head_after not in {head_before, widened_dimension(head_before, edits)}:
        raise differs(edits.file, f'sheet "{edits.sheet}" starts in another way')
    if tail_after != tail_before:
        raise differs(edits.file, f'sheet "{edits.sheet}" ends in another way')


def _paired(
    old: Iterator[tuple[int, Kept]], new: Iterator[tuple[int, Kept]]
) -> Iterator[tuple[int, Kept | None, Kept | None]]:
    """Yield number, old and new of each row that is in either; numbers ascend."""
    before, after = next(old, None), next(new, None)
    while before is not None or after is not None:
        number = min(found[0] for found in (before, after) if found is not None)
        was = will = None
        if before is not None and before[0] == number:
            was, before = before[1], next(old, None)
        if after is not None and after[0] == number:
            will, after = after[1], next(new, None)
        yield number, was, will


class _Pieces:
    """The rows of a plain part as they stand, with what is before and after them."""

    def __init__(self, workbook: Workbook, sheet: str) -> None:
        member = workbook.package.member(workbook.sheet(sheet).part)
        self._pieces = reading.pieces(workbook.archive.stream(member))
        self.head = next(self._pieces)
        reading.check_head(self.head, workbook.file, member.name)
        self.tail = ""

    def rows(self) -> Iterator[tuple[int, str]]:
        """Yield number and piece of each row."""
        last = 0
        held = next(self._pieces, None)
        while held is not None:
            following = next(self._pieces, None)
            if following is None:
                held, self.tail = reading.split_tail(held)
            number = int(reading.start_of(held)[1])
            if number <= last:
                raise OddShapeError
            last = number
            yield number, held
            held = following


def _check_plain(old: Workbook, new: Workbook, edits: Edits) -> None:
    """Compare the rows as they stand, and what is around them."""
    before, after = _Pieces(old, edits.sheet), _Pieces(new, edits.sheet)
    reader = CellReader(old.meaning)  # the parts it comes from are the same
    for number, was, will in _paired(before.rows(), after.rows()):
        touched = edits.changed.get(number, {})
        if was != will or touched:
            _check_piece(number, was, will, touched, reader, edits)
    _check_around(before.head, after.head, before.tail, after.tail, edits)


def _check_piece(
    number: int,
    was: str | None,
    will: str | None,
    touched: dict[int, Content],
    reader: CellReader,
    edits: Edits,
) -> None:
    rest_before = was or f'r="{number}"></row>'
    rest_after = will or f'r="{number}"></row>'
    start_before, start_after = reading.start_of(rest_before), reading.start_of(rest_after)
    rest_before, rest_after = rest_before[start_before.end() :], rest_after[start_after.end() :]
    for column, content in touched.items():
        ref = reference(number, column)
        rest_before, _ = _without(rest_before, ref)
        rest_after, cell = _without(rest_after, ref)
        value = None if cell is None else reader.value(cell)
        if (cell is not None and cell[2]) or not _same(value, content.expected):
            raise _reads_wrong(number, column, edits)
    if rest_before.rstrip().removesuffix("</row>") != rest_after.rstrip().removesuffix("</row>"):
        raise differs(edits.file, f'sheet "{edits.sheet}", row {number} changed elsewhere')
    if was and _own_look(start_before) != _own_look(start_after):
        raise differs(edits.file, f'sheet "{edits.sheet}", row {number} changed its look')


def _without(piece: str, ref: str) -> tuple[str, tuple[str, ...] | None]:
    """Take one cell out of a row's piece: what is left, and what stood in the cell."""
    found = reading.cell_at(piece, ref)
    if found is None:
        return piece, None
    start, end, cell = found
    return piece[:start] + piece[end:], cell


def _own_look(start: re.Match[str]) -> str:
    """Return a row's own attributes, but for those that may change with its cells."""
    return _SPANS.sub("", start[2]).removesuffix("/").rstrip()


def _check_row(number: int, before: Row | None, after: Row | None, edits: Edits) -> None:
    """Compare a row of any shape by its values."""
    was = before.values if before else {}
    will = after.values if after else {}
    touched = edits.changed.get(number, {})
    for column in {*was, *will, *touched}:
        expected = touched[column].expected if column in touched else was.get(column)
        if not _same(will.get(column), expected):
            raise _reads_wrong(number, column, edits)
    if (before.formulas if before else NONE) != (after.formulas if after else NONE):
        raise differs(edits.file, f'sheet "{edits.sheet}", row {number} changed its formulas')
    if before and after and before.hidden != after.hidden:
        raise differs(edits.file, f'sheet "{edits.sheet}", row {number} changed its look')


def _same(value: Value | None, expected: Value | None) -> bool:
    return type(value) is type(expected) and value == expected


def _reads_wrong(row: int, column: int, edits: Edits) -> TrackerError:
    ref = reference(row, column)
    return differs(edits.file, f'sheet "{edits.sheet}", cell {ref} does not read as it should')


def differs(file: str, what: str) -> TrackerError:
    """Refusal of a new file that is not what it should be."""
    return TrackerError(
        f"{file}: read back after writing, {what}.\n"
        "The new file was thrown away; nothing was changed. Please report this."
    )
