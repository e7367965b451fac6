"""What a cell's XML means, in every shape that programs write."""

from datetime import date, datetime
from pathlib import Path

import pytest

from mfauto.errors import TrackerError
from mfauto.xlsx import Area, Cell, Unreadable, open_workbook, read_cells
from tests.xlsx.building import (
    MAIN,
    OFFICE,
    STRICT,
    STYLES,
    a_sheet,
    a_table_workbook,
    a_workbook,
    parts_of,
    worksheet,
    zipped,
)


def at(*moment: int) -> datetime:
    return datetime(*moment)  # type: ignore[arg-type] # noqa: DTZ001 - Excel's days have no zone


def only(folder: Path, cell: str, **more: object) -> Cell:
    [found] = read_cells(a_workbook(folder, f'<row r="7">{cell}</row>', **more), "Cases")
    return found


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('<c r="B7"><v>12</v></c>', 12.0),
        ('<c r="B7" s="2"><v>-1.5E-3</v></c>', -0.0015),
        ('<c r="B7" t="n"><v>46053</v></c>', 46053.0),
        ('<c r="B7" s="1"><v>46053</v></c>', date(2026, 1, 31)),
        ('<c r="B7" s="1"><v>46053.5</v></c>', at(2026, 1, 31, 12)),
        ('<c r="B7" s="3"><v>46053.000011574</v></c>', at(2026, 1, 31, 0, 0, 1)),
        ('<c r="B7" s="4"><v>0.5</v></c>', 0.5),
        ('<c r="B7" s="1"><v>1</v></c>', date(1900, 1, 1)),
        ('<c r="B7" s="1"><v>59</v></c>', date(1900, 2, 28)),
        ('<c r="B7" s="1"><v>61</v></c>', date(1900, 3, 1)),
        ('<c r="B7" t="b"><v>1</v></c>', True),
        ('<c r="B7" t="b"><v>0</v></c>', False),
        ('<c r="B7" t="s"><v>0</v></c>', "Tom & Ann"),
        ('<c r="B7" t="s"><v>1</v></c>', "bold plain"),
        ('<c r="B7" t="s"><v>2</v></c>', " line\rend _x000D_"),
        ('<c r="B7" t="str"><f>A1</f><v>a &lt; b</v></c>', "a < b"),
        ('<c r="B7" t="str"><f>A1</f><v></v></c>', ""),
        ('<c r="B7" t="str"><f>A1</f><v/></c>', ""),
        ('<c r="B7" t="inlineStr"><is><t xml:space="preserve"> a\tb </t></is></c>', " a\tb "),
        ('<c r="B7" t="inlineStr"><is><r><t>a</t></r><r><rPr/><t>b</t></r></is></c>', "ab"),
        ('<c r="B7" t="inlineStr"><is><t>&#x41;&#66;&quot;</t></is></c>', 'AB"'),
        ('<c r="B7" t="inlineStr"><is><t>_xD83D__xDE00_</t></is></c>', "\U0001f600"),
        ('<c r="B7" t="d"><v>2026-01-31</v></c>', date(2026, 1, 31)),
        ('<c r="B7" t="d"><v>2026-01-31T12:00:00Z</v></c>', at(2026, 1, 31, 12)),
        ("<c r='B7'><v>12</v></c>", 12.0),
        ('<c r="B7"><v><![CDATA[12]]></v></c>', 12.0),
        ('<c r="B7"><!-- was 11 --><v>12</v></c>', 12.0),
        ('<c r="B7"><v>12</v><extLst><ext uri="x"><v>13</v></ext></extLst></c>', 12.0),
        ('<c r="B7" s="2" t="s" ph="1"><v>0</v></c>', "Tom & Ann"),
        ('<c r="B7" t="inlineStr"><is><t>this</t></is><v>0</v></c>', "this"),
        ('<c r="B7" t="inlineStr"><v>0</v><is><t>this</t></is></c>', "this"),
        ('<c r="B7" t="s"><v>0</v><is><t>not this</t></is></c>', "Tom & Ann"),
        ('<c r="B7" t="inlineStr"><v>this</v></c>', "this"),
        ('<c r="B7"><is><r><t>th</t></r><r><t>is</t></r></is></c>', "this"),
        ('<c r="B7" t="str"><is><t>this</t></is></c>', "this"),
    ],
)
def test_a_cell_reads_as_what_excel_shows(folder_texts: Path, cell: str, value: object) -> None:
    found = only(folder_texts, cell, texts=TEXTS)

    assert (type(found.value), found.value) == (type(value), value)
    assert (found.ref, found.row, found.column, found.problem) == ("B7", 7, 2, None)


TEXTS = (
    "<si><t>Tom &amp; Ann</t></si>"
    "<si><r><t>bold</t></r><r><rPr/><t xml:space='preserve'> plain</t></r>"
    '<rPh sb="0" eb="1"><t>reading</t></rPh></si>'
    '<si><t xml:space="preserve"> line_x000D_end _x005F_x000D_</t></si>'
)


@pytest.fixture
def folder_texts(tmp_path: Path) -> Path:
    return tmp_path


@pytest.mark.parametrize(
    ("cell", "problem"),
    [
        ('<c r="B7" t="e"><v>#REF!</v></c>', "#REF!"),
        ('<c r="B7" t="e"><f>A1</f><v>#N/A</v></c>', "#N/A"),
        ('<c r="B7"><f>A1+A2</f></c>', "not calculated"),
        ('<c r="B7"><f>A1</f><v></v></c>', "not calculated"),
        ('<c r="B7" s="1"><f t="shared" si="0"/></c>', "not calculated"),
        ('<c r="B7" s="1"><v>60</v></c>', "29 February 1900, which never was"),
        ('<c r="B7" s="1"><v>0</v></c>', "a time without a day, in a date format"),
        ('<c r="B7" s="1"><v>-3</v></c>', "a negative number in a date format"),
        ('<c r="B7" s="1"><v>9999999</v></c>', "a number too large for a date"),
        ('<c r="B7"><v>1_000</v></c>', "a number that cannot be read"),
        ('<c r="B7"><v>nan</v></c>', "a number that cannot be read"),
        ('<c r="B7"><v>1E999</v></c>', "a number that cannot be read"),
        ('<c r="B7" t="s"><v>99</v></c>', "a text that is missing from the file"),
        ('<c r="B7" t="s"><v>-1</v></c>', "a text that is missing from the file"),
        ('<c r="B7" t="d"><v>31/01/2026</v></c>', "a date that cannot be read"),
        ('<c r="B7" t="new"><v>1</v></c>', "a kind of cell that Excel does not know"),
    ],
)
def test_a_cell_that_cannot_be_read_says_why(tmp_path: Path, cell: str, problem: str) -> None:
    found = only(tmp_path, cell)

    assert (found.value, found.problem) == (None, problem)


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="B7"/>',
        '<c r="B7" s="1"/>',
        '<c r="B7" s="1"></c>',
        '<c r="B7" t="s"></c>',
        '<c r="B7"><v></v></c>',
        '<c r="B7"><is/></c>',
        '<c r="B7" t="s"><is><t></t></is></c>',
        '<c r="B7" t="inlineStr"><v></v></c>',
    ],
)
def test_a_blank_cell_is_left_out(tmp_path: Path, cell: str) -> None:
    assert list(read_cells(a_workbook(tmp_path, f'<row r="7">{cell}</row>'), "Cases")) == []


@pytest.mark.parametrize(
    ("cell", "formula"),
    [
        ('<c r="B7"><v>1</v></c>', False),
        ('<c r="B7"><f>A1</f><v>1</v></c>', True),
        ('<c r="B7"><f t="shared" si="0"/><v>1</v></c>', True),
        ('<c r="B7"><f t="array" ref="B7">A1&gt;1</f><v>1</v></c>', True),
        ('<c r="B7"><f>A1>1</f><v>1</v></c>', True),
    ],
)
def test_a_result_is_told_from_what_was_typed(tmp_path: Path, cell: str, *, formula: bool) -> None:
    found = only(tmp_path, cell)

    assert (found.value, found.formula) == (1.0, formula)


FORMATS = [
    ("h:mm", 46053.375, at(2026, 1, 31, 9)),
    ("h:mm", 46053, at(2026, 1, 31)),
    ("h:mm", 0.375, 0.375),
    ("h:mm", -1.5, -1.5),
    ("mm:ss", 46053.375, at(2026, 1, 31, 9)),
    ("ss.000", 46053.375, at(2026, 1, 31, 9)),
    ("[$-F400]h:mm:ss\\ AM/PM", 46053.375, at(2026, 1, 31, 9)),
    ("[h]:mm", 46053.375, 46053.375),
    ("[hh]:mm:ss", 46053.375, 46053.375),
    ("[mm]", 46053, 46053.0),
    ("[mm]:ss", 46053, 46053.0),
    ("0&quot;h&quot;", 46053, 46053.0),
    ("0.0E+00", 46053, 46053.0),
    ("#,##0_s", 46053, 46053.0),
    ("G/通用格式", 46053, 46053.0),
    ("G/通用格式;dd/mm/yyyy", -5, "a negative number in a date format"),
    ("General;-General", 46053, 46053.0),
    ("Standard;-Standard", -46053, -46053.0),
    ("ggge&quot;年&quot;m&quot;月&quot;", 46053, date(2026, 1, 31)),
    ("[&lt;40000]General;dd/mm/yyyy", 46053, date(2026, 1, 31)),
    ("[&lt;40000]General;dd/mm/yyyy", 39999, 39999.0),
    ("[&gt;=40000]dd/mm/yyyy;General", 46053, date(2026, 1, 31)),
    ("[&gt;=40000]dd/mm/yyyy;General", 39999, 39999.0),
    ("[Red][=0]0;[&lt;=1]h:mm;[$-809]d mmm yy", 0, 0.0),
    ("[Red][=0]0;[&lt;=1]h:mm;[$-809]d mmm yy", 0.5, 0.5),
    ("[Red][=0]0;[&lt;=1]h:mm;[$-809]d mmm yy", 46053, date(2026, 1, 31)),
    ("[&gt;1]0;[&lt;&gt;1]0.0;dd/mm/yyyy", 1, date(1900, 1, 1)),
    ("[&gt;40000]dd/mm/yyyy", 39999, date(2009, 7, 5)),
    ("dd/mm/yyyy;@", 46053, date(2026, 1, 31)),
    ("dd/mm/yyyy;0", 46053, date(2026, 1, 31)),
    ("dd/mm/yyyy;0", -46053, -46053.0),
    ("dd/mm/yyyy;;", 0, "a time without a day, in a date format"),
    ("dd/mm/yyyy;0;0;@", 0, 0.0),
    ("0;dd/mm/yyyy", 46053, 46053.0),
    ("0;0;d/m/yy;d/m/yy", 46053, 46053.0),
    (";;;", 46053, 46053.0),
    ("@", 46053, 46053.0),
]


@pytest.mark.parametrize("quote", ['"', "'"])
@pytest.mark.parametrize(("code", "number", "value"), FORMATS)
def test_the_format_says_what_a_number_means(
    tmp_path: Path, code: str, number: float, value: object, quote: str
) -> None:
    styles = STYLES.replace("[$-809]dd\\ mmm\\ yyyy&quot; at &quot;hh:mm", code)
    cell = f'<c r="B7" s="3"><v>{number}</v></c><c r="C7" s="3"><v></v></c>'
    found = only(tmp_path, cell.replace('"', quote), styles=styles)

    assert code in styles
    shown = found.problem if isinstance(value, str) else found.value
    assert (type(shown), shown) == (type(value), value)


@pytest.mark.parametrize(
    ("number", "value"),
    [
        (20, at(2026, 1, 31, 9)),
        (45, at(2026, 1, 31, 9)),
        (46, 46053.375),
        (71, at(2026, 1, 31, 9)),
        (76, at(2026, 1, 31, 9)),
        (79, 46053.375),
        (81, at(2026, 1, 31, 9)),
    ],
)
def test_times_that_every_workbook_knows_have_a_day(
    tmp_path: Path, number: int, value: object
) -> None:
    styles = STYLES.replace('numFmtId="20"', f'numFmtId="{number}"')
    found = only(tmp_path, '<c r="B7" s="4"><v>46053.375</v></c>', styles=styles)

    assert found.value == value


@pytest.mark.parametrize("said", ["1", "true", "on"])
def test_days_count_from_1904_where_the_workbook_says_so(tmp_path: Path, said: str) -> None:
    found = only(
        tmp_path, '<c r="B7" s="1"><v>44591</v></c>', properties=f'<workbookPr date1904="{said}"/>'
    )

    assert found.value == date(2026, 1, 31)


PLAIN = '<row r="2"><c r="A2" t="s"><v>0</v></c><c r="C2"><v>5</v></c></row>'


PREFIXED = (
    f'<x:worksheet xmlns:x="{MAIN}" xmlns:r="{OFFICE}"><x:sheetData><x:row r="2">'
    '<x:c r="A2" t="s"><x:v>0</x:v></x:c><x:c r="C2"><x:v>5</x:v></x:c></x:row>'
    "</x:sheetData></x:worksheet>"
)


@pytest.mark.parametrize(
    "sheet",
    [
        worksheet(PLAIN),
        "\ufeff" + worksheet(PLAIN),
        worksheet(PLAIN).replace("UTF-8", "UTF-16").encode("utf-16"),
        worksheet(PLAIN).replace("UTF-8", "ISO-8859-1").encode("latin-1"),
        worksheet(PLAIN).replace(MAIN, STRICT),
        worksheet(PLAIN.replace('"', "'")),
        worksheet(
            "\n  <row r='2'>\n <c r='A2' t='s'>\n<v>0</v>\n</c> <c r='C2'><v>5</v></c></row>"
        ),
        worksheet('<row/><row><c t="s"><v>0</v></c><c s="1"/><c><v>5</v></c></row>'),
        worksheet('<row r="2"><c t="s"><v>0</v></c><c r="C2"><v>5</v></c></row>'),
        worksheet(f"<!-- <row r='9'/> -->{PLAIN}<?pi <row?>"),
        worksheet(f'<row r="1" s="3" customFormat="1"/>{PLAIN}<row r="3"><c r="A3" s="1"/></row>'),
        worksheet(PLAIN.replace('<c r="C2">', '<!-- <c r="B2"><v>9</v></c> --><c r="C2">')),
        worksheet(PLAIN, before='<dimension ref="A1:XFD1048576"/>'),
        PREFIXED,
    ],
)
def test_rows_of_every_shape_read_the_same(tmp_path: Path, sheet: str | bytes) -> None:
    found = list(read_cells(a_sheet(tmp_path, sheet), "Cases"))

    assert [(cell.ref, cell.value) for cell in found] == [("A2", "old"), ("C2", 5.0)]


def test_an_odd_row_in_the_middle_loses_none_of_the_others(tmp_path: Path) -> None:
    rows = [f'<row r="{at}"><c r="A{at}"><v>{at}</v></c></row>' for at in range(1, 2001)]
    rows[1500] = "<row r='1501'><c r='A1501'><v>1501</v></c></row>"
    with open_workbook(a_workbook(tmp_path, "".join(rows))) as workbook:
        found = [(row.number, row.values) for row in workbook.rows("Cases")]

    assert found == [(at, {1: float(at)}) for at in range(1, 2001)]


def test_a_row_tells_formulas_and_whether_it_is_hidden(tmp_path: Path) -> None:
    rows = (
        '<row r="1" hidden="1"><c r="A1"><v>1</v></c></row>'
        '<row r="2"><c r="A2"><f>1+1</f><v>2</v></c><c r="B2"><f>1/0</f></c></row>'
    )
    with open_workbook(a_workbook(tmp_path, rows)) as workbook:
        first, second = workbook.rows("Cases")

    assert first.hidden
    assert not first.formulas
    assert not second.hidden
    assert set(second.formulas) == {1, 2}
    assert second.values == {1: 2.0, 2: Unreadable("not calculated", "")}


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="0"><c r="A0"><v>1</v></c></row>',
        '<row r="2"><c r="A3"><v>1</v></c></row>',
        '<row r="1048577"><c><v>1</v></c></row>',
        '<row r="2"><c r="XFE2"><v>1</v></c></row>',
        '<row r="2"><c r="A2"><v>1</c></v></row>',
        "<row r='2'>" + "<x>" * 80 + "</x>" * 80 + "</row>",
    ],
)
def test_a_sheet_with_cells_in_no_place_is_refused_as_damaged(tmp_path: Path, rows: str) -> None:
    with pytest.raises(TrackerError, match=r"Tracker\.xlsx is damaged: .*sheet1\.xml"):
        list(read_cells(a_workbook(tmp_path, rows), "Cases"))


@pytest.mark.parametrize("start", ["<row>", '<row spans="1:2">'])
def test_a_row_without_a_number_has_that_of_its_first_cell(tmp_path: Path, start: str) -> None:
    rows = (
        f'{start}<c r="A3"><v>1</v></c><c><v>2</v></c></row>{start}<c><v>3</v></c></row>'
        f'{start}<c r="C17"><v>4</v></c></row>'
    )
    found = [(cell.ref, cell.value) for cell in read_cells(a_workbook(tmp_path, rows), "Cases")]

    assert found == [("A3", 1.0), ("B3", 2.0), ("A4", 3.0), ("C17", 4.0)]


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="4"><c r="A4"/></row><row><c r="A3"><v>1</v></c></row>',
        '<row><c r="A3"><v>1</v></c><c r="B4"><v>1</v></c></row>',
    ],
)
def test_a_row_is_never_that_of_another_cell(tmp_path: Path, rows: str) -> None:
    with pytest.raises(TrackerError, match="in the wrong place"):
        list(read_cells(a_workbook(tmp_path, rows), "Cases"))


def test_rows_and_cells_out_of_order_are_read(tmp_path: Path) -> None:
    rows = (
        '<row r="3"><c r="B3"><v>4</v></c><c r="A3"><v>3</v></c></row>'
        '<row r="2"><c r="A2"><v>1</v></c><c r="A2"><v>1</v></c></row><row><c><v>5</v></c></row>'
    )
    with open_workbook(a_workbook(tmp_path, rows)) as workbook:
        found = [(row.number, dict(row.values)) for row in workbook.rows("Cases")]

    twice = Unreadable("a cell that stands twice in the file", "")
    assert found == [(3, {1: 3.0, 2: 4.0}), (2, {1: twice}), (3, {1: 5.0})]


@pytest.mark.parametrize(
    ("requires", "expected"), [("x14", [1.0, 2.0]), ("y", [1.0, 3.0]), ("x14 y", [1.0, 3.0])]
)
def test_of_alternative_cells_those_that_excel_takes_are_read(
    tmp_path: Path, requires: str, expected: list[float]
) -> None:
    spaces = (
        ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
        ' xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" xmlns:y="urn:y"'
    )
    rows = (
        '<row r="1"><c r="A1"><v>1</v></c></row>'
        f'<mc:AlternateContent{spaces}><mc:Choice Requires="{requires}">'
        '<row r="2"><c r="A2"><v>2</v></c></row></mc:Choice><mc:Fallback>'
        '<row r="2"><c r="A2"><v>3</v></c></row></mc:Fallback></mc:AlternateContent>'
    )

    assert [cell.value for cell in read_cells(a_workbook(tmp_path, rows), "Cases")] == expected


def test_merged_areas_and_tables_are_told(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c></row>'
    refs = ("A1:C2", "$D:$E", "7:8")
    merges = "".join(f'<mergeCell ref="{ref}"/>' for ref in refs)
    merges = f'<mergeCells count="3">{merges}</mergeCells>'
    with open_workbook(a_workbook(tmp_path, rows, after=merges)) as workbook:
        whole = Area(1, 4, 1_048_576, 5), Area(7, 1, 8, 16_384)
        assert workbook.merges("Cases") == (Area(1, 1, 2, 3), *whole)
        assert workbook.tables("Cases") == ()
    with open_workbook(a_table_workbook(tmp_path)) as workbook:
        [table] = workbook.tables("cases")
    assert (table.display_name, str(table.area)) == ("Cases", "A1:C4")
    assert (table.header_rows, table.totals_rows) == (1, 1)
    assert table.columns == ("Case ref", "Auto\nRAG", "Grade")


def test_sheets_are_told_with_their_state(tmp_path: Path) -> None:
    parts = parts_of({"Cases": worksheet(""), "Old": worksheet(""), "Chart": worksheet("")})
    parts["xl/workbook.xml"] = (
        str(parts["xl/workbook.xml"])
        .replace('name="Cases"', 'name="Cases" state="hidden"')
        .replace('name="Old"', 'name="Old" state="veryHidden"')
    )
    links = str(parts["xl/_rels/workbook.xml.rels"])
    parts["xl/_rels/workbook.xml.rels"] = links.replace(
        f'{OFFICE}/worksheet" Target="worksheets/sheet3.xml',
        f'{OFFICE}/chartsheet" Target="/XL/Worksheets/Sheet3.xml',
    )
    with open_workbook(zipped(tmp_path / "Tracker.xlsx", parts)) as workbook:
        found = [(sheet.name, sheet.kind, sheet.state) for sheet in workbook.sheets]
        with pytest.raises(TrackerError, match='"Chart" is a chartsheet, which has no cells'):
            workbook.rows("Chart")
        with pytest.raises(TrackerError, match='there is no sheet "Actions"'):
            workbook.rows("Actions")

    assert found == [
        ("Cases", "worksheet", "hidden"),
        ("Old", "worksheet", "veryHidden"),
        ("Chart", "chartsheet", "visible"),
    ]


def test_a_million_blank_rows_cost_little(tmp_path: Path) -> None:
    blank = "".join(f'<row r="{at}" s="1" customFormat="1"/>' for at in range(1, 300_000))
    last = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    [cell] = read_cells(a_workbook(tmp_path, blank + last), "Cases")

    assert cell.ref == "XFD1048576"
