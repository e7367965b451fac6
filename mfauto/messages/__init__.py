"""Who is told what: the weekly emails, from a review to finished messages.

Pure: no files but the templates, no clock, no network. One message has one
recipient, for ever the same key, and says the same in HTML and plain text.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from mfauto.messages.addressing import (
    Addressee,
    Directory,
    Unreachable,
    UnsafeHeaderError,
    check_sender,
    fault,
    header,
    shown,
)
from mfauto.messages.compose import Composer
from mfauto.messages.content import Words
from mfauto.messages.items import Item
from mfauto.messages.plan import (
    WEEKLY,
    Head,
    Run,
    Share,
    Unaddressed,
    Unsafe,
    Untold,
    plan,
    week_of,
)
from mfauto.messages.summary import grouped, week_words
from mfauto.model import Review
from mfauto.settings import Settings

__all__ = [
    "WEEKLY",
    "Addressee",
    "Batch",
    "Directory",
    "Head",
    "Item",
    "Message",
    "Run",
    "Unaddressed",
    "Unreachable",
    "Unsafe",
    "UnsafeHeaderError",
    "Untold",
    "Words",
    "digests",
    "fault",
    "grouped",
    "header",
    "key_of",
    "shown",
    "week_of",
    "week_words",
]

LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """One finished email to one recipient."""

    key: str  #: the same for the same kind, period, recipient and working folder; says nothing
    kind: str  #: "weekly"
    period: str  #: the ISO week, such as 2026-W45
    recipient: str  #: one address
    role: str | None  #: the recipient's role on People; None for a mailbox
    sender: str
    sender_name: str
    subject: str
    html: str
    text: str
    date: datetime  #: with its time zone
    items: tuple[Item, ...]  #: overdue items this recipient is asked to act on
    told: frozenset[str]  #: keys of those items that the recipient owns
    managed: tuple[Item, ...] = ()  #: what the recipient hears of as a manager
    first: bool = False  #: child safety is not assured: it goes before the others
    summary: bool = False  #: it reports on the run, so it goes last

    @property
    def message_id(self) -> str:
        """The Message-ID, for ever the same for this key."""
        return f"<{self.key}@{self.sender.rpartition('@')[2]}>"


@dataclass(frozen=True, kw_only=True, slots=True)
class Batch:
    """Everything one run wants to send."""

    period: str
    by: date  #: the day by which people are asked to act
    messages: tuple[Message, ...]  #: in the order in which they go
    unaddressed: tuple[Unaddressed, ...]  #: told to the fallback recipient
    untold: tuple[Untold, ...]  #: managers who could not be told
    unsafe: tuple[Unsafe, ...]
    stranded: str | None  #: why there is no fallback recipient; None where there is one


def digests(review: Review, settings: Settings, run: Run | None = None) -> Batch:
    """Make the weekly emails: owners, managers, fallback and the SQA Officer's summary."""
    run = run or Run()
    check_sender(settings.mail)
    decided = plan(review, settings, run)
    words = Words(settings.templates / "emails")
    composer = Composer(review, settings, run, words, decided)
    period = week_of(review.as_at)
    return Batch(
        period=period,
        by=decided.by,
        messages=tuple(
            _message(share, composer, settings, run, period) for share in decided.shares
        ),
        unaddressed=decided.unaddressed,
        untold=decided.untold,
        unsafe=decided.unsafe,
        stranded=decided.stranded,
    )


def key_of(folder: str, kind: str, period: str, recipient: str) -> str:
    """Give a message's key: keyed by the folder's secret, so that it gives nobody away."""
    told = f"{kind}\n{period}\n{recipient.casefold()}".encode()
    return hmac.new(folder.encode(), told, hashlib.sha256).hexdigest()[:32]


def _message(
    share: Share, composer: Composer, settings: Settings, run: Run, period: str
) -> Message:
    mail = settings.mail
    body = composer.body(share)
    subject = f"{body.marking}: {body.title}" if mail.marking_in_subject else body.title
    return Message(
        key=key_of(run.folder, WEEKLY, period, share.to.address),
        kind=WEEKLY,
        period=period,
        recipient=header(share.to.address, "The recipient's address"),
        role=share.to.role,
        sender=mail.sender,
        sender_name=mail.sender_name,
        subject=header(subject, "The subject"),
        html=composer.words.html(body),
        text=composer.words.text(body),
        date=run.now or _report_time(composer.review.as_at, settings.weekly_time),
        items=(*share.own, *(one.item for one in share.unaddressed)),
        told=frozenset(item.key for item in share.own),
        managed=tuple(share.managed),
        first=bool(share.unsafe),
        summary=share.summary,
    )


def _report_time(day: date, at: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(at), LONDON)
