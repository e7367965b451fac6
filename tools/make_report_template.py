"""Draws `templates/exception_report.docx`. A test says that the file is what this makes.

An officer may restyle the result in Word: the product measures the template it is given.
Line heights are exact, so that the page is the same on every machine. Lengths are points.
"""

from pathlib import Path
from typing import Final

from docx.document import Document as DocumentObject
from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.text.paragraph import Paragraph

from mfauto.report import TEMPLATE
from tools.drawing import (
    ACCENT,
    BAND,
    blank,
    border,
    element,
    grid,
    page,
    running,
    saved,
    slimmed,
    style,
)

TARGET: Final = Path(__file__).parent.parent / "templates" / TEMPLATE
ROOM: Final = 493.0  #: width of the text
SIZE: Final = 11.0
LINE: Final = 13.5
_COLUMNS: Final = (("Action", 164.0), ("Owner", 86.0), ("Due", 108.0), ("Status", 135.0))
_PADDING: Final = (("top", 1.5), ("left", 4.0), ("bottom", 1.5), ("right", 4.0))
_AFTER_BORDERS: Final = ("w:tabs", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:rPr")


def _styles(document: DocumentObject) -> None:
    line = Pt(LINE)
    style(document, "Normal", SIZE, line=line)
    style(document, "Marking", SIZE, 0, 3, line=line, bold=True)
    style(document, "Heading 1", 20, 0, 7, line=Pt(25), bold=True, colour=ACCENT)
    style(document, "Heading 2", 12, 8, 2, line=Pt(15), bold=True, colour=ACCENT, keep=True)
    style(document, "Fact", SIZE, line=Pt(14.5))
    style(document, "Safety", SIZE, line=line)
    style(document, "Cell", SIZE, line=line)
    style(document, "After the table", SIZE, 4, 0, line=line)
    style(document, "To write", SIZE, 3, 2, line=Pt(18))
    style(document, "Signature", SIZE, 12, 0, line=line)
    style(document, "Header", 10, line=Pt(12))
    style(document, "Footer", 10, line=Pt(12))
    _evenly(document)
    _band(document)


def _evenly(document: DocumentObject) -> None:
    """Let every script break and space its lines in the plainest way, so that sums hold."""
    properties = document.styles["Normal"].element.get_or_add_pPr()
    properties.get_or_add_spacing()
    for name in ("kinsoku", "overflowPunct", "autoSpaceDE", "autoSpaceDN"):
        properties.find(qn("w:spacing")).addprevious(element(f"w:{name}", val="0"))
    document.styles["Normal"].paragraph_format.widow_control = False


def _band(document: DocumentObject) -> None:
    """Let what is said of the child's safety stand out: a rule at its side, a pale ground."""
    form = document.styles["Safety"]
    form.paragraph_format.left_indent = Pt(9)
    borders = element("w:pBdr")
    for side, size, space, colour in (
        ("top", "8", "2", BAND),
        ("left", "24", "6", ACCENT),
        ("bottom", "8", "2", BAND),
    ):
        borders.append(element(f"w:{side}", val="single", sz=size, space=space, color=colour))
    properties = form.element.get_or_add_pPr()
    properties.insert_element_before(borders, *_AFTER_BORDERS)
    ground = element("w:shd", val="clear", color="auto", fill=BAND)
    properties.insert_element_before(ground, *_AFTER_BORDERS)


def _said(document: DocumentObject, lead: str, text: str, style: str | None = None) -> Paragraph:
    """Add a paragraph: words in bold, then a field or words in plain type."""
    paragraph: Paragraph = document.add_paragraph(style=style)
    if lead:
        paragraph.add_run(lead).bold = True
    paragraph.add_run(text)
    return paragraph


def _facts(document: DocumentObject, *pairs: tuple[str, str]) -> None:
    """Add a line with two facts, the second one half way across."""
    paragraph = document.add_paragraph(style="Fact")
    paragraph.paragraph_format.tab_stops.add_tab_stop(Pt(ROOM / 2 + 4))
    for place, (label, name) in enumerate(pairs):
        paragraph.add_run(f"\t{label}: " if place else f"{label}: ").bold = True
        paragraph.add_run(f"{{{{ {name} }}}}")


def _top(document: DocumentObject) -> None:
    _said(document, "{{ marking }}", "", "Marking")
    border(document.add_heading("Exception report: {{ ref }}", 1), "bottom", 18, 4)
    _facts(document, ("To", "to"), ("From", "sender"))
    _facts(document, ("Practitioner", "practitioner"), ("Team Manager", "team_manager"))
    _facts(document, ("Service Manager", "service_manager"), ("Head of Service", "head_of_service"))
    _facts(document, ("Service", "service"), ("Meeting held", "meeting"))
    _said(document, "Audit: ", "{{ audit }}", "Fact")
    _said(document, "Report due: ", "{{ due_sum }}", "Fact")


def _body(document: DocumentObject) -> None:
    document.add_heading("Child safety", 2)
    _said(document, "{{ safety_lead }}: ", "{{ safety }}", "Safety")
    _said(document, "Note: ", "{{ safety_note }}", "Safety")
    document.add_heading("What the audit found", 2)
    _said(document, "Findings: ", "{{ audit_findings }}")
    _said(document, "Strengths: ", "{{ strengths }}")
    _said(document, "Context: ", "{{ practice_context }}")
    document.add_heading("Review of the practitioner’s cases", 2)
    _said(document, "", "{{ review }}")
    _to_write(document, "summary_to_write")
    _said(document, "", "{%p else %}")
    _said(document, "Summary: ", "{{ summary }}")
    _said(document, "", "{%p endif %}")
    _to_write(document, "late_to_write")
    _said(document, "", "{%p endif %}")
    document.add_heading("Actions", 2)
    _said(document, "", "{%p if actions %}")
    grid(
        document,
        "Actions, overdue first",
        "Each action with its owner, due date and status.",
        _COLUMNS,
        [
            ["{%tr for line in actions %}"] * len(_COLUMNS),
            ["{{ line.action }}", "{{ line.owner }}", "{{ line.due }}", "{{ line.status }}"],
            ["{%tr endfor %}"] * len(_COLUMNS),
        ],
        style="Cell",
        padding=_PADDING,
    )
    _said(document, "", "{%p endif %}")
    _said(document, "", "{{ actions_more }}", "After the table")
    document.add_heading("Support agreed", 2)
    _said(document, "", "{{ support_agreed }}")
    document.add_heading("Next re-audit and panel", 2)
    _said(document, "", "{{ reaudit }}")
    _said(document, "", "{{ panel }}")


def _to_write(document: DocumentObject, name: str) -> None:
    """Begin a place for a person to write, where there is something to ask: ruled lines."""
    _said(document, "", f"{{%p if {name} %}}")
    paragraph = _said(document, "", f"{{{{ {name} }}}}", "To write")
    paragraph.paragraph_format.left_indent = Pt(9)
    paragraph.paragraph_format.tab_stops.add_tab_stop(
        Pt(ROOM - 10), WD_TAB_ALIGNMENT.LEFT, WD_TAB_LEADER.LINES
    )
    border(paragraph, "left", 24, 6)


def _foot(document: DocumentObject) -> None:
    document.add_heading("Sign-off by the Head of Service", 2)
    line = document.add_paragraph(style="Signature")
    for place, leader in (
        (ROOM * 0.62, WD_TAB_LEADER.LINES),
        (ROOM * 0.66, WD_TAB_LEADER.SPACES),
        (ROOM, WD_TAB_LEADER.LINES),
    ):
        line.paragraph_format.tab_stops.add_tab_stop(Pt(place), WD_TAB_ALIGNMENT.LEFT, leader)
    line.add_run("Signed: \t\tDate: \t")


def template() -> bytes:
    """Give the template's bytes; the same every time."""
    document = slimmed(blank())
    _styles(document)
    page(document, ROOM, top=50, bottom=46, header=26, footer=24)
    running(document, ROOM, "As at {{ as_at }}")
    _top(document)
    _body(document)
    _foot(document)
    return saved(document, "Exception report")


if __name__ == "__main__":
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_bytes(template())
