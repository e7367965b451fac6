"""Pages that are made from the program say what the program says."""

import re
from pathlib import Path

from mfauto.cli import COMMANDS
from tools import make_rules_page

PROJECT = Path(__file__).parent.parent


def test_the_rules_page_is_what_the_catalogue_makes() -> None:
    assert make_rules_page.TARGET.read_text(encoding="utf-8") == make_rules_page.page()


def test_every_command_of_the_readme_is_a_command() -> None:
    known = {command.name for command in COMMANDS}
    text = (PROJECT / "README.md").read_text(encoding="utf-8")
    used = set(re.findall(r"python run\.py ([a-z-]+)", text))
    assert used
    assert used <= known


def test_the_readme_is_short() -> None:
    assert len((PROJECT / "README.md").read_text(encoding="utf-8").splitlines()) < 120
