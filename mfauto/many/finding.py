"""Which files of a folder are trackers, and why each of the other workbooks is not one.

Looked for are workbooks in the folder itself and in the folders directly in it. Nothing is
opened but the settings, and files of one size, which may be the same.
"""

import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from mfauto.errors import MfautoError, TrackerError, UsageError
from mfauto.saving import all_backups, sha256
from mfauto.saving.leftovers import computer_name
from mfauto.saving.neighbours import is_conflict
from mfauto.settings import CONFIG, Settings, read_settings

#: folders that mfauto makes itself
OWN_FOLDERS: Final = frozenset(
    {
        "agendas",
        "all-trackers",
        "assurance-packs",
        "backups",
        "exception-reports",
        "good-practice",
        "held",
        "outbox",
        "preview",
        "start-mfauto",
        "templates",
    }
)
_WORKBOOKS: Final = frozenset({".xlsx", ".xlsm"})
_OTHER_FORMATS: Final = frozenset({".csv", ".numbers", ".ods", ".xls", ".xlsb", ".xltm", ".xltx"})
_TEMPLATE: Final = "tracker_template.xlsx"
_EXCEL_LOCK: Final = "~$"
_OFFICE_LOCK: Final = ".~lock."
#: what a person adds to the name of a copy
_COPIED: Final = re.compile(r"[ ._(\[-]+(?:copy|back-?up|bak|old)[\d ._()\[\]-]*", re.IGNORECASE)
_COPY_BEFORE: Final = ("copy of ", "backup of ")


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """One tracker, or what should be one."""

    name: str  #: its path in the folder without its ending; no two have the same
    path: Path
    settings: Settings  #: those beside it, else those of the run
    trouble: MfautoError | None = None  #: why it cannot be read, where that is known already


@dataclass(frozen=True, kw_only=True, slots=True)
class LeftOut:
    """A workbook or folder that was not looked into."""

    name: str  #: its path in the folder
    why: str  #: a sentence


@dataclass(frozen=True, kw_only=True, slots=True)
class Gathered:
    """What a folder holds, each part by name."""

    trackers: tuple[Found, ...]
    left_out: tuple[LeftOut, ...]


def gather(places: Sequence[Path], settings: Settings) -> Gathered:
    """Find the trackers of folders; a file in `places` is taken as one.

    Raises:
        UsageError: there is no tracker there.

    """
    search = _Search(settings)
    for place in places:
        search.look(place, alone=len(places) == 1)
    gathered = search.gathered()
    if not gathered.trackers:
        where = ", ".join(map(str, places))
        others = "".join(f"\n{one.name}: {one.why}" for one in gathered.left_out)
        raise UsageError(
            f"There is no tracker in {where}.\n"
            f"Name a folder with workbooks in it, or in the folders directly in it.{others}"
        )
    return gathered


class _Search:
    """Collects trackers and what is left out."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._computer = computer_name()
        self._found: list[Found] = []
        self._left_out: list[LeftOut] = []

    def look(self, place: Path, *, alone: bool) -> None:
        """Take a file as a tracker; look through a folder and those directly in it.

        One of several that is not there is the trouble of its own row.

        Raises:
            UsageError: there is no such folder or file, and it is the only one.

        """
        if not place.exists():
            missing = "There is no such folder or file. Check its name."
            if alone:
                raise UsageError(f"{place}: {missing}")
            self._add(self._troubled(place, place.parent, TrackerError(missing)))
        elif place.is_dir():
            self._folder(place, place if alone else place.parent)
        else:
            try:
                own = self._own(place.parent)
            except MfautoError as error:
                self._add(self._troubled(place, place.parent, error))
            else:
                self._add(Found(name=place.stem, path=place, settings=own or self._settings))

    def gathered(self) -> Gathered:
        """Give each file once, in the order of names."""
        kept: dict[str, Found] = {}
        for one in self._found:
            kept.setdefault(os.path.realpath(one.path), one)
        trackers = self._without_twins(_named(kept.values()))
        return Gathered(
            trackers=tuple(trackers),
            left_out=tuple(sorted(self._left_out, key=lambda one: _in_order(one.name))),
        )

    def _folder(self, folder: Path, base: Path, *, deeper: bool = True) -> None:
        try:
            entries = sorted(folder.iterdir())
            own = self._own(folder)
        except OSError as error:
            trouble = TrackerError(
                f"The folder cannot be opened ({error.strerror}). Check who may read it."
            )
            self._add(self._troubled(folder, base, trouble))
            return
        except MfautoError as error:
            self._add(self._troubled(folder, base, error))
            return
        if not deeper and own is not None and own.tracker is not None:
            self._add(Found(name=_below(own.tracker, base), path=own.tracker, settings=own))
            self._leave_out_the_others(entries, own.tracker, base)
            return
        for path in self._trackers(folder, entries, base):
            self._add(Found(name=_below(path, base), path=path, settings=own or self._settings))
        for path in entries:
            if path.is_dir() and not path.name.startswith("."):
                self._inner(path, base, deeper=deeper)

    def _inner(self, folder: Path, base: Path, *, deeper: bool) -> None:
        if folder.name.casefold() in OWN_FOLDERS:
            if any(_is_workbook(path) for path in _entries(folder)):
                self._leave_out(folder, base, "It is one of the folders that mfauto makes.")
        elif deeper:
            self._folder(folder, base, deeper=False)
        else:
            self._leave_out(folder, base, "Folders further down are not looked into.")

    def _own(self, folder: Path) -> Settings | None:
        """Give the settings that stand in a folder; None where there are none but the run's."""
        if not (folder / CONFIG).exists() or folder.absolute() == self._settings.folder.absolute():
            return None
        return read_settings(None, folder)

    def _trackers(self, folder: Path, entries: Sequence[Path], base: Path) -> Iterator[Path]:
        """Give the trackers among a folder's files; say of each other workbook why it is none."""
        backups = {backup.path for backup in all_backups(folder)}
        books = [path for path in entries if _is_workbook(path)]
        stems = [path.stem for path in books if not path.name.startswith(("~", "."))]
        for path in entries:
            if path.is_dir():
                continue
            why = self._why_not(path, stems, is_backup=path in backups)
            if why:
                self._leave_out(path, base, why)
            elif _is_workbook(path):
                yield path

    def _why_not(self, path: Path, stems: Sequence[str], *, is_backup: bool) -> str | None:
        """Say why a file is no tracker; None where it may be one, or is no workbook at all."""
        name = path.name
        if name.startswith((_EXCEL_LOCK, _OFFICE_LOCK)):
            opened = name.removeprefix(_EXCEL_LOCK).removeprefix(_OFFICE_LOCK).rstrip("#")
            return f"It marks that {opened} is open. What was saved last was read."
        if path.suffix.casefold() in _OTHER_FORMATS:
            return "It is not in a format that can be read. Save it as an Excel workbook (.xlsx)."
        if not _is_workbook(path):
            return None
        if name.startswith("."):
            return "It is a hidden file."
        if name.casefold() == _TEMPLATE:
            return "It is the empty template."
        if is_backup:
            return "Its name is that of a backup."
        return self._why_second(path.stem, stems)

    def _why_second(self, own: str, stems: Sequence[str]) -> str | None:
        """Say of which other file beside it a file is a second one, by their names."""
        for stem in stems:
            if stem == own:
                continue
            if _is_copy(stem, own):
                return f'Its name is that of a copy of "{stem}".'
            if is_conflict(stem, own, self._computer.casefold()):
                return (
                    f'It may be a second version of "{stem}" that a sync program made. '
                    "Bring the two together."
                )
        return None

    def _leave_out_the_others(self, entries: Sequence[Path], tracker: Path, base: Path) -> None:
        for path in entries:
            if _is_workbook(path) and path.name != tracker.name:
                self._leave_out(path, base, f"{CONFIG} beside it names another file.")

    def _without_twins(self, trackers: Sequence[Found]) -> Iterator[Found]:
        """Leave out each file of the same bytes as another one, which would count twice."""
        first: dict[tuple[int, str], Found] = {}
        sizes = [_size(one.path) for one in trackers]
        for one, size in zip(trackers, sizes, strict=True):
            if size is not None and sizes.count(size) > 1:
                try:
                    twin = first.setdefault((size, sha256(one.path)), one)
                except OSError:
                    twin = one  # reading it says what stands against it
                if twin is not one:
                    why = f'It is the same as "{twin.name}", byte for byte.'
                    name = one.name.removesuffix(one.path.suffix) + one.path.suffix
                    self._left_out.append(LeftOut(name=name, why=why))
                    continue
            yield one

    def _troubled(self, folder: Path, base: Path, trouble: MfautoError) -> Found:
        name = folder.name if folder == base else _below(folder, base)
        return Found(name=name, path=folder, settings=self._settings, trouble=trouble)

    def _add(self, found: Found) -> None:
        self._found.append(found)

    def _leave_out(self, path: Path, base: Path, why: str) -> None:
        self._left_out.append(LeftOut(name=_with_ending(path, base), why=why))


def _named(found: Iterable[Found]) -> list[Found]:
    """Give the trackers in the order of their names, no two of the same name."""
    named = list(found)
    longer_names: tuple[Callable[[Found], str], ...] = (
        lambda one: one.name + one.path.suffix,
        lambda one: one.path.as_posix(),
    )
    for longer in longer_names:
        times = Counter(one.name.casefold() for one in named)
        named = [
            replace(one, name=longer(one)) if times[one.name.casefold()] > 1 else one
            for one in named
        ]
    return sorted(named, key=lambda one: _in_order(one.name))


def _in_order(name: str) -> tuple[str, str]:
    return name.casefold(), name


def _below(path: Path, base: Path) -> str:
    """Give a file's path in the folder, without its ending."""
    return _with_ending(path, base).removesuffix(path.suffix or "")


def _with_ending(path: Path, base: Path) -> str:
    try:
        return path.relative_to(base).as_posix()
    except ValueError:
        return path.name  # settings may name a file elsewhere


def _is_workbook(path: Path) -> bool:
    """Say whether a name is that of a workbook; a link that leads nowhere has one as well."""
    return path.suffix.casefold() in _WORKBOOKS and not path.is_dir()


def _is_copy(stem: str, other: str) -> bool:
    long, short = other.casefold(), stem.casefold()
    if any(long == before + short for before in _COPY_BEFORE):
        return True
    return long.startswith(short) and bool(_COPIED.fullmatch(other[len(stem) :]))


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size if path.is_file() else None
    except OSError:
        return None
