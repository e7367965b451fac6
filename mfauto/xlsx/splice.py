"""Touched cells into a worksheet part, by pattern, row by row as it streams past.

Works on the plain shape, each touched row proven by `segments`; for every other
shape `parsed_splice` does it from a full parse.
"""

import re
from collections.abc import Iterator

from mfauto.addresses import letters
from mfauto.xlsx.contents import Content, Written
from mfauto.xlsx.edits import (
    Edits,
    created_cell,
    created_row,
    rewritten_cell,
    widened_dimension,
    widened_spans,
)
from mfauto.xlsx.plain import OddShapeError, PlainPart
from mfauto.xlsx.refs import LAST_ROW, area, reference
from mfauto.xlsx.segments import BODY, Cut, Segments, number_of
from mfauto.xlsx.values import Meaning

_FORMULA = re.compile(r"<f ([^>]*)>")
_ARRAY = re.compile(r' ?(?:.* )?t="(?:array|dataTable)"')
_ARRAY_REF = re.compile(r'(?:^| )ref="([A-Z]+\d+(?::[A-Z]+\d+)?)"')
_STYLE = re.compile(r' s="(\d+)"')
_OWN_FORMAT = re.compile(r' customFormat="(?:1|true)"')
_MOST = 20_000  #: rewritten cells remembered
_NEVER = LAST_ROW + 1


def spliced(
    chunks: Iterator[bytes], edits: Edits, meaning: Meaning, file: str, part: str
) -> Iterator[str]:
    """Yield the part's text with the wanted cells in it; OddShapeError where it is not plain."""
    plain = PlainPart(chunks, file, part, proven=True)
    splicer = _Splicer(edits, meaning)
    yield widened_dimension(plain.head, edits)
    for pieces in plain.lists():
        yield plain.restored("<row " + "<row ".join(splicer.rows(pieces)))
    yield plain.restored(splicer.new_rows_at_the_end())
    yield plain.tail


class _Splicer:
    """Goes through the rows once."""

    def __init__(self, edits: Edits, meaning: Meaning) -> None:
        self._edits = edits
        self._segments = Segments(meaning)
        self._waiting = sorted(edits.wanted, reverse=True)
        self._last = 0
        self._rewritten: dict[tuple[str, type, Written], tuple[str, Content]] = {}
        # cells alike become alike, unless somebody's own edits choose a content for each place
        self._alike = type(edits).content is Edits.content

    def rows(self, pieces: list[str]) -> Iterator[str]:
        """Yield the rows as they shall stand, new ones between them; all without their `<row `."""
        last, waiting = self._last, self._waiting
        following = waiting[-1] if waiting else _NEVER
        for piece in pieces:
            number = number_of(piece)
            if number <= last:
                raise OddShapeError
            last = number
            if "<f " in piece:
                self._note_arrays(piece)
            while following < number:
                made = created_row(self._edits, waiting.pop())
                if made:
                    yield made.removeprefix("<row ")
                following = waiting[-1] if waiting else _NEVER
            if following == number:
                waiting.pop()
                following = waiting[-1] if waiting else _NEVER
                yield self._touched(piece, number)
            else:
                yield piece
        self._last = last

    def new_rows_at_the_end(self) -> str:
        """Return the rows to be created below all others."""
        return "".join(created_row(self._edits, number) for number in reversed(self._waiting))

    def _note_arrays(self, piece: str) -> None:
        for attributes in _FORMULA.findall(piece):
            if "'" in attributes or "&" in attributes:
                raise OddShapeError
            if _ARRAY.match(attributes):
                ref = _ARRAY_REF.search(attributes)
                if ref is None:
                    raise OddShapeError
                self._edits.note_array(area(ref[1]))

    def _touched(self, piece: str, number: int) -> str:
        """Return a row's piece with its wanted cells in it."""
        missing: list[int] = []
        made: list[str] = []
        done = 0
        for column, value in self._edits.wanted[number].items():
            mark = f'<c r="{letters(column)}{number}"'
            at = piece.find(mark, done)
            if at < 0:
                if done and mark in piece:
                    raise OddShapeError  # the cells are out of order
                if value not in (None, "") or not self._alike:
                    missing.append(column)
                continue
            start = at + len(mark)
            body = BODY.match(piece, start)
            if body is None or piece.find(mark, start) >= 0:
                raise OddShapeError
            text, changes = self._rewritten_body(number, column, value, body)
            if changes:
                made += (piece[done:start], text)
                done = body.end()
        shape = self._segments.cut(number, piece) if missing else None
        if made:
            piece = "".join([*made, piece[done:]])
        return piece if shape is None else self._with_created(piece, shape, missing)

    def _rewritten_body(
        self, number: int, column: int, value: Written, body: re.Match[str]
    ) -> tuple[str, bool]:
        """Return what becomes of a cell that is there, and whether that is a change."""
        key = (body[0], type(value), value)
        known = self._rewritten.get(key)
        if known is not None and not self._edits.blocked:
            self._edits.changed.setdefault(number, {})[column] = known[1]
            return known[0], True
        filled = self._segments.body(body)
        content = self._edits.content(
            number,
            column,
            now=self._segments.value(filled),
            formula=filled.formula != "",
            style=filled.style,
        )
        if content is None:
            return body[0], False
        text = rewritten_cell(f"{filled.attributes}>", filled.style, content)
        if self._alike and len(self._rewritten) < _MOST:
            self._rewritten[key] = text, content
        return text, True

    def _with_created(self, piece: str, cut: Cut, missing: list[int]) -> str:
        """Return the piece with cells that were not there yet, each in its place."""
        stated = _STYLE.search(cut.start.attributes)
        own = _OWN_FORMAT.search(cut.start.attributes)
        row_style = int(stated[1]) if stated and own else None
        created: list[int] = []
        for column in missing:
            content = self._edits.created(cut.number, column, row_style)
            if content is None:
                continue
            if not (created or cut.columns):
                piece = _opened(piece)
            following = next((at for at in cut.columns if at > column), None)
            if following is None:
                at = piece.rindex("</row>")
            else:
                at = piece.index(f'<c r="{reference(cut.number, following)}"')
            piece = piece[:at] + created_cell(content, cut.number, column) + piece[at:]
            created.append(column)
        end = piece.index(">") + 1
        return widened_spans(piece[:end], created) + piece[end:]


def _opened(piece: str) -> str:
    """Return a row without cells with an end tag of its own."""
    if "</row>" in piece:
        return piece
    tag, _, rest = piece.partition("/>")
    return f"{tag}></row>{rest}"
