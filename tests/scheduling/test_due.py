"""What a run does when it is due: each job once for its period, whatever becomes of the others."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from mfauto import jobs
from mfauto.errors import MfautoError, TemplateError, TrackerBusyError
from mfauto.jobs import Done, Run, due
from mfauto.ledger import State, open_ledger, read_ledger
from mfauto.schedule import LONDON, Past
from mfauto.settings import PROJECT, Mail, Settings
from tests.making import a_workbook

PEOPLE = [
    {"name": name, "role": role, "email": f"{name[:3].lower()}@council.example", "active": "Yes"}
    for name, role in (
        ("Sky Officer", "SQA Officer"),
        ("Hana Head", "Head of Service"),
        ("Sam Service", "Service Manager"),
        ("Ada Practice", "Practitioner"),
        ("Dee Crown", "Director"),
        ("Eve Dale", "Executive Director"),
    )
]
CASE = {
    "ref": "MF-001",
    "audited": date(2026, 7, 20),
    "audit_grade": "Inadequate",
    "practitioner": "Ada Practice",
    "service_manager": "Sam Service",
    "head_of_service": "Hana Head",
    "auditor": "Ada Practice",
    "managers_alerted": date(2026, 7, 20),
    "qa_notified": date(2026, 7, 20),
    "moderation_completed": date(2026, 7, 30),
    "meeting_booked": date(2026, 9, 1),
    "meeting_held": date(2026, 9, 1),
    "audit_findings": "Found",
    "strengths": "Strong",
    "practice_context": "Context",
    "support_agreed": "Support",
    "caseload_review": "Required",
}


def tracker(folder: Path, *others: dict[str, Any]) -> None:
    a_workbook(folder / "Tracker.xlsx", cases=[CASE, *others], people=PEOPLE)


def run(settings: Settings, at: str, *, told: list[tuple[str, Done]] | None = None) -> Done:
    now = datetime.fromisoformat(at).replace(tzinfo=LONDON)
    with open_ledger(settings.folder, now) as ledger:
        asked = Run(settings=settings, as_at=now.date(), now=now, ledger=ledger)
        return jobs.run_due(
            asked, tell=lambda slot, done: told.append((slot.job.name, done)) if told else None
        )


def past(settings: Settings, at: str) -> dict[str, Past]:
    now = datetime.fromisoformat(at).replace(tzinfo=LONDON)
    with read_ledger(settings.folder) as ledger:
        return due.past(Run(settings=settings, as_at=now.date(), now=now, ledger=ledger))


def emails(settings: Settings, kind: str) -> list[str]:
    return sorted(path.name for path in (settings.folder / "outbox").glob(f"*-{kind}-*.eml"))


def everything(settings: Settings) -> dict[str, bytes]:
    return {
        path.name: path.read_bytes()
        for path in settings.folder.rglob("*")
        if path.is_file() and "mfauto-history" not in path.name
    }


def test_a_first_run_does_every_job(fresh: Settings) -> None:
    done = run(fresh, "2026-11-24 09:00")

    assert done.failed == []
    assert [len(emails(fresh, kind)) for kind in ("safety", "reports", "pack", "weekly")] == [
        2,
        1,
        2,
        2,
    ]
    assert (fresh.folder / "exception-reports" / "MF-001.docx").exists()
    assert (fresh.folder / "assurance-packs" / "2026-10.docx").exists()


def test_a_second_run_makes_nothing_twice(settings: Settings) -> None:
    run(settings, "2026-11-24 09:00")
    before = everything(settings)

    done = run(settings, "2026-11-24 11:00")

    assert everything(settings) == before
    assert done.made == []


def run_as_at(settings: Settings, at: str, as_at: date) -> Done:
    now = datetime.fromisoformat(at).replace(tzinfo=LONDON)
    with open_ledger(settings.folder, now) as ledger:
        return jobs.run_due(Run(settings=settings, as_at=as_at, now=now, ledger=ledger))


def test_a_run_for_a_mistyped_year_keeps_nothing_of_today_from_being_done(
    settings: Settings,
) -> None:
    assert run_as_at(settings, "2026-11-23 06:00", date(2036, 11, 24)).failed == []
    ahead = everything(settings)
    again = run_as_at(settings, "2026-11-23 06:05", date(2036, 11, 24))
    assert again.made == []
    assert everything(settings) == ahead

    for at, week in (("2026-11-24 09:00", "2026-W48"), ("2026-12-01 09:00", "2026-W49")):
        done = run(settings, at)
        assert done.failed == []
        assert [name for name in emails(settings, "weekly") if name.startswith(week)]
    with open_ledger(settings.folder, datetime(2026, 12, 1, 10, tzinfo=LONDON)) as ledger:
        assert list(ledger.entries("skipped")) == []


def test_what_a_wrong_clock_noted_counts_no_more_once_a_person_says_so(settings: Settings) -> None:
    run(settings, "2036-11-24 09:00")
    held_up = run(settings, "2026-11-24 09:00")
    assert any("history accept" in str(error) for error in held_up.failed)
    assert not [name for name in emails(settings, "weekly") if name.startswith("2026")]

    now = datetime(2026, 11, 24, 10, tzinfo=LONDON)
    with open_ledger(settings.folder, now) as ledger:
        asked = Run(settings=settings, as_at=now.date(), now=now, ledger=ledger)
        assert "no longer counts" in jobs.accept(asked).said[0]
        assert "Nothing needs" in jobs.accept(asked).said[0]
    for at, week in (("2026-11-24 11:00", "2026-W48"), ("2026-12-01 09:00", "2026-W49")):
        done = run(settings, at)
        assert done.failed == []
        assert [name for name in emails(settings, "weekly") if name.startswith(week)]
    assert run(settings, "2026-12-01 10:00").made == []


def test_another_day_of_the_week_brings_no_weekly_email_to_anybody_new(settings: Settings) -> None:
    run(settings, "2026-11-24 09:00")
    before = emails(settings, "weekly")
    tracker(settings.folder, {**CASE, "ref": "MF-002", "auditor": "Dee Crown", "qa_notified": None})

    run(settings, "2026-11-25 09:00")

    assert emails(settings, "weekly") == before


def test_a_new_case_is_told_the_same_day_and_only_once(settings: Settings) -> None:
    run(settings, "2026-11-24 09:00")
    new = {**CASE, "ref": "MF-002", "audited": date(2026, 11, 25)}
    tracker(settings.folder, new)
    run(settings, "2026-11-25 09:00")
    run(settings, "2026-11-25 10:00")
    run(settings, "2026-11-26 09:00")

    assert [name[:10] for name in emails(settings, "safety")] == ["2026-11-24"] * 2 + [
        "2026-11-25"
    ] * 2


def test_child_safety_at_once_is_a_setting(settings: Settings) -> None:
    quiet = replace(settings, mail=Mail(safety_at_once=False))

    run(quiet, "2026-11-24 09:00")

    assert emails(settings, "safety") == []
    assert emails(settings, "weekly")


def test_a_job_that_fails_stops_only_itself_and_is_tried_again(
    settings: Settings, tmp_path: Path
) -> None:
    templates = tmp_path / "templates"
    for path in (PROJECT / "templates").rglob("*.*"):
        copy = templates / path.relative_to(PROJECT / "templates")
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    words = templates / "emails" / "safety.txt"
    right = words.read_text(encoding="utf-8")
    words.write_text(right.replace("next week", "on {{ toddy }}"), encoding="utf-8")
    broken = replace(settings, templates=templates)

    first = run(broken, "2026-11-24 09:00")
    (error,) = first.failed
    assert isinstance(error, TemplateError)
    assert 'Did you mean "today"?' in str(error)
    assert emails(settings, "safety") == []
    assert emails(settings, "weekly")

    words.write_text(right, encoding="utf-8")
    assert run(broken, "2026-11-24 09:20").failed == []
    assert len(emails(settings, "safety")) == 2


def test_flags_that_cannot_be_written_are_due_at_the_next_run(settings: Settings) -> None:
    lock = settings.folder / ".~lock.Tracker.xlsx#"
    lock.write_text(",Robin,desk,now,x;", encoding="utf-8")
    (error,) = run(settings, "2026-11-24 09:00").failed
    assert isinstance(error, TrackerBusyError)
    assert emails(settings, "weekly")

    lock.unlink()
    done = run(settings, "2026-11-24 10:00")
    assert done.failed == []
    assert done.made == [settings.tracker]


def test_a_tracker_that_cannot_be_read_is_said_once(settings: Settings) -> None:
    assert settings.tracker
    settings.tracker.write_bytes(b"no workbook")

    done = run(settings, "2026-11-24 09:00")

    assert len(done.failed) == 1
    assert done.made == []
    tracker(settings.folder)
    assert run(settings, "2026-11-24 09:30").failed == []
    assert emails(settings, "weekly")


def test_a_bug_in_one_job_stops_only_that_job(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumbles(*_: object) -> Done:
        raise ZeroDivisionError

    work = dict(due._WORK)  # noqa: SLF001 - a bug cannot be had in another way
    monkeypatch.setattr(due, "_WORK", {**work, "reports": stumbles})

    done = run(settings, "2026-11-24 09:00")

    assert [type(bug) for bug in done.bugs] == [ZeroDivisionError]
    assert emails(settings, "weekly")
    monkeypatch.setattr(due, "_WORK", work)
    run(settings, "2026-11-24 10:00")
    assert emails(settings, "reports")


def test_missed_weeks_and_months_are_noted_once(fresh: Settings) -> None:
    for at in ("2026-09-29 09:00", "2026-12-14 09:00", "2026-12-14 10:00"):
        run(fresh, at)

    now = datetime(2026, 12, 14, 11, tzinfo=LONDON)
    with open_ledger(fresh.folder, now) as ledger:
        noted = [(one.facts["kind"], one.facts["period"]) for one in ledger.entries("skipped")]
    assert sorted(noted) == [
        ("pack", "2026-09"),
        ("pack", "2026-10"),
        *(("weekly", f"2026-W{week}") for week in range(41, 51)),
    ]


def test_a_clock_set_back_is_said_and_nothing_is_repeated(settings: Settings) -> None:
    run(settings, "2026-11-24 09:00")
    before = emails(settings, "*")

    done = run(settings, "2026-11-17 09:00")

    assert "Check this computer's date." in str(done.failed[-1])
    assert emails(settings, "*") == before


def test_a_pack_made_by_hand_is_carried_and_not_made_over(fresh: Settings) -> None:
    now = datetime(2026, 11, 2, 9, tzinfo=LONDON)
    with open_ledger(fresh.folder, now) as ledger:
        by_hand = Run(settings=fresh, as_at=now.date(), now=now, ledger=ledger)
        (path,) = jobs.pack(by_hand, (2026, 10)).made
    path.write_bytes(b"with a person's own words")

    run(fresh, "2026-11-24 09:00")

    assert path.read_bytes() == b"with a person's own words"
    assert len(emails(fresh, "pack")) == 2


def test_documents_go_along_where_the_council_says_so(settings: Settings) -> None:
    done = run(replace(settings, mail=Mail(attach_documents=True)), "2026-11-24 09:00")

    assert not [said for said in done.said if said.startswith("Attach")]
    (note,) = emails(settings, "reports")
    assert b'filename="MF-001.docx"' in (settings.folder / "outbox" / note).read_bytes()


def test_who_sends_the_drafts_is_asked_to_attach_the_documents(fresh: Settings) -> None:
    done = run(fresh, "2026-11-24 09:00")

    assert [said for said in done.said if said.startswith("Attach")] == [
        "Attach the reports named in each covering note before you send it.",
        "Attach the pack to each covering note before you send it.",
    ]


def test_a_dry_run_makes_nothing(fresh: Settings) -> None:
    before = everything(fresh)
    now = datetime(2026, 11, 24, 9, tzinfo=LONDON)

    done = jobs.run_due(Run(settings=fresh, as_at=now.date(), now=now, dry_run=True))

    assert everything(fresh) == before
    assert "2 child safety emails would be made." in done.said
    assert done.failed == []


def test_a_report_date_that_is_not_today_counts_as_a_whole_day(fresh: Settings) -> None:
    now = datetime(2026, 11, 24, 3, tzinfo=LONDON)
    asked = Run(settings=fresh, as_at=date(2026, 11, 23), now=now)

    assert {slot.job.name for slot in due.asked_now(asked).due} >= {"weekly", "flags"}
    assert due.moment(replace(asked, as_at=now.date())) == now


def test_faults_are_of_the_kind_that_people_can_put_right(settings: Settings) -> None:
    (settings.folder / "outbox").write_text("a file in the folder's place", encoding="utf-8")

    done = run(settings, "2026-11-24 09:00")

    assert done.failed
    assert all(isinstance(error, MfautoError) for error in done.failed)
    assert done.bugs == []
    (settings.folder / "outbox").unlink()
    assert run(settings, "2026-11-24 10:00").failed == []
    assert len(emails(settings, "weekly")) == 2


def test_an_email_of_unknown_fate_is_said_and_does_not_keep_its_job_from_being_done(
    settings: Settings,
) -> None:
    run(settings, "2026-11-23 06:59")  # flags and child safety; the week has not begun
    now = datetime(2026, 11, 23, 7, tzinfo=LONDON)
    with open_ledger(settings.folder, now) as ledger:
        asked = Run(settings=settings, as_at=now.date(), now=now, ledger=ledger)
        jobs.exceptions(asked, jobs.reviewed(settings, asked.as_at))
        jobs.cover_reports(asked, jobs.reviewed(settings, asked.as_at), ["MF-001"], "2026-W48")
        (note,) = [one for one in ledger.deliveries() if one.kind == "reports"]
        ledger.begin(note, now)
        ledger.change(note.key, State.UNKNOWN, now)

    done = run(settings, "2026-11-23 08:00")

    assert any("may or may not have arrived" in said for said in done.said)
    assert "2026-W48" in past(settings, "2026-11-30 09:00")["reports"].done


def test_an_email_of_unknown_fate_excuses_no_other_fault(settings: Settings) -> None:
    now = datetime(2026, 11, 16, 9, tzinfo=LONDON)
    run(settings, "2026-11-16 09:00")
    with open_ledger(settings.folder, now) as ledger:
        (one, *_) = [one for one in ledger.deliveries() if one.kind == "weekly"]
        ledger.begin(one, now)
        ledger.change(one.key, State.UNKNOWN, now)
    path = settings.folder / "Tracker.xlsx"
    away = path.rename(settings.folder / "away")

    assert run(settings, "2026-11-23 09:00").exit_code == 4
    away.rename(path)
    run(settings, "2026-11-23 10:00")

    assert any(name.startswith("2026-W48") for name in emails(settings, "weekly"))
    assert "2026-W48" in past(settings, "2026-11-30 09:00")["weekly"].done
