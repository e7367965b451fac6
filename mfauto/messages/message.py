"""One finished email to one recipient, and how it is put together.

A key says "this kind, this period, this recipient, this working folder", keyed
so that it gives nobody away. It is the same for ever, so that nothing goes twice.
"""

import hashlib
import hmac
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from mfauto.messages.addressing import Addressee, header
from mfauto.messages.content import Body, Words
from mfauto.messages.items import Item
from mfauto.messages.plan import Known
from mfauto.schedule import LONDON
from mfauto.settings import Settings


@dataclass(frozen=True, kw_only=True, slots=True)
class Attachment:
    """One file that goes with an email."""

    name: str  #: as the reader sees it
    type: str  #: such as "text/calendar"
    data: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """One finished email to one recipient."""

    key: str  #: the same for the same kind, period, recipient and working folder; says nothing
    kind: str  #: such as "weekly"
    period: str  #: the ISO week, such as 2026-W45; of other kinds the day, month or meeting
    recipient: str  #: one address
    role: str | None  #: the recipient's role on People; None for a mailbox
    sender: str
    sender_name: str
    subject: str
    html: str
    text: str
    date: datetime  #: with its time zone
    items: tuple[Item, ...]  #: overdue items this recipient is asked to act on
    told: frozenset[str]  #: keys of what this recipient need not be told first again
    managed: tuple[Item, ...] = ()  #: what the recipient hears of as a manager
    first: bool = False  #: child safety is not assured: it goes before the others
    summary: bool = False  #: it reports on the run, so it goes last
    attachments: tuple[Attachment, ...] = ()
    meant_for: str | None = None  #: in a trial, whom it would have gone to; else None

    @property
    def addressed(self) -> str:
        """What the history notes, hashed, as the recipient: in a trial both addresses."""
        if self.meant_for is None:
            return self.recipient
        return addressed_as(self.meant_for, self.recipient)

    @property
    def message_id(self) -> str:
        """The Message-ID, for ever the same for this key."""
        return f"<{self.key}@{self.sender.rpartition('@')[2]}>"


def key_of(folder: str, kind: str, period: str, recipient: str) -> str:
    """Give a message's key: keyed by the folder's secret, so that it gives nobody away."""
    return secret_of(folder, kind, period, recipient.casefold())


def addressed_as(address: str, trial: str | None) -> str:
    """Name the recipient; of a trial email as nobody else's, and not the real one's either.

    `trial` is the address that all emails go to; None where there is no trial.
    """
    return address if trial is None else f"{address} by way of {trial}"


def secret_of(folder: str, *facts: str) -> str:
    """Give a keyed hash of facts that may name somebody."""
    told = "\n".join(facts).encode("utf-8", "surrogatepass")
    return hmac.new(folder.encode(), told, hashlib.sha256).hexdigest()[:32]


def told_key(folder: str, kind: str, *facts: str, trial: str | None) -> str:
    """Give the key of what a reader is told once.

    `trial` is the address of `redirect_all_to`: what is told in a trial counts there alone. None
    where emails go to their readers.
    """
    return secret_of(folder, kind, *facts, *((trial,) if trial else ()))


def message_of(  # noqa: PLR0913 - what a message is, by keyword
    to: Addressee,
    body: Body,
    words: Words,
    settings: Settings,
    run: Known,
    *,
    kind: str,
    period: str,
    as_at: date,
    items: tuple[Item, ...] = (),
    told: frozenset[str] = frozenset(),
    managed: tuple[Item, ...] = (),
    first: bool = False,
    summary: bool = False,
    attachments: tuple[Attachment, ...] = (),
) -> Message:
    """Put an email together. UnsafeHeaderError where a header would hold what it may not."""
    mail = settings.mail
    trial = mail.redirect_all_to
    if trial is not None:
        body = replace(body, trial=to.name or to.address, title=f"Trial: {body.title}")
    subject = f"{body.marking}: {body.title}" if mail.marking_in_subject else body.title
    recipient = trial or to.address
    return Message(
        key=key_of(run.folder, kind, period, addressed_as(to.address, trial)),
        kind=kind,
        period=period,
        recipient=header(recipient, "The recipient's address"),
        meant_for=to.address if trial else None,
        role=to.role,
        sender=mail.sender,
        sender_name=mail.sender_name,
        subject=header(subject, "The subject"),
        html=words.html(body),
        text=words.text(body),
        date=run.now or report_time(as_at, settings.weekly_time),
        items=items,
        told=told,
        managed=managed,
        first=first,
        summary=summary,
        attachments=attachments,
    )


def report_time(day: date, at: str) -> datetime:
    """Give the Date of an email of which only the report date is known."""
    return datetime.combine(day, time.fromisoformat(at), LONDON)
