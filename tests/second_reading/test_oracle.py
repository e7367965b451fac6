"""The second reading by hand: every expected day was counted on a calendar and typed here.

Each step stands twice or more: in time on its last day, overdue the day after.
"""

from datetime import date, timedelta
from typing import Any

import holidays
import pytest

from tests.second_reading.layout import HEADINGS, Variation, a_variation, place
from tests.second_reading.oracle import LIMITS, STEPS, review
from tests.second_reading.plain import (
    ACTIONS,
    CASES,
    GOOD_PRACTICE,
    MEETINGS,
    PEOPLE,
    RE_AUDITS,
    Tracker,
)
from tests.second_reading.trackers import Cells, Made, a_made_up_tracker
from tests.second_reading.working_days import (
    bank_holidays,
    easter_sunday,
    months_after,
    working_days_after,
    working_days_before,
)


def day(iso: str) -> date:
    return date.fromisoformat(iso)


def dated(cells: Cells) -> Cells:
    """The cells with every ISO day in them turned into a date."""
    return {
        heading: day(value) if isinstance(value, str) and value[:2] == "20" else value
        for heading, value in cells.items()
    }


def a_case(**cells: Any) -> Cells:
    """A case of which only the audit is known; keywords are headings with `_` for a space."""
    named = {heading.replace("_", " "): value for heading, value in cells.items()}
    return {"Case ref": "MF-001", "Audit date": "2026-03-02", "Audit grade": "Inadequate"} | named


def a_row(**cells: Any) -> Cells:
    return {"Case ref": "MF-001"} | {
        {"Re_audit": "Re-audit date"}.get(heading, heading.replace("_", " ")): value
        for heading, value in cells.items()
    }


def a_tracker(
    *cases: Cells,
    actions: tuple[Cells, ...] = (),
    re_audits: tuple[Cells, ...] = (),
    examples: tuple[Cells, ...] = (),
    meetings: tuple[Cells, ...] = (),
    people: tuple[Cells, ...] = (),
) -> Tracker:
    rows = {
        CASES: cases,
        ACTIONS: actions,
        RE_AUDITS: re_audits,
        GOOD_PRACTICE: examples,
        MEETINGS: meetings,
        PEOPLE: people,
    }
    plain = {sheet: [dated(row) for row in of_sheet] for sheet, of_sheet in rows.items()}
    dates = (day("2026-01-01"),) * 3
    return place(Made(dates, plain), 0, Variation()).tracker


def found(tracker: Tracker, as_at: str, step: str) -> list[dict[str, Any]]:
    return [one for one in review(tracker, day(as_at)).findings if one["step"] == step]


def position(tracker: Tracker, as_at: str) -> dict[str, Any]:
    (only,) = review(tracker, day(as_at)).positions
    return only


def steps_found(tracker: Tracker, as_at: str) -> set[str]:
    return {one["step"] for one in review(tracker, day(as_at)).findings}


OUTSTANDING = {"Audit grade": "Outstanding"}
HELD = {"Meeting held": "2026-03-06"}
PASSED = a_row(Round=1, Re_audit="2026-03-02", Grade="Good", **{"Re-auditor": "Tansy O'Fern"})
EXAMPLE = a_row(Example_ref="EX-001")


def passed_on(when: str) -> dict[str, Any]:
    return {"re_audits": (PASSED | {"Re-audit date": when},)}


# step, the case's cells, other rows, when it is due
LINES: list[tuple[str, Cells, dict[str, Any], str]] = [
    # Monday 2 March 2026 + 1 working day: Tuesday 3
    ("alert_managers", a_case(), {}, "2026-03-03"),
    # Saturday 7 March + 1: Monday 9
    ("alert_managers", a_case(Audit_date="2026-03-07"), {}, "2026-03-09"),
    ("notify_qa", a_case(**OUTSTANDING), {}, "2026-03-03"),
    # Thursday 2 April + 1: Good Friday 3, weekend, Easter Monday 6 are off: Tuesday 7
    ("notify_qa", a_case(Audit_date="2026-04-02"), {}, "2026-04-07"),
    # Monday 2 March + 2: Wednesday 4
    ("assure_child_safety", a_case(), {}, "2026-03-04"),
    # Thursday 24 December + 2: Friday 25 and Monday 28 (for Boxing Day, a Saturday) are off:
    # Tuesday 29, Wednesday 30
    ("assure_child_safety", a_case(Audit_date="2026-12-24"), {}, "2026-12-30"),
    # Monday 2 March + 10: two weeks
    ("complete_moderation", a_case(**OUTSTANDING), {}, "2026-03-16"),
    # Friday 22 May + 10: Monday 25 is off; 26 to 29 are four, 1 to 5 June nine, Monday 8 ten
    ("complete_moderation", a_case(Audit_date="2026-05-22"), {}, "2026-06-08"),
    # Monday 9 March + 5: a week
    ("book_meeting", a_case(Moderation_completed="2026-03-09"), {}, "2026-03-16"),
    # Thursday 2 April + 5: 7, 8, 9, 10, and Monday 13
    ("book_meeting", a_case(Moderation_completed="2026-04-02"), {}, "2026-04-13"),
    # Monday 30 March - 5: 27, 26, 25, 24, and Monday 23
    ("invite_attendees", a_case(Meeting_booked_for="2026-03-30"), {}, "2026-03-23"),
    # Friday 10 April - 5: 9, 8, 7, then over Easter 2 and Wednesday 1 April
    ("invite_attendees", a_case(Meeting_booked_for="2026-04-10"), {}, "2026-04-01"),
    ("hold_meeting", a_case(Meeting_booked_for="2026-03-30"), {}, "2026-03-30"),
    # a Sunday stays a Sunday
    ("hold_meeting", a_case(Meeting_booked_for="2026-03-29"), {}, "2026-03-29"),
    # Friday 6 March + 5: Friday 13
    ("record_meeting", a_case(**HELD), {}, "2026-03-13"),
    # Monday 30 March + 5: 31, 1, 2 April are three, 7 and Wednesday 8
    ("record_meeting", a_case(**OUTSTANDING, Meeting_held="2026-03-30"), {}, "2026-04-08"),
    ("decide_caseload_review", a_case(**HELD), {}, "2026-03-13"),
    # Friday 1 May + 5: Monday 4 is off; 5 to 8 are four, Monday 11 five
    ("decide_caseload_review", a_case(Meeting_held="2026-05-01"), {}, "2026-05-11"),
    # 6 March + 28: 31 - 6 = 25 days to the 31st, three more
    ("exception_report", a_case(**HELD, Caseload_review="Required"), {}, "2026-04-03"),
    # 28 November + 28 is 26 December: Boxing Day, and it stays there
    (
        "exception_report",
        a_case(Audit_date="2025-11-03", Meeting_held="2025-11-28", Caseload_review="Required"),
        {},
        "2025-12-26",
    ),
    ("re_audit", a_case(**HELD), {}, "2026-06-06"),
    # 30 November + 3 months: February 2026 has 28 days, February 2024 had 29
    ("re_audit", a_case(Audit_date="2025-11-03", Meeting_held="2025-11-30"), {}, "2026-02-28"),
    ("re_audit", a_case(Audit_date="2023-11-03", Meeting_held="2023-11-30"), {}, "2024-02-29"),
    # 29 February + 3 months is 29 May
    ("re_audit", a_case(Audit_date="2024-02-01", Meeting_held="2024-02-29"), {}, "2024-05-29"),
    # no meeting: from the audit, 31 January to 30 April
    ("re_audit", a_case(Audit_date="2026-01-31"), {}, "2026-04-30"),
    # round 2: from round 1, 31 March to 30 June
    (
        "re_audit",
        a_case(**HELD),
        {"re_audits": (a_row(Round=1, Re_audit="2026-03-31", Grade="Inadequate"),)},
        "2026-06-30",
    ),
    # no panel listed: Monday 2 March + 20: four weeks
    (
        "panel_review",
        a_case(),
        {"re_audits": (a_row(Round=1, Re_audit="2026-03-02", Grade="Inadequate"),)},
        "2026-03-30",
    ),
    # the first panel strictly after 2 March, not the one on it, nor a meeting of the other type
    (
        "panel_review",
        a_case(),
        {
            "re_audits": (a_row(Round=1, Re_audit="2026-03-02", Grade="Good"),),
            "meetings": (
                {"Date": "2026-05-29", "Type": "Panel Review"},
                {"Date": "2026-03-02", "Type": "Panel Review"},
                {"Date": "2026-03-03", "Type": "Moving Forward Meeting"},
                {"Date": "2026-04-18", "Type": "Panel Review"},
            ),
        },
        "2026-04-18",
    ),
    # Monday 2 March + 5: Monday 9
    ("inform_leavers", a_case(), passed_on("2026-03-02"), "2026-03-09"),
    # Wednesday 23 December + 5: 24; 29, 30, 31; New Year's Day is off; Monday 4 January
    ("inform_leavers", a_case(), passed_on("2026-12-23"), "2027-01-04"),
    ("upload_reaudit", a_case(), passed_on("2026-03-02"), "2026-03-09"),
    ("upload_reaudit", a_case(), passed_on("2026-12-23"), "2027-01-04"),
    # Friday 6 March + 10: Friday 20
    ("review_example", a_case(**OUTSTANDING, **HELD), {"examples": (EXAMPLE,)}, "2026-03-20"),
    # of a case that left Inadequate: Monday 2 March + 10, from the re-audit
    (
        "review_example",
        a_case(Audit_date="2025-10-01", Meeting_held="2025-11-03"),
        passed_on("2026-03-02") | {"examples": (EXAMPLE,)},
        "2026-03-16",
    ),
    (
        "anonymise_example",
        a_case(**OUTSTANDING, **HELD),
        {"examples": (EXAMPLE | {"Reviewed on": "2026-03-09"},)},
        "2026-03-16",
    ),
    # Tuesday 25 August + 5: 26, 27, 28; Monday 31 is off; 1 and Wednesday 2 September
    (
        "anonymise_example",
        a_case(**OUTSTANDING, **HELD),
        {"examples": (EXAMPLE | {"Reviewed on": "2026-08-25"},)},
        "2026-09-02",
    ),
    (
        "upload_example",
        a_case(**OUTSTANDING, **HELD),
        {"examples": (EXAMPLE | {"Anonymised on": "2026-03-09"},)},
        "2026-03-16",
    ),
    # Sunday 15 March + 5: Monday 16 to Friday 20
    (
        "upload_example",
        a_case(**OUTSTANDING, **HELD),
        {"examples": (EXAMPLE | {"Anonymised on": "2026-03-15"},)},
        "2026-03-20",
    ),
    (
        "announce_example",
        a_case(**OUTSTANDING, **HELD),
        {"examples": (EXAMPLE | {"Uploaded on": "2026-03-09"},)},
        "2026-03-16",
    ),
    # Thursday 30 April + 5: 1 May; Monday 4 is off; 5, 6, 7, Friday 8
    (
        "announce_example",
        a_case(**OUTSTANDING, **HELD),
        {"examples": (EXAMPLE | {"Uploaded on": "2026-04-30"},)},
        "2026-05-08",
    ),
    ("action", a_case(), {"actions": (a_row(Due_date="2026-03-19"),)}, "2026-03-19"),
    # an outside case's action, due on a Saturday
    (
        "action",
        a_case(Audit_grade="Good"),
        {"actions": (a_row(Due_date="2026-03-21", Status="In progress"),)},
        "2026-03-21",
    ),
]


@pytest.mark.parametrize(("step", "case", "others", "due"), LINES)
def test_a_step_is_in_time_on_its_last_day_and_overdue_the_day_after(
    step: str, case: Cells, others: dict[str, Any], due: str
) -> None:
    tracker = a_tracker(case, **others)
    the_day_after = (day(due) + timedelta(days=1)).isoformat()

    (in_time,) = found(tracker, due, step)
    (late,) = found(tracker, the_day_after, step)

    assert (in_time["level"], in_time["due"], in_time["days_overdue"]) == ("due_soon", due, None)
    assert (late["level"], late["due"], late["days_overdue"]) == ("overdue", due, 1)


def test_every_step_stands_above_at_least_twice() -> None:
    steps = [line[0] for line in LINES]

    assert all(steps.count(step) >= 2 for step in STEPS)


# --- working days and months -----------------------------------------------------------


def test_bank_holidays_agree_with_the_package_for_forty_years() -> None:
    package = holidays.country_holidays("GB", subdiv="ENG", years=range(2000, 2041))

    for year in range(2000, 2041):
        weekdays = {off for off in package if off.year == year and off.weekday() < 5}
        assert bank_holidays(year) == weekdays


@pytest.mark.parametrize(
    "easter", ["2000-04-23", "2008-03-23", "2011-04-24", "2024-03-31", "2026-04-05", "2038-04-25"]
)
def test_easter_falls_where_the_almanac_has_it(easter: str) -> None:
    assert easter_sunday(day(easter).year) == day(easter)


@pytest.mark.parametrize(
    "off",
    [
        "2011-04-29",
        "2012-06-04",
        "2012-06-05",
        "2020-05-08",
        "2022-06-02",
        "2022-06-03",
        "2022-09-19",
        "2023-05-08",
        "2021-12-27",  # Christmas 2021 was a Saturday: Monday and Tuesday
        "2021-12-28",
        "2022-12-27",  # Christmas 2022 was a Sunday: Boxing Day kept its Monday
        "2022-01-03",  # New Year's Day 2022 was a Saturday
        "2023-01-02",
    ],
)
def test_a_day_given_once_moved_or_in_lieu_is_off(off: str) -> None:
    assert day(off) in bank_holidays(day(off).year)


@pytest.mark.parametrize("worked", ["2020-05-04", "2022-05-30", "2012-05-28", "2026-12-31"])
def test_a_holiday_that_was_moved_is_worked(worked: str) -> None:
    assert day(worked) not in bank_holidays(day(worked).year)


def test_the_day_itself_never_counts() -> None:
    assert working_days_after(day("2026-03-02"), 1) == day("2026-03-03")
    assert working_days_before(day("2026-03-03"), 1) == day("2026-03-02")


def test_one_day_after_or_before_a_weekend_is_a_working_day() -> None:
    assert working_days_after(day("2026-03-07"), 1) == day("2026-03-09")
    assert working_days_before(day("2026-03-08"), 1) == day("2026-03-06")


def test_ten_days_over_the_jubilee() -> None:
    # Wednesday 1 June 2022: 2 and 3 off; 6 to 10 are five, 13 to 17 ten
    assert working_days_after(day("2022-06-01"), 10) == day("2022-06-17")


def test_months_end_early_where_they_must() -> None:
    assert months_after(day("2025-11-30"), 3) == day("2026-02-28")
    assert months_after(day("2024-02-29"), 12) == day("2025-02-28")
    assert months_after(day("2026-10-31"), 3) == day("2027-01-31")
    assert months_after(day("2026-12-31"), 2) == day("2027-02-28")


# --- the fine print: dates -------------------------------------------------------------


def test_due_soon_ends_with_the_tenth_working_day() -> None:
    # Monday 2 March: the tenth is Monday 16; Tuesday 17 is one more
    actions = (
        a_row(Action_ref="A", Due_date="2026-03-16"),
        a_row(Action_ref="B", Due_date="2026-03-17"),
    )

    assert [
        one["item"] for one in found(a_tracker(a_case(), actions=actions), "2026-03-02", "action")
    ] == ["A"]


def test_a_date_after_the_report_date_has_not_happened() -> None:
    tracker = a_tracker(a_case(SM_and_HoS_alerted="2026-03-05"))

    assert [one["level"] for one in found(tracker, "2026-03-04", "alert_managers")] == ["overdue"]
    assert found(tracker, "2026-03-05", "alert_managers") == []


def test_a_booking_counts_from_the_day_moderation_was_completed() -> None:
    tracker = a_tracker(a_case(Moderation_completed="2026-03-10", Meeting_booked_for="2026-03-30"))

    assert position(tracker, "2026-03-09")["stage"] == "Identified"
    assert position(tracker, "2026-03-10")["stage"] == "Awaiting meeting"
    # 10 working days after Monday 16 March is Monday 30
    (found_hold,) = found(tracker, "2026-03-16", "hold_meeting")
    assert found_hold["start"] == found_hold["due"] == "2026-03-30"


def test_a_booking_counts_at_once_where_moderation_is_blank() -> None:
    tracker = a_tracker(a_case(Meeting_booked_for="2026-03-30"))

    assert position(tracker, "2026-03-02")["stage"] == "Awaiting meeting"
    assert found(tracker, "2026-03-16", "book_meeting") == []


def test_nothing_is_booked_late_before_moderation() -> None:
    tracker = a_tracker(a_case(Moderation_completed="2026-03-20"))

    assert found(tracker, "2026-03-19", "book_meeting") == []
    assert len(found(tracker, "2026-03-20", "book_meeting")) == 1


# --- the fine print: steps -------------------------------------------------------------


def test_once_the_meeting_has_been_held_booking_and_inviting_are_over() -> None:
    tracker = a_tracker(
        a_case(Moderation_completed="2026-03-09", Meeting_held="2026-03-20"),
    )

    assert "book_meeting" in steps_found(tracker, "2026-03-19")
    over = steps_found(tracker, "2026-03-20")
    assert not over & {"book_meeting", "invite_attendees", "hold_meeting"}


def test_an_earlier_step_stays_open_whatever_happened_later() -> None:
    tracker = a_tracker(a_case(**HELD), re_audits=(PASSED | {"Re-audit date": "2026-05-29"},))

    open_still = {
        "alert_managers",
        "notify_qa",
        "assure_child_safety",
        "complete_moderation",
        "record_meeting",
        "decide_caseload_review",
        "panel_review",
        "inform_leavers",
        "upload_reaudit",
    }
    assert steps_found(tracker, "2026-09-30") == open_still


def test_text_and_list_answers_count_at_any_report_date() -> None:
    case = a_case(
        **HELD,
        Audit_findings="a",
        Strengths="b",
        Practice_context="c",
        Support_agreed="d",
        Caseload_review="Not required",
    )
    tracker = a_tracker(case, actions=(a_row(Due_date="2026-09-01"),))

    assert not steps_found(tracker, "2026-03-06") & {"record_meeting", "decide_caseload_review"}


@pytest.mark.parametrize(
    ("missing", "column"),
    [("Audit findings", "Audit findings"), ("Support agreed", "Support agreed"), ("", None)],
)
def test_the_first_unfilled_column_is_named(missing: str, column: str | None) -> None:
    answers = ("Audit findings", "Strengths", "Practice context", "Support agreed")
    case = a_case(**HELD) | {heading: "words" for heading in answers if heading != missing}

    (finding,) = found(a_tracker(case), "2026-03-06", "record_meeting")  # no Actions row

    assert finding["column"] == column
    assert (finding["cell"] is None) == (column is None)


def test_an_outstanding_meeting_is_recorded_with_an_example() -> None:
    case = a_case(**OUTSTANDING, **HELD, Audit_findings="a", Strengths="b", Practice_context="c")

    assert len(found(a_tracker(case), "2026-03-06", "record_meeting")) == 1
    assert found(a_tracker(case, examples=(EXAMPLE,)), "2026-03-06", "record_meeting") == []


def test_the_first_re_audit_runs_from_the_audit_until_a_meeting_is_held() -> None:
    # Audit 2 March: 2 June. Meeting 6 April: 6 July, from that day on.
    tracker = a_tracker(a_case(Meeting_held="2026-04-06"))

    def due(as_at: str) -> list[str]:
        readings = review(tracker, day(as_at), LIMITS | {"due_soon": (900, "wd")})
        return [one["due"] for one in readings.findings if one["step"] == "re_audit"]

    assert due("2026-04-05") == ["2026-06-02"]
    assert due("2026-04-06") == ["2026-07-06"]


def test_by_setting_the_first_re_audit_runs_from_the_audit() -> None:
    tracker = a_tracker(a_case(Meeting_held="2026-04-06"))

    reading = review(tracker, day("2026-06-03"), reaudit_from="audit")

    (finding,) = [one for one in reading.findings if one["step"] == "re_audit"]
    assert (finding["start"], finding["due"]) == ("2026-03-02", "2026-06-02")


def test_a_round_not_yet_entered_stands_on_the_cases_row_without_a_cell() -> None:
    tracker = a_tracker(
        a_case(**HELD), re_audits=(a_row(Round=1, Re_audit="2026-03-31", Grade="Inadequate"),)
    )

    (finding,) = found(tracker, "2026-07-01", "re_audit")

    assert finding == {
        "level": "overdue",
        "step": "re_audit",
        "clause": "C15",
        "sheet": "Cases",
        "row": 2,
        "column": None,
        "cell": None,
        "case": "MF-001",
        "item": 2,
        "owner": "Service Manager",
        "start": "2026-03-31",
        "due": "2026-06-30",
        "days_overdue": 1,
    }


def test_a_round_entered_without_its_day_stands_on_its_own_row() -> None:
    (finding,) = found(
        a_tracker(a_case(**HELD), re_audits=(a_row(Round=1),)), "2026-06-07", "re_audit"
    )

    assert (finding["sheet"], finding["row"]) == ("Re-audits", 2)
    assert (finding["column"], finding["cell"]) == ("Re-audit date", "'Re-audits'!C2")
    assert (finding["clause"], finding["item"]) == ("C13", 1)


def test_rounds_go_by_round_not_by_row() -> None:
    rounds = (
        a_row(Round=2, Re_audit="2026-09-01", Grade="Good"),
        a_row(Round=1, Re_audit="2026-06-01", Grade="Inadequate", Panel_review_date="2026-06-20"),
    )
    tracker = a_tracker(a_case(**HELD), re_audits=rounds)

    assert position(tracker, "2026-08-31")["stage"] == "Improving"
    assert position(tracker, "2026-09-01")["stage"] == "Leaving"
    (leaving,) = found(tracker, "2026-09-01", "inform_leavers")
    assert (leaving["start"], leaving["due"]) == ("2026-09-01", "2026-09-08")


def test_a_dated_re_audit_without_grade_opens_nothing() -> None:
    tracker = a_tracker(a_case(**HELD), re_audits=(a_row(Round=1, Re_audit="2026-03-31"),))

    opened = steps_found(tracker, "2026-12-31")

    assert not opened & {"re_audit", "panel_review", "inform_leavers", "upload_reaudit"}


def test_a_round_never_recorded_does_not_hide_the_next_but_one() -> None:
    """Round 2 came out Inadequate, so round 3 is open; round 1 was not recorded and stays open."""
    rounds = (a_row(Round=1), a_row(Round=2, Re_audit="2026-08-31", Grade="Inadequate"))
    tracker = a_tracker(a_case(**HELD), re_audits=rounds)

    due = {one["item"]: one["due"] for one in found(tracker, "2026-12-31", "re_audit")}

    # 6 March + 3 months; 31 August + 3 months
    assert due == {1: "2026-06-06", 3: "2026-11-30"}


def test_left_without_a_passing_re_audit_ends_nothing() -> None:
    tracker = a_tracker(a_case(**HELD, Left_Inadequate_on="2026-04-01"))

    assert position(tracker, "2026-06-07")["stage"] == "Improving"
    assert len(found(tracker, "2026-06-07", "re_audit")) == 1
    assert found(tracker, "2026-06-07", "inform_leavers") == []


def test_the_re_auditor_uploads_and_the_first_person_not_informed_is_named() -> None:
    case = a_case(HoS_informed="2026-03-03", Left_Inadequate_on="2026-03-03")
    tracker = a_tracker(case, re_audits=(PASSED,))

    (upload,) = found(tracker, "2026-03-09", "upload_reaudit")
    (inform,) = found(tracker, "2026-03-09", "inform_leavers")

    assert (upload["owner"], upload["sheet"], upload["item"]) == ("Tansy O'Fern", "Cases", None)
    assert inform["column"] == "SM informed"


def test_examples_of_inadequate_cases_wait_until_the_case_has_left() -> None:
    tracker = a_tracker(
        a_case(**HELD),
        re_audits=(PASSED | {"Re-audit date": "2026-06-01"},),
        examples=(EXAMPLE | {"Anonymised on": "2026-05-01"},),
    )

    assert not steps_found(tracker, "2026-05-31") & {"review_example", "upload_example"}
    # 1 June + 10: Monday 15. 1 May + 5: Monday 4 is off, 5 to 8, Monday 11.
    (review_it,) = found(tracker, "2026-06-01", "review_example")
    (upload_it,) = found(tracker, "2026-06-01", "upload_example")
    assert (review_it["due"], upload_it["due"]) == ("2026-06-15", "2026-05-11")
    assert review_it["cell"] == "'Good practice'!E2"


@pytest.mark.parametrize(
    ("cells", "open_on_1_april"),
    [
        ({"Status": "Open"}, True),
        ({"Status": "Complete"}, False),
        ({"Status": "Cancelled"}, False),
        ({"Status": "Complete", "Completed on": "2026-04-01"}, False),
        ({"Status": "Complete", "Completed on": "2026-04-02"}, True),
        ({"Status": "Open", "Completed on": "2026-03-20"}, False),
        ({"Due date": None}, False),
    ],
)
def test_an_action_is_done_by_its_day_or_where_blank_by_its_status(
    cells: Cells, *, open_on_1_april: bool
) -> None:
    action = a_row(Action_ref="AC-1", Due_date="2026-03-10") | cells

    found_action = found(a_tracker(a_case(), actions=(action,)), "2026-04-01", "action")

    assert bool(found_action) == open_on_1_april
    assert all(one["start"] is None and one["owner"] is None for one in found_action)


def test_an_action_exists_from_the_meeting() -> None:
    action = a_row(Due_date="2026-03-31", Owner=" Tansy O'Fern ")
    tracker = a_tracker(a_case(Meeting_held="2026-03-20"), actions=(action,))

    assert found(tracker, "2026-03-19", "action") == []
    (finding,) = found(tracker, "2026-03-20", "action")
    assert (finding["owner"], finding["cell"]) == ("Tansy O'Fern", "Actions!H2")


# --- the fine print: cases -------------------------------------------------------------


def test_a_case_does_not_exist_before_its_audit() -> None:
    tracker = a_tracker(a_case(), actions=(a_row(Due_date="2026-01-01"),))

    before = review(tracker, day("2026-03-01"))
    assert (before.findings, before.positions) == ([], [])
    assert before.counts["excluded"] == before.counts["rows_read"] == 1
    assert review(tracker, day("2026-03-02")).counts["cases"] == 1


def test_the_moderated_grade_counts_from_the_day_moderation_was_completed() -> None:
    tracker = a_tracker(
        a_case(Audit_grade="Good", Moderated_grade="Inadequate", Moderation_completed="2026-03-12")
    )

    assert position(tracker, "2026-03-11")["stage"] == "Outside process"
    assert position(tracker, "2026-03-12")["grade"] == "Inadequate"
    # "all its steps from its Audit date", Monday 2 March
    (alert,) = found(tracker, "2026-03-12", "alert_managers")
    assert (alert["start"], alert["due"], alert["days_overdue"]) == ("2026-03-02", "2026-03-03", 9)


def test_a_moderated_grade_without_its_day_does_not_count() -> None:
    tracker = a_tracker(a_case(Moderated_grade="Good"))

    assert position(tracker, "2026-04-01")["grade"] == "Inadequate"


STAGES = [
    ({}, {}, "Identified"),
    ({"QA and SQA notified": "2026-03-03"}, {}, "Moderation"),
    ({"Moderation completed": "2026-03-04"}, {}, "Booking"),
    (
        {"Moderation completed": "2026-03-04", "Meeting booked for": "2026-09-01"},
        {},
        "Awaiting meeting",
    ),
    ({"Meeting held": "2026-03-20"}, {}, "Improving"),
    (
        {},
        {"re_audits": (a_row(Round=1, Re_audit="2026-03-20", Grade="Inadequate"),)},
        "Awaiting panel",
    ),
    ({"Meeting held": "2026-03-05"}, passed_on("2026-03-20"), "Leaving"),
    ({"Audit grade": "Outstanding", "Meeting held": "2026-03-20"}, {}, "Sharing practice"),
    ({"Audit grade": "Requires improvement"}, {}, "Outside process"),
]


@pytest.mark.parametrize(("cells", "others", "stage"), STAGES)
def test_each_stage_is_reached(cells: Cells, others: dict[str, Any], stage: str) -> None:
    assert position(a_tracker(a_case() | cells, **others), "2026-03-31")["stage"] == stage


def a_case_in_order(**cells: Any) -> Cells:
    """A case with everything recorded up to its meeting on 20 March 2026."""
    filled = {
        **dict.fromkeys(("SM and HoS alerted", "QA and SQA notified"), "2026-03-03"),
        **dict.fromkeys(("Child safety assured", "Moderation completed"), "2026-03-04"),
        **dict.fromkeys(("Meeting booked for", "Meeting held"), "2026-03-20"),
        **dict.fromkeys(("Audit findings", "Strengths", "Practice context"), "words"),
        "Support agreed": "words",
        "Caseload review": "Not required",
    }
    return a_case(**cells) | filled


DONE_ACTION = a_row(Due_date="2026-03-25", Status="Complete")
DONE_EXAMPLE = EXAMPLE | dict.fromkeys(
    ("Reviewed on", "Anonymised on", "Uploaded on", "Service email sent on"), "2026-03-25"
)
LEFT = dict.fromkeys(
    ("Left Inadequate on", "HoS informed", "SM informed", "Practitioner informed"), "2026-06-02"
) | {"Re-audit on ICS": "2026-06-02"}


def test_a_case_that_left_closes_when_nothing_is_open() -> None:
    passed = PASSED | {"Re-audit date": "2026-06-01", "Panel review date": "2026-06-02"}
    case = a_case_in_order() | LEFT
    tracker = a_tracker(case, actions=(DONE_ACTION,), re_audits=(passed,))

    assert position(tracker, "2026-06-01")["stage"] == "Leaving"
    assert position(tracker, "2026-06-02") == {
        "case": "MF-001",
        "grade": "Inadequate",
        "stage": "Closed",
        "rag": "Complete",
        "next_step": None,
        "due": None,
        "row": 2,
    }
    later = a_row(Due_date="2027-01-01")
    tracker = a_tracker(case, actions=(DONE_ACTION, later), re_audits=(passed,))
    assert position(tracker, "2026-06-02")["stage"] == "Leaving"
    assert position(tracker, "2026-06-02")["rag"] == "Green"


def test_an_outstanding_case_closes_when_its_examples_are_shared() -> None:
    tracker = a_tracker(a_case_in_order(**OUTSTANDING), examples=(DONE_EXAMPLE,))

    assert position(tracker, "2026-03-24")["stage"] == "Sharing practice"
    assert position(tracker, "2026-03-25")["stage"] == "Closed"
    assert position(tracker, "2026-03-25")["rag"] == "Complete"


def test_rag_is_green_then_amber_then_red() -> None:
    # The re-audit is due on Saturday 20 June; ten working days before it is Monday 8, as the
    # tenth after Friday 5 June is Friday 19 and after Monday 8 it is Monday 22.
    tracker = a_tracker(a_case_in_order(), actions=(DONE_ACTION,))

    words = [position(tracker, f"2026-06-{on:02}")["rag"] for on in (5, 7, 8, 20, 21)]

    assert words == ["Green", "Green", "Amber", "Amber", "Red"]


@pytest.mark.parametrize(
    "others",
    [
        {"actions": (DONE_ACTION, a_row(Status="Open"))},
        {"actions": (DONE_ACTION,), "re_audits": (a_row(Round=1, Re_audit="2026-03-30"),)},
        {"actions": (DONE_ACTION,), "re_audits": (a_row(Round=2),)},
        {"actions": (DONE_ACTION,), "re_audits": (a_row(Round=None),)},
        {"actions": (DONE_ACTION,), "re_audits": (a_row(Round=1), a_row(Round=1))},
    ],
)
def test_an_error_on_one_of_its_rows_makes_a_case_amber(others: dict[str, Any]) -> None:
    assert position(a_tracker(a_case_in_order(), **others), "2026-03-31")["rag"] == "Amber"


def test_an_outside_case_shows_its_next_action_and_no_colour() -> None:
    actions = (a_row(Due_date="2026-03-31"), a_row(Due_date="2026-03-20"))
    tracker = a_tracker(a_case(Audit_grade="Good"), actions=actions)

    assert position(tracker, "2026-03-25") == {
        "case": "MF-001",
        "grade": "Good",
        "stage": "Outside process",
        "rag": "Outside",
        "next_step": "action",
        "due": "2026-03-20",
        "row": 2,
    }
    assert steps_found(tracker, "2026-03-25") == {"action"}


def test_of_steps_due_on_one_day_the_higher_in_the_table_is_next() -> None:
    # alert_managers and notify_qa are both due on 3 March, and so is the action
    tracker = a_tracker(a_case(), actions=(a_row(Due_date="2026-03-03"),))

    assert position(tracker, "2026-03-02")["next_step"] == "alert_managers"


def test_a_blank_name_gives_the_roles_name() -> None:
    review_required = {"Meeting held": "2026-03-06", "Caseload review": "Required"}
    named = {"Caseload reviewer": "Quill Marrowby", "Head of Service": "Tansy O'Fern"}

    def owner(cells: Cells) -> str:
        (finding,) = found(a_tracker(a_case() | cells), "2026-04-03", "exception_report")
        return str(finding["owner"])

    assert owner(review_required | named) == "Quill Marrowby"
    assert owner(review_required | named | {"Caseload reviewer": None}) == "Tansy O'Fern"
    assert owner(review_required) == "Head of Service"


@pytest.mark.parametrize(
    ("active", "owner"),
    [
        (("Yes",), "Officer 0"),
        (("No", "Yes", "Yes"), "Officer 1"),
        (("No",), "SQA Officer"),
        ((), "SQA Officer"),
        ((None, "Yes"), "Officer 1"),
    ],
)
def test_the_officer_is_the_first_active_one(active: tuple[str | None, ...], owner: str) -> None:
    people = tuple(
        {"Name": f"Officer {place}", "Role": "SQA Officer", "Active": answer}
        for place, answer in enumerate(active)
    )
    tracker = a_tracker(a_case(Meeting_booked_for="2026-03-30"), people=people)

    assert [one["owner"] for one in found(tracker, "2026-03-30", "hold_meeting")] == [owner]


# --- the fine print: errors, and untidy trackers ---------------------------------------


def test_rows_that_cannot_be_used_are_excluded_and_not_chased() -> None:
    tracker = a_tracker(
        a_case(Case_ref="MF-001"),
        a_case(Case_ref=" MF-001 "),
        a_case(Case_ref="MF-002", Audit_date="TBC"),
        a_case(Case_ref="MF-003", Audit_grade=None),
        a_case(Case_ref="MF-004", Audit_grade="Poor"),
        a_case(Case_ref=None),
        a_case(Case_ref="MF-005", Audit_grade="Good"),
        a_case(Case_ref="MF-006"),
        actions=(a_row(Due_date="2026-03-01"), a_row(Due_date="2026-03-01", Case_ref="ZZ-9")),
    )

    reading = review(tracker, day("2026-03-31"))

    assert {one["case"] for one in reading.findings} == {"MF-006"}
    assert [one["case"] for one in reading.positions] == ["MF-005", "MF-006"]
    counts = {name: reading.counts[name] for name in ("rows_read", "cases", "outside", "excluded")}
    assert counts == {"rows_read": 8, "cases": 1, "outside": 1, "excluded": 6}


def test_a_stray_note_is_no_case() -> None:
    tracker = a_tracker(a_case(), {"Notes": "checked to here"}, {})

    assert review(tracker, day("2026-03-31")).counts["rows_read"] == 1


def test_a_day_that_cannot_be_read_counts_as_blank() -> None:
    tracker = a_tracker(a_case(SM_and_HoS_alerted="ASAP"))

    assert len(found(tracker, "2026-03-04", "alert_managers")) == 1


# --- the trackers made for comparing ---------------------------------------------------


def test_the_same_seed_makes_the_same_tracker() -> None:
    first, again = a_made_up_tracker(3), a_made_up_tracker(3)

    assert first == again
    assert place(first, 3, a_variation(3)) == place(again, 3, a_variation(3))


def test_made_up_trackers_reach_every_step_level_stage_and_word() -> None:
    levels, stages, words, edges = set(), set(), set(), set()
    for seed in range(40):
        made = a_made_up_tracker(seed)
        tracker = place(made, seed, a_variation(seed)).tracker
        for as_at in made.report_dates:
            reading = review(tracker, as_at)
            levels |= {(one["step"], one["level"]) for one in reading.findings}
            stages |= {one["stage"] for one in reading.positions}
            words |= {one["rag"] for one in reading.positions}
            edges |= {
                one["step"]
                for one in reading.findings
                if one["due"] == as_at.isoformat() or one["days_overdue"] == 1
            }

    assert levels == {(step, level) for step in STEPS for level in ("overdue", "due_soon")}
    assert len(stages) == 10
    assert words == {"Red", "Amber", "Green", "Complete", "Outside"}
    assert edges == set(STEPS)


def test_every_heading_made_up_is_one_of_the_contracts() -> None:
    for seed in range(10):
        for sheet, rows in a_made_up_tracker(seed).rows.items():
            assert {heading for row in rows for heading in row} <= set(HEADINGS[sheet])
