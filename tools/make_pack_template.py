"""Draws `templates/assurance_pack.docx`. A test says that the file is what this makes.

An officer may restyle the result in Word: fields are short names, loops stand in
rows and paragraphs of their own.
"""

from collections.abc import Sequence
from pathlib import Path

from docx.document import Document as DocumentObject
from docx.shared import Pt, RGBColor
from docx.text.paragraph import Paragraph

from tools.drawing import ACCENT, blank, border, element, field, grid, page, running, saved, style

TARGET = Path(__file__).parent.parent / "templates" / "assurance_pack.docx"
ROOM = 493.0  # points, the width of the text

Column = tuple[str, str, float]  # heading, field, width in points


def _styles(document: DocumentObject) -> None:
    style(document, "Normal", 12, 0, 8, line=1.15)
    style(document, "Heading 1", 20, 4, 8, bold=True, colour=ACCENT, line=1.05)
    for name, size, before, after in (
        ("Heading 2", 16, 22, 6),
        ("Heading 3", 13, 14, 4),
    ):
        style(document, name, size, before, after, bold=True, colour=ACCENT, keep=True, line=1.15)
    style(document, "List Bullet", 12, 0, 4, line=1.15)
    style(document, "Cell", 12, 2, 2, line=1.0)
    style(document, "After a table", 12, 6, 8, line=1.15)
    style(document, "To write", 12, 0, 10, line=1.15)
    style(document, "toc 2", 12, 0, 2, line=1.15)
    style(document, "Header", 10, line=1.15)
    style(document, "Footer", 10, line=1.15)


class _Drawing:
    """The template while it is drawn."""

    def __init__(self) -> None:
        self.document = blank()
        self.parts: list[tuple[str, str]] = []  # bookmark, heading

    def said(self, text: str, style: str | None = None, *, bold: bool = False) -> Paragraph:
        """Add a paragraph."""
        paragraph = self.document.add_paragraph(style=style)
        paragraph.add_run(text).bold = bold or None
        return paragraph

    def part(self, heading: str) -> None:
        """Begin one of the parts: a heading that the list of contents leads to."""
        name = f"part_{len(self.parts) + 1}"
        paragraph = self.document.add_heading(heading, 2)
        number = str(len(self.parts) + 1)
        start = element("w:bookmarkStart", id=number, name=name)
        paragraph._p.insert(1, start)  # noqa: SLF001 - python-docx has no bookmarks
        paragraph._p.append(element("w:bookmarkEnd", id=number))  # noqa: SLF001
        self.parts.append((name, heading))

    def section(self, heading: str) -> None:
        """Begin a section of a part."""
        self.document.add_heading(heading, 3)

    def bullets(self, *texts: str) -> None:
        """Add a list."""
        for text in texts:
            self.said(text, "List Bullet")

    def chart(self, name: str, figures: str) -> None:
        """Leave a place for a chart, and say what its table holds.

        The table may begin on the next page: a chart says itself what it shows.
        """
        self.said(f"{{{{ charts.{name} }}}}")
        self.said(figures)

    def table(self, rows: str, title: str, said: str, columns: Sequence[Column]) -> None:
        """Add a table of the context's `rows`."""
        self.grid(
            title,
            said,
            [(heading, width) for heading, _, width in columns],
            [
                [f"{{%tr for line in {rows} %}}"] * len(columns),
                [f"{{{{ line.{field} }}}}" for _, field, _ in columns],
                ["{%tr endfor %}"] * len(columns),
            ],
        )

    def listed(
        self, rows: str, none: str, title: str, said: str, columns: Sequence[Column]
    ) -> None:
        """Add a table of `rows`, or where there are none a sentence."""
        self.said(f"{{%p if {rows} %}}")
        self.table(rows, title, said, columns)
        self.said("{%p else %}")
        self.said(none)
        self.said("{%p endif %}")

    def more(self, field: str) -> None:
        """Say what a list leaves out, where it does."""
        self.said(f"{{%p if {field} %}}")
        self.said(f"{{{{ {field} }}}}", "After a table")
        self.said("{%p endif %}")

    def grid(
        self,
        title: str,
        said: str,
        columns: Sequence[tuple[str, float]],
        texts: Sequence[Sequence[str]],
    ) -> None:
        """Add a table with a header row that repeats."""
        grid(self.document, title, said, columns, texts, style="Cell")

    def to_write(self, heading: str, asked: str) -> None:
        """Leave a place for a person to write, under a heading of its own."""
        self.section(heading)
        self.place(asked)

    def place(self, asked: str, room: float = 40) -> None:
        """Leave a place for a person to write, with so many points of room."""
        paragraph = self.said(f"To be written: {asked}", "To write")
        paragraph.paragraph_format.left_indent = Pt(10)
        paragraph.paragraph_format.space_after = Pt(room)
        border(paragraph, "left", 24, 8)

    def contents(self, after: Paragraph) -> None:
        """Put the list of contents after a paragraph. It has no page numbers to go wrong."""
        for place, (name, heading) in enumerate(self.parts):
            paragraph = self.document.add_paragraph(style="toc 2")
            if place == 0:
                field(paragraph, 'TOC \\o "2-2" \\n \\h', None)
            link = element("w:hyperlink", anchor=name, history="1")
            run = paragraph.add_run(heading)
            run.font.color.rgb = RGBColor.from_string(ACCENT)
            run.font.underline = True
            link.append(run._r)  # noqa: SLF001 - python-docx adds no links
            paragraph._p.append(link)  # noqa: SLF001
            if place == len(self.parts) - 1:
                run = paragraph.add_run()
                run._r.append(element("w:fldChar", fldCharType="end"))  # noqa: SLF001
            after._p.addnext(paragraph._p)  # noqa: SLF001
            after = paragraph


def _front(drawing: _Drawing) -> Paragraph:
    drawing.said("{{ marking }}", bold=True)
    title = drawing.document.add_heading("{{ title }}", 1)
    border(title, "bottom", 18, 6)
    drawing.said("{{ council }}, {{ service }}. As at {{ as_at }}.")
    drawing.said(
        "This pack answers three questions. What do we know about practice? "
        "How do we know it? What are we doing about it?"
    )
    drawing.part("Assurance")
    drawing.said("{{ safety }}", bold=True)
    for question, name in (
        ("What we know. ", "known"),
        ("How we know it. ", "how"),
        ("What is being done. ", "doing"),
    ):
        paragraph = drawing.said("")
        paragraph.add_run(question).bold = True
        paragraph.add_run(f"{{{{ {name} }}}}")
    drawing.place("say what was decided about it this month, by whom, and by when.", room=16)
    heading: Paragraph = drawing.document.add_heading("In this pack", 2)
    return heading


def _figures(drawing: _Drawing) -> None:
    drawing.part("Headlines")
    drawing.table(
        "headlines",
        "Headlines",
        "Each headline figure this month and last month, the change, and 12 months.",
        [
            ("Figure", "name", 211),
            ("This month", "now", 55),
            ("Last month", "before", 55),
            ("Change", "change", 74),
            ("12 months", "year", 98),
        ],
    )
    drawing.said("{{ sum }}", "After a table")

    drawing.part("Charts")
    drawing.section("{{ inadequate_said }}")
    drawing.chart(
        "inadequate",
        "In each month: open at start + new + changed in − changed out − left = remaining.",
    )
    drawing.table(
        "inadequate_months",
        "Open Inadequate cases by month",
        "For each of 12 months: open at the start, new, changed at moderation, left, remaining.",
        [
            ("Month", "month", 118),
            ("Open at start", "start", 65),
            ("New", "new", 60),
            ("Changed at moderation", "moderated", 100),
            ("Left", "left", 60),
            ("Remaining", "end", 90),
        ],
    )
    drawing.section("{{ steps_said }}")
    drawing.chart(
        "steps",
        "Each month is as at its last day, as the pack of that month has it. What was overdue "
        "then may have been done since.",
    )
    drawing.table(
        "steps_months",
        "Steps that fell due by month",
        "For each of 12 months: steps due, done on time, late, not measured, overdue, open.",
        [
            ("Month", "month", 118),
            ("Fell due", "due", 55),
            ("On time", "on_time", 55),
            ("Late", "late", 55),
            ("Not measured", "no_date", 70),
            ("Still overdue", "overdue", 75),
            ("Open, in time", "open", 65),
        ],
    )
    drawing.section("{{ leaving_said }}")
    drawing.chart("leaving", "The time runs from the audit to the passing re-audit.")
    drawing.table(
        "leaving_bands",
        "Time from audit to leaving Inadequate",
        "How many cases left Inadequate in 12 months, by the time from audit to re-audit.",
        [("Time from audit to passing re-audit", "band", 300), ("Cases that left", "cases", 193)],
    )
    drawing.section("{{ services_said }}")
    drawing.chart("services", "The table has every service with a case that is counted.")
    drawing.table(
        "services",
        "Overdue by service",
        "For each service: overdue actions, other overdue steps, and both together.",
        [
            ("Service", "name", 223),
            ("Actions", "actions", 80),
            ("Other steps", "steps", 90),
            ("All overdue", "all", 100),
        ],
    )

    drawing.part("Timeliness of every step")
    drawing.said(
        "The tables count the steps whose last day in time lay in {{ month }}. "
        "Median days run from the start to the end. The part Method lists every limit."
    )
    drawing.said("{{ timeliness_sum }}")
    drawing.bullets(
        "Not measured: done, on a day that the tracker does not hold.",
        "Open, in time: due on {{ as_at }} and not done by the end of that day, "
        "so neither late nor overdue.",
    )
    drawing.said("{%p for text in timeliness_read %}")
    drawing.said("{{ text }}", "List Bullet")
    drawing.said("{%p endfor %}")
    drawing.table(
        "timeliness",
        "Timeliness of every step",
        "For each step: who set its limit, what fell due, and what became of it.",
        [
            ("Step (who set its limit)", "step", 135),
            ("Fell due", "due", 46),
            ("On time", "on_time", 46),
            ("Late", "late", 46),
            ("Not measured", "no_date", 66),
            ("Still overdue", "overdue", 56),
            ("Open, in time", "open", 48),
            ("Median days", "median", 50),
        ],
    )
    drawing.section("Not measured: the tracker has no date for these steps")
    drawing.said("They are known to be done or not, but not on which day.")
    drawing.table(
        "not_measured",
        "Steps that are not measured",
        "For each step without a date in the tracker: what fell due, and what became of it.",
        [
            ("Step (who set its limit)", "step", 245),
            ("Fell due", "due", 50),
            ("Done", "no_date", 58),
            ("Still overdue", "overdue", 75),
            ("Open, in time", "open", 65),
        ],
    )


def _cases(drawing: _Drawing) -> None:
    grades: list[Column] = [
        ("Outstanding", "outstanding", 86),
        ("Good", "good", 55),
        ("Requires improvement", "requires_improvement", 97),
        ("Inadequate", "inadequate", 80),
    ]
    drawing.part("Movement between grades")
    drawing.section("Grades at re-audit, by round")
    drawing.said("Re-audits of the last 12 months are counted.")
    drawing.listed(
        "regraded",
        "No re-audit was recorded in the last 12 months.",
        "Grades at re-audit by round",
        "For each round of re-audit: how many were given each grade in 12 months.",
        [("Round", "round", 95), *grades, ("All", "all", 80)],
    )
    drawing.section("Audit grade against moderated grade")
    drawing.said(
        "Cases audited in the last 12 months are counted. "
        "Each row is a grade at audit; each column is the grade after moderation."
    )
    drawing.table(
        "moderated",
        "Audit grade against moderated grade",
        "For each grade at audit in 12 months: how many cases had each grade after moderation.",
        [("Grade at audit", "grade", 97), *grades, ("Not moderated", "waiting", 78)],
    )

    drawing.part("What is overdue")
    first = "By service and Head of Service at {{ as_at }}, the longest overdue first."
    drawing.said(first).paragraph_format.keep_with_next = True
    drawing.said("{%p for text in overdue_said %}")
    drawing.said("{{ text }}").paragraph_format.keep_with_next = True
    drawing.said("{%p endfor %}")
    drawing.said("{%p if overdue_groups %}")
    drawing.table(
        "overdue_groups",
        "What is overdue by service and Head of Service",
        "For each service and Head of Service: overdue actions, other steps, and the longest.",
        [
            ("Service", "service", 168),
            ("Head of Service", "head", 125),
            ("Actions", "actions", 57),
            ("Other steps", "steps", 60),
            ("Longest", "longest", 83),
        ],
    )
    drawing.section("{{ overdue_longest_said }}")
    drawing.table(
        "overdue_longest",
        "The longest overdue",
        "The longest overdue steps and actions: case, service, due date, days overdue.",
        [
            ("Case ref", "case", 80),
            ("Service", "service", 100),
            ("What is overdue", "what", 130),
            ("Due", "moved", 120),
            ("Overdue", "days", 63),
        ],
    )
    drawing.more("overdue_more")
    drawing.said("{%p endif %}")
    drawing.said("{%p for group in overdue %}")
    drawing.section("{{ group.name }}")
    drawing.table(
        "group.lines",
        "What is overdue in one service",
        "Each overdue step or action: case, due date, days overdue, original due date.",
        [
            ("Case ref", "case", 66),
            ("What is overdue", "what", 132),
            ("Due", "due", 115),
            ("Overdue", "days", 62),
            ("Original due date", "original", 118),
        ],
    )
    drawing.said("{%p endfor %}")

    concern: list[Column] = [
        ("Case ref", "case", 68),
        ("Service", "service", 96),
        ("Head of Service", "head", 114),
        ("Audited", "audited", 118),
    ]
    drawing.part("Cases of concern")
    drawing.section("Child safety not yet assured")
    drawing.listed(
        "unsafe",
        "{{ unsafe_none }}",
        "Child safety not yet assured",
        "Each case whose child’s safety is not yet recorded as assured, the longest wait first.",
        [*concern, ("Days since the audit", "days", 97)],
    )
    drawing.more("unsafe_more")
    drawing.section("Third round of re-audit and beyond")
    drawing.said("{%p if third %}")
    drawing.table(
        "third",
        "Third round of re-audit and beyond",
        "Each open case in its third round of re-audit or a later one.",
        [*concern, ("Now in", "round", 97)],
    )
    drawing.more("third_more")
    drawing.said("{%p else %}")
    drawing.said("{{ third_none }}")
    drawing.said("{%p endif %}")
    drawing.section("Longest in Inadequate")
    drawing.said("{%p if longest %}")
    drawing.said("{{ longest_said }}")
    drawing.said("{%p endif %}")
    drawing.listed(
        "longest",
        "{{ longest_none }}",
        "Longest in Inadequate",
        "The cases that have been open at Inadequate the longest, up to 10.",
        [*concern, ("Days since the audit", "days", 97)],
    )


def _practice(drawing: _Drawing) -> None:
    drawing.part("Themes and good practice")
    drawing.section("Themes of the audits")
    drawing.said(
        "Cases audited in the last 3 months, in the 3 months before, and in 12 months. "
        "A case may have several themes."
    )
    drawing.listed(
        "themes",
        "No theme was recorded in 12 months.",
        "Themes of the audits",
        "For each theme: cases in the last 3 months, in the 3 before, the change, and 12 months.",
        [
            ("Theme", "name", 187),
            ("Last 3 months", "now", 72),
            ("3 months before", "before", 76),
            ("Change", "change", 80),
            ("12 months", "year", 78),
        ],
    )
    drawing.more("themes_more")
    drawing.section("Good practice shared")
    drawing.table(
        "shared",
        "Good practice shared",
        "For each stage of sharing: examples this month, last month, the change, 12 months.",
        [
            ("Examples", "stage", 187),
            ("This month", "now", 72),
            ("Last month", "before", 76),
            ("Change", "change", 80),
            ("12 months", "year", 78),
        ],
    )
    drawing.section("Shared or announced this month")
    drawing.listed(
        "announced",
        "{{ announced_none }}",
        "Good practice shared or announced this month",
        "Each example shared in the library or announced to the service this month.",
        [
            ("Example", "ref", 90),
            ("Theme", "theme", 173),
            ("In the library", "uploaded", 115),
            ("Announced", "announced", 115),
        ],
    )
    drawing.more("announced_more")

    drawing.part("The next 30 days")
    drawing.section("What falls due by {{ until }}")
    drawing.listed(
        "coming",
        "Nothing falls due by then.",
        "What falls due in the next 30 days",
        "For each step: how many fall due, and the first day.",
        [("Step", "step", 283), ("Number", "number", 90), ("First due", "first", 120)],
    )
    drawing.section("Meetings and panels ahead")
    drawing.listed(
        "meetings",
        "No meeting or panel ahead is listed in the tracker.",
        "Meetings and panels ahead",
        "Each meeting ahead: its day, type, start, places, and the cases expected.",
        [
            ("Day", "held", 113),
            ("Type", "type", 160),
            ("Starts", "starts", 70),
            ("Places", "places", 75),
            ("Cases expected", "cases", 75),
        ],
    )
    drawing.more("meetings_more")
    drawing.said("{%p for text in meetings_too_few %}")
    drawing.said("{{ text }}", "After a table")
    drawing.said("{%p endfor %}")
    drawing.section("Re-audits to allocate")
    drawing.said("Re-audits that are overdue or due by {{ until }}, with no re-auditor recorded.")
    drawing.said("{%p if allocate %}")
    drawing.table(
        "allocate",
        "Re-audits to allocate",
        "Each re-audit without a re-auditor: case, service, round, due date.",
        [
            ("Case ref", "case", 80),
            ("Service", "service", 133),
            ("Round", "round", 75),
            ("Due", "due", 115),
            ("State", "state", 90),
        ],
    )
    drawing.more("allocate_more")
    drawing.said("{%p else %}")
    drawing.said("{{ allocate_none }}")
    drawing.said("{%p endif %}")

    drawing.part("For a person to write")
    drawing.said("What is being done about it has its place on the first page.")
    drawing.to_write(
        "What changed for children",
        "say what is different for children because of this work, and how it is known.",
    )
    drawing.to_write("Decisions asked for", "say what is asked, of whom, and by when.")


def _sources(drawing: _Drawing) -> None:
    drawing.part("Data quality")
    drawing.said("{%p for text in rows_said %}")
    drawing.said("{{ text }}", "List Bullet")
    drawing.said("{%p endfor %}")
    drawing.section("Rows left out of every figure")
    drawing.listed(
        "excluded",
        "No row is left out.",
        "Rows left out",
        "Why rows of Cases are in no figure, and how many.",
        [("Why", "reason", 233), ("Rows", "rows", 70), ("Which rows", "which", 190)],
    )
    drawing.section("Open errors")
    drawing.listed(
        "errors",
        "No error is open.",
        "Open errors",
        "Each kind of error in the tracker, with how many there are.",
        [("Rule", "rule", 80), ("What is wrong", "title", 323), ("Errors", "number", 90)],
    )
    drawing.section("What could not be judged")
    drawing.listed(
        "unread",
        "Every filled cell could be read.",
        "Cells that could not be read",
        "For each sheet and column: cells that could not be read and were left out.",
        [
            ("Sheet", "sheet", 90),
            ("Column", "heading", 163),
            ("Cells not read", "number", 70),
            ("Which cells", "which", 170),
        ],
    )

    drawing.part("Method")
    drawing.bullets(
        "Report date: {{ as_at }}. Later days count as not yet come.",
        "Tracker: {{ tracker }}.",
        "SHA-256 of the tracker: {{ sha256 }}.",
        "Earlier months are worked out from the dates in this tracker, not from earlier packs.",
        "A case enters on its audit date, with its audit grade until moderation is completed.",
        "A case leaves Inadequate on the day of its first re-audit with another grade.",
        "A step counts as overdue from the day after its last day in time.",
        "Steps recorded without a day count as not measured.",
        "The first re-audit runs from the {{ reaudit_from }} date.",
        "The tracker holds an action’s original and present due date, not each change.",
        "{{ small }}",
        "Made by mfauto {{ version }}.",
    )
    drawing.section("Every limit and its source")
    drawing.table(
        "limits",
        "Every limit and its source",
        "For each step: its clause, its limit, the date it runs from, and who set it.",
        [
            ("Step", "step", 172),
            ("Clause", "clause", 52),
            ("Limit", "limit", 108),
            ("Runs from", "start", 83),
            ("Set by", "source", 78),
        ],
    )


def template() -> bytes:
    """Give the template's bytes; the same every time."""
    drawing = _Drawing()
    document = drawing.document
    _styles(document)
    page(document, ROOM, top=68, bottom=62, header=32, footer=30)
    running(document, ROOM, "Assurance pack, {{ month }}")
    last = _front(drawing)
    _figures(drawing)
    _cases(drawing)
    _practice(drawing)
    _sources(drawing)
    drawing.contents(last)
    return saved(document, "Assurance pack")


if __name__ == "__main__":
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_bytes(template())
