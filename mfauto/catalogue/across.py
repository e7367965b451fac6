"""The rules that look at several rows or sheets: repeated, unknown, unmatched."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain
from operator import attrgetter
from typing import Final

from mfauto.catalogue import ERROR, QUERY, SETTLED, SLIPPED, Fault, Scope, of_tracker
from mfauto.columns import PEOPLE
from mfauto.comparing import compared, each_compared, same
from mfauto.model import SHEET_OF, Action, Case, Example, Person, ReAudit, Record, Tracker
from mfauto.patterns import pattern
from mfauto.standing import in_rounds
from mfauto.wording import day_words, listed

_TWO_NAMES: Final = pattern(r"[/;&\n+]|,|\band\b", re.IGNORECASE)
_REVIEWERS: Final = ("Head of Service", "Service Manager")
_REAUDITORS: Final = ("Service Manager", "QA Team Manager")


def _blank(records: Iterable[Record], field: str) -> Iterator[Fault]:
    for record in records:
        if getattr(record, field) is None and not _reported(record, field):
            yield Fault(record=record, field=field)


def _reported(record: Record, field: str) -> bool:
    """Say whether the cell has been reported already as one that cannot be read."""
    return any(flaw.field == field and flaw.unreadable for flaw in record.flaws)


@of_tracker(
    "MF020",
    clause="C12",
    level=ERROR,
    title="Row without a Case ref",
    why="Without a ref nothing can be said of the row, so it is in no figure.",
    put_right="Enter the Case ref, or clear the row.",
)
def _no_ref(scope: Scope) -> Iterator[Fault]:
    yield from _blank(scope.tracker.cases, "ref")


@of_tracker(
    "MF021",
    clause="C01",
    level=ERROR,
    title="Case without an Audit date",
    why="Every clock starts from the audit, so the row is in no figure.",
    put_right="Enter the Audit date.",
)
def _no_audit_date(scope: Scope) -> Iterator[Fault]:
    yield from _blank(scope.tracker.cases, "audited")


@of_tracker(
    "MF022",
    clause="C01",
    level=ERROR,
    title="Case without an Audit grade",
    why="Without a grade nobody knows whether the case is in the process, so it is in no figure.",
    put_right="Choose the Audit grade from the list.",
)
def _no_audit_grade(scope: Scope) -> Iterator[Fault]:
    yield from _blank(scope.tracker.cases, "audit_grade")


@of_tracker(
    "MF026",
    clause="C12",
    level=ERROR,
    title="Row without a Case ref",
    why="Nobody can tell which case the row belongs to, so it is not chased.",
    put_right="Enter the Case ref as it is on Cases.",
)
def _no_case_ref(scope: Scope) -> Iterator[Fault]:
    yield from _blank(_of_cases(scope), "case_ref")


def _of_cases(scope: Scope) -> Iterator[Action | ReAudit | Example]:
    yield from scope.tracker.actions
    yield from scope.tracker.reaudits
    yield from scope.tracker.examples


def _rows_of(scope: Scope, keys: AbstractSet[str]) -> Iterator[Action | ReAudit | Example]:
    """Give the rows of these cases, by compared ref."""
    for key in keys:
        yield from scope.relations.rows(key)


def _repeated(
    tracker: Tracker, records: Sequence[Case] | Sequence[Action] | Sequence[Example]
) -> Iterator[Fault]:
    refs = each_compared([record.ref for record in records if record.ref])
    if len(set(refs)) == len(refs):
        return
    rows: dict[str, list[Case | Action | Example]] = defaultdict(list)
    for record in records:
        if record.ref:
            rows[compared(record.ref)].append(record)
    for found in rows.values():
        for record in found[1:] and found:
            others = [_place(tracker, other) for other in found if other is not record]
            said = f"The same ref is used in {listed(others)} as well."
            yield Fault(record=record, field="ref", said=said)


def _place(tracker: Tracker, record: Record) -> str:
    return tracker.cell(record, "ref") or f"{tracker.sheet(record)} row {record.row}"


@of_tracker(
    "MF023",
    clause="C12",
    level=ERROR,
    title="Case ref is used more than once",
    why="Nobody can tell which row is meant, so none of them is in any figure.",
    put_right="Give each case its own ref, or clear the row that is not needed.",
)
def _case_twice(scope: Scope) -> Iterator[Fault]:
    yield from _repeated(scope.tracker, scope.tracker.cases)


@of_tracker(
    "MF024",
    clause="C07",
    level=ERROR,
    title="Action ref is used more than once",
    why="Nobody can tell which action is meant.",
    put_right="Give each action its own ref.",
)
def _action_twice(scope: Scope) -> Iterator[Fault]:
    yield from _repeated(scope.tracker, scope.tracker.actions)


@of_tracker(
    "MF025",
    clause="C10",
    level=ERROR,
    title="Example ref is used more than once",
    why="Nobody can tell which example is meant.",
    put_right="Give each example its own ref.",
)
def _example_twice(scope: Scope) -> Iterator[Fault]:
    yield from _repeated(scope.tracker, scope.tracker.examples)


@of_tracker(
    "MF027",
    clause="C12",
    level=ERROR,
    title="Case ref not found on Cases",
    why="The row belongs to no case, so it is not chased.",
    put_right="Correct the Case ref, or enter the case on Cases.",
)
def _unknown_case(scope: Scope) -> Iterator[Fault]:
    relations = scope.relations
    known = {*relations.actions, *relations.reaudits, *relations.examples}
    for row in _rows_of(scope, known - relations.refs):
        yield Fault(record=row, field="case_ref")


@of_tracker(
    "MF028",
    clause="C12",
    level=ERROR,
    title="The row's case is left out",
    why="Its row on Cases cannot be used, so this row cannot be judged either.",
    put_right="Put the case's row on Cases right first.",
)
def _case_left_out(scope: Scope) -> Iterator[Fault]:
    for row in _rows_of(scope, scope.relations.refs - scope.standings.keys()):
        yield Fault(record=row, field="case_ref")


@of_tracker(
    "MF029",
    clause="C01",
    level=QUERY,
    title="Audit date after the report date",
    why="The case does not exist yet at the report date, so it is in no figure.",
    put_right="Correct the year if the audit has already taken place.",
    asks=False,
)
def _audited_later(scope: Scope) -> Iterator[Fault]:
    yield from (Fault(record=case, field="audited") for case in scope.later)


@of_tracker(
    SLIPPED,
    clause="C07",
    level=QUERY,
    title="Action has slipped",
    why="It was put off. Each time moves the case's way out of Inadequate further away.",
    put_right="Ask whether the owner needs more support. Nothing needs to be entered.",
    asks=False,
)
def _slipped(scope: Scope) -> Iterator[Fault]:
    for action in scope.tracker.actions:
        still_open = action.completed is None and action.status not in SETTLED
        if action.slipped_from and still_open:
            said = f"It was first due on {day_words(action.slipped_from)}."
            yield Fault(record=action, field="due", said=said)


@of_tracker(
    "MF042",
    clause="C15",
    level=ERROR,
    title="Round entered twice",
    why="A case has one re-audit in each round.",
    put_right="Correct the Round of one of the two rows.",
)
def _round_twice(scope: Scope) -> Iterator[Fault]:
    for rows in scope.relations.reaudits.values():
        numbers = [row.round for row in rows]
        for row in rows:
            if row.round and numbers.count(row.round) > 1:
                yield Fault(record=row, field="round")


@of_tracker(
    "MF043",
    clause="C15",
    level=ERROR,
    title="Round skipped",
    why="The round before it is missing, so this one cannot be placed.",
    put_right="Enter the missing round, or correct the Round.",
)
def _round_skipped(scope: Scope) -> Iterator[Fault]:
    for rows in scope.relations.reaudits.values():
        numbers = {row.round for row in rows}
        for row in rows:
            if row.round and row.round > 1 and row.round - 1 not in numbers:
                yield Fault(record=row, field="round")


@of_tracker(
    "MF038",
    clause="C13",
    level=ERROR,
    title="Re-audit before what it follows",
    why="A re-audit comes after the audit, after the meeting, and after the round before it.",
    put_right="Correct the Re-audit date, or the Round.",
)
def _reaudit_early(scope: Scope) -> Iterator[Fault]:
    for key, rows in scope.relations.reaudits.items():
        standing = scope.standings.get(key)
        if standing is None:
            continue
        last = max(standing.audited, standing.meeting_held or standing.audited)
        name = "the meeting" if last == standing.meeting_held else "the audit"
        for row in in_rounds(rows):
            if row.audited:
                if row.audited < last:
                    said = f"The re-audit is dated before {name} of {day_words(last)}."
                    yield Fault(record=row, field="audited", said=said)
                last, name = row.audited, "the re-audit of the round before,"


def _unknown_names(scope: Scope) -> Iterator[tuple[Record, str, str]]:
    """Give each cell with a name that is not on People: the record, the field and the name."""
    people = _by_name(scope)
    for records in (scope.tracker.cases, scope.tracker.actions, scope.tracker.reaudits):
        for field in _PERSON_FIELDS[type(records[0])] if records else ():
            # The same few names stand in every row: each is looked up once.
            names = set(map(attrgetter(field), records))
            unknown = {name for name in names if name and same(name) not in people}
            for record in records if unknown else ():
                name = getattr(record, field)
                if name in unknown:
                    yield record, field, name


_PERSON_FIELDS: Final = {
    kind: tuple(column.field for column in sheet.columns if column.kind == "person")
    for kind, sheet in SHEET_OF.items()
}


def _by_name(scope: Scope) -> dict[str, list[Person]]:
    people: dict[str, list[Person]] = defaultdict(list)
    for person in scope.tracker.people:
        if person.name:
            people[same(person.name)].append(person)
    return people


@of_tracker(
    "MF052",
    clause="C07",
    level=QUERY,
    title="More than one name in the cell",
    why="Two owners mean that nobody is reminded. It goes to the fallback person instead.",
    put_right="Enter one name, as on People.",
)
def _two_names(scope: Scope) -> Iterator[Fault]:
    for record, field, name in _unknown_names(scope):
        if _TWO_NAMES.search(name):
            yield Fault(record=record, field=field)


@of_tracker(
    "MF059",
    clause=None,
    level=QUERY,
    title="Name not found on People",
    why="Without an entry on People this person cannot be told anything.",
    put_right="Spell the name as on People, or add the person there.",
)
def _unknown_person(scope: Scope) -> Iterator[Fault]:
    if not any(person.name for person in scope.tracker.people):
        return
    for record, field, name in _unknown_names(scope):
        if not _TWO_NAMES.search(name):
            yield Fault(record=record, field=field)


@of_tracker(
    "MF061",
    clause=None,
    level=QUERY,
    title="Name is on People more than once",
    why="Nobody can tell which of the two is meant, so neither is written to.",
    put_right="Make the names differ, or clear the row that is not needed.",
)
def _person_twice(scope: Scope) -> Iterator[Fault]:
    for found in _by_name(scope).values():
        if len(found) > 1:
            yield from (Fault(record=person, field="name") for person in found)


@of_tracker(
    "MF062",
    clause=None,
    level=QUERY,
    title="Manager not found on People",
    why="The manager cannot be told what is long overdue.",
    put_right=f"Spell the name as on {PEOPLE.name}, or add the manager there.",
)
def _unknown_manager(scope: Scope) -> Iterator[Fault]:
    people = _by_name(scope)
    for person in scope.tracker.people:
        if person.reports_to and same(person.reports_to) not in people:
            yield Fault(record=person, field="reports_to")


@of_tracker(
    "MF080",
    clause=None,
    level=QUERY,
    title="Service area not in its list",
    why="Its cases are counted apart from those of the area that was meant.",
    put_right="Choose it from the list, or add it to the list of service areas on Lists.",
)
def _unknown_area(scope: Scope) -> Iterator[Fault]:
    areas = {same(area) for area in scope.tracker.areas}
    if not areas:
        return
    records: Iterable[Case | Person] = chain(scope.tracker.cases, scope.tracker.people)
    for record in records:
        if record.service_area and same(record.service_area) not in areas:
            yield Fault(record=record, field="service_area")


def _wrong_role(
    scope: Scope, records: Iterable[Record], field: str, roles: tuple[str, ...]
) -> Iterator[Fault]:
    people = _by_name(scope)
    for record in records:
        known = people.get(same(getattr(record, field) or ""), [])
        if known and not any(person.role in roles or person.role is None for person in known):
            said = f"People has this person as {known[0].role}."
            yield Fault(record=record, field=field, said=said)


@of_tracker(
    "MF056",
    clause="C09",
    level=QUERY,
    title="Caseload reviewer with the wrong role",
    why="A Head of Service or a Service Manager completes the review.",
    put_right="Enter a Head of Service or a Service Manager, or correct the role on People.",
)
def _reviewer_role(scope: Scope) -> Iterator[Fault]:
    yield from _wrong_role(scope, scope.tracker.cases, "caseload_reviewer", _REVIEWERS)


@of_tracker(
    "MF057",
    clause="C13",
    level=QUERY,
    title="Re-auditor with the wrong role",
    why="A Service Manager or the QA Team Manager carries out the re-audit.",
    put_right="Enter a Service Manager or QA Team Manager, or correct the role on People.",
)
def _reauditor_role(scope: Scope) -> Iterator[Fault]:
    yield from _wrong_role(scope, scope.tracker.reaudits, "reauditor", _REAUDITORS)


@of_tracker(
    "MF058",
    clause="C13",
    level=QUERY,
    title="Re-auditor is the original auditor",
    why="A second pair of eyes should look at the case.",
    put_right="Ask someone else to re-audit, or correct the name.",
)
def _own_reaudit(scope: Scope) -> Iterator[Fault]:
    reaudited = scope.relations.reaudits.keys()
    auditors = {
        same(case.ref): same(case.auditor)
        for case in scope.tracker.cases
        if case.ref and case.auditor and same(case.ref) in reaudited
    }
    for row in scope.tracker.reaudits:
        auditor = auditors.get(same(row.case_ref)) if row.case_ref else None
        if row.reauditor and auditor == same(row.reauditor):
            yield Fault(record=row, field="reauditor")
