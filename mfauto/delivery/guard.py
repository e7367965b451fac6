"""The last gate before a live channel: whatever the rest of the product got wrong stops here.

Exactly one recipient, in an allowed domain, and no more emails in a run than the
setting says. It looks at the bytes that will leave, not at what they were made from.
"""

from email import message_from_bytes, policy
from email.headerregistry import AddressHeader
from typing import Protocol

from mfauto.delivery.mime import as_bytes
from mfauto.delivery.transport import NotDeliveredError, Receipt
from mfauto.ledger import Delivery, State
from mfauto.messages import Message, fault
from mfauto.settings import Mail


class Channel(Protocol):
    """A live way out: it takes bytes, and says what became of them."""

    @property
    def name(self) -> str:
        """The channel, as the history notes it."""

    def ready(self) -> None:
        """See that emails can go now. NotDeliveredError where they cannot."""

    def would_take(self, sender: str, recipient: str) -> None:
        """Ask whether an email would be taken, without one. NotDeliveredError where not."""

    def hand_over(self, data: bytes, sender: str, recipient: str) -> str:
        """Give one email away; return what to note of it.

        Raises:
            NotDeliveredError: it was certainly not taken.
            UnsureError: nobody can know.

        """

    def close(self) -> None:
        """End the connection, where there is one. Never fails."""


class Guarded:
    """A live channel behind the gate. It is a transport."""

    repeatable = False

    def __init__(self, channel: Channel, mail: Mail) -> None:
        self._channel = channel
        self._mail = mail
        self._gone = 0
        self._ready: tuple[str, bytes] | None = None  #: key and bytes of the email to go next

    @property
    def name(self) -> str:
        """The channel, as the history notes it."""
        return self._channel.name

    @property
    def room(self) -> int:
        """How many more emails may leave in this run."""
        return self._mail.most_per_run - self._gone

    def prepare(self, message: Message) -> None:
        """Make the bytes, look at them, and see that the channel can be reached."""
        self._ready = None
        data = as_bytes(message, draft=False)
        self._look(data, message.recipient)
        self._channel.ready()
        self._ready = (message.key, data)

    def send(self, message: Message) -> Receipt:
        """Hand over what was prepared."""
        ready, self._ready = self._ready, None
        if ready is None or ready[0] != message.key:
            raise NotDeliveredError("An email was to leave without having been looked at.")
        if self.room <= 0:
            raise NotDeliveredError(
                f"{self._gone} emails left in this run; [mail] most_per_run allows no more.",
                everybody=True,
            )
        self._gone += 1
        return Receipt(self._channel.hand_over(ready[1], message.sender, message.recipient))

    def trace(self, _: Delivery) -> State:
        """Nothing here shows what a stopped run had done."""
        return State.UNKNOWN

    def tidy(self) -> None:
        """Do nothing: nothing of it is left on this computer."""

    def path(self, _: Delivery) -> None:
        """There is no file."""

    def close(self) -> None:
        """End the connection."""
        self._channel.close()

    def _look(self, data: bytes, recipient: str) -> None:
        email = message_from_bytes(data, policy=policy.SMTP)
        lists = [email.get_all(name, []) for name in ("to", "cc", "bcc")]
        held = [address for headers in lists for one in headers for address in _addresses(one)]
        allowed = self._mail.allowed_domains
        if not (self._mail.live and allowed):
            raise NotDeliveredError(
                "Nothing may leave without live = true and allowed_domains.", everybody=True
            )
        trial = self._mail.redirect_all_to
        if trial is not None and recipient.casefold() != trial.casefold():
            raise NotDeliveredError(
                "A trial is on, and this email is for somebody else, so it was not sent.\n"
                "To let it go, take redirect_all_to out of [mail] and say release again."
            )
        wrong = fault(recipient, allowed)
        if held != [recipient] or wrong:
            raise NotDeliveredError(
                f"A recipient's address {wrong or 'is not the only one'}. Correct it on People."
            )


def _addresses(header: object) -> list[str]:
    return (
        [one.addr_spec for one in header.addresses]
        if isinstance(header, AddressHeader)
        else [str(header)]
    )
