"""A worksheet part of the plain shape that nearly every program writes, cut into its rows.

Plain is: UTF-8, Excel's own namespace as the default one, rows that start `<row r="7"`.
What the rows hold is proven row by row, by `segments`.
"""

import re
from collections.abc import Iterable, Iterator

from mfauto.xlsx import markup

_ROOT = re.compile(r"\ufeff?\s*(?:<\?xml([^<>]*)\?>)?\s*<worksheet(\s[^<>]*)>")
_UTF8 = re.compile(r"""encoding=["'](?:utf-8|us-ascii)["']""", re.IGNORECASE)
_LONGEST = 8_000_000  #: bytes before the first row; longer heads are parsed instead


class OddShapeError(Exception):
    """The part is not in the plain shape; it must be parsed."""


class PlainPart:
    """The rows of one part as they stand, in lists, with what is before and after them.

    `head`, then every piece behind a `<row `, then `tail` are the part again, byte for byte.
    With `proven`, the rows hold nothing but plain rows and cells that state their places.
    """

    def __init__(
        self, chunks: Iterable[bytes], file: str, part: str, *, proven: bool = False
    ) -> None:
        self.tail = ""  #: known once all rows have been taken
        self._proven = proven
        self._texts = _texts(chunks)
        self.head = next(self._texts)
        _check_head(self.head, file, part)

    def lists(self) -> Iterator[list[str]]:
        """Yield the rows' pieces many at a time: each is what stands behind a `<row `."""
        held = next(self._texts)
        for text in self._texts:
            yield self._pieces(held)
            held = text
        rows, end, tail = held.partition("</sheetData>")
        if not end or "sheetData" in tail:
            raise OddShapeError
        self.tail = end + tail
        yield self._pieces(rows)

    def _pieces(self, text: str) -> list[str]:
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
    """Yield the head, then texts that begin with a row; the last one has the tail behind it."""
    rest = b""
    started = False
    for chunk in chunks:
        seen = max(len(rest) - 4, 0)
        rest += chunk
        if not started:
            first = rest.find(b"<row ", seen)
            if first < 0 and len(rest) > _LONGEST:
                raise OddShapeError
            if first < 0:
                continue
            yield _text(rest[:first])
            started = True
            rest = rest[first:]
            seen = 0
        cut = rest.rfind(b"<row ", max(seen, 1))
        if cut > 0:
            yield _text(rest[:cut])
            rest = rest[cut:]
    if not started:
        raise OddShapeError
    yield _text(rest)


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise OddShapeError from error


def _check_head(head: str, file: str, part: str) -> None:
    """Make sure the part starts as a plain worksheet does, and declares no DTD."""
    root = _ROOT.match(head)
    if root is None or not head.rstrip().endswith("<sheetData>"):
        raise OddShapeError
    declaration, attributes = root.groups()
    if declaration and "encoding" in declaration and not _UTF8.search(declaration):
        raise OddShapeError
    if not any(f' xmlns="{name}"' in attributes for name in markup.MAIN):
        raise OddShapeError
    markup.feed(markup.parser(file, part), head.encode(), file, part, last=False)
