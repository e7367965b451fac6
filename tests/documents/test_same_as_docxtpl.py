"""What the product fills, docxtpl fills the same: every part of the document, as XML.

Own templates first, one for each tag of docxtpl's language; then docxtpl's own test
templates of the corpus, filled with a value that is text, list and mapping at once.
"""

import io
import zipfile
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docxtpl import DocxTemplate, Listing, RichText, RichTextParagraph
from jinja2 import Environment
from lxml import etree

from mfauto.errors import TemplateError
from mfauto.word import filled
from tests.looking import SHARED

CORPUS = sorted((SHARED / "corpus").glob("elapouya-*.docx"))
LINES = [{"name": "Åse & <Bo>", "due": "3 March"}, {"name": "", "due": "4 March"}]
CONTEXT: Mapping[str, Any] = {
    "ref": "MF-001",
    "typed": "a < b & c > d \"e\" 'f' ]]> é 中",
    "broken": "one\ntwo\tthree",
    "lines": LINES,
    "nobody": [],
    "yes": True,
    "no": False,
    "number": 3,
    "colour": "FF0000",
    "columns": ["a", "b", "c", "d"],
    "rich": RichText("rich & ", bold=True),
    "listing": Listing("first\nsecond\afresh paragraph\fpage"),
    "blocks": RichTextParagraph("a paragraph of its own"),
}
Draw = Callable[[Any], None]


def texts(*paragraphs: str) -> Draw:
    def draw(document: Any) -> None:
        for text in paragraphs:
            document.add_paragraph(text)

    return draw


def table(*rows: tuple[str, ...]) -> Draw:
    def draw(document: Any) -> None:
        made = document.add_table(rows=len(rows), cols=len(rows[0]))
        for row, words in zip(made.rows, rows, strict=True):
            for cell, text in zip(row.cells, words, strict=True):
                cell.text = text

    return draw


def runs(*pieces: str, between: str = "") -> Draw:
    """Draw one paragraph whose text Word has split into runs."""

    def draw(document: Any) -> None:
        paragraph = document.add_paragraph()
        for piece in pieces:
            run = paragraph.add_run(piece)
            run.font.size = 127000 if len(piece) % 2 else None
            if between:
                run._r.addnext(OxmlElement(between))  # noqa: SLF001 - python-docx has no such mark

    return draw


def margins(document: Any) -> None:
    section = document.sections[0]
    section.header.paragraphs[0].text = "{{ ref }} {% if yes %}shown{% endif %}"
    section.footer.paragraphs[0].text = "{{ typed }}"
    section.different_first_page_header_footer = True
    section.first_page_header.paragraphs[0].text = "{{ broken }}"
    document.add_paragraph("{{ ref }}")


def inner_table(document: Any) -> None:
    outer = document.add_table(rows=1, cols=2)
    outer.cell(0, 0).text = "{{ ref }}"
    nested = outer.cell(0, 1).add_table(rows=3, cols=1)
    for row, text in zip(
        nested.rows, ("{%tr for l in lines %}", "{{ l.name }}", "{%tr endfor %}"), strict=True
    ):
        row.cells[0].text = text
    outer.cell(0, 1).add_paragraph("after")


def picture_in_a_loop(document: Any) -> None:
    """Draw a shape whose number docxtpl sets anew for each copy."""
    document.add_paragraph("{%p for l in lines %}")
    run = document.add_paragraph().add_run()
    run._r.append(  # noqa: SLF001 - python-docx draws no shapes
        parse_xml(
            '<w:drawing xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
            'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
            '<wp:inline><wp:extent cx="1" cy="1"/><wp:docPr id="7" name="{{ l.name }}"/>'
            "</wp:inline></w:drawing>"
        )
    )
    document.add_paragraph("{%p endfor %}")


def table_without_a_grid_of_its_size(document: Any) -> None:
    table(("{%tc for c in columns %}", "{{ c }}", "{%tc endfor %}"))(document)


def coloured(document: Any) -> None:
    table(("{% cellbg colour %}{{ ref }}", "{% colspan number %}wide"))(document)
    for cell in document.tables[0].rows[0].cells:
        cell.width = 914400


def merged(document: Any) -> None:
    table(("h", "i"), ("{%tr for l in lines %}",) * 2, ("{% vm %}{{ l.due }}", "{{ l.name }}"))(
        document
    )
    row = document.tables[0].add_row()
    for cell in row.cells:
        cell.text = "{%tr endfor %}"


def merged_across(document: Any) -> None:
    table(("{%tc for c in columns %}", "{% hm %}{{ c }}", "{%tc endfor %}"))(document)


DRAWN: Mapping[str, Draw] = {
    "plain": texts("Before.", "{{ ref }} and {{ typed }}", "{{ broken }}", "{{ number + 1 }}"),
    "conditions": texts(
        "{% if yes %}a{% elif no %}b{% else %}c{% endif %}", "{{ 2 if no else 1 }}"
    ),
    "paragraphs": texts("{%p if yes %}", "kept", "{%p else %}", "gone", "{%p endif %}", "end"),
    "no paragraphs": texts("{%p for l in nobody %}", "gone", "{%p endfor %}", "end"),
    "loops": texts("{%p for l in lines %}", "{{ loop.index }} {{ l.name }}", "{%p endfor %}"),
    "comments": texts("a{# not shown #}b", "{#p not shown #}", "c"),
    "set": texts("{% set x = 3 %}{{ x * 2 }}", "{{ 'a' ~ ref|lower }}"),
    "runs": texts("start {%r if yes %}kept{%r endif %} and {{r rich }} end"),
    "rich": texts("{{r rich }}", "{{ listing }}", "{{p blocks }}"),
    "escaped braces": texts("{_{ not a tag }_} {_% nor this %_}", "{{ '{_{' }}"),
    "spaces kept": texts("  {{ ref }}  ", "\t{{ ref }}\n{{ ref }}"),
    "joined": texts("one {%- if yes %}", "two", "{%- endif -%}", "three"),
    "smart quotes": texts("{{ “a” ~ ‘b’ }}"),
    "split runs": runs("{", "{ re", "f }", "} after", " the {% if y", "es %}yes{% endif %}"),
    "split with proofing": runs("{{ ", "typed", " }}", between="w:proofErr"),
    "rows": table(
        ("Name", "Due"),
        ("{%tr for l in lines %}",) * 2,
        ("{{ l.name }}", "{{ l.due }}"),
        ("{%tr endfor %}",) * 2,
    ),
    "no rows but the first": table(
        ("Name", "Due"), ("{%tr for l in nobody %}",) * 2, ("x", "y"), ("{%tr endfor %}",) * 2
    ),
    "columns": table_without_a_grid_of_its_size,
    "merged down": merged,
    "merged across": merged_across,
    "cell colour and span": coloured,
    "inner table": inner_table,
    "picture": picture_in_a_loop,
    "margins": margins,
}


class Whatever:
    """Text, list of two, mapping and number at once: what an unknown template may ask for."""

    def __init__(self, name: str = "x", deep: int = 0) -> None:
        self._name, self._deep = name, deep

    def __str__(self) -> str:
        return f"«{self._name}»"

    def __iter__(self) -> Iterator["Whatever"]:
        return iter([Whatever(f"{self._name}{n}", self._deep + 1) for n in (1, 2)])

    def __len__(self) -> int:
        return 2

    def __getitem__(self, key: object) -> "Whatever":
        return Whatever(f"{self._name}.{key}", self._deep + 1)

    def __getattr__(self, name: str) -> "Whatever":
        if name.startswith("_") or name in ("unsafe_callable", "alters_data"):
            raise AttributeError(name)
        return self[name]

    def __eq__(self, other: object) -> bool:
        return False

    def __hash__(self) -> int:
        return 1


def drawn(draw: Draw) -> bytes:
    document = Document()
    draw(document)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def by_docxtpl(template: bytes, context: Mapping[str, Any]) -> bytes:
    document = DocxTemplate(io.BytesIO(template))
    document.render(dict(context), Environment(autoescape=True), autoescape=True)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def canonical(xml: bytes) -> bytes:
    """Give XML in one form: a name space may have several prefixes."""
    made: str = etree.canonicalize(from_file=io.BytesIO(xml), rewrite_prefixes=True)
    return made.encode()


def parts(document: bytes) -> dict[str, bytes]:
    """Give each part; not the properties, which the product sets."""
    with zipfile.ZipFile(io.BytesIO(document)) as file:
        read = {name: file.read(name) for name in file.namelist()}
    del read["docProps/core.xml"]
    return read


def assert_same(folder: Path, template: bytes, context: Mapping[str, Any]) -> None:
    path = folder / "template.docx"
    path.write_bytes(template)
    ours = parts(filled(path, context, title="T", as_at=date(2026, 3, 3)))
    theirs = parts(by_docxtpl(template, context))
    assert ours.keys() == theirs.keys()
    for name, data in theirs.items():
        if ours[name] != data:
            assert canonical(ours[name]) == canonical(data), name


@pytest.mark.parametrize("name", DRAWN)
def test_a_template_gives_the_document_that_docxtpl_gives(tmp_path: Path, name: str) -> None:
    assert_same(tmp_path, drawn(DRAWN[name]), CONTEXT)


def test_footnotes_are_filled_as_docxtpl_fills_them(tmp_path: Path) -> None:
    note = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"

    def draw(document: Any) -> None:
        xml = (
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
            f'<w:footnotes xmlns:w="{qn("w:x")[1:-2]}"><w:footnote w:id="1"><w:p><w:r>'
            "<w:t>See {{ typed }}</w:t></w:r></w:p></w:footnote></w:footnotes>"
        )
        part = Part(PackURI("/word/footnotes.xml"), kind, xml.encode(), document.part.package)
        document.part.relate_to(part, note)
        document.add_paragraph("{{ ref }}")

    assert_same(tmp_path, drawn(draw), CONTEXT)


def test_a_second_filling_knows_nothing_of_the_first(tmp_path: Path) -> None:
    template = drawn(DRAWN["picture"])
    for ref in ("one", "two"):
        assert_same(tmp_path, template, {**CONTEXT, "lines": [{"name": ref}]})


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_docxtpls_own_templates_come_out_the_same(tmp_path: Path, path: Path) -> None:
    template = path.read_bytes()
    asked = DocxTemplate(io.BytesIO(template)).get_undeclared_template_variables()
    context = {name: Whatever(name) for name in asked}
    try:
        by_docxtpl(template, context)
    except Exception:  # noqa: BLE001 - what docxtpl cannot fill either
        (tmp_path / "template.docx").write_bytes(template)
        with pytest.raises(TemplateError):
            filled(tmp_path / "template.docx", context, title="T", as_at=date(2026, 3, 3))
        return
    assert_same(tmp_path, template, context)
