"""The one-page exception report (C09): its facts, and how the page is shared out.

One page by construction. Every line has a fixed height; what can be long is
measured and given lines in turn, and says where it goes on. Lengths are points.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from mfauto.addresses import address
from mfauto.columns import CASES
from mfauto.comparing import same
from mfauto.errors import UsageError
from mfauto.fitting import lines_of, one_line, shared_out, shortened, width
from mfauto.model import Action, Case, Due, ReAudit, Review
from mfauto.settings import Settings
from mfauto.standing import Relations, Standing
from mfauto.steps import STEP
from mfauto.wording import counted, day_words, days_words

SIZE: Final = 11.0  #: body type
LINE: Final = 13.2  #: height of a body line, exact in the template
ROOM: Final = 481.0  #: width of the text
HALF: Final = 236.0  #: width of one of two facts on a line
COLUMNS: Final = (188.0, 90.0, 98.0, 105.0)  #: action, owner, due, status
PADDING: Final = 8.0  #: of a table cell, left and right together
ROW_GAP: Final = 4.0  #: what a table row takes besides its lines
_PAGE: Final = 842.0 - 52.0 - 48.0  # A4 less the top and bottom margins
_FIXED: Final = 412.0  # all that the template itself takes, and two lines to spare
_MOST_ROWS: Final = 12
_ACTION_LINES: Final = 2
_NOT_RECORDED: Final = "Not recorded."


@dataclass(frozen=True, kw_only=True, slots=True)
class ActionLine:
    """One action, as its row of the table says it."""

    action: str
    owner: str
    due: str
    status: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """Everything the template may use; each field is a text that fits its place."""

    marking: str
    ref: str
    title: str
    to: str
    sender: str
    service: str
    practitioner: str
    team_manager: str
    service_manager: str
    head_of_service: str
    audit: str
    meeting: str
    due_sum: str
    safety_lead: str
    safety: str
    safety_note: str
    audit_findings: str
    strengths: str
    practice_context: str
    review: str
    summary: str
    actions: tuple[ActionLine, ...]
    actions_more: str
    support_agreed: str
    reaudit: str
    panel: str
    as_at: str


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
    return any(position.row == case.row for position in review.positions)


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
        case = self.case
        chosen, more = self._actions()
        texts = self._texts(_PAGE - _FIXED - sum(_height(line) for line in chosen))
        return Report(
            marking=self.settings.marking,
            ref=_fitted(case.ref or "", ROOM * 0.55, 18.0),
            title=f"Exception report: {case.ref}",
            to=_fitted(self.settings.aed_title, HALF - 25),
            sender=_fitted(case.caseload_reviewer or case.head_of_service, HALF - 35),
            service=_fitted(self._service(), HALF - 55),
            practitioner=_fitted(case.practitioner, HALF - 75),
            team_manager=_fitted(case.team_manager, HALF - 90),
            service_manager=_fitted(case.service_manager, HALF - 100),
            head_of_service=_fitted(case.head_of_service, HALF - 100),
            audit=self._audit(),
            meeting=_day(self.standing.meeting_held, "Not held yet"),
            due_sum=self._due_sum(),
            safety_lead="Assured" if self._assured() else "NOT ASSURED",
            safety=self._safety(),
            actions=tuple(chosen),
            actions_more=more,
            review=self._review(),
            reaudit=self._reaudit(),
            panel=self._panel(),
            as_at=day_words(self.as_at),
            **texts,
        )

    def _service(self) -> str | None:
        parts = [part for part in (self.case.service_area, self.case.team) if part]
        return ", ".join(parts) or None

    def _audit(self) -> str:
        grade = self.standing.grade
        changed = grade != self.case.audit_grade
        moderated = f" (moderated from {self.case.audit_grade})" if changed else ""
        return f"{grade}{moderated}, {day_words(self.standing.audited)}"

    def _due_sum(self) -> str:
        """Give the sum that makes the due date, so that anybody can check it."""
        case, held = self.case, self.standing.meeting_held
        done = self.standing.seen(case.exception_report_completed)
        if case.caseload_review != "Required":
            return "No caseload review is recorded as required, so this report has no due date."
        if held is None:
            return "The meeting has not been held, so this report has no due date yet."
        limit = self.policy.limits["exception_report"]
        due = limit.after(held, self.policy.workdays)
        late = (self.as_at - due).days
        if done:
            state = f"completed {day_words(done)}"
        else:
            state = f"{days_words(late)} overdue" if late > 0 else "not overdue"
        return f"Meeting held {day_words(held)} + {limit} = due {day_words(due)}, {state}"

    def _safety(self) -> str:
        """Give the first sentence of the page: whether the child is known to be safe (C03)."""
        assured = self._assured()
        if assured:
            by = self.case.head_of_service or "the Head of Service"
            return _fitted(f"{day_words(assured)}, by {by}.", ROOM - 50)
        limit = self.policy.limits["assure_child_safety"]
        due = limit.after(self.standing.audited, self.policy.workdays)
        late = (self.as_at - due).days
        since = f", {days_words(late)} overdue" if late > 0 else ""
        return f"it was due {day_words(due)}{since}. Please act today."

    def _assured(self) -> date | None:
        return self.standing.seen(self.case.child_safety_assured)

    def _review(self) -> str:
        case = self.case
        if case.caseload_review is None:
            return "Whether a review of the practitioner's cases is needed is not decided yet."
        if case.caseload_review != "Required":
            return "A review of the practitioner's cases was considered and is not required."
        who = case.caseload_reviewer or case.head_of_service
        by = f", by {who}" if who else ""
        if case.cases_reviewed is None:
            return _fitted(f"Required{by}. The number of cases reviewed is not recorded.", ROOM)
        return _fitted(f"Required{by}. {counted(case.cases_reviewed, 'case')} reviewed.", ROOM)

    def _texts(self, height: float) -> dict[str, str]:
        """Share the rest of the page between the texts, a line each in turn."""
        case = self.case
        fields = {
            "safety_note": ("child_safety_note", case.child_safety_note, "Note: "),
            "audit_findings": ("audit_findings", case.audit_findings, "Findings: "),
            "strengths": ("strengths", case.strengths, "Strengths: "),
            "practice_context": ("practice_context", case.practice_context, "Context: "),
            "summary": ("exception_summary", case.exception_summary, "Summary: "),
            "support_agreed": ("support_agreed", case.support_agreed, ""),
        }
        whole = {name: one_line(text or _NOT_RECORDED) for name, (_, text, _) in fields.items()}
        room = max(int(height / LINE), len(fields))
        demands = {
            name: min(lines_of(text[: room * 200], ROOM, SIZE, fields[name][2]), room)
            for name, text in whole.items()
        }
        given = shared_out(demands, room)
        return {
            name: shortened(
                text,
                given[name],
                ROOM,
                SIZE,
                end=self._continues(fields[name][0]),
                lead=fields[name][2],
            )
            for name, text in whole.items()
        }

    def _continues(self, field: str) -> str:
        place = self.review.tracker.places.get(CASES.name)
        number = place.columns.get(field) if place else None
        if place is None or number is None:
            return "(continues in the tracker)"
        return f"(continues in the tracker, {address(place.name, number, self.case.row)})"

    def _actions(self) -> tuple[list[ActionLine], str]:
        """Give the actions that fit, overdue first, and how many more the tracker holds."""
        if not self.standing.action_exists():
            return [], "No actions are recorded."
        actions = sorted(self.standing.actions, key=self._urgency)
        # Half of the free page at most: the texts need the other half.
        room = (_PAGE - _FIXED) / 2
        chosen: list[ActionLine] = []
        for action in actions[:_MOST_ROWS]:
            line = self._action_line(action)
            if sum(_height(known) for known in chosen) + _height(line) > room:
                break
            chosen.append(line)
        rest = len(actions) - len(chosen)
        if not actions:
            return chosen, "No actions are recorded."
        if rest:
            return chosen, f"And {rest} more, in the tracker."
        return chosen, "These are all the actions recorded."

    def _urgency(self, action: Action) -> tuple[bool, date, int]:
        due = self._due_of(action)
        return due is None, action.due or date.max, action.row

    def _due_of(self, action: Action) -> Due | None:
        return next((due for due in self.open if due.subject is action), None)

    def _action_line(self, action: Action) -> ActionLine:
        due = self._due_of(action)
        late = (self.as_at - due.on).days if due else 0
        completed = self.standing.seen(action.completed)
        if completed:
            status = f"Completed {day_words(completed)}"
        elif due is None:
            status = action.status if action.status in ("Complete", "Cancelled") else "No due date"
        else:
            status = f"{days_words(late)} overdue" if late > 0 else "Open"
        if due and action.slipped_from:
            status += f", slipped from {day_words(action.slipped_from)}"
        return ActionLine(
            action=_cell(action.action, 0, _ACTION_LINES, "Not recorded"),
            owner=_cell(action.owner, 1, _ACTION_LINES, "Nobody named"),
            due=_day(action.due, "Not recorded"),
            status=_cell(status, 3, 3, "Not recorded"),
        )

    def _reaudit(self) -> str:
        passing = self.standing.passing
        if passing and passing.audited:
            round_ = f"round {passing.round}"
            return (
                f"Left Inadequate: re-audit of {day_words(passing.audited)}, {round_}, "
                f"was graded {passing.grade}."
            )
        due = next((due for due in self.open if due.step == "re_audit"), None)
        if due is None:
            return "No re-audit is due. The latest one has no grade yet."
        limit = self.policy.limits["re_audit"]
        start = day_words(due.start) if due.start else ""
        late = (self.as_at - due.on).days
        state = f", {days_words(late)} overdue" if late > 0 else ""
        return f"Round {due.item}: {start} + {limit} = due {day_words(due.on)}{state}."

    def _panel(self) -> str:
        due = next((due for due in self.open if due.step == "panel_review"), None)
        if due:
            return f"{STEP[due.step].todo} by {day_words(due.on)} (round {due.item})."
        held: list[ReAudit] = [
            row for row in self.standing.reaudits if self.standing.seen(row.panel_held)
        ]
        if held and held[-1].panel_held:
            return f"The latest panel met on {day_words(held[-1].panel_held)}."
        return "No panel is due until the re-audit has taken place."


def _day(day: date | None, otherwise: str) -> str:
    return day_words(day) if day else otherwise


def _fitted(text: str | None, room: float, size: float = SIZE) -> str:
    """Give a text that fits on one line `room` points wide; an ellipsis shows what was cut."""
    plain = one_line(text or "") or "Not recorded"
    if len(plain) <= 200 and width(plain, size, bold=True) <= room:  # noqa: PLR2004
        return plain
    kept = plain[:200]
    while kept and width(f"{kept}…", size, bold=True) > room:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"


def _cell(text: str | None, column: int, lines: int, otherwise: str) -> str:
    return shortened(
        one_line(text or "") or otherwise, lines, COLUMNS[column] - PADDING, SIZE, end=""
    ).rstrip()


def _height(line: ActionLine) -> float:
    texts = (line.action, line.owner, line.due, line.status)
    most = max(
        lines_of(text, room - PADDING, SIZE) for text, room in zip(texts, COLUMNS, strict=True)
    )
    return most * LINE + ROW_GAP
