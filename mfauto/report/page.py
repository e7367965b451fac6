"""The one page of the exception report: where its template puts each field, and the room there.

Measured from the template, so that an officer may restyle it. Lengths are points.
"""

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from mfauto.fitting import SPARE, lines_of, width
from mfauto.word.blocks import Layout, Paragraph, Table

SPARE_LINES: Final = 2  #: left empty at the foot, since no two programs measure quite alike
_SPARE_SHARE: Final = 0.04  # of the page, where the template leaves the height of lines open
_TAG: Final = re.compile(r"\{\{[^{}]*?(\w+)\s*(?:\|[^{}]*)?\}\}")
_IF: Final = re.compile(r"\{%p?\s*if\s+(\w+)\s*%\}")
_BRANCH: Final = re.compile(r"\{%p?\s*(if|elif|else|endif)\b")
_ANY_TAG: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a field stands."""

    room: float  #: width of the lines
    size: float  #: of the type
    line: float  #: height of a line
    lead: str = ""  #: the words before it on its first line; they may hold tags
    alone: float = 0.0  #: what is left for it where it must stay on one line


#: fields that decide whether a paragraph is there, each with whether it has to be filled
Conditions = tuple[tuple[str, bool], ...]

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
        self._changing: list[tuple[Conditions, _Changing]] = []  #: those that the fields decide
        self._conditions: list[tuple[str, bool]] = []  #: those that hold where the reading is
        self._shown_if: dict[str, Conditions] = {}  #: by the field
        self._always = 0.0  #: height of all others
        for block in layout.blocks:
            if isinstance(block, Table):
                self._table(block)
            else:
                self._paragraph(block)

    def place(self, field: str) -> Place:
        """Give the place of a field."""
        return self.places.get(field, _ELSEWHERE)

    def shows(self, field: str, values: Mapping[str, str]) -> bool:
        """Say whether the page has a field; `values` decide which of two texts is there."""
        return field in self.places and _hold(self._shown_if.get(field, ()), values)

    def free(self, values: Mapping[str, str], *, table: bool) -> float:
        """Give the height left for the long fields and the rows of the table.

        `values` are all other fields; `table` says whether the table is there.
        """
        taken = self._always
        for conditions, one in self._changing:
            if _hold(conditions, values):
                taken += one.height(values)
        if table:
            taken += self._rows
        return self.layout.height - taken - self._spare

    def _paragraph(self, paragraph: Paragraph) -> None:
        self.places |= _places(paragraph)
        if paragraph.holds_only_a_tag:
            self._branch(paragraph.text.strip())
            return
        names = {tag[1] for tag in _TAG.finditer(paragraph.text)}
        conditions = tuple(one for one in self._conditions if one[0])
        self._shown_if |= dict.fromkeys(names, conditions)
        if conditions or (names and "\t" not in paragraph.text and not names & self._long):
            is_long = any(tag[1] in self._long for tag in _TAG.finditer(paragraph.text))
            self._changing.append((conditions, _Changing(paragraph, names, is_long=is_long)))
        elif names & self._long:
            self._always += paragraph.around
        else:
            self._always += _height(paragraph, {})

    def _branch(self, tag: str) -> None:
        """Follow `{%p if x %}` to its end. Where it asks for more than a field, both ways count."""
        kind, plain = _BRANCH.match(tag), _IF.fullmatch(tag)
        if kind is None:
            return
        if kind[1] == "if":
            self._conditions.append((plain[1], True) if plain else ("", True))
        elif self._conditions:
            name, _ = self._conditions.pop()
            if kind[1] != "endif":
                self._conditions.append((name if kind[1] == "else" else "", False))

    @cached_property
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


class _Changing:
    """A paragraph whose height the fields decide, by what they say or by leaving it out."""

    def __init__(self, paragraph: Paragraph, names: AbstractSet[str], *, is_long: bool) -> None:
        self._paragraph = paragraph
        self._names = tuple(names)
        self._is_long = is_long
        self._latest: tuple[list[str | None], float] | None = None

    def height(self, values: Mapping[str, str]) -> float:
        """Give its height with these fields; without the lines of a long one."""
        if self._is_long:
            return self._paragraph.around
        asked = [values.get(name) for name in self._names]
        if self._latest is None or asked != self._latest[0]:
            self._latest = asked, _height(self._paragraph, values)
        return self._latest[1]


def filled(text: str, values: Mapping[str, str]) -> str:
    """Give a text with its tags filled; of one that is no plain name nothing is left."""
    return _ANY_TAG.sub("", _TAG.sub(lambda tag: values.get(tag[1], ""), text))


def _hold(conditions: Conditions, values: Mapping[str, str]) -> bool:
    """Say whether conditions hold; one on what is no field of one text always does."""
    return all(bool(values[name]) is filled for name, filled in conditions if name in values)


def _height(paragraph: Paragraph, values: Mapping[str, str]) -> float:
    text, lines = paragraph.text, 1
    if "\t" not in text:
        heavy = "".join(piece.text for piece in paragraph.pieces if piece.bold)
        lead = filled(heavy, values) if text.startswith(heavy) else ""
        rest = filled(text.removeprefix(heavy) if lead else text, values)
        lines = lines_of(rest, paragraph.room, paragraph.size, lead) + rest.count("\n")
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
