"""A working folder for each test, with a small tracker."""

from pathlib import Path

import pytest

from mfauto.settings import Mail, Settings
from tests.scheduling.test_due import tracker


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    tracker(tmp_path)
    return Settings(folder=tmp_path, tracker=tmp_path / "Tracker.xlsx", mail=Mail())
