"""The tracker as it was known on a day: what lay ahead of that day is blank.

A date later than the report date has not happened yet. Plans stay: a booking, an action's due
dates, the Meetings sheet. The data rules are asked about these rows, so that no rule needs to
look at the day itself. Pure: no files, no clock.
"""

from collections.abc import Set as AbstractSet
from datetime import date
from operator import attrgetter
from typing import Any, Final, TypeVar

from mfauto.comparing import same
from mfauto.model import SHEET_OF, Action, Case, Example, ReAudit, Tracker
from mfauto.records import replace

_Row = TypeVar("_Row", Case, Action, ReAudit, Example)
_OfCase = TypeVar("_OfCase", Action, ReAudit, Example)

#: answers that came with a day: they carry none of their own, and nobody knew them before it
_CAME_WITH: Final = {
    (Case, "moderation_completed"): "moderated_grade",
    (Action, "completed"): "status",
    (ReAudit, "audited"): "grade",
}
#: a case whose audit lies ahead is left out as a whole, so its Audit date is never blanked
_WHOLE: Final = (Case, "audited")
_DAYS: Final = {
    kind: tuple(
        column.field
        for column in sheet.columns
        if column.kind == "date" and (kind, column.field) != _WHOLE
    )
    for kind, sheet in SHEET_OF.items()
}


def not_yet(tracker: Tracker, repeated: AbstractSet[str], day: date) -> tuple[Case, ...]:
    """Give the cases whose audit lay ahead: they did not exist yet.

    A ref that is among the `repeated` is no case at all, whatever the day.
    """
    return tuple(
        case
        for case in tracker.cases
        if case.audited and case.audited > day and case.ref and same(case.ref) not in repeated
    )


def known_by(tracker: Tracker, later: tuple[Case, ...], day: date) -> Tracker:
    """Give the tracker as it was known on `day`, without the `later` cases and their rows."""
    gone = {same(case.ref) for case in later if case.ref}
    cases = tracker.cases
    if gone:
        cases = tuple(case for case in cases if not case.ref or same(case.ref) not in gone)
    known: dict[str, Any] = {
        "cases": _seen(cases, day),
        "actions": _seen(_without(tracker.actions, gone), day),
        "reaudits": _seen(_without(tracker.reaudits, gone), day),
        "examples": _seen(_without(tracker.examples, gone), day),
    }
    changed = {name: rows for name, rows in known.items() if rows is not getattr(tracker, name)}
    return replace(tracker, **changed) if changed else tracker


def _without(rows: tuple[_OfCase, ...], gone: AbstractSet[str]) -> tuple[_OfCase, ...]:
    if not gone:
        return rows
    return tuple(row for row in rows if not row.case_ref or same(row.case_ref) not in gone)


def _seen(rows: tuple[_Row, ...], day: date) -> tuple[_Row, ...]:
    """Give the rows with what lay ahead blanked; the very same rows where nothing did."""
    kind: type[_Row] | None = type(rows[0]) if rows else None
    ahead = [field for field in _DAYS[kind] if _latest(rows, field) > day] if kind else []
    return tuple(_blanked(row, ahead, day) for row in rows) if ahead else rows


def _latest(rows: tuple[_Row, ...], field: str) -> date:
    return max(filter(None, map(attrgetter(field), rows)), default=date.min)


def _blanked(row: _Row, fields: list[str], day: date) -> _Row:
    blank: dict[str, Any] = {}
    for field in fields:
        value = getattr(row, field)
        if value is not None and value > day:
            blank[field] = None
            companion = _CAME_WITH.get((type(row), field))
            if companion:
                blank[companion] = None
    return replace(row, **blank) if blank else row
