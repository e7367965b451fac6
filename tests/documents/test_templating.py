"""Checking templates: everything wrong with every template at once, in words that help."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from mfauto.cli import main
from mfauto.settings import PROJECT
from mfauto.templating import Checked, check, fields
from mfauto.templating.examples import examples
from mfauto.word import problems
from tests.documents.minimal import a_small_template

SHIPPED = PROJECT / "templates"
EXAMPLE: dict[str, Any] = {
    "ref": "MF-001",
    "marking": "OFFICIAL",
    "case": {"owner": "Ada", "due": "1 May"},
    "rows": [{"due": "1 May", "action": "Ask"}],
    "nobody": [],
}


def said(folder: Path, *paragraphs: str) -> list[str]:
    template = a_small_template(folder / "own.docx", *paragraphs)
    return [one.said for one in problems(template, EXAMPLE)]


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Copy the templates that came with the product."""
    folder = tmp_path / "templates"
    shutil.copytree(SHIPPED, folder)
    return folder


def changed(path: Path, change: Callable[[Any], None]) -> None:
    document = Document(str(path))
    change(document)
    document.save(str(path))


def faults(checked: list[Checked], name: str) -> list[str]:
    return [fault.said for one in checked if one.template == name for fault in one.faults]


def test_the_templates_that_come_with_the_product_are_in_order() -> None:
    checked = check(SHIPPED)
    assert [one for one in checked if one.faults] == []
    shipped = {path.name for path in SHIPPED.glob("*.docx")}
    assert {one.template for one in checked} == shipped


@pytest.mark.parametrize(
    "paragraph",
    [
        "{{ ref }} {{ case.owner }} {{ case['due'] }}",
        "{% for row in rows %}{{ loop.index }} {{ row.due }}{% endfor %}",
        "{% for row in nobody %}{{ row.anything }}{% endfor %}",
        "{% if ref and not case.due %}{{ ref|upper }}{% elif rows %}x{% else %}y{% endif %}",
        "{% set x = case.owner %}{{ x }}",
        "{% set x %}{{ ref }}{% endset %}{{ x }}",
        "{% for row in rows|sort(attribute='due') %}{{ row.action }}{% endfor %}",
        "{% for key, value in case.items() %}{{ key }}{{ value }}{% endfor %}",
        "{{ rows[0].due }} {{ rows|length }} {{ 'a' ~ ref }}",
        "{{ “smart” }} {{\xa0ref }} {# {{ nothing }} #} {% raw %}{{ nothing }}{% endraw %}",
        "{{ ref if case is defined else '' }}",
        "{_{ not a tag }_}",
    ],
)
def test_what_is_right_is_not_found_fault_with(tmp_path: Path, paragraph: str) -> None:
    assert said(tmp_path, paragraph) == []


@pytest.mark.parametrize(
    ("paragraph", "told"),
    [
        ("{{ reff }}", 'there is nothing called "reff". Did you mean "ref"?'),
        ("{{ Ref }}", 'there is nothing called "Ref". Did you mean "ref"?'),
        ("{{ case.ownr }}", 'there is nothing called "case.ownr". Did you mean "owner"?'),
        ("{{ case.zzz }}", 'there is nothing called "case.zzz". It may be: due, owner'),
        (
            "{% for row in rows %}{{ row.dew }}{% endfor %}",
            'there is nothing called "row.dew". Did you mean "due"?',
        ),
        ("{% for r in rwos %}{% endfor %}", 'there is nothing called "rwos". Did you mean "rows"?'),
        ("{{ row.due }}", 'there is nothing called "row". Did you mean "rows"?'),
        ("{% if reff %}{% endif %}", 'there is nothing called "reff". Did you mean "ref"?'),
        ("{% for x in ref %}{% endfor %}", '"ref" is not a list. Loop over a list of fields'),
        ("{{ rows.due }}", '"rows" is a list. Loop over it: {% for line in rows %}'),
        ("{{ ref.due }}", '"ref" is a text and has no "due". Write {{ ref }}'),
        ("{{ ref|uper }}", 'there is no filter "uper". Did you mean "upper"?'),
        ("{% iff ref %}", 'there is no tag "iff". Did you mean "if"?'),
        ("{% if ref %}", "{% if ref %} has no {% endif %} after it. Add one"),
        ("{% endif %}", "{% endif %} has no {% if %} before it. Take it out"),
        ("{% else %}", "{% else %} is outside {% if %}. Take it out"),
        (
            "{% for r in rows %}{% if r %}{% endfor %}",
            "{% endfor %} is where {% endif %} should be",
        ),
        ("{% if %}x{% endif %}", "the tag is broken: "),
        ("{{ ref | }}", "the tag is broken: "),
        ("{{ ref", '"{{" has no end. Write both ends of the tag'),
        ("{%tr for r in rows %}", "a tag with tr must be in a table row. Move it there"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_what_was_meant(
    tmp_path: Path, paragraph: str, told: str
) -> None:
    found = said(tmp_path, paragraph)
    assert len(found) == 1
    assert found[0].startswith(told)


def test_every_fault_is_told_at_once_with_the_words_around_it(tmp_path: Path) -> None:
    template = a_small_template(
        tmp_path / "own.docx", "Owner: {{ ownr }}.", "{% iff x %}", "Due {{ case.dew }} at last"
    )
    found = problems(template, EXAMPLE)
    assert [one.near for one in found] == [
        "Owner: {{ ownr }}.",
        "{% iff x %}",
        "Due {{ case.dew }} at last",
    ]


def _called(name: str, meant: str) -> str:
    return f'there is nothing called "{name}". Did you mean "{meant}"?'


def test_a_fault_in_one_template_leaves_the_others_in_order(own: Path) -> None:
    def spoil(document: Any) -> None:
        document.add_paragraph("By {{ practitoner }}")
        document.add_paragraph("{% if actions %}")
        document.sections[0].header.paragraphs[0].text = "{{ markng }}"

    changed(own / "exception_report.docx", spoil)
    checked = {one.template: one for one in check(own)}
    told = [
        (fault.place, fault.near, fault.said) for fault in checked["exception_report.docx"].faults
    ]
    assert sorted(told) == [
        ("the header", "{{ markng }}", _called("markng", "marking")),
        ("the page", "By {{ practitoner }}", _called("practitoner", "practitioner")),
        ("the page", "{% if actions %}", "{% if actions %} has no {% endif %} after it. Add one"),
    ]
    assert not checked["exception_report.docx"].sound
    assert checked["assurance_pack.docx"].sound


def test_a_missing_template_and_one_that_is_no_word_file_are_told(own: Path) -> None:
    (own / "exception_report.docx").unlink()
    (own / "assurance_pack.docx").write_bytes(b"hello")
    checked = list(check(own))
    assert "There is no template" in faults(checked, "exception_report.docx")[0]
    assert "cannot be opened" in faults(checked, "assurance_pack.docx")[0]


def test_a_cell_that_would_be_left_empty_is_found_before_a_document_is_made(own: Path) -> None:
    def hollow(document: Any) -> None:
        cell = document.add_table(rows=1, cols=1).cell(0, 0)
        cell.paragraphs[0].text = "{%p for line in actions %}"
        cell.add_paragraph("{{ line.action }}")
        cell.add_paragraph("{%p endfor %}")

    changed(own / "exception_report.docx", hollow)
    assert "without a paragraph" in faults(list(check(own)), "exception_report.docx")[0]


def test_tracked_changes_are_noted_and_stop_nothing(own: Path) -> None:
    def track(document: Any) -> None:
        paragraph = document.add_paragraph("x")
        inserted = paragraph._p.makeelement(paragraph._p.tag.replace("}p", "}ins"), None, None)  # noqa: SLF001
        paragraph._p.append(inserted)  # noqa: SLF001

    changed(own / "exception_report.docx", track)
    (checked,) = [one for one in check(own) if one.template == "exception_report.docx"]
    assert checked.sound
    assert "tracked changes" in checked.faults[0].said


def test_every_field_is_listed_with_an_example() -> None:
    listed = {one.template: one.fields for one in fields()}
    report = {field.name: field for field in listed["exception_report.docx"]}
    assert report["marking"].example == "OFFICIAL-SENSITIVE"
    assert {line.name for line in report["actions"].each} == {
        "line.action",
        "line.owner",
        "line.due",
        "line.status",
    }
    assert all(line.example for line in report["actions"].each)


def test_every_list_of_the_examples_has_a_line_to_show() -> None:
    """What is listed as empty would have no fields to tell of."""
    empty = [one for name, example in examples().items() for one in _empty(name, example)]
    assert empty == []


def _empty(owner: str, value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _empty(f"{owner} {name}", inner)
    elif isinstance(value, list):
        if value:
            yield from _empty(owner, value[0])
        else:
            yield owner


def test_the_command_tells_what_is_wrong(own: Path, tmp_path: Path, capsys: Any) -> None:
    changed(own / "exception_report.docx", lambda d: d.add_paragraph("{{ practitoner }}") and None)
    config = tmp_path / "mfauto.toml"
    config.write_text(f'templates = "{own.as_posix()}"\n', encoding="utf-8")
    assert main(["templates", "check", "--config", str(config)]) == 2
    out = capsys.readouterr().out
    assert (
        'exception_report.docx in the page, near "{{ practitoner }}": there is nothing called '
        '"practitoner". Did you mean "practitioner"?' in out
    )
    assert "All other documents are still made." in out
    assert main(["templates", "fields", "--format", "json", "--config", str(config)]) == 0
    assert (
        json.loads(capsys.readouterr().out)["templates"][0]["template"] == "exception_report.docx"
    )
