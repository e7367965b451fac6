"""Real workbooks of many programs: edited without a loss, or refused with the reason.

What changed is told by `zipfile` and the standard XML parser, not by our own reader.
"""

import csv
import hashlib
import re
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from mfauto.errors import TrackerError
from mfauto.xlsx import open_workbook, read_cells, set_cells
from mfauto.xlsx.refs import LAST_COLUMN, position, reference

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
NEW = "=new & <text> _x000D_ é\x01"

needs_corpus = pytest.mark.skipif(not FILES, reason="the corpus of real workbooks is not here")


def wanted_cells(path: Path) -> tuple[str, dict[str, object]]:
    """Sheet with the most cells, and five cells of it to write: old, new, between and far below."""
    with open_workbook(path) as workbook:
        names = [sheet.name for sheet in workbook.sheets if sheet.kind == "worksheet"]
        rows = {name: list(workbook.rows(name)) for name in names}
        sheet = max(names, key=lambda name: sum(len(row.values) for row in rows[name]))
        blocked = [*workbook.merges(sheet), *(table.area for table in workbook.tables(sheet))]
    with zipfile.ZipFile(path) as archive:
        formulas = [
            formula.decode()
            for name in archive.namelist()
            if "worksheets/" in name
            for formula in re.findall(rb"<(?:\w+:)?f ([^>]*)", archive.read(name))
        ]
    arrays = [
        re.findall(r'\bref="([A-Z0-9:]+)"', formula)[0]
        for formula in formulas
        if 't="array"' in formula or 't="dataTable"' in formula
    ]

    def free(row: int, column: int) -> bool:
        for ref in arrays:
            first, _, last = ref.partition(":")
            (top, left), (bottom, right) = position(first), position(last or first)
            if top <= row <= bottom and left <= column <= right:
                return False
        return not any(area.holds(row, column) for area in blocked)

    cells: dict[str, object] = {}
    found = [
        (row.number, column, value)
        for row in rows[sheet]
        for column, value in row.values.items()
        if column not in row.formulas and free(row.number, column)
    ]
    text = next((at[:2] for at in found if isinstance(at[2], str)), None)
    number = next((at[:2] for at in found if type(at[2]) is float), None)
    if text:
        cells[reference(*text)] = NEW
    if number:
        cells[reference(*number)] = 42.5
    used = {(row.number, column) for row in rows[sheet] for column in row.values}
    last = max((row.number for row in rows[sheet]), default=1)
    widest = max((column for _, column in used), default=0)
    column = next(at for at in range(widest + 1, LAST_COLUMN) if free(last, at))
    cells[reference(last, column)] = "right"
    cells[reference(last + 61, column)] = "far below"
    filled = {row for row, _ in used}
    gaps = [at for at in range(1, last) if at not in filled and free(at, 2)]
    cells[reference(gaps[0] if gaps else last + 30, 2)] = "between"
    return sheet, cells


def cells_of(data: bytes) -> Iterator[tuple[str, list[object]]]:
    """Yield each cell of a sheet part that has anything in it, by the standard parser."""
    row_number = column = 0
    for row in ET.fromstring(data).iter():  # noqa: S314 - a corpus of known files
        name = row.tag.rpartition("}")[2]
        if name == "row":
            row_number, column = int(row.get("r", row_number + 1)), 0
        elif name == "c":
            ref = row.get("r") or reference(row_number, column + 1)
            column = position(ref)[1]
            if len(row):
                yield ref, [(one.tag, sorted(one.items()), one.text) for one in row.iter()]


def around_cells(data: bytes) -> bytes:
    """Part without its rows and its dimension, which may grow."""
    root = ET.fromstring(data)  # noqa: S314 - likewise
    for element in list(root):
        name = element.tag.rpartition("}")[2]
        if name == "dimension":
            root.remove(element)
        elif name == "sheetData":
            element.clear()
    return ET.tostring(root)


@needs_corpus
@pytest.mark.parametrize("file", EDITED)
def test_a_real_workbook_is_edited_without_a_loss(tmp_path: Path, file: str) -> None:
    source, target = CORPUS / file, tmp_path / file
    sheet, wanted = wanted_cells(source)
    set_cells(source, {(sheet, ref): value for ref, value in wanted.items()}, target)  # type: ignore[misc]

    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target) as new:
        assert new.testzip() is None
        assert old.namelist() == new.namelist()
        changed = [name for name in old.namelist() if old.read(name) != new.read(name)]
        assert len(changed) == 1
        before, after = old.read(changed[0]), new.read(changed[0])
    was, now = dict(cells_of(before)), dict(cells_of(after))
    assert {ref: cell for ref, cell in was.items() if ref not in wanted} == {
        ref: cell for ref, cell in now.items() if ref not in wanted
    }
    assert around_cells(before) == around_cells(after)
    read = {cell.ref: cell.value for cell in read_cells(target, sheet)}
    assert {ref: read[ref] for ref in wanted} == wanted


@needs_corpus
@pytest.mark.parametrize("file", EITHER)
def test_a_doubtful_workbook_is_edited_or_refused_unharmed(tmp_path: Path, file: str) -> None:
    target = tmp_path / file
    try:
        sheet, wanted = wanted_cells(CORPUS / file)
        set_cells(CORPUS / file, {(sheet, ref): value for ref, value in wanted.items()}, target)  # type: ignore[misc]
    except TrackerError:
        assert not target.exists()
        return
    found = {cell.ref: cell.value for cell in read_cells(target, sheet)}
    assert {ref: found[ref] for ref in wanted} == wanted


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


@needs_corpus
@pytest.mark.parametrize("file", EDITED[::6])
def test_another_library_reads_the_same(tmp_path: Path, file: str) -> None:
    source, target = CORPUS / file, tmp_path / file
    sheet, wanted = wanted_cells(source)
    set_cells(source, {(sheet, ref): value for ref, value in wanted.items()}, target)  # type: ignore[misc]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            before = openpyxl.load_workbook(source)[sheet]
        except (ValueError, KeyError, TypeError):
            return  # a workbook that openpyxl cannot open even untouched
        after = openpyxl.load_workbook(target)[sheet]

    def shown(found: Worksheet) -> dict[str, str]:
        return {
            cell.coordinate: str(getattr(cell.value, "text", cell.value))
            for row in found.iter_rows()
            for cell in row
            if cell.value is not None and cell.coordinate not in wanted
        }

    assert shown(before) == shown(after)
    texts = {
        ref: value for ref, value in wanted.items() if value in {"right", "between", "far below"}
    }
    assert {ref: after[ref].value for ref in texts} == texts
