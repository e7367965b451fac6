"""The calendar entry, read back with the library and against London's own time."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from mfauto.letters import INVITATION
from mfauto.letters.entry import Entry, as_ics
from mfauto.schedule import LONDON
from tests.letters.sample import MEETINGS, booked, found, made, to
from tests.messages.sample import MONDAY, SETTINGS

ENTRY = Entry(
    uid="abc@mfauto",
    revision=9802,
    made=datetime(2026, 11, 2, 7, tzinfo=UTC),
    title="Moving Forward Meeting",
    day=date(2026, 12, 3),
    starts=time(10),
    minutes=60,
    place="Room 2; first floor, east",
    organiser="moving-forward@council.example",
    text="Questions? Please ask Priya Shah.",
)


def event(entry: Entry) -> Any:
    (one,) = Calendar.from_ical(as_ics(entry)).walk("VEVENT")
    return one


def entry_of(message: Any) -> Any:
    (attached,) = message.attachments
    assert (attached.name, attached.type) == ("Moving Forward Meeting.ics", "text/calendar")
    return Calendar.from_ical(attached.data)


def test_it_says_when_and_where() -> None:
    one = event(ENTRY)

    assert one.decoded("dtstart") == datetime(2026, 12, 3, 10, tzinfo=LONDON)
    assert one.decoded("dtend") == datetime(2026, 12, 3, 11, tzinfo=LONDON)
    assert one["location"] == "Room 2; first floor, east"
    assert one["organizer"] == "mailto:moving-forward@council.example"
    assert (one["class"], one["sequence"], one["uid"]) == ("PRIVATE", 9802, "abc@mfauto")


def test_it_is_published_and_asks_nobody_for_an_answer() -> None:
    data = as_ics(ENTRY)

    assert b"METHOD:PUBLISH\r\n" in data
    assert b"ATTENDEE" not in data
    assert data == as_ics(ENTRY)
    assert max(map(len, data.split(b"\r\n"))) <= 75


@pytest.mark.parametrize(
    ("day", "utc"), [(date(2026, 12, 3), 10), (date(2026, 7, 2), 9), (date(2027, 3, 29), 9)]
)
def test_ten_in_london_is_ten_in_london_all_the_year(day: date, utc: int) -> None:
    start = event(replace(ENTRY, day=day)).decoded("dtstart")

    assert start.astimezone(UTC) == datetime(day.year, day.month, day.day, utc, tzinfo=UTC)


def test_the_changes_of_the_clock_written_down_are_londons() -> None:
    (zone,) = Calendar.from_ical(as_ics(ENTRY)).walk("VTIMEZONE")
    assert len(zone.subcomponents) == 2
    for part in zone.subcomponents:
        (month,) = part["rrule"]["bymonth"]
        assert part["rrule"].to_ical() == b"FREQ=YEARLY;BYDAY=-1SU;BYMONTH=%d" % month
        before, after = part.decoded("tzoffsetfrom"), part.decoded("tzoffsetto")
        for year in range(2024, 2040):
            days = (date(year, int(month), day) for day in range(25, 32))
            (last_sunday,) = (day for day in days if day.weekday() == 6)
            local = datetime.combine(last_sunday, part.decoded("dtstart").time(), UTC)
            moment = local - before
            assert (moment - timedelta(seconds=1)).astimezone(LONDON).utcoffset() == before
            assert moment.astimezone(LONDON).utcoffset() == after


def test_a_meeting_without_a_time_is_an_entry_for_the_day() -> None:
    one = event(replace(ENTRY, starts=None))

    assert one.decoded("dtstart") == date(2026, 12, 3)
    assert one.decoded("dtend") == date(2026, 12, 4)
    assert one["transp"] == "TRANSPARENT"


def test_an_entry_names_no_case_and_no_reader() -> None:
    for message in made(INVITATION, found(booked())).messages:
        data = message.attachments[0].data
        assert b"MF-014" not in data
        for word in (b"Khan", b"Okoro", b"Marsh", b"Inadequate"):
            assert word not in data


def test_the_organiser_is_the_officer_who_sends_the_draft() -> None:
    (one,) = entry_of(to(made(INVITATION, found(booked())), "amira")).walk("VEVENT")

    assert one["organizer"] == "mailto:priya.shah@council.example"


def test_a_meeting_moved_moves_the_entry() -> None:
    first = to(made(INVITATION, found(booked())), "amira")
    moved = booked(meeting_booked=date(2026, 12, 10))
    second = to(made(INVITATION, found(moved, as_at=MONDAY + timedelta(days=3))), "amira")

    assert first.key != second.key
    (before,), (after,) = (entry_of(one).walk("VEVENT") for one in (first, second))
    assert before["uid"] == after["uid"]
    assert after["sequence"] > before["sequence"]


@pytest.mark.parametrize(
    ("starts", "shown"),
    [
        ("10:00", "10:00"),
        ("9:30", "09:30"),
        (None, "To follow"),
        ("noon", "To follow"),
    ],
)
def test_the_time_is_that_of_the_sheet_meetings(starts: str | None, shown: str) -> None:
    meetings = [{**MEETINGS[0], "starts": starts}]

    said = to(made(INVITATION, found(booked(), meetings=meetings)), "amira").text

    assert f"Time\n  Details: {shown}\n" in said


def test_two_meetings_on_a_day_leave_the_time_open() -> None:
    meetings = [MEETINGS[0], {**MEETINGS[0], "starts": "14:00"}]

    message = to(made(INVITATION, found(booked(), meetings=meetings)), "amira")

    assert "Time\n  Details: To follow" in message.text
    (one,) = entry_of(message).walk("VEVENT")
    assert one.decoded("dtstart") == date(2026, 12, 3)


def test_the_length_of_a_meeting_is_a_setting() -> None:
    message = to(made(INVITATION, found(booked()), replace(SETTINGS, meeting_minutes=45)), "amira")

    (one,) = entry_of(message).walk("VEVENT")
    assert one.decoded("dtend") - one.decoded("dtstart") == timedelta(minutes=45)
