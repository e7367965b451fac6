"""How the page of a template is built: its paragraphs and tables with their measures, in points.

For whoever has to fit text into it. Read from the template itself, so that an officer may
change margins, sizes and spacing in Word.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite
from typing import Any, Final

from docx import Document
from docx.oxml.ns import qn

from mfauto.word.tidy import tidied

_TWIPS: Final = 20  # to a point
_EIGHTHS: Final = 8  # of a point in the width of a rule
_LINES: Final = 240  # of w:line to a line
_SIZE: Final = 10.0  # where nothing sets it
#: height of a line, and width beside Arial's, as shares of the type size; others are guessed
_FONTS: Final = {
    "arial": (1.15, 1.0),
    "helvetica": (1.15, 1.0),
    "liberation sans": (1.15, 1.0),
    "calibri": (1.23, 0.95),
    "carlito": (1.23, 0.95),
    "aptos": (1.3, 1.05),
    "tahoma": (1.21, 1.05),
    "segoe ui": (1.34, 1.05),
    "verdana": (1.22, 1.2),
}
_OTHER_FONT: Final = (1.4, 1.2)
_BORDER: Final = 0.5
_PAGE: Final = (612.0, 792.0)  # width and height where nothing sets them, as in Word
_MARGIN: Final = 72.0  # likewise
_TAG: Final = re.compile(r"\{%(?:p|tr|tc)?\s.*?%\}|\{#.*?#\}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text in one weight; it may hold tags."""

    text: str
    bold: bool


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of the template."""

    pieces: tuple[Piece, ...]
    room: float  #: width of its lines
    size: float  #: of its type, as wide as Arial of that size
    line: float  #: height of one line
    around: float  #: space and rules above and below it, together
    stops: tuple[float, ...]  #: where its tabs lead, from the left
    exact: bool  #: the height of a line is fixed, whatever stands in it

    @property
    def text(self) -> str:
        """Give its text, tags and all."""
        return "".join(piece.text for piece in self.pieces)

    @property
    def holds_only_a_tag(self) -> bool:
        """Say whether the paragraph goes when the template is filled, as `{%p if x %}` does."""
        return bool(_TAG.fullmatch(self.text.strip()))


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: the first paragraph of each cell, and what it takes besides its lines."""

    cells: tuple[Paragraph, ...]
    around: float
    header: bool


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the template."""

    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """The text area of a template's first page, and what stands in it."""

    height: float
    room: float
    blocks: tuple[Paragraph | Table, ...]


def layout(template: bytes) -> Layout:
    """Measure a template.

    Raises:
        KeyError, zipfile.BadZipFile, OSError, ValueError, SyntaxError: it is no Word template.

    """
    document = Document(io.BytesIO(template))
    tidied(document.element)
    return _Reader(document).layout()


class _Reader:
    def __init__(self, document: Any) -> None:  # noqa: ANN401 - python-docx has no types
        self.document = document
        root = document.styles.element
        self.styles = {style.get(qn("w:styleId")): style for style in root.iter(qn("w:style"))}
        self.default = next(
            (
                name
                for name, style in self.styles.items()
                if style.get(qn("w:type")) == "paragraph" and style.get(qn("w:default")) == "1"
            ),
            None,
        )
        self.defaults = root.find(qn("w:docDefaults"))

    def layout(self) -> Layout:
        section = next(iter(self.document.sections), None)
        if section is None:  # a page of Word's own size
            width, height = _PAGE
            room, height = width - 2 * _MARGIN, height - 2 * _MARGIN
            return Layout(height, room, tuple(self._blocks(self.document.element.body, room)))
        top = max(
            _given(section.top_margin, _MARGIN),
            _given(section.header_distance, _MARGIN / 2) + self._lines(section.header),
        )
        bottom = max(
            _given(section.bottom_margin, _MARGIN),
            _given(section.footer_distance, _MARGIN / 2) + self._lines(section.footer),
        )
        sides = _given(section.left_margin, _MARGIN) + _given(section.right_margin, _MARGIN)
        room = _given(section.page_width, _PAGE[0]) - sides
        return Layout(
            height=_given(section.page_height, _PAGE[1]) - top - bottom,
            room=room,
            blocks=tuple(self._blocks(self.document.element.body, room)),
        )

    def _lines(self, margin: Any) -> float:  # noqa: ANN401
        made = [self._paragraph(one._p, 1.0) for one in margin.paragraphs]  # noqa: SLF001
        return sum(one.line + one.around for one in made)

    def _blocks(self, parent: Any, room: float) -> Iterator[Paragraph | Table]:  # noqa: ANN401
        for child in parent:
            if child.tag == qn("w:p"):
                yield self._paragraph(child, room)
            elif child.tag == qn("w:tbl"):
                yield self._table(child)
            elif child.tag == qn("w:sdt"):
                content = child.find(qn("w:sdtContent"))
                yield from self._blocks(() if content is None else content, room)

    def _table(self, table: Any) -> Table:  # noqa: ANN401
        widths = [_points(one.get(qn("w:w"))) for one in table.iter(qn("w:gridCol"))]
        margins = table.find(f"{qn('w:tblPr')}/{qn('w:tblCellMar')}")
        margins = [] if margins is None else list(margins)
        sides = (
            {}
            if margins is None
            else {_local(one.tag): _points(one.get(qn("w:w"))) for one in margins}
        )
        left, right = sides.get("left", 5.4), sides.get("right", 5.4)
        around = sides.get("top", 0.0) + sides.get("bottom", 0.0) + _BORDER
        rows = []
        for row in table.iter(qn("w:tr")):
            cells = [cell.find(qn("w:p")) for cell in row.iter(qn("w:tc"))]
            rows.append(
                Row(
                    tuple(
                        self._paragraph(paragraph, width - left - right)
                        for paragraph, width in zip(cells, widths, strict=False)
                        if paragraph is not None
                    ),
                    around,
                    row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None,
                )
            )
        return Table(tuple(rows))

    def _paragraph(self, paragraph: Any, room: float) -> Paragraph:  # noqa: ANN401
        layers = list(self._layers(paragraph))
        spacing = _attributes(layers, "w:spacing")
        indent = _attributes(layers, "w:ind")
        size, (height, wide) = self._type(layers)
        stops = sorted(
            _points(stop.get(qn("w:pos")))
            for stop in paragraph.iter(qn("w:tab"))
            if stop.get(qn("w:pos")) and stop.get(qn("w:val")) != "clear"
        )
        left = _points(indent.get("left") or indent.get("start"))
        right = _points(indent.get("right") or indent.get("end"))
        return Paragraph(
            pieces=tuple(self._pieces(paragraph, bold=self._bold(layers))),
            room=room - left - right - max(_points(indent.get("firstLine")), 0.0),
            size=size * wide,
            line=_line(spacing, size * height),
            around=_points(spacing.get("before")) + _points(spacing.get("after")) + _rules(layers),
            stops=tuple(stops),
            exact=spacing.get("lineRule") == "exact",
        )

    def _layers(self, paragraph: Any) -> Iterator[Any]:  # noqa: ANN401
        """Give what formats a paragraph, the nearest first."""
        own = paragraph.find(qn("w:pPr"))
        named = None if own is None else own.find(qn("w:pStyle"))
        yield own
        name = self.default if named is None else named.get(qn("w:val"))
        seen: set[str | None] = set()
        while name in self.styles and name not in seen:
            seen.add(name)
            yield self.styles[name]
            based = self.styles[name].find(qn("w:basedOn"))
            name = None if based is None else based.get(qn("w:val"))
        if self.defaults is not None:
            for kind in ("w:pPrDefault", "w:rPrDefault"):
                yield self.defaults.find(qn(kind))

    def _type(self, layers: list[Any]) -> tuple[float, tuple[float, float]]:
        """Give the size of a paragraph's type, and its height and width beside Arial's."""
        size = font = None
        for layer in layers[1:]:
            if layer is None:
                continue
            found = layer.find(f".//{qn('w:rPr')}/{qn('w:sz')}")
            size = size or (None if found is None else _measure(found.get(qn("w:val"))) / 2)
            named = layer.find(f".//{qn('w:rPr')}/{qn('w:rFonts')}")
            font = font or (None if named is None else named.get(qn("w:ascii")))
        return size or _SIZE, _FONTS.get((font or "").casefold(), _OTHER_FONT)

    def _bold(self, layers: list[Any]) -> bool:
        for layer in layers[1:]:
            found = None if layer is None else layer.find(f".//{qn('w:rPr')}/{qn('w:b')}")
            if found is not None:
                return _on(found)
        return False

    def _pieces(self, paragraph: Any, *, bold: bool) -> Iterator[Piece]:  # noqa: ANN401
        for run in paragraph.iter(qn("w:r")):
            own = run.find(f"{qn('w:rPr')}/{qn('w:b')}")
            text = "".join(
                {qn("w:t"): part.text or "", qn("w:tab"): "\t"}.get(part.tag, "") for part in run
            )
            if text:
                yield Piece(text, bold if own is None else _on(own))


def _attributes(layers: list[Any], name: str) -> dict[str, str]:
    """Give the attributes of an element, each from the nearest layer that has it."""
    found: dict[str, str] = {}
    for layer in layers:
        for element in () if layer is None else layer.iter(qn(name)):
            if element.getparent().tag == qn("w:pPr"):
                found = {_local(key): value for key, value in element.attrib.items()} | found
    return found


def _rules(layers: list[Any]) -> float:
    """Give the height of the rules above and below a paragraph, with their distance to it."""
    for layer in layers:
        for borders in () if layer is None else layer.iter(qn("w:pBdr")):
            drawn = [one for one in borders if _local(one.tag) in ("top", "bottom")]
            return sum(
                _measure(one.get(qn("w:sz"), "0")) / _EIGHTHS
                + _measure(one.get(qn("w:space"), "0"))
                for one in drawn
            )
    return 0.0


def _given(length: Any, otherwise: float) -> float:  # noqa: ANN401
    """Give a length of python-docx in points; the other where it is not set."""
    return otherwise if length is None else float(length.pt)


def _line(spacing: dict[str, str], natural: float) -> float:
    height, rule = spacing.get("line"), spacing.get("lineRule", "auto")
    if height is None:
        return natural
    if rule == "auto":
        return natural * _measure(height) / _LINES
    exact = _points(height)
    return exact if rule == "exact" else max(exact, natural)


def _points(twips: str | None) -> float:
    """Give twentieths of a point as points; 0 where there are none."""
    try:
        return _measure(twips) / _TWIPS if twips else 0.0
    except ValueError:
        return 0.0


def _on(switch: Any) -> bool:  # noqa: ANN401
    return switch.get(qn("w:val"), "1") not in ("0", "false", "off", "none")


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _measure(text: str) -> float:
    """Read a measure of the template; ValueError where it is none that a page can have."""
    value = float(text)
    if not isfinite(value):
        raise ValueError(text)
    return value
