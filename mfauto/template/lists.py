"""The sheet Lists: what the drop-downs offer, each under a name of its own.

The names are shared by the whole workbook. Those of a table's column grow with it.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.table import Table, TableStyleInfo

from mfauto.columns import GRADES, MEETING_TYPES, REVIEWS, ROLES, STATUSES, YES_NO
from mfauto.template.looks import (
    ACCENT,
    AUTO_TINT,
    INK,
    QUIET,
    TINTS,
    font,
    ground,
    rule,
    set_page,
    top,
)

SERVICE_AREAS: Final = "Service_areas"
STAFF_NAMES: Final = "Staff_names"
CASE_REFS: Final = "Case_refs"
#: the fixed lists by name: their heading and what they offer
FIXED: Final[Mapping[str, tuple[str, Sequence[str]]]] = {
    "Grades": ("Grades", GRADES),
    "Caseload_reviews": ("Caseload review", REVIEWS),
    "Statuses": ("Action status", STATUSES),
    "Meeting_types": ("Meeting types", MEETING_TYPES),
    "Roles": ("Roles", ROLES),
    "Yes_or_no": ("Yes or no", YES_NO),
}
NAME_OF: Final = {choices: name for name, (_, choices) in FIXED.items()}
#: names that follow a table's column
GROWING: Final = {
    SERVICE_AREAS: "ServiceAreas[Service area]",
    STAFF_NAMES: "People[Name]",
    CASE_REFS: "Cases[Case ref]",
}
_HEAD: Final = 4  # row of the headings
_WIDTH: Final = 26
_HEIGHT: Final = 18.0


def add_lists(workbook: Workbook, areas: Sequence[str]) -> None:
    """Add the sheet Lists and every name that a drop-down uses."""
    sheet = workbook.create_sheet("Lists")
    sheet.sheet_view.showGridLines = False
    sheet.sheet_properties.tabColor = QUIET
    sheet["A1"] = "Lists"
    sheet["A1"].font = font(INK, 16, bold=True)
    sheet["A2"] = (
        "Service areas are yours to change: type over them, or add more below the last one. "
        "The other lists are fixed: mfauto knows these words only."
    )
    sheet["A2"].font = font(QUIET)
    sheet.sheet_format.defaultRowHeight = _HEIGHT
    sheet.sheet_format.customHeight = True
    sheet.row_dimensions[1].height = 30
    for number, (heading, choices) in enumerate(
        (("Service area", areas), *FIXED.values()), start=1
    ):
        letter = get_column_letter(number)
        yours = number == 1
        sheet.column_dimensions[letter].width = _WIDTH
        head = sheet[f"{letter}{_HEAD}"]
        head.value = heading
        head.font = font(INK if yours else QUIET, bold=True)
        head.alignment = top(wrap=False)
        head.fill = ground(TINTS[1] if yours else AUTO_TINT)
        head.border = rule(ACCENT if yours else QUIET, "medium")
        for row, choice in enumerate(choices, start=_HEAD + 1):
            cell = sheet[f"{letter}{row}"]
            cell.value = choice
            cell.font = font()
            cell.alignment = top()
            cell.border = rule()
    table = Table(displayName="ServiceAreas", ref=f"A{_HEAD}:A{_HEAD + len(areas)}")
    table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=False)
    sheet.add_table(table)
    for letter, (name, (_, choices)) in zip("BCDEFG", FIXED.items(), strict=True):
        _define(workbook, name, f"Lists!${letter}${_HEAD + 1}:${letter}${_HEAD + len(choices)}")
    for name, column in GROWING.items():
        _define(workbook, name, column)
    set_page(sheet)


def _define(workbook: Workbook, name: str, target: str) -> None:
    workbook.defined_names[name] = DefinedName(name, attr_text=target)
