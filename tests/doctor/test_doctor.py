"""`doctor`: each broken set-up is named with its fix, and a sound one is found in order."""

import hashlib
import io
import json
import os
import shlex
import subprocess
import sys
import time
from datetime import date, datetime
from pathlib import Path

import pytest

from mfauto.cli import main, parser
from mfauto.doctor import CHECKS, IN_ORDER, LOOK, NOT_CHECKED, WRONG, Result, Situation, examine
from mfauto.doctor import exit_code as code_of
from mfauto.doctor.computer import of_python
from mfauto.doctor.place import of_space
from mfauto.doctor.requirements import Requirement, bounds_said, requirement, within
from mfauto.doctor.situation import Found
from mfauto.errors import SettingsError
from mfauto.jobs import Run, hold
from mfauto.ledger import open_ledger
from mfauto.schedule import LONDON
from mfauto.settings import PROJECT, Settings, read_settings
from tests.delivering.servers import smtp_server
from tests.doctor.broken import Broken, all_broken, env, setting
from tests.doctor.conftest import AS_AT, NOW

#: checks of the computer itself, which a folder cannot break
OF_THE_COMPUTER = {"python", "packages", "bank_holidays", "libreoffice", "space", "long_paths"}


def situation(folder: Path, *, windows: bool = False, now: datetime = NOW) -> Situation:
    try:
        settings, trouble = read_settings(None, folder), None
    except SettingsError as error:
        settings, trouble = Settings(folder=folder), error
    return Situation(settings, as_at=now.date(), now=now, trouble=trouble, windows=windows)


def examined(folder: Path, *, now: datetime = NOW) -> list[Result]:
    return list(examine(situation(folder, now=now)))


def looked_at(name: str, at: Situation) -> list[Found]:
    return list(next(check for check in CHECKS if check.name == name).look(at))


def everything(folder: Path) -> dict[Path, str]:
    return {
        path: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_sound_folder_is_in_order_and_looking_changes_nothing(folder: Path) -> None:
    before = everything(folder)
    results = examined(folder)
    assert everything(folder) == before
    assert [one for one in results if one.found.verdict in (WRONG, LOOK)] == []
    assert {one.check.name for one in results} == {check.name for check in CHECKS}
    unchecked = {one.check.name for one in results if one.found.verdict == NOT_CHECKED}
    assert unchecked == {"long_paths"}
    assert code_of(results) == 0


@pytest.mark.parametrize("broken", list(all_broken()), ids=str)
def test_a_broken_set_up_is_named_with_its_fix(broken: Broken, folder: Path) -> None:
    broken.does(folder)

    all_found = looked_at(broken.check, situation(folder))

    found = [one for one in all_found if one.verdict == broken.verdict]
    assert len(found) == 1, all_found
    assert broken.said in found[0].said
    assert broken.fix in found[0].fix
    assert found[0].code == broken.code
    assert broken.command in found[0].command
    assert "\n" not in found[0].said + found[0].fix


def test_every_check_of_a_folder_is_broken_at_least_once() -> None:
    assert {one.check for one in all_broken()} | OF_THE_COMPUTER == {one.name for one in CHECKS}


def test_every_next_command_is_one_that_mfauto_takes() -> None:
    commands = {one.command for one in all_broken() if one.command}
    for command in commands - {"adopt"}:
        words = shlex.split(command.replace("DIR", "new"))
        assert parser().parse_args(words).command == words[0]


def test_all_faults_of_the_settings_are_told_at_once(folder: Path) -> None:
    (folder / "mfauto.toml").write_text('concil = "x"\n[schedule]\nweekly_day = "Mon"\n')
    assert len(looked_at("settings", situation(folder))) == 2


def test_a_folder_with_several_faults_tells_them_all_and_takes_the_highest_code(
    folder: Path,
) -> None:
    (folder / "mfauto.toml").write_text('concil = "x"\n', encoding="utf-8")
    (folder / "Tracker.xlsx").write_bytes(b"no workbook")
    results = examined(folder)
    bad = [one for one in results if one.found.verdict == WRONG]
    assert {one.check.name for one in bad} == {"settings", "tracker"}
    assert code_of(results) == 4
    for one in results:
        assert bool(one.found.fix) == (one.found.verdict in (WRONG, LOOK))


# The computer


@pytest.mark.parametrize(
    ("version", "wide", "verdict", "said"),
    [
        ((3, 11, 0), True, IN_ORDER, "64 bits"),
        ((3, 10, 9), True, WRONG, "needs 3.11"),
        ((3, 12, 1), False, LOOK, "32 bits"),
    ],
)
def test_a_python_is_judged_by_version_and_width(
    version: tuple[int, ...], verdict: str, said: str, *, wide: bool
) -> None:
    found = of_python(version, wide=wide)
    assert found.verdict == verdict
    assert said in found.said


@pytest.mark.parametrize(
    ("free", "verdict"),
    [(99_999_999, WRONG), (100_000_000, LOOK), (999_999_999, LOOK), (1_000_000_000, IN_ORDER)],
)
def test_a_drive_is_judged_by_what_is_free(free: int, verdict: str) -> None:
    assert of_space(free).verdict == verdict


def test_a_folder_too_deep_for_windows_is_told(folder: Path) -> None:
    assert looked_at("long_paths", situation(folder, windows=True))[0].verdict == IN_ORDER
    deep = folder / ("very " * 40).strip() / ("deep " * 10).strip()
    deep.mkdir(parents=True)
    assert looked_at("long_paths", situation(deep, windows=True))[0].verdict == LOOK


@pytest.mark.parametrize(("year", "verdict"), [(2059, IN_ORDER), (2060, WRONG)])
def test_bank_holidays_must_cover_the_coming_year(folder: Path, year: int, verdict: str) -> None:
    now = datetime(year, 6, 1, 9, tzinfo=LONDON)
    assert looked_at("bank_holidays", situation(folder, now=now))[0].verdict == verdict


@pytest.mark.parametrize(
    ("version", "inside"),
    [
        ("2.2.9", False),
        ("2.3", True),
        ("2.3.0rc1", True),
        ("3.10.1", True),
        ("4.0.0", False),
    ],
)
def test_a_version_lies_within_its_bounds_or_not(version: str, *, inside: bool) -> None:
    need = requirement("pandas>=2.3,<4", "linux")
    assert need == Requirement("pandas", ((">=", "2.3"), ("<", "4")))
    assert within(version, need) is inside
    assert bounds_said(need) == "from 2.3, below 4"


def test_what_only_windows_needs_is_asked_for_there_alone() -> None:
    line = 'tzdata>=2026.1; sys_platform == "win32"'
    assert requirement(line, "linux") is None
    assert requirement(line, "win32") == Requirement("tzdata", ((">=", "2026.1"),))


@pytest.mark.skipif(os.name == "nt", reason="links to folders need a right on Windows")
def test_a_package_that_is_missing_is_named_and_the_other_checks_are_made(
    folder: Path, tmp_path: Path
) -> None:
    import docxtpl  # noqa: PLC0415 - to find where packages are

    packages = tmp_path / "packages"
    packages.mkdir()
    for path in Path(docxtpl.__file__).parent.parent.iterdir():
        if not path.name.startswith("docxtpl"):
            (packages / path.name).symlink_to(path)
    done = subprocess.run(
        [sys.executable, "-S", "-m", "mfauto", "doctor", "--format", "json"],
        cwd=folder,
        env={"PYTHONPATH": f"{PROJECT}{os.pathsep}{packages}", "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    checks = json.loads(done.stdout)["checks"]
    said = {one["check"]: one for one in checks}
    assert done.returncode == 2, done.stderr
    assert said["packages"]["said"] == "docxtpl is not installed."
    assert said["templates"]["verdict"] == "not checked"
    assert said["layout"]["verdict"] == "in order"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows takes no time zone from TZ")
def test_a_computer_in_another_time_zone_is_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    if sys.platform != "win32":
        time.tzset()
    (found,) = looked_at("clock", situation(folder))
    assert found.verdict == LOOK
    assert "goes by another time" in found.said
    assert "17:30" in found.said


# The command


def test_the_text_says_each_verdict_in_words_with_the_next_command_on_its_own_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["doctor"]) == 2
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("  WRONG         Tracker:") for line in lines)
    assert any(line.startswith("  LOOK AT THIS  Settings:") for line in lines)
    assert any(line.strip().endswith(" init") for line in lines)
    assert lines[-1].endswith("not checked.")
    assert all(line.isascii() for line in lines)


def test_json_is_one_object_with_every_check_also_of_another_folder(
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    named = ["--config", str(folder / "mfauto.toml"), "--as-at", AS_AT.isoformat()]
    code = main(["doctor", "--format", "json", *named])
    said = json.loads(capsys.readouterr().out)
    assert said["exit_code"] == code
    checks = {one["check"]: one for one in said["checks"]}
    assert set(checks) == {check.name for check in CHECKS}
    assert checks["settings"]["said"] == str(folder / "mfauto.toml")
    assert checks["tracker"]["verdict"] == "in order"


def test_as_at_is_a_day_like_any_other(folder: Path) -> None:
    late = situation(folder, now=datetime.combine(date(2026, 11, 30), NOW.timetz()))
    assert looked_at("schedule", late)[0].verdict == LOOK


# Passwords


def test_secrets_are_named_and_never_shown(folder: Path) -> None:
    (found,) = looked_at("secrets", situation(folder))
    assert found.verdict == IN_ORDER
    env(folder, "MFAUTO_SMTP_PASSWORD=hunter2\n# MFAUTO_OTHER=1\n")
    (found,) = looked_at("secrets", situation(folder))
    assert (found.verdict, found.said) == (IN_ORDER, ".env holds 1 name")


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps the folder's own rights")
def test_secrets_that_others_may_read_are_told(folder: Path) -> None:
    env(folder, "MFAUTO_SMTP_PASSWORD=hunter2\n")
    (folder / ".env").chmod(0o644)
    (found,) = looked_at("secrets", situation(folder))
    assert (found.verdict, found.command) == (LOOK, f'chmod 600 "{folder / ".env"}"')


# Emails that leave


def live(folder: Path, port: int) -> None:
    setting(folder, 'delivery = "smtp"', "mail")
    setting(folder, "live = true", "mail")
    setting(folder, 'sender = "mf@example.org"', "mail")
    text = (folder / "mfauto.toml").read_text(encoding="utf-8")
    server = f'\n[smtp]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\n'
    (folder / "mfauto.toml").write_text(text.replace("\n[smtp]\n", server), encoding="utf-8")


def test_a_mail_server_is_asked_and_nothing_is_sent(folder: Path) -> None:
    with smtp_server() as (truth, port):
        live(folder, port)
        (found,) = looked_at("delivery", situation(folder))
        assert found.verdict == IN_ORDER, found
        truth.answers["RCPT"].append("550 no such reader")
        (found,) = looked_at("delivery", situation(folder))
    assert (found.verdict, found.code) == (WRONG, 5)
    assert "refused the recipient" in found.said + found.fix
    assert truth.accepted == []


def test_a_mail_server_that_is_not_there_is_named(folder: Path) -> None:
    with smtp_server() as (_, port):
        pass
    live(folder, port)
    (found,) = looked_at("delivery", situation(folder))
    assert (found.verdict, found.code) == (WRONG, 5)


def test_a_dry_run_asks_no_mail_server(folder: Path) -> None:
    live(folder, 9)
    dry = Situation(read_settings(None, folder), as_at=AS_AT, now=NOW, dry_run=True)
    assert looked_at("delivery", dry)[0].verdict == NOT_CHECKED


def test_emails_on_hold_and_held_wait_for_a_person(folder: Path) -> None:
    with open_ledger(folder, NOW) as ledger:
        run = Run(settings=read_settings(None, folder), as_at=AS_AT, now=NOW, ledger=ledger)
        hold(run)
    (found,) = looked_at("emails", situation(folder))
    assert found.verdict == LOOK
    assert "on hold" in found.said
    assert found.command.endswith("release")


def test_several_trackers_are_looked_for(folder: Path) -> None:
    config = folder / "mfauto.toml"
    config.write_text('trackers = ["Tracker.xlsx", "North"]', encoding="utf-8")
    (found,) = looked_at("tracker", situation(folder))
    assert (found.verdict, found.code) == (WRONG, 4)
    assert "North is not there" in found.said
    (folder / "North").mkdir()
    (found,) = looked_at("tracker", situation(folder))
    assert found.verdict == IN_ORDER


def test_in_a_narrow_terminal_its_lines_are_as_narrow(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Screen(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.chdir(folder)
    monkeypatch.setenv("COLUMNS", "60")
    screen = Screen()
    monkeypatch.setattr("sys.stdout", screen)

    main(["doctor", "--tracker", "Nothing.xlsx"])

    words = [line for line in screen.getvalue().splitlines() if "/" not in line]  # paths stay whole
    assert "What to do:" in screen.getvalue()
    assert max(map(len, words)) < 60
