"""Touched cells into a worksheet part, by pattern, row by row as it streams past.

Works on the plain shape that `rows` reads, with the same proof that nothing was
overlooked; for every other shape `parsed_splice` does it from a full parse.
"""

import re
from collections.abc import Iterator

from mfauto.xlsx import rows as reading
from mfauto.xlsx.edits import (
    Edits,
    created_cell,
    created_row,
    rewritten_cell,
    widened_dimension,
    widened_spans,
)
from mfauto.xlsx.refs import area, reference
from mfauto.xlsx.rows import COLUMNS, OddShapeError
from mfauto.xlsx.values import Meaning

_CELL_START = re.compile(r'<c r="([A-Z]{1,3})\d+"')
_CELL_TAG = re.compile(r'<c r="[A-Z]{1,3}\d+"([^<>/]*)/?>')
_FORMULA = re.compile(r"<f ([^>]*)>")
_ARRAY = re.compile(r' ?(?:.* )?t="(?:array|dataTable)"')
_ARRAY_REF = re.compile(r'(?:^| )ref="([A-Z]+\d+(?::[A-Z]+\d+)?)"')
_STYLE = re.compile(r' s="(\d+)"')
_OWN_FORMAT = re.compile(r' customFormat="(?:1|true)"')

Filled = tuple[str, ...] | None


def spliced(
    chunks: Iterator[bytes], edits: Edits, meaning: Meaning, file: str, part: str
) -> Iterator[str]:
    """Yield the part's text with the wanted cells in it; OddShapeError where it is not plain."""
    splicer = _Splicer(edits, meaning)
    found = reading.pieces(chunks)
    head = next(found)
    reading.check_head(head, file, part)
    yield widened_dimension(head, edits)
    held = next(found, None)
    if held is None:
        raise OddShapeError
    for piece in found:
        yield from splicer.row(held)
        held = piece
    row, tail = reading.split_tail(held)
    if "sheetData" in tail[11:]:
        raise OddShapeError
    yield from splicer.row(row)
    yield from splicer.new_rows(None)
    yield tail


class _Splicer:
    """Goes through the rows once."""

    def __init__(self, edits: Edits, meaning: Meaning) -> None:
        self._edits = edits
        self._cells = reading.CellReader(meaning)
        self._kinds = self._cells.getters.kinds
        self._waiting = sorted(edits.wanted, reverse=True)
        self._last = 0

    def new_rows(self, before: int | None) -> Iterator[str]:
        """Yield the rows to be created above row `before`, or all that are left."""
        while self._waiting and (before is None or self._waiting[-1] < before):
            yield created_row(self._edits, self._waiting.pop())

    def row(self, piece: str) -> Iterator[str]:
        """Yield the row as it shall stand, and the new rows above it."""
        start = reading.start_of(piece)
        number = int(start[1])
        if number <= self._last:
            raise OddShapeError
        self._last = number
        yield from self.new_rows(number)
        if "<f " in piece:
            self._note_arrays(piece)
        if self._waiting and self._waiting[-1] == number:
            self._waiting.pop()
            piece = self._touched(piece, start, number)
        yield "<row "
        yield piece

    def _note_arrays(self, piece: str) -> None:
        for attributes in _FORMULA.findall(piece):
            if "'" in attributes or "&" in attributes:
                raise OddShapeError
            if _ARRAY.match(attributes):
                ref = _ARRAY_REF.search(attributes)
                if ref is None:
                    raise OddShapeError
                self._edits.arrays.append(area(ref[1]))

    def _touched(self, piece: str, start: re.Match[str], number: int) -> str:
        """Return a row's piece with its wanted cells in it."""
        wanted = self._edits.wanted[number]
        if start[2].endswith("/"):
            if piece[start.end() :].strip():
                raise OddShapeError
            opened = piece[: start.end()].removesuffix("/>") + "></row>" + piece[start.end() :]
            made = self._with_created(opened, number, list(wanted))
            return piece if made == opened else made
        reading.check_plain(piece, start[1])
        missing = []
        for column in wanted:
            found = reading.cell_at(piece, reference(number, column))
            if found is None:
                missing.append(column)
            else:
                piece = self._with_cell(piece, number, column, *found)
        return self._with_created(piece, number, missing) if missing else piece

    def _with_cell(
        self, piece: str, number: int, column: int, at: int, end: int, filled: Filled
    ) -> str:
        tag = _CELL_TAG.match(piece, at)
        if tag is None:
            raise OddShapeError
        self._kinds[tag[1]]  # an attribute it does not know is an odd shape
        stated = _STYLE.search(tag[1])
        style = int(stated[1]) if stated else 0
        now = self._cells.value(filled) if filled else None
        formula = filled is not None and filled[2] != ""
        content = self._edits.content(number, column, now=now, formula=formula, style=style)
        if content is None:
            return piece
        return piece[:at] + rewritten_cell(tag[0], style, content) + piece[end:]

    def _with_created(self, piece: str, number: int, missing: list[int]) -> str:
        """Return the piece with cells that were not there yet, each in its place."""
        tag = reading.start_of(piece)
        stated = _STYLE.search(tag[2])
        row_style = int(stated[1]) if stated and _OWN_FORMAT.search(tag[2]) else None
        created = []
        for column in missing:
            content = self._edits.created(number, column, row_style)
            if content is not None:
                at = _place(piece, column)
                piece = piece[:at] + created_cell(content, number, column) + piece[at:]
                created.append(column)
        return widened_spans(piece[: tag.end()], created) + piece[tag.end() :]


def _place(piece: str, column: int) -> int:
    """Where a new cell of the column belongs in a row's piece."""
    last = _CELL_START.match(piece, max(piece.rfind("<c "), 0))
    if last is None or COLUMNS[last[1]] < column:
        return piece.rindex("</row>")
    there = [(COLUMNS[found[1]], found.start()) for found in _CELL_START.finditer(piece)]
    if there != sorted(there):
        raise OddShapeError
    return next(at for other, at in there if other > column)
