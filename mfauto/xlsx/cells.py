"""One cell at a time: the simple face over the rows of a sheet."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from mfauto.xlsx.paths import Given
from mfauto.xlsx.refs import reference
from mfauto.xlsx.values import Unreadable
from mfauto.xlsx.workbook import open_workbook


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell with a value or a problem."""

    ref: str  #: such as "B7"
    row: int
    column: int  #: counted from 1
    value: str | float | bool | date | datetime | None  #: None where it cannot be read
    problem: str | None = None  #: why it cannot be read, such as "#REF!" or "not calculated"
    formula: bool = False  #: whether the value comes from a formula


def read_cells(source: Given, sheet: str) -> Iterator[Cell]:
    """Yield the filled cells of a sheet, row by row, left to right; `source` is its path."""
    with open_workbook(source) as workbook:
        for row in workbook.rows(sheet):
            for column, value in sorted(row.values.items()):
                ref = reference(row.number, column)
                formula = column in row.formulas
                if isinstance(value, Unreadable):
                    yield Cell(ref, row.number, column, None, value.reason, formula)
                else:
                    yield Cell(ref, row.number, column, value, None, formula)
