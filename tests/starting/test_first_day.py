"""What a new user runs into on the first day: each message says what to type next."""

import os
import shutil
from pathlib import Path

import pytest

from mfauto.calling import call
from mfauto.cli import main
from mfauto.settings import CONFIG, PROJECT
from mfauto.template import make_template


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a new working folder, and go there."""
    folder = tmp_path / "Moving Forward"
    assert main(["init", str(folder), "--yes"]) == 0
    monkeypatch.chdir(folder)
    return folder


def said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    capsys.readouterr()
    code = main(list(words))
    shown = capsys.readouterr()
    return code, shown.out + shown.err


def test_in_the_wrong_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    code, text = said(capsys, "check")
    assert code == 2
    assert "there is no workbook" in text
    assert call("init") in text


def test_with_settings_and_no_tracker(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "Tracker.xlsx").unlink()
    (folder / CONFIG).write_text("", encoding="utf-8")
    code, text = said(capsys, "check")
    assert code == 2
    assert "Put it there, or name it with --tracker FILE." in text


def test_in_the_wrong_folder_no_files_are_made_that_would_start_it_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    code, text = said(capsys, "serve", "--files")
    assert code == 2
    assert "there is no workbook" in text
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["check", "doctor"])
def test_in_the_programs_own_folder_a_folder_beside_it_is_proposed(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(PROJECT)
    code, text = said(capsys, command)
    assert code == 2
    assert 'python run.py init "../Moving Forward"' in text
    assert "--config FILE" in " ".join(text.split())


def test_inside_the_programs_own_folder_no_working_folder_is_made(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A newer mfauto takes the place of that folder, with all that is in it."""
    monkeypatch.chdir(PROJECT)
    code, text = said(capsys, "init", "Moving Forward", "--yes")
    assert code == 2
    assert "inside the program's own folder" in text
    assert 'init "../Moving Forward"' in text
    assert not (PROJECT / "Moving Forward").exists()


@pytest.mark.parametrize(("command", "next_one"), [("check", "doctor"), ("doctor", "run")])
def test_the_next_command_names_the_settings_that_were_named(
    folder: Path,
    command: str,
    next_one: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(folder.parent)
    _, text = said(capsys, command, "--config", str(folder / CONFIG))
    assert f'{next_one} --config "{folder / CONFIG}"' in text


def test_the_next_command_of_a_later_call_names_no_settings_of_an_earlier_one(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said(capsys, "check", "--config", str(folder / CONFIG))
    assert "--config" not in said(capsys, "check")[1]


def test_with_two_workbooks_and_no_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("New.xlsx", "Old.xlsx"):
        make_template(tmp_path / name)
    monkeypatch.chdir(tmp_path)
    code, text = said(capsys, "check")
    assert code == 2
    assert 'more than one workbook: "New.xlsx" and "Old.xlsx"' in text
    assert "--tracker FILE" in text


def test_with_a_tracker_that_was_moved(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "Tracker.xlsx").rename(folder / "Cases 2026.xlsx")
    code, text = said(capsys, "check")
    assert code == 4
    assert "there is no such file" in text
    assert "--tracker FILE" in text


def test_with_a_folder_named_as_the_tracker(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, text = said(capsys, "check", "--tracker", str(folder / "templates"))
    assert code == 4
    assert "is a folder" in text
    assert "Name the workbook itself" in text


def test_with_headings_of_ones_own(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from openpyxl import load_workbook  # noqa: PLC0415 - one test only

    book = load_workbook("Tracker.xlsx")
    book["Cases"]["A1"] = "Case reference no"
    book.save("Tracker.xlsx")
    code, text = said(capsys, "check")
    assert code == 4
    assert call(f'adopt "{folder / "Tracker.xlsx"}"') in text


def test_with_an_empty_tracker(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert folder.is_dir()
    code, text = said(capsys, "check")
    assert code == 0
    assert "There is no case yet." in text
    assert call("doctor") in text


@pytest.mark.parametrize(
    ("gone", "command"),
    [("templates/assurance_pack.docx", "pack"), ("templates/emails/common.txt", "remind")],
)
def test_without_a_template_init_brings_it_back(
    folder: Path, gone: str, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / gone).unlink()
    code, text = said(capsys, command)
    assert code == 2
    assert call("init") in text
    assert said(capsys, "init", "--yes")[0] == 0
    assert (folder / gone).is_file()
    assert call("init") not in said(capsys, command)[1]


def test_templates_of_another_folder_are_brought_back_there(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.move(folder / "templates", folder / "our templates")
    text = (folder / CONFIG).read_text(encoding="utf-8")
    text = text.replace('templates = "templates"', 'templates = "our templates"')
    (folder / CONFIG).write_text(text, encoding="utf-8")
    (folder / "our templates" / "agenda.docx").unlink()
    assert said(capsys, "init", "--yes")[0] == 0
    assert (folder / "our templates" / "agenda.docx").is_file()
    assert not (folder / "templates").exists()


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('weekly_day = "Friday"', 'Move "weekly_day" below [schedule].'),
        ('council = "Northmoor"', 'Move "council" above the first heading.'),
        ("every_day = 3", 'Did you mean "every_days"?'),
    ],
)
def test_with_a_setting_added_at_the_end_of_the_file(
    folder: Path, line: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with (folder / CONFIG).open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")
    code, text = said(capsys, "check")
    assert code == 2
    assert told in text


@pytest.mark.parametrize(
    ("words", "told", "next_one"),
    [
        (["chekc"], 'There is no command "chekc". Did you mean "check"?', "--help"),
        (["xyz"], 'There is no command "xyz".', "--help"),
        (["init", "--trakcer", "x"], 'Did you mean "--tracker"?', "init --help"),
        (["explain"], "are required: ID.", "explain --help"),
        (["check", "A b.xlsx"], 'put --tracker before it: --tracker "A b.xlsx"', "check --help"),
        (["check", "now"], "This cannot be used here: now.", "check --help"),
    ],
)
def test_with_a_slip_of_the_fingers(
    words: list[str], told: str, next_one: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, text = said(capsys, *words)
    assert code == 2
    assert told in text
    assert text.rstrip().endswith(f"Try: {call(next_one)}")
    assert len(text) < 250  # a list of all commands helps nobody


@pytest.mark.skipif(os.name == "nt", reason="the words for Windows are another sentence")
def test_the_files_that_start_it_say_where_to_read_on(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert folder.is_dir()
    assert "docs/install.md" in said(capsys, "serve", "--files")[1]
