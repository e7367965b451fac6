"""What `status` says to a person and to a monitor, and the files that start mfauto."""

import configparser
import json
import os
import re
import shlex
import stat
import subprocess
import sys
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath, PureWindowsPath
from shutil import copytree
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from mfauto import jobs
from mfauto.calling import call
from mfauto.cli import main
from mfauto.jobs import Run, Status
from mfauto.ledger import HISTORY, Delivery, Ledger, State, open_ledger, read_ledger
from mfauto.schedule import LONDON
from mfauto.schedule_files import schedule_files
from mfauto.settings import PROJECT, Settings
from tests.scheduling.test_due import run

EARLIER = "what an earlier run said\n"
TASK = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"


def status(settings: Settings, at: str) -> Status:
    now = datetime.fromisoformat(at).replace(tzinfo=LONDON)
    with read_ledger(settings.folder) as ledger:
        return jobs.status(Run(settings=settings, as_at=now.date(), now=now, ledger=ledger))


def an_email(ledger: Ledger, now: datetime, *states: State) -> None:
    email = Delivery(
        key="k" * 32,
        kind="weekly",
        period="2026-W48",
        recipient="r" * 32,
        role=None,
        channel="outbox",
        state=State.PENDING,
        dated=now,
        tracker="0" * 64,
        items=(),
        changed=now,
    )
    ledger.expect(email, now)
    for state in states:
        ledger.change(email.key, state, now)


def test_before_the_first_run_everything_is_due_and_nothing_is_late(fresh: Settings) -> None:
    found = status(fresh, "2026-11-26 09:00")

    assert found.exit_code == 0
    assert {slot.job.name for slot in found.due} == {"flags", "safety", "reports", "weekly", "pack"}
    assert found.late == ()
    assert [one.done for one in found.last] == [None] * 5


def test_after_a_run_nothing_is_due_and_the_next_times_are_told(settings: Settings) -> None:
    run(settings, "2026-11-24 09:00")

    found = status(settings, "2026-11-24 10:00")

    assert found.exit_code == 0
    assert found.due == ()
    assert [(slot.job.name, f"{slot.opens:%d %H:%M}") for slot in found.coming] == [
        ("flags", "25 06:30"),
        ("safety", "25 06:30"),
        ("reports", "30 07:00"),
        ("weekly", "30 07:00"),
        ("pack", "02 06:30"),
    ]
    assert {one.period for one in found.last} == {"2026-11-24 06:30", "2026-W48", "2026-10"}


@pytest.mark.parametrize(("at", "late"), [("2026-12-01 06:59", 0), ("2026-12-01 07:00", 2)])
def test_a_job_is_late_a_day_after_its_time(settings: Settings, at: str, late: int) -> None:
    run(settings, "2026-11-24 09:00")

    found = status(settings, at)

    assert len([slot for slot in found.late if slot.job.name in ("weekly", "reports")]) == late
    assert found.exit_code == int(bool(found.late))


def test_a_job_tried_in_vain_is_not_fine_until_it_is_done(settings: Settings) -> None:
    lock = settings.folder / ".~lock.Tracker.xlsx#"
    lock.write_text(",Robin,desk,now,x;", encoding="utf-8")
    run(settings, "2026-11-24 09:00")
    assert status(settings, "2026-11-24 09:05").exit_code == 1

    lock.unlink()
    run(settings, "2026-11-24 10:00")
    found = status(settings, "2026-11-24 10:05")
    assert found.exit_code == 0
    assert found.backup is not None
    assert (settings.folder / "backups" / found.backup).exists()


def test_after_a_job_tried_in_vain_the_command_that_says_why_is_named(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lock = settings.folder / ".~lock.Tracker.xlsx#"
    lock.write_text(",Robin,desk,now,x;", encoding="utf-8")
    run(settings, "2026-11-24 09:00")
    monkeypatch.chdir(settings.folder)

    assert main(["status", "--as-at", "2026-11-24"]) == 1

    assert f"see why it failed: {call('run')}" in capsys.readouterr().out


def test_a_tracker_that_is_gone_is_4(settings: Settings) -> None:
    assert settings.tracker
    settings.tracker.unlink()

    found = status(settings, "2026-11-24 09:00")

    assert found.exit_code == 4
    assert "is not there" in str(found.trouble)


@pytest.mark.parametrize("end", [State.UNKNOWN, State.FAILED])
def test_an_email_that_needs_a_person_is_5(settings: Settings, end: State) -> None:
    now = datetime(2026, 11, 24, 9, tzinfo=LONDON)
    with open_ledger(settings.folder, now) as ledger:
        an_email(ledger, now, State.SENDING, end)

    found = status(settings, "2026-11-24 10:00")

    assert (found.unknown, found.failed) == (end is State.UNKNOWN, end is State.FAILED)
    assert found.exit_code == 5
    # What failed long ago was said again in the emails of later weeks.
    assert status(settings, "2026-12-24 10:00").failed == 0


def test_an_email_that_failed_and_was_said_again_later_is_lost_no_more(
    settings: Settings,
) -> None:
    now = datetime(2026, 11, 24, 9, tzinfo=LONDON)
    with open_ledger(settings.folder, now) as ledger:
        an_email(ledger, now, State.SENDING, State.FAILED)
        later = now + timedelta(hours=1)
        again = replace(ledger.deliveries()[0], key="l" * 32, period="2026-W49", dated=later)
        ledger.expect(again, later)
        ledger.change(again.key, State.SENDING, later)
        ledger.change(again.key, State.SENT, later)

    assert status(settings, "2026-11-24 11:00").failed == 0


def test_a_history_that_is_gone_needs_a_person(settings: Settings) -> None:
    run(settings, "2026-11-24 09:00")
    (settings.folder / HISTORY).unlink()

    found = status(settings, "2026-11-24 10:00")

    assert found.exit_code == 5
    assert found.lost is not None
    assert "and it is gone.\nPut back mfauto-history.sqlite3" in found.lost


def test_a_clock_behind_the_history_is_said(settings: Settings) -> None:
    run(settings, "2026-11-24 09:00")

    found = status(settings, "2026-11-16 09:00")

    assert found.behind
    assert found.exit_code == 1


def test_the_command_says_it_in_words_and_for_programs(
    fresh: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(fresh.folder)
    assert main(["status", "--as-at", "2026-11-24"]) == 0
    said = capsys.readouterr().out
    assert "Due now: weekly since Monday 23 November 2026 at 07:00" in said
    assert "Latest backup of the tracker: none yet." in said
    assert "Nothing is late." in said
    assert f"To do now what is due: {call('run')}" in said

    assert main(["status", "--format", "json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert found["exit_code"] == 0
    assert {one["job"] for one in found["next"]} == {"flags", "safety", "reports", "weekly", "pack"}
    assert not list(fresh.folder.glob("mfauto-history*"))


def test_a_dry_run_of_serve_says_how_things_stand_and_ends(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(settings.folder)
    assert main(["serve", "--dry-run"]) == 0
    assert "Next:" in capsys.readouterr().out


# The files that start mfauto

FOLDER = PureWindowsPath(r"C:\Moving Forward & more\100%")
PYTHON = PureWindowsPath(r"C:\Program Files\Python\python.exe")


def test_the_task_runs_in_the_folder_catches_up_and_never_twice_at_once() -> None:
    data = schedule_files(FOLDER, PYTHON)["mfauto-task.xml"]

    assert data.startswith(b"\xff\xfe")  # Task Scheduler reads UTF-16
    task = ET.fromstring(data.decode("utf-16"))  # noqa: S314 - made here
    text = {one.tag.removeprefix(TASK): one.text for one in task.iter()}
    assert text["Command"] == str(PYTHON)
    assert text["Arguments"] == f'"{PROJECT / "run.py"}" run'
    assert text["WorkingDirectory"] == str(FOLDER)
    assert text["StartWhenAvailable"] == "true"
    assert text["MultipleInstancesPolicy"] == "IgnoreNew"
    starts = [one.text for one in task.iter(f"{TASK}StartBoundary")]
    assert [str(start)[11:16] for start in starts] == ["06:30", "07:00", "10:00", "13:00", "16:00"]


def test_the_times_are_those_of_the_settings() -> None:
    settings = replace(Settings(folder=Path()), weekly_time="08:45", daily_times=("07:15", "13:00"))

    timer = schedule_files(FOLDER, PYTHON, settings)["mfauto.timer"].decode()

    assert re.findall(r"OnCalendar=\*-\*-\* (\d\d:\d\d):00 Europe/London", timer) == [
        "07:15",
        "08:45",
        "10:00",
        "13:00",
        "16:00",
    ]
    assert "Persistent=true" in timer


def test_the_units_hold_paths_with_odd_letters() -> None:
    folder, python = PurePosixPath("/srv/moving forward/100%"), PurePosixPath('/opt/a "b"/$x/py')
    files = schedule_files(folder, python)

    for name, verb in (("mfauto.service", "run"), ("mfauto-serve.service", "serve")):
        unit = configparser.ConfigParser(interpolation=None, strict=False)
        unit.optionxform = str  # type: ignore[assignment,method-assign]
        unit.read_string(files[name].decode())
        service = unit["Service"]
        assert service["WorkingDirectory"] == "/srv/moving forward/100%%"
        assert service["ExecStart"] == (f'"/opt/a \\"b\\"/$$x/py" "{PROJECT / "run.py"}" {verb}')


def test_cron_lines_hold_paths_with_odd_letters() -> None:
    folder, python = PurePosixPath("/srv/moving forward/100%"), PurePosixPath("/opt/py's/python")
    lines = schedule_files(folder, python)["mfauto.cron"].decode().splitlines()

    jobs = [line for line in lines if not line.startswith("#")]
    assert [line.split(" cd ")[0] for line in jobs] == [
        "@reboot",
        "30 6 * * *",
        "0 7 * * *",
        "0 10 * * *",
        "0 13 * * *",
        "0 16 * * *",
    ]
    for line in jobs:
        command = shlex.split(line[line.index("cd ") :].replace(r"\%", "%"))
        assert command[:2] == ["cd", str(folder)]
        assert command[6:9] == [str(python), str(PROJECT / "run.py"), "run"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no cron")
def test_cron_keeps_what_the_last_run_said_and_no_more(whole_demo: Path, tmp_path: Path) -> None:
    folder = tmp_path / "it's 100% made up"
    copytree(whole_demo, folder)
    done = subprocess.run(
        [sys.executable, str(PROJECT / "run.py"), "serve", "--files"], cwd=folder, check=True
    )
    assert done.returncode == 0
    lines = (folder / "start-mfauto" / "mfauto.cron").read_text(encoding="utf-8").splitlines()
    log = folder / "mfauto-run.log"
    said = []
    for line in (lines[-1], next(line for line in lines if line.startswith("@reboot"))):
        command = line[line.index("cd ") :].replace(r"\%", "%")  # as cron hands it to the shell
        subprocess.run(["/bin/sh", "-c", f"umask 022; {command}"], check=False)
        said.append(log.read_text(encoding="utf-8"))
        assert stat.S_IMODE(log.stat().st_mode) == 0o600
        log.write_text(f"{said[-1]}{EARLIER * 50_000}", encoding="utf-8")
    assert all(said)
    assert EARLIER not in said[1]


def test_no_place_is_left_to_fill_in() -> None:
    for data in schedule_files(FOLDER, PYTHON).values():
        text = data.decode("utf-16" if data.startswith(b"\xff\xfe") else "utf-8")
        assert not re.search(r"@[A-Z]+@", text)


def test_serve_writes_the_files_with_this_python(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(settings.folder)
    assert main(["serve", "--files"]) == 0
    folder = settings.folder / "start-mfauto"
    assert sorted(path.name for path in folder.iterdir()) == [
        "mfauto-serve.service",
        "mfauto-task.xml",
        "mfauto.cron",
        "mfauto.service",
        "mfauto.timer",
    ]
    assert str(settings.folder) in (folder / "mfauto.service").read_text(encoding="utf-8")
    assert "5 files made" in capsys.readouterr().out
