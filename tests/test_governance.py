"""The pages for information governance and security say what is so."""

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from mfauto.jobs import Run, purging
from mfauto.ledger import HISTORY, open_ledger
from mfauto.saving import sha256
from mfauto.schedule import LONDON
from mfauto.settings import Backups, Keep, Settings
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


def history_goes(folder: Path, made: datetime, today: datetime) -> bool:
    """Say whether a purge of that day takes out an entry of another, in a folder in use since."""
    with open_ledger(folder, made) as ledger:
        ledger.record("document", made, case="MF-001", file="exception-reports/MF-001.docx")
        ledger.record("run", today - timedelta(days=1))
        run = Run(settings=Settings(folder=folder), as_at=today.date(), now=today, ledger=ledger)
        purging.purge(run)
        return not list(ledger.entries("document"))


def test_the_days_on_which_a_case_ref_goes_are_those_of_the_page(tmp_path: Path) -> None:
    text = " ".join(page("privacy.md").split())
    assert "report made on 3 March 2026 may go from 4 March 2028." in text
    assert "entry in the history may go from 4 March 2029" in text
    made = datetime(2026, 3, 3, 23, 30, tzinfo=LONDON)
    for number, (day, goes) in enumerate(((3, False), (4, True))):
        folder = tmp_path / str(number)
        folder.mkdir()
        assert history_goes(folder, made, datetime(2029, 3, day, 7, tzinfo=LONDON)) is goes
        assert document_goes(folder, made, datetime(2028, 3, day, 7, tzinfo=LONDON)) is goes


def document_goes(folder: Path, made: datetime, today: datetime) -> bool:
    report = folder / "exception-reports" / "MF-002.docx"
    report.parent.mkdir()
    report.write_bytes(b"made up")
    with open_ledger(folder, made) as ledger:
        name = "exception-reports/MF-002.docx"
        ledger.record("document", made, kind="exception report", file=name, sha256=sha256(report))
        run = Run(settings=Settings(folder=folder), as_at=today.date(), now=today, ledger=ledger)
        purging.purge(run)
        return not report.exists()
