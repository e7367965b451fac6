"""Other programs open an edited workbook and see what they saw before, but for the touched cells.

LibreOffice and openpyxl read the workbooks before and after. `MFAUTO_LONG=1` takes every real
workbook that there is, instead of some.
"""

import csv
import os
import subprocess
import warnings
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from itertools import product
from pathlib import Path

import openpyxl
import pytest

from mfauto.xlsx import open_workbook, set_cells
from mfauto.xlsx.refs import position
from tests.looking import needs
from tests.xlsx.test_corpus import CORPUS, EDITED, array_areas, needs_corpus, wanted_cells

LONG = bool(os.environ.get("MFAUTO_LONG"))
BY_OFFICE = EDITED if LONG else EDITED[5::40]
BY_OPENPYXL = EDITED if LONG else EDITED[1::12]
_LARGEST = 400_000  #: cells between the first and the last; LibreOffice writes out every one
_BATCH = 24  #: workbooks in one call
_ALL_SHEETS = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"

#: what LibreOffice may show differently, and why
TOLERATED = {
    "a cell with a formula": "LibreOffice works it out again, and it may read a touched cell",
    "a cell that an array formula fills": "likewise",
    "a sheet with a pivot table": "LibreOffice fills it anew, and its source may be touched",
    "blank lines and columns at the end": "a cell that was cleared or made moves the end",
}


def edited(file: str, folder: Path) -> tuple[str, dict[str, object]]:
    """Edit a real workbook into the folder: its sheet, and what was written."""
    sheet, _, wanted = wanted_cells(CORPUS / file)
    set_cells(CORPUS / file, {(sheet, ref): value for ref, value in wanted.items()}, folder / file)  # type: ignore[misc]
    return sheet, wanted


def as_tables(office: str, files: Sequence[Path], folder: Path) -> None:
    """Let LibreOffice write every sheet of the workbooks as a table, many in one call.

    Where a call fails, as it does at a file that LibreOffice cannot bear, each goes alone.
    """
    for at in range(0, len(files), _BATCH):
        batch = files[at : at + _BATCH]
        if not _converted(office, batch, folder):
            for file in batch:
                _converted(office, [file], folder)


def _converted(office: str, files: Sequence[Path], folder: Path) -> bool:
    done = subprocess.run(
        [
            office,
            f"-env:UserInstallation={(folder.parent / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            _ALL_SHEETS,
            "--outdir",
            str(folder),
            *map(str, files),
        ],
        capture_output=True,
        check=False,
        timeout=300,
    )
    return not done.returncode and all(any(folder.glob(f"{file.stem}-*")) for file in files)


def table(path: Path) -> dict[tuple[int, int], str]:
    """Cells of a table that show anything, by row and column."""
    with path.open(encoding="utf-8", newline="") as lines:
        return {
            (row, column): shown
            for row, cells in enumerate(csv.reader(lines), 1)
            for column, shown in enumerate(cells, 1)
            if shown
        }


def small(file: str) -> bool:
    with open_workbook(CORPUS / file) as workbook:
        for sheet in workbook.sheets:
            if sheet.kind == "worksheet":
                rows = list(workbook.rows(sheet.name))
                last = max((row.number for row in rows), default=0)
                widest = max((column for row in rows for column in row.values), default=0)
                if last * widest > _LARGEST:
                    return False
    return True


def worked_out(file: str) -> dict[str, set[tuple[int, int]] | None]:
    """For each sheet its cells with formulas; None for a sheet with a pivot table."""
    found: dict[str, set[tuple[int, int]] | None] = {}
    with open_workbook(CORPUS / file) as workbook:
        for sheet in [sheet for sheet in workbook.sheets if sheet.kind == "worksheet"]:
            part = workbook.archive.unpack(workbook.package.member(sheet.part))
            cells = {(row.number, at) for row in workbook.rows(sheet.name) for at in row.formulas}
            for array in array_areas(part):
                rows, columns = (
                    range(array.top, array.bottom + 1),
                    range(array.left, array.right + 1),
                )
                cells |= set(product(rows, columns))
            found[sheet.name] = None if workbook.pivots(sheet.name) else cells
    return found


def differences(tables: Path, sheet: str, wanted: Mapping[str, object], file: str) -> list[str]:
    """Cells that LibreOffice shows differently, but for the tolerated ones."""
    found = []
    calculated = worked_out(file)
    was_tables, now_tables = (
        {path.name.removeprefix(stem): path for path in tables.glob(f"{stem}*")}
        for stem in (f"was-{Path(file).stem}-", f"now-{Path(file).stem}-")
    )
    if was_tables.keys() != now_tables.keys():
        return [f"{file}: LibreOffice made {sorted(was_tables)}, then {sorted(now_tables)}"]
    touched = {position(ref) for ref in wanted}
    for name, path in was_tables.items():
        own = name.removesuffix(".csv")
        was, now = table(path), table(now_tables[name])
        formulas = calculated.get(own, set())
        if formulas is None:
            continue
        found += [
            f"{file}, {own}, {at}: {was.get(at)!r} became {now.get(at)!r}"
            for at in was.keys() | now.keys()
            if was.get(at) != now.get(at)
            and not (own == sheet and at in touched)
            and at not in formulas
        ]
        if own == sheet:
            texts = {position(ref): value for ref, value in wanted.items() if value == "right"}
            found += [f"{file}: {at} is not shown" for at, v in texts.items() if now.get(at) != v]
    return found


@needs_corpus
def test_libreoffice_sees_the_same_but_for_the_touched_cells(tmp_path: Path) -> None:
    office = needs("soffice")
    files = [file for file in BY_OFFICE if small(file)]
    books, tables = tmp_path / "books", tmp_path / "tables"
    books.mkdir()
    written = {file: edited(file, books) for file in files}
    for file in files:
        (books / file).rename(books / f"now-{file}")
        (books / f"was-{file}").write_bytes((CORPUS / file).read_bytes())
    as_tables(office, sorted(books.iterdir()), tables)

    found = [differences(tables, *written[file], file) for file in files]
    assert [line for lines in found for line in lines[:5]] == []
    compared = [file for file in files if any(tables.glob(f"was-{Path(file).stem}-*"))]
    assert len(compared) >= (150 if LONG else 4)  # LibreOffice itself cannot open every one
    print(f"LibreOffice: {len(compared)} workbooks compared")  # noqa: T201 - shown with -s


def shown(path: Path) -> dict[str, dict[str, object]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        workbook = openpyxl.load_workbook(path)
    return {
        sheet.title: {
            cell.coordinate: str(getattr(cell.value, "text", cell.value))
            for row in sheet.iter_rows()
            for cell in row
            if cell.value is not None
        }
        for sheet in workbook.worksheets
    }


@needs_corpus
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # files left open
@pytest.mark.parametrize("file", BY_OPENPYXL)
def test_openpyxl_sees_the_same_but_for_the_touched_cells(tmp_path: Path, file: str) -> None:
    sheet, wanted = edited(file, tmp_path)
    try:
        before = shown(CORPUS / file)
    except (ValueError, LookupError, TypeError, AttributeError):
        pytest.skip("openpyxl cannot open it even untouched")
    after = shown(tmp_path / file)

    if sheet in after:  # openpyxl leaves out what it does not know, such as a sheet of macros
        found = after[sheet]
        for ref, value in wanted.items():
            if value in {"right", "far below", "between", "a text"}:
                assert found[ref] == value
            elif isinstance(value, date):
                day = datetime(value.year, value.month, value.day)  # noqa: DTZ001 - Excel's days
                assert found[ref] in {str(day), f"{value.day} {value:%B %Y}"}
    for cells in (before.get(sheet, {}), after.get(sheet, {})):
        for ref in wanted:
            cells.pop(ref, None)
    assert before == after
