"""A template opened and patched by docxtpl: its parts with tags as text, all others as bytes.

What stands here knows Word files; what the tags mean is `language`'s.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docxtpl import DocxTemplate
from lxml import etree

from mfauto.word.contents import check_contents
from mfauto.word.sound import sound
from mfauto.word.tidy import has_changes, tidied

#: what a template must not use itself: the title and the moment of the document's properties
TITLE: Final = "mfauto_title"
MOMENT: Final = "mfauto_moment"
_DECLARATION: Final = "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"
_SPACES: Final = re.compile(r' xmlns(?::\w+)?="[^"]*"')
_FIRST: Final = re.compile(r"<[^>]*>")
_NO_MOMENT: Final = datetime(2001, 1, 1)  # noqa: DTZ001 - stands for the moment, never the clock
_NO_MOMENT_WRITTEN: Final = "2001-01-01T00:00:00Z"
_BODY: Final = "body of the document"  # a comment, where the body stands in the part
_TAG: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_TABLE: Final = re.compile(r"<w:tbl[ >]")
_ROW: Final = re.compile(r"<w:tr[ >]")
_CELL: Final = re.compile(r"<w:tc[ >]")
_COLUMN: Final = re.compile(r"<w:gridCol[ />]")
_SPAN: Final = re.compile(r'<w:gridSpan\b[^>]*w:val="([^"]*)"')
_MARGINS: Final = {
    RELATIONSHIP_TYPE.HEADER: "the header",
    RELATIONSHIP_TYPE.FOOTER: "the footer",
}


@dataclass(frozen=True, slots=True)
class Source:
    """One part that may hold tags: its text as docxtpl patched it."""

    part: str  #: its name in the file
    place: str  #: how a person calls it: "the page", "the header"
    xml: str
    head: str = _DECLARATION  #: what comes before it in the part
    tail: str = ""
    as_tree: bool = False  #: its tables or pictures must be set right after each filling


@dataclass(frozen=True, slots=True)
class Opened:
    """A template taken apart."""

    sources: tuple[Source, ...]
    members: dict[str, bytes]  #: every other part of the file, as it stays
    changes: bool  #: it holds tracked changes, which count as accepted


def opened(template: bytes) -> Opened:
    """Take a template apart.

    Raises:
        KeyError, zipfile.BadZipFile, OSError, ValueError, SyntaxError: it is no Word template.

    """
    check_contents(template)
    patcher = DocxTemplate(io.BytesIO(sound(template)))
    patcher.init_docx()
    document = patcher.docx
    changes = has_changes(document.part.element)
    sources = (
        _body(patcher),
        *_margins(patcher),
        *_notes(patcher),
        _properties(patcher),
    )
    made = io.BytesIO()
    document.save(made)
    own = {source.part for source in sources}
    with zipfile.ZipFile(made) as parts:
        members = {name: parts.read(name) for name in parts.namelist() if name not in own}
    return Opened(sources, members, changes)


def settled(xml: str) -> str:
    """Set the tables and pictures of a filled body right, as docxtpl does.

    Raises:
        SyntaxError: the tags left no sound XML.

    """
    tree = etree.fromstring(xml)
    for table in tree.iter(qn("w:tbl")):
        if table.find(qn("w:tblGrid")) is None:  # docxtpl cannot do without
            table.insert(0, table.makeelement(qn("w:tblGrid"), None, None))
    try:
        tree = _PATCHER.fix_tables(etree.tostring(tree, encoding="unicode"))
    except TypeError:  # nor without the width of a column
        for column in tree.iter(qn("w:gridCol")):
            column.set(qn("w:w"), column.get(qn("w:w")) or "0")
        tree = _PATCHER.fix_tables(etree.tostring(tree, encoding="unicode"))
    _PATCHER.docx_ids_index = 1000
    _PATCHER.fix_docpr_ids(tree)
    return etree.tostring(tree, encoding="unicode")


def resolved(xml: str) -> str:
    """Turn line breaks, tabs and pages in the text into Word's own, as docxtpl does."""
    made: str = _PATCHER.resolve_listing(xml)
    return made


_PATCHER: Final = DocxTemplate("")  # its file is never opened


def _name(part: Any) -> str:  # noqa: ANN401 - python-docx has no types
    return str(part.partname).lstrip("/")


def _body(patcher: Any) -> Source:  # noqa: ANN401
    part = patcher.docx.part
    root = tidied(part.element)
    body = root.body
    xml = _patched(patcher, patcher.xml_to_string(body)).strip()
    as_tree = "docPr" in xml or not _keeps_its_shape(xml)
    if not as_tree:
        first = _FIRST.match(xml)
        xml = _SPACES.sub("", first[0]) + xml[first.end() :] if first else xml
    mark = etree.Comment(_BODY)
    root.replace(body, mark)
    head, _, tail = etree.tostring(root, encoding="unicode").partition(f"<!--{_BODY}-->")
    root.replace(mark, body)
    return Source(_name(part), "the page", xml, _DECLARATION + head, tail, as_tree)


def _margins(patcher: Any) -> Iterator[Source]:  # noqa: ANN401
    for kind, place in _MARGINS.items():
        for _, part in patcher.get_headers_footers(kind):
            root = tidied(parse_xml(part.blob))
            yield Source(_name(part), place, _patched(patcher, patcher.xml_to_string(root)))


def _notes(patcher: Any) -> Iterator[Source]:  # noqa: ANN401
    for part in patcher.docx.part.package.iter_parts():
        if part.content_type == CONTENT_TYPE.WML_FOOTNOTES:
            root = tidied(parse_xml(part.blob))
            yield Source(_name(part), "a footnote", _patched(patcher, patcher.xml_to_string(root)))


def _properties(patcher: Any) -> Source:  # noqa: ANN401
    properties = patcher.docx.core_properties
    properties.title, properties.language = f"{{{{ {TITLE} }}}}", "en-GB"
    properties.author = properties.last_modified_by = "mfauto"
    properties.created = properties.modified = _NO_MOMENT
    properties.revision = 1
    part = next(
        part
        for part in patcher.docx.part.package.iter_parts()
        if part.content_type == CONTENT_TYPE.OPC_CORE_PROPERTIES
    )
    xml = patcher.xml_to_string(parse_xml(part.blob))
    xml = xml.replace(_NO_MOMENT_WRITTEN, f"{{{{ {MOMENT} }}}}")
    return Source(_name(part), "the document’s properties", _patched(patcher, xml))


def _patched(patcher: Any, xml: str) -> str:  # noqa: ANN401
    """Let docxtpl patch the XML of a part; it leaves a "&" within a tag as XML writes it."""
    return _TAG.sub(lambda tag: tag[0].replace("&amp;", "&"), patcher.patch_xml(xml))


def _keeps_its_shape(xml: str) -> bool:
    """Say whether every table has the columns its grid names, however its tags are filled."""
    return all(
        ended and _is_even(table)
        for table, ended, _ in (piece.partition("</w:tbl>") for piece in _TABLE.split(xml)[1:])
    )


def _is_even(table: str) -> bool:
    before, *rows = _ROW.split(table)
    columns = len(_COLUMN.findall(before))
    return (
        bool(rows)
        and "{%" not in before  # the first row is always there
        and "<w:sdt" not in table
        and all(_cells(row.partition("</w:tr>")[0]) == columns for row in rows)
    )


def _cells(row: str) -> int | None:
    """Count the columns that a row takes; None where its tags decide that."""
    before, *cells = _CELL.split(row)
    spans: list[str] = _SPAN.findall(row)
    loose = [before, *(cell.rpartition("</w:tc>")[2] for cell in cells)]
    if any("{%" in text for text in loose) or not all(map(str.isdecimal, spans)):
        return None
    return len(cells) + sum(int(span) - 1 for span in spans)
