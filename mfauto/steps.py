"""The steps of the process: the one table of what is due, when and from whom.

A step is data. Overdue findings, stage, RAG, next step, emails, the pack's
timeliness and `explain` all read it; nothing else names a step. The order is
the process's own, and settles which of two equal due dates comes first.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Final

from mfauto.columns import ACTIONS, CASES, EXAMPLES, REAUDITS
from mfauto.model import Due, Example, Review
from mfauto.records import field, record
from mfauto.standing import INADEQUATE, Standing
from mfauto.wording import listed

AFTER: Final = "after"  #: due the limit after the start
BEFORE: Final = "before"  #: due the limit before the start
ON: Final = "on"  #: due on the start itself
NEXT_PANEL: Final = "next panel"  #: due at the next listed Panel Review, else the limit after
OWN: Final = "own"  #: due on the row's own Due date


@record
class Step:
    """One obligation of the process."""

    id: str
    rule: str  #: its code in the catalogue; for ever the same
    clause: str
    grade: str | None = None  #: "Inadequate" or "Outstanding"; None for both
    of: str = "case"  #: case, round, example or action: whose obligation it is
    starts: Callable[[Standing], date | None] | None = None  #: None: the engine's own, by `of`
    follows: str | None = None  #: for an example: the field whose date starts the clock
    start_name: str  #: the start in words, such as "Audit date"
    due: str = AFTER  #: how the due date follows from the start
    records: tuple[str, ...]  #: the fields that end it, all of them
    if_inadequate: tuple[str, ...] = ()  #: further fields that an Inadequate case needs
    also: Callable[[Standing], bool] | None = None  #: what else must hold to end it
    over: Callable[[Standing], bool] | None = None  #: when it is over though not recorded
    owner: tuple[str, ...] = ()  #: fields that may name the owner, first filled one wins
    role: str  #: whose duty it is where no field names anybody
    title: str  #: what is wrong, for a list of findings
    todo: str  #: what is to be done, for a list of tasks
    todo_for: str = ""  #: the same where only some are left, such as "Invite {}"; "" for one thing
    whom: Mapping[str, str] = field(
        default_factory=dict
    )  #: by field: who stands for it in `todo_for`
    why: str
    put_right: str


def _has_rows(standing: Standing) -> bool:
    if standing.grade == INADEQUATE:
        return bool(standing.actions)
    return bool(standing.examples)


def _meeting_over(standing: Standing) -> bool:
    return standing.meeting_held is not None


def _review_required(standing: Standing) -> date | None:
    return standing.meeting_held if standing.case.caseload_review == "Required" else None


def _left(standing: Standing) -> date | None:
    return standing.passing.audited if standing.passing else None


def example_shared(standing: Standing) -> date | None:
    """Give the day from which a case's examples are chased; None before.

    For an Outstanding case its meeting (C10), for an Inadequate one the day it left (C14).
    """
    return _left(standing) if standing.grade == INADEQUATE else standing.meeting_held


def example_start(step: Step, standing: Standing, example: Example) -> date | None:
    """Give the day the clock of an example's `step` started; None while it has not."""
    shared = example_shared(standing)
    if step.follows is None:
        return shared
    if standing.grade == INADEQUATE and shared is None:
        return None
    return standing.seen(getattr(example, step.follows))


STEPS: Final = (
    Step(
        id="alert_managers",
        rule="MF101",
        clause="C01",
        starts=lambda standing: standing.audited,
        start_name="Audit date",
        records=("managers_alerted",),
        owner=("auditor",),
        role="Auditor",
        title="Service Manager and Head of Service not alerted",
        todo="Alert the Service Manager and the Head of Service",
        why="Until they know, nobody can act on what the audit found.",
        put_right="Tell both managers, then enter the date in SM and HoS alerted.",
    ),
    Step(
        id="notify_qa",
        rule="MF102",
        clause="C02",
        starts=lambda standing: standing.audited,
        start_name="Audit date",
        records=("qa_notified",),
        owner=("auditor",),
        role="Auditor",
        title="Quality assurance not notified",
        todo="Notify the QA Team Manager and the SQA Officer",
        why="The process starts only when quality assurance hears of the case.",
        put_right="Tell the QA Team Manager and the SQA Officer, "
        "then enter the date in QA and SQA notified.",
    ),
    Step(
        id="assure_child_safety",
        rule="MF103",
        clause="C03",
        grade=INADEQUATE,
        starts=lambda standing: standing.audited,
        start_name="Audit date",
        records=("child_safety_assured",),
        owner=("head_of_service",),
        role="Head of Service",
        title="Child safety not assured",
        todo="Assure that the child is not at risk",
        why="Nobody has yet confirmed that the child is not at risk from the practice found.",
        put_right="Assure yourself that the child is not at risk because of the practice found, "
        "then enter the date in Child safety assured.",
    ),
    Step(
        id="complete_moderation",
        rule="MF104",
        clause="C04",
        starts=lambda standing: standing.audited,
        start_name="Audit date",
        records=("moderation_completed",),
        role="QA Team Manager",
        title="Moderation not completed",
        todo="Complete moderation",
        why="The meeting cannot be booked until the grade is settled.",
        put_right="Complete moderation, then enter the date in Moderation completed.",
    ),
    Step(
        id="book_meeting",
        rule="MF105",
        clause="C04",
        starts=lambda standing: standing.moderation_completed,
        start_name="Moderation completed",
        records=("meeting_booked",),
        over=_meeting_over,
        role="SQA Officer",
        title="Moving Forward Meeting not booked",
        todo="Book the Moving Forward Meeting",
        why="Every week without a meeting is a week without agreed actions.",
        put_right="Book the next available meeting, then enter its date in Meeting booked for.",
    ),
    Step(
        id="invite_attendees",
        rule="MF106",
        clause="C05",
        starts=lambda standing: standing.booked,
        start_name="Meeting booked for",
        due=BEFORE,
        records=("practitioner_invited", "team_manager_invited", "service_manager_invited"),
        over=_meeting_over,
        role="SQA Officer",
        title="Not everyone invited to the meeting",
        todo="Invite the Practitioner, the Team Manager and the Service Manager",
        todo_for="Invite {}",
        whom={
            "practitioner_invited": "the Practitioner",
            "team_manager_invited": "the Team Manager",
            "service_manager_invited": "the Service Manager",
        },
        why="The meeting needs the three people who can change the practice.",
        put_right="Send the invitation, then enter the date in each of the three invited columns.",
    ),
    Step(
        id="hold_meeting",
        rule="MF107",
        clause="C06",
        starts=lambda standing: standing.booked,
        start_name="Meeting booked for",
        due=ON,
        records=("meeting_held",),
        role="SQA Officer",
        title="Meeting not recorded as held",
        todo="Hold the Moving Forward Meeting",
        why="The booked day has passed, and the tracker does not say that the meeting took place.",
        put_right="Enter the date in Meeting held, or a new date in Meeting booked for.",
    ),
    Step(
        id="record_meeting",
        rule="MF108",
        clause="C06",
        starts=lambda standing: standing.meeting_held,
        start_name="Meeting held",
        records=("audit_findings", "strengths", "practice_context"),
        if_inadequate=("support_agreed",),
        also=_has_rows,
        role="SQA Officer",
        title="Meeting not written up",
        todo="Write up the meeting",
        why="What was examined and agreed is lost unless it is written down.",
        put_right="Fill in the findings, strengths and context. An Inadequate case also needs "
        "the support agreed and an action, an Outstanding one a good practice example.",
    ),
    Step(
        id="decide_caseload_review",
        rule="MF109",
        clause="C09",
        grade=INADEQUATE,
        starts=lambda standing: standing.meeting_held,
        start_name="Meeting held",
        records=("caseload_review",),
        owner=("head_of_service",),
        role="Head of Service",
        title="Caseload review not decided",
        todo="Decide whether the practitioner's cases need a review",
        why="Other children may be affected by the same practice.",
        put_right="Choose Required or Not required under Caseload review.",
    ),
    Step(
        id="exception_report",
        rule="MF110",
        clause="C09",
        grade=INADEQUATE,
        starts=_review_required,
        start_name="Meeting held",
        records=("exception_report_completed",),
        owner=("caseload_reviewer", "head_of_service"),
        role="Head of Service",
        title="Exception report not completed",
        todo="Complete the exception report",
        why="Until it arrives nobody above the service has looked at the practitioner's "
        "other cases.",
        put_right="Complete the report, then enter the date in Exception report completed.",
    ),
    Step(
        id="re_audit",
        rule="MF111",
        clause="C13",
        grade=INADEQUATE,
        of="round",
        start_name="Meeting held",
        records=("audited",),
        owner=("service_manager",),
        role="Service Manager",
        title="Re-audit not carried out",
        todo="Carry out the re-audit",
        why="Only a re-audit shows whether practice has left Inadequate.",
        put_right="Carry out the re-audit, then enter its round, date and grade on Re-audits.",
    ),
    Step(
        id="panel_review",
        rule="MF112",
        clause="C13",
        grade=INADEQUATE,
        of="round",
        start_name="Re-audit date",
        due=NEXT_PANEL,
        records=("panel_held",),
        role="SQA Officer",
        title="Re-audit not shared at a panel",
        todo="Share the re-audit at a Panel Review",
        why="The panel decides what happens next for the case.",
        put_right="Take the re-audit to the panel, then enter the date in Panel review date.",
    ),
    Step(
        id="inform_leavers",
        rule="MF113",
        clause="C14",
        grade=INADEQUATE,
        starts=_left,
        start_name="Re-audit date",
        records=("hos_informed", "sm_informed", "practitioner_informed", "left_inadequate"),
        role="SQA Officer",
        title="Not everyone told that the case has left Inadequate",
        todo="Tell the Head of Service, the Service Manager and the Practitioner",
        todo_for="Tell {}",
        whom={
            "hos_informed": "the Head of Service",
            "sm_informed": "the Service Manager",
            "practitioner_informed": "the Practitioner",
        },
        why="The people who worked for it should hear that the case has moved out.",
        put_right="Tell all three, then enter the dates, and the date in Left Inadequate on.",
    ),
    Step(
        id="upload_reaudit",
        rule="MF114",
        clause="C14",
        grade=INADEQUATE,
        starts=_left,
        start_name="Re-audit date",
        records=("reaudit_on_ics",),
        owner=("reauditor",),
        role="Re-auditor",
        title="Re-audit not on ICS",
        todo="Upload the re-audit to ICS",
        why="The child's record must show the better grade.",
        put_right="Upload the re-audit, then enter the date in Re-audit on ICS.",
    ),
    Step(
        id="review_example",
        rule="MF115",
        clause="C10",
        of="example",
        start_name="Meeting held",
        records=("reviewed",),
        role="SQA Officer",
        title="Good practice example not reviewed",
        todo="Review the good practice example",
        why="Good practice helps others only once it has been looked at.",
        put_right="Review the example, then enter the date in Reviewed on.",
    ),
    Step(
        id="anonymise_example",
        rule="MF116",
        clause="C10",
        of="example",
        follows="reviewed",
        start_name="Reviewed on",
        records=("anonymised",),
        role="SQA Officer",
        title="Good practice example not anonymised",
        todo="Anonymise the good practice example",
        why="Nothing may be shared while it could name a child or a family.",
        put_right="Take all names out, have a person check it, then fill in Anonymised on.",
    ),
    Step(
        id="upload_example",
        rule="MF117",
        clause="C10",
        of="example",
        follows="anonymised",
        start_name="Anonymised on",
        records=("uploaded",),
        role="SQA Officer",
        title="Good practice example not uploaded",
        todo="Upload the good practice example to the library",
        why="Practitioners find examples only in the Good Practice Library.",
        put_right="Upload the example, then enter the date in Uploaded on.",
    ),
    Step(
        id="announce_example",
        rule="MF118",
        clause="C11",
        of="example",
        follows="uploaded",
        start_name="Uploaded on",
        records=("announced",),
        role="SQA Officer",
        title="Good practice example not announced",
        todo="Announce the good practice example to the service",
        why="Nobody looks for an example they have not heard of.",
        put_right="Send the service email, then enter the date in Service email sent on.",
    ),
    Step(
        id="action",
        rule="MF119",
        clause="C07",
        of="action",
        due=OWN,
        start_name="Due date",
        records=("completed",),
        owner=("owner",),
        role="",
        title="Action not completed",
        todo="Complete the action",
        why="The actions agreed at the meeting are what moves a case on.",
        put_right="Enter the date in Completed on, or agree a new Due date with the manager.",
    ),
)

_SHEETS: Final = {"case": CASES, "round": REAUDITS, "example": EXAMPLES, "action": ACTIONS}


def timed(step: Step) -> bool:
    """Say whether the tracker has a cell for the day on which a step is done.

    A text or a choice carries no day, and a booking names the day of the meeting.
    """
    sheet = _SHEETS[step.of]
    return any(sheet.column(field).kind == "date" for field in step.records)


def left_to_do(step: Step, left: Sequence[str]) -> str:
    """Say what is left of a step to do, going by the fields still to fill."""
    if not step.whom or not left:
        return step.todo
    whom = [step.whom[field] for field in left if field in step.whom]
    if whom:
        return step.todo_for.format(listed(whom))
    return f"Fill in {listed([CASES.column(field).heading for field in left])}"


STEP: Final = {step.id: step for step in STEPS}  #: by id
ORDER: Final = {step.id: place for place, step in enumerate(STEPS)}  #: place in the process
SAFETY: Final = "assure_child_safety"  #: the one step that is told on its own, before all others


def unassured(review: Review) -> list[Due]:
    """Give the assurances of child safety that are open (C03), late or not: earliest due first."""
    found = [due for due in review.open if due.step == SAFETY]
    return sorted(found, key=lambda due: (due.on, due.case.row))
