"""Who hears of what: owners, managers, the fallback recipient, the SQA Officer."""

import re
from datetime import date, timedelta
from typing import Any

import pytest

from mfauto.errors import SettingsError
from mfauto.messages import Head, Known, digests, week_of
from mfauto.model import Review
from mfauto.policy import DAYS, Limit
from tests.making import a_case
from tests.messages.sample import (
    MONDAY,
    NO_MEETING,
    PEOPLE,
    SETTINGS,
    an_action,
    improving,
    in_order,
    mail,
    reviewed,
    the_week,
    to,
    told,
    unsafe,
    week_after,
)

ONLY_ONE = "The address of {} on People is not exactly one address, with nothing around it."


def reasons(found: Review) -> list[str]:
    return [one.reason for one in digests(found, SETTINGS).unaddressed]


def test_one_email_for_each_person_however_many_items() -> None:
    batch = digests(the_week(), SETTINGS)

    assert [message.recipient.split("@")[0] for message in batch.messages] == [
        "jo.bright",
        "amira.khan",
        "priya.shah",
    ]
    assert to(batch, "amira").items[0].what == "A-1: Agree a supervision plan"
    assert len(to(batch, "amira").items) == 2


def test_an_item_says_what_is_left_of_its_step() -> None:
    """Who was invited already is not to be invited again."""
    invited = dict.fromkeys(("practitioner_invited", "team_manager_invited"), date(2026, 8, 3))
    found = reviewed(improving(**{**NO_MEETING, **invited, "service_manager_invited": None}))
    items = {item.finding.step: item.what for item in to(week_after(found), "priya").items}

    assert items["invite_attendees"] == "Invite the Service Manager"


def test_the_subject_says_how_many_and_by_when() -> None:
    batch = week_after(reviewed(improving(), actions=[an_action()]))

    assert to(batch, "amira").subject == (
        "1 Moving Forward action is overdue: please update by 6 November 2026"
    )
    assert to(batch, "jo").subject == (
        "1 Moving Forward action of yours and 1 in your area are overdue: "
        "please update by 6 November 2026"
    )
    assert to(batch, "sam").subject == (
        "1 Moving Forward item in your area is overdue: please review by 6 November 2026"
    )
    assert to(batch, "priya").subject == (
        "Moving Forward weekly summary: 2 items are overdue, please review by 6 November 2026"
    )


@pytest.mark.parametrize(
    ("as_at", "by"),
    [
        (date(2026, 11, 2), date(2026, 11, 6)),  # Monday: Friday
        (date(2026, 11, 4), date(2026, 11, 10)),  # a late run still leaves a week
        (date(2026, 11, 1), date(2026, 11, 6)),  # Sunday
        (date(2026, 12, 21), date(2026, 12, 29)),  # Christmas Day and the 28th do not count
        (date(2028, 2, 28), date(2028, 3, 3)),  # 29 February is a working day like any other
    ],
)
def test_people_get_five_working_days(as_at: date, by: date) -> None:
    assert digests(reviewed(in_order(), as_at=as_at), SETTINGS).by == by


def test_only_who_keeps_the_tracker_is_asked_to_enter_a_date() -> None:
    mine = an_action(ref="A-9", owner="Priya Shah")
    found = reviewed(improving(), actions=[an_action(), mine])
    batch = digests(found, SETTINGS)

    assert "Enter the date in Completed on" in to(batch, "priya").text
    assert "Tell Priya Shah the date it was done, or agree a new date." in to(batch, "amira").text
    assert "When it is done, tell Priya Shah the date, and what came" in to(batch, "jo").text
    for name in ("amira", "jo"):
        assert not re.search(r"(?i)\benter\b|update the tracker", to(batch, name).text)


def test_readers_tell_the_contact_of_the_settings() -> None:
    text = to(digests(the_week(), mail(contact="the SQA team on 2345")), "amira").text

    assert "Tell the SQA team on 2345 the date it was done" in text


def test_a_week_is_an_iso_week() -> None:
    days = {date(2026, 12, 28): "2026-W53", date(2027, 1, 3): "2026-W53", MONDAY: "2026-W45"}

    assert {day: week_of(day) for day in days} == days


def test_an_inadequate_case_comes_before_what_is_older() -> None:
    older = an_action(ref="A-1", case_ref="MF-030", due=date(2026, 9, 1))
    newer = an_action(ref="A-2", due=date(2026, 10, 12))
    newest = an_action(ref="A-3", due=date(2026, 10, 19))
    good = a_case(9, ref="MF-030", audited=date(2026, 7, 1), audit_grade="Good")
    found = reviewed(in_order(), good, actions=[older, newest, newer])

    message = to(digests(found, SETTINGS), "amira")

    assert [item.finding.item for item in message.items] == ["A-2", "A-3", "A-1"]
    assert "Inadequate cases come first, then the longest overdue." in message.text
    assert "Inadequate cases" not in to(digests(the_week(), SETTINGS), "amira").text


# Managers


def test_managers_hear_nothing_before_the_owner_did() -> None:
    found = reviewed(in_order(), actions=[an_action(due=date(2026, 8, 1))])

    batch = digests(found, SETTINGS)

    assert not any(message.managed for message in batch.messages)
    assert [item.finding.item for item in to(week_after(found), "sam").managed] == ["A-1"]


@pytest.mark.parametrize(
    ("due", "managers"),
    [
        (date(2026, 10, 20), set()),  # 9 working days
        (date(2026, 10, 19), {"sam"}),  # 10
        (date(2026, 10, 6), {"sam"}),  # 19
        (date(2026, 10, 5), {"sam", "jo"}),  # 20
    ],
)
def test_managers_hear_from_ten_and_twenty_working_days(due: date, managers: set[str]) -> None:
    found = reviewed(in_order(), actions=[an_action(due=due)])

    heard = {one.recipient.split(".")[0] for one in week_after(found).messages if one.managed}

    assert heard == managers


def test_the_waiting_times_of_managers_are_settings() -> None:
    settings = mail(service_manager_after=Limit(3, DAYS), head_of_service_after=Limit(1, DAYS))
    found = reviewed(in_order(), actions=[an_action(due=MONDAY - timedelta(days=2))])

    batch = week_after(found, settings)

    heard = {one.recipient.split(".")[0] for one in batch.messages if one.managed}
    assert heard == {"jo"}
    assert "after 3 days, as Head of Service of the case after 1 day." in to(batch, "jo").text


def test_what_a_head_of_service_owes_does_not_go_to_the_service_manager() -> None:
    batch = week_after(reviewed(improving()))

    assert [item.finding.step for item in to(batch, "jo").items] == ["exception_report"]
    assert not any(message.recipient.startswith("sam") for message in batch.messages)


LONG_AGO = date(2026, 8, 3)
QUALITY = [
    *PEOPLE[1:4],
    {**PEOPLE[0], "reports_to": "Quin Abe"},
    {**PEOPLE[4], "reports_to": "Quin Abe"},
    {
        "name": "Quin Abe",
        "role": "QA Team Manager",
        "email": "quin.abe@council.example",
        "active": "Yes",
        "reports_to": "Eve Dale",
    },
    {
        "name": "Eve Dale",
        "role": "Executive Director",
        "email": "eve.dale@council.example",
        "active": "Yes",
    },
    {
        "name": "Ted Marsh",
        "role": "Team Manager",
        "email": "ted.marsh@council.example",
        "active": "Yes",
    },
    {
        "name": "Una Pell",
        "role": "Service Manager",
        "email": "una.pell@council.example",
        "active": "Yes",
    },
]


@pytest.mark.parametrize(
    ("owner", "managers"),
    [
        ("Amira Khan", {"sam", "jo"}),  # the Practitioner of the case
        ("Ted Marsh", {"sam", "jo"}),  # its Team Manager
        ("Sam Okoro", {"jo"}),  # its Service Manager
        ("Una Pell", {"jo"}),  # another Service Manager: never sideways
        ("Jo Bright", set()),  # its Head of Service: never down
        ("Lee Marsh", {"quin"}),  # an Auditor
        ("Priya Shah", {"quin"}),  # the SQA Officer
        ("Quin Abe", {"eve"}),
    ],
)
def test_managers_hear_of_their_own_people_only(owner: str, managers: set[str]) -> None:
    actions = [an_action(owner=owner, due=LONG_AGO)]
    batch = week_after(reviewed(in_order(), actions=actions, people=QUALITY))

    assert {one.recipient.split(".")[0] for one in batch.messages if one.managed} == managers
    assert batch.untold == ()


def test_the_officers_manager_hears_from_ten_working_days() -> None:
    heard = []
    for due in (date(2026, 10, 20), date(2026, 10, 19)):
        actions = [an_action(owner="Priya Shah", due=due)]
        batch = week_after(reviewed(in_order(), actions=actions, people=QUALITY))
        heard.append([one.recipient for one in batch.messages if one.managed])

    assert heard == [[], ["quin.abe@council.example"]]


def test_whom_nobody_manages_is_named_in_the_summary() -> None:
    actions = [an_action(owner="Priya Shah", due=LONG_AGO)]
    batch = week_after(reviewed(in_order(), actions=actions))

    assert not any(one.managed for one in batch.messages)
    (untold,) = batch.untold
    assert untold.role == "Manager of the SQA Officer"
    assert untold.reason == "People does not say whom Priya Shah reports to."
    assert untold.reason in to(batch, "priya").text


def test_who_is_named_on_the_case_is_in_its_line_whatever_people_says() -> None:
    people = [*PEOPLE[:3], {**PEOPLE[3], "role": "Auditor"}]
    batch = week_after(reviewed(in_order(), actions=[an_action(due=LONG_AGO)], people=people))

    heard = {one.recipient.split(".")[0] for one in batch.messages if one.managed}
    assert heard == {"sam", "jo"}


def test_own_actions_and_those_of_an_area_share_one_email() -> None:
    message = to(week_after(reviewed(improving(), actions=[an_action()])), "jo")

    assert [item.finding.step for item in message.items] == ["exception_report"]
    assert [item.finding.step for item in message.managed] == ["action"]


def test_a_new_date_or_a_new_owner_is_told_to_the_owner_first() -> None:
    first = digests(reviewed(in_order(), actions=[an_action()]), SETTINGS)
    changed = an_action(due=date(2026, 10, 1)), an_action(owner="Lee Marsh")

    for action in changed:
        batch = digests(reviewed(in_order(), actions=[action]), SETTINGS, Known(told=told(first)))
        assert not any(message.managed for message in batch.messages)


def test_a_manager_who_cannot_be_told_is_named_in_the_summary() -> None:
    case = in_order(service_manager="Ann Other", head_of_service=None)
    batch = week_after(reviewed(case, actions=[an_action()]))

    assert [one.reason for one in batch.untold] == [
        "Ann Other is not on People.",
        "Nobody is named as Head of Service.",
    ]
    assert "Ann Other is not on People." in to(batch, "priya").text


# What cannot be addressed


@pytest.mark.parametrize(
    ("owner", "reason"),
    [
        (None, "No owner is named."),
        ("  ", "No owner is named."),
        ("A Khan / B Lee", '"A Khan / B Lee" is more than one person; an action has one owner.'),
        (
            "A Khan and B Lee",
            '"A Khan and B Lee" is more than one person; an action has one owner.',
        ),
        ("Nora Nobody", "Nora Nobody is not on People."),
        (
            "Tom Gale",
            "The address of Tom Gale on People is not exactly one address, with nothing around it.",
        ),
        ("Ina Gone", "Ina Gone is not active on People."),
        ("Una Said", "Una Said is not marked as active on People."),
        ("Bea Blank", "Bea Blank has no email address on People."),
        ("Twin Smith", "Twin Smith is on People in 2 rows."),
        ("Plus Sign", 'The address of Plus Sign on People holds a "+", which is not allowed.'),
        (
            "Nat Named",
            ONLY_ONE.format("Nat Named"),
        ),
    ],
)
def test_what_cannot_be_addressed_goes_to_the_officer_with_the_reason(
    owner: str | None, reason: str
) -> None:
    people = [
        *PEOPLE,
        {"name": "Ina Gone", "active": "No", "email": "ina@council.example"},
        {"name": "Una Said", "email": "una@council.example"},
        {"name": "Bea Blank", "active": "Yes", "email": " "},
        {"name": "Twin Smith", "active": "Yes", "email": "t1@council.example"},
        {"name": "twin  smith", "active": "Yes", "email": "t2@council.example"},
        {"name": "Plus Sign", "active": "Yes", "email": "plus+sign@council.example"},
        {"name": "Nat Named", "active": "Yes", "email": "Nat Named <nat@council.example>"},
    ]
    batch = digests(reviewed(in_order(), actions=[an_action(owner=owner)], people=people), SETTINGS)

    (one,) = batch.unaddressed
    assert one.reason == reason
    assert one.item in to(batch, "priya").items
    assert reason in to(batch, "priya").text
    assert not to(batch, "priya").told


def test_a_repeated_ref_is_not_written_to() -> None:
    found = reviewed(in_order(), actions=[an_action(), an_action(ref=" a-1 ", owner="Lee Marsh")])

    assert reasons(found) == ["Its ref is used in more than one row."] * 2


@pytest.mark.parametrize(
    "name", ["amira khan", "  Amira\u00a0Khan ", "AMIRA KHAN", "Amira\u200b Khan", "Ａmira Khan"]
)
def test_a_name_is_found_however_it_was_typed(name: str) -> None:
    assert reasons(reviewed(in_order(), actions=[an_action(owner=name)])) == []


def test_one_person_in_two_roles_is_one_person() -> None:
    people = [*PEOPLE, {**PEOPLE[3], "role": "Auditor", "email": "Amira.Khan@council.example"}]
    found = reviewed(in_order(), actions=[an_action()], people=people)

    assert reasons(found) == []


def test_people_who_share_a_mailbox_get_one_email_that_names_them() -> None:
    people = [*PEOPLE, {**PEOPLE[3], "name": "Bo Day"}]
    actions = [an_action(), an_action(ref="A-2", owner="Bo Day")]

    message = to(digests(reviewed(in_order(), actions=actions, people=people), SETTINGS), "amira")

    assert len(message.items) == 2
    assert "Hello Amira Khan and Bo Day," in message.text
    assert "Owner: Bo Day" in message.text


def test_only_allowed_domains_are_written_to() -> None:
    settings = mail(allowed_domains=("council.example",))
    people = [*PEOPLE, {"name": "Out Sider", "active": "Yes", "email": "out@else.example"}]
    found = reviewed(in_order(), actions=[an_action(owner="Out Sider")], people=people)

    batch = digests(found, settings)

    assert batch.unaddressed[0].reason == (
        "The address of Out Sider on People is outside the allowed domains (council.example)."
    )
    assert {message.recipient for message in batch.messages} == {"priya.shah@council.example"}


def test_a_fallback_mailbox_gets_what_has_no_reader() -> None:
    batch = digests(
        reviewed(in_order(), actions=[an_action(owner=None)]), mail(fallback="mf@council.example")
    )

    assert [item.finding.item for item in to(batch, "mf@").items] == ["A-1"]
    assert to(batch, "priya").items == ()
    assert to(batch, "mf@").subject == (
        "1 overdue Moving Forward item could not be addressed: please redirect by 6 November 2026"
    )


@pytest.mark.parametrize("fallback", ["nobody", "a@b.example, c@d.example", "x@else.example"])
def test_a_fallback_that_cannot_be_used_stops_everything(fallback: str) -> None:
    settings = mail(fallback=fallback, allowed_domains=("council.example",))

    with pytest.raises(SettingsError, match="fallback"):
        digests(reviewed(in_order()), settings)


def test_without_any_fallback_the_owners_still_hear_and_the_batch_says_so() -> None:
    actions = [an_action(), an_action(ref="A-2", owner=None)]
    batch = digests(reviewed(in_order(), actions=actions, people=PEOPLE[1:]), SETTINGS)

    assert batch.stranded == "Nobody on People is an active SQA Officer."
    assert [message.recipient.split(".")[0] for message in batch.messages] == ["amira"]
    assert len(batch.unaddressed) == 1


@pytest.mark.parametrize(("active", "why"), [(None, ": under Active, Yes is missing"), ("No", "")])
def test_an_officer_without_a_yes_under_active_is_said_to_lack_just_that(
    active: str | None, why: str
) -> None:
    people = [{**PEOPLE[0], "active": active}, *PEOPLE[1:]]

    batch = digests(reviewed(in_order(), people=people), SETTINGS)

    assert batch.stranded == f"Nobody on People is an active SQA Officer{why}."


# Child safety, the summary


def test_child_safety_stands_first_for_the_head_of_service_and_the_officer() -> None:
    batch = digests(the_week(), SETTINGS)

    also = {
        "jo": "1 item overdue: please update by 6 November 2026",
        "priya": f"Weekly summary: {the_week().counts.overdue} items overdue",
    }
    for name, rest in also.items():
        lines = [line for line in to(batch, name).text.splitlines() if line]
        assert lines[:2] == ["OFFICIAL-SENSITIVE", "Child safety is not assured in 1 case"]
        assert to(batch, name).subject == f"Child safety: 1 case needs you today. {rest}"
    assert batch.messages[0].first


def test_child_safety_is_told_at_once_before_it_is_late() -> None:
    found = reviewed(unsafe(audited=MONDAY, managers_alerted=MONDAY, qa_notified=MONDAY))

    message = to(digests(found, SETTINGS), "jo")

    assert message.items == ()
    assert "Not overdue yet" in message.text
    assert message.subject == "Child safety: 1 case needs you by 4 November 2026"


def test_child_safety_stands_in_the_box_alone_and_the_sum_is_said() -> None:
    text = to(digests(the_week(), SETTINGS), "jo").text

    assert text.count("MF-020") == 1
    assert "1 other item of yours is overdue (a step)" in text
    assert "With the overdue case of child safety above, 2 items of yours are overdue." in text


def test_child_safety_that_is_all_there_is_leaves_no_empty_table() -> None:
    message = to(digests(reviewed(unsafe()), SETTINGS), "jo")

    assert [item.is_safety for item in message.items] == [True]
    assert "of yours" not in message.text.replace("Nothing else of yours", "")
    assert "What is due next" in message.text


def test_child_safety_that_could_not_be_addressed_is_counted_with_the_rest() -> None:
    case = unsafe(head_of_service="No One")
    found = reviewed(in_order(), case, actions=[an_action(owner=None)])
    message = to(digests(found, SETTINGS), "priya")

    assert len(message.items) == 2
    assert message.text.count("MF-020") == 1
    assert "1 other overdue item could not be addressed" in message.text
    assert "above, 2 items could not be addressed." in message.text


def test_child_safety_without_a_reachable_head_of_service_is_the_officers() -> None:
    text = to(digests(reviewed(unsafe(head_of_service="No One")), SETTINGS), "priya").text

    assert "No One is not on People." in text.split("Hello")[0]


def test_the_officer_hears_even_when_nothing_is_overdue() -> None:
    batch = digests(reviewed(in_order()), SETTINGS)

    (message,) = batch.messages
    assert message.subject == "Moving Forward weekly summary: nothing is overdue"
    assert "Nothing is overdue." in message.text


def test_what_is_overdue_is_said_in_numbers_that_add_up() -> None:
    case = improving()
    one, both = [an_action()], [an_action(), an_action(ref="A-2", owner="Jo Bright")]
    texts = {
        "all": to(digests(reviewed(in_order(), actions=both), SETTINGS), "priya").text,
        "own": to(digests(reviewed(case, actions=both), SETTINGS), "jo").text,
        "area": to(week_after(reviewed(case, actions=one)), "sam").text,
        "sum": to(digests(reviewed(case, actions=one), SETTINGS), "priya").text,
        "step": to(digests(reviewed(case), SETTINGS), "jo").text,
    }

    assert "\n2 items are overdue (all actions).\n" in texts["all"]
    assert "\n2 items of yours are overdue (1 action, 1 other step)\n" in texts["own"]
    assert "\n1 item in your area needs your support (an action)\n" in texts["area"]
    assert "\n2 items are overdue (1 action, 1 other step).\n" in texts["sum"]
    assert "\n1 item of yours is overdue (a step)\n" in texts["step"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "6 overdue items = 4 in drafts to their owners + 2 that could not be addressed."),
        (
            {"live": True, "delivery": "smtp"},
            "6 overdue items = 4 told to their owners + 2 that could not be addressed.",
        ),
    ],
)
def test_the_summary_says_told_only_of_what_was_sent(fields: dict[str, Any], said: str) -> None:
    text = to(digests(the_week(), mail(**fields)), "priya").text

    assert said in text
    assert ("Nobody has a draft until a person sends it." in text) == ("drafts" in said)


def test_an_empty_tracker_has_a_summary_too() -> None:
    (message,) = digests(reviewed(), SETTINGS).messages

    assert "0 rows = 0 in the process + 0 outside it + 0 not counted" in message.text


def test_the_summary_gives_the_figures_of_the_review() -> None:
    found = the_week()
    text = to(digests(found, SETTINGS), "priya").text
    counts = found.counts

    assert (
        f"{counts.rows_read} rows = {counts.cases} in the process + {counts.outside} outside it "
        f"+ {counts.excluded} not counted"
    ) in text
    for name, number in (
        ("Overdue items", counts.overdue),
        ("Overdue actions", 4),
        ("Other overdue steps", counts.overdue - 4),
        ("Due soon", counts.due_soon),
        ("Errors in the tracker", counts.error),
        ("Queries in the tracker", counts.query),
    ):
        assert f"- Figure: {name}\n  Number: {number}\n" in text
    assert "Reason: No usable Audit grade." in text


def test_the_summary_carries_what_the_history_knows() -> None:
    run = Known(head=Head(7, "abcdef0123456789" * 4), unknown=2, skipped=("2026-W43", "2026-W44"))

    text = to(digests(reviewed(in_order()), SETTINGS, run), "priya").text

    assert "the history held 7 entries. Its check value is abcd ef01 2345 6789." in text
    assert "2 emails of an earlier run may or may not have arrived." in text
    assert "2 weeks, up to the week of 26 October 2026" in text


def test_rows_outside_the_process_are_counted_and_their_actions_chased() -> None:
    found = reviewed(a_case(ref="MF-014", audit_grade="Good"), actions=[an_action()])

    assert [item.finding.item for item in to(digests(found, SETTINGS), "amira").items] == ["A-1"]
