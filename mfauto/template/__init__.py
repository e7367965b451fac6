"""The tracker workbook: empty for a council to start from, or filled for a demo.

Made anew each time from `columns`; it never opens a tracker that people use.
The same rows give the same bytes.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from openpyxl import Workbook

from mfauto.columns import ACTIONS, CASES, EXAMPLES, MEETINGS, PEOPLE, REAUDITS
from mfauto.template.lists import add_lists
from mfauto.template.looks import THEME
from mfauto.template.packing import pack
from mfauto.template.readme import add_readme
from mfauto.template.sheets import add_sheet

Rows = Mapping[str, Sequence[Mapping[str, object]]]
SHEET_OF: Final = {
    "cases": CASES,
    "actions": ACTIONS,
    "reaudits": REAUDITS,
    "examples": EXAMPLES,
    "meetings": MEETINGS,
    "people": PEOPLE,
}  #: by the name that `model.Tracker` gives the sheet's rows
AREAS: Final = (
    "Assessment",
    "Safeguarding",
    "Children in care",
    "Care leavers",
    "Children with disabilities",
)  #: a start for a council, which types its own over them


def make_template(target: Path) -> None:
    """Write the empty tracker to `target`."""
    make_tracker(target, {})


def make_tracker(target: Path, rows: Rows) -> None:
    """Write a tracker that holds `rows` to `target`.

    `rows` go by the name of `Tracker` ("cases", "actions", "reaudits", "examples",
    "meetings", "people"); each row by the field names of `columns`.
    """
    unknown = rows.keys() - SHEET_OF.keys()
    if unknown:
        raise KeyError(*unknown)
    workbook = Workbook()
    workbook.loaded_theme = THEME
    workbook.security = None  # no protection of any kind
    workbook.calculation.fullCalcOnLoad = False  # else Excel asks to save a file just looked at
    add_readme(workbook)
    for name, sheet in SHEET_OF.items():
        add_sheet(workbook, sheet, rows.get(name, ()))
    add_lists(workbook, _areas(rows))
    pack(workbook, target)


def _areas(rows: Rows) -> Sequence[str]:
    """Give the service areas in use, as People has them first; a start where there are none."""
    used = {
        area: None
        for name in ("people", "cases")
        for row in rows.get(name, ())
        if isinstance(area := row.get("service_area"), str)
    }
    return tuple(used) or AREAS
