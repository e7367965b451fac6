"""What a person writes into a made document is never gone over: the new version is beside it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from mfauto import jobs
from mfauto.cli import main
from mfauto.documents import exception_reports
from mfauto.jobs import Run
from mfauto.jobs.reviewing import reviewed
from mfauto.ledger import HISTORY, open_ledger
from mfauto.names import file_names
from mfauto.processes import cores
from mfauto.saving import Versions, sha256
from mfauto.schedule import LONDON
from mfauto.settings import Keep, Mail, Settings
from tests.documents.reading import paragraphs
from tests.looking import needs
from tests.making import a_workbook

FIRST, LATER, NEXT = date(2026, 11, 30), date(2026, 12, 7), date(2026, 12, 8)
WORDS = "Only a person knows this."
REPORT = "exception-reports/MF-001"
#: what makes each kind of document, and where it goes
KINDS = {
    "exceptions": ([], REPORT),
    "pack": (["--month", "2026-10"], "assurance-packs/2026-10"),
    "agenda": (["--meeting", "2026-12-15"], "agendas/2026-12-15 Moving Forward Meeting"),
    "good-practice": ([], "good-practice/GP-001"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder in which one document of each kind is due."""
    cases: list[dict[str, Any]] = [
        {
            "ref": ref,
            "audited": date(2026, 7, 20),
            "audit_grade": grade,
            "moderation_completed": date(2026, 7, 30),
            "meeting_booked": date(2026, 9, 1),
            "meeting_held": date(2026, 9, 1),
            "head_of_service": "Hana Example",
            "caseload_review": review,
        }
        for ref, grade, review in (
            ("MF-001", "Inadequate", "Required"),
            ("MF-002", "Outstanding", None),
        )
    ]
    a_workbook(
        tmp_path / "Tracker.xlsx",
        cases=cases,
        examples=[{"ref": "GP-001", "case_ref": "MF-002", "example": "A book was made."}],
        meetings=[{"held": date(2026, 12, 15), "type": "Moving Forward Meeting"}],
    )
    (tmp_path / "mfauto.toml").write_text('tracker = "Tracker.xlsx"\n', encoding="utf-8")
    return tmp_path


def make(folder: Path, command: str, day: date, *more: str) -> None:
    asked = [command, *KINDS[command][0], "--config", str(folder / "mfauto.toml"), *more]
    assert main([*asked, "--as-at", day.isoformat()]) == 0


def written_into(path: Path, words: str = WORDS) -> Path:
    document = Document(str(path))
    document.add_paragraph(words)
    document.save(str(path))
    return path


def made(folder: Path) -> dict[str, str]:
    """Give every document with its hash."""
    return {
        path.relative_to(folder).as_posix(): sha256(path)
        for path in folder.rglob("*")
        if path.suffix in (".docx", ".pdf")
    }


def said(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out


@pytest.mark.parametrize("command", KINDS)
def test_what_a_person_wrote_stays_and_the_new_version_is_beside_it(
    folder: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    place = KINDS[command][1]
    name = place.rpartition("/")[2]
    make(folder, command, FIRST)
    theirs = written_into(folder / f"{place}.docx")
    make(folder, command, LATER)
    assert WORDS in paragraphs(theirs)
    assert set(made(folder)) == {f"{place}.docx", f"{place} (7 December 2026).docx"}
    assert (
        f"{name}.docx was changed by somebody and was left as it is. "
        f"The new one is {name} (7 December 2026).docx."
    ) in said(capsys)


@pytest.mark.parametrize("command", KINDS)
def test_what_nobody_changed_is_made_over_without_a_word(
    folder: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for day in (FIRST, LATER, LATER):
        make(folder, command, day)
    assert set(made(folder)) == {f"{KINDS[command][1]}.docx"}
    assert "left as it is" not in said(capsys)


def test_a_version_beside_another_is_made_over_until_a_person_changes_that_too(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make(folder, "exceptions", FIRST)
    written_into(folder / f"{REPORT}.docx")
    for _ in range(2):
        make(folder, "exceptions", LATER)
    second = written_into(folder / f"{REPORT} (7 December 2026).docx", "And this.")
    before = made(folder)
    said(capsys)
    for _ in range(2):
        make(folder, "exceptions", LATER)
    third = f"{REPORT} (7 December 2026, 2).docx"
    assert set(made(folder)) == {*before, third}
    assert before.items() <= made(folder).items()
    assert "And this." in paragraphs(second)
    assert f"The new one is {Path(third).name}." in said(capsys)


def test_a_new_version_that_gets_the_old_ones_name_is_mfautos_own_again(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make(folder, "exceptions", FIRST)
    theirs = written_into(folder / f"{REPORT}.docx")
    make(folder, "exceptions", LATER)
    (folder / f"{REPORT} (7 December 2026).docx").replace(theirs)
    said(capsys)
    make(folder, "exceptions", NEXT)
    assert set(made(folder)) == {f"{REPORT}.docx"}
    assert "left as it is" not in said(capsys)


def test_without_the_history_nothing_is_gone_over_and_what_is_the_same_is_fine(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make(folder, "exceptions", FIRST)
    first = made(folder)
    (folder / HISTORY).unlink()
    said(capsys)
    make(folder, "exceptions", FIRST)
    assert made(folder) == first
    assert "left as it is" not in said(capsys)
    make(folder, "exceptions", LATER)  # noted just now, so known as mfauto's own
    assert set(made(folder)) == set(first)
    second = made(folder)

    (folder / HISTORY).unlink()
    said(capsys)
    make(folder, "exceptions", NEXT)
    assert set(made(folder)) == {*second, f"{REPORT} (8 December 2026).docx"}
    assert second.items() <= made(folder).items()
    assert "MF-001.docx is not known from the history and was left as it is." in said(capsys)


def test_a_dry_run_says_what_would_be_left_and_makes_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for command, (_, place) in KINDS.items():
        make(folder, command, FIRST)
        make(folder, command, FIRST, "--dry-run")
        assert "would be left" not in said(capsys)
        written_into(folder / f"{place}.docx")
        before = made(folder)
        make(folder, command, LATER, "--dry-run")
        assert made(folder) == before
        name = place.rpartition("/")[2]
        assert f"{name}.docx was changed by somebody and would be left as it is." in said(capsys)


def test_a_pdf_that_somebody_signed_is_left_as_well(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    needs("soffice")
    make(folder, "exceptions", FIRST, "--pdf")
    signed = folder / f"{REPORT}.pdf"
    signed.write_bytes(signed.read_bytes() + b"\n% signed")
    before = sha256(signed)
    make(folder, "exceptions", LATER, "--pdf")
    assert sha256(signed) == before
    new = f"{REPORT} (7 December 2026).pdf"
    assert set(made(folder)) == {f"{REPORT}.docx", f"{REPORT}.pdf", new}
    assert f"The new one is {Path(new).name}." in said(capsys)


def test_the_pdf_of_a_version_beside_another_is_beside_that_version(folder: Path) -> None:
    needs("soffice")
    make(folder, "exceptions", FIRST)
    written_into(folder / f"{REPORT}.docx")
    make(folder, "exceptions", LATER, "--pdf")
    new = f"{REPORT} (7 December 2026)"
    assert set(made(folder)) == {f"{REPORT}.docx", f"{new}.docx", f"{new}.pdf"}


def test_a_folder_of_its_own_for_documents_is_looked_at_likewise(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    out = tmp_path_factory.mktemp("elsewhere")
    make(folder, "exceptions", FIRST, "--out", str(out))
    make(folder, "exceptions", LATER, "--out", str(out))
    assert set(made(out)) == {f"{REPORT}.docx"}
    written_into(out / f"{REPORT}.docx")
    make(folder, "exceptions", NEXT, "--out", str(out))
    assert set(made(out)) == {f"{REPORT}.docx", f"{REPORT} (8 December 2026).docx"}


def test_programs_get_the_path_of_the_new_version(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make(folder, "exceptions", FIRST)
    written_into(folder / f"{REPORT}.docx")
    said(capsys)
    make(folder, "exceptions", LATER, "--format", "json")
    told = json.loads(said(capsys))
    assert told["made"] == [str(folder / f"{REPORT} (7 December 2026).docx")]


def test_quiet_or_not_it_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make(folder, "exceptions", FIRST)
    written_into(folder / f"{REPORT}.docx")
    said(capsys)
    make(folder, "exceptions", LATER, "--quiet")
    assert said(capsys).startswith("MF-001.docx was changed by somebody and was left as it is.")


def test_many_files_that_are_left_are_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cases = [
        {
            "ref": f"MF-{number:03d}",
            "audited": date(2026, 7, 20),
            "audit_grade": "Inadequate",
            "meeting_held": date(2026, 9, 1),
            "caseload_review": "Required",
        }
        for number in range(7)
    ]
    a_workbook(tmp_path / "Tracker.xlsx", cases=cases)
    (tmp_path / "mfauto.toml").write_text('tracker = "Tracker.xlsx"\n', encoding="utf-8")
    make(tmp_path, "exceptions", FIRST)
    (tmp_path / HISTORY).unlink()
    said(capsys)
    make(tmp_path, "exceptions", LATER, "--dry-run")
    assert "7 files are not as mfauto made them and would be left as they are." in said(capsys)
    make(tmp_path, "exceptions", LATER)
    assert (
        "7 files are not as mfauto made them and were left as they are. "
        "Each new one has the day in its name, such as MF-000 (7 December 2026).docx."
    ) in said(capsys)
    assert len(made(tmp_path)) == 14


def test_no_case_ref_makes_the_name_of_a_version_beside_another() -> None:
    refs = ["MF-001", "MF-001 (7 December 2026)", "MF-001 (7 December 2026, 2)"]
    names = file_names(refs)
    assert names["MF-001"] == "MF-001"
    assert not [name for name in names.values() if "(" in name]


@pytest.mark.skipif(cores() < 2, reason="there is one core")
def test_several_cores_go_over_nothing_either(folder: Path) -> None:
    settings = Settings(folder=folder, tracker=folder / "Tracker.xlsx")
    found = reviewed(settings, FIRST)
    wanted = [("MF-001", folder / f"{number}.docx") for number in range(30)]
    made = exception_reports(found, wanted, settings, many=10)
    theirs = written_into(folder / "7.docx")
    before = sha256(theirs)
    keep = Versions(frozenset({sha256(folder / "0.docx")}), "7 December 2026")
    later = reviewed(settings, LATER)
    again = exception_reports(later, wanted, settings, many=10, versions=keep)
    assert sha256(theirs) == before
    assert [one for one in again if one not in made] == [folder / "7 (7 December 2026).docx"]


def test_what_cannot_be_read_is_not_gone_over_and_stops_nothing_else(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    blocked = folder / f"{REPORT}.docx"
    blocked.mkdir(parents=True)
    asked = ["exceptions", "--config", str(folder / "mfauto.toml"), "--as-at", FIRST.isoformat()]
    assert main(asked) == 4
    assert "MF-001.docx is a folder." in capsys.readouterr().err
    assert list(blocked.parent.iterdir()) == [blocked]


# -- what comes after: runs, covering notes, the library, a purge


@contextmanager
def a_run(folder: Path, at: str, **settings: Any) -> Iterator[Run]:
    now = datetime.fromisoformat(at).replace(tzinfo=LONDON)
    mine = Settings(folder=folder, tracker=folder / "Tracker.xlsx", **settings)
    with open_ledger(folder, now) as ledger:
        yield Run(settings=mine, as_at=now.date(), now=now, ledger=ledger)


def run(folder: Path, at: str, **settings: Any) -> jobs.Done:
    with a_run(folder, at, **settings) as due:
        return jobs.run_due(due)


def test_a_run_makes_one_new_version_a_week_and_carries_the_persons_own(folder: Path) -> None:
    run(folder, "2026-11-30 09:00")
    theirs = written_into(folder / f"{REPORT}.docx")
    mail = Mail(attach_documents=True, fallback="sqa@council.example")
    for at in ("2026-12-07 09:00", "2026-12-07 15:00", "2026-12-08 09:00", "2026-12-09 09:00"):
        run(folder, at, mail=mail)
    there = {name for name in made(folder) if name.startswith("exception-reports")}
    assert there == {f"{REPORT}.docx", f"{REPORT} (7 December 2026).docx"}
    (note,) = (folder / "outbox").glob("2026-W50-reports-*.eml")
    letter = message_from_bytes(note.read_bytes(), policy=default)
    assert isinstance(letter, EmailMessage)
    (attached,) = letter.iter_attachments()
    assert attached.get_filename() == "MF-001.docx"
    assert attached.get_content() == theirs.read_bytes()


def test_a_pack_of_a_month_to_come_says_so(folder: Path) -> None:
    with a_run(folder, "2026-10-20 09:00") as early:
        said = jobs.pack(early, (2027, 5)).said[-1]

    assert said.startswith("May 2027 has not begun at 20 October 2026. Check the month")


def test_a_pack_begun_before_its_month_was_over_stays_and_the_whole_one_goes_out(
    folder: Path,
) -> None:
    with a_run(folder, "2026-10-20 09:00") as early:
        jobs.pack(early, (2026, 10))
    theirs = written_into(folder / "assurance-packs/2026-10.docx")
    before = sha256(theirs)
    done = run(folder, "2026-11-03 09:00")
    assert sha256(theirs) == before
    new = folder / "assurance-packs" / "2026-10 (3 November 2026).docx"
    assert new in done.made
    notes = list((folder / "outbox").glob("2026-10-pack-*.eml"))
    assert notes
    assert all(new.name.encode() in note.read_bytes() for note in notes)


def test_neither_of_two_versions_of_a_sheet_goes_to_the_library_by_itself(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "Library").mkdir()
    make(folder, "good-practice", FIRST)
    written_into(folder / "good-practice/GP-001.docx")
    a_workbook(
        folder / "Tracker.xlsx",
        cases=[
            {
                "ref": "MF-002",
                "audited": date(2026, 7, 20),
                "audit_grade": "Outstanding",
                "meeting_held": date(2026, 9, 1),
            }
        ],
        examples=[
            {
                "ref": "GP-001",
                "case_ref": "MF-002",
                "example": "A book was made.",
                "anonymised": date(2026, 12, 1),
            }
        ],
    )
    (folder / "mfauto.toml").write_text(
        'tracker = "Tracker.xlsx"\ngood_practice_folder = "Library"\n', encoding="utf-8"
    )
    said(capsys)
    make(folder, "good-practice", LATER)
    assert list((folder / "Library").iterdir()) == []
    assert "No version of GP-001 was copied to the library." in said(capsys)


def test_a_purge_takes_a_version_beside_another_away_and_leaves_the_persons_own(
    folder: Path,
) -> None:
    make(folder, "exceptions", FIRST)
    theirs = written_into(folder / f"{REPORT}.docx")
    make(folder, "exceptions", LATER)
    kept = written_into(folder / f"{REPORT} (7 December 2026).docx")
    make(folder, "exceptions", NEXT)
    with a_run(folder, "2099-01-05 09:00", keep=Keep(documents_months=1)) as late:
        done = jobs.purge(late)
    assert {folder / name for name in made(folder)} == {theirs, kept}
    assert [one for one in done.asks if theirs.name in one and kept.name in one]
