"""Real workbooks of many programs: edited without a loss, or refused with the reason.

What changed is told by `zipfile` and lxml in `comparing`, not by our own reader.
"""

import csv
import hashlib
import re
import zipfile
from datetime import date
from pathlib import Path

import pytest

from mfauto.errors import TrackerError
from mfauto.xlsx import Area, Workbook, open_workbook, read_cells, set_cells
from mfauto.xlsx.refs import LAST_COLUMN, area, reference
from tests.xlsx.comparing import members_differ, sheet_differs

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"


def index() -> list[dict[str, str]]:
    if not (CORPUS / "INDEX.csv").exists():
        return []
    with (CORPUS / "INDEX.csv").open(encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if "word" not in row["expected"]]


FILES = index()
EDITED = [row["file"] for row in FILES if row["expected"] == "edit losslessly"]
EITHER = [row["file"] for row in FILES if row["expected"] == "edit or refuse"]
REASONS = {
    "refuse (damaged)": "damaged",
    "refuse (DTD/entities)": "DTD",
    "refuse (encrypted)": "encrypted",
    "refuse (not a workbook)": "not a workbook",
    "refuse (unsupported type: say which and what to do)": (
        r"is (an old Excel file \(\.xls\)|a binary Excel workbook \(\.xlsb\)"
        r"|an OpenDocument file \(\.ods\)|plain text or CSV),"
        r" not an Excel workbook \(\.xlsx\)\.\n.*Save As"
    ),
}
REFUSED = [(row["file"], REASONS[row["expected"]]) for row in FILES if row["expected"] in REASONS]
#: why these are refused is not in the index
EXPLAINED = {
    "apache-0202.xlsx": "which ends at XFD1048576",  # its row is full: the next cell has no place
    "dotnet-0338.xlsx": "which ends at XFD1048576",
    "apache-0286.xlsx": r'damaged: it holds the part "xl/worksheets/sheet1\.xml" twice',
    "dotnet-0318.xlsx": "has no sheet with rows and columns",  # charts only
    "qax-os-0476.xlsx": "has no sheet with rows and columns",
}
DAY = date(2026, 3, 3)
NEW = "=new & <text> _x000D_ é\x01"

needs_corpus = pytest.mark.skipif(not FILES, reason="the corpus of real workbooks is not here")


def array_areas(part: bytes) -> list[Area]:
    """Where the arrays and data tables of a sheet part are."""
    return [
        area(ref.decode())
        for formula in re.findall(rb"<(?:\w+:)?f ([^>]*)", part)
        if b"array" in formula or b"dataTable" in formula
        for ref in re.findall(rb'\bref="([A-Z0-9:]+)"', formula)
    ]


def blocked_areas(part: bytes, workbook: Workbook, sheet: str) -> list[Area]:
    """Merges, tables and arrays of a sheet: cells there may be refused."""
    tables = [table.area for table in workbook.tables(sheet)]
    return [*workbook.merges(sheet), *tables, *array_areas(part)]


def wanted_cells(path: Path) -> tuple[str, str, dict[str, object]]:
    """Sheet with the most cells, its part, and what to write: old cells, new ones, new rows."""
    with open_workbook(path) as workbook, zipfile.ZipFile(path) as archive:
        names = [sheet.name for sheet in workbook.sheets if sheet.kind == "worksheet"]
        rows = {name: list(workbook.rows(name)) for name in names}
        sheet = max(names, key=lambda name: sum(len(row.values) for row in rows[name]))
        part = workbook.package.member(workbook.sheet(sheet).part).name
        blocked = blocked_areas(archive.read(part), workbook, sheet)

    def free(row: int, column: int) -> bool:
        return not any(area.holds(row, column) for area in blocked)

    found = [
        (row.number, column, value)
        for row in rows[sheet]
        for column, value in row.values.items()
        if column not in row.formulas and free(row.number, column)
    ]
    cells: dict[str, object] = {}
    texts = [at[:2] for at in found if isinstance(at[2], str)]
    numbers = [at[:2] for at in found if type(at[2]) is float]
    values: tuple[object, ...] = (NEW, DAY, None)
    cells |= {reference(*at): value for at, value in zip(texts, values, strict=False)}
    values = (42.5, "a text", None)
    cells |= {reference(*at): value for at, value in zip(numbers, values, strict=False)}
    used = {(row.number, column) for row in rows[sheet] for column in row.values}
    last = max((row.number for row in rows[sheet]), default=1)
    widest = max((column for _, column in used), default=0)
    right = [at for at in range(widest + 1, LAST_COLUMN) if free(last, at)][:3]
    values = ("right", DAY, -7)
    cells |= {reference(last, at): value for at, value in zip(right, values, strict=False)}
    cells[reference(last + 61, 2)] = "far below"
    filled = {row for row, _ in used}
    gaps = [at for at in range(1, last) if at not in filled and free(at, 2)]
    cells[reference(gaps[0] if gaps else last + 30, 2)] = "between"
    return sheet, part, cells


@needs_corpus
@pytest.mark.parametrize("file", EDITED)
def test_a_real_workbook_is_edited_without_a_loss(tmp_path: Path, file: str) -> None:
    source, target = CORPUS / file, tmp_path / file
    sheet, part, wanted = wanted_cells(source)
    set_cells(source, {(sheet, ref): value for ref, value in wanted.items()}, target)  # type: ignore[misc]

    assert members_differ(source, target, {part}) == []
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target) as new:
        assert new.testzip() is None
        before, after = old.read(part), new.read(part)
    with open_workbook(source) as workbook:
        epoch_1904 = workbook.epoch_1904
    assert sheet_differs(before, after, wanted, epoch_1904=epoch_1904) == []


@needs_corpus
@pytest.mark.parametrize("file", EITHER)
def test_a_doubtful_workbook_is_edited_or_refused_unharmed(tmp_path: Path, file: str) -> None:
    target = tmp_path / file
    try:
        sheet, _, wanted = wanted_cells(CORPUS / file)
        set_cells(CORPUS / file, {(sheet, ref): value for ref, value in wanted.items()}, target)  # type: ignore[misc]
    except TrackerError:
        assert not target.exists()
        return
    found = {cell.ref: cell.value for cell in read_cells(target, sheet)}
    texts = {ref: value for ref, value in wanted.items() if isinstance(value, str)}
    assert {ref: found[ref] for ref in texts} == texts


@needs_corpus
@pytest.mark.parametrize(("file", "why"), REFUSED)
def test_a_file_that_cannot_be_edited_is_refused_unharmed(
    tmp_path: Path, file: str, why: str
) -> None:
    copy = tmp_path / file
    copy.write_bytes((CORPUS / file).read_bytes())
    before = hashlib.sha256(copy.read_bytes()).digest()
    sheet = "Tabelle1" if file == "apache-0292.xlsx" else "Sheet1"

    with pytest.raises(TrackerError, match=re.compile(why, re.DOTALL)):
        set_cells(copy, {(sheet, "A1"): "new"}, copy)
    with pytest.raises(TrackerError, match=re.compile(why, re.DOTALL)):
        list(read_cells(copy, sheet))

    assert hashlib.sha256(copy.read_bytes()).digest() == before
    assert [path.name for path in tmp_path.iterdir()] == [file]


@needs_corpus
@pytest.mark.parametrize("file", [row["file"] for row in FILES if "explain" in row["expected"]])
def test_what_the_index_leaves_unexplained_is_explained(tmp_path: Path, file: str) -> None:
    with pytest.raises(TrackerError, match=EXPLAINED[file]):
        set_cells(CORPUS / file, {("Sheet1", "XFE1"): "new"}, tmp_path / file)

    assert not (tmp_path / file).exists()
