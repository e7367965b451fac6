"""Emails and other days: a look ahead, a clock that was wrong, and what waited too long.

A real mail server on this computer takes what leaves. The clock is an argument.
"""

import shutil
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from mfauto import jobs
from mfauto.errors import DeliveryError, FewerRowsError, UsageError
from mfauto.jobs import Done
from mfauto.ledger import State, ask_to_hold, open_ledger, read_ledger
from mfauto.schedule import LONDON
from mfauto.settings import Settings
from tests.making import a_workbook
from tests.releasing.relay import READERS, Relay, a_run, act, held, mailed, served, tracker, weekly
from tests.scheduling.test_due import CASE, PEOPLE

MONDAY = "2026-11-30T07:00"


def run(settings: Settings, at: str, as_at: date | None = None) -> Done:
    with a_run(settings, at) as asked:
        return jobs.run_due(replace(asked, as_at=as_at or asked.as_at))


def remind(settings: Settings, at: str, as_at: date) -> Done:
    with a_run(settings, at) as asked:
        looking = replace(asked, as_at=as_at)
        return jobs.remind(looking, looking.review())


def status(settings: Settings, at: str) -> jobs.Status:
    now = datetime.fromisoformat(at).replace(tzinfo=LONDON)
    with read_ledger(settings.folder, computer="sqa-1") as ledger:
        return jobs.status(jobs.Run(settings=settings, as_at=now.date(), now=now, ledger=ledger))


def subjects(relay: Relay) -> list[str]:
    lines = (bytes(one.original_content or b"").splitlines() for one in relay.got)
    return [line.decode() for email in lines for line in email if line.startswith(b"Subject: ")]


# A look ahead


@pytest.mark.parametrize("day", [date(2026, 12, 14), date(2026, 11, 29)])
def test_no_email_is_held_as_at_another_day_where_emails_leave(
    live: Settings, relay: tuple[Relay, int], day: date
) -> None:
    holding = mailed(live, hold=True)
    weekly(holding, MONDAY)
    files = {path.name: path.read_bytes() for path in held(live)}

    with pytest.raises(UsageError, match="only as at today"):
        remind(holding, "2026-11-30T09:00", day)

    assert {path.name: path.read_bytes() for path in held(live)} == files
    assert act(holding, jobs.release, "2026-11-30T10:00").failed == []
    assert relay[0].readers == READERS


def test_a_look_ahead_is_no_email_of_its_week_and_drops_none_of_this_one(
    live: Settings, relay: tuple[Relay, int]
) -> None:
    drafts = mailed(live, live=False)
    weekly(mailed(drafts, hold=True), MONDAY)
    ahead = date(2026, 12, 7)
    assert remind(drafts, "2026-11-30T09:00", ahead).made
    assert remind(drafts, "2026-11-30T09:05", ahead).made == []  # the same look, once
    assert len(held(live)) == 3
    assert weekly(drafts, "2026-11-30T10:00").failed == []  # this week is not late for it

    assert len(weekly(live, "2026-12-07T07:00").made) == 0
    assert set(relay[0].readers) >= set(READERS)
    asked = [one for one in subjects(relay[0]) if "please update by" in one]
    assert asked
    assert all("11 December" in one for one in asked)


# A clock that was wrong


def test_what_a_wrong_clock_sent_is_made_again_on_its_real_day(
    live: Settings, relay: tuple[Relay, int]
) -> None:
    run(live, "2026-11-24T07:00")
    run(live, "2026-12-08T07:00")  # the clock is two weeks ahead
    ahead = run(live, "2026-11-25T07:00")
    assert "history accept" in str(ahead.failed[0])
    act(live, jobs.accept, "2026-11-25T07:10")

    assert run(live, "2026-11-25T08:00").failed == []  # once accepted, it is said no more
    relay[0].got.clear()
    assert run(live, "2026-11-30T07:00").failed == []
    assert set(relay[0].readers) >= set(READERS)
    relay[0].got.clear()
    pack = run(live, "2026-12-02T07:00")
    assert (live.folder / "assurance-packs" / "2026-11.docx") in pack.made
    assert len(relay[0].got) == 2
    relay[0].got.clear()
    done = run(live, "2026-12-07T07:00")
    assert not any("missed" in one for one in done.said)
    assert set(relay[0].readers) >= set(READERS)
    assert status(live, "2026-12-07T07:01").exit_code == 0


# What waited too long, or waits without anybody's knowing


def test_a_release_sends_nothing_of_a_week_that_is_over(
    live: Settings, relay: tuple[Relay, int]
) -> None:
    holding = mailed(live, hold=True)
    run(holding, "2026-11-09T07:00")
    relay[0].got.clear()

    with a_run(holding, "2026-11-30T06:45") as asked:
        shown = jobs.waiting(asked)
    assert sum("week is over" in (one.fault or "") for one in shown) == 4
    done = act(holding, jobs.release, "2026-11-30T06:45")

    assert subjects(relay[0]) == ["Subject: Moving Forward assurance pack for October 2026"] * 2
    assert "week is over" in str(done.failed[0])
    assert "2 held emails released." in done.said


def test_a_release_writes_to_nobody_who_has_left_since(
    live: Settings, relay: tuple[Relay, int]
) -> None:
    holding = mailed(live, hold=True)
    weekly(holding, MONDAY)
    left = [one | {"active": "No"} if one["name"] == "Ada Practice" else one for one in PEOPLE]
    a_workbook(live.folder / "Tracker.xlsx", cases=[CASE], people=left)

    done = act(holding, jobs.release, "2026-11-30T10:00")

    assert relay[0].readers == [one for one in READERS if not one.startswith("ada")]
    assert "no longer an active person" in str(done.failed[0])


def test_weeks_that_nobody_released_are_said_and_noted(live: Settings) -> None:
    holding = mailed(live, hold=True)
    run(holding, "2026-11-16T07:00")
    assert status(holding, "2026-11-16T12:00").exit_code == 0
    late = status(holding, "2026-11-17T12:00")
    assert late.forgotten
    assert late.exit_code == 5
    done = run(holding, "2026-11-23T07:00")

    assert any("held and never released" in one for one in done.asks)
    assert any("1 missed week" in one for one in done.asks)
    with read_ledger(live.folder) as ledger:
        assert ledger
        (skipped,) = ledger.entries("skipped")
    assert skipped.facts["period"] == "2026-W47"


def test_a_hold_stops_a_run_that_is_sending(live: Settings, relay: tuple[Relay, int]) -> None:
    class Asking(Relay):
        async def handle_DATA(self, server: object, session: object, envelope: object) -> str:  # noqa: N802
            ask_to_hold(live.folder)  # as the command hold does while a run is at work
            return await super().handle_DATA(server, session, envelope)  # type: ignore[arg-type]

    slow = Asking()
    with served(slow) as port:
        settings = replace(live, smtp=replace(live.smtp, port=port))
        done = weekly(settings, MONDAY)
        assert len(slow.got) == 1
        assert "put emails on hold" in str(done.said)
        assert status(settings, MONDAY).on_hold

        weekly(settings, "2026-11-30T08:00")
        assert len(held(live)) == 2
        assert len(slow.got) == 1
    act(live, jobs.release, "2026-11-30T09:00")
    assert sorted([*relay[0].readers, *slow.readers]) == READERS


def test_emails_of_a_stopped_run_are_reported_at_once(
    live: Settings, relay: tuple[Relay, int]
) -> None:
    settings = replace(mailed(live, safety_at_once=False))
    run(settings, MONDAY)
    now = datetime.fromisoformat(MONDAY).replace(tzinfo=LONDON)
    with open_ledger(live.folder, now, computer="sqa-1") as ledger:
        one = next(one for one in ledger.deliveries() if one.kind == "pack")
        ledger.begin(one, now)  # and there the computer went off

    assert status(settings, "2026-11-30T08:00").unknown == 1
    assert status(settings, "2026-11-30T08:00").exit_code == 5
    with a_run(settings, "2026-11-30T08:05") as asked:
        jobs.resolve(asked, one.key[:12], arrived=False)
    relay[0].got.clear()
    run(settings, "2026-11-30T10:00")
    assert len(relay[0].got) == 1


def test_rows_that_are_gone_show_in_the_status(live: Settings) -> None:
    tracker(live.folder)
    a_workbook(live.folder / "Tracker.xlsx", cases=[CASE, CASE | {"ref": "MF-002"}], people=PEOPLE)
    run(live, "2026-11-23T07:00")
    tracker(live.folder)

    with pytest.raises(FewerRowsError):
        run(live, MONDAY)

    found = status(live, "2026-11-30T12:00")
    assert found.exit_code == 1
    assert [one.job for one in found.last if one.failed] == ["flags"]


def test_what_failed_once_and_was_done_since_is_no_fault(live: Settings) -> None:
    run(live, MONDAY)
    data = (live.folder / "Tracker.xlsx").read_bytes()
    (live.folder / "Tracker.xlsx").write_bytes(b"no workbook")
    run(live, "2026-11-30T10:00")
    assert status(live, "2026-11-30T10:01").exit_code == 1
    (live.folder / "Tracker.xlsx").write_bytes(data)
    run(live, "2026-11-30T13:00")

    assert status(live, "2026-11-30T13:01").exit_code == 0


# A history that somebody changed


@pytest.fixture
def meddled(live: Settings, relay: tuple[Relay, int]) -> Settings:
    import sqlite3  # noqa: PLC0415 - as somebody with a tool for it would

    weekly(live, MONDAY)
    relay[0].got.clear()
    with sqlite3.connect(live.folder / "mfauto-history.sqlite3") as connection:
        connection.execute(
            "UPDATE deliveries SET state = 'failed', facts = replace(facts, :was, :is)",
            {"was": '"sent"', "is": '"failed"'},
        )
    connection.close()
    return live


@pytest.mark.parametrize("fields", [{}, {"live": False}, {"hold": True}])
def test_no_email_is_made_from_a_history_that_somebody_changed(
    meddled: Settings, relay: tuple[Relay, int], fields: dict[str, bool]
) -> None:
    with pytest.raises(DeliveryError, match="was changed by hand, or cut"):
        weekly(mailed(meddled, **fields), "2026-11-30T10:00")

    assert relay[0].got == []
    assert status(meddled, "2026-11-30T10:00").exit_code == 5
    with read_ledger(meddled.folder) as ledger:
        assert ledger
        assert ledger.verify().faults  # the trace is still there
        assert {one.state for one in ledger.deliveries()} == {State.FAILED}


def test_a_second_safety_case_of_the_day_shows_in_a_trial(
    live: Settings, relay: tuple[Relay, int]
) -> None:
    trial = mailed(live, redirect_all_to="trial@council.example")
    run(trial, MONDAY)
    run(trial, "2026-11-30T08:00")
    first = sum("safety assurance" in one or "hild safety" in one for one in subjects(relay[0]))
    cases = [CASE, CASE | {"ref": "MF-002"}]
    a_workbook(live.folder / "Tracker.xlsx", cases=cases, people=PEOPLE)
    relay[0].got.clear()
    run(trial, "2026-11-30T10:00")

    assert first
    assert len(relay[0].got) == 2
    assert set(relay[0].readers) == {"trial@council.example"}


def test_a_second_tracker_in_one_folder_is_said_and_has_rows_of_its_own(
    live: Settings, tmp_path: Path
) -> None:
    drafts = mailed(live, live=False)
    a_workbook(
        tmp_path / "Tracker.xlsx",
        cases=[CASE | {"ref": f"MF-{number}"} for number in range(20)],
        people=PEOPLE,
    )
    small = tmp_path / "other" / "Small.xlsx"
    small.parent.mkdir()
    a_workbook(small, cases=[CASE], people=PEOPLE)
    weekly(drafts, MONDAY)

    done = weekly(replace(drafts, tracker=small), "2026-11-30T08:00")

    assert any("another tracker" in one for one in done.asks)
    assert run(replace(drafts, tracker=small), "2026-11-30T09:00").failed == []
    assert run(drafts, "2026-11-30T10:00").failed == []
    tracker(tmp_path)  # only now has this one lost most of its rows
    with pytest.raises(FewerRowsError):
        run(drafts, "2026-11-30T13:00")


def test_a_folder_that_was_moved_knows_its_tracker(live: Settings, tmp_path: Path) -> None:
    weekly(mailed(live, live=False), MONDAY)
    moved = tmp_path / "moved"
    moved.mkdir()
    for path in [*tmp_path.glob("mfauto-history*"), tmp_path / "Tracker.xlsx"]:
        path.rename(moved / path.name)
    there = replace(live, folder=moved, tracker=moved / "Tracker.xlsx")

    with a_run(mailed(there, live=False), "2026-12-07T07:00") as asked:
        done = jobs.remind(asked, asked.review())
    assert not any("another tracker" in one for one in done.asks)


def test_a_preview_of_fewer_rows_notes_nothing(live: Settings) -> None:
    drafts = mailed(live, live=False)
    weekly(drafts, MONDAY)
    a_workbook(live.folder / "Tracker.xlsx", cases=[CASE], people=PEOPLE)
    history = (live.folder / "mfauto-history.sqlite3").read_bytes()

    with read_ledger(live.folder) as ledger:
        now = datetime.fromisoformat(MONDAY).replace(tzinfo=LONDON)
        looking = jobs.Run(settings=drafts, as_at=now.date(), now=now, ledger=ledger)
        assert jobs.preview(looking, looking.review()).made
    assert (live.folder / "mfauto-history.sqlite3").read_bytes() == history


# Reports and the pack that come late, or are elsewhere


def test_a_report_that_was_open_in_word_is_told_in_a_further_note(
    live: Settings, relay: tuple[Relay, int]
) -> None:
    second = CASE | {"ref": "MF-002"}
    a_workbook(live.folder / "Tracker.xlsx", cases=[CASE, second], people=PEOPLE)
    blocked = live.folder / "exception-reports" / "MF-002.docx"
    blocked.mkdir(parents=True)  # nothing can be put in its place, as while Word has it open
    first = run(live, MONDAY)
    assert first.failed
    blocked.rmdir()
    relay[0].got.clear()

    assert run(live, "2026-11-30T10:00").failed == []
    assert len(relay[0].got) == 1
    told = bytes(relay[0].got[0].original_content or b"")
    assert b"MF-002" in told
    assert b"MF-001" not in told
    relay[0].got.clear()
    run(live, "2026-11-30T13:00")
    assert relay[0].got == []


def test_a_report_that_came_while_the_first_note_was_held_has_a_note_of_its_own(
    live: Settings, relay: tuple[Relay, int]
) -> None:
    holding = mailed(live, hold=True)
    second = CASE | {"ref": "MF-002"}
    a_workbook(live.folder / "Tracker.xlsx", cases=[CASE, second], people=PEOPLE)
    blocked = live.folder / "exception-reports" / "MF-002.docx"
    blocked.mkdir(parents=True)
    run(holding, MONDAY)
    blocked.rmdir()
    run(holding, "2026-11-30T10:00")

    assert sum("-reports-" in path.name for path in held(live)) == 2
    relay[0].got.clear()
    act(holding, jobs.release, "2026-11-30T11:00")
    emails = [bytes(one.original_content or b"") for one in relay[0].got]
    for ref in (b"MF-001.docx", b"MF-002.docx"):
        assert sum(ref in email for email in emails) == 1


def test_a_document_that_was_moved_is_made_again_and_told_of(
    live: Settings, relay: tuple[Relay, int]
) -> None:
    with a_run(live, "2026-12-02T06:00") as asked:
        jobs.exceptions(asked, asked.review())
        jobs.pack(asked, (2026, 11))
    for path in [*live.folder.glob("exception-reports/*"), *live.folder.glob("assurance-packs/*")]:
        path.rename(live.folder / f"moved {path.name}")

    assert run(live, "2026-12-02T07:00").failed == []
    assert (live.folder / "exception-reports" / "MF-001.docx").exists()
    assert (live.folder / "assurance-packs" / "2026-11.docx").exists()
    assert sum("pack for November" in one for one in subjects(relay[0])) == 2


def test_a_pack_that_could_not_be_made_is_not_told_of(
    live: Settings, relay: tuple[Relay, int]
) -> None:
    with a_run(live, "2026-11-20T06:00") as asked:
        jobs.pack(asked, (2026, 11))  # of a month that has not ended
    templates = live.folder / "templates"
    shutil.copytree(live.templates, templates)
    broken = replace(live, templates=templates)
    (templates / "assurance_pack.docx").write_bytes(b"no document")

    assert run(broken, "2026-12-02T07:00").failed
    assert not any("assurance pack" in one for one in subjects(relay[0]))
    assert run(live, "2026-12-02T10:00").failed == []
    assert sum("pack for November" in one for one in subjects(relay[0])) == 2


def test_a_pack_that_is_held_is_not_dropped_for_that_of_the_next_month(
    live: Settings, relay: tuple[Relay, int]
) -> None:
    holding = mailed(live, hold=True)
    run(holding, "2026-11-24T07:00")
    run(holding, "2026-12-02T07:00")
    relay[0].got.clear()

    act(holding, jobs.release, "2026-12-02T09:00")
    packs = [one for one in subjects(relay[0]) if "assurance pack" in one]
    assert sum("October" in one for one in packs) == sum("November" in one for one in packs) == 2
