"""Each job from start to end: read, review, then write, make or send.

A job does one thing whole and says what it did as sentences. It never reads the
clock: `as_at` is the report date and `now` the moment of the run. Whatever it
makes or sends is noted in the history. A dry run says what it would do, and does nothing.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from mfauto.columns import AUTO, CASES, SHEETS
from mfauto.comparing import same
from mfauto.errors import (
    DeliveryError,
    MfautoError,
    TrackerBusyError,
    TrackerSavedError,
    UsageError,
)
from mfauto.flags import Cells, changed, flags
from mfauto.model import Review
from mfauto.policy import add_months
from mfauto.process import review
from mfauto.saving import back_up, lock_holder, replace_file, sha256
from mfauto.settings import CONFIG, WEEKDAYS, Settings
from mfauto.standing import INADEQUATE
from mfauto.wording import counted, day_words, listed
from mfauto.workbook import read_tracker

if TYPE_CHECKING:
    from mfauto.ledger import Entry, Ledger  # SQLite: `check` does without it

REPORTS: Final = "exception-reports"
PACKS: Final = "assurance-packs"
BACKUPS: Final = "backups"
_TRIES: Final = 3  # a person may save while a run is writing; then it starts again


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """One run of a job: for which settings and day, when, and what is known from before."""

    settings: Settings
    as_at: date  #: the report date
    now: datetime  #: the moment of the run, with its time zone
    ledger: "Ledger | None" = None  #: open to write, else only to look at; None where there is none
    dry_run: bool = False


@dataclass(kw_only=True)
class Done:
    """What a job did: sentences for people, files for programs."""

    said: list[str] = field(default_factory=list)
    made: list[Path] = field(default_factory=list)
    failed: list[MfautoError] = field(default_factory=list)  #: what did not work; the rest did

    def __iadd__(self, other: "Done") -> Self:
        """Add what another job did."""
        self.said += other.said
        self.made += other.made
        self.failed += other.failed
        return self


def tracker_path(settings: Settings) -> Path:
    """Give the tracker to work on: the named one, else the only workbook of the folder."""
    if settings.tracker is not None:
        return settings.tracker
    found = [
        path
        for path in sorted(settings.folder.glob("*.xls[xm]"))
        if not path.name.startswith(("~$", ".")) and path.name != "tracker_template.xlsx"
    ]
    if len(found) == 1:
        return found[0]
    what = "more than one workbook" if found else "no workbook"
    raise UsageError(
        f"No tracker is named, and there is {what} in {settings.folder}.\n"
        'Name it with --tracker FILE, or as tracker = "FILE" in mfauto.toml.'
    )


def reviewed(settings: Settings, as_at: date, *, keep_auto: bool = False) -> Review:
    """Read and review the tracker that the settings name."""
    tracker = read_tracker(tracker_path(settings), settings, keep_auto=keep_auto)
    return review(tracker, settings.policy, as_at)


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
    return any(own[name] & place.columns.keys() for name, place in found.tracker.places.items())


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


def exceptions(run: Run, found: Review, *, refs: Sequence[str] | None = None) -> Done:
    """Make the one-page report of each case in `refs`, else of each that needs one (C09).

    A report that cannot be made is said, and the others are still made.
    """
    from mfauto.documents import exception_report  # noqa: PLC0415 - Word is not always needed
    from mfauto.names import file_names  # noqa: PLC0415

    refs = reports_due(found) if refs is None else refs
    done = Done()
    if run.dry_run:
        done.said.append(f"{counted(len(refs), 'exception report')} would be made.")
        return done
    folder = run.settings.output / REPORTS
    names = file_names([case.ref for case in found.tracker.cases if case.ref])
    for ref in refs:
        target = folder / f"{names[ref]}.docx"
        try:
            exception_report(found, ref, run.settings, target)
        except MfautoError as error:
            done.failed.append(error)
        else:
            done.made.append(target)
            _note(run, found, "exception report", target, case=ref)
    if done.made:
        done.said.append(f"{counted(len(done.made), 'exception report')} made in {folder}.")
    elif not refs:
        done.said.append("No exception report is due: none is required and not yet completed.")
    return done


def _note(run: Run, found: Review, kind: str, made: Path, **facts: str) -> None:
    """Enter a document in the history."""
    if run.ledger is None:
        return
    folder = run.settings.folder
    inside = made.is_relative_to(folder)
    run.ledger.record(
        "document",
        run.now,
        kind=kind,
        file=made.relative_to(folder).as_posix() if inside else made.name,
        sha256=sha256(made),
        as_at=found.as_at.isoformat(),
        tracker=found.tracker.sha256,
        **facts,
    )


def reports_due(found: Review) -> list[str]:
    """Give the cases whose review is Required and whose report is not completed (C09)."""
    graded = {position.case: position.grade for position in found.positions}
    return [
        case.ref
        for case in found.tracker.cases
        if case.ref
        and graded.get(case.ref) == INADEQUATE
        and case.caseload_review == "Required"
        and not (case.exception_report_completed and case.exception_report_completed <= found.as_at)
    ]


def inadequate(found: Review, ref: str) -> str:
    """Give the Case ref as the tracker spells it. UsageError where it is no Inadequate case."""
    for position in found.positions:
        if same(position.case) == same(ref):
            if position.grade == INADEQUATE:
                return position.case
            raise UsageError(
                f"{position.case} is graded {position.grade}. "
                "An exception report is made for Inadequate cases only."
            )
    raise UsageError(
        f'There is no case "{ref}" in {found.tracker.path.name} at {day_words(found.as_at)}. '
        "Check the Case ref, or run check to see whether its row is left out."
    )


def last_whole_month(as_at: date) -> tuple[int, int]:
    """Give the year and month that ended last before `as_at`."""
    last = as_at.replace(day=1) - timedelta(days=1)
    return last.year, last.month


def pack(run: Run, month: tuple[int, int]) -> Done:
    """Make the assurance pack of `month`, as at its last day (C17)."""
    from mfauto.documents import assurance_pack  # noqa: PLC0415 - Word is not always needed

    year, number = month
    name = f"{year}-{number:02d}"
    target = run.settings.output / PACKS / f"{name}.docx"
    if run.dry_run:
        return Done(said=[f"The assurance pack of {name} would be made."])
    found = reviewed(run.settings, add_months(date(year, number, 1), 1) - timedelta(days=1))
    assurance_pack(found, month, run.settings, target)
    _note(run, found, "assurance pack", target, month=name)
    return Done(said=[f"Assurance pack made: {target}."], made=[target])


def remind(run: Run, found: Review, *, again: bool = False) -> Done:
    """Make this week's emails, each once for its week, working folder and recipient."""
    from mfauto.delivery import Outbox  # noqa: PLC0415 - the emails are not always needed
    from mfauto.sending import remind as send  # noqa: PLC0415

    outbox = Outbox(run.settings.output)
    outcome = send(
        found, run.settings, run.ledger, outbox, run.now, again=again, dry_run=run.dry_run
    )
    done = Done(said=outcome.sentences(), made=outcome.made)
    if outcome.made:
        done.said.append(f"They are drafts in {outbox.folder}: open, read and send each one.")
    if outcome.undelivered:
        done.failed.append(DeliveryError("Some emails could not be delivered: see above."))
    return done


def run_due(run: Run) -> Done:
    """Do what is due now, once: flags; weekly emails and reports; the monthly pack.

    What the history shows as done for its week or month is not done again. Flags that
    cannot be written now are put off to the next run, and the rest is still done.
    """
    done = Done()
    try:
        done += flag(run)
    except TrackerBusyError as error:
        done.failed.append(error)
    found = reviewed(run.settings, run.as_at)
    if weekly_due(run):
        done += remind(run, found)
        refs = _not_yet_this_week(found, run.ledger)
        if refs:
            done += exceptions(run, found, refs=refs)
    month = last_whole_month(run.as_at)
    if pack_due(run) and not _made_pack(month, run.ledger):
        done += pack(run, month)
    return done


def weekly_due(run: Run) -> bool:
    """Say whether this week's day and time for emails have come."""
    day = WEEKDAYS.index(run.settings.weekly_day)
    if run.as_at.weekday() != day or run.as_at != run.now.date():
        return run.as_at.weekday() >= day
    return f"{run.now:%H:%M}" >= run.settings.weekly_time


def pack_due(run: Run) -> bool:
    """Say whether the working day of the month on which the pack is made has come."""
    before = run.as_at.replace(day=1) - timedelta(days=1)
    due = run.settings.policy.workdays.after(before, run.settings.pack_workday)
    return run.as_at >= due


def _made_pack(month: tuple[int, int], ledger: "Ledger | None") -> bool:
    name = f"{month[0]}-{month[1]:02d}"
    return any(entry.facts.get("month") == name for entry in _documents(ledger))


def _documents(ledger: "Ledger | None") -> "list[Entry]":
    return list(ledger.entries("document")) if ledger else []


def _not_yet_this_week(found: Review, ledger: "Ledger | None") -> list[str]:
    week = found.as_at.isocalendar()[:2]
    made = {
        entry.facts.get("case")
        for entry in _documents(ledger)
        if date.fromisoformat(entry.facts["as_at"]).isocalendar()[:2] == week
    }
    return [ref for ref in reports_due(found) if ref not in made]


DEMO: Final = "mfauto-demo"
_DEMO_TRACKER: Final = "Moving Forward tracker.xlsx"
_DEMO_SETTINGS: Final = f"""# Settings of the demo. Everything in it is made up.
tracker = "{_DEMO_TRACKER}"
council = "Northmoor Council (made up)"

[mail]
allowed_domains = ["example.org"]
"""


def demo_folder(wanted: Path | None, here: Path) -> Path:
    """Give the folder for a demo: the named one where it is new or empty, else a new one."""
    if wanted is None:
        free = (here / (f"{DEMO}-{n}" if n > 1 else DEMO) for n in range(1, 1000))
        return next(folder for folder in free if not folder.exists())
    if wanted.exists() and (not wanted.is_dir() or any(wanted.iterdir())):
        raise UsageError(
            f"{wanted} is not empty, so no demo was made there.\n"
            "Name a folder that is new or empty."
        )
    return wanted


def make_demo(folder: Path, as_at: date) -> None:
    """Make a folder with a made-up tracker and its settings."""
    from mfauto.demo import demo_rows  # noqa: PLC0415 - openpyxl is only needed here
    from mfauto.template import make_tracker  # noqa: PLC0415

    folder.mkdir(parents=True, exist_ok=True)
    make_tracker(folder / _DEMO_TRACKER, demo_rows(as_at))
    (folder / CONFIG).write_text(_DEMO_SETTINGS, encoding="utf-8")


def demo(run: Run) -> Done:
    """Make everything the product makes from the demo's tracker."""
    done = flag(run)
    found = reviewed(run.settings, run.as_at)
    done += exceptions(run, found)
    done += pack(run, last_whole_month(run.as_at))
    done += remind(run, found)
    return done
