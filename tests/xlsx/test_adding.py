"""New columns beside the data: in their place, of one piece with it, and nothing else touched.

What changed is told by `zipfile`, the standard XML parser and openpyxl, not by our own reader.
"""

import os
import re
import subprocess
import zipfile
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Border, Font, PatternFill, Side
from openpyxl.utils import column_index_from_string, get_column_letter, range_boundaries
from openpyxl.workbook.protection import WorkbookProtection
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.table import Table, TableColumn, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from mfauto.errors import TrackerError
from mfauto.xlsx import add_columns, open_workbook
from mfauto.xlsx.adding.checking import check_added
from mfauto.xlsx.adding.plan import planned
from mfauto.xlsx.reading_back import check_parts
from tests.xlsx.building import MAIN, a_sheet, a_workbook, part, worksheet, zipped
from tests.xlsx.test_corpus import CORPUS, EDITED, needs_corpus

PROJECT = Path(__file__).parents[2]
NEW = ("Auto stage", "Auto due", "Auto checks")
DATES = {"Auto due"}
SPREADSHEET = f"{{{MAIN}}}"


def a_tracker(
    folder: Path, *, table: bool = True, totals: bool = False, name: str = "Tracker.xlsx"
) -> Path:
    """Sheet "Cases": a banner, headings in row 3 of columns B to E, four cases, a thin border."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "Cases"
    sheet["A1"] = "Moving forward"
    for column, heading in enumerate(("Case ref", "Audit date", "Grade", "Held"), 2):
        cell = sheet.cell(3, column, heading)
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="FFDDEEFF")
    side = Side(style="thin")
    for row in range(4, 8):
        values: tuple[str | date, ...] = (
            f"MF-{row:03}",
            date(2026, 1, row),
            "Inadequate",
            date(2026, 2, row),
        )
        for column, value in enumerate(values, 2):
            cell = sheet.cell(row, column, value)
            cell.border = Border(bottom=side)
            if column in {3, 5}:
                cell.number_format = "dd/mm/yyyy"
    sheet["D5"].fill = PatternFill("solid", fgColor="FFFF0000")
    sheet.column_dimensions["E"].width = 14
    sheet.freeze_panes = "C4"
    if table:
        made = Table(displayName="Cases", ref=f"B3:E{8 if totals else 7}")
        made.tableStyleInfo = TableStyleInfo(name="TableStyleMedium2", showRowStripes=True)
        if totals:
            sheet["B8"] = "Total"
            names = ("Case ref", "Audit date", "Grade", "Held")
            made.tableColumns = [TableColumn(id=at, name=n) for at, n in enumerate(names, 1)]
            made.autoFilter = AutoFilter(ref="B3:E7")
            made.totalsRowCount = 1
        sheet.add_table(made)
    book.save(folder / name)
    return folder / name


def bounds(ref: object) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of an area."""
    left, top, right, bottom = range_boundaries(str(ref))
    assert left is not None
    assert top is not None
    assert right is not None
    assert bottom is not None
    return left, top, right, bottom


def changed(path: Path, target: Path) -> set[str]:
    """Names of the parts whose bytes differ; their number and order may not."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target) as new:
        assert new.testzip() is None
        assert old.namelist() == new.namelist()
        return {name for name in old.namelist() if old.read(name) != new.read(name)}


def added(path: Path, *, sheet: str = "Cases", header: int = 3, beside: int | None = None) -> Path:
    target = path.with_name("Added.xlsx")
    add_columns(path, sheet, header, NEW, target, dates=DATES, beside=beside)
    return target


def opened(path: Path, sheet: str = "Cases") -> Worksheet:
    found = openpyxl.load_workbook(path)[sheet]
    assert isinstance(found, Worksheet)
    return found


def refusal(path: Path, *, header: int = 3) -> str:
    """What adding says; the file stands as it was and no other appears."""
    before, target = path.read_bytes(), path.with_name("Refused.xlsx")
    with pytest.raises(TrackerError) as caught:
        add_columns(path, "Cases", header, NEW, target, dates=DATES)
    assert path.read_bytes() == before
    assert not target.exists()
    assert list(path.parent.glob("*.xlsx")) == [path]
    return str(caught.value)


def edited(path: Path, name: str, old: str, new: str) -> Path:
    """Change one part of a workbook by hand."""
    with zipfile.ZipFile(path) as archive:
        parts = {each: archive.read(each) for each in archive.namelist()}
    text = parts[name].decode()
    assert old in text
    parts[name] = text.replace(old, new, 1).encode()
    return zipped(path, parts)


def check_as_excel_does(path: Path, name: str, sheet: Worksheet) -> None:
    """Hold a table part to what Excel demands on opening."""
    root = ET.fromstring(part(path, name))  # noqa: S314 - made here
    left, top, right, _ = bounds(root.get("ref"))
    columns = root.findall(f"{SPREADSHEET}tableColumns/{SPREADSHEET}tableColumn")
    names = [column.get("name", "") for column in columns]
    home = root.find(f"{SPREADSHEET}tableColumns")
    assert home is not None
    assert home.get("count") == str(len(columns)) == str(right - left + 1)
    assert len({column.get("id") for column in columns}) == len(columns)
    assert len({name.casefold() for name in names}) == len(names)
    heads = [sheet.cell(top, column).value for column in range(left, right + 1)]
    assert heads == [name.replace("_x000a_", "\n") for name in names]
    assert all(isinstance(head, str) for head in heads)
    found = root.find(f"{SPREADSHEET}autoFilter")
    if found is not None:
        assert bounds(found.get("ref"))[:3] == (left, top, right)


def test_a_table_grows_and_nothing_but_its_two_parts_changes(tmp_path: Path) -> None:
    path = a_tracker(tmp_path)
    target = tmp_path / "Added.xlsx"
    letters = add_columns(path, "Cases", 3, NEW, target, dates=DATES)
    assert letters == {"Auto stage": "F", "Auto due": "G", "Auto checks": "H"}
    assert changed(path, target) == {"xl/worksheets/sheet1.xml", "xl/tables/table1.xml"}
    sheet = opened(target)
    assert sheet.tables["Cases"].ref == "B3:H7"
    assert sheet.tables["Cases"].autoFilter.ref == "B3:H7"
    assert sheet.freeze_panes == "C4"
    check_as_excel_does(target, "xl/tables/table1.xml", sheet)


def test_new_columns_look_like_their_neighbours(tmp_path: Path) -> None:
    sheet = opened(added(a_tracker(tmp_path)))
    for column in (6, 7, 8):
        assert sheet.cell(3, column).font.b
        assert sheet.cell(3, column).fill.fgColor.rgb == "FFDDEEFF"
        assert sheet.cell(5, column).border.bottom.style == "thin"
        assert sheet.cell(5, column).fill.fill_type is None  # D5 was painted by hand
        assert sheet.cell(5, column).value is None
    formats = [sheet.cell(6, column).number_format for column in (6, 7, 8)]
    assert formats == ["General", "dd/mm/yyyy", "General"]
    assert sheet.column_dimensions["E"].width == 14
    assert sheet.column_dimensions["H"].width == len("Auto checks") + 5


def test_a_totals_row_stays_below(tmp_path: Path) -> None:
    path = a_tracker(tmp_path, totals=True)
    target = added(path)
    sheet = opened(target)
    assert sheet.tables["Cases"].ref == "B3:H8"
    assert sheet.tables["Cases"].autoFilter.ref == "B3:H7"
    assert sheet["B8"].value == "Total"
    assert [sheet.cell(8, column).value for column in (6, 7, 8)] == [None] * 3
    check_as_excel_does(target, "xl/tables/table1.xml", sheet)


def test_formats_and_drop_downs_keep_their_cells(tmp_path: Path) -> None:
    path = a_tracker(tmp_path)
    book = openpyxl.load_workbook(path)
    sheet = book["Cases"]
    rule = Rule(type="expression", formula=['$D4="Inadequate"'])
    sheet.conditional_formatting.add("B4:E7", rule)
    choice = DataValidation(type="list", formula1='"Inadequate,Outstanding"')
    choice.add("D4:D1048576")
    sheet.add_data_validation(choice)
    book.save(path)
    target = added(path)
    before, after = part(path), part(target)
    for name in ("conditionalFormatting", "dataValidations"):
        whole = re.compile(f"<{name}.*</{name}>", re.DOTALL)
        assert whole.findall(before) == whole.findall(after) != []


def test_a_filter_without_a_table_grows_with_its_name_and_the_print_area(tmp_path: Path) -> None:
    path = a_tracker(tmp_path, table=False)
    book = openpyxl.load_workbook(path)
    book["Cases"].auto_filter.ref = "B3:E7"
    book["Cases"].print_area = "A1:E20"
    book.create_sheet("Lists").print_area = "A1:E20"
    book.save(path)
    target = added(path)
    assert changed(path, target) == {"xl/worksheets/sheet1.xml", "xl/workbook.xml"}
    names = re.findall(r"<definedName [^>]*>([^<]*)<", part(target, "xl/workbook.xml"))
    assert sorted(names) == ["'Cases'!$A$1:$H$20", "'Cases'!$B$3:$H$7", "'Lists'!$A$1:$E$20"]
    assert opened(target).auto_filter.ref == "B3:H7"


def test_a_print_area_that_leaves_out_a_column_stays(tmp_path: Path) -> None:
    path = a_tracker(tmp_path)
    book = openpyxl.load_workbook(path)
    book["Cases"].print_area = "A1:D20"
    book.save(path)
    assert opened(added(path)).print_area == "'Cases'!$A$1:$D$20"


def test_new_columns_are_seen_where_all_columns_to_the_right_are_hidden(tmp_path: Path) -> None:
    path = a_tracker(tmp_path)
    text = part(path)
    cols = '<cols><col min="5" max="6" width="14" customWidth="1"/><col min="7" max="16384" '
    cols += 'width="9" hidden="1" customWidth="1"/></cols>'
    old = re.search("<cols>.*</cols>", text)
    assert old is not None
    edited(path, "xl/worksheets/sheet1.xml", old[0], cols)
    made = re.findall(r'<col [^>]*min="(\d+)" max="(\d+)"[^>]*>', part(added(path)))
    hidden = re.findall(r"<col [^>]*hidden[^>]*>", part(tmp_path / "Added.xlsx"))
    assert made == [("5", "5"), ("6", "6"), ("7", "7"), ("8", "8"), ("9", "16384")]
    assert len(hidden) == 1
    assert 'min="9"' in hidden[0]


def test_of_two_tables_the_one_named_grows(tmp_path: Path) -> None:
    path = a_tracker(tmp_path)
    book = openpyxl.load_workbook(path)
    sheet = book["Cases"]
    for column, heading in enumerate(("Theme", "Count"), 14):
        sheet.cell(3, column, heading)
        sheet.cell(4, column, "x")
    sheet.add_table(Table(displayName="Themes", ref="N3:O4"))
    book.save(path)
    assert "both have their headings in row 3" in refusal(path)
    made = opened(added(path, beside=2))
    assert {name: made.tables[name].ref for name in made.tables} == {
        "Cases": "B3:H7",
        "Themes": "N3:O4",
    }


def test_slicers_and_marks_of_newer_versions_stay_as_they_are(tmp_path: Path) -> None:
    path = a_tracker(tmp_path)
    slicers = '<extLst><ext uri="{3A4CF648-6AED-40f4-86FF-DC5316D8AED3}"><x14:slicerList xmlns:x14='
    slicers += '"urn:x14"><x14:slicer id="1"/></x14:slicerList></ext></extLst></worksheet>'
    edited(path, "xl/worksheets/sheet1.xml", "</worksheet>", slicers)
    marked = '<table xmlns:xr="urn:xr" xr:uid="{00000000-000C-0000-FFFF-FFFF00000000}" '
    edited(path, "xl/tables/table1.xml", "<table ", marked)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/slicers/slicer1.xml", '<slicers><slicer name="Grade"/></slicers>')
        archive.writestr("xl/slicerCaches/slicerCache1.xml", '<x tableId="1" column="3"/>')
    target = added(path)
    assert changed(path, target) == {"xl/worksheets/sheet1.xml", "xl/tables/table1.xml"}
    assert slicers in part(target)
    assert marked in part(target, "xl/tables/table1.xml")
    ids = [
        re.findall(r'<tableColumn id="(\d+)"', part(each, "xl/tables/table1.xml"))
        for each in (path, target)
    ]
    assert ids[1][: len(ids[0])] == ids[0]
    assert len(set(ids[1])) == len(ids[0]) + len(NEW)


def test_an_order_of_rows_goes_on_moving_whole_rows(tmp_path: Path) -> None:
    path = a_tracker(tmp_path)
    sort = (
        '<autoFilter ref="B3:E7"/><sortState ref="B4:E7"><sortCondition ref="C4:C7"/></sortState>'
    )
    text = part(path, "xl/tables/table1.xml")
    old = re.search(r"<autoFilter[^>]*/>", text)
    assert old is not None
    edited(path, "xl/tables/table1.xml", old[0], sort)
    made = part(added(path), "xl/tables/table1.xml")
    assert '<sortState ref="B4:H7"><sortCondition ref="C4:C7"/>' in made


def test_a_note_under_a_plain_list_gets_no_cells(tmp_path: Path) -> None:
    path = a_tracker(tmp_path, table=False)
    book = openpyxl.load_workbook(path)
    book["Cases"]["B10"] = "Checked each Monday"
    book.save(path)
    made = part(added(path))
    assert '<c r="F7"' in made
    assert '<c r="F10"' not in made


@pytest.mark.filterwarnings("ignore:Workbook contains no default style")
def test_a_part_of_another_shape_is_extended_too(tmp_path: Path) -> None:
    rows = (
        "<x:row r='1'><x:c t='inlineStr' s='2'><x:is><x:t>Case ref</x:t></x:is></x:c></x:row>"
        "<x:row><x:c s='1'><x:v>46000</x:v></x:c></x:row>"
    )
    sheet = f"<x:worksheet xmlns:x='{MAIN}'><x:sheetData>{rows}</x:sheetData></x:worksheet>"
    path = a_sheet(tmp_path, sheet)
    made = opened(added(path, header=1))
    assert [cell.value for cell in made[1]] == ["Case ref", *NEW]
    assert made["B1"].font.b
    assert made["C2"].is_date
    assert not made["D2"].is_date


def test_signs_of_xml_in_a_heading_are_text(tmp_path: Path) -> None:
    path, target = a_tracker(tmp_path), tmp_path / "Added.xlsx"
    headings = ['A & "B" <c>', "=1+1", "_x000D_"]
    add_columns(path, "Cases", 3, headings, target)
    sheet = opened(target)
    assert [sheet.cell(3, column).value for column in (6, 7)] == headings[:2]
    assert "<f>" not in part(target)
    assert 'name="_x005F_x000D_"' in part(target, "xl/tables/table1.xml")


def test_a_formula_that_counts_the_headings_is_recalculated(tmp_path: Path) -> None:
    path = a_tracker(tmp_path)
    book = openpyxl.load_workbook(path)
    book.create_sheet("Summary")["A1"] = "=COUNTA(Cases!3:3)"
    book.save(path)
    edited(path, "xl/workbook.xml", 'fullCalcOnLoad="1"', "")
    assert 'fullCalcOnLoad="1"' in part(added(path), "xl/workbook.xml")


def test_the_template_without_its_own_columns_gets_them_back(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(PROJECT / "tracker_template.xlsx")
    sheet = book["Actions"]
    table = sheet.tables["Actions"]
    left, top, right, bottom = bounds(table.ref)
    sheet.delete_cols(right - 1, 2)
    del table.tableColumns[-2:]
    ref = f"{get_column_letter(left)}{top}:{get_column_letter(right - 2)}{bottom}"
    table.ref = table.autoFilter.ref = ref
    path = tmp_path / "Tracker.xlsx"
    book.save(path)
    target = tmp_path / "Added.xlsx"
    letters = add_columns(path, "Actions", top, ["Auto status", "Auto days overdue"], target)
    assert [column_index_from_string(each) for each in letters.values()] == [right - 1, right]
    made = opened(target, "Actions")
    assert made.tables["Actions"].ref.endswith(f"{get_column_letter(right)}{bottom}")
    name = next(name for name in changed(path, target) if "tables" in name)
    check_as_excel_does(target, name, made)


@pytest.mark.parametrize(
    ("cell", "value"), [("F4", "a note"), ("H7", 3), ("G5", "=1+1"), ("F3", "Grade ")]
)
def test_what_stands_in_the_way_is_named(tmp_path: Path, cell: str, value: str | int) -> None:
    path = a_tracker(tmp_path)
    book = openpyxl.load_workbook(path)
    book["Cases"][cell] = value
    book.save(path)
    assert f"{cell} is filled, right beside the data" in refusal(path)


def test_a_note_below_or_above_the_table_is_not_in_the_way(tmp_path: Path) -> None:
    path = a_tracker(tmp_path)
    book = openpyxl.load_workbook(path)
    book["Cases"]["F1"] = book["Cases"]["G12"] = "a note"
    book.save(path)
    sheet = opened(added(path))
    assert sheet["F1"].value == sheet["G12"].value == "a note"


def test_merged_cells_in_the_way_are_refused(tmp_path: Path) -> None:
    path = a_tracker(tmp_path)
    book = openpyxl.load_workbook(path)
    book["Cases"].merge_cells("H5:J5")
    book.save(path)
    assert "a merged cell (H5:J5) would be in the way" in refusal(path)


def test_another_table_in_the_way_is_refused(tmp_path: Path) -> None:
    path = a_tracker(tmp_path)
    book = openpyxl.load_workbook(path)
    book["Cases"]["H5"], book["Cases"]["I5"] = "Theme", "Count"
    book["Cases"].add_table(Table(displayName="Themes", ref="H5:I9"))
    book.save(path)
    edited(path, "xl/tables/table2.xml", "H5:I9", "H6:I9")
    text = refusal(path)
    assert "H5 is filled" in text or "Themes" in text


def test_a_heading_that_is_there_already_is_refused(tmp_path: Path) -> None:
    path = a_tracker(tmp_path)
    book = openpyxl.load_workbook(path)
    book["Cases"]["E3"] = "auto  STAGE"
    book["Cases"].tables["Cases"].tableColumns[-1:] = []
    book["Cases"].tables["Cases"].ref = "B3:D7"
    book.save(path)
    assert 'there is a column "Auto stage" already (E)' in refusal(path)


def test_a_protected_sheet_is_refused_and_a_protected_structure_is_not(tmp_path: Path) -> None:
    path = a_tracker(tmp_path)
    book = openpyxl.load_workbook(path)
    book.security = WorkbookProtection(lockStructure=True)
    book.save(path)
    added(path).unlink()
    book["Cases"].protection.sheet = True
    book.save(path)
    assert "the sheet is protected" in refusal(path)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("_xmlsignatures/sig1.xml", "digital signature"),
        ("xl/revisions/revisionHeaders.xml", "shared workbook that keeps a history"),
    ],
)
def test_signed_and_shared_workbooks_are_refused(tmp_path: Path, name: str, reason: str) -> None:
    path = a_tracker(tmp_path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(name, "<x/>")
    assert reason in refusal(path)


def test_a_table_that_a_query_fills_is_refused(tmp_path: Path) -> None:
    path = a_tracker(tmp_path)
    edited(path, "xl/tables/table1.xml", ' id="1"', ' id="1" tableType="queryTable"')
    assert "a query or connection fills the table" in refusal(path)


def test_a_table_with_its_headings_switched_off_is_refused(tmp_path: Path) -> None:
    path = a_tracker(tmp_path)
    edited(path, "xl/tables/table1.xml", ' headerRowCount="1"', ' headerRowCount="0"')
    edited(path, "xl/tables/table1.xml", 'ref="B3:E7"', 'ref="B4:E7"')
    assert "Table Design, Header Row" in refusal(path)


def test_headings_inside_the_table_are_refused(tmp_path: Path) -> None:
    assert "is not the heading row of the table" in refusal(a_tracker(tmp_path), header=4)


def test_an_array_formula_over_the_new_cells_is_refused(tmp_path: Path) -> None:
    rows = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>Case ref</t></is></c></row>'
        '<row r="2"><c r="A2"><f t="array" ref="A2:C2">{1,2,3}</f><v>1</v></c></row>'
    )
    path = a_workbook(tmp_path, rows)
    assert "an array formula (A2:C2)" in refusal(path, header=1)


def test_a_sheet_without_room_is_refused(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="XFC1" t="inlineStr"><is><t>Case ref</t></is></c></row>'
    assert "has no columns left" in refusal(a_workbook(tmp_path, rows), header=1)


@pytest.mark.parametrize("cols", ['<cols><col min="x" max="2"/></cols>', "<cols><col/></cols>"])
def test_columns_without_a_number_are_told_as_damage(tmp_path: Path, cols: str) -> None:
    row = '<row r="1"><c r="A1" t="inlineStr"><is><t>Case ref</t></is></c></row>'
    path = a_workbook(tmp_path, row, before=cols)
    assert "has a column without its number" in refusal(path, header=1)


def test_asking_for_nothing_writes_nothing(tmp_path: Path) -> None:
    path = a_tracker(tmp_path)
    assert add_columns(path, "Cases", 3, [], tmp_path / "Added.xlsx") == {}
    assert not (tmp_path / "Added.xlsx").exists()


def test_a_worksheet_that_lies_about_its_dimension_is_widened(tmp_path: Path) -> None:
    rows = '<row r="1" spans="1:1"><c r="A1" t="inlineStr"><is><t>Case ref</t></is></c></row>'
    sheet = worksheet(rows, before='<dimension ref="A1"/>')
    made = part(added(a_sheet(tmp_path, sheet), header=1))
    assert '<dimension ref="A1:D1"/>' in made
    assert 'spans="1:4"' in made


def places(path: Path) -> list[tuple[str, int, int]]:
    """Sheet, heading row and a column of each table and filter, as openpyxl finds them."""
    book = openpyxl.load_workbook(path)
    found = []
    for sheet in book.worksheets:
        refs = [table.ref for table in sheet.tables.values()]
        if sheet.auto_filter.ref and not refs:
            refs = [sheet.auto_filter.ref]
        found += [(sheet.title, *reversed(bounds(ref)[:2])) for ref in refs]
    return found


def has_place(name: str) -> bool:
    with zipfile.ZipFile(CORPUS / name) as archive:
        return any(
            each.startswith("xl/tables/")
            or (each.startswith("xl/worksheets/sheet") and b"<autoFilter" in archive.read(each))
            for each in archive.namelist()
        )


def filled(sheet: Worksheet) -> dict[str, tuple[object, str, str]]:
    return {
        cell.coordinate: (cell.value, cell.style, cell.number_format)
        for row in sheet
        for cell in row
        if cell.value is not None
    }


WITH_PLACES = [name for name in EDITED if has_place(name)]


SHEET, TABLE = "xl/worksheets/sheet1.xml", "xl/tables/table1.xml"


@pytest.mark.parametrize("shape", ["plain", "another"])
@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        (SHEET, "MF-005", "MF-050"),
        (SHEET, '<c r="B6"', '<c r="B6" s="1" ph="1"'),
        (SHEET, '<row r="5"', '<row r="5" hidden="1"'),
        (SHEET, 'topLeftCell="C4"', 'topLeftCell="C5"'),
        (
            SHEET,
            '<col width="14" customWidth="1" min="5"',
            '<col width="15" customWidth="1" min="5"',
        ),
        (SHEET, "Auto due", "Auto duo"),
        (TABLE, 'name="Grade"', 'name="Grades"'),
        (TABLE, 'name="Auto due"', 'name="Auto stage"'),
        (TABLE, 'count="7"', 'count="6"'),
        (TABLE, 'ref="B3:H7"', 'ref="B3:I7"'),
        (TABLE, 'TableStyleMedium2"', 'TableStyleMedium3"'),
    ],
)
def test_a_result_that_is_wrong_anywhere_is_told(
    tmp_path: Path, shape: str, name: str, old: str, new: str
) -> None:
    path = a_tracker(tmp_path)
    if shape == "another":  # a comment in a row
        edited(path, SHEET, "</c></row>", "</c><!-- --></row>")
    target = added(path)
    check(path, target)
    if old not in part(target, name):  # texts of cells stand in a part of their own
        name = "xl/sharedStrings.xml"
    edited(target, name, old, new)
    with pytest.raises(TrackerError):
        check(path, target)


def check(path: Path, target: Path) -> None:
    """Hold a result to the workbook it was made from."""
    with open_workbook(path) as before, open_workbook(target) as after:
        plan = planned(before, "Cases", 3, NEW, dates=DATES)
        check_parts(before, after, {before.package.member(each) for each in (SHEET, TABLE)})
        check_added(before, after, plan)


@needs_corpus
@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("name", WITH_PLACES)
def test_real_tables_and_filters_grow_or_are_refused(tmp_path: Path, name: str) -> None:
    source = CORPUS / name
    target = tmp_path / "Added.xlsx"
    for sheet, header, column in places(source):
        target.unlink(missing_ok=True)
        try:
            letters = add_columns(source, sheet, header, NEW, target, dates=DATES, beside=column)
        except TrackerError as error:
            assert "no columns can be added, because" in str(error)  # noqa: PT017 - either is right
            assert not target.exists()
            continue
        parts = changed(source, target)
        assert all(re.match(r"xl/(worksheets/|tables/|workbook\.xml)", each) for each in parts)
        old, new = openpyxl.load_workbook(source), openpyxl.load_workbook(target)
        fresh = {f"{letter}{header}" for letter in letters.values()}
        for was in old.worksheets:
            will = new[was.title]
            before, after = filled(was), filled(will)
            if was.title == sheet:
                assert {after.pop(ref)[0] for ref in fresh} == set(NEW)
            assert before == after
        for each in parts:
            if "tables/" in each:
                check_as_excel_does(target, each, new[sheet])


@pytest.mark.skipif(
    "MFAUTO_LONG" not in os.environ, reason="takes long in LibreOffice: set MFAUTO_LONG=1"
)
def test_libreoffice_reads_the_same_values(tmp_path: Path) -> None:
    path = a_tracker(tmp_path, totals=True)
    target = added(path)
    told = []
    for each in (path, target):
        subprocess.run(
            [  # noqa: S607 - wherever it is installed
                "soffice",
                f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
                "--headless",
                "--convert-to",
                "csv",
                "--outdir",
                str(tmp_path / each.stem),
                str(each),
            ],
            check=True,
            capture_output=True,
        )
        lines = (tmp_path / each.stem / f"{each.stem}.csv").read_text("utf-8").splitlines()
        told.append([line.split(",") for line in lines])
    before, after = told
    assert [line[:5] for line in after] == [line[:5] for line in before]
    assert after[2][5:] == list(NEW)
