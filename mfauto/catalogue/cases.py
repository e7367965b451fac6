"""The rules about one row of Cases: out of order, not recorded, in doubt."""

from datetime import date

from mfauto.catalogue import ERROR, QUERY, OfRow, Scope, missing, order, rule
from mfauto.comparing import same
from mfauto.model import Case
from mfauto.standing import IN_PROCESS, Standing

_INVITED = ("practitioner_invited", "team_manager_invited", "service_manager_invited")

for _code, _field, _clause in (
    ("MF201", "managers_alerted", "C01"),
    ("MF202", "qa_notified", "C02"),
    ("MF203", "child_safety_assured", "C03"),
    ("MF204", "moderation_completed", "C04"),
    ("MF205", "meeting_booked", "C04"),
    ("MF206", "practitioner_invited", "C05"),
    ("MF207", "team_manager_invited", "C05"),
    ("MF208", "service_manager_invited", "C05"),
    ("MF209", "meeting_held", "C06"),
    ("MF210", "exception_report_completed", "C09"),
    ("MF211", "left_inadequate", "C14"),
    ("MF212", "hos_informed", "C14"),
    ("MF213", "sm_informed", "C14"),
    ("MF214", "practitioner_informed", "C14"),
    ("MF215", "reaudit_on_ics", "C14"),
):
    order(
        _code,
        Case,
        "audited",
        _field,
        clause=_clause,
        title="Date before the audit",
        why="Nothing in the process can come before its audit.",
    )

order(
    "MF031",
    Case,
    "moderation_completed",
    "meeting_held",
    clause="C04",
    title="Meeting held before moderation was complete",
    why="The meeting would have looked at a grade that could still change.",
)
order(
    "MF034",
    Case,
    "moderation_completed",
    "meeting_booked",
    clause="C04",
    level=QUERY,
    title="Meeting booked for a day before moderation was complete",
    why="A case is booked once its grade is settled.",
)
order(
    "MF035",
    Case,
    "meeting_held",
    "exception_report_completed",
    clause="C09",
    title="Exception report completed before the meeting",
    why="The report follows from the meeting.",
)
for _code, _field in zip(("MF220", "MF221", "MF222"), _INVITED, strict=True):
    order(
        _code,
        Case,
        _field,
        "meeting_held",
        clause="C05",
        level=QUERY,
        at=_field,
        title="Invited after the meeting was held",
        why="An invitation after the meeting invites nobody.",
    )


def _standing(case: Case, scope: Scope) -> Standing | None:
    """Give the case as at the report date; None where the row is in no figure."""
    return scope.standings.get(same(case.ref)) if case.ref else None


def _chased_and_held(case: Case, scope: Scope) -> bool:
    standing = _standing(case, scope)
    return bool(standing and standing.grade in IN_PROCESS and standing.meeting_held)


for _code, _field, _clause, _title, _why in (
    (
        "MF064",
        "meeting_booked",
        "C04",
        "Booking not recorded",
        "The meeting was held, but the tracker does not say for when it was booked.",
    ),
    (
        "MF079",
        "moderation_completed",
        "C04",
        "Moderation not recorded",
        "The meeting was held, but the tracker does not say that moderation was complete.",
    ),
    *(
        (
            _code,
            _field,
            "C05",
            "Invitation not recorded",
            "The meeting was held, but the tracker does not say that this person was invited.",
        )
        for _code, _field in zip(("MF065", "MF223", "MF224"), _INVITED, strict=True)
    ),
):
    rule(
        _code,
        Case,
        clause=_clause,
        level=QUERY,
        reads=("meeting_held",),
        blank=_field,
        at=_field,
        title=_title,
        why=_why,
        put_right="Enter the day, if it is known.",
    )(_chased_and_held)


def _passing(case: Case, scope: Scope) -> date | None:
    standing = _standing(case, scope)
    return standing.passing.audited if standing and standing.passing else None


def _before_passing(field: str) -> OfRow:
    def early(case: Case, scope: Scope) -> bool:
        passing = _passing(case, scope)
        return passing is not None and getattr(case, field) < passing

    return early


for _code, _field, _level in (
    ("MF036", "left_inadequate", ERROR),
    ("MF230", "hos_informed", QUERY),
    ("MF231", "sm_informed", QUERY),
    ("MF232", "practitioner_informed", QUERY),
    ("MF233", "reaudit_on_ics", QUERY),
):
    rule(
        _code,
        Case,
        clause="C14",
        level=_level,
        reads=(_field,),
        title="Date before the passing re-audit",
        why="A case leaves Inadequate by its passing re-audit, so that comes first.",
        put_right="Correct this date, or the Re-audit date.",
    )(_before_passing(_field))


missing(
    "MF030",
    Case,
    "moderation_completed",
    beside=("moderated_grade",),
    at="moderated_grade",
    clause="C04",
    level=QUERY,
    title="Moderated grade without a day of moderation",
    why="The moderated grade counts only from the day moderation was completed.",
    put_right="Enter the date in Moderation completed.",
)


@rule(
    "MF037",
    Case,
    clause="C14",
    level=QUERY,
    reads=("left_inadequate",),
    title="Left Inadequate without a passing re-audit",
    why="A case leaves Inadequate by a re-audit with a better grade, and this one has none.",
    put_right="Enter the re-audit on Re-audits, or clear Left Inadequate on.",
)
def _left_without_pass(case: Case, scope: Scope) -> bool:
    standing = _standing(case, scope)
    return bool(standing and not standing.passing)


@rule(
    "MF070",
    Case,
    clause="C09",
    level=QUERY,
    reads=("caseload_review", "exception_report_completed"),
    blank="cases_reviewed",
    at="cases_reviewed",
    title="Exception report without the number of cases reviewed",
    why="The report tells its reader how many of the practitioner's cases were looked at.",
    put_right="Enter the number under Cases reviewed.",
)
def _no_cases_reviewed(case: Case, _: Scope) -> bool:
    return case.caseload_review == "Required"


@rule(
    "MF069",
    Case,
    clause="C09",
    level=QUERY,
    reads=("caseload_review", "exception_report_completed"),
    title="Exception report though no review was required",
    why="Either the review was required after all, or the date belongs to another row.",
    put_right="Correct Caseload review, or clear Exception report completed.",
)
def _report_not_required(case: Case, _: Scope) -> bool:
    return case.caseload_review == "Not required"


@rule(
    "MF066",
    Case,
    clause="C12",
    level=QUERY,
    reads=("ref", "audited"),
    at="ref",
    title="Nothing entered for a long time",
    why="Something is still open, and neither the row nor its actions show a recent day.",
    put_right="Ask what has happened since, and enter it.",
)
def _untouched(case: Case, scope: Scope) -> bool:
    standing = _standing(case, scope)
    busy = same(case.ref or "") in scope.busy
    if standing is None or standing.grade not in IN_PROCESS or not busy:
        return False
    return not any(day >= scope.recent for day in standing.days())
