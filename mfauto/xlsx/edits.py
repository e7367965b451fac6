"""The cells to write into one worksheet, what stands in their way, and which of them change."""

import functools
import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from mfauto.errors import TrackerError
from mfauto.xlsx.contents import Content, Contents, Written
from mfauto.xlsx.layout import Layout, Table
from mfauto.xlsx.refs import Area, area, reference
from mfauto.xlsx.refusals import not_written
from mfauto.xlsx.values import Value

_DROPPED = re.compile(r"""\s(?:t|cm|vm)\s*=\s*(?:"[^"]*"|'[^']*')""")
_STYLE = re.compile(r"""\ss\s*=\s*(?:"[^"]*"|'[^']*')""")
_TWICE = "The file holds it twice, and Excel calls a file damaged in which the two differ"
_IN_EXCEL = "Change it in Excel, which changes both."
_TAG_END = re.compile(r"\s*/?>$")


@dataclass(kw_only=True)
class Edits:
    """What is wanted of one sheet; asked cell by cell while its part is gone through."""

    file: str
    sheet: str
    wanted: dict[int, dict[int, Written]]  #: row, column, value; rows and columns ascending
    layout: Layout
    tables: tuple[Table, ...]
    contents: Contents
    arrays: list[Area] = field(default_factory=list)  #: found on the way
    blocked: dict[tuple[int, int], tuple[str, str]] = field(
        default_factory=dict
    )  #: wanted cells that must not change: why, and what to do
    changed: dict[int, dict[int, Content]] = field(default_factory=dict)
    plain: bool = True  #: whether each row with a touched cell is proven to be plain
    passes_over: bool = False  #: whether a cell that must not be written is left as it is
    passed_over: list[TrackerError] = field(default_factory=list)  #: why, for each such cell

    def __post_init__(self) -> None:
        """Find the wanted cells that something but a formula stands in the way of."""
        for merge in self.layout.merges:
            why = f"it is hidden in the merged cells {merge}"
            self._block(merge, why, "Unmerge them first.", but=(merge.top, merge.left))
        for table in self.tables:
            place, name = table.area, f'of the table "{table.display_name}"'
            heads = place._replace(bottom=place.top + table.header_rows - 1)
            totals = place._replace(top=place.bottom - table.totals_rows + 1)
            self._block(heads, f"it is a heading {name}. {_TWICE}", _IN_EXCEL)
            self._block(totals, f"it is a total {name}. {_TWICE}", _IN_EXCEL)

    def note_array(self, place: Area) -> None:
        """Take in an array or a data table, found on the way; its formula is top left."""
        self.arrays.append(place)
        first = reference(place.top, place.left)
        why = f"the array formula in {first} fills it"
        self._block(place, why, "Remove the formula, or move it elsewhere.")

    def _block(
        self, place: Area, why: str, to_do: str, *, but: tuple[int, int] | None = None
    ) -> None:
        rows = self._rows
        for row in rows[bisect_left(rows, place.top) : bisect_right(rows, place.bottom)]:
            for column in self.wanted[row]:
                if place.left <= column <= place.right and (row, column) != but:
                    self.blocked.setdefault((row, column), (why, to_do))

    @functools.cached_property
    def _rows(self) -> list[int]:
        return list(self.wanted)

    def restart(self) -> None:
        """Forget what changed; the part is gone through again, by a full parse."""
        self.plain = False
        self.arrays.clear()
        self.changed.clear()
        self.passed_over.clear()

    def content(
        self,
        row: int,
        column: int,
        *,
        now: Value | None,
        formula: bool,
        style: int,
        new: bool = False,
    ) -> Content | None:
        """Return what the cell becomes, or None where it stays; refuse what must not be written."""
        try:
            return self._content(row, column, now=now, formula=formula, style=style, new=new)
        except TrackerError as error:
            if not self.passes_over:
                raise
            self.passed_over.append(error)
            return None

    def _content(
        self, row: int, column: int, *, now: Value | None, formula: bool, style: int, new: bool
    ) -> Content | None:
        value = self.wanted[row][column]
        try:
            content = self.contents.of(value, style, new=new)
        except ValueError as error:
            raise self._refused(row, column, str(error), "Write something else.") from error
        if formula:
            raise self._refused(
                row, column, "it holds a formula", "Remove the formula, or move it elsewhere."
            )
        if type(now) is type(content.expected) and now == content.expected:
            return None
        if (row, column) in self.blocked:
            raise self._refused(row, column, *self.blocked[row, column])
        self.changed.setdefault(row, {})[column] = content
        return content

    def _refused(self, row: int, column: int, why: str, to_do: str) -> TrackerError:
        return not_written(self.file, self.sheet, reference(row, column), why, to_do)

    def column_style(self, column: int) -> int:
        """Return the style that a new cell of the column takes."""
        for first, last, style in self.layout.column_styles:
            if first <= column <= last:
                return style
        return 0

    def created(self, row: int, column: int, row_style: int | None) -> Content | None:
        """Return what a cell that is not there yet becomes; None where it stays away."""
        style = self.column_style(column) if row_style is None else row_style
        return self.content(row, column, now=None, formula=False, style=style, new=True)


def created_cell(content: Content, row: int, column: int, prefix: str = "") -> str:
    """Return the XML of a new cell."""
    style = f' s="{content.style}"' if content.style else ""
    kind = f' t="{content.kind}"' if content.kind else ""
    ref = reference(row, column)
    return f'<{prefix}c r="{ref}"{style}{kind}>{content.inner(prefix)}</{prefix}c>'


def rewritten_cell(tag: str, style: int, content: Content, prefix: str = "", kept: str = "") -> str:
    """Return the XML of a cell with its start tag's other attributes, and `kept` inside it.

    `cm` and `vm` go: they tie the cell to metadata of the old value.
    """
    start = _DROPPED.sub("", tag)
    if content.style != style:
        start = _STYLE.sub("", start)
    start = _TAG_END.sub("", start)
    if content.style != style:
        start += f' s="{content.style}"'
    if content.kind:
        start += f' t="{content.kind}"'
    inner = content.inner(prefix) + kept
    return f"{start}>{inner}</{prefix}c>" if inner else f"{start}/>"


def created_row(edits: Edits, row: int, prefix: str = "") -> str:
    """Return the XML of a new row, or nothing where all its cells stay away."""
    cells = []
    for column in edits.wanted[row]:
        content = edits.created(row, column, None)
        if content is not None:
            cells.append(created_cell(content, row, column, prefix))
    return f'<{prefix}row r="{row}">{"".join(cells)}</{prefix}row>' if cells else ""


_SPANS = re.compile(r"""(\sspans\s*=\s*["'])([0-9: ]+)(["'])""")


def widened_spans(tag: str, columns: Sequence[int]) -> str:
    """Return a row's start tag with its `spans` stretched over new columns, if it has any."""
    match = _SPANS.search(tag) if columns else None
    if match is None:
        return tag
    spans = _stretched(match[2], min(columns), max(columns))
    return tag[: match.start(2)] + spans + tag[match.end(2) :]


@functools.lru_cache(maxsize=1024)
def _stretched(spans: str, first: int, last: int) -> str:
    ends = [int(number) for number in re.findall(r"\d+", spans)]
    if not ends or (min(ends) <= first and last <= max(ends)):
        return spans
    return f"{min(*ends, first)}:{max(*ends, last)}"


_DIMENSION = re.compile(
    r"""(<(?:\w+:)?dimension\s+ref\s*=\s*["'])([A-Z]+\d+(?::[A-Z]+\d+)?)(["'])"""
)


def widened_dimension(head: str, edits: Edits) -> str:
    """Return a part's head with its `dimension` stretched over the cells to be filled.

    Excel does not mind, but readers that trust the dimension would cut the new cells off.
    """
    match = _DIMENSION.search(head)
    if match is None:
        return head
    try:
        old = area(match[2])
    except ValueError:
        return head
    rows = [
        row for row, cells in edits.wanted.items() if any(v is not None for v in cells.values())
    ]
    columns = [
        column
        for cells in edits.wanted.values()
        for column, value in cells.items()
        if value is not None
    ]
    if not rows:
        return head
    new = Area(
        min(old.top, *rows),
        min(old.left, *columns),
        max(old.bottom, *rows),
        max(old.right, *columns),
    )
    if new == old:
        return head
    return head[: match.start()] + f"{match[1]}{new}{match[3]}" + head[match.end() :]
