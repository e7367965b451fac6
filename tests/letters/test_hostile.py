"""Text that means harm, in every field that a letter, an alert or a note may show."""

import re
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from icalendar import Calendar

from mfauto.delivery import as_bytes
from mfauto.letters import KINDS
from mfauto.messages import Document, Known, Message, cover_pack, cover_reports, safety_alerts
from tests.letters.sample import MEETINGS, STAFF, booked, found, left, made, re_audit, shared
from tests.messages.sample import MONDAY, SETTINGS, improving, unsafe
from tests.messages.test_hostile import HOSTILE
from tests.messages.test_words import Page

CALM = "calm"


@cache
def harmful(text: str) -> list[Message]:
    """Give every kind of email besides the weekly ones, with `text` wherever people type."""
    names = dict.fromkeys(("team", "notes", "child_safety_note", "themes"), text)
    cases = (
        booked(2, **{**names, "ref": f"{text}1", "team_manager": text}),
        left(3, **{**names, "ref": f"{text}2", "service_manager": text}),
        unsafe(4, **{**names, "ref": f"{text}3"}),
        improving(5, **{**names, "ref": f"{text}4", "head_of_service": text}),
    )
    review = found(
        *cases,
        people=[*STAFF, {"name": text, "role": "Director", "email": text, "active": "Yes"}],
        meetings=[{**MEETINGS[0], "starts": text, "location": text, "notes": text}],
        reaudits=[re_audit(case_ref=f"{text}2", reauditor=text)],
        examples=[
            shared(case_ref=f"{text}2", ref=text, example=text, theme=text, library_link=text)
        ],
    )
    documents = [Document(path=Path("reports") / "4.docx", case=case.ref) for case in cases[3:]]
    pack = Document(path=Path("packs") / "2026-10.docx")
    return [
        *(message for kind in KINDS for message in made(kind, review).messages),
        *safety_alerts(review, SETTINGS, Known()).messages,
        *cover_reports(review, SETTINGS, Known(), documents, "2026-W45").messages,
        *cover_pack(review, SETTINGS, Known(), pack, (2026, 10)).messages,
    ]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_shown_as_text_or_not_at_all(text: str) -> None:
    messages, plain = harmful(text), harmful(CALM)

    assert len(messages) == len(plain)
    assert {one.kind for one in messages} == {*KINDS, "safety", "reports", "pack"}
    for message, expected in zip(messages, plain, strict=True):
        assert message.subject == expected.subject
        tags = [tag for tag, _ in Page(message.html).tags if tag != "br"]
        assert tags == [tag for tag, _ in Page(expected.html).tags if tag != "br"]
        assert not re.search(r"<(script|img)\b|\b49\b", message.html)
        assert not re.search("[\u202a-\u202e\u2066-\u2069\x00\x1b\x7f\x85\r]", message.text)
        assert message.recipient in {person["email"] for person in STAFF}
        head = as_bytes(message, draft=True).split(b"\r\n\r\n")[0].lower()
        assert not re.search(rb"^(b?cc):", head, re.MULTILINE)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_calendar_entry_holds_nothing_but_its_meeting(text: str) -> None:
    entries = [one.attachments[0].data for one in harmful(text) if one.kind == "invitation"]

    assert entries
    for data in entries:
        (event,) = Calendar.from_ical(data).walk("VEVENT")
        assert set(event) <= {
            *("UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "TRANSP", "SUMMARY"),
            *("DESCRIPTION", "LOCATION", "ORGANIZER", "CLASS", "STATUS"),
        }
        assert event.decoded("dtstart") == date(2026, 12, 3)
        assert event["dtstamp"].dt.date() == MONDAY
