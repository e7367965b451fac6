"""Takes emails through the history, one after another: nothing twice, nothing lost.

Each email is noted before it leaves and after it left. What a stopped run left in the
middle is settled first; what nobody can know is reported, never sent again. What was made
for a day still to come counts as `recall` says.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Final

from mfauto.columns import ROLES
from mfauto.delivery import (
    HELD,
    OUTBOX,
    Held,
    NotDeliveredError,
    Outbox,
    Transport,
    UnsureError,
    tracer,
)
from mfauto.errors import DeliveryError, MfautoError
from mfauto.ledger import Delivery, Ledger, State
from mfauto.messages import PACK_KIND, Message, UnsafeHeaderError, key_of
from mfauto.recall import Recall
from mfauto.schedule import LONDON, begins
from mfauto.wording import counted

_GONE: Final = (State.SENT, State.UNKNOWN)  # what has left, or may have
_FILES: Final = (OUTBOX, HELD)  # channels that only make files here
_SILENT: Final = 3  # so many without an answer in a row: the others are not tried
DROPPED: Final = "no longer needed"  #: how the history notes an email that need not be tried again
UNUSABLE: Final = "not released"  #: the same, of a held one that was changed, gone or out of date


@dataclass(kw_only=True)
class Posted:
    """What became of some emails."""

    wanted: list[Message] = field(default_factory=list)  #: to be sent in this run
    sent: list[Message] = field(default_factory=list)
    held: list[Message] = field(default_factory=list)  #: made, and waiting for a release
    made: list[Path] = field(default_factory=list)  #: the files of `sent` and `held`
    already: list[Message] = field(default_factory=list)  #: sent before
    holding: list[Message] = field(default_factory=list)  #: held before, and still waiting
    waiting: list[Message] = field(default_factory=list)  #: of unknown fate; a person decides
    unsure: list[Message] = field(default_factory=list)  #: became so in this run
    unusable: list[Delivery] = field(default_factory=list)  #: held before, and not to be sent so
    failed: list[tuple[Message, MfautoError]] = field(default_factory=list)

    def faults(self) -> list[str]:
        """Say why emails were not sent: each reason once, with how many it kept back."""
        why: dict[str, int] = {}
        for _, error in self.failed:
            why[str(error)] = why.get(str(error), 0) + 1
        return [
            f"{counted(number, 'email was', 'emails were')} not sent. {said}"
            for said, number in why.items()
        ]


#: words an email anew, just before it leaves, from what became of those before it
Retell = Callable[[Message, Posted], Message]


def settle(ledger: Ledger, folder: Path, now: datetime) -> None:
    """Settle what a stopped run left in the middle of sending; `folder` is the output's."""
    find, held = tracer(folder), Held(folder)

    def trace(delivery: Delivery) -> State:
        found = find(delivery)
        # A release was stopped before the email left: it waits on, as it did.
        return State.HELD if found is State.PENDING and held.has(delivery) else found

    ledger.recover(now, trace)
    for place in (Outbox(folder), held):
        place.tidy()
    held.remove_sent(ledger.deliveries(State.SENT))


def gone(
    ledger: Ledger, kind: str, now: datetime, *, held: bool = False
) -> tuple[frozenset[str], frozenset[str]]:
    """Give what has left of one kind: the emails' keys, and what their readers were told.

    With `held` also what waits for a release. Drafts made for a day still to come are left out
    once that day is there.
    """
    recall, states = Recall(ledger, now), (*_GONE, *((State.HELD,) if held else ()))
    left = [
        one
        for one in ledger.deliveries()
        if one.kind == kind and one.state in states and recall.email(one)
    ]
    return (
        frozenset(one.key for one in left),
        frozenset(item for one in left for item in one.items),
    )


def sort(
    messages: Iterable[Message],
    ledger: Ledger | None,
    transport: Transport | None = None,
    *,
    now: datetime,
    again: bool = False,
) -> Posted:
    """Part the messages into those to send and those that were sent, are held or may have gone.

    `again` makes files anew. What left this computer, or may have, is not made again.
    """
    posted = Posted()
    recall = Recall(ledger, now) if ledger else None
    for message in messages:
        known = ledger.delivery(message.key) if ledger else None
        if known is not None and recall is not None and not recall.email(known):
            known = None
        state = known.state if known else None
        if again and not _left(known):
            posted.wanted.append(message)
        elif state is State.SENT:
            posted.already.append(message)
        elif state is State.UNKNOWN:
            posted.waiting.append(message)
        elif state is State.HELD and (transport is None or transport.name == HELD):
            posted.holding.append(message)
        else:
            posted.wanted.append(message)
    return posted


def post(
    messages: Iterable[Message],
    ledger: Ledger | None,
    transport: Transport,
    now: datetime,
    *,
    tracker: str,
    again: bool = False,
    dry_run: bool = False,
    retell: Retell | None = None,
) -> Posted:
    """Send each message, unless it was sent before or may have been.

    `tracker` is the hash of the tracker they were made from. `again` is a person's word: it
    makes outbox files anew. With `dry_run` nothing leaves and nothing is noted. What stopped
    runs left is to be settled first.

    Raises:
        DeliveryError: they are more than may leave in one run; none was sent.

    """
    posted = sort(messages, ledger, transport, now=now, again=again)
    if dry_run:
        return posted
    if ledger is None:
        raise ValueError("sending needs the history")
    _check_number(posted.wanted, transport)
    # All are noted before the first one leaves, so that a stopped run shows what it owed.
    owed = [(one, _noted(one, ledger, transport, now, tracker)) for one in posted.wanted]
    _Postman(ledger, transport, now, posted).deliver(owed, retell)
    return posted


def release(
    deliveries: Iterable[Delivery],
    held: Held,
    ledger: Ledger,
    transport: Transport,
    now: datetime,
    *,
    check: Callable[[Message], None],
) -> Posted:
    """Send held emails as they are, unless one was changed, is gone, or `check` objects.

    `check` raises NotDeliveredError where an email is not true any more. What certainly did
    not leave is held as before, and goes with the next release.
    """
    posted = Posted()
    owed: list[tuple[Message, Delivery]] = []
    for delivery in deliveries:
        try:
            message = held.take(delivery)
            check(message)
        except NotDeliveredError as error:
            if held.has(delivery):  # what a person wrote into it stays until it is made anew
                held.remove(delivery)
            ledger.change(delivery.key, State.FAILED, now, UNUSABLE)
            posted.unusable.append(delivery)
            posted.failed.append((_unread(delivery), error))
            continue
        owed.append((message, delivery))
    posted.wanted = [message for message, _ in owed]
    _check_number(posted.wanted, transport)
    _Postman(ledger, transport, now, posted).deliver(owed, None)
    for message in posted.sent:  # one of unknown fate stays to be looked at
        held.remove(message)
    return posted


def drop(
    kind: str,
    messages: Iterable[Message],
    ledger: Ledger,
    folder: Path,
    now: datetime,
    *,
    as_at: date,
) -> list[Delivery]:
    """Settle what was owed or held of a kind and nobody needs now; give what had been held.

    `messages` are all that is needed as at `as_at`; `folder` is the output's. What is meant for
    a later day is left alone, and so is all that is owed where `as_at` is only a look ahead.
    """
    if as_at > now.astimezone(LONDON).date():
        return []
    messages = list(messages)
    wanted = {message.key for message in messages}
    # In a trial everybody's own email is still owed to them.
    wanted |= {
        key_of(ledger.folder, kind, one.period, one.meant_for) for one in messages if one.meant_for
    }
    periods = {message.period for message in messages}
    dropped = []
    for state in (State.PENDING, State.HELD, State.FAILED):
        for delivery in ledger.deliveries(state):
            if delivery.kind != kind or delivery.key in wanted or delivery.detail == DROPPED:
                continue
            # The pack of a month is needed also when the next one is there.
            if kind == PACK_KIND and delivery.period not in periods:
                continue
            if (begins(kind, delivery.period) or as_at) > as_at:
                continue
            ledger.change(delivery.key, State.FAILED, now, DROPPED)
            if state is State.HELD:
                Held(folder).remove(delivery)
                dropped.append(delivery)
    return dropped


class _Postman:
    """Hands over one email after another, and notes each step."""

    def __init__(self, ledger: Ledger, transport: Transport, now: datetime, posted: Posted) -> None:
        self.ledger = ledger
        self.transport = transport
        self.now = now
        self.posted = posted
        self.stopped: NotDeliveredError | None = None  #: why the others need not be tried
        self.silent = 0

    def deliver(self, owed: Iterable[tuple[Message, Delivery]], retell: Retell | None) -> None:
        for message, delivery in owed:
            fresh = retell(message, self.posted) if retell else message
            self._deliver(replace(fresh, date=delivery.dated), delivery)

    def _deliver(self, message: Message, delivery: Delivery) -> None:
        posted, ledger, now = self.posted, self.ledger, self.now
        try:
            if self.stopped is None and ledger.asked_to_hold():
                self.stopped = _on_hold()
            if self.stopped is not None:
                raise self.stopped
            self.transport.prepare(message)
        except (NotDeliveredError, UnsafeHeaderError) as error:
            if delivery.state is State.PENDING:
                ledger.change(message.key, State.FAILED, now, "not prepared")
            self._failed(message, error)
            return
        ledger.begin(replace(delivery, channel=self.transport.name), now)
        try:
            receipt = self.transport.send(message)
        except NotDeliveredError as error:
            if delivery.state is State.HELD:
                ledger.keep(delivery, now)
            else:
                ledger.change(message.key, State.FAILED, now, "refused")
            self._failed(message, error)
        except UnsureError as error:
            ledger.change(message.key, State.UNKNOWN, now, "no answer")
            posted.unsure.append(message)
            self._silence(error)
        else:
            ledger.change(message.key, receipt.state, now, receipt.detail)
            (posted.held if receipt.state is State.HELD else posted.sent).append(message)
            self.silent = 0
            if receipt.path is not None:
                posted.made.append(receipt.path)

    def _failed(self, message: Message, error: MfautoError) -> None:
        self.posted.failed.append((message, error))
        if isinstance(error, NotDeliveredError) and error.everybody:
            self.stopped = error

    def _silence(self, error: UnsureError) -> None:
        self.silent += 1
        if self.silent >= _SILENT:
            self.stopped = NotDeliveredError(
                f"{error}\nAfter {_SILENT} such emails the others were not tried.", everybody=True
            )


def _on_hold() -> NotDeliveredError:
    return NotDeliveredError(
        "A person has put emails on hold while they were leaving.\n"
        "The others are made and kept by the next run, until you say release.",
        everybody=True,
    )


def _check_number(wanted: list[Message], transport: Transport) -> None:
    room = transport.room
    if room is not None and len(wanted) > room:
        raise DeliveryError(
            f"{counted(len(wanted), 'email')} would leave, and [mail] most_per_run leaves room "
            f"for {room}. None was sent.\n"
            "Look at them with remind --preview. If they are right, set most_per_run higher."
        )


def _left(known: Delivery | None) -> bool:
    """Say whether an email went from this computer to its reader, or may have."""
    return known is not None and known.state in _GONE and known.channel not in _FILES


def _noted(
    message: Message, ledger: Ledger, transport: Transport, now: datetime, tracker: str
) -> Delivery:
    delivery = Delivery(
        key=message.key,
        kind=message.kind,
        period=message.period,
        recipient=ledger.pseudonym(message.addressed),
        role=message.role if message.role in ROLES else None,
        channel=transport.name,
        state=State.PENDING,
        dated=message.date,
        tracker=tracker,
        items=tuple(sorted(message.told)),
        changed=now,
        trial=message.meant_for is not None,
    )
    known = ledger.delivery(message.key)
    if known is not None and known.state in _GONE:
        fresh = not Recall(ledger, now).email(known)
        return replace(delivery, state=known.state, dated=message.date if fresh else known.dated)
    return ledger.expect(delivery, now)


def _unread(delivery: Delivery) -> Message:
    """Give what is known of a held email that cannot be read, for saying that it was not sent."""
    return Message(
        key=delivery.key,
        kind=delivery.kind,
        period=delivery.period,
        recipient="",
        role=delivery.role,
        sender="",
        sender_name="",
        subject="",
        html="",
        text="",
        date=delivery.dated,
        items=(),
        told=frozenset(),
    )
