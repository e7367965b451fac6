"""Colour that follows a word: RAG, what is overdue, what is done.

Conditional formats only: nothing here is typed into a cell. The word is always
there as well, and text keeps a contrast of 4.5:1 on its ground.
"""

from typing import Final

from openpyxl.formatting.rule import Rule
from openpyxl.styles import Font
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from mfauto.columns import ACTIONS, CASES, PEOPLE, Sheet
from mfauto.template.looks import AMBER, QUIET, RAG, RED, RED_TINT, WHITE, ground
from mfauto.template.validation import LAST_ROW

LONG_OVERDUE: Final = 28  #: calendar days from which the number stands on full red


def emphasise(page: Worksheet, sheet: Sheet) -> None:
    """Add the conditional formats of a sheet."""
    letter = {
        column.field: get_column_letter(number)
        for number, column in enumerate(sheet.columns, start=1)
    }

    def add(field: str, rule: Rule, first: str | None = None) -> None:
        start = letter[first or field]
        page.conditional_formatting.add(f"{start}2:{letter[field]}{LAST_ROW}", rule)

    if sheet is CASES:
        for word, (colour, tint) in RAG.items():
            add("auto_rag", _word(word, colour, tint))
        add("auto_due", _where(f'${letter["auto_rag"]}2="Red"', RED))
        add("auto_checks", _where(f'LEFT({letter["auto_checks"]}2,11)="Not counted"', *AMBER))
    if sheet is ACTIONS:
        status, days = f"{letter['auto_status']}2", f"{letter['auto_days_overdue']}2"
        add("auto_days_overdue", _where(f"N({days})>={LONG_OVERDUE}", WHITE, RED))
        add("auto_days_overdue", _where(f"N({days})>0", RED, RED_TINT))
        add("auto_status", _where(f'LEFT({status},7)="Overdue"', RED, RED_TINT))
        add("auto_status", _where(f'LEFT({status},6)="Cannot"', *AMBER))
        done = f"${letter['status']}2"
        add("notes", _where(f'OR({done}="Complete",{done}="Cancelled")', QUIET, bold=None), "ref")
    if sheet is PEOPLE:
        add("active", _where(f'${letter["active"]}2="No"', QUIET, bold=None), "name")


def _word(word: str, colour: str, tint: str) -> Rule:
    looks = DifferentialStyle(font=Font(color=colour, bold=True), fill=ground(tint))
    return Rule(type="cellIs", operator="equal", formula=[f'"{word}"'], dxf=looks)


def _where(formula: str, colour: str, tint: str | None = None, *, bold: bool | None = True) -> Rule:
    fill = ground(tint) if tint else None
    looks = DifferentialStyle(font=Font(color=colour, bold=bold), fill=fill)
    return Rule(type="expression", formula=[formula], dxf=looks)
