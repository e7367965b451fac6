"""The workbook's shared texts: every distinct text of its cells, in order.

Read by pattern where the part has the plain shape nearly all programs write,
else by a full parse. Phonetic readings are no part of a text.
"""

import re
from collections.abc import Callable, Iterator

from mfauto.patterns import pattern
from mfauto.xlsx import markup

_PLAIN = pattern(r"<si><t(?: xml:space=\"preserve\")?>([^<]*)</t></si>")
_HEAD = pattern(r"\ufeff?\s*(?:<\?xml[^>]*\?>)?\s*<sst(?: [^<>]*)?>")  #: before the first text
_OTHER_ENCODING = pattern(r"""encoding=["'](?!utf-8["']|us-ascii["'])""", re.IGNORECASE)
_MAIN = f'xmlns="{markup.MAIN[0]}"'
_LONGEST = 32_767  #: characters that a cell can hold; longer ones are looked at closely


def shared_texts(open_part: Callable[[], Iterator[bytes]], file: str, part: str) -> list[str]:
    """Read the part `sharedStrings.xml`."""
    found = _by_pattern(open_part())
    return _parsed(open_part(), file, part) if found is None else found


def _by_pattern(chunks: Iterator[bytes]) -> list[str] | None:
    """Texts of a part without rich text; None where it has any other shape."""
    texts: list[str] = []
    rest = b""
    started = False
    for chunk in chunks:
        rest += chunk
        cut = rest.rfind(b"</si>") + 5
        if cut < 5:  # noqa: PLR2004 - no text has ended yet
            continue
        found = _plain_texts(rest[:cut], started=started)
        if found is None:
            return None
        texts += found
        started = True
        rest = rest[cut:]
    return texts if started and rest.strip() == b"</sst>" else None


def _plain_texts(data: bytes, *, started: bool) -> list[str] | None:
    """Texts of a stretch that ends with one; their tags prove that none was overlooked."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    start = 0
    if not started:
        head = _HEAD.match(text)
        if head is None or _OTHER_ENCODING.search(head[0]) or _MAIN not in head[0]:
            return None
        start = head.end()
    found: list[str] = _PLAIN.findall(text, start)
    if text.count("<", start) != 4 * len(found) or max(map(len, found)) > _LONGEST:
        return None
    if "&" not in text and "_x" not in text and "\r" not in text[start:]:
        return found
    try:
        return [markup.plain(one) for one in found]
    except (ValueError, KeyError):
        return None


def _parsed(chunks: Iterator[bytes], file: str, part: str) -> list[str]:
    """Texts of a part of any shape."""
    reader = _Reader(file, part)
    made = markup.parser(file, part)
    made.StartElementHandler = reader.start
    made.EndElementHandler = reader.end
    made.CharacterDataHandler = reader.text
    for chunk in chunks:
        markup.feed(made, chunk, file, part, last=False)
    markup.feed(made, b"", file, part, last=True)
    return reader.texts


class _Reader:
    """Collects `si`, with the runs of rich text joined and phonetic readings left out."""

    def __init__(self, file: str, part: str) -> None:
        self.texts: list[str] = []
        self._file, self._part = file, part
        self._path: list[str] = []
        self._pieces: list[str] = []
        self._length = 0

    def start(self, name: str, _: dict[str, str]) -> None:
        self._path.append(markup.local_name(name))
        markup.check_depth(len(self._path), self._file, self._part)
        if self._path[-1] == "si":
            self._pieces, self._length = [], 0

    def text(self, characters: str) -> None:
        if self._path[-1] == "t" and "rPh" not in self._path and "si" in self._path:
            self._pieces.append(characters)
            self._length += len(characters)
            markup.check_length(self._length, self._file, self._part)

    def end(self, _: str) -> None:
        if self._path.pop() == "si":
            self.texts.append(markup.unescaped("".join(self._pieces)))
