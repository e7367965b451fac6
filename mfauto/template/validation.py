"""What a cell offers and accepts: drop-downs, dates, numbers, each with its hint.

A value that mfauto could not use is stopped; one that may be right is only
questioned. Ranges reach far below the table, so that a growing table keeps them.
"""

from datetime import date
from typing import Final, Literal

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from mfauto.columns import Column, Sheet
from mfauto.template.lists import CASE_REFS, NAME_OF, SERVICE_AREAS, STAFF_NAMES

LAST_ROW: Final = 5000
FIRST_DAY: Final = date(2000, 1, 1)
LAST_DAY: Final = date(2060, 12, 31)
AUTO_HINT: Final = "Filled in by mfauto. Do not type here."
_EPOCH: Final = date(1899, 12, 30)  # day 0 of Excel's count
_STOP: Final = "stop"
_WARN: Final = "warning"  # Excel asks whether to go on, and takes the value where told so


def validation(sheet: Sheet, column: Column, number: int) -> DataValidation | None:
    """Give what the cells of a column accept; None where they take anything without a hint."""
    letter = get_column_letter(number)
    checked = _accepted(sheet, column, f"{letter}2", f"${letter}$2:${letter}${LAST_ROW}")
    hint = _hint(column)
    if checked is None and not hint:
        return None
    checked = checked or DataValidation()
    checked.allow_blank = True
    if hint:
        checked.promptTitle = column.heading
        checked.prompt = hint
        checked.showInputMessage = True
    checked.add(f"{letter}2:{letter}{LAST_ROW}")
    return checked


def _hint(column: Column) -> str:
    if column.kind == "auto":
        return AUTO_HINT
    if not column.hint or column.clause is None:
        return column.hint
    return f"{column.hint} ({column.clause})"


def _accepted(sheet: Sheet, column: Column, first: str, cells: str) -> DataValidation | None:
    if column.is_date:
        return _made(
            "date",
            _serial(FIRST_DAY),
            _serial(LAST_DAY),
            error="Please type a date as day/month/year, such as 03/04/2026. "
            "If the day is not known yet, leave the cell blank and write it under Notes.",
        )
    if column.kind == "choice":
        return _made(
            "list", NAME_OF[column.choices], error="Please choose one of the words in the list."
        )
    if column.kind == "number":
        return _made(
            "whole",
            "1" if column.field == "round" else "0",
            "999",
            error="Please type a whole number, such as 3.",
        )
    if column.kind == "auto":
        return _made(
            "custom",
            "1=0",
            style=_WARN,
            error="mfauto fills in this column and replaces your text.",
        )
    return _questioned(sheet, column, first, cells)


def _questioned(sheet: Sheet, column: Column, first: str, cells: str) -> DataValidation | None:
    """Give what asks before it takes an unexpected value."""
    if column.kind == "person":
        return _made(
            "list",
            STAFF_NAMES,
            style=_WARN,
            error="This name is not on the sheet People. Emails go by the names there.",
        )
    if column.kind == "place":
        return _made(
            "list",
            SERVICE_AREAS,
            style=_WARN,
            error="This service area is not on the sheet Lists. You can add it there.",
        )
    if column.field == "case_ref":
        return _made(
            "list", CASE_REFS, style=_WARN, error="This Case ref is not on the sheet Cases."
        )
    if column.field in (sheet.key[0], "ref") and column.kind in ("ref", "name"):
        return _made(
            "custom",
            f"COUNTIF({cells},{first})<2",
            style=_WARN,
            error=f"This {column.heading} is already in the table. Each row needs its own.",
        )
    if column.kind == "email":
        return _made(
            "custom",
            f'AND(LEN({first})-LEN(SUBSTITUTE({first},"@",""))=1,ISERROR(FIND(" ",{first})))',
            style=_WARN,
            error="This does not look like one email address.",
        )
    if column.kind == "time":
        return _made(
            "time",
            "0",
            "0.999988425925926",
            style=_WARN,
            error="Please type a time, such as 10:00.",
        )
    return None


def _made(
    kind: Literal["date", "list", "whole", "custom", "time"],
    first: str,
    second: str | None = None,
    *,
    error: str,
    style: Literal["stop", "warning"] = _STOP,
) -> DataValidation:
    return DataValidation(
        type=kind,
        operator="between" if second else None,
        formula1=first,
        formula2=second,
        errorStyle=style,
        errorTitle="Moving Forward tracker",
        error=error,
        showErrorMessage=True,
    )


def _serial(day: date) -> str:
    return str((day - _EPOCH).days)
