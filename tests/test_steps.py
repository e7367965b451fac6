"""Each step of the process, from a table a person can read: caught and let through."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mfauto.model import Review, Tracker
from mfauto.policy import Policy
from mfauto.process import STEP, STEPS, review
from mfauto.standing import INADEQUATE, OUTSTANDING
from mfauto.steps import Step, left_to_do
from tests.making import a_case, a_tracker

FOLDER = Path(__file__).parent / "steps"
TABLES: dict[str, dict[str, Any]] = {
    path.stem: tomllib.loads(path.read_text(encoding="utf-8"))
    for path in sorted(FOLDER.glob("*.toml"))
}
LINES = [
    pytest.param(step, line, id=f"{step}-{name}")
    for step, table in TABLES.items()
    for name, line in table.items()
]


def tracker_of(line: dict[str, Any]) -> Tracker:
    fields: dict[str, Any] = {name: value or None for name, value in line["case"].items()}
    case = a_case(**fields)
    belongs = {"case_ref": "MF-001"}
    return a_tracker(
        case,
        actions=[belongs | row for row in line.get("actions", [])],
        reaudits=[belongs | row for row in line.get("reaudits", [])],
        examples=[belongs | row for row in line.get("examples", [])],
        meetings=line.get("meetings", []),
    )


def reviewed(line: dict[str, Any]) -> Review:
    policy = Policy(reaudit_from=line.get("reaudit_from", "meeting"))
    return review(tracker_of(line), policy, line["as_at"])


@pytest.mark.parametrize(("step", "line"), LINES)
def test_a_step_is_overdue_exactly_when_its_table_says(step: str, line: dict[str, Any]) -> None:
    expected = [line["due"]] if isinstance(line.get("due"), date) else line.get("due", [])
    assert expected == [due.on for due in reviewed(line).overdue if due.step == step]


@pytest.mark.parametrize(("step", "line"), LINES)
def test_the_owner_is_who_the_table_says(step: str, line: dict[str, Any]) -> None:
    owners = [due.owner for due in reviewed(line).overdue if due.step == step]
    if "owner" in line:
        assert owners == [line["owner"]]
    assert len(owners) == (1 if isinstance(line.get("due"), date) else len(line.get("due", [])))


@pytest.mark.parametrize(("step", "line"), LINES)
def test_what_is_left_to_do_is_what_the_table_says(step: str, line: dict[str, Any]) -> None:
    found = reviewed(line)
    todo = [due.todo for due in found.overdue if due.step == step]
    assert todo == [line.get("todo", STEP[step].todo)] * len(todo)
    assert todo == [one.todo for one in found.findings if one.step == step and one.days_overdue]


@pytest.mark.parametrize("step", [step for step in STEPS if step.whom], ids=lambda step: step.id)
def test_with_everybody_left_the_words_are_the_whole_step(step: Step) -> None:
    assert left_to_do(step, step.records) == step.todo


@pytest.mark.parametrize("step", [step.id for step in STEPS])
def test_each_step_has_a_case_it_catches_and_one_it_lets_through(step: str) -> None:
    assert {True, False} == {"due" in line for line in TABLES[step].values()}


@pytest.mark.parametrize("step", [step.id for step in STEPS])
def test_each_step_is_tabled_on_its_last_day_in_time_and_the_day_after(step: str) -> None:
    caught = {
        (line["as_at"].toordinal() - line["due"].toordinal())
        for line in TABLES[step].values()
        if isinstance(line.get("due"), date)
    }
    assert 1 in caught, "no line is overdue by exactly one day"
    assert any("last_day" in name and "due" not in line for name, line in TABLES[step].items())


@pytest.mark.parametrize("grade", [INADEQUATE, OUTSTANDING])
def test_a_step_is_never_asked_of_the_other_grade(grade: str) -> None:
    other = OUTSTANDING if grade == INADEQUATE else INADEQUATE
    case = a_case(
        audit_grade=other,
        moderation_completed=date(2025, 1, 10),
        meeting_booked=date(2025, 1, 20),
        meeting_held=date(2025, 1, 20),
        caseload_review="Required",
    )
    found = {due.step for due in review(a_tracker(case), Policy(), date(2026, 1, 1)).open}
    assert not {step for step in found if STEP[step].grade == grade}


def test_every_step_says_why_and_what_to_do() -> None:
    for step in STEPS:
        assert step.clause.startswith("C")
        assert all(text.strip() for text in (step.title, step.todo, step.why, step.put_right))
