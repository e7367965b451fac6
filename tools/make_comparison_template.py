"""Draws `templates/comparison.docx`, the assurance pack over many trackers.

A test says that the file is what this makes.
"""

from pathlib import Path

from docx.document import Document as DocumentObject

from tools.drawing import ACCENT, blank, border, grid, page, running, saved, style

TARGET = Path(__file__).parent.parent / "templates" / "comparison.docx"
ROOM = 740.0  # points, the width of the text on a page that lies on its side

Column = tuple[str, str, float]  # heading, field, width in points


def _styles(document: DocumentObject) -> None:
    style(document, "Normal", 12, 0, 8, line=1.15)
    style(document, "Heading 1", 20, 4, 8, bold=True, colour=ACCENT, line=1.05)
    style(document, "Heading 2", 16, 22, 6, bold=True, colour=ACCENT, keep=True, line=1.15)
    style(document, "List Bullet", 12, 0, 4, line=1.15)
    style(document, "Cell", 12, 2, 2, line=1.0)
    style(document, "Header", 10, line=1.15)
    style(document, "Footer", 10, line=1.15)


def _table(
    document: DocumentObject, rows: str, title: str, said: str, columns: list[Column]
) -> None:
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


def _front(document: DocumentObject) -> None:
    document.add_paragraph().add_run("{{ marking }}").bold = True
    border(document.add_heading("{{ title }}", 1), "bottom", 18, 6)
    document.add_paragraph("{{ council }}, {{ service }}. As at {{ as_at }}.")
    document.add_heading("Assurance", 2)
    document.add_paragraph().add_run("{{ safety }}").bold = True
    document.add_paragraph("{%p for text in known %}")
    document.add_paragraph("{{ text }}", "List Bullet")
    document.add_paragraph("{%p endfor %}")


def _trackers(document: DocumentObject) -> None:
    document.add_heading("Every tracker", 2)
    document.add_paragraph(
        "The figures of each tracker at {{ as_at }}. Left Inadequate counts the cases of "
        "{{ month }}; overdue counts steps and actions."
    )
    _table(
        document,
        "trackers",
        "Every tracker",
        "For each tracker: cases, cases Inadequate, what is overdue, and what could not be read.",
        [
            ("Tracker", "name", 148),
            ("In the process", "cases", 66),
            ("Open Inadequate", "inadequate", 80),
            ("Left Inadequate", "left", 80),
            ("Red cases", "red", 68),
            ("Overdue", "overdue", 72),
            ("Child safety overdue", "unsafe", 80),
            ("Rows left out", "excluded", 68),
            ("Cells not read", "unread", 78),
        ],
    )


def _troubles(document: DocumentObject) -> None:
    document.add_heading("What could not be read", 2)
    document.add_paragraph("{%p if unread %}")
    _table(
        document,
        "unread",
        "Trackers that could not be read",
        "Each tracker that could not be read, what is wrong with it, and what to do.",
        [("Tracker", "name", 200), ("What is wrong, and what to do", "why", 540)],
    )
    document.add_paragraph("{%p else %}")
    document.add_paragraph("Every tracker could be read.")
    document.add_paragraph("{%p endif %}")
    document.add_heading("What was left out", 2)
    document.add_paragraph("{%p if left_out %}")
    _table(
        document,
        "left_out",
        "Files and folders left out",
        "Each workbook or folder that is in no figure, and why.",
        [("File or folder", "name", 300), ("Why", "why", 440)],
    )
    document.add_paragraph("{%p else %}")
    document.add_paragraph("No workbook of the folder was left out.")
    document.add_paragraph("{%p endif %}")


def _method(document: DocumentObject) -> None:
    document.add_heading("Method", 2)
    for text in (
        "Report date: {{ as_at }}. Later days count as not yet come.",
        "A case is open at Inadequate until its first re-audit with another grade.",
        "A case is red where a step or an action is overdue from the day after its last day.",
        "Rows left out cannot be used, or their cases had not been audited yet.",
        "A tracker that could not be read is in no total.",
        "{{ own_limits }}",
        "{{ small }}",
        "Made by mfauto {{ version }}.",
    ):
        document.add_paragraph(text, "List Bullet")
    document.add_paragraph(
        "Each tracker’s file and its SHA-256:"
    ).paragraph_format.keep_with_next = True
    _table(
        document,
        "files",
        "The files",
        "For each tracker: its file, and the hash by which it can be told from any other.",
        [("Tracker", "name", 150), ("File", "file", 130), ("SHA-256", "sha256", 460)],
    )


def template() -> bytes:
    """Give the template's bytes; the same every time."""
    document = blank()
    _styles(document)
    page(document, ROOM, top=68, bottom=62, header=32, footer=30, landscape=True)
    running(document, ROOM, "Assurance pack, {{ month }}, all trackers")
    _front(document)
    _trackers(document)
    _troubles(document)
    _method(document)
    return saved(document, "Assurance pack over many trackers")


if __name__ == "__main__":
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_bytes(template())
