"""What mfauto has made is taken away once it is old enough. Nothing of anybody else's ever is.

A document goes where the history says that mfauto made it, and nobody has changed it since. An
email goes where it stands in one of mfauto's own folders under a name of mfauto's own.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Final

from mfauto.jobs.backups import backup_folder, is_whole
from mfauto.jobs.run import Done, Run
from mfauto.policy import add_months
from mfauto.saving import Backup, all_backups, backups_of, outdated, sha256
from mfauto.schedule import LONDON
from mfauto.wording import counted, day_words

EMAILS: Final = ("outbox", "held")
_EMAIL: Final = re.compile(r"[0-9A-Za-z-]+-[a-z]+-[0-9a-f]{12}\.eml")
PREVIEWS: Final = "preview"
_PREVIEW: Final = re.compile(r"\d{4}-W\d\d\.html")
_LOG: Final = "mfauto.log"
_LOG_LINE: Final = re.compile(r"(\d{4}-\d\d-\d\d) \d\d:\d\d")


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
    changed: tuple[Path, ...]  #: old enough, but changed by somebody: these stay


def to_purge(run: Run) -> Purge:
    """Find what is old enough to go, by the settings under [keep] and [backups]."""
    files: list[Old] = []
    changed: list[Old] = []
    for old in _documents(run):
        (changed if _changed(run, old.path) else files).append(old)
    files += [*_emails(run), *_backups(run)]
    entries = run.ledger.prunable(_history_before(run)) if run.ledger else 0
    return Purge(tuple(files), entries, tuple(old.path for old in changed))


def purge(run: Run) -> Done:
    """Take away what is old enough, and what the history says of that time."""
    found = to_purge(run)
    done = Done()
    if run.dry_run:
        done.said += purge_words(found)
        return done
    gone, kinds = 0, set()
    for old in found.files:
        with suppress(OSError):  # one that is open in Word stays until the next time
            old.path.unlink()
            gone += 1
            kinds.add(old.what)
    _shorten_log(run)
    entries = run.ledger.prune(_history_before(run), run.now) if run.ledger else 0
    if run.ledger is not None and gone:
        run.ledger.record("files purged", run.now, number=gone, kinds=sorted(kinds))
    done.said.append(
        f"{counted(gone, 'file')} and {counted(entries, 'entry', 'entries')} of the history purged."
    )
    if gone < len(found.files):
        done.said.append(
            f"{counted(len(found.files) - gone, 'file')} could not be removed now, and will be the "
            "next time. Perhaps they are open."
        )
    done.said += _kept(found)
    return done


def purge_words(found: Purge) -> list[str]:
    """Say what would go."""
    kinds: dict[str, list[Old]] = {}
    for old in found.files:
        kinds.setdefault(old.what, []).append(old)
    said = [
        f"{counted(len(several), what)}, the oldest of {day_words(min(o.since for o in several))}."
        for what, several in kinds.items()
    ]
    if found.entries:
        said.append(f"{counted(found.entries, 'entry', 'entries')} of the history.")
    return [*(said or ["Nothing is old enough to be purged."]), *_kept(found)]


def _kept(found: Purge) -> list[str]:
    if not found.changed:
        return []
    names = ", ".join(path.name for path in found.changed[:5])
    number = counted(len(found.changed), "document")
    return [f"{number} old enough, but changed by somebody since, so left for a person: {names}."]


def _documents(run: Run) -> Iterator[Old]:
    before = add_months(_today(run), -run.settings.keep.documents_months)
    latest: dict[str, tuple[date, str]] = {}
    for entry in run.ledger.entries("document") if run.ledger else ():
        made = entry.at.astimezone(LONDON).date()
        latest[str(entry.facts.get("file"))] = made, str(entry.facts.get("kind"))
    for name, (made, kind) in latest.items():
        path = _inside(run, name)
        if made < before and path is not None:
            yield Old(path, kind, made)
            pdf = path.with_suffix(".pdf")
            if pdf.is_file() and path.suffix == ".docx":
                yield Old(pdf, "PDF", made)


def _inside(run: Run, name: str) -> Path | None:
    """Give a document's path where it is a file below the folders mfauto writes to; else None."""
    for folder in (run.settings.folder, run.settings.output):
        path = folder / name
        home = folder.resolve()
        if path.is_file() and not path.is_symlink() and path.resolve().is_relative_to(home):
            return path
    return None


def _changed(run: Run, path: Path) -> bool:
    """Say whether a document is not as mfauto made it. A PDF goes with its document."""
    if path.suffix == ".pdf" or run.ledger is None:
        return False
    made = {str(entry.facts.get("sha256")) for entry in run.ledger.entries("document")}
    return sha256(path) not in made


def _emails(run: Run) -> Iterator[Old]:
    before = _today(run) - timedelta(days=run.settings.keep.emails_days)
    held = _held(run)
    for folder, name, what in (
        *((folder, _EMAIL, "email draft") for folder in EMAILS),
        (PREVIEWS, _PREVIEW, "preview"),
    ):
        for path in sorted((run.settings.output / folder).glob("*")):
            if not name.fullmatch(path.name) or path.is_symlink() or path.name in held:
                continue
            made = datetime.fromtimestamp(path.stat().st_mtime, LONDON).date()
            if made < before:
                yield Old(path, what, made)


def _held(run: Run) -> set[str]:
    """Give the names of emails that wait for a person: they never go."""
    if run.ledger is None:
        return set()
    from mfauto.delivery import file_name  # noqa: PLC0415 - not always needed
    from mfauto.ledger import State  # noqa: PLC0415

    waiting = (State.HELD, State.UNKNOWN)
    return {file_name(one) for state in waiting for one in run.ledger.deliveries(state)}


def _backups(run: Run) -> Iterator[Old]:
    folder = backup_folder(run.settings)
    names = {backup.of for backup in all_backups(folder)}
    for name in sorted(names):
        old: list[Backup] = outdated(
            backups_of(name, folder), run.now, run.settings.backups, is_whole
        )
        yield from (Old(backup.path, "backup", backup.at.date()) for backup in old)


def _history_before(run: Run) -> datetime:
    first = add_months(_today(run), -run.settings.keep.history_months)
    return datetime.combine(first, time(), LONDON)


def _today(run: Run) -> date:
    return run.now.astimezone(LONDON).date()


def _shorten_log(run: Run) -> None:
    """Take the lines of the log away that are older than the history may be."""
    path = run.settings.folder / _LOG
    first = f"{_history_before(run):%Y-%m-%d}"
    with suppress(OSError):
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        kept, old = [], False
        for line in lines:
            found = _LOG_LINE.match(line)
            old = found[1] < first if found else old
            kept += [] if old else [line]
        if len(kept) < len(lines):
            path.write_text("".join(kept), encoding="utf-8")
