"""The part about what comes: the next 30 days, meetings, and re-audits to allocate."""

from typing import Final

from mfauto.measures import service_of
from mfauto.pack.cases import NOT_LISTED
from mfauto.pack.told import MOST, Row, Told, brief, more
from mfauto.steps import STEP, STEPS
from mfauto.wording import day_words

_MEETINGS: Final = 12  # meetings ahead


def ahead(told: Told) -> dict[str, object]:
    """Give what falls due, the meetings ahead, and the re-audits without a re-auditor."""
    coming, free = told.found.coming, told.found.to_allocate
    return {
        "until": day_words(told.found.until),
        "coming": [
            {
                "step": STEP[step.id].todo,
                "number": told.shown("coming", step.id),
                "first": day_words(coming[step.id][0].on),
            }
            for step in STEPS
            if step.id in coming
        ],
        "meetings": _meetings(told),
        "meetings_more": more(told.found.meetings_ahead, _MEETINGS, "on the sheet Meetings"),
        "allocate": []
        if told.hide
        else [
            {
                "case": brief(due.case.ref or ""),
                "service": brief(service_of(due.case)),
                "round": f"Round {due.item}",
                "due": day_words(due.on),
                "state": "Overdue" if due.on < told.as_at else "Not yet due",
            }
            for due in free[:MOST]
        ],
        "allocate_more": "" if told.hide else more(free),
        "allocate_none": f"{told.are(('allocate',), 're-audit')} to allocate. {NOT_LISTED}"
        if told.hide and free
        else "No re-audit is waiting for a re-auditor.",
    }


def _meetings(told: Told) -> list[Row]:
    return [
        {
            "held": day_words(meeting.held) if meeting.held else "Not recorded",
            "type": meeting.type or "Type not recorded",
            "starts": brief(meeting.starts) if meeting.starts else "Not recorded",
            "places": "Not recorded" if meeting.places is None else f"{meeting.places:,}",
            "cases": told.shown("meeting", place),
        }
        for place, meeting in enumerate(told.found.meetings_ahead[:_MEETINGS])
    ]
