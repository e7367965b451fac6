"""Settings: what may stand in mfauto.toml, and what is said when something may not."""

import os
from datetime import date
from pathlib import Path

import pytest

from mfauto.errors import SettingsError
from mfauto.policy import DAYS, WORKING_DAYS, Limit
from mfauto.settings import CONFIG, read_settings, whole


def written(folder: Path, text: str) -> Path:
    path = folder / CONFIG
    path.write_text(text, encoding="utf-8")
    return path


def test_without_a_file_the_defaults_serve(tmp_path: Path) -> None:
    settings = read_settings(None, tmp_path)
    assert settings.folder == tmp_path
    assert settings.policy.limits["exception_report"] == Limit(28, DAYS, "C09")
    assert settings.mail.delivery == "outbox"
    assert not settings.mail.live


def test_every_kind_of_setting_is_read(tmp_path: Path) -> None:
    written(
        tmp_path,
        """
tracker = "Tracker 2026.xlsx"
marking = "OFFICIAL"
suppress_small_numbers = true
[titles]
assistant_executive_director = "Assistant Director"
[process]
reaudit_from = "audit"
closure_days = [2026-12-24]
[limits]
alert_managers = "2 working days"
exception_report = "4 weeks"
panel_review = "1 month"
[sheets]
Cases = "Audit tracker"
[headings.Cases]
"Meeting held" = "Mtg held"
[mail]
allowed_domains = ["Example.org"]
fallback = "sqa@example.org"
head_of_service_after = "15 working days"
[schedule]
weekly_day = "tuesday"
weekly_time = "08:30"
pack_workday = 3
daily_times = ["13:00", "06:30"]
on_bank_holiday = "Same day"
""",
    )
    settings = read_settings(None, tmp_path)
    assert settings.tracker == tmp_path / "Tracker 2026.xlsx"
    assert settings.marking == "OFFICIAL"
    assert settings.suppress_small_numbers
    assert settings.aed_title == "Assistant Director"
    assert settings.policy.reaudit_from == "audit"
    assert settings.policy.workdays.after(date(2026, 12, 23), 1) == date(2026, 12, 29)
    assert settings.policy.limits["alert_managers"] == Limit(2, WORKING_DAYS)
    assert settings.policy.limits["exception_report"] == Limit(28, DAYS, "C09")
    assert settings.sheets == {"Cases": "Audit tracker"}
    assert settings.headings == {"Cases": {"Meeting held": "Mtg held"}}
    assert settings.mail.allowed_domains == ("example.org",)
    assert settings.mail.head_of_service_after == Limit(15, WORKING_DAYS)
    assert (settings.weekly_day, settings.weekly_time) == ("Tuesday", "08:30")
    assert settings.pack_workday == 3
    assert settings.daily_times == ("06:30", "13:00")
    assert settings.on_bank_holiday == "same day"


def test_a_changed_limit_is_no_longer_the_processes_own(tmp_path: Path) -> None:
    written(tmp_path, '[limits]\nexception_report = "21 days"\n')
    assert not read_settings(None, tmp_path).policy.limits["exception_report"].is_source


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('trakcer = "a.xlsx"', 'Did you mean "tracker"?'),
        ("[limts]\n", 'Did you mean "[limits]"?'),
        ('[limits]\nalert_manager = "1 day"', 'Did you mean "alert_managers"?'),
        ("[limits]\nalert_managers = 3", "a stretch of time"),
        ('[limits]\nalert_managers = "soon"', "a stretch of time"),
        ('suppress_small_numbers = "yes"', "true or false"),
        ('[process]\nreaudit_from = "today"', '"meeting" or "audit"'),
        ('[process]\nclosure_days = ["24/12/2026"]', "a list of days"),
        ('[mail]\nfallback = "Sky Example"', "one email address"),
        ('[mail]\nfallback = "a@example.org, b@example.org"', "one email address"),
        ('[mail]\nallowed_domains = "example.org"', "a list of domains"),
        ('[mail]\npassword = "hunter2"', "put it in .env"),
        ('smtp_password = "hunter2"', "put it in .env"),
        ('[schedule]\nweekly_day = "Mon"', '"Monday"'),
        ('[schedule]\nweekly_time = "7am"', "a time of day"),
        ("[schedule]\npack_workday = 0", "from 1 to 15"),
        ("[schedule]\ndaily_times = []", "times of day"),
        ('[schedule]\non_bank_holiday = "never"', "next working day"),
        ('[sheets]\nCase = "x"', 'Did you mean "Cases"?'),
        ('[headings.Cases]\n"Meeting date" = "x"', "is not a setting"),
        ('[headings.Casess]\n"Meeting held" = "x"', 'Did you mean "Cases"?'),
        ('tracker = "a\\nb.xlsx"', "a text on one line"),
        ("tracker = ", "cannot be read"),
    ],
)
def test_what_cannot_be_used_is_refused_with_file_key_and_what_it_may_be(
    tmp_path: Path, text: str, said: str
) -> None:
    path = written(tmp_path, text)
    with pytest.raises(SettingsError) as caught:
        read_settings(None, tmp_path)
    assert str(path) in str(caught.value)
    assert said in str(caught.value)
    assert caught.value.exit_code == 2


def test_a_secret_is_never_repeated(tmp_path: Path) -> None:
    written(tmp_path, '[mail]\npassword = "hunter2"')
    with pytest.raises(SettingsError) as caught:
        read_settings(None, tmp_path)
    assert "hunter2" not in str(caught.value)


def test_a_file_that_is_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no such file"):
        read_settings(tmp_path / "other.toml", tmp_path)


def test_a_folder_named_as_the_settings_is_told_which_file_to_name(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as refused:
        read_settings(tmp_path, tmp_path)

    assert f'--config "{tmp_path / CONFIG}"' in str(refused.value)


def test_a_way_up_and_down_again_is_left_out_of_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program, folder = tmp_path / "mfauto", tmp_path / "Moving Forward"
    for one in (program, folder):
        one.mkdir()
    (folder / CONFIG).write_text("", encoding="utf-8")
    monkeypatch.chdir(program)

    assert read_settings(Path("../Moving Forward", CONFIG), program).folder == folder


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_way_up_from_behind_a_link_is_kept(tmp_path: Path) -> None:
    far = tmp_path / "far" / "away"
    far.mkdir(parents=True)
    (tmp_path / "link").symlink_to(far)

    assert whole(tmp_path / "link" / ".." / "x") == tmp_path / "link" / ".." / "x"


def test_a_file_saved_by_windows_notepad_is_read(tmp_path: Path) -> None:
    (tmp_path / CONFIG).write_bytes('\ufeffmarking = "OFFICIAL"\r\n'.encode())
    assert read_settings(None, tmp_path).marking == "OFFICIAL"


def test_a_file_in_another_encoding_is_refused_plainly(tmp_path: Path) -> None:
    (tmp_path / CONFIG).write_bytes('council = "Café"'.encode("cp1252"))
    with pytest.raises(SettingsError, match="Save it again as UTF-8"):
        read_settings(None, tmp_path)


def test_all_that_is_wrong_with_a_file_is_told_at_once(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        """
trakcer = "a.xlsx"
[schedule]
weekly_day = "Mon"
weekly_time = "7am"
[mail]
password = "hunter2"
[headings.Cases]
"Meeting date" = "x"
"Case ref" = 3
[other]
""",
    )
    with pytest.raises(SettingsError) as caught:
        read_settings(None, tmp_path)
    lines = str(caught.value).splitlines()
    assert len(lines) == 7
    assert all(line.startswith(f"{path}: ") for line in lines)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('tracker = "C:\\Users\\Ada\\Tracker.xlsx"', "In a path, write /"),
        ("tracker = Tracker.xlsx", 'A text needs quotation marks: tracker = "Tracker.xlsx"'),
        ("tracker = \u201cTracker.xlsx\u201d", "Use straight quotation marks"),
        ('tracker = "Tracker.xlsx', "A quotation mark is missing"),
        ("suppress_small_numbers = yes", "Write true or false, in small letters"),
        ("suppress_small_numbers = True", "Write true or false, in small letters"),
        ("Our tracker", 'A setting has a name, "=" and a value'),
        ("[keep]\n[keep]", "This heading is there twice"),
        ('council = "A"\ncouncil = "B"', "This setting is there twice"),
        ("[keep", "docs/settings.md shows"),
    ],
)
def test_a_slip_of_the_pen_is_told_with_its_line_and_what_to_write(
    tmp_path: Path, line: str, said: str
) -> None:
    (tmp_path / "mfauto.toml").write_text(f"# ours\n{line}\n", encoding="utf-8")
    with pytest.raises(SettingsError) as raised:
        read_settings(None, tmp_path)
    number = 2 + line.count("\n")
    assert f"mfauto.toml, line {number}: this cannot be read: {line.splitlines()[-1]}" in str(
        raised.value
    )
    assert said in str(raised.value)
