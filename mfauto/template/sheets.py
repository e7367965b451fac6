"""One data sheet: its headings, its rows, its Excel Table, its colours and its page.

Headings stand in row 1. No formulas, no merged cells, no protection.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.dimensions import ColumnDimension
from openpyxl.worksheet.table import Table, TableStyleInfo

from mfauto.columns import ACTIONS, CASES, EXAMPLES, MEETINGS, PEOPLE, REAUDITS, Column, Sheet
from mfauto.template.emphasis import emphasise
from mfauto.template.looks import (
    ACCENT,
    AUTO_GROUND,
    AUTO_TINT,
    DATE,
    INK,
    QUIET,
    TEXT,
    TEXT_FORMAT,
    TIME,
    TINTS,
    WHOLE,
    font,
    ground,
    rule,
    set_page,
    top,
)
from mfauto.template.validation import validation

#: where a new group of columns starts on a sheet, and what the group is called
GROUPS: Final[Mapping[str, Mapping[str, str]]] = {
    CASES.name: {
        "ref": "The case and who is involved",
        "managers_alerted": "Alerts and child safety (C01 to C03)",
        "moderation_completed": "Moderation, booking and invitations (C04, C05)",
        "meeting_held": "The meeting (C06 to C08)",
        "caseload_review": "Caseload review and exception report (C09)",
        "left_inadequate": "Leaving Inadequate (C14)",
        "themes": "Themes and notes (C17)",
        "auto_stage": "What mfauto fills in",
    },
    ACTIONS.name: {"ref": "", "original_due": "", "support_needed": ""},
    REAUDITS.name: {"case_ref": "", "panel_held": ""},
    EXAMPLES.name: {"ref": "", "reviewed": ""},
    MEETINGS.name: {"held": ""},
    PEOPLE.name: {"name": ""},
}
_FREEZE: Final = {ACTIONS.name: "C2", REAUDITS.name: "C2", EXAMPLES.name: "C2"}  # else B2
_HEIGHT: Final = {
    ACTIONS.name: 32.0,
    REAUDITS.name: 32.0,
    MEETINGS.name: 18.0,
    PEOPLE.name: 18.0,
}  # two lines, or one; else three
_THREE_LINES: Final = 45.0
_HEAD_HEIGHT: Final = {MEETINGS.name: 32.0, PEOPLE.name: 32.0}  # else two lines and the button
_TWO_LINES_AND_BUTTON: Final = 48.0
_PAGES_WIDE: Final = {CASES.name: 5}  # else 1: 43 columns on one page could not be read
_ZOOM: Final = {CASES.name: 90, ACTIONS.name: 90}
_WIDTHS: Final = {
    "ref": 13,
    "date": 15,
    "plan": 15,
    "choice": 23,
    "person": 24,
    "text": 50,
    "number": 12,
    "time": 11,
    "place": 20,
    "name": 24,
    "email": 38,
    "auto": 15,
}
_OWN_WIDTHS: Final = {
    "audit_findings": 62,
    "action": 46,
    "support_needed": 32,
    "evidence": 34,
    "status": 14,
    "exception_report_completed": 18,
    "team": 20,
    "theme": 24,
    "themes": 32,
    "notes": 38,
    "location": 34,
    "library_link": 36,
    "type": 26,
    "role": 22,
    "panel_decision": 58,
    "active": 11,
    "caseload_review": 18,
    "starts": 11,
    "auto_stage": 19,
    "auto_rag": 13,
    "auto_next_step": 36,
    "auto_checks": 56,
    "auto_due": 15,
    "auto_checked_on": 17,
    "auto_status": 42,
    "auto_days_overdue": 15,
}
_FORMATS: Final = {"number": WHOLE, "time": TIME, "ref": TEXT_FORMAT}
_AUTO_DAYS: Final = ("auto_due", "auto_checked_on")


def add_sheet(workbook: Workbook, sheet: Sheet, rows: Sequence[Mapping[str, object]]) -> None:
    """Add a data sheet that holds `rows`; without rows one blank row, which a table needs."""
    page = workbook.create_sheet(sheet.name)
    last = max(len(rows), 1) + 1
    tints = _tints(sheet)
    height = _HEIGHT.get(sheet.name, _THREE_LINES)
    for number, column in enumerate(sheet.columns, start=1):
        letter = get_column_letter(number)
        page.column_dimensions[letter].width = _OWN_WIDTHS.get(column.field, _WIDTHS[column.kind])
        _dress(page.column_dimensions[letter], column)
        _head(page.cell(row=1, column=number), column, tints[column.field])
        for row in range(2, last + 1):
            cell = page.cell(row=row, column=number)
            _dress(cell, column)
            cell.border = rule()
            if rows:
                _fill(cell, rows[row - 2].get(column.field))
        accepted = validation(sheet, column, number)
        if accepted is not None:
            page.add_data_validation(accepted)
    page.row_dimensions[1].height = _HEAD_HEIGHT.get(sheet.name, _TWO_LINES_AND_BUTTON)
    page.sheet_format.defaultRowHeight = height
    page.sheet_format.customHeight = True  # long text does not stretch its row
    for row in range(2, last + 1):
        page.row_dimensions[row].height = height
    table = Table(displayName=sheet.table, ref=f"A1:{get_column_letter(len(sheet.columns))}{last}")
    table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=False)
    page.add_table(table)
    emphasise(page, sheet)
    page.freeze_panes = _FREEZE.get(sheet.name, "B2")
    page.sheet_view.zoomScale = _ZOOM.get(sheet.name, 100)
    page.sheet_properties.tabColor = ACCENT
    page.print_title_rows = "1:1"
    if sheet.name in _PAGES_WIDE:
        page.print_title_cols = "A:A"
    set_page(page, pages_wide=_PAGES_WIDE.get(sheet.name, 1))


def _tints(sheet: Sheet) -> Mapping[str, str]:
    """Give each field the tint of its heading: two in turn, grey for the runner's own."""
    tints: dict[str, str] = {}
    group = -1
    for column in sheet.columns:
        group += column.field in GROUPS[sheet.name]
        tints[column.field] = AUTO_TINT if column.kind == "auto" else TINTS[group % len(TINTS)]
    return tints


def _head(cell: Cell, column: Column, tint: str) -> None:
    auto = column.kind == "auto"
    cell.value = column.heading
    cell.font = font(QUIET if auto else INK, bold=True)
    cell.fill = ground(tint)
    cell.alignment = top()
    cell.border = rule(QUIET if auto else ACCENT, "medium")


def _dress(cell: Cell | ColumnDimension, column: Column) -> None:
    """Set what a cell looks like; on a column, what cells that are not there yet will."""
    auto = column.kind == "auto"
    days = column.is_date or column.field in _AUTO_DAYS
    cell.font = font(QUIET if auto else TEXT, bold=column.field == "auto_rag")
    cell.number_format = DATE if days else _FORMATS.get(column.kind, "General")
    cell.alignment = top(wrap=not days)
    if auto:
        cell.fill = ground(AUTO_GROUND)


def _fill(cell: Cell, value: object) -> None:
    if value is None:
        return
    looks = cell.number_format
    cell.value = value  # type: ignore[assignment]
    if isinstance(value, str):
        cell.data_type = "s"  # also what starts with "=": text, never a formula
    elif isinstance(value, date):
        looks = DATE
    cell.number_format = looks
