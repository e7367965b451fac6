"""The rows of a worksheet part of any shape, read by a full parse.

Knows prefixed names, rows and cells without `r`, rich inline text, comments and
every encoding expat reads. Slower than `rows`, which comes here when it must.
"""

from collections.abc import Iterator

from mfauto.xlsx import markup, values
from mfauto.xlsx.refs import LAST_COLUMN, LAST_ROW, position, reference
from mfauto.xlsx.refusals import damaged
from mfauto.xlsx.values import DATE, NUMBER, TEXT, Meaning

ParsedRow = tuple[int, dict[int, values.Value], frozenset[int], bool]

_NONE: frozenset[int] = frozenset()
_TRUE = frozenset({"1", "true"})


def parsed_rows(
    chunks: Iterator[bytes], meaning: Meaning, file: str, part: str, *, skip: int = 0
) -> Iterator[ParsedRow]:
    """Yield number, values, formula columns and hidden of each row after the first `skip`."""
    reader = _Reader(meaning, file, part, skip)
    made = markup.parser(file, part)
    made.StartElementHandler = reader.start
    made.EndElementHandler = reader.end
    made.CharacterDataHandler = reader.text
    for chunk in chunks:
        markup.feed(made, chunk, file, part, last=False)
        yield from reader.taken()
    markup.feed(made, b"", file, part, last=True)
    yield from reader.taken()
    if not reader.is_worksheet:
        raise damaged(file, f'its part "{part}" holds no worksheet')


class Places:
    """Works out row and column numbers, stated or counted, and holds them to their order."""

    def __init__(self, file: str, part: str) -> None:
        self._file, self._part = file, part
        self.row = 0
        self.column = 0

    def enter_row(self, attributes: dict[str, str]) -> None:
        """Take the next row."""
        stated = attributes.get("r")
        number = self.row + 1
        if stated is not None:
            number = int(stated) if stated.isdecimal() and stated.isascii() else 0
        if not self.row < number <= LAST_ROW:
            raise damaged(
                self._file, f'its part "{self._part}" has row {stated or number} in the wrong place'
            )
        self.row, self.column = number, 0

    def enter_cell(self, attributes: dict[str, str]) -> None:
        """Take the next cell of the row."""
        stated = attributes.get("r")
        row, column = self.row, self.column + 1
        if stated is not None:
            try:
                row, column = position(stated)
            except ValueError:
                row = 0
        if row != self.row or not self.column < column <= LAST_COLUMN:
            ref = stated or reference(self.row, column)
            raise damaged(self._file, f'its part "{self._part}" has cell {ref} in the wrong place')
        self.column = column


class _Reader:
    """Follows the parse of one part."""

    def __init__(self, meaning: Meaning, file: str, part: str, skip: int) -> None:
        self.is_worksheet = False
        self._meaning = meaning
        self._file, self._part = file, part
        self._skip = skip
        self._places = Places(file, part)
        self._path: list[str] = []
        self._rows: list[ParsedRow] = []
        self._hidden = False
        self._values: dict[int, values.Value] = {}
        self._formulas: set[int] = set()
        self._kind: int | None = NUMBER
        self._formula = False
        self._pieces: list[str] | None = None
        self._length = 0
        self._taking = False

    def taken(self) -> list[ParsedRow]:
        """Hand over the rows finished so far."""
        rows, self._rows = self._rows, []
        return rows

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = markup.local_name(name)
        self._path.append(local)
        depth = len(self._path)
        markup.check_depth(depth, self._file, self._part)
        if depth == 1:
            self.is_worksheet = local == "worksheet"
        elif self._path[1] != "sheetData":
            return
        elif name.startswith(markup.COMPATIBILITY):
            raise damaged(self._file, f'its part "{self._part}" holds alternative cells')
        elif depth == 3 and local == "row":  # noqa: PLR2004 - worksheet, sheetData, row
            self._start_row(attributes)
        elif depth == 4 and local == "c" and self._path[2] == "row":  # noqa: PLR2004
            self._start_cell(attributes)
        elif depth > 4 and self._path[3] == "c":  # noqa: PLR2004
            self._start_content(local, depth)

    def _start_row(self, attributes: dict[str, str]) -> None:
        self._places.enter_row(attributes)
        self._values, self._formulas = {}, set()
        self._hidden = attributes.get("hidden") in _TRUE

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self._places.enter_cell(attributes)
        style = attributes.get("s", "0")
        dates = style.isdecimal() and int(style) in self._meaning.dates
        self._kind = values.kind_of(attributes.get("t", "n"), shows_dates=dates)
        self._formula, self._pieces, self._length = False, None, 0

    def _start_content(self, local: str, depth: int) -> None:
        if depth == 5 and local == "f":  # noqa: PLR2004 - worksheet, sheetData, row, c, f
            self._formula = True
        inline = self._path[4] == "is"
        valued = depth == 5 and (local == "v" or inline)  # noqa: PLR2004
        if valued and inline == (self._kind == values.INLINE):
            self._pieces = []
        self._taking = (depth == 5 and local == "v") or (  # noqa: PLR2004
            inline and local == "t" and "rPh" not in self._path
        )

    def text(self, characters: str) -> None:
        if self._taking and self._pieces is not None:
            self._pieces.append(characters)
            self._length += len(characters)
            markup.check_length(self._length, self._file, self._part)

    def end(self, _: str) -> None:
        self._taking = False
        local = self._path.pop()
        depth = len(self._path)
        if depth < 2 or self._path[1] != "sheetData":  # noqa: PLR2004 - inside sheetData
            return
        if depth == 3 and local == "c" and self._path[2] == "row":  # noqa: PLR2004
            self._end_cell()
        elif depth == 2 and local == "row":  # noqa: PLR2004
            self._end_row()

    def _end_cell(self) -> None:
        column = self._places.column
        text = None if self._pieces is None else "".join(self._pieces)
        if self._formula:
            self._formulas.add(column)
            if text is None or (not text and self._kind != TEXT):
                self._values[column] = values.NOT_CALCULATED
                return
        if text is None or (not text and self._kind in {NUMBER, DATE, values.SHARED}):
            return
        if self._kind is None:
            self._values[column] = values.Unreadable(
                "a kind of cell that Excel does not know", text
            )
        else:
            self._values[column] = self._meaning.value(self._kind, markup.unescaped(text))

    def _end_row(self) -> None:
        if self._skip:
            self._skip -= 1
        elif self._values:
            formulas = frozenset(self._formulas) if self._formulas else _NONE
            self._rows.append((self._places.row, self._values, formulas, self._hidden))
