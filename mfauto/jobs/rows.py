"""Rows that went missing: half a tracker is not written to, and nobody is told from it.

The history keeps how many rows each sheet had, and nothing else of them.
"""

from collections.abc import Mapping
from typing import Final

from mfauto.calling import call
from mfauto.columns import ACTIONS, CASES, EXAMPLES, MEETINGS, PEOPLE, REAUDITS
from mfauto.errors import FewerRowsError
from mfauto.jobs.run import Run
from mfauto.model import Tracker
from mfauto.wording import listed

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
    last = run.ledger.last(_EVENT)
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
    if run.ledger is None or run.dry_run:
        return
    last = run.ledger.last(_EVENT)
    now = row_counts(tracker)
    if last is None or last.facts["sheets"] != now:
        run.ledger.record(_EVENT, run.now, kind="rows counted", sheets=now, tracker=tracker.sha256)


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
