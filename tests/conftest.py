"""What tests of several rooms start from."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from mfauto.cli import main

PROJECT = Path(__file__).parent.parent

# A computer that does something else as well is no fault of what is tested.
settings.register_profile(
    "slow", settings.default, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("slow")


@pytest.fixture(scope="session")
def whole_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's folder with all that is made from it, on 24 November 2026; only to be copied."""
    folder = tmp_path_factory.mktemp("whole") / "demo"
    assert main(["demo", str(folder), "--as-at", "2026-11-24"]) == 0
    return folder


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the site as people make it; a warning of any page is an error."""
    folder = tmp_path_factory.mktemp("site") / "pages"
    command = [sys.executable, "-m", "tools.make_site", str(folder)]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder
