"""What has happened in a case by a day.

A date later than the report date has not happened yet, so last month's figures
can be made again from today's tracker. Plans (a booking, an action's due date,
the Meetings sheet) may lie ahead. Pure: no files, no clock.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from operator import attrgetter
from typing import Final, Protocol, TypeVar

from mfauto.columns import GRADES
from mfauto.comparing import same
from mfauto.model import SHEET_OF, Action, Case, Example, ReAudit, Tracker
from mfauto.records import record

INADEQUATE: Final = "Inadequate"
OUTSTANDING: Final = "Outstanding"
IN_PROCESS: Final = (INADEQUATE, OUTSTANDING)
PANEL_REVIEW: Final = "Panel Review"
NOT_YET: Final = "not audited yet at the report date"  #: why a row is in no figure
_DAYS: Final = {
    kind: attrgetter(*days, days[0])  # of one field alone it would give no tuple
    for kind, sheet in SHEET_OF.items()
    if (days := [column.field for column in sheet.columns if column.kind == "date"])
}  #: by record: what gets the days that its cells hold; plans are none


class _OfCase(Protocol):
    @property
    def case_ref(self) -> str | None: ...


_Row = TypeVar("_Row", bound=_OfCase)


@record(kw_only=False)
class Round:
    """One round of re-audit whose clock has started (C13, C15)."""

    number: int
    row: ReAudit | None  #: None where the round has not been entered
    start: date


class Relations:
    """A tracker's rows by their case, and who holds which role."""

    __slots__ = ("actions", "examples", "panels", "reaudits", "refs", "repeated", "roles")

    def __init__(self, tracker: Tracker) -> None:
        self.actions = _by_case(tracker.actions)
        self.reaudits = _by_case(tracker.reaudits)
        self.examples = _by_case(tracker.examples)
        self.panels: list[date] = sorted(
            meeting.held
            for meeting in tracker.meetings
            if meeting.held and meeting.type == PANEL_REVIEW
        )
        self.roles: dict[str, str] = {}  #: role to the first active person who holds it
        for person in tracker.people:
            if person.role and person.name and person.active == "Yes":
                self.roles.setdefault(person.role, person.name)
        seen: set[str] = set()
        self.repeated: set[str] = set()  #: Case refs that stand in more than one row
        for case in tracker.cases:
            if case.ref:
                key = same(case.ref)
                (self.repeated if key in seen else seen).add(key)
        self.refs = seen

    def rows(self, key: str) -> Iterator[Action | ReAudit | Example]:
        """Give a case's rows on the other sheets, by its compared ref."""
        yield from self.actions.get(key, ())
        yield from self.reaudits.get(key, ())
        yield from self.examples.get(key, ())

    def next_panel(self, after: date) -> date | None:
        """Give the first listed Panel Review strictly after a day; None where none is listed."""
        place = bisect_right(self.panels, after)
        return self.panels[place] if place < len(self.panels) else None

    def holder(self, role: str) -> str:
        """Give the first active person with `role`; the role's name where there is none."""
        return self.roles.get(role, role)


def _by_case(rows: Iterable[_Row]) -> Mapping[str, list[_Row]]:
    found: dict[str, list[_Row]] = defaultdict(list)
    for row in rows:
        if row.case_ref:
            found[same(row.case_ref)].append(row)
    return dict(found)


class Standing:
    """One usable case as at a day, with its actions, rounds and examples.

    Dates that had not come yet are None here. `audited` and `grade` are always there.
    """

    __slots__ = (
        "actions",
        "all_reaudits",
        "as_at",
        "audited",
        "booked",
        "case",
        "examples",
        "grade",
        "meeting_held",
        "moderation_completed",
        "passing",
        "reaudits",
        "ref",
    )

    def __init__(self, case: Case, relations: Relations, as_at: date) -> None:
        assert case.ref is not None  # noqa: S101 - `unusable` has been asked before
        assert case.audited is not None  # noqa: S101
        key = same(case.ref)
        self.case = case
        self.ref: str = case.ref
        self.as_at = as_at
        self.audited: date = case.audited
        self.moderation_completed = self.seen(case.moderation_completed)
        self.grade: str = grade_at(case, as_at) or ""
        self.meeting_held = self.seen(case.meeting_held)
        # A booking counts from the day moderation was completed, at once where that is blank.
        counts = case.moderation_completed is None or self.moderation_completed is not None
        self.booked = case.meeting_booked if counts else None
        self.actions = relations.actions.get(key, [])
        self.examples = relations.examples.get(key, [])
        self.all_reaudits = relations.reaudits.get(key, [])
        self.reaudits = in_rounds(self.all_reaudits) if self.all_reaudits else []
        self.passing = self._passing() if self.grade == INADEQUATE else None

    def seen(self, day: date | None) -> date | None:
        """Give `day` where it has come by the report date; else None."""
        return day if day is not None and day <= self.as_at else None

    def days(self) -> Iterator[date]:
        """Give every day that has come on which something of the case happened, in no order."""
        for row in self.rows():
            for day in _DAYS[type(row)](row):
                if day is not None and day <= self.as_at:
                    yield day

    def rows(self) -> Iterable[Case | Action | ReAudit | Example]:
        """Give the case's row and those of the other sheets that belong to it."""
        return (self.case, *self.actions, *self.all_reaudits, *self.examples)

    def _passing(self) -> ReAudit | None:
        """Give the first dated re-audit graded other than Inadequate: the case has left (C14)."""
        for reaudit in self.reaudits:
            if self.seen(reaudit.audited) and reaudit.grade and reaudit.grade != INADEQUATE:
                return reaudit
        return None

    def rounds(self, reaudit_from: str) -> Iterator[Round]:
        """Give each round whose clock has started. Round n+1 opens when round n is Inadequate."""
        start = self.meeting_held if reaudit_from == "meeting" else None
        if not self.reaudits:
            yield Round(1, None, start or self.audited)
            return
        by_number: dict[int, ReAudit] = {}
        # Of rows with the same round, which is an error, the one that took place counts.
        for reaudit in sorted(self.reaudits, key=lambda row: self.seen(row.audited) is None):
            by_number.setdefault(reaudit.round or 0, reaudit)
        yield Round(1, by_number.get(1), start or self.audited)
        for number, reaudit in by_number.items():
            held = self.seen(reaudit.audited)
            if held and reaudit.grade == INADEQUATE:
                yield Round(number + 1, by_number.get(number + 1), held)

    def action_exists(self) -> bool:
        """Say whether the case's actions exist yet: from the meeting, else from the audit."""
        return self.meeting_held is not None or self.case.meeting_held is None


def grade_at(case: Case, as_at: date) -> str | None:
    """Give the grade that counts: the moderated one from the day moderation was completed."""
    if (
        case.moderated_grade
        and case.moderation_completed is not None
        and case.moderation_completed <= as_at
    ):
        return case.moderated_grade
    return case.audit_grade


def in_rounds(reaudits: Iterable[ReAudit]) -> list[ReAudit]:
    """Put re-audits in the order of their rounds. One without a round cannot be placed."""
    return sorted((row for row in reaudits if row.round), key=lambda row: (row.round, row.row))


def unusable(case: Case, relations: Relations, as_at: date) -> str | None:
    """Say why a row of Cases is in no figure at `as_at`; None where it is."""
    if not case.ref:
        return "no usable Case ref"
    if same(case.ref) in relations.repeated:
        return "the Case ref is used in more than one row"
    if case.audited is None:
        return "no usable Audit date"
    if case.audited > as_at:
        return NOT_YET
    if case.audit_grade not in GRADES:
        return "no usable Audit grade"
    return None
