"""The page that says how mfauto is installed: its commands and files are there."""

import re
import shlex
from pathlib import Path

import pytest

from mfauto.cli import main, parser
from mfauto.doctor import VERDICTS
from mfauto.schedule_files import schedule_files
from mfauto.starting.launchers import all_launchers
from tools import make_wheelhouse

PROJECT = Path(__file__).parent.parent
PAGE = (PROJECT / "docs" / "install.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
LINES = [line for block in BLOCKS for line in block.splitlines()]
INLINE = [text for text in re.findall(r"`([^`\n]+)`", PAGE) if text.startswith("mfauto ")]
STARTS = ("mfauto ", "py run.py ", "python3 run.py ")
ACTIONS = {  #: what else may be typed: programs of the system
    "mkdir",
    "cp",
    "systemctl",
    "loginctl",
    "schtasks",
    "(crontab",
}


def command_of(line: str) -> list[str] | None:
    """Give what mfauto is told by a line; None where the line is not about mfauto."""
    start = next((start for start in STARTS if line.startswith(start)), None)
    if start is None:
        return None
    told = re.split(r" (?:>>|\|) ", line.removeprefix(start))[0]
    return shlex.split(told)


@pytest.mark.parametrize("line", [*LINES, *INLINE])
def test_every_command_of_the_page_is_one_that_is_there(line: str) -> None:
    words = command_of(line)
    if words is not None:
        assert parser().parse_args(words).command == words[0]
    elif "tools.make_wheelhouse" in line:
        told = line.split("tools.make_wheelhouse ")[1].split()
        assert make_wheelhouse.parser().parse_args(told).target
    else:
        assert line.split(maxsplit=1)[0] in ACTIONS


def test_the_page_has_commands_of_every_way() -> None:
    for start in STARTS:
        assert any(line.startswith(start) for line in LINES)


def test_every_file_that_is_named_is_one_that_is_made(tmp_path: Path) -> None:
    made = schedule_files(tmp_path, Path("python"))
    named = re.findall(r"start-mfauto[\\/]([\w.-]+)", "\n".join(LINES))
    assert {"mfauto-task.xml", "mfauto.service", "mfauto.timer", "mfauto.cron"} == set(named)
    assert set(named) <= set(made)
    table = re.findall(r"^\| `([^`]+)`", PAGE, re.MULTILINE)
    assert main(["init", str(tmp_path / "new"), "--yes"]) == 0
    assert {name for name in table if (tmp_path / "new" / name).exists()} >= {
        "mfauto.toml",
        "Tracker.xlsx",
        "templates",
        "Check the tracker.cmd",
        "start-mfauto",
        ".env.example",
    }
    assert len(all_launchers(preview=True)) == 4  # "and three more"


def test_the_words_of_doctor_and_the_versions_are_those_of_the_program() -> None:
    assert all(f"*{verdict}*" in PAGE for verdict in VERDICTS)
    first = PAGE.split("##")[0]
    assert all(version in first for version in make_wheelhouse.VERSIONS)


def test_every_link_leads_somewhere() -> None:
    headings = {
        re.sub(r"[^\w -]", "", title).strip().lower().replace(" ", "-")
        for title in re.findall(r"^#+ (.+)$", PAGE, re.MULTILINE)
    }
    for target in re.findall(r"\]\(([^)]+)\)", PAGE):
        name, _, place = target.partition("#")
        assert (PROJECT / "docs" / name).is_file() if name else place in headings, target
