"""The pages for information governance and security say what is so."""

import re
from pathlib import Path

import pytest

from mfauto.jobs import purging
from mfauto.ledger import HISTORY
from mfauto.settings import Backups, Keep
from tools import make_licences_page

PROJECT = Path(__file__).parent.parent


def page(name: str) -> str:
    return (PROJECT / "docs" / name).read_text(encoding="utf-8")


def test_every_test_that_the_threats_page_names_exists() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)`", page("threats.md"))
    assert len(set(named)) > 15
    assert [name for name in named if not (PROJECT / name).is_file()] == []


@pytest.mark.parametrize(
    "said",
    [
        f"{Keep().documents_months} months | `[keep] documents_months`",
        f"{Keep().emails_days} days | `[keep] emails_days`",
        f"{Keep().history_months} months | `[keep] history_months`",
        f"`{HISTORY}`",
        f"{Backups().every_days} days all, {Backups().daily_weeks} weeks daily",
        f"{Backups().monthly_months} months monthly",
    ],
)
def test_the_privacy_page_states_the_settings_defaults(said: str) -> None:
    assert said in page("privacy.md")


def test_the_privacy_page_names_every_folder_that_is_purged() -> None:
    text = page("privacy.md")
    for folder in purging.HOMES:
        assert f"`{folder}`" in text


def test_the_licences_page_is_what_the_lock_file_makes() -> None:
    assert page("licences.md") == make_licences_page.page()
