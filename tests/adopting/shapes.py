"""Trackers as councils might keep them, each with the true meaning of every column.

The data is the demo's. What differs is where it stands and what the headings are.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet

from mfauto.columns import SHEETS
from mfauto.demo import demo_rows

AS_AT = date(2026, 10, 12)
KEYS = dict(
    zip(
        [sheet.name for sheet in SHEETS],
        ("cases", "actions", "reaudits", "examples", "meetings", "people"),
        strict=True,
    )
)
Rows = dict[str, list[dict[str, Any]]]
Names = Mapping[str, Mapping[str, str]]


@cache
def _data() -> Rows:
    found: Rows = {name: [dict(row) for row in rows] for name, rows in demo_rows(AS_AT).items()}
    refs = {row["ref"] for row in found["cases"][:45]}
    found["cases"] = [row for row in found["cases"] if row["ref"] in refs]
    for name in ("actions", "reaudits", "examples"):
        found[name] = [row for row in found[name] if row["case_ref"] in refs]
    return found


def data() -> Rows:
    """Give the rows that every shape holds."""
    return {name: [dict(row) for row in rows] for name, rows in _data().items()}


@dataclass(frozen=True, kw_only=True)
class Shape:
    """One way to keep a tracker."""

    name: str
    sheets: Mapping[str, str] = field(default_factory=dict)  #: ours to their name
    headings: Names = field(default_factory=dict)  #: by our sheet: our heading to theirs
    above: Sequence[Sequence[Any]] = ()  #: rows above the headings
    order: Callable[[list[str]], list[str]] = list  #: of the headings
    extra: Mapping[str, Callable[[int], Any]] = field(default_factory=dict)  #: on the first sheet
    more: Callable[[Workbook], None] | None = None  #: what else is done to the workbook
    build: Callable[["Shape", Rows, Path], None] | None = None  #: for shapes of their own
    suffix: str = ".xlsx"
    asks: bool = False  #: something that matters is not certain, so a person has to say
    without: tuple[str, ...] = ()  #: of ours: sheets they do not keep

    def theirs(self, sheet: str, heading: str) -> str:
        """Give their heading for one of ours."""
        return self.headings.get(sheet, {}).get(heading, heading)


def write(shape: Shape, folder: Path) -> Path:
    """Write a tracker of a shape."""
    path = folder / f"Kept{shape.suffix}"
    rows = data()
    if shape.build is not None:
        shape.build(shape, rows, path)
        return path
    book = Workbook()
    book.remove(book.worksheets[0])
    for sheet in SHEETS:
        if sheet.name not in shape.without:
            made = book.create_sheet(shape.sheets.get(sheet.name, sheet.name))
            fill(made, shape, sheet.name, rows[KEYS[sheet.name]])
    if shape.more:
        shape.more(book)
    book.save(path)
    return path


def fill(made: Worksheet, shape: Shape, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write the banner, the headings and the rows of one sheet."""
    sheet = next(sheet for sheet in SHEETS if sheet.name == name)
    fields = {column.heading: column.field for column in sheet.columns if column.kind != "auto"}
    for banner in shape.above:
        made.append(list(banner))
    headings = shape.order(list(fields))
    extra = shape.extra if name == "Cases" else {}
    made.append([*(shape.theirs(name, heading) for heading in headings), *extra])
    for number, row in enumerate(rows):
        made.append(
            [
                *(row.get(fields[heading]) for heading in headings),
                *(f(number) for f in extra.values()),
            ]
        )


def day(number: int) -> date:
    """Give a day that belongs to nothing of ours."""
    return date(2026, 1, 5) + timedelta(days=number)


# -- other words for everything

WORDS: Names = {
    "Cases": {
        "Case ref": "Our ref",
        "Audit date": "Date of audit",
        "Audit grade": "Overall grade",
        "Moderated grade": "Grade after moderation",
        "Practitioner": "Social worker",
        "Head of Service": "HoS",
        "Team Manager": "TM",
        "Service Manager": "SM",
        "Auditor": "Audited by",
        "SM and HoS alerted": "Managers alerted",
        "QA and SQA notified": "QA notified",
        "Child safety assured": "HoS assured",
        "Moderation completed": "Moderation date",
        "Meeting booked for": "MFM booked",
        "Meeting held": "MFM held",
        "Exception report completed": "Exception report done",
        "Left Inadequate on": "Date left Inadequate",
        "Re-audit on ICS": "Uploaded to ICS",
        "Notes": "Comments",
    },
    "Actions": {
        "Case ref": "Our ref",
        "Action": "Action agreed",
        "Owner": "Person responsible",
        "Due date": "Target date",
        "Original due date": "Original target date",
        "Completed on": "Date completed",
    },
    "Re-audits": {
        "Case ref": "Our ref",
        "Re-audit date": "Date of re-audit",
        "Grade": "Re-audit grade",
        "Panel review date": "Panel date",
        "Panel decision": "Panel outcome",
    },
    "People": {"Name": "Full name", "Role": "Job title", "Email": "Email address"},
    "Meetings": {"Date": "Meeting date", "Type": "Meeting type", "Location": "Venue"},
}
SHEET_WORDS = {
    "Cases": "Audit tracker",
    "Actions": "Action log",
    "Re-audits": "Reaudits",
    "Good practice": "Examples",
    "Meetings": "MFM dates",
    "People": "Staff",
}
CONFUSING: Mapping[str, Callable[[int], Any]] = {
    "Date of birth": lambda number: date(2012, 1, 1) + timedelta(days=30 * number),
    "Child's name": lambda number: f"Zephyr Quibble{number}",
    "NHS number": lambda number: 9434765919 + number,
    "Date of next visit": day,
    "Review date": day,
    "Grade of previous audit": lambda number: ("Good", "Inadequate")[number % 2],
    "Colour": lambda number: ("blue", "green")[number % 2],
}


def _banner(book: Workbook) -> None:
    for sheet in book.worksheets:
        sheet.merge_cells("A1:F1")


def _tables(book: Workbook) -> None:
    """Make each sheet a table whose own headings are Column1 and so on; the true ones below."""
    for number, sheet in enumerate(book.worksheets):
        width, height = sheet.max_column, sheet.max_row
        sheet.insert_rows(1)
        for column in range(1, width + 1):
            sheet.cell(1, column, f"Column{column}")
        last = sheet.cell(height + 1, width).coordinate
        sheet.add_table(Table(displayName=f"Table{number}", ref=f"A1:{last}"))


def _hidden(book: Workbook) -> None:
    for sheet in book.worksheets:
        sheet.column_dimensions["C"].hidden = True
        sheet.row_dimensions[4].hidden = True


def _irrelevant(book: Workbook) -> None:
    lists = book.create_sheet("Lists", 0)
    lists.append(["Grade", "Team", "Status"])
    for row in (["Good", "A", "Open"], ["Inadequate", "B", "Complete"]):
        lists.append(row)
    pivot = book.create_sheet("Summary", 1)
    pivot.append(["Audits by month"])
    pivot.append(["Month", "Inadequate", "Outstanding"])
    for number in range(1, 13):
        pivot.append([date(2026, number, 1), number, 2])
    book["Summary"].sheet_state = "hidden"


# -- headings in two rows

UPPER = {
    "Meeting booked for": ("Meeting", "Booked for"),
    "Meeting held": ("Meeting", "Held"),
    "Practitioner invited": ("Invited", "Practitioner"),
    "Team Manager invited": ("Invited", "Team Manager"),
    "Service Manager invited": ("Invited", "Service Manager"),
    "HoS informed": ("Informed", "HoS"),
    "SM informed": ("Informed", "SM"),
    "Practitioner informed": ("Informed", "Practitioner"),
}


def _two_rows(shape: Shape, rows: Rows, path: Path) -> None:
    book = Workbook()
    book.remove(book.worksheets[0])
    for sheet in SHEETS:
        made = book.create_sheet(sheet.name)
        if sheet.name != "Cases":
            fill(made, shape, sheet.name, rows[KEYS[sheet.name]])
            continue
        columns = [column for column in sheet.columns if column.kind != "auto"]
        pairs = [UPPER.get(column.heading, (column.heading, None)) for column in columns]
        made.append(["Moving Forward tracker"])
        uppers = [upper for upper, _ in pairs]
        shown = [u if n == 0 or u != uppers[n - 1] else None for n, u in enumerate(uppers)]
        made.append(shown)
        made.append([lower for _, lower in pairs])
        for row in rows["cases"]:
            made.append([row.get(column.field) for column in columns])
        for number, (_, lower) in enumerate(pairs, start=1):
            if lower is None:
                made.merge_cells(start_row=2, end_row=3, start_column=number, end_column=number)
        for upper in dict.fromkeys(upper for upper, lower in pairs if lower):
            places = [n for n, (u, lower) in enumerate(pairs, start=1) if u == upper and lower]
            made.merge_cells(start_row=2, end_row=2, start_column=places[0], end_column=places[-1])
    book.save(path)


# -- one wide sheet, lines in a cell, a sheet for each year


def _beside(rows: Rows, name: str, ref: str) -> list[dict[str, Any]]:
    return [row for row in rows[name] if row["case_ref"] == ref]


def _wide(shape: Shape, rows: Rows, path: Path) -> None:
    sheet = SHEETS[0]
    columns = [column for column in sheet.columns if column.kind != "auto"]
    most = max(len(_beside(rows, "actions", row["ref"])) for row in rows["cases"])
    rounds = max(len(_beside(rows, "reaudits", row["ref"])) for row in rows["cases"])
    actions = {"Action {}": "action", "Action {} owner": "owner", "Action {} due": "due"}
    actions |= {"Action {} original due date": "original_due"}
    actions |= {"Action {} status": "status", "Action {} completed on": "completed"}
    audits = {"Re-audit {} date": "audited", "Re-audit {} grade": "grade"}
    audits |= {"Re-audit {} re-auditor": "reauditor", "Re-audit {} panel date": "panel_held"}
    headings = [column.heading for column in columns]
    headings += [name.format(n) for n in range(1, most + 1) for name in actions]
    headings += [name.format(n) for n in range(1, rounds + 1) for name in audits]
    book = Workbook()
    made = book.worksheets[0]
    made.title = "Everything"
    made.append(headings)
    for row in rows["cases"]:
        cells = [row.get(column.field) for column in columns]
        for name, fields, number in (("actions", actions, most), ("reaudits", audits, rounds)):
            beside = _beside(rows, name, row["ref"])
            beside.sort(key=lambda one: one.get("round") or 0)
            for place in range(number):
                one = beside[place] if place < len(beside) else {}
                cells += [one.get(key) for key in fields.values()]
        made.append(cells)
    for name in ("Good practice", "Meetings", "People"):
        fill(book.create_sheet(name), shape, name, rows[KEYS[name]])
    book.save(path)


def _lines(shape: Shape, rows: Rows, path: Path) -> None:
    book = Workbook()
    made = book.worksheets[0]
    made.title = "Cases"
    columns = [column for column in SHEETS[0].columns if column.kind != "auto"]
    made.append([*(column.heading for column in columns), "Actions agreed"])
    for row in rows["cases"]:
        said = [_line(one) for one in _beside(rows, "actions", row["ref"])]
        made.append([*(row.get(column.field) for column in columns), "\n".join(said) or None])
    for name in ("Re-audits", "Good practice", "Meetings", "People"):
        fill(book.create_sheet(name), shape, name, rows[KEYS[name]])
    book.save(path)


def _line(action: Mapping[str, Any]) -> str:
    said = f"- {action['action']} - {action['owner']} - by {action['due']:%d/%m/%Y}"
    if action.get("completed"):
        return f"{said} - done on {action['completed']:%d/%m/%Y}"
    return f"{said} - cancelled" if action.get("status") == "Cancelled" else said


def _years(shape: Shape, rows: Rows, path: Path) -> None:
    book = Workbook()
    book.remove(book.worksheets[0])
    for year in (2025, 2026):
        mine = [row for row in rows["cases"] if row["audited"].year == year]
        fill(book.create_sheet(str(year)), shape, "Cases", mine)
    for name in list(KEYS)[1:]:
        fill(book.create_sheet(name), shape, name, rows[KEYS[name]])
    book.save(path)


SHAPES = (
    Shape(name="our own headings"),
    Shape(name="other words", headings=WORDS, sheets=SHEET_WORDS),
    Shape(name="other words, in another order", headings=WORDS, order=lambda h: h[::-1]),
    Shape(name="banner", headings=WORDS, above=[["Northmoor tracker"], [], ["OFFICIAL"]]),
    Shape(name="merged banner", headings=WORDS, above=[["Northmoor tracker"]], more=_banner),
    Shape(name="confusing columns", headings=WORDS, extra=CONFUSING),
    Shape(name="tables headed Column1", headings=WORDS, more=_tables),
    Shape(name="hidden rows and columns", headings=WORDS, more=_hidden),
    Shape(name="other sheets in front", headings=WORDS, sheets=SHEET_WORDS, more=_irrelevant),
    Shape(name="headings in two rows", build=_two_rows),
    Shape(name="one wide sheet", build=_wide),
    Shape(name="actions as lines of a cell", build=_lines),
    Shape(name="a sheet for each year", headings=WORDS, build=_years),
    Shape(
        name="capitals and line breaks",
        headings={
            "Cases": {
                "Meeting held": "MEETING\nHELD",
                "Audit date": " AUDIT  DATE ",
                "Team": "team:",
            }
        },
    ),
)
