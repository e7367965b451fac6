"""A second reading of the contract: what is due, when and from whom.

Written from the words of the contract alone, by somebody who has not seen the product, so that
the two can be compared. Plain and slow on purpose; each quoted comment is a sentence of the
contract, section 2 or 3. Nothing here opens a file or reads the clock.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tests.second_reading.plain import (
    ACTIONS,
    CASES,
    GOOD_PRACTICE,
    GRADES,
    INADEQUATE,
    MEETINGS,
    OUTSTANDING,
    PEOPLE,
    RE_AUDITS,
    REVIEWS,
    STATUSES,
    Row,
    Tracker,
    address,
    is_filled,
    listed,
    planned,
    round_of,
    text,
)
from tests.second_reading.working_days import (
    months_after,
    working_days_after,
    working_days_before,
)

#: "of equals, the one higher in the table"
STEPS = (
    "alert_managers",
    "notify_qa",
    "assure_child_safety",
    "complete_moderation",
    "book_meeting",
    "invite_attendees",
    "hold_meeting",
    "record_meeting",
    "decide_caseload_review",
    "exception_report",
    "re_audit",
    "panel_review",
    "inform_leavers",
    "upload_reaudit",
    "review_example",
    "anonymise_example",
    "upload_example",
    "announce_example",
    "action",
)

CLAUSES = {
    "alert_managers": "C01",
    "notify_qa": "C02",
    "assure_child_safety": "C03",
    "complete_moderation": "C04",
    "book_meeting": "C04",
    "invite_attendees": "C05",
    "hold_meeting": "C06",
    "record_meeting": "C06",  # "`record_meeting` is C06"
    "decide_caseload_review": "C09",
    "exception_report": "C09",
    "panel_review": "C13",
    "inform_leavers": "C14",
    "upload_reaudit": "C14",
    "review_example": "C10",
    "anonymise_example": "C10",
    "upload_example": "C10",
    "announce_example": "C11",
    "action": "C07",
}

#: "Every limit is a setting": an amount and its unit (working days, days, months).
LIMITS = {
    "alert_managers": (1, "wd"),
    "notify_qa": (1, "wd"),
    "assure_child_safety": (2, "wd"),
    "complete_moderation": (10, "wd"),
    "book_meeting": (5, "wd"),
    "invite_attendees": (5, "wd before"),
    "record_meeting": (5, "wd"),
    "decide_caseload_review": (5, "wd"),
    "exception_report": (28, "d"),
    "re_audit": (3, "m"),
    "panel_review": (20, "wd"),
    "inform_leavers": (5, "wd"),
    "upload_reaudit": (5, "wd"),
    "review_example": (10, "wd"),
    "anonymise_example": (5, "wd"),
    "upload_example": (5, "wd"),
    "announce_example": (5, "wd"),
    "due_soon": (10, "wd"),
}

INVITED = ["Practitioner invited", "Team Manager invited", "Service Manager invited"]
INFORMED = ["HoS informed", "SM informed", "Practitioner informed", "Left Inadequate on"]
RECORDED = ["Audit findings", "Strengths", "Practice context"]


@dataclass(frozen=True)
class Step:
    """One open step of a case: the facts a finding is made of."""

    step: str
    case: str
    due: date
    start: date | None
    owner: str | None
    sheet: str
    row: int
    column: str | None
    item: str | int | None = None


@dataclass(frozen=True)
class Reading:
    """What this reading finds, in the words of the JSON of section 3."""

    findings: list[dict[str, Any]]
    positions: list[dict[str, Any]]
    counts: dict[str, int]


def after(start: date, limit: tuple[int, str]) -> date:
    amount, unit = limit
    if unit == "wd":
        return working_days_after(start, amount)
    if unit == "wd before":
        return working_days_before(start, amount)
    if unit == "m":
        return months_after(start, amount)  # "clamped to the month's end"
    return start + timedelta(days=amount)  # "28 d is start + 28"


class CaseReading:
    """One usable case as at one day: its grade, open steps, stage and RAG."""

    def __init__(
        self,
        tracker: Tracker,
        row: Row,
        as_at: date,
        limits: dict[str, tuple[int, str]],
        reaudit_from: str,
    ) -> None:
        self.tracker = tracker
        self.row = row
        self.as_at = as_at
        self.limits = limits
        self.reaudit_from = reaudit_from
        self.ref = text(row, "Case ref") or ""
        self.grade = self.grade_that_counts()
        self.outside = self.grade not in (INADEQUATE, OUTSTANDING)
        self.actions = self.rows_of(ACTIONS)
        self.re_audits = self.rows_of(RE_AUDITS)
        self.examples = self.rows_of(GOOD_PRACTICE)
        self.passing = self.passing_re_audit()
        self.steps: list[Step] = []
        if not self.outside:
            self.steps_to_the_meeting()
            self.steps_of_the_meeting()
            if self.grade == INADEQUATE:
                self.steps_of_re_audits()
                self.steps_of_leaving()
            self.steps_of_examples()
        # "Actions are chased as long as they are open, whatever the stage of their case,
        # outside cases too."
        self.steps_of_actions()

    # --- what has happened -------------------------------------------------------------

    def rows_of(self, sheet: str) -> list[Row]:
        return [row for row in self.tracker[sheet].rows if text(row, "Case ref") == self.ref]

    def happened(self, heading: str, row: Row | None = None) -> date | None:
        """'A date later than the report date has not happened yet'."""
        day = planned(row or self.row, heading)
        return day if day is not None and day <= self.as_at else None

    def grade_that_counts(self) -> str:
        """'The moderated grade counts from the day moderation was completed, the audit grade
        before it. A moderated grade without that date does not count'.
        """
        moderated = listed(self.row, "Moderated grade", GRADES)
        if moderated and self.happened("Moderation completed"):
            return moderated
        return listed(self.row, "Audit grade", GRADES) or ""

    def booked(self) -> date | None:
        """'A booking counts from the day moderation was completed, at once where that cell is
        blank'; 'Meeting booked for [is a plan]: a date ahead counts'.
        """
        moderation = planned(self.row, "Moderation completed")
        if moderation is not None and moderation > self.as_at:
            return None
        return planned(self.row, "Meeting booked for")

    def graded_re_audits(self) -> list[tuple[int, date, str, Row]]:
        """The dated re-audits with a grade of the list, by Round.

        'A dated re-audit without a grade opens nothing: no panel, no next round, no leaving.'
        """
        found = []
        for row in self.re_audits:
            number = round_of(row)
            day = self.happened("Re-audit date", row)
            grade = listed(row, "Grade", GRADES)
            if number and day and grade:
                found.append((number, day, grade, row))
        return sorted(found, key=lambda one: one[0])

    def passing_re_audit(self) -> Row | None:
        """'The first re-audit graded other than Inadequate is the passing one.'"""
        if self.grade != INADEQUATE:
            return None
        for _number, _day, grade, row in self.graded_re_audits():
            if grade != INADEQUATE:
                return row
        return None

    def passed_on(self) -> date | None:
        return planned(self.passing, "Re-audit date") if self.passing else None

    # --- owners ------------------------------------------------------------------------

    def named(self, heading: str) -> str:
        """'The person named in the cell; where the cell is blank, the role's name'."""
        return text(self.row, heading) or heading

    def on_people(self, role: str) -> str:
        """'The first person on People with that role and Active Yes, in sheet order; where
        there is none, the role's name'.
        """
        for person in self.tracker[PEOPLE].rows:
            name = text(person, "Name")
            if name and text(person, "Role") == role and text(person, "Active") == "Yes":
                return name
        return role

    # --- steps -------------------------------------------------------------------------

    def first_unfilled(self, headings: list[str], row: Row | None = None) -> str | None:
        """The first of these days that has not happened; None where all have."""
        for heading in headings:
            if self.happened(heading, row) is None:
                return heading
        return None

    def step(
        self,
        name: str,
        *,
        start: date | None,
        due: date,
        owner: str | None,
        column: str | None,
        sheet: str = CASES,
        row: Row | None = None,
        item: str | int | None = None,
    ) -> None:
        number = (row or self.row).number
        self.steps.append(Step(name, self.ref, due, start, owner, sheet, number, column, item))

    def dated_step(
        self,
        name: str,
        start: date | None,
        done_by: str,
        owner: str,
        *,
        sheet: str = CASES,
        row: Row | None = None,
        item: str | int | None = None,
    ) -> None:
        """A step with one start, one limit and one date that ends it.

        'A step is open from its start date on, as long as it is not done', and 'a step not
        recorded stays open whatever happened later'.
        """
        if start is not None and self.happened(done_by, row) is None:
            due = after(start, self.limits[name])
            self.step(
                name,
                start=start,
                due=due,
                owner=owner,
                column=done_by,
                sheet=sheet,
                row=row,
                item=item,
            )

    def steps_to_the_meeting(self) -> None:
        # "A case moderated into the process has all its steps from its Audit date."
        audit = self.happened("Audit date")
        moderation = self.happened("Moderation completed")
        held = self.happened("Meeting held")
        booked = self.booked()
        sqa = self.on_people("SQA Officer")

        self.dated_step("alert_managers", audit, "SM and HoS alerted", self.named("Auditor"))
        self.dated_step("notify_qa", audit, "QA and SQA notified", self.named("Auditor"))
        if self.grade == INADEQUATE:
            hos = self.named("Head of Service")
            self.dated_step("assure_child_safety", audit, "Child safety assured", hos)
        qa = self.on_people("QA Team Manager")
        self.dated_step("complete_moderation", audit, "Moderation completed", qa)

        # "once the meeting has been held, `book_meeting` and `invite_attendees` are over"
        if moderation and not booked and not held:
            due = after(moderation, self.limits["book_meeting"])
            column = "Meeting booked for"
            self.step("book_meeting", start=moderation, due=due, owner=sqa, column=column)
        # "`invite_attendees` and `hold_meeting` are open as soon as the booking counts; their
        # start is the booked date."
        not_invited = self.first_unfilled(INVITED)
        if booked and not_invited and not held:
            due = after(booked, self.limits["invite_attendees"])
            self.step("invite_attendees", start=booked, due=due, owner=sqa, column=not_invited)
        if booked and not held:
            self.step("hold_meeting", start=booked, due=booked, owner=sqa, column="Meeting held")

    def steps_of_the_meeting(self) -> None:
        held = self.happened("Meeting held")
        if not held:
            return
        sqa = self.on_people("SQA Officer")
        hos = self.named("Head of Service")

        # "Audit findings, Strengths, Practice context; for Inadequate also Support agreed and
        # one Actions row or more; for Outstanding one Good practice row or more". "Text and list
        # answers carry no date: where they are filled, they count as done at any report date."
        answers = [*RECORDED, "Support agreed"] if self.grade == INADEQUATE else RECORDED
        blank = [heading for heading in answers if text(self.row, heading) is None]
        rows_made = self.actions if self.grade == INADEQUATE else self.examples
        if blank or not rows_made:
            due = after(held, self.limits["record_meeting"])
            column = blank[0] if blank else None
            self.step("record_meeting", start=held, due=due, owner=sqa, column=column)

        if self.grade != INADEQUATE:
            return
        review = listed(self.row, "Caseload review", REVIEWS)
        if review is None:
            due = after(held, self.limits["decide_caseload_review"])
            column = "Caseload review"
            self.step("decide_caseload_review", start=held, due=due, owner=hos, column=column)
        if review == "Required":
            # "Caseload reviewer, else Head of Service"
            owner = text(self.row, "Caseload reviewer") or hos
            self.dated_step("exception_report", held, "Exception report completed", owner)

    def steps_of_re_audits(self) -> None:
        audit = self.happened("Audit date")
        held = self.happened("Meeting held")
        graded = self.graded_re_audits()

        # "`re_audit` round 1 is open from the Audit date until a meeting is held; from then on
        # it is due Meeting held + 3 m." By setting, the Audit date throughout.
        opened: dict[int, date] = {}
        first_start = audit if self.reaudit_from == "audit" else (held or audit)
        if first_start:
            opened[1] = first_start
        # "Round n+1 opens when round n's re-audit came out Inadequate."
        for number, day, grade, _row in graded:
            if grade == INADEQUATE:
                opened[number + 1] = day

        for number, start in sorted(opened.items()):
            rows = [row for row in self.re_audits if round_of(row) == number]
            if any(self.happened("Re-audit date", row) for row in rows):
                continue
            # "a step without a row of its own (a round not yet entered) has the case's row on
            # Cases, column and cell null"
            self.step(
                "re_audit",
                start=start,
                due=after(start, self.limits["re_audit"]),
                owner=self.named("Service Manager"),
                column="Re-audit date" if rows else None,
                sheet=RE_AUDITS if rows else CASES,
                row=rows[0] if rows else None,
                item=number,
            )

        for number, day, _grade, row in graded:
            if self.happened("Panel review date", row):
                continue
            self.step(
                "panel_review",
                start=day,
                due=self.next_panel(day) or after(day, self.limits["panel_review"]),
                owner=self.on_people("SQA Officer"),
                column="Panel review date",
                sheet=RE_AUDITS,
                row=row,
                item=number,
            )

    def next_panel(self, day: date) -> date | None:
        """'The first one strictly after the re-audit date', of the Meetings as they stand."""
        days = [
            panel
            for row in self.tracker[MEETINGS].rows
            if text(row, "Type") == "Panel Review"
            and (panel := planned(row, "Date")) is not None
            and panel > day
        ]
        return min(days, default=None)

    def steps_of_leaving(self) -> None:
        passed = self.passed_on()
        # "Left Inadequate on without a passing re-audit ... ends nothing", and starts nothing.
        if self.passing is None or passed is None:
            return
        not_informed = self.first_unfilled(INFORMED)
        if not_informed:
            sqa = self.on_people("SQA Officer")
            due = after(passed, self.limits["inform_leavers"])
            self.step("inform_leavers", start=passed, due=due, owner=sqa, column=not_informed)
        re_auditor = text(self.passing, "Re-auditor") or "Re-auditor"
        self.dated_step("upload_reaudit", passed, "Re-audit on ICS", re_auditor)

    def steps_of_examples(self) -> None:
        start = self.happened("Meeting held")
        if self.grade == INADEQUATE:
            # "Examples of Inadequate cases are chased too, once the case has left:
            # `review_example` then starts at the passing re-audit date."
            start = self.passed_on()
            if start is None:
                return
        sqa = self.on_people("SQA Officer")
        for row in self.examples:
            chain = [
                ("review_example", start, "Reviewed on"),
                ("anonymise_example", self.happened("Reviewed on", row), "Anonymised on"),
                ("upload_example", self.happened("Anonymised on", row), "Uploaded on"),
                ("announce_example", self.happened("Uploaded on", row), "Service email sent on"),
            ]
            item = text(row, "Example ref")
            for name, began, done_by in chain:
                self.dated_step(name, began, done_by, sqa, sheet=GOOD_PRACTICE, row=row, item=item)

    def steps_of_actions(self) -> None:
        for row in self.actions:
            due = planned(row, "Due date")
            # "No Due date is an error, not an open step."
            if due is None or not self.actions_exist() or self.action_done(row):
                continue
            self.step(
                "action",
                start=None,  # "its `start` is null"
                due=due,
                owner=text(row, "Owner"),  # "an action's blank Owner: null"
                column="Completed on",
                sheet=ACTIONS,
                row=row,
                item=text(row, "Action ref"),
            )

    def actions_exist(self) -> bool:
        """'From its case's Meeting held, or from the Audit date where no meeting is filled
        in'.
        """
        begins = planned(self.row, "Meeting held") or planned(self.row, "Audit date")
        return begins is not None and begins <= self.as_at

    def action_done(self, row: Row) -> bool:
        """'When Completed on is not after the report date, or, where Completed on is blank,
        when Status is Complete or Cancelled'.
        """
        completed = planned(row, "Completed on")
        if completed is not None:
            return completed <= self.as_at
        return listed(row, "Status", STATUSES) in ("Complete", "Cancelled")

    # --- position ----------------------------------------------------------------------

    def stage(self) -> str:
        """'First that holds'."""
        if self.outside:
            return "Outside process"
        if self.passing:
            return "Leaving" if self.steps else "Closed"
        if self.grade == INADEQUATE and self.awaits_a_panel():
            return "Awaiting panel"
        if self.happened("Meeting held"):
            if self.grade == INADEQUATE:
                return "Improving"
            return "Sharing practice" if self.steps else "Closed"
        if self.booked():
            return "Awaiting meeting"
        if self.happened("Moderation completed"):
            return "Booking"
        if self.happened("QA and SQA notified"):
            return "Moderation"
        return "Identified"

    def awaits_a_panel(self) -> bool:
        """'A dated re-audit of any round whose panel date is missing', graded or not."""
        for row in self.re_audits:
            dated = round_of(row) and self.happened("Re-audit date", row)
            if dated and not self.happened("Panel review date", row):
                return True
        return False

    def level(self, due: date) -> str | None:
        """'Overdue: due < report date. Due soon: report date ≤ due ≤ 10 wd after it.'"""
        if due < self.as_at:
            return "overdue"
        if due <= after(self.as_at, self.limits["due_soon"]):
            return "due_soon"
        return None

    def has_row_error(self) -> bool:
        """The errors this reading is sure of, on the case's rows.

        '"The row" of Amber means the case's row and those of its actions, re-audits and
        examples.'
        """
        # "No Due date is an error"
        if self.actions_exist() and any(planned(row, "Due date") is None for row in self.actions):
            return True
        # "A dated re-audit without a grade is an error"
        for row in self.re_audits:
            if self.happened("Re-audit date", row) and not listed(row, "Grade", GRADES):
                return True
        return self.has_round_error()

    def has_round_error(self) -> bool:
        """'A missing, repeated or skipped Round is an error.'"""
        rounds = [round_of(row) or 0 for row in self.re_audits]
        return sorted(rounds) != list(range(1, len(rounds) + 1))

    def rag(self) -> str:
        """'First that holds: Outside, Red, Amber, Complete, Green.'"""
        if self.outside:
            return "Outside"
        levels = {self.level(step.due) for step in self.steps}
        if "overdue" in levels:
            return "Red"
        if "due_soon" in levels or self.has_row_error():
            return "Amber"
        return "Complete" if self.stage() == "Closed" else "Green"

    def position(self) -> dict[str, Any]:
        """'The open step or action due first; of equals, the one higher in the table.'"""
        first = min(self.steps, key=lambda one: (one.due, STEPS.index(one.step)), default=None)
        return {
            "case": self.ref,
            "grade": self.grade,
            "stage": self.stage(),
            "rag": self.rag(),
            "next_step": first.step if first else None,
            "due": first.due.isoformat() if first else None,
            "row": self.row.number,
        }

    def findings(self) -> list[dict[str, Any]]:
        """'One finding for each such step.'"""
        found = []
        for step in self.steps:
            level = self.level(step.due)
            if level is None:
                continue
            late = (self.as_at - step.due).days if level == "overdue" else None
            found.append(
                {
                    "level": level,
                    "clause": clause_of(step),
                    "step": step.step,
                    "sheet": step.sheet,
                    "row": step.row,
                    "column": step.column,
                    "cell": address(self.tracker, step.sheet, step.row, step.column),
                    "case": step.case,
                    "item": step.item,
                    "owner": step.owner,
                    "start": step.start.isoformat() if step.start else None,
                    "due": step.due.isoformat(),
                    "days_overdue": late,
                }
            )
        return found


def clause_of(step: Step) -> str:
    """'`re_audit` is C13 for round 1, then C15'."""
    if step.step == "re_audit":
        return "C13" if step.item == 1 else "C15"
    return CLAUSES[step.step]


def is_usable(row: Row, times_used: Counter[str]) -> bool:
    """'Rows with a duplicate Case ref, or without a usable ref, Audit date or grade, are
    excluded'.
    """
    ref = text(row, "Case ref")
    return (
        ref is not None
        and times_used[ref] == 1
        and planned(row, "Audit date") is not None
        and listed(row, "Audit grade", GRADES) is not None
    )


def review(
    tracker: Tracker,
    as_at: date,
    limits: dict[str, tuple[int, str]] = LIMITS,
    reaudit_from: str = "meeting",
) -> Reading:
    """Findings, positions and counts of the whole tracker as at one day."""
    rows = [row for row in tracker[CASES].rows if is_filled(row)]
    times_used = Counter(ref for row in rows if (ref := text(row, "Case ref")))
    read: list[CaseReading] = []
    for row in rows:
        # "A case whose Audit date is after the report date does not exist yet."
        audit = planned(row, "Audit date")
        if is_usable(row, times_used) and audit is not None and audit <= as_at:
            read.append(CaseReading(tracker, row, as_at, limits, reaudit_from))

    findings = [finding for case in read for finding in case.findings()]
    levels = Counter(finding["level"] for finding in findings)
    outside = sum(case.outside for case in read)
    counts = {
        # rows_read: the filled rows on Cases, being cases, outside and excluded together
        "rows_read": len(rows),
        "cases": len(read) - outside,
        "outside": outside,
        "excluded": len(rows) - len(read),
        "overdue": levels["overdue"],
        "due_soon": levels["due_soon"],
    }
    return Reading(findings, [case.position() for case in read], counts)
