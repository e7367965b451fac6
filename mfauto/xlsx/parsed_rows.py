"""The rows of a worksheet part of any shape, read by a full parse.

Knows all that `walk` knows, rich inline text, comments and every encoding expat reads.
Slower than `rows`, which comes here when it must.
"""

from collections.abc import Iterator

from mfauto.xlsx import markup, values
from mfauto.xlsx.refusals import damaged
from mfauto.xlsx.values import NUMBER, TEXT, Meaning
from mfauto.xlsx.walk import CELLS, CONTENTS, ROWS, Places, Walk

__all__ = ["Places", "parsed_rows"]

ParsedRow = tuple[int, dict[int, values.Value], frozenset[int], bool]

TWICE = values.Unreadable("a cell that stands twice in the file", "")

_NONE: frozenset[int] = frozenset()
_TRUE = frozenset({"1", "true"})


def parsed_rows(
    chunks: Iterator[bytes], meaning: Meaning, file: str, part: str, *, skip: int = 0
) -> Iterator[ParsedRow]:
    """Yield number, values, formula columns and hidden of each row after the first `skip`."""
    reader = _Reader(meaning, file, part, skip)
    for chunk in chunks:
        markup.feed(reader.walk.parser, chunk, file, part, last=False)
        yield from reader.taken()
    markup.feed(reader.walk.parser, b"", file, part, last=True)
    yield from reader.taken()
    if not reader.is_worksheet:
        raise damaged(file, f'its part "{part}" holds no worksheet')


class _Reader:
    """Follows the parse of one part."""

    def __init__(self, meaning: Meaning, file: str, part: str, skip: int) -> None:
        self.is_worksheet = False
        self.walk = Walk(file, part)
        self.walk.parser.StartElementHandler = self._start
        self.walk.parser.EndElementHandler = self._end
        self.walk.parser.CharacterDataHandler = self._characters
        self._meaning = meaning
        self._file, self._part = file, part
        self._skip = skip
        self._rows: list[ParsedRow] = []
        self._hidden = False
        self._values: dict[int, values.Value] = {}
        self._formulas: set[int] = set()
        self._seen: set[int] = set()
        self._kind: int | None = NUMBER
        self._formula = False
        self._text_of: dict[str, list[str]] = {}  #: of a cell's `v` and `is`, as far as it has them
        self._length = 0
        self._pieces: list[str] | None = None  #: those that the text being read belongs to

    def taken(self) -> list[ParsedRow]:
        """Hand over the rows finished so far."""
        rows, self._rows = self._rows, []
        return rows

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        path = self.walk.path
        local = self.walk.start(name, attributes)
        if local is None:
            return
        if len(path) == 1:
            self.is_worksheet = local == "worksheet"
        elif path[:2] != ROWS:
            return
        elif len(path) == 3 and local == "row":  # noqa: PLR2004 - worksheet, sheetData, row
            self._values, self._formulas, self._seen = {}, set(), set()
            self._hidden = attributes.get("hidden") in _TRUE
        elif len(path) == 4 and local == "c" and path[2] == "row":  # noqa: PLR2004
            self._start_cell(attributes)
        elif path[:4] == CONTENTS:
            self._start_content(local, path)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        style = attributes.get("s", "0")
        number = int(style) if style.isdecimal() else 0
        self._kind = self._meaning.kind(attributes.get("t", "n"), number)
        self._formula, self._pieces, self._length = False, None, 0
        self._text_of = {}

    def _start_content(self, local: str, path: list[str]) -> None:
        child = len(path) == len(CONTENTS) + 1
        if child and local == "f":
            self._formula = True
        if child and local in {"v", "is"}:
            self._text_of[local] = []
        inline = path[4] == "is" and local == "t" and "rPh" not in path
        self._pieces = self._text_of[path[4]] if inline or (child and local == "v") else None

    def _characters(self, characters: str) -> None:
        if self._pieces is not None:
            self._pieces.append(characters)
            self._length += len(characters)
            markup.check_length(self._length, self._file, self._part)

    def _end(self, name: str) -> None:
        local = self.walk.end(name)
        if local is None:
            return
        self._pieces = None
        if local == "c" and self.walk.path == CELLS:
            self._end_cell(self.walk.column)
        elif local == "row" and self.walk.path == ROWS:
            self._end_row()

    def _end_cell(self, column: int) -> None:
        text = self._text()
        if self._formula:
            self._formulas.add(column)
        if column in self._seen:
            self._values[column] = TWICE
            return
        self._seen.add(column)
        if self._formula and (text is None or (not text and self._kind != TEXT)):
            self._values[column] = values.NOT_CALCULATED
            return
        if text is None or (not text and values.blank_without_text(self._kind)):
            return
        if self._kind is None:
            self._values[column] = values.Unreadable(
                "a kind of cell that Excel does not know", text
            )
        else:
            self._values[column] = self._meaning.value(self._kind, markup.unescaped(text))

    def _text(self) -> str | None:
        """Return what the cell says; None where it says nothing.

        That is its `v`, or of inline text its `is`. Some programs write the one in place of
        the other. What stands there is text, and must not read as a blank.
        """
        first, second = ("is", "v") if self._kind == values.INLINE else ("v", "is")
        if first in self._text_of:
            return "".join(self._text_of[first])
        text = "".join(self._text_of.get(second, ())) or None
        if text is not None:
            self._kind = values.INLINE
        return text

    def _end_row(self) -> None:
        if self._skip:
            self._skip -= 1
        elif self._values:
            formulas = frozenset(self._formulas) if self._formulas else _NONE
            found = dict(sorted(self._values.items()))
            self._rows.append((self.walk.row, found, formulas, self._hidden))
