"""Writes single emails in the words of one kind: alerts, covering notes, letters."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from mfauto.messages.addressing import Addressee, Directory, check_sender, clickable, shown
from mfauto.messages.content import Body, Part, Words
from mfauto.messages.message import (
    Attachment,
    Message,
    addressed_as,
    key_of,
    message_of,
    report_time,
    told_key,
)
from mfauto.messages.plan import Known
from mfauto.model import Review
from mfauto.settings import Settings
from mfauto.wording import day_words


class Writer:
    """Writes the emails of one kind, from one review."""

    def __init__(self, kind: str, review: Review, settings: Settings, run: Known) -> None:
        check_sender(settings.mail)
        self.kind = kind
        self.review = review
        self.settings = settings
        self.run = run
        self.words = Words(settings.templates / "emails", f"{kind}.txt")
        self.directory = Directory(review.tracker.people, settings.mail)
        self._contact = self.directory.contact()
        self._keeper = self.directory.keeper()

    @property
    def moment(self) -> datetime:
        """The emails' Date."""
        return self.run.now or report_time(self.review.as_at, self.settings.weekly_time)

    def period(self, to: Addressee, used: frozenset[str], first: str | None = None) -> str:
        """Give the period, the day unless `first` names another; with a number if it is `used`.

        `used` holds the keys of emails that have left: a further one of the period to the same
        reader needs a key of its own.
        """
        first = first or self.review.as_at.isoformat()
        number, period = 1, first
        addressed = addressed_as(to.address, self.settings.mail.redirect_all_to)
        while key_of(self.run.folder, self.kind, period, addressed) in used:
            number += 1
            period = f"{first}.{number}"
        return period

    def told_key(self, *facts: str) -> str:
        """Give the key of what a reader is told once; in a trial one that counts there alone."""
        trial = self.settings.mail.redirect_all_to
        return told_key(self.run.folder, self.kind, *facts, trial=trial)

    def fields(self, to: Addressee, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - for words
        """Give what the words may use."""
        return {
            "name": shown(to.name or ""),
            "council": shown(self.settings.council),
            "service": shown(self.settings.service),
            "contact": self._contact,
            "keeper": self._keeper,
            "tracker": shown(self.review.tracker.path.name),
            "as_at": day_words(self.review.as_at),
            "today": day_words(self.review.as_at),
            **more,
        }

    def message(
        self,
        to: Addressee,
        period: str,
        fields: dict[str, Any],
        parts: Iterable[Part],
        why: Iterable[str],
        *,
        subject: str = "subject",
        alert: Part | None = None,
        tracker: bool = False,
        told: frozenset[str] = frozenset(),
        attachments: tuple[Attachment, ...] = (),
    ) -> Message:
        """Put one email together.

        `subject` and `why` name blocks of words. With `tracker` it leads to the tracker.
        """
        words, parts = self.words, tuple(parts)
        greeting = words.line("greeting" if to.name else "greeting_nobody", fields)
        link = clickable(self.settings.mail.tracker_link) if tracker else None
        said = [line for block in (*why, "questions") for line in words.paragraphs(block, fields)]
        body = Body(
            title=words.line(subject, fields),
            marking=shown(self.settings.marking),
            alert=alert,
            greeting=greeting if parts else "",  # what is urgent says at once what is to be done
            parts=parts,
            about=Part(heading=words.line("why_heading", fields), before=tuple(said)),
            link=link,
            link_words=words.line("link" if link else "no_link", fields) if tracker else "",
        )
        return message_of(
            to,
            body,
            words,
            self.settings,
            self.run,
            kind=self.kind,
            period=period,
            as_at=self.review.as_at,
            told=told,
            first=alert is not None,
            attachments=attachments,
        )
