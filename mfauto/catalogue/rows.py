"""The rules about one row of Actions, Re-audits, Good practice, Meetings or People."""

from mfauto.catalogue import ERROR, QUERY, SETTLED, OfRow, Scope, missing, order, rule
from mfauto.comparing import same
from mfauto.model import Action, Example, Meeting, Person, ReAudit
from mfauto.standing import INADEQUATE, OUTSTANDING


def _before_the_audit(field: str) -> OfRow:
    def early(row: Action | Example, scope: Scope) -> bool:
        standing = scope.standings.get(same(row.case_ref or ""))
        return standing is not None and getattr(row, field) < standing.audited

    return early


for _code, _of, _field, _clause in (
    ("MF240", Action, "completed", "C07"),
    ("MF241", Example, "reviewed", "C10"),
    ("MF242", Example, "anonymised", "C10"),
    ("MF243", Example, "uploaded", "C10"),
    ("MF244", Example, "announced", "C11"),
):
    rule(
        _code,
        _of,
        clause=_clause,
        level=ERROR,
        reads=("case_ref", _field),
        title="Date before the audit of its case",
        why="Nothing in the process can come before its audit.",
        put_right="Correct this date, the Case ref, or the case's Audit date.",
    )(_before_the_audit(_field))


@rule(
    "MF050",
    Action,
    clause="C07",
    level=ERROR,
    reads=("case_ref",),
    blank="due",
    at="due",
    title="Action without a Due date",
    why="Without a day the action can never be overdue, so nobody would be reminded.",
    put_right="Enter the day agreed at the meeting under Due date.",
)
def _no_due_date(action: Action, scope: Scope) -> bool:
    standing = scope.standings.get(same(action.case_ref or ""))
    return standing is None or standing.action_exists()


@rule(
    "MF051",
    Action,
    clause="C07",
    level=QUERY,
    reads=("case_ref",),
    blank="owner",
    at="owner",
    title="Action without an owner",
    why="Nobody can be reminded of it.",
    put_right="Enter one name under Owner, as on People.",
)
def _no_owner(action: Action, _: Scope) -> bool:
    return action.completed is None and action.status not in SETTLED


@rule(
    "MF053",
    Action,
    clause="C07",
    level=QUERY,
    reads=("status",),
    at="completed",
    title="Status and Completed on disagree",
    why="The day under Completed on decides. The status says something else.",
    put_right="Make the two agree.",
)
def _status_disagrees(action: Action, _: Scope) -> bool:
    if action.completed is None:
        return action.status == "Complete"
    return action.status not in SETTLED


order(
    "MF054",
    ReAudit,
    "audited",
    "panel_held",
    clause="C13",
    title="Panel before the re-audit",
    why="The panel looks at the re-audit's findings, so the re-audit comes first.",
)


@rule(
    "MF041",
    ReAudit,
    clause="C15",
    level=ERROR,
    reads=("case_ref",),
    at="round",
    title="Re-audit without a round",
    why="Rounds are counted from 1. This one cannot be placed, so it does not count.",
    put_right="Enter 1 for the first re-audit of the case, 2 for the second, and so on.",
)
def _no_round(reaudit: ReAudit, _: Scope) -> bool:
    return not reaudit.round  # blank, or 0


missing(
    "MF044",
    ReAudit,
    "grade",
    beside=("audited",),
    clause="C13",
    level=ERROR,
    title="Re-audit without a grade",
    why="Without the grade nobody knows whether the case has left Inadequate.",
    put_right="Enter the re-audit's grade.",
)
missing(
    "MF045",
    ReAudit,
    "audited",
    beside=("grade",),
    clause="C13",
    level=QUERY,
    title="Re-audit grade without a day",
    why="A re-audit counts from its day, so this one does not count yet.",
    put_right="Enter the date in Re-audit date.",
)
missing(
    "MF078",
    ReAudit,
    "audited",
    beside=("panel_held",),
    at="panel_held",
    clause="C13",
    level=QUERY,
    title="Panel without the day of its re-audit",
    why="The panel looks at a re-audit, and one without a day does not count yet.",
    put_right="Enter the day under Re-audit date, or clear Panel review date.",
)


@rule(
    "MF081",
    Example,
    clause="C10",
    level=QUERY,
    reads=("case_ref", "reviewed"),
    title="Example reviewed before the meeting",
    why="The meeting names the good practice of an Outstanding case, so it comes first.",
    put_right="Correct this date, or the case's Meeting held.",
)
def _reviewed_before_the_meeting(example: Example, scope: Scope) -> bool:
    standing = scope.standings.get(same(example.case_ref or ""))
    if standing is None or standing.grade != OUTSTANDING or standing.meeting_held is None:
        return False
    reviewed = example.reviewed
    return reviewed is not None and standing.audited <= reviewed < standing.meeting_held


order(
    "MF046",
    Example,
    "reviewed",
    "anonymised",
    clause="C10",
    title="Anonymised before it was reviewed",
    why="The review decides what is worth sharing, so it comes first.",
)
order(
    "MF047",
    Example,
    "anonymised",
    "uploaded",
    clause="C10",
    title="Uploaded before it was anonymised",
    why="It may name a child, and the whole service can read it.",
)
missing(
    "MF048",
    Example,
    "anonymised",
    beside=("uploaded",),
    at="uploaded",
    clause="C10",
    level=ERROR,
    title="Uploaded without being anonymised",
    why="It may name a child, and the whole service can read it.",
    put_right="Check the upload at once, then enter the date in Anonymised on.",
)
order(
    "MF049",
    Example,
    "uploaded",
    "announced",
    clause="C11",
    title="Announced before it was uploaded",
    why="Readers of the email would not have found it.",
)
missing(
    "MF072",
    Example,
    "uploaded",
    beside=("announced",),
    at="announced",
    clause="C11",
    level=QUERY,
    title="Announced without being uploaded",
    why="The email points to an example that the library may not hold.",
    put_right="Enter the date in Uploaded on, or clear Service email sent on.",
)


@rule(
    "MF063",
    ReAudit,
    clause="C13",
    level=QUERY,
    reads=("case_ref",),
    title="Re-audit of a case that is not Inadequate",
    why="Only Inadequate cases are re-audited in this process, so the row is not used.",
    put_right="Check the Case ref, and the case's grade.",
)
def _reaudit_outside(reaudit: ReAudit, scope: Scope) -> bool:
    standing = scope.standings.get(same(reaudit.case_ref or ""))
    return standing is not None and standing.grade != INADEQUATE


missing(
    "MF075",
    Meeting,
    "held",
    beside=("type",),
    clause="C04",
    level=QUERY,
    title="Meeting without a date",
    why="A meeting without a day cannot be used to plan anything.",
    put_right="Enter the date in the column Date.",
)
missing(
    "MF076",
    Meeting,
    "type",
    beside=("held",),
    clause="C13",
    level=QUERY,
    title="Meeting without a type",
    why="Only a Panel Review sets the day by which a re-audit is shared.",
    put_right="Choose the type from the list.",
)


@rule(
    "MF060",
    Person,
    clause=None,
    level=QUERY,
    reads=("name",),
    at="email",
    title="No usable email address",
    why="What this person should be told goes to the fallback person instead.",
    put_right="Enter exactly one address, such as name@example.org.",
)
def _no_address(person: Person, _: Scope) -> bool:
    return person.active != "No" and not _is_address(person.email or "")


def _is_address(text: str) -> bool:
    name, _, domain = text.partition("@")
    return bool(name) and "." in domain and "@" not in domain and not set(text) & set(" ,;<>\"'")
