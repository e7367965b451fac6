"""Templates as Word saves them after an officer's hand: every tag is still understood.

Each page is written as Word writes it, with the traces that typing, spelling checks,
tracked changes and links leave in the middle of a tag.
"""

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest
from docx import Document
from lxml import etree

from mfauto.errors import TemplateError
from mfauto.word import filled, layout_of, problems
from tests.xlsx.test_container import an_ole_file

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
CONTEXT: Mapping[str, object] = {
    "ref": "MF-001",
    "case": {"owner": "Ada"},
    "rows": [{"due": "1 May"}, {"due": "2 May"}],
    "yes": True,
}
BODY = re.compile(rb"<w:body>.*(?=<w:sectPr)", re.DOTALL)
BOX = (
    "<w:p><w:r><mc:AlternateContent"
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    ' xmlns:v="urn:schemas-microsoft-com:vml"><mc:Choice Requires="wps"><w:drawing><wps:txbx>'
    "<w:txbxContent><w:p>{0}</w:p></w:txbxContent></wps:txbx></w:drawing></mc:Choice>"
    "<mc:Fallback><w:pict><v:textbox><w:txbxContent><w:p>{0}</w:p></w:txbxContent></v:textbox>"
    "</w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
)


def run(text: str, *, deleted: bool = False) -> str:
    name = "w:delText" if deleted else "w:t"
    return f'<w:r><{name} xml:space="preserve">{text}</{name}></w:r>'


def paragraph(*pieces: str) -> str:
    return f"<w:p>{''.join(p if p.startswith('<') else run(p) for p in pieces)}</w:p>"


def change(kind: str, inner: str = "") -> str:
    return f'<w:{kind} w:id="1" w:author="A" w:date="2026-01-01T00:00:00Z">{inner}</w:{kind}>'


def cell(*paragraphs: str) -> str:
    return f"<w:tc><w:tcPr/>{''.join(paragraphs)}</w:tc>"


def a_template(folder: Path, body: str, header: str = "") -> Path:
    document = Document()
    if header:
        document.sections[0].header.paragraphs[0].text = header
    made = io.BytesIO()
    document.save(made)
    path = folder / "own.docx"
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "word/document.xml":
                data = BODY.sub(lambda _: b"<w:body>" + body.encode(), data)
            new.writestr(name, data)
    return path


def words(document: bytes, part: str = "word/document.xml") -> list[str]:
    """Give the text of each paragraph, text boxes included."""
    with zipfile.ZipFile(io.BytesIO(document)) as parts:
        root = etree.fromstring(parts.read(part))
    return [
        "".join(text.text or "" for text in one.iter(f"{{{W}}}t"))
        for one in root.iter(f"{{{W}}}p")
        if one.find(f".//{{{W}}}p") is None
    ]


def filled_words(folder: Path, body: str) -> list[str]:
    path = a_template(folder, body)
    return words(filled(path, CONTEXT, title="T", as_at=date(2026, 3, 3)))


def link(text: str) -> str:
    return f'<w:hyperlink w:anchor="x">{run(text)}</w:hyperlink>'


def a_table(*rows: str, grid: str = "<w:tblGrid><w:gridCol/></w:tblGrid>") -> str:
    return f"<w:tbl><w:tblPr/>{grid}{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


OLD = run("{{ gone }}", deleted=True)
REFORMATTED = f"<w:r><w:rPr><w:b/>{change('rPrChange')}</w:rPr><w:t>{{{{ ref }}}}</w:t></w:r>"
IF, END_IF = "{%p\xa0if yes %}", "{%p\xa0endif\xa0%}"
SMART = f'<w:smartTag w:element="place">{run("ref")}</w:smartTag>'
SURVIVES = {
    "split runs": paragraph("{", "{ r", "ef }", "}"),
    "proofing marks": paragraph("{{ ", '<w:proofErr w:type="spellStart"/>', "ref", " }}"),
    "a language": paragraph("{{ re", "<w:r><w:rPr><w:lang/></w:rPr><w:t>f }}</w:t></w:r>"),
    "a bookmark inside": paragraph("{{ re", '<w:bookmarkStart w:id="1" w:name="b"/>', "f }}"),
    "no-break spaces": paragraph("{{\xa0ref\u202f}}"),
    "no-break spaces of paragraphs": paragraph(IF) + paragraph("{{ ref }}") + paragraph(END_IF),
    "signs without width": paragraph("{{ re\u200bf\ufeff }}"),
    "a soft hyphen in the name": paragraph("{{ re\xadf }}"),
    "smart quotes": paragraph("{{ “MF-” ~ ‘001’ }}"),
    "smart quotes split": paragraph("{{ “MF", "-001” }}"),
    "text put in": paragraph("{{ r", change("ins", run("ef")), " }}"),
    "a whole tag put in": paragraph(change("ins", run("{{ ref }}"))),
    "text taken out": paragraph("{{ re", change("del", run("x", deleted=True)), "f }}"),
    "an old tag taken out": paragraph("{{ ref }}", change("del", OLD)),
    "a tag moved away": paragraph("{{ ref }}", change("moveFrom", run("{{ gone }}"))),
    "a tag moved here": paragraph(change("moveTo", run("{{ ref }}"))),
    "a changed format": paragraph(REFORMATTED),
    "a link over half the tag": paragraph("{{ ", link("ref }"), "}"),
    "a link over the other half": paragraph(link("{{ re"), "f }}"),
    "a smart tag": paragraph("{{ ", SMART, " }}"),
    "two tags in one run": paragraph("{% if yes %}{{ ref", " }}{% en", "dif %}"),
    "a content control": f"<w:sdt><w:sdtContent>{paragraph('{{ ref }}')}</w:sdtContent></w:sdt>",
}
HOLLOW = {
    "without a paragraph": a_table(
        cell(*map(paragraph, ("{%p if not yes %}", "x", "{%p endif %}")))
    ),
    "without a row": a_table(
        *(cell(paragraph(text)) for text in ("{%tr if not yes %}", "x", "{%tr endif %}"))
    ),
}


@pytest.mark.parametrize(("what", "body"), SURVIVES.items())
def test_a_tag_survives(tmp_path: Path, what: str, body: str) -> None:
    assert "".join(filled_words(tmp_path, body)) == "MF-001", what


def test_a_tag_in_a_text_box_is_filled_in_both_its_forms(tmp_path: Path) -> None:
    said = filled_words(tmp_path, BOX.format(run("{{ ca") + run("se.owner }}")))
    assert said == ["Ada", "Ada"]


def test_a_tag_in_a_header_is_filled(tmp_path: Path) -> None:
    path = a_template(tmp_path, paragraph("x"), header="About {{ case.owner }}")
    made = filled(path, CONTEXT, title="T", as_at=date(2026, 3, 3))
    assert words(made, "word/header1.xml") == ["About Ada"]


def test_a_loop_over_rows_whose_tags_word_has_split(tmp_path: Path) -> None:
    rows = (
        cell(paragraph("Due")),
        cell(paragraph("{%tr for r", "ow in rows %}")),
        cell(paragraph("{{ row", ".due }}")),
        cell(paragraph("{%", "tr endfor %}")),
    )
    assert filled_words(tmp_path, a_table(*rows)) == ["Due", "1 May", "2 May"]


def test_a_table_without_a_grid_is_filled(tmp_path: Path) -> None:
    body = a_table(cell(paragraph("{{ ref }}")), grid="")
    assert filled_words(tmp_path, body) == ["MF-001"]


def test_a_row_taken_out_by_a_tracked_change_is_gone(tmp_path: Path) -> None:
    gone = f"<w:trPr>{change('del')}</w:trPr>{cell(paragraph('{{ unknown }}'))}"
    body = a_table(gone, cell(paragraph("{{ ref }}")))
    assert filled_words(tmp_path, body) == ["MF-001"]


def test_a_paragraph_mark_taken_out_joins_two_paragraphs(tmp_path: Path) -> None:
    first = paragraph("{{ re").replace(
        "<w:p>", f"<w:p><w:pPr><w:rPr>{change('del')}</w:rPr></w:pPr>"
    )
    assert filled_words(tmp_path, first + paragraph("f }}")) == ["MF-001"]


def test_a_formatting_of_the_words_after_a_link_stays(tmp_path: Path) -> None:
    body = paragraph("{{ ", link("ref }} more"))
    path = a_template(tmp_path, body)
    made = filled(path, CONTEXT, title="T", as_at=date(2026, 3, 3))
    with zipfile.ZipFile(io.BytesIO(made)) as parts:
        found = etree.fromstring(parts.read("word/document.xml")).find(f".//{{{W}}}hyperlink")
    assert found is not None
    assert "".join(map(str, found.itertext())) == " more"


def test_an_ampersand_in_a_tag_is_itself(tmp_path: Path) -> None:
    tag = "{% if case.team == 'A &amp; B' %}{{ '&lt;C &amp;amp; D' }}{% endif %} &amp;"
    path = a_template(tmp_path, paragraph(tag))
    made = filled(path, {"case": {"team": "A & B"}}, title="T", as_at=date(2026, 3, 3))
    assert words(made) == ["<C &amp; D &"]


Parts = dict[str, bytes]
LINK = '<Relationship Id="rId99" Type="http://x/image" Target="{}"/></Relationships>'
DOCUMENT, LINKS = "word/document.xml", "word/_rels/document.xml.rels"
KIND = b"wordprocessingml.document.main"


def with_another_prefix(parts: Parts) -> None:
    text = re.sub(rb"(</?| )w:", rb"\1ns0:", parts[DOCUMENT])
    parts[DOCUMENT] = text.replace(b"xmlns:w=", b"xmlns:ns0=")


def with_a_link(target: str) -> Callable[[Parts], None]:
    def change_links(parts: Parts) -> None:
        links = LINK.format(target).encode()
        parts[LINKS] = parts[LINKS].replace(b"</Relationships>", links)

    return change_links


def with_names(change_name: Callable[[str], str]) -> Callable[[Parts], None]:
    def change_names(parts: Parts) -> None:
        made = {change_name(name): part for name, part in parts.items()}
        parts.clear()
        parts.update(made)

    return change_names


def as_a_template(parts: Parts) -> None:
    types = parts["[Content_Types].xml"]
    parts["[Content_Types].xml"] = types.replace(KIND, b"wordprocessingml.template.main")


def without_measures(parts: Parts) -> None:
    parts[DOCUMENT] = re.sub(rb"<w:pg(?:Sz|Mar)[^>]*/>", b"", parts[DOCUMENT])


def without_a_section(parts: Parts) -> None:
    parts[DOCUMENT] = re.sub(rb"<w:sectPr.*</w:sectPr>", b"", parts[DOCUMENT], flags=re.DOTALL)


def with_an_empty_control(parts: Parts) -> None:
    empty = b"<w:body><w:sdt><w:sdtPr/></w:sdt>"
    parts[DOCUMENT] = parts[DOCUMENT].replace(b"<w:body>", empty)


FORGIVEN = {
    "names with another prefix": with_another_prefix,
    "a picture that is gone": with_a_link("media/gone.png"),
    "a picture that is nowhere": with_a_link("NULL"),
    "a place in the document itself": with_a_link("#top"),
    "names in capitals": with_names(lambda name: name.replace("word/", "Word/")),
    "names with backslashes": with_names(lambda name: name.replace("/", "\\")),
    "saved as a Word template": as_a_template,
    "a page without measures": without_measures,
    "no page at all": without_a_section,
    "an empty content control": with_an_empty_control,
}


def changed_parts(path: Path, change_parts: Callable[[Parts], None]) -> Path:
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change_parts(parts)
    with zipfile.ZipFile(path, "w") as archive:
        for name, part in parts.items():
            one = zipfile.ZipInfo()
            one.filename = name  # backslashes too
            archive.writestr(one, part)
    return path


@pytest.mark.parametrize(("what", "change_parts"), FORGIVEN.items())
def test_what_word_forgives_is_forgiven(
    tmp_path: Path, what: str, change_parts: Callable[[Parts], None]
) -> None:
    rows = (paragraph("{%tr for row in rows %}"), paragraph("{{ ro", "w.due }}"))
    table = a_table(*(cell(row) for row in (*rows, paragraph("{%tr endfor %}"))))
    path = changed_parts(a_template(tmp_path, table + paragraph("{{ re", "f }}")), change_parts)
    assert problems(path, CONTEXT) == []
    made = filled(path, CONTEXT, title="T", as_at=date(2026, 3, 3))
    with zipfile.ZipFile(io.BytesIO(made)) as parts:
        [main] = [name for name in parts.namelist() if name.lower() == DOCUMENT]
        styles = next(name for name in parts.namelist() if name.endswith("styles.xml"))
        assert b'w:styleId="Heading1"' in parts.read(styles)
    assert words(made, main) == ["1 May", "2 May", "MF-001"], what
    assert layout_of(path).room > 0


def with_macros(parts: Parts) -> None:
    types = parts["[Content_Types].xml"]
    kind = b"application/vnd.openxmlformats-officedocument." + KIND
    macros = b"application/vnd.ms-word.document.macroEnabled.main"
    parts["[Content_Types].xml"] = types.replace(kind, macros)


def strictly(parts: Parts) -> None:
    old, new = b"http://schemas.openxmlformats.org", b"http://purl.oclc.org/ooxml"
    old += b"/officeDocument/2006/relationships"
    parts["_rels/.rels"] = parts["_rels/.rels"].replace(old, new + b"/officeDocument/relationships")


def a_whole_file(data: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(data)


OTHER_FILES: dict[str, Callable[[Path], object]] = {
    "macros": lambda path: changed_parts(path, with_macros),
    "Strict Open XML": lambda path: changed_parts(path, strictly),
    r"OpenDocument text \(\.odt\)": lambda path: changed_parts(
        path, lambda parts: parts.update({"content.xml": b"<x/>", DOCUMENT: b""})
    ),
    r"old Word document \(\.doc\)": a_whole_file(an_ole_file("WordDocument", within="Workbook")),
    "encrypted.*Take the password off": a_whole_file(an_ole_file("EncryptedPackage")),
    "Rich Text Format": a_whole_file(b"{\\rtf1 x}"),
    "a web page": a_whole_file(b"\r\n<HTML>"),
}


@pytest.mark.parametrize(("said", "change_file"), OTHER_FILES.items())
def test_another_file_is_named_and_nobody_is_told_to_delete_it(
    tmp_path: Path, said: str, change_file: Callable[[Path], object]
) -> None:
    path = a_template(tmp_path, paragraph("{{ ref }}"))
    change_file(path)
    with pytest.raises(TemplateError, match=re.compile(said, re.DOTALL)) as caught:
        problems(path, CONTEXT)
    assert "Delete" not in str(caught.value)


@pytest.mark.parametrize(("said", "body"), HOLLOW.items())
def test_a_document_that_word_would_call_damaged_is_refused(
    tmp_path: Path, said: str, body: str
) -> None:
    with pytest.raises(TemplateError, match=said):
        filled_words(tmp_path, body)
