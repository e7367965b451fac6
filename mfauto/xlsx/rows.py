"""The rows of a worksheet part, read by pattern as its bytes are unpacked.

Nearly every program writes rows in one plain shape. A row is taken only where
counting its tags proves that the pattern saw all of it; at the first other
shape the whole part is read by `parsed_rows`, which knows them all.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from typing import NamedTuple

from mfauto.addresses import letters
from mfauto.xlsx import markup, values
from mfauto.xlsx.parsed_rows import parsed_rows
from mfauto.xlsx.refs import LAST_COLUMN, LAST_ROW
from mfauto.xlsx.values import (
    BOOLEAN,
    DATE,
    INLINE,
    NUMBER,
    SHARED,
    TEXT,
    Meaning,
    Unreadable,
)

NONE: frozenset[int] = frozenset()


class Row(NamedTuple):
    """One row that has a value or a formula; columns are counted from 1."""

    number: int
    values: dict[int, str | float | bool | date | datetime | Unreadable]
    formulas: frozenset[int]  #: columns whose value comes from a formula
    hidden: bool


_BY_DIGITS = frozenset({NUMBER, DATE})
_DIGITS = re.compile(r"[0-9.-]+")


class OddShapeError(Exception):
    """The part is not in the plain shape; it must be parsed."""


#: A cell that holds nothing but digits in a `v`: column, other attributes, digits.
_QUICK = re.compile(r'<c r="([A-Z]++)[0-9]++"([^<>/]*+)><v>([0-9.-]++)</v></c>')

#: Any plain cell with something in it: column, attributes, formula (with an empty `v`
#: behind it), opening of the value, value.
CELL = re.compile(
    r'<c r="([A-Z]++)[0-9]++"([^<>/]*+)>'
    r"(<f[^<>]*+>(?:[^<]*+</f>)?(?:<v ?/>)?)?"
    r'(?:(<v>|<is><t(?: xml:space="preserve")?>)([^<]*+)(?:</v>|</t></is>))?</c>'
)
_BLANK = re.compile(r'<c r="[A-Z]++[0-9]++"[^<>/]*+(?:/>|></c>)')
_RARER_TAGS = ("<f>", "<f ", "</f>", "<is>", "</is>", "<t>", "<t ", "</t>", "<v/>", "<v />")
ROW = re.compile(r'r="([1-9][0-9]{0,6})"([^<>]*)>', re.ASCII)
_HIDDEN = re.compile(r' hidden="(?:1|true)"')
_ATTRIBUTE = re.compile(r' (s|t|cm|vm|ph)="(\w*)"')
_ROOT = re.compile(r"\ufeff?\s*(?:<\?xml([^<>]*)\?>)?\s*<worksheet(\s[^<>]*)>")
_UTF8 = re.compile(r"""encoding=["'](?:utf-8|us-ascii)["']""", re.IGNORECASE)

#: Tags that an opening adds to, or takes from, those of a cell with a `v`.
_V = {"<v>"}
_TAGS = {"<v>": 0, "": -2}


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


class Kinds(dict[str, int]):
    """Kinds of cell by the text of their attributes."""

    def __init__(self, dates: frozenset[int]) -> None:
        super().__init__()
        self._dates = dates

    def __missing__(self, attributes: str) -> int:
        found = _ATTRIBUTE.findall(attributes)
        if "".join(f' {name}="{value}"' for name, value in found) != attributes.rstrip():
            raise OddShapeError
        stated = dict(found)
        style = stated.get("s", "0")
        if len(stated) != len(found) or not style.isdecimal():
            raise OddShapeError
        kind = values.kind_of(stated.get("t", "n"), shows_dates=int(style) in self._dates)
        if kind is None:
            raise OddShapeError
        self[attributes] = kind
        return kind


class _Days(dict[str, values.Value]):
    """Dates by the text of their serial; most days of a tracker stand in many cells."""

    def __init__(self, meaning: Meaning) -> None:
        super().__init__()
        self._meaning = meaning

    def __missing__(self, text: str) -> values.Value:
        value = self._meaning.day_of(text)
        if len(self) < 50_000:  # noqa: PLR2004 - memory, not a rule
            self[text] = value
        return value


def pieces(chunks: Iterable[bytes]) -> Iterator[str]:
    """Cut the part before each `<row `: first the head, then one row each, the tail with the last.

    Joined by `<row ` they are the part again, byte for byte.
    """
    rest = b""
    for chunk in chunks:
        seen = max(len(rest) - 4, 0)
        rest += chunk
        cut = rest.rfind(b"<row ", seen)
        if cut > 0:
            found = _text(rest[:cut]).split("<row ")
            yield from found if not rest.startswith(b"<row ") else found[1:]
            rest = rest[cut:]
    found = _text(rest).split("<row ")
    yield from found if not rest.startswith(b"<row ") else found[1:]


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise OddShapeError from error


def check_head(head: str, file: str, part: str) -> None:
    """Make sure the part starts as a plain worksheet does, and declares no DTD."""
    root = _ROOT.match(head)
    if root is None or (head[-11:] != "<sheetData>" and not head.rstrip().endswith("<sheetData>")):
        raise OddShapeError
    declaration, attributes = root.groups()
    if declaration and "encoding" in declaration and not _UTF8.search(declaration):
        raise OddShapeError
    if not any(f' xmlns="{name}"' in attributes for name in markup.MAIN):
        raise OddShapeError
    markup.feed(markup.parser(file, part), head.encode(), file, part, last=False)


def split_tail(piece: str) -> tuple[str, str]:
    """Split the last row's piece from what follows the rows."""
    row, end, tail = piece.partition("</sheetData>")
    if not end:
        raise OddShapeError
    return row, end + tail


def _tags_beyond_plain(found: list[tuple[str, ...]]) -> int:
    """How many more tags these cells have than as many cells with nothing but a `v`."""
    if not found:
        return 0
    _, _, formulas, openings, _ = zip(*found, strict=True)
    more = sum(_TAGS.get(opening, 2) for opening in openings) if set(openings) != _V else 0
    return more + "".join(formulas).count("<")


class _Getters(dict[str, Callable[[str], values.Value]]):
    """What turns the digits of a `v` into a value, by the text of the cell's attributes."""

    def __init__(self, meaning: Meaning) -> None:
        super().__init__()
        self._meaning = meaning
        self.kinds = Kinds(meaning.dates)
        self._by_kind: dict[int, Callable[[str], values.Value]] = {
            NUMBER: float,
            DATE: _Days(meaning).__getitem__,
            BOOLEAN: {"0": False, "1": True}.__getitem__,
            TEXT: str,
        }

    def __missing__(self, attributes: str) -> Callable[[str], values.Value]:
        kind = self.kinds[attributes]
        getter = self._by_kind.get(kind)
        if kind == SHARED:
            getter = self._meaning.by_index.__getitem__
        if getter is None:
            raise OddShapeError
        self[attributes] = getter
        return getter


def start_of(piece: str) -> re.Match[str]:
    """Match the start tag of a row's piece: its number and its other attributes."""
    start = ROW.match(piece)
    if start is None:
        raise OddShapeError
    return start


def _tags_in_cells(piece: str, digits: str) -> int:
    """Count the tags of a row's piece that belong to its filled cells."""
    cells = piece.count("<c ")
    if piece.count(f'{digits}"') <= cells or not piece.rstrip().endswith("</row>"):
        raise OddShapeError
    return piece.count("<") - cells - 1


def filled_cells(piece: str, start: re.Match[str]) -> list[tuple[str, ...]]:
    """Return the filled cells of a row's piece, its tags proving that none was overlooked.

    Each is column, attributes, formula, opening of the value, value: all as they stand.
    """
    if start[2].endswith("/"):
        if piece[start.end() :].strip():
            raise OddShapeError
        return []
    found = CELL.findall(piece)
    if _tags_in_cells(piece, start[1]) != 3 * len(found) + _tags_beyond_plain(found):
        raise OddShapeError
    return found


def check_plain(piece: str, digits: str) -> None:
    """Make sure that a row's piece has no tags but those of plain cells, each of this row."""
    cells = piece.count('<c r="')
    tags = 1 + cells + piece.count("</c>") + piece.count("<v>") + piece.count("</v>")
    if piece.count("<") != tags:
        tags += sum(map(piece.count, _RARER_TAGS))
    if (
        piece.count("<") != tags
        or piece.count(f'{digits}"') <= cells
        or not piece.rstrip().endswith("</row>")
    ):
        raise OddShapeError


def cell_at(piece: str, ref: str) -> tuple[int, int, tuple[str, ...] | None] | None:
    """Find a cell in a row's piece: start, end and, where it is filled, what stands in it."""
    at = piece.find(f'<c r="{ref}"')
    if at < 0:
        return None
    filled = CELL.match(piece, at)
    if filled:
        return at, filled.end(), filled.groups("")
    blank = _BLANK.match(piece, at)
    if blank is None:
        raise OddShapeError
    return at, blank.end(), None


class CellReader:
    """Makes values of the plain cells of one part."""

    def __init__(self, meaning: Meaning) -> None:
        self._meaning = meaning
        self.getters = _Getters(meaning)

    def value(self, cell: tuple[str, ...]) -> values.Value:
        """Return the value of a filled cell."""
        _, attributes, formula, opening, text = cell
        kind = self.getters.kinds[attributes]
        if opening == "<v>" and not formula and kind in _BY_DIGITS and _DIGITS.fullmatch(text):
            try:
                return self.getters[attributes](text)
            except (ValueError, KeyError) as error:
                raise OddShapeError from error
        if opening.startswith("<is>") != (kind == INLINE):
            raise OddShapeError
        if not opening and not (formula and kind == TEXT and formula.endswith(("<v/>", "<v />"))):
            if not formula:
                raise OddShapeError
            return values.NOT_CALCULATED
        if not text and kind not in {TEXT, INLINE}:
            if not formula:
                raise OddShapeError
            return values.NOT_CALCULATED
        if "&" in text or "_x" in text or "\r" in text:
            try:
                text = markup.plain(text)
            except (ValueError, KeyError) as error:
                raise OddShapeError from error
        return text if kind == INLINE else self._meaning.value(kind, text)


class _RowReader:
    """Reads the plain rows of one part, top to bottom."""

    def __init__(self, meaning: Meaning) -> None:
        self._cells = CellReader(meaning)
        self._last = 0

    def row(self, piece: str) -> Row | None:
        """Read one row; None where nothing stands in it."""
        start = start_of(piece)
        digits, attributes = start.groups()
        number = int(digits)
        if not self._last < number <= LAST_ROW:
            raise OddShapeError
        self._last = number
        hidden = "hidden" in attributes and _HIDDEN.search(attributes) is not None
        found = _QUICK.findall(piece)
        if found and _tags_in_cells(piece, digits) == 3 * len(found):
            return self._quick_row(number, found, hidden=hidden)
        found = filled_cells(piece, start)
        return self._careful_row(number, found, hidden=hidden) if found else None

    def _quick_row(self, number: int, found: list[tuple[str, ...]], *, hidden: bool) -> Row:
        columns, getters = COLUMNS, self._cells.getters
        try:
            row = {columns[letters]: getters[of](text) for letters, of, text in found}
        except (ValueError, KeyError) as error:
            raise OddShapeError from error
        if len(row) != len(found):
            raise OddShapeError  # a cell stands twice
        return Row(number, row, NONE, hidden)

    def _careful_row(self, number: int, found: list[tuple[str, ...]], *, hidden: bool) -> Row:
        value = self._cells.value
        row = {COLUMNS[cell[0]]: value(cell) for cell in found}
        if len(row) != len(found):
            raise OddShapeError
        formulas = frozenset(COLUMNS[cell[0]] for cell in found if cell[2])
        return Row(number, row, formulas or NONE, hidden)


def rows(
    open_part: Callable[[], Iterator[bytes]], meaning: Meaning, file: str, part: str
) -> Iterator[Row]:
    """Yield the rows of a worksheet part in which anything stands, top to bottom."""
    done = 0
    reader = _RowReader(meaning)
    try:
        for piece in _plain_rows(open_part(), file, part):
            row = reader.row(piece)
            done += 1
            if row is not None:
                yield row
    except OddShapeError:
        pass
    else:
        return
    for number, found, formulas, hidden in parsed_rows(open_part(), meaning, file, part, skip=done):
        yield Row(number, found, formulas, hidden)


def _plain_rows(chunks: Iterator[bytes], file: str, part: str) -> Iterator[str]:
    """Yield each row's piece; OddShapeError where the part is not in the plain shape."""
    found = pieces(chunks)
    check_head(next(found), file, part)
    held = next(found, None)
    if held is None:
        raise OddShapeError
    for piece in found:
        yield held
        held = piece
    row, tail = split_tail(held)
    if "sheetData" in tail[11:]:
        raise OddShapeError
    yield row
