"""Which way a job's emails leave: as drafts, held for a person's release, or live."""

from typing import TYPE_CHECKING, Final

from mfauto.errors import DeliveryError, UsageError
from mfauto.jobs.run import Run
from mfauto.schedule import LONDON

if TYPE_CHECKING:
    from mfauto.delivery import Held, Outbox, Transport

LOST: Final = (
    "The history is not the one of the last run: it is an older copy, or began anew. "
    "What it does not know may be sent already, so nothing was sent.\n"
    "Put back mfauto-history.sqlite3 as it was. If there is no such copy, look in the mailbox for "
    "what was sent this week, then say: history accept."
)


def way_out(run: Run, *, urgent: bool = False) -> "Transport":
    """Give the way out of a run's emails. `urgent` ones wait only for a hold put on by a person.

    Raises:
        DeliveryError: they would leave this computer, and the history may not know what has left.
        UsageError: they would leave this computer as at another day than today.

    """
    if is_held(run, urgent=urgent):
        return held(run)
    return live_way(run)


def live_way(run: Run) -> "Transport":
    """Give the way out that the settings name, whatever is held. One for the whole run."""
    from mfauto.delivery import is_live, open_transport  # noqa: PLC0415 - not always needed

    if is_live(run.settings):
        _check_live(run)
    if "out" not in run.ways:
        run.ways["out"] = open_transport(run.settings, run.wait)
    return run.ways["out"]


def _check_live(run: Run) -> None:
    if run.as_at != run.now.astimezone(LONDON).date():
        raise UsageError(
            "Emails leave only as at today; another day was asked for, so nothing was sent.\n"
            "Leave --as-at out, or look at them: remind --preview."
        )
    said = lost(run)
    if said is not None:
        raise DeliveryError(said)


def lost(run: Run) -> str | None:
    """Say why nothing may leave although it should: the history is not that of the last run."""
    from mfauto.delivery import is_live  # noqa: PLC0415 - not always needed

    live = is_live(run.settings) and run.ledger is not None
    return LOST if live and run.ledger is not None and run.ledger.lost else None


def is_held(run: Run, *, urgent: bool = False) -> bool:
    """Say whether emails wait for a person: by the setting, or by the command hold."""
    by_setting = run.settings.mail.hold and not urgent
    return by_setting or (run.ledger is not None and run.ledger.on_hold())


def held(run: Run) -> "Held":
    """Give the folder of held emails."""
    from mfauto.delivery import Held  # noqa: PLC0415 - not always needed

    return Held(run.settings.output)


def drafts(run: Run) -> "Outbox":
    """Give the folder of drafts, for what only a person may send."""
    from mfauto.delivery import Outbox  # noqa: PLC0415 - not always needed

    return Outbox(run.settings.output)
