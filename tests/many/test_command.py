"""`run --trackers`: one answer over all trackers of a folder, and none of them touched."""

import json
import shutil
from datetime import datetime
from pathlib import Path

import pytest
from docx import Document

from mfauto import jobs
from mfauto.cli import main
from mfauto.jobs import Run
from mfauto.ledger import open_ledger
from mfauto.schedule import LONDON
from mfauto.settings import Settings
from tests.many.making import a_service, every_file

AS_AT = ["--as-at", "2026-11-02"]
MADE = {"all-trackers", "assurance-packs", "exception-reports"}


@pytest.fixture
def region(tmp_path: Path) -> Path:
    """Give a folder of three trackers, of which one cannot be read, and a copy."""
    folder = tmp_path / "region"
    north = a_service(folder / "North.xlsx", cases=3, unsafe=2)
    shutil.copy(north, folder / "North - Copy.xlsx")
    a_service(folder / "South" / "Tracker.xlsx", cases=2, left=1)
    (folder / "South" / "mfauto.toml").write_text(
        'council = "Southshire"\n\n[mail]\nfallback = "somebody@southshire.example"\n',
        encoding="utf-8",
    )
    (folder / "West.xlsx").write_bytes(b"no workbook")
    return folder


def over(folder: Path, out: Path, *more: str) -> int:
    out.mkdir(exist_ok=True)
    config = out / "mfauto.toml"
    if not config.exists():
        config.write_text('council = "The region"\n', encoding="utf-8")
    workers = () if "--workers" in more else ("--workers", "1")
    asked = ["run", "--trackers", str(folder), "--config", str(config)]
    return main([*asked, *AS_AT, *workers, *more])


def test_the_summary_says_safety_first_then_what_could_not_be_read_then_every_tracker(
    region: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert over(region, tmp_path / "out") == 4
    said = capsys.readouterr().out
    lines = said.splitlines()
    assert lines[0] == "3 trackers as at 2 November 2026: 2 read, 1 could not be read."
    assert lines[1] == (
        "Child safety: 2 cases not assured in time, in 1 tracker; the longest 89 days overdue."
    )
    assert lines[2].startswith("Nothing can be said about the children in 1 tracker")
    assert "West     West.xlsx is plain text or CSV, not an Excel workbook" in said
    rows = [line.split() for line in lines if line.startswith(("North  ", "South/", "All  "))]
    assert [row[:2] for row in rows] == [["North", "3"], ["South/Tracker", "2"], ["All", "5"]]
    assert 'North - Copy.xlsx  Its name is that of a copy of "North".' in said
    assert lines[-1] == "No tracker was written into, and no email was made."
    kept = tmp_path / "out" / "all-trackers" / "2026-11-02.txt"
    assert said.startswith(kept.read_text(encoding="utf-8"))


def test_no_tracker_is_touched_and_nobody_is_written_to(region: Path, tmp_path: Path) -> None:
    before = every_file(region)
    over(region, tmp_path / "out")
    assert every_file(region) == before
    made = every_file(tmp_path / "out")
    assert {name.partition("/")[0] for name in made} == {*MADE, "mfauto.toml"}
    assert [name for name in made if name.startswith("exception-reports/North/")] == [
        f"exception-reports/North/MF-00{n}.docx" for n in range(3)
    ]
    assert not [name for name in made if "eml" in name or "xlsx" in name]


def test_a_report_has_the_settings_of_its_own_tracker(region: Path, tmp_path: Path) -> None:
    (region / "South" / "mfauto.toml").write_text('marking = "OFFICIAL"\n', encoding="utf-8")
    over(region, tmp_path / "out")
    reports = sorted((tmp_path / "out" / "exception-reports").rglob("MF-000.docx"))
    heads = [Document(str(path)).paragraphs[0].text for path in reports]
    assert heads == ["OFFICIAL-SENSITIVE", "OFFICIAL"]


def test_programs_get_one_object_with_every_tracker_and_the_totals(
    region: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert over(region, tmp_path / "out", "--format", "json") == 4
    said = json.loads(capsys.readouterr().out)
    assert [one["name"] for one in said["trackers"]] == ["North", "South/Tracker", "West"]
    assert [one["read"] for one in said["trackers"]] == [True, True, False]
    north, south, west = said["trackers"]
    assert west["counts"] is None
    assert "plain text" in west["trouble"][0]
    assert (north["counts"]["unsafe"], north["safety_longest_days"]) == (2, 89)
    assert (south["month"]["left"], south["reports_made"]) == (1, 2)
    for figure, total in said["totals"]["counts"].items():
        assert total == north["counts"][figure] + south["counts"][figure]
    assert said["totals"]["unread"] == 1
    assert said["left_out"][0]["name"] == "North - Copy.xlsx"
    kept = json.loads((tmp_path / "out" / "all-trackers" / "2026-11-02.json").read_text("utf-8"))
    assert kept.items() <= said.items()


def test_the_counts_of_a_tracker_are_those_of_its_own_check(
    region: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    over(region, tmp_path / "out", "--format", "json")
    over_all = json.loads(capsys.readouterr().out)["trackers"][0]["counts"]
    main(["check", "--tracker", str(region / "North.xlsx"), *AS_AT, "--format", "json"])
    alone = json.loads(capsys.readouterr().out)["counts"]
    assert alone.items() <= over_all.items()


@pytest.mark.parametrize("workers", ["2", "3"])
def test_any_number_of_processes_makes_the_same(region: Path, tmp_path: Path, workers: str) -> None:
    over(region, tmp_path / "out")
    first = every_file(tmp_path / "out")
    shutil.rmtree(tmp_path / "out")
    over(region, tmp_path / "out", "--workers", workers)
    assert every_file(tmp_path / "out") == first


def test_a_dry_run_looks_and_makes_nothing(
    region: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert over(region, tmp_path / "out", "--dry-run") == 4
    assert "Nothing was made: this was a dry run." in capsys.readouterr().out
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["mfauto.toml"]


def test_figures_only_makes_no_page_about_a_case(
    region: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert over(region, tmp_path / "out", "--figures-only") == 4
    assert "5 exception reports due; none was to be made." in capsys.readouterr().out
    assert not (tmp_path / "out" / "exception-reports").exists()
    assert (tmp_path / "out" / "assurance-packs" / "2026-10 all trackers.docx").exists()


def test_what_a_person_wrote_into_is_left_as_it_is(region: Path, tmp_path: Path) -> None:
    over(region, tmp_path / "out")
    written = [
        tmp_path / "out" / "exception-reports" / "North" / "MF-000.docx",
        tmp_path / "out" / "assurance-packs" / "2026-10 all trackers.docx",
    ]
    for path in written:
        path.write_bytes(b"signed")
    over(region, tmp_path / "out")
    assert [path.read_bytes() for path in written] == [b"signed", b"signed"]
    written[1].unlink()
    over(region, tmp_path / "out")
    assert written[1].read_bytes() != b"signed"


def test_a_folders_own_reports_and_pack_are_still_made(region: Path, tmp_path: Path) -> None:
    """Cases of two trackers may have one ref; what was made for one is not made for the other."""
    out = tmp_path / "out"
    over(region, out)
    config = ["--config", str(out / "mfauto.toml"), "--as-at", "2026-11-03"]
    own = a_service(tmp_path / "Own.xlsx")
    assert main(["run", "--tracker", str(own), *config]) in (0, 5)
    assert (out / "exception-reports" / "MF-000.docx").exists()
    assert (out / "assurance-packs" / "2026-10.docx").exists()


def test_the_history_says_whose_documents_were_made(
    region: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    over(region, tmp_path / "out")
    capsys.readouterr()
    assert main(["history", "--config", str(tmp_path / "out" / "mfauto.toml")]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "exception-reports/North/MF-000.docx" in said
    assert "assurance-packs/2026-10 all trackers.docx" in said
    assert "all-trackers/2026-11-02.txt" in said
    assert "The record is whole." in said


def test_what_was_made_is_purged_in_its_time_and_the_trackers_stay(
    region: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    over(region, out)
    before = every_file(region)
    assert main(["purge", "--config", str(out / "mfauto.toml"), "--dry-run"]) == 0
    assert "Nothing is old enough" in capsys.readouterr().out
    later = datetime(2059, 12, 1, 9, tzinfo=LONDON)
    with open_ledger(out, later) as ledger:
        settings = Settings(folder=out)
        run = Run(settings=settings, as_at=later.date(), now=later, ledger=ledger)
        jobs.purge(run)
    assert [name for name in every_file(out) if name != "mfauto.toml"] == []
    assert every_file(region) == before


def test_quiet_says_what_must_be_known_and_nothing_else(
    region: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    over(region, tmp_path / "out", "--quiet")
    assert "1 could not be read" in capsys.readouterr().out
    assert over(region / "South", tmp_path / "other", "--quiet") == 0
    assert capsys.readouterr().out == ""


def test_settings_may_name_the_trackers(
    region: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "mfauto.toml"
    config.write_text('trackers = ["region/North.xlsx", "region/South"]\n', encoding="utf-8")
    assert main(["run", "--config", str(config), *AS_AT, "--workers", "1"]) == 0
    assert "2 trackers as at 2 November 2026: all read." in capsys.readouterr().out
    assert main(["flag", "--config", str(config), *AS_AT]) == 2
    assert "The settings name several trackers, and this works on one." in capsys.readouterr().err
    one = ["--tracker", str(region / "North.xlsx")]
    assert main(["check", "--config", str(config), *one, *AS_AT]) == 3


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--trackers", "nowhere"], "nowhere: There is no such folder or file"),
        (["--trackers", ".", "--tracker", "x.xlsx"], "Give one of the two"),
        (["--workers", "2"], "go with --trackers"),
        (["--figures-only"], "go with --trackers"),
        (["--trackers", ".", "--workers", "0"], "not a whole number from 1 to 60"),
        (["--trackers", "."], "There is no tracker in ."),
    ],
)
def test_wrong_use_is_said(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["run", *arguments]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('tracker = "a.xlsx"\ntrackers = ["b.xlsx"]', 'both "tracker" and "trackers"'),
        ("trackers = []", "a list of files or folders"),
        ('trackers = "b.xlsx"', "a list of files or folders"),
    ],
)
def test_wrong_settings_are_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str, said: str
) -> None:
    config = tmp_path / "mfauto.toml"
    config.write_text(line, encoding="utf-8")
    assert main(["run", "--config", str(config), *AS_AT]) == 2
    assert said in capsys.readouterr().err


def test_what_a_person_wrote_into_a_report_stays_weeks_later(
    region: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    over(region, out)
    report = out / "exception-reports" / "North" / "MF-000.docx"
    for path in (report, report.with_name("MF-001.docx")):
        document = Document(str(path))
        document.add_paragraph("Only a person knows this.")
        document.save(str(path))
    before = every_file(out / "exception-reports")
    capsys.readouterr()
    over(region, out, "--as-at", "2026-11-09")
    after = every_file(out / "exception-reports")
    assert {name for name in after if name not in before} == {
        "North/MF-000 (9 November 2026).docx",
        "North/MF-001 (9 November 2026).docx",
    }
    changed = {name for name in before if before[name] != after[name]}
    assert changed == set(before) - {"North/MF-000.docx", "North/MF-001.docx"}
    assert (
        "MF-000.docx was changed by somebody and was left as it is. "
        "The new one is MF-000 (9 November 2026).docx."
    ) in capsys.readouterr().out
