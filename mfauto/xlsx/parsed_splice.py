"""Touched cells into a worksheet part of any shape, at places a full parse has found.

Knows what `parsed_rows` knows: prefixed names, rows and cells without `r`, single
quotes, comments, CDATA and other encodings. Holds the part in memory whole.
"""

from dataclasses import dataclass, field

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
from mfauto.xlsx.parsed_rows import Places
from mfauto.xlsx.refs import area
from mfauto.xlsx.refusals import damaged
from mfauto.xlsx.values import Value

_TRUE = frozenset({"1", "true"})


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
    cells: list["_Spot"] = field(default_factory=list)
    kept: list[tuple[int, int]] = field(default_factory=list)  #: children we have no part in
    formula: bool = False


class _Finder:
    """Finds the rows, and in wanted rows the cells, of a part."""

    def __init__(self, data: bytes, edits: Edits, file: str, part: str) -> None:
        self.rows: list[_Spot] = []
        self.sheet_data: _Spot | None = None
        self._data = data
        self._edits = edits
        self._file, self._part = file, part
        self._places = Places(file, part)
        self._path: list[str] = []
        self._child: _Spot | None = None
        self._parser = markup.parser(file, part, encoding="utf-8")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        markup.feed(self._parser, data, file, part, last=True)
        if self.sheet_data is None:
            raise damaged(file, f'its part "{part}" has no place for cells')

    def _spot(self, number: int, attributes: dict[str, str]) -> _Spot:
        start = self._parser.CurrentByteIndex
        tag = TAG.match(self._data, start)
        if tag is None:
            raise damaged(self._file, f'its part "{self._part}" cannot be followed')
        prefix, colon, _ = tag[1].decode().rpartition(":")
        return _Spot(number, start, tag.end(), attributes, prefix=prefix + colon)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = markup.local_name(name)
        self._path.append(local)
        depth = len(self._path)
        markup.check_depth(depth, self._file, self._part)
        if depth == 2 and local == "sheetData":  # noqa: PLR2004 - worksheet, sheetData
            if self.sheet_data is not None:
                raise damaged(self._file, f'its part "{self._part}" holds its cells twice')
            self.sheet_data = self._spot(0, attributes)
        elif depth > 2 and self._path[1] == "sheetData":  # noqa: PLR2004
            if name.startswith(markup.COMPATIBILITY):
                raise damaged(self._file, f'its part "{self._part}" holds alternative cells')
            self._start_inside(local, attributes, depth)

    def _start_inside(self, local: str, attributes: dict[str, str], depth: int) -> None:
        if depth == 3 and local == "row":  # noqa: PLR2004 - worksheet, sheetData, row
            self._places.enter_row(attributes)
            self.rows.append(self._spot(self._places.row, attributes))
        elif depth == 4 and self._path[2:] == ["row", "c"]:  # noqa: PLR2004
            self._places.enter_cell(attributes)
            if self._places.row in self._edits.wanted:
                self.rows[-1].cells.append(self._spot(self._places.column, attributes))
        elif depth == 5 and self._path[2:4] == ["row", "c"]:  # noqa: PLR2004
            self._child = self._spot(0, attributes)
            if local == "f":
                self._note_formula(attributes)

    def _note_formula(self, attributes: dict[str, str]) -> None:
        row = self._places.row
        if row in self._edits.wanted:
            self.rows[-1].cells[-1].formula = True
        if attributes.get("t") in {"array", "dataTable"}:
            try:
                self._edits.arrays.append(area(attributes.get("ref", "")))
            except ValueError as error:
                raise damaged(
                    self._file, f'its part "{self._part}" has an array formula without a place'
                ) from error

    def _end(self, _: str) -> None:
        local = self._path.pop()
        depth = len(self._path)
        if depth == 1 and local == "sheetData" and self.sheet_data is not None:
            self._close(self.sheet_data)
        elif depth == 2 and local == "row" and self._path[1] == "sheetData":  # noqa: PLR2004
            self._close(self.rows[-1])
        elif self._places.row in self._edits.wanted and self._path[1:3] == ["sheetData", "row"]:
            if depth == 3 and local == "c":  # noqa: PLR2004
                self._close(self.rows[-1].cells[-1])
            elif depth == 4 and local not in {"f", "v", "is"} and self._child:  # noqa: PLR2004
                self._close(self._child)
                self.rows[-1].cells[-1].kept.append((self._child.start, self._child.end))

    def _close(self, spot: _Spot) -> None:
        if self._data[spot.tag_end - 2 : spot.tag_end] == b"/>":
            spot.end = spot.tag_end
        else:
            spot.close = self._parser.CurrentByteIndex
            spot.end = self._data.index(b">", spot.close) + 1


def _spliced(data: bytes, found: _Finder, edits: Edits, now: dict[int, dict[int, Value]]) -> bytes:
    assert found.sheet_data is not None  # noqa: S101 - the finder refuses a part without
    changes: list[tuple[int, int, str]] = []
    waiting = sorted(edits.wanted)
    for row in found.rows:
        new = ""
        while waiting and waiting[0] < row.number:
            new += created_row(edits, waiting.pop(0), row.prefix)
        if new:
            changes.append((row.start, row.start, new))
        if waiting and waiting[0] == row.number:
            waiting.pop(0)
            changes += _row_changes(data, row, edits, now.get(row.number, {}))
    sheet_data = found.sheet_data
    new = "".join(created_row(edits, row, sheet_data.prefix) for row in waiting)
    if new:
        changes.append(_inside(data, sheet_data, new, "sheetData"))
    head = data[: sheet_data.start].decode()
    pieces = [widened_dimension(head, edits).encode()]
    cursor = sheet_data.start
    for start, end, text in changes:
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
    there = {cell.number: cell for cell in row.cells}
    for column in edits.wanted[row.number]:
        if column in there:
            changes += _cell_change(data, row.number, there[column], edits, now.get(column))
            continue
        content = edits.created(row.number, column, _row_style(row))
        if content is not None:
            at = next((cell.start for cell in row.cells if cell.number > column), row.close)
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
