"""What the exception report says of one case, sentence by sentence (C09).

Every sentence is a fact of the tracker, or says that something is not recorded and in which cell.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from mfauto.comparing import same
from mfauto.errors import UsageError
from mfauto.fitting import on_one_line, one_line
from mfauto.model import Action, Case, Due, ReAudit, Review
from mfauto.settings import CONFIG, Settings
from mfauto.standing import Relations, Standing
from mfauto.typed_lists import joined
from mfauto.word.values import text as as_xml_holds
from mfauto.wording import counted, day_words, days_words, listed

_NAME_ROOM: Final = 240.0  # points that a name may take in a sentence
_NAME_SIZE: Final = 11.0
_TEXTS: Final = (
    ("safety_note", "child_safety_note"),
    ("audit_findings", "audit_findings"),
    ("strengths", "strengths"),
    ("practice_context", "practice_context"),
    ("summary", "exception_summary"),
    ("support_agreed", "support_agreed"),
)

#: what the tracker says of a review that was carried out
_REVIEW: Final = {"cases_reviewed": "number of cases reviewed", "exception_summary": "summary"}
#: what a person is asked to write where the tracker has no summary, or the report is late
_SUMMARY: Final = "how many cases were looked at, what was found, and what happens next."
_UNDECIDED: Final = "whether a review of the practitioner's cases is needed, and why."
_LATE: Final = "why it is late, and the new date."

LONG: Final = frozenset(name for name, _ in _TEXTS)  #: fields that may be of any length


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody wrote in a cell, as a document can hold it."""

    text: str
    cell: str  #: where it stands, such as "Cases!V14"; empty where it has no column


def written(text: str, cell: str) -> Written:
    """Give what somebody wrote: no signs that no document can hold, a typed list on one line."""
    return Written(joined(as_xml_holds(text)), cell)


@dataclass(frozen=True, slots=True)
class ActionFacts:
    """One action."""

    action: Written
    owner: Written
    due: str
    status: str
    overdue: bool = False


class Known:
    """A review as its reports need it: each case with its rows and its open steps."""

    def __init__(self, review: Review) -> None:
        self.review = review
        self.relations = Relations(review.tracker)
        counted_rows = {(position.place, position.row) for position in review.positions}
        self.cases = {
            same(case.ref): case
            for case in reversed(review.tracker.cases)
            if case.ref and (case.place, case.row) in counted_rows
        }
        self.open: dict[str | None, list[Due]] = {}  #: by the ref of the case
        for due in review.open:
            if due.case is not None:
                self.open.setdefault(due.case.ref, []).append(due)

    def case(self, ref: str) -> Case:
        """Give a case that counts. UsageError where there is none."""
        case = self.cases.get(same(ref))
        if case is None:
            day = day_words(self.review.as_at)
            raise UsageError(f'There is no case "{ref}" at {day} to report on.')
        return case


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """What the report of one case has to say, whatever room there is for it."""

    ref: str  #: the Case ref
    sentences: Mapping[str, str]  #: what is short by nature, by its name in the template
    on_one_line: Mapping[str, Written]
    actions: Sequence["ActionFacts"]
    to_write: Mapping[str, str]  #: what is asked to be written in by hand
    texts: Mapping[str, Written]  #: what people wrote at length


class Facts:
    """The facts of one case."""

    def __init__(self, known: Known, case: Case, settings: Settings) -> None:
        self.review = known.review
        self.case = case
        self.settings = settings
        self.policy = settings.policy
        self.as_at = known.review.as_at
        self.standing = Standing(case, known.relations, self.as_at)
        self.open = known.open.get(case.ref, [])

    def said(self) -> Said:
        """Give all that the report says."""
        return Said(
            ref=self.case.ref or "",
            sentences=self.sentences(),
            on_one_line=self.on_one_line(),
            actions=self.actions(),
            to_write=self.to_write(),
            texts=self.texts(),
        )

    def on_one_line(self) -> dict[str, Written]:
        """Give what stands on one line each: who, to whom, where."""
        case = self.case
        reviewer = case.caseload_reviewer
        return {
            "ref": written(one_line(case.ref or ""), self.cell("ref")),
            "to": written(self.settings.aed_title, CONFIG),
            "sender": self._person("caseload_reviewer" if reviewer else "head_of_service"),
            "service": self._service(),
            "practitioner": self._person("practitioner"),
            "team_manager": self._person("team_manager"),
            "service_manager": self._person("service_manager"),
            "head_of_service": self._person("head_of_service"),
            "meeting": written(self._meeting(), ""),
        }

    def sentences(self) -> dict[str, str]:
        """Give what may take several lines, but is short by nature."""
        return {
            "marking": self.settings.marking,
            "as_at": day_words(self.as_at),
            "audit": self._audit(),
            "due_sum": self.due_sum(),
            "safety_lead": "Assured" if self.assured() else "NOT ASSURED",
            "safety": self._safety(),
            "review": self._review(),
            "reaudit": self.reaudit(),
            "panel": self.panel(),
        }

    def texts(self) -> dict[str, Written]:
        """Give what people wrote at length, by its name in the template."""
        made = {}
        for name, field in _TEXTS:
            text: str = getattr(self.case, field) or ""
            if not text.strip():
                text = f"{self.lacking(field, where=' in the tracker')}."
                if name == "summary":
                    text = self._no_summary() or text
            made[name] = written(text, self.cell(field))
        return made

    def _no_summary(self) -> str:
        """Say what stands in the place of a summary; nothing where its cell cannot be read."""
        if self.case.caseload_review == "Not required":
            return "No summary is needed."
        return self.to_write()["summary_to_write"]

    def to_write(self) -> dict[str, str]:
        """Give what a person is asked to write, by its name in the template; empty where nothing.

        The review is what the report is for: without a summary there is a place for it.
        """
        case = self.case
        unread = self.unreadable("exception_summary")
        asked = _UNDECIDED if self._undecided() else _SUMMARY
        if unread or (case.exception_summary or "").strip():
            asked = ""
        if case.caseload_review == "Not required":
            asked = ""
        late = any(due.step == "exception_report" and due.on < self.as_at for due in self.open)
        return {
            "summary_to_write": f"To be written: {asked}" if asked else "",
            "late_to_write": f"To be written: {_LATE}" if late else "",
        }

    def actions(self) -> Sequence[ActionFacts]:
        """Give the actions, overdue first."""
        if not self.standing.action_exists():
            return []
        return [self._action(action) for action in sorted(self.standing.actions, key=self._urgency)]

    # -- what is not there

    def cell(self, field: str, record: Case | Action | ReAudit | None = None) -> str:
        """Give the cell of a field, such as "Cases!V14"; nothing where it has no column."""
        return self.review.tracker.cell(record or self.case, field) or ""

    def _bracketed(self, field: str, record: Case | Action | ReAudit | None = None) -> str:
        cell = self.cell(field, record)
        return f" ({cell})" if cell else ""

    def unreadable(self, field: str, record: Case | Action | ReAudit | None = None) -> bool:
        """Say whether a field holds something that cannot be read."""
        flaws = (record or self.case).flaws
        return any(flaw.field == field and flaw.unreadable for flaw in flaws)

    def lacking(
        self, field: str, record: Case | Action | ReAudit | None = None, *, where: str = ""
    ) -> str:
        """Say why there is nothing to show for a field, and in which cell.

        `where` is said as well where there is room, for a reader who does not know the tracker.
        """
        record = record or self.case
        why = "Cannot be read" if self.unreadable(field, record) else f"Not recorded{where}"
        return why + self._bracketed(field, record)

    def unread(self, field: str, what: str) -> str:
        """Say that a field cannot be read, as a sentence begins with it."""
        return f"{what} cannot be read{self._bracketed(field)}"

    # -- facts

    def _person(self, field: str) -> Written:
        name: str | None = getattr(self.case, field)
        return written(name or self.lacking(field), self.cell(field))

    def _named(self, field: str) -> str:
        """Give a name within a sentence; one that is too long says where it stands."""
        named = self._person(field)
        end = f"({named.cell})" if named.cell else ""
        return on_one_line(named.text, _NAME_ROOM, _NAME_SIZE, end=end)

    def _meeting(self) -> str:
        if self.standing.meeting_held:
            return day_words(self.standing.meeting_held)
        return self.lacking("meeting_held") if self.unreadable("meeting_held") else "Not held yet"

    def _service(self) -> Written:
        parts = [part for part in (self.case.service_area, self.case.team) if part]
        return written(", ".join(parts) or self.lacking("service_area"), self.cell("service_area"))

    def _audit(self) -> str:
        grade = self.standing.grade
        changed = grade != self.case.audit_grade
        moderated = f" (moderated from {self.case.audit_grade})" if changed else ""
        return f"{grade}{moderated}, {day_words(self.standing.audited)}"

    def due_sum(self) -> str:
        """Give the sum that makes the due date, so that anybody can check it."""
        case, held = self.case, self.standing.meeting_held
        unknown = "so the due date is not known."
        if self.unreadable("caseload_review"):
            return f"{self.unread('caseload_review', 'Whether a review is required')}, {unknown}"
        if case.caseload_review != "Required":
            return "No caseload review is recorded as required, so this report has no due date."
        if self.unreadable("meeting_held"):
            return f"{self.unread('meeting_held', 'The day of the meeting')}, {unknown}"
        if held is None:
            return "The meeting has not been held, so this report has no due date yet."
        limit = self.policy.limits["exception_report"]
        due = limit.after(held, self.policy.workdays)
        done = self.standing.seen(case.exception_report_completed)
        said = f"Meeting held {day_words(held)} + {limit} = due {day_words(due)}"
        if done:
            late = (done - due).days
            when = f"{days_words(late)} late" if late > 0 else "in time"
            return f"{said}, completed {day_words(done)}, {when}"
        said += self._late(due) or ", not overdue"
        if self.unreadable("exception_report_completed"):
            said += f". {self.unread('exception_report_completed', 'The day it was completed')}"
        return said

    def _late(self, due: date) -> str:
        late = (self.as_at - due).days
        return f", {days_words(late)} overdue" if late > 0 else ""

    def _safety(self) -> str:
        """Give the first sentence of the page: whether the child is known to be safe (C03)."""
        assured = self.assured()
        if assured:
            known = self.case.head_of_service
            by = self._named("head_of_service") if known else "the Head of Service"
            return f"{day_words(assured)}, by {by}."
        limit = self.policy.limits["assure_child_safety"]
        due = limit.after(self.standing.audited, self.policy.workdays)
        tense = "was" if due < self.as_at else "is"
        said = f"it {tense} due {day_words(due)}{self._late(due)}. Please act today."
        if self.unreadable("child_safety_assured"):
            return f"{self.unread('child_safety_assured', 'the day')}; {said}"
        return said

    def assured(self) -> date | None:
        """Give the day the child was assured safe, where it has come."""
        return self.standing.seen(self.case.child_safety_assured)

    def _review(self) -> str:
        case = self.case
        if self.unreadable("caseload_review"):
            return f"{self.unread('caseload_review', 'Whether a review is required')}."
        if self._undecided():
            said = "Whether a review of the practitioner's cases is needed is not decided yet"
            return f"{said}{self._bracketed('caseload_review')}."
        if case.caseload_review != "Required":
            return "A review of the practitioner's cases was considered and is not required."
        field = "caseload_reviewer" if case.caseload_reviewer else "head_of_service"
        said = "Required"
        if getattr(case, field):
            said += f", by {self._named(field)}"
        if case.cases_reviewed is not None:
            said += f". {counted(case.cases_reviewed, 'case')} reviewed"
        return f"{said}.{self._not_reviewed()}"

    def _undecided(self) -> bool:
        return self.case.caseload_review is None and not self.unreadable("caseload_review")

    def _not_reviewed(self) -> str:
        """Say what of the review is not in the tracker, and in which cells."""
        said, blank = "", {}
        for field, what in _REVIEW.items():
            if self.unreadable(field):
                said += f" {self.unread(field, f'The {what}')}."
            elif getattr(self.case, field) in (None, ""):
                blank[field] = what
        if not blank:
            return said
        cells = self.review.tracker.cells(self.case, list(blank))
        where = f" ({cells})" if cells else ""
        are = "is" if len(blank) == 1 else "are"
        names = listed([f"the {what}" for what in blank.values()]).capitalize()
        return f"{said} {names} {are} not recorded in the tracker yet{where}."

    def _urgency(self, action: Action) -> tuple[bool, date, int]:
        due = self._due_of(action)
        return due is None, action.due or date.max, action.row

    def _due_of(self, action: Action) -> Due | None:
        return next((due for due in self.open if due.subject is action), None)

    def _action(self, action: Action) -> ActionFacts:
        due = self._due_of(action)
        completed = self.standing.seen(action.completed)
        if completed:
            status = f"Completed {day_words(completed)}"
        elif due is None:
            status = action.status if action.status in ("Complete", "Cancelled") else "No due date"
        else:
            status = self._late(due.on).removeprefix(", ") or "Open"
        if due and action.slipped_from:
            status += f", slipped from {day_words(action.slipped_from)}"
        if self.unreadable("completed", action):
            status += f". Completed on cannot be read{self._bracketed('completed', action)}"
        lacking = self.lacking("action", action)
        return ActionFacts(
            action=written(action.action or lacking, self.cell("action", action)),
            owner=written(action.owner or "Nobody named", self.cell("owner", action)),
            due=day_words(action.due) if action.due else self.lacking("due", action),
            status=status,
            overdue=due is not None and due.on < self.as_at,
        )

    def reaudit(self) -> str:
        """Say what re-audit is due, with the sum that gives the day (C13, C15)."""
        passing = self.standing.passing
        if passing and passing.audited:
            return (
                f"Left Inadequate: re-audit of {day_words(passing.audited)}, round "
                f"{passing.round}, was graded {passing.grade}."
            )
        due = next((due for due in self.open if due.step == "re_audit"), None)
        if due is None or due.start is None:
            return "No re-audit is due. The latest one has no grade yet."
        limit = self.policy.limits["re_audit"]
        from_meeting = self.policy.reaudit_from == "meeting" and self.standing.meeting_held
        start = "re-audit" if due.item != 1 else "meeting held" if from_meeting else "audit"
        said = (
            f"Round {due.item}: {start} {day_words(due.start)} + {limit} = "
            f"due {day_words(due.on)}{self._late(due.on)}."
        )
        if isinstance(due.subject, ReAudit) and self.unreadable("audited", due.subject):
            said += f" Its date cannot be read{self._bracketed('audited', due.subject)}."
        return said

    def panel(self) -> str:
        """Say which Panel Review is due, or met last (C13)."""
        due = next((due for due in self.open if due.step == "panel_review"), None)
        if due:
            said = f"{due.todo} by {day_words(due.on)} (round {due.item})"
            return f"{said}{self._late(due.on)}."
        held: list[ReAudit] = [
            row for row in self.standing.reaudits if self.standing.seen(row.panel_held)
        ]
        if held and held[-1].panel_held:
            return f"The latest panel met on {day_words(held[-1].panel_held)}."
        return "No panel is due until the re-audit has taken place."
