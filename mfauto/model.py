"""The tracker's words: a case, an action, a finding, a position.

Pure data: no files, no clock, no settings. Any module may import this one.
Days are `datetime.date`. Rows are Excel's own numbers. A field is None where
its cell is blank or cannot be read; `flaws` then says what was found there.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Final

from mfauto.addresses import address
from mfauto.columns import ACTIONS, CASES, EXAMPLES, MEETINGS, PEOPLE, REAUDITS, Sheet
from mfauto.records import field, record
from mfauto.wording import listed


@record(kw_only=False)
class Flaw:
    """Something to say about one cell, noticed while reading it."""

    field: str  #: the field of the record
    kind: str  #: the id of the rule that reports it, such as "not_a_date"
    shown: str | date  #: what the cell shows: text and numbers as typed, a real date as the day
    proposal: str | None = None  #: what it may have meant; None where nothing is obvious
    unreadable: bool = True  #: False where a value was read and only deserves a question


@record
class Case:
    """One audited case: one row of the sheet Cases."""

    row: int
    place: int = 0  #: which of its kind's places it stands in, in `Tracker.places`
    ref: str | None = None  #: the council's case number; never a name
    audited: date | None = None
    audit_grade: str | None = None  #: one of `columns.GRADES`
    moderated_grade: str | None = None  #: counts from the day moderation was completed
    service_area: str | None = None
    team: str | None = None
    practitioner: str | None = None
    team_manager: str | None = None
    service_manager: str | None = None
    head_of_service: str | None = None
    auditor: str | None = None
    managers_alerted: date | None = None
    qa_notified: date | None = None
    child_safety_assured: date | None = None
    child_safety_note: str | None = None
    moderation_completed: date | None = None
    meeting_booked: date | None = None  #: a plan: it may lie ahead
    practitioner_invited: date | None = None
    team_manager_invited: date | None = None
    service_manager_invited: date | None = None
    meeting_held: date | None = None
    audit_findings: str | None = None
    strengths: str | None = None
    practice_context: str | None = None
    support_agreed: str | None = None
    caseload_review: str | None = None  #: "Required" or "Not required"
    caseload_reviewer: str | None = None
    cases_reviewed: int | None = None
    exception_summary: str | None = None
    exception_report_completed: date | None = None
    left_inadequate: date | None = None
    hos_informed: date | None = None
    sm_informed: date | None = None
    practitioner_informed: date | None = None
    reaudit_on_ics: date | None = None
    themes: str | None = None  #: several, split by ";"
    notes: str | None = None
    flaws: tuple[Flaw, ...] = ()


@record
class Action:
    """One action: one row of the sheet Actions (C07)."""

    row: int
    place: int = 0  #: which of its kind's places it stands in, in `Tracker.places`
    line: int = 0  #: which line of the cell it is, 1 for the first; 0 where it has a row
    ref: str | None = None
    case_ref: str | None = None
    action: str | None = None
    owner: str | None = None
    original_due: date | None = None
    due: date | None = None
    status: str | None = None  #: one of `columns.STATUSES`
    completed: date | None = None
    support_needed: str | None = None
    evidence: str | None = None
    notes: str | None = None
    flaws: tuple[Flaw, ...] = ()

    @property
    def slipped_from(self) -> date | None:
        """The original due date, where the action was put off; else None."""
        if self.due and self.original_due and self.due > self.original_due:
            return self.original_due
        return None


@record
class ReAudit:
    """One round of re-audit: one row of the sheet Re-audits (C13, C15)."""

    row: int
    place: int = 0  #: which of its kind's places it stands in, in `Tracker.places`
    case_ref: str | None = None
    round: int | None = None
    audited: date | None = None
    reauditor: str | None = None
    grade: str | None = None
    panel_held: date | None = None
    panel_decision: str | None = None
    notes: str | None = None
    flaws: tuple[Flaw, ...] = ()


@record
class Example:
    """One example of good practice: one row of the sheet Good practice (C10, C11)."""

    row: int
    place: int = 0  #: which of its kind's places it stands in, in `Tracker.places`
    ref: str | None = None
    case_ref: str | None = None
    example: str | None = None
    theme: str | None = None
    reviewed: date | None = None
    anonymised: date | None = None
    uploaded: date | None = None
    library_link: str | None = None
    announced: date | None = None
    notes: str | None = None
    flaws: tuple[Flaw, ...] = ()


@record
class Meeting:
    """One planned Moving Forward Meeting or Panel Review."""

    row: int
    place: int = 0  #: which of its kind's places it stands in, in `Tracker.places`
    held: date | None = None  #: the day it is or was to be held
    type: str | None = None  #: one of `columns.MEETING_TYPES`
    starts: str | None = None  #: such as "10:00"
    places: int | None = None
    location: str | None = None
    notes: str | None = None
    flaws: tuple[Flaw, ...] = ()


@record
class Person:
    """One person of the sheet People."""

    row: int
    place: int = 0  #: which of its kind's places it stands in, in `Tracker.places`
    name: str | None = None
    role: str | None = None  #: one of `columns.ROLES`
    email: str | None = None  #: as typed; `messages` decides whether it can be used
    team: str | None = None
    service_area: str | None = None
    reports_to: str | None = None
    active: str | None = None  #: "Yes" or "No"
    flaws: tuple[Flaw, ...] = ()


Record = Case | Action | ReAudit | Example | Meeting | Person

SHEET_OF: Final[Mapping[type, Sheet]] = {
    Case: CASES,
    Action: ACTIONS,
    ReAudit: REAUDITS,
    Example: EXAMPLES,
    Meeting: MEETINGS,
    Person: PEOPLE,
}  #: the contract's sheet of each kind of record


@record
class Place:
    """Where a data sheet stands in the workbook."""

    name: str  #: the sheet's own name
    header: int  #: row of the headings
    columns: Mapping[str, int]  #: field to column number, 1 for A; absent where it has no heading
    absent: tuple[str, ...] = ()  #: fields whose heading was not found
    unused: Mapping[int, str] = field(default_factory=dict)
    #: headings that no field has, by column number; empty where `absent` is
    hidden_rows: int = 0  #: filled rows that a filter or a person hides
    group: int = 0  #: which group of columns beside the case, 1 for the first; 0: rows of its own
    lines: int | None = None  #: column whose cells hold one record a line; None: one record a row


@record
class Tracker:
    """A tracker as it was read: every filled row, in sheet order."""

    path: Path
    sha256: str  #: of the file as read
    places: Mapping[str, tuple[Place, ...]]
    #: by the contract's sheet name, in the order they are read; absent where there is none
    cases: tuple[Case, ...] = ()
    actions: tuple[Action, ...] = ()
    reaudits: tuple[ReAudit, ...] = ()
    examples: tuple[Example, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    people: tuple[Person, ...] = ()
    auto: Mapping[tuple[str, str], object] = field(default_factory=dict, repr=False)
    #: what the Auto cells show now, by (sheet's own name, "AK7"); empty unless asked for
    saved: datetime | None = None
    #: when it was last saved, as the file itself says; None where it does not say
    unread: tuple[tuple[str, str], ...] = ()
    #: sheets left unread that look like a data sheet: (own name, the contract's name)
    areas: tuple[str, ...] = ()  #: the service areas that its sheet Lists offers; empty: no list

    def place(self, record: Record) -> Place | None:
        """Give where a record stands; None for one that was not read from a sheet."""
        places = self.places.get(SHEET_OF[type(record)].name, ())
        return places[record.place] if record.place < len(places) else None

    def sheet(self, record: Record) -> str:
        """Give the own name of the sheet that a record stands on."""
        place = self.place(record)
        return place.name if place else SHEET_OF[type(record)].name

    def cell(self, record: Record, field: str | None) -> str | None:
        """Give the address of a record's cell, "Cases!AD14"; None where it has no column."""
        place = self.place(record)
        number = place.columns.get(field) if place and field else None
        return address(place.name, number, record.row) if place and number else None

    def cells(self, record: Record, fields: Sequence[str]) -> str:
        """Give the addresses of cells of one row, such as "Cases!V14 and X14".

        Three or more side by side are "Cases!V14 to X14". Those without a column are left out.
        """
        place = self.place(record)
        columns = [place.columns[one] for one in fields if one in place.columns] if place else []
        if not place or not columns:
            return ""
        first, *others = (address(place.name, column, record.row) for column in columns)
        others = [one.rpartition("!")[2] for one in others]
        side_by_side = columns == list(range(columns[0], columns[0] + len(columns)))
        if side_by_side and len(others) > 1:
            return f"{first} to {others[-1]}"
        return listed([first, *others])


@record
class Due:
    """One obligation: a step of one case, round, example or action."""

    step: str  #: the step's id, such as "exception_report"
    clause: str
    case: Case
    subject: Case | ReAudit | Example | Action | None  #: its own row; None for a round not entered
    item: str | int | None  #: Action ref, Example ref or round; None for a step of the case
    owner: str | None  #: who is to do it; None for an action without owner
    start: date | None  #: the day the clock started; None for an action
    on: date  #: the last day in time
    todo: str  #: what is left to do, in words, such as "Invite the Team Manager"
    left: tuple[str, ...] = ()  #: the fields still to fill; none where it is a row or done
    done: bool = False
    done_on: date | None = None  #: None while open, or where the record carries no date

    @property
    def unfilled(self) -> str | None:
        """The first field still to fill; None where it is a row or done."""
        return self.left[0] if self.left else None


@record
class Finding:
    """One thing to tell: a data finding, or a step that is overdue or due soon."""

    rule: str  #: such as "MF031"; for ever the same
    level: str  #: error, query, overdue or due_soon
    clause: str | None
    step: str | None  #: None for a data finding
    sheet: str | None  #: the sheet's own name in the workbook; None for the whole workbook
    row: int | None  #: Excel row
    column: str | None  #: the contract's heading
    cell: str | None  #: such as "Cases!AD14"
    case: str | None  #: the Case ref
    item: str | int | None  #: Action ref, Example ref or round
    owner: str | None
    value: str | None  #: what the cell shows; None for a step
    message: str
    fix: str
    start: date | None = None
    due: date | None = None
    days_overdue: int | None = None  #: calendar days; None unless overdue
    todo: str | None = None  #: what is left to do, in words; None for a data finding
    slipped_from: date | None = None  #: of an action that was put off: its original due date
    unjudged: str | None = None  #: why nobody can tell whether it is done; None: one can


@record
class Position:
    """Where one case stands at the report date."""

    case: str
    grade: str  #: the grade that counts at the report date
    stage: str
    rag: str  #: Red, Amber, Green, Complete or Outside
    next_step: str | None  #: the open step due first; None where nothing is open
    due: date | None
    row: int
    place: int = 0  #: which of the places of Cases it stands in
    todo: str | None = None  #: what is left to do of that step, in words


@record
class Excluded:
    """A row of Cases that is in no figure, and why."""

    row: int
    place: int = 0  #: which of the places of Cases it stands in
    case: str | None
    reason: str


@record
class Counts:
    """Rows and findings. `rows_read` = `cases` + `outside` + `excluded`."""

    rows_read: int
    cases: int
    outside: int
    excluded: int
    error: int
    query: int
    overdue: int
    due_soon: int


@record
class Review:
    """Everything the product says about a tracker at one report date."""

    tracker: Tracker
    as_at: date
    findings: tuple[Finding, ...]  #: by sheet and row; a case's steps in the process's order
    positions: tuple[Position, ...]  #: in sheet order
    excluded: tuple[Excluded, ...]
    counts: Counts
    open: tuple[Due, ...] = field(
        repr=False, default=()
    )  #: every open step, also those not yet due

    @property
    def overdue(self) -> tuple[Due, ...]:
        """The open steps whose last day in time has passed."""
        return tuple(due for due in self.open if due.on < self.as_at)
