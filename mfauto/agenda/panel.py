"""The agenda of a Panel Review: the re-audits to share, and where each case stands (C13, C15)."""

from collections.abc import Sequence
from datetime import date

from mfauto.agenda.told import Row, Told, places_said
from mfauto.expected import to_share
from mfauto.model import Meeting, ReAudit
from mfauto.standing import INADEQUATE, Standing
from mfauto.wording import counted, day_words


def _ungraded(told: Told, day: date) -> list[str]:
    """Say which re-audits cannot be shared, because nobody entered how they came out."""
    return [
        f"{standing.ref}, round {reaudit.round}: the grade of the re-audit of "
        f"{day_words(reaudit.audited)} {told.lacking(reaudit, 'grade', within=True)}."
        for standing in told.standings
        if standing.grade == INADEQUATE
        for reaudit in standing.reaudits
        if not reaudit.grade
        if standing.seen(reaudit.audited) and reaudit.audited and reaudit.audited < day
    ]


def fields(told: Told, day: date, meetings: Sequence[Meeting]) -> dict[str, object]:
    """Give what the agenda of a Panel Review says."""
    shared = to_share(told.standings, day)
    needed = f"{counted(len(shared), 're-audit')} to share"
    return {
        "places": places_said(meetings, needed, len(shared)),
        "shared": [_line(told, *one) for one in shared],
        "ungraded": _ungraded(told, day),
        "briefings": [_briefing(told, *one) for one in shared],
    }


def _line(told: Told, standing: Standing, reaudit: ReAudit) -> Row:
    due = _panel_due(told, standing, reaudit)
    return {
        "case": standing.ref,
        "round": f"Round {reaudit.round}",
        "audited": told.when(reaudit, "audited"),
        "before": _first_grade(standing),
        "grade": told.text(reaudit, "grade"),
        "due": told.due(due) if due else "Shared",
    }


def _panel_due(told: Told, standing: Standing, reaudit: ReAudit) -> date | None:
    return next(
        (due.on for due in told.open(standing, "panel_review") if due.subject is reaudit), None
    )


def _first_grade(standing: Standing) -> str:
    first = standing.case.audit_grade or "Not recorded"
    if first == standing.grade:
        return first
    return f"{first}, moderated to {standing.grade}"


def _briefing(told: Told, standing: Standing, reaudit: ReAudit) -> dict[str, object]:
    case = standing.case
    facts = [
        ("First grade", f"{_first_grade(standing)}, audited {day_words(standing.audited)}"),
        ("Service and team", f"{told.brief(case, 'service_area')}, {told.brief(case, 'team')}"),
        ("Practitioner", told.brief(case, "practitioner")),
        ("Service Manager", told.brief(case, "service_manager")),
        ("Head of Service", told.brief(case, "head_of_service")),
        ("Meeting held", told.when(case, "meeting_held")),
        ("Re-audited by", told.brief(reaudit, "reauditor")),
    ]
    return {
        "case": standing.ref,
        "round": f"round {reaudit.round}",
        "facts": [{"name": name, "value": value} for name, value in facts],
        "rounds": [_round(told, row) for row in standing.reaudits if standing.seen(row.audited)],
        "outcome": _outcome(told, standing, reaudit),
        "actions_said": told.actions_said(standing),
        "actions": told.open_actions(standing),
        "open": told.open_steps(standing, "panel_review"),
        "prompts": _prompts(reaudit),
    }


def _round(told: Told, reaudit: ReAudit) -> Row:
    shared = reaudit.panel_held
    return {
        "round": f"Round {reaudit.round}",
        "audited": told.when(reaudit, "audited"),
        "grade": told.text(reaudit, "grade"),
        "panel": day_words(shared) if shared and shared <= told.as_at else "Not shared yet",
        "decision": told.brief(reaudit, "panel_decision")
        if reaudit.panel_decision
        else "Not recorded",
    }


def _outcome(told: Told, standing: Standing, reaudit: ReAudit) -> str:
    if reaudit.grade != INADEQUATE:
        return (
            f"The re-audit was graded {reaudit.grade}, so the case left Inadequate on "
            f"{told.when(reaudit, 'audited')}."
        )
    due = next((due for due in told.open(standing, "re_audit")), None)
    following = f" Round {due.item} is due {told.due(due.on)}." if due else ""
    return f"The re-audit was graded Inadequate, so the case stays in the process.{following}"


def _prompts(reaudit: ReAudit) -> list[str]:
    if reaudit.grade == INADEQUATE:
        return [
            "What has improved since the round before, and what has not?",
            "What actions and what support need to change? Who owns each, and by when?",
            "Who will carry out the next re-audit, and when?",
            "Is the child safe? Does anybody outside the service need to know?",
        ]
    return [
        "What made the difference, and what of it is good practice to share?",
        "Have the Head of Service, the Service Manager and the Practitioner been told?",
        "Is the re-audit on ICS?",
        "Which actions stay open now that the case has left?",
    ]
