"""Any case gives exactly one page, with nothing cut and every shortened field saying so.

A few dozen made-up cases; with MFAUTO_LONG=1, 500 of them.
"""

import os
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from docx import Document

from mfauto.documents import exception_report
from mfauto.report import Report, report
from mfauto.settings import Settings
from tests.documents.any_case import ARABIC, OTHER, PEOPLE, TEXTS, Made, made_up
from tests.documents.pages import Sheet, in_place_of_libreoffice, laid_out, sheet
from tests.looking import failures

NUMBER = 500 if os.environ.get("MFAUTO_LONG") else 36
SETTINGS = Settings(folder=Path())
FOOT = 46.0  # points: the lower margin of the template
TOP = 50.0
PAPER = 841.9
MOST_EMPTY = 0.2  # of the text area, where something was shortened
FIELDS = {
    "child_safety_note": "safety_note",
    "exception_summary": "summary",
}
UNBROKEN = ("one word", "narrow word", "digits", "hyphens", "slashes", "address")
#: rules of the checker that cannot tell what people typed from a fault of the document
TOLERATED = {
    # Poppler gives words written from the right back to front, and a word longer than a line
    # in pieces, so the checker misses them. `test_no_sign_of_the_document_is_missing_on_the_page`
    # looks for every sign of them.
    "cut-off": {*ARABIC, "mixed", "soft hyphens", *UNBROKEN},
    "template-tags": {"tags"},
    "capitals": {"capitals", "one word", *ARABIC, *OTHER},  # many scripts have no capitals
    "colour-alone": {"emoji", "emoji families", "mixed"},
}
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
SPACES = re.compile("[ \t\n\r\x0b\x0c\x1c-\x1f\x85\u2028\u2029]+")


@dataclass
class Out:
    made: Made
    report: Report
    path: Path
    sheet: Sheet


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("any")


@pytest.fixture(scope="module")
def reports(folder: Path) -> list[Out]:
    cases = [made_up(number) for number in range(NUMBER)]
    paths = {}
    for made in cases:
        paths[made.number] = folder / f"case{made.number}.docx"
        exception_report(made.review, "MF-001", SETTINGS, paths[made.number])
    pdfs = laid_out(list(paths.values()), folder)
    return [
        Out(
            made,
            report(made.review, "MF-001", SETTINGS),
            paths[made.number],
            sheet(pdfs[paths[made.number]], foot=FOOT),
        )
        for made in cases
    ]


def plain(text: str) -> str:
    return NOT_XML.sub("", SPACES.sub(" ", text)).strip(" ")


def signs(text: str) -> Counter[str]:
    return Counter(sign for sign in unicodedata.normalize("NFKC", text) if sign.isalnum())


def body(path: Path) -> str:
    document = Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)


def told(out: Out, field: str) -> str:
    return plain(getattr(out.report, FIELDS.get(field, field)))


def shortened(out: Out) -> list[str]:
    """Give the fields that the page does not hold in full."""
    typed = {**out.made.texts, **{name: out.made.people.get(name) for name in PEOPLE}}
    return [
        name for name, text in typed.items() if text and plain(text) not in ("", told(out, name))
    ]


def test_every_case_gives_exactly_one_page(reports: list[Out]) -> None:
    assert {out.made.number: out.sheet.pages for out in reports if out.sheet.pages != 1} == {}


def test_no_sign_of_the_document_is_missing_on_the_page(reports: list[Out]) -> None:
    for out in reports:
        missing = signs(body(out.path)) - signs(out.sheet.words)
        assert not missing, out.made.number


def test_every_shortened_field_names_its_cell(reports: list[Out]) -> None:
    columns = TEXTS | PEOPLE
    for out in reports:
        for field in shortened(out):
            end = f"Cases!{columns[field]}2)"
            assert told(out, field).endswith(end), (out.made.number, field)


def test_every_shortened_action_names_its_cell_and_none_is_passed_over(reports: list[Out]) -> None:
    for out in reports:
        rows = {plain(row["action"] or ""): row for row in out.made.actions}
        for line in out.report.actions:
            whole = line.action in rows or line.action.startswith("Not recorded")
            assert whole or re.search(r"\(Actions!C\d+\)$", line.action), out.made.number
        left = len(out.made.actions) - len(out.report.actions)
        if left and "No actions" not in out.report.actions_more:
            assert out.report.actions_more.startswith(f"And {left} more"), out.made.number


def test_a_page_on_which_something_was_shortened_is_well_used(reports: list[Out]) -> None:
    judged = 0
    for out in reports:
        more = len(out.report.actions) < len(out.made.actions)
        texts = TEXTS.keys() & set(shortened(out))  # a name has its one line, whatever is left
        if out.made.has(OTHER) or not (texts or more):
            continue  # no font here may have those scripts, so their width is another
        judged += 1
        empty = (PAPER - FOOT - out.sheet.reach) / (PAPER - FOOT - TOP)
        assert empty <= MOST_EMPTY, (out.made.number, round(empty, 2))
    assert judged > NUMBER // 4


def test_every_report_passes_every_rule_of_the_checker(reports: list[Out], folder: Path) -> None:
    with in_place_of_libreoffice(folder):
        for out in reports:
            skip = [rule for rule, kinds in TOLERATED.items() if out.made.has(kinds)]
            found = failures(
                out.path, pages=1, min_size=11, marking="OFFICIAL-SENSITIVE", skip=skip
            )
            assert found == [], out.made.number
