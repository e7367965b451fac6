"""Checks of the working folder: settings, room, rights, second versions, leftovers."""

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from mfauto.calling import call
from mfauto.delivery import is_live
from mfauto.doctor.situation import Found, Situation, fine, look, unchecked, wrong
from mfauto.saving import siblings
from mfauto.saving.leftovers import leftovers
from mfauto.setting_words import SECRETS
from mfauto.settings import CONFIG
from mfauto.wording import counted, listed

_SECRETS: Final = ".env"
_NAMED: Final = re.compile(r"\s*(?:export\s+)?(\w+)\s*=")
_SCARCE: Final = 100_000_000  #: bytes under which a run may fail
_LITTLE: Final = 1_000_000_000  #: bytes under which a person should look
_MEGABYTE: Final = 1_000_000
_LONGEST: Final = 240  #: characters of a path, with some to spare of Windows' 260
_NAMES: Final = 90  #: characters of the longest folder and file that mfauto itself makes


def settings_file(situation: Situation) -> Iterator[Found]:
    """Look whether the settings can be used; each fault of the file by itself."""
    path = situation.config or situation.folder / CONFIG
    if situation.trouble is not None:
        for fault in _faults(str(situation.trouble), path):
            yield wrong(
                fault, f"Correct it in {path}. {CONFIG} of a new folder shows each setting."
            )
    elif not path.exists():
        yield look(
            f"{path} is not there, so the defaults hold.",
            f"Go to the folder of your {CONFIG}, or start a new one:",
            call("init"),
        )
    else:
        yield fine(str(path))


def secrets(situation: Situation) -> Iterator[Found]:
    """Look whether `.env` names what mfauto asks for, and is kept to oneself. No value is shown."""
    path = situation.folder / _SECRETS
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        hidden = situation.folder / f"{_SECRETS}.txt"
        if hidden.is_file():
            yield wrong(f"{hidden} ends in .txt, so it is not read.", f"Rename it to {_SECRETS}.")
        elif is_live(situation.settings):
            yield fine(f"there is no {_SECRETS}; whether one is needed, Delivery says below")
        else:
            yield fine(f"there is no {_SECRETS}; drafts need none")
        return
    except (OSError, UnicodeDecodeError):
        yield wrong(f"{path} cannot be read as text.", "Save it again as UTF-8.")
        return
    names = [found[1] for found in map(_NAMED.match, text.splitlines()) if found]
    unknown = [name for name in names if name.startswith("MFAUTO_") and name not in SECRETS]
    if unknown:
        yield look(
            f"{_SECRETS} names {listed(unknown)}, which mfauto never asks for.",
            f"Correct the name: it may be {' or '.join(SECRETS)}.",
        )
    others = not situation.windows and path.stat().st_mode & 0o077
    if others:
        yield look(
            f"Others on this computer may read {path}.",
            "Keep it to yourself:",
            f'chmod 600 "{path}"',
        )
    if not unknown and not others:
        yield fine(f"{_SECRETS} holds {counted(len(names), 'name')}")


def _faults(said: str, path: Path) -> list[str]:
    """Give each fault by itself; a line that does not name the file goes with the one before."""
    faults: list[str] = []
    for line in said.splitlines():
        if line.startswith(str(path)) or not faults:
            faults.append(line.removeprefix(f"{path}: "))
        else:
            faults[-1] += f" {line}"
    return faults


def writable(situation: Situation) -> Iterator[Found]:
    """Look whether files can be made in the working folder, and where documents go."""
    bad = False
    for folder in dict.fromkeys((situation.folder, situation.settings.output)):
        why = _barred(_existing(folder), dry_run=situation.dry_run)
        if why is not None:
            bad = True
            yield wrong(
                f"{folder} cannot be written to ({why}).",
                "Ask for the right to write there, or use a folder of your own.",
                call("init DIR"),
            )
    if not bad:
        yield fine(f"{situation.settings.output} can be written to")


def _barred(folder: Path, *, dry_run: bool) -> str | None:
    """Say why no file can be made in a folder; None where one can."""
    if dry_run:
        return None if os.access(folder, os.W_OK) else "no right to write"
    try:
        with tempfile.TemporaryFile(dir=folder, prefix=".mfauto-trial-"):
            return None
    except OSError as error:
        return error.strerror or "the system does not say why"


def _existing(folder: Path) -> Path:
    """Give the folder, or the nearest one above it that is there."""
    for one in (folder.absolute(), *folder.absolute().parents):
        with suppress(OSError):
            if one.is_dir():
                return one
    return folder


def free_space(situation: Situation) -> Iterator[Found]:
    """Look whether there is room for backups and documents."""
    try:
        free = shutil.disk_usage(_existing(situation.folder)).free
    except OSError as error:
        yield unchecked(f"The drive does not say how much is free ({error.strerror}).")
        return
    yield of_space(free)


def of_space(free: int) -> Found:
    """Judge the free bytes of a drive."""
    said = f"{free // _MEGABYTE:,} MB free"
    if free < _SCARCE:
        return wrong(f"only {said}", "Make room on the drive: a backup comes before each change.")
    if free < _LITTLE:
        return look(f"only {said}", "Make room on the drive soon: backups need it.")
    return fine(said)


def long_paths(situation: Situation) -> Iterator[Found]:
    """Look whether what mfauto makes stays short enough for Windows."""
    if not situation.windows:
        yield unchecked("Only Windows limits the length of a path.")
        return
    folder = situation.settings.output
    longest = len(str(folder.absolute())) + _NAMES
    if longest > _LONGEST:
        yield look(
            f"{folder} is so deep that some files may get more than {_LONGEST} characters.",
            "Move the working folder up, such as to a folder of your Documents.",
        )
    else:
        yield fine("short enough")


def second_versions(situation: Situation) -> Iterator[Found]:
    """Look for second versions that a sync program made of the tracker or the settings."""
    paths = [situation.config or situation.folder / CONFIG]
    if isinstance(situation.tracker_path, Path):
        paths.insert(0, situation.tracker_path)
    bad = False
    for path in paths:
        beside = siblings(path)
        for other in beside.conflicts:
            bad = True
            yield wrong(
                f'"{other.name}" is beside {path.name}. OneDrive names a second version so.',
                f"Compare the two, bring the latest work together in {path.name}, and move the "
                f"other one elsewhere.",
                code=4 if path == situation.tracker_path else 2,
            )
        if beside.copies:
            bad = True
            names = listed([f'"{other.name}"' for other in beside.copies[:3]])
            more = len(beside.copies) - 3
            yield look(
                f"{names}{f' and {more} more' if more > 0 else ''} "
                f"{'is' if len(beside.copies) == 1 else 'are'} beside {path.name}.",
                "Move copies to another folder, so that nobody types into the wrong one.",
            )
    if not bad:
        yield fine("none beside the tracker or the settings")


def left_over(situation: Situation) -> Iterator[Found]:
    """Look for what a stopped run left."""
    folders = {situation.folder}
    if isinstance(situation.tracker_path, Path):
        folders.add(situation.tracker_path.parent)
    found = [one for folder in sorted(folders) for one in leftovers(folder)]
    if found:
        yield look(
            f"a stopped run left {counted(len(found), 'file')} behind.",
            "The next run clears up.",
            call("run"),
        )
    else:
        yield fine("nothing")
