"""Emails kept back, and let go by a person who has looked at them."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mfauto.errors import DeliveryError
from mfauto.jobs.mailing import what_next
from mfauto.jobs.run import Done, Run
from mfauto.jobs.ways import held, is_held, live_way
from mfauto.wording import counted

if TYPE_CHECKING:
    from mfauto.ledger import Delivery


@dataclass(frozen=True, slots=True)
class Waiting:
    """One email that waits for a release."""

    path: Path
    kind: str
    period: str
    recipient: str  #: its address; "" where the file cannot be used any more
    subject: str
    fault: str | None  #: why it cannot be released as it stands; None where it can


def hold(run: Run) -> Done:
    """Keep every email back from now on, child safety too, until a person says release."""
    done = Done()
    if run.ledger is not None and run.ledger.on_hold():
        done.said.append("Emails are on hold already. Nothing leaves until you say release.")
        return done
    if run.dry_run:
        done.said.append("Emails would be put on hold.")
        return done
    if run.ledger is None:
        raise ValueError("a hold is noted in the history")
    run.ledger.record("hold", run.now)
    done.said.append(
        "Emails are on hold: those that fall due are made and kept in the folder held.\n"
        "Nothing leaves until you say release."
    )
    return done


def waiting(run: Run) -> list[Waiting]:
    """Give the emails that wait for a release, in the order in which they would go."""
    from mfauto.delivery import NotDeliveredError  # noqa: PLC0415 - not always needed

    folder, found = held(run), []
    for delivery in _deliveries(run):
        path = folder.path(delivery)
        try:
            message = folder.take(delivery)
        except NotDeliveredError as error:
            found.append(Waiting(path, delivery.kind, delivery.period, "", "", str(error)))
        else:
            found.append(
                Waiting(
                    path,
                    delivery.kind,
                    delivery.period,
                    message.recipient,
                    message.subject,
                    None,
                )
            )
    return found


def release(run: Run) -> Done:
    """Let go what is held, just as it stands, and end a hold put on by a person.

    Raises:
        DeliveryError: they are more than may leave in one run; none was sent, and a hold stays.

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
    settle(run.ledger, run.settings.output, way, run.now)
    posted = send(_deliveries(run), held(run), run.ledger, way, run.now)
    if run.ledger.on_hold():
        run.ledger.record("release", run.now)
        done.said.append("Emails are no longer on hold.")
    done.made += posted.made
    done.said.append(f"{counted(len(posted.sent), 'held email')} released.")
    if posted.sent:
        done.said.append(what_next(run, way))
    left = len(_deliveries(run))
    if left:
        done.ask(f"{counted(left, 'email is', 'emails are')} held as before. Say release again.")
    if is_held(run):
        done.said.append("The next ones are held again, as hold = true stands under [mail].")
    done.failed += [DeliveryError(fault) for fault in posted.faults()]
    if posted.unsure:
        done.failed.append(
            DeliveryError(
                f"{counted(len(posted.unsure), 'email')} may or may not have arrived. "
                "Nothing is sent twice by itself: see the command history."
            )
        )
    return done


def _deliveries(run: Run) -> "list[Delivery]":
    from mfauto.ledger import State  # noqa: PLC0415 - SQLite: only where there is a history
    from mfauto.messages import SAFETY_KIND  # noqa: PLC0415

    owed = run.ledger.deliveries(State.HELD) if run.ledger else []
    return sorted(owed, key=lambda one: (one.kind != SAFETY_KIND, one.period, one.kind, one.key))
