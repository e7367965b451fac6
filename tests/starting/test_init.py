"""`init`: a new working folder, with what is there left as it was."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from datetime import date
from pathlib import Path

import pytest

from mfauto.cli import main
from mfauto.demo import demo_rows
from mfauto.setting_words import settings_in_words
from mfauto.settings import CONFIG, PROJECT, Settings, read_settings
from mfauto.starting.settings_file import settings_file
from mfauto.template import make_template, make_tracker
from tests.starting.typing_in import typed


def everything(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_new_folder_has_all_that_a_working_folder_needs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "Moving Forward"
    assert main(["init", str(folder), "--yes"]) == 0
    said = capsys.readouterr().out

    names = set(everything(folder))
    assert {"Tracker.xlsx", CONFIG, ".env.example", "Check the tracker.cmd"} <= names
    assert {"templates/exception_report.docx", "templates/emails/weekly.txt"} <= names
    assert {"start-mfauto/mfauto-task.xml", "start-mfauto/mfauto.cron"} <= names
    assert (folder / "Tracker.xlsx").read_bytes() == (
        PROJECT / "tracker_template.xlsx"
    ).read_bytes()
    assert f'cd "{folder}"' in said
    assert "enter People first, with Yes under Active" in said
    assert len(said.split("Next:\n")[1].strip().splitlines()) == 4


def test_the_new_folder_is_named_without_the_way_up_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mfauto").mkdir()
    monkeypatch.chdir(tmp_path / "mfauto")

    assert main(["init", "../Moving Forward", "--yes"]) == 0

    assert f'cd "{tmp_path / "Moving Forward"}"' in capsys.readouterr().out
    cron = tmp_path / "Moving Forward" / "start-mfauto" / "mfauto.cron"
    assert ".." not in cron.read_text(encoding="utf-8")


def test_in_a_new_folder_every_run_ends_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["init", str(tmp_path / "new"), "--yes"]) == 0
    monkeypatch.chdir(tmp_path / "new")
    make_tracker(Path("Tracker.xlsx"), demo_rows(date(2026, 11, 23)))
    for command in ("run", "run", "board", "pack", "remind", "agenda", "calendar"):
        assert main([command, "--as-at", "2026-11-23"]) == 0, capsys.readouterr().err
    assert Path("board.html").is_file()
    assert Path("templates", "board", "board.css").is_file()


def test_templates_from_before_there_was_a_board_do_for_it(tmp_path: Path) -> None:
    assert main(["init", str(tmp_path), "--yes"]) == 0
    shutil.rmtree(tmp_path / "templates" / "board")
    assert main(["board", "--config", str(tmp_path / CONFIG)]) == 0


def test_the_next_commands_of_a_new_folder_work_as_they_are_printed(tmp_path: Path) -> None:
    def ran(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S602 - a shell is what a person types into
            command, shell=True, cwd=folder, capture_output=True, text=True, check=False, env=env
        )

    python = Path(sys.executable).parent
    env = {**os.environ, "PATH": f"{python}{os.pathsep}{os.environ['PATH']}"}
    made = ran(f'python "{PROJECT / "run.py"}" init new --yes', tmp_path)
    go, *following = made.stdout.split("Next:\n")[1].strip().splitlines()
    done = [ran(f"{go} && {command}", tmp_path) for command in following]
    assert [one.stderr for one in done] == [""] * 3
    assert [one.returncode for one in done] == [2, 0, 0]  # nobody stands on People yet


def test_nothing_that_is_there_is_written_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["init", str(tmp_path), "--yes"]) == 0
    for path in (tmp_path / CONFIG, tmp_path / "templates/emails/weekly.txt"):
        path.write_text(path.read_text(encoding="utf-8") + "# mine\n", encoding="utf-8")
    (tmp_path / "Run now.cmd").unlink()
    before = everything(tmp_path)
    capsys.readouterr()

    assert main(["init", str(tmp_path), "--yes"]) == 0

    after = everything(tmp_path)
    assert set(after) - set(before) == {"Run now.cmd"}
    assert {name: after[name] for name in before} == before
    said = capsys.readouterr().out
    assert "1 file made" in said
    assert "Left as it was, because it was there:" in said


def test_a_tracker_that_is_there_is_named_and_none_is_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_template(tmp_path / "Our tracker.xlsx")
    assert main(["init", str(tmp_path), "--yes"]) == 0
    assert read_settings(None, tmp_path).tracker == tmp_path / "Our tracker.xlsx"
    assert not (tmp_path / "Tracker.xlsx").exists()
    assert "adopt" not in capsys.readouterr().out


def test_a_tracker_kept_in_another_way_is_to_be_adopted_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from openpyxl import Workbook  # noqa: PLC0415 - one test only

    book = Workbook()
    assert book.active is not None
    book.active.title = "Audits"
    book.active.append(["Our ref", "Audited", "Outcome"])
    book.active.append(["A-1", "01/09/2026", "Inadequate"])
    book.save(tmp_path / "Audits.xlsx")

    folder = tmp_path / "new"
    assert main(["init", str(folder), "--tracker", str(tmp_path / "Audits.xlsx")]) == 0

    assert f'adopt "{tmp_path / "Audits.xlsx"}"' in capsys.readouterr().out
    assert read_settings(None, folder).tracker == tmp_path / "Audits.xlsx"


def test_settings_that_are_there_and_cannot_be_used_are_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / CONFIG).write_text("tracker = ", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(["init", "--yes"]) == 0
    assert (tmp_path / CONFIG).read_text(encoding="utf-8") == "tracker = "
    assert (tmp_path / "Run now.cmd").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--tracker", "nothing.xlsx"], "there is no such workbook"),
        ([str(PROJECT)], "is the program's own folder"),
        (["a-file"], "is a file"),
    ],
)
def test_what_cannot_be_a_working_folder_is_refused_and_nothing_is_made(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a-file").touch()
    assert main(["init", *arguments, "--yes"]) == 2
    assert said in capsys.readouterr().err
    assert set(everything(tmp_path)) == {"a-file"}


def test_a_dry_run_makes_nothing_and_json_is_one_object(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["init", str(tmp_path / "new"), "--dry-run", "--format", "json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert str(tmp_path / "new" / CONFIG) in said["made"]
    assert len(said["next"]) == 3
    assert not (tmp_path / "new").exists()


def test_without_a_terminal_it_asks_nothing_and_ends(tmp_path: Path) -> None:
    command = [sys.executable, str(PROJECT / "run.py"), "init", str(tmp_path / "new")]
    reading, writing = os.pipe()  # nothing ever comes, and it never ends
    try:
        done = subprocess.run(command, stdin=reading, capture_output=True, timeout=60, check=False)
    finally:
        os.close(reading)
        os.close(writing)
    assert done.returncode == 0
    assert (tmp_path / "new" / CONFIG).exists()


@pytest.mark.skipif(os.name == "nt", reason="a terminal of Linux or macOS")
def test_at_a_terminal_it_asks_a_few_questions_and_asks_again_what_cannot_be(
    tmp_path: Path,
) -> None:
    make_template(tmp_path / "Old tracker.xlsx")
    folder = tmp_path / "new"
    answers = (
        str(tmp_path / "missing.xlsx"),
        f'"{tmp_path / "Old tracker.xlsx"}"',
        "Northmoor Council",
        "",
        "@northmoor.example, Other.Example",
        "nobody",
        "sqa@northmoor.example",
        "fri",
        "Friday",
        "08:15",
    )
    code, said = typed(["init", str(folder)], answers)

    assert code == 0, said
    assert "There is no file" in said
    assert "It must be one email address" in said
    settings = read_settings(None, folder)
    assert settings.tracker == tmp_path / "Old tracker.xlsx"
    assert settings.council == "Northmoor Council"
    assert settings.marking == "OFFICIAL-SENSITIVE"
    assert settings.mail.allowed_domains == ("northmoor.example", "other.example")
    assert settings.mail.fallback == "sqa@northmoor.example"
    assert (settings.weekly_day, settings.weekly_time) == ("Friday", "08:15")
    task = (folder / "start-mfauto/mfauto.timer").read_text(encoding="utf-8")
    assert "08:15" in task


@pytest.mark.skipif(os.name == "nt", reason="a terminal of Linux or macOS")
def test_whoever_stops_at_a_question_has_made_nothing(tmp_path: Path) -> None:
    code, said = typed(["init", str(tmp_path / "new")], ("", "\x04"))
    assert (code, "Nothing was made" in said) == (2, True)
    assert not (tmp_path / "new").exists()


# The settings file


def test_the_file_without_choices_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / CONFIG).write_text(settings_file({}), encoding="utf-8")
    assert read_settings(None, tmp_path) == Settings(folder=tmp_path)


def test_each_setting_stands_in_the_file_and_may_be_woken_by_taking_its_sign_away() -> None:
    text = settings_file({})
    awake = "\n".join(
        line.removeprefix("# ") if re.match(r'# (\["?[\w ."]+\]$|("[^"]+"|\w+) = )', line) else line
        for line in text.splitlines()
    )
    found = tomllib.loads(awake)
    for setting in settings_in_words():
        section = found[setting.section] if setting.section else found
        assert setting.key in section, setting.name
        assert setting.meaning.split()[0].casefold() in text.casefold()


def test_the_file_is_no_wider_than_a_screen() -> None:
    assert max(map(len, settings_file({}).splitlines())) <= 96
