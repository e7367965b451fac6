"""The new file compared with the old one: touched cells as wanted, all else as before.

Every cell of a written sheet is compared, as it stands on the disk. Rows of the plain shape
are compared by their bytes, cell by cell where those differ; a part of another shape by
`parsed_comparison`.
"""

import re
from collections.abc import Collection
from itertools import chain, zip_longest

from mfauto.addresses import letters
from mfauto.errors import TrackerError
from mfauto.xlsx.archive import Member
from mfauto.xlsx.edits import Edits, widened_dimension
from mfauto.xlsx.encoding import to_utf8
from mfauto.xlsx.parsed_comparison import compare_parsed
from mfauto.xlsx.plain import OddShapeError, PlainPart
from mfauto.xlsx.refs import LAST_ROW, reference
from mfauto.xlsx.refusals import differs
from mfauto.xlsx.segments import BODY, END, Cut, Filled, Segments, number_of
from mfauto.xlsx.workbook import Workbook

__all__ = ["check_cells", "check_parts", "differs"]

_ROWS_START = re.compile(r"<(?:[\w.-]+:)?sheetData[\s/>]")
_ROWS_END = re.compile(r"</(?:[\w.-]+:)?sheetData\s*>|<(?:[\w.-]+:)?sheetData\s*/>")
_SPANS = re.compile(r' spans="[0-9: ]*"')
_MAY_CHANGE = re.compile(r' (?:s|t|cm|vm)="\w*"')
_BEHIND = re.compile(r'\s*+(?:<c r="[A-Z]++|</row>\s*+)\Z')
_NOTHING = Filled("", "", None, None, END)
_MOST = 20_000  #: comparisons remembered


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
            _Comparison(old, new, edits).run()
        except OddShapeError as error:
            raise differs(edits.file, f'sheet "{edits.sheet}" lost its shape') from error
        return
    compare_parsed(old, new, edits)
    _check_around(_around(old, edits.sheet), _around(new, edits.sheet), edits)


def _around(workbook: Workbook, sheet: str) -> tuple[str, str]:
    """Return what is before and after the rows of a part of any shape."""
    member = workbook.package.member(workbook.sheet(sheet).part)
    data = workbook.archive.unpack(member)
    text = to_utf8(data, workbook.file, member.name)[0].decode()
    start, ends = _ROWS_START.search(text), list(_ROWS_END.finditer(text))
    if start is None or not ends:
        raise differs(workbook.file, f'sheet "{sheet}" lost its cells')
    return text[: start.start()], text[ends[-1].end() :]


def _check_around(before: tuple[str, str], after: tuple[str, str], edits: Edits) -> None:
    """Compare the heads and tails of the part."""
    if after[0] not in {before[0], widened_dimension(before[0], edits)}:
        raise differs(edits.file, f'sheet "{edits.sheet}" starts in another way')
    if after[1] != before[1]:
        raise differs(edits.file, f'sheet "{edits.sheet}" ends in another way')


def _part(workbook: Workbook, sheet: str) -> PlainPart:
    member = workbook.package.member(workbook.sheet(sheet).part)
    return PlainPart(workbook.archive.stream(member), workbook.file, member.name)


class _Comparison:
    """Goes through the rows of the old part and of the new one side by side."""

    def __init__(self, old: Workbook, new: Workbook, edits: Edits) -> None:
        self._edits = edits
        self._before, self._after = _part(old, edits.sheet), _part(new, edits.sheet)
        self._segments = Segments(old.meaning)  # the parts it comes from are the same
        self._found = 0  #: touched cells met
        self._right: set[tuple[str, str, int]] = set()

    def run(self) -> None:
        """Compare everything."""
        old = chain.from_iterable(self._before.lists())
        was = next(old, None)
        above = ""
        for will in chain.from_iterable(self._after.lists()):
            if was == will or self._same_row(was, will, above):
                was = next(old, None)
            above = will
        if was is not None:
            raise differs(self._edits.file, f'sheet "{self._edits.sheet}" lost a row')
        if self._found != sum(map(len, self._edits.changed.values())):
            raise differs(self._edits.file, f'sheet "{self._edits.sheet}" lost a cell')
        heads = self._before.head, self._after.head
        tails = self._before.tail, self._after.tail
        _check_around((heads[0], tails[0]), (heads[1], tails[1]), self._edits)

    def _same_row(self, was: str | None, will: str, above: str) -> bool:
        """Compare two rows; False where the second is a new one above the first."""
        number = number_of(will)
        if (
            was is not None
            and was.startswith(f'r="{number}"')
            and self._same_around(number, was, will)
        ):
            return True
        old_number = number_of(was) if was else LAST_ROW + 1
        if number < old_number or was is None:
            if not (number_of(above) if above else 0) < number:
                raise self._changed(number, "is in the wrong place")
            self._compare_by_column(None, self._segments.cut(number, will))
            return False
        if number != old_number:
            raise self._changed(old_number, "is lost")
        self._compare_by_column(self._segments.cut(number, was), self._segments.cut(number, will))
        return True

    def _same_around(self, number: int, was: str, will: str) -> bool:
        """Compare two rows by their bytes around the touched cells, and those one by one.

        False where that is not enough, as where a touched cell was not there before.
        """
        here = there = 0
        touched = self._edits.changed.get(number, {})
        for column, content in touched.items():
            mark = f'<c r="{letters(column)}{number}"'
            start, new_start = was.find(mark, here), will.find(mark, there)
            if start < 0 or new_start < 0 or was[here:start] != will[there:new_start]:
                return False
            before = BODY.match(was, start + len(mark))
            after = BODY.match(will, new_start + len(mark))
            if before is None or after is None:
                return False
            key = (before[0], after[0], id(content))
            if key not in self._right:
                old, new = self._segments.body(before), self._segments.body(after)
                self._check_cell(number, column, old, new)
                if len(self._right) < _MOST:
                    self._right.add(key)
            here, there = before.end(), after.end()
        if was[here:] != will[there:]:
            return False
        self._found += len(touched)
        return True

    def _compare_by_column(self, before: Cut | None, after: Cut) -> None:
        """Compare rows of which the second has more cells."""
        look = "" if before is None else _own_look(before.start.attributes)
        if look != _own_look(after.start.attributes):
            raise self._changed(after.number, "changed its look")
        there = {} if before is None else dict(zip(before.columns, before.segments, strict=True))
        for column, segment in zip(after.columns, after.segments, strict=True):
            one = there.pop(column, None)
            if one is None or _body(one) != _body(segment):
                if column not in self._edits.changed.get(after.number, {}):
                    raise self._changed(after.number, "changed elsewhere")
                old = _NOTHING if one is None else self._segments.filled(one)
                self._check_cell(after.number, column, old, self._segments.filled(segment))
                self._found += 1
        if there:
            raise self._changed(after.number, "lost a cell")

    def _check_cell(self, row: int, column: int, old: Filled, new: Filled) -> None:
        """Make sure that a touched cell reads as wanted and kept its look."""
        content = self._edits.changed[row][column]
        value = self._segments.value(new)
        if new.formula or type(value) is not type(content.expected) or value != content.expected:
            ref = reference(row, column)
            what = f'sheet "{self._edits.sheet}", cell {ref} does not read as it should'
            raise differs(self._edits.file, what)
        rest = _MAY_CHANGE.sub("", old.attributes), _MAY_CHANGE.sub("", new.attributes)
        if new.style != content.style or rest[0].rstrip() != rest[1].rstrip():
            raise self._changed(row, "changed its look")

    def _changed(self, row: int, what: str) -> TrackerError:
        return differs(self._edits.file, f'sheet "{self._edits.sheet}", row {row} {what}')


def _body(segment: str) -> str:
    """Return a segment without the start of the next cell."""
    return _BEHIND.sub("", segment)


def _own_look(attributes: str) -> str:
    """Return a row's own attributes, but for those that may change with its cells."""
    return _SPANS.sub("", attributes).removesuffix("/").rstrip()
