"""A worksheet part of any shape compared with its new self, by a full parse of both.

Everything the parser sees is compared: elements, attributes, texts, comments. Only the touched
cells are left out, and compared one by one; so are rows made for them, and a row's `spans`.
"""

import hashlib
from dataclasses import dataclass, field

from mfauto.errors import TrackerError
from mfauto.xlsx import markup
from mfauto.xlsx.edits import Edits
from mfauto.xlsx.refs import reference
from mfauto.xlsx.refusals import differs
from mfauto.xlsx.walk import CELLS, CONTENTS, ROWS, Walk
from mfauto.xlsx.workbook import Workbook

_REPLACED = frozenset({"f", "v", "is"})  #: what a cell's value stands in
_MAY_CHANGE = frozenset({"r", "s", "t", "cm", "vm"})

Touched = tuple[int, int]  #: row, column


def compare_parsed(old: Workbook, new: Workbook, edits: Edits) -> None:
    """Make sure that the touched cells read as wanted and all others stand as before."""
    touched = {(row, column) for row, cells in edits.changed.items() for column in cells}
    before = _Sheet(old, edits, touched, there=None)
    after = _Sheet(new, edits, touched, there=before.rows)
    if before.rest.digest() != after.rest.digest():
        raise differs(edits.file, f'sheet "{edits.sheet}" changed elsewhere')
    expected = {cell: edits.changed[cell[0]][cell[1]].expected for cell in touched}
    for row in new.rows(edits.sheet):
        for column in edits.changed.get(row.number, ()):
            cell = (row.number, column)
            value = row.values.get(column)
            wanted = expected.pop(cell, None)
            if type(value) is not type(wanted) or value != wanted or column in row.formulas:
                raise _reads_wrong(edits, cell)
    for cell, wanted in expected.items():
        if wanted is not None:
            raise _reads_wrong(edits, cell)
    nothing = _Cell()
    for cell in touched:
        was, will = before.cells.get(cell, nothing), after.cells.get(cell)
        style = edits.changed[cell[0]][cell[1]].style
        if will is None or will.style != style or (was.rest, was.kept) != (will.rest, will.kept):
            ref = reference(*cell)
            raise differs(edits.file, f'sheet "{edits.sheet}", cell {ref} changed its look')


def _reads_wrong(edits: Edits, cell: Touched) -> TrackerError:
    what = f'sheet "{edits.sheet}", cell {reference(*cell)} does not read as it should'
    return differs(edits.file, what)


@dataclass(slots=True)
class _Cell:
    """A touched cell, but for its value."""

    style: int = 0
    rest: dict[str, str] = field(default_factory=dict)  #: its other attributes
    kept: list[object] = field(default_factory=list)  #: its children that hold no value


class _Sheet:
    """One parse of a part: the touched cells, and a digest of all the rest."""

    def __init__(
        self, workbook: Workbook, edits: Edits, touched: set[Touched], there: set[int] | None
    ) -> None:
        self.rest = hashlib.blake2b()
        self.cells: dict[Touched, _Cell] = {}
        self.rows: set[int] = set()  #: those with touched cells that are there
        self._file, self._sheet = edits.file, edits.sheet
        self._touched = touched
        self._wanted = edits.changed.keys()
        self._there = there
        self._made = False  #: within a row that was not there before
        self._cell: _Cell | None = None
        self._within = ""  #: the child of a touched cell that is open
        self._events: list[tuple[object, ...]] = []  #: since the last chunk
        self._texts: list[str] = []
        self._text_before: list[str] = []  #: before the touched cell that is open
        part = workbook.package.member(workbook.sheet(edits.sheet).part)
        self._walk = Walk(workbook.file, part.name)
        parser = self._walk.parser
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._texts.append
        parser.CommentHandler = lambda text: self._note("comment", text)
        parser.ProcessingInstructionHandler = lambda *texts: self._note("instruction", *texts)
        for chunk in workbook.archive.stream(part):
            markup.feed(parser, chunk, workbook.file, part.name, last=False)
            self._digest_events()
        markup.feed(parser, b"", workbook.file, part.name, last=True)
        self._note("end")
        self._digest_events()

    def _note(self, *event: object) -> None:
        """Add an event to the cell it belongs to, or to all the rest, after the text before it."""
        if self._texts:
            event = ("".join(self._texts), *event)
            self._texts.clear()
        if self._cell is None:
            self._events.append(event)
        elif self._within not in _REPLACED:
            self._cell.kept.append(event)

    def _digest_events(self) -> None:
        self.rest.update("".join(map(repr, self._events)).encode("utf-8", "surrogatepass"))
        self._events.clear()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = self._walk.start(name, attributes)
        path = self._walk.path
        cell = (self._walk.row, self._walk.column)
        if local is not None and path == CELLS and cell[0] in self._wanted:
            self._made = self._there is not None and cell[0] not in self._there
            self.rows.add(cell[0])
            if self._made and attributes.keys() != {"r"}:
                raise differs(self._file, f'sheet "{self._sheet}" has a row too many')
        if local is not None and path == CONTENTS and cell in self._touched:
            self._enter_cell(cell, attributes)
            return
        if self._cell is not None and path[:-1] == CONTENTS:
            self._within = local or name
        if self._made and path == CELLS:
            return
        if path == CELLS or local == "dimension":
            attributes = {k: v for k, v in attributes.items() if k not in {"spans", "ref"}}
        self._note("start", name, attributes)

    def _enter_cell(self, cell: Touched, attributes: dict[str, str]) -> None:
        self._text_before = self._texts.copy()
        self._texts.clear()
        style = attributes.get("s", "0")
        rest = {key: value for key, value in attributes.items() if key not in _MAY_CHANGE}
        self._cell = _Cell(int(style) if style.isdecimal() else -1, rest)
        self.cells[cell] = self._cell

    def _end(self, name: str) -> None:
        local = self._walk.end(name)
        path = self._walk.path
        if self._cell is not None and path == CELLS and local == "c":
            self._cell = None
            self._texts[:] = self._text_before
        elif self._made and path == ROWS and local == "row":
            self._made = False
        else:
            self._note("end", name)
            if path == CONTENTS:
                self._within = ""
