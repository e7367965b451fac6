"""Who is told what: emails, from a review to finished messages.

Pure: no files but the templates, no clock, no network. One message has one
recipient, for ever the same key, and says the same in HTML and plain text.
"""

from dataclasses import dataclass
from datetime import date

from mfauto.messages.addressing import (
    Addressee,
    Directory,
    Unreachable,
    UnsafeHeaderError,
    check_sender,
    clickable,
    fault,
    header,
    shown,
)
from mfauto.messages.compose import Composer
from mfauto.messages.content import Part, Words, page, row, table
from mfauto.messages.covering import (
    PACK_KIND,
    REPORTS_KIND,
    Covers,
    Document,
    cover_pack,
    cover_reports,
)
from mfauto.messages.items import Item
from mfauto.messages.message import (
    Attachment,
    Message,
    addressed_as,
    key_of,
    message_of,
    secret_of,
    told_key,
)
from mfauto.messages.plan import (
    WEEKLY,
    Head,
    Known,
    Share,
    Unaddressed,
    Unsafe,
    Untold,
    plan,
)
from mfauto.messages.preview import preview_page
from mfauto.messages.safety import SAFETY_KIND, Alerts, safety_alerts, safety_key
from mfauto.messages.summary import grouped, week_words
from mfauto.messages.writer import Writer
from mfauto.model import Review
from mfauto.schedule import week_of
from mfauto.settings import Settings

__all__ = [
    "PACK_KIND",
    "REPORTS_KIND",
    "SAFETY_KIND",
    "WEEKLY",
    "Addressee",
    "Alerts",
    "Attachment",
    "Batch",
    "Covers",
    "Directory",
    "Document",
    "Head",
    "Item",
    "Known",
    "Message",
    "Part",
    "Unaddressed",
    "Unreachable",
    "Unsafe",
    "UnsafeHeaderError",
    "Untold",
    "Words",
    "Writer",
    "addressed_as",
    "clickable",
    "cover_pack",
    "cover_reports",
    "digests",
    "fault",
    "grouped",
    "header",
    "key_of",
    "page",
    "preview_page",
    "row",
    "safety_alerts",
    "safety_key",
    "secret_of",
    "shown",
    "table",
    "told_key",
    "week_of",
    "week_words",
]


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


def digests(review: Review, settings: Settings, run: Known | None = None) -> Batch:
    """Make the weekly emails: owners, managers, fallback and the SQA Officer's summary."""
    run = run or Known()
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


def _message(
    share: Share, composer: Composer, settings: Settings, run: Known, period: str
) -> Message:
    return message_of(
        share.to,
        composer.body(share),
        composer.words,
        settings,
        run,
        kind=WEEKLY,
        period=period,
        as_at=composer.review.as_at,
        items=(*share.own, *(one.item for one in share.unaddressed)),
        # In a trial its owner did not hear of it.
        told=frozenset(item.key for item in share.own if not settings.mail.redirect_all_to),
        managed=tuple(share.managed),
        first=bool(share.unsafe),
        summary=share.summary,
    )
