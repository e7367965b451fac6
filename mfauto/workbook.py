"""The tracker read into the model: every filled row, nothing guessed.

A cell is a value, blank or unreadable with its reason; the reason travels with
the record as a `Flaw`. Nothing here judges the process or writes anything.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final, TypeVar

from mfauto.addresses import letters
from mfauto.columns import (
    ACTIONS,
    CASES,
    EXAMPLES,
    MEETINGS,
    PEOPLE,
    REAUDITS,
    YES_NO,
    Column,
    Sheet,
)
from mfauto.comparing import bare, tidy
from mfauto.dates import Refused, day_of_serial, read_day
from mfauto.layout import find_places
from mfauto.model import (
    Action,
    Case,
    Example,
    Flaw,
    Meeting,
    Person,
    Place,
    ReAudit,
    Record,
    Tracker,
)
from mfauto.settings import Settings
from mfauto.wording import day_words
from mfauto.xlsx import Row, Unreadable, Workbook, open_workbook
from mfauto.xlsx.values import NOT_CALCULATED, Value

_Made = TypeVar("_Made", bound=Record)
Answer = tuple[Any, Flaw | None]

_EARLIEST: Final = date(2000, 1, 1)
_LATEST: Final = date(2049, 12, 31)
_YEARS: Final = 8  # further than this from the middle half of the tracker's days is implausible
_FEW: Final = 8  # days from which a middle half can be told
_BIDI: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_TOTALS: Final = frozenset({"total", "totals", "grandtotal", "subtotal", "sum", "count"})
_NOTE: Final = 3  # words from which a lone text under Case ref is a note, not a ref
_UNCLEAR: Final = frozenset(
    {"y", "yes", "n", "no", "na", "none", "true", "false", "nil", "tbc", "dontknow", "unknown"}
)
_PLAIN_YES_NO: Final = {"y": "Yes", "true": "Yes", "n": "No", "false": "No"}
_DAY_SECONDS: Final = 86_400


def read_tracker(
    path: Path, settings: Settings | None = None, *, keep_auto: bool = False
) -> Tracker:
    """Read the tracker at `path`, with the names that `settings` give its sheets and headings.

    `keep_auto` keeps what the Auto cells show now, so that `flag` writes only what changes.

    Raises:
        TrackerError: the file cannot be read, or a sheet or heading is missing or
            stands twice. A bad cell is no error; it becomes a flaw of its record.

    """
    settings = settings or Settings(folder=path.parent)
    with open_workbook(path, settings.wait_seconds) as workbook:
        places = find_places(workbook, settings)
        reader = _Reader(workbook, places, keep_auto=keep_auto)
        tracker = Tracker(
            path=path,
            sha256=workbook.sha256,
            cases=reader.records(CASES, Case),
            actions=reader.records(ACTIONS, Action),
            reaudits=reader.records(REAUDITS, ReAudit),
            examples=reader.records(EXAMPLES, Example),
            meetings=reader.records(MEETINGS, Meeting),
            people=reader.records(PEOPLE, Person),
            places=reader.places,
            auto=reader.auto,
        )
    return _plausible(tracker)


class _Reader:
    """Reads the sheets of one workbook."""

    def __init__(self, workbook: Workbook, places: Mapping[str, Place], *, keep_auto: bool) -> None:
        self.workbook = workbook
        self.places = dict(places)
        self.keep_auto = keep_auto
        self.auto: dict[tuple[str, str], object] = {}

    def records(self, sheet: Sheet, kind: type[_Made]) -> tuple[_Made, ...]:
        """Read each filled row below the headings. No sheet: no rows."""
        place = self.places.get(sheet.name)
        if place is None:
            return ()
        readers = {
            place.columns[column.field]: (column.field, self._reader_of(column))
            for column in sheet.columns
            if column.kind != "auto" and column.field in place.columns
        }
        ref = place.columns.get(sheet.key[0])
        auto = self._auto_columns(sheet, place)
        merged = bool(self.workbook.merges(place.name))
        made: list[_Made] = []
        hidden = 0
        for row in self.workbook.rows(place.name):
            if row.number <= place.header or not _is_filled(row, readers, ref):
                continue
            hidden += row.hidden
            for column in auto:
                if column in row.values:
                    cell = (place.name, f"{letters(column)}{row.number}")
                    self.auto[cell] = row.values[column]
            fields: dict[str, Any] = {"row": row.number}
            flaws: list[Flaw] = []
            for column, value in row.values.items():
                field, read = readers.get(column, ("", None))
                if read is None:
                    continue
                answer, flaw = read(value)
                fields[field] = answer
                if flaw is not None:
                    flaws.append(replace(flaw, field=field))
            if merged:
                flaws += self._covered(place, row.number, readers)
            made.append(kind(**fields, flaws=tuple(flaws)))
        self.places[sheet.name] = replace(place, hidden_rows=hidden)
        return tuple(made)

    def _auto_columns(self, sheet: Sheet, place: Place) -> tuple[int, ...]:
        return tuple(
            place.columns[column.field]
            for column in sheet.columns
            if self.keep_auto and column.kind == "auto" and column.field in place.columns
        )

    def _reader_of(self, column: Column) -> Callable[[Value], Answer]:
        if column.is_date:
            return self._day
        if column.kind == "choice":
            return _choice_of(column)
        if column.kind == "number":
            return _whole_number
        if column.kind in ("ref", "name", "person"):
            return _name
        if column.kind == "time":
            return _time
        return _text

    def _day(self, value: Value) -> Answer:
        if isinstance(value, date):
            return (value.date() if isinstance(value, datetime) else value), None
        if isinstance(value, str):
            if not tidy(value):
                return None, None
            read = read_day(value)
            if isinstance(read, Refused):
                return None, Flaw("", "not_a_date", value, read.proposal)
            return read, Flaw("", "text_date", value, unreadable=False)
        if isinstance(value, Unreadable):
            return _unreadable(value)
        shown = _as_text(value)
        if isinstance(value, bool):
            return None, Flaw("", "not_a_date", shown)
        meant = day_of_serial(value, epoch_1904=self.workbook.epoch_1904)
        proposal = day_words(meant) if meant and _EARLIEST <= meant <= _LATEST else None
        return None, Flaw("", "number_for_date", shown, proposal)

    def _covered(self, place: Place, row: int, readers: Mapping[int, Any]) -> Iterator[Flaw]:
        """Give a flaw for each cell of a row that a merge covers; only the first has a value."""
        for merge in self.workbook.merges(place.name):
            if merge.top <= row <= merge.bottom:
                for column in readers:
                    first = (row, column) == (merge.top, merge.left)
                    if merge.holds(row, column) and not first:
                        yield Flaw(readers[column][0], "merged", "", unreadable=False)


def _is_filled(row: Row, readers: Mapping[int, Any], ref: int | None) -> bool:
    """Say whether a row holds a record: not a note, a totals row or formulas only."""
    shown = {
        column: value
        for column, value in row.values.items()
        if column in readers and not (isinstance(value, str) and not tidy(value))
    }
    first = shown.get(ref) if ref is not None else None
    if isinstance(first, str) and bare(first) in _TOTALS:
        return False
    typed = shown.keys() - row.formulas
    if not typed:
        # Rows of formulas are filled down ahead of use; one in use has a ref and a day.
        return bool(first) and any(isinstance(value, date) for value in shown.values())
    if len(shown) > 1:
        return True
    (lone,) = shown.values()
    if isinstance(lone, str):
        return lone is first and len(lone.split()) < _NOTE  # a ref, not a sentence
    return isinstance(lone, date) or lone is first


def _unreadable(value: Unreadable) -> Answer:
    if value.reason.startswith("#"):
        return None, Flaw("", "excel_error", value.reason)
    kind = "not_calculated" if value.reason == NOT_CALCULATED.reason else "no_value"
    return None, Flaw("", kind, value.shown or value.reason)


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        return f"{day_words(value)} {value:%H:%M}"
    return day_words(value) if isinstance(value, date) else str(value)


def _hidden(text: str) -> Flaw | None:
    """Give a flaw for direction marks and control characters, which nobody sees."""
    if text.isprintable():
        return None
    if any(c in _BIDI or (ord(c) < ord(" ") and c not in "\t\r\n") or c == "\x7f" for c in text):
        return Flaw("", "hidden_characters", text, unreadable=False)
    return None


def _text(value: Value) -> Answer:
    if isinstance(value, str):
        return (value, _hidden(value)) if tidy(value) else (None, None)
    if isinstance(value, Unreadable):
        return _unreadable(value)
    return _as_text(value), None


def _name(value: Value) -> Answer:
    if isinstance(value, str):
        name = tidy(value)
        return (name, _hidden(value)) if name else (None, None)
    if isinstance(value, Unreadable):
        return _unreadable(value)
    if isinstance(value, bool | date):
        return None, Flaw("", "not_text", _as_text(value))
    return _as_text(value), None


def _whole_number(value: Value) -> Answer:
    if isinstance(value, str):
        text = tidy(value)
        if not text:
            return None, None
        if text.isascii() and text.isdigit():
            return int(text), None
        return None, Flaw("", "not_a_whole_number", value)
    if isinstance(value, Unreadable):
        return _unreadable(value)
    if isinstance(value, float) and value.is_integer() and value >= 0:
        return int(value), None
    return None, Flaw("", "not_a_whole_number", _as_text(value))


def _time(value: Value) -> Answer:
    if isinstance(value, datetime):
        return f"{value:%H:%M}", None
    if isinstance(value, float) and 0 <= value < 1:
        minutes = round(value * _DAY_SECONDS / 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}", None
    return _text(value)


def _choice_of(column: Column) -> Callable[[Value], Answer]:
    known = {bare(choice): choice for choice in column.choices}
    if column.choices == YES_NO:
        known |= _PLAIN_YES_NO

    def choice(value: Value) -> Answer:
        if isinstance(value, Unreadable):
            return _unreadable(value)
        text = _as_text(value)
        if not tidy(text):
            return None, None
        found = known.get(bare(text))
        if found:
            return found, None
        if bare(text) in _UNCLEAR or not bare(text):
            return None, Flaw("", "unclear_answer", text)
        near = get_close_matches(text.strip().capitalize(), column.choices, n=1)
        return None, Flaw("", "unknown_value", text, f'"{near[0]}"' if near else None)

    return choice


def _plausible(tracker: Tracker) -> Tracker:
    """Take out days far outside the tracker's life, such as 2062: each becomes a flaw."""
    groups: dict[str, tuple[Record, ...]] = {
        "cases": tracker.cases,
        "actions": tracker.actions,
        "reaudits": tracker.reaudits,
        "examples": tracker.examples,
        "meetings": tracker.meetings,
    }
    days = sorted(day for records in groups.values() for _, _, day in _days(records))
    if not days:
        return tracker
    first, last = _life(days)
    if first <= days[0] and days[-1] <= last:
        return tracker
    changed: dict[str, Any] = {}
    for name, records in groups.items():
        far: dict[int, list[tuple[str, date]]] = {}
        for place, field, day in _days(records):
            if not first <= day <= last:
                far.setdefault(place, []).append((field, day))
        changed[name] = tuple(
            _without(record, far[place], days) if place in far else record
            for place, record in enumerate(records)
        )
    return replace(tracker, **changed)


def _days(records: Iterable[Record]) -> Iterator[tuple[int, str, date]]:
    for place, record in enumerate(records):
        for field in _DAY_FIELDS[type(record)]:
            day = getattr(record, field)
            if day is not None:
                yield place, field, day


_DAY_FIELDS: Final = {
    kind: tuple(column.field for column in sheet.columns if column.is_date)
    for kind, sheet in (
        (Case, CASES),
        (Action, ACTIONS),
        (ReAudit, REAUDITS),
        (Example, EXAMPLES),
        (Meeting, MEETINGS),
        (Person, PEOPLE),
    )
}


def _life(days: list[date]) -> tuple[date, date]:
    if len(days) < _FEW:
        return _EARLIEST, _LATEST
    early, late = days[len(days) // 4], days[3 * len(days) // 4]
    return (
        max(_EARLIEST, date(max(early.year - _YEARS, 1), 1, 1)),
        min(_LATEST, date(late.year + _YEARS, 12, 31)),
    )


def _without(record: Record, far: list[tuple[str, date]], days: list[date]) -> Record:
    """Blank the implausible days of a record; the middle day's year is what was likely meant."""
    middle = days[len(days) // 2].year
    flaws = list(record.flaws)
    blank: dict[str, Any] = {}
    for field, day in far:
        swapped = f"{day.year:04d}"[:2] + f"{day.year:04d}"[:1:-1]
        near = swapped.isdigit() and abs(int(swapped) - middle) <= 2  # noqa: PLR2004
        proposal = day_words(day.replace(year=int(swapped))) if near and day.day < 29 else None  # noqa: PLR2004
        shown = f"{day.day} {day_words(day).split()[1]} {day.year:04d}"
        flaws = [flaw for flaw in flaws if flaw.field != field]
        flaws.append(Flaw(field, "implausible_date", shown, proposal))
        blank[field] = None
    return replace(record, **blank, flaws=tuple(flaws))
