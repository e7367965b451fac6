"""Actions typed as lines of a cell: only what a line says for certain is taken."""

from datetime import date

import pytest

from mfauto.lines import Line, read_lines

PEOPLE = ("Ada Example", "Bo Example", "Mary-Jane O'Example")
DUE = date(2026, 4, 3)


def one(text: str) -> Line:
    (line,) = read_lines(text, PEOPLE)
    return line


@pytest.mark.parametrize(
    ("text", "texts"),
    [
        ("Visit\nPlan", ["Visit", "Plan"]),
        ("1. Visit\n2) Plan\n(3) Review", ["Visit", "Plan", "Review"]),
        ("- Visit\n• Plan\n* Review", ["Visit", "Plan", "Review"]),
        ("a) Visit\nb) Plan", ["Visit", "Plan"]),
        (
            "1. Visit the family\nand write it up\n2. Plan",
            ["Visit the family and write it up", "Plan"],
        ),
        ("Visit\r\n\r\n  \nPlan\u00a0", ["Visit", "Plan"]),
        ("Visit_x000D_\nPlan", ["Visit", "Plan"]),
        ("1.\n2. Plan", ["Plan"]),
        ("3/4/26 visit the family", ["3/4/26 visit the family"]),
        ("", []),
    ],
)
def test_a_cell_is_cut_into_its_actions(text: str, texts: list[str]) -> None:
    assert [line.text for line in read_lines(text, PEOPLE)] == texts


@pytest.mark.parametrize(
    "text",
    [
        "Visit by 3 April 2026",
        "Visit by 3/4/26",
        "Visit (due 03.04.2026)",
        "2026-04-03: visit",
        "Visit, 3rd April 2026.",
        "Visit by 3/4/2026, and again 3 April 2026",
        "Visit after 1/2/2026, by 3/4/2026",
    ],
)
def test_the_one_day_of_a_line_is_its_due_date(text: str) -> None:
    line = one(text)
    assert (line.due, line.flaws) == (DUE, ())


@pytest.mark.parametrize(
    "text", ["Visit", "Visit in week 3", "Call 020 7946 0000", "Write up the visit of 3/4/2026"]
)
def test_a_line_without_a_due_date_has_none(text: str) -> None:
    line = one(text)
    assert (line.due, line.flaws) == (None, ())


@pytest.mark.parametrize(
    "text", ["Visit by 30/02/2026", "Visit by 3/4/2026 or 10/4/2026", "Plan by 04/13/2026"]
)
def test_a_due_date_that_is_not_clear_is_unreadable(text: str) -> None:
    line = one(text)
    assert line.due is None
    assert [(flaw.field, flaw.kind, flaw.unreadable) for flaw in line.flaws] == [
        ("due", "not_a_date", True)
    ]


@pytest.mark.parametrize(
    ("text", "owner"),
    [
        ("Ada Example: visit", "Ada Example"),
        ("Visit - Ada Example", "Ada Example"),
        ("Visit (ada example)", "Ada Example"),
        ("Visit, Mary-Jane O’Example by 3/4/26", "Mary-Jane O'Example"),
        ("Ada Example to visit by 3/4/26", "Ada Example"),
        ("Visit. Owner: Bo Example", "Bo Example"),
        ("Visit (Ada Example / Bo Example)", "Ada Example / Bo Example"),
        ("Discuss with Ada Example", None),
        ("Discuss the visit of Ada Example in supervision", None),
        ("Discuss with Ada Example - Bo Example by 3/4/26", "Bo Example"),
        ("Visit - Adam Example", None),
        ("Visit - Ada Examples", None),
    ],
)
def test_only_a_name_that_stands_apart_is_the_owner(text: str, owner: str | None) -> None:
    assert one(text).owner == owner


@pytest.mark.parametrize(
    ("text", "status", "completed"),
    [
        ("Visit by 3/4/26 - done", "Complete", None),
        ("Visit (Completed)", "Complete", None),
        ("Visit by 3/4/26. Done on 1/4/26", "Complete", date(2026, 4, 1)),
        ("Visit: cancelled", "Cancelled", None),
        ("Visit - in progress", "In progress", None),
        ("Complete the chronology by 3/4/26", None, None),
        ("Visit not done", None, None),
        ("Check that the plan is complete", None, None),
        ("Visit - not complete", None, None),
        ("Close the gaps", None, None),
    ],
)
def test_done_counts_only_behind_the_action(
    text: str, status: str | None, completed: date | None
) -> None:
    line = one(text)
    assert (line.status, line.completed) == (status, completed)
