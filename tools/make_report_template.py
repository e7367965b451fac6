"""Draws `templates/exception_report.docx`. A test says that the file is what this makes.

An officer may restyle the result in Word. Line heights are exact, so that the
sums of `mfauto/report/page.py` hold on every machine.
"""

import io
from datetime import datetime
from pathlib import Path
from typing import Any

from docx import Document
from docx.document import Document as DocumentObject
from docx.enum.text import WD_LINE_SPACING, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from docx.text.paragraph import Paragraph

from mfauto.packing import without_clock
from mfauto.report.page import COLUMNS, LINE, PADDING, ROOM, SIZE

TARGET = Path(__file__).parent.parent / "templates" / "exception_report.docx"
ACCENT = "1F4E5F"
GRID = "A9B8BE"
_MADE = datetime(2026, 1, 1)  # noqa: DTZ001 - a property of the file, never the clock
_MARGIN = (595.3 - ROOM) / 2


def _element(name: str, **attributes: str) -> Any:  # noqa: ANN401 - lxml's own class
    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


def _style(
    document: DocumentObject,
    name: str,
    size: float,
    line: float,
    before: float = 0,
    after: float = 0,
    *,
    bold: bool = False,
    colour: str = "000000",
    keep: bool = False,
) -> None:
    style = document.styles[name]
    style.font.name, style.font.size, style.font.bold = "Arial", Pt(size), bold
    style.font.italic = False
    style.font.color.rgb = RGBColor.from_string(colour)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for kind in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{kind}"), "Arial")
    form = style.paragraph_format
    form.space_before, form.space_after = Pt(before), Pt(after)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(line)
    form.keep_with_next, form.widow_control = keep, False


def _language(document: DocumentObject) -> None:
    defaults = document.styles.element.find(qn("w:docDefaults"))
    properties = defaults.find(qn("w:rPrDefault")).find(qn("w:rPr"))
    for old in properties.findall(qn("w:lang")):
        properties.remove(old)
    properties.append(_element("w:lang", val="en-GB", eastAsia="en-GB", bidi="ar-SA"))
    themes = document.settings.element.find(qn("w:themeFontLang"))
    if themes is not None:
        themes.set(qn("w:val"), "en-GB")


def _as_word_today(document: DocumentObject) -> None:
    """Take the file out of Word's compatibility mode, which python-docx leaves it in."""
    for setting in document.settings.element.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")


def _rule_below(paragraph: Paragraph) -> None:
    borders = _element("w:pBdr")
    borders.append(_element("w:bottom", val="single", sz="12", space="2", color=ACCENT))
    paragraph._p.get_or_add_pPr().append(borders)  # noqa: SLF001 - python-docx has no borders


def _field(paragraph: Paragraph, code: str) -> None:
    for kind in ("begin", None, "separate", "text", "end"):
        run = paragraph.add_run()
        run.font.size = Pt(10)
        if kind is None:
            text = _element("w:instrText")
            text.set(qn("xml:space"), "preserve")
            text.text = f" {code} "
            run._r.append(text)  # noqa: SLF001 - python-docx has no fields
        elif kind == "text":
            run.text = "1"
        else:
            run._r.append(_element("w:fldChar", fldCharType=kind))  # noqa: SLF001


def _said(document: DocumentObject, *parts: tuple[str, bool]) -> Paragraph:
    paragraph = document.add_paragraph()
    for text, bold in parts:
        paragraph.add_run(text).bold = bold
    return paragraph


def _facts(document: DocumentObject, *pairs: tuple[str, str]) -> None:
    """Add a line with two facts, the second one half way across."""
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.tab_stops.add_tab_stop(Pt(ROOM / 2 + 4))
    for place, (label, name) in enumerate(pairs):
        paragraph.add_run(f"\t{label}: " if place else f"{label}: ").bold = True
        paragraph.add_run(f"{{{{ {name} }}}}")


def _table(document: DocumentObject) -> None:
    table = document.add_table(rows=4, cols=4)
    table.autofit = False
    properties = table._tbl.tblPr  # noqa: SLF001 - python-docx has no borders, no cell margins
    borders = _element("w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        borders.append(_element(f"w:{side}", val="single", sz="4", space="0", color=GRID))
    properties.find(qn("w:tblLayout")).addprevious(borders)
    margins = _element("w:tblCellMar")
    for side, points in (("top", 1), ("left", PADDING / 2), ("bottom", 1), ("right", PADDING / 2)):
        margins.append(_element(f"w:{side}", w=str(int(points * 20)), type="dxa"))
    look = properties.find(qn("w:tblLook"))
    look.addprevious(margins)  # the schema's order
    properties.append(_element("w:tblCaption", val="Actions, overdue first"))
    properties.append(
        _element("w:tblDescription", val="Each action with its owner, due date and status.")
    )
    rows = (
        ("Action", "Owner", "Due", "Status"),
        ("{%tr for line in actions %}",) * 4,
        ("{{ line.action }}", "{{ line.owner }}", "{{ line.due }}", "{{ line.status }}"),
        ("{%tr endfor %}",) * 4,
    )
    for number, texts in enumerate(rows):
        row = table.rows[number]
        row._tr.get_or_add_trPr().append(_element("w:cantSplit"))  # noqa: SLF001
        if number == 0:
            row._tr.get_or_add_trPr().append(_element("w:tblHeader"))  # noqa: SLF001
        for place, text in enumerate(texts):
            cell = row.cells[place]
            cell.width = Pt(COLUMNS[place])
            run = cell.paragraphs[0].add_run(text)
            if number == 0:
                run.bold = True
                run.font.color.rgb = RGBColor(255, 255, 255)
                shade = _element("w:shd", val="clear", color="auto", fill=ACCENT)
                cell._tc.get_or_add_tcPr().append(shade)  # noqa: SLF001
    for place, column in enumerate(table.columns):
        column.width = Pt(COLUMNS[place])


def _page(document: DocumentObject) -> None:
    _language(document)
    _as_word_today(document)
    section = document.sections[0]
    section.page_width, section.page_height = Pt(595.3), Pt(841.9)
    section.left_margin = section.right_margin = Pt(_MARGIN)
    section.top_margin, section.bottom_margin = Pt(52), Pt(48)
    section.header_distance, section.footer_distance = Pt(26), Pt(24)
    _style(document, "Normal", SIZE, LINE)
    _style(document, "Heading 1", 18, 23, 2, 5, bold=True, colour=ACCENT)
    _style(document, "Heading 2", 12, 15, 5, 1, bold=True, colour=ACCENT, keep=True)
    _style(document, "Header", 10, 12)
    _style(document, "Footer", 10, 12)

    section.header.paragraphs[0].add_run("{{ marking }}").bold = True
    footer = section.footer.paragraphs[0]
    for old in list(document.styles["Footer"].paragraph_format.tab_stops):
        footer.paragraph_format.tab_stops.add_tab_stop(old.position, WD_TAB_ALIGNMENT.CLEAR)
    footer.paragraph_format.tab_stops.add_tab_stop(Pt(ROOM), WD_TAB_ALIGNMENT.RIGHT)
    footer.add_run("As at {{ as_at }}\tPage ").font.size = Pt(10)
    _field(footer, "PAGE")
    footer.add_run(" of ").font.size = Pt(10)
    _field(footer, "NUMPAGES")


def _body(document: DocumentObject) -> None:
    _said(document, ("{{ marking }}", True))
    _rule_below(document.add_heading("Exception report: {{ ref }}", 1))
    _facts(document, ("To", "to"), ("From", "sender"))
    _facts(document, ("Service", "service"), ("Practitioner", "practitioner"))
    _facts(document, ("Team Manager", "team_manager"), ("Service Manager", "service_manager"))
    _facts(document, ("Head of Service", "head_of_service"), ("Meeting held", "meeting"))
    _said(document, ("Audit: ", True), ("{{ audit }}", False))
    _said(document, ("Report due: ", True), ("{{ due_sum }}", False))
    document.add_heading("Child safety", 2)
    _said(document, ("{{ safety_lead }}: ", True), ("{{ safety }}", False))
    _said(document, ("Note: ", True), ("{{ safety_note }}", False))
    document.add_heading("What the audit found", 2)
    _said(document, ("Findings: ", True), ("{{ audit_findings }}", False))
    _said(document, ("Strengths: ", True), ("{{ strengths }}", False))
    _said(document, ("Context: ", True), ("{{ practice_context }}", False))
    document.add_heading("Review of the practitioner’s cases", 2)
    _said(document, ("{{ review }}", False))
    _said(document, ("Summary: ", True), ("{{ summary }}", False))
    document.add_heading("Actions", 2)
    _said(document, ("{%p if actions %}", False))
    _table(document)
    _said(document, ("{%p endif %}", False))
    _said(document, ("{{ actions_more }}", False)).paragraph_format.space_before = Pt(3)
    document.add_heading("Support agreed", 2)
    _said(document, ("{{ support_agreed }}", False))
    document.add_heading("Next re-audit and panel", 2)
    _said(document, ("{{ reaudit }}", False))
    _said(document, ("{{ panel }}", False))
    document.add_heading("Sign-off by the Head of Service", 2)
    line = document.add_paragraph()
    line.paragraph_format.space_before = Pt(10)
    stops = line.paragraph_format.tab_stops
    for place, leader in (
        (ROOM * 0.62, WD_TAB_LEADER.LINES),
        (ROOM * 0.66, WD_TAB_LEADER.SPACES),
        (ROOM, WD_TAB_LEADER.LINES),
    ):
        stops.add_tab_stop(Pt(place), WD_TAB_ALIGNMENT.LEFT, leader)
    line.add_run("Signed: \t\tDate: \t")


def template() -> bytes:
    """Give the template's bytes; the same every time."""
    document = Document()
    _page(document)
    _body(document)
    properties = document.core_properties
    properties.title, properties.author, properties.language = "Exception report", "mfauto", "en-GB"
    properties.last_modified_by, properties.comments = "mfauto", ""
    properties.created = properties.modified = _MADE
    made = io.BytesIO()
    document.save(made)
    return without_clock(made.getvalue())


if __name__ == "__main__":
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_bytes(template())
