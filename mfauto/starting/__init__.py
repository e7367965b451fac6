"""A new working folder: settings, templates, tracker, and what starts mfauto by a double click.

Nothing that is there is ever written over; it is named as left.
"""

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Final

from mfauto.calling import call, is_own
from mfauto.errors import SettingsError, UsageError
from mfauto.schedule_files import schedule_files
from mfauto.setting_words import secrets_example
from mfauto.settings import CONFIG, PROJECT, TEMPLATES, Settings, Value, read_settings
from mfauto.starting.launchers import launchers
from mfauto.starting.settings_file import settings_file
from mfauto.template import make_template

__all__ = ["Started", "Wanted", "start"]

NEW_TRACKER: Final = "Tracker.xlsx"
SECRETS: Final = ".env.example"
SYSTEM: Final = "start-mfauto"
_TEMPLATES: Final = "templates"
_OF_PEOPLE: Final = ("*.docx", "emails/*.*", "board/*.*")


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """What a new working folder is to be."""

    folder: Path
    python: Path  #: the Python that has mfauto, with its whole path
    tracker: Path | None = None  #: one that is kept already; None: a new one is made
    answers: Mapping[tuple[str, str], Value] = field(default_factory=dict)  #: section and key
    preview: bool = False  #: `remind` has --preview; else --dry-run is used


@dataclass(slots=True)
class Started:
    """What was made, and what was there already and left as it was."""

    tracker: Path | None  #: None where settings that were there name none
    made: list[Path] = field(default_factory=list)
    left: list[Path] = field(default_factory=list)


def start(wanted: Wanted, *, dry_run: bool = False) -> Started:
    """Make a working folder, or what a folder lacks to be one.

    Raises:
        UsageError: the folder cannot be one, or the tracker is not there.

    """
    folder = wanted.folder
    _check(folder, wanted.tracker)
    tracker = wanted.tracker or folder / NEW_TRACKER
    answers = {
        **wanted.answers,
        ("", "tracker"): _beside(folder, tracker),
        ("", "templates"): _TEMPLATES,
    }
    kept = _kept(folder)
    settings = kept or Settings(
        folder=folder,
        tracker=tracker,
        templates=folder / _TEMPLATES,
        weekly_time=str(answers.get(("schedule", "weekly_time"), "07:00")),
    )
    files: dict[str, bytes] = {}
    if settings.tracker == folder / NEW_TRACKER and wanted.tracker is None:
        files[NEW_TRACKER] = b""  # made by itself below
    files[CONFIG] = settings_file(answers).encode()
    files[SECRETS] = secrets_example().encode()
    if settings.templates != TEMPLATES:
        files |= _templates(settings.templates)
    files |= launchers(wanted.python, preview=wanted.preview)
    made = schedule_files(folder, wanted.python, settings)
    files |= {f"{SYSTEM}/{name}": content for name, content in made.items()}
    started = Started(settings.tracker)
    try:
        for name, content in files.items():
            path = folder / name
            if os.path.lexists(path):
                started.left.append(path)
                continue
            if not dry_run:
                _write(path, content)
            started.made.append(path)
    except OSError as error:
        raise UsageError(
            f"{folder} cannot be written to ({error.strerror}).\n"
            f"Choose a folder of your own, such as one in your Documents: {call('init DIR')}"
        ) from error
    return started


def _check(folder: Path, tracker: Path | None) -> None:
    beside = call('init "../Moving Forward"')
    if folder.resolve() in (PROJECT.resolve(), Path(__file__).resolve().parent.parent):
        raise UsageError(
            f"{folder} is the program's own folder.\nName another one, such as: {beside}"
        )
    inside = is_own(PROJECT) and folder.resolve().is_relative_to(PROJECT.resolve())
    if inside and not os.path.lexists(folder / CONFIG):  # one that is there already goes on
        raise UsageError(
            f"{folder} is inside the program's own folder, which a newer mfauto replaces.\n"
            f"Name one outside, such as: {beside}"
        )
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file.\nName a folder: {call('init DIR')}")
    if tracker is not None and not tracker.is_file():
        raise UsageError(
            f"{tracker}: there is no such workbook.\n"
            "Check the name after --tracker, or leave it out to start a new tracker."
        )


def _kept(folder: Path) -> Settings | None:
    """Give the settings that are there already; None where there are none.

    Of settings that cannot be used, nothing is taken but that they are there.
    """
    if not os.path.lexists(folder / CONFIG):
        return None
    try:
        return read_settings(None, folder)
    except SettingsError:
        return Settings(folder=folder)


def _beside(folder: Path, tracker: Path) -> str:
    """Give the tracker's name as settings in `folder` have it."""
    with suppress(ValueError):
        return tracker.absolute().relative_to(folder.absolute()).as_posix()
    return str(tracker.absolute())


def _templates(folder: Path) -> dict[str, bytes]:
    """Give the templates that people may change; those of the system's files are not for them."""
    return {
        str(folder / path.relative_to(TEMPLATES)): path.read_bytes()
        for path in sorted(chain.from_iterable(map(TEMPLATES.glob, _OF_PEOPLE)))
        if not path.name.startswith("~$")
    }


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not content:
        make_template(path)
        return
    with path.open("xb") as file:  # x: what somebody else has just put there stays theirs
        file.write(content)
