"""Emails kept back, and let go by a person who has looked at them."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mfauto.calling import call
from mfauto.errors import DeliveryError
from mfauto.jobs.done import Done
from mfauto.jobs.mailing import what_next
from mfauto.jobs.run import Run
from mfauto.jobs.settling import reopen
from mfauto.jobs.ways import held, is_held, live_way
from mfauto.schedule import is_over
from mfauto.settings import Settings
from mfauto.wording import counted

if TYPE_CHECKING:
    from mfauto.ledger import Delivery
    from mfauto.messages import Message


_NOTHING_LEAVES: Final = "Nothing leaves until you let it go:"


@dataclass(frozen=True, slots=True)
class Waiting:
    """One email that waits for a release."""

    path: Path
    kind: str
    period: str
    made: datetime
    hash: str | None  #: of the file as it was made
    recipient: str  #: its address; "" where the file cannot be used any more
    subject: str
    fault: str | None  #: why it will not be released as it is; None where it will


def hold(run: Run) -> Done:
    """Keep every email back from now on, child safety too, until a person says release."""
    done = Done()
    if run.ledger is not None and run.ledger.on_hold():
        done.said.append(f"Emails are on hold already. {_NOTHING_LEAVES} {call('release')}")
        return done
    if run.dry_run:
        done.said.append("Emails would be put on hold.")
        return done
    if run.ledger is None:
        raise ValueError("a hold is noted in the history")
    run.ledger.record("hold", run.now)
    done.said.append(
        "Emails are on hold: those that fall due are made and kept in the folder held.\n"
        f"{_NOTHING_LEAVES} {call('release')}"
    )
    return done


def hold_running(settings: Settings, *, dry_run: bool = False) -> Done:
    """Ask the run that is at work just now to send nothing more.

    Raises:
        DeliveryError: it cannot be asked.

    """
    from mfauto.ledger import ask_to_hold  # noqa: PLC0415 - SQLite: only where there is a history

    if dry_run:
        return Done(said=["A run is at work. It would be asked to send nothing more."])
    try:
        ask_to_hold(settings.folder)
    except OSError as error:
        raise DeliveryError(
            f"{settings.folder} cannot be written to ({error.strerror}), so the run goes on.\n"
            "Take the computer off the network if emails must stop now."
        ) from error
    said = (
        "A run is at work. It sends nothing after the email that is leaving now.\n"
        "Emails are on hold from then on, until you say release."
    )
    return Done(said=[said])


def waiting(run: Run) -> list[Waiting]:
    """Give the emails that wait for a release, in the order in which they would go.

    Raises:
        TrackerError: the tracker cannot be read, so nobody knows who may still be written to.

    """
    return [_waiting(run, one) for one in _deliveries(run)]


def _waiting(run: Run, delivery: "Delivery") -> Waiting:
    from mfauto.delivery import NotDeliveredError  # noqa: PLC0415 - not always needed

    folder, recipient, subject, fault = held(run), "", "", None
    try:
        message = folder.take(delivery)
        recipient, subject = message.recipient, message.subject
        _check_still_true(run, message)
    except NotDeliveredError as error:
        fault = str(error)
    return Waiting(
        path=folder.path(delivery),
        kind=delivery.kind,
        period=delivery.period,
        made=delivery.changed,
        hash=delivery.detail,
        recipient=recipient,
        subject=subject,
        fault=fault,
    )


def _check_still_true(run: Run, message: "Message") -> None:
    """Make sure that a held email may still go. NotDeliveredError where it is out of date."""
    from mfauto.delivery import NotDeliveredError, is_live  # noqa: PLC0415 - not always needed
    from mfauto.messages import Directory  # noqa: PLC0415

    # Of a draft its reader decides, as of any draft.
    if is_live(run.settings) and is_over(message.kind, message.period, run.now):
        raise NotDeliveredError("Its week is over, so it is out of date.")
    if not Directory(run.review().tracker.people, run.settings.mail).knows(message.recipient):
        raise NotDeliveredError("Its reader is no longer an active person on People.")


def release(run: Run) -> Done:
    """Let go what is held, just as it is, and end a hold put on by a person.

    What is out of date, or was meant for somebody who has left, is not sent. The next run makes
    anew what is still due. Where nothing could leave at all, a hold stays.

    Raises:
        DeliveryError: they are more than may leave in one run; none was sent, and a hold stays.
        TrackerError: the tracker cannot be read, so nobody knows who may still be written to.

    """
    from mfauto.posting import release as send  # noqa: PLC0415 - not always needed
    from mfauto.posting import settle  # noqa: PLC0415

    done, owed = Done(), _deliveries(run)
    if run.dry_run:
        done.said.append(f"{counted(len(owed), 'held email')} would be released.")
        return done
    if run.ledger is None:
        raise ValueError("a release is noted in the history")
    way = live_way(run)
    settle(run.ledger, run.settings.output, run.now)
    check = partial(_check_still_true, run)
    posted = send(_deliveries(run), held(run), run.ledger, way, run.now, check=check)
    for delivery in posted.unusable:
        reopen(run, delivery)
    left = len(_deliveries(run))
    if run.ledger.on_hold() and (posted.sent or not left):
        run.ledger.record("release", run.now)
        done.said.append("Emails are no longer on hold.")
    done.made += posted.made
    done.said.append(f"{counted(len(posted.sent), 'held email')} released.")
    if posted.sent:
        done.said.append(what_next(run, way))
    if left:
        done.ask(f"{counted(left, 'email is', 'emails are')} held as before. Say release again.")
    if is_held(run):
        done.said.append(
            "All emails stay on hold, as none could leave."
            if run.ledger.on_hold()
            else "The next ones are held again, as hold = true is set under [mail]."
        )
    done.failed += [DeliveryError(fault) for fault in posted.faults()]
    if posted.unusable:
        done.ask("The next run makes anew what is still due.")
    if posted.unsure:
        done.failed.append(
            DeliveryError(
                f"{counted(len(posted.unsure), 'email')} may or may not have arrived. "
                "Nothing is sent twice by itself: see the command history."
            )
        )
    return done


def _deliveries(run: Run) -> "list[Delivery]":
    """Give what is held: child safety first, then in the order in which it was made."""
    from mfauto.ledger import State  # noqa: PLC0415 - SQLite: only where there is a history
    from mfauto.messages import SAFETY_KIND  # noqa: PLC0415

    if run.ledger is None:
        return []
    entries = enumerate(run.ledger.entries("email"))
    order = {str(entry.facts.get("key")): number for number, entry in entries}
    owed = run.ledger.deliveries(State.HELD)
    return sorted(owed, key=lambda one: (one.kind != SAFETY_KIND, one.period, order[one.key]))
