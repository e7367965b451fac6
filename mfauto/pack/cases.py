"""The parts about cases: grades, what is overdue, cases of concern, themes and practice."""

from collections.abc import Iterable
from typing import Final

from mfauto.columns import GRADES
from mfauto.measures import NOT_MODERATED, Concern, service_of
from mfauto.model import Action, Due, Example
from mfauto.pack.told import MOST, Row, Told, more
from mfauto.steps import STEP
from mfauto.wording import day_words, days_words

_LONGEST: Final = 10  # cases shown as the longest in Inadequate
_THIRD: Final = 3
_FIELDS: Final = ("outstanding", "good", "requires_improvement", "inadequate")
_STAGES: Final = (
    ("Reviewed", "reviewed"),
    ("Anonymised", "anonymised"),
    ("Shared in the library", "uploaded"),
    ("Announced to the service", "announced"),
)


def movement(told: Told) -> dict[str, object]:
    """Give the grades at re-audit, and at audit against moderation."""
    regraded = [
        {
            "round": f"Round {number}",
            **_grades(told, grades),
            "all": told.shown(sum(grades.values())),
        }
        for number, grades in told.found.regraded.items()
    ]
    moderated = [
        {
            "grade": grade,
            **_grades(told, after),
            "waiting": told.shown(after[NOT_MODERATED]),
        }
        for grade, after in told.found.moderated.items()
    ]
    return {"regraded": regraded, "moderated": moderated}


def _grades(told: Told, counts: dict[str, int]) -> Row:
    return {field: told.shown(counts[grade]) for field, grade in zip(_FIELDS, GRADES, strict=True)}


def overdue(told: Told) -> dict[str, object]:
    """Give what is overdue, by service and Head of Service."""
    groups = [
        {
            "name": f"{service}: {head}",
            "lines": [_overdue_line(told, due) for due in dues[:MOST]],
            "more": more(dues),
        }
        for (service, head), dues in told.found.overdue.items()
    ]
    return {"overdue": groups}


def _overdue_line(told: Told, due: Due) -> Row:
    slipped = due.subject.slipped_from if isinstance(due.subject, Action) else None
    return {
        "case": due.case.ref or "",
        "what": _what(due),
        "due": day_words(due.on),
        "days": days_words((told.as_at - due.on).days),
        "original": f"{day_words(slipped)}, put off by {days_words((due.on - slipped).days)}"
        if slipped
        else "The same",
    }


def concern(told: Told) -> dict[str, object]:
    """Give the cases of concern."""
    still = told.found.still
    third = [concern for concern in still if concern.round >= _THIRD]
    return {
        "unsafe": _concerns(told.found.unsafe),
        "third": _concerns(third[:MOST]),
        "third_more": more(third),
        "longest": _concerns(still[:_LONGEST]),
    }


def _concerns(concerns: Iterable[Concern]) -> list[Row]:
    return [
        {
            "case": concern.standing.ref,
            "service": service_of(concern.standing.case),
            "head": concern.standing.case.head_of_service or "Not recorded",
            "audited": day_words(concern.standing.audited),
            "round": f"Round {concern.round}",
            "days": days_words(concern.days),
        }
        for concern in concerns
    ]


def practice(told: Told) -> dict[str, object]:
    """Give the themes, and the good practice that was shared."""
    stages = []
    for name, field in _STAGES:
        now, before, year = told.found.shared(field)
        stages.append(
            {
                "stage": name,
                "now": told.shown(now),
                "before": told.shown(before),
                "change": told.change(now, before),
                "year": told.shown(year),
            }
        )
    announced = [
        {
            "ref": example.ref or "Not recorded",
            "theme": example.theme or "Not recorded",
            "announced": day_words(example.announced),
        }
        for standing in told.found.standings
        for example in standing.examples
        if example.announced and told.found.month.holds(example.announced)
    ]
    return {
        "themes": [
            {
                "name": theme.name,
                "now": told.shown(theme.now),
                "before": told.shown(theme.before),
                "change": told.change(theme.now, theme.before),
                "year": told.shown(theme.year),
            }
            for theme in told.found.themes[:MOST]
        ],
        "shared": stages,
        "announced": announced[:MOST],
    }


def _what(due: Due) -> str:
    if isinstance(due.subject, Action):
        return f"Action {due.item or 'without a ref'}"
    if isinstance(due.subject, Example):
        return f"{STEP[due.step].todo}, {due.item or 'without a ref'}"
    if due.step in ("re_audit", "panel_review"):
        return f"{STEP[due.step].todo}, round {due.item}"
    return STEP[due.step].todo
