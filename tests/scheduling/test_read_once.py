"""A run reads its tracker once for all its jobs, and never tells of one that somebody changed."""

from datetime import date, datetime
from pathlib import Path

import pytest

from mfauto.errors import TrackerMissingError
from mfauto.jobs import Run, flag
from mfauto.jobs.due import run_due
from mfauto.ledger import open_ledger
from mfauto.schedule import LONDON
from mfauto.settings import Settings
from mfauto.workbook import read_tracker
from mfauto.xlsx import set_cells
from tests.calls import counted_calls
from tests.making import a_workbook
from tests.scheduling.test_due import CASE, PEOPLE

MONDAY = datetime(2027, 10, 4, 9, tzinfo=LONDON)  #: the second working day of the month as well


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    path = a_workbook(tmp_path / "Tracker.xlsx", cases=[CASE], people=PEOPLE)
    return Settings(folder=tmp_path, tracker=path)


def a_run(settings: Settings) -> Run:
    return Run(settings=settings, as_at=MONDAY.date(), now=MONDAY)


def test_a_run_of_everything_reads_the_tracker_once_and_prepares_each_word_template_once(
    settings: Settings,
) -> None:
    with open_ledger(settings.folder, MONDAY) as ledger, counted_calls() as calls:
        run = Run(settings=settings, as_at=MONDAY.date(), now=MONDAY, ledger=ledger)
        done = run_due(run)
    assert not done.failed
    assert not done.bugs
    assert {path.suffix for path in done.made} == {".xlsx", ".docx", ".eml"}
    assert {"exception-reports", "assurance-packs", "outbox"} <= {
        path.parent.name for path in done.made
    }
    assert calls["read_tracker"] == 1
    assert calls["review"] == 2  # at the report date, and at the end of the pack's month
    assert calls["Prepared.__init__"] <= 2


def test_what_a_run_knows_after_its_flags_is_what_reading_again_gives(settings: Settings) -> None:
    run = a_run(settings)
    before = read_tracker(settings.tracker or Path())
    flag(run)
    known = run.review().tracker
    assert known.sha256 != before.sha256
    assert known == read_tracker(settings.tracker or Path())


def test_a_tracker_saved_after_the_flags_is_read_again(settings: Settings) -> None:
    run = a_run(settings)
    flag(run)
    path = settings.tracker or Path()
    set_cells(path, {("Cases", "B2"): date(2026, 7, 21)}, path)
    assert run.review().tracker.cases[0].audited == date(2026, 7, 21)
    assert run.review().tracker == read_tracker(path)


def test_all_jobs_of_a_run_tell_of_one_version(settings: Settings) -> None:
    run = a_run(settings)
    flag(run)
    first = run.review()
    path = settings.tracker or Path()
    set_cells(path, {("Cases", "B2"): date(2026, 7, 21)}, path)
    assert run.review() is first
    assert run.review(date(2027, 9, 30)).tracker is first.tracker


def test_a_tracker_that_has_gone_since_is_said(settings: Settings) -> None:
    run = a_run(settings)
    flag(run)
    (settings.tracker or Path()).unlink()
    with pytest.raises(TrackerMissingError):
        run.review()
