"""What the templates are drawn with: one look, A4, Arial, borders, fields and tables.

Lengths are points. The same drawing gives the same bytes.
"""

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, cast

from docx import Document
from docx.document import Document as DocumentObject
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Pt, RGBColor
from docx.table import Table
from docx.text.paragraph import Paragraph

from mfauto.packing import without_clock

ACCENT: Final = "1F4E5F"  #: the one colour of headings, rules and header rows
BAND: Final = "EAF1F3"
GRID: Final = "A9B8BE"
WIDTH: Final = 595.3  #: of an A4 page
HEIGHT: Final = 841.9
_MADE: Final = datetime(2026, 1, 1)  # noqa: DTZ001 - a property of the file, never the clock
_LOOK: Final = {"firstRow": "1", "firstColumn": "0", "noHBand": "1", "noVBand": "1"}
_UNUSED: Final = ("thumbnail", "stylesWithEffects", "customXml")
_TABLES: Final = ("TableNormal", "TableGrid")
_BEFORE: Final = ("w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")


def element(tag: str, **attributes: str) -> Any:  # noqa: ANN401 - lxml's own class
    """Give an element such as "w:shd"; attributes are of Word's own namespace."""
    made = OxmlElement(tag)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


def blank() -> DocumentObject:
    """Give an empty document in British English, as Word makes them today."""
    document = Document()
    defaults = document.styles.element.find(qn("w:docDefaults"))
    properties = defaults.find(qn("w:rPrDefault")).find(qn("w:rPr"))
    for old in properties.findall(qn("w:lang")):
        properties.remove(old)
    properties.append(element("w:lang", val="en-GB", eastAsia="en-GB", bidi="ar-SA"))
    themes = document.settings.element.find(qn("w:themeFontLang"))
    if themes is not None:
        themes.set(qn("w:val"), "en-GB")
    for setting in document.settings.element.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":  # python-docx leaves it at 2010
            setting.set(qn("w:val"), "15")
    return document


def slimmed(document: DocumentObject) -> DocumentObject:
    """Leave out what python-docx brings along and nobody uses: table styles, a picture, copies."""
    package = document.part.package
    for holder in (package, document.part):
        for name, relation in list(holder.rels.items()):
            if relation.reltype.rpartition("/")[2] in _UNUSED:
                del holder.rels[name]
    root = document.styles.element
    for known in list(root.iter(qn("w:style"))):
        if known.get(qn("w:type")) == "table" and known.get(qn("w:styleId")) not in _TABLES:
            root.remove(known)
    return document


def style(
    document: DocumentObject,
    name: str,
    size: float,
    before: float = 0,
    after: float = 0,
    *,
    line: float | Length,
    bold: bool = False,
    colour: str = "000000",
    keep: bool = False,
) -> None:
    """Set a paragraph style in Arial; a style that Word does not know is added.

    `line` is a number of lines, or the exact height of one in `Pt`.
    """
    if name not in [known.name for known in document.styles]:
        made = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        made.base_style = document.styles["Normal"]
    set_up = document.styles[name]
    set_up.font.name, set_up.font.size, set_up.font.bold = "Arial", Pt(size), bold
    set_up.font.italic = False
    set_up.font.color.rgb = RGBColor.from_string(colour)
    fonts = set_up.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for kind in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{kind}"), "Arial")
    form = set_up.paragraph_format
    form.space_before, form.space_after = Pt(before), Pt(after)
    form.line_spacing, form.keep_with_next = line, keep


def page(
    document: DocumentObject,
    room: float,
    *,
    top: float,
    bottom: float,
    header: float,
    footer: float,
    landscape: bool = False,
) -> None:
    """Set an A4 page whose text is `room` wide, and how far header and footer are from the edge."""
    section = document.sections[0]
    width, height = (HEIGHT, WIDTH) if landscape else (WIDTH, HEIGHT)
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Pt(width), Pt(height)
    section.left_margin = section.right_margin = Pt((width - room) / 2)
    section.top_margin, section.bottom_margin = Pt(top), Pt(bottom)
    section.header_distance, section.footer_distance = Pt(header), Pt(footer)


def running(document: DocumentObject, room: float, foot: str) -> None:
    """Put the marking into the header; into the footer `foot` and, on the right, page x of y."""
    section = document.sections[0]
    section.header.paragraphs[0].add_run("{{ marking }}").bold = True
    footer = section.footer.paragraphs[0]
    for old in list(document.styles["Footer"].paragraph_format.tab_stops):
        footer.paragraph_format.tab_stops.add_tab_stop(old.position, WD_TAB_ALIGNMENT.CLEAR)
    footer.paragraph_format.tab_stops.add_tab_stop(Pt(room), WD_TAB_ALIGNMENT.RIGHT)
    footer.add_run(f"{foot}\tPage ")
    field(footer, "PAGE")
    footer.add_run(" of ")
    field(footer, "NUMPAGES")


def field(paragraph: Paragraph, code: str, shown: str | None = "1") -> None:
    """Add a field; without a text to show, its end has to be added later."""
    kinds = ["begin", None, "separate"] + (["text", "end"] if shown else [])
    for kind in kinds:
        run = paragraph.add_run()
        if kind is None:
            text = element("w:instrText")
            text.set(qn("xml:space"), "preserve")
            text.text = f" {code} "
            run._r.append(text)  # noqa: SLF001 - python-docx has no fields
        elif kind == "text":
            run.text = shown or ""
        else:
            run._r.append(element("w:fldChar", fldCharType=kind))  # noqa: SLF001


def border(paragraph: Paragraph, side: str, size: int, space: int, colour: str = ACCENT) -> None:
    """Draw a line along one side of a paragraph, `size` in eighths of a point."""
    borders = element("w:pBdr")
    borders.append(element(f"w:{side}", val="single", sz=str(size), space=str(space), color=colour))
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001 - python-docx has no borders
    properties.insert_element_before(borders, *_BEFORE)


def grid(
    document: DocumentObject,
    title: str,
    said: str,
    columns: Sequence[tuple[str, float]],
    texts: Sequence[Sequence[str]],
    *,
    style: str,
    padding: Sequence[tuple[str, float]] = (("left", 4), ("right", 4)),
) -> Table:
    """Add a table with a header row that repeats.

    `columns` are headings and widths; `title` and `said` are its alternative text.
    """
    table = document.add_table(rows=len(texts) + 1, cols=len(columns))
    table.autofit = False
    properties = table._tbl.tblPr  # noqa: SLF001 - python-docx has no borders, no margins
    look = properties.find(qn("w:tblLook"))
    borders = element("w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        borders.append(element(f"w:{side}", val="single", sz="4", space="0", color=GRID))
    properties.find(qn("w:tblLayout")).addprevious(borders)
    margins = element("w:tblCellMar")
    for side, points in padding:
        margins.append(element(f"w:{side}", w=str(int(points * 20)), type="dxa"))
    look.addprevious(margins)  # the schema's order
    for key, value in _LOOK.items():
        look.set(qn(f"w:{key}"), value)
    look.set(qn("w:val"), "0620")
    properties.append(element("w:tblCaption", val=title))
    properties.append(element("w:tblDescription", val=said))
    for number, words in enumerate([[heading for heading, _ in columns], *texts]):
        row = table.rows[number]
        row._tr.get_or_add_trPr().append(element("w:cantSplit"))  # noqa: SLF001
        if number == 0:
            row._tr.get_or_add_trPr().append(element("w:tblHeader"))  # noqa: SLF001
        for place, text in enumerate(words):
            cell = row.cells[place]
            cell.width = Pt(columns[place][1])
            paragraph = cell.paragraphs[0]
            paragraph.style = document.styles[style]
            run = paragraph.add_run(text)
            if number == 0:
                paragraph.paragraph_format.keep_with_next = True
                run.bold = True
                run.font.color.rgb = RGBColor(255, 255, 255)
                shade = element("w:shd", val="clear", color="auto", fill=ACCENT)
                cell._tc.get_or_add_tcPr().append(shade)  # noqa: SLF001
    for place, column in enumerate(table.columns):
        column.width = Pt(columns[place][1])
    return cast("Table", table)


def saved(document: DocumentObject, title: str) -> bytes:
    """Give the template's bytes; the same every time."""
    properties = document.core_properties
    properties.title, properties.author, properties.language = title, "mfauto", "en-GB"
    properties.last_modified_by, properties.comments = "mfauto", ""
    properties.created = properties.modified = _MADE
    made = io.BytesIO()
    document.save(made)
    return without_clock(made.getvalue())
