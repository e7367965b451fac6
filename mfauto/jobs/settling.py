"""A person's word on what the history cannot know: emails of unknown fate, and a lost history."""

from datetime import datetime
from typing import TYPE_CHECKING

from mfauto.errors import UsageError
from mfauto.jobs.run import Done, Run
from mfauto.schedule import JOBS

if TYPE_CHECKING:
    from mfauto.ledger import Delivery, Ledger

SHORTEST = 4  #: characters of an email's ID that a person has to type


def resolve(run: Run, named: str, *, arrived: bool) -> Done:
    """Note whether an email of unknown fate has arrived. One that has not is sent again.

    Its job was done but for this email, so its period is opened once more.

    Raises:
        UsageError: `named` is the ID of no such email, or the beginning of several.

    """
    from mfauto.ledger import State  # noqa: PLC0415 - SQLite: only where there is a history

    unknown = run.ledger.deliveries(State.UNKNOWN) if run.ledger else []
    delivery = _meant(named, unknown)
    if not run.dry_run and run.ledger is not None:
        run.ledger.resolve(delivery.key, run.now, arrived=arrived)
        if not arrived and delivery.kind in {job.name for job in JOBS}:
            run.ledger.record("run", run.now, job=delivery.kind, period=delivery.period, reopened=1)
    noted = "would be noted" if run.dry_run else "is noted"
    if arrived:
        return Done(said=[f"It {noted} that {delivery.key[:12]} has arrived."])
    said = f"It {noted} that {delivery.key[:12]} has not arrived."
    return Done(said=[f"{said} The next run sends it, if it is still this week's."])


def _meant(named: str, unknown: "list[Delivery]") -> "Delivery":
    wanted = named.strip().casefold()
    found = [one for one in unknown if one.key.startswith(wanted)]
    if len(wanted) >= SHORTEST and len(found) == 1:
        return found[0]
    known = ", ".join(one.key[:12] for one in unknown)
    raise UsageError(
        f'"{named}" is not the ID of one email of unknown fate.\n'
        + (f"There are: {known}." if known else "There is none. The command history lists them.")
    )


def accept(run: Run) -> Done:
    """Note a person's word that the history is the one to go on with.

    It may be older than the last run's or new, or come from another computer, or hold what a
    wrong clock noted for days to come.
    """
    from mfauto.ledger import Loss  # noqa: PLC0415 - SQLite: only where there is a history

    if run.ledger is None or not (run.ledger.lost or _is_ahead(run.ledger, run.now)):
        return Done(said=["The history is the one of the last run. Nothing needs to be accepted."])
    if run.dry_run:
        return Done(said=["The history would be accepted as it is."])
    loss = run.ledger.lost
    run.ledger.accept(run.now)
    if loss is None:
        return Done(said=["What was noted for days to come no longer counts as done."])
    if loss is Loss.ELSEWHERE:
        return Done(said=["mfauto is used on this computer from now on. Emails may leave."])
    return Done(said=["The history is accepted as it is. Emails may leave again."])


def _is_ahead(ledger: "Ledger", now: datetime) -> bool:
    """Say whether the history goes on after this moment, and nobody has accepted that yet."""
    accepted = ledger.last("accepted")
    since = accepted.number if accepted else 0
    return any(entry.at > now and entry.number > since for entry in ledger.entries())
