"""A workbook nobody has seen yet: each sheet's headings, and what its columns hold.

Nothing is judged by a heading alone: a column of dates is not a Team.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import islice
from typing import Final

from mfauto.adopting.words import alike, is_private
from mfauto.columns import AUTO, GRADES, SHEETS, Column
from mfauto.comparing import bare, same, tidy
from mfauto.dates import Refused, read_day
from mfauto.layout import SEARCHED
from mfauto.layout.headings import Headings, Top
from mfauto.wording import day_words
from mfauto.xlsx import Workbook
from mfauto.xlsx.values import Value

_ROWS: Final = 400  # rows below the headings that are looked at
_SAMPLES: Final = 3
_SHOWN: Final = 40  # letters of a sample
_MOST: Final = 0.8  # share of the values from which a column counts as of a kind
_SOME: Final = 0.5  # share below which it is not
_LONG: Final = 60  # letters from which a text is free text
_NAME: Final = re.compile(r"[^\W\d_][\w'’.-]*(?: [^\W\d_][\w'’.-]*){1,3}")
_EMAIL: Final = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_TIME: Final = re.compile(r"\d{1,2}[:.]\d{2}(?: ?[ap]m)?", re.IGNORECASE)
Test = Callable[[Value], bool]
_LEAST: Final = 3  # headings like ours that make a heading row


@dataclass(frozen=True)
class Found:
    """One column of one sheet."""

    sheet: str
    number: int
    heading: str  #: whole: "Meeting / Held" where it stands in two rows
    values: tuple[Value, ...]  #: the filled cells below the heading, the first few hundred
    told: bool = False  #: the heading says what kind of record it is of: "Action 1 due"

    @property
    def private(self) -> bool:
        """Say whether it is about who a child is: never mapped, and no sample is shown."""
        return is_private(self.heading)

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The values that are text, tidied."""
        return tuple(tidy(value) for value in self.values if isinstance(value, str))

    def share(self, test: Test) -> float:
        """Say which share of the values passes a test; 0 where there are none."""
        return sum(map(bool, map(test, self.values))) / len(self.values) if self.values else 0.0

    @cached_property
    def days(self) -> float:
        """The share of the values that are days."""
        return self.share(_is_day)

    def likeness(self, sheet: str, column: Column) -> float:
        """Say from 0 to 1 how alike the heading is to one of ours."""
        return alike(sheet, column.heading, self.heading, told=self.told)

    def samples(self) -> str:
        """Say what it holds by a few different values, short; none of a private column."""
        if self.private:
            return "What it holds is not shown."
        seen = dict.fromkeys(_shown(value) for value in self.values)
        return f"It holds {', '.join(islice(seen, _SAMPLES))}." if seen else "It is empty."

    def agrees(self, column: Column, refs: frozenset[str] = frozenset()) -> float | None:
        """Say from -1 to 1 how well the values suit one of our columns; None where it is empty.

        `refs` are the compared Case refs, for a column that repeats them.
        """
        if not self.values:
            return None
        if column.is_date:
            return _scaled(self.days)
        if self.days > _SOME:
            return -1.0
        if column.kind == "ref":
            return self._as_refs(column, refs)
        if column.kind == "choice":
            return _scaled(self.share(_in(column.choices)))
        test = _TESTS.get(column.kind)
        return self._as_text(column) if test is None else _scaled(self.share(test))

    def _as_refs(self, column: Column, refs: frozenset[str]) -> float:
        shown = [same(_text(value)) for value in self.values]
        if column.field == "case_ref" and refs:
            return _scaled(sum(ref in refs for ref in shown) / len(shown))
        short = sum(len(ref) <= _SHOWN and bool(re.search(r"\d", ref)) for ref in shown)
        if column.field == "case_ref":
            return _scaled(short / len(shown))
        return min(_scaled(len(set(shown)) / len(shown)), _scaled(short / len(shown)))

    def _as_text(self, column: Column) -> float:
        if len(self.texts) < _SOME * len(self.values):
            return -1.0
        if self.share(_in(GRADES)) >= _MOST:
            return -1.0
        if column.kind == "place":
            return 0.5 if max(map(len, self.texts)) <= _LONG else -1.0
        return 0.5


def _scaled(share: float) -> float:
    """Give 1 for a column all of a kind, -1 for one that is not."""
    if share >= _MOST:
        return share
    return -1.0 if share < _SOME else 0.0


def _text(value: Value) -> str:
    if isinstance(value, str):
        return tidy(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(value)
    return str(value)


def _shown(value: Value) -> str:
    text = day_words(value) if isinstance(value, date) else " ".join(_text(value).split())
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def _is_day(value: Value) -> bool:
    if isinstance(value, str):
        return not isinstance(read_day(value), Refused)
    return isinstance(value, date)


def _is_name(value: Value) -> bool:
    text = _text(value)
    return isinstance(value, str) and len(text) <= _SHOWN and bool(_NAME.fullmatch(text))


def _is_number(value: Value) -> bool:
    return _text(value).isdigit()


def _is_time(value: Value) -> bool:
    return bool(_TIME.fullmatch(_text(value))) or (isinstance(value, float) and 0 < value < 1)


def _is_email(value: Value) -> bool:
    return bool(_EMAIL.fullmatch(_text(value)))


_TESTS: Final[Mapping[str, Test]] = {
    "person": _is_name,
    "name": _is_name,
    "number": _is_number,
    "time": _is_time,
    "email": _is_email,
}


def _in(choices: Sequence[str]) -> Test:
    known = {bare(choice) for choice in choices}
    return lambda value: bare(_text(value)) in known


@dataclass(frozen=True)
class Seen:
    """One sheet as it was looked at."""

    name: str
    headings: Headings
    columns: tuple[Found, ...] = field(repr=False)

    def names(self) -> frozenset[str]:
        """Give the compared headings, to tell sheets that are kept alike."""
        return frozenset(bare(column.heading) for column in self.columns)


def look(workbook: Workbook) -> list[Seen]:
    """Look at every worksheet that has a row of headings like ours; the others are left out."""
    found = []
    for sheet in workbook.sheets:
        if sheet.kind != "worksheet":
            continue
        rows = list(islice(workbook.rows(sheet.name), SEARCHED + _ROWS))
        top = Top.of(row for row in rows if row.number <= SEARCHED)
        headings = _heading_row(top.merged(workbook.merges(sheet.name)))
        if headings is None:
            continue
        values: dict[int, list[Value]] = {number: [] for number in headings.shown}
        for row in rows:
            if row.number > headings.row:
                for number, value in row.values.items():
                    if number in values and not (isinstance(value, str) and not tidy(value)):
                        values[number].append(value)
        columns = tuple(
            Found(sheet.name, number, text, tuple(values[number]))
            for number, text in headings.shown.items()
            if not text.startswith(AUTO)
        )
        found.append(Seen(sheet.name, headings, columns))
    return found


def _heading_row(top: Top) -> Headings | None:
    """Give the row that is most like headings of ours; of equals the plainer and upper one."""
    best: tuple[float, Headings] | None = None
    for reading in top.readings:
        if reading.inherits and sum(map(_known, reading.own.values())) == 0:
            continue
        score = sum(_known(text) for text in reading.shown.values())
        if score >= _LEAST and (best is None or score > best[0]):
            best = score, reading
    return best[1] if best else None


def _known(text: str) -> float:
    """Say how like any heading of ours a text is; 0 where it is not like one."""
    if len(text) > _LONG:
        return 0.0
    score = max(
        alike(sheet.name, column.heading, text) for sheet in SHEETS for column in sheet.columns
    )
    return score if score > 0.75 else 0.0  # noqa: PLR2004 - below it is chance


def case_refs(columns: Iterable[Found]) -> frozenset[str]:
    """Give the compared Case refs of the columns that hold them."""
    return frozenset(same(_text(value)) for column in columns for value in column.values)
