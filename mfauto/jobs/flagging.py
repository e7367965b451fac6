"""The Auto columns written into the tracker, and nothing else."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mfauto.columns import AUTO, SHEETS
from mfauto.errors import TrackerBusyError, TrackerSavedError
from mfauto.flags import Cells, changed, flags
from mfauto.jobs.backups import backup_folder, is_whole
from mfauto.jobs.continuity import check_rows, doubts_about
from mfauto.jobs.done import Done
from mfauto.jobs.reviewing import reviewed, tracker_path
from mfauto.jobs.run import Run
from mfauto.jobs.versions import beside
from mfauto.model import Review
from mfauto.parts import part
from mfauto.saving import back_up, check_writable, followed, settle, thin
from mfauto.wording import counted, listed

if TYPE_CHECKING:
    from mfauto.xlsx import Written

_TRIES: Final = 4  # a person may save while a run is writing; then it starts again

_NAMED: Final = 5  # cells that are named; more of them are a column of formulas


def flag(run: Run) -> Done:
    """Write the Auto columns, and nothing else; start again where a person saved meanwhile.

    What an earlier run left behind when it was stopped is cleared up first.

    Raises:
        TrackerBusyError: the tracker is open, or people kept saving; nothing was written.
        TrackerError: it cannot be written for another reason; nothing was written.
        FewerRowsError: too many of its rows are gone.

    """
    named = tracker_path(run.settings)
    path = followed(named)
    done = Done()
    if not run.dry_run:
        done.ask(*settle(path, backup_folder(run.settings), run.now))
    for _ in range(_TRIES):
        try:
            done += _flag(path, run)
        except TrackerSavedError:
            continue
        done.ask(*beside(path))
        return done
    raise TrackerBusyError(
        f"{path.name} was saved again and again while its flags were being written.\n"
        "Nothing was written, and nobody's work was lost. The next run writes the flags."
    )


def _flag(path: Path, run: Run) -> Done:
    found = reviewed(run.settings, run.as_at, keep_auto=True)
    run.reading.keep(found, found.tracker.sha256)
    doubtful = doubts_about(run, found.tracker)
    check_rows(run, found.tracker)
    done = _of(path, run, found)
    done.ask(*doubtful)
    return done


def _of(path: Path, run: Run, found: Review) -> Done:
    """Write the flags of a review that may be written."""
    cells, absent = flags(found), _absent(found)
    if not cells and not _has_auto_columns(found):
        done = Done()
        done.ask(_no_auto_columns(path, absent))
        return done
    cells = changed(cells, found.tracker.auto)
    if not cells:
        done = Done(said=[f"{path.name}: no flag had to change. Nothing was written."])
    elif run.dry_run:
        done = Done(said=[f"{path.name}: {counted(len(cells), 'cell')} would be written."])
    else:
        done = _write(path, run, found, cells)
    done.said += _not_shown(absent)
    return done


def _write(path: Path, run: Run, found: Review, cells: Cells) -> Done:
    folder, wait = backup_folder(run.settings), run.settings.wait_seconds
    check_writable(path, folder, wait)
    copies: list[Path] = []
    with part(f"Writing the flags of {path.name}"):
        written = _written(
            path,
            cells,
            found.tracker.sha256,
            before=lambda: copies.append(back_up(path, folder, run.now, wait)),
        )
    run.reading.keep(found, written.sha256)
    if not copies:
        return _told(path, written, None)
    (backup,) = copies
    if run.ledger is not None:
        run.ledger.record(
            "flags",
            run.now,
            as_at=run.as_at.isoformat(),
            cells=written.cells,
            passed_over=len(written.passed_over),
            tracker=found.tracker.sha256,
            backup=backup.name,
        )
    thin(path.name, folder, run.now, run.settings.backups, is_whole)
    return _told(path, written, backup)


def _told(path: Path, written: "Written", backup: Path | None) -> Done:
    if backup is not None:
        number = counted(written.cells, "cell")
        done = Done(said=[f"{path.name}: {number} written. Backup: {backup.name}."], made=[path])
    else:
        done = Done(said=[f"{path.name}: no flag could be changed. Nothing was written."])
    done.ask(*(f"Left as it is: {why}" for why in written.passed_over[:_NAMED]))
    more = len(written.passed_over) - _NAMED
    if more > 0:
        done.ask(f"{counted(more, 'further cell')} likewise.")
    return done


def _absent(found: Review) -> dict[str, list[str]]:
    """Give the Auto headings that are not there, by sheet, where a row has room for them."""
    absent: dict[str, list[str]] = {}
    for sheet in SHEETS:
        own = [column for column in sheet.columns if column.kind == "auto"]
        for place in found.tracker.places.get(sheet.name, ()):
            if place.group or place.lines is not None:
                continue  # several records stand in one row
            missing = [column.heading for column in own if column.field not in place.columns]
            if missing:
                absent.setdefault(place.name, []).extend(missing)
    return absent


def _has_auto_columns(found: Review) -> bool:
    own = {sheet.name: {c.field for c in sheet.columns if c.kind == "auto"} for sheet in SHEETS}
    return any(
        own[name] & place.columns.keys()
        for name, places in found.tracker.places.items()
        for place in places
    )


def _no_auto_columns(path: Path, absent: dict[str, list[str]]) -> str:
    wanted = "; ".join(f"{listed(headings)} to {name}" for name, headings in absent.items())
    return (
        f'{path.name}: no heading begins with "{AUTO}", so nothing was written. '
        f"To have flags, add the headings {wanted}."
    )


def _not_shown(absent: dict[str, list[str]]) -> list[str]:
    if not absent:
        return []
    wanted = "; ".join(f"{listed(headings)} on {name}" for name, headings in absent.items())
    return [f"No heading, so not written: {wanted}. Add the headings that you want."]


def _written(path: Path, cells: Cells, sha256: str, *, before: Callable[[], object]) -> "Written":
    """Write the cells into the version of the tracker that was read, and into no other.

    `before` makes the backup: where no cell can be changed, none is needed.
    """
    from mfauto.xlsx import write_cells  # noqa: PLC0415 - only needed when something changed

    return write_cells(path, cells, path, only=sha256, before=before)
