"""Where a case stands: stage, RAG, next step, and what is left out."""

from datetime import date
from typing import Any

import pytest

from mfauto.model import Position
from mfauto.policy import Policy
from mfauto.process import RAGS, STAGES, review
from tests.making import a_case, a_tracker

AS_AT = date(2025, 6, 2)
HELD = date(2025, 1, 30)
IN_ORDER: dict[str, Any] = {
    "managers_alerted": date(2025, 1, 6),
    "qa_notified": date(2025, 1, 6),
    "child_safety_assured": date(2025, 1, 7),
    "moderation_completed": date(2025, 1, 10),
    "meeting_booked": HELD,
    "practitioner_invited": date(2025, 1, 13),
    "team_manager_invited": date(2025, 1, 13),
    "service_manager_invited": date(2025, 1, 13),
    "meeting_held": HELD,
    "audit_findings": "Found.",
    "strengths": "Strong.",
    "practice_context": "Context.",
    "support_agreed": "Support.",
    "caseload_review": "Not required",
}
LEFT: dict[str, Any] = {
    "left_inadequate": date(2025, 4, 28),
    "hos_informed": date(2025, 4, 29),
    "sm_informed": date(2025, 4, 29),
    "practitioner_informed": date(2025, 4, 29),
    "reaudit_on_ics": date(2025, 4, 29),
}
DONE_ACTION = {
    "ref": "A-1",
    "case_ref": "MF-001",
    "owner": "Ada Example",
    "due": date(2025, 3, 1),
    "completed": date(2025, 2, 20),
    "status": "Complete",
}
PASSED = {
    "case_ref": "MF-001",
    "round": 1,
    "audited": date(2025, 4, 28),
    "grade": "Good",
    "panel_held": date(2025, 5, 1),
}


def position(as_at: date = AS_AT, rows: dict[str, Any] | None = None, **fields: Any) -> Position:
    found = review(a_tracker(a_case(**fields), **(rows or {})), Policy(), as_at)
    (stood,) = found.positions
    assert stood.stage in STAGES
    assert stood.rag in RAGS
    return stood


@pytest.mark.parametrize(
    ("fields", "rows", "stage"),
    [
        ({}, {}, "Identified"),
        ({"qa_notified": date(2025, 1, 6)}, {}, "Moderation"),
        ({"moderation_completed": date(2025, 1, 10)}, {}, "Booking"),
        (
            {"moderation_completed": date(2025, 1, 10), "meeting_booked": date(2025, 7, 1)},
            {},
            "Awaiting meeting",
        ),
        ({"meeting_booked": date(2025, 7, 1)}, {}, "Awaiting meeting"),
        (
            {"meeting_booked": date(2025, 7, 1), "moderation_completed": AS_AT.replace(day=3)},
            {},
            "Identified",
        ),
        ({"meeting_held": HELD}, {}, "Improving"),
        ({"meeting_held": HELD}, {"reaudits": [{"case_ref": "MF-001", "round": 1}]}, "Improving"),
        (
            {"meeting_held": HELD},
            {"reaudits": [PASSED | {"grade": "Inadequate", "panel_held": None}]},
            "Awaiting panel",
        ),
        ({"meeting_held": HELD}, {"reaudits": [PASSED | {"grade": "Inadequate"}]}, "Improving"),
        ({"meeting_held": HELD}, {"reaudits": [PASSED]}, "Leaving"),
        (IN_ORDER | LEFT, {"reaudits": [PASSED], "actions": [DONE_ACTION]}, "Closed"),
        (
            IN_ORDER | LEFT,
            {
                "reaudits": [PASSED],
                "actions": [DONE_ACTION | {"completed": None, "status": "Open"}],
            },
            "Leaving",
        ),
        ({"audit_grade": "Good"}, {}, "Outside process"),
        ({"audit_grade": "Outstanding", "meeting_held": HELD}, {}, "Sharing practice"),
        (
            IN_ORDER | {"audit_grade": "Outstanding"},
            {
                "examples": [
                    {
                        "ref": "E-1",
                        "case_ref": "MF-001",
                        "reviewed": date(2025, 2, 3),
                        "anonymised": date(2025, 2, 3),
                        "uploaded": date(2025, 2, 4),
                        "announced": date(2025, 2, 5),
                    }
                ]
            },
            "Closed",
        ),
    ],
)
def test_the_stage_is_the_first_that_holds(
    fields: dict[str, Any], rows: dict[str, Any], stage: str
) -> None:
    assert position(rows=rows, **fields).stage == stage


def test_red_is_overdue_amber_is_near_or_in_error_green_is_neither() -> None:
    near = {"actions": [DONE_ACTION | {"completed": None, "status": "Open", "due": AS_AT}]}
    late = {"actions": [DONE_ACTION | {"completed": None, "status": "Open"}]}
    far = {
        "actions": [DONE_ACTION | {"completed": None, "status": "Open", "due": date(2025, 6, 17)}]
    }
    reaudited = {"reaudits": [PASSED]}
    settled = IN_ORDER | LEFT
    assert position(rows=reaudited | late, **settled).rag == "Red"
    assert position(rows=reaudited | near, **settled).rag == "Amber"
    assert position(rows=reaudited | far, **settled).rag == "Green"
    assert position(rows=reaudited | {"actions": [DONE_ACTION]}, **settled).rag == "Complete"
    faulty = {"actions": [DONE_ACTION | {"due": None}]}
    assert position(rows=reaudited | faulty, **settled).rag == "Amber"


def test_due_soon_ends_with_the_tenth_working_day_ahead() -> None:
    def levels(due: date) -> list[str]:
        action = DONE_ACTION | {"completed": None, "status": "Open", "due": due}
        rows = {"reaudits": [PASSED], "actions": [action]}
        found = review(a_tracker(a_case(**IN_ORDER, **LEFT), **rows), Policy(), AS_AT)
        return [finding.level for finding in found.findings if finding.step == "action"]

    # From Monday 2 June: 3, 4, 5, 6; 9 to 13; Monday 16 June is the tenth.
    assert levels(date(2025, 6, 1)) == ["overdue"]
    assert levels(date(2025, 6, 2)) == ["due_soon"]
    assert levels(date(2025, 6, 16)) == ["due_soon"]
    assert levels(date(2025, 6, 17)) == []


def test_the_next_step_is_due_first_and_the_process_settles_equals() -> None:
    stood = position(as_at=date(2025, 1, 6))
    assert (stood.next_step, stood.due) == ("alert_managers", date(2025, 1, 7))
    stood = position(as_at=date(2025, 1, 6), managers_alerted=date(2025, 1, 6))
    assert (stood.next_step, stood.due) == ("notify_qa", date(2025, 1, 7))


def test_an_outside_case_has_only_its_actions() -> None:
    action = DONE_ACTION | {"completed": None, "status": "Open"}
    stood = position(audit_grade="Good", rows={"actions": [action]})
    assert (stood.rag, stood.next_step, stood.due) == ("Outside", "action", date(2025, 3, 1))


def test_the_grade_is_the_one_that_counts_on_the_day() -> None:
    moderated: dict[str, Any] = {
        "audit_grade": "Good",
        "moderated_grade": "Inadequate",
        "moderation_completed": date(2025, 1, 20),
    }
    assert position(as_at=date(2025, 1, 19), **moderated).grade == "Good"
    assert position(as_at=date(2025, 1, 20), **moderated).grade == "Inadequate"


def test_rows_read_are_cases_outside_and_left_out() -> None:
    cases = [
        a_case(2),
        a_case(3, ref="MF-002", audit_grade="Good"),
        a_case(4, ref="MF-003", audited=date(2025, 6, 3)),
        a_case(5, ref="MF-004"),
        a_case(6, ref="mf-004"),
        a_case(7, ref=None),
        a_case(8, ref="MF-006", audit_grade=None),
        a_case(9, ref="MF-007", audited=None),
    ]
    found = review(a_tracker(*cases), Policy(), AS_AT)
    counts = found.counts
    assert (counts.rows_read, counts.cases, counts.outside, counts.excluded) == (8, 1, 1, 6)
    assert [row.row for row in found.excluded] == [4, 5, 6, 7, 8, 9]
    assert all(row.reason for row in found.excluded)


def test_a_panel_without_a_grade_is_not_chased_but_is_awaited() -> None:
    rows = {"reaudits": [PASSED | {"grade": None, "panel_held": None}]}
    found = review(a_tracker(a_case(meeting_held=HELD), **rows), Policy(), AS_AT)
    assert found.positions[0].stage == "Awaiting panel"
    assert "panel_review" not in {due.step for due in found.open}
    assert "re_audit" not in {due.step for due in found.open}


def test_everything_is_as_at_the_day_whatever_came_later() -> None:
    """Last month's review from today's tracker is the review that was made last month."""
    then, now = date(2025, 2, 14), date(2025, 6, 2)
    early = {name: value for name, value in IN_ORDER.items() if not isinstance(value, date)}
    early |= {name: d for name, d in IN_ORDER.items() if isinstance(d, date) and d <= then}
    last_month = review(
        a_tracker(a_case(**early), actions=[DONE_ACTION | {"completed": None, "status": "Open"}]),
        Policy(),
        then,
    )
    again = review(
        a_tracker(
            a_case(**IN_ORDER, **LEFT),
            actions=[DONE_ACTION],
            reaudits=[PASSED],
        ),
        Policy(),
        then,
    )
    assert last_month.positions == again.positions
    assert [f for f in last_month.findings if f.step] == [f for f in again.findings if f.step]
    assert now > then
