"""Word's own charts: drawn by Word from figures that travel with them, so people can edit them.

Each chart carries a workbook, its stored values and a text for those who do not see
it. The same figures give the same bytes. Colours are told apart by darkness too.
"""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

from mfauto.addresses import letters
from mfauto.packing import without_clock

ACCENT: Final = "1F4E5F"
GREY: Final = "7A868C"
DARK: Final = "1A1A1A"
SLATE: Final = "5F6B70"
STEEL: Final = "4F7F93"
_NS: Final = (
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
_CHART: Final = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_BOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_RELATION: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_THIN: Final = 7  # per cent of the highest column
_EMU: Final = 12_700  # a point
_WIDTH: Final = 490  # points
_BAR_ROOM: Final = 26  # points that one bar lying down takes
_POINTS: Final = 210
_FIRST_AXES: Final = (111_000_001, 111_000_002)
_XML: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_SHEET: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_KIND: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_LINKS: Final = "http://schemas.openxmlformats.org/package/2006"
#: the parts of a workbook with one sheet, but for the sheet
_BOOK_PARTS: Final = {
    "[Content_Types].xml": (
        f'{_XML}<Types xmlns="{_LINKS}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KIND}.worksheet+xml"/>'
        "</Types>"
    ),
    "_rels/.rels": (
        f'{_XML}<Relationships xmlns="{_LINKS}/relationships"><Relationship Id="rId1" '
        f'Type="{_RELATION}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'{_XML}<workbook xmlns="{_SHEET}" xmlns:r="{_RELATION}"><sheets>'
        '<sheet name="Figures" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'{_XML}<Relationships xmlns="{_LINKS}/relationships"><Relationship Id="rId1" '
        f'Type="{_RELATION}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
    ),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Series:
    """One row of figures with its name and look."""

    name: str
    values: Sequence[int]
    colour: str
    line: bool = False
    ink: str = DARK  #: of the figures on it


@dataclass(frozen=True, kw_only=True, slots=True)
class Chart:
    """One chart: columns side by side, stacked or lying down, with lines over them."""

    title: str
    said: str  #: what it shows, for those who do not see it
    labels: Sequence[str]
    series: Sequence[Series]
    stacked: bool = False
    lying: bool = False


def put(document: Any, mark: str, chart: Chart, number: int) -> None:  # noqa: ANN401 - python-docx
    """Put `chart` where a paragraph of `document` holds `mark` alone; without one, nowhere."""
    for paragraph in document.paragraphs:
        if paragraph.text.strip() == mark:
            _put(document, paragraph, chart, number)
            return


def _put(document: Any, paragraph: Any, chart: Chart, number: int) -> None:  # noqa: ANN401
    from docx.opc.packuri import PackURI  # noqa: PLC0415 - Word is not always needed
    from docx.opc.part import Part  # noqa: PLC0415
    from docx.oxml import parse_xml  # noqa: PLC0415

    package = document.part.package
    book = Part(PackURI(f"/word/embeddings/chart{number}.xlsx"), _BOOK, _workbook(chart), package)
    name = PackURI(f"/word/charts/chart{number}.xml")
    part = Part(name, _CHART, b"", package)
    source = part.relate_to(book, f"{_RELATION}/package")
    part._blob = _xml(chart, source).encode()  # noqa: SLF001 - the part needs its own relation first
    relation = document.part.relate_to(part, f"{_RELATION}/chart")
    for run in list(paragraph.runs):
        paragraph._p.remove(run._r)  # noqa: SLF001 - python-docx has no charts
    height = _BAR_ROOM * len(chart.labels) + 70 if chart.lying else _POINTS
    paragraph.add_run()._r.append(  # noqa: SLF001
        parse_xml(
            '<w:drawing xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
            'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
            f'{_NS}><wp:inline distT="0" distB="0" distL="0" distR="0">'
            f'<wp:extent cx="{_WIDTH * _EMU}" cy="{height * _EMU}"/>'
            '<wp:effectExtent l="0" t="0" r="0" b="0"/>'
            f'<wp:docPr id="{number + 100}" name="Chart {number}" descr={quoteattr(chart.said)}/>'
            "<wp:cNvGraphicFramePr/><a:graphic>"
            '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">'
            f'<c:chart r:id="{relation}"/></a:graphicData></a:graphic></wp:inline></w:drawing>'
        )
    )


def _workbook(chart: Chart) -> bytes:
    """Give the workbook with the figures; "Edit Data" in Word opens it.

    Written by hand: five short parts, in a tenth of the time that a library takes to load.
    """
    columns = [["Figures", *chart.labels]]
    columns += [[series.name, *map(str, series.values)] for series in chart.series]
    rows = "".join(
        f'<row r="{row}">'
        + "".join(
            _cell(f"{letters(column)}{row}", text, is_text=row == 1 or column == 1)
            for column, text in enumerate(texts, start=1)
        )
        + "</row>"
        for row, texts in enumerate(zip(*columns, strict=True), start=1)
    )
    sheet = f'{_XML}<worksheet xmlns="{_SHEET}"><sheetData>{rows}</sheetData></worksheet>'
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as book:
        for name, part in (_BOOK_PARTS | {"xl/worksheets/sheet1.xml": sheet}).items():
            book.writestr(name, part)
    return without_clock(made.getvalue())


def _cell(place: str, text: str, *, is_text: bool) -> str:
    if not is_text:
        return f'<c r="{place}"><v>{text}</v></c>'
    # A service may be called "=1+1": a text in the cell itself is never a formula.
    said = escape(text)
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{said}</t></is></c>'


def _xml(chart: Chart, source: str) -> str:
    bars = [(n, one) for n, one in enumerate(chart.series) if not one.line]
    lines = [(n, one) for n, one in enumerate(chart.series) if one.line]
    first, second = _FIRST_AXES
    axes = f'<c:axId val="{first}"/><c:axId val="{second}"/>'
    plots = ""
    if bars:
        overlap = '<c:overlap val="100"/>' if chart.stacked else '<c:overlap val="0"/>'
        plots += (
            f'<c:barChart><c:barDir val="{"bar" if chart.lying else "col"}"/>'
            f'<c:grouping val="{"stacked" if chart.stacked else "clustered"}"/>'
            '<c:varyColors val="0"/>'
            + "".join(_series(chart, n, one) for n, one in bars)
            + f'<c:gapWidth val="45"/>{overlap}{axes}</c:barChart>'
        )
    if lines:
        plots += (
            '<c:lineChart><c:grouping val="standard"/><c:varyColors val="0"/>'
            + "".join(_series(chart, n, one) for n, one in lines)
            + f'<c:marker val="1"/>{axes}</c:lineChart>'
        )
    legend = (
        f'<c:legend><c:legendPos val="b"/><c:overlay val="0"/>{_type(11)}</c:legend>'
        if len(chart.series) > 1
        else ""
    )
    return (
        f"{_XML}<c:chartSpace {_NS}>"
        '<c:date1904 val="0"/><c:lang val="en-GB"/><c:roundedCorners val="0"/><c:chart>'
        f"<c:title><c:tx><c:rich><a:bodyPr/><a:p><a:pPr>{_properties('defRPr', 12, ACCENT, 1)}"
        f"</a:pPr><a:r>{_properties('rPr', 12, ACCENT, 1)}<a:t>{escape(chart.title)}</a:t></a:r>"
        '</a:p></c:rich></c:tx><c:overlay val="0"/></c:title>'
        f'<c:autoTitleDeleted val="0"/><c:plotArea><c:layout/>{plots}{_axes(chart)}</c:plotArea>'
        f'{legend}<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>'
        '<c:spPr><a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill><a:ln><a:noFill/></a:ln>'
        f'</c:spPr>{_type(10)}<c:externalData r:id="{source}"><c:autoUpdate val="0"/>'
        "</c:externalData></c:chartSpace>"
    )


def _series(chart: Chart, number: int, series: Series) -> str:
    last = len(chart.labels) + 1
    letter = chr(ord("B") + number)
    fill = f'<a:solidFill><a:srgbClr val="{series.colour}"/></a:solidFill>'
    if series.line:
        look = (
            f'<c:spPr><a:ln w="28575">{fill}</a:ln></c:spPr><c:marker><c:symbol val="circle"/>'
            f'<c:size val="6"/><c:spPr>{fill}</c:spPr></c:marker>'
        )
    else:
        look = f'<c:spPr>{fill}</c:spPr><c:invertIfNegative val="0"/>'
    place = "t" if series.line else "ctr" if chart.stacked else "outEnd"
    ink = series.ink if chart.stacked or series.line else DARK
    # A nought is not drawn, nor a part too thin to hold its figure; the table has them all.
    least = max(1, -(-_highest(chart) * _THIN // 100)) if chart.stacked and not chart.lying else 1
    return (
        f'<c:ser><c:idx val="{number}"/><c:order val="{number}"/><c:tx><c:strRef>'
        f"<c:f>Figures!${letter}$1</c:f>{_strings([series.name])}</c:strRef></c:tx>{look}"
        f'<c:dLbls><c:numFmt formatCode="[&lt;{least}]&quot;&quot;;0" sourceLinked="0"/>'
        f"<c:spPr><a:noFill/></c:spPr>{_type(10, ink)}"
        f'<c:dLblPos val="{place}"/><c:showLegendKey val="0"/><c:showVal val="1"/>'
        '<c:showCatName val="0"/><c:showSerName val="0"/><c:showPercent val="0"/>'
        '<c:showBubbleSize val="0"/></c:dLbls>'
        f"<c:cat><c:strRef><c:f>Figures!$A$2:$A${last}</c:f>{_strings(chart.labels)}</c:strRef>"
        f"</c:cat><c:val><c:numRef><c:f>Figures!${letter}$2:${letter}${last}</c:f>"
        f'<c:numCache><c:formatCode>General</c:formatCode><c:ptCount val="{len(series.values)}"/>'
        + "".join(
            f'<c:pt idx="{n}"><c:v>{value}</c:v></c:pt>' for n, value in enumerate(series.values)
        )
        + "</c:numCache></c:numRef></c:val>"
        + ('<c:smooth val="0"/>' if series.line else "")
        + "</c:ser>"
    )


def _axes(chart: Chart) -> str:
    first, second = _FIRST_AXES
    highest = _highest(chart)
    step = max(1, -(-highest // 5))
    turn = "maxMin" if chart.lying else "minMax"  # lying bars are read from the top
    where = ("l", "b") if chart.lying else ("b", "l")
    ink = f'<a:solidFill><a:srgbClr val="{GREY}"/></a:solidFill>'
    line = f'<c:spPr><a:ln w="9525">{ink}</a:ln></c:spPr>'
    return (
        f'<c:catAx><c:axId val="{first}"/><c:scaling><c:orientation val="{turn}"/></c:scaling>'
        f'<c:delete val="0"/><c:axPos val="{where[0]}"/><c:numFmt formatCode="General" '
        'sourceLinked="0"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/>'
        f'<c:tickLblPos val="low"/>{line}{_type(11 if chart.lying else 10)}'
        f'<c:crossAx val="{second}"/><c:crosses val="autoZero"/><c:auto val="0"/>'
        '<c:lblAlgn val="ctr"/><c:lblOffset val="100"/><c:noMultiLvlLbl val="1"/></c:catAx>'
        f'<c:valAx><c:axId val="{second}"/><c:scaling><c:orientation val="minMax"/>'
        f'<c:max val="{step * (highest // step + 1)}"/><c:min val="0"/></c:scaling>'
        f'<c:delete val="1"/><c:axPos val="{where[1]}"/><c:numFmt formatCode="0" '
        'sourceLinked="0"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/>'
        f'<c:tickLblPos val="nextTo"/><c:crossAx val="{first}"/><c:crosses val="autoZero"/>'
        f'<c:crossBetween val="between"/><c:majorUnit val="{step}"/></c:valAx>'
    )


def _highest(chart: Chart) -> int:
    columns = [one.values for one in chart.series if not one.line]
    tops = [value for one in chart.series for value in one.values]
    if chart.stacked:
        tops += [sum(values) for values in zip(*columns, strict=True)]
    return max([1, *tops])


def _strings(texts: Sequence[str]) -> str:
    points = "".join(
        f'<c:pt idx="{n}"><c:v>{escape(text)}</c:v></c:pt>' for n, text in enumerate(texts)
    )
    return f'<c:strCache><c:ptCount val="{len(texts)}"/>{points}</c:strCache>'


def _type(size: int, ink: str = DARK) -> str:
    return (
        f"<c:txPr><a:bodyPr/><a:p><a:pPr>{_properties('defRPr', size, ink, 0)}</a:pPr>"
        '<a:endParaRPr lang="en-GB"/></a:p></c:txPr>'
    )


def _properties(name: str, size: int, ink: str, bold: int) -> str:
    return (
        f'<a:{name} lang="en-GB" sz="{size * 100}" b="{bold}"><a:solidFill><a:srgbClr val="{ink}"/>'
        f'</a:solidFill><a:latin typeface="Arial"/></a:{name}>'
    )
