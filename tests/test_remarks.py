"""What "Auto checks" says of a case: every item is named, and nothing is said twice."""

from datetime import date
from typing import Any

from mfauto.model import Flaw
from mfauto.policy import Policy
from mfauto.process import review
from mfauto.remarks import Remarks
from tests.making import a_case, a_tracker

AS_AT = date(2025, 1, 7)  # nothing of the case itself is overdue yet
LATER = date(2025, 7, 1)
OWNER = "Ada Example"


def said(*actions: dict[str, Any], as_at: date = AS_AT, **rows: Any) -> str:
    made = [{"case_ref": "MF-001", "owner": OWNER, "due": LATER, **action} for action in actions]
    case = a_case(**rows.pop("case", {}))
    others = rows.pop("others", ())
    found = review(a_tracker(case, *others, actions=made, **rows), Policy(), as_at)
    return Remarks(found).of(found.positions[0])


def test_a_case_without_a_remark_is_in_order() -> None:
    assert said({"ref": "AC-1"}) == "In order"


def test_an_action_that_was_put_off_is_named_with_its_first_day() -> None:
    put_off = {"ref": "AC-199", "original_due": date(2025, 6, 1)}
    assert said(put_off) == "Action has slipped: AC-199. It was first due on 1 June 2025."


def test_an_overdue_action_says_from_when_it_slipped_and_no_more() -> None:
    late = {"ref": "AC-2", "original_due": date(2024, 12, 2), "due": date(2025, 1, 3)}
    assert (
        said(late) == "Action not completed: AC-2 (4 days overdue, slipped from 2 December 2024)."
    )


def test_an_error_of_another_sheet_is_named_with_its_cell() -> None:
    assert said({"ref": "AC-214", "due": None}) == "Action without a Due date: AC-214 (Actions!F2)."


def test_the_same_of_several_items_is_said_once() -> None:
    put_off = [{"ref": f"AC-{n}", "original_due": date(2025, 6, n)} for n in range(1, 6)]
    assert said(*put_off[:2]) == "Action has slipped: AC-1 and AC-2."
    assert said(*put_off) == "Action has slipped: AC-1, AC-2, AC-3 and 2 more."


def test_a_row_elsewhere_is_named_with_its_sheet() -> None:
    other = a_case(3, ref="MF-002")
    twice = [{"ref": "AC-1"}, {"ref": "AC-1", "case_ref": "MF-002"}]
    assert said(*twice, others=[other]) == (
        "Action ref is used more than once: AC-1 (Actions!A2). "
        "The same ref is used in Actions!A3 as well."
    )


def test_an_item_without_a_ref_is_named_by_its_cell() -> None:
    assert said({"original_due": date(2025, 6, 1)}).startswith("Action has slipped: Actions!F2.")


def test_what_a_cell_shows_stays_with_its_item() -> None:
    flaws = (Flaw("completed", "not_a_date", "TBC"),)
    assert said({"ref": "AC-1", "flaws": flaws}) == (
        'AC-1 (Actions!H2): "TBC": not a date. Cannot be judged: the action.'
    )


def test_columns_of_the_case_are_listed_likewise() -> None:
    days = dict.fromkeys(("managers_alerted", "qa_notified"), date(2025, 1, 5))
    assert said({"ref": "AC-1"}, case=days) == (
        "Date before the audit: SM and HoS alerted and QA and SQA notified."
    )


def test_no_more_than_three_sentences_and_the_number_of_the_rest() -> None:
    text = said({"ref": "AC-1", "owner": None, "due": None}, as_at=date(2025, 6, 2))
    assert text == (
        "Service Manager and Head of Service not alerted (146 days overdue). "
        "Quality assurance not notified (146 days overdue). "
        "Child safety not assured (145 days overdue). And 5 more."
    )
