"""Which way a job's emails leave: as drafts, held for a person's release, or live."""

from typing import TYPE_CHECKING, Final

from mfauto.calling import call
from mfauto.errors import DeliveryError, UsageError
from mfauto.jobs.run import Run
from mfauto.schedule import LONDON

if TYPE_CHECKING:
    from mfauto.delivery import Held, Outbox, Transport

_PUT_BACK: Final = (
    "Put back mfauto-history.sqlite3 as it was. If there is no such copy, look in the mailbox for "
    "what was sent this week before the next run."
)
_OLDER: Final = (
    "The history is not the one of the last run: it is an older copy, or began anew. {then}\n"
    "Put back mfauto-history.sqlite3 as it was. If there is no such copy, look in the mailbox for "
    "what was sent this week, then say: {accept}"
)
_ELSEWHERE: Final = (
    "This working folder was copied or moved here from another computer. {then}\n"
    "Make sure that mfauto does not run there any more, then say here: {accept}"
)
_MEDDLED: Final = (
    "The history was changed by hand, or cut. Nobody can rely on it, so no email was made.\n"
    "Put back a copy of mfauto-history.sqlite3. If there is none, move it away: the next run then "
    "begins a new one."
)
#: what follows from it, for emails that leave and for drafts
_SENT: Final = "What it does not know may be sent already, so nothing was sent."
_DRAFTED: Final = "A draft may be of an email that was sent already: look before you send it."


def way_out(run: Run, *, urgent: bool = False) -> "Transport":
    """Give the way out of a run's emails. `urgent` ones wait only for a hold put on by a person.

    Raises:
        DeliveryError: they would leave this computer, and the history may not know what has left.
        UsageError: they would leave this computer, now or at a release, as at another day.

    """
    if is_held(run, urgent=urgent):
        _check(run)
        return held(run)
    return live_way(run)


def live_way(run: Run) -> "Transport":
    """Give the way out that the settings name, whatever is held. One for the whole run."""
    from mfauto.delivery import is_live, open_transport  # noqa: PLC0415 - not always needed

    _check(run)
    if is_live(run.settings):
        said = lost(run)
        if said is not None:
            raise DeliveryError(said)
    if "out" not in run.ways:
        run.ways["out"] = open_transport(run.settings, run.wait)
    return run.ways["out"]


def _check(run: Run) -> None:
    """Make sure that an email may be made at all, however it goes."""
    from mfauto.delivery import is_live  # noqa: PLC0415 - not always needed

    if run.ledger is not None and run.ledger.meddled():
        raise DeliveryError(_MEDDLED)
    if is_live(run.settings) and run.as_at != run.now.astimezone(LONDON).date():
        raise UsageError(
            "Emails leave only as at today; another day was asked for, so nothing was sent.\n"
            "Leave --as-at out, or look at them: remind --preview."
        )


def lost(run: Run) -> str | None:
    """Say why the history may not know what was sent, and what to do; None where it does."""
    from mfauto.delivery import is_live  # noqa: PLC0415 - not always needed
    from mfauto.ledger import Loss, missing  # noqa: PLC0415 - SQLite: only where it is asked for

    if run.ledger is None:  # only looked at, and not there
        gone = missing(run.settings.folder)
        return f"{gone}\n{_PUT_BACK}" if gone else None
    if run.ledger.meddled():
        return _MEDDLED
    if run.ledger.lost is None:
        return None
    said = _ELSEWHERE if run.ledger.lost is Loss.ELSEWHERE else _OLDER
    then = _SENT if is_live(run.settings) else _DRAFTED
    return said.format(then=then, accept=call("history accept"))


def doubts(run: Run) -> list[str]:
    """Say what a person must know who sends drafts of this run; [] where there is nothing."""
    said = lost(run)
    return [said] if said is not None else []


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

    _check(run)
    return Outbox(run.settings.output)
