"""Rows that went missing: half a tracker is not written to, and nobody is told from it.

The history keeps how many rows each sheet of each tracker had, and nothing else of them.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from mfauto.calling import call
from mfauto.columns import ACTIONS, CASES, EXAMPLES, MEETINGS, PEOPLE, REAUDITS
from mfauto.errors import FewerRowsError
from mfauto.jobs.run import Run
from mfauto.model import Tracker
from mfauto.wording import listed

if TYPE_CHECKING:
    from mfauto.ledger import Entry, Ledger

_EVENT: Final = "rows"
_PERCENT: Final = 20  #: more than this gone since the last run is refused
_FEW: Final = 10  #: a sheet with fewer rows may lose any of them, but for Cases

Counts = Mapping[str, int]


def check_rows(run: Run, tracker: Tracker) -> None:
    """Make sure that the tracker has most of the rows of the last run, and remember its own.

    Every job that writes into the tracker or sends calls this first.

    Raises:
        FewerRowsError: more than a fifth are gone, and nobody has said that this is right.

    """
    if run.ledger is None:
        return
    last = _last(run.ledger, tracker)
    before: Counts = last.facts["sheets"] if last else {}
    now = row_counts(tracker)
    gone = _gone(before, now)
    if gone and not run.accept_fewer_rows:
        raise FewerRowsError(
            f"{tracker.path.name} has far fewer rows than at the last run: {listed(gone)}. "
            "Nothing was written or sent.\n"
            f"If rows were lost, put back a backup: {call('restore')}\n"
            "If it is right so, run this once with --accept-fewer-rows."
        )
    remember_rows(run, tracker)


def remember_rows(run: Run, tracker: Tracker) -> None:
    """Note how many rows the tracker has, as what the next run is compared with."""
    if run.ledger is None or run.dry_run or not run.ledger.writable:
        return
    last, newest = _last(run.ledger, tracker), run.ledger.last(_EVENT)
    now, file = row_counts(tracker), run.ledger.mark_of(tracker.path)
    if last is None or last.facts["sheets"] != now or _file(newest) != file:
        run.ledger.record(
            _EVENT, run.now, kind="rows counted", sheets=now, tracker=tracker.sha256, file=file
        )


def is_another(run: Run, tracker: Tracker) -> str | None:
    """Say that the last run from this folder was on another tracker; None where it was not."""
    newest = run.ledger.last(_EVENT) if run.ledger else None
    if run.ledger is None or _file(newest) in (None, run.ledger.mark_of(tracker.path)):
        return None
    return (
        "The last run from this working folder was on another tracker. An email is made once for "
        "each week, folder and reader, whichever tracker it is from.\n"
        f"Give each tracker a folder of its own: {call('init')}"
    )


def _last(ledger: "Ledger", tracker: Tracker) -> "Entry | None":
    """Give what was last noted of this tracker; of an older history, of whichever it was."""
    mine = (ledger.mark_of(tracker.path), None)
    found = [entry for entry in ledger.entries(_EVENT) if _file(entry) in mine]
    return found[-1] if found else None


def _file(entry: "Entry | None") -> str | None:
    return entry.facts.get("file") if entry else None


def row_counts(tracker: Tracker) -> dict[str, int]:
    """Give how many filled rows each sheet has."""
    return {
        CASES.name: len(tracker.cases),
        ACTIONS.name: len(tracker.actions),
        REAUDITS.name: len(tracker.reaudits),
        EXAMPLES.name: len(tracker.examples),
        MEETINGS.name: len(tracker.meetings),
        PEOPLE.name: len(tracker.people),
    }


def _gone(before: Counts, now: Counts) -> list[str]:
    """Say of each sheet that lost too many rows how many it had; [] where all is well."""
    lost = [
        f"{name} has {now.get(name, 0):,} instead of {had:,}"
        for name, had in before.items()
        if (had >= _FEW or name == CASES.name) and _too_few(had, now.get(name, 0))
    ]
    had, has = sum(before.values()), sum(now.values())
    if not lost and _too_few(had, has):
        lost.append(f"all its sheets together have {has:,} instead of {had:,}")
    return lost


def _too_few(had: int, has: int) -> bool:
    return (had - has) * 100 > _PERCENT * had
