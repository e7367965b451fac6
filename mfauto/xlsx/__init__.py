"""The workbook file itself: safe opening, cells in, touched cells out, nothing else changed.

Never re-saves a workbook: a library that did lost content in a third of real files.
Days are `datetime.date`; rows and columns are counted from 1.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from mfauto.xlsx.layout import Table
from mfauto.xlsx.package import Sheet
from mfauto.xlsx.refs import Area
from mfauto.xlsx.rows import Row
from mfauto.xlsx.values import Unreadable
from mfauto.xlsx.workbook import Workbook, open_workbook

if TYPE_CHECKING:
    from mfauto.xlsx.adding import add_columns
    from mfauto.xlsx.cells import Cell, read_cells
    from mfauto.xlsx.writing import Written, set_cells, write_cells

__all__ = [
    "Area",
    "Cell",
    "Row",
    "Sheet",
    "Table",
    "Unreadable",
    "Workbook",
    "Written",
    "add_columns",
    "open_workbook",
    "read_cells",
    "set_cells",
    "write_cells",
]

#: what is imported only where it is used; what writes takes as long as all the rest
_HOME = {
    "Cell": "cells",
    "Written": "writing",
    "add_columns": "adding",
    "read_cells": "cells",
    "set_cells": "writing",
    "write_cells": "writing",
}


def __getattr__(name: str) -> object:
    """Import what is not always needed where it is first asked for."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
