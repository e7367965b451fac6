"""Touched cells into a workbook, everything else byte for byte as it was; then read back.

The target appears only after the new file has been read back from the disk and
compared with the old one, cell by cell and part by part.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from mfauto import saving
from mfauto.errors import TrackerError
from mfauto.xlsx.ahead import ahead
from mfauto.xlsx.archive import Member, Packed, Packer
from mfauto.xlsx.contents import Contents, as_written
from mfauto.xlsx.edits import Edits
from mfauto.xlsx.formulas import Reads
from mfauto.xlsx.package import Sheet
from mfauto.xlsx.parsed_splice import parsed_splice
from mfauto.xlsx.paths import Given, as_path, as_target
from mfauto.xlsx.plain import OddShapeError
from mfauto.xlsx.reading_back import check_cells, check_parts
from mfauto.xlsx.recalculation import recalculates, with_recalculation
from mfauto.xlsx.refs import position
from mfauto.xlsx.refusals import differs, not_written
from mfauto.xlsx.splice import spliced
from mfauto.xlsx.workbook import Workbook, open_workbook

_AT_ONCE = 500_000  #: characters handed over to be packed

Cells = Mapping[tuple[str, str], str | int | float | date | None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """What `write_cells` did."""

    cells: int  #: how many cells changed; with none nothing was written
    sha256: str  #: of the target as written; of the source where nothing was
    recalculates: bool  #: whether it told Excel to recalculate on opening
    passed_over: tuple[str, ...] = ()  #: why a cell was left as it is; one for each


def set_cells(source: Given, cells: Cells, target: Given) -> None:
    """Write `{("Cases", "AK7"): "Improving"}` into a copy of the workbook, changing nothing else.

    A cell that is there keeps its style, whatever is written; None clears it. Text becomes
    text, never a formula, and a number a number. A date becomes the serial of the workbook's
    own calendar where the cell's style shows dates, else text such as "3 March 2026".

    A cell that is not there yet inherits the style of its row or column. Where that shows no
    dates, a date takes a style of the workbook that does and is otherwise as plain; where it
    shows dates, a number takes one that does not. No style is added.

    What cannot be done safely is refused with a TrackerError that says why; the target is then
    not written. Of a moment the milliseconds are kept, as Excel does.
    """
    source, target = as_path(source), as_target(target)
    with open_workbook(source) as workbook:
        all_edits, replaced = _spliced(workbook, cells)
        if replaced or not _same_file(source, target):
            _write(workbook, all_edits, replaced, target)


def write_cells(
    source: Path,
    cells: Cells,
    target: Path,
    *,
    recalculate: bool = True,
    only: str | None = None,
    before: Callable[[], object] | None = None,
) -> Written:
    """Write cells as `set_cells` does, so that no formula shows a stale result.

    Where a formula may read a cell that changes, Excel is told to recalculate as it
    opens the workbook. Where no cell changes, nothing is written at all.

    `only` is the hash of the one version that may be written: `target` is then that very
    file, nobody may have saved it meanwhile, and a cell that must not be written is passed over.

    `before` is called once it is known that a cell changes, and before anything is written.
    """
    target = as_target(target)
    with open_workbook(source) as workbook:
        if only not in {None, workbook.sha256}:
            raise saving.saved_meanwhile(source)
        all_edits, replaced = _spliced(workbook, cells, passes_over=only is not None)
        passed_over = tuple(str(error) for edits in all_edits for error in edits.passed_over)
        if not replaced:
            return Written(
                cells=0, sha256=workbook.sha256, recalculates=False, passed_over=passed_over
            )
        if before is not None:
            before()
        stale = (
            recalculate and not recalculates(workbook) and _read_by_formulas(workbook, all_edits)
        )
        if stale:
            member = workbook.package.member(workbook.package.workbook_part)
            packer = Packer(member)
            packer.add(with_recalculation(workbook))
            replaced[member] = packer.done()
        sha256 = _write(workbook, all_edits, replaced, target, only)
        count = sum(len(row) for edits in all_edits for row in edits.changed.values())
        return Written(cells=count, sha256=sha256, recalculates=stale, passed_over=passed_over)


def _spliced(
    workbook: Workbook, cells: Cells, *, passes_over: bool = False
) -> tuple[list[Edits], dict[Member, Packed]]:
    """Prepare the parts that change."""
    all_edits = _edits(workbook, cells)
    replaced = {}
    for edits in all_edits:
        edits.passes_over = passes_over
        member = workbook.package.member(workbook.sheet(edits.sheet).part)
        packed = _packed(workbook, member, edits)
        if edits.changed:
            replaced[member] = packed
    return all_edits, replaced


def _read_by_formulas(workbook: Workbook, all_edits: list[Edits]) -> bool:
    touched = {
        edits.sheet: [(row, column) for row, cells in edits.changed.items() for column in cells]
        for edits in all_edits
    }
    return Reads(workbook, touched).any()


def _same_file(source: Path, target: Path) -> bool:
    return target.exists() and source.samefile(target)


def _edits(workbook: Workbook, cells: Cells) -> list[Edits]:
    """Sort the wanted cells by sheet, row and column."""
    wanted: dict[str, dict[int, dict[int, str | int | float | date | None]]] = {}
    names = {name: workbook.sheet(name) for name in _sheet_names(workbook, cells)}
    _check_parts_differ(workbook, names.values())
    rows = {name: wanted.setdefault(sheet.name, {}) for name, sheet in names.items()}
    for (name, ref), value in cells.items():
        try:
            row, column = position(ref)
        except ValueError as error:
            raise TrackerError(
                f'{workbook.file}, sheet "{name}": {error}.\nNothing was written. Correct it.'
            ) from error
        columns = rows[name].get(row)
        if columns is None:
            columns = rows[name][row] = {}
        elif column in columns:
            raise not_written(workbook.file, name, ref, "it is given twice", "Give it once.")
        try:
            columns[column] = as_written(value)
        except ValueError as error:
            raise not_written(
                workbook.file, name, ref, str(error), "Write something else."
            ) from error
    contents = Contents(workbook.styles, epoch_1904=workbook.epoch_1904)
    return [
        Edits(
            file=workbook.file,
            sheet=name,
            wanted={row: dict(sorted(columns.items())) for row, columns in sorted(rows.items())},
            layout=workbook.layout(name),
            tables=workbook.tables(name),
            contents=contents,
        )
        for name, rows in wanted.items()
    ]


def _sheet_names(workbook: Workbook, cells: Cells) -> set[str]:
    try:
        return {name for name, _ in cells}
    except (TypeError, ValueError) as error:
        raise TrackerError(
            f"{workbook.file}: a cell is named by two texts, its sheet and its place, such as "
            '("Cases", "B7").\nNothing was written. Name each cell so.'
        ) from error


def _check_parts_differ(workbook: Workbook, sheets: Iterable[Sheet]) -> None:
    parts: dict[str, str] = {}
    for sheet in sheets:
        other = parts.setdefault(sheet.part.casefold(), sheet.name)
        if other != sheet.name:
            raise TrackerError(
                f'{workbook.file}: the sheets "{sheet.name}" and "{other}" share one part.\n'
                "Nothing was written. Save the workbook in Excel first."
            )


def _packed(workbook: Workbook, member: Member, edits: Edits) -> Packed:
    """Splice the wanted cells into their part."""
    packer = Packer(member)
    chunks = workbook.archive.stream(member)
    try:
        texts = spliced(chunks, edits, workbook.meaning, workbook.file, member.name)
        for text in ahead(_gathered(texts)):
            packer.add(text.encode())
    except OddShapeError:
        edits.restart()
        packer = Packer(member)
        now = {
            row.number: row.values
            for row in workbook.rows(edits.sheet)
            if row.number in edits.wanted
        }
        data = workbook.archive.unpack(member)
        packer.add(parsed_splice(data, edits, now, workbook.file, member.name))
    return packer.done()


def _gathered(texts: Iterator[str]) -> Iterator[str]:
    """Join small pieces, which would each cost a call."""
    held: list[str] = []
    size = 0
    for text in texts:
        held.append(text)
        size += len(text)
        if size > _AT_ONCE:
            yield "".join(held)
            held, size = [], 0
    yield "".join(held)


def _write(
    workbook: Workbook,
    all_edits: list[Edits],
    replaced: dict[Member, Packed],
    target: Path,
    only: str | None = None,
) -> str:
    """Write the new file beside the target, read it back, put it in place; give its hash."""
    with saving.made_beside(target, workbook.archive.rebuilt(replaced)) as made:
        try:
            with open_workbook(made) as written:
                sha256 = written.sha256
                check_parts(workbook, written, replaced)
                for edits in all_edits:
                    check_cells(workbook, written, edits)
        except TrackerError as error:
            if str(error).startswith(made.name):  # a name that tells nobody anything
                raise differs(workbook.file, "it cannot be read any more") from error
            raise
        if only is None:
            saving.put_in_place(made, target)
        else:
            saving.replace_file(made, target, only)
    return sha256
