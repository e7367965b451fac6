"""Where the elements of a part stand, and start tags with other attributes.

Offsets are bytes of the part in UTF-8. What is inside `sheetData` is passed over.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from mfauto.xlsx import markup
from mfauto.xlsx.encoding import TAG
from mfauto.xlsx.refusals import damaged

_ATTRIBUTE = re.compile(r"""(\s+)([^\s=>/]+)(\s*=\s*)("[^"]*"|'[^']*')""")
_ROWS = ("worksheet", "sheetData")

Change = tuple[int, int, str]  #: from byte, to byte, what shall stand there


@dataclass(slots=True)
class Tag:
    """One element of a part."""

    path: tuple[str, ...]  #: local names, from the root to this element
    attributes: dict[str, str]
    shown: str  #: its start tag as it stands
    prefix: str  #: of its name, such as "x:"
    start: int
    tag_end: int  #: after its start tag
    close: int = -1  #: where its end tag starts; -1 where it is empty and has none
    end: int = -1

    @property
    def span(self) -> tuple[int, int]:
        """Where its start tag stands."""
        return self.start, self.tag_end


def tags(data: bytes, file: str, part: str) -> list[Tag]:
    """Find the elements of a part, in their order."""
    found: list[Tag] = []
    open_tags: list[Tag] = []
    inside_rows = 0
    made = markup.parser(file, part, encoding="utf-8")

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal inside_rows
        if inside_rows or (open_tags and open_tags[-1].path == _ROWS):
            inside_rows += 1
            return
        at = made.CurrentByteIndex
        match = TAG.match(data, at)
        if match is None:
            raise damaged(file, f'its part "{part}" cannot be followed')
        prefix, colon, _ = match[1].decode().rpartition(":")
        path = (*(open_tags[-1].path if open_tags else ()), markup.local_name(name))
        markup.check_depth(len(path), file, part)
        given = {markup.local_name(key): value for key, value in attributes.items()}
        tag = Tag(path, given, match[0].decode(), prefix + colon, at, match.end())
        found.append(tag)
        open_tags.append(tag)

    def end(_: str) -> None:
        nonlocal inside_rows
        if inside_rows:
            inside_rows -= 1
            return
        tag = open_tags.pop()
        if tag.shown.endswith("/>"):
            tag.end = tag.tag_end
        else:
            tag.close = made.CurrentByteIndex
            tag.end = data.index(b">", tag.close) + 1

    made.StartElementHandler = start
    made.EndElementHandler = end
    markup.feed(made, data, file, part, last=True)
    return found


def with_attributes(shown: str, changes: dict[str, str]) -> str:
    """Return a start tag with these attributes; their values need no escapes."""
    waiting = dict(changes)

    def changed(match: re.Match[str]) -> str:
        if match[2] not in waiting:
            return match[0]
        return f'{match[1]}{match[2]}{match[3]}"{waiting.pop(match[2])}"'

    made = _ATTRIBUTE.sub(changed, shown)
    closing = "/>" if made.endswith("/>") else ">"
    more = "".join(f' {name}="{value}"' for name, value in waiting.items())
    return made.removesuffix(closing).rstrip() + more + closing if more else made


def applied(data: bytes, changes: Iterable[Change]) -> bytes:
    """Return the part with the changes made; they must not overlap."""
    pieces, cursor = [], 0
    for start, end, text in sorted(changes, key=lambda change: change[:2]):
        pieces += [data[cursor:start], text.encode()]
        cursor = end
    return b"".join((*pieces, data[cursor:]))
