"""Small workbooks from raw parts, for the shapes that no library writes."""

import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"

#: cell styles: 0 General, 1 short date, 2 bold, 3 bold date with time, 4 time, 5 italic date
STYLES = f"""<styleSheet xmlns="{MAIN}"><numFmts count="1">
<numFmt numFmtId="164" formatCode="[$-809]dd\\ mmm\\ yyyy&quot; at &quot;hh:mm"/></numFmts>
<fonts count="3"><font/><font><b/></font><font><i/></font></fonts><cellXfs count="6">
<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>
<xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>
<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0"/>
<xf numFmtId="164" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>
<xf numFmtId="20" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>
<xf numFmtId="14" fontId="2" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>
</cellXfs></styleSheet>"""
STYLES_WITHOUT_DATES = f"""<styleSheet xmlns="{MAIN}"><cellXfs count="1">
<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellXfs></styleSheet>"""


def worksheet(rows: str, after: str = "", before: str = "") -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
        f'<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}">{before}'
        f"<sheetData>{rows}</sheetData>{after}</worksheet>"
    )


def parts_of(
    sheets: Mapping[str, str | bytes],
    *,
    texts: str = "",
    styles: str = STYLES,
    workbook: str = "",
    properties: str = "",
    more: Mapping[str, str | bytes] | None = None,
) -> dict[str, str | bytes]:
    """Parts of a workbook with these sheets. `workbook` goes behind its list of sheets."""
    listed = "".join(
        f'<sheet name="{name}" sheetId="{at}" r:id="rId{at}"/>' for at, name in enumerate(sheets, 1)
    )
    links = "".join(
        f'<Relationship Id="rId{at}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{at}.xml"/>'
        for at in range(1, len(sheets) + 1)
    )
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/xl/workbook.xml"'
        f' ContentType="{SPREADSHEET}.sheet.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1"'
        f' Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{properties}'
        f"<sheets>{listed}</sheets>{workbook}</workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{links}'
        f'<Relationship Id="rIdS" Type="{OFFICE}/styles" Target="styles.xml"/>'
        f'<Relationship Id="rIdT" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
        "</Relationships>",
        "xl/styles.xml": styles,
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{texts}</sst>',
    }
    for at, sheet in enumerate(sheets.values(), 1):
        parts[f"xl/worksheets/sheet{at}.xml"] = sheet
    return parts | dict(more or {})


def zipped(
    path: Path, parts: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED
) -> Path:
    with zipfile.ZipFile(path, "w", method) as made:
        for name, part in parts.items():
            made.writestr(name, part)
    return path


def a_workbook(folder: Path, rows: str = "", **more: object) -> Path:
    """Workbook with one sheet, "Cases"; `rows` is the inside of its sheetData."""
    after, before = str(more.pop("after", "")), str(more.pop("before", ""))
    parts = parts_of({"Cases": worksheet(rows, after, before)}, **more)  # type: ignore[arg-type]
    return zipped(folder / "Tracker.xlsx", parts)


def a_sheet(folder: Path, sheet: str | bytes) -> Path:
    """Workbook whose one sheet "Cases" is this part."""
    return zipped(folder / "Tracker.xlsx", parts_of({"Cases": sheet}, texts="<si><t>old</t></si>"))


def part(path: Path, name: str = "xl/worksheets/sheet1.xml") -> str:
    with zipfile.ZipFile(path) as archive:
        return archive.read(name).decode()


TABLE = f"""<table xmlns="{MAIN}" id="1" name="Cases" displayName="Cases" ref="A1:C4"
 totalsRowCount="1"><autoFilter ref="A1:C3"/><tableColumns count="3">
<tableColumn id="1" name="Case ref"/><tableColumn id="2" name="Auto_x000a_RAG"/>
<tableColumn id="3" name="Grade"/></tableColumns></table>"""


def a_table_workbook(folder: Path, formula_sheet: str = "", workbook: str = "") -> Path:
    """Sheet "Cases" with a table A1:C4 (headings, two rows, totals) and a sheet "Summary"."""
    rows = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>Case ref</t></is></c>'
        '<c r="B1" t="inlineStr"><is><t>Auto RAG</t></is></c>'
        '<c r="C1" t="inlineStr"><is><t>Grade</t></is></c></row>'
        '<row r="2"><c r="B2" t="inlineStr"><is><t>Red</t></is></c><c r="C2"><v>1</v></c></row>'
        '<row r="4"><c r="A4" t="inlineStr"><is><t>Total</t></is></c></row>'
    )
    tables = '<tableParts count="1"><tablePart r:id="rId1"/></tableParts>'
    link = (
        f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1"'
        f' Type="{OFFICE}/table" Target="../tables/table1.xml"/></Relationships>'
    )
    parts = parts_of(
        {"Cases": worksheet(rows, tables), "Summary": worksheet(formula_sheet)},
        workbook=workbook,
        more={"xl/worksheets/_rels/sheet1.xml.rels": link, "xl/tables/table1.xml": TABLE},
    )
    return zipped(folder / "Tracker.xlsx", parts)


def lying_about_sizes(path: Path, name: str, size: int) -> Path:
    """Make the zip's directory say that a part unpacks to `size` bytes."""
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        true = archive.getinfo(name).file_size
        offset = archive.getinfo(name).header_offset
    at = data.index(b"PK\x01\x02")
    while data[at + 46 : at + 46 + len(name)] != name.encode():
        at = data.index(b"PK\x01\x02", at + 4)
    assert struct.unpack_from("<L", data, at + 24)[0] == true
    struct.pack_into("<L", data, at + 24, size)
    struct.pack_into("<L", data, offset + 22, size)
    path.write_bytes(data)
    return path
