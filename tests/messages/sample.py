"""One week of a small service, for the tests of the emails."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from mfauto.messages import Batch, Known, Message, digests
from mfauto.model import Case, Review
from mfauto.policy import Policy
from mfauto.process import review
from mfauto.settings import Mail, Settings
from tests.making import a_case, a_tracker

MONDAY = date(2026, 11, 2)
PEOPLE: Sequence[Mapping[str, str]] = tuple(
    {"name": name, "role": role, "email": email, "active": "Yes"}
    for name, role, email in (
        ("Priya Shah", "SQA Officer", "priya.shah@council.example"),
        ("Jo Bright", "Head of Service", "jo.bright@council.example"),
        ("Sam Okoro", "Service Manager", "sam.okoro@council.example"),
        ("Amira Khan", "Practitioner", "amira.khan@council.example"),
        ("Lee Marsh", "Auditor", "lee.marsh@council.example"),
        ("Tom Gale", "Practitioner", "tom@council.example; gale@council.example"),
    )
)
SETTINGS = Settings(folder=Path(), mail=Mail(tracker_link="https://council.example/tracker"))

#: what a meeting leaves in a case, blank
NO_MEETING: Final[dict[str, Any]] = dict.fromkeys(
    (
        "meeting_held",
        "audit_findings",
        "strengths",
        "practice_context",
        "support_agreed",
        "caseload_review",
    )
)


def improving(row: int = 2, **fields: Any) -> Case:
    """Give a case that is in order but for its exception report, due on 29 September 2026."""
    return a_case(
        row,
        **{
            "ref": "MF-014",
            "audited": date(2026, 7, 20),
            "practitioner": "Amira Khan",
            "team_manager": "Ted Marsh",
            "service_manager": "Sam Okoro",
            "head_of_service": "Jo Bright",
            "auditor": "Lee Marsh",
            "managers_alerted": date(2026, 7, 20),
            "qa_notified": date(2026, 7, 20),
            "child_safety_assured": date(2026, 7, 21),
            "moderation_completed": date(2026, 8, 1),
            "meeting_booked": date(2026, 9, 1),
            "meeting_held": date(2026, 9, 1),
            "audit_findings": "Found",
            "strengths": "Strong",
            "practice_context": "Context",
            "support_agreed": "Support",
            "caseload_review": "Required",
            **fields,
        },
    )


def in_order(row: int = 2, **fields: Any) -> Case:
    """Give a case in which nothing is overdue."""
    return improving(row, exception_report_completed=date(2026, 9, 20), **fields)


def unsafe(row: int = 3, **fields: Any) -> Case:
    """Give a new case in which nobody has made sure yet that the child is safe."""
    told = {"managers_alerted": date(2026, 10, 20), "qa_notified": date(2026, 10, 20)}
    blank = dict.fromkeys(("moderation_completed", "meeting_booked", "child_safety_assured"))
    return improving(
        row,
        **{
            "ref": "MF-020",
            "audited": date(2026, 10, 20),
            **blank,
            **NO_MEETING,
            **told,
            **fields,
        },
    )


def an_action(**fields: Any) -> dict[str, Any]:
    """Give an action that was due on 5 October 2026."""
    return {
        "ref": "A-1",
        "case_ref": "MF-014",
        "action": "Agree a supervision plan",
        "owner": "Amira Khan",
        "original_due": date(2026, 9, 20),
        "due": date(2026, 10, 5),
        "status": "Open",
        **fields,
    }


def reviewed(*cases: Case, as_at: date = MONDAY, **rows: Sequence[Mapping[str, Any]]) -> Review:
    """Review a tracker of these rows; the people are PEOPLE unless given."""
    # A meeting is written up only once it has led to an action.
    done = [an_action(ref="A-0", status="Complete")] if cases and cases[0].ref == "MF-014" else []
    actions = [*rows.pop("actions", ()), *done]
    tracker = a_tracker(*cases, **{"people": PEOPLE, "actions": actions, **rows})
    return review(replace(tracker, path=Path("Moving Forward tracker.xlsx")), Policy(), as_at)


def the_week() -> Review:
    """Give a week with something of everything."""
    return reviewed(
        improving(2),
        unsafe(3),
        a_case(4, ref="MF-021", audited=date(2026, 10, 1), audit_grade=None),
        actions=[
            an_action(),
            an_action(
                ref="A-2",
                action="Update the chronology and check it with the health visitor. " * 6,
                original_due=date(2026, 10, 20),
                due=date(2026, 10, 20),
            ),
            an_action(ref="A-3", action="Share the risk assessment", owner="A Khan / B Lee"),
            an_action(
                ref="A-4",
                action="Plan the direct work with the child's wishes in mind",
                original_due=date(2026, 11, 10),
                due=date(2026, 11, 10),
            ),
            an_action(ref="A-5", action="Join reflective supervision", owner="Tom Gale"),
        ],
    )


def mail(**fields: Any) -> Settings:
    """Give settings with these about mail."""
    return replace(SETTINGS, mail=replace(SETTINGS.mail, **fields))


def told(batch: Batch) -> frozenset[str]:
    """Give the keys of everything that owners heard of."""
    return frozenset(key for message in batch.messages for key in message.told)


def to(batch: Batch, name: str) -> Message:
    """Give the one message to a person of PEOPLE, by the beginning of the address."""
    (found,) = (one for one in batch.messages if one.recipient.startswith(name))
    return found


def week_after(found: Review, settings: Settings = SETTINGS) -> Batch:
    """Give the emails once every owner has heard of everything."""
    return digests(found, settings, Known(told=told(digests(found, settings))))
