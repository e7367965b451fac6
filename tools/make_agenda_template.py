"""Draws `templates/agenda.docx` and `templates/panel_agenda.docx`.

A test says that the files are what this makes. An officer may restyle them in Word: fields
are short names, loops stand in rows and paragraphs of their own.
"""

from collections.abc import Sequence
from pathlib import Path

from docx.document import Document as DocumentObject
from docx.text.paragraph import Paragraph

from tools.drawing import ACCENT, blank, border, grid, page, running, saved, style

TEMPLATES = Path(__file__).parent.parent / "templates"
ROOM = 487.0  # points, the width of the text
_INDENT = 127_000  # 10 points

Column = tuple[str, str, float]  # heading, field, width in points


def _styles(document: DocumentObject) -> None:
    style(document, "Normal", 12, 0, 8, line=1.15)
    style(document, "Heading 1", 20, 4, 8, bold=True, colour=ACCENT, line=1.05)
    for name, size, before, after in (("Heading 2", 16, 20, 6), ("Heading 3", 13, 12, 4)):
        style(document, name, size, before, after, bold=True, colour=ACCENT, keep=True, line=1.15)
    style(document, "List Bullet", 12, 0, 4, line=1.15)
    style(document, "Cell", 12, 2, 2, line=1.0)
    style(document, "To write", 12, 4, 60, line=1.15)
    style(document, "Header", 10, line=1.15)
    style(document, "Footer", 10, line=1.15)


class _Drawing:
    """One of the two templates while it is drawn."""

    def __init__(self) -> None:
        self.document = blank()
        _styles(self.document)
        page(self.document, ROOM, top=68, bottom=62, header=32, footer=30)
        running(self.document, ROOM, "{{ title }}")
        self.said("", bold="{{ marking }}")
        border(self.document.add_heading("{{ title }}", 1), "bottom", 18, 6)
        self.said("{{ council }}, {{ service }}. From the tracker as at {{ as_at }}.")
        self.said(" {{ starts }}.", bold="Starts:")
        self.said(" {{ location }}.", bold="Where:")
        self.said("{%p if briefings %}")
        self.said("Give each person only their own case’s briefing.")
        self.said("{%p endif %}")

    def said(self, text: str, style: str | None = None, *, bold: str = "") -> Paragraph:
        """Add a paragraph; `bold` stands at its beginning."""
        paragraph = self.document.add_paragraph(style=style)
        if bold:
            paragraph.add_run(bold).bold = True
        paragraph.add_run(text)
        return paragraph

    def part(self, heading: str) -> None:
        """Begin a part."""
        self.document.add_heading(heading, 2)

    def bullets(self, rows: str, none: str) -> None:
        """Add a list of texts, or where there are none a sentence."""
        self.said(f"{{%p if {rows} %}}")
        self.said(f"{{%p for text in {rows} %}}")
        self.said("{{ text }}", "List Bullet")
        self.said("{%p endfor %}")
        self.said("{%p else %}")
        self.said(none)
        self.said("{%p endif %}")

    def table(
        self, rows: str, none: str | None, title: str, said: str, columns: Sequence[Column]
    ) -> None:
        """Add a table of `rows`; where there are none, a sentence or nothing."""
        self.said(f"{{%p if {rows} %}}")
        grid(
            self.document,
            title,
            said,
            [(heading, width) for heading, _, width in columns],
            [
                [f"{{%tr for line in {rows} %}}"] * len(columns),
                [f"{{{{ line.{field} }}}}" for _, field, _ in columns],
                ["{%tr endfor %}"] * len(columns),
            ],
            style="Cell",
        )
        if none is not None:
            self.said("{%p else %}")
            self.said(none)
        self.said("{%p endif %}")

    def found(self) -> None:
        """Add what is known from the audit, and a place for what is still to be written."""
        self.document.add_heading("What the audit found", 3)
        self.lines("findings")
        self.said("{%p if one.to_write %}")
        self.to_write("{{ one.to_write }}")
        self.said("{%p endif %}")
        for heading, field in (("Strengths", "strengths"), ("Practice context", "context")):
            self.said(f"{{%p if one.{field} %}}")
            self.document.add_heading(heading, 3)
            self.lines(field)
            self.said("{%p endif %}")

    def lines(self, field: str) -> None:
        """Add the paragraphs of a cell: those that were typed as a list are one."""
        self.said(f"{{%p for text in one.{field} %}}")
        self.said("{%p if text.item %}")
        self.said("{{ text }}", "List Bullet")
        self.said("{%p else %}")
        self.said("{{ text }}")
        self.said("{%p endif %}")
        self.said("{%p endfor %}")

    def to_write(self, asked: str) -> None:
        """Add a place for a person to write."""
        paragraph = self.said(asked, "To write")
        paragraph.paragraph_format.left_indent = _INDENT
        border(paragraph, "left", 24, 8)

    def briefing(self, heading: str) -> None:
        """Begin the briefing of a case, on a page of its own so that it can be handed out."""
        self.said("{%p for one in briefings %}")
        made = self.document.add_heading(heading, 2)
        made.paragraph_format.page_break_before = True
        border(made, "bottom", 8, 4)
        self.table(
            "one.facts",
            "No fact is recorded.",
            "Facts of the case",
            "Each fact of the case: what it is, and what the tracker says.",
            [("Fact", "name", 160), ("In the tracker", "value", 327)],
        )

    def actions(self) -> None:
        """Add the open actions of a case."""
        self.document.add_heading("Actions", 3)
        self.said("{{ one.actions_said }}")
        self.table(
            "one.actions",
            None,
            "Open actions",
            "Each open action of the case: its ref, what it is, its owner and its due date.",
            [
                ("Ref", "ref", 62),
                ("Action", "action", 185),
                ("Owner", "owner", 110),
                ("Due", "due", 130),
            ],
        )

    def prompts(self, heading: str, asked: str) -> None:
        """Add what to talk about, and a place to write."""
        self.document.add_heading(heading, 3)
        self.said("{%p for text in one.prompts %}")
        self.said("{{ text }}", "List Bullet")
        self.said("{%p endfor %}")
        self.to_write(f"To be written: {asked}")
        self.said("{%p endfor %}")


def meeting() -> bytes:
    """Give the template of a Moving Forward Meeting's agenda; the same every time."""
    drawing = _Drawing()
    drawing.said(" {{ places }}", bold="Places:")
    drawing.part("Before the meeting")
    drawing.bullets("missing", "{{ ready }}")
    drawing.part("Cases booked")
    drawing.table(
        "booked",
        "No case is booked for this meeting.",
        "Cases booked",
        "Each case booked for this meeting: its grade, service and themes.",
        [
            ("Case ref", "case", 75),
            ("Grade", "grade", 150),
            ("Service", "service", 106),
            ("Themes", "themes", 156),
        ],
    )
    drawing.part("Who is invited")
    drawing.table(
        "invitees",
        "Nobody is to be invited, because no case is booked.",
        "Who is invited",
        "Each person to invite for each case: role, name and the day of the invitation.",
        [
            ("Case ref", "case", 75),
            ("Role", "role", 112),
            ("Name", "name", 170),
            ("Invited", "invited", 130),
        ],
    )
    drawing.part("Cases that should be booked")
    drawing.table(
        "waiting",
        "No case is waiting: every moderated case has a meeting.",
        "Cases that should be booked",
        "Each case that is moderated and not booked: grade, service, moderation, last day in time.",
        [
            ("Case ref", "case", 75),
            ("Grade", "grade", 80),
            ("Service", "service", 97),
            ("Moderated", "moderated", 115),
            ("To be booked by", "due", 120),
        ],
    )
    drawing.said("{%p if missed %}")
    drawing.part("Booked before, not recorded as held")
    drawing.table(
        "missed",
        "None.",
        "Booked before, not recorded as held",
        "Each case whose booked day has passed without a recorded meeting.",
        [("Case ref", "case", 100), ("Grade", "grade", 147), ("Was booked for", "day", 240)],
    )
    drawing.said("{%p endif %}")
    drawing.briefing("Briefing: {{ one.case }}")
    drawing.found()
    drawing.actions()
    drawing.prompts("To talk about", "what was agreed, who does it, and by when.")
    return saved(drawing.document, "Agenda of a Moving Forward Meeting")


def panel() -> bytes:
    """Give the template of a Panel Review's agenda; the same every time."""
    drawing = _Drawing()
    drawing.said(" {{ places }}", bold="Places:")
    drawing.part("Re-audits to share")
    drawing.table(
        "shared",
        "No re-audit is waiting for this panel.",
        "Re-audits to share",
        "Each re-audit to share: case, round, day, first grade, grade now, last day in time.",
        [
            ("Case ref", "case", 62),
            ("Round", "round", 54),
            ("Re-audited", "audited", 115),
            ("First grade", "before", 86),
            ("Grade now", "grade", 82),
            ("To be shared by", "due", 88),
        ],
    )
    drawing.said("{%p if ungraded %}")
    drawing.part("Cannot be shared yet")
    drawing.bullets("ungraded", "None.")
    drawing.said("{%p endif %}")
    drawing.briefing("Briefing: {{ one.case }}, {{ one.round }}")
    drawing.document.add_heading("Rounds of re-audit", 3)
    drawing.table(
        "one.rounds",
        "No re-audit has taken place.",
        "Rounds of re-audit",
        "Each round so far: day, grade, the panel that shared it, and its decision.",
        [
            ("Round", "round", 54),
            ("Re-audited", "audited", 115),
            ("Grade", "grade", 82),
            ("Panel", "panel", 115),
            ("Decision", "decision", 121),
        ],
    )
    drawing.said("{{ one.outcome }}").paragraph_format.space_before = 76_200
    drawing.actions()
    drawing.document.add_heading("What is still open", 3)
    drawing.bullets("one.open", "Nothing else is open.")
    drawing.prompts("To talk about", "what the panel decided, who does it, and by when.")
    return saved(drawing.document, "Agenda of a Panel Review")


MADE = {TEMPLATES / "agenda.docx": meeting, TEMPLATES / "panel_agenda.docx": panel}

if __name__ == "__main__":
    for target, make in MADE.items():
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(make())
