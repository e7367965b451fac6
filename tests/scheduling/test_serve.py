"""A real process that stays running, by a clock that goes faster."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import pytest

from mfauto.ledger import one_run, open_ledger, read_ledger
from mfauto.schedule import LONDON
from mfauto.serving import serve
from mfauto.settings import PROJECT, Settings
from tests.scheduling.test_due import PEOPLE, emails

PATIENCE = 60.0  # seconds until a test gives up; each ends as soon as it sees what it waits for


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Give a folder that is for trials."""
    now = datetime(2026, 11, 3, 8, tzinfo=LONDON)
    with open_ledger(settings.folder, now) as ledger:
        ledger.record("trial", now)
    return settings


@contextmanager
def serving(folder: Path, start: str, *more: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, str(PROJECT / "run.py"), "serve", "--trial", f"{start},0.005", *more]
    process = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def log(folder: Path) -> str:
    path = folder / "mfauto.log"
    return path.read_text(encoding="utf-8") if path.exists() else ""


def wait_for(said: str, folder: Path, process: subprocess.Popen[str]) -> None:
    end = time.monotonic() + PATIENCE
    while not re.search(said, log(folder)):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end, log(folder)
        time.sleep(0.02)


def stopped(process: subprocess.Popen[str], by: signal.Signals) -> str:
    process.send_signal(by)
    said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, said
    return said


needs_signals = pytest.mark.skipif(os.name == "nt", reason="Windows ends a process at once")


@needs_signals
def test_it_does_each_job_at_its_time_and_stops_cleanly(settings: Settings) -> None:
    folder = settings.folder
    with serving(folder, "2026-11-23T06:28") as process:
        wait_for("weekly 2026-W48", folder, process)
        said = stopped(process, signal.SIGTERM)

    lines = [line for line in log(folder).splitlines() if line.startswith("2026-11-23")]
    jobs = [line.split(": ")[0] for line in lines if ": done" in line]
    assert jobs == [
        "2026-11-23 06:28 flags 2026-11-20 06:30",  # the computer was off on Friday
        "2026-11-23 06:28 safety 2026-11-20 06:30",
        "2026-11-23 06:30 flags 2026-11-23 06:30",
        "2026-11-23 06:30 safety 2026-11-23 06:30",
        "2026-11-23 07:00 reports 2026-W48",
        "2026-11-23 07:00 weekly 2026-W48",
    ]
    assert "what was begun is finished" in said
    assert len(emails(settings, "weekly")) == 2
    with read_ledger(folder) as ledger:
        assert ledger
        assert ledger.verify().faults == ()
    # No line holds what the tracker says.
    for word in ("MF-001", *(word for person in PEOPLE for word in person["name"].split())):
        assert not re.search(rf"\b{word}\b", said + log(folder))


def test_a_trial_leaves_a_history_that_is_in_use_alone(fresh: Settings) -> None:
    with open_ledger(fresh.folder, datetime(2026, 11, 23, 7, tzinfo=LONDON)) as ledger:
        ledger.record("run", datetime(2026, 11, 23, 7, tzinfo=LONDON), job="flags")
    with serving(fresh.folder, "2026-11-28T09:00") as process:
        said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 2
    assert "a trial would note days to come as done" in said


@needs_signals
def test_ctrl_c_ends_it_as_well(settings: Settings) -> None:
    with serving(settings.folder, "2026-11-28T09:00") as process:
        wait_for("mfauto serves", settings.folder, process)
        assert "mfauto has stopped" in stopped(process, signal.SIGINT)


@needs_signals
def test_it_survives_a_failing_job_and_tries_it_again_later(settings: Settings) -> None:
    folder = settings.folder
    lock = folder / ".~lock.Tracker.xlsx#"
    lock.write_text(",Robin,desk,now,x;", encoding="utf-8")
    with serving(folder, "2026-11-24T06:30") as process:
        wait_for(r"flags 2026-11-24 06:30: failed \(TrackerBusyError\)", folder, process)
        wait_for("weekly 2026-W48: done", folder, process)
        lock.unlink()
        wait_for("06:45 flags 2026-11-24 06:30: done", folder, process)
        stopped(process, signal.SIGTERM)
    assert log(folder).count("flags 2026-11-24 06:30") == 2


@needs_signals
def test_two_at_once_do_everything_once(settings: Settings) -> None:
    folder = settings.folder
    with serving(folder, "2026-11-24T06:30") as one, serving(folder, "2026-11-24T06:30") as two:
        wait_for("weekly 2026-W48: done", folder, one)
        stopped(one, signal.SIGTERM)
        stopped(two, signal.SIGTERM)
    assert log(folder).count("weekly 2026-W48: done") == 1
    assert len(emails(settings, "weekly")) == 2


@needs_signals
def test_it_waits_while_another_run_is_at_work(settings: Settings) -> None:
    folder = settings.folder
    now = datetime(2026, 11, 24, tzinfo=UTC)
    with one_run(folder, now), serving(folder, "2026-11-24T06:30") as process:
        wait_for("RunningError: nothing could be done", folder, process)
        assert emails(settings, "*") == []
        stopped(process, signal.SIGTERM)


@needs_signals
def test_a_change_of_the_settings_counts_from_the_next_minute_on(settings: Settings) -> None:
    folder = settings.folder
    with serving(folder, "2026-11-24T06:30") as process:
        wait_for("weekly 2026-W48: done", folder, process)
        (folder / "mfauto.toml").write_text("wrong = 1", encoding="utf-8")
        wait_for("SettingsError: nothing could be done", folder, process)
        times = [f"{hour:02}:{minute}" for hour in range(6, 24) for minute in ("00", "30")]
        (folder / "mfauto.toml").write_text(f"[schedule]\ndaily_times = {times}", "utf-8")
        wait_for(r"flags 2026-11-24 (0[7-9]|[12]\d):[03]0: done", folder, process)
        stopped(process, signal.SIGTERM)


def test_without_a_tracker_it_does_not_begin(tmp_path: Path) -> None:
    command = [sys.executable, str(PROJECT / "run.py"), "serve"]
    made = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=PATIENCE
    )
    assert made.returncode == 2
    assert "No tracker is named" in made.stderr


def test_a_made_up_moment_sends_nothing_for_real(fresh: Settings) -> None:
    (fresh.folder / "mfauto.toml").write_text(
        '[mail]\nlive = true\ndelivery = "smtp"\nallowed_domains = ["council.example"]\n'
        '[smtp]\nhost = "127.0.0.1"\nport = 1\n',
        encoding="utf-8",
    )
    command = [sys.executable, str(PROJECT / "run.py"), "serve", "--trial", "2027-01-04T07:00,0.1"]
    made = subprocess.run(
        command, cwd=fresh.folder, capture_output=True, text=True, check=False, timeout=PATIENCE
    )
    assert made.returncode == 2
    assert "send emails for real" in made.stderr
    assert not (fresh.folder / "mfauto-history.sqlite3").exists()


def test_the_loop_asks_at_once_and_goes_on_after_a_fault() -> None:
    stop = Event()
    asked: list[int] = []
    faults: list[Exception] = []

    def ask() -> None:
        asked.append(len(asked))
        if len(asked) == 2:
            raise ZeroDivisionError
        if len(asked) == 4:
            stop.set()

    serve(ask, stop, failed=faults.append, seconds=0.01)

    assert asked == [0, 1, 2, 3]
    assert [type(fault) for fault in faults] == [ZeroDivisionError]


def test_a_loop_told_to_stop_before_it_begins_asks_once() -> None:
    stop = Event()
    asked: list[int] = []
    stop.set()

    serve(lambda: asked.append(1), stop, failed=lambda _: None, seconds=0.01)

    assert asked == [1]
