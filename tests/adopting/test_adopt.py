"""Trackers kept in other ways are mapped rightly or not at all, and then judged like any other."""

import contextlib
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from mfauto.adopting import Proposal
from mfauto.cli import main
from mfauto.columns import SHEETS
from mfauto.comparing import bare
from mfauto.errors import MfautoError, TrackerError
from mfauto.jobs.adopting import proposed
from mfauto.template import make_tracker
from mfauto.workbook import read_tracker
from tests.adopting.shapes import AS_AT, CONFUSING, SHAPES, UPPER, Shape, data, day, write

DAY = AS_AT.isoformat()
CORPUS = Path(__file__).parent.parent.parent.parent / "shared" / "corpus"


def kept_by_hand(path: Path, *headings: str) -> Path:
    """Write a log of twelve cases under these headings, the last one a column of days."""
    workbook = Workbook()
    log = workbook.active
    assert log is not None
    log.title = "Log"
    log.append(list(headings))
    for number in range(12):
        grade = ("Inad", "Good", "RI")[number % 3]
        log.append([f"C{number:03}", date(2026, 5, 1 + number), grade, date(2026, 5, 20)])
    staff = workbook.create_sheet("Staff")
    staff.append(["Name", "Job title", "E-mail"])
    staff.append(["Tom Gale", "Practitioner", "tom@council.example"])
    workbook.save(path)
    return path


def test_what_is_not_used_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = kept_by_hand(tmp_path / "Log.xlsx", "Case ref", "Audit date", "Audit grade", "Safe?")
    main(["adopt", str(path), "--dry-run", "--yes"])
    said = capsys.readouterr().out
    assert 'Column C, "Audit grade": Audit grade' in said  # its words are not ours; its name is
    assert 'Columns that are not used: D "Safe?".' in said
    assert 'Sheets that are not used: "Staff".' in said
    assert "What was not found counts as blank." in said


def test_an_empty_column_and_one_other_word_are_said_as_such(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "Tracker.xlsx"
    case = {"ref": "MF-001", "audited": date(2026, 10, 1), "audit_grade": "Inadequat"}
    make_tracker(path, {"cases": [case]})
    main(["adopt", str(path), "--dry-run", "--yes"])
    said = capsys.readouterr().out
    assert "holds empty" not in said
    assert "It is empty." in said
    assert '"Audit grade" holds 1 value that is not in the list of Audit grade' in said


def test_the_sheet_that_comes_nearest_is_named_with_what_it_lacks(tmp_path: Path) -> None:
    path = kept_by_hand(
        tmp_path / "Log.xlsx", "ICS ID", "Audit date", "Audit grade", "Meeting held"
    )
    lacking = (
        r'(?s)"Log" may hold .*no column was found for Case ref\..*"Case ref" = "Your heading"'
    )
    with pytest.raises(TrackerError, match=lacking):
        proposed(path)


def test_what_cases_need_is_proposed_by_its_values_and_never_certain(tmp_path: Path) -> None:
    named = {"Case ref": "Mosaic ID", "Audit date": "Audit", "Audit grade": "Outcome"}
    path = write(Shape(name="by values", headings={"Cases": named}), tmp_path)
    found = proposed(path)
    assert {
        match.column.heading: (match.found.heading, match.certainty)
        for match in found.of("Cases")
        if match.column.heading in named
    } == {ours: (theirs, "unsure") for ours, theirs in named.items()}


@pytest.fixture(scope="module", params=SHAPES, ids=lambda shape: shape.name)
def kept(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    shape: Shape = request.param
    folder = tmp_path_factory.mktemp("kept")
    return shape, write(shape, folder)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What check says of the same data in the template."""
    folder = tmp_path_factory.mktemp("plain")
    make_tracker(folder / "Tracker.xlsx", data())
    return checked(folder / "Tracker.xlsx", None)


def checked(path: Path, config: Path | None) -> dict[str, Any]:
    out = io.StringIO()
    options = ["--config", str(config)] if config else ["--tracker", str(path)]
    with contextlib.redirect_stdout(out):
        main(["check", *options, "--as-at", DAY, "--format", "json"])
    said: dict[str, Any] = json.loads(out.getvalue())
    return said


def meanings(shape: Shape) -> dict[tuple[str, str], str]:
    """Give, for each of our headings, what it is truly called in a shape."""
    true = {
        (sheet.name, column.heading): shape.theirs(sheet.name, column.heading)
        for sheet in SHEETS
        for column in sheet.columns
    }
    if shape.name == "headings in two rows":
        true |= {("Cases", ours): " / ".join(pair) for ours, pair in UPPER.items()}
    return true


def wrong(shape: Shape, proposal: Proposal) -> list[str]:
    true = meanings(shape)
    found = []
    for match in proposal.matches:
        theirs, ours = match.found.heading, match.column.heading
        right = bare(true[match.sheet, ours]) == bare(theirs)
        if match.group:
            words = bare(theirs).replace(str(match.group), "")
            short = {"panelreviewdate": "paneldate", "action": "action", "duedate": "due"}
            own = short.get(bare(ours), bare(ours))
            right = words in (own, f"action{own}", f"reaudit{own}")
        if not right:
            found.append(f'"{theirs}" taken for {match.sheet} {ours} ({match.certainty})')
    return found


def test_no_column_is_taken_for_another(kept: tuple[Shape, Path]) -> None:
    shape, path = kept
    assert wrong(shape, proposed(path).only_certain()) == []


def test_what_the_process_needs_is_certain(kept: tuple[Shape, Path]) -> None:
    shape, path = kept
    proposal = proposed(path)
    assert [m.found.heading for m in proposal.unsure if m.column.field != "notes"] == []
    assert set(proposal.sheets) | ({"Actions"} if proposal.lines else set()) == {
        sheet.name for sheet in SHEETS if sheet.name not in shape.without
    }


WITHOUT_ROW = ("case", "rule", "step", "due", "days_overdue", "owner", "level", "start")


def told(said: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Give what check says of the steps, but for where it stands."""
    return sorted(
        tuple(str(finding[name]) for name in WITHOUT_ROW)
        for finding in said["findings"]
        if finding["step"]
    )


def test_check_then_says_what_it_says_of_the_template(
    kept: tuple[Shape, Path], plain: dict[str, Any], tmp_path: Path, monkeypatch: Any
) -> None:
    _, path = kept
    own = tmp_path / path.name
    own.write_bytes(path.read_bytes())
    monkeypatch.chdir(tmp_path)

    assert main(["adopt", path.name, "--yes", "--as-at", DAY]) == 0

    found = checked(own, tmp_path / "mfauto.toml")
    assert told(found) == told(plain)
    positions = [
        [{key: one[key] for key in ("case", "grade", "stage", "next_step", "due")} for one in all_]
        for all_ in (found["positions"], plain["positions"])
    ]
    assert sorted(positions[0], key=str) == sorted(positions[1], key=str)
    assert found["counts"]["rows_read"] == plain["counts"]["rows_read"]
    assert own.read_bytes() == path.read_bytes()  # adopting writes nothing into it


def test_a_column_about_who_a_child_is_is_never_read_or_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shape = next(shape for shape in SHAPES if shape.name == "confusing columns")
    path = write(shape, tmp_path)
    monkeypatch.chdir(tmp_path)
    assert main(["adopt", path.name, "--yes", "--dry-run", "--as-at", DAY]) == 0
    said = capsys.readouterr().out
    assert "Quibble" not in said
    assert "9434765919" not in said
    assert '"Child\'s name" on "Cases" looks like it says who a child is' in said
    taken = {match.found.heading for match in proposed(path).matches}
    assert not taken & set(CONFUSING)
    assert not (tmp_path / "mfauto.toml").exists()


def test_a_workbook_about_something_else_is_no_tracker(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Date", "Cost centre", "Owner", "Amount", "Status", "Notes"])
    for number in range(1, 25):
        sheet.append([AS_AT, f"CC-{number}", "Ada Example", number * 10.5, "Open", "paid"])
    book.save(tmp_path / "budget.xlsx")
    with pytest.raises(TrackerError, match="No sheet with audited cases was found"):
        proposed(tmp_path / "budget.xlsx")


def test_a_column_that_is_left_out_does_not_stand_in_the_way_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Shape(
        name="without a column",
        order=lambda headings: [name for name in headings if name != "Moderation completed"],
        extra={"Moderation due": day},
    )
    path = write(kept, tmp_path)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(TrackerError, match='Found instead: "Moderation due"'):
        read_tracker(path)
    assert main(["adopt", path.name, "--yes", "--as-at", DAY]) == 0
    found = checked(path, tmp_path / "mfauto.toml")
    (said,) = [finding["message"] for finding in found["findings"] if finding["rule"] == "MF067"]
    assert said.startswith('Sheet "Cases" has no heading "Moderation completed". Not used: ')
    assert '"Moderation due"' in said


def test_two_sheets_with_the_same_cases_are_not_told_apart(tmp_path: Path) -> None:
    path = write(SHAPES[1], tmp_path)
    book = load_workbook(path)
    book.copy_worksheet(book["Audit tracker"]).title = "Audit tracker old"
    book.save(path)
    with pytest.raises(TrackerError, match="hold the same cases"):
        proposed(path)


def test_what_a_person_wrote_in_the_settings_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(SHAPES[1], tmp_path)
    monkeypatch.chdir(tmp_path)
    before = (
        '# ours\ncouncil = "Northmoor"  # made up\n\n[mail]\nallowed_domains = ["example.org"]\n'
    )
    (tmp_path / "mfauto.toml").write_text(before, encoding="utf-8")
    assert main(["adopt", path.name, "--yes", "--as-at", DAY]) == 0
    after = (tmp_path / "mfauto.toml").read_text(encoding="utf-8")
    for line in before.splitlines():
        assert line in after
    assert (tmp_path / "mfauto.toml.bak").read_text(encoding="utf-8") == before
    assert main(["adopt", "--yes", "--as-at", DAY]) == 0  # once more, from what is saved
    assert (tmp_path / "mfauto.toml").read_text(encoding="utf-8") == after


def test_the_auto_columns_are_added_after_a_backup_and_filled_by_flag(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(SHAPES[1], tmp_path)
    before = path.read_bytes()
    monkeypatch.chdir(tmp_path)
    assert main(["adopt", path.name, "--yes", "--add-auto-columns", "--as-at", DAY]) == 0
    (backup,) = (tmp_path / "backups").iterdir()
    assert backup.read_bytes() == before
    assert main(["flag", "--as-at", DAY]) == 0
    sheet = load_workbook(path)["Audit tracker"]
    (column,) = [cell.column_letter for cell in sheet[1] if cell.value == "Auto RAG"]
    assert str(sheet[f"{column}2"].value) in ("Red", "Amber", "Green", "Complete")


def test_nobody_is_asked_where_nobody_can_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(SHAPES[1], tmp_path)
    monkeypatch.chdir(tmp_path)
    assert main(["adopt", path.name, "--as-at", DAY]) == 0
    assert "Nothing was saved. Run it in a terminal" in capsys.readouterr().out
    assert not (tmp_path / "mfauto.toml").exists()


UNSURE = {"Cases": {"Audit grade": "Audits grade"}}


def test_what_is_needed_and_not_certain_is_not_taken_without_a_person(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(Shape(name="unsure", headings=UNSURE), tmp_path)
    monkeypatch.chdir(tmp_path)
    assert main(["adopt", path.name, "--yes", "--as-at", DAY]) != 0
    assert not (tmp_path / "mfauto.toml").exists()
    assert "nothing was saved" in capsys.readouterr().err.casefold()


def test_a_person_is_asked_only_about_what_is_unsure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(Shape(name="unsure", headings=UNSURE), tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", io.StringIO("y\ny\nn\n"))
    assert main(["adopt", path.name, "--answers", "--as-at", DAY]) == 0
    said = capsys.readouterr().out
    assert said.count("Is that right?") == 1
    assert '"Audits grade": Audit grade, likely' in said
    assert checked(path, tmp_path / "mfauto.toml")["counts"]["cases"] > 20
    assert not (tmp_path / "backups").exists()  # the second answer: no Auto columns


@pytest.mark.parametrize("answers", ["q\n", "", "y\nn\n", "y\n"])
def test_a_person_may_stop_with_nothing_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answers: str
) -> None:
    path = write(Shape(name="unsure", headings=UNSURE), tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", io.StringIO(answers))
    assert main(["adopt", path.name, "--answers", "--as-at", DAY]) == 2
    assert not (tmp_path / "mfauto.toml").exists()


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the shared corpus is not beside the project")
def test_no_workbook_of_another_kind_is_taken_for_a_tracker() -> None:
    files = [path for path in sorted(CORPUS.iterdir()) if path.suffix.startswith(".xl")]
    assert files
    for path in files:
        with pytest.raises(MfautoError):
            proposed(path)


def test_json_names_every_match_with_its_certainty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(SHAPES[1], tmp_path)
    monkeypatch.chdir(tmp_path)
    main(["adopt", path.name, "--format", "json", "--dry-run"])
    said = json.loads(capsys.readouterr().out)
    (held,) = [m for m in said["proposal"]["matches"] if m["heading"] == "Meeting held"]
    assert (held["own_heading"], held["certainty"]) == ("MFM held", "certain")


def test_json_is_one_object_also_where_the_mapping_is_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(SHAPES[1], tmp_path)
    monkeypatch.chdir(tmp_path)
    own = ["--config", "own.toml"]
    (tmp_path / "own.toml").write_text('council = "Northmoor"\n', encoding="utf-8")
    asked = ["adopt", path.name, "--yes", "--add-auto-columns", "--format", "json", *own]
    assert main([*asked, "--as-at", DAY]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["proposal"]["sheets"]["Cases"] == ["Audit tracker"]
    assert {Path(made).name for made in said["made"]} == {"own.toml", path.name}
    assert not (tmp_path / "mfauto.toml").exists()  # the named file is the one that is written
