"""A sound working folder, made once and copied for each test."""

import shutil
import sys
import time
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from mfauto.cli import main
from mfauto.demo import demo_rows
from mfauto.ledger import open_ledger
from mfauto.schedule import LONDON
from mfauto.template import make_tracker

AS_AT = date(2026, 10, 12)
NOW = datetime(2026, 10, 12, 9, 30, tzinfo=LONDON)

#: what was last done, by job
DONE = {
    "flags": "2026-10-12",
    "safety": "2026-10-12",
    "reports": "2026-W42",
    "weekly": "2026-W42",
    "pack": "2026-09",
}


@pytest.fixture(autouse=True)
def in_london(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let this computer go by London time, wherever it stands."""
    if sys.platform == "win32":
        yield
        return
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Europe/London")
        time.tzset()
        yield
    time.tzset()


def rows() -> dict[str, Any]:
    """Give a small made-up tracker in which everybody has an address."""
    found: dict[str, Any] = {name: list(those) for name, those in demo_rows(AS_AT).items()}
    found |= {"cases": found["cases"][:3], "actions": [], "reaudits": [], "examples": []}
    found["people"] = [
        {**one, "email": one.get("email") or f"person{number}@example.org"}
        for number, one in enumerate(found["people"])
    ]
    return found


@pytest.fixture(scope="session")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder as `init` makes it, with a tracker in use; flags were written once."""
    folder = tmp_path_factory.mktemp("sound") / "Moving Forward"
    folder.mkdir()
    make_tracker(folder / "Tracker.xlsx", rows())
    assert main(["init", str(folder), "--yes"]) == 0
    config = folder / "mfauto.toml"
    text = config.read_text(encoding="utf-8")
    config.write_text(
        text.replace("\n[mail]\n", '\n[mail]\nallowed_domains = ["example.org"]\n'),
        encoding="utf-8",
    )
    with open_ledger(folder, NOW) as ledger:
        backup = folder / "backups" / "Tracker 2026-10-12 093000.xlsx"
        backup.parent.mkdir()
        shutil.copyfile(folder / "Tracker.xlsx", backup)
        ledger.record("flags", NOW, written=0, backup=backup.name)
        for job, period in DONE.items():
            ledger.record("run", NOW, job=job, period=period, failed=0)
    return folder


@pytest.fixture
def folder(sound: Path, tmp_path: Path) -> Path:
    """Give a copy of the sound folder, to be broken."""
    copy = tmp_path / "Moving Forward"
    shutil.copytree(sound, copy)
    service = copy / "start-mfauto" / "mfauto.service"
    named = service.read_text(encoding="utf-8")
    service.write_text(named.replace(str(sound), str(copy)), encoding="utf-8")
    return copy
