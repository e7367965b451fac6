"""The edge to Word: what a cell holds comes out as typed, and a wrong template says where."""

import zipfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from docx import Document

from mfauto.errors import TemplateError
from mfauto.word import render

CONTEXT: Mapping[str, object] = {
    "ref": "MF-001",
    "case": {"owner": "Ada & <Tom> ]]>"},
    "rows": [{"due": "3 March 2026"}],
    "number": 3,
}


def a_template(folder: Path, *paragraphs: str, header: str = "", cell: str = "") -> Path:
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if header:
        document.sections[0].header.paragraphs[0].text = header
    if cell:
        document.add_table(rows=1, cols=1).cell(0, 0).text = cell
    document.save(str(folder / "own.docx"))
    return folder / "own.docx"


def filled(template: Path, context: Mapping[str, object] = CONTEXT) -> list[str]:
    target = template.parent / "made.docx"
    render(template, context, target, title="Title", as_at=date(2026, 3, 3))
    return [paragraph.text for paragraph in Document(str(target)).paragraphs]


def test_a_value_comes_out_as_typed(tmp_path: Path) -> None:
    template = a_template(tmp_path, "{{ ref }}: {{ case.owner }}")
    assert filled(template) == ["MF-001: Ada & <Tom> ]]>"]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("one\ntwo", "one\ntwo"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("one\ttwo", "one\ttwo"),
        ("feed\x0bpage\x0cthree", "feed\npage\nthree"),
        ("bell\x07, escape\x1b, lone surrogate\ud800", "bell, escape, lone surrogate"),
        ("{_{ marks of docxtpl’s own }_}", "{_{ marks of docxtpl’s own }_}"),
        ("\u2028kept\u202e", "\u2028kept\u202e"),
    ],
)
def test_line_breaks_and_tabs_stay_and_what_xml_cannot_hold_goes(
    tmp_path: Path, typed: str, shown: str
) -> None:
    assert filled(a_template(tmp_path, "{{ ref }}"), {"ref": typed}) == [shown]


@pytest.mark.parametrize(
    ("text", "name", "meant"),
    [
        ("Owner: {{ case.ownr }}.", "ownr", 'Did you mean "owner"?'),
        ("{% for row in rows %}{{ row.dew }}{% endfor %}", "dew", 'Did you mean "due"?'),
        ("{{ nothing.like.it }}", "nothing", "It may use: case, due, number, owner, ref, rows."),
    ],
)
def test_an_unknown_name_is_told_with_the_words_around_it_and_the_likely_one(
    tmp_path: Path, text: str, name: str, meant: str
) -> None:
    with pytest.raises(TemplateError) as caught:
        filled(a_template(tmp_path, "Before.", text, "After."))
    said = str(caught.value)
    assert said.startswith(f'own.docx: there is nothing called "{name}", asked for in "')
    assert text[:20] in said
    assert said.endswith(meant)
    assert not (tmp_path / "made.docx").exists()


def test_a_name_that_is_known_elsewhere_is_told_where_it_was_asked_for(tmp_path: Path) -> None:
    template = a_template(
        tmp_path, "Ref {{ ref }}", "{% for row in rows %}{{ row.ref }}{% endfor %}"
    )
    with pytest.raises(TemplateError) as caught:
        filled(template)
    said = str(caught.value)
    assert 'there is nothing called "ref", asked for in "' in said
    assert "row.ref" in said
    assert 'mean "ref"' not in said


def test_an_unknown_name_in_the_header_is_found_there(tmp_path: Path) -> None:
    template = a_template(tmp_path, "Body.", header="Marking: {{ marking }}")
    with pytest.raises(TemplateError, match=r'asked for in "Marking: \{\{ marking \}\}"'):
        filled(template)


@pytest.mark.parametrize(
    "text",
    [
        "{{ ref ",
        "{% if %}",
        "{% for row in rows %} without an end",
        "{{ ref|nofilter }}",
        "{%tr for row in rows %} outside a table {%tr endfor %}",
    ],
)
def test_a_broken_tag_is_told_with_the_words_around_it(tmp_path: Path, text: str) -> None:
    with pytest.raises(TemplateError, match=r"own\.docx: a tag is broken, near") as caught:
        filled(a_template(tmp_path, text))
    assert text[:8].strip() in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "{{ ref + 1 }}",
        "{{ 1 / 0 }}",
        "{{ ref() }}",
        "{% include 'other.docx' %}",
        "{% for n in number %}{% endfor %}",
        "{% for n in range(10 ** 9) %}{% endfor %}",
    ],
)
def test_a_tag_that_cannot_be_filled_is_told_without_a_traceback(tmp_path: Path, text: str) -> None:
    with pytest.raises(TemplateError, match=r"own\.docx: a tag cannot be filled"):
        filled(a_template(tmp_path, text))


def test_a_template_runs_no_program(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match="something it may not use"):
        filled(a_template(tmp_path, "{{ ref.__class__.__mro__ }}"))


def test_tags_that_tear_the_page_apart_lose_nothing_silently(tmp_path: Path) -> None:
    """Docxtpl alone drops the words that the torn page cannot hold."""
    template = a_template(tmp_path, "{% for row in [1, 2] %} Kept.", cell="{% endfor %}")
    with pytest.raises(TemplateError, match="begins in one place and ends in another"):
        filled(template)


def test_a_missing_template_is_told_with_its_folder(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match=r"There is no template gone\.docx in"):
        filled(tmp_path / "gone.docx")


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"PK\x03\x04", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)]
)
def test_what_is_no_word_file_is_told(tmp_path: Path, content: bytes) -> None:
    template = tmp_path / "own.docx"
    template.write_bytes(content)
    with pytest.raises(TemplateError, match="cannot be opened as a Word template"):
        filled(template)


def test_a_template_that_cannot_be_unpacked_is_told(tmp_path: Path) -> None:
    template = a_template(tmp_path, "{{ ref }}")
    data = bytearray(template.read_bytes())
    with zipfile.ZipFile(template) as parts:
        start = parts.getinfo("[Content_Types].xml").header_offset + 60
    data[start : start + 20] = b"\xff" * 20
    template.write_bytes(data)
    with pytest.raises(TemplateError, match="cannot be opened as a Word template"):
        filled(template)


def test_the_properties_hold_the_title_and_the_report_date_never_the_clock(tmp_path: Path) -> None:
    title = "Title {{ 7*7 }} & <more>"
    target = tmp_path / "made.docx"
    render(a_template(tmp_path, "Body."), CONTEXT, target, title=title, as_at=date(2026, 3, 3))
    made = Document(str(target)).core_properties
    assert (made.title, made.language, made.author) == (title, "en-GB", "mfauto")
    assert made.created == made.modified
    assert f"{made.created:%Y-%m-%d %H:%M}" == "2026-03-03 00:00"
    with zipfile.ZipFile(target) as parts:
        assert {part.date_time for part in parts.infolist()} == {(2026, 1, 1, 0, 0, 0)}


def test_a_tag_in_the_files_properties_is_filled_and_escaped_once(tmp_path: Path) -> None:
    path = a_template(tmp_path, "Body.")
    document = Document(str(path))
    document.core_properties.subject = "About {{ case.owner }}"
    document.core_properties.category = "Reports"
    document.save(str(path))
    filled(path)
    made = Document(str(tmp_path / "made.docx")).core_properties
    assert (made.subject, made.category) == ("About Ada & <Tom> ]]>", "Reports")


def test_a_picture_in_a_context_is_a_mistake_of_the_program(tmp_path: Path) -> None:
    class InlineImage:
        """Stands for docxtpl's, which needs an open template."""

    with pytest.raises(TypeError, match="InlineImage"):
        filled(a_template(tmp_path, "{{ ref }}"), {"ref": InlineImage()})
