"""The command purge: old enough, made by mfauto, and still as mfauto made it; nothing else."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from mfauto import jobs
from mfauto.cli import main
from mfauto.jobs import Run
from mfauto.ledger import open_ledger
from mfauto.saving import sha256
from mfauto.schedule import LONDON
from mfauto.settings import Settings
from tests.scheduling.test_due import tracker

MADE = datetime(2024, 3, 4, 7, tzinfo=LONDON)
LATER = datetime(2026, 11, 23, 9, tzinfo=LONDON)


@contextmanager
def a_run(folder: Path, now: datetime, *, dry_run: bool = False) -> Iterator[Run]:
    settings = Settings(folder=folder, tracker=folder / "Tracker.xlsx")
    with open_ledger(folder, now) as ledger:
        yield Run(settings=settings, as_at=now.date(), now=now, ledger=ledger, dry_run=dry_run)


def document(run: Run, folder: Path, name: str) -> Path:
    path = folder / "exception-reports" / f"{name}.docx"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(f"made for {name}".encode())
    assert run.ledger is not None
    run.ledger.record(
        "document",
        run.now,
        kind="exception report",
        case=name,
        file=f"exception-reports/{name}.docx",
        sha256=sha256(path),
    )
    return path


def aged(path: Path, at: datetime) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.write_bytes(b"made up")
    os.utime(path, (at.timestamp(), at.timestamp()))
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a folder with something old and something new of each kind, and things of others."""
    tracker(tmp_path)
    with a_run(tmp_path, MADE) as run:
        document(run, tmp_path, "MF-001")
        document(run, tmp_path, "MF-002").write_bytes(b"a person wrote into it")
        document(run, tmp_path, "MF-003")
        (tmp_path / "exception-reports" / "MF-001.pdf").write_bytes(b"its PDF")
    with a_run(tmp_path, LATER) as run:
        document(run, tmp_path, "MF-003")  # made anew
        document(run, tmp_path, "MF-004")
    for name, at in (("2024-W10", MADE), ("2026-W48", LATER)):
        aged(tmp_path / "outbox" / f"{name}-weekly-0123456789ab.eml", at)
        aged(tmp_path / "preview" / f"{name}.html", at)
    return tmp_path


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_what_is_old_goes_and_everything_else_stays(folder: Path) -> None:
    others = [
        aged(folder / "outbox" / "A letter of my own.eml", MADE),
        aged(folder / "exception-reports" / "Notes.docx", MADE),
        aged(folder / "preview" / "index.html", MADE),
        aged(folder / "Old tracker.xlsx", MADE),
    ]
    before = names(folder)
    with a_run(folder, LATER) as run:
        done = jobs.purge(run)

    assert before - names(folder) == {
        "exception-reports/MF-001.docx",
        "exception-reports/MF-001.pdf",
        "outbox/2024-W10-weekly-0123456789ab.eml",
        "preview/2024-W10.html",
    }
    assert all(path.exists() for path in others)
    assert done.said[0] == "4 files and 0 entries of the history purged."
    assert "MF-002.docx" in done.said[-1]
    assert "changed by somebody" in done.said[-1]


def test_a_dry_run_takes_nothing_away_and_says_what_would_go(folder: Path) -> None:
    before = {name: (folder / name).read_bytes() for name in names(folder)}
    with a_run(folder, LATER, dry_run=True) as run:
        done = jobs.purge(run)
    after = {name: (folder / name).read_bytes() for name in names(folder)}
    assert {name for name in after if after[name] != before.get(name)} <= {"mfauto-history.lock"}
    assert "1 exception report, the oldest of 4 March 2024." in done.said
    assert "1 email draft, the oldest of 4 March 2024." in done.said


def test_no_link_is_followed_and_nothing_outside_is_touched(folder: Path) -> None:
    outside = folder.parent / "outside.docx"
    outside.write_bytes(b"somebody else's")
    target = folder / "exception-reports" / "MF-005.docx"
    target.symlink_to(outside)
    with a_run(folder, MADE) as run:
        assert run.ledger is not None
        for name in ("exception-reports/MF-005.docx", "../outside.docx", str(outside)):
            run.ledger.record("document", MADE, kind="x", file=name, sha256="0" * 64)
    with a_run(folder, LATER) as run:
        found = jobs.to_purge(run)
    assert not {"MF-005.docx", "outside.docx"} & {old.path.name for old in found.files}
    assert not {"MF-005.docx", "outside.docx"} & {path.name for path in found.changed}


def test_old_entries_of_history_and_log_go_after_three_years(folder: Path) -> None:
    log = folder / "mfauto.log"
    log.write_text(
        "2023-01-02 07:00:00 mfauto 0.1.0 ValueError\n  a.py, line 1, in x\n"
        "2026-01-02 07:00 pack done\n",
        encoding="utf-8",
    )
    later = LATER.replace(year=2027)
    with a_run(folder, later) as run:
        done = jobs.purge(run)
        assert run.ledger is not None
        assert run.ledger.verify().faults == ()
        assert run.ledger.verify().since is not None
    assert "3 entries of the history" in done.said[0]
    assert log.read_text(encoding="utf-8") == "2026-01-02 07:00 pack done\n"


def test_at_the_screen_it_asks_or_wants_to_be_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    before = names(folder)
    assert main(["purge"]) == 2
    assert "Look with --dry-run, then add --yes" in capsys.readouterr().err
    assert main(["purge", "--dry-run", "--format", "json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert names(folder) == before
    listed = {Path(one["file"]).relative_to(folder).as_posix() for one in said["files"]}
    assert main(["purge", "--yes"]) == 0
    assert before - names(folder) == listed
    assert main(["purge", "--yes"]) == 0
    assert "0 files" in capsys.readouterr().out
