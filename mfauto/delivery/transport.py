"""What a way for emails to leave must be able to do, and say.

A transport either hands over, refuses for sure, or says that it cannot know.
It never tries again what may have arrived: the history decides that.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from mfauto.errors import MfautoError
from mfauto.ledger import Delivery, State
from mfauto.messages import Message

OUTBOX: Final = "outbox"
HELD: Final = "held"
SMTP: Final = "smtp"
GRAPH: Final = "graph"


class NotDeliveredError(MfautoError):
    """An email was certainly not delivered; it may be tried again."""

    exit_code = 5

    def __init__(self, message: str, *, everybody: bool = False) -> None:
        super().__init__(message)
        self.everybody = everybody  #: no other email can go this way now either


class UnsureError(MfautoError):
    """An email may or may not have been delivered; only a person may decide."""

    exit_code = 5


@dataclass(frozen=True, slots=True)
class Receipt:
    """That an email was handed over."""

    detail: str  #: what to note in the history: a file's name; never an address
    path: Path | None = None  #: the file made; None where it left this computer
    state: State = State.SENT  #: HELD where it waits for a person's release


class Transport(Protocol):
    """A way for emails to leave."""

    @property
    def name(self) -> str:
        """The channel, as the history notes it."""

    @property
    def repeatable(self) -> bool:
        """Say whether sending again does no harm until a person acts on it."""

    @property
    def room(self) -> int | None:
        """How many more emails may leave in this run; None where there is no limit."""

    def prepare(self, message: Message) -> None:
        """Do all that can fail before anything leaves. NotDeliveredError where it does."""

    def send(self, message: Message) -> Receipt:
        """Hand the email over: NotDeliveredError if surely not done, UnsureError if unknown."""

    def trace(self, delivery: Delivery) -> State:
        """Look for what a stopped run left: SENT, HELD, PENDING (never left) or UNKNOWN."""

    def tidy(self) -> None:
        """Clear away what stopped runs left, once `trace` has looked at it."""

    def path(self, delivery: Delivery) -> Path | None:
        """Give the file of an email; None where it left this computer."""

    def close(self) -> None:
        """End the connection, where there is one. Never fails."""
