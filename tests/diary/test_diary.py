"""The calendar file: what falls due once each, the same mark for ever, nobody named."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from mfauto.cli import main
from mfauto.diary import Wanted, diary
from mfauto.model import Review
from mfauto.schedule import LONDON
from tests.messages.sample import MONDAY, an_action, improving, reviewed, the_week
from tests.scheduling.test_due import tracker

MEETINGS = [
    {"held": date(2026, 11, 10), "type": "Panel Review", "starts": "9:30", "location": "Room 2"},
    {"held": date(2026, 11, 12), "type": "Moving Forward Meeting", "starts": "in the morning"},
    {"held": date(2026, 10, 1), "type": "Panel Review"},
]


def events(found: Review, **wanted: Any) -> list[Any]:
    data, number = diary(found, Wanted(**wanted))
    made = Calendar.from_ical(data).walk("VEVENT")
    assert len(made) == number
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    assert b"\n" not in data.replace(b"\r\n", b"")
    return list(made)


def marks(found: Review) -> set[str]:
    return {str(event["uid"]) for event in events(found)}


def test_everything_open_is_an_entry_once() -> None:
    found = the_week()
    made = events(found)
    assert len(made) == len([due for due in found.open if not due.done])
    assert len(marks(found)) == len(made)
    late = [event for event in made if str(event["summary"]).startswith("Overdue: ")]
    assert len(late) == found.counts.overdue
    assert {event["dtstart"].dt for event in late} == {MONDAY}
    coming = [event["dtstart"].dt for event in made if event not in late]
    assert all(day >= MONDAY for day in coming)


def test_a_later_file_moves_an_entry_and_makes_no_second_one() -> None:
    before = reviewed(improving(), actions=[an_action(due=date(2026, 11, 9))])
    after = reviewed(
        improving(),
        actions=[an_action(due=date(2026, 11, 20))],
        as_at=MONDAY + timedelta(days=1),
    )
    assert marks(before) == marks(after)
    revisions = [{int(event["sequence"]) for event in events(one)} for one in (before, after)]
    assert max(revisions[0]) < min(revisions[1])
    assert diary(before, Wanted()) == diary(before, Wanted())


def test_meetings_stand_at_their_time_in_london() -> None:
    found = reviewed(improving(), meetings=MEETINGS)
    panel, meeting = [one for one in events(found) if one["transp"] == "OPAQUE"]
    assert panel["dtstart"].dt == datetime(2026, 11, 10, 9, 30, tzinfo=LONDON)
    assert str(panel["location"]) == "Room 2"
    assert meeting["dtstart"].dt == date(2026, 11, 12)  # its time cannot be read
    assert b"BEGIN:VTIMEZONE" in diary(found, Wanted())[0]
    assert b"BEGIN:VTIMEZONE" not in diary(reviewed(improving()), Wanted())[0]


def test_a_calendar_is_of_one_person_or_one_service() -> None:
    found = the_week()
    own = events(found, person="amira khan")
    owed = [due for due in found.open if not due.done and due.owner == "Amira Khan"]
    assert len(own) == len(owed) > 0
    assert events(found, service="Larkhill")
    assert events(found, service="Elsewhere") == []


def test_no_entry_names_anybody_or_says_what_an_action_is() -> None:
    found = the_week()
    text = diary(found, Wanted())[0].decode().replace("\r\n ", "")
    names = [person.name for person in found.tracker.people if person.name]
    assert not [name for name in names if name in text]
    assert "chronology" not in text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--person", "Nobody"], 'There is no person "Nobody" in the tracker.'),
        (["--service", "Nowhere"], 'There is no service area "Nowhere" in the tracker.'),
    ],
)
def test_a_name_that_is_not_there_is_said(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    said: str,
) -> None:
    tracker(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert main(["calendar", "--as-at", "2026-11-02", *words]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "calendars").exists()


def test_no_file_is_named_after_a_person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tracker(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert main(["calendar", "--as-at", "2026-11-02"]) == 0
    for _ in range(2):
        assert main(["calendar", "--as-at", "2026-11-02", "--person", "Hana Head"]) == 0
    everybody, person = sorted(path.name for path in (tmp_path / "calendars").iterdir())
    assert everybody == "everybody.ics"
    assert person.startswith("person ")
    assert "ana" not in person
