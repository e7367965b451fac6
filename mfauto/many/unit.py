"""One tracker of many: read, reviewed and counted, and its exception reports made.

The unit of work: a plain function of plain values, which any engine can hand to another
process or computer. It never writes into a tracker, sends nothing, and never raises.
"""

import traceback
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Final

from mfauto.errors import MfautoError
from mfauto.measures.lists import is_open
from mfauto.measures.reports import reports_due
from mfauto.model import Review, Tracker
from mfauto.names import file_names
from mfauto.process import review, stand
from mfauto.saving import Versions, sha256
from mfauto.settings import Settings
from mfauto.standing import Relations
from mfauto.steps import SAFETY
from mfauto.workbook import read_tracker

_BUG: Final = 1
_TRACKER: Final = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """What is to be done with one tracker."""

    name: str  #: no two trackers have the same
    path: Path
    settings: Settings
    as_at: date  #: the report date
    month: date  #: the last day of the month that the pack is about
    reports: Path | None = None  #: folder for its exception reports; None: none are made
    made: frozenset[str] = frozenset()  #: cases whose report is left alone while it is there
    versions: Versions | None = None  #: keep reports off what a person changed; None: made over


@dataclass(frozen=True, kw_only=True, slots=True)
class Figures:
    """What a tracker says at one day, counted. `rows_read` = cases + outside + excluded."""

    rows_read: int = 0
    cases: int = 0  #: in the process
    outside: int = 0
    excluded: int = 0
    inadequate: int = 0  #: graded Inadequate and not left
    left: int = 0  #: left Inadequate in the month of the day, up to it
    red: int = 0  #: cases
    overdue: int = 0  #: steps and actions
    due_soon: int = 0
    unsafe: int = 0  #: cases in which the assurance of a child's safety is overdue
    error: int = 0
    query: int = 0
    unread: int = 0  #: filled cells that could not be read

    def __add__(self, other: "Figures") -> "Figures":
        """Add each figure up."""
        return Figures(
            **{
                one.name: getattr(self, one.name) + getattr(other, one.name)
                for one in fields(Figures)
            }
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """One exception report that was made."""

    case: str
    path: Path
    sha256: str
    target: Path  #: where it was to go; `path` is beside it where a person has changed that file


@dataclass(frozen=True, kw_only=True, slots=True)
class Examined:
    """What came of one tracker. Without `now` it could not be read, and `trouble` says why."""

    name: str
    path: Path
    sha256: str | None = None  #: of the file as it was read
    now: Figures | None = None  #: at the report date
    month: Figures | None = None  #: at the end of the pack's month
    longest: int = 0  #: calendar days for which an assurance of safety is overdue; 0: none is
    due: int = 0  #: exception reports that are due
    reports: tuple[Report, ...] = ()  #: those made now
    trouble: tuple[str, ...] = ()  #: what did not work, and what to do; empty where all did
    exit_code: int = 0  #: the worst of it


def examine(task: Task) -> Examined:
    """Read, review and count a tracker, and make its exception reports.

    Whatever stands against it is said in the answer, so that the others are never kept from
    their turn.
    """
    try:
        return _examined(task)
    except MfautoError as error:
        return in_vain(task, str(error), error.exit_code)
    except Exception as error:  # noqa: BLE001 - a bug in one tracker must not stop the others
        last = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(last.filename).name}, line {last.lineno}"
        said = f"Something went wrong inside mfauto ({type(error).__name__} in {place})."
        return in_vain(task, f"{said} Please report it.", _BUG)


def in_vain(task: Task, why: str, exit_code: int = _TRACKER) -> Examined:
    """Give the answer for a tracker of which nothing is known but what stands against it."""
    return Examined(name=task.name, path=task.path, trouble=(why,), exit_code=exit_code)


def figures(found: Review) -> Figures:
    """Count what a review says."""
    counts = found.counts
    standings, _ = stand(found.tracker, Relations(found.tracker), found.as_at)
    first = found.as_at.replace(day=1)
    gone = [one.passing.audited for one in standings if one.passing and one.passing.audited]
    return Figures(
        rows_read=counts.rows_read,
        cases=counts.cases,
        outside=counts.outside,
        excluded=counts.excluded,
        inadequate=sum(map(is_open, standings)),
        left=sum(max(day, first) == day for day in gone),
        red=sum(position.rag == "Red" for position in found.positions),
        overdue=counts.overdue,
        due_soon=counts.due_soon,
        unsafe=sum(due.step == SAFETY for due in found.overdue),
        error=counts.error,
        query=counts.query,
        unread=_unread(found.tracker),
    )


def _examined(task: Task) -> Examined:
    settings = task.settings
    tracker = read_tracker(task.path, settings)
    found = review(tracker, settings.policy, task.as_at)
    now = figures(found)
    waits = [(task.as_at - due.on).days for due in found.overdue if due.step == SAFETY]
    made, trouble, exit_code = _reports(task, found)
    return Examined(
        name=task.name,
        path=task.path,
        sha256=tracker.sha256,
        now=now,
        month=figures(review(tracker, settings.policy, task.month)),
        longest=max(waits, default=0),
        due=len(reports_due(found)),
        reports=made,
        trouble=trouble,
        exit_code=exit_code,
    )


def _reports(task: Task, found: Review) -> tuple[tuple[Report, ...], tuple[str, ...], int]:
    """Make the reports that are due; give them, and what stood against the others."""
    refs = reports_due(found)
    if task.reports is None or not refs:
        return (), (), 0
    from mfauto.documents import exception_reports  # noqa: PLC0415 - Word is not always needed

    names = file_names([case.ref for case in found.tracker.cases if case.ref])
    targets = [(ref, task.reports / f"{names[ref]}.docx") for ref in refs]
    wanted = [(ref, path) for ref, path in targets if ref not in task.made or not path.exists()]
    answers = exception_reports(
        found, wanted, task.settings, many=len(wanted) + 1, versions=task.versions
    )
    made = tuple(
        Report(case=ref, path=place, sha256=sha256(place), target=target)
        for (ref, target), place in zip(wanted, answers, strict=False)
        if isinstance(place, Path)
    )
    failed = [one for one in answers if isinstance(one, MfautoError)]
    said = tuple(dict.fromkeys(str(error) for error in failed))
    return made, said, max((error.exit_code for error in failed), default=0)


def _unread(tracker: Tracker) -> int:
    sheets = (
        tracker.cases,
        tracker.actions,
        tracker.reaudits,
        tracker.examples,
        tracker.meetings,
        tracker.people,
    )
    return sum(flaw.unreadable for rows in sheets for row in rows for flaw in row.flaws)
