"""The parts about cases: grades, what is overdue, cases of concern, themes and practice."""

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Final

from mfauto.columns import GRADES
from mfauto.measures import NOT_MODERATED, Concern, service_of
from mfauto.model import Action, Due, Example
from mfauto.pack.printed import STAGES
from mfauto.pack.told import MOST, Row, Told, brief, more
from mfauto.wording import day_words, days_words

_LONGEST: Final = 10  # cases shown as the longest in Inadequate
_BOOK: Final = 150  # overdue steps that are all listed; with more, only the longest are
_FIELDS: Final = ("outstanding", "good", "requires_improvement", "inadequate")
_STAGES: Final = ("Reviewed", "Anonymised", "Shared in the library", "Announced to the service")
NOT_LISTED: Final = (
    "Single cases are not listed, because small numbers are kept back. "
    "The command check lists every one of them."
)


def movement(told: Told) -> dict[str, object]:
    """Give the grades at re-audit, and at audit against moderation."""
    regraded = [
        {
            "round": f"Round {number}",
            **_grades(told, "regraded", number),
            "all": told.shown("regraded", number, "all"),
        }
        for number in told.found.regraded
    ]
    moderated = [
        {
            "grade": grade,
            **_grades(told, "moderated", grade),
            "waiting": told.shown("moderated", grade, NOT_MODERATED),
        }
        for grade in told.found.moderated
    ]
    return {"regraded": regraded, "moderated": moderated}


def _grades(told: Told, table: str, row: object) -> Row:
    return {
        field: told.shown(table, row, grade) for field, grade in zip(_FIELDS, GRADES, strict=True)
    }


def overdue(told: Told) -> dict[str, object]:
    """Give what is overdue, by service and Head of Service.

    Where that would make a book, each group is counted and only the longest are listed.
    """
    found = told.found.overdue
    every = sorted(chain.from_iterable(found.values()), key=lambda due: (due.on, due.case.row))
    said = _overdue_said(told, every)
    empty = {"overdue": [], "overdue_groups": [], "overdue_longest": [], "overdue_more": ""}
    made: dict[str, object] = {**empty, "overdue_said": said, "overdue_longest_said": ""}
    if told.hide:
        return made
    if len(every) > _BOOK:
        return {
            **made,
            "overdue_groups": [_group_line(told, *one) for one in found.items()],
            "overdue_longest_said": f"The {MOST} longest overdue",
            "overdue_longest": [_overdue_line(told, due) for due in every[:MOST]],
            "overdue_more": more(every),
        }
    groups = [
        {
            "name": f"{brief(service)}: {brief(head)}",
            "lines": [_overdue_line(told, due) for due in dues],
        }
        for (service, head), dues in found.items()
    ]
    return {**made, "overdue": groups}


def _group_line(told: Told, names: tuple[str, str], dues: list[Due]) -> Row:
    actions = sum(due.step == "action" for due in dues)
    return {
        "service": brief(names[0]),
        "head": brief(names[1]),
        "actions": f"{actions:,}",
        "steps": f"{len(dues) - actions:,}",
        "longest": days_words((told.as_at - dues[0].on).days),
    }


def _overdue_said(told: Told, every: Sequence[Due]) -> list[str]:
    if not every:
        return ["Nothing is overdue."]
    if told.hide:
        return [NOT_LISTED]
    longest = every[0]
    wait = days_words((told.as_at - longest.on).days)
    overdue = told.are(("late", "now"), "step")
    said = [f"{overdue} overdue. The longest is {wait}, in case {longest.case.ref}."]
    actions = [due.subject for due in every if isinstance(due.subject, Action)]
    slipped = sum(action.slipped_from is not None for action in actions)
    if len(actions) == 1:
        said.append(f"The one overdue action was {'' if slipped else 'not '}put off before.")
    elif actions:
        were = "was" if slipped == 1 else "were"
        said.append(f"{slipped} of the {len(actions):,} overdue actions {were} put off before.")
    return said


def _overdue_line(told: Told, due: Due) -> Row:
    return {
        "case": brief(due.case.ref or ""),
        "service": brief(service_of(due.case)),
        "what": _what(due),
        "due": day_words(due.on),
        "moved": f"{day_words(due.on)}{_moved(due)}",
        "days": days_words((told.as_at - due.on).days),
        "original": _original(due),
    }


def _moved(due: Due) -> str:
    slipped = due.subject.slipped_from if isinstance(due.subject, Action) else None
    return f", put off by {days_words((due.on - slipped).days)}" if slipped else ""


def _original(due: Due) -> str:
    if not isinstance(due.subject, Action):
        return "The same"
    first = due.subject.original_due
    if first is None:
        return "Not recorded"
    if first == due.on:
        return "The same"
    moved = (due.on - first).days
    return f"{day_words(first)}, {'put off' if moved > 0 else 'brought forward'} by " + days_words(
        abs(moved)
    )


def concern(told: Told) -> dict[str, object]:
    """Give the cases of concern."""
    still, unsafe = told.found.still, told.found.unsafe
    third = [concern for concern in still if concern.round >= told.found.third]
    lists = {
        "unsafe": _concerns(unsafe[:MOST]),
        "unsafe_more": more(unsafe),
        "third": _concerns(third[:MOST]),
        "third_more": more(third),
        "longest": _concerns(still[:_LONGEST]),
    }
    said = {
        "unsafe_none": told.all_safe(),
        "third_none": "No open case has reached a third round.",
        "longest_none": "No case is open at Inadequate.",
        "longest_said": f"The {_LONGEST} longest of {len(still):,} open cases."
        if len(still) > _LONGEST
        else "Every open case, the longest first.",
    }
    if told.hide:
        lists = dict.fromkeys(lists, "")
        said["longest_none"] = f"{told.are(('open', 12), 'case')} open at Inadequate. {NOT_LISTED}"
        said["longest_said"] = ""
        if unsafe:
            wait = days_words(unsafe[0].days)
            waiting = told.are(("unsafe",), "case")
            said["unsafe_none"] = f"{waiting} not yet assured. The longest wait is {wait}."
        if third:
            said["third_none"] = f"{told.are(('third',), 'case')} in a third round or beyond."
    return {**lists, **said}


def _concerns(concerns: Iterable[Concern]) -> list[Row]:
    return [
        {
            "case": brief(concern.standing.ref),
            "service": brief(service_of(concern.standing.case)),
            "head": brief(concern.standing.case.head_of_service or "Not recorded"),
            "audited": day_words(concern.standing.audited),
            "round": f"Round {concern.round}",
            "days": days_words(concern.days),
        }
        for concern in concerns
    ]


def practice(told: Told) -> dict[str, object]:
    """Give the themes, and the good practice that was shared."""
    themes = told.found.themes
    spread = [
        example
        for standing in told.found.standings
        for example in standing.examples
        if _in_month(told, example)
    ]
    return {
        "themes": [
            {"name": brief(theme.name), **_compared(told, "theme", theme.name)}
            for theme in themes[:MOST]
        ],
        "themes_more": more(themes),
        "shared": [
            {"stage": name, **_compared(told, "shared", stage)}
            for name, stage in zip(_STAGES, STAGES, strict=True)
        ],
        "announced": [] if told.hide else [_spread(told, one) for one in spread[:MOST]],
        "announced_more": "" if told.hide else more(spread),
        "announced_none": NOT_LISTED
        if told.hide
        else "No example was shared or announced this month.",
    }


def _compared(told: Told, table: str, row: str) -> Row:
    return {
        "now": told.shown(table, row, "now"),
        "before": told.shown(table, row, "before"),
        "change": told.change((table, row, "now"), (table, row, "before")),
        "year": told.shown(table, row, "year"),
    }


def _in_month(told: Told, example: Example) -> bool:
    holds = told.found.month.holds
    return holds(example.uploaded) or holds(example.announced)


def _spread(told: Told, example: Example) -> Row:
    days = {
        name: day_words(day) if day and day <= told.as_at else "Not yet"
        for name, day in (("uploaded", example.uploaded), ("announced", example.announced))
    }
    return {
        "ref": brief(example.ref or "Not recorded"),
        "theme": brief(example.theme or "Not recorded"),
        **days,
    }


def _what(due: Due) -> str:
    if isinstance(due.subject, Action):
        return brief(f"Action {due.item or 'without a ref'}")
    if isinstance(due.subject, Example):
        return brief(f"{due.item or 'No ref'}: {due.todo}")  # a ref at the end would be split
    if due.step in ("re_audit", "panel_review"):
        return f"{due.todo}, round {due.item}"
    return due.todo
