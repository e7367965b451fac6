"""The one page of the exception report: where its template puts each field, and the room there.

Measured from the template, so that an officer may restyle it. Lengths are points.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from mfauto.fitting import SPARE, lines_of, width
from mfauto.word.blocks import Layout, Paragraph, Table

SPARE_LINES: Final = 2  #: left empty at the foot, since no two programs measure quite alike
_SPARE_SHARE: Final = 0.04  # of the page, where the template leaves the height of lines open
_TAG: Final = re.compile(r"\{\{[^{}]*?(\w+)\s*(?:\|[^{}]*)?\}\}")
_ANY_TAG: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a field stands."""

    room: float  #: width of the lines
    size: float  #: of the type
    line: float  #: height of a line
    lead: str = ""  #: the words before it on its first line; they may hold tags
    alone: float = 0.0  #: what is left for it where it must stay on one line


_ELSEWHERE: Final = Place(400.0, 11.0, 13.2, "", 150.0)  # a field that the template does not use


@dataclass(frozen=True, slots=True)
class Cells:
    """The row of the table that is repeated for each action."""

    places: Mapping[str, Place]
    around: float  #: what a row takes besides its lines

    def place(self, field: str) -> Place:
        """Give the place of a column."""
        return self.places.get(field, _ELSEWHERE)


class Page:
    """The page that a template makes; `long` are the fields that it is shared out between."""

    def __init__(self, layout: Layout, long: frozenset[str]) -> None:
        self.layout = layout
        self._long = long
        self.places: dict[str, Place] = {}
        self.cells = Cells({}, 0.0)
        self._rows = 0.0  #: height of the rows that no action fills
        self._changing: list[Paragraph] = []  #: those whose height the fields decide
        self._always = 0.0  #: height of all others
        for block in layout.blocks:
            if isinstance(block, Table):
                self._table(block)
            else:
                self._paragraph(block)

    def place(self, field: str) -> Place:
        """Give the place of a field."""
        return self.places.get(field, _ELSEWHERE)

    def free(self, values: Mapping[str, str], *, table: bool) -> float:
        """Give the height left for the long fields and the rows of the table.

        `values` are all other fields; `table` says whether the table is there.
        """
        taken = self._always + sum(_height(one, values) for one in self._changing)
        if table:
            taken += self._rows
        return self.layout.height - taken - self._spare()

    def _paragraph(self, paragraph: Paragraph) -> None:
        self.places |= _places(paragraph)
        names = {tag[1] for tag in _TAG.finditer(paragraph.text)}
        if paragraph.holds_only_a_tag:
            return
        if names & self._long:
            self._always += paragraph.around
        elif names and "\t" not in paragraph.text:
            self._changing.append(paragraph)
        else:
            self._always += _height(paragraph, {})

    def _spare(self) -> float:
        blocks = [block for block in self.layout.blocks if isinstance(block, Paragraph)]
        lines = [self.places[name].line for name in self._long if name in self.places]
        spare = SPARE_LINES * max(lines, default=0.0)
        if not all(block.exact for block in blocks):
            spare += _SPARE_SHARE * self.layout.height
        return spare

    def _table(self, table: Table) -> None:
        repeated = False
        for row in table.rows:
            text = "".join(cell.text for cell in row.cells)
            if "{%tr" in text:
                repeated = " for " in text
            elif repeated:
                places = {name: one for cell in row.cells for name, one in _places(cell).items()}
                self.cells = Cells(places, row.around + max(cell.around for cell in row.cells))
            else:
                cells = (_height(cell, {}) for cell in row.cells)
                self._rows += row.around + max(cells, default=0.0)


def filled(text: str, values: Mapping[str, str]) -> str:
    """Give a text with its tags filled; of one that is no plain name nothing is left."""
    return _ANY_TAG.sub("", _TAG.sub(lambda tag: values.get(tag[1], ""), text))


def _height(paragraph: Paragraph, values: Mapping[str, str]) -> float:
    text, lines = paragraph.text, 1
    if "\t" not in text:
        heavy = "".join(piece.text for piece in paragraph.pieces if piece.bold)
        lead = filled(heavy, values) if text.startswith(heavy) else ""
        rest = filled(text.removeprefix(heavy) if lead else text, values)
        lines = lines_of(rest, paragraph.room, paragraph.size, lead)
    return paragraph.around + lines * paragraph.line


def _places(paragraph: Paragraph) -> dict[str, Place]:
    """Give the place of each field of a paragraph."""
    text, found = paragraph.text, {}
    for tag in _TAG.finditer(text):
        start = text.rfind("\t", 0, tag.start()) + 1
        end = text.find("\t", tag.end())
        number = text.count("\t", 0, tag.start())
        lead = text[start : tag.start()]
        beside = _ANY_TAG.sub("", f"{lead}{text[tag.end() : end if end >= 0 else None]}")
        left = _stop(paragraph, number - 1) if number else 0.0
        right = _stop(paragraph, number) if end >= 0 else paragraph.room
        alone = (right - left) * SPARE - width(beside, paragraph.size, bold=True)
        found[tag[1]] = Place(paragraph.room, paragraph.size, paragraph.line, lead, alone)
    return found


def _stop(paragraph: Paragraph, number: int) -> float:
    stops = paragraph.stops
    return stops[number] if number < len(stops) else paragraph.room
