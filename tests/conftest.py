"""What tests of several rooms start from."""

from pathlib import Path

import pytest

from mfauto.cli import main


@pytest.fixture(scope="session")
def whole_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's folder with all that is made from it, on 24 November 2026; only to be copied."""
    folder = tmp_path_factory.mktemp("whole") / "demo"
    assert main(["demo", str(folder), "--as-at", "2026-11-24"]) == 0
    return folder
