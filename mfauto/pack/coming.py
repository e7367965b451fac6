"""The part about what comes: the next 30 days, meetings, and re-audits to allocate."""

from typing import Final

from mfauto.expected import Occasion
from mfauto.measures import service_of
from mfauto.pack.cases import NOT_LISTED
from mfauto.pack.told import MOST, Row, Told, brief, more
from mfauto.steps import STEP, STEPS
from mfauto.wording import counted, day_words, listed

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
        "meetings_too_few": _too_few(told),
        "meetings_more": more(told.found.occasions_ahead, _MEETINGS, "on the sheet Meetings"),
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
            "held": day_words(occasion.held),
            "type": occasion.type or "Type not recorded",
            "starts": _starts(occasion),
            "places": "Not recorded" if occasion.places is None else f"{occasion.places:,}",
            "cases": told.shown("meeting", place),
        }
        for place, occasion in enumerate(told.found.occasions_ahead[:_MEETINGS])
    ]


def _starts(occasion: Occasion) -> str:
    said = dict.fromkeys(brief(one.starts or "Not recorded") for one in occasion.meetings)
    return listed(list(said))


def _too_few(told: Told) -> list[str]:
    """Say which meetings and panels have fewer places than cases expected."""
    return [
        f"{occasion.type or 'Meeting'}, {day_words(occasion.held)}: "
        f"{told.shown('meeting', place)} expected, {occasion.expected - occasion.places:,} more "
        f"than the {counted(occasion.places, 'place')}."
        for place, occasion in enumerate(told.found.occasions_ahead[:_MEETINGS])
        if occasion.places is not None and occasion.expected > occasion.places
        if not told.hidden(("meeting", place))
    ]
