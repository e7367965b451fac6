"""The command `flag`: its own columns, and nothing else."""

import json
import threading
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.styles import Font

from mfauto.addresses import letters
from mfauto.cli import main
from mfauto.columns import ACTIONS, CASES
from mfauto.errors import TrackerBusyError
from mfauto.flags import Cells, changed, flags
from mfauto.jobs import Run, flag
from mfauto.policy import Policy
from mfauto.process import review
from mfauto.settings import Settings
from mfauto.workbook import read_tracker
from mfauto.xlsx import read_cells
from tests.making import a_workbook
from tests.test_check import ACTION, CASE

AS_AT = date(2026, 11, 2)
NOW = datetime(2026, 11, 2, 6, 30, tzinfo=UTC)


def a_folder(folder: Path, **rows: Any) -> Settings:
    rows = {"cases": [CASE], "actions": [ACTION]} | rows
    return Settings(
        folder=folder, tracker=a_workbook(folder / "Tracker.xlsx", **rows), wait_seconds=0
    )


def flagged(settings: Settings, as_at: date = AS_AT) -> list[str]:
    return flag(Run(settings=settings, as_at=as_at, now=NOW)).said


def shown(settings: Settings, sheet: str, field: str, row: int) -> object:
    assert settings.tracker is not None
    names = {spec.name: spec for spec in (CASES, ACTIONS)}
    fields = [column.field for column in names[sheet].columns]
    return load_workbook(settings.tracker)[sheet].cell(row, fields.index(field) + 1).value


def test_a_case_shows_stage_rag_next_step_due_and_what_is_overdue(tmp_path: Path) -> None:
    settings = a_folder(tmp_path)
    assert flagged(settings) == [
        "Tracker.xlsx: 7 cells written. Backup: Tracker 2026-11-02 063000.xlsx."
    ]
    assert shown(settings, "Cases", "auto_stage", 2) == "Improving"
    assert shown(settings, "Cases", "auto_rag", 2) == "Red"
    assert shown(settings, "Cases", "auto_next_step", 2) == "Complete the exception report"
    assert shown(settings, "Cases", "auto_checks", 2) == (
        "Exception report not completed (34 days overdue). Nothing entered for a long time."
    )
    assert shown(settings, "Actions", "auto_status", 2) == "Open"
    due = read_tracker(tmp_path / "Tracker.xlsx", keep_auto=True).auto["Cases", "AO2"]
    assert str(due) in ("2026-09-29", "29 September 2026", "46294.0")


def test_every_other_part_and_every_other_cell_stay_as_they_were(tmp_path: Path) -> None:
    settings = a_folder(tmp_path)
    path = tmp_path / "Tracker.xlsx"
    before_parts = {
        name: zipfile.ZipFile(path).read(name) for name in zipfile.ZipFile(path).namelist()
    }
    before_cells = {
        (sheet, cell.ref): cell.value
        for sheet in load_workbook(path).sheetnames
        for cell in read_cells(path, sheet)
    }
    flagged(settings)
    after = zipfile.ZipFile(path)
    touched = {name for name, data in before_parts.items() if after.read(name) != data}
    assert after.namelist() == list(before_parts)
    assert touched == {"xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"}
    after_cells = {
        (sheet, cell.ref): cell.value
        for sheet in load_workbook(path).sheetnames
        for cell in read_cells(path, sheet)
    }
    own = flags(review(read_tracker(path), Policy(), AS_AT)).keys()
    assert {cell: v for cell, v in after_cells.items() if cell not in own} == before_cells


def test_a_second_run_writes_nothing(tmp_path: Path) -> None:
    settings = a_folder(tmp_path)
    flagged(settings)
    path = tmp_path / "Tracker.xlsx"
    data, changed_at = path.read_bytes(), path.stat().st_mtime_ns
    assert flagged(settings) == ["Tracker.xlsx: no flag had to change. Nothing was written."]
    assert (path.read_bytes(), path.stat().st_mtime_ns) == (data, changed_at)
    assert len(list((tmp_path / "backups").iterdir())) == 1


def test_a_cell_with_a_look_of_its_own_keeps_it_and_shows_the_day_in_words(tmp_path: Path) -> None:
    settings = a_folder(tmp_path)
    path = tmp_path / "Tracker.xlsx"
    book = load_workbook(path)
    book["Cases"]["AO2"].font = Font(bold=True)  # in no style with a date
    book.save(path)
    flagged(settings)
    assert shown(settings, "Cases", "auto_due", 2) == "29 September 2026"
    assert load_workbook(path)["Cases"]["AO2"].font.bold
    assert flagged(settings) == ["Tracker.xlsx: no flag had to change. Nothing was written."]


def test_the_backup_is_the_tracker_as_it_was(tmp_path: Path) -> None:
    settings = a_folder(tmp_path)
    before = (tmp_path / "Tracker.xlsx").read_bytes()
    flagged(settings)
    (backup,) = (tmp_path / "backups").iterdir()
    assert backup.read_bytes() == before


def test_what_is_settled_is_cleared_the_next_time(tmp_path: Path) -> None:
    settings = a_folder(tmp_path, actions=[ACTION | {"due": date(2026, 10, 1)}])
    flagged(settings)
    assert shown(settings, "Actions", "auto_status", 2) == "Overdue"
    assert shown(settings, "Actions", "auto_days_overdue", 2) == 32
    book = load_workbook(tmp_path / "Tracker.xlsx")
    book["Actions"]["H2"] = date(2026, 11, 1)
    book.save(tmp_path / "Tracker.xlsx")
    flagged(settings)
    assert shown(settings, "Actions", "auto_status", 2) == "Complete"
    assert shown(settings, "Actions", "auto_days_overdue", 2) is None


def test_a_slipped_action_says_from_when(tmp_path: Path) -> None:
    slipped = ACTION | {"original_due": date(2026, 10, 1)}
    settings = a_folder(tmp_path, actions=[slipped])
    flagged(settings)
    assert shown(settings, "Actions", "auto_status", 2) == "Open, slipped from 1 October 2026"


def test_rows_with_the_same_ref_are_not_written_to(tmp_path: Path) -> None:
    settings = a_folder(tmp_path, cases=[CASE, CASE], actions=[ACTION, ACTION])
    path = tmp_path / "Tracker.xlsx"
    assert flags(review(read_tracker(path), Policy(), AS_AT)) == {}
    assert settings.tracker == path


def test_a_row_that_is_left_out_says_why(tmp_path: Path) -> None:
    settings = a_folder(tmp_path, cases=[CASE | {"audited": "TBC"}])
    flagged(settings)
    assert shown(settings, "Cases", "auto_checks", 2) == "Not counted: no usable Audit date."
    assert shown(settings, "Cases", "auto_rag", 2) is None


def test_without_auto_columns_nothing_is_written_and_the_headings_are_named(tmp_path: Path) -> None:
    settings = a_folder(tmp_path)
    path = tmp_path / "Tracker.xlsx"
    book = load_workbook(path)
    for sheet in book:
        for cell in sheet[1]:
            if str(cell.value).startswith("Auto "):
                cell.value = None
    book.save(path)
    before = path.read_bytes()
    (said,) = flagged(settings)
    assert "add the headings Auto stage, Auto RAG" in said
    assert "Auto status and Auto days overdue to Actions; Auto due to Re-audits" in said
    assert path.read_bytes() == before


def test_auto_headings_that_are_not_there_are_named_and_the_others_written(tmp_path: Path) -> None:
    settings = a_folder(tmp_path)
    path = tmp_path / "Tracker.xlsx"
    book = load_workbook(path)
    for sheet, headings in (("Cases", ["Auto RAG"]), ("Good practice", ["Auto next step"])):
        for cell in book[sheet][1]:
            if cell.value in headings:
                cell.value = None
    book.save(path)
    written, absent = flagged(settings)
    assert "written. Backup" in written
    assert absent == (
        "No heading, so not written: Auto RAG on Cases; Auto next step on Good practice. "
        "Add the headings that you want."
    )
    assert shown(settings, "Cases", "auto_stage", 2)


def test_an_empty_tracker_has_nothing_to_flag(tmp_path: Path) -> None:
    settings = a_folder(tmp_path, cases=[], actions=[])
    assert flagged(settings) == ["Tracker.xlsx: no flag had to change. Nothing was written."]


def test_an_open_tracker_is_not_written_to(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = a_folder(tmp_path)
    (tmp_path / ".~lock.Tracker.xlsx#").write_text(",Sky Example,desk,02.11.2026 09:00,x;")
    before = (tmp_path / "Tracker.xlsx").read_bytes()
    with pytest.raises(TrackerBusyError, match="Sky Example"):
        flagged(settings)
    (tmp_path / "mfauto.toml").write_text('tracker = "Tracker.xlsx"\nwait_seconds = 0\n')
    monkeypatch.chdir(tmp_path)
    assert main(["flag", "--as-at", "2026-11-02"]) == 4
    assert "Nothing was written" in capsys.readouterr().err
    assert (tmp_path / "Tracker.xlsx").read_bytes() == before


def test_somebody_who_saves_meanwhile_keeps_their_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = a_folder(tmp_path)
    path = tmp_path / "Tracker.xlsx"
    saved: list[bool] = []

    def meanwhile(*_: object) -> None:
        """A person saves between the reading and the writing of the first try."""
        if not saved:
            saved.append(True)
            book = load_workbook(path)
            book["Cases"]["AD2"] = date(2026, 10, 30)
            book.save(path)

    monkeypatch.setattr("mfauto.jobs.flagging.check_writable", meanwhile)
    flagged(settings)
    assert shown(settings, "Cases", "exception_report_completed", 2) == datetime(2026, 10, 30)  # noqa: DTZ001
    assert shown(settings, "Cases", "auto_next_step", 2) != "Complete the exception report"


def test_a_dry_run_changes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    a_folder(tmp_path)
    before = (tmp_path / "Tracker.xlsx").read_bytes()
    monkeypatch.chdir(tmp_path)
    assert main(["flag", "--dry-run", "--as-at", "2026-11-02"]) == 0
    assert "7 cells would be written" in capsys.readouterr().out
    assert [file.name for file in tmp_path.iterdir()] == ["Tracker.xlsx"]
    assert (tmp_path / "Tracker.xlsx").read_bytes() == before


def test_only_what_differs_is_written() -> None:
    cells: Cells = {("Cases", "AK2"): "Red", ("Cases", "AL2"): AS_AT, ("Cases", "AM2"): None}
    assert changed(cells, {("Cases", "AK2"): "Red", ("Cases", "AL2"): AS_AT}) == {}
    assert changed(cells, {("Cases", "AL2"): NOW, ("Cases", "AM2"): "x"}) == cells


def test_a_cell_that_cannot_be_written_is_left_and_named_and_the_others_are_written(
    tmp_path: Path,
) -> None:
    settings = a_folder(tmp_path, cases=[CASE, CASE | {"ref": "MF-002"}], actions=[])
    path = tmp_path / "Tracker.xlsx"
    book = load_workbook(path)
    columns = {
        str(cell.value): letters(number) for number, cell in enumerate(book["Cases"][1], start=1)
    }
    rag, checks = columns["Auto RAG"], columns["Auto checks"]
    book["Cases"][f"{rag}2"] = '=IF(A2="","","Red")'
    book["Cases"].merge_cells(f"{columns['Auto due']}3:{checks}3")
    book.save(path)

    written, *left = flagged(settings)

    assert written.startswith("Tracker.xlsx: ")
    formula, merged = left
    assert formula == (
        f'Left as it is: Tracker.xlsx, sheet "Cases", cell {rag}2: it holds a formula.\n'
        "Remove the formula, or move it elsewhere."
    )
    assert merged == (
        f'Left as it is: Tracker.xlsx, sheet "Cases", cell {checks}3: it is hidden in the merged '
        f"cells {columns['Auto due']}3:{checks}3.\nUnmerge them first."
    )
    assert shown(settings, "Cases", "auto_stage", 2) == "Improving"
    assert shown(settings, "Cases", "auto_rag", 2) == '=IF(A2="","","Red")'
    assert shown(settings, "Cases", "auto_rag", 3) == "Red"
    assert shown(settings, "Cases", "auto_checks", 3) is None
    backups = sorted((tmp_path / "backups").iterdir())
    nothing, *left_again = flagged(settings)
    assert nothing == "Tracker.xlsx: no flag could be changed. Nothing was written."
    assert left_again == left
    assert sorted((tmp_path / "backups").iterdir()) == backups


def test_people_who_save_again_and_again_are_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = a_folder(tmp_path)
    path = tmp_path / "Tracker.xlsx"
    saves: list[int] = []

    def meanwhile(*_: object) -> None:
        saves.append(1)
        book = load_workbook(path)
        book["Cases"]["AD3"] = f"save {len(saves)}"
        book.save(path)

    monkeypatch.setattr("mfauto.jobs.flagging.check_writable", meanwhile)
    with pytest.raises(TrackerBusyError, match="saved again and again"):
        flagged(settings)
    assert load_workbook(path)["Cases"]["AD3"].value == f"save {len(saves)}"
    assert shown(settings, "Cases", "auto_stage", 2) is None


def test_a_link_to_the_tracker_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "share").mkdir()
    real = a_workbook(tmp_path / "share" / "Tracker.xlsx", cases=[CASE], actions=[ACTION])
    link = tmp_path / "Tracker.xlsx"
    link.symlink_to(real)

    settings = Settings(folder=tmp_path, tracker=link, wait_seconds=0)
    flagged(settings)

    assert link.is_symlink()
    assert shown(settings, "Cases", "auto_stage", 2) == "Improving"
    (real.parent / ".~lock.Tracker.xlsx#").write_text(",Sky Example,desk,now,x;")
    with pytest.raises(TrackerBusyError, match="Sky Example"):
        flagged(settings, date(2026, 12, 1))


def test_a_second_version_beside_it_is_read_past_and_warned_of(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    a_folder(tmp_path)
    a_workbook(tmp_path / "Tracker (1).xlsx", cases=[CASE])
    before = (tmp_path / "Tracker.xlsx").read_bytes()
    monkeypatch.chdir(tmp_path)
    tracker = ["--tracker", "Tracker.xlsx", "--as-at", "2026-11-02"]
    assert main(["flag", *tracker]) == 4
    assert '"Tracker (1).xlsx" is beside it' in capsys.readouterr().err
    assert (tmp_path / "Tracker.xlsx").read_bytes() == before
    assert main(["check", *tracker, "--format", "json"]) == 3
    said = capsys.readouterr()
    assert json.loads(said.out)["counts"]["cases"] == 1
    assert 'Warning: "Tracker (1).xlsx" beside Tracker.xlsx' in said.err


def test_a_column_of_formulas_is_told_in_a_few_lines(tmp_path: Path) -> None:
    cases = [CASE | {"ref": f"MF-{number:03d}"} for number in range(1, 21)]
    settings = a_folder(tmp_path, cases=cases, actions=[])
    book = load_workbook(tmp_path / "Tracker.xlsx")
    headings = [str(cell.value) for cell in book["Cases"][1]]
    for row in range(2, 22):
        book["Cases"].cell(row, headings.index("Auto RAG") + 1).value = '="Red"'
    book.save(tmp_path / "Tracker.xlsx")

    _, *left = flagged(settings)

    assert len(left) == 6
    assert left[-1] == "15 further cells likewise."


def test_a_tracker_that_is_closed_in_a_moment_is_waited_for(tmp_path: Path) -> None:
    settings = replace(a_folder(tmp_path), wait_seconds=30)
    lock = tmp_path / ".~lock.Tracker.xlsx#"
    lock.write_text(",Sky Example,desk,now,x;")
    closing = threading.Timer(0.02, lock.unlink)
    closing.start()

    assert flagged(settings)[0].startswith("Tracker.xlsx: 7 cells written.")
    closing.join()
