"""Touched cells into a worksheet part of any shape, at places a full parse has found.

Knows what `walk` knows, single quotes, comments, CDATA and other encodings. Holds the part
in memory whole, and of its rows only the wanted ones.
"""

from bisect import bisect_right
from dataclasses import dataclass, field

from mfauto.errors import TrackerError
from mfauto.xlsx import markup
from mfauto.xlsx.edits import (
    Edits,
    created_cell,
    created_row,
    rewritten_cell,
    widened_dimension,
    widened_spans,
)
from mfauto.xlsx.encoding import TAG, from_utf8, to_utf8
from mfauto.xlsx.refs import area
from mfauto.xlsx.refusals import damaged
from mfauto.xlsx.values import Value
from mfauto.xlsx.walk import CELLS, CONTENTS, ROWS, Walk

_TRUE = frozenset({"1", "true"})
_SAVE = "Open the workbook in Excel and save it, which puts that right."


def parsed_splice(
    data: bytes, edits: Edits, now: dict[int, dict[int, Value]], file: str, part: str
) -> bytes:
    """Return the part with the wanted cells in it. `now` has what reads in the wanted rows."""
    utf8, codec = to_utf8(data, file, part)
    found = _Finder(utf8, edits, file, part)
    return from_utf8(_spliced(utf8, found, edits, now), codec)


@dataclass(slots=True)
class _Spot:
    """Where an element stands: bytes from `start` to `end`."""

    number: int  #: row or column
    start: int
    tag_end: int  #: after its start tag
    attributes: dict[str, str]
    close: int = -1  #: where its end tag starts; -1 where it is empty and has none
    end: int = -1
    prefix: str = ""
    cells: dict[int, "_Spot"] = field(default_factory=dict)  #: of a row: the wanted ones
    starts: list[tuple[int, int]] = field(
        default_factory=list
    )  #: of a row: column and start of each
    kept: list[tuple[int, int]] = field(default_factory=list)  #: children we have no part in
    formula: bool = False
    mixed: bool = False  #: a row in which alternative contents stand


class _Finder:
    """Finds the wanted rows and their cells, and where rows that are not there belong."""

    def __init__(self, data: bytes, edits: Edits, file: str, part: str) -> None:
        self.rows: dict[int, _Spot] = {}
        self.places: dict[int, int] = {}  #: of wanted rows: the start of the first row below
        self.sheet_data: _Spot | None = None
        self._data = data
        self._edits = edits
        self._file, self._part = file, part
        self._wanted = list(edits.wanted)
        self._lowest = 0  #: the greatest row number so far
        self._mixed = False  #: whether alternative contents stand among the rows
        self._row: _Spot | None = None  #: the wanted row that is open
        self._cell: _Spot | None = None
        self._child: _Spot | None = None
        self._walk = Walk(file, part, encoding="utf-8")
        self._walk.parser.StartElementHandler = self._start
        self._walk.parser.EndElementHandler = self._end
        markup.feed(self._walk.parser, data, file, part, last=True)
        if self.sheet_data is None:
            raise damaged(file, f'its part "{part}" has no place for cells')
        if self._mixed:
            for row in self._wanted:
                if row not in self.rows:
                    self._block(row, "the file holds its rows in two versions")

    def _block(self, row: int, why: str, column: int | None = None) -> None:
        """Let nobody write a wanted cell, or any cell of a wanted row."""
        for one in self._edits.wanted[row] if column is None else (column,):
            if one in self._edits.wanted[row]:
                self._edits.blocked.setdefault((row, one), (why, _SAVE))

    def _spot(self, number: int, attributes: dict[str, str]) -> _Spot:
        start = self._walk.parser.CurrentByteIndex
        tag = TAG.match(self._data, start)
        if tag is None:
            raise damaged(self._file, f'its part "{self._part}" cannot be followed')
        prefix, colon, _ = tag[1].decode().rpartition(":")
        return _Spot(number, start, tag.end(), attributes, prefix=prefix + colon)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        before = self._walk.among_alternatives
        local = self._walk.start(name, attributes)
        path = self._walk.path
        if self._walk.among_alternatives and not before:
            self._mixed |= path == ROWS
            if path == CELLS and self._row is not None:
                self._row.mixed = True
        if local is None or path[:2] != ROWS:
            return
        if path == ROWS:
            if self.sheet_data is not None:
                raise damaged(self._file, f'its part "{self._part}" holds its cells twice')
            if before:
                raise damaged(
                    self._file, f'its part "{self._part}" holds its cells in two versions'
                )
            self.sheet_data = self._spot(0, attributes)
        elif path == CELLS:
            self._start_row(attributes)
        elif path == CONTENTS:
            self._check_rows_are_numbered()
            self._start_cell(attributes)
        elif path[:-1] == CONTENTS:
            self._start_content(local, attributes)

    def _start_row(self, attributes: dict[str, str]) -> None:
        number = self._walk.row
        if number > self._lowest:
            start = self._walk.parser.CurrentByteIndex
            first = bisect_right(self._wanted, self._lowest)
            for row in self._wanted[first:]:
                if row >= number:
                    break
                self.places[row] = start
            self._lowest = number
        self._row = None
        if number not in self._edits.wanted:
            return
        if number in self.rows:
            self._block(number, f"row {number} stands twice in the file")
            return
        if self._walk.among_alternatives:
            self._block(number, "the file holds its row in two versions")
        self._row = self.rows[number] = self._spot(number, attributes)

    def _check_rows_are_numbered(self) -> None:
        if self._walk.shifted:
            sheet = f'{self._file}, sheet "{self._edits.sheet}"'
            raise TrackerError(
                f"{sheet}: its rows do not say which they are; only their cells do.\n"
                f"Nothing was written. {_SAVE}"
            )

    def _start_cell(self, attributes: dict[str, str]) -> None:
        row = self._row
        if row is None:
            return
        column = self._walk.column
        self._cell = None
        row.starts.append((column, self._walk.parser.CurrentByteIndex))
        if column not in self._edits.wanted[row.number]:
            return
        if column in row.cells:
            self._block(row.number, "it stands twice in the file", column)
            return
        if self._walk.among_alternatives:
            self._block(row.number, "the file holds it in two versions", column)
        self._cell = row.cells[column] = self._spot(column, attributes)

    def _start_content(self, local: str, attributes: dict[str, str]) -> None:
        if self._cell is not None:
            self._child = self._spot(0, attributes)
            self._cell.formula |= local == "f"
        if local == "f" and attributes.get("t") in {"array", "dataTable"}:
            try:
                self._edits.note_array(area(attributes.get("ref", "")))
            except ValueError as error:
                raise damaged(
                    self._file, f'its part "{self._part}" has an array formula without a place'
                ) from error

    def _end(self, name: str) -> None:
        local = self._walk.end(name)
        path = self._walk.path
        if local is None:
            return
        if local == "sheetData" and path == ROWS[:1] and self.sheet_data is not None:
            self._close(self.sheet_data)
        elif self._row is None:
            return
        elif local == "row" and path == ROWS:
            self._close(self._row)
            if self._row.mixed:
                for column in self._edits.wanted[self._row.number].keys() - self._row.cells.keys():
                    self._block(self._row.number, "the file holds its row in two versions", column)
            self._row = None
        elif local == "c" and path == CELLS and self._cell is not None:
            self._close(self._cell)
            self._cell = None
        elif path == CONTENTS and local not in {"f", "v", "is"} and self._child and self._cell:
            self._close(self._child)
            self._cell.kept.append((self._child.start, self._child.end))

    def _close(self, spot: _Spot) -> None:
        if self._data[spot.tag_end - 2 : spot.tag_end] == b"/>":
            spot.end = spot.tag_end
        else:
            spot.close = self._walk.parser.CurrentByteIndex
            spot.end = self._data.index(b">", spot.close) + 1


def _spliced(data: bytes, found: _Finder, edits: Edits, now: dict[int, dict[int, Value]]) -> bytes:
    assert found.sheet_data is not None  # noqa: S101 - the finder refuses a part without
    changes: list[tuple[int, int, str]] = []
    at_the_end = ""
    for number in edits.wanted:
        row = found.rows.get(number)
        if row is not None:
            changes += _row_changes(data, row, edits, now.get(number, {}))
            continue
        new = created_row(edits, number, found.sheet_data.prefix)
        if number in found.places:
            changes.append((found.places[number], found.places[number], new))
        else:
            at_the_end += new
    if at_the_end:
        changes.append(_inside(data, found.sheet_data, at_the_end, "sheetData"))
    head = data[: found.sheet_data.start].decode()
    pieces = [widened_dimension(head, edits).encode()]
    cursor = found.sheet_data.start
    for start, end, text in sorted(changes, key=lambda change: change[:2]):
        pieces += [data[cursor:start], text.encode()]
        cursor = end
    pieces.append(data[cursor:])
    return b"".join(pieces)


def _inside(data: bytes, spot: _Spot, new: str, name: str) -> tuple[int, int, str]:
    """Return the change that puts `new` at the end of an element, opening it where it is empty."""
    if spot.close >= 0:
        return spot.close, spot.close, new
    tag = data[spot.start : spot.end].decode().removesuffix("/>").rstrip()
    return spot.start, spot.end, f"{tag}>{new}</{spot.prefix}{name}>"


def _row_changes(
    data: bytes, row: _Spot, edits: Edits, now: dict[int, Value]
) -> list[tuple[int, int, str]]:
    changes: list[tuple[int, int, str]] = []
    created: list[tuple[int, int, str]] = []
    for column in edits.wanted[row.number]:
        if column in row.cells:
            changes += _cell_change(data, row.number, row.cells[column], edits, now.get(column))
            continue
        content = edits.created(row.number, column, _row_style(row))
        if content is not None:
            at = next((start for other, start in row.starts if other > column), row.close)
            new = created_cell(content, row.number, column, row.prefix)
            created.append((at, column, new))
    if not created:
        return changes
    tag = data[row.start : row.tag_end].decode()
    wide = widened_spans(tag, [column for _, column, _ in created])
    if row.close < 0:
        cells = "".join(new for _, _, new in created)
        opened = wide.removesuffix("/>").rstrip()
        return [(row.start, row.end, f"{opened}>{cells}</{row.prefix}row>")]
    if wide != tag:
        changes.append((row.start, row.tag_end, wide))
    changes += [(at, at, new) for at, _, new in created]
    return sorted(changes, key=lambda change: change[:2])


def _row_style(row: _Spot) -> int | None:
    style = row.attributes.get("s", "")
    own = row.attributes.get("customFormat") in _TRUE
    return int(style) if own and style.isdecimal() else None


def _cell_change(
    data: bytes, row: int, cell: _Spot, edits: Edits, now: Value | None
) -> list[tuple[int, int, str]]:
    stated = cell.attributes.get("s", "0")
    style = int(stated) if stated.isdecimal() else 0
    content = edits.content(row, cell.number, now=now, formula=cell.formula, style=style)
    if content is None:
        return []
    kept = "".join(data[start:end].decode() for start, end in cell.kept)
    tag = data[cell.start : cell.tag_end].decode()
    return [(cell.start, cell.end, rewritten_cell(tag, style, content, cell.prefix, kept))]
