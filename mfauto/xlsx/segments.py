"""A plain row cut at each mention of its own number: what stands between the cuts repeats.

`r="17" spans="1:3"><c r="A17" t="s"><v>0</v></c><c r="B17" ...` is cut at `17"` into segments
such as ` t="s"><v>0</v></c><c r="B`: a cell's attributes and contents, and the column of the
next cell. Every segment is matched whole, so nothing in a row can be overlooked; each kind is
understood once and then looked up.
"""

import re
from itertools import pairwise
from typing import NamedTuple

from mfauto.addresses import letters
from mfauto.patterns import pattern
from mfauto.xlsx import markup, values
from mfauto.xlsx.plain import OddShapeError
from mfauto.xlsx.refs import LAST_COLUMN, LAST_ROW
from mfauto.xlsx.values import DATE, INLINE, NUMBER, SHARED, TEXT, Meaning, Value

_SPACE = r'(?: xml:space="preserve")?'
#: Behind a cell's reference: attributes, formula (with an empty `v` behind it), value or
#: inline text, and the next cell's column; no column where the row ends.
_CELL = (
    r"([^<>/]*+)"
    r"(?:/>|>(<f(?: [^<>]*+)?+>(?:[^<]*+</f>)?(?:<v ?/>)?)?"
    rf"(?:<v{_SPACE}>([^<]*+)</v>|<is><t{_SPACE}>([^<]*+)</t></is>)?</c>)"
)
_SEGMENT = pattern(_CELL + r'\s*+(?:<c r="([A-Z]++)|</row>\s*+)')
#: The same without what follows the cell; to be matched right behind its reference.
BODY = pattern(_CELL)
#: Behind the row's own number: its attributes, and the first cell's column.
_FIRST = pattern(r'([^<>]*+)(?:(?<=/)>|>\s*+(?:<c r="([A-Z]++)|</row>))\s*+')
_NUMBER = pattern(r'r="([1-9][0-9]{0,6})"')
_ATTRIBUTE = pattern(r' (s|t|cm|vm|ph)="(\w*)"')
_HIDDEN = pattern(r' hidden="(?:1|true)"')
_STYLE = pattern(r' s="(\d+)"')
#: The commonest kind by far: nothing but a short number in a `v`, and another cell behind it.
_QUICK = pattern(r'([^<>/]*+)><v>([0-9]{1,15}(?:\.[0-9]{1,17})?+)</v></c><c r="([A-Z]++)')
_PLAIN_NUMBER = pattern(r"-?[0-9]{1,15}(?:\.[0-9]{1,17})?")
_MOST = 50_000  #: segments remembered; refs and other texts that stand once only pass through
END = 0  #: in the place of a column: no cell follows


class Columns(dict[str, int]):
    """Numbers of columns by their letters."""

    def __init__(self) -> None:
        super().__init__((letters(at), at) for at in range(1, 703))

    def __missing__(self, name: str) -> int:
        for at in range(703, LAST_COLUMN + 1):
            self[letters(at)] = at
        if name not in self:
            raise OddShapeError
        return self[name]


COLUMNS = Columns()


class Filled(NamedTuple):
    """What a segment holds."""

    attributes: str  #: of the cell, as they stand
    formula: str  #: its `f`, as it stands, or ""
    value: str | None  #: text of its `v`
    inline: str | None  #: text of its `is`
    following: int  #: the next cell's column, or END

    @property
    def style(self) -> int:
        """Number of the cell's style."""
        stated = _STYLE.search(self.attributes)
        return int(stated[1]) if stated else 0


class Start(NamedTuple):
    """A row's own attributes, and where its cells begin."""

    attributes: str
    column: int  #: of its first cell, or END
    hidden: bool


class Cut(NamedTuple):
    """One row in segments."""

    number: int
    start: Start
    first: str  #: the segment of its own attributes
    segments: list[str]  #: one for each cell
    columns: list[int]  #: of each cell, ascending

    def joined(self) -> str:
        """Return the row's piece."""
        mark = f'{self.number}"'
        return f'r="{mark}{mark.join([self.first, *self.segments])}'


class _Kinds(dict[str, int]):
    """Kinds of cell by the text of their attributes."""

    def __init__(self, meaning: Meaning) -> None:
        super().__init__()
        self._meaning = meaning

    def __missing__(self, attributes: str) -> int:
        found = _ATTRIBUTE.findall(attributes)
        if "".join(f' {name}="{value}"' for name, value in found) != attributes.rstrip():
            raise OddShapeError
        stated = dict(found)
        style = stated.get("s", "0")
        if len(stated) != len(found) or not (style.isdecimal() and style.isascii()):
            raise OddShapeError
        kind = self._meaning.kind(stated.get("t", "n"), int(style))
        if kind is None:
            raise OddShapeError
        self[attributes] = kind
        return kind


class _Starts(dict[str, Start]):
    """Starts of rows by the first segment."""

    def __missing__(self, segment: str) -> Start:
        match = _FIRST.fullmatch(segment)
        if match is None:
            raise OddShapeError
        attributes, name = match.groups()
        hidden = _HIDDEN.search(attributes) is not None
        made = Start(attributes, COLUMNS[name] if name else END, hidden)
        if len(self) < _MOST:
            self[segment] = made
        return made


def number_of(piece: str) -> int:
    """Return the number that a row's piece states."""
    stated = _NUMBER.match(piece)
    number = int(stated[1]) if stated else 0
    if not 0 < number <= LAST_ROW:
        raise OddShapeError
    return number


class Segments(dict[str, tuple[Value | None, int]]):
    """Value of a cell (None where it is blank) and the next cell's column, by segment.

    A segment that it does not know, or one with a formula, raises OddShapeError.
    """

    def __init__(self, meaning: Meaning) -> None:
        super().__init__()
        self.meaning = meaning
        self._texts = meaning.texts
        self._kinds = _Kinds(meaning)
        self._days: dict[str, Value] = {}
        self.starts = _Starts()
        self._columns: list[int] = []  #: of the row cut last, known to ascend

    def __missing__(self, segment: str) -> tuple[Value | None, int]:
        found = self.read(segment)
        if len(self) >= _MOST:
            self.clear()
        self[segment] = found
        return found

    def read(self, segment: str) -> tuple[Value | None, int]:
        """Read a segment without remembering it."""
        quick = _QUICK.fullmatch(segment)
        if quick is not None:
            attributes, digits, name = quick.groups()
            return self._number(attributes, digits), COLUMNS[name]
        filled = self.filled(segment)
        if filled.formula:
            raise OddShapeError
        return self._value(filled.attributes, filled.value, filled.inline), filled.following

    def _number(self, attributes: str, digits: str) -> Value | None:
        kind = self._kinds[attributes]
        if kind == SHARED:
            try:
                return self._texts[int(digits)]
            except (ValueError, IndexError):
                pass  # said in full below
        elif kind == DATE:
            if digits in self._days:
                return self._days[digits]
        elif kind == NUMBER:
            return float(digits)
        return self._value(attributes, digits, None)

    def filled(self, segment: str) -> Filled:
        """Take a segment apart."""
        match = _SEGMENT.fullmatch(segment)
        if match is None:
            raise OddShapeError
        attributes, formula, value, inline, name = match.groups()
        return Filled(attributes, formula or "", value, inline, COLUMNS[name] if name else END)

    @staticmethod
    def body(match: re.Match[str]) -> Filled:
        """Take a match of `BODY` apart."""
        attributes, formula, value, inline = match.groups()
        return Filled(attributes, formula or "", value, inline, END)

    def value(self, filled: Filled) -> Value | None:
        """Return the value of a cell, with a formula or without; None where it is blank."""
        if not filled.formula:
            return self._value(filled.attributes, filled.value, filled.inline)
        kind = self._kinds[filled.attributes]
        if filled.inline is not None:
            raise OddShapeError
        empty = kind == TEXT and filled.formula.endswith(("<v/>", "<v />"))
        if not filled.value and not (kind == TEXT and filled.value is not None) and not empty:
            return values.NOT_CALCULATED
        return self._value(filled.attributes, filled.value or "", None)

    def _value(self, attributes: str, value: str | None, inline: str | None) -> Value | None:
        kind = self._kinds[attributes]
        if value is None and inline is None:
            return None
        if (inline is not None) != (kind == INLINE):
            raise OddShapeError
        text = inline if value is None else value
        assert text is not None  # noqa: S101 - one of the two is there
        if kind == NUMBER and _PLAIN_NUMBER.fullmatch(text):
            return float(text)
        if kind == DATE and text in self._days:
            return self._days[text]
        if not text and values.blank_without_text(kind):
            return None
        if "&" in text or "_x" in text or "\r" in text:
            try:
                text = markup.plain(text)
            except (ValueError, KeyError) as error:
                raise OddShapeError from error
        made = self.meaning.value(kind, text)
        if kind == DATE and len(self._days) < _MOST:
            self._days[text] = made
        return made

    def quick_row(self, number: int, piece: str) -> tuple[dict[int, Value], Start]:
        """Read the cells of a row; OddShapeError where `careful_row` must look closer."""
        parts = piece.split(f'{number}"')
        start = self.starts[parts[1]]
        column = start.column
        row: dict[int, Value] = {}
        for value, following in map(self.__getitem__, parts[2:]):
            if value is not None:
                row[column] = value
            if following <= column and following:
                raise OddShapeError
            column = following
        if column != END or END in row:
            raise OddShapeError
        return row, start

    def cut(self, number: int, piece: str) -> Cut:
        """Cut a row's piece into its cells, formulas included."""
        parts = piece.split(f'{number}"')
        try:
            first, segments = parts[1], parts[2:]
            columns = [self.starts[first].column, *[self[segment][1] for segment in segments]]
        except OddShapeError:
            first, segments = self._healed(number, parts)
            columns = [self.starts[first].column]
            columns += [self.filled(segment).following for segment in segments]
        if columns.pop() != END:
            raise OddShapeError
        if columns != self._columns:
            if any(column >= after for column, after in pairwise([END, *columns])):
                raise OddShapeError  # out of order, twice, or behind the end
            self._columns = columns
        return Cut(number, self.starts[first], first, segments, columns)

    def _healed(self, number: int, parts: list[str]) -> tuple[str, list[str]]:
        """Join what was cut inside a text or an attribute, such as `spans="1:17"` in row 17."""
        waiting = iter(parts[1:])
        mark = f'{number}"'
        made: list[str] = []
        for part in waiting:
            segment = part
            pattern = _SEGMENT if made else _FIRST
            while pattern.fullmatch(segment) is None:
                following = next(waiting, None)
                if following is None:
                    raise OddShapeError
                segment += mark + following
            made.append(segment)
        return made[0], made[1:]

    def careful_row(
        self, number: int, piece: str
    ) -> tuple[dict[int, Value], frozenset[int], Start]:
        """Read the cells of a row with formulas, or with its own number in a text."""
        cut = self.cut(number, piece)
        row: dict[int, Value] = {}
        formulas: list[int] = []
        for column, segment in zip(cut.columns, cut.segments, strict=True):
            filled = self.filled(segment)
            value = self.value(filled)
            if filled.formula:
                formulas.append(column)
            if value is not None:
                row[column] = value
        return row, frozenset(formulas), cut.start
