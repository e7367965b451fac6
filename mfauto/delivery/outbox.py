"""The folder of drafts: each email a file that opens in Outlook, for a person to send.

Held emails stand in a folder of the same kind, until a person releases them.
"""

import os
from collections.abc import Iterable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Final

from mfauto.delivery.mime import as_bytes, message_of_bytes
from mfauto.delivery.naming import begun_name, file_name
from mfauto.delivery.transport import HELD, OUTBOX, NotDeliveredError, Receipt
from mfauto.ledger import Delivery, State
from mfauto.messages import Message

_BINARY: Final = getattr(os, "O_BINARY", 0)


class Outbox:
    """Writes each email as a draft that opens in Outlook, for a person to send."""

    name = OUTBOX
    repeatable = True
    room: int | None = None
    state = State.SENT  #: what an email is once it is made
    draft = True

    def __init__(self, folder: Path) -> None:
        self.folder = folder / self.name

    def prepare(self, message: Message) -> None:
        """Write the email under another name, and read it back."""
        data = as_bytes(message, draft=self.draft)
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
        """Give the email its name. The name appears whole or not at all."""
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
        return Receipt(self.note(path), path, self.state)

    def note(self, path: Path) -> str:
        """Give what the history notes of a file made: its name."""
        return path.name

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
        return self.state if self.path(delivery).exists() else State.UNKNOWN

    def tidy(self) -> None:
        """Remove drafts that never got their name."""
        for part in self.folder.glob(".*.part"):
            with suppress(OSError):
                part.unlink()

    def path(self, delivery: Message | Delivery) -> Path:
        """Give a draft's file, whether it is there or not."""
        return self.folder / file_name(delivery)

    def close(self) -> None:
        """Do nothing: there is no connection."""

    def _part(self, email: Message | Delivery) -> Path:
        return self.folder / begun_name(email)


class Held(Outbox):
    """Keeps each email as it will go, until a person releases it.

    The history notes the hash of each file, so that what is released is what was looked at.
    """

    name = HELD
    state = State.HELD
    draft = False

    def note(self, path: Path) -> str:
        """Give the hash of the file made."""
        return sha256(path.read_bytes()).hexdigest()

    def trace(self, delivery: Delivery) -> State:
        """Tell from the files. What never left this computer is at worst made again."""
        whole = super().trace(delivery) is State.HELD and self.has(delivery)
        return State.HELD if whole else State.PENDING

    def has(self, delivery: Delivery) -> bool:
        """Say whether an email stands here just as the history notes it."""
        path = self.path(delivery)
        return path.is_file() and delivery.detail == self.note(path)

    def take(self, delivery: Delivery) -> Message:
        """Give a held email as it was made. NotDeliveredError where it is not the same any more."""
        path = self.path(delivery)
        try:
            data = path.read_bytes()
        except OSError as error:
            raise NotDeliveredError(
                f"{path.name} is not in the folder {self.name} any more ({error.strerror})."
            ) from error
        if sha256(data).hexdigest() != delivery.detail:
            raise NotDeliveredError(
                f"{path.name} was changed since it was made, so it was not sent."
            )
        return message_of_bytes(data, delivery)

    def remove(self, email: Message | Delivery) -> None:
        """Take a held email away, once it was sent or nobody needs it."""
        with suppress(OSError):
            self.path(email).unlink()

    def remove_sent(self, sent: Iterable[Delivery]) -> None:
        """Take away what was held once and has gone another way since."""
        names = {path.name for path in self.folder.glob("*.eml")}
        for delivery in sent if names else ():
            if file_name(delivery) in names:
                self.remove(delivery)


def _sync(folder: Path) -> None:
    """Make a new name last through a power cut, where the system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
