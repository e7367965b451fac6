"""What is in a workbook that a person would want to know before trusting a tool with it.

Only looks; never writes, never follows a link, never runs a macro. It says where
things stand and never what a cell says.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mfauto.inspecting.checks import CHECKS, FIRST, KEPT, LOOK, Check
from mfauto.inspecting.finding import room
from mfauto.inspecting.seen import Seen
from mfauto.xlsx import Workbook, open_workbook

__all__ = ["CHECKS", "FIRST", "KEPT", "LOOK", "Check", "Inspection", "Thing", "inspect"]

_KINDS: Final = {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml": (
        "an Excel template"
    ),
    "application/vnd.ms-excel.sheet.macroenabled.main+xml": "an Excel workbook with macros allowed",
    "application/vnd.ms-excel.template.macroenabled.main+xml": (
        "an Excel template with macros allowed"
    ),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Thing:
    """One thing that is there."""

    check: Check
    count: int
    where: tuple[str, ...]  #: all places, names or areas; empty where there is none to tell


@dataclass(frozen=True, kw_only=True, slots=True)
class Inspection:
    """What a look at a workbook found."""

    path: Path
    sha256: str
    kind: str  #: such as "an Excel workbook"
    size: int  #: bytes
    sheets: int
    rows: int  #: with anything in them, on all sheets
    signed: bool
    things: tuple[Thing, ...]  #: in the order of `CHECKS`
    room: tuple[str, ...]  #: what takes most of the file, with its share


def inspect(path: Path) -> Inspection:
    """Look through a workbook; TrackerError says why it cannot be used at all."""
    with open_workbook(path) as workbook:
        seen = Seen(workbook)
        found = [(check, check.find(seen)) for check in CHECKS]
        return Inspection(
            path=path,
            sha256=workbook.sha256,
            kind=_kind(workbook),
            size=path.stat().st_size,
            sheets=len(workbook.sheets),
            rows=sum(cells.rows for cells in seen.cells.values()),
            signed=workbook.signed,
            things=tuple(
                Thing(check=check, count=one.count, where=one.where)
                for check, one in found
                if one.count
            ),
            room=room(seen),
        )


def _kind(workbook: Workbook) -> str:
    """Say what kind of workbook it is, by the type it states."""
    types = workbook.package.tree("[Content_Types].xml")
    stated = {
        element.attributes.get("ContentType", "").lower() for element in types.each("Override")
    } | {element.attributes.get("ContentType", "").lower() for element in types.each("Default")}
    return next((words for kind, words in _KINDS.items() if kind in stated), "an Excel workbook")
