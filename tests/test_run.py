"""The whole line: one command from a tracker to everything people receive, and nothing twice."""

import email
import json
import re
from email.policy import default
from pathlib import Path

import pytest
from docx import Document

from mfauto.cli import main
from mfauto.workbook import read_tracker
from tests.looking import failures, page_counts

AS_AT = "2026-11-24"  # a Tuesday: the week's emails are due whatever the time
MARKING = "OFFICIAL-SENSITIVE"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "made"
    assert main(["demo", str(folder), "--as-at", AS_AT]) == 0
    return folder


def checked(
    demo: Path, capsys: pytest.CaptureFixture[str], as_at: str = AS_AT
) -> dict[str, object]:
    capsys.readouterr()
    config = str(demo / "mfauto.toml")
    assert main(["check", "--config", config, "--as-at", as_at, "--format", "json"]) == 3
    said: dict[str, object] = json.loads(capsys.readouterr().out)
    return said


def test_the_demo_says_what_it_made_what_to_open_first_and_what_is_overdue(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["demo", str(tmp_path / "d"), "--as-at", AS_AT]) == 0
    said = capsys.readouterr().out
    assert "Everything in it is made up." in said
    assert "Open first:" in said
    assert "Overdue as at 24 November 2026:" in said
    assert len(said.splitlines()) < 25


def test_the_demo_has_a_flagged_tracker_reports_a_pack_and_emails(demo: Path) -> None:
    assert (demo / "Moving Forward tracker.xlsx").exists()
    assert list((demo / "exception-reports").glob("*.docx"))
    assert [path.name for path in (demo / "assurance-packs").iterdir()] == ["2026-10.docx"]
    kinds = {path.name.split("-")[-2] for path in (demo / "outbox").glob("*.eml")}
    assert kinds == {
        *("weekly", "safety", "reports", "pack"),
        *("invitation", "leaver", "announcement"),
    }
    assert (demo / "mfauto-history.sqlite3").exists()
    assert len(list((demo / "backups").iterdir())) == 1


def test_every_report_of_the_demo_is_one_page_and_sound(demo: Path) -> None:
    reports = sorted((demo / "exception-reports").glob("*.docx"))
    assert set(page_counts(reports).values()) == {1}
    for report in reports:
        assert failures(report, min_size=11, marking=MARKING) == [], report.name


def test_the_pack_of_the_demo_is_sound_and_names_no_practitioner(demo: Path) -> None:
    path = demo / "assurance-packs" / "2026-10.docx"
    assert failures(path, marking=MARKING) == []
    names = {
        case.practitioner
        for case in read_tracker(demo / "Moving Forward tracker.xlsx").cases
        if case.practitioner
    }
    said = words(path)
    assert names
    assert not [name for name in names if name in said]


def test_the_pack_made_again_is_the_same_to_the_byte(demo: Path) -> None:
    config = ["--config", str(demo / "mfauto.toml"), "--month", "2026-09"]
    path = demo / "assurance-packs" / "2026-09.docx"
    assert main(["pack", *config]) == 0
    first = path.read_bytes()
    path.unlink()
    assert main(["pack", *config]) == 0
    assert path.read_bytes() == first
    path.unlink()


def test_the_packs_sum_of_open_cases_adds_up_and_is_what_check_says(
    demo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    positions = checked(demo, capsys, "2026-10-31")["positions"]
    assert isinstance(positions, list)
    left = ("Leaving", "Closed")
    remaining = sum(row["grade"] == "Inadequate" and row["stage"] not in left for row in positions)
    said = " ".join(words(demo / "assurance-packs" / "2026-10.docx").split())
    found = re.search(
        r"The sum: (\d+) at the start \+ (\d+) new \+ (\d+) changed to Inadequate "
        r"− (\d+) changed from Inadequate − (\d+) left = (\d+) remaining",
        said,
    )
    assert found
    start, new, into, out, gone, end = map(int, found.groups())
    assert start + new + into - out - gone == end == remaining


def test_the_demo_is_not_made_over_something_else(
    demo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["demo", str(demo), "--as-at", AS_AT]) == 2
    assert "is not empty" in capsys.readouterr().err


def test_counts_reconcile_in_check_emails_and_pack(
    demo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    counts = checked(demo, capsys)["counts"]
    assert isinstance(counts, dict)
    assert counts["rows_read"] == counts["cases"] + counts["outside"] + counts["excluded"]
    (summary,) = [body for body in bodies(demo) if "The week in figures" in body]
    assert (
        f"has {counts['rows_read']} rows = {counts['cases']} in the process "
        f"+ {counts['outside']} outside it + {counts['excluded']} not counted." in summary
    )
    assert f"Figure: Overdue items\n  Number: {counts['overdue']}\n" in summary
    assert f"Figure: Errors in the tracker\n  Number: {counts['error']}\n" in summary
    monthly = checked(demo, capsys, "2026-10-31")["counts"]
    assert isinstance(monthly, dict)
    said = words(demo / "assurance-packs" / "2026-10.docx")
    for figure in ("rows_read", "cases", "outside", "excluded"):
        assert str(monthly[figure]) in said


def words(path: Path) -> str:
    document = Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*cells, *(paragraph.text for paragraph in document.paragraphs)])


def bodies(folder: Path) -> list[str]:
    found = []
    for path in sorted((folder / "outbox").glob("*.eml")):
        message = email.message_from_bytes(path.read_bytes(), policy=default)
        part = message.get_body(("plain",))
        assert part is not None
        found.append(str(part.get_content()).replace("\r\n", "\n"))
    return found


def made_files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith("mfauto-history")
    }


@pytest.mark.parametrize("command", ["run", "remind", "flag"])
def test_a_second_time_in_the_week_makes_nothing_twice(
    demo: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    config = ["--config", str(demo / "mfauto.toml"), "--as-at", AS_AT]
    assert main([command, *config]) == 0
    first = made_files(demo)
    assert main([command, *config]) == 0
    assert made_files(demo) == first
    assert command != "remind" or "0 emails made" in capsys.readouterr().out


def test_a_dry_run_of_every_job_changes_no_file(demo: Path) -> None:
    config = ["--config", str(demo / "mfauto.toml"), "--as-at", "2026-12-07", "--dry-run"]
    before = made_files(demo) | {"history": (demo / "mfauto-history.sqlite3").read_bytes()}
    for command in ("run", "flag", "exceptions", "pack", "remind"):
        assert main([command, *config]) == 0
    after = made_files(demo) | {"history": (demo / "mfauto-history.sqlite3").read_bytes()}
    assert after == before


def test_the_history_tells_what_was_made_and_that_it_is_whole(
    demo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert main(["history", "--config", str(demo / "mfauto.toml")]) == 0
    said = capsys.readouterr().out
    assert "exception report" in said
    assert "assurance pack" in said
    assert "weekly" in said
    assert "The record is whole." in said


def test_one_report_can_be_asked_for_and_only_of_an_inadequate_case(
    demo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    positions = checked(demo, capsys)["positions"]
    assert isinstance(positions, list)
    by_grade = {row["grade"]: row["case"] for row in positions}
    config = ["--config", str(demo / "mfauto.toml"), "--as-at", AS_AT]
    ref = by_grade["Inadequate"]
    assert main(["exceptions", "--case", ref.lower(), *config]) == 0
    assert (demo / "exception-reports" / f"{ref}.docx").exists()
    assert main(["exceptions", "--case", by_grade["Good"], *config]) == 2
    assert "Inadequate cases only" in capsys.readouterr().err
    assert main(["exceptions", "--case", "MF-999", *config]) == 2


def test_an_open_tracker_puts_the_flags_off_and_the_rest_is_still_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "d"
    assert main(["demo", str(folder), "--as-at", AS_AT]) == 0
    (folder / ".~lock.Moving Forward tracker.xlsx#").write_text(",Robin,desk,now,x;")
    toml = folder / "mfauto.toml"
    toml.write_text(f"wait_seconds = 0\n{toml.read_text(encoding='utf-8')}", encoding="utf-8")
    capsys.readouterr()
    config = ["--config", str(folder / "mfauto.toml"), "--as-at", "2026-12-01"]
    assert main(["run", *config]) == 4
    shown = capsys.readouterr()
    assert "Robin has it. Nothing was written." in shown.err
    assert "emails made for the week of 30 November 2026" in shown.out
