"""Is everything set up? Each thing that keeps the product from its work, with its fix.

One table of checks, each a small function. A check that cannot be made says so; the others
are still made. Nothing is sent, and nobody's file is changed.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from mfauto.doctor import computer, made, place, tracker
from mfauto.doctor.situation import (
    IN_ORDER,
    LOOK,
    NOT_CHECKED,
    VERDICTS,
    WRONG,
    Found,
    Situation,
    unchecked,
)

__all__ = [
    "CHECKS",
    "IN_ORDER",
    "LOOK",
    "NOT_CHECKED",
    "VERDICTS",
    "WRONG",
    "Check",
    "Result",
    "Situation",
    "examine",
    "exit_code",
]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that is looked at."""

    name: str  #: for programs; for ever
    group: str
    title: str
    look: Callable[[Situation], Iterable[Found]]


@dataclass(frozen=True, slots=True)
class Result:
    """One thing that a check found."""

    check: Check
    found: Found


CHECKS: Final = (
    Check("python", "This computer", "Python", computer.python),
    Check("packages", "This computer", "Packages", computer.packages),
    Check("clock", "This computer", "Clock", computer.clock),
    Check("bank_holidays", "This computer", "Bank holidays", computer.bank_holidays),
    Check("libreoffice", "This computer", "LibreOffice", computer.libreoffice),
    Check("settings", "The working folder", "Settings", place.settings_file),
    Check("secrets", "The working folder", "Passwords", place.secrets),
    Check("writable", "The working folder", "Right to write", place.writable),
    Check("space", "The working folder", "Free space", place.free_space),
    Check("long_paths", "The working folder", "Length of paths", place.long_paths),
    Check("second_versions", "The working folder", "Second versions", place.second_versions),
    Check("left_over", "The working folder", "Left over", place.left_over),
    Check("tracker", "The tracker", "Tracker", tracker.found),
    Check("open", "The tracker", "Open elsewhere", tracker.open_elsewhere),
    Check("layout", "The tracker", "Sheets and headings", tracker.layout),
    Check("people", "The tracker", "People", tracker.people),
    Check("fallback", "The tracker", "Fallback", tracker.fallback),
    Check("templates", "Documents and emails", "Word templates", made.templates),
    Check("words", "Documents and emails", "Words of emails", made.words),
    Check("board", "Documents and emails", "Board", made.board),
    Check("delivery", "Documents and emails", "Delivery", made.delivery),
    Check("emails", "Documents and emails", "Emails", made.emails),
    Check("history", "What was done", "History", made.history),
    Check("backups", "What was done", "Backups", made.backups),
    Check("schedule", "What was done", "Schedule", made.schedule),
    Check("schedule_files", "What was done", "Files that start it", made.schedule_files),
)


def examine(situation: Situation) -> Iterator[Result]:
    """Make every check, in the order of the table."""
    for check in CHECKS:
        try:
            found = list(check.look(situation))
        except ModuleNotFoundError as error:
            found = [unchecked(f"The package {error.name} is missing: see Packages.")]
        except OSError as error:
            found = [unchecked(f"It could not be looked at ({error.strerror}).")]
        for one in found:
            yield Result(check, one)


def exit_code(results: Sequence[Result]) -> int:
    """Give 0 where nothing is wrong, else the highest code of what is."""
    return max((one.found.code for one in results), default=0)
