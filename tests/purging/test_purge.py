"""The command purge: old enough, made by mfauto, and still as mfauto made it; nothing else."""

import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from mfauto import jobs
from mfauto.board import BOARD
from mfauto.cli import main
from mfauto.jobs import Run, purging
from mfauto.jobs.made import note
from mfauto.jobs.sharing import LIBRARY_COPY
from mfauto.ledger import HISTORY, Delivery, LedgerError, State, open_ledger
from mfauto.policy import Policy
from mfauto.process import review
from mfauto.saving import sha256
from mfauto.schedule import LONDON
from mfauto.schedule_files import RUN_LOG
from mfauto.settings import Keep, Settings
from tests.making import a_tracker
from tests.scheduling.test_due import tracker

MADE = datetime(2024, 3, 4, 7, tzinfo=LONDON)
LATER = datetime(2026, 11, 23, 9, tzinfo=LONDON)


@contextmanager
def a_run(
    folder: Path, now: datetime, *, dry_run: bool = False, out: Path | None = None, **keep: Any
) -> Iterator[Run]:
    settings = Settings(folder=folder, tracker=folder / "Tracker.xlsx", out=out, keep=Keep(**keep))
    with open_ledger(folder, now) as ledger:
        yield Run(settings=settings, as_at=now.date(), now=now, ledger=ledger, dry_run=dry_run)


def document(run: Run, folder: Path, name: str, kind: str = "exception report") -> Path:
    path = folder / "exception-reports" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(f"made for {name}".encode())
    note(run, review(a_tracker(), Policy(), MADE.date()), kind, path)
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
        document(run, tmp_path, "MF-001.docx")
        document(run, tmp_path, "MF-002.docx").write_bytes(b"a person wrote into it")
        document(run, tmp_path, "MF-003.docx")
        document(run, tmp_path, "MF-001.pdf", "PDF")
    with a_run(tmp_path, LATER) as run:
        document(run, tmp_path, "MF-003.docx")  # made anew
        document(run, tmp_path, "MF-004.docx")
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
        aged(folder / "exception-reports" / "MF-002.pdf", MADE),  # saved by a person
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
    assert "MF-002.docx" in done.asks[-1]
    assert "changed by somebody" in done.said[-1]


def test_a_dry_run_takes_nothing_away_and_says_what_would_go(folder: Path) -> None:
    before = {name: (folder / name).read_bytes() for name in names(folder)}
    with a_run(folder, LATER, dry_run=True) as run:
        done = jobs.purge(run)
    after = {name: (folder / name).read_bytes() for name in names(folder)}
    assert {name for name in after if after[name] != before.get(name)} <= {"mfauto-history.lock"}
    assert "1 exception report, the oldest of 4 March 2024." in done.said
    assert "1 email draft, the oldest of 4 March 2024." in done.said


def test_a_run_purges_once_a_month_where_the_settings_say_so(folder: Path) -> None:
    before = names(folder)
    with a_run(folder, LATER) as run:
        jobs.run_due(run)
    assert before <= names(folder)  # by itself nothing ever goes
    with a_run(folder, LATER, purge_with_run=True) as run:
        first, second = jobs.run_due(run), jobs.run_due(run)
    # The report of MF-001 was made anew by the run, so it is no longer old.
    assert before - names(folder) == {
        "exception-reports/MF-001.pdf",
        "outbox/2024-W10-weekly-0123456789ab.eml",
        "preview/2024-W10.html",
    }
    assert "3 files and 0 entries of the history purged." in first.said
    assert not [said for said in second.said if "purged" in said]
    with a_run(folder, LATER) as run:
        assert "purge" not in {one.job for one in jobs.status(run).last}


def test_no_link_is_followed_and_nothing_outside_is_touched(folder: Path) -> None:
    outside = folder.with_name(f"{folder.name}-outside.docx")
    outside.write_bytes(b"somebody else's")
    target = folder / "exception-reports" / "MF-005.docx"
    target.symlink_to(outside)
    with a_run(folder, MADE) as run:
        assert run.ledger is not None
        for name in ("exception-reports/MF-005.docx", f"../{outside.name}", str(outside)):
            run.ledger.record("document", MADE, kind="x", file=name, sha256="0" * 64)
    with a_run(folder, LATER) as run:
        found = jobs.to_purge(run)
    assert not {"MF-005.docx", outside.name} & {old.path.name for old in found.files}
    assert not {"MF-005.docx", outside.name} & {path.name for path in found.changed}


def gone(folder: Path, **settings: Any) -> set[str]:
    before = names(folder)
    with a_run(folder, LATER, **settings) as run:
        jobs.purge(run)
    return before - names(folder)


@pytest.mark.parametrize(("made", "goes"), [(MADE, {BOARD}), (LATER, set())])
def test_a_board_goes_once_no_run_makes_it_anew(
    folder: Path, made: datetime, goes: set[str]
) -> None:
    gone(folder)
    aged(folder / BOARD, made)
    assert gone(folder) == goes


@pytest.mark.parametrize(("made", "goes"), [(MADE, {RUN_LOG}), (LATER, set())])
def test_what_crons_last_run_said_goes_like_a_draft(
    folder: Path, made: datetime, goes: set[str]
) -> None:
    gone(folder)
    aged(folder / RUN_LOG, made)
    assert gone(folder) == goes


CALENDAR = b"BEGIN:VCALENDAR\r\nPRODID:-//%s//Moving Forward//EN\r\n"


def test_a_calendar_goes_like_a_draft_and_other_peoples_stay(folder: Path) -> None:
    ours, theirs, new = (folder / "calendars" / f"{name}.ics" for name in ("Fernbeck", "My", "New"))
    for path, maker, at in ((ours, b"mfauto", MADE), (theirs, b"Outlook", MADE)):
        aged(path, at).write_bytes(CALENDAR % maker)
        aged(path, at)
    aged(new, LATER).write_bytes(CALENDAR % b"mfauto")
    assert "calendars/Fernbeck.ics" in gone(folder)
    assert theirs.exists()
    assert new.exists()


def test_a_calendar_of_the_product_is_known_as_such(whole_demo: Path) -> None:
    made = list((whole_demo / "calendars").glob("*.ics"))
    assert made
    assert all(map(purging.is_calendar, made))


@pytest.mark.parametrize("place", ["outbox", "held"])
def test_half_of_an_email_goes_like_a_draft(folder: Path, place: str) -> None:
    name = "2024-03-04.2-safety-0123456789ab.eml"
    old, new = (folder / place / one for one in (f".{name}.part", f".2026-W48{name[12:]}.part"))
    aged(old, MADE)
    aged(new, LATER)
    aged(folder / place / name, MADE)
    assert {f"{place}/.{name}.part", f"{place}/{name}"} <= gone(folder)
    assert new.exists()


@pytest.mark.parametrize(
    "home",
    ["", "exception-reports", "exception-reports/North", "outbox", "backups", "all-trackers"],
)
def test_half_of_a_document_goes_wherever_it_was_to_be_made(folder: Path, home: str) -> None:
    old = aged(folder / home / ".mfauto-0123456789abcdef.tmp", MADE)  # by python-docx or a PDF
    other = aged(folder / home / ".mfauto-0a0b-1-0123456789.tmp", MADE)  # on another computer
    theirs = aged(folder / home / ".mfauto.tmp", MADE)
    gone(folder)
    assert not old.exists()
    assert not other.exists()
    assert theirs.exists()


def test_half_of_a_document_stays_while_somebody_may_be_writing_it(folder: Path) -> None:
    new = aged(folder / "agendas" / ".mfauto-0123456789abcdef.tmp", LATER)
    gone(folder)
    assert new.exists()


def test_a_document_that_is_open_stays_known_until_it_goes(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the history would forget it, and nobody could say that it is mfauto's."""
    much_later = LATER.replace(year=2031)
    unlink = Path.unlink

    def is_open(path: Path, *, missing_ok: bool = False) -> None:
        if path.name == "MF-001.docx":
            raise PermissionError(13, "it is open in Word")
        unlink(path, missing_ok=missing_ok)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", is_open)
        with a_run(folder, much_later) as run:
            assert "1 file could not be removed now" in jobs.purge(run).asks[0]
    with a_run(folder, much_later) as run:
        jobs.purge(run)
    assert not (folder / "exception-reports" / "MF-001.docx").exists()


def test_a_draft_is_said_to_be_one_that_nobody_may_have_sent(folder: Path) -> None:
    with a_run(folder, LATER) as run:
        said = jobs.purge_words(jobs.to_purge(run))
    assert any("Nobody can tell here whether a draft was sent." in one for one in said)


@pytest.mark.parametrize("linked", ["outbox", "backups"])
def test_a_folder_that_is_a_link_is_left_alone(folder: Path, linked: str) -> None:
    elsewhere = folder.with_name(f"{folder.name}-elsewhere")
    theirs = {
        "outbox": "2024-W10-weekly-0123456789ab.eml",
        "backups": "Tracker 2019-01-0{} 070000.xlsx",
    }[linked]
    kept = [aged(elsewhere / theirs.format(number), MADE) for number in (1, 2)]
    if (folder / linked).exists():
        shutil.rmtree(folder / linked)
    (folder / linked).symlink_to(elsewhere, target_is_directory=True)
    with a_run(folder, LATER) as run:
        done = jobs.purge(run)
    assert all(path.exists() for path in kept)
    assert any(f"{linked} is a link" in one for one in done.asks)


def test_documents_behind_a_link_are_left_alone(folder: Path) -> None:
    (folder / "exception-reports").rename(folder.with_name(f"{folder.name}-elsewhere"))
    (folder / "exception-reports").symlink_to(folder.with_name(f"{folder.name}-elsewhere"))
    gone(folder)
    assert (folder.with_name(f"{folder.name}-elsewhere") / "MF-001.docx").exists()


@pytest.mark.parametrize("name", ["Tracker.xlsx", "mfauto.toml", HISTORY, "backups/x.xlsx"])
def test_no_tracker_and_no_settings_go_whatever_the_history_names(folder: Path, name: str) -> None:
    path = folder / name
    if not path.exists():
        aged(path, MADE)
    with a_run(folder, MADE) as run:
        assert run.ledger is not None
        run.ledger.record("document", MADE, kind="x", file=name, sha256=sha256(path))
    assert name not in gone(folder)
    assert path.exists()


def test_an_email_that_waits_for_a_person_never_goes(folder: Path) -> None:
    with a_run(folder, MADE) as run:
        assert run.ledger is not None
        states = (State.HELD, State.UNKNOWN, State.PENDING, State.SENT, State.SENDING)
        for number, state in enumerate(states):
            one = Delivery(
                key=f"{number}" * 32,
                kind="weekly",
                period=f"2024-W0{number + 1}",
                recipient="r",
                role=None,
                channel="held",
                state=State.PENDING,
                dated=MADE,
                tracker="",
                items=(),
                changed=MADE,
            )
            run.ledger.expect(one, MADE)
            if state is not State.PENDING:
                run.ledger.begin(one, MADE)
            if state not in (State.PENDING, State.SENDING):
                run.ledger.change(one.key, state, MADE)
            aged(folder / "held" / f"{one.period}-weekly-{one.key[:12]}.eml", MADE)
            aged(folder / "held" / f".{one.period}-weekly-{one.key[:12]}.eml.part", MADE)
    held = {name for name in gone(folder) if name.startswith("held")}
    whole = {f"held/2024-W04-weekly-{'3' * 12}.eml"}
    # Half of an email that was being sent shows that it was not: it stays until a run has looked.
    assert held == whole | {f"held/.2024-W0{n + 1}-weekly-{str(n) * 12}.eml.part" for n in range(4)}


def test_a_copy_in_the_library_is_the_librarys_own(folder: Path) -> None:
    with a_run(folder, MADE) as run:
        copy = document(run, folder, "GP-001.docx", LIBRARY_COPY)
    gone(folder)
    assert copy.exists()


def test_documents_in_a_folder_of_their_own_go_from_there(folder: Path) -> None:
    out = folder.with_name(f"{folder.name}-out")
    out.mkdir()
    with a_run(folder, MADE, out=out) as run:
        old = document(run, out, "MF-007.docx")
        aged(out / "exception-reports" / "MF-001.docx", MADE)  # of the same name, and another's
    gone(folder, out=out)
    assert {path.name for path in old.parent.iterdir()} == {"MF-001.docx"}


def test_the_history_keeps_what_it_knows_of_documents_as_long_as_these(folder: Path) -> None:
    gone(folder, history_months=6, documents_months=120)
    assert gone(folder) == {"exception-reports/MF-001.docx", "exception-reports/MF-001.pdf"}


def test_nothing_goes_by_a_history_that_was_meddled_with(folder: Path) -> None:
    with sqlite3.connect(folder / HISTORY) as connection:
        connection.execute("UPDATE entries SET facts = replace(facts, 'MF-002', 'MF-009')")
    connection.close()
    before = names(folder)
    with a_run(folder, LATER) as run, pytest.raises(LedgerError, match="nothing was purged"):
        jobs.purge(run)
    assert names(folder) == before


def test_what_keeps_old_entries_is_said(folder: Path) -> None:
    with a_run(folder, MADE) as run:
        assert run.ledger is not None
        run.ledger.record("hold", MADE)
        run.ledger.record("run", MADE)
    with a_run(folder, LATER.replace(year=2029)) as run:
        done = jobs.purge(run)
    assert any("entries of the history stay" in one for one in done.asks)


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
    assert "4 entries of the history" in done.said[0]
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
