"""Lists that people type into a cell, a mark before each line: told apart from plain text.

A document shows them as real lists, or where a text has only one place, joined as one text.
What the tracker holds is never changed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, Self

from mfauto.wording import MONTHS

_LEAST: Final = 2  #: marks that make a list among other lines
_MARK: Final = re.compile(
    r"\s*(?:"
    r"[•·▪■●○◦‣*]\s+|[•▪■●○◦‣](?=\S)|[-–—](?:\s+|(?=[^\W\d_]))"
    r"|\(?(?P<number>\d{1,2})[.)](?:\s+|(?=[^\W\d_]))"
    r"|\(?(?P<letter>[a-z]|[ivx]{2,4})[.)]\s+|\(?(?P<capital>[A-Z])\)\s+"
    r")(?=\S)"
)
#: "3. April" is a day
_MONTH: Final = re.compile(
    rf"(?:{'|'.join([*MONTHS, 'Sept', *(month[:3] for month in MONTHS)])})\b", re.IGNORECASE
)
_FIRST: Final = frozenset(["1", "a", "A", "i"])  #: what a list of one line may begin with
_STOPS: Final = (".", "!", "?", ":", "…")
_CLOSING: Final = "\"'”’)]"


class Part(str):
    """A paragraph: a text that knows whether it is an item of a list."""

    __slots__ = ("item",)
    item: bool

    def __new__(cls, text: str, *, item: bool = False) -> Self:
        """Make a paragraph of a text, which has no mark of its own."""
        made = super().__new__(cls, text)
        made.item = item
        return made


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    item: bool = False
    point: str = ""  #: the number or letter of an item


def parts(text: str) -> list[Part]:
    """Give the paragraphs of a text; an item keeps its number in words, as others refer to it."""
    return [
        Part(f"Point {line.point}: {line.text}" if line.point else line.text, item=line.item)
        for line in _lines(text)
    ]


def joined(text: str) -> str:
    """Give a text whose list is told on one line; one without a list as it is."""
    lines = list(_lines(text))
    if not any(line.item for line in lines):
        return text
    said = ""
    for place, line in enumerate(lines):
        following = lines[place + 1] if place + 1 < len(lines) else None
        said += _told(line, following)
    return said


def _told(line: _Line, following: _Line | None) -> str:
    """Give a line, and what leads from it to the next."""
    if following is None:
        return line.text
    text = line.text.rstrip(" ,;") if line.item else line.text
    if text.rstrip(_CLOSING).endswith(_STOPS) or not (line.item or following.item):
        return f"{text} "
    if not line.item:
        return f"{text}: "
    return f"{text}; " if following.item else f"{text}. "


def _lines(text: str) -> Iterator[_Line]:
    """Give the lines of a text, each with what goes on in the next."""
    rows = [row for row in text.splitlines() if row.strip()]
    marks = [_mark(row) for row in rows]
    number = sum(mark is not None for mark in marks)
    if number < min(_LEAST, len(rows)) or (number == 1 and not _alone(marks[0])):
        marks = [None] * len(rows)
    last: _Line | None = None
    for row, mark in zip(rows, marks, strict=True):
        if mark is None and last is not None and last.item and _goes_on(row):
            last = replace(last, text=f"{last.text} {row.strip()}")
            continue
        if last is not None:
            yield last
        if mark is None:
            last = _Line(row.strip())
        else:
            point = mark[mark.lastgroup] if mark.lastgroup else ""
            last = _Line(row[mark.end() :].strip(), item=True, point=point)
    if last is not None:
        yield last


def _mark(row: str) -> re.Match[str] | None:
    mark = _MARK.match(row)
    return None if mark and mark["number"] and _MONTH.match(row, mark.end()) else mark


def _alone(mark: re.Match[str] | None) -> bool:
    """Say whether a mark makes a list of one line: a sign does, and the first of its kind."""
    return mark is not None and (mark.lastgroup is None or mark[mark.lastgroup] in _FIRST)


def _goes_on(row: str) -> bool:
    """Say whether a line without a mark belongs to the item above."""
    return row[0].isspace() or row[0].islower()
