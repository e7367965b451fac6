"""The pages about emails and the schedule say what the program does."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mfauto.jobs import Status
from mfauto.letters import KINDS
from mfauto.schedule import JOBS
from mfauto.settings import CONFIG, PROJECT, read_settings

PAGES = ("emails.md", "schedule.md")


def page(name: str) -> str:
    return (PROJECT / "docs" / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", PAGES)
def test_the_settings_of_a_page_can_be_used(name: str, tmp_path: Path) -> None:
    (block,) = re.findall(r"```toml\n(.*?)```", page(name), re.DOTALL)
    (tmp_path / CONFIG).write_text(block, encoding="utf-8")

    read_settings(None, tmp_path)


@pytest.mark.parametrize("name", PAGES)
def test_the_pictures_of_a_page_are_there(name: str) -> None:
    for picture in re.findall(r"\]\((pictures/[^)]+)\)", page(name)):
        assert (PROJECT / "docs" / picture).is_file()


def test_the_page_names_every_job_letter_and_file_of_words() -> None:
    schedule, emails = page("schedule.md"), page("emails.md")
    assert all(f"| `{job.name}`" in schedule for job in JOBS)
    assert all(f"| `{kind}`" in emails for kind in KINDS)
    for path in (PROJECT / "templates" / "emails").iterdir():
        assert f"`{path.name}`" in emails


def test_the_page_names_every_exit_code_of_status() -> None:
    told = {int(code) for code in re.findall(r"^\| (\d) \|", page("schedule.md"), re.MULTILINE)}

    def code(**fields: object) -> int:
        fine: dict[str, object] = {
            "now": datetime(2026, 11, 2, tzinfo=UTC),
            "tracker": "x",
            "trouble": None,
            "last": (),
            "due": (),
            "late": (),
            "coming": (),
            "unknown": 0,
            "failed": 0,
            "held": 0,
            "held_since": None,
            "on_hold": False,
            "lost": None,
            "behind": False,
            "backup": None,
            "backed_up": None,
        }
        return Status(**{**fine, **fields}).exit_code  # type: ignore[arg-type]

    found = {code(), code(behind=True), code(failed=1), code(unknown=1, trouble="gone")}
    assert found | {2} == told  # 2 is said before status begins
