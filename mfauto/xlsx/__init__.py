"""The workbook file itself: safe opening, cells in, touched cells out, nothing else changed.

Never re-saves a workbook: a library that did lost content in a third of real files.
Days are `datetime.date`; rows and columns are counted from 1.
"""

from typing import TYPE_CHECKING

from mfauto.xlsx.cells import Cell, read_cells
from mfauto.xlsx.layout import Table
from mfauto.xlsx.package import Sheet
from mfauto.xlsx.refs import Area
from mfauto.xlsx.rows import Row
from mfauto.xlsx.values import Unreadable
from mfauto.xlsx.workbook import Workbook, open_workbook

if TYPE_CHECKING:
    from mfauto.xlsx.adding import add_columns
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

_WRITING = frozenset({"Written", "set_cells", "write_cells"})


def __getattr__(name: str) -> object:
    """Import what writes only where something is written; it takes as long as all the rest."""
    if name == "add_columns":
        from mfauto.xlsx import adding  # noqa: PLC0415

        return adding.add_columns
    if name not in _WRITING:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from mfauto.xlsx import writing  # noqa: PLC0415

    return getattr(writing, name)
