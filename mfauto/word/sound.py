"""A template as python-docx can read it: what Word forgives is put right, in a copy.

Word takes a name of a part in any case and with either slash, a link to a part that is not
there, any prefix for its own names, and a template saved as one (.dotx).
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any, Final

from docx.oxml.ns import nsmap
from docx.oxml.parser import parse_xml
from lxml import etree

from mfauto.xlsx.archive import folded

_TYPES: Final = "[Content_Types].xml"
_KIND: Final = b"application/vnd.openxmlformats-officedocument.wordprocessingml.%s.main+xml"
_TEXT: Final = re.compile(r"word/(?:document|header|footer|footnotes)\d*\.xml", re.IGNORECASE)
_AS_USUAL: Final = re.compile(rb"<w:(?:document|hdr|ftr|footnotes)[\s>]")
_OWN: Final = nsmap["w"].encode()


def sound(template: bytes) -> bytes:
    """Give the template, or a copy of it that is put right.

    Raises:
        KeyError, zipfile.BadZipFile, OSError, ValueError, SyntaxError: it is no Word template.

    """
    with zipfile.ZipFile(io.BytesIO(template)) as old:
        parts = {info.filename: old.read(info) for info in old.infolist() if not info.is_dir()}
    mended = {name.replace("\\", "/").lstrip("/"): part for name, part in parts.items()}
    mended = _renamed(mended)
    for name, part in mended.items():
        if name.endswith(".rels"):
            mended[name] = _linked(name, part, mended)
        elif _TEXT.fullmatch(name) and _OWN in part and not _AS_USUAL.search(part):
            mended[name] = _prefixed(part)
    types = mended.get(_TYPES, b"")
    if _KIND % b"document" not in types:
        mended[_TYPES] = types.replace(_KIND % b"template", _KIND % b"document")
    return template if mended == parts else _packed(mended)


def _packed(parts: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as new:
        for name, part in parts.items():
            new.writestr(name, part)
    return made.getvalue()


def _renamed(parts: dict[str, bytes]) -> dict[str, bytes]:
    """Give the parts the names by which others point to them."""
    held = {folded(name): part for name, part in parts.items()}
    meant = {folded(_TYPES): _TYPES}
    waiting = [""]  # the file itself points to the first
    while waiting:
        folder, file = posixpath.split(waiting.pop())
        rels = posixpath.join(folder, "_rels", f"{file}.rels")
        if folded(rels) not in held or folded(rels) in meant:
            continue
        meant[folded(rels)] = rels
        for _, target in _links(rels, parse_xml(held[folded(rels)])):
            meant.setdefault(folded(target), target)
            waiting.append(meant[folded(target)])
    return {meant.get(folded(name), name): part for name, part in parts.items()}


def _links(rels: str, root: Any) -> Iterator[tuple[Any, str]]:  # noqa: ANN401
    """Yield the relationships that stay inside the file, with the part each points to."""
    folder = posixpath.dirname(posixpath.dirname(rels))
    for link in root:
        if isinstance(link.tag, str) and link.get("TargetMode") != "External":
            target = link.get("Target", "").replace("\\", "/")
            yield link, posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")


def _linked(rels: str, part: bytes, parts: Mapping[str, bytes]) -> bytes:
    """Let a link to a part that is not there lead outside, where nobody looks for it."""
    root = parse_xml(part)
    gone = [link for link, target in _links(rels, root) if target not in parts]
    if not gone:
        return part
    for link in gone:
        link.set("TargetMode", "External")
    return etree.tostring(root, encoding="UTF-8", standalone=True)


def _prefixed(part: bytes) -> bytes:
    """Write a part's names as Word does, with `w:` in front."""
    root: Any = parse_xml(part)
    own: str = nsmap["w"]
    spaces: Any = {key: space for key, space in root.nsmap.items() if space != own}
    if root.prefix == "w" or "w" in spaces:
        return part
    spaces["w"] = own
    new = etree.Element(root.tag, {**root.attrib}, spaces)
    new.extend(deepcopy(child) for child in root)
    return etree.tostring(new, encoding="UTF-8", standalone=True)
