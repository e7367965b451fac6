"""How an email leaves: one small interface. For now an outbox of `.eml` files.

A transport either hands over, refuses for sure, or says that it cannot know.
It never tries again by itself: the history decides that.
"""

import os
from contextlib import suppress
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.headerregistry import Address, AddressHeader
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Final, Protocol

from mfauto.errors import MfautoError
from mfauto.ledger import Delivery, State
from mfauto.messages import Message, fault, header

OUTBOX: Final = "outbox"
_SHORT: Final = 12  # hex digits of the key in a file's name

_LONGEST_LINE: Final = 998  # RFC 5322, 2.1.1


class NotDeliveredError(MfautoError):
    """An email was certainly not delivered; it may be tried again."""

    exit_code = 5


class UnsureError(MfautoError):
    """An email may or may not have been delivered; only a person may decide."""

    exit_code = 5


@dataclass(frozen=True, slots=True)
class Receipt:
    """That an email was handed over."""

    detail: str  #: what to note in the history: a file's name; never an address
    path: Path | None = None  #: the file made; None where it left this computer


class Transport(Protocol):
    """A way for emails to leave."""

    @property
    def name(self) -> str:
        """The channel, as the history notes it."""

    @property
    def repeatable(self) -> bool:
        """Say whether sending again does no harm until a person acts on it."""

    def prepare(self, message: Message) -> None:
        """Do all that can fail before anything leaves. NotDeliveredError where it does."""

    def send(self, message: Message) -> Receipt:
        """Hand the email over: NotDeliveredError if surely not done, UnsureError if unknown."""

    def trace(self, delivery: Delivery) -> State:
        """Look for what a stopped run left: SENT, PENDING (never left) or UNKNOWN."""

    def tidy(self) -> None:
        """Clear away what stopped runs left, once `trace` has looked at it."""

    def path(self, delivery: Delivery) -> Path | None:
        """Give the file of an email; None where it left this computer."""


class Outbox:
    """Writes each email as a draft that opens in Outlook, for a person to send."""

    name = OUTBOX
    repeatable = True

    def __init__(self, folder: Path) -> None:
        self.folder = folder / OUTBOX

    def prepare(self, message: Message) -> None:
        """Write the draft under another name, and read it back."""
        data = as_bytes(message, draft=True)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with suppress(OSError):
                self.folder.chmod(0o700)
            part = self._part(message)
            part.unlink(missing_ok=True)
            handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            written = part.read_bytes()
        except OSError as error:
            raise NotDeliveredError(
                f"{self.folder} could not be written to ({error.strerror}).\n"
                "Check that the folder may be written to and the disk is not full."
            ) from error
        if written != data:
            part.unlink(missing_ok=True)
            raise NotDeliveredError(
                f"{part.name} read back differently from what was written.\nCheck the disk."
            )

    def send(self, message: Message) -> Receipt:
        """Give the draft its name. The name appears whole or not at all."""
        path = self.path(message)
        try:
            self._part(message).replace(path)
        except OSError as error:
            with suppress(OSError):
                self._part(message).unlink(missing_ok=True)
            raise NotDeliveredError(
                f"{path} could not be written ({error.strerror}).\n"
                "Close it if it is open in Outlook, then run this again."
            ) from error
        _sync(self.folder)
        return Receipt(path.name, path)

    def trace(self, delivery: Delivery) -> State:
        """Tell from the files what a stopped run had done.

        The draft is written before the history says SENDING, and renamed after. The named file
        is proof that it was made; the unnamed one that it was not. Neither: somebody may have
        taken the draft and sent it, so nobody knows.
        """
        if delivery.channel != self.name:
            return State.UNKNOWN
        if self._part(delivery).exists():
            return State.PENDING
        return State.SENT if self.path(delivery).exists() else State.UNKNOWN

    def tidy(self) -> None:
        """Remove drafts that never got their name."""
        for part in self.folder.glob(".*.part"):
            with suppress(OSError):
                part.unlink()

    def path(self, delivery: Message | Delivery) -> Path:
        """Give a draft's file, whether it is there or not."""
        return self.folder / file_name(delivery)

    def _part(self, email: Message | Delivery) -> Path:
        return self.folder / f".{file_name(email)}.part"


_BINARY: Final = getattr(os, "O_BINARY", 0)


def file_name(email: Message | Delivery) -> str:
    """Give a draft's file name: week, kind and a short id, never a name."""
    return f"{email.period}-{email.kind}-{email.key[:_SHORT]}.eml"


def as_bytes(message: Message, *, draft: bool) -> bytes:
    """Give an email as bytes, checked. The same message gives the same bytes.

    Raises:
        UnsafeHeaderError: a header holds what could change who gets it.
        NotDeliveredError: the bytes do not say exactly what the message says.

    """
    wrong = fault(message.recipient, ())
    if wrong:
        raise NotDeliveredError(f"A recipient's address {wrong}. Correct it on People.")
    email = EmailMessage(policy=policy.SMTP)
    sender = header(message.sender, "The sender's address")
    local, _, domain = sender.rpartition("@")
    name = header(message.sender_name, "The sender's name")
    email["From"] = Address(name, local, domain)
    email["To"] = header(message.recipient, "The recipient's address")
    email["Subject"] = header(message.subject, "The subject")
    email["Date"] = format_datetime(message.date)
    email["Message-ID"] = header(message.message_id, "The Message-ID")
    if draft:
        email["X-Unsent"] = "1"
    email.set_content(message.text, cte="quoted-printable")
    email.add_alternative(message.html, subtype="html", cte="quoted-printable")
    # "=_" cannot occur in quoted-printable text or base64, so the boundary cannot either.
    email.set_boundary(f"=_mfauto_{message.key}")
    for attached in message.attachments:
        main, _, sub = attached.type.partition("/")
        name = header(attached.name, "The name of an attachment")
        email.add_attachment(attached.data, main, sub, filename=name)
    if message.attachments:
        email.set_boundary(f"=_mfauto_{message.key}_all")
    email["Content-Language"] = "en-GB"
    data = email.as_bytes(policy=_unfolded(message))
    _check(data, message)
    return data


def _unfolded(message: Message) -> "policy.EmailPolicy[EmailMessage]":
    """Give the policy that keeps a plain header on one line.

    Folding would begin a long subject with an empty line, which some mail programs show as no
    subject at all. Text beyond ASCII has to be folded: its encoded words are 75 letters at most.
    """
    plain = message.subject.isascii() and message.sender_name.isascii()
    return policy.SMTP.clone(max_line_length=_LONGEST_LINE) if plain else policy.SMTP


def _check(data: bytes, message: Message) -> None:
    """Read an email back and compare who gets it, who sends it and what it says."""
    email = message_from_bytes(data, policy=policy.SMTP)
    known = {"from", "to", "subject", "date", "message-id", "content-language", "x-unsent"}
    known |= {"mime-version", "content-type"}
    names = [name.casefold() for name in email.keys()]  # noqa: SIM118 - repeated ones count
    held = email["To"]
    recipients = (
        [address.addr_spec for address in held.addresses] if isinstance(held, AddressHeader) else []
    )
    plain = email.get_body(("plain",))
    html = email.get_body(("html",))
    parts = list(email.iter_attachments()) if message.attachments else []
    says = (
        recipients == [message.recipient]
        and len(names) == len(set(names))
        and set(names) <= known
        and str(email["Subject"]).lstrip(" ") == message.subject
        and str(email["Message-ID"]) == message.message_id
        and plain is not None
        and html is not None
        and plain.get_content().replace("\r\n", "\n") == message.text
        and html.get_content().replace("\r\n", "\n").rstrip("\n") == message.html.rstrip("\n")
        and [(part.get_filename(), part.get_payload(decode=True)) for part in parts]
        == [(attached.name, attached.data) for attached in message.attachments]
    )
    if not says:
        raise NotDeliveredError(
            f"The email {file_name(message)} did not read back as it was written, so it was not "
            "made.\nPlease report this: it is a fault of mfauto."
        )


def _sync(folder: Path) -> None:
    """Make a new name last through a power cut, where the system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
