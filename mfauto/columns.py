"""The tracker's sheets and columns: what each is called and what it holds.

The one list of headings. The reader, the template, the flags and the messages
all take theirs from here. Pure data.
"""

from collections.abc import Mapping
from typing import Final

from mfauto.records import record

GRADES: Final = ("Outstanding", "Good", "Requires improvement", "Inadequate")
REVIEWS: Final = ("Required", "Not required")
STATUSES: Final = ("Open", "In progress", "Complete", "Cancelled")
MEETING_TYPES: Final = ("Moving Forward Meeting", "Panel Review")
ROLES: Final = (
    "Practitioner",
    "Team Manager",
    "Service Manager",
    "Head of Service",
    "QA Team Manager",
    "SQA Officer",
    "Auditor",
    "Executive Director",
    "Director",
)
YES_NO: Final = ("Yes", "No")


@record
class Column:
    """One column of a sheet."""

    field: str  #: name of the field in `model`
    heading: str  #: as the contract spells it
    kind: str  #: ref, date, plan, choice, person, text, number, time, place, email or auto
    choices: tuple[str, ...] = ()  #: the list of a choice; empty for other kinds
    clause: str | None = None  #: the process clause it serves; None where it serves none
    hint: str = ""  #: what to type, shown when the cell is chosen; "" where plain

    @property
    def is_date(self) -> bool:
        """Say whether the cell holds a day: one that has come, or a plan."""
        return self.kind in ("date", "plan")


@record
class Sheet:
    """One data sheet: an Excel Table with these columns."""

    name: str  #: the sheet's name
    table: str  #: the Excel Table's name
    columns: tuple[Column, ...]
    key: tuple[str, ...]  #: fields without which no row of it can be read at all

    def column(self, field: str) -> Column:
        """Give the column of `field`. KeyError where there is none."""
        for column in self.columns:
            if column.field == field:
                return column
        raise KeyError(field)


def _column(
    field: str,
    heading: str,
    kind: str,
    clause: str | None = None,
    hint: str = "",
    choices: tuple[str, ...] = (),
) -> Column:
    return Column(
        field=field, heading=heading, kind=kind, choices=choices, clause=clause, hint=hint
    )


CASES: Final = Sheet(
    name="Cases",
    table="Cases",
    key=("ref", "audited", "audit_grade"),
    columns=(
        _column(
            "ref",
            "Case ref",
            "ref",
            hint="A number of your own for the case. Never a child's name.",
        ),
        _column("audited", "Audit date", "date", "C01", "The day of the audit."),
        _column(
            "audit_grade",
            "Audit grade",
            "choice",
            "C01",
            "As the auditor graded it. Only Inadequate and Outstanding are followed up.",
            choices=GRADES,
        ),
        _column(
            "moderated_grade",
            "Moderated grade",
            "choice",
            "C04",
            "The grade that counts, from the day under Moderation completed.",
            choices=GRADES,
        ),
        _column(
            "service_area",
            "Service area",
            "place",
            hint="Choose from the list. Add to it on Lists.",
        ),
        _column("team", "Team", "text"),
        _column("practitioner", "Practitioner", "person", "C05", "The name as on People."),
        _column("team_manager", "Team Manager", "person", "C05", "The name as on People."),
        _column("service_manager", "Service Manager", "person", "C01", "The name as on People."),
        _column("head_of_service", "Head of Service", "person", "C03", "The name as on People."),
        _column("auditor", "Auditor", "person", "C01", "The name as on People."),
        _column(
            "managers_alerted",
            "SM and HoS alerted",
            "date",
            "C01",
            "The day on which both managers had been told.",
        ),
        _column(
            "qa_notified",
            "QA and SQA notified",
            "date",
            "C02",
            "The day the auditor told the QA Team Manager and the SQA Officer.",
        ),
        _column(
            "child_safety_assured",
            "Child safety assured",
            "date",
            "C03",
            "The day the Head of Service made sure the child is safe.",
        ),
        _column(
            "child_safety_note",
            "Child safety note",
            "text",
            "C03",
            "How the Head of Service made sure. No names of children.",
        ),
        _column(
            "moderation_completed",
            "Moderation completed",
            "date",
            "C04",
            "The day moderation ended. Leave blank until then.",
        ),
        _column(
            "meeting_booked",
            "Meeting booked for",
            "plan",
            "C04",
            "The day of the Moving Forward Meeting. It may be ahead.",
        ),
        _column(
            "practitioner_invited",
            "Practitioner invited",
            "date",
            "C05",
            "The day the invitation went out.",
        ),
        _column(
            "team_manager_invited",
            "Team Manager invited",
            "date",
            "C05",
            "The day the invitation went out.",
        ),
        _column(
            "service_manager_invited",
            "Service Manager invited",
            "date",
            "C05",
            "The day the invitation went out.",
        ),
        _column(
            "meeting_held",
            "Meeting held",
            "date",
            "C06",
            "The day the meeting took place. Leave blank until then.",
        ),
        _column(
            "audit_findings",
            "Audit findings",
            "text",
            "C06",
            "What the audit found, in a few sentences.",
        ),
        _column(
            "strengths", "Strengths", "text", "C06", "What went well, also in an Inadequate case."
        ),
        _column(
            "practice_context",
            "Practice context",
            "text",
            "C06",
            "What the practice has to be seen against, such as workload.",
        ),
        _column(
            "support_agreed",
            "Support agreed",
            "text",
            "C07",
            "What the practitioner is given to help the case leave Inadequate.",
        ),
        _column(
            "caseload_review",
            "Caseload review",
            "choice",
            "C09",
            "Is a review of the practitioner's other cases required?",
            choices=REVIEWS,
        ),
        _column(
            "caseload_reviewer",
            "Caseload reviewer",
            "person",
            "C09",
            "The Head of Service or Service Manager who does the review.",
        ),
        _column(
            "cases_reviewed", "Cases reviewed", "number", "C09", "How many cases were reviewed."
        ),
        _column(
            "exception_summary",
            "Exception summary",
            "text",
            "C09",
            "What the review found, in a few sentences.",
        ),
        _column(
            "exception_report_completed",
            "Exception report completed",
            "date",
            "C09",
            "The day the one-page report was finished.",
        ),
        _column(
            "left_inadequate",
            "Left Inadequate on",
            "date",
            "C14",
            "Only after a re-audit graded other than Inadequate.",
        ),
        _column(
            "hos_informed",
            "HoS informed",
            "date",
            "C14",
            "The day they heard that the case has left Inadequate.",
        ),
        _column(
            "sm_informed",
            "SM informed",
            "date",
            "C14",
            "The day they heard that the case has left Inadequate.",
        ),
        _column(
            "practitioner_informed",
            "Practitioner informed",
            "date",
            "C14",
            "The day they heard that the case has left Inadequate.",
        ),
        _column(
            "reaudit_on_ics", "Re-audit on ICS", "date", "C14", "The day the re-audit was uploaded."
        ),
        _column(
            "themes", "Themes", "text", "C17", "Put a semicolon between themes: Plans; Visits."
        ),
        _column("notes", "Notes", "text"),
        _column("auto_stage", "Auto stage", "auto"),
        _column("auto_rag", "Auto RAG", "auto"),
        _column("auto_next_step", "Auto next step", "auto"),
        _column("auto_due", "Auto due", "auto"),
        _column("auto_checks", "Auto checks", "auto"),
        _column("auto_checked_on", "Auto checked on", "auto"),
    ),
)

ACTIONS: Final = Sheet(
    name="Actions",
    table="Actions",
    key=("case_ref",),
    columns=(
        _column("ref", "Action ref", "ref", "C07", "A number of its own for every action."),
        _column("case_ref", "Case ref", "ref", "C07", "As on Cases."),
        _column("action", "Action", "text", "C07", "What is to be done, in one sentence."),
        _column("owner", "Owner", "person", "C07", "One name, as on People."),
        _column(
            "original_due",
            "Original due date",
            "plan",
            "C07",
            "The day first agreed. It stays as it is.",
        ),
        _column(
            "due",
            "Due date",
            "plan",
            "C07",
            "The day it is due now. Change this one when an action is put off.",
        ),
        _column("status", "Status", "choice", "C07", "Choose from the list.", choices=STATUSES),
        _column("completed", "Completed on", "date", "C07", "The day it was done."),
        _column(
            "support_needed", "Support needed", "text", "C07", "What the owner needs to do it."
        ),
        _column("evidence", "Evidence", "text", "C07", "How you know that it is done."),
        _column("notes", "Notes", "text"),
        _column("auto_status", "Auto status", "auto"),
        _column("auto_days_overdue", "Auto days overdue", "auto"),
    ),
)

REAUDITS: Final = Sheet(
    name="Re-audits",
    table="ReAudits",
    key=("case_ref",),
    columns=(
        _column("case_ref", "Case ref", "ref", "C13", "As on Cases."),
        _column("round", "Round", "number", "C13", "1 for the first re-audit, then 2, and so on."),
        _column("audited", "Re-audit date", "date", "C13", "The day of the re-audit."),
        _column(
            "reauditor",
            "Re-auditor",
            "person",
            "C13",
            "The Service Manager or QA Team Manager who did it.",
        ),
        _column("grade", "Grade", "choice", "C13", "The re-audit's grade.", choices=GRADES),
        _column(
            "panel_held",
            "Panel review date",
            "date",
            "C13",
            "The day the panel looked at this re-audit.",
        ),
        _column(
            "panel_decision",
            "Panel decision",
            "text",
            "C13",
            "What the panel decided, and what comes next.",
        ),
        _column("notes", "Notes", "text"),
        _column("auto_due", "Auto due", "auto"),
    ),
)

EXAMPLES: Final = Sheet(
    name="Good practice",
    table="GoodPractice",
    key=("case_ref",),
    columns=(
        _column("ref", "Example ref", "ref", "C10", "A number of its own for every example."),
        _column("case_ref", "Case ref", "ref", "C10", "As on Cases."),
        _column(
            "example", "Example", "text", "C08", "What was done, and why it was good. No names."
        ),
        _column("theme", "Theme", "text", "C10", "One theme, as it is called in the library."),
        _column("reviewed", "Reviewed on", "date", "C10", "The day the SQA Officer looked at it."),
        _column(
            "anonymised",
            "Anonymised on",
            "date",
            "C10",
            "The day a person made sure that nobody can be recognised.",
        ),
        _column(
            "uploaded",
            "Uploaded on",
            "date",
            "C10",
            "The day it went into the library. Only after Anonymised on.",
        ),
        _column("library_link", "Library link", "text", "C10", "Where to find it in the library."),
        _column(
            "announced",
            "Service email sent on",
            "date",
            "C11",
            "The day the service was told of it.",
        ),
        _column("notes", "Notes", "text"),
        _column("auto_next_step", "Auto next step", "auto"),
    ),
)

MEETINGS: Final = Sheet(
    name="Meetings",
    table="Meetings",
    key=("held",),
    columns=(
        _column("held", "Date", "plan", "C04", "The day of the meeting. It may be ahead."),
        _column("type", "Type", "choice", "C04", "Choose from the list.", choices=MEETING_TYPES),
        _column("starts", "Start time", "time", hint="For example 10:00."),
        _column("places", "Places", "number", hint="How many cases it can take."),
        _column("location", "Location", "text", hint="A room, or Video call."),
        _column("notes", "Notes", "text"),
    ),
)

PEOPLE: Final = Sheet(
    name="People",
    table="People",
    key=("name",),
    columns=(
        _column(
            "name", "Name", "name", hint="First name and surname, as used on the other sheets."
        ),
        _column("role", "Role", "choice", hint="Choose from the list.", choices=ROLES),
        _column("email", "Email", "email", hint="One address. Leave blank where there is none."),
        _column("team", "Team", "text"),
        _column("service_area", "Service area", "place"),
        _column("reports_to", "Reports to", "person", hint="The manager's name, as on People."),
        _column(
            "active",
            "Active",
            "choice",
            hint="Yes. Change it to No once someone has left.",
            choices=YES_NO,
        ),
    ),
)

SHEETS: Final = (CASES, ACTIONS, REAUDITS, EXAMPLES, MEETINGS, PEOPLE)

#: other headings that can only mean one of ours, by ours; anything less sure needs a mapping
ALIASES: Final[Mapping[str, tuple[str, ...]]] = {
    "Case ref": ("Case reference", "Case ref no", "Case ref number", "Case reference number"),
    "Team Manager": ("TM",),
    "Service Manager": ("SM",),
    "Head of Service": ("HoS",),
    "SM and HoS alerted": ("HoS and SM alerted", "Service Manager and Head of Service alerted"),
    "QA and SQA notified": ("SQA and QA notified",),
    "HoS informed": ("Head of Service informed",),
    "SM informed": ("Service Manager informed",),
    "Team Manager invited": ("TM invited",),
    "Service Manager invited": ("SM invited",),
    "Action ref": ("Action reference", "Action ref no"),
    "Example ref": ("Example reference", "Example ref no"),
    "Re-auditor": ("Reaudited by", "Re-audit by"),
    "Email": ("E-mail address", "Email address"),
    "Reports to": ("Line manager",),
}

AUTO: Final = "Auto "  #: how the headings of the runner's own columns begin
