"""The command that makes a new working folder, with a few questions."""

import argparse
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mfauto import jobs
from mfauto.calling import call
from mfauto.cli.command import Command
from mfauto.cli.mailing import REMIND
from mfauto.errors import MfautoError, UsageError
from mfauto.settings import CONFIG, Settings, Value, may_be, read_settings, whole
from mfauto.wording import counted

if TYPE_CHECKING:
    from mfauto.starting import Started

_STOPPED: Final = "Stopped. Nothing was made."
_PREVIEW: Final = any("--preview" in names for names, _ in REMIND.arguments)
Key = tuple[str, str]


def _words(answer: str) -> Value:
    return answer


def _several(answer: str) -> Value:
    return tuple(answer.replace(",", " ").replace("@", " ").split())


#: section and key, the question, what Enter means in words, and how an answer is read
_QUESTIONS: Final[tuple[tuple[Key, str, str, Callable[[str], Value]], ...]] = (
    (("", "council"), "What is your council called on documents?", "The council", _words),
    (("", "marking"), "Which marking do documents and emails have?", "OFFICIAL-SENSITIVE", _words),
    (
        ("mail", "allowed_domains"),
        "Which email domains may be written to, such as northmoor.example?",
        "any, as emails are only drafts for now",
        _several,
    ),
    (
        ("mail", "fallback"),
        "Which address gets what cannot be addressed?",
        "the SQA Officer on the sheet People",
        _words,
    ),
    (("schedule", "weekly_day"), "On which day are the weekly emails made?", "Monday", _words),
    (("schedule", "weekly_time"), "At what time?", "07:00", _words),
)


def _init(asked: argparse.Namespace, _: Settings) -> int:
    from mfauto.starting import Wanted, start  # noqa: PLC0415 - openpyxl, once in a lifetime

    folder = whole(asked.dir or Path.cwd())
    tracker: Path | None = whole(asked.tracker) if asked.tracker else _only_workbook(folder)
    answers: dict[Key, Value] = {}
    if _person(asked) and not os.path.lexists(folder / CONFIG):
        print(f"A new working folder: {folder}\nEnter takes what is in brackets.\n")
        tracker = tracker if asked.tracker else _tracker(tracker)
        answers = _answers()
    wanted = Wanted(
        folder=folder,
        python=Path(sys.executable).absolute(),
        tracker=tracker,
        answers=answers,
        preview=_PREVIEW,
    )
    started = start(wanted, dry_run=asked.dry_run)
    following = _following(folder, started, dry_run=asked.dry_run)
    if asked.format == "json":
        said = {
            "command": "init",
            "folder": str(folder),
            "made": [str(path) for path in started.made],
            "left": [str(path) for path in started.left],
            "next": following,
        }
        print(json.dumps(said, ensure_ascii=False, indent=1))
    else:
        print("\n".join(_told(folder, started, following, dry_run=asked.dry_run)))
    return 0


def _only_workbook(folder: Path) -> Path | None:
    """Give the workbook that stands in the folder already, where it is the only one."""
    if os.path.lexists(folder / CONFIG):
        return None
    try:
        return jobs.tracker_path(Settings(folder=folder))
    except UsageError:
        return None


def _person(asked: argparse.Namespace) -> bool:
    return (
        not asked.yes
        and asked.format == "text"
        and sys.stdin is not None
        and sys.stdin.isatty()
        and sys.stdout.isatty()
    )


def _tracker(there: Path | None) -> Path | None:
    """Ask for the tracker that is kept already; None: a new one is made."""
    question = "Where is your tracker? Drag its file here, or type its path"
    while True:
        answer = _answer(question, there.name if there else "a new one")
        if not answer:
            return there
        path = Path(answer.strip("\"' ")).expanduser().absolute()
        if path.is_file():
            return path
        print(f"There is no file {path}.")


def _answers() -> dict[Key, Value]:
    found: dict[Key, Value] = {}
    for (section, key), question, default, read in _QUESTIONS:
        while answer := _answer(question, default):
            value = read(answer)
            wrong = may_be(section, key, list(value) if isinstance(value, tuple) else value)
            if wrong is None:
                found[section, key] = value
                break
            print(f"That cannot be used. It must be {wrong}.")
    return found


def _answer(question: str, default: str) -> str:
    try:
        return input(f"{question} [{default}] ").strip()
    except EOFError:
        raise UsageError(_STOPPED) from None


def _following(folder: Path, started: "Started", *, dry_run: bool) -> list[str]:
    """Give the next three commands; a tracker that cannot be read yet needs `adopt` first."""
    doctor, check = call("doctor", folder), call("check", folder)
    look = call(f"remind {'--preview' if _PREVIEW else '--dry-run'}", folder)
    if dry_run or started.tracker in started.made or _reads(folder, started.tracker):
        return [doctor, check, look]
    return [call(f'adopt "{started.tracker}"', folder), doctor, check]


def _reads(folder: Path, tracker: Path | None) -> bool:
    """Say whether the tracker is read as it is: its rows have a case ref."""
    if tracker is None:
        return True
    from mfauto.workbook import read_tracker  # noqa: PLC0415 - the help reads none

    try:
        found = read_tracker(tracker, read_settings(None, folder))
    except MfautoError:
        return False
    return not found.cases or any(case.ref for case in found.cases)


def _told(folder: Path, started: "Started", following: list[str], *, dry_run: bool) -> list[str]:
    verb = "would be made" if dry_run else "made"
    said = [f"{counted(len(started.made), 'file')} {verb} in {folder}:"]
    said += [f"  {name}" for name in _grouped(folder, started.made)]
    if started.left:
        said.append("Left as it was, because it was there:")
        said += [f"  {name}" for name in _grouped(folder, started.left)]
    if started.tracker and started.tracker in started.made and not dry_run:
        said += [
            "",
            f"Open {started.tracker.name} in Excel and enter People first, with Yes under Active.",
            "Nobody is written to before that.",
        ]
    said += ["", "Next:", f'  cd "{folder}"', *(f"  {command}" for command in following)]
    if os.name == "nt":
        said.append('Or double-click "Is everything set up.cmd" in that folder.')
    return said


def _grouped(folder: Path, paths: list[Path]) -> list[str]:
    """Give the names; of a folder of files, its name and how many."""
    inner: dict[str, int] = {}
    names = []
    for path in paths:
        try:
            parts = path.relative_to(folder).parts
        except ValueError:
            parts = (str(path),)
        if len(parts) == 1:
            names.append(parts[0])
        else:
            inner[parts[0]] = inner.get(parts[0], 0) + 1
    return names + [f"{name}{os.sep} ({counted(number, 'file')})" for name, number in inner.items()]


INIT: Final = Command(
    "init",
    "make a new working folder: settings, templates, tracker, files to double-click",
    _init,
    (
        (
            ("dir",),
            {"type": Path, "nargs": "?", "metavar": "DIR", "help": "this folder unless given"},
        ),
        (("--yes",), {"action": "store_true", "help": "ask nothing; take the defaults"}),
    ),
    lenient=True,
)
