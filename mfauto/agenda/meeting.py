"""The agenda of a Moving Forward Meeting: the cases, who is invited, and a briefing for each."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from mfauto.agenda.told import Row, Told, places_said
from mfauto.expected import booked_for, places_of
from mfauto.model import Case, Meeting
from mfauto.standing import IN_PROCESS, INADEQUATE, Standing
from mfauto.typed_lists import Part, parts
from mfauto.wording import counted, day_words, listed

_INVITED: Final = (
    ("Practitioner", "practitioner", "practitioner_invited"),
    ("Team Manager", "team_manager", "team_manager_invited"),
    ("Service Manager", "service_manager", "service_manager_invited"),
)
#: what is known from the audit, by its field, as a sentence names it
_FOUND: Final = {
    "audit_findings": "findings",
    "strengths": "strengths",
    "practice_context": "practice context",
}
_BEFORE: Final = (
    "What did the audit find, and what does it mean for the child?",
    "What was done well? Begin with the strengths of the practice.",
    "What actions did the audit name, and which of them are done already?",
    "What was the context, such as workload or court work?",
)
_PROMPTS: Final = {
    INADEQUATE: (
        "What actions will move the case out of Inadequate? Who owns each, and by when?",
        "What support does the practitioner need, and who will give it?",
        "Is a review of all the practitioner's cases required? Who will carry it out?",
    ),
    "Outstanding": (
        "How was it achieved? What did the practitioner and the managers do?",
        "What exactly is the good practice? Name each example so that others can use it.",
        "What should go into supervision, management oversight, training and lessons learnt?",
    ),
}


def fields(told: Told, day: date, meetings: Sequence[Meeting]) -> dict[str, object]:
    """Give what the agenda of a Moving Forward Meeting says."""
    booked = booked_for(told.standings, day)
    waiting = _waiting(told)
    missed = _missed(told, day)
    return {
        "places": _places(meetings, booked, waiting),
        "booked": [_booked(told, standing) for standing in booked],
        "waiting": [_waiting_line(told, standing) for standing in waiting],
        "missed": [_missed_line(standing) for standing in missed],
        "invitees": [line for standing in booked for line in _invitees(told, standing)],
        "missing": _missing(told, booked),
        "ready": "Nothing is missing: every case is moderated, and everybody is invited."
        if booked
        else "No case is booked for this meeting, so nothing is missing.",
        "briefings": [briefing(told, standing) for standing in booked],
    }


def _waiting(told: Told) -> list[Standing]:
    """Give the cases that should be booked: moderated, and no meeting is booked or held."""
    found = [
        standing
        for standing in told.standings
        if standing.grade in IN_PROCESS
        and standing.moderation_completed
        and standing.booked is None
        and standing.meeting_held is None
    ]
    return sorted(found, key=lambda one: (one.moderation_completed or date.max, one.case.row))


def _missed(told: Told, day: date) -> list[Standing]:
    """Give the cases whose booked day has passed, and whose meeting is not recorded as held."""
    found = [
        standing
        for standing in told.standings
        if standing.grade in IN_PROCESS
        and standing.meeting_held is None
        and standing.booked is not None
        and standing.booked < min(day, told.as_at)
    ]
    return sorted(found, key=lambda one: (one.booked or date.max, one.case.row))


def _places(
    meetings: Sequence[Meeting], booked: Sequence[Standing], waiting: Sequence[Standing]
) -> str:
    said = places_said(meetings, f"{counted(len(booked), 'case')} booked", len(booked))
    if waiting and (places_of(meetings) or 0) > len(booked):
        wait = "case is" if len(waiting) == 1 else "cases are"
        said += f" {len(waiting)} moderated {wait} waiting to be booked."
    return said


def _booked(told: Told, standing: Standing) -> Row:
    case = standing.case
    return {
        "case": standing.ref,
        "grade": told.grade(standing),
        "service": told.brief(case, "service_area"),
        "themes": told.brief(case, "themes"),
    }


def _waiting_line(told: Told, standing: Standing) -> Row:
    due = next(iter(told.open(standing, "book_meeting")), None)
    return {
        "case": standing.ref,
        "grade": standing.grade,
        "service": told.brief(standing.case, "service_area"),
        "moderated": told.when(standing.case, "moderation_completed"),
        "due": told.due(due.on) if due else "Not known",
    }


def _missed_line(standing: Standing) -> Row:
    return {
        "case": standing.ref,
        "grade": standing.grade,
        "day": day_words(standing.booked) if standing.booked else "Not recorded",
    }


def _invitees(told: Told, standing: Standing) -> list[Row]:
    case = standing.case
    return [
        {
            "case": standing.ref,
            "role": role,
            "name": told.brief(case, who),
            "invited": day_words(day) if day else "Not invited",
        }
        for role, who, when in _INVITED
        for day in (standing.seen(getattr(case, when)),)
    ]


def _missing(told: Told, booked: Sequence[Standing]) -> list[str]:
    """Say what has to be done before the meeting: first of all for children's safety."""
    said = [
        f"{standing.ref}: child safety is not yet recorded as assured."
        for standing in booked
        if not standing.meeting_held and told.open(standing, "assure_child_safety")
    ]
    for standing in booked:
        if standing.moderation_completed is None:
            said.append(f"{standing.ref}: moderation is missing, so the grade can still change.")
        if standing.meeting_held:
            continue
        late = [
            role for role, _, when in _INVITED if not standing.seen(getattr(standing.case, when))
        ]
        if late:
            due = next(iter(told.open(standing, "invite_attendees")), None)
            by = f" Due {told.due(due.on)}." if due else ""
            said.append(f"{standing.ref}: not invited yet: {listed(late)}.{by}")
        nobody = [role for role, who, _ in _INVITED if not getattr(standing.case, who)]
        if nobody:
            said.append(f"{standing.ref}: nobody is named as {listed(nobody)}.")
    return said


def briefing(told: Told, standing: Standing) -> dict[str, object]:
    """Give the briefing of one case."""
    case = standing.case
    facts = [
        ("Grade", told.grade(standing)),
        ("Audited", f"{day_words(standing.audited)}, by {told.brief(case, 'auditor')}"),
        ("Moderation completed", told.when(case, "moderation_completed")),
        ("Service and team", f"{told.brief(case, 'service_area')}, {told.brief(case, 'team')}"),
        ("Practitioner", told.brief(case, "practitioner")),
        ("Team Manager", told.brief(case, "team_manager")),
        ("Service Manager", told.brief(case, "service_manager")),
        ("Head of Service", told.brief(case, "head_of_service")),
        ("Themes", told.brief(case, "themes")),
    ]
    if standing.grade == INADEQUATE:
        facts.insert(2, ("Child safety assured", told.when(case, "child_safety_assured")))
    return {
        "case": standing.ref,
        "facts": [{"name": name, "value": value} for name, value in facts],
        "to_write": told.to_write(case, _FOUND),
        "findings": _parts(told, case, "audit_findings"),
        "strengths": _parts(told, case, "strengths"),
        "context": _parts(told, case, "practice_context"),
        "actions_said": told.actions_said(standing),
        "actions": told.open_actions(standing),
        "prompts": [*_BEFORE, *_PROMPTS[standing.grade]],
    }


def _parts(told: Told, case: Case, field: str) -> list[Part]:
    """Give the paragraphs of a cell; none where it is blank, which `to_write` says."""
    if told.is_blank(case, field):
        return []
    return parts(told.text(case, field))
