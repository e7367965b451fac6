"""Which cases are to have an exception report at the report date (C09)."""

from mfauto.model import Review
from mfauto.standing import INADEQUATE


def reports_due(found: Review) -> list[str]:
    """Give the cases whose review is Required and whose report is not completed (C09)."""
    graded = {position.case: position.grade for position in found.positions}
    return [
        case.ref
        for case in found.tracker.cases
        if case.ref
        and graded.get(case.ref) == INADEQUATE
        and case.caseload_review == "Required"
        and not (case.exception_report_completed and case.exception_report_completed <= found.as_at)
    ]
