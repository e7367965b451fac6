"""Lists typed into a cell: told apart from plain text, and real lists in every document."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from mfauto.documents import GoodPractice, agenda, assurance_pack, exception_report
from mfauto.policy import Policy
from mfauto.process import review
from mfauto.settings import Settings
from mfauto.typed_lists import joined, parts
from tests.documents.reading import headings
from tests.looking import failures, page_counts
from tests.making import a_case, a_tracker

AS_AT, DAY = date(2025, 3, 31), date(2025, 4, 8)
SETTINGS = Settings(folder=Path())
LISTS = [
    ("- Late visit\n- No plan", ["Late visit", "No plan"], "Late visit; No plan"),
    ("– Late visit.\n— No plan.", ["Late visit.", "No plan."], "Late visit. No plan."),
    ("• Late visit,\n•\tNo plan", ["Late visit", "No plan"], "Late visit; No plan"),
    ("•Late visit\r\n\r\n* No plan", ["Late visit", "No plan"], "Late visit; No plan"),
    ("-late visit\n-no plan", ["late visit", "no plan"], "late visit; no plan"),
    ("1. Visits\n2. Plan", ["Point 1: Visits", "Point 2: Plan"], "Visits; Plan"),
    ("1.Visits\n2)Plan", ["Point 1: Visits", "Point 2: Plan"], "Visits; Plan"),
    ("(a) Visits\nb) Plan", ["Point a: Visits", "Point b: Plan"], "Visits; Plan"),
    ("A) Visits\n(ii) Plan", ["Point A: Visits", "Point ii: Plan"], "Visits; Plan"),
    ("- Late visit", ["Late visit"], "Late visit"),
    ("1. Late visit", ["Point 1: Late visit"], "Late visit"),
    ("- Late visit\n  in May\n- No plan", ["Late visit in May", "No plan"], None),
    ("- Late visit\nin May\n- No plan", ["Late visit in May", "No plan"], None),
]
PLAIN = [
    "Late visit - no plan",
    "Late visit\nNo plan",
    "-5 visits fewer\n-3 plans fewer",
    "1.9.2026 visited\n2.9.2026 seen",
    "3. April",
    "3. April visited\n4. May seen\n5. Sept told",
    "3. Late",
    "Seen (a) only at school\nand (b) at home",
    "The visit was late\n- so was the plan",
    "J. Smith visited\nA. Brown called",
    "1.5 hours\n2.5 hours",
    "-\n-",
    "- \n1.",
    "",
]


@pytest.mark.parametrize(("typed", "items", "on_one_line"), LISTS)
def test_a_typed_list_is_told(typed: str, items: list[str], on_one_line: str | None) -> None:
    found = parts(typed)
    said = ["Late visit,"] if typed.startswith("• Late visit,") else items[:1]
    assert found == said + items[1:]
    assert all(part.item for part in found)
    assert joined(typed) == (on_one_line or "; ".join(items))


@pytest.mark.parametrize("typed", PLAIN)
def test_what_only_looks_like_a_list_stays_as_typed(typed: str) -> None:
    found = parts(typed)
    assert found == [line.strip() for line in typed.splitlines() if line.strip()]
    assert not any(part.item for part in found)
    assert joined(typed) == typed


def test_what_stands_around_a_list_is_no_part_of_it() -> None:
    typed = "What was seen\n- Visits\n- A plan\nMore: see the file.\nAll was told"
    assert [(part, part.item) for part in parts(typed)] == [
        ("What was seen", False),
        ("Visits", True),
        ("A plan", True),
        ("More: see the file.", False),
        ("All was told", False),
    ]
    assert joined(typed) == "What was seen: Visits; A plan. More: see the file. All was told"


CHECKED: dict[str, dict[str, Any]] = {
    name: {"marking": SETTINGS.marking} for name in ("report", "agenda", "sheet", "pack")
}
CHECKED["report"]["min_size"] = 11
CELLS = ["- First point\n- Second point", "1. First point\n2. Second point"]
CELLS += ["• First point\n• Second point", "(a) First point\n(b) Second point", "a) First point"]
CELLS += ["- First\tpoint\n- Second point"]  # a tab is no sign that can be printed


def tracker(typed: str) -> Any:
    texts = ("audit_findings", "strengths", "practice_context", "support_agreed", "themes")
    more = ("child_safety_note", "exception_summary", "team", "service_area")
    told = dict.fromkeys(texts + more, typed)
    bad = a_case(2, ref="MF-001", meeting_booked=DAY, audited=date(2025, 3, 3), **told)
    held = {"audit_grade": "Outstanding", "meeting_held": date(2025, 3, 20)}
    good = a_case(3, ref="MF-002", audited=date(2025, 3, 3), **held, **told)
    return a_tracker(
        bad,
        good,
        actions=[{"ref": "A-1", "case_ref": "MF-001", "action": typed, "status": "Open"}],
        meetings=[{"held": DAY, "type": "Moving Forward Meeting"}],
        examples=[
            {
                "ref": "GP-1",
                "case_ref": "MF-002",
                "theme": typed,
                "example": f"{typed}\nOthers can use: {typed}",
                "uploaded": date(2025, 3, 25),
            }
        ],
    )


def documents(folder: Path, typed: str) -> dict[str, Path]:
    found = review(tracker(typed), Policy(), AS_AT)
    made = {name: folder / f"{name}.docx" for name in ("report", "agenda", "sheet", "pack")}
    exception_report(found, "MF-001", SETTINGS, made["report"])
    agenda(found, DAY, "Moving Forward Meeting", SETTINGS, made["agenda"])
    sheets = GoodPractice(found, SETTINGS)
    sheets.make(*sheets.examples[0], made["sheet"])
    assurance_pack(found, (2025, 3), SETTINGS, made["pack"])
    return made


@pytest.mark.parametrize("typed", CELLS)
def test_no_document_shows_a_list_typed_by_hand(tmp_path: Path, typed: str) -> None:
    made = documents(tmp_path, typed)
    for name, path in made.items():
        assert not failures(path, **CHECKED[name]), name
    assert headings(made["sheet"], 1) == [f"Good practice: {joined(typed)}"]
    for name, styles in (("agenda", ["List Bullet"]), ("sheet", ["Example list", "List Bullet"])):
        shown = [
            (paragraph.text, paragraph.style.name if paragraph.style else "")
            for paragraph in Document(str(made[name])).paragraphs
        ]
        for part in parts(typed):
            assert [style for text, style in shown if text == part] == (
                styles * 3 if name == "agenda" else styles
            )


def test_a_long_list_is_cut_on_the_report_and_says_where_it_goes_on(tmp_path: Path) -> None:
    made = documents(tmp_path, "\n".join(f"- Point of practice, number {n}" for n in range(900)))
    assert page_counts([made["report"]]) == {"report.docx": 1}
    said = [paragraph.text for paragraph in Document(str(made["report"])).paragraphs]
    (findings,) = [text for text in said if text.startswith("Findings: ")]
    assert findings.startswith("Findings: Point of practice, number 0; Point of practice, number 1")
    assert "(continues in the tracker, Cases!" in findings
    assert not failures(made["report"], **CHECKED["report"])
