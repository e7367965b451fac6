"""Draws `templates/good_practice.docx`. A test says that the file is what this makes.

An officer may restyle the result in Word: fields are short names, loops stand in
rows and paragraphs of their own.
"""

from pathlib import Path

from docx.document import Document as DocumentObject
from docx.text.paragraph import Paragraph

from tools.drawing import ACCENT, blank, border, grid, page, running, saved, style

TARGET = Path(__file__).parent.parent / "templates" / "good_practice.docx"
ROOM = 480.0  # points, the width of the text


def _styles(document: DocumentObject) -> None:
    style(document, "Normal", 12, 0, 8, line=1.2)
    style(document, "Heading 1", 22, 4, 8, bold=True, colour=ACCENT, line=1.05)
    style(document, "Heading 2", 15, 18, 6, bold=True, colour=ACCENT, keep=True, line=1.15)
    style(document, "List Bullet", 12, 0, 5, line=1.2)
    style(document, "Example", 14, 0, 8, line=1.35)
    style(document, "Example list", 14, 0, 8, line=1.35)
    document.styles["Example list"].base_style = document.styles["List Bullet"]
    style(document, "Cell", 12, 2, 2, line=1.0)
    style(document, "Header", 10, line=1.15)
    style(document, "Footer", 10, line=1.15)


def _said(document: DocumentObject, text: str, style: str | None = None) -> Paragraph:
    return document.add_paragraph(text, style=style)


def _paragraphs(
    document: DocumentObject, texts: str, listed: str, style: str
) -> tuple[Paragraph, Paragraph]:
    """Add the paragraphs of a text: those that were typed as a list are one."""
    _said(document, f"{{%p for text in {texts} %}}")
    _said(document, "{%p if text.item %}")
    item = _said(document, "{{ text }}", listed)
    _said(document, "{%p else %}")
    plain = _said(document, "{{ text }}", style)
    _said(document, "{%p endif %}")
    _said(document, "{%p endfor %}")
    return item, plain


def _example(document: DocumentObject) -> None:
    document.add_heading("What was done", 2)
    item, plain = _paragraphs(document, "example", "Example list", "Example")
    item.paragraph_format.left_indent = 457_200  # 36 points: text behind the bullet at 18
    item.paragraph_format.first_line_indent = -228_600
    plain.paragraph_format.left_indent = 228_600
    for paragraph in (item, plain):
        border(paragraph, "left", 24, 18)  # alike, so that the line has no gaps
    document.add_heading("What others can use", 2)
    _paragraphs(document, "use", "List Bullet", "Normal")
    _said(document, "{%p if use_to_write %}")
    paragraph = _said(document, "{{ use_to_write }}")
    paragraph.paragraph_format.left_indent = 127_000
    border(paragraph, "left", 24, 10)
    _said(document, "{%p endif %}")
    _said(document, "Questions for your team:").paragraph_format.keep_with_next = True
    for label, text in (
        ("In supervision: ", "which part of this could you try in your own work?"),
        ("In management oversight: ", "what would show you that it is happening?"),
        ("In training: ", "which step of it could a team practise together?"),
        ("As a lesson learnt: ", "what made it possible here, and what would in your team?"),
    ):
        paragraph = _said(document, "", "List Bullet")
        paragraph.add_run(label).bold = True
        paragraph.add_run(text)
    _said(document, "{{ others }}")


def _listed(
    document: DocumentObject,
    rows: str,
    none: str,
    title: str,
    said: str,
    columns: tuple[tuple[str, str, float], ...],
) -> None:
    _said(document, f"{{%p if {rows} %}}")
    grid(
        document,
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
    _said(document, "{%p else %}")
    _said(document, none)
    _said(document, "{%p endif %}")


def _checks(document: DocumentObject) -> None:
    _said(document, "{%p if draft %}")
    heading = document.add_heading("Before anyone shares this", 2)
    heading.paragraph_format.page_break_before = True  # the sheet itself stands alone
    _said(
        document,
        "Names that the tracker knows were removed. That alone makes nothing anonymous: "
        "a person has to read the text.",
    )
    for text in (
        "Could the family, or somebody who knows them, recognise themselves?",
        "Is there a school, place, age, job or event that only one family has?",
        "Are there nicknames, or names spelt in another way?",
    ):
        _said(document, text, "List Bullet")
    document.add_heading("What was removed", 2)
    _listed(
        document,
        "replaced",
        "No name or number was found.",
        "What was removed",
        "Each kind of name or number that was removed, and how often.",
        (("What", "what", 300), ("How often", "times", 180)),
    )
    document.add_heading("What to look at", 2)
    _listed(
        document,
        "suspects",
        "No other word looks like a name. Please read the text all the same.",
        "What to look at",
        "Words that are still in the text and may be a name, a place or a day.",
        (("Words in the text", "words", 240), ("Why", "why", 240)),
    )
    document.add_heading("How to sign it off", 2)
    _said(
        document,
        "Correct the text in {{ text_cell }}. When nobody can be recognised, "
        "enter the date in {{ sign_cell }}.",
    )
    _said(document, "{%p endif %}")


def template() -> bytes:
    """Give the template's bytes; the same every time."""
    document = blank()
    _styles(document)
    page(document, ROOM, top=68, bottom=62, header=32, footer=30)
    running(document, ROOM, "{{ title }}")
    _said(document, "").add_run("{{ marking }}").bold = True
    border(document.add_heading("Good practice: {{ theme }}", 1), "bottom", 18, 6)
    _said(document, "Example {{ ref }}. {{ council }}, {{ service }}.")
    _said(document, "").add_run("{{ state }}").bold = True
    _example(document)
    _checks(document)
    return saved(document, "Good practice example")


if __name__ == "__main__":
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_bytes(template())
