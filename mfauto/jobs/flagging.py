"""The Auto columns written into the tracker, and nothing else."""

from contextlib import suppress
from pathlib import Path
from typing import Final

from mfauto.columns import AUTO, CASES, SHEETS
from mfauto.errors import TrackerBusyError, TrackerSavedError
from mfauto.flags import Cells, changed, flags
from mfauto.jobs.run import Done, Run, reviewed, tracker_path
from mfauto.model import Review
from mfauto.saving import back_up, lock_holder, replace_file
from mfauto.wording import counted, listed

BACKUPS: Final = "backups"
_TRIES: Final = 3  # a person may save while a run is writing; then it starts again


def flag(run: Run) -> Done:
    """Write the Auto columns, and nothing else; start again where a person saved meanwhile.

    Raises:
        TrackerBusyError: the tracker is open, or people kept saving; nothing was written.

    """
    path = tracker_path(run.settings)
    for _ in range(_TRIES - 1):
        with suppress(TrackerSavedError):
            return _flag(path, run)
    return _flag(path, run)


def _flag(path: Path, run: Run) -> Done:
    found = reviewed(run.settings, run.as_at, keep_auto=True)
    cells = flags(found)
    if not cells and not _has_auto_columns(found):
        return Done(said=[_no_auto_columns(path)])
    cells = changed(cells, found.tracker.auto)
    if not cells:
        return Done(said=[f"{path.name}: no flag had to change. Nothing was written."])
    number = counted(len(cells), "cell")
    if run.dry_run:
        return Done(said=[f"{path.name}: {number} would be written."])
    holder = lock_holder(path)
    if holder is not None:
        raise TrackerBusyError(
            f"{path.name} is open: {holder} has it. Nothing was written.\n"
            "Close it, then run this again. The next run writes the flags."
        )
    backup = back_up(path, run.settings.folder / BACKUPS, run.now)
    _write_flags(path, cells, found.tracker.sha256)
    if run.ledger is not None:
        run.ledger.record(
            "flags",
            run.now,
            as_at=run.as_at.isoformat(),
            cells=len(cells),
            tracker=found.tracker.sha256,
            backup=backup.name,
        )
    return Done(said=[f"{path.name}: {number} written. Backup: {backup.name}."], made=[path])


def _has_auto_columns(found: Review) -> bool:
    own = {sheet.name: {c.field for c in sheet.columns if c.kind == "auto"} for sheet in SHEETS}
    return any(
        own[name] & place.columns.keys()
        for name, places in found.tracker.places.items()
        for place in places
    )


def _no_auto_columns(path: Path) -> str:
    headings = listed([column.heading for column in CASES.columns if column.kind == "auto"])
    return (
        f'{path.name}: no heading begins with "{AUTO}", so nothing was written. '
        f"To have flags, add the headings {headings} to {CASES.name}."
    )


def _write_flags(path: Path, cells: Cells, expected_sha256: str) -> None:
    """Write the cells beside the tracker, then take its place unless it was saved meanwhile."""
    from mfauto.xlsx import write_cells  # noqa: PLC0415 - only needed when something changed

    made = path.with_name(f".mfauto-{path.stem}.new{path.suffix}")
    try:
        if write_cells(path, cells, made).cells:
            replace_file(made, path, expected_sha256)
    finally:
        made.unlink(missing_ok=True)
