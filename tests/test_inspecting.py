"""What `inspect` finds in a workbook: each thing where it is, and nothing where it is not."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from mfauto.cli import main
from mfauto.errors import TrackerError
from mfauto.inspecting import CHECKS, Thing, inspect
from tests.xlsx.building import MAIN, OFFICE, PACKAGE, a_workbook, parts_of, worksheet, zipped
from tests.xlsx.test_corpus import CORPUS, FILES, REFUSED, needs_corpus

TEXT_OF_A_CASE = "Zebedee fell"
SHEET_RELS = "xl/worksheets/_rels/sheet1.xml.rels"
X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
XM = "http://schemas.microsoft.com/office/excel/2006/main"
TEXT_ROW = f'<row r="1"><c r="A1" t="inlineStr"><is><t>{TEXT_OF_A_CASE}</t></is></c></row>'
CORE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"


def rels(*links: tuple[str, str]) -> str:
    """Relationships by their kind and target."""
    listed = "".join(
        f'<Relationship Id="rId{at}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for at, (kind, target) in enumerate(links, 1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{listed}</Relationships>'


def part_of(name: str, data: str | bytes = "<x/>") -> dict[str, object]:
    return {"more": {name: data}}


def extension(inside: str) -> dict[str, object]:
    ext = f'<extLst><ext xmlns:x14="{X14}" xmlns:xm="{XM}" uri="{{1}}">{inside}</ext></extLst>'
    return {"after": ext}


def custom(name: str, value: str) -> dict[str, object]:
    return part_of(
        "docProps/custom.xml",
        f'<Properties><property name="{name}"><v>{value}</v></property></Properties>',
    )


def names(text: str) -> dict[str, object]:
    return {
        "workbook": f'<definedNames><definedName name="Held">{text}</definedName></definedNames>'
    }


NOTES = (
    f'<comments xmlns="{MAIN}"><authors><author>Sam</author><author>tc={{1}}</author></authors>'
    f'<commentList><comment ref="B7" authorId="0"><text><t>{TEXT_OF_A_CASE}</t></text></comment>'
    '<comment ref="C8" authorId="1"/></commentList></comments>'
)
THREADS = (
    '<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/'
    f'threadedcomments"><threadedComment ref="C8"><text>{TEXT_OF_A_CASE}</text></threadedComment>'
    '<threadedComment ref="C8"/></ThreadedComments>'
)
EXTERNAL = (
    f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" TargetMode="External"'
    f' Type="{OFFICE}/externalLinkPath" Target="file:///C:\\Shared\\Old%20log.xlsx"/>'
    "</Relationships>"
)
LABEL = (
    '<l:labelList xmlns:l="http://schemas.microsoft.com/office/2020/mipLabelMetadata">'
    '<l:label id="{AB}" removed="0"/><l:label id="{CD}" removed="1"/></l:labelList>'
)
PEOPLE = (
    f'<c:coreProperties xmlns:c="{CORE}" xmlns:dc="http://purl.org/dc/elements/1.1/">'
    f"<dc:creator>{TEXT_OF_A_CASE}</dc:creator></c:coreProperties>"
)
ROOT_RELS = (
    f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1"'
    f' Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/><Relationship Id="rId2"'
    f' Type="{PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/>'
    "</Relationships>"
)
REVISION = '<r:revisionPtr xmlns:r="urn:revision" revIDLastSave="7" documentId="8_"/>'

#: check, what `a_workbook` is made of, how many, the first place
FEATURES: tuple[tuple[str, Mapping[str, object], int, str], ...] = (
    ("macros", part_of("xl/vbaProject.bin"), 1, ""),
    ("signature", part_of("_xmlsignatures/sig1.xml"), 1, ""),
    ("revisions", part_of("xl/revisions/revisionHeaders.xml"), 1, ""),
    ("labels", part_of("docMetadata/LabelInfo.xml", LABEL), 1, ""),
    ("labels", custom("MSIP_Label_ab-cd_Name", "OFFICIAL"), 1, "OFFICIAL"),
    (
        "external_links",
        {
            "more": {
                "xl/externalLinks/externalLink1.xml": "<x/>",
                "xl/externalLinks/_rels/externalLink1.xml.rels": EXTERNAL,
            }
        },
        1,
        "Old log.xlsx",
    ),
    (
        "connections",
        part_of(
            "xl/connections.xml",
            f'<connections xmlns="{MAIN}"><connection name="Log"/></connections>',
        ),
        1,
        "Log",
    ),
    (
        "queries",
        part_of("xl/queryTables/queryTable1.xml", f'<queryTable xmlns="{MAIN}" name="Rows"/>'),
        1,
        "Rows",
    ),
    (
        "queries",
        part_of(
            "customXml/item1.xml", '<DataMashup xmlns="http://schemas.microsoft.com/DataMashup"/>'
        ),
        1,
        "Power Query",
    ),
    ("data_model", part_of("xl/model/item.data"), 1, ""),
    (
        "hidden_rows",
        {"rows": '<row r="1" hidden="1"><c r="A1"><v>1</v></c></row><row r="2" hidden="1"/>'},
        1,
        "Cases (1)",
    ),
    (
        "hidden_columns",
        {
            "rows": '<row r="1"><c r="C1"><v>1</v></c></row>',
            "before": '<cols><col min="2" max="16384" width="9" hidden="1"/></cols>',
        },
        1,
        "Cases!C",
    ),
    ("protected_sheets", {"after": '<sheetProtection sheet="1"/>'}, 1, "Cases"),
    ("protected_workbook", {"properties": '<workbookProtection lockStructure="1"/>'}, 1, ""),
    ("write_reserved", {"properties": '<fileSharing readOnlyRecommended="1"/>'}, 1, ""),
    ("embedded", part_of("xl/embeddings/oleObject1.bin"), 1, ""),
    ("add_ins", part_of("xl/webextensions/webextension1.xml"), 1, ""),
    (
        "errors",
        {"rows": '<row r="7"><c r="B7" t="e"><v>#REF!</v></c></row>'},
        1,
        "Cases!B7",
    ),
    ("uncalculated", {"rows": '<row r="7"><c r="B7"><f>1+1</f></c></row>'}, 1, "Cases!B7"),
    ("names_nowhere", names("#REF!$A$1"), 1, "Held"),
    ("merged", {"after": '<mergeCells><mergeCell ref="A1:B2"/></mergeCells>'}, 1, "Cases!A1:B2"),
    ("epoch_1904", {"properties": '<workbookPr date1904="1"/>'}, 1, ""),
    (
        "tables",
        {
            "after": '<tableParts count="1"><tablePart r:id="rId1"/></tableParts>',
            "more": {
                SHEET_RELS: rels(("table", "../tables/table1.xml")),
                "xl/tables/table1.xml": f'<table xmlns="{MAIN}" ref="A1:C4"/>',
            },
        },
        1,
        "Cases!A1:C4",
    ),
    ("filters", {"after": '<autoFilter ref="A1:C4"/>'}, 1, "Cases!A1:C4"),
    ("formulas", {"rows": '<row r="7"><c r="B7"><f>1+1</f><v>2</v></c></row>'}, 1, "Cases (1)"),
    (
        "drop_downs",
        {"after": '<dataValidations><dataValidation type="list" sqref="A1"/></dataValidations>'},
        1,
        "Cases",
    ),
    (
        "drop_downs_x14",
        extension("<x14:dataValidations><x14:dataValidation/></x14:dataValidations>"),
        1,
        "Cases",
    ),
    ("formats", {"after": '<conditionalFormatting sqref="A1"/>'}, 1, "Cases"),
    ("formats_x14", extension("<x14:conditionalFormatting/>"), 1, "Cases"),
    ("sparklines", extension("<x14:sparkline/><x14:sparkline/>"), 2, "Cases (2)"),
    (
        "notes",
        {"more": {SHEET_RELS: rels(("comments", "../comments1.xml")), "xl/comments1.xml": NOTES}},
        1,
        "Cases!B7",
    ),
    (
        "threads",
        {
            "more": {
                SHEET_RELS: rels(("threadedComment", "../threadedComments/threadedComment1.xml")),
                "xl/threadedComments/threadedComment1.xml": THREADS,
            }
        },
        2,
        "Cases!C8",
    ),
    (
        "charts",
        {
            "more": {
                SHEET_RELS: rels(("drawing", "../drawings/drawing1.xml")),
                "xl/drawings/drawing1.xml": "<x/>",
                "xl/drawings/_rels/drawing1.xml.rels": rels(("chart", "../charts/chart1.xml")),
                "xl/charts/chart1.xml": "<x/>",
            }
        },
        1,
        "Cases",
    ),
    (
        "pivot_tables",
        {
            "more": {
                SHEET_RELS: rels(("pivotTable", "../pivotTables/pivotTable1.xml")),
                "xl/pivotTables/pivotTable1.xml": "<x/>",
            }
        },
        1,
        "Cases",
    ),
    ("pivot_caches", part_of("xl/pivotCache/pivotCacheDefinition1.xml"), 1, ""),
    (
        "slicers",
        part_of(
            "xl/slicers/slicer1.xml", f'<slicers xmlns="{X14}"><slicer name="Team"/></slicers>'
        ),
        1,
        "Team",
    ),
    (
        "timelines",
        part_of(
            "xl/timelines/timeline1.xml",
            '<timelines xmlns="urn:t"><timeline name="Audit date"/></timelines>',
        ),
        1,
        "Audit date",
    ),
    ("pictures", part_of("xl/media/image1.png"), 1, ""),
    (
        "drawings",
        {
            "more": {
                SHEET_RELS: rels(("drawing", "../drawings/drawing1.xml")),
                "xl/drawings/drawing1.xml": "<x/>",
            }
        },
        1,
        "Cases",
    ),
    ("diagrams", part_of("xl/diagrams/data1.xml"), 1, ""),
    ("form_controls", part_of("xl/ctrlProps/ctrlProp1.xml"), 1, ""),
    ("rich_data", part_of("xl/richData/rdrichvalue.xml"), 1, ""),
    ("custom_xml", part_of("customXml/item1.xml"), 1, ""),
    ("xml_maps", part_of("xl/xmlMaps.xml"), 1, ""),
    ("names", names("Cases!$A$1"), 1, "Held"),
    ("properties", custom("Department", TEXT_OF_A_CASE), 1, "Department"),
    ("views", {"after": "<customSheetViews><customSheetView/></customSheetViews>"}, 1, "Cases"),
    (
        "personal",
        {"more": {"_rels/.rels": ROOT_RELS, "docProps/core.xml": PEOPLE}},
        1,
        "author",
    ),
    ("together", {"properties": REVISION}, 1, ""),
    ("unread", part_of("docProps/custom.xml", "<Properties><broken"), 1, "docprops/custom.xml"),
)
#: these need a workbook of another build; each has a test of its own below
APART = {"macro_sheets", "very_hidden", "hidden_sheets", "strict"}


def found(path: Path) -> dict[str, Thing]:
    return {thing.check.id: thing for thing in inspect(path).things}


def test_a_plain_workbook_has_nothing_to_tell(tmp_path: Path) -> None:
    assert found(a_workbook(tmp_path, TEXT_ROW)) == {}


@pytest.mark.parametrize(("check", "made_of", "count", "first"), FEATURES)
def test_a_feature_is_found_counted_and_placed(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    check: str,
    made_of: Mapping[str, object],
    count: int,
    first: str,
) -> None:
    given = dict(made_of)
    path = a_workbook(tmp_path, str(given.pop("rows", TEXT_ROW)), **given)
    before = path.read_bytes()
    thing = found(path)[check]
    assert thing.count == count
    assert next(iter(thing.where), "") == first
    assert main(["inspect", str(path)]) == 0
    said = capsys.readouterr().out
    assert thing.check.one in said or thing.check.many in said
    assert TEXT_OF_A_CASE not in said
    assert path.read_bytes() == before


def test_each_check_is_tried(tmp_path: Path) -> None:
    assert {check.id for check in CHECKS} == {name for name, *_ in FEATURES} | APART
    assert len({check.id for check in CHECKS}) == len(CHECKS)
    parts = parts_of({"A": worksheet(""), "B": worksheet(""), "C": worksheet("")})
    book = str(parts["xl/workbook.xml"])
    book = book.replace('name="B"', 'name="B" state="hidden"')
    parts["xl/workbook.xml"] = book.replace('name="C"', 'name="C" state="veryHidden"')
    things = found(zipped(tmp_path / "Tracker.xlsx", parts))
    assert things["hidden_sheets"].where == ("B",)
    assert things["very_hidden"].where == ("C",)


def test_a_sheet_of_old_macros_is_told(tmp_path: Path) -> None:
    parts = parts_of({"Cases": worksheet(""), "Macro1": worksheet("")})
    links = str(parts["xl/_rels/workbook.xml.rels"])
    kind = "http://schemas.microsoft.com/office/2006/relationships/xlMacrosheet"
    links = re.sub('(Id="rId2" Type=")[^"]*"', rf'\1{kind}"', links)
    parts["xl/_rels/workbook.xml.rels"] = links
    assert found(zipped(tmp_path / "Tracker.xlsx", parts))["macro_sheets"].where == ("Macro1",)


def test_the_first_line_says_whether_it_can_be_edited(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["inspect", str(a_workbook(tmp_path, TEXT_ROW))]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("Tracker.xlsx: an Excel workbook, ")
    assert lines[1].startswith("mfauto can read it, and write Auto columns into it.")
    signed = a_workbook(tmp_path, TEXT_ROW, more={"_xmlsignatures/sig1.xml": "<x/>"})
    assert main(["inspect", str(signed)]) == 0
    assert "digital signature invalid" in capsys.readouterr().out.splitlines()[1]


def test_json_is_one_object(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = a_workbook(tmp_path, '<row r="7"><c r="B7" t="e"><v>#REF!</v></c></row>')
    assert main(["inspect", str(path), "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["file"]["kind"] == "an Excel workbook"
    assert [(each["id"], each["count"], each["where"]) for each in told["found"]] == [
        ("errors", 1, ["Cases!B7"])
    ]


def test_a_file_that_is_no_workbook_gives_the_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "Tracker.xlsx"
    path.write_text("Case ref,Audit date\n", encoding="utf-8")
    assert main(["inspect", str(path)]) == 4
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("Tracker.xlsx is plain text or CSV, not an Excel workbook")


def test_many_places_are_counted_not_listed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = "".join(f'<row r="{at}"><c r="A{at}" t="e"><v>#N/A</v></c></row>' for at in range(1, 61))
    assert main(["inspect", str(a_workbook(tmp_path, rows))]) == 0
    said = capsys.readouterr().out
    assert "60 cells with an error value  Cases!A1, Cases!A2, Cases!A3 and 57 " in said
    assert max(map(len, said.splitlines())) <= 110


#: the index of real workbooks names features by their parts; these say the same
WITNESSED = {
    "tables": {"tables", "xml_maps"},  # single cells of an XML map are kept as tables
    "drawings": {"drawings", "charts", "diagrams"},
    "charts": {"charts"},
    "vbaProject": {"macros"},
    "sparklines": {"sparklines"},
    "externalLinks": {"external_links"},
    "connections": {"connections"},
    "queryTables": {"queries"},
    "pivot": {"pivot_tables", "pivot_caches"},
    "revisions": {"revisions"},
    "digsig": {"signature"},
    "customXml": {"custom_xml"},
    "customProps": {"properties", "labels"},
    "labelInfo": {"labels"},
    "richData": {"rich_data"},
    "embeddings": {"embedded"},
    "diagrams": {"diagrams"},
    "ctrlProps": {"form_controls"},
    "strict": {"strict"},
    "media": {"pictures"},
    "threadedComments": {"threads", "personal"},
}
#: their part of custom properties is there and lists none
WITHOUT_PROPERTIES = {"phpoffice-0112.xlsx", "apache-0260.xlsx", "tafia-0482.xlsx"}


@needs_corpus
@pytest.mark.parametrize("row", FILES, ids=lambda row: row["file"])
def test_each_real_file_is_told_as_the_index_has_it_or_refused(row: dict[str, str]) -> None:
    try:
        things = found(CORPUS / row["file"])
    except TrackerError as error:
        assert row["expected"] != "edit losslessly"
        assert len(str(error).splitlines()) >= 2  # noqa: PT017 - the reason, and what to do
        return
    assert row["file"] not in {name for name, _ in REFUSED}
    for feature in row["features"].split():
        if feature == "customProps" and row["file"] in WITHOUT_PROPERTIES:
            assert "properties" not in things
        elif feature in WITNESSED:
            assert WITNESSED[feature] & things.keys(), feature
