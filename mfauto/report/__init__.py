"""The one-page exception report (C09): its facts, and how the page is shared out.

One page by construction. Every line has a fixed height; what can be long is
measured and given lines in turn, and says where it goes on. Lengths are points.
"""

from datetime import date
from typing import Final

from mfauto.columns import ACTIONS
from mfauto.comparing import same
from mfauto.errors import UsageError
from mfauto.fitting import lines_of, one_line, shared_out, shortened
from mfauto.model import Action, Case, Due, ReAudit, Review
from mfauto.report.page import (
    ACTION_LINES,
    FIXED,
    HALF,
    LINE,
    MOST_ROWS,
    PAGE,
    ROOM,
    SIZE,
    STATUS_LINES,
    ActionLine,
    Report,
    Text,
    fitted,
    height,
    in_cell,
)
from mfauto.settings import Settings
from mfauto.standing import Relations, Standing
from mfauto.steps import STEP
from mfauto.wording import counted, day_words, days_words

__all__ = ["Report", "report"]

_MOST_LINES: Final = 40  # of one text; the page holds fewer
_MOST_MEASURED: Final = 8_000  # characters; 40 lines hold fewer
_TEXTS: Final = (
    ("safety_note", "child_safety_note", "Note: "),
    ("audit_findings", "audit_findings", "Findings: "),
    ("strengths", "strengths", "Strengths: "),
    ("practice_context", "practice_context", "Context: "),
    ("summary", "exception_summary", "Summary: "),
    ("support_agreed", "support_agreed", ""),
)


def report(review: Review, ref: str, settings: Settings) -> Report:
    """Make the report of one Inadequate case as at the review's day.

    Raises:
        UsageError: the case is not there, or is left out, at that day.

    """
    case = next(
        (
            case
            for case in review.tracker.cases
            if case.ref and same(case.ref) == same(ref) and _counts(case, review)
        ),
        None,
    )
    if case is None:
        raise UsageError(f'There is no case "{ref}" at {day_words(review.as_at)} to report on.')
    return _Maker(review, case, settings).report()


def _counts(case: Case, review: Review) -> bool:
    return any(
        (position.place, position.row) == (case.place, case.row) for position in review.positions
    )


class _Maker:
    def __init__(self, review: Review, case: Case, settings: Settings) -> None:
        self.review = review
        self.case = case
        self.settings = settings
        self.policy = settings.policy
        self.as_at = review.as_at
        self.standing = Standing(case, Relations(review.tracker), review.as_at)
        self.open = [due for due in review.open if due.case is case]

    def report(self) -> Report:
        """Give the report: actions get half of the free page, and what the texts do not need."""
        case = self.case
        lead = "Assured" if self._assured() else "NOT ASSURED"
        facts = {
            "audit": ("Audit: ", self._audit()),
            "due_sum": ("Report due: ", self._due_sum()),
            "safety": (f"{lead}: ", self._safety()),
            "review": ("", self._review()),
            "reaudit": ("", self._reaudit()),
            "panel": ("", self._panel()),
        }
        further = sum(lines_of(text, ROOM, SIZE, bold) - 1 for bold, text in facts.values())
        free = PAGE - FIXED - further * LINE
        texts = self._texts()
        wanted = sum(text.lines for text in texts) * LINE
        chosen, more = self._actions(max(free / 2, free - wanted))
        free -= sum(height(line) for line in chosen)
        return Report(
            marking=self.settings.marking,
            ref=fitted(case.ref or "", ROOM * 0.55, 18.0),
            title=f"Exception report: {case.ref}",
            to=fitted(self.settings.aed_title, HALF - 25),
            sender=self._sender(),
            service=fitted(self._service(), HALF - 55),
            practitioner=self._person("practitioner", 75),
            team_manager=self._person("team_manager", 90),
            service_manager=self._person("service_manager", 100),
            head_of_service=self._person("head_of_service", 100),
            meeting=fitted(self._meeting(), HALF - 85),
            safety_lead=lead,
            actions=tuple(chosen),
            actions_more=more,
            as_at=day_words(self.as_at),
            **{name: text for name, (_, text) in facts.items()},
            **self._shared(texts, int(free / LINE)),
        )

    # -- what is not there

    def _cell(self, field: str, record: Case | Action | ReAudit) -> str:
        """Give the cell of a field, in brackets after a space; nothing where it has no column."""
        cell = self.review.tracker.cell(record, field)
        return f" ({cell})" if cell else ""

    def _unreadable(self, field: str, record: Case | Action | ReAudit | None = None) -> bool:
        flaws = (record or self.case).flaws
        return any(flaw.field == field and flaw.unreadable for flaw in flaws)

    def _lacking(self, field: str, record: Case | Action | ReAudit | None = None) -> str:
        """Say why there is nothing to show for a field, and in which cell."""
        record = record or self.case
        why = "Cannot be read" if self._unreadable(field, record) else "Not recorded"
        return why + self._cell(field, record)

    def _unread(self, field: str, what: str) -> str:
        """Say that a field cannot be read, as a sentence begins with it."""
        return f"{what} cannot be read{self._cell(field, self.case)}"

    # -- facts

    def _person(self, field: str, label: float) -> str:
        name: str | None = getattr(self.case, field)
        return fitted(name or self._lacking(field), HALF - label)

    def _sender(self) -> str:
        reviewer = self.case.caseload_reviewer
        return fitted(reviewer, HALF - 35) if reviewer else self._person("head_of_service", 35)

    def _meeting(self) -> str:
        if self.standing.meeting_held:
            return day_words(self.standing.meeting_held)
        return self._lacking("meeting_held") if self._unreadable("meeting_held") else "Not held yet"

    def _service(self) -> str:
        parts = [part for part in (self.case.service_area, self.case.team) if part]
        return ", ".join(parts) or self._lacking("service_area")

    def _audit(self) -> str:
        grade = self.standing.grade
        changed = grade != self.case.audit_grade
        moderated = f" (moderated from {self.case.audit_grade})" if changed else ""
        return f"{grade}{moderated}, {day_words(self.standing.audited)}"

    def _due_sum(self) -> str:
        """Give the sum that makes the due date, so that anybody can check it."""
        case, held = self.case, self.standing.meeting_held
        unknown = "so the due date is not known."
        if self._unreadable("caseload_review"):
            return f"{self._unread('caseload_review', 'Whether a review is required')}, {unknown}"
        if case.caseload_review != "Required":
            return "No caseload review is recorded as required, so this report has no due date."
        if self._unreadable("meeting_held"):
            return f"{self._unread('meeting_held', 'The day of the meeting')}, {unknown}"
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
        if self._unreadable("exception_report_completed"):
            said += f". {self._unread('exception_report_completed', 'The day it was completed')}"
        return said

    def _late(self, due: date) -> str:
        late = (self.as_at - due).days
        return f", {days_words(late)} overdue" if late > 0 else ""

    def _safety(self) -> str:
        """Give the first sentence of the page: whether the child is known to be safe (C03)."""
        assured = self._assured()
        if assured:
            by = self.case.head_of_service or "the Head of Service"
            return fitted(f"{day_words(assured)}, by {by}.", ROOM - 50)
        limit = self.policy.limits["assure_child_safety"]
        due = limit.after(self.standing.audited, self.policy.workdays)
        tense = "was" if due < self.as_at else "is"
        said = f"it {tense} due {day_words(due)}{self._late(due)}. Please act today."
        if self._unreadable("child_safety_assured"):
            return f"{self._unread('child_safety_assured', 'the day')}; {said}"
        return said

    def _assured(self) -> date | None:
        return self.standing.seen(self.case.child_safety_assured)

    def _review(self) -> str:
        case = self.case
        if self._unreadable("caseload_review"):
            return f"{self._unread('caseload_review', 'Whether a review is required')}."
        if case.caseload_review is None:
            return "Whether a review of the practitioner's cases is needed is not decided yet."
        if case.caseload_review != "Required":
            return "A review of the practitioner's cases was considered and is not required."
        who = case.caseload_reviewer or case.head_of_service
        said = fitted(f"Required, by {who}", ROOM / 2) if who else "Required"
        if case.cases_reviewed is None:
            number = self._lacking("cases_reviewed")
            return f"{said}. Number of cases reviewed: {number[0].lower()}{number[1:]}."
        return f"{said}. {counted(case.cases_reviewed, 'case')} reviewed."

    def _texts(self) -> list[Text]:
        """Give what people wrote, each with the lines that it would like to have."""
        case = self.case
        made = []
        for name, field, lead in _TEXTS:
            written: str | None = getattr(case, field)
            text = one_line(written or "") or f"{self._lacking(field)}."
            if field == "exception_summary" and case.caseload_review == "Not required":
                text = one_line(written or "None needed.")
            lines = min(lines_of(text[:_MOST_MEASURED], ROOM, SIZE, lead), _MOST_LINES)
            made.append(Text(name=name, field=field, lead=lead, text=text, lines=lines))
        return made

    def _shared(self, texts: list[Text], room: int) -> dict[str, str]:
        """Share so many lines between the texts, a line each in turn."""
        given = shared_out({text.name: text.lines for text in texts}, max(room, len(texts)))
        return {
            text.name: shortened(
                text.text,
                given[text.name],
                ROOM,
                SIZE,
                end=self._continues(text.field),
                lead=text.lead,
            )
            for text in texts
        }

    def _continues(self, field: str) -> str:
        cell = self._cell(field, self.case)
        return f"(continues in the tracker, {cell[2:]}" if cell else "(continues in the tracker)"

    def _actions(self, room: float) -> tuple[list[ActionLine], str]:
        """Give the actions that fit, overdue first, and how many more the tracker holds."""
        none = "No actions are recorded."
        if not self.standing.actions or not self.standing.action_exists():
            return [], none
        actions = sorted(self.standing.actions, key=self._urgency)
        chosen: list[ActionLine] = []
        for action in actions[:MOST_ROWS]:
            line = self._action_line(action)
            room -= height(line)
            if room < 0:
                break
            chosen.append(line)
        rest = len(actions) - len(chosen)
        if rest:
            return chosen, f"And {rest} more, in the tracker, sheet {ACTIONS.name}."
        return chosen, "These are all the actions recorded."

    def _urgency(self, action: Action) -> tuple[bool, date, int]:
        due = self._due_of(action)
        return due is None, action.due or date.max, action.row

    def _due_of(self, action: Action) -> Due | None:
        return next((due for due in self.open if due.subject is action), None)

    def _action_line(self, action: Action) -> ActionLine:
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
        if self._unreadable("completed", action):
            status += f". Completed on cannot be read{self._cell('completed', action)}"
        day = day_words(action.due) if action.due else self._lacking("due", action)
        return ActionLine(
            action=in_cell(
                action.action or self._lacking("action", action),
                0,
                ACTION_LINES,
                end=self._cell("action", action).strip(),
            ),
            owner=in_cell(action.owner or "Nobody named", 1, ACTION_LINES),
            due=in_cell(day, 2, ACTION_LINES),
            status=in_cell(status, 3, STATUS_LINES),
        )

    def _reaudit(self) -> str:
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
        if isinstance(due.subject, ReAudit) and self._unreadable("audited", due.subject):
            said += f" Its date cannot be read{self._cell('audited', due.subject)}."
        return said

    def _panel(self) -> str:
        due = next((due for due in self.open if due.step == "panel_review"), None)
        if due:
            said = f"{STEP[due.step].todo} by {day_words(due.on)} (round {due.item})"
            return f"{said}{self._late(due.on)}."
        held: list[ReAudit] = [
            row for row in self.standing.reaudits if self.standing.seen(row.panel_held)
        ]
        if held and held[-1].panel_held:
            return f"The latest panel met on {day_words(held[-1].panel_held)}."
        return "No panel is due until the re-audit has taken place."
