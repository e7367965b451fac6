"""Puts a made-up tracker into a workbook, as tidily or untidily as people do.

A `Variation` says how untidy. What the cells mean stays as it was made: the plain rows that come
back, with Excel's row numbers and column letters, are what a careful reader would make of it.
"""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from random import Random
from typing import Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from tests.second_reading.plain import (
    ACTIONS,
    CASES,
    GOOD_PRACTICE,
    MEETINGS,
    PEOPLE,
    RE_AUDITS,
    Row,
    Sheet,
    Tracker,
)
from tests.second_reading.trackers import UNREADABLE, Cells, Made

_LINES = {
    CASES: (
        "Case ref|Audit date|Audit grade|Moderated grade|Service area|Team|Practitioner|"
        "Team Manager|Service Manager|Head of Service|Auditor|SM and HoS alerted|"
        "QA and SQA notified|Child safety assured|Child safety note|Moderation completed|"
        "Meeting booked for|Practitioner invited|Team Manager invited|Service Manager invited|"
        "Meeting held|Audit findings|Strengths|Practice context|Support agreed|Caseload review|"
        "Caseload reviewer|Cases reviewed|Exception summary|Exception report completed|"
        "Left Inadequate on|HoS informed|SM informed|Practitioner informed|Re-audit on ICS|"
        "Themes|Notes|Auto stage|Auto RAG|Auto next step|Auto due|Auto checks|Auto checked on"
    ),
    ACTIONS: (
        "Action ref|Case ref|Action|Owner|Original due date|Due date|Status|Completed on|"
        "Support needed|Evidence|Notes|Auto status|Auto days overdue"
    ),
    RE_AUDITS: (
        "Case ref|Round|Re-audit date|Re-auditor|Grade|Panel review date|Panel decision|Notes|"
        "Auto due"
    ),
    GOOD_PRACTICE: (
        "Example ref|Case ref|Example|Theme|Reviewed on|Anonymised on|Uploaded on|Library link|"
        "Service email sent on|Notes|Auto next step"
    ),
    MEETINGS: "Date|Type|Start time|Places|Location|Notes",
    PEOPLE: "Name|Role|Email|Team|Service area|Reports to|Active",
}

#: The contract's headings of each sheet, in its order.
HEADINGS = {sheet: line.split("|") for sheet, line in _LINES.items()}

#: Answers from a list, whose case and spaces do not matter.
LISTED = {
    "Audit grade",
    "Moderated grade",
    "Caseload review",
    "Status",
    "Grade",
    "Type",
    "Role",
    "Active",
}

#: Refs and names, which are trimmed.
TRIMMED = {
    "Case ref",
    "Action ref",
    "Example ref",
    "Owner",
    "Name",
    "Practitioner",
    "Team Manager",
    "Service Manager",
    "Head of Service",
    "Auditor",
    "Caseload reviewer",
    "Re-auditor",
}

NO_BREAK_SPACE = "\u00a0"


@dataclass(frozen=True)
class Variation:
    """Which untidy habits this tracker shows; none of them by default."""

    banner: bool = False
    shuffled_columns: bool = False
    text_days: bool = False
    odd_text: bool = False
    trailing_blanks: bool = False
    no_auto_columns: bool = False
    hidden_rows: bool = False
    blank_rows: bool = False
    stray_notes: bool = False
    blank_looking_cells: bool = False


TIDY = Variation()


@dataclass(frozen=True)
class Grid:
    """What is written to one sheet."""

    cells: dict[tuple[int, int], Any]
    hidden: list[int]


@dataclass(frozen=True)
class Placed:
    """The tracker as plain data with row numbers and letters, and what is written for it."""

    tracker: Tracker
    grids: dict[str, Grid]


def a_variation(seed: int) -> Variation:
    """Tidy for every fourth seed, everything at once for the next, else a mixture."""
    random = Random(f"variation {seed}")  # noqa: S311 - made-up data
    habits = list(Variation.__dataclass_fields__)
    if seed % 4 == 0:
        return TIDY
    if seed % 4 == 1:
        return Variation(**dict.fromkeys(habits, True))
    return Variation(**{habit: random.random() < 0.5 for habit in habits})


class Placer:
    """Places the rows of one tracker; every choice comes from its seed."""

    def __init__(self, seed: int, variation: Variation) -> None:
        self.random = Random(f"layout {seed}")  # noqa: S311 - made-up data
        self.how = variation

    def often(self, share: float) -> bool:
        return self.random.random() < share

    def place(self, made: Made) -> Placed:
        tracker: Tracker = {}
        grids: dict[str, Grid] = {}
        for sheet, rows in made.rows.items():
            tracker[sheet], grids[sheet] = self.place_sheet(sheet, rows)
        return Placed(tracker, grids)

    def place_sheet(self, sheet: str, rows: list[Cells]) -> tuple[Sheet, Grid]:
        grid = Grid({}, [])
        line = self.place_banner(sheet, grid)
        columns = self.columns_of(sheet)
        for heading, column in columns.items():
            grid.cells[line, column] = self.heading(heading)

        placed: list[Row] = []
        for row in self.with_notes(sheet, rows):
            line += 1
            while self.how.blank_rows and self.often(0.12):
                line += 1
            if self.how.hidden_rows and self.often(0.15):
                grid.hidden.append(line)
            for heading, column in columns.items():
                grid.cells[line, column] = self.cell(heading, row.get(heading))
            placed.append(Row(line, {key: row[key] for key in row if key in HEADINGS[sheet]}))
        letters = {
            heading: get_column_letter(column)
            for heading, column in columns.items()
            if heading in HEADINGS[sheet]
        }
        return Sheet(placed, letters), grid

    def place_banner(self, sheet: str, grid: Grid) -> int:
        """The row the headings go to: the first, or one below a banner, the 30th at the most."""
        if not self.how.banner or self.often(0.3):
            return 1
        grid.cells[1, 1] = f"Moving Forward: {sheet.upper()} (made up)"
        if self.often(0.5):
            grid.cells[2, 3] = date(2026, 4, 3)
        return self.random.choice((2, 3, 4, 6, 11, 30))

    def columns_of(self, sheet: str) -> dict[str, int]:
        headings = list(HEADINGS[sheet])
        if self.how.no_auto_columns:
            headings = [heading for heading in headings if not heading.startswith("Auto ")]
        if not self.how.shuffled_columns:
            return {heading: number for number, heading in enumerate(headings, start=1)}
        headings += ["Kettle rota", "Zebra count"]
        self.random.shuffle(headings)
        columns = {}
        number = self.random.choice((0, 0, 2))
        for heading in headings:
            number += 2 if self.often(0.05) else 1
            columns[heading] = number
        return columns

    def with_notes(self, sheet: str, rows: list[Cells]) -> list[Cells]:
        """The rows, with a stray note among them: in Notes, or in a column nobody knows."""
        if not self.how.stray_notes:
            return rows
        headings = ["Kettle rota"] if self.how.shuffled_columns else []
        if "Notes" in HEADINGS[sheet]:
            headings.append("Notes")
        mixed = list(rows)
        for heading in headings:
            where = self.random.randint(0, len(mixed))
            mixed.insert(where, {heading: "rows below still to be checked"})
        return mixed

    # --- how a cell is typed -----------------------------------------------------------

    def heading(self, heading: str) -> str:
        if not self.how.odd_text:
            return heading
        return self.oddly(heading, (" ", "  ", NO_BREAK_SPACE, "\n"))

    def oddly(self, words: str, spaces: tuple[str, ...]) -> str:
        """The same words in another case, with other spaces between and around them."""
        change = self.random.choice((str.upper, str.lower, str.title, str))
        around = self.random.choice(("", "", " ", NO_BREAK_SPACE))
        return change(words).replace(" ", self.random.choice(spaces)) + around

    def cell(self, heading: str, value: object) -> object:
        if value is None:
            blank = self.how.blank_looking_cells and self.often(0.03)
            return self.random.choice((" ", NO_BREAK_SPACE)) if blank else None
        if isinstance(value, str) and value in UNREADABLE:
            return UNREADABLE[value]
        if isinstance(value, date):
            return self.day(value)
        if isinstance(value, str):
            if heading in LISTED and self.how.odd_text and self.often(0.4):
                return self.oddly(value, (" ", "  ", NO_BREAK_SPACE))
            if heading in TRIMMED and self.how.trailing_blanks and self.often(0.3):
                return value + self.random.choice((" ", "   ", NO_BREAK_SPACE))
        return value

    def day(self, day: date) -> date | str:
        if not self.how.text_days or self.often(0.6):
            return day
        if self.often(0.2):
            return datetime(day.year, day.month, day.day, 14, 30)  # noqa: DTZ001 - Excel has no zones
        month, weekday = f"{day:%B}", f"{day:%a}"
        forms = (
            f"{day.day}/{day.month}/{day.year}",
            f"{day:%d/%m/%Y}",
            f"{day:%d.%m.%y}",
            f"{day.day}.{day.month}.{day:%y}",
            f"{day.day} {month} {day.year}",
            f"{ordinal(day.day)} {month[:3]} {day.year}",
            f"{ordinal(day.day)} {month} {day.year}",
            f"{day:%d}-{month[:3]}-{day.year}",
            f"{weekday} {day.day} {month[:3]} {day:%y}",
            day.isoformat(),
        )
        return self.random.choice(forms) + self.random.choice(("", "", " ", NO_BREAK_SPACE))


def ordinal(number: int) -> str:
    if number in (11, 12, 13):
        return f"{number}th"
    return f"{number}" + {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def place(made: Made, seed: int, variation: Variation) -> Placed:
    return Placer(seed, variation).place(made)


def save(placed: Placed, path: Path) -> None:
    """Write the workbook: plain sheets, no tables, no template."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, grid in placed.grids.items():
        sheet = book.create_sheet(name)
        for (row, column), value in grid.cells.items():
            if value is not None:
                sheet.cell(row, column, value)
        for row in grid.hidden:
            sheet.row_dimensions[row].hidden = True
    book.create_sheet("Scratch")["B2"] = "a sheet nobody knows"
    book.save(path)
