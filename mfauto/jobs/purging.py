"""What mfauto has made is taken away once it is old enough. Nothing of anybody else's ever is.

A document goes where the history says that mfauto made it, and nobody has changed it since. An
email, a preview or a calendar goes where it stands in one of mfauto's own folders under a name
of mfauto's own. What a stopped run had only begun to write is nobody's, and goes at once. A link
is never followed, and what lies behind one stays.
"""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Final

from mfauto.errors import MfautoError
from mfauto.jobs.all_trackers import SUMMARIES
from mfauto.jobs.backups import backup_folder, is_whole
from mfauto.jobs.diaries import CALENDARS
from mfauto.jobs.documents import AGENDAS, PACKS, REPORTS
from mfauto.jobs.done import Done
from mfauto.jobs.made import hashes
from mfauto.jobs.previewing import PREVIEW
from mfauto.jobs.reviewing import tracker_path
from mfauto.jobs.run import Run
from mfauto.jobs.sharing import LIBRARY_COPY, SHEETS
from mfauto.policy import add_months
from mfauto.saving import Backup, all_backups, as_made, backups_of, outdated
from mfauto.schedule import LONDON
from mfauto.schedule_files import RUN_LOG
from mfauto.wording import counted, day_words

EMAILS: Final = ("outbox", "held")
_BOARD: Final = "board.html"
_DRAFT: Final = "email draft"
_PREVIEW: Final = re.compile(r"\d{4}-W\d\d\.html")
_MADE_BY: Final = b"PRODID:-//mfauto//"  #: near the beginning of each of our calendar files
_BEGINNING: Final = 200  #: bytes
#: endings that a document of ours may have
_OURS: Final = (".docx", ".pdf", ".html", ".ics", ".json", ".txt")
_LOG_FILE: Final = "mfauto.log"
_LOG_LINE: Final = re.compile(r"(\d{4}-\d\d-\d\d) \d\d:\d\d")


def _is_email(path: Path) -> bool:
    from mfauto.delivery import is_email  # noqa: PLC0415 - not always needed

    return is_email(path.name)


def _is_begun(path: Path) -> bool:
    from mfauto.delivery import is_begun  # noqa: PLC0415 - not always needed

    return is_begun(path.name)


def _is_preview(path: Path) -> bool:
    return _PREVIEW.fullmatch(path.name) is not None


def is_calendar(path: Path) -> bool:
    """Say whether a calendar file is ours: it is called by a service area, so its name says not."""
    if path.suffix != ".ics":
        return False
    with suppress(OSError), path.open("rb") as file:
        return _MADE_BY in file.read(_BEGINNING)
    return False


@dataclass(frozen=True, slots=True)
class _Aid:
    """A kind of file that serves for some weeks; each has its folder below the output's."""

    folder: str
    is_ours: Callable[[Path], bool]
    what: str


_AIDS: Final = (
    *(_Aid(folder, _is_email, _DRAFT) for folder in EMAILS),
    *(_Aid(folder, _is_begun, "half-written email") for folder in EMAILS),
    _Aid(PREVIEW, _is_preview, "preview"),
    _Aid(CALENDARS, is_calendar, "calendar"),
    _Aid("", lambda path: path.name == _BOARD, "board"),  # made anew by each run
)
#: every folder below the output's that mfauto makes files in
HOMES: Final = (*EMAILS, PREVIEW, CALENDARS, REPORTS, PACKS, AGENDAS, SHEETS, SUMMARIES)


@dataclass(frozen=True, slots=True)
class Old:
    """One file that is old enough to go."""

    path: Path
    what: str  #: such as "exception report"
    since: date  #: when it was made


@dataclass(frozen=True, slots=True)
class Purge:
    """What the command purge would take away."""

    files: tuple[Old, ...]
    entries: int  #: of the history
    log_lines: int
    changed: tuple[Path, ...]  #: old enough, but changed by somebody: these stay
    linked: tuple[Path, ...]  #: folders that are links: nothing behind them is looked at
    waiting: int  #: entries old enough that stay, as something still rests on them


def to_purge(run: Run) -> Purge:
    """Find what is old enough to go, by the settings under [keep] and [backups].

    Raises:
        LedgerError: somebody meddled with the history, which says what mfauto has made.

    """
    before = _history_before(run)
    entries = waiting = 0
    if run.ledger is not None:
        run.ledger.check_whole()
        entries = run.ledger.prunable(before)
        waiting = sum(entry.at < before for entry in run.ledger.entries()) - entries
    files: list[Old] = []
    changed: list[Path] = []
    ours = hashes(run.ledger)
    for old in _documents(run):
        if _is_as_made(old.path, ours):
            files.append(old)
        else:
            changed.append(old.path)
    files += [*_aids(run), *_half_written(run), *_backups(run)]
    linked = [
        folder
        for folder in (backup_folder(run.settings), *(run.settings.output / n for n in HOMES))
        if folder.exists() and not _is_plain(folder.parent, folder.name)
    ]
    _, dropped = _log(run)
    return Purge(tuple(files), entries, dropped, tuple(changed), tuple(linked), waiting)


def purge(run: Run) -> Done:
    """Take away what is old enough, and what the history says of that time.

    Raises:
        LedgerError: somebody meddled with the history; nothing was taken away.

    """
    found = to_purge(run)
    done = Done()
    if run.dry_run:
        done.said += purge_words(found)
        return done
    gone = [old for old in found.files if _removed(old.path)]
    kept, dropped = _log(run)
    if dropped:
        with suppress(OSError):
            (run.settings.folder / _LOG_FILE).write_text(kept, encoding="utf-8", newline="")
    left = [old for old in found.files if old not in gone]
    entries = run.ledger.prune(_known_from(run, left), run.now) if run.ledger else 0
    if run.ledger is not None and gone:
        kinds = sorted({old.what for old in gone})
        run.ledger.record("files purged", run.now, number=len(gone), kinds=kinds)
    done.said.append(
        f"{counted(len(gone), 'file')} and {counted(entries, 'entry', 'entries')} "
        "of the history purged."
    )
    if left:
        done.ask(
            f"{counted(len(left), 'file')} could not be removed now, and will be the "
            "next time. Perhaps they are open."
        )
    done.ask(*_kept(found))
    return done


def _removed(path: Path) -> bool:
    """Take a file away; one that is open in Word stays until the next time."""
    try:
        path.unlink()
    except OSError:
        return False
    return True


def purge_words(found: Purge) -> list[str]:
    """Say what would go, and what stays although it is old enough."""
    kinds: dict[str, list[Old]] = {}
    for old in found.files:
        kinds.setdefault(old.what, []).append(old)
    said = [
        f"{counted(len(several), what)}, the oldest of {day_words(min(o.since for o in several))}."
        for what, several in kinds.items()
    ]
    if found.entries:
        said.append(f"{counted(found.entries, 'entry', 'entries')} of the history.")
    if found.log_lines:
        said.append(f"{counted(found.log_lines, 'line')} of the log.")
    said = said or ["Nothing is old enough to be purged."]
    if _DRAFT in kinds:
        said.append(
            "Nobody can tell here whether a draft was sent. Look into the outbox first, "
            "if you are not sure. The tracker says what is still open."
        )
    return [*said, *_kept(found)]


def _kept(found: Purge) -> list[str]:
    said = []
    if found.changed:
        names = ", ".join(path.name for path in found.changed[:5])
        more = " and others" if len(found.changed) > 5 else ""  # noqa: PLR2004 - those just named
        number = counted(len(found.changed), "document")
        said.append(
            f"{number} old enough, but changed by somebody since, so left for a person: "
            f"{names}{more}."
        )
    if found.waiting:
        number = counted(found.waiting, "older entry", "older entries")
        said.append(
            f"{number} of the history stay: they are its newest, or what follows them waits for "
            "a person. See the commands history and release."
        )
    said += [f"{path} is a link, so nothing in it was looked at." for path in found.linked]
    return said


def _documents(run: Run) -> Iterator[Old]:
    """Give the documents old enough that mfauto has made."""
    before = add_months(_today(run), -run.settings.keep.documents_months)
    latest: dict[str, tuple[date, str]] = {}
    for entry in run.ledger.entries("document") if run.ledger else ():
        name, kind = str(entry.facts.get("file")), str(entry.facts.get("kind"))
        if kind != LIBRARY_COPY:
            latest[name] = entry.at.astimezone(LONDON).date(), kind
    for name, (made, kind) in latest.items():
        path = _inside(run, name) if made < before else None
        if path is not None:
            yield Old(path, kind, made)


def _inside(run: Run, name: str) -> Path | None:
    """Give a document's path where it is a file below the folders mfauto writes to; else None."""
    if Path(name).suffix.casefold() not in _OURS:
        return None  # no tracker and no settings, whatever somebody wrote into the history
    for folder in (run.settings.folder, run.settings.output):
        if _is_plain(folder, name) and (folder / name).is_file():
            return folder / name
    return None


def _is_plain(folder: Path, name: str) -> bool:
    """Say whether `name` leads below `folder` by no link and no way round, such as "..".

    A junction of Windows counts as a link.
    """
    try:
        found, wanted = (folder / name).resolve(), folder.resolve() / name
    except (OSError, ValueError, RuntimeError):
        return False
    return (
        not Path(name).is_absolute()
        and ".." not in Path(name).parts
        and os.path.normcase(found) == os.path.normcase(wanted)
    )


def _is_as_made(path: Path, ours: frozenset[str]) -> bool:
    """Say whether a document is as mfauto made it; not where it cannot be read."""
    try:
        return as_made(path, ours)
    except OSError:
        return False


def _aids(run: Run) -> Iterator[Old]:
    before = _today(run) - timedelta(days=run.settings.keep.emails_days)
    needed = _needed(run)
    for aid in _AIDS:
        home = run.settings.output / aid.folder
        for path in sorted(home.glob("*")) if _is_plain(run.settings.output, aid.folder) else ():
            if path.is_symlink() or path.name in needed or not aid.is_ours(path):
                continue
            made = _made(path)
            if made < before:
                yield Old(path, aid.what, made)
    log = run.settings.folder / RUN_LOG
    if _is_plain(log.parent, log.name) and log.is_file() and _made(log) < before:
        yield Old(log, "log of cron", _made(log))


def _made(path: Path) -> date:
    return datetime.fromtimestamp(path.stat().st_mtime, LONDON).date()


def _needed(run: Run) -> set[str]:
    """Give the names of emails that wait for a person or a run: they never go."""
    if run.ledger is None:
        return set()
    from mfauto.delivery import begun_name, file_name  # noqa: PLC0415 - not always needed
    from mfauto.ledger import State  # noqa: PLC0415

    waiting = (State.HELD, State.UNKNOWN, State.PENDING, State.SENDING)
    names = {file_name(one) for state in waiting for one in run.ledger.deliveries(state)}
    # Half of one shows that a stopped run had not sent it.
    return names | {begun_name(one) for one in run.ledger.deliveries(State.SENDING)}


def _half_written(run: Run) -> Iterator[Old]:
    """Give what a stopped run had only begun to write, wherever mfauto writes."""
    from mfauto.saving.leftovers import leftovers  # noqa: PLC0415 - not always needed

    for folder in _written_to(run):
        for left in leftovers(folder, run.now.timestamp()):
            if left.kind == "tmp" and not left.path.is_symlink():
                yield Old(left.path, "half-written file", _made(left.path))


def _written_to(run: Run) -> list[Path]:
    """Give every folder that mfauto writes to, but for those that are links."""
    output = run.settings.output
    homes = [output / name for name in HOMES if _is_plain(output, name)]
    below = output / REPORTS  # over many trackers, each has a folder of its own there
    homes += [
        one
        for one in (sorted(below.glob("*")) if below in homes else ())
        if one.is_dir() and _is_plain(below, one.name)
    ]
    backups = backup_folder(run.settings)
    homes += [backups] if _is_plain(backups.parent, backups.name) else []
    with suppress(MfautoError):  # a folder from which many are looked over has none of its own
        homes.append(tracker_path(run.settings).parent)
    return list(dict.fromkeys((run.settings.folder, output, *homes)))


def _backups(run: Run) -> Iterator[Old]:
    folder = backup_folder(run.settings)
    if not _is_plain(folder.parent, folder.name):
        return
    names = {backup.of for backup in all_backups(folder)}
    for name in sorted(names):
        old: list[Backup] = outdated(
            backups_of(name, folder), run.now, run.settings.backups, is_whole
        )
        yield from (Old(backup.path, "backup", backup.at.date()) for backup in old)


def _history_before(run: Run) -> datetime:
    """Give the moment before which entries may go.

    What says that a document is mfauto's own stays as long as the document does.
    """
    keep = run.settings.keep
    months = max(keep.history_months, keep.documents_months)
    return datetime.combine(add_months(_today(run), -months), time(), LONDON)


def _known_from(run: Run, left: list[Old]) -> datetime:
    """Give the moment before which entries may go now; what could not be removed stays known."""
    days = [datetime.combine(old.since, time(), LONDON) for old in left]
    return min([_history_before(run), *days])


def _today(run: Run) -> date:
    return run.now.astimezone(LONDON).date()


def _log(run: Run) -> tuple[str, int]:
    """Give the log without the lines older than the history may be, and how many those are."""
    first = f"{_history_before(run):%Y-%m-%d}"
    if not _is_plain(run.settings.folder, _LOG_FILE):
        return "", 0
    try:
        text = (run.settings.folder / _LOG_FILE).read_bytes().decode("utf-8", "replace")
    except OSError:
        return "", 0
    lines = text.splitlines(keepends=True)
    kept, old = [], False
    for line in lines:
        found = _LOG_LINE.match(line)
        old = found[1] < first if found else old
        kept += [] if old else [line]
    return "".join(kept), len(lines) - len(kept)
