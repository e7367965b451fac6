"""The data rules: what in the tracker is blank, unknown, impossible or in doubt.

`check` finds; it repairs nothing and opens no file. What it says of a cell is
one finding, with the cell's address, what was found, why it matters and the fix.
"""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from datetime import date, datetime
from itertools import chain
from operator import attrgetter
from typing import Final

from mfauto.addresses import letters
from mfauto.catalogue import RULES, Fault, Rule, Scope, across, cases, cells, rows
from mfauto.columns import ACTIONS, CASES, EXAMPLES, MEETINGS, PEOPLE, REAUDITS, SHEETS
from mfauto.comparing import likeness
from mfauto.happened import known_by, not_yet
from mfauto.model import (
    SHEET_OF,
    Action,
    Case,
    Example,
    Finding,
    Flaw,
    Place,
    ReAudit,
    Record,
    Tracker,
)
from mfauto.policy import Policy
from mfauto.records import replace
from mfauto.standing import Relations, Standing
from mfauto.steps import STEPS
from mfauto.wording import day_words, listed

__all__ = ["RULES", "Rule", "across", "cases", "cells", "check", "rows"]

_BY_KIND: Final = {rule.kind: rule for rule in RULES.values() if rule.kind}
_BY_RECORD: Final = {
    # Each rule with what gets the field it wants blank, and the fields it reads: always several,
    # so always a tuple.
    kind: tuple(
        (
            rule,
            rule.fault,
            attrgetter(rule.blank) if rule.blank else None,
            attrgetter(*rule.reads, rule.reads[0]),
            rule.field,
        )
        for rule in RULES.values()
        if rule.of is kind and rule.fault
    )
    for kind in SHEET_OF
}
#: the same without those that only want two days in their order; in most rows all days are
_UNORDERED: Final = {
    kind: tuple(one for one in rules if not one[0].orders) for kind, rules in _BY_RECORD.items()
}
_ACROSS: Final = tuple(rule for rule in RULES.values() if rule.faults)


def _laters(kind: type) -> dict[str, list[str]]:
    """Give the fields whose days must not come before that of another, by the other's field."""
    found: dict[str, list[str]] = {}
    for rule, *_ in _BY_RECORD[kind]:
        if rule.orders:
            earlier, later = rule.orders
            found.setdefault(earlier, []).append(later)
    return found


#: by record: what gets each day, with what gets the days that must not come before it
_ORDERS: Final = {
    kind: tuple(
        (attrgetter(earlier), tuple(map(attrgetter, laters)))
        for earlier, laters in _laters(kind).items()
    )
    for kind in SHEET_OF
}
_NONE: Final[AbstractSet[str]] = frozenset()
_NAMED: Final = 4  # unused headings that are named beside a missing one
_SHOWN: Final = 120  # characters of a cell that a finding repeats


def check(
    tracker: Tracker,
    relations: Relations,
    standings: Mapping[str, Standing],
    busy: AbstractSet[str],
    policy: Policy,
    as_at: date,
) -> list[Finding]:
    """Ask every rule about every row; give what they find, with cell and fix."""
    recent = policy.limits["untouched"].reaching(as_at, policy.workdays)
    later = not_yet(tracker, relations.repeated, as_at)
    known = known_by(tracker, later, as_at)
    if known is not tracker:
        relations = Relations(known)
    scope = Scope(known, relations, later, standings, busy, policy, recent)
    found = list(_absent(tracker))
    for record in _records(tracker):
        if record.flaws:
            found += [_flaw_finding(record, flaw, tracker) for flaw in record.flaws]
    for rule, fault in chain(_of_rows(scope), _of_tracker(scope)):
        found.append(_finding(rule, fault, tracker))
    return found


def _of_rows(scope: Scope) -> Iterator[tuple[Rule, Fault]]:
    """Ask about every row. A cell whose heading is missing has been reported with its heading."""
    absent = dict(_absent_fields(scope.tracker))
    for record in _records(scope.tracker):
        unreadable = absent.get((type(record), record.place), _NONE) if absent else _NONE
        if record.flaws:
            unreadable = unreadable | {flaw.field for flaw in record.flaws if flaw.unreadable}
        asked = _UNORDERED if _in_order(record) else _BY_RECORD
        for rule, fault, blank, read, field in asked[type(record)]:
            if blank and blank(record) is not None:
                continue
            if None in read(record):
                continue
            if unreadable and (field in unreadable or rule.blank in unreadable):
                continue
            if fault(record, scope):
                yield rule, Fault(record=record, field=field)


def _absent_fields(tracker: Tracker) -> Iterator[tuple[tuple[type, int], AbstractSet[str]]]:
    for kind, sheet in SHEET_OF.items():
        typed = {column.field for column in sheet.columns if column.kind != "auto"}
        for number, place in enumerate(tracker.places.get(sheet.name, ())):
            absent = typed & set(place.absent)
            if absent:
                yield (kind, number), absent


def _of_tracker(scope: Scope) -> Iterator[tuple[Rule, Fault]]:
    for rule in _ACROSS:
        if rule.faults:
            yield from ((rule, fault) for fault in rule.faults(scope))


def _records(tracker: Tracker) -> Iterator[Record]:
    return chain(
        tracker.cases,
        tracker.actions,
        tracker.reaudits,
        tracker.examples,
        tracker.meetings,
        tracker.people,
    )


def _in_order(record: Record) -> bool:
    """Say whether all days of a row that have an order stand in it."""
    for earlier, laters in _ORDERS[type(record)]:
        first = earlier(record)
        if first is not None:
            for later in laters:
                day = later(record)
                if day is not None and day < first:
                    return False
    return True


def _absent(tracker: Tracker) -> Iterator[Finding]:
    for sheet in SHEETS:
        if sheet.name not in tracker.places:
            yield _of_sheet("absent_sheet", sheet.name, None, f'There is no sheet "{sheet.name}".')
        for place in tracker.places.get(sheet.name, ()):
            for column in sheet.columns:
                waiting = _DECIDES[sheet.name].get(column.field)
                if column.field in place.absent and waiting:
                    said = f'Sheet "{place.name}" has no heading "{column.heading}".'
                    if place.unused:
                        said += f" Not used: {_unused(column.heading, place)}."
                    said += f" Cannot be judged: {listed(waiting)}."
                    found = _of_sheet("absent_heading", place.name, place.header, said)
                    yield replace(found, column=column.heading, clause=column.clause)
    for own, name in tracker.unread:
        said = f'Sheet "{own}" looks like {name}, and is not read.'
        yield _of_sheet("unread_sheet", own, None, said)


def _unused(heading: str, place: Place) -> str:
    """Name the headings that may stand for a missing one, the likeliest first."""
    near = sorted(place.unused, key=lambda number: -likeness(heading, place.unused[number]))
    named = [f'"{_shown(place.unused[number])}" (column {letters(number)})' for number in near]
    more = [f"{len(named) - _NAMED} more"] if len(named) > _NAMED else []
    return listed([*named[:_NAMED], *more])


def _of_sheet(kind: str, sheet: str, row: int | None, said: str) -> Finding:
    rule = _BY_KIND[kind]
    return Finding(
        rule=rule.code,
        level=rule.level,
        clause=rule.clause,
        step=None,
        sheet=sheet,
        row=row,
        column=None,
        cell=None,
        case=None,
        item=None,
        owner=None,
        value=None,
        message=said,
        fix=rule.put_right,
    )


def _finding(rule: Rule, fault: Fault, tracker: Tracker) -> Finding:
    record, field = fault.record, fault.field
    sheet = SHEET_OF[type(record)]
    value = _typed(record, field) if field else None
    case, item = _reference(record)
    return Finding(
        rule=rule.code,
        level=rule.level,
        clause=rule.clause,
        step=None,
        sheet=tracker.sheet(record),
        row=record.row,
        column=sheet.column(field).heading if field else None,
        cell=tracker.cell(record, field),
        case=case,
        item=item,
        owner=None,
        value=None if value is None else _value(value),
        message=f"{rule.title}. {fault.said}" if fault.said else f"{rule.title}.",
        fix=rule.put_right,
    )


def _flaw_finding(record: Record, flaw: Flaw, tracker: Tracker) -> Finding:
    rule = _BY_KIND["unknown_value" if _grade_needed(record, flaw) else flaw.kind]
    title = rule.title if rule.title.startswith("Excel") else rule.title[0].lower() + rule.title[1:]
    said = f'"{_words(flaw.shown)}": {title}'
    if flaw.proposal:
        said += f"; did you mean {flaw.proposal}?"
    else:
        said += "."
    if flaw.unreadable:
        waiting = _DECIDES[SHEET_OF[type(record)].name].get(flaw.field)
        if waiting:
            said += f" Cannot be judged: {listed(waiting)}."
    finding = _finding(rule, Fault(record=record, field=flaw.field, said=None), tracker)
    column = SHEET_OF[type(record)].column(flaw.field)
    return replace(
        finding, value=_value(flaw.shown), message=said, clause=rule.clause or column.clause
    )


def _grade_needed(record: Record, flaw: Flaw) -> bool:
    """Say whether an unclear answer stands in a grade that the row cannot do without."""
    if flaw.kind != "unclear_answer":
        return False
    if isinstance(record, ReAudit):
        return flaw.field == "grade" and record.audited is not None
    return isinstance(record, Case) and flaw.field == "audit_grade"


def _typed(record: Record, field: str) -> object:
    """Give what a cell says: where a day was typed as text, that text."""
    value: object = getattr(record, field)
    if isinstance(value, date):
        return next((flaw.shown for flaw in record.flaws if flaw.field == field), value)
    return value


def _value(value: object) -> str:
    """Give what a cell says for another program: text as typed, a real date as ISO has it."""
    return _shown(value.isoformat() if isinstance(value, date) else str(value))


def _words(shown: str | date) -> str:
    """Give what a cell shows as people read it; a year before 1000 keeps its four digits."""
    if not isinstance(shown, date):
        return _shown(shown)
    said = day_words(shown).removesuffix(str(shown.year)) + f"{shown.year:04d}"
    return f"{said} {shown:%H:%M}" if isinstance(shown, datetime) else said


def _reference(record: Record) -> tuple[str | None, str | int | None]:
    if isinstance(record, Case):
        return record.ref, None
    if isinstance(record, ReAudit):
        return record.case_ref, record.round
    if isinstance(record, Action | Example):
        return record.case_ref, record.ref
    return None, None


def _shown(text: str) -> str:
    """Give what a finding repeats of a cell: on one line, not too long, nothing invisible."""
    plain = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return plain if len(plain) <= _SHOWN else plain[: _SHOWN - 1] + "…"


def _decides() -> dict[str, dict[str, list[str]]]:
    """Give, for each sheet and field, the steps that cannot be judged without it."""
    decides: dict[str, dict[str, list[str]]] = {sheet.name: {} for sheet in SHEETS}
    everything = ["the whole row"]
    decides[CASES.name] |= dict.fromkeys(("ref", "audited", "audit_grade"), everything)
    for sheet in (ACTIONS, REAUDITS, EXAMPLES):
        decides[sheet.name]["case_ref"] = everything
    decides[REAUDITS.name] |= {"round": everything, "grade": ["whether the case has left"]}
    decides[MEETINGS.name] |= {key: ["the panel's day"] for key in ("held", "type")}
    decides[PEOPLE.name] |= {key: ["who is to be told"] for key in ("name", "role", "email")}
    decides[CASES.name]["moderated_grade"] = ["which grade counts"]
    decides[ACTIONS.name] |= {key: ["the action"] for key in ("due", "status", "completed")}
    decides[ACTIONS.name]["owner"] = ["who is to be told"]
    sheet_of = {"case": CASES, "round": REAUDITS, "example": EXAMPLES, "action": ACTIONS}
    by_heading = {
        (sheet.name, column.heading): column.field for sheet in SHEETS for column in sheet.columns
    }
    for step in STEPS:
        if step.of == "action":
            continue
        sheet = sheet_of[step.of]
        start = by_heading.get((sheet.name, step.start_name)) or "meeting_held"
        home = sheet if (sheet.name, step.start_name) in by_heading else CASES
        name = step.id.replace("_", " ")
        for where, field in ((home, start), *((sheet, field) for field in step.records)):
            known = decides[where.name].setdefault(field, [])
            if known is not everything and name not in known:
                known.append(name)
    return decides


_DECIDES: Final = _decides()
