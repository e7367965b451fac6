"""The files to double-click: made for Windows, and read here as far as that goes."""

import re
import shlex
from pathlib import PureWindowsPath

import pytest

from mfauto.calling import program
from mfauto.cli import commands, parser
from mfauto.cli.mailing import REMIND
from mfauto.starting.launchers import all_launchers, launchers

PYTHON = PureWindowsPath(r"C:\Büro & Co\100%\Moving!Forward\python.exe")
PREVIEW = any("--preview" in names for names, _ in REMIND.arguments)
FILES = {name: data.decode() for name, data in launchers(PYTHON, preview=PREVIEW).items()}
#: what Windows acts on outside quotes
SIGNS = re.compile(r"[&|<>^()!%]")


def lines(name: str) -> list[str]:
    return FILES[name].split("\r\n")


@pytest.mark.parametrize("name", FILES)
def test_lines_end_as_windows_has_them_and_no_mark_stands_before(name: str) -> None:
    assert "\n" not in FILES[name].replace("\r\n", "")
    assert FILES[name].endswith("\r\n")
    assert lines(name)[0] == "@echo off"


@pytest.mark.parametrize("name", FILES)
def test_the_text_is_told_as_utf_8_before_anything_needs_it(name: str) -> None:
    before = FILES[name][: FILES[name].index("chcp 65001 >nul")]
    assert before.isascii()
    assert 'set "PYTHONUTF8=1"' in lines(name)


@pytest.mark.parametrize("name", FILES)
def test_the_folder_is_the_files_own_and_paths_are_kept_whole(name: str) -> None:
    text = lines(name)
    assert 'pushd "%~dp0"' in text  # also on a network share, where cd cannot go
    assert r'set "PYTHON=C:\Büro & Co\100%%\Moving!Forward\python.exe"' in text
    assert "setlocal EnableExtensions DisableDelayedExpansion" in text  # an ! is only an !
    for line in text:
        outside = re.sub(r'"[^"]*"', '""', line)
        outside = outside.replace("%ERRORLEVEL%", "").replace("%CODE%", "").replace(">nul", "")
        assert not SIGNS.search(outside), line


@pytest.mark.parametrize("name", FILES)
def test_both_lines_that_start_python_are_ones_that_mfauto_takes(name: str) -> None:
    started = [line for line in lines(name) if line.startswith(('"%PYTHON%"', "py -3"))]
    assert len(started) == 2
    launcher = next(one for one in all_launchers(preview=PREVIEW) if one.name == name)
    for line in started:
        words = shlex.split(line)
        words = words[2 if words[0] == "py" else 1 :]
        assert tuple(words[: len(program())]) == program()
        given = words[len(program()) :]
        assert tuple(given) == launcher.command
        asked = parser().parse_args(given)
        assert asked.command == given[0]


@pytest.mark.parametrize("name", FILES)
def test_every_label_is_there_and_it_waits_at_the_end(name: str) -> None:
    text = lines(name)
    for label in re.findall(r"goto (\w+)", FILES[name]):
        assert text.count(f":{label}") == 1
    assert text[-3:] == ["pause", "exit /b %CODE%", ""]


@pytest.mark.parametrize("name", FILES)
def test_every_exit_code_of_the_contract_is_said_in_words(name: str) -> None:
    said = dict(re.findall(r'if "%CODE%"=="(\d+)" echo (.+)\r', FILES[name]))
    assert {"0", "1", "2", "3", "4", "5"} <= set(said)


def test_a_preview_is_asked_for_only_where_there_is_one() -> None:
    look = {one.command for preview in (True, False) for one in all_launchers(preview=preview)}
    assert ("remind", "--preview") in look
    assert ("remind", "--dry-run") in look
    assert {command[0] for command in look} <= {command.name for command in commands()}


def test_a_name_can_stand_in_a_folder_of_windows() -> None:
    for name in FILES:
        assert not re.search(r'[<>:"/\\|?*]', name)
        assert name.isascii()
