"""The tracker template: what stands in the workbook, and that Excel and LibreOffice take it."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from mfauto.columns import CASES, PEOPLE, SHEETS, Column, Sheet
from mfauto.policy import Policy
from mfauto.process import RAGS, review
from mfauto.template import Rows, make_template, make_tracker
from mfauto.template.lists import FIXED, GROWING
from mfauto.template.looks import AUTO_GROUND, QUIET, RAG, TINTS
from mfauto.template.sheets import GROUPS
from mfauto.template.validation import LAST_ROW
from mfauto.workbook import read_tracker
from mfauto.xlsx import read_cells, set_cells

PROJECT = Path(__file__).parent.parent
SOFFICE = shutil.which("soffice")
COMMITTED = PROJECT / "tracker_template.xlsx"
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
ORDER = ["Read me", *(sheet.name for sheet in SHEETS), "Lists"]
COLUMNS = [(sheet, number) for sheet in SHEETS for number in range(1, len(sheet.columns) + 1)]
NAMED = [f"{sheet.name}: {sheet.columns[number - 1].heading}" for sheet, number in COLUMNS]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("template") / "Tracker.xlsx"
    make_template(target)
    return target


@pytest.fixture(scope="module")
def workbook(template: Path) -> Workbook:
    return load_workbook(template)


def parts(path: Path) -> dict[str, bytes]:
    with ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def validations(page: Worksheet, letter: str) -> list[DataValidation]:
    cells = f"{letter}2:{letter}{LAST_ROW}"
    return [v for v in page.data_validations.dataValidation if str(v.sqref) == cells]


def test_the_committed_template_is_what_the_code_makes(template: Path) -> None:
    """Part by part: another computer's zlib may pack the same parts into other bytes."""
    made, committed = parts(template), parts(COMMITTED)

    assert list(made) == list(committed)
    assert [name for name in made if made[name] != committed[name]] == []


def test_made_twice_it_is_the_same_to_the_byte(template: Path, tmp_path: Path) -> None:
    make_template(tmp_path / "again.xlsx")

    assert (tmp_path / "again.xlsx").read_bytes() == template.read_bytes()


def test_nothing_in_it_tells_when_it_was_made(template: Path) -> None:
    with ZipFile(template) as archive:
        assert {part.date_time for part in archive.infolist()} == {(2026, 1, 1, 0, 0, 0)}
        core = archive.read("docProps/core.xml").decode()

    assert set(re.findall(r"20\d\d-\d\d-\d\dT[^<]*", core)) == {"2026-01-01T00:00:00Z"}
    assert "Moving Forward tracker" in core
    assert "en-GB" in core


def test_the_sheets_stand_in_the_order_of_the_contract(workbook: Workbook) -> None:
    assert workbook.sheetnames == ORDER


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
class TestDataSheet:
    def test_the_headings_stand_in_row_1_in_their_order(
        self, workbook: Workbook, sheet: Sheet
    ) -> None:
        found = [cell.value for cell in workbook[sheet.name][1]]

        assert found == [column.heading for column in sheet.columns]

    def test_it_is_one_table_with_one_blank_row(self, workbook: Workbook, sheet: Sheet) -> None:
        page = workbook[sheet.name]
        last = get_column_letter(len(sheet.columns))

        assert [(table.name, table.ref) for table in page.tables.values()] == [
            (sheet.table, f"A1:{last}2")
        ]
        assert [cell.value for cell in page[2]] == [None] * len(sheet.columns)

    def test_the_tables_own_names_are_the_headings(self, template: Path, sheet: Sheet) -> None:
        tables = [
            ET.fromstring(content)  # noqa: S314 - made by this test
            for name, content in parts(template).items()
            if name.startswith("xl/tables/")
        ]
        (table,) = [found for found in tables if found.get("displayName") == sheet.table]
        names = [column.get("name") for column in table.iter(f"{MAIN}tableColumn")]
        (buttons,) = table.iter(f"{MAIN}autoFilter")

        assert names == [column.heading for column in sheet.columns]
        assert buttons.get("ref") == table.get("ref")
        assert len({found.get("id") for found in tables}) == len(tables)

    def test_no_formula_no_merge_no_protection(self, template: Path, sheet: Sheet) -> None:
        number = ORDER.index(sheet.name) + 1
        content = parts(template)[f"xl/worksheets/sheet{number}.xml"]

        for mark in (b"<f>", b"<f ", b"mergeCell", b"sheetProtection"):
            assert mark not in content

    def test_it_prints_on_a4_with_its_marking_and_page_numbers(
        self, workbook: Workbook, sheet: Sheet
    ) -> None:
        page = workbook[sheet.name]

        assert page.page_setup.orientation == "landscape"
        assert page.page_setup.paperSize == 9
        assert page.print_title_rows == "$1:$1"
        assert page.oddHeader is not None
        assert page.oddFooter is not None
        assert "OFFICIAL-SENSITIVE" in str(page.oddHeader.right.text)
        assert "Page &P of &N" in str(page.oddFooter.right.text)

    def test_headings_and_refs_stay_in_view(self, workbook: Workbook, sheet: Sheet) -> None:
        columns = ["case_ref", "ref", "held", "name"]
        frozen = str(workbook[sheet.name].freeze_panes)

        assert frozen.endswith("2")
        kept = "ABC".index(frozen[0])
        assert {column.field for column in sheet.columns[:kept]} <= {*columns, "round"}

    def test_every_group_of_headings_starts_at_a_heading(
        self, workbook: Workbook, sheet: Sheet
    ) -> None:
        assert set(GROUPS[sheet.name]) <= {column.field for column in sheet.columns}
        grounds = {cell.fill.fgColor.rgb[2:] for cell in workbook[sheet.name][1]}
        assert grounds <= {*TINTS, "E4E5E7"}


@pytest.mark.parametrize(("sheet", "number"), COLUMNS, ids=NAMED)
class TestColumn:
    def column(self, sheet: Sheet, number: int) -> Column:
        return sheet.columns[number - 1]

    def test_a_list_comes_from_a_name_that_exists(
        self, workbook: Workbook, sheet: Sheet, number: int
    ) -> None:
        column = self.column(sheet, number)
        found = validations(workbook[sheet.name], get_column_letter(number))
        lists = [v.formula1 for v in found if v.type == "list"]

        if column.kind == "choice":
            (name,) = lists
            assert _offered(workbook, str(name)) == list(column.choices)
        if column.kind in ("person", "place") or column.field == "case_ref":
            (name,) = lists
            assert name in GROWING
        assert set(lists) <= set(workbook.defined_names)

    def test_a_choice_and_a_date_are_stopped_and_a_name_is_questioned(
        self, workbook: Workbook, sheet: Sheet, number: int
    ) -> None:
        column = self.column(sheet, number)
        styles = {
            v.errorStyle
            for v in validations(workbook[sheet.name], get_column_letter(number))
            if v.showErrorMessage and v.type
        }

        if column.kind in ("choice", "date", "plan", "number"):
            assert styles == {"stop"}
        elif column.kind in ("person", "place", "auto", "email"):
            assert styles == {"warning"}

    def test_its_hint_shows_and_excel_can_hold_it(
        self, workbook: Workbook, sheet: Sheet, number: int
    ) -> None:
        column = self.column(sheet, number)
        found = validations(workbook[sheet.name], get_column_letter(number))

        assert len(found) <= 1
        assert bool(found) >= bool(column.hint or column.kind == "auto")
        for v in found:
            assert len(v.promptTitle or "") <= 32
            assert len(v.prompt or "") <= 255
            assert len(v.errorTitle or "") <= 32
            assert len(v.error or "") <= 225
            assert len(v.formula1 or "") <= 255
            if column.kind == "auto":
                assert v.prompt == "Filled in by mfauto. Do not type here."
            elif column.hint:
                assert str(v.prompt).startswith(column.hint)
                assert v.showInputMessage

    def test_a_new_cell_takes_the_look_of_its_column(
        self, workbook: Workbook, sheet: Sheet, number: int
    ) -> None:
        column, letter = self.column(sheet, number), get_column_letter(number)
        page = workbook[sheet.name]
        days = column.is_date or column.field in ("auto_due", "auto_checked_on")

        for styled in (page[f"{letter}2"], page.column_dimensions[letter]):
            assert (styled.number_format == "dd/mm/yyyy") == days
            assert styled.font.name == "Arial"
            assert (styled.fill.fgColor.rgb == f"00{AUTO_GROUND}") == (column.kind == "auto")


def _offered(workbook: Workbook, name: str) -> list[object]:
    target = workbook.defined_names[name].attr_text
    sheet, _, cells = target.partition("!")
    assert sheet == "Lists"
    return [row[0].value for row in workbook["Lists"][cells.replace("$", "")]]


def test_each_fixed_list_is_offered_whole(workbook: Workbook) -> None:
    for name, (_, choices) in FIXED.items():
        assert _offered(workbook, name) == list(choices)


def test_a_growing_list_names_a_column_of_a_table(workbook: Workbook) -> None:
    headings = {
        table.displayName: [cell.value for cell in page[table.ref][0]]
        for page in workbook
        for table in page.tables.values()
    }
    for name, column in GROWING.items():
        table, _, heading = column.rstrip("]").partition("[")
        assert workbook.defined_names[name].attr_text == column
        assert heading in headings[table]


def test_no_name_is_also_the_name_of_a_table(workbook: Workbook) -> None:
    tables = {table.lower() for page in workbook for table in page.tables}

    assert tables.isdisjoint(name.lower() for name in workbook.defined_names)


def test_the_font_is_arial_throughout(template: Path) -> None:
    made = parts(template)

    for name in ("xl/styles.xml", "xl/theme/theme1.xml"):
        assert b"Calibri" not in made[name]
        assert b"Arial" in made[name]


def test_every_rag_word_has_its_colours_on_cases(workbook: Workbook) -> None:
    coloured = {
        rule.formula[0].strip('"')
        for cells in workbook["Cases"].conditional_formatting
        for rule in cells.rules
        if rule.operator == "equal"
    }

    assert coloured == set(RAGS) == set(RAG)


def _luminance(colour: str) -> float:
    shares = [int(colour[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (
        share / 12.92 if share <= 0.03928 else ((share + 0.055) / 1.055) ** 2.4 for share in shares
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _grounds(workbook: Workbook) -> Iterator[tuple[str, str]]:
    yield from RAG.values()
    yield QUIET, AUTO_GROUND
    for page in workbook:
        for row in page.iter_rows():
            for cell in row:
                if cell.value is not None:
                    filled = cell.fill.fill_type == "solid"
                    yield (
                        cell.font.color.rgb[2:],
                        cell.fill.fgColor.rgb[2:] if filled else "FFFFFF",
                    )
        for cells in page.conditional_formatting:
            for rule in cells.rules:
                looks = rule.dxf
                ground = looks.fill.bgColor.rgb[2:] if looks.fill else AUTO_GROUND
                yield looks.font.color.rgb[2:], ground


def test_text_stands_out_from_its_ground(workbook: Workbook) -> None:
    for text, ground in set(_grounds(workbook)):
        low, high = sorted((_luminance(text), _luminance(ground)))
        assert (high + 0.05) / (low + 0.05) >= 4.5, f"{text} on {ground}"


def test_read_me_names_every_sheet_and_every_rag_word(workbook: Workbook) -> None:
    labels = [cell.value for cell in workbook["Read me"]["B"]]

    assert set(ORDER[1:]) | set(RAGS) <= set(labels)
    assert not workbook["Read me"].merged_cells


def test_read_me_says_that_people_need_a_yes_under_active(workbook: Workbook) -> None:
    """Without it nobody is written to, not even about child safety."""
    steps = {cell.value: cell.offset(0, 1).value for cell in workbook["Read me"]["B"]}

    assert "Yes under Active" in str(steps["2. People"])


def test_read_me_links_lead_to_their_sheets(workbook: Workbook) -> None:
    red, *links = [cell for cell in workbook["Read me"]["B"] if cell.hyperlink]

    assert [cell.hyperlink.location for cell in links] == [f"'{cell.value}'!A1" for cell in links]
    assert [cell.value for cell in links] == ORDER[1:]
    sheet, cell = red.hyperlink.location.split("!")
    assert workbook[sheet.strip("'")][cell].value == red.value == "Auto RAG"


def test_the_product_reads_it_as_an_empty_tracker_without_findings(template: Path) -> None:
    tracker = read_tracker(template)

    assert [tracker.places[sheet.name][0].absent for sheet in SHEETS] == [()] * len(SHEETS)
    assert review(tracker, Policy(), date(2026, 11, 2)).findings == ()
    assert (tracker.cases, tracker.people) == ((), ())


def test_the_product_writes_into_its_blank_row(template: Path, tmp_path: Path) -> None:
    due = get_column_letter([column.field for column in CASES.columns].index("auto_due") + 1)
    written = tmp_path / "written.xlsx"

    set_cells(template, {("Cases", f"{due}2"): date(2026, 3, 4)}, written)

    assert [cell.value for cell in read_cells(written, "Cases") if cell.row == 2] == [
        date(2026, 3, 4)
    ]


def test_rows_are_filled_in_by_field(tmp_path: Path) -> None:
    target = tmp_path / "Tracker.xlsx"
    rows: Rows = {
        "cases": [{"ref": "=MF-1", "audited": date(2026, 3, 4), "service_area": "Larkmere"}],
        "people": [{"name": "Ada Example", "service_area": "Fernbeck"}, {"name": "Tom Example"}],
    }

    make_tracker(target, rows)

    workbook = load_workbook(target)
    assert workbook["Cases"]["A2"].data_type == "s"
    assert workbook["Cases"]["B2"].value.date() == date(2026, 3, 4)
    assert (
        workbook["People"].tables["People"].ref == f"A1:{get_column_letter(len(PEOPLE.columns))}3"
    )
    assert [workbook["Lists"][f"A{row}"].value for row in (5, 6, 7)] == [
        "Fernbeck",
        "Larkmere",
        None,
    ]


def test_rows_of_a_sheet_that_is_not_there_are_refused(tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="incidents"):
        make_tracker(tmp_path / "Tracker.xlsx", {"incidents": []})


@pytest.mark.skipif(SOFFICE is None and "CI" not in os.environ, reason="LibreOffice is not here")
def test_libreoffice_keeps_its_lists_and_tables(template: Path, tmp_path: Path) -> None:
    profile = (tmp_path / "profile").as_uri()
    subprocess.run(
        [
            str(SOFFICE),
            f"-env:UserInstallation={profile}",
            "--headless",
            "--convert-to",
            "xlsx:Calc MS Excel 2007 XML",
            "--outdir",
            str(tmp_path / "saved"),
            str(template),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )

    saved = load_workbook(tmp_path / "saved" / template.name)
    assert saved.sheetnames == ORDER
    assert set(FIXED) | set(GROWING) <= set(saved.defined_names)
    assert "#REF!" not in "".join(name.attr_text for name in saved.defined_names.values())
    lists = {
        v.formula1
        for page in saved
        for v in page.data_validations.dataValidation
        if v.type == "list"
    }
    assert lists == set(FIXED) | set(GROWING)
