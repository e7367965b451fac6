"""Letters through the history: each drafted once, and anew on a person's word."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from mfauto import jobs
from mfauto.errors import DeliveryError, UsageError
from mfauto.jobs import Done, Run
from mfauto.ledger import open_ledger, read_ledger
from mfauto.model import Review
from mfauto.schedule import LONDON
from mfauto.settings import PROJECT, Settings
from tests.letters.sample import booked, found, left, re_audit, shared

NOW = datetime(2026, 11, 2, 9, tzinfo=LONDON)
FOUND = found(
    booked(),
    left(3, ref="MF-015"),
    reaudits=[re_audit(case_ref="MF-015")],
    examples=[shared(case_ref="MF-015")],
)


def drafted(folder: Path, review: Review = FOUND, **asked: object) -> Done:
    settings = asked.pop("settings", Settings(folder=folder))
    assert isinstance(settings, Settings)
    with open_ledger(folder, NOW) as ledger:
        run = Run(settings=settings, as_at=review.as_at, now=NOW, ledger=ledger)
        return jobs.letters(run, review, **asked)  # type: ignore[arg-type]


def drafts(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / "outbox").glob("*.eml")}


def kinds(folder: Path) -> list[str]:
    return sorted(name.split("-")[-2] for name in drafts(folder))


def test_everything_that_is_open_is_drafted(tmp_path: Path) -> None:
    done = drafted(tmp_path)

    assert kinds(tmp_path) == ["announcement"] + ["invitation"] * 3 + ["leaver"] * 3
    assert done.failed == []
    assert done.said[:3] == [
        "3 invitations drafted.",
        "3 notices that a case has left Inadequate drafted.",
        "1 service email drafted.",
    ]
    assert "open, read and send each one" in done.said[3]
    assert all(b"X-Unsent: 1" in data for data in drafts(tmp_path).values())


def test_each_letter_is_drafted_once(tmp_path: Path) -> None:
    drafted(tmp_path)
    for path in (tmp_path / "outbox").iterdir():
        path.unlink()  # somebody sent them

    done = drafted(tmp_path)

    assert drafts(tmp_path) == {}
    assert done.made == []
    assert "3 invitations drafted before." in done.said


def test_a_person_may_have_them_made_anew(tmp_path: Path) -> None:
    drafted(tmp_path)
    before = drafts(tmp_path)
    for path in (tmp_path / "outbox").iterdir():
        path.unlink()

    drafted(tmp_path, again=True)

    assert drafts(tmp_path) == before


def test_one_kind_and_one_case_can_be_asked_for(tmp_path: Path) -> None:
    drafted(tmp_path, kinds=["leaver"])
    assert kinds(tmp_path) == ["leaver"] * 3

    drafted(tmp_path, case="mf-014")
    assert kinds(tmp_path) == ["invitation"] * 3 + ["leaver"] * 3


def test_a_case_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match='There is no case "MF-9"'):
        drafted(tmp_path, case="MF-9")


def test_where_nothing_is_open_it_is_said(tmp_path: Path) -> None:
    assert drafted(tmp_path, found()).said == [
        "No letter is due, or each was drafted before. --again makes them anew."
    ]


def test_who_cannot_be_written_to_is_a_fault_of_delivery(tmp_path: Path) -> None:
    done = drafted(tmp_path, found(booked(practitioner="Ann Other")))

    (error,) = done.failed
    assert isinstance(error, DeliveryError)
    assert "MF-014: no invitation was drafted. Practitioner: Ann Other" in str(error)
    assert kinds(tmp_path) == ["invitation"] * 2


def test_a_broken_template_stops_only_its_kind(tmp_path: Path) -> None:
    templates = tmp_path / "templates" / "emails"
    templates.mkdir(parents=True)
    for path in (PROJECT / "templates" / "emails").iterdir():
        text = path.read_text(encoding="utf-8")
        if path.name == "leaver.txt":
            text = text.replace("{{ grade }}", "{{ grad }}")
        (templates / path.name).write_text(text, encoding="utf-8")

    done = drafted(
        tmp_path, settings=replace(Settings(folder=tmp_path), templates=tmp_path / "templates")
    )

    (error,) = done.failed
    assert 'Did you mean "grade"?' in str(error)
    assert kinds(tmp_path) == ["announcement"] + ["invitation"] * 3


def test_a_dry_run_drafts_nothing(tmp_path: Path) -> None:
    run = Run(settings=Settings(folder=tmp_path), as_at=FOUND.as_at, now=NOW, dry_run=True)

    done = jobs.letters(run, FOUND)

    assert done.said[0] == "3 invitations would be drafted."
    assert list(tmp_path.iterdir()) == []


def test_the_history_holds_no_case_and_no_name(tmp_path: Path) -> None:
    drafted(tmp_path)

    data = (tmp_path / "mfauto-history.sqlite3").read_bytes()
    for word in (b"MF-01", b"Khan", b"amira", b"E-1"):
        assert word not in data
    with read_ledger(tmp_path) as ledger:
        assert ledger
        assert ledger.verify().faults == ()
        assert {one.kind for one in ledger.deliveries()} == {
            "invitation",
            "leaver",
            "announcement",
        }
