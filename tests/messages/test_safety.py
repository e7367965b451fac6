"""Child safety is told on the day: whom, once for each case and reader, in which words."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from mfauto.delivery import as_bytes
from mfauto.messages import SAFETY_KIND, Alerts, Known, safety_alerts
from mfauto.model import Review
from mfauto.settings import Settings
from tests.messages.sample import (
    MONDAY,
    PEOPLE,
    SETTINGS,
    in_order,
    mail,
    reviewed,
    unsafe,
)
from tests.messages.test_words import Page

GOLDEN = Path(__file__).parent / "golden"
NEW = unsafe(5, ref="MF-023", audited=MONDAY, managers_alerted=MONDAY, qa_notified=MONDAY)
FOUND = reviewed(in_order(), unsafe(3), unsafe(4, ref="MF-022", head_of_service="Ann Other"))


def alerts(found: Review, before: Alerts | None = None, settings: Settings = SETTINGS) -> Alerts:
    """Give the alerts; `before` are those that have left already."""
    left = before.messages if before else ()
    told = frozenset(key for message in left for key in message.told)
    return safety_alerts(found, settings, Known(told=told), frozenset(one.key for one in left))


def readers(found: Alerts) -> list[str]:
    return [message.recipient.split("@")[0] for message in found.messages]


def test_the_head_of_service_and_the_officer_hear_at_once() -> None:
    assert readers(alerts(reviewed(unsafe()))) == ["jo.bright", "priya.shah"]


def test_a_case_is_told_before_it_is_late() -> None:
    (head, officer) = alerts(reviewed(NEW)).messages

    for message in (head, officer):
        assert message.subject == "Child safety: 1 case needs you by 4 November 2026"
        assert "Child safety is not assured yet in 1 case" in message.text
        assert "Not overdue yet" in message.text
        assert 'class="calm"' in message.html
        assert 'class="alert"' not in message.html
    assert (
        "Please assure yourself by 4 November 2026 that the child is not at risk because of the "
        "practice found."
    ) in head.text


def test_what_is_late_and_what_is_not_are_asked_for_in_one_email() -> None:
    (head, _) = alerts(reviewed(unsafe(), NEW)).messages

    assert head.subject == "Child safety: 1 case needs you today, 1 more by 4 November 2026"
    assert "today where it is overdue, else by 4 November 2026." in head.text
    assert 'class="alert"' in head.html


def test_the_head_of_service_reads_who_audited_whose_work() -> None:
    (head, officer) = alerts(reviewed(unsafe(team="Larkhill 2"))).messages

    assert (
        "- Case: MF-020\n  Audit date: 20 October 2026\n  Auditor: Lee Marsh. Team: Larkhill 2.\n"
    ) in head.text
    assert "Lee Marsh" not in officer.text


@pytest.mark.parametrize("alerted", [None, MONDAY + timedelta(days=1)])
def test_where_the_tracker_has_no_alert_it_is_said_gently(alerted: date | None) -> None:
    said = "The tracker has no date for the alert to you."
    (head, _) = alerts(reviewed(unsafe(managers_alerted=alerted))).messages

    assert said in head.text
    assert said not in alerts(reviewed(unsafe())).messages[0].text


def test_the_officer_is_asked_to_send_a_draft_and_to_look_after_what_was_sent() -> None:
    live = mail(live=True, delivery="smtp")
    (_, drafted) = alerts(reviewed(unsafe())).messages
    (_, sent) = alerts(reviewed(unsafe()), settings=live).messages

    assert "is in the drafts. Please send it today." in drafted.text
    assert "is asked in an email of their own. Please check that it reached them." in sent.text


def test_nothing_is_told_where_every_child_is_safe() -> None:
    assert alerts(reviewed(in_order())) == Alerts(messages=(), unreached=(), stranded=None)


def test_a_case_is_told_once() -> None:
    first = alerts(reviewed(unsafe()))
    day_after = reviewed(unsafe(), as_at=MONDAY + timedelta(days=1))

    assert alerts(day_after, first).messages == ()


def test_a_case_that_shows_later_in_the_day_has_an_email_of_its_own() -> None:
    first = alerts(reviewed(unsafe()))
    second = alerts(reviewed(unsafe(), unsafe(4, ref="MF-022")), first)

    assert readers(second) == ["jo.bright", "priya.shah"]
    assert {message.period for message in second.messages} == {"2026-11-02.2"}
    assert not {message.key for message in first.messages} & {one.key for one in second.messages}
    for message in second.messages:
        assert "MF-022" in message.text
        assert "MF-020" not in message.text


def test_a_new_head_of_service_hears_and_the_officer_not_again() -> None:
    first = alerts(reviewed(unsafe()))

    assert readers(alerts(reviewed(unsafe(head_of_service="Sam Okoro")), first)) == ["sam.okoro"]


def test_a_head_of_service_who_cannot_be_written_to_is_the_officers() -> None:
    found = alerts(FOUND)

    (officer,) = [one for one in found.messages if one.recipient.startswith("priya")]
    assert [one.case.ref for one in found.unreached] == ["MF-022"]
    assert "Ann Other is not on People." in officer.text
    assert "could not be written to" in officer.text
    assert found.stranded is None


def test_where_no_head_of_service_is_named_the_table_names_none() -> None:
    (told,) = alerts(reviewed(unsafe(head_of_service=None))).messages
    assert "Head of Service: Not recorded\n  Nobody is named as Head of Service." in told.text


def test_a_head_of_service_who_is_the_officer_hears_once() -> None:
    assert readers(alerts(reviewed(unsafe(head_of_service="Priya Shah")))) == ["priya.shah"]


def test_without_an_officer_the_fallback_hears() -> None:
    found = reviewed(unsafe(), people=PEOPLE[1:])

    assert readers(alerts(found, settings=mail(fallback="mf@council.example"))) == [
        "jo.bright",
        "mf",
    ]


def test_where_nobody_can_be_told_it_is_said() -> None:
    found = alerts(reviewed(unsafe(head_of_service=None), people=PEOPLE[1:]))

    assert found.messages == ()
    assert found.stranded == "Nobody on People is an active SQA Officer."


@pytest.mark.parametrize(("number", "name"), [(0, "safety-head"), (1, "safety-officer")])
def test_the_golden_text(number: int, name: str) -> None:
    message = alerts(FOUND).messages[number]
    said = f"Subject: {message.subject}\n\n{message.text}"

    assert said == (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")


def test_it_can_be_sent_and_is_read_well_by_machines() -> None:
    for message in alerts(FOUND).messages:
        tags = [tag for tag, _ in Page(message.html).tags]
        as_bytes(message, draft=True)
        assert message.kind == SAFETY_KIND
        assert message.first
        assert [tag for tag in tags if tag in ("h1", "h2")] == ["h1", "h2"]
        assert "MF-0" not in message.subject


def test_the_same_day_gives_the_same_email() -> None:
    assert alerts(FOUND) == alerts(FOUND)
    assert alerts(FOUND).messages[0].date.date() == date(2026, 11, 2)
