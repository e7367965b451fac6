"""The heart: every obligation of a tracker, and where each case stands.

Everything is worked out for a report date, purely: no files, no clock. The
steps come from `steps`, the data findings from `rules`.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from datetime import date
from itertools import chain
from typing import Final

from mfauto import columns
from mfauto.comparing import same
from mfauto.model import (
    SHEET_OF,
    Action,
    Case,
    Counts,
    Due,
    Example,
    Excluded,
    Finding,
    Position,
    ReAudit,
    Review,
    Tracker,
)
from mfauto.policy import Policy
from mfauto.rules import check
from mfauto.standing import (
    IN_PROCESS,
    INADEQUATE,
    OUTSTANDING,
    Relations,
    Standing,
    unusable,
)
from mfauto.steps import BEFORE, NEXT_PANEL, ON, ORDER, STEP, STEPS, Step, example_start, left_to_do
from mfauto.wording import day_words, days_words

__all__ = ["STEP", "STEPS", "Obligations", "obligations", "review"]

STAGES: Final = (
    "Identified",
    "Moderation",
    "Booking",
    "Awaiting meeting",
    "Improving",
    "Awaiting panel",
    "Leaving",
    "Sharing practice",
    "Closed",
    "Outside process",
)
RAGS: Final = ("Red", "Amber", "Green", "Complete", "Outside")
_DONE: Final = ("Complete", "Cancelled")
Fields = tuple[tuple[str, bool], ...]  #: fields, each with whether it holds a day that has come


def _fields(sheet: columns.Sheet, names: tuple[str, ...]) -> Fields:
    return tuple((name, sheet.column(name).kind == "date") for name in names)


_CASE_STEPS: Final = {
    grade: tuple(
        (
            step,
            _fields(
                columns.CASES,
                step.records + (step.if_inadequate if grade == INADEQUATE else ()),
            ),
        )
        for step in STEPS
        if step.of == "case" and step.grade in (None, grade)
    )
    for grade in IN_PROCESS
}  #: by grade: each step with the fields that end it
_EXAMPLE_STEPS: Final = tuple(step for step in STEPS if step.of == "example")
_DAYS_OF: Final = {step.id: _fields(columns.EXAMPLES, step.records) for step in _EXAMPLE_STEPS}
_LATER_ROUNDS: Final = "C15"  # the clause of the second re-audit and on


def review(tracker: Tracker, policy: Policy, as_at: date) -> Review:
    """Say everything there is to say about `tracker` at `as_at`: findings and positions.

    A row that is in no figure stands under `excluded` with its reason.
    """
    relations = Relations(tracker)
    standings, excluded = stand(tracker, relations, as_at)
    duties = Obligations(policy, relations)
    open_of = [list(duties.of(standing, only_open=True)) for standing in standings]
    by_ref = {same(standing.ref): standing for standing in standings}
    busy = {same(dues[0].case.ref or "") for dues in open_of if dues}
    data = check(tracker, relations, by_ref, busy, policy, as_at)
    faulty: dict[int | None, set[str | None]] = defaultdict(set)
    for finding in data:
        if finding.level == "error":
            faulty[finding.row].add(finding.sheet)
    soon = policy.limits["due_soon"].after(as_at, policy.workdays)
    findings = list(data)
    positions = []
    for standing, dues in zip(standings, open_of, strict=True):
        findings += [_finding(due, tracker, as_at) for due in dues if due.on <= soon]
        positions.append(
            _position(
                standing, dues, tracker, as_at, soon, faulty=_has_error(standing, tracker, faulty)
            )
        )
    levels = Counter(finding.level for finding in findings)
    outside = sum(position.rag == "Outside" for position in positions)
    return Review(
        tracker=tracker,
        as_at=as_at,
        findings=tuple(_in_order(findings, tracker)),
        positions=tuple(positions),
        excluded=tuple(excluded),
        open=tuple(chain.from_iterable(open_of)),
        counts=Counts(
            rows_read=len(tracker.cases),
            cases=len(positions) - outside,
            outside=outside,
            excluded=len(excluded),
            error=levels["error"],
            query=levels["query"],
            overdue=levels["overdue"],
            due_soon=levels["due_soon"],
        ),
    )


def obligations(tracker: Tracker, policy: Policy, as_at: date) -> Iterator[Due]:
    """Give every obligation whose clock had started by `as_at`, also those that are done."""
    relations = Relations(tracker)
    standings, _ = stand(tracker, relations, as_at)
    duties = Obligations(policy, relations)
    for standing in standings:
        yield from duties.of(standing)


def stand(
    tracker: Tracker, relations: Relations, as_at: date
) -> tuple[list[Standing], list[Excluded]]:
    """Part the rows of Cases into those that count at `as_at` and those that cannot."""
    standings: list[Standing] = []
    excluded: list[Excluded] = []
    for case in tracker.cases:
        reason = unusable(case, relations, as_at)
        if reason is None:
            standings.append(Standing(case, relations, as_at))
        else:
            excluded.append(Excluded(row=case.row, place=case.place, case=case.ref, reason=reason))
    return standings, excluded


class Obligations:
    """Works out the obligations of one case after another, under one policy."""

    def __init__(self, policy: Policy, relations: Relations) -> None:
        self.policy = policy
        self.relations = relations
        self._known: dict[tuple[str, date], date] = {}

    def of(self, standing: Standing, *, only_open: bool = False) -> Iterator[Due]:
        """Give each obligation of a case whose clock has started, in the process's order.

        Most are done: with `only_open` they are passed over before their due day is worked out.
        """
        if standing.grade in IN_PROCESS:
            yield from self._of_case(standing, only_open=only_open)
        if standing.grade == INADEQUATE:
            yield from (due for due in self._of_rounds(standing) if not (only_open and due.done))
        if standing.grade in IN_PROCESS:
            yield from (due for due in self._of_examples(standing) if not (only_open and due.done))
        if standing.action_exists():
            yield from _of_actions(standing, only_open=only_open)

    def _of_case(self, standing: Standing, *, only_open: bool) -> Iterator[Due]:
        case = standing.case
        for step, fields in _CASE_STEPS[standing.grade]:
            start = step.starts(standing) if step.starts else None
            if start is None:
                continue
            left, done_on = _ended(case, fields, standing.as_at)
            done = not left and (step.also is None or step.also(standing))
            if not done and step.over and step.over(standing):
                done, done_on = True, None
            if only_open and done:
                continue
            named = standing.passing if step.owner == ("reauditor",) else case
            yield Due(
                step=step.id,
                clause=step.clause,
                case=case,
                subject=case,
                item=None,
                owner=self._owner(step, named or case),
                start=start,
                on=self._on(step, start),
                todo=left_to_do(step, left),
                left=() if done else left,
                done=done,
                done_on=done_on if done else None,
            )

    def _of_rounds(self, standing: Standing) -> Iterator[Due]:
        step = STEP["re_audit"]
        for opened in standing.rounds(self.policy.reaudit_from):
            held = standing.seen(opened.row.audited) if opened.row else None
            yield Due(
                step=step.id,
                clause=step.clause if opened.number == 1 else _LATER_ROUNDS,
                case=standing.case,
                subject=opened.row,
                item=opened.number,
                owner=self._owner(step, standing.case),
                start=opened.start,
                on=self._on(step, opened.start),
                todo=step.todo,
                left=("audited",) if opened.row and held is None else (),
                done=held is not None,
                done_on=held,
            )
        step = STEP["panel_review"]
        for reaudit in standing.reaudits:
            held = standing.seen(reaudit.audited)
            if held is not None and reaudit.grade:
                shared = standing.seen(reaudit.panel_held)
                yield Due(
                    step=step.id,
                    clause=step.clause,
                    case=standing.case,
                    subject=reaudit,
                    item=reaudit.round,
                    owner=self._owner(step, reaudit),
                    start=held,
                    on=self._on(step, held),
                    todo=step.todo,
                    left=() if shared else ("panel_held",),
                    done=shared is not None,
                    done_on=shared,
                )

    def _of_examples(self, standing: Standing) -> Iterator[Due]:
        for example in standing.examples:
            for step in _EXAMPLE_STEPS:
                start = example_start(step, standing, example)
                if start is None:
                    continue
                left, done_on = _ended(example, _DAYS_OF[step.id], standing.as_at)
                yield Due(
                    step=step.id,
                    clause=step.clause,
                    case=standing.case,
                    subject=example,
                    item=example.ref,
                    owner=self._owner(step, example),
                    start=start,
                    on=self._on(step, start),
                    todo=step.todo,
                    left=left,
                    done=not left,
                    done_on=done_on,
                )

    def _on(self, step: Step, start: date) -> date:
        """Give the last day in time; many cases share the days they start on."""
        known = self._known.get((step.id, start))
        if known is None:
            known = self._known[step.id, start] = self._worked_out(step, start)
        return known

    def _worked_out(self, step: Step, start: date) -> date:
        if step.due == ON:
            return start
        limit = self.policy.limits[step.id]
        if step.due == BEFORE:
            return limit.before(start, self.policy.workdays)
        if step.due == NEXT_PANEL:
            panel = self.relations.next_panel(start)
            if panel is not None:
                return panel
        return limit.after(start, self.policy.workdays)

    def _owner(self, step: Step, subject: Case | ReAudit | Example) -> str:
        for field in step.owner:
            name: str | None = getattr(subject, field)
            if name:
                return name
        return step.role if step.owner else self.relations.holder(step.role)


def _of_actions(standing: Standing, *, only_open: bool) -> Iterator[Due]:
    for action in standing.actions:
        if action.due is None:
            continue
        completed = standing.seen(action.completed)
        done = completed is not None or (action.completed is None and action.status in _DONE)
        if only_open and done:
            continue
        yield Due(
            step="action",
            clause=STEP["action"].clause,
            case=standing.case,
            subject=action,
            item=action.ref,
            owner=action.owner,
            start=None,
            on=action.due,
            todo=STEP["action"].todo,
            left=() if done else ("completed",),
            done=done,
            done_on=completed,
        )


def _ended(
    subject: Case | Example, fields: Fields, as_at: date
) -> tuple[tuple[str, ...], date | None]:
    """Give the fields not filled by then; where none is left, the last day that ended the step.

    Text and lists carry no date: where they are filled, they count at any report date.
    """
    left: tuple[str, ...] = ()
    last: date | None = None
    for field, happens in fields:
        value = getattr(subject, field)
        if value is None or (happens and value > as_at):
            left += (field,)
        elif happens and (last is None or value > last):
            last = value
    return left, None if left else last


def _stage(standing: Standing, *, any_open: bool) -> str:
    if standing.grade == INADEQUATE:
        if standing.passing:
            return "Leaving" if any_open else "Closed"
        if any(
            standing.seen(reaudit.audited) and not standing.seen(reaudit.panel_held)
            for reaudit in standing.reaudits
        ):
            return "Awaiting panel"
        if standing.meeting_held:
            return "Improving"
    elif standing.grade == OUTSTANDING:
        if standing.meeting_held:
            return "Sharing practice" if any_open else "Closed"
    else:
        return "Outside process"
    if standing.booked:
        return "Awaiting meeting"
    if standing.moderation_completed:
        return "Booking"
    return "Moderation" if standing.seen(standing.case.qa_notified) else "Identified"


def _position(
    standing: Standing,
    dues: list[Due],
    tracker: Tracker,
    as_at: date,
    soon: date,
    *,
    faulty: bool,
) -> Position:
    stage = _stage(standing, any_open=bool(dues))
    following = min(dues, key=lambda due: (due.on, ORDER[due.step]), default=None)
    if stage == "Outside process":
        rag = "Outside"
    elif following and following.on < as_at:
        rag = "Red"
    elif faulty or (following and following.on <= soon):
        rag = "Amber"
    else:
        rag = "Complete" if stage == "Closed" else "Green"
    return Position(
        case=standing.ref,
        grade=standing.grade,
        stage=stage,
        rag=rag,
        next_step=following.step if following else None,
        due=following.on if following else None,
        row=standing.case.row,
        place=standing.case.place,
        todo=_todo(following, tracker) if following else None,
    )


def _todo(due: Due, tracker: Tracker) -> str:
    """Say what is left to do of a case's next step, or that nobody can tell."""
    doubt = unjudged(due, tracker)
    return f"{due.todo} (cannot be judged, {doubt})" if doubt else due.todo


def _has_error(
    standing: Standing, tracker: Tracker, faulty: Mapping[int | None, AbstractSet[str | None]]
) -> bool:
    for row in standing.rows():
        if row.row in faulty and tracker.sheet(row) in faulty[row.row]:
            return True
    return False


def _finding(due: Due, tracker: Tracker, as_at: date) -> Finding:
    step = STEP[due.step]
    subject = due.subject or due.case
    sheet = SHEET_OF[type(subject)]
    late = (as_at - due.on).days
    overdue = late > 0
    slipped = subject.slipped_from if isinstance(subject, Action) else None
    doubt = unjudged(due, tracker)
    words = f"slipped from {day_words(slipped)}, " if slipped else ""
    words += f"{days_words(late)} overdue" if overdue else "due soon"
    return Finding(
        rule=step.rule,
        level="overdue" if overdue else "due_soon",
        clause=due.clause,
        step=due.step,
        sheet=tracker.sheet(subject),
        row=subject.row,
        column=sheet.column(due.unfilled).heading if due.unfilled else None,
        cell=tracker.cell(subject, due.unfilled),
        case=due.case.ref,
        item=due.item,
        owner=due.owner,
        value=None,
        message=f"{step.title if overdue else due.todo}: due {day_words(due.on)}, {words}."
        + (f" Cannot be judged: {doubt}." if doubt else ""),
        fix=step.put_right,
        start=due.start,
        due=due.on,
        days_overdue=late if overdue else None,
        todo=due.todo,
        slipped_from=slipped,
        unjudged=doubt,
    )


def unjudged(due: Due, tracker: Tracker) -> str | None:
    """Say why nobody can tell whether a step is done: its heading is not there.

    Such a step counts as open, as with any blank; only its wording differs. None where a cell
    that is there is still to fill: then it is open in any case.
    """
    subject = due.subject or due.case
    place = tracker.place(subject)
    if not due.left or place is None or not set(due.left) <= set(place.absent):
        return None
    heading = SHEET_OF[type(subject)].column(due.left[0]).heading
    return f'there is no heading "{heading}"'


def _in_order(findings: list[Finding], tracker: Tracker) -> list[Finding]:
    names = (place.name for sheet in columns.SHEETS for place in tracker.places.get(sheet.name, ()))
    order = {name: number for number, name in enumerate(dict.fromkeys(names))}
    return sorted(
        findings,
        key=lambda finding: (order.get(finding.sheet or "", len(order)), finding.row or 0),
    )
