"""What every command promises: nothing personal where it does not belong, no change in a dry run,
no network unless something is to be delivered."""

import email
import email.policy
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from mfauto.cli import commands, main
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
#: how each command is called where it needs more than its name; the others are called without
CALLS: dict[str, list[list[str]]] = {
    "adopt": [["Tracker.xlsx", "--yes"]],
    "demo": [["another"]],
    "exceptions": [[], ["--case", "MF-001"]],
    "explain": [["MF101"]],
    "init": [["new", "--yes"]],
    "inspect": [["Tracker.xlsx"], ["Tracker.xlsx", "--format", "json"]],
    "letters": [[], ["--again"]],
    "purge": [["--yes"]],
    "release": [["--yes"]],
    "remind": [["--preview"], [], ["--again"]],
    "restore": [[], ["LATEST", "--yes"]],
    "run": [[], ["--trackers", ".", "--workers", "1"]],
    "serve": [["--files"]],
    "templates": [["check"], ["fields"]],
}
#: what is made in turn, before all the other commands
FIRST = ("run", "remind", "hold", "exceptions", "pack", "agenda", "good-practice", "letters")
#: where names and free text stand for the people who need them; nowhere else may they
PERSONAL = (
    *("Tracker.xlsx", "backups", "exception-reports", "assurance-packs", "agendas"),
    *("good-practice", "outbox", "held", "preview", "all-trackers", "board.html", "calendars"),
    *("another", "new"),  # working folders of their own
)
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
    code = f"import sys\n{before}\nfrom mfauto.cli import main\nsys.exit(main(sys.argv[1:]))"
    return run_python(folder, code, *arguments)


def run_python(folder: Path, code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    temporary = folder.parent / "temporary"
    temporary.mkdir(exist_ok=True)
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=folder,
        env={
            **os.environ,
            **dict.fromkeys(("TMPDIR", "TMP", "TEMP", "HOME", "USERPROFILE"), str(temporary)),
            "PYTHONPATH": str(PROJECT),
        },
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )


def everything(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


#: calls main() for each of the lines it is given, and tells what each said
EACH = """
import contextlib, io, json, sys
from mfauto.cli import main
told = []
for arguments in json.loads(sys.argv[1]):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(arguments)
    told.append([arguments[0], code, out.getvalue(), err.getvalue()])
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """Make a folder in which every command has been run; give it with what each said."""
    folder = a_folder(tmp_path_factory.mktemp("place") / "")
    others = sorted({one.name for one in commands()} - {*FIRST})
    calls = [
        [command, *arguments, "--as-at", AS_AT.isoformat()]
        for command in (*FIRST, *others)
        for arguments in CALLS.get(command, [[]])
    ]
    made = run_python(folder, EACH, json.dumps(calls))
    assert made.returncode == 0, made.stderr
    said: dict[str, str] = {}
    for command, code, out, err in json.loads(made.stdout):
        assert code != 1, (command, err)
        assert code in (0, 3, 5) or command not in FIRST, (command, err)
        said[command] = said.get(command, "") + out + err
    broken = ran(folder, "check", before=BUG)
    assert broken.returncode == 1
    assert CANARY not in broken.stdout + broken.stderr
    return folder, said


@pytest.fixture(scope="module")
def used(lived_in: tuple[Path, dict[str, str]]) -> Path:
    return lived_in[0]


BUG = f"""
def broken(*arguments, **options):
    raise ValueError("{CANARY}, zephyrine.q@example.org")
import mfauto.jobs.reviewing
mfauto.jobs.reviewing.review = broken
"""


def test_something_was_made(used: Path) -> None:
    made = {path.suffix for path in used.rglob("*") if path.is_file()}
    assert {".eml", ".docx", ".sqlite3", ".xlsx", ".html", ".log"} <= made
    for name in PERSONAL:
        assert (used / name).exists() or name == "held", name
    assert "ValueError" in (used / "mfauto.log").read_text(encoding="utf-8")


def holding(path: Path) -> list[str]:
    content = path.read_bytes().lower()
    return [
        secret
        for secret in SECRETS
        for encoding in ("utf-8", "utf-16-le")
        if secret.lower().encode(encoding) in content
    ]


def test_nothing_but_what_is_for_people_holds_a_name_or_free_text(used: Path) -> None:
    """History, log, lock, settings, files for the system: and whatever is made one day."""
    seen = set()
    for path in used.rglob("*"):
        if path.is_file() and path.relative_to(used).parts[0] not in PERSONAL:
            assert holding(path) == [], path
            seen.add(path.name)
    assert {"mfauto-history.sqlite3", "mfauto-history.lock", "mfauto.log"} <= seen


def test_the_canary_is_found_where_it_may_stand(used: Path) -> None:
    """Else the other tests would find nothing wherever it stood."""
    found = [path for path in (used / "preview").rglob("*") if path.is_file() and holding(path)]
    assert found
    assert any(CANARY in words(path) for path in (used / "exception-reports").glob("*.docx"))


def words(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        return re.sub("<[^>]+>", "", archive.read("word/document.xml").decode("utf-8"))


def test_good_practice_sheets_hold_no_name(used: Path) -> None:
    sheets = list((used / "good-practice").glob("*.docx"))
    assert sheets
    for path in sheets:
        told = words(path)
        assert not [secret for secret in SECRETS[:3] if secret in told], path


@pytest.mark.parametrize("command", ["inspect", "doctor", "status", "templates", "purge"])
def test_what_may_be_shown_to_whoever_helps_says_no_cell(
    lived_in: tuple[Path, dict[str, str]], command: str
) -> None:
    told = lived_in[1][command].casefold()
    assert told
    assert not [secret for secret in SECRETS if secret.casefold() in told]


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


@pytest.fixture(scope="module")
def old(used: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The used folder years later, when there is something to purge, restore and release."""
    folder = tmp_path_factory.mktemp("old") / "w"
    shutil.copytree(used, folder)
    for path in folder.rglob("*"):
        os.utime(path, (1_600_000_000, 1_600_000_000))
    return folder


@pytest.mark.parametrize("place", ["untouched", "old"])
@pytest.mark.parametrize("command", [one.name for one in commands()])
def test_a_dry_run_changes_no_byte(
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    place: str,
    command: str,
) -> None:
    folder: Path = request.getfixturevalue(place)
    monkeypatch.chdir(folder)
    before = everything(folder.parent)
    day = (AS_AT + timedelta(days=1)).isoformat()

    for arguments in CALLS.get(command, [[]]):
        code = main([command, *arguments, "--dry-run", "--as-at", day])

        said = capsys.readouterr()
        assert code != 1, said.err
        assert "went wrong inside" not in said.err
        assert everything(folder.parent) == before


def test_there_is_something_to_purge_in_the_old_folder(
    old: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(old)
    assert main(["purge", "--dry-run"]) == 0
    assert "email drafts, the oldest" in capsys.readouterr().out


#: what may be there when all that is old was purged, and why; everything else has to be gone
KEPT = {
    r"Tracker\.xlsx|Moving Forward tracker\.xlsx": "the tracker: it is the council's",
    r"backups/.+\.xlsx": "the newest whole backup of the tracker",
    r"mfauto\.toml(\.bak)?|\.env\.example": "settings",
    r"mfauto-history\.(sqlite3|lock)": "the history; what it holds is looked at below",
    r"mfauto\.log": "the log, of which old lines are gone",
    r"start-mfauto/[\w.-]+": "what starts it",
}


@pytest.mark.parametrize("place", ["", "another"])
def test_nothing_personal_of_ours_is_left_once_it_is_old_and_purged(
    used: Path, tmp_path: Path, place: str
) -> None:
    """Whatever a command makes one day, a purge has to know it."""
    folder = tmp_path / "w"
    shutil.copytree(used / place, folder, ignore=shutil.ignore_patterns("another", "new"))
    drafts = list((folder / "outbox").glob("*.eml"))
    second = folder / "outbox" / f"{AS_AT}.2-safety-0123456789ab.eml"
    for begun in (drafts[0].with_name(f".{drafts[0].name}.part"), second):
        shutil.copyfile(drafts[0], begun)
    half = folder / "exception-reports" / ".mfauto-0123456789abcdef.tmp"
    shutil.copyfile(next((folder / "exception-reports").glob("*.docx")), half)
    (folder / "mfauto-run.log").write_text("MF-001: as cron's runs say it", encoding="utf-8")
    assert case_refs(folder)

    for year in (2040, 2041):  # what the first notes is the newest, and lets the rest go
        code = PURGE.format(year=year)
        done = run_python(folder, code)
        assert done.returncode == 0, done.stderr

    left = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert [name for name in left if not any(re.fullmatch(kept, name) for kept in KEPT)] == []
    assert sum(name.startswith("backups/") for name in left) <= 1
    assert case_refs(folder) == set()


PURGE = """
from datetime import datetime
from pathlib import Path
from mfauto import jobs
from mfauto.ledger import open_ledger
from mfauto.schedule import LONDON
from mfauto.settings import read_settings
now = datetime({year}, 1, 5, 7, tzinfo=LONDON)
with open_ledger(Path.cwd(), now) as ledger:
    settings = read_settings(None, Path.cwd())
    jobs.purge(jobs.Run(settings=settings, as_at=now.date(), now=now, ledger=ledger))
"""


def case_refs(folder: Path) -> set[bytes]:
    """Give the case refs that stand in the history's file, wherever in it."""
    return set(re.findall(rb"MF-\d{3}", (folder / "mfauto-history.sqlite3").read_bytes()))


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
