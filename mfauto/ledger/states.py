"""How far an email has come, and which step may follow which."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final


class State(StrEnum):
    """How far an email has come."""

    PENDING = "pending"  #: to be sent; nothing has left yet
    SENDING = "sending"  #: handed over right now
    SENT = "sent"
    HELD = "held"  #: made, and waiting for a person to release it; nothing has left
    FAILED = "failed"  #: certainly not delivered; the next run tries again
    UNKNOWN = "unknown"  #: it may have arrived; only a person may decide


#: sending what was sent before, or may have been, is on a person's word: see `sending.remind`
FOLLOWS: Final[Mapping[State | None, frozenset[State]]] = {
    None: frozenset({State.PENDING}),
    State.PENDING: frozenset({State.PENDING, State.SENDING, State.FAILED}),
    State.SENDING: frozenset({State.PENDING, State.SENT, State.HELD, State.FAILED, State.UNKNOWN}),
    State.HELD: frozenset({State.PENDING, State.SENDING, State.FAILED}),
    State.SENT: frozenset({State.SENDING}),
    State.FAILED: frozenset({State.PENDING, State.FAILED}),
    State.UNKNOWN: frozenset({State.SENT, State.FAILED, State.SENDING}),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """One email and how far it has come."""

    key: str
    kind: str
    period: str
    recipient: str  #: keyed hash of the address
    role: str | None
    channel: str  #: how it goes: "outbox", "held", "smtp" or "graph"
    state: State
    dated: datetime  #: the email's Date, the same at every attempt
    tracker: str  #: sha256 of the tracker it was made from
    items: tuple[str, ...]  #: keys of the items its recipient was told of as their owner
    changed: datetime
    trial: bool = False  #: it went to one address for a trial, and its reader got nothing
    detail: str | None = None  #: a file's name, or the kind of fault; never a text from outside


def moment(now: datetime) -> str:
    """Give a moment as it is written down: in UTC, to the second."""
    if now.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return now.astimezone(UTC).isoformat(timespec="seconds")


def facts_of(delivery: Delivery) -> dict[str, Any]:
    """Give an email's state as plain values."""
    trial = {"trial": 1} if delivery.trial else {}
    return trial | {
        "key": delivery.key,
        "kind": delivery.kind,
        "period": delivery.period,
        "recipient": delivery.recipient,
        "role": delivery.role,
        "channel": delivery.channel,
        "state": str(delivery.state),
        "dated": delivery.dated.isoformat(),
        "tracker": delivery.tracker,
        "items": list(delivery.items),
        "changed": moment(delivery.changed),
        "detail": delivery.detail,
    }


def delivery_from(facts: Mapping[str, Any]) -> Delivery:
    """Give an email's state back from plain values."""
    return Delivery(
        **{
            **facts,
            "state": State(facts["state"]),
            "dated": datetime.fromisoformat(facts["dated"]),
            "items": tuple(facts["items"]),
            "changed": datetime.fromisoformat(facts["changed"]),
            "trial": bool(facts.get("trial")),
        }
    )
