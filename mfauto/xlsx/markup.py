"""XML as workbooks hold it: parsed without DTD or entities, text escaped and unescaped.

Names come out with Excel's two families of namespaces (transitional and strict)
told apart from everything else, so that the rest of the package sees one.
"""

import re
from collections.abc import Iterable
from typing import Never
from xml.parsers import expat

from mfauto.patterns import pattern
from mfauto.xlsx.refusals import damaged

MAIN = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
RELATIONSHIPS = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)
PACKAGE = (
    "http://schemas.openxmlformats.org/package/2006/relationships",
    "http://schemas.openxmlformats.org/package/2006/content-types",
)
COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"

_OURS = frozenset((*MAIN, *PACKAGE))
_DEEPEST = 64  #: elements within elements; Excel's own parts stay under 20
_LONGEST_TEXT = 1_000_000  #: characters; a cell holds at most 32,767

_ENTITY = pattern(r"&(?:#(\d{1,7})|#x([0-9A-Fa-f]{1,6})|(\w+));?")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_ESCAPED = pattern(r"_x([0-9A-Fa-f]{4})_")
_UNWRITABLE = pattern("[\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]|_(?=x[0-9A-Fa-f]{4}_)")


class Element:
    """One element of a small part, with its text and its children."""

    __slots__ = ("attributes", "children", "name", "text")

    def __init__(self, name: str, attributes: dict[str, str]) -> None:
        self.name = name  #: local name; foreign ones as "namespace name"
        self.attributes = attributes  #: relationship ids as "r:id"
        self.children: list[Element] = []
        self.text = ""

    def __eq__(self, other: object) -> bool:
        """Say whether both hold the same."""
        return isinstance(other, Element) and all(
            getattr(self, name) == getattr(other, name) for name in self.__slots__
        )

    __hash__ = None  # type: ignore[assignment]  # its children may change

    def each(self, *path: str) -> Iterable["Element"]:
        """Every element at the end of the path of names below this one."""
        found = [self]
        for name in path:
            found = [child for element in found for child in element.children if child.name == name]
        return found

    def first(self, *path: str) -> "Element | None":
        """First element at the end of the path, if there is one."""
        return next(iter(self.each(*path)), None)


def local_name(name: str) -> str:
    """Plain name of an element or attribute of Excel's own; foreign ones keep their namespace."""
    space, _, local = name.rpartition(" ")
    if space in _OURS:
        return local
    if space in RELATIONSHIPS:
        return f"r:{local}"
    return name


def parser(file: str, part: str, encoding: str | None = None) -> expat.XMLParserType:
    """Return a parser that refuses any DTD; feed it with `feed`. `encoding` overrules the part."""

    def refuse(*_: object) -> Never:
        raise damaged(
            file,
            f'its part "{part}" declares a document type (DTD) or entities,'
            " which Excel never writes",
        )

    made = expat.ParserCreate(encoding, " ")
    made.buffer_text = True
    made.buffer_size = 65536
    made.StartDoctypeDeclHandler = refuse
    made.EntityDeclHandler = refuse
    return made


def feed(made: expat.XMLParserType, data: bytes, file: str, part: str, *, last: bool) -> None:
    """Parse the next bytes of a part; what is not XML is refused as damaged."""
    try:
        made.Parse(data, last)
    except expat.ExpatError as error:
        raise damaged(file, f'its part "{part}" is not well-formed XML ({error})') from error
    except (UnicodeDecodeError, LookupError, ValueError) as error:
        raise damaged(file, f'its part "{part}" is in no known encoding') from error


def tree(data: bytes, file: str, part: str) -> Element:
    """Read a small part whole."""
    root = Element("", {})
    stack = [root]

    def start(name: str, attributes: dict[str, str]) -> None:
        if len(stack) > _DEEPEST:
            raise damaged(file, f'its part "{part}" nests elements too deeply')
        element = Element(
            local_name(name), {local_name(key): value for key, value in attributes.items()}
        )
        stack[-1].children.append(element)
        stack.append(element)

    def text(characters: str) -> None:
        stack[-1].text += characters

    made = parser(file, part)
    made.StartElementHandler = start
    made.EndElementHandler = lambda _: stack.pop()
    made.CharacterDataHandler = text
    feed(made, data, file, part, last=True)
    return root.children[0]


def check_depth(depth: int, file: str, part: str) -> None:
    """Refuse elements nested beyond anything Excel writes."""
    if depth > _DEEPEST:
        raise damaged(file, f'its part "{part}" nests elements too deeply')


def check_length(length: int, file: str, part: str) -> None:
    """Refuse a text far beyond what a cell can hold."""
    if length > _LONGEST_TEXT:
        raise damaged(file, f'its part "{part}" holds a text of {length:,} characters')


def _character(match: re.Match[str]) -> str:
    decimal, hexadecimal, name = match.groups()
    if not match[0].endswith(";"):
        raise ValueError(match[0])
    if name:
        return _NAMED[name]
    return chr(int(decimal) if decimal else int(hexadecimal, 16))


def plain(text: str) -> str:
    """Text of a cell from its XML: entities, line ends and `_x000D_` resolved.

    ValueError or KeyError where an entity is unknown.
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "&" in text:
        text = _ENTITY.sub(_character, text)
    return unescaped(text)


def unescaped(text: str) -> str:
    """Text with Excel's own `_xHHHH_` escapes resolved."""
    if "_x" not in text:
        return text
    decoded = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    try:
        return decoded.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        return decoded.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def escaped(text: str) -> str:
    """XML that reads back as exactly this text, control characters and `_x000D_` included."""
    safe = _UNWRITABLE.sub(lambda match: f"_x{ord(match[0]):04X}_", text)
    return safe.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
