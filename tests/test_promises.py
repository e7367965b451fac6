"""What every command promises: nothing personal where it does not belong, no change in a dry run,
no network unless something is to be delivered."""

import email
import email.policy
import hashlib
import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from mfauto.cli import COMMANDS
from mfauto.columns import ACTIONS, CASES, EXAMPLES, MEETINGS, PEOPLE, REAUDITS
from mfauto.demo import demo_rows
from mfauto.template import make_tracker

PROJECT = Path(__file__).parent.parent
AS_AT = date(2026, 10, 12)
CANARY = "Zephyrine Quillfeather"  # made up, and like nothing else in the product
SECRETS = (CANARY, "Quillfeather", "zephyrine.q@example.org", "31 February 1999", "943 476 5919")
FREE_TEXT = {
    sheet.name: [column.field for column in sheet.columns if column.kind == "text"]
    for sheet in (CASES, ACTIONS, REAUDITS, EXAMPLES, MEETINGS)
}
#: commands that ask something, run for ever, or make their own folder
ARGUMENTS: dict[str, list[str]] = {
    "explain": ["MF101"],
    "exceptions": ["--case", "MF-001"],
    "demo": ["another"],
}
SHEET_KEYS = {
    "cases": CASES,
    "actions": ACTIONS,
    "reaudits": REAUDITS,
    "examples": EXAMPLES,
    "meetings": MEETINGS,
    "people": PEOPLE,
}


def a_folder(folder: Path) -> Path:
    """Make a working folder whose tracker holds a canary in every cell of free text."""
    rows: dict[str, Any] = {name: list(found) for name, found in demo_rows(AS_AT).items()}
    for name, sheet in SHEET_KEYS.items():
        fields = FREE_TEXT.get(sheet.name, [])
        fields = [field for field in fields if field != "themes"]
        rows[name] = [
            {**row, **dict.fromkeys(fields, f"{CANARY}, born 31 February 1999, 943 476 5919")}
            for row in rows[name]
        ]
    first = rows["people"][0]["name"]
    for name in ("cases", "actions", "reaudits", "people"):
        rows[name] = [
            {k: CANARY if v == first else v for k, v in row.items()} for row in rows[name]
        ]
    rows["people"][0]["email"] = "zephyrine.q@example.org"
    make_tracker(folder / "Tracker.xlsx", rows)
    (folder / "mfauto.toml").write_text(
        'tracker = "Tracker.xlsx"\n[mail]\nallowed_domains = ["example.org"]\n', encoding="utf-8"
    )
    return folder


def ran(folder: Path, *arguments: str, before: str = "") -> subprocess.CompletedProcess[str]:
    temporary = folder.parent / "temporary"
    temporary.mkdir(exist_ok=True)
    code = f"import sys\n{before}\nfrom mfauto.cli import main\nsys.exit(main(sys.argv[1:]))"
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=folder,
        env={**os.environ, "TMPDIR": str(temporary), "PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def everything(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which everything has been made once."""
    folder = a_folder(tmp_path_factory.mktemp("place") / "")
    day = AS_AT.isoformat()
    for command in ("run", "remind", "exceptions", "pack", "agenda", "good-practice", "letters"):
        if command in {one.name for one in COMMANDS}:
            made = ran(folder, command, "--as-at", day)
            assert made.returncode in (0, 3, 5), (command, made.stderr)
    return folder


def test_something_was_made(used: Path) -> None:
    made = {path.suffix for path in used.rglob("*") if path.is_file()}
    assert {".eml", ".docx", ".sqlite3", ".xlsx"} <= made


def test_the_history_and_the_log_hold_no_name_and_no_free_text(used: Path) -> None:
    files = [*used.glob("mfauto-history*"), *used.glob("*.log")]
    assert files
    for path in files:
        for encoding in ("utf-8", "utf-16-le"):
            content = path.read_bytes().lower()
            assert not [s for s in SECRETS if s.lower().encode(encoding) in content], path


def test_no_file_name_holds_a_name(used: Path) -> None:
    names = " ".join(path.name for path in used.rglob("*")).casefold()
    assert not [secret for secret in SECRETS if secret.casefold() in names]


def test_no_subject_holds_a_name_or_a_case(used: Path) -> None:
    emails = list(used.rglob("*.eml"))
    assert len(emails) > 5
    for path in emails:
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        told = f"{message['Subject']} {message['Message-ID']}".casefold()
        assert "mf-" not in told
        assert not [secret for secret in SECRETS if secret.casefold() in told]


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps the folder's own rights")
def test_what_is_made_is_private_to_its_owner(used: Path) -> None:
    own = ("Tracker.xlsx", "mfauto.toml")  # a person made these
    open_to_others = [
        path.relative_to(used).as_posix()
        for path in used.rglob("*")
        if path.name not in own
        and path.parent.name != "backups"  # a copy has the tracker's own rights
        and path.stat().st_mode & 0o077
    ]
    assert open_to_others == []


def test_nothing_is_left_in_the_temporary_folder(used: Path) -> None:
    left = [path for path in (used.parent / "temporary").rglob("*") if path.is_file()]
    assert left == []


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return a_folder(tmp_path_factory.mktemp("dry"))


@pytest.mark.parametrize("command", [one.name for one in COMMANDS if one.name != "serve"])
def test_a_dry_run_changes_no_byte(untouched: Path, command: str) -> None:
    before = everything(untouched)
    day = (AS_AT + timedelta(days=1)).isoformat()

    made = ran(untouched, command, *ARGUMENTS.get(command, []), "--dry-run", "--as-at", day)

    assert "Traceback" not in made.stderr
    assert "went wrong inside" not in made.stderr, made.stderr
    assert everything(untouched) == before


NO_NETWORK = """
def refuse(event, arguments):
    own = ("socket.__new__", "socket.gethostname")  # what asks nobody else
    if event.startswith("socket.") and event not in own:
        raise OSError(f"the network was used: {event}")
sys.addaudithook(refuse)
"""


def test_the_network_is_watched(tmp_path: Path) -> None:
    asks = f"{NO_NETWORK}\nimport socket\nsocket.getaddrinfo('example.invalid', 80)"
    assert "the network was used" in ran(tmp_path, "rules", before=asks).stderr


def test_all_but_live_sending_works_without_a_network(tmp_path: Path) -> None:
    folder = tmp_path / "place"
    folder.mkdir()
    a_folder(folder)
    for command in ("check", "run", "remind", "pack", "agenda", "good-practice"):
        made = ran(folder, command, "--as-at", AS_AT.isoformat(), before=NO_NETWORK)
        assert "network" not in made.stderr
        assert made.returncode in (0, 3, 5), (command, made.stderr)
