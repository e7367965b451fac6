"""Excel recalculates on opening exactly where a formula may read a cell that changed."""

import zipfile
from pathlib import Path

import pytest

from mfauto.xlsx import Written, open_workbook, write_cells
from tests.xlsx.building import MAIN, a_table_workbook, part, zipped

FLAG = '<calcPr fullCalcOnLoad="1"/>'


def a_formula(text: str, attributes: str = "") -> str:
    return f'<row r="1"><c r="F1"><f{attributes}>{text}</f><v>1</v></c></row>'


def written(
    folder: Path, formula_row: str, workbook: str = "", ref: str = "B2"
) -> tuple[Written, Path]:
    """Change one cell of "Cases" while the sheet "Summary" holds the formula."""
    source = a_table_workbook(folder, formula_row, workbook)
    target = folder / "Made.xlsx"
    return write_cells(source, {("Cases", ref): "Green"}, target), target


@pytest.mark.parametrize(
    "formula",
    [
        "Cases!B2",
        "Cases!$B$2",
        "'Cases'!B1:C3",
        "COUNTIF(Cases!B:B,&quot;Red&quot;)",
        "SUM(Cases!2:2)",
        "SUM(CASES!A1:Z99)",
        "COUNTA(Cases[Auto&#10;RAG])",
        "Cases[[#This Row],[Auto&#10;RAG]]",
        "COUNTA(Cases[[Case ref]:[Grade]])",
        "ROWS(Cases[#All])",
        "ROWS(Cases[])",
        "COUNTA(Cases)",
        "reds+1",
        "INDIRECT(&quot;Cases!B&quot;&amp;2)",
        "OFFSET(A1,1,1)",
        "SUM(Cases!A1:INDEX(Cases!C:C,3))",
        "SUM(Cases:Summary!B2)",
        "SUM('Cases:Summary'!B2)",
        "SUM(Cases!A1:Cases!C9)",
        "ROWS(Cases[Case ref]:Cases[Grade])",
        "SUM(first:last)",
        "Cases!Reds",
        "_xlfn.XLOOKUP(1,Cases!$A$1:$A$9,Cases!$B$1:$B$9)",
        "moving",
        "outer",
    ],
)
def test_a_formula_that_may_read_the_cell_sets_the_flag(tmp_path: Path, formula: str) -> None:
    names = (
        "<definedNames><definedName name='Reds'>COUNTIF(Cases!$B$2:$B$9,1)</definedName>"
        "<definedName name='moving'>Cases!B1</definedName>"
        "<definedName name='outer'>Reds*2</definedName>"
        "<definedName name='first'>Cases!$A$1</definedName>"
        "<definedName name='last'>Cases!$C$9</definedName></definedNames>"
    )
    done, target = written(tmp_path, a_formula(formula), names)

    assert (done.cells, done.recalculates) == (1, True)
    assert FLAG in part(target, "xl/workbook.xml")
    with open_workbook(target) as workbook:
        [row] = workbook.rows("Summary")
    assert row.values == {6: 1.0}


@pytest.mark.parametrize(
    "formula",
    [
        "A1",
        "B2",
        "Cases!C2",
        "Cases!B3:B99",
        "Cases!$A:$A",
        "COUNTA(Cases[Grade])",
        "COUNTA(Cases[[#Totals],[Case ref]])",
        "Other!B2",
        "[1]Cases!B2",
        "'[1]Cases'!B2",
        "&quot;Cases!B2 and INDIRECT(&quot;",
        "LOG10(4)+B2C",
        "fixed",
        "unused",
    ],
)
def test_a_formula_that_reads_something_else_leaves_the_workbook_alone(
    tmp_path: Path, formula: str
) -> None:
    names = "<definedNames><definedName name='fixed'>Cases!$C$2</definedName></definedNames>"
    done, target = written(tmp_path, a_formula(formula), names)

    assert (done.cells, done.recalculates) == (1, False)
    with zipfile.ZipFile(target) as made, zipfile.ZipFile(tmp_path / "Tracker.xlsx") as source:
        assert made.read("xl/workbook.xml") == source.read("xl/workbook.xml")


@pytest.mark.parametrize(
    ("formula", "expected"),
    [("whatIsRed(1)", True), ("_xlfn.CONCAT(A1)", False), ("LEN(&quot;whatIsRed(&quot;)", False)],
)
def test_a_macro_of_the_workbook_may_read_anything(
    tmp_path: Path, formula: str, *, expected: bool
) -> None:
    source = a_table_workbook(tmp_path, a_formula(formula))
    with zipfile.ZipFile(source, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"macros")
    done = write_cells(source, {("Cases", "B2"): "Green"}, tmp_path / "Made.xlsx")

    assert done.recalculates is expected


@pytest.mark.parametrize(("ref", "expected"), [("B2", True), ("A2", True), ("C3", False)])
def test_a_shared_formula_reads_for_all_its_cells(
    tmp_path: Path, ref: str, *, expected: bool
) -> None:
    row = a_formula("Cases!A1", ' t="shared" ref="F1:G2" si="0"')
    done, _ = written(tmp_path, row, ref=ref)

    assert done.recalculates is expected


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-be", "cp1252"])
def test_formulas_in_any_encoding_count(tmp_path: Path, codec: str) -> None:
    source = a_table_workbook(tmp_path, a_formula("Cases!B2"))
    with zipfile.ZipFile(source) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    sheet = "xl/worksheets/sheet2.xml"
    name = "windows-1252" if codec == "cp1252" else "UTF-16"
    made: dict[str, str | bytes] = {**parts}
    made[sheet] = parts[sheet].replace("UTF-8", name).encode(codec)
    done = write_cells(zipped(source, made), {("Cases", "B2"): "Green"}, tmp_path / "Made.xlsx")

    assert done.recalculates


@pytest.mark.parametrize("where", ["", "#REF!", "F:F"])
def test_a_shared_formula_of_unknown_extent_may_read_any_row(tmp_path: Path, where: str) -> None:
    row = a_formula("Cases!B1", f' t="shared" ref="{where}" si="0"')
    done, _ = written(tmp_path, row, ref="B3")

    assert done.recalculates


@pytest.mark.parametrize(
    ("there", "then"),
    [
        ("", FLAG),
        ("<definedNames/>", f"<definedNames/>{FLAG}"),
        ("<definedNames></definedNames><extLst/>", f"<definedNames></definedNames>{FLAG}<extLst/>"),
        ('<calcPr calcId="1"/>', '<calcPr calcId="1" fullCalcOnLoad="1"/>'),
        ("<calcPr calcId='1' ></calcPr>", "<calcPr calcId='1' fullCalcOnLoad=\"1\"></calcPr>"),
        ("<calcPr fullCalcOnLoad='0'/>", FLAG),
    ],
)
def test_the_flag_goes_where_the_schema_wants_it(tmp_path: Path, there: str, then: str) -> None:
    done, target = written(tmp_path, a_formula("Cases!B2"), there)

    before = part(tmp_path / "Tracker.xlsx", "xl/workbook.xml")
    assert done.recalculates
    assert part(target, "xl/workbook.xml") == before.replace(
        f"</sheets>{there}", f"</sheets>{then}"
    )


def test_a_flag_that_is_set_already_stays(tmp_path: Path) -> None:
    done, target = written(tmp_path, a_formula("Cases!B2"), '<calcPr fullCalcOnLoad="true"/>')

    assert (done.cells, done.recalculates) == (1, False)
    assert 'fullCalcOnLoad="true"' in part(target, "xl/workbook.xml")


def test_prefixed_workbook_parts_get_a_prefixed_flag(tmp_path: Path) -> None:
    source = a_table_workbook(tmp_path, a_formula("Cases!B2"))
    with zipfile.ZipFile(source) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    whole = parts["xl/workbook.xml"].replace(f'xmlns="{MAIN}"', f'xmlns:x="{MAIN}"')
    parts["xl/workbook.xml"] = (
        whole.replace("</", "</x:").replace("<", "<x:").replace("<x:/x:", "</x:")
    )
    target = tmp_path / "Made.xlsx"
    write_cells(zipped(source, parts), {("Cases", "B2"): "Green"}, target)

    assert '</x:sheets><x:calcPr fullCalcOnLoad="1"/>' in part(target, "xl/workbook.xml")


def test_nothing_is_written_where_nothing_changes(tmp_path: Path) -> None:
    source = a_table_workbook(tmp_path, a_formula("Cases!B2"))
    target = tmp_path / "Made.xlsx"

    done = write_cells(source, {("Cases", "B2"): "Red", ("Cases", "Z9"): None}, target)

    assert (done.cells, done.recalculates) == (0, False)
    assert not target.exists()
