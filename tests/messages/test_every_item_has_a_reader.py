"""For any tracker: what is overdue is what people are told, nothing lost, nothing doubled."""

from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mfauto.columns import GRADES, ROLES
from mfauto.delivery import as_bytes
from mfauto.demo import demo_rows
from mfauto.messages import Item, Known, digests
from mfauto.model import Finding, Review
from mfauto.policy import Policy
from mfauto.process import review
from mfauto.steps import SAFETY, STEP
from mfauto.template import make_tracker
from mfauto.workbook import read_tracker
from tests.making import a_case
from tests.messages.sample import MONDAY, SETTINGS, mail, reviewed, told

NAMES = (
    "Priya Shah",
    "Jo Bright",
    "sam  okoro",
    "Amira Khan",
    "Tom Gale",
    "A Khan / B Lee",
    "Nora Nobody",
    "Head of Service",
    "Evil\r\nBcc: x@y.example",
    "\u202eenola",
    None,
)
ADDRESSES = (
    "a@council.example",
    "A@Council.example",
    "b@council.example",
    "c@else.example",
    "d+e@council.example",
    "f@council.example\r\nBcc: g@council.example",
    "=?utf-8?q?h?=@council.example",
    "",
    None,
)
names = st.sampled_from(NAMES)
days = st.integers(-200, 30).map(lambda away: MONDAY + timedelta(days=away))
some_day = st.none() | days
refs = st.sampled_from(("MF-1", "MF-2", "MF-3", "mf-1"))
case = st.fixed_dictionaries(
    {
        "ref": st.sampled_from(("MF-1", "MF-2", "MF-3", "MF-4", "MF-5", None)),
        "audited": days,
        "audit_grade": st.sampled_from((*GRADES, "Inadequate", "Inadequate", None)),
        "service_manager": names,
        "head_of_service": names,
        "auditor": names,
        "child_safety_assured": some_day,
        "moderation_completed": some_day,
        "meeting_booked": some_day,
        "meeting_held": some_day,
        "caseload_review": st.sampled_from((None, "Required", "Not required")),
        "caseload_reviewer": names,
    }
)
action = st.fixed_dictionaries(
    {
        "ref": st.sampled_from(("A-1", "A-2", "A-3", "a-1", None)),
        "case_ref": refs,
        "action": st.sampled_from(("Plan", "x" * 500, "{{ 7 * 7 }}", None)),
        "owner": names,
        "original_due": some_day,
        "due": some_day,
    }
)
example = st.fixed_dictionaries(
    {"ref": st.sampled_from(("E-1", "E-2", None)), "case_ref": refs, "reviewed": some_day}
)
reaudit = st.fixed_dictionaries(
    {
        "case_ref": refs,
        "round": st.integers(1, 3),
        "audited": some_day,
        "grade": st.sampled_from(GRADES),
        "reauditor": names,
    }
)
person = st.fixed_dictionaries(
    {
        "name": names,
        "role": st.sampled_from(ROLES),
        "email": st.sampled_from(ADDRESSES),
        "active": st.sampled_from(("Yes", "Yes", "Yes", "No", None)),
    }
)
OFFICER = {"name": "Ola Firm", "role": "SQA Officer", "email": "o@council.example", "active": "Yes"}


@st.composite
def reviews(draw: st.DrawFn) -> Review:
    cases = draw(st.lists(case, max_size=5))
    rows: dict[str, Any] = {
        "actions": draw(st.lists(action, max_size=6)),
        "examples": draw(st.lists(example, max_size=2)),
        "reaudits": draw(st.lists(reaudit, max_size=3)),
        "people": [*draw(st.lists(person, max_size=8)), OFFICER],
    }
    return reviewed(*(a_case(row, **fields) for row, fields in enumerate(cases, 2)), **rows)


def places(found: list[Finding]) -> Counter[tuple[object, ...]]:
    return Counter((one.sheet, one.row, one.step, one.item, one.due) for one in found)


def told_of(found: list[Item]) -> Counter[tuple[object, ...]]:
    return places([item.finding for item in found])


@settings(max_examples=80)
@given(reviews(), st.booleans(), st.booleans())
def test_every_overdue_item_has_exactly_one_reader(
    found: Review,
    a_mailbox: bool,
    few_domains: bool,
) -> None:
    chosen = mail(
        fallback="fallback@council.example" if a_mailbox else None,
        allowed_domains=("council.example",) if few_domains else (),
    )
    first = digests(found, chosen)
    batch = digests(found, chosen, Known(told=told(first)))
    overdue = places([one for one in found.findings if one.level == "overdue"])

    assert batch.stranded is None
    assert told_of([item for one in batch.messages for item in one.items]) == overdue
    assert sum(overdue.values()) == found.counts.overdue
    assert len({one.recipient.casefold() for one in batch.messages}) == len(batch.messages)
    assert len({one.key for one in batch.messages}) == len(batch.messages)
    assert sum(one.summary for one in batch.messages) == 1
    assert batch.messages[-1].summary
    everything = [item for one in batch.messages for item in one.items]
    for message in batch.messages:
        as_bytes(message, draft=True)
        if few_domains:
            assert message.recipient.casefold().endswith("@council.example")
        assert {item.key for item in message.managed} <= told(first)
        assert not {item.key for item in message.managed} & message.told
        assert all(item in everything for item in message.managed)
        # Child safety stands in the box that comes first, and not in a table as well.
        box, _, tables = message.text.partition("\nHello")
        above = [one for one in message.items if one.is_safety and f"Case: {one.ref}\n" in box]
        below = [item for item in message.items if item not in above]
        assert all(item.what in tables for item in below)
        assert tables.count(STEP[SAFETY].todo) == sum(item.is_safety for item in below)


@settings(max_examples=20)
@given(reviews())
def test_the_same_review_gives_the_same_emails(found: Review) -> None:
    assert digests(found, SETTINGS) == digests(found, SETTINGS)


@settings(max_examples=20)
@given(reviews())
def test_the_figures_of_the_summary_are_those_of_the_review(found: Review) -> None:
    text = digests(found, SETTINGS).messages[-1].text
    counts = found.counts

    assert counts.rows_read == counts.cases + counts.outside + counts.excluded
    assert f"- Figure: Overdue items\n  Number: {counts.overdue:,}\n" in text
    actions = sum(one.level == "overdue" and one.step == "action" for one in found.findings)
    assert f"- Figure: Overdue actions\n  Number: {actions:,}\n" in text
    assert f"- Figure: Other overdue steps\n  Number: {counts.overdue - actions:,}\n" in text
    assert f"= {counts.cases} in the process + {counts.outside} outside it" in text


@pytest.mark.parametrize("as_at", [date(2026, 3, 29), date(2026, 11, 24), date(2028, 2, 29)])
def test_the_emails_of_a_whole_service_say_what_check_says(as_at: date, tmp_path: Path) -> None:
    """The made-up tracker, on several days: each overdue finding once, to its owner or for all."""
    make_tracker(tmp_path / "Tracker.xlsx", demo_rows(as_at))
    found = review(read_tracker(tmp_path / "Tracker.xlsx"), Policy(), as_at)
    overdue = places([one for one in found.findings if one.level == "overdue"])

    batch = digests(found, SETTINGS)

    redirected = [one.item for one in batch.unaddressed]
    owned = [item for one in batch.messages for item in one.items if item.key in one.told]
    assert overdue
    assert told_of(owned) + told_of(redirected) == overdue
    assert max(Counter(one.recipient for one in batch.messages).values()) == 1
    assert not any(message.managed for message in batch.messages)
    following = digests(found, SETTINGS, Known(told=told(batch)))
    heard = [item for message in following.messages for item in message.managed]
    assert {item.key for item in heard} <= told(batch)
