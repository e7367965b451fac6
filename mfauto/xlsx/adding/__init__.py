"""New columns at the right of a sheet's data, spliced in as cells are; nothing else changes.

A table grows with them, and so do the sheet's filter and a print area that covered all
its columns. Conditional formats and drop-downs keep the cells they have.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mfauto import saving
from mfauto.addresses import letters
from mfauto.errors import TrackerError
from mfauto.xlsx.adding.checking import check_added
from mfauto.xlsx.adding.looks import looks
from mfauto.xlsx.adding.parts import filter_widens, with_names, with_table, with_widths
from mfauto.xlsx.adding.plan import Plan, overlap, planned, refused
from mfauto.xlsx.archive import Member, Packed, Packer
from mfauto.xlsx.contents import Content, Contents, Written
from mfauto.xlsx.edits import Edits
from mfauto.xlsx.encoding import from_utf8, to_utf8
from mfauto.xlsx.formulas import Reads
from mfauto.xlsx.parsed_splice import parsed_splice
from mfauto.xlsx.paths import as_target
from mfauto.xlsx.reading_back import check_parts, differs
from mfauto.xlsx.recalculation import recalculates, with_recalculation
from mfauto.xlsx.rows import OddShapeError
from mfauto.xlsx.splice import spliced
from mfauto.xlsx.values import Value
from mfauto.xlsx.workbook import Workbook, open_workbook

__all__ = ["add_columns"]


def add_columns(
    source: Path,
    sheet: str,
    header: int,
    headings: Sequence[str],
    target: Path,
    *,
    dates: Collection[str] = (),
    beside: int | None = None,
) -> Mapping[str, str]:
    """Write a copy of the workbook with new columns right of the data; give their letters.

    `header` is the row of the headings; `dates` are those of the new headings whose
    cells will show days. `beside` is any column of the data, counted from 1; it tells
    tables apart that stand side by side. The result is read back before it becomes the target. What
    cannot be done safely is refused with a TrackerError; the target is then not written.
    """
    target = as_target(target)
    with open_workbook(source) as workbook:
        plan = planned(workbook, sheet, header, headings, dates=dates, beside=beside)
        if plan.headings:
            _write(workbook, plan, _replaced(workbook, plan), target)
        return {heading: letters(column) for heading, column in plan.columns.items()}


@dataclass(kw_only=True, slots=True)
class _NewCells(Edits):
    """New cells with the look that was chosen for each, whatever stood in their place."""

    looks: Mapping[tuple[int, int], int]

    def content(
        self,
        row: int,
        column: int,
        *,
        now: Value | None,
        formula: bool,
        style: int,  # noqa: ARG002 - the look is chosen
        new: bool = False,  # noqa: ARG002 - likewise
    ) -> Content | None:
        """Return what the cell becomes; the plan has made sure that it is empty."""
        if formula or now not in (None, ""):
            raise differs(self.file, f'sheet "{self.sheet}" is not as it was read')
        return self._made(row, column)

    def created(self, row: int, column: int, row_style: int | None) -> Content | None:  # noqa: ARG002
        """Return what a cell that is not there yet becomes."""
        return self._made(row, column)

    def _made(self, row: int, column: int) -> Content:
        return self.contents.of(self.wanted[row][column], self.looks[row, column])


def _replaced(workbook: Workbook, plan: Plan) -> dict[Member, Packed]:
    """Prepare the parts that change."""
    seen = looks(workbook, plan)
    styles = {heading: seen.of_data(days=heading in plan.dates) for heading in plan.headings}
    chosen = {
        (plan.header, column): seen.of_heading(plan.right) for column in plan.columns.values()
    }
    wanted: dict[int, dict[int, Written]] = {
        plan.header: {column: heading for heading, column in plan.columns.items()}
    }
    if any(styles.values()):
        for row in seen.rows:
            wanted[row] = dict.fromkeys(plan.columns.values())
            chosen |= {(row, plan.columns[heading]): style for heading, style in styles.items()}
    if plan.totals and seen.of_totals(plan.right):
        wanted[plan.totals] = dict.fromkeys(plan.columns.values())
        chosen |= {(plan.totals, at): seen.of_totals(plan.right) for at in plan.columns.values()}
    edits = _NewCells(
        file=workbook.file,
        sheet=plan.sheet.name,
        wanted=wanted,
        layout=workbook.layout(plan.sheet.name),
        tables=(),
        contents=Contents(workbook.styles, epoch_1904=workbook.epoch_1904),
        looks=chosen,
    )
    return _packed(workbook, _parts(workbook, plan, edits, styles))


def _parts(
    workbook: Workbook, plan: Plan, edits: _NewCells, styles: dict[str, int]
) -> dict[str, bytes]:
    """Return the new contents of each part that changes, by its name."""
    file, sheet = workbook.file, plan.sheet.part
    cells = _with_cells(workbook, plan, edits)
    parts = {
        sheet: _in_utf8(cells, file, sheet, lambda data: with_widths(data, plan, styles, file))
    }
    if plan.table:
        parts[plan.table_part] = _in_utf8(
            _contents(workbook, plan.table_part),
            file,
            plan.table_part,
            lambda data: with_table(data, plan, file),
        )
    part = workbook.package.workbook_part
    before = _contents(workbook, part)
    touched = {plan.sheet.name: [(plan.header, column) for column in plan.columns.values()]}
    stale = not recalculates(workbook) and Reads(workbook, touched).any()
    filtered = filter_widens(plan)
    place = workbook.sheets.index(plan.sheet)
    after = _in_utf8(
        with_recalculation(workbook) if stale else before,
        file,
        part,
        lambda data: with_names(data, plan, file, part, place, filtered=filtered),
    )
    if after != before:
        parts[part] = after
    return parts


def _contents(workbook: Workbook, part: str) -> bytes:
    return workbook.archive.unpack(workbook.package.member(part))


def _in_utf8(data: bytes, file: str, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """Change a part of any encoding."""
    utf8, codec = to_utf8(data, file, part)
    return from_utf8(change(utf8), codec)


def _with_cells(workbook: Workbook, plan: Plan, edits: _NewCells) -> bytes:
    """Return the worksheet part with the new cells in it."""
    file, part = workbook.file, plan.sheet.part
    member = workbook.package.member(part)
    try:
        texts = spliced(workbook.archive.stream(member), edits, workbook.meaning, file, part)
        made = "".join(texts).encode()
    except OddShapeError:
        edits.restart()
        made = parsed_splice(workbook.archive.unpack(member), edits, {}, file, part)
    for array in edits.arrays:
        if overlap(array, plan.area):
            why = f"an array formula ({array}) fills cells right beside the data"
            raise refused(workbook, plan.sheet.name, why, "Move it elsewhere in Excel and save.")
    return made


def _packed(workbook: Workbook, parts: Mapping[str, bytes]) -> dict[Member, Packed]:
    packed = {}
    for part, data in parts.items():
        member = workbook.package.member(part)
        packer = Packer(member)
        packer.add(data)
        packed[member] = packer.done()
    return packed


def _write(workbook: Workbook, plan: Plan, replaced: dict[Member, Packed], target: Path) -> None:
    """Write the new file beside the target, read it back, and put it in place."""
    with saving.made_beside(target, workbook.archive.rebuilt(replaced)) as made:
        try:
            with open_workbook(made) as written:
                check_parts(workbook, written, replaced)
                check_added(workbook, written, plan)
        except TrackerError as error:
            if str(error).startswith(made.name):  # a name that tells nobody anything
                raise differs(workbook.file, "it cannot be read any more") from error
            raise
        saving.put_in_place(made, target)
