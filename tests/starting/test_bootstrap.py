"""The first start: set up once, told in plain words where that cannot be done."""

import os
import sys
import venv
from pathlib import Path

import pytest

from mfauto import bootstrap
from mfauto.settings import PROJECT


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_what_is_set_up_for_the_tests_serves_the_program_too(
    lock: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / ("Scripts" if os.name == "nt" else "bin")
    folder.mkdir()
    (folder / ("python.exe" if os.name == "nt" else "python")).symlink_to(sys.executable)
    stamp = tmp_path / f"{lock}.installed"
    stamp.write_bytes((PROJECT / lock).read_bytes())
    monkeypatch.setattr(bootstrap, "ENVIRONMENT", tmp_path)

    assert bootstrap.hand_over(["-c", "print('started')"]) == 0
    said = capfd.readouterr()
    assert "started" in said.out
    assert "Setting up" not in said.err


def test_an_environment_that_cannot_be_made_is_said_without_a_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setattr(bootstrap, "ENVIRONMENT", tmp_path / "file" / ".venv")

    assert bootstrap.hand_over(["-c", "pass"]) == 1
    assert "cannot be set up" in capfd.readouterr().err


@pytest.mark.parametrize("links", [False, True])
def test_an_environment_that_was_begun_is_finished(
    links: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Whether a first start broke off or a person made `.venv` by hand."""
    if links and os.name == "nt":
        pytest.skip("links need a right on Windows")
    venv.create(tmp_path / ".venv", symlinks=links)
    (tmp_path / "requirements.lock").write_bytes(b"")
    monkeypatch.setattr(bootstrap, "PROJECT", tmp_path)
    monkeypatch.setattr(bootstrap, "ENVIRONMENT", tmp_path / ".venv")

    for setting_up in (True, False):
        assert bootstrap.hand_over(["-c", "print('started')"]) == 0
        said = capfd.readouterr()
        assert "started" in said.out
        assert ("Setting up" in said.err) is setting_up


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
def test_a_program_that_was_stopped_ends_with_the_code_that_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").symlink_to(sys.executable)
    stamp = tmp_path / "requirements.lock.installed"
    stamp.write_bytes((PROJECT / "requirements.lock").read_bytes())
    monkeypatch.setattr(bootstrap, "ENVIRONMENT", tmp_path)

    assert bootstrap.hand_over(["-c", "import os; os.kill(os.getpid(), 9)"]) == 137
    assert bootstrap.hand_over(["-c", "raise SystemExit(4)"]) == 4
