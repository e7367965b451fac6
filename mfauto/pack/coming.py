"""The part about what comes: the next 30 days, meetings, and re-audits to allocate."""

from collections import Counter
from datetime import timedelta
from typing import Final

from mfauto.measures import service_of
from mfauto.model import Due, ReAudit
from mfauto.pack.told import MOST, Row, Told, more
from mfauto.standing import PANEL_REVIEW
from mfauto.steps import STEPS
from mfauto.wording import day_words

_AHEAD: Final = 30  # days
_MEETINGS: Final = 12  # meetings ahead


def ahead(told: Told) -> dict[str, object]:
    """Give what falls due, the meetings ahead, and the re-audits without a re-auditor."""
    until = told.as_at + timedelta(days=_AHEAD)
    coming = [due for due in told.review.open if told.as_at <= due.on <= until]
    numbers = Counter(due.step for due in coming)
    first = {due.step: due.on for due in sorted(coming, key=lambda due: due.on, reverse=True)}
    free = sorted(
        (
            due
            for due in told.review.open
            if due.step == "re_audit" and due.on <= until and not _allocated(due)
        ),
        key=lambda due: (due.on, due.case.row),
    )
    return {
        "until": day_words(until),
        "coming": [
            {
                "step": step.todo,
                "number": told.shown(numbers[step.id]),
                "first": day_words(first[step.id]),
            }
            for step in STEPS
            if numbers[step.id]
        ],
        "meetings": _meetings(told),
        "allocate": [
            {
                "case": due.case.ref or "",
                "service": service_of(due.case),
                "round": f"Round {due.item}",
                "due": day_words(due.on),
                "state": "Overdue" if due.on < told.as_at else "Not yet due",
            }
            for due in free[:MOST]
        ],
        "allocate_more": more(free),
    }


def _meetings(told: Told) -> list[Row]:
    ahead = sorted(
        (meeting.held, meeting.row, meeting)
        for meeting in told.review.tracker.meetings
        if meeting.held and meeting.held > told.as_at
    )
    expected = Counter(
        (due.step == "panel_review", due.on)
        for due in told.review.open
        if due.step in ("hold_meeting", "panel_review")
    )
    return [
        {
            "held": day_words(held),
            "type": meeting.type or "Type not recorded",
            "starts": meeting.starts or "Not recorded",
            "places": "Not recorded" if meeting.places is None else str(meeting.places),
            "cases": told.shown(expected[meeting.type == PANEL_REVIEW, held]),
        }
        for held, _, meeting in ahead[:_MEETINGS]
    ]


def _allocated(due: Due) -> bool:
    return isinstance(due.subject, ReAudit) and bool(due.subject.reauditor)
