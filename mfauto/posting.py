"""Sends single emails through the history: alerts, covering notes, letters; each one once.

Each is noted before it leaves and after it left. What a stopped run left in the
middle is settled first; what nobody can know is reported, never sent again.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from mfauto.columns import ROLES
from mfauto.delivery import NotDeliveredError, Transport, UnsureError
from mfauto.errors import MfautoError
from mfauto.ledger import Delivery, Ledger, State
from mfauto.messages import Message, UnsafeHeaderError

_GONE = (State.SENT, State.UNKNOWN)  # what has left, or may have


@dataclass(kw_only=True)
class Posted:
    """What became of some emails."""

    wanted: list[Message] = field(default_factory=list)  #: to be sent in this run
    sent: list[Message] = field(default_factory=list)
    made: list[Path] = field(default_factory=list)  #: the files of `sent`
    already: list[Message] = field(default_factory=list)  #: sent before
    waiting: list[Message] = field(default_factory=list)  #: of unknown fate; a person decides
    unsure: list[Message] = field(default_factory=list)  #: became so in this run
    failed: list[tuple[Message, MfautoError]] = field(default_factory=list)


def settle(ledger: Ledger, transport: Transport, now: datetime) -> None:
    """Settle what a stopped run left in the middle of sending."""
    ledger.recover(now, transport.trace)
    transport.tidy()


def gone(ledger: Ledger, kind: str) -> tuple[frozenset[str], frozenset[str]]:
    """Give what has left of one kind: the emails' keys, and what their readers were told."""
    left = [one for one in ledger.deliveries() if one.kind == kind and one.state in _GONE]
    return (
        frozenset(one.key for one in left),
        frozenset(item for one in left for item in one.items),
    )


def post(
    messages: Iterable[Message],
    ledger: Ledger | None,
    transport: Transport,
    now: datetime,
    *,
    tracker: str,
    again: bool = False,
    dry_run: bool = False,
) -> Posted:
    """Send each message, unless it was sent before or may have been.

    `tracker` is the hash of the tracker they were made from. `again` is a person's word: it
    makes outbox files anew. With `dry_run` nothing leaves and nothing is noted.
    """
    posted = Posted()
    messages = list(messages)
    for message in messages:
        known = ledger.delivery(message.key) if ledger else None
        if again or known is None or known.state not in _GONE:
            posted.wanted.append(message)
        else:
            (posted.already if known.state is State.SENT else posted.waiting).append(message)
    if dry_run:
        return posted
    if ledger is None:
        raise ValueError("sending needs the history")
    # All are noted before the first one leaves, so that a stopped run shows what it owed.
    owed = [(one, _noted(one, ledger, transport, now, tracker)) for one in posted.wanted]
    for message, delivery in owed:
        _deliver(replace(message, date=delivery.dated), delivery, ledger, transport, now, posted)
    return posted


def drop(kind: str, messages: Iterable[Message], ledger: Ledger, now: datetime) -> None:
    """Settle what a stopped run owed of a kind and nobody needs now."""
    wanted = {message.key for message in messages}
    for delivery in ledger.deliveries(State.PENDING):
        if delivery.kind == kind and delivery.key not in wanted:
            ledger.change(delivery.key, State.FAILED, now, "no longer needed")


def _noted(
    message: Message, ledger: Ledger, transport: Transport, now: datetime, tracker: str
) -> Delivery:
    delivery = Delivery(
        key=message.key,
        kind=message.kind,
        period=message.period,
        recipient=ledger.pseudonym(message.recipient),
        role=message.role if message.role in ROLES else None,
        channel=transport.name,
        state=State.PENDING,
        dated=message.date,
        tracker=tracker,
        items=tuple(sorted(message.told)),
        changed=now,
    )
    known = ledger.delivery(message.key)
    if known is not None and known.state in _GONE:
        return replace(delivery, state=known.state, dated=known.dated)
    return ledger.expect(delivery, now)


def _deliver(
    message: Message,
    delivery: Delivery,
    ledger: Ledger,
    transport: Transport,
    now: datetime,
    posted: Posted,
) -> None:
    try:
        transport.prepare(message)
    except (NotDeliveredError, UnsafeHeaderError) as error:
        if delivery.state is State.PENDING:
            ledger.change(message.key, State.FAILED, now, "not prepared")
        posted.failed.append((message, error))
        return
    ledger.begin(delivery, now)
    try:
        receipt = transport.send(message)
    except NotDeliveredError as error:
        ledger.change(message.key, State.FAILED, now, "refused")
        posted.failed.append((message, error))
    except UnsureError:
        ledger.change(message.key, State.UNKNOWN, now, "no answer")
        posted.unsure.append(message)
    else:
        ledger.change(message.key, State.SENT, now, receipt.detail)
        posted.sent.append(message)
        if receipt.path is not None:
            posted.made.append(receipt.path)
