"""What is due now, from the settings and the history."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from mfauto.errors import FewerRowsError, TrackerError
from mfauto.jobs.documents import exceptions, last_whole_month, pack, reports_due
from mfauto.jobs.flagging import flag
from mfauto.jobs.mailing import remind
from mfauto.jobs.run import Done, Run, reviewed
from mfauto.model import Review
from mfauto.settings import WEEKDAYS

if TYPE_CHECKING:
    from mfauto.ledger import Entry, Ledger


def run_due(run: Run) -> Done:
    """Do what is due now, once: flags; weekly emails and reports; the monthly pack.

    What the history shows as done for its week or month is not done again. Flags that
    cannot be written now are put off to the next run, and the rest is still done. Where too
    many rows are gone, nothing is done.
    """
    done = Done()
    try:
        done += flag(run)
    except FewerRowsError:
        raise
    except TrackerError as error:
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
