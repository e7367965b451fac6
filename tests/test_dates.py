"""Dates as people type them: day first, always, or not at all."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from mfauto.dates import Refused, day_of_serial, read_day

DAY = date(2026, 1, 31)


@pytest.mark.parametrize(
    "text",
    [
        "31/01/2026",
        "31/1/2026",
        "31/1/26",
        "31.1.26",
        "31.01.2026",
        "31-01-2026",
        "31-Jan-2026",
        "31-Jan-26",
        "31 Jan 2026",
        "31 January 2026",
        "31st January 2026",
        "31st of January 2026",
        "31 JANUARY 2026",
        "31 Jan. 2026",
        "31Jan2026",
        "2026-01-31",
        "2026-01-31T00:00:00",
        "2026-01-31 09:30",
        "Sat 31 Jan 26",
        "Saturday 31 January 2026",
        "Saturday, 31 January 2026",
        "  31/01/2026  ",
        "\xa031/01/2026\xa0",
        "31 / 01 / 2026",
        "31/01/2026 14:30",
        "\u200b31/01/2026",
        "31\n January 2026",
    ],
)
def test_the_usual_forms_of_one_day(text: str) -> None:
    assert read_day(text) == DAY


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("3/4/2026", date(2026, 4, 3)),
        ("03/04/2025", date(2025, 4, 3)),
        ("03.04.26", date(2026, 4, 3)),
        ("3 April 2026", date(2026, 4, 3)),
        ("3rd Apr 2026", date(2026, 4, 3)),
        ("2026-04-03", date(2026, 4, 3)),
        ("2 Sept 2026", date(2026, 9, 2)),
        ("29/02/2028", date(2028, 2, 29)),
        ("12/11/2026", date(2026, 11, 12)),
        ("Weds 1 April 2026", date(2026, 4, 1)),
    ],
)
def test_day_comes_first(text: str, day: date) -> None:
    assert read_day(text) == day


@pytest.mark.parametrize(
    "text",
    [
        "30/02/2026",
        "29/02/2026",
        "31/1",
        "ASAP",
        "TBC",
        "wk 3",
        "w/c 2/2/26",
        "2026-13-13",
        "32/13/2024",
        "01/02/2026 and 03/02/2026",
        "01/02/2026 03/02/2026",
        "January",
        "March 2026",
        "Mon 31 January 2026",
        "31/01/206",
        "0/1/2026",
        "31/01/20266",
        "1/2/3/4",
        "31-01/2026",
        "31 Janvier 2026",
        "early February",
        "?",
        "n/a",
    ],
)
def test_what_is_no_single_day_is_refused_without_a_guess(text: str) -> None:
    assert read_day(text) == Refused(None)


@pytest.mark.parametrize(
    ("text", "proposal"),
    [
        ("01/31/2026", "31 January 2026"),
        ("12/25/25", "25 December 2025"),
        ("January 31, 2026", "31 January 2026"),
        ("20260131", "31 January 2026"),
    ],
)
def test_month_first_is_refused_with_what_it_may_have_meant(text: str, proposal: str) -> None:
    assert read_day(text) == Refused(proposal)


def test_every_day_of_four_years_in_every_short_form_reads_as_itself() -> None:
    for ordinal in range(date(2023, 12, 25).toordinal(), date(2028, 3, 5).toordinal()):
        day = date.fromordinal(ordinal)
        for form in ("%d/%m/%Y", "%d.%m.%y", "%d-%b-%Y", "%d %B %Y", "%Y-%m-%d", "%a %d %b %y"):
            assert read_day(day.strftime(form)) == day


@pytest.mark.parametrize(
    ("serial", "epoch_1904", "day"),
    [
        (46053, False, date(2026, 1, 31)),
        (44591, True, date(2026, 1, 31)),
        (1, False, date(1900, 1, 1)),
        (59, False, date(1900, 2, 28)),
        (60, False, None),
        (61, False, date(1900, 3, 1)),
        (0, False, None),
        (-5, False, None),
        (3_000_000, False, None),
    ],
)
def test_excel_serials(serial: float, *, epoch_1904: bool, day: date | None) -> None:
    assert day_of_serial(serial, epoch_1904=epoch_1904) == day


def labelled() -> Iterator[tuple[str, date | None]]:
    """Read the table of what people type, and of the day that each can only mean."""
    table = Path(__file__).with_name("dates.txt").read_text(encoding="utf-8")
    for line in table.splitlines():
        if line and not line.startswith("#"):
            text, _, day = (
                line.rpartition(" = ") if not line.endswith(" -") else (line[:-2], "", "")
            )
            typed = re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), text)
            yield typed, date.fromisoformat(day) if day else None


@pytest.mark.parametrize(("text", "day"), list(labelled()), ids=ascii)
def test_what_people_type_is_read_as_labelled_by_hand(text: str, day: date | None) -> None:
    read = read_day(text)
    assert (None if isinstance(read, Refused) else read) == day


def test_the_table_of_what_people_type_is_as_large_as_it_says() -> None:
    table = dict(labelled())
    assert len(table) > 300
    assert sum(day is not None for day in table.values()) > 150


def test_of_the_labelled_dates_none_is_read_wrongly_and_nearly_all_are_read() -> None:
    table = [(typed, day, read_day(typed)) for typed, day in labelled()]
    meant = [(typed, day, read) for typed, day, read in table if day is not None]
    read_as_meant = sum(read == day for _, day, read in meant)
    wrong = [typed for typed, day, read in table if not isinstance(read, Refused) and read != day]
    swapped = [
        typed
        for typed, day, read in meant
        if isinstance(read, date) and read != day and (read.day, read.month) == (day.month, day.day)
    ]

    assert len(table) > 300
    assert wrong == []
    assert swapped == []
    assert read_as_meant / len(meant) >= 0.95
