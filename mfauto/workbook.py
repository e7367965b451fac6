"""The tracker read into the model: every filled row, nothing guessed.

A cell is a value, blank or unreadable with its reason; the reason travels with
the record as a `Flaw`. Nothing here judges the process or writes anything.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar

from mfauto.addresses import letters
from mfauto.answers import Answer, Reader, as_typed, reader_of
from mfauto.columns import (
    ACTIONS,
    CASES,
    EXAMPLES,
    MEETINGS,
    PEOPLE,
    REAUDITS,
    Column,
    Sheet,
)
from mfauto.comparing import bare, same, tidy
from mfauto.layout import Layout, find_places
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
from mfauto.patterns import pattern
from mfauto.plausible import plausible
from mfauto.records import defaults, filler, replace
from mfauto.settings import Settings
from mfauto.xlsx import Area, Workbook, open_workbook
from mfauto.xlsx.dealing import APART, NOWHERE, Dealt
from mfauto.xlsx.dealing import Reader as Dealing
from mfauto.xlsx.values import Value

_Made = TypeVar("_Made", bound=Record)


class _Field(NamedTuple):
    """A field with a column of its own."""

    at: int  #: its place among all fields
    name: str
    read: Reader  #: reads its cells


Fields = Mapping[int, _Field]  #: by column number
Filled = Callable[[Dealt, Fields, int], bool]  #: says whether a row holds a record

_MOST: Final = 20_000  # texts of a column that are remembered
_LISTS: Final = "lists"  # the sheet whose lists the drop-downs offer, as names are compared
_LONGEST_LIST: Final = 1_000  # rows of it that are looked at
_TOTALS: Final = frozenset({"total", "totals", "grandtotal", "subtotal", "sum", "count"})
_LONGEST_TOTAL: Final = 40  # letters, with any spaces around them
_DAY: Final = pattern(r"\d{1,2} [A-Z][a-z]+ \d{4}")  # as `flag` writes a day in words
_NOTE: Final = 3  # words from which a lone text in a column of names or days is a note
_LETTERS: Final = pattern(r"[^\W\d_]+")
_DIGITS: Final = pattern(r"\d+")


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
        layout = find_places(workbook, settings)
        reader = _Reader(workbook, layout, keep_auto=keep_auto)
        people = reader.records(PEOPLE, Person)
        reader.people = tuple(person.name for person in people if person.name)
        tracker = Tracker(
            path=path,
            sha256=workbook.sha256,
            saved=workbook.saved,
            cases=reader.records(CASES, Case),
            actions=reader.records(ACTIONS, Action),
            reaudits=reader.records(REAUDITS, ReAudit),
            examples=reader.records(EXAMPLES, Example),
            meetings=reader.records(MEETINGS, Meeting),
            people=people,
            places=reader.places,
            auto=reader.auto,
            areas=_areas(workbook),
            unread=layout.unread,
        )
    return plausible(tracker)


def _areas(workbook: Workbook) -> tuple[str, ...]:
    """Give the service areas that the sheet Lists offers; none where it has no such list."""
    heading = bare(CASES.column("service_area").heading)
    column = 0
    found: list[str] = []
    for sheet in workbook.sheets:
        if sheet.kind != "worksheet" or bare(sheet.name) != _LISTS:
            continue
        for row in workbook.rows(sheet.name):
            if row.number > _LONGEST_LIST:
                break
            if column:
                text = row.values.get(column)
                found += [text] if isinstance(text, str) and tidy(text) else []
            else:
                column = next((n for n, text in row.values.items() if _is(text, heading)), 0)
    return tuple(found)


def _is(value: Value, heading: str) -> bool:
    return isinstance(value, str) and bare(value) in (heading, f"{heading}s")


class _Reader:
    """Reads the sheets of one workbook."""

    def __init__(self, workbook: Workbook, layout: Layout, *, keep_auto: bool) -> None:
        self.workbook = workbook
        self.places = dict(layout.places)
        self.merges = layout.merges
        self.keep_auto = keep_auto
        self.auto: dict[tuple[str, str], object] = {}
        self.people: tuple[str, ...] = ()  # who may be named in a line of text

    def records(self, sheet: Sheet, kind: type[_Made]) -> tuple[_Made, ...]:
        """Read each filled row below the headings, place after place. No sheet: no rows."""
        made: list[_Made] = []
        places = []
        for number, place in enumerate(self.places.get(sheet.name, ())):
            found, hidden = self._of_place(sheet, kind, number, place)
            made += found
            places.append(replace(place, hidden_rows=hidden))
        if places:
            self.places[sheet.name] = tuple(places)
        return tuple(made)

    def _of_place(
        self, sheet: Sheet, kind: type[_Made], number: int, place: Place
    ) -> tuple[list[_Made], int]:
        """Give the records of one place, and how many of their rows are hidden."""
        blank = defaults(kind) | {"place": number}
        if sheet is REAUDITS and place.group:
            blank["round"] = place.group
        fields = self._fields(sheet, place, list(blank))
        ref = place.columns.get(sheet.key[0], 0)
        beside = bool(place.group or place.lines)
        filled = _beside_a_case(self._own_columns(place)) if beside else _is_filled
        merges = self.merges[place.name]
        readers = {column: _dealing(field) for column, field in fields.items()}
        readers |= dict.fromkeys(self._auto_columns(sheet, place), _apart)
        readers |= {} if place.lines is None else {place.lines: _apart}
        fill = filler(kind)
        in_row, in_flaws = (list(blank).index(field) for field in ("row", "flaws"))
        key = fields.get(ref)
        made: list[_Made] = []
        hidden: set[int] = set()
        lone: dict[int, Value | None] = {}  # of rows with one filled cell: what stands under `ref`
        rows = self.workbook.dealt_rows(
            place.name, readers, tuple(blank.values()), after=place.header
        )
        for row in rows:
            line, values, cells, apart, formulas, is_hidden, *_ = row
            first = values[key.at] if key else None
            flaws: list[Flaw] = []
            if apart or merges:
                flaws += _flaws(row, fields, merges)
                cells += sum(column in fields for column, _ in apart)
                first = dict(apart).get(ref, first)
            plainly = cells > 1 and not beside and not formulas and not _is_total(first)
            if not plainly and not filled(row, fields, ref):
                continue
            if is_hidden:
                hidden.add(line)
            if cells == 1:
                lone[line] = row.values.get(ref)
            if self.keep_auto:
                self._keep_auto(place, row, fields)
            values[in_row] = line
            values[in_flaws] = tuple(flaws)
            if place.lines is None:
                made.append(fill(values))
            else:
                whole = dict(zip(blank, values, strict=True))
                made += self._lines(kind, row.values[place.lines], whole, flaws)
        if beside:
            return made, 0
        notes = _notes(sheet, made, lone) if lone else set()
        return [record for record in made if record.row not in notes], len(hidden - notes)

    def _fields(self, sheet: Sheet, place: Place, names: list[str]) -> Fields:
        """Give the field of each column; the column of lines is read apart."""
        return {
            number: _Field(names.index(column.field), column.field, self._reader(column))
            for column in sheet.columns
            if column.kind != "auto"
            and (number := place.columns.get(column.field)) is not None
            and number != place.lines
        }

    def _reader(self, column: Column) -> Reader:
        """Give what reads the cells of a column; names and lists repeat, so it remembers them."""
        read = reader_of(column, epoch_1904=self.workbook.epoch_1904)
        alone = column.kind == "text" or column.field == "ref"  # each is another
        return read if alone else _Remembered(read).__getitem__

    def _own_columns(self, place: Place) -> AbstractSet[int]:
        """Give the columns of a place beside the cases that are not the case's as well."""
        if place.lines is not None:
            return {place.lines}
        cases = self.places.get(CASES.name, ())
        shared = {n for other in cases if other.name == place.name for n in other.columns.values()}
        return set(place.columns.values()) - shared

    def _keep_auto(self, place: Place, row: Dealt, fields: Fields) -> None:
        for column, value in row.apart:
            if column not in fields and column != place.lines:
                self.auto[place.name, f"{letters(column)}{row.number}"] = _day_shown(value)

    def _lines(
        self, kind: type[_Made], value: Value, fields: dict[str, Any], flaws: list[Flaw]
    ) -> Iterator[_Made]:
        """Give a record for each line of a cell; one for a cell that cannot be read."""
        from mfauto.lines import read_lines  # noqa: PLC0415 - few trackers have such cells

        text, flaw = as_typed(value)
        if text is None:
            if flaw is not None:
                unread = (replace(flaw, field="action"), replace(flaw, field="due"))
                yield kind(**fields | {"line": 1, "flaws": (*flaws, *unread)})
            return
        for number, line in enumerate(read_lines(text, self.people), start=1):
            found = {
                "action": line.text,
                "owner": line.owner,
                "due": line.due,
                "status": line.status,
                "completed": line.completed,
            }
            yield kind(**fields | found | {"line": number, "flaws": (*flaws, *line.flaws)})

    def _auto_columns(self, sheet: Sheet, place: Place) -> tuple[int, ...]:
        return tuple(
            place.columns[column.field]
            for column in sheet.columns
            if self.keep_auto and column.kind == "auto" and column.field in place.columns
        )


def _day_shown(value: Value) -> Value:
    """Give the day of a text such as "3 March 2026": where no format shows days, flags say so."""
    if isinstance(value, str) and _DAY.fullmatch(value):
        from mfauto.dates import Refused, read_day  # noqa: PLC0415 - most workbooks have formats

        read = read_day(value)
        return value if isinstance(read, Refused) else read
    return value


class _Remembered(dict[Value, Answer]):
    """What each text of a column was read as."""

    def __init__(self, read: Reader) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, value: Value) -> Answer:
        answer = self._read(value)
        if value.__class__ is str and len(self) < _MOST:  # True and 1.0 would be one key
            self[value] = answer
        return answer


def _dealing(field: _Field) -> Dealing:
    """Give what deals out the cells of a field; those with a flaw are looked at row by row."""

    def dealt(value: Value) -> tuple[int, object]:
        said, flaw = field.read(value)
        if flaw is not None:
            return APART, None
        return (NOWHERE if said is None else field.at), said

    return dealt


def _apart(_: Value) -> tuple[int, object]:
    return APART, None


def _flaws(row: Dealt, fields: Fields, merges: Iterable[Area]) -> list[Flaw]:
    """Put what the cells with a flaw say into the row; give the flaws."""
    flaws: list[Flaw] = []
    for column, value in row.apart:
        field = fields.get(column)
        if field is not None:
            row.made[field.at], flaw = field.read(value)
            flaws += [replace(flaw, field=field.name)] if flaw else []
    return [*flaws, *_covered(merges, row.number, fields)]


def _covered(merges: Iterable[Area], row: int, fields: Fields) -> Iterator[Flaw]:
    """Give a flaw for each cell of a row that a merge covers; only the first has a value."""
    for merge in merges:
        if merge.top <= row <= merge.bottom:
            for column, field in fields.items():
                first = (row, column) == (merge.top, merge.left)
                if merge.holds(row, column) and not first:
                    yield Flaw(field.name, "merged", "", unreadable=False)


def _notes(sheet: Sheet, made: Iterable[_Made], lone: Mapping[int, Value | None]) -> set[int]:
    """Give the rows in which a note alone stands where a ref, or a name, would.

    A ref looks like the other refs of its sheet; where there is no other, it has a digit and
    no space. What looks like one is kept, so that nobody's case is passed over.
    """
    key = sheet.column(sheet.key[0])
    if key.kind != "ref":
        texts = {n: text for n, text in lone.items() if isinstance(text, str)}
        return {number for number, text in texts.items() if len(text.split()) >= _NOTE}
    shown = {row.row: getattr(row, key.field) for row in made}
    alone = {number: ref for number, ref in shown.items() if number in lone and ref}
    known = {_shape(ref) for number, ref in shown.items() if number not in lone and ref}
    if known:
        return {number for number, ref in alone.items() if _shape(ref) not in known}
    return {n for n, ref in alone.items() if not any(map(str.isdigit, ref)) or " " in ref}


def _shape(ref: str) -> str:
    """Give what a ref looks like, whatever its letters and digits: "a-9" for MF-014."""
    return _DIGITS.sub("9", _LETTERS.sub("a", same(ref)))


def _beside_a_case(own: AbstractSet[int]) -> Filled:
    """Say how a row is known to hold a record beside its case: one of its own cells is filled."""

    def filled(row: Dealt, _: Fields, ref: int) -> bool:
        values = row.values
        return not _is_total(values.get(ref)) and any(
            column in own and not (isinstance(value, str) and not tidy(value))
            for column, value in values.items()
        )

    return filled


def _is_total(first: Value | None) -> bool:
    """Say whether a row holds sums: "Total" stands `first`, where a ref would."""
    if not isinstance(first, str) or first[-1:].isdigit():  # as most refs end, and no such word
        return False
    return len(first) < _LONGEST_TOTAL and bare(first) in _TOTALS


def _is_filled(row: Dealt, fields: Fields, ref: int) -> bool:
    """Say whether a row holds a record: not a note, a totals row or formulas only."""
    values = row.values
    first = values.get(ref)
    if _is_total(first):
        return False
    shown = {
        column: value
        for column, value in values.items()
        if column in fields and (value.__class__ is not str or tidy(value))
    }
    typed = shown.keys() - row.formulas
    if not typed:
        # Rows of formulas are filled down ahead of use; one in use has a ref and a day.
        return bool(shown.get(ref)) and any(isinstance(v, date) for v in shown.values())
    if len(shown) > 1:
        return True
    (lone,) = shown.values()
    return lone is first or isinstance(lone, date)  # a note there is told by `_notes`
