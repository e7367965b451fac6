"""An older copy in the tracker's place: nobody is chased from it unsaid."""

import re
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from mfauto import jobs
from mfauto.jobs import Done, Run
from mfauto.ledger import open_ledger
from mfauto.packing import without_clock
from mfauto.settings import Settings
from mfauto.workbook import read_tracker
from tests.making import STAFF, a_workbook
from tests.test_check import ACTION, CASE

OLDER = "may be an older copy"
MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
MONDAY = datetime(2026, 11, 2, 7, tzinfo=ZoneInfo("Europe/London"))
EARLY, LATE = "2026-10-20T08:00:00Z", "2026-10-30T15:30:00Z"
OFFICER = {
    "name": "Priya Shah",
    "role": "SQA Officer",
    "active": "Yes",
    "email": "p@council.example",
}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(folder=tmp_path, tracker=tmp_path / "Tracker.xlsx")


def saved(settings: Settings, moment: str | None, **rows: object) -> None:
    """Put a tracker in its place that was saved at a moment; None: it does not say when."""

    def settle(name: str, data: bytes) -> bytes:
        if name != "docProps/core.xml":
            return data
        if moment is None:
            return data.replace(b"dcterms:modified", b"dcterms:issued")
        return MODIFIED.sub(rb"\g<1>" + moment.encode(), data)

    staff = [{"active": "Yes", "email": "someone@example.org", **one} for one in STAFF]
    given: dict[str, Any] = {
        "cases": [CASE],
        "actions": [ACTION],
        "people": [*staff, OFFICER],
        **rows,
    }
    assert settings.tracker
    made = a_workbook(settings.tracker, **given)
    made.write_bytes(without_clock(made.read_bytes(), settle))


def run(settings: Settings, now: datetime, *, weekly: bool = False, dry_run: bool = False) -> Done:
    with open_ledger(settings.folder, now) as ledger:
        one = Run(settings=settings, as_at=now.date(), now=now, ledger=ledger, dry_run=dry_run)
        return jobs.remind(one, one.review()) if weekly else jobs.flag(one)


def older(done: Done) -> list[str]:
    return [said for said in done.asks if OLDER in said]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2026-10-30T15:30:00Z", datetime(2026, 10, 30, 15, 30, tzinfo=UTC)),
        ("2026-10-30T16:30:00+01:00", datetime(2026, 10, 30, 15, 30, tzinfo=UTC)),
        ("2026-10-30T15:30:00", datetime(2026, 10, 30, 15, 30, tzinfo=UTC)),
        ("last week", None),
        ("", None),
        (None, None),
    ],
)
def test_a_tracker_says_when_it_was_last_saved(
    settings: Settings, text: str | None, read: datetime | None
) -> None:
    saved(settings, text)
    assert settings.tracker
    assert read_tracker(settings.tracker).saved == read


def test_properties_that_are_damaged_stand_against_nothing(settings: Settings) -> None:
    saved(settings, "<!-- <")
    assert settings.tracker
    found = read_tracker(settings.tracker)
    assert (found.saved, len(found.cases)) == (None, 1)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (LATE, EARLY, True),
        (EARLY, LATE, False),
        (LATE, LATE, False),
        (LATE, "2026-10-30T14:40:00Z", False),  # clocks of two computers differ so much
        (LATE, "2026-10-30T14:20:00Z", True),
        (LATE, None, False),  # nobody can say
        (None, EARLY, False),
        ("2036-01-01T00:00:00Z", LATE, False),  # a clock that was wrong says nothing
    ],
)
def test_a_tracker_that_was_saved_before_the_one_read_earlier_is_told(
    settings: Settings, before: str | None, after: str | None, *, told: bool
) -> None:
    saved(settings, before)
    assert not older(run(settings, MONDAY))
    saved(settings, after)
    assert bool(older(run(settings, MONDAY + timedelta(hours=1)))) is told


def test_it_is_told_with_what_to_do_until_the_tracker_is_saved_again(settings: Settings) -> None:
    saved(settings, LATE)
    run(settings, MONDAY)
    saved(settings, EARLY)
    (said,) = older(run(settings, MONDAY + timedelta(days=1), dry_run=True))
    assert said.startswith(
        "Tracker.xlsx may be an older copy. It was saved on 20 October 2026, 09:00, "
        "and an earlier run read one saved on 30 October 2026, 15:30.\n"
        "If the latest entries are missing, put back a backup: "
    )
    for days in (1, 2):
        assert older(run(settings, MONDAY + timedelta(days=days)))
    saved(settings, "2026-11-05T09:00:00Z")
    assert not older(run(settings, MONDAY + timedelta(days=3)))


def test_the_weekly_summary_says_it_first(settings: Settings) -> None:
    saved(settings, LATE)
    run(settings, MONDAY)
    saved(settings, EARLY)
    assert older(run(settings, MONDAY + timedelta(hours=1), weekly=True))
    (summary,) = [
        text for text in drafts(settings.folder / "outbox") if "The week in figures" in text
    ]
    said = " ".join(re.sub(r"[-=]{4,}", "", summary).split())
    assert (
        "The week in figures Check this first. The tracker was saved on 20 October 2026, 09:00, "
        "and an earlier run read one saved on 30 October 2026, 15:30."
    ) in said


def drafts(outbox: Path) -> list[str]:
    found = []
    for path in outbox.glob("*.eml"):
        body = message_from_bytes(path.read_bytes(), policy=policy.default).get_body(("plain",))
        assert body
        found.append(body.get_content())
    return found


def test_a_backup_that_a_person_put_back_is_no_older_copy(settings: Settings) -> None:
    saved(settings, EARLY)
    run(settings, MONDAY)
    saved(settings, LATE)
    run(settings, MONDAY + timedelta(hours=1))
    later = MONDAY + timedelta(hours=2)
    with open_ledger(settings.folder, later) as ledger:
        one = Run(settings=settings, as_at=later.date(), now=later, ledger=ledger)
        first = min((settings.folder / "backups").glob("*.xlsx"))
        assert settings.tracker
        jobs.restore(one, settings.tracker, first.name)
    assert not older(run(settings, later + timedelta(hours=1)))
