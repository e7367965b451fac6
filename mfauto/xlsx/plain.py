"""A worksheet part of the plain shape that nearly every program writes, cut into its rows.

Plain is: UTF-8, Excel's own namespace, rows that start `<row r="7"`. All names may have one
prefix (`<x:row r="7"`): it is taken off while the rows are worked on, and put back.
What the rows hold is proven row by row, by `segments`.
"""

import re
from collections.abc import Iterable, Iterator

from mfauto.patterns import pattern
from mfauto.xlsx import markup

_ROOT = pattern(r"\ufeff?\s*(?:<\?xml([^<>]*)\?>)?\s*<(?:([\w.-]+):)?worksheet(\s[^<>]*)>")
_ROOT_NAME = pattern(rb"<(?:([\w.-]+):)?worksheet\s")
_UTF8 = pattern(r"""encoding=["']utf-8["']""", re.IGNORECASE)
_LONGEST = 8_000_000  #: bytes before the first row; longer heads are parsed instead
_ROOT_WITHIN = 4_000  #: bytes; what stands before the root is short


class OddShapeError(Exception):
    """The part is not in the plain shape; it must be parsed."""


class PlainPart:
    """The rows of one part as they stand, in lists, with what is before and after them.

    `head`, then every piece behind a `<row `, then `tail` are the part again, byte for byte,
    once `restored` has put the names' prefix back into the rows.
    With `proven`, the rows hold nothing but plain rows and cells that state their places.
    """

    def __init__(
        self, chunks: Iterable[bytes], file: str, part: str, *, proven: bool = False
    ) -> None:
        self.tail = ""  #: known once all rows have been taken
        self._proven = proven
        self._texts = _texts(chunks)
        self._prefix = next(self._texts)
        self.head = next(self._texts)
        _check_head(self.head, self._prefix, file, part)

    def lists(self) -> Iterator[list[str]]:
        """Yield the rows' pieces many at a time: each is what stands behind a `<row `."""
        held = next(self._texts)
        for text in self._texts:
            yield self._pieces(held)
            held = text
        rows, end, tail = held.partition(f"</{self._prefix}sheetData>")
        if not end or "sheetData" in tail:
            raise OddShapeError
        self.tail = end + tail
        yield self._pieces(rows)

    def restored(self, text: str) -> str:
        """Return the text of rows with the prefix in front of every name again."""
        if not self._prefix:
            return text
        return text.replace("<", f"<{self._prefix}").replace(
            f"<{self._prefix}/", f"</{self._prefix}"
        )

    def _pieces(self, text: str) -> list[str]:
        if self._prefix:
            start, end = f"<{self._prefix}", f"</{self._prefix}"
            if text.count(start) + text.count(end) != text.count("<"):
                raise OddShapeError
            text = text.replace(start, "<").replace(end, "</")
        pieces = text.split("<row ")[1:]
        if self._proven and (
            text.count("<row") != len(pieces)
            or text.count("<c") != text.count('<c r="')
            or ("!" in text and "<!" in text)
            or ("?" in text and "<?" in text)
            or "xmlns" in text
            or "AlternateContent" in text
        ):
            raise OddShapeError
        return pieces


def _texts(chunks: Iterable[bytes]) -> Iterator[str]:
    """Yield the names' prefix, such as "x:"; the head; then texts that begin with a row.

    The last text has the tail behind it.
    """
    rest = b""
    mark = b""
    started = False
    for chunk in chunks:
        seen = max(len(rest) - len(mark), 0)
        rest += chunk
        if not mark:
            prefix = _prefix(rest)
            mark = f"<{prefix}row ".encode()
            yield prefix
        if not started:
            first = rest.find(mark, seen)
            if first < 0:
                if len(rest) > _LONGEST:
                    raise OddShapeError
                continue
            yield _text(rest[:first])
            started = True
            rest = rest[first:]
            seen = 0
        cut = rest.rfind(mark, max(seen, 1))
        if cut > 0:
            yield _text(rest[:cut])
            rest = rest[cut:]
    if not started:
        raise OddShapeError
    yield _text(rest)


def _prefix(start: bytes) -> str:
    """Prefix of the names in a part that starts like this."""
    root = _ROOT_NAME.search(start, 0, _ROOT_WITHIN)
    if root is None:
        raise OddShapeError
    return f"{root[1].decode()}:" if root[1] else ""


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise OddShapeError from error


def _check_head(head: str, prefix: str, file: str, part: str) -> None:
    """Make sure the part starts as a plain worksheet does, and declares no DTD."""
    root = _ROOT.match(head)
    if root is None or not head.rstrip().endswith(f"<{prefix}sheetData>"):
        raise OddShapeError
    declaration, name, attributes = root.groups()
    if declaration and "encoding" in declaration and not _UTF8.search(declaration):
        raise OddShapeError
    declared = f" xmlns:{name}" if name else " xmlns"
    if not any(f'{declared}="{space}"' in attributes for space in markup.MAIN):
        raise OddShapeError
    markup.feed(markup.parser(file, part), head.encode(), file, part, last=False)
