"""Who gets which letter, when, and what it says."""

import re
from dataclasses import replace
from datetime import date, timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest

from mfauto.delivery import as_bytes
from mfauto.jobs import LETTERS
from mfauto.letters import ANNOUNCEMENT, INVITATION, KINDS, LEAVER, of_case
from mfauto.messages import Known, Message
from mfauto.model import Review
from tests.letters.sample import (
    GOLDEN,
    STAFF,
    booked,
    found,
    left,
    made,
    re_audit,
    readers,
    shared,
    to,
)
from tests.messages.sample import MONDAY, SETTINGS, in_order
from tests.messages.test_words import Page

EVERYTHING = {
    "invitation": to(made(INVITATION, found(booked())), "amira"),
    "invitation-outstanding": to(made(INVITATION, found(booked(audit_grade="Outstanding"))), "sam"),
    "leaver": to(made(LEAVER, found(left(), reaudits=[re_audit()])), "amira"),
    "leaver-manager": to(made(LEAVER, found(left(), reaudits=[re_audit()])), "jo"),
    "announcement": made(
        ANNOUNCEMENT,
        found(in_order(audit_grade="Outstanding"), examples=[shared()]),
        replace(SETTINGS, service_list="everyone@council.example"),
    ).messages[0],
}


def test_a_notice_says_once_that_the_case_has_left() -> None:
    message = to(made(LEAVER, found(left(), reaudits=[re_audit()])), "amira")
    assert message.text.count("left Inadequate") == 1


@pytest.mark.parametrize(("name", "message"), EVERYTHING.items(), ids=EVERYTHING.keys())
def test_the_golden_text(name: str, message: Message) -> None:
    said = f"Subject: {message.subject}\n\n{message.text}"

    assert said == (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("message", EVERYTHING.values(), ids=EVERYTHING.keys())
def test_a_letter_can_be_sent_and_is_read_well(message: Message) -> None:
    page = Page(message.html)
    email = message_from_bytes(as_bytes(message, draft=True), policy=policy.default)

    assert email["X-Unsent"] == "1"
    assert next(tag for tag, _ in page.tags if tag in ("h1", "h2")) == "h1"
    assert page.tags[0][1]["lang"] == "en-GB"
    assert not re.search(r"MF-\d|E-1|Khan|child", message.subject)
    for line in message.text.splitlines():
        for sentence in re.split(r"[.?!](?:\s|$)", line):
            assert len(sentence.split()) <= 24, sentence


def test_each_kind_is_known_to_the_command() -> None:
    assert tuple(LETTERS) == KINDS


# Invitations


def test_practitioner_and_managers_are_invited_one_email_each() -> None:
    letters = made(INVITATION, found(booked()))

    assert readers(letters) == ["amira.khan", "sam.okoro", "ted.marsh"]
    assert letters.missing == ()


@pytest.mark.parametrize(
    ("fields", "left_out"),
    [
        ({"practitioner_invited": date(2026, 10, 30)}, "amira.khan"),
        ({"team_manager_invited": date(2026, 10, 30)}, "ted.marsh"),
        ({"service_manager_invited": date(2026, 10, 30)}, "sam.okoro"),
    ],
)
def test_who_was_invited_is_not_invited_again(fields: Any, left_out: str) -> None:
    invited = readers(made(INVITATION, found(booked(**fields))))

    assert left_out not in invited
    assert len(invited) == 2


def test_an_invitation_entered_for_a_later_day_has_not_happened_yet() -> None:
    letters = made(INVITATION, found(booked(practitioner_invited=MONDAY + timedelta(days=1))))

    assert "amira.khan" in readers(letters)


def test_a_person_in_two_roles_is_invited_once() -> None:
    letters = made(INVITATION, found(booked(team_manager="Sam Okoro")))

    assert readers(letters) == ["amira.khan", "sam.okoro"]
    assert "Team Manager of the case" in to(letters, "sam").text


def test_nobody_is_invited_before_a_booking_or_after_the_meeting() -> None:
    assert made(INVITATION, found(booked(meeting_booked=None))).messages == ()
    assert made(INVITATION, found(in_order())).messages == ()


def test_a_booking_that_is_over_is_named_instead() -> None:
    letters = made(INVITATION, found(booked(meeting_booked=date(2026, 10, 30))))

    assert letters.messages == ()
    (one,) = letters.missing
    assert (one.case, one.lost) == ("MF-014", False)
    assert "enter Meeting held, or book it anew" in one.reason


def test_who_cannot_be_written_to_is_named_and_the_others_are_invited() -> None:
    letters = made(INVITATION, found(booked(practitioner="Ann Other", team_manager=None)))

    assert readers(letters) == ["sam.okoro"]
    assert [(one.reason, one.lost) for one in letters.missing] == [
        ("Practitioner: Ann Other is not on People.", True),
        ("Team Manager: Nobody is named as Team Manager.", True),
    ]


def test_two_cases_of_one_person_at_one_meeting_have_two_invitations() -> None:
    letters = made(INVITATION, found(booked(), booked(3, ref="MF-015")))

    mine = [one for one in letters.messages if one.recipient.startswith("amira")]
    assert len({one.period for one in mine}) == len({one.key for one in mine}) == 2
    assert all(re.fullmatch(r"2026-12-03\.[0-9a-f]{6}", one.period) for one in mine)


def test_the_letters_of_one_case_can_be_had_alone() -> None:
    letters = made(INVITATION, found(booked(), booked(3, ref="MF-015")))

    assert {"MF-015"} == {
        ref for one in of_case(letters, "mf-015").messages for ref in letters.cases[one.key]
    }


# Notices of leaving


def test_three_people_hear_that_a_case_has_left() -> None:
    letters = made(LEAVER, found(left(), reaudits=[re_audit()]))

    assert readers(letters) == ["amira.khan", "jo.bright", "sam.okoro"]
    assert "re-audit of 20 October 2026 was graded Good" in to(letters, "jo").text


def test_the_round_that_passed_is_the_one_named() -> None:
    rounds = [
        re_audit(audited=date(2026, 9, 20), grade="Inadequate"),
        re_audit(round=2, grade="Requires improvement"),
    ]

    letters = made(LEAVER, found(left(), reaudits=rounds))

    assert "was graded Requires improvement" in to(letters, "jo").text


def test_who_was_informed_is_not_informed_again() -> None:
    case = left(hos_informed=date(2026, 10, 21), practitioner_informed=date(2026, 10, 21))

    assert readers(made(LEAVER, found(case, reaudits=[re_audit()]))) == ["sam.okoro"]


def test_a_case_that_stays_inadequate_has_no_notice() -> None:
    stays = found(left(), reaudits=[re_audit(grade="Inadequate")])

    assert made(LEAVER, stays).messages == ()


# The service email


def outstanding(*examples: dict[str, Any], **rows: Any) -> Review:
    return found(in_order(audit_grade="Outstanding"), examples=list(examples), **rows)


def test_all_new_examples_are_announced_in_one_email() -> None:
    review = outstanding(shared(), shared(ref="E-2", theme="Recording", library_link=None))

    (one,) = made(ANNOUNCEMENT, review).messages

    assert one.subject == "2 new good practice examples in the Good Practice Library"
    assert "https://council.example/library/1" in one.text
    assert "Good Practice Library on Teams" in one.text
    assert not re.search("MF-014|E-1|drawings|Khan", one.text)
    assert one.recipient.startswith("priya")


def test_the_service_list_is_a_setting() -> None:
    settings = replace(SETTINGS, service_list="everyone@council.example")

    (one,) = made(ANNOUNCEMENT, outstanding(shared()), settings).messages

    assert one.recipient == "everyone@council.example"
    assert "Hello everyone," in one.text


@pytest.mark.parametrize("day", [None, MONDAY + timedelta(days=1)])
def test_an_example_that_nobody_signed_off_is_not_announced(day: date | None) -> None:
    letters = made(ANNOUNCEMENT, outstanding(shared(anonymised=day)))

    assert letters.messages == ()
    assert [one.reason for one in letters.missing] == ["Example E-1 has no Anonymised on."]


def test_what_was_announced_is_not_announced_again() -> None:
    (first,) = made(ANNOUNCEMENT, outstanding(shared())).messages
    review = outstanding(shared(), shared(ref="E-2", theme="Recording"))

    run = Known(told=first.told)
    (second,) = made(ANNOUNCEMENT, review, SETTINGS, run, frozenset({first.key})).messages

    assert second.subject.startswith("1 new good practice example ")
    assert second.period == "2026-11-02.2"
    assert "Recording" in second.text
    assert "Child's voice" not in second.text


def test_without_anybody_to_write_to_it_is_said() -> None:
    letters = made(ANNOUNCEMENT, outstanding(shared(), people=STAFF[1:]))

    assert [(one.reason, one.lost) for one in letters.missing] == [
        ("Nobody on People is an active SQA Officer.", True)
    ]
