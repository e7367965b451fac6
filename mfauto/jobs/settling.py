"""A person's word on what the history cannot know: emails of unknown fate, and a lost history."""

from datetime import datetime
from typing import TYPE_CHECKING

from mfauto.calling import call
from mfauto.errors import UsageError
from mfauto.jobs.done import Done
from mfauto.jobs.due import asked_now, note_done, past
from mfauto.jobs.run import Run
from mfauto.schedule import DAILY, EMAILS, JOBS, PACK, REPORTS
from mfauto.wording import listed

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
    from mfauto.posting import settle  # noqa: PLC0415

    if run.ledger is not None and not run.dry_run:
        settle(run.ledger, run.settings.output, run.now)  # what a stopped run left is unknown too
    unknown = run.ledger.deliveries(State.UNKNOWN) if run.ledger else []
    delivery = _meant(named, unknown)
    if not run.dry_run and run.ledger is not None:
        run.ledger.resolve(delivery.key, run.now, arrived=arrived)
        if not arrived:
            reopen(run, delivery)
    noted = "would be noted" if run.dry_run else "is noted"
    if arrived:
        return Done(said=[f"It {noted} that {delivery.key[:12]} has arrived."])
    said = f"It {noted} that {delivery.key[:12]} has not arrived."
    return Done(said=[f"{said} The next run sends it, if it is still this week's."])


def reopen(run: Run, delivery: "Delivery") -> None:
    """Open the period of an email's job once more: the next run makes and sends it."""
    job = next((one for one in JOBS if one.name == delivery.kind), None)
    if run.ledger is None or job is None:
        return
    period = delivery.period
    if job.rhythm == DAILY:  # the email says a day; the job is done at several times of it
        period = max(past(run)[job.name].done, default=period)
    run.ledger.record("run", run.now, job=job.name, period=period, reopened=1)


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


def accept(run: Run, *, gone: bool | None = None) -> Done:
    """Note a person's word that the history is the one to go on with.

    It may be older than the last run's or new, or come from another computer, or hold what a
    wrong clock noted for days to come. Of an older or a new one the person has looked whether
    the emails of this week and month had `gone`; what had gone is not made again.

    Raises:
        UsageError: the history is older or new, and the person has not said so.

    """
    from mfauto.ledger import Loss  # noqa: PLC0415 - SQLite: only where there is a history

    if run.ledger is None or not (run.ledger.lost or _is_ahead(run.ledger, run.now)):
        return Done(said=["The history is the one of the last run. Nothing needs to be accepted."])
    if run.dry_run:
        return Done(said=["The history would be accepted as it is."])
    loss = run.ledger.lost
    if loss is Loss.OLDER and gone is None:
        raise UsageError(
            "An older history does not know what was sent, so look into the mailbox first.\n"
            f"If this week's emails had gone, say: {call('history accept --gone')}\n"
            f"If not, say: {call('history accept --not-gone')}  The next run then sends them."
        )
    run.ledger.accept(run.now)
    if loss is None:
        return Done(said=["What was noted for days to come no longer counts as done."])
    if loss is Loss.ELSEWHERE:
        return Done(said=["mfauto is used on this computer from now on. Emails may leave."])
    said = "The history is accepted as it is. Emails may leave again."
    if not gone:
        return Done(said=[said])
    periods = _note_gone(run)
    return Done(said=[said, f"Not made again: {listed(periods)}."])


def _note_gone(run: Run) -> list[str]:
    """Note the present week and month as done, as their emails had gone; give what was noted."""
    due = [slot for slot in asked_now(run).due if slot.job in (REPORTS, EMAILS, PACK)]
    for slot in due:
        note_done(run, slot, gone=True)
    return [f"{slot.job.name} {slot.period}" for slot in due] or ["nothing, as nothing was due"]


def _is_ahead(ledger: "Ledger", now: datetime) -> bool:
    """Say whether the history goes on after this moment, and nobody has accepted that yet."""
    accepted = ledger.last("accepted")
    since = accepted.number if accepted else 0
    return any(entry.at > now and entry.number > since for entry in ledger.entries())
