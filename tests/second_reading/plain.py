"""A tracker as plain data, and what one cell of it says.

Rows keep Excel's own numbers, cells go by the contract's headings. A day is a `date`; any other
thing in a date cell is a cell that cannot be read, and "counts as blank for the steps".
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

CASES, ACTIONS, RE_AUDITS = "Cases", "Actions", "Re-audits"
GOOD_PRACTICE, MEETINGS, PEOPLE = "Good practice", "Meetings", "People"

INADEQUATE, OUTSTANDING = "Inadequate", "Outstanding"
GRADES = ("Outstanding", "Good", "Requires improvement", "Inadequate")
REVIEWS = ("Required", "Not required")
STATUSES = ("Open", "In progress", "Complete", "Cancelled")


@dataclass(frozen=True)
class Row:
    """One filled row: Excel's row number and its cells by heading."""

    number: int
    cells: dict[str, Any]


@dataclass(frozen=True)
class Sheet:
    """The filled rows of one sheet, and the column letter of each heading."""

    rows: list[Row] = field(default_factory=list)
    letters: dict[str, str] = field(default_factory=dict)


Tracker = dict[str, Sheet]


def text(row: Row, heading: str) -> str | None:
    """The cell's words, trimmed; None where it is blank."""
    value = row.cells.get(heading)
    trimmed = "" if value is None else str(value).strip()
    return trimmed or None


def planned(row: Row, heading: str) -> date | None:
    """The day in the cell, ahead or not; "a cell that cannot be read counts as blank"."""
    value = row.cells.get(heading)
    return value if isinstance(value, date) else None


def listed(row: Row, heading: str, words: tuple[str, ...]) -> str | None:
    value = text(row, heading)
    return value if value in words else None


def round_of(row: Row) -> int | None:
    value = row.cells.get("Round")
    return value if isinstance(value, int) and value >= 1 else None


def is_filled(row: Row) -> bool:
    """Blank rows are ignored, and "a row with one stray note is no case"."""
    filled = [
        heading
        for heading in row.cells
        if text(row, heading) is not None and not heading.startswith("Auto ")
    ]
    return len(filled) > 1 or filled == ["Case ref"]


def address(tracker: Tracker, sheet: str, row: int, column: str | None) -> str | None:
    if column is None:
        return None
    # "quoted as Excel does where needed": a space or a hyphen needs it
    name = f"'{sheet}'" if sheet in (RE_AUDITS, GOOD_PRACTICE) else sheet
    return f"{name}!{tracker[sheet].letters[column]}{row}"
