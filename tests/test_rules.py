"""Each data rule, from a table a person can read: found at its cell, and let through."""

import random
import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from mfauto.model import Case, Flaw, Review
from mfauto.policy import Policy
from mfauto.process import review
from mfauto.rules import RULES
from tests.making import a_case, a_tracker

TABLES: dict[str, dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "rules.toml").read_text(encoding="utf-8")
)
LINES = [
    pytest.param(code, line, id=f"{code}-{name}")
    for code, table in TABLES.items()
    for name, line in table.items()
]
AS_AT = date(2025, 6, 1)
READ = {  # the rules about reading a cell, not a sheet or a heading
    rule.kind
    for rule in RULES.values()
    if rule.kind and rule.kind not in ("absent_heading", "absent_sheet", "unread_sheet")
}
ABOUT_ROWS = [code for code, rule in RULES.items() if rule.kind is None]


def filled(row: dict[str, Any]) -> dict[str, Any]:
    """Give a row's fields; TOML has no word for a blank cell, so "" stands for one."""
    return {name: None if value == "" else value for name, value in row.items()}


def reviewed(line: dict[str, Any]) -> Review:

    cases = [filled(line["case"]), *map(filled, line.get("more", []))]
    rows = {
        sheet: [filled({"case_ref": "MF-001"} | row) for row in line[sheet]]
        for sheet in ("actions", "reaudits", "examples")
        if sheet in line
    }
    plain = {sheet: line[sheet] for sheet in ("meetings", "people", "areas") if sheet in line}
    tracker = a_tracker(*(a_case(n, **c) for n, c in enumerate(cases, start=2)), **rows, **plain)
    return review(tracker, Policy(), line.get("as_at", AS_AT))


@pytest.mark.parametrize(("code", "line"), LINES)
def test_a_rule_names_exactly_the_cells_its_table_says(code: str, line: dict[str, Any]) -> None:
    findings = reviewed(line).findings
    found = [finding for finding in findings if finding.rule == code]
    if line.get("only"):
        assert list(findings) == found
    assert [finding.cell for finding in found] == line.get("cells", [])
    assert all(finding.level == RULES[code].level for finding in found)
    assert all(finding.fix and finding.message for finding in found)


@pytest.mark.parametrize("code", ABOUT_ROWS)
def test_each_rule_has_a_row_it_finds_and_one_it_lets_through(code: str) -> None:
    assert {True, False} == {"cells" in line for line in TABLES[code].values()}


@pytest.mark.parametrize("code", [code for code, rule in RULES.items() if rule.of is Case])
def test_a_rule_is_not_asked_where_its_cell_was_unreadable(code: str) -> None:
    field = RULES[code].field
    line = TABLES[code]["found"]
    flaw = Flaw(field, "not_a_date", "TBC")
    fields = filled(line["case"])
    rows = {
        sheet: [{"case_ref": "MF-001"} | row for row in line[sheet]]
        for sheet in ("actions", "reaudits")
        if sheet in line
    }
    fields |= {field: None, "flaws": (flaw,)}
    found = review(a_tracker(a_case(**fields), **rows), Policy(), AS_AT)
    codes = [finding.rule for finding in found.findings]
    assert code not in codes
    assert codes.count("MF001") == 1


def test_every_rule_says_why_and_what_to_do() -> None:
    for rule in RULES.values():
        assert rule.level in ("error", "query")
        assert all(text.strip() for text in (rule.title, rule.why, rule.put_right))
        assert not rule.title.endswith(".")


def test_an_unreadable_cell_is_listed_with_the_steps_that_cannot_be_judged() -> None:
    flaw = Flaw("meeting_held", "not_a_date", "32/13/2024")
    case = a_case(caseload_review="Required", flaws=(flaw,))
    (found,) = [
        finding
        for finding in review(a_tracker(case), Policy(), AS_AT).findings
        if finding.rule == "MF001"
    ]
    assert found.cell == "Cases!U2"
    assert found.clause == "C06"  # its column's, since the rule serves none
    assert found.value == "32/13/2024"
    assert "exception report" in found.message
    assert "Cannot be judged" in found.message


@pytest.mark.parametrize("typed", ["N/A", "TBC", "TRUE"])
def test_an_answer_in_place_of_a_grade_that_is_needed_is_an_error(typed: str) -> None:
    unclear = "unclear_answer"
    case = a_case(audit_grade=None, flaws=(Flaw("audit_grade", unclear, typed),))
    other = a_case(3, ref="MF-002", flaws=(Flaw("moderated_grade", unclear, typed),))
    flaws = (Flaw("grade", unclear, typed),)
    dated = {"case_ref": "MF-002", "round": 1, "audited": date(2025, 4, 1), "flaws": flaws}
    planned = {"case_ref": "MF-002", "round": 2, "flaws": flaws}
    found = review(a_tracker(case, other, reaudits=[dated, planned]), Policy(), AS_AT).findings
    told = {finding.cell: finding.level for finding in found if finding.value == typed}
    assert told == {
        "Cases!C2": "error",
        "Cases!D3": "query",
        "'Re-audits'!E2": "error",
        "'Re-audits'!E3": "query",
    }


def test_excel_keeps_its_capital_letter() -> None:
    case = a_case(flaws=(Flaw("notes", "excel_error", "#REF!"),))
    messages = [finding.message for finding in review(a_tracker(case), Policy(), AS_AT).findings]
    assert '"#REF!": Excel shows an error here.' in messages


@pytest.mark.parametrize("kind", [rule.kind for rule in RULES.values() if rule.kind in READ])
def test_what_cannot_be_read_has_the_clause_of_its_column(kind: str) -> None:
    fields = ("moderation_completed", "left_inadequate", "notes")
    case = a_case(flaws=tuple(Flaw(field, kind, "?") for field in fields))
    found = review(a_tracker(case), Policy(), AS_AT).findings
    (code,) = [rule.code for rule in RULES.values() if rule.kind == kind]
    told = {finding.column: finding.clause for finding in found if finding.rule == code}
    assert told == {"Moderation completed": "C04", "Left Inadequate on": "C14", "Notes": None}


def test_a_clean_tracker_has_no_error() -> None:
    assert review(a_tracker(a_case()), Policy(), AS_AT).counts.error == 0


@pytest.mark.parametrize("as_at", [AS_AT, date(2025, 1, 2)], ids=["after all", "between"])
def test_days_in_any_order_are_found_by_just_the_rules_about_them(as_at: date) -> None:
    """Rows whose days are all in order are not asked; that must never pass over one that is not.

    A day after the report date has not come; only a booking is a plan.
    """
    chance = random.Random(17)  # noqa: S311 - the same days each time
    rules = [rule for rule in RULES.values() if rule.of is Case and rule.orders]
    fields = sorted({field for rule in rules for field in rule.orders or ()})
    cases = []
    for row in range(2, 400):
        days = {
            field: date(2025, 1, 1) + timedelta(days=chance.randrange(3))
            for field in fields
            if chance.random() < chance.choice((0.1, 0.9))
        }
        blank = dict.fromkeys(fields)
        first = {"ref": f"MF-{row:03}", "audited": date(2025, 1, 1)}
        cases.append(a_case(row, **{**blank, **first, **days}))
    found = {
        (finding.row, finding.rule)
        for finding in review(a_tracker(*cases), Policy(), as_at).findings
    }

    audited = [case for case in cases if case.audited and case.audited <= as_at]
    for case in cases:
        for rule in rules:
            earlier, later = (
                day if day is None or day <= as_at or field == "meeting_booked" else None
                for field in rule.orders or ()
                for day in [getattr(case, field) if case in audited else None]
            )
            out_of_order = earlier is not None and later is not None and later < earlier
            assert ((case.row, rule.code) in found) == out_of_order
