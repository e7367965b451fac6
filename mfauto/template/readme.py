"""The sheet Read me: what the tracker is for, where to start, what to leave alone.

Its words come from here; its lists of sheets and columns from `columns`.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from mfauto.columns import AUTO, CASES
from mfauto.template.looks import (
    ACCENT,
    AUTO_TINT,
    FONT,
    INK,
    MARKING,
    RAG,
    SIZE,
    TINTS,
    font,
    ground,
    rule,
    set_page,
)
from mfauto.template.sheets import GROUPS

NAME: Final = "Read me"
_LEFT, _RIGHT = "B", "C"
_WIDTHS: Final = {"A": 3.0, _LEFT: 34.0, _RIGHT: 92.0}
_LINE: Final = 15.0  # points
_ROOM: Final = 7.0  # points above and below the text of a row
_PER_LINE: Final = 94  # characters of the right column that certainly fit on a line

_WHAT: Final = (
    "This workbook is the record of every case in the Moving Forward Process. The SQA Officer "
    "keeps it. A program called mfauto reads it, works out what is due, and prepares the emails "
    "and the reports."
)
_START: Final = (
    ("1. Lists", "Type your own service areas over the ones that are there."),
    (
        "2. People",
        (
            "Enter everyone whose name you will use: name, role, one email address, "
            "and Yes under Active."
        ),
    ),
    ("3. Meetings", "Enter the Moving Forward Meetings and Panel Reviews planned so far."),
    ("4. Cases", "Enter one row for each audit: first Case ref, Audit date and Audit grade."),
    ("Later", "Fill in the rest as it happens. A blank cell means that it has not happened yet."),
)
_RED: Final = (
    "Go to Auto RAG, at the right end of Cases. Press the arrow in its heading and tick Red only. "
    "Auto next step, beside it, says what is left to do, and Auto checks says why."
)
_ALL_AGAIN: Final = "Press the arrow in the heading again, and choose Clear Filter."
_SHEETS: Final = (
    ("Cases", "One row for each audited case, from the audit to the day it leaves the process."),
    ("Actions", "One row for each action agreed at a meeting: what, who and by when."),
    ("Re-audits", "One row for each round of re-audit, with its grade and its panel."),
    ("Good practice", "One row for each example worth sharing, and how far sharing has come."),
    ("Meetings", "The dates of Moving Forward Meetings and Panel Reviews, past and planned."),
    ("People", "Everyone named on the other sheets. Emails go to the addresses here."),
    ("Lists", "The words that the drop-down lists offer."),
)
_AUTO: Final = (
    f"Grey columns belong to mfauto. Their headings start with {AUTO.strip()}. It fills them in "
    "when it runs, and changes no other cell. What you type there will be replaced. "
    "Actions, Re-audits and Good practice have grey columns too."
)
_RAG: Final = (
    ("Red", "A step or an action of the case is overdue."),
    ("Amber", "Something is due soon (within 10 working days), or an entry needs putting right."),
    ("Green", "Nothing is overdue, and nothing is due soon."),
    ("Complete", "The case has been through the whole process."),
    ("Outside", "Graded Good or Requires improvement: counted, but not followed up."),
)
_DO: Final = (
    (
        "Dates",
        "Type day/month/year, such as 03/04/2026. Leave the cell blank until the day is known.",
    ),
    ("New rows", "Type in the first empty row below the table. The table grows by itself."),
    ("Names", "Choose from the list, one name in each cell. Add new people to People first."),
    ("Grades", "The moderated grade counts from the day under Moderation completed."),
    ("Actions put off", "Change the Due date. Leave the Original due date as it is."),
    ("Your own columns", "You may add, move, hide, sort and filter. mfauto goes by the headings."),
    ("At the end of the day", "Save and close. mfauto cannot write while the file is open."),
)
_DO_NOT: Final = (
    ("Name a child", "Use the Case ref. Keep children and families unnamed in every text."),
    ("Rename headings or sheets", "mfauto finds everything by these names."),
    ("Merge cells, protect sheets", "A table that is protected or merged cannot grow."),
    ("Delete finished cases", "Please keep them. The reports look back over 12 months."),
)
_WEEK: Final = (
    (
        "Every working day",
        "You enter what has happened. mfauto brings the grey columns up to date.",
    ),
    ("Once a week", "People with overdue actions get one email each. You get a summary."),
    ("When one is due", "A draft of the exception report is made for the Head of Service."),
    ("Once a month", "The assurance pack for the directors is made from this tracker."),
)
_ASK: Final = "Type here who looks after this tracker, with a phone number or an email address."


def add_readme(workbook: Workbook) -> None:
    """Turn the workbook's first sheet into Read me."""
    page = workbook.worksheets[0]
    page.title = NAME
    page.sheet_view.showGridLines = False
    page.sheet_properties.tabColor = INK
    for letter, width in _WIDTHS.items():
        page.column_dimensions[letter].width = width
    page.row_dimensions[1].height = 10
    _Page(page).write()
    set_page(page, landscape=False, pages_high=1)


class _Page:
    """Writes the sheet from the top down: a label on the left, what it means on the right."""

    def __init__(self, page: Worksheet) -> None:
        self.page = page
        self.row = 2

    def write(self) -> None:
        """Write every part."""
        title = self.page[f"{_LEFT}{self.row}"]
        title.value = "Moving Forward tracker"
        title.font = font(INK, 22, bold=True)
        self.page.row_dimensions[self.row].height = 34
        for letter in (_LEFT, _RIGHT):
            self.page[f"{letter}{self.row}"].border = rule(ACCENT, "thick")
        self.row += 1
        self._rows((("Protective marking", MARKING), ("What this is", _WHAT)))
        self._head("Where to start")
        self._rows(_START)
        self._head("What is red today")
        heading = CASES.column("auto_rag").heading
        self._link(heading, _RED, f"'{CASES.name}'!{_letter_of('auto_rag')}1")
        self._row("All cases again", _ALL_AGAIN)
        self._head("What each sheet is for")
        for name, what in _SHEETS:
            self._link(name, what, f"'{name}'!A1")
        self._head("The columns of Cases, from left to right")
        for number, (columns, what) in enumerate(_groups()):
            self._row(columns, what).fill = ground(TINTS[number % len(TINTS)])
        self._row(_auto_columns(), _AUTO).fill = ground(AUTO_TINT)
        self._head("What Auto RAG says")
        for word, what in _RAG:
            colour, tint = RAG[word]
            label = self._row(word, what)
            label.font = font(colour, bold=True)
            label.fill = ground(tint)
        self._head("Good to know")
        self._rows(_DO)
        self._head("Please do not")
        self._rows(_DO_NOT)
        self._head("What happens when")
        self._rows(_WEEK)
        self._head("Whom to ask")
        self._row("About this tracker", _ASK)
        self.page[f"{_RIGHT}{self.row - 1}"].fill = ground(TINTS[0])

    def _head(self, words: str) -> None:
        self.page.row_dimensions[self.row].height = 12
        self.row += 1
        cell = self.page[f"{_LEFT}{self.row}"]
        cell.value = words
        cell.font = font(INK, 14, bold=True)
        for letter in (_LEFT, _RIGHT):
            self.page[f"{letter}{self.row}"].border = rule(ACCENT, "medium")
        self.page.row_dimensions[self.row].height = 24
        self.row += 1

    def _rows(self, rows: Sequence[tuple[str, str]]) -> None:
        for label, words in rows:
            self._row(label, words)

    def _link(self, label: str, words: str, to: str) -> None:
        """Write a row whose label leads to a cell of this workbook."""
        cell = self._row(label, words)
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=to, tooltip=f"Go to {label}")
        cell.font = Font(name=FONT, size=SIZE, bold=True, color=ACCENT, underline="single")

    def _row(self, label: str, words: str) -> Cell:
        left: Cell = self.page[f"{_LEFT}{self.row}"]
        right: Cell = self.page[f"{_RIGHT}{self.row}"]
        left.value, right.value = label, words
        left.font, right.font = font(INK, bold=True), font()
        for cell in (left, right):
            cell.alignment = Alignment(
                horizontal="left", vertical="center", wrap_text=True, indent=1
            )
            cell.border = rule()
        lines = -(-len(words) // _PER_LINE)
        self.page.row_dimensions[self.row].height = lines * _LINE + _ROOM
        self.row += 1
        return left


def _groups() -> Iterator[tuple[str, str]]:
    """Give the groups of columns on Cases that people fill in: their letters, their name."""
    starts = [
        (number, GROUPS[CASES.name][column.field])
        for number, column in enumerate(CASES.columns, start=1)
        if column.field in GROUPS[CASES.name]
    ]
    for (number, name), (after, _) in pairwise(starts):
        yield _letters(number, after - 1), name


def _letter_of(field: str) -> str:
    return get_column_letter([column.field for column in CASES.columns].index(field) + 1)


def _auto_columns() -> str:
    own = [n for n, column in enumerate(CASES.columns, start=1) if column.kind == "auto"]
    return _letters(own[0], own[-1])


def _letters(first: int, last: int) -> str:
    return f"{get_column_letter(first)} to {get_column_letter(last)}"
