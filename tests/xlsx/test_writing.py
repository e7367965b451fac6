"""Touched cells go in; everything else stays byte for byte, or nothing is written."""

import os
import zipfile
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from enum import IntEnum, StrEnum
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mfauto.errors import TrackerError
from mfauto.xlsx import add_columns, read_cells, set_cells, write_cells
from tests.xlsx.building import (
    MAIN,
    OFFICE,
    PACKAGE,
    STYLES,
    STYLES_WITHOUT_DATES,
    a_sheet,
    a_table_workbook,
    a_workbook,
    part,
    parts_of,
    worksheet,
    zipped,
)

Wanted = Mapping[str, object]


def at(*moment: int) -> datetime:
    return datetime(*moment)  # type: ignore[arg-type] # noqa: DTZ001 - Excel's days have no zone


def written(source: Path, wanted: Wanted) -> Path:
    target = source.with_name("Made.xlsx")
    set_cells(source, {("Cases", ref): value for ref, value in wanted.items()}, target)  # type: ignore[misc]
    return target


def values(path: Path) -> dict[str, object]:
    return {cell.ref: cell.value for cell in read_cells(path, "Cases")}


def rows_of(path: Path) -> str:
    return part(path).partition("<sheetData>")[2].partition("</sheetData>")[0]


TEXT = ' t="inlineStr"><is><t xml:space="preserve">{}</t></is></c>'
NEW = TEXT.format("new")
A1 = f'<row r="1"><c r="A1"{NEW}</row>'
A9 = f'<row r="9"><c r="A9"{NEW}</row>'
ROW_2 = '<row r="2"><c r="A2"><v>1</v></c></row>'
C1_TO_E1 = '<c r="C1"><v>3</v></c><c r="D1"><v>4</v></c><c r="E1"><v>5</v></c></row>'


@pytest.mark.parametrize(
    ("rows", "wanted", "expected"),
    [
        (
            '<row r="1"><c r="A1" s="2" t="s"><v>0</v></c><c r="B1"><v>5</v></c></row>',
            {"A1": "new"},
            f'<row r="1"><c r="A1" s="2"{NEW}<c r="B1"><v>5</v></c></row>',
        ),
        (
            '<row r="1"><c r="A1" s="2"/><c r="C1"><v>5</v></c></row>',
            {"A1": 34, "C1": 1.5},
            '<row r="1"><c r="A1" s="2"><v>34</v></c><c r="C1"><v>1.5</v></c></row>',
        ),
        (
            '<row r="1"><c r="A1" s="2" t="s"><v>0</v></c></row>',
            {"A1": None},
            '<row r="1"><c r="A1" s="2"/></row>',
        ),
        (
            '<row r="1" spans="1:1"><c r="A1"><v>1</v></c></row>',
            {"C1": "new"},
            f'<row r="1" spans="1:3"><c r="A1"><v>1</v></c><c r="C1"{NEW}</row>',
        ),
        (
            '<row r="1"><c r="A1"><v>1</v></c><c r="D1"><v>4</v></c></row>',
            {"B1": "new", "C1": 3, "E1": 5},
            f'<row r="1"><c r="A1"><v>1</v></c><c r="B1"{NEW}' + C1_TO_E1,
        ),
        (
            '<row r="2" s="2" customFormat="1"/>',
            {"B2": "new"},
            f'<row r="2" s="2" customFormat="1"><c r="B2" s="2"{NEW}</row>',
        ),
        (
            '<row r="2"><c r="A2"><v>1</v></c></row><row r="6"/>',
            {"A1": "new", "B4": "new", "A9": "new", "C6": None},
            f'{A1}{ROW_2}<row r="4"><c r="B4"{NEW}</row><row r="6"/>{A9}',
        ),
        (
            '\n<row r="2"/>\n<row r="3"/>\n',
            {"A2": "new"},
            f'\n<row r="2"><c r="A2"{NEW}</row>\n<row r="3"/>\n',
        ),
        ("", {"B2": "new"}, f'<row r="2"><c r="B2"{NEW}</row>'),
        (
            '<row r="1"><c r="A1" s="1" cm="1" vm="3"><v>1</v></c></row>',
            {"A1": "new"},
            f'<row r="1"><c r="A1" s="1"{NEW}</row>',
        ),
        (
            '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1"><v>5</v></c></row>',
            {"B1": 6},
            '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1"><v>6</v></c></row>',
        ),
    ],
)
def test_only_the_touched_cell_changes(
    tmp_path: Path, rows: str, wanted: Wanted, expected: str
) -> None:
    source = a_workbook(tmp_path, rows, texts="<si><t>old</t></si>")

    assert rows_of(written(source, wanted)) == expected


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("<row r='1'><c r='A1' t='s'><v>0</v></c></row>", f"<row r='1'><c r='A1'{NEW}</row>"),
        ("<row><c><v>1</v></c></row>", f"<row><c{NEW}</row>"),
        (
            '<!-- <row r="1"> --><row r="1"><c r="A1"><v>1</v></c></row>',
            f'<!-- <row r="1"> --><row r="1"><c r="A1"{NEW}</row>',
        ),
        (
            '<row r="1"><c r="A1" ><v>1</v><extLst><ext uri="x"/></extLst></c ></row>',
            f'<row r="1"><c r="A1"{NEW}</row>'.replace(
                "</c>", '<extLst><ext uri="x"/></extLst></c>'
            ),
        ),
        (
            '<row r="1"><c r="A1" ><v>1</v><extLst/></c></row>',
            f'<row r="1"><c r="A1"{NEW}</row>'.replace("</c>", "<extLst/></c>"),
        ),
        (
            '<row r="1"><c r="A1" x:odd="a>b" xmlns:x="urn:x"/></row>',
            f'<row r="1"><c r="A1" x:odd="a>b" xmlns:x="urn:x"{NEW}</row>',
        ),
        (
            '<row r="1"><c r="A1" t="s"><v><![CDATA[0]]></v></c></row>',
            f'<row r="1"><c r="A1"{NEW}</row>',
        ),
        (
            '<row r="1"><c r="A1" t="inlineStr"><is><r><t>a</t></r></is></c></row>',
            f'<row r="1"><c r="A1"{NEW}</row>',
        ),
        ("<row r='2'/>", f'<row r="1"><c r="A1"{NEW}</row><row r=\'2\'/>'),
    ],
)
def test_odd_shapes_are_edited_in_place(tmp_path: Path, rows: str, expected: str) -> None:
    source = a_workbook(tmp_path, rows, texts="<si><t>old</t></si>")

    assert rows_of(written(source, {"A1": "new"})) == expected


ALTERNATIVES = (
    '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main">'
    '<mc:Choice Requires="x14">{}</mc:Choice><mc:Fallback>{}</mc:Fallback></mc:AlternateContent>'
)
ONE, TWO = '<c r="B2"><v>1</v></c>', '<c r="C2"><v>2</v></c>'


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ('<row r="5"/><row r="2"/>', f'{A1}<row r="5"/><row r="2"/>'),
        (f'{ROW_2}<row r="1"/>', f'{ROW_2}<row r="1"><c r="A1"{NEW}</row>'),
        (
            '<row r="1"><c r="C1"/><c r="B1"/></row>',
            f'<row r="1"><c r="A1"{NEW}<c r="C1"/><c r="B1"/></row>',
        ),
        (
            '<row r="1"><c r="B1"/><c r="A1" s="1"/></row>',
            f'<row r="1"><c r="B1"/><c r="A1" s="1"{NEW}</row>',
        ),
        (
            f'<row r="1"><c r="A1"/>{ALTERNATIVES.format("", "")}</row>',
            f'<row r="1"><c r="A1"{NEW}{ALTERNATIVES.format("", "")}</row>',
        ),
        (
            f'<row r="1"><c r="A1"/></row><row r="2">{ALTERNATIVES.format(ONE, TWO)}</row>',
            f'<row r="1"><c r="A1"{NEW}</row><row r="2">{ALTERNATIVES.format(ONE, TWO)}</row>',
        ),
    ],
)
def test_rows_and_cells_out_of_order_stay_where_they_are(
    tmp_path: Path, rows: str, expected: str
) -> None:
    assert rows_of(written(a_workbook(tmp_path, rows), {"A1": "new"})) == expected


@pytest.mark.parametrize(
    ("rows", "ref", "why"),
    [
        ('<row r="1"><c r="A1"/><c r="A1"><v>2</v></c></row>', "A1", "stands twice in the file"),
        (f'{ROW_2}<row r="1"/><row r="2"/>', "B2", "row 2 stands twice in the file"),
        (f'<row r="2">{ALTERNATIVES.format(ONE, TWO)}</row>', "B2", "holds it in two versions"),
        (f'<row r="2">{ALTERNATIVES.format(ONE, TWO)}</row>', "C2", "its row in two versions"),
        (f'<row r="2">{ALTERNATIVES.format(ONE, TWO)}</row>', "D2", "its row in two versions"),
        (ALTERNATIVES.format(ROW_2, ROW_2), "A2", "its row in two versions"),
        (ALTERNATIVES.format(ROW_2, ROW_2), "A3", "its rows in two versions"),
    ],
)
def test_a_cell_that_could_be_meant_twice_is_refused(
    tmp_path: Path, rows: str, ref: str, why: str
) -> None:
    with pytest.raises(TrackerError, match=f"cell {ref}: .*{why}.*\n.*in Excel and save it"):
        written(a_workbook(tmp_path, rows), {ref: "new"})
    assert [path.name for path in tmp_path.iterdir()] == ["Tracker.xlsx"]


def test_rows_that_stand_in_two_versions_as_a_whole_are_refused(tmp_path: Path) -> None:
    whole = f"<sheetData>{ROW_2}</sheetData>"
    sheet = worksheet("").replace("<sheetData></sheetData>", ALTERNATIVES.format(whole, whole))
    source = a_sheet(tmp_path, sheet)

    assert values(source) == {"A2": 1.0}
    with pytest.raises(TrackerError, match="its cells in two versions"):
        written(source, {"A2": "new"})


@pytest.mark.parametrize("ref", ["B2", "C3", "D2"])
def test_a_cell_that_a_pivot_table_shows_is_written_like_any_other(
    tmp_path: Path, ref: str
) -> None:
    """The pivot table shows its own results again when it is refreshed; nothing is harmed."""
    link = (
        f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1"'
        f' Type="{OFFICE}/pivotTable" Target="../pivotTables/pivotTable1.xml"/></Relationships>'
    )
    pivot = f'<pivotTableDefinition xmlns="{MAIN}"><location ref="B2:C5"/></pivotTableDefinition>'
    more = {
        "xl/worksheets/_rels/sheet1.xml.rels": link,
        "xl/pivotTables/pivotTable1.xml": pivot,
    }
    source = a_workbook(tmp_path, ROW_2, more=more)
    assert values(written(source, {ref: "new"}))[ref] == "new"


@pytest.mark.parametrize("ref", ["A1", "A3", "A9"])
def test_rows_that_only_their_cells_number_are_not_written(tmp_path: Path, ref: str) -> None:
    source = a_workbook(tmp_path, '<row><c r="A3"><v>1</v></c></row>')
    with pytest.raises(TrackerError, match=r"rows do not say which they are.*\n.*save it"):
        set_cells(source, {("Cases", ref): "new"}, tmp_path / "Made.xlsx")

    assert not (tmp_path / "Made.xlsx").exists()


@pytest.mark.parametrize("name", ["US-ASCII", "us-ascii", "utf8"])
def test_a_part_that_is_said_to_be_ascii_stays_so(tmp_path: Path, name: str) -> None:
    sheet = worksheet('<row r="1"><c r="A1"><v>1</v></c></row>').replace("UTF-8", name)
    target = written(a_sheet(tmp_path, sheet), {"B1": "naïve 日"})

    assert part(target).isascii()
    assert values(target) == {"A1": 1.0, "B1": "naïve 日"}


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "cp1252"])
def test_other_encodings_are_kept(tmp_path: Path, codec: str) -> None:
    sheet = worksheet('<row r="1"><c r="A1" t="inlineStr"><is><t>é</t></is></c></row>')
    name = {"utf-8-sig": "UTF-8", "cp1252": "windows-1252"}.get(codec, "UTF-16")
    source = a_sheet(tmp_path, sheet.replace("UTF-8", name).encode(codec))
    target = written(source, {"B1": "naïve 日"})

    with zipfile.ZipFile(target) as archive:
        made = archive.read("xl/worksheets/sheet1.xml").decode(codec)
    assert f'<c r="A1" t="inlineStr"><is><t>é</t></is></c><c r="B1"{TEXT[:-19]}'[:60] in made
    assert values(target) == {"A1": "é", "B1": "naïve 日"}


@pytest.mark.parametrize(
    "empty",
    ["<sheetData/>", "<sheetData />", "<sheetData></sheetData>", "<sheetData>\n</sheetData>"],
)
def test_an_empty_sheet_takes_its_first_cell(tmp_path: Path, empty: str) -> None:
    source = a_sheet(tmp_path, worksheet("").replace("<sheetData></sheetData>", empty))

    assert values(written(source, {"C3": "new"})) == {"C3": "new"}


def test_prefixed_names_get_prefixed_cells(tmp_path: Path) -> None:
    sheet = (
        f'<x:worksheet xmlns:x="{MAIN}" xmlns:r="{OFFICE}"><x:sheetData><x:row r="2">'
        '<x:c r="A2" t="s"><x:v>0</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    )
    target = written(a_sheet(tmp_path, sheet), {"A2": "new", "B2": 4, "A5": "far"})

    assert part(target) == sheet.replace(
        '<x:c r="A2" t="s"><x:v>0</x:v></x:c></x:row>',
        '<x:c r="A2" t="inlineStr"><x:is><x:t xml:space="preserve">new</x:t></x:is></x:c>'
        '<x:c r="B2"><x:v>4</x:v></x:c></x:row><x:row r="5"><x:c r="A5" t="inlineStr">'
        '<x:is><x:t xml:space="preserve">far</x:t></x:is></x:c></x:row>',
    )


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+44 20",
        "-5",
        "@SUM",
        " spaces ",
        "line\nbreak\r\nand tab\t",
        "_x000D_ as typed",
        "_x005F_",
        "bell \x07 and null \x00",
        "{{ 7*7 }} {% raw %} & < > ]]> \"'",
        "\u202eright to left\ufffe",
        "\U0001f600" * 100,
        "x" * 32767,
        "1e5",
    ],
)
def test_text_reads_back_as_it_was_given(tmp_path: Path, text: str) -> None:
    target = written(a_workbook(tmp_path), {"A1": text})

    [cell] = read_cells(target, "Cases")
    assert (cell.value, cell.formula) == (text, False)


NUMBER = "><v>{}</v></c>"


def existing(style: int) -> str:
    return f'<row r="1"><c r="A1" s="{style}" t="inlineStr"><is><t>old</t></is></c></row>'


@pytest.mark.parametrize(
    ("style", "value", "now", "expected"),
    [
        (1, date(2026, 3, 3), date(2026, 3, 3), NUMBER.format("46084")),
        (3, at(2026, 3, 3, 12), at(2026, 3, 3, 12), NUMBER.format("46084.5")),
        (3, at(2026, 3, 3), date(2026, 3, 3), NUMBER.format("46084")),
        (1, date(1900, 2, 28), date(1900, 2, 28), NUMBER.format("59")),
        (0, date(2026, 3, 3), "3 March 2026", TEXT.format("3 March 2026")),
        (2, date(2026, 3, 3), "3 March 2026", TEXT.format("3 March 2026")),
        (4, at(2026, 3, 3, 9, 30), "3 March 2026 09:30", TEXT.format("3 March 2026 09:30")),
        (99, date(2026, 3, 3), "3 March 2026", TEXT.format("3 March 2026")),
        (0, 34, 34.0, NUMBER.format("34")),
        (1, 34, date(1900, 2, 3), NUMBER.format("34")),
        (3, 34.5, at(1900, 2, 3, 12), NUMBER.format("34.5")),
        (5, -34, None, NUMBER.format("-34")),
        (1, 1e20, None, NUMBER.format("1e+20")),
        (4, 0.25, 0.25, NUMBER.format("0.25")),
        (4, 46084.25, at(2026, 3, 3, 6), NUMBER.format("46084.25")),
        (0, 2**53, 2.0**53, NUMBER.format("9007199254740992.0")),
        (0, -0.1, -0.1, NUMBER.format("-0.1")),
        (1, "3 March", "3 March", TEXT.format("3 March")),
        (5, None, None, "/>"),
    ],
)
def test_a_cell_that_is_there_keeps_its_style_and_a_number_is_a_number(
    tmp_path: Path, style: int, value: object, now: object, expected: str
) -> None:
    target = written(a_workbook(tmp_path, existing(style)), {"A1": value})

    assert values(target).get("A1") == now
    assert rows_of(target) == f'<row r="1"><c r="A1" s="{style}"{expected}</row>'
    again = target.with_name("Again.xlsx")
    set_cells(target, {("Cases", "A1"): value}, again)  # type: ignore[dict-item]
    assert again.read_bytes() == target.read_bytes()


@pytest.mark.parametrize(
    ("column", "row", "value", "now", "style"),
    [
        (0, None, date(2026, 3, 3), date(2026, 3, 3), 1),
        (2, None, date(2026, 3, 3), date(2026, 3, 3), 3),
        (0, 2, date(2026, 3, 3), date(2026, 3, 3), 3),
        (5, None, date(2026, 3, 3), date(2026, 3, 3), 5),
        (4, None, date(2026, 3, 3), date(2026, 3, 3), 1),
        (0, 4, at(2026, 3, 3, 9, 30), at(2026, 3, 3, 9, 30), 1),
        (99, None, date(2026, 3, 3), date(2026, 3, 3), 1),
        (1, None, 34, 34.0, 0),
        (3, None, 34, 34.0, 2),
        (5, None, 34, 34.0, 0),
        (4, None, 34, 34.0, 0),
        (4, None, 0.25, 0.25, 4),
        (2, None, 34, 34.0, 2),
        (5, None, "34", "34", 5),
    ],
)
def test_a_new_cell_takes_a_style_that_suits_what_it_holds(
    tmp_path: Path, column: int, row: int | None, value: object, now: object, style: int
) -> None:
    cols = f'<cols><col min="2" max="2" style="{column}"/></cols>'
    rows = f'<row r="2" s="{row}" customFormat="1"/>' if row else ""
    target = written(a_workbook(tmp_path, rows, before=cols), {"B2": value})

    assert values(target) == {"B2": now}
    assert (f'<c r="B2" s="{style}"' if style else '<c r="B2">') in rows_of(target)
    assert part(target, "xl/styles.xml") == STYLES


DRESSED = STYLES.replace(
    'numFmtId="14" fontId="0" fillId="0" borderId="0"',
    'numFmtId="14" {}fontId="{}" fillId="0" borderId="0"',
)


@pytest.mark.parametrize(
    ("styles", "now", "style"),
    [
        (STYLES.replace('xfId="0" applyNumberFormat="1"', 'applyFont="1"'), date(2026, 3, 3), 1),
        (DRESSED.format('quotePrefix="1" ', 0), "3 March 2026", 0),
        (DRESSED.format("", 1), "3 March 2026", 0),
        (STYLES_WITHOUT_DATES, "3 March 2026", 0),
        (f'<styleSheet xmlns="{MAIN}"/>', "3 March 2026", 0),
    ],
)
def test_a_new_cell_takes_no_style_that_is_dressed(
    tmp_path: Path, styles: str, now: object, style: int
) -> None:
    target = written(a_workbook(tmp_path, styles=styles), {"A1": date(2026, 3, 3)})

    assert values(target) == {"A1": now}
    assert ('s="1"' in rows_of(target)) is (style == 1)


def test_a_day_counts_from_the_workbooks_own_epoch(tmp_path: Path) -> None:
    source = a_workbook(tmp_path, existing(1), properties='<workbookPr date1904="true"/>')
    target = written(source, {"A1": date(2026, 3, 3), "B1": date(2026, 3, 3), "A2": 1})

    assert values(target) == {"A1": date(2026, 3, 3), "B1": date(2026, 3, 3), "A2": 1}
    assert rows_of(target).count('s="1"><v>44622</v>') == 2


def test_cells_of_an_odd_shape_keep_their_style_as_well(tmp_path: Path) -> None:
    rows = (existing(1) + '<row r="2"><c r="A2" s="2"/></row>').replace('"', "'")
    target = written(a_workbook(tmp_path, rows), {"A1": 34, "A2": date(2026, 3, 3)})

    assert values(target) == {"A1": date(1900, 2, 3), "A2": "3 March 2026"}
    assert "<c r='A1' s='1'><v>34</v></c>" in rows_of(target)
    assert "<c r='A2' s='2' t=" in rows_of(target)


def test_a_new_cell_takes_the_style_of_its_column(tmp_path: Path) -> None:
    cols = '<cols><col min="2" max="3" width="9" style="2"/></cols>'
    target = written(a_workbook(tmp_path, before=cols), {"B2": "new", "D2": "new"})

    assert f'<c r="B2" s="2"{NEW}<c r="D2"{NEW}' in part(target)


def test_the_dimension_grows_with_the_cells(tmp_path: Path) -> None:
    rows = '<row r="2"><c r="B2"><v>1</v></c></row>'
    source = a_workbook(tmp_path, rows, before='<dimension ref="B2"/>')

    assert '<dimension ref="B2:D9"/>' in part(written(source, {"D9": "new"}))
    assert '<dimension ref="B2"/>' in part(written(source, {"B2": "new", "F9": None}))


def test_a_value_that_is_there_already_is_left_alone(tmp_path: Path) -> None:
    rows = (
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><v>1.50</v></c>'
        '<c r="C1" s="1"><v>46084</v></c><c r="D1" s="1"/></row>'
    )
    source = a_workbook(tmp_path, rows, texts="<si><t>old</t></si>")
    same = {"A1": "old", "B1": 1.5, "C1": date(2026, 3, 3), "D1": None, "E5": None}

    assert written(source, same).read_bytes() == source.read_bytes()


@pytest.mark.parametrize(
    ("rows", "after", "ref", "why"),
    [
        ('<row r="1"><c r="A1"><f>1+1</f><v>2</v></c></row>', "", "A1", "holds a formula"),
        ("<row r='1'><c r='A1'><f>1+1</f><v>2</v></c></row>", "", "A1", "holds a formula"),
        (
            '<row r="1"><c r="A1"><f t="shared" si="0"/><v>2</v></c></row>',
            "",
            "A1",
            "holds a formula",
        ),
        (
            '<row r="1"><c r="A1"><f t="array" ref="A1:A3">B1:B3</f><v>1</v></c></row>' + ROW_2,
            "",
            "A2",
            "the array formula in A1 fills it",
        ),
        (
            "<row r='1'><c r='A1'><f t='array' ref='A1:A3'>B1:B3</f><v>1</v></c></row>",
            "",
            "A3",
            "the array formula in A1 fills it",
        ),
        (
            '<row r="1"><c r="B1"><f t="dataTable" ref="B1:C3" r1="F1"/><v>1</v></c></row>',
            "",
            "C2",
            "the array formula in B1 fills it",
        ),
        (
            '<row r="1"><c r="A1"><v>1</v></c></row>',
            '<mergeCells count="1"><mergeCell ref="A1:B2"/></mergeCells>',
            "B2",
            "hidden in the merged cells A1:B2",
        ),
        ("", "", "A0", "is no cell reference"),
        ("", "", "XFE1", "lies outside the sheet"),
        ("", "", "A1048577", "lies outside the sheet"),
        ("", "", "A1:B2", "is no cell reference"),
    ],
)
def test_a_cell_that_must_not_be_written_is_refused(
    tmp_path: Path, rows: str, after: str, ref: str, why: str
) -> None:
    source = a_workbook(tmp_path, rows, after=after)
    before = source.read_bytes()

    with pytest.raises(TrackerError, match=why) as caught:
        written(source, {ref: "new", "Z9": "new"})

    assert "Tracker.xlsx" in str(caught.value)
    assert source.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["Tracker.xlsx"]


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("x" * 32768, "32,768 characters; a cell holds 32,767"),
        ("\U0001f600" * 16384, "32,768 characters"),
        (float("nan"), "nan is no number"),
        (float("inf"), "inf is no number"),
        (2**53 + 1, "more digits than Excel keeps"),
        (True, "neither text, number nor date"),
        (b"bytes", "bytes is neither text"),
        ([1], "list is neither text"),
        ({}, "dict is neither text"),
        (1j, "complex is neither text"),
        (time(9, 30), "time is neither text"),
        *(
            pytest.param(number, "greater than any that Excel knows", id=name)
            for name, number in {"400 digits": 10**400, "5,000 digits": -(10**5000)}.items()
        ),
        ("half \ud800 of it", "half a character"),
        (pd.NaT, "NaT is no date"),
        (date(1899, 12, 31), "earlier than the workbook's calendar"),
        (datetime(2026, 1, 1, tzinfo=UTC), "has a time zone"),
    ],
)
def test_a_value_that_excel_cannot_hold_is_refused(tmp_path: Path, value: object, why: str) -> None:
    with pytest.raises(TrackerError, match=rf'sheet "Cases", cell B2: .*{why}'):
        written(a_workbook(tmp_path), {"B2": value})


class Word(str):
    """A text that shows itself as something else."""

    __slots__ = ()

    def __str__(self) -> str:
        return "something else"


class Level(StrEnum):
    RED = "Red"


class Count(IntEnum):
    FIVE = 5


@pytest.mark.parametrize(
    ("value", "now"),
    [
        (Word("as typed"), "as typed"),
        (Level.RED, "Red"),
        (Count.FIVE, 5.0),
        (np.float64(1.5), 1.5),
        (pd.Timestamp(2026, 3, 3), date(2026, 3, 3)),
        (pd.Timestamp(2026, 3, 3, 9, 30, 12), at(2026, 3, 3, 9, 30, 12)),
    ],
)
def test_a_kind_made_from_text_number_or_date_is_written_as_such(
    tmp_path: Path, value: object, now: object
) -> None:
    rows = '<row r="1"><c r="A1"/></row>'
    target = written(a_workbook(tmp_path, rows), {"A1": value, "B2": value})
    found = values(target)

    assert (type(found["B2"]), found["B2"]) == (type(now), now)
    words = {date(2026, 3, 3): "3 March 2026", at(2026, 3, 3, 9, 30, 12): "3 March 2026 09:30:12"}
    assert found["A1"] == words.get(now, now)  # type: ignore[call-overload]


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        (("Cases", None), "None is no cell reference"),
        (("Cases", 5), "5 is no cell reference"),
        (("Cases", b"A1"), "b'A1' is no cell reference"),
        ((None, "A1"), "a sheet goes by its name, and None is no text"),
        ((0, "A1"), "a sheet goes by its name, and 0 is no text"),
        (7, "a cell is named by two texts"),
        (("Cases", "A1", "x"), "a cell is named by two texts"),
    ],
)
def test_what_names_no_cell_is_refused(tmp_path: Path, cell: Any, why: str) -> None:
    with pytest.raises(TrackerError, match=f"^Tracker.xlsx.*{why}"):
        set_cells(a_workbook(tmp_path), {cell: "new"}, tmp_path / "Made.xlsx")
    assert [path.name for path in tmp_path.iterdir()] == ["Tracker.xlsx"]


class Named:
    """A path of somebody else's kind."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __fspath__(self) -> str:
        return str(self._path)


@pytest.mark.parametrize("kind", [str, Path, Named])
def test_a_path_may_be_text_or_any_path_object(tmp_path: Path, kind: Any) -> None:
    source, target = kind(a_workbook(tmp_path)), kind(tmp_path / "Made.xlsx")
    set_cells(source, {("Cases", "A1"): "new"}, target)
    set_cells(target, {("Cases", "A2"): "too"}, target)

    assert [cell.value for cell in read_cells(target, "Cases")] == ["new", "too"]


@pytest.mark.parametrize("given", [None, 5, b"Tracker.xlsx", "a\0b.xlsx", "\udfff.xlsx"])
def test_what_is_no_path_is_refused(tmp_path: Path, given: Any) -> None:
    source = a_workbook(tmp_path)
    if given == "\udfff.xlsx" and os.name == "nt":
        pytest.skip("Windows has such names")
    for attempt in (
        lambda: list(read_cells(given, "Cases")),
        lambda: set_cells(given, {}, tmp_path / "Made.xlsx"),
        lambda: set_cells(source, {("Cases", "A1"): "new"}, given),
    ):
        with pytest.raises(TrackerError, match=r"path of a (workbook|file)"):
            attempt()
    assert [path.name for path in tmp_path.iterdir()] == ["Tracker.xlsx"]


def test_a_name_that_is_too_long_is_refused(tmp_path: Path) -> None:
    source, long = a_workbook(tmp_path), tmp_path / f"{'x' * 300}.xlsx"
    with pytest.raises(TrackerError, match=r"cannot be written: its name .* too long"):
        set_cells(source, {("Cases", "A1"): "new"}, long)
    with pytest.raises(TrackerError, match=r"cannot be read: its name .* too long"):
        list(read_cells(long, "Cases"))
    assert [path.name for path in tmp_path.iterdir()] == ["Tracker.xlsx"]


@pytest.mark.skipif(os.name == "nt", reason="a pipe is no file there")
@pytest.mark.parametrize("linked", [False, True])
def test_a_target_that_is_no_ordinary_file_is_left_as_it_is(
    tmp_path: Path, *, linked: bool
) -> None:
    source, pipe = a_workbook(tmp_path), tmp_path / "pipe"
    os.mkfifo(pipe)
    target = tmp_path / "link" if linked else pipe
    if linked:
        target.symlink_to(pipe)
    before = sorted(tmp_path.iterdir())
    for attempt in (
        lambda: set_cells(source, {("Cases", "A1"): "new"}, target),
        lambda: write_cells(source, {("Cases", "A1"): "new"}, target),
        lambda: add_columns(source, "Cases", 1, ["Auto RAG"], target),
    ):
        with pytest.raises(TrackerError, match="pipe cannot be written: it is no ordinary file"):
            attempt()
    assert pipe.is_fifo()
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize(("ref", "kind"), [("B1", "a heading"), ("A4", "a total")])
def test_headings_and_totals_of_a_table_are_refused(tmp_path: Path, ref: str, kind: str) -> None:
    with pytest.raises(TrackerError) as caught:
        written(a_table_workbook(tmp_path), {ref: "new"})
    assert str(caught.value) == (
        f'Tracker.xlsx, sheet "Cases", cell {ref}: it is {kind} of the table "Cases". '
        "The file holds it twice, and Excel calls a file damaged in which the two differ.\n"
        "Change it in Excel, which changes both."
    )
    assert [path.name for path in tmp_path.iterdir()] == ["Tracker.xlsx"]


def test_the_top_left_cell_of_a_merge_may_be_written(tmp_path: Path) -> None:
    merges = '<mergeCells count="1"><mergeCell ref="A1:B2"/></mergeCells>'

    assert values(written(a_workbook(tmp_path, after=merges), {"A1": "new"})) == {"A1": "new"}


def test_an_unknown_sheet_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(TrackerError, match='there is no sheet "Kases"'):
        set_cells(a_workbook(tmp_path), {("Kases", "A1"): "new"}, tmp_path / "Made.xlsx")


def test_two_sheets_on_one_part_are_refused(tmp_path: Path) -> None:
    parts = parts_of({"Cases": worksheet(""), "Copy": worksheet("")})
    links = str(parts["xl/_rels/workbook.xml.rels"]).replace("sheet2.xml", "SHEET1.xml")
    source = zipped(tmp_path / "T.xlsx", parts | {"xl/_rels/workbook.xml.rels": links})

    with pytest.raises(TrackerError, match="share one part"):
        set_cells(source, {("Cases", "A1"): "x", ("Copy", "A2"): "y"}, tmp_path / "Made.xlsx")


def test_several_sheets_are_written_at_once(tmp_path: Path) -> None:
    source = zipped(
        tmp_path / "T.xlsx", parts_of({"Cases": worksheet(""), "Actions": worksheet("")})
    )
    cells = {("Cases", "A1"): "one", ("Actions", "B2"): "two"}
    set_cells(source, cells, tmp_path / "Made.xlsx")

    assert [cell.value for cell in read_cells(tmp_path / "Made.xlsx", "Actions")] == ["two"]
    assert values(tmp_path / "Made.xlsx") == {"A1": "one"}


def test_the_source_itself_may_be_the_target(tmp_path: Path) -> None:
    source = a_workbook(tmp_path)
    source.chmod(0o640)
    set_cells(source, {("Cases", "A1"): "new"}, source)

    assert values(source) == {"A1": "new"}
    assert source.stat().st_mode & 0o777 == 0o640
    assert os.listdir(tmp_path) == ["Tracker.xlsx"]  # noqa: PTH208 - every name, hidden ones too


def test_a_full_row_takes_no_cell_beyond_the_last_column(tmp_path: Path) -> None:
    source = a_workbook(tmp_path, '<row r="1"><c r="XFD1"><v>1</v></c></row>')

    with pytest.raises(TrackerError, match="which ends at XFD1048576"):
        written(source, {"XFE1": "new"})
    assert values(written(source, {"A1": "new"})) == {"A1": "new", "XFD1": 1.0}
