"""One look at a workbook's parts, each read once, for all the checks.

A part beside the cells that cannot be read is noted, and counts as empty.
"""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from mfauto.errors import TrackerError
from mfauto.xlsx import Sheet, Unreadable, Workbook
from mfauto.xlsx.adding.tags import Tag, tags
from mfauto.xlsx.archive import folded
from mfauto.xlsx.encoding import to_utf8
from mfauto.xlsx.markup import Element
from mfauto.xlsx.package import Link
from mfauto.xlsx.values import NOT_CALCULATED

_CUSTOM = "docprops/custom.xml"


@dataclass(slots=True)
class Cells:
    """What the cells of one sheet hold, by kind; (row, column), both counted from 1."""

    rows: int = 0  #: that have anything in them
    hidden_rows: int = 0  #: of those
    used: set[int] = field(default_factory=set)  #: columns with anything in them
    errors: list[tuple[int, int]] = field(default_factory=list)
    uncalculated: list[tuple[int, int]] = field(default_factory=list)
    formulas: int = 0


class Seen:
    """A workbook that is being looked at."""

    def __init__(self, workbook: Workbook) -> None:
        self.workbook = workbook
        self.parts = tuple(folded(member.name) for member in workbook.archive.members)
        self.unread: list[str] = []  #: parts that could not be read
        self.sheets: tuple[Sheet, ...] = workbook.sheets
        self._trees: dict[str, Element] = {}

    def matching(self, pattern: str) -> list[str]:
        """Return the parts whose whole name fits; names are in lower case."""
        return [part for part in self.parts if re.fullmatch(pattern, part)]

    def tree(self, part: str) -> Element:
        """Read a part whole; an empty element stands for one that cannot be read."""
        if part not in self._trees:
            try:
                self._trees[part] = self.workbook.package.tree(part)
            except TrackerError:
                self.unread.append(part)
                self._trees[part] = Element("", {})
        return self._trees[part]

    def links(self, part: str) -> list[Link]:
        """Return what a part points to inside the file."""
        try:
            return list(self.workbook.package.links_of(part).values())
        except TrackerError:
            self.unread.append(part)
            return []

    def outside(self, part: str) -> list[str]:
        """Return what a part points to outside the file."""
        folder, name = posixpath.split(part)
        rels = posixpath.join(folder, "_rels", f"{name}.rels")
        if folded(rels) not in self.parts:
            return []
        return [
            link.attributes.get("Target", "")
            for link in self.tree(rels).each("Relationship")
            if link.attributes.get("TargetMode") == "External"
        ]

    def linked(self, *kinds: str) -> Iterator[tuple[Sheet, str]]:
        """Yield each sheet with each part of those kinds that it points to, drawings included."""
        for sheet in self.sheets:
            for link in self.links(sheet.part):
                if link.kind in kinds:
                    yield sheet, link.target
                if link.kind == "drawing":
                    for inner in self.links(link.target):
                        if inner.kind in kinds:
                            yield sheet, inner.target

    @cached_property
    def around(self) -> dict[str, list[Tag]]:
        """Each sheet's name with the elements around its rows."""
        found = {}
        for sheet in self.sheets:
            member = self.workbook.package.member(sheet.part)
            data = self.workbook.archive.unpack(member)
            utf8, _ = to_utf8(data, self.workbook.file, sheet.part)
            found[sheet.name] = tags(utf8, self.workbook.file, sheet.part)
        return found

    def tagged(self, name: str) -> Iterator[tuple[str, Tag]]:
        """Yield each element of Excel's own of that name, with its sheet's name."""
        for sheet, found in self.around.items():
            for tag in found:
                if tag.path[-1] == name:
                    yield sheet, tag

    def extended(self, name: str) -> Iterator[tuple[str, Tag]]:
        """Yield each element of that name from a later version of Excel (x14 and on)."""
        for sheet, found in self.around.items():
            for tag in found:
                if tag.path[-1].endswith(f" {name}"):
                    yield sheet, tag

    @cached_property
    def cells(self) -> dict[str, Cells]:
        """Each worksheet's name with what its cells hold."""
        return {
            sheet.name: self._cells_of(sheet.name)
            for sheet in self.sheets
            if sheet.kind == "worksheet"
        }

    def _cells_of(self, sheet: str) -> Cells:
        found = Cells()
        for row in self.workbook.rows(sheet):
            found.rows += 1
            found.hidden_rows += row.hidden
            found.formulas += len(row.formulas)
            found.used.update(row.values)
            for column, value in row.values.items():
                if value == NOT_CALCULATED:
                    found.uncalculated.append((row.number, column))
                elif isinstance(value, Unreadable) and value.reason.startswith("#"):
                    found.errors.append((row.number, column))
        return found

    @cached_property
    def properties(self) -> dict[str, str]:
        """The file's custom properties, by name."""
        if _CUSTOM not in self.parts:
            return {}
        return {
            each.attributes.get("name", ""): "".join(child.text for child in each.children)
            for each in self.tree(_CUSTOM).children
        }
