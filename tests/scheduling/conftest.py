"""A working folder for each test, with a small tracker."""

from datetime import datetime
from pathlib import Path

import pytest

from mfauto.ledger import open_ledger
from mfauto.schedule import LONDON
from mfauto.settings import Mail, Settings
from tests.scheduling.test_due import tracker


@pytest.fixture
def fresh(tmp_path: Path) -> Settings:
    """Give a folder in which nothing was ever done."""
    tracker(tmp_path)
    return Settings(folder=tmp_path, tracker=tmp_path / "Tracker.xlsx", mail=Mail())


@pytest.fixture
def settings(fresh: Settings) -> Settings:
    """Give a folder in which the pack of October 2026 was made, as most tests are not about it."""
    now = datetime(2026, 11, 3, 7, tzinfo=LONDON)
    with open_ledger(fresh.folder, now) as ledger:
        ledger.record("run", now, job="pack", period="2026-10", failed=0)
    return fresh
