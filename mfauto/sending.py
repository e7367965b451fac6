"""Sends the weekly emails through the history: nothing twice, nothing lost.

Each email is noted before it leaves and after it left. What a stopped run left
in the middle is settled first; what nobody can know is reported, never sent again.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from mfauto.columns import ROLES
from mfauto.comparing import tidy
from mfauto.delivery import NotDeliveredError, Transport, UnsureError
from mfauto.errors import MfautoError, UsageError
from mfauto.ledger import Delivery, Entry, Ledger, State
from mfauto.messages import (
    WEEKLY,
    Batch,
    Head,
    Message,
    Run,
    UnsafeHeaderError,
    digests,
    shown,
    week_of,
    week_words,
)
from mfauto.model import Person, Review
from mfauto.settings import Mail, Settings
from mfauto.wording import counted, listed

_MOST_SKIPPED: Final = 52  # weeks noted as skipped; a longer gap is a fresh start


@dataclass(kw_only=True)
class Outcome:
    """What one run of the weekly emails did."""

    batch: Batch
    dry_run: bool = False
    wanted: list[Message] = field(default_factory=list)  #: to be sent in this run
    sent: list[Message] = field(default_factory=list)
    made: list[Path] = field(default_factory=list)  #: the files of `sent`
    already: list[Message] = field(default_factory=list)  #: sent before in this week
    failed: list[tuple[Message, MfautoError]] = field(default_factory=list)
    unknown: list[Delivery] = field(default_factory=list)  #: every one that waits for a person
    stale: list[Path] = field(default_factory=list)  #: drafts of this week no longer needed
    skipped: tuple[str, ...] = ()  #: weeks just before this one without emails
    refused: str | None = None  #: why nothing at all was sent; None where it was

    @property
    def undelivered(self) -> bool:
        """Say whether something should have reached somebody and did not: exit code 5."""
        lost = self.batch.stranded is not None and bool(self.batch.unaddressed)
        return bool(self.failed or self.unknown or lost) and not self.dry_run

    def warnings(self) -> list[str]:
        """Say what a person must know of, also where emails left as they should."""
        return [self.refused] if self.refused else _warnings(self)

    def sentences(self) -> list[str]:
        """Say what happened, for the person at the screen."""
        if self.refused:
            return [self.refused]
        week = week_words(self.batch.period)
        if self.dry_run:
            said = [f"{counted(len(self.wanted), 'email')} would be made for {week}."]
        else:
            said = [f"{counted(len(self.sent), 'email')} made for {week}."]
        if self.already:
            said.append(
                f"{counted(len(self.already), 'email was', 'emails were')} made before, "
                "and not made again."
            )
        said += [
            f"An email to {_whom(message)} was not made. {error}" for message, error in self.failed
        ]
        said += _warnings(self)
        return said


def remind(
    review: Review,
    settings: Settings,
    ledger: Ledger | None,
    transport: Transport,
    now: datetime,
    *,
    again: bool = False,
    dry_run: bool = False,
) -> Outcome:
    """Send this week's emails, each once for its week, working folder and recipient.

    `ledger` comes from `open_ledger`; for a dry run from `read_ledger`, and may be None.
    `again` is a person's word: it makes this week's outbox files anew.
    """
    if again and not transport.repeatable:
        raise UsageError(
            f"--again makes outbox files anew; emails sent by {transport.name} cannot be taken "
            "back.\nSee the command history for what was sent."
        )
    period = week_of(review.as_at)
    if dry_run:
        return _rehearsed(review, settings, ledger, now, again=again)
    if ledger is None:
        raise ValueError("sending needs the history")
    ledger.recover(now, transport.trace)
    transport.tidy()
    refused = None if again else _later_week(ledger, period)
    skipped = _note_missed(ledger, period, now) if refused is None else ()
    run = replace(_known(ledger, period, now), skipped=skipped)
    outcome = Outcome(batch=digests(review, settings, run), skipped=skipped, refused=refused)
    if refused is None:
        _Sender(review, ledger, transport, now, outcome).send(settings, run, again=again)
    outcome.unknown = ledger.deliveries(State.UNKNOWN)
    return outcome


class _Sender:
    """Takes one batch through the history, one email after another."""

    def __init__(
        self, review: Review, ledger: Ledger, transport: Transport, now: datetime, outcome: Outcome
    ) -> None:
        self.review = review
        self.ledger = ledger
        self.transport = transport
        self.now = now
        self.outcome = outcome

    def send(self, settings: Settings, run: Run, *, again: bool) -> None:
        outcome = self.outcome
        outcome.wanted, outcome.already = _parted(outcome.batch, self.ledger, again=again)
        self._drop(outcome.batch)
        # All are noted before the first one leaves, so that a stopped run shows what it owed.
        owed = [(message, self._noted(message)) for message in outcome.wanted]
        for message, delivery in owed:
            fresh = message
            if message.summary and outcome.failed:
                fresh = self._told_of_failures(message, settings, run)
            self._deliver(fresh, delivery)
        outcome.stale = self._stale() if again else []
        if owed:
            self.ledger.record("run", self.now, **self._figures())

    def _drop(self, batch: Batch) -> None:
        """Settle what a stopped run owed and nobody needs now: this batch says it all again."""
        wanted = {message.key for message in batch.messages}
        for delivery in self.ledger.deliveries(State.PENDING):
            if delivery.kind == WEEKLY and delivery.key not in wanted:
                self.ledger.change(delivery.key, State.FAILED, self.now, "no longer needed")

    def _noted(self, message: Message) -> Delivery:
        delivery = Delivery(
            key=message.key,
            kind=message.kind,
            period=message.period,
            recipient=self.ledger.pseudonym(message.recipient),
            role=message.role if message.role in ROLES else None,
            channel=self.transport.name,
            state=State.PENDING,
            dated=message.date,
            tracker=self.review.tracker.sha256,
            items=tuple(sorted(message.told)),
            changed=self.now,
        )
        known = self.ledger.delivery(message.key)
        if known is not None and known.state in (State.SENT, State.UNKNOWN):
            return replace(delivery, state=known.state, dated=known.dated)
        return self.ledger.expect(delivery, self.now)

    def _deliver(self, message: Message, delivery: Delivery) -> None:
        outcome, ledger, now = self.outcome, self.ledger, self.now
        message = replace(message, date=delivery.dated)
        try:
            self.transport.prepare(message)
        except (NotDeliveredError, UnsafeHeaderError) as error:
            if delivery.state is State.PENDING:
                ledger.change(message.key, State.FAILED, now, "not prepared")
            outcome.failed.append((message, error))
            return
        ledger.begin(delivery, now)
        try:
            receipt = self.transport.send(message)
        except NotDeliveredError as error:
            ledger.change(message.key, State.FAILED, now, "refused")
            outcome.failed.append((message, error))
        except UnsureError:
            ledger.change(message.key, State.UNKNOWN, now, "no answer")
        else:
            ledger.change(message.key, State.SENT, now, receipt.detail)
            outcome.sent.append(message)
            if receipt.path is not None:
                outcome.made.append(receipt.path)

    def _told_of_failures(self, summary: Message, settings: Settings, run: Run) -> Message:
        batch = digests(self.review, settings, replace(run, failed=len(self.outcome.failed)))
        return next(message for message in batch.messages if message.key == summary.key)

    def _stale(self) -> list[Path]:
        batch = self.outcome.batch
        wanted = {message.key for message in batch.messages}
        paths = [
            self.transport.path(delivery)
            for delivery in self.ledger.deliveries(State.SENT)
            if delivery.kind == WEEKLY
            and delivery.period == batch.period
            and delivery.key not in wanted
        ]
        return [path for path in paths if path is not None and path.exists()]

    def _figures(self) -> dict[str, Any]:
        outcome, counts = self.outcome, self.review.counts
        return {
            "job": "remind",
            "period": outcome.batch.period,
            "as_at": self.review.as_at.isoformat(),
            "tracker": self.review.tracker.sha256,
            "rows": counts.rows_read,
            "overdue": counts.overdue,
            "unaddressed": len(outcome.batch.unaddressed),
            "sent": len(outcome.sent),
            "failed": len(outcome.failed),
        }


def _parted(
    batch: Batch, ledger: Ledger | None, *, again: bool
) -> tuple[list[Message], list[Message]]:
    """Part the messages into those to send and those sent before; an unknown one is neither."""
    wanted, already = [], []
    for message in batch.messages:
        known = ledger.delivery(message.key) if ledger else None
        if again or known is None or known.state not in (State.SENT, State.UNKNOWN):
            wanted.append(message)
        elif known.state is State.SENT:
            already.append(message)
    return wanted, already


def _rehearsed(
    review: Review, settings: Settings, ledger: Ledger | None, now: datetime, *, again: bool
) -> Outcome:
    period = week_of(review.as_at)
    run = _known(ledger, period, now) if ledger else Run(now=now)
    outcome = Outcome(batch=digests(review, settings, run), dry_run=True)
    if ledger:
        outcome.unknown = ledger.deliveries(State.UNKNOWN)
        outcome.refused = None if again else _later_week(ledger, period)
    outcome.wanted, outcome.already = _parted(outcome.batch, ledger, again=again)
    return outcome


def _known(ledger: Ledger, period: str, now: datetime) -> Run:
    return Run(
        now=now,
        folder=ledger.folder,
        told=ledger.told(WEEKLY, period),
        head=Head(*ledger.head()),
        unknown=len(ledger.deliveries(State.UNKNOWN)),
        others=tuple(sorted(_others(ledger, now).items())),
    )


def _others(ledger: Ledger, now: datetime) -> Counter[str]:
    """Count what else was sent in the seven days before, by kind."""
    return Counter(
        delivery.kind
        for delivery in ledger.deliveries(State.SENT)
        if delivery.kind != WEEKLY and delivery.changed > now - timedelta(days=7)
    )


def _later_week(ledger: Ledger, period: str) -> str | None:
    """Say why an earlier week than the latest one is not sent; None where it is not earlier."""
    latest = max(ledger.periods(WEEKLY), default=period)
    if latest <= period:
        return None
    return (
        f"The emails of {week_words(latest)} are made already, so those of "
        f"{week_words(period)} were not.\n"
        "Check this computer's date. Use --again if you do want the earlier week."
    )


def _note_missed(ledger: Ledger, period: str, now: datetime) -> tuple[str, ...]:
    """Note the weeks since the last one as skipped; give those directly before `period`."""
    known = [week for week in ledger.periods(WEEKLY) if week < period]
    if not known:
        return ()
    noted = {str(entry.facts.get("period")) for entry in ledger.entries("skipped")}
    missed = []
    monday = _monday(period)
    for _ in range(_MOST_SKIPPED):
        monday -= timedelta(days=7)
        week = week_of(monday)
        if week in known and week not in noted:
            break
        missed.append(week)
    missed.reverse()
    for week in missed:
        if week not in noted:
            ledger.record("skipped", now, kind=WEEKLY, period=week)
    return tuple(missed)


def _monday(period: str) -> date:
    year, week = period.split("-W")
    return date.fromisocalendar(int(year), int(week), 1)


def _whom(message: Message) -> str:
    return f"{message.recipient} ({message.role})" if message.role else message.recipient


def _warnings(outcome: Outcome) -> list[str]:
    said = []
    batch = outcome.batch
    if batch.unaddressed:
        found = counted(len(batch.unaddressed), "overdue item")
        where = "goes to the fallback recipient" if batch.stranded is None else "reaches nobody"
        said.append(f"{found} cannot be addressed to an owner; each {where}.")
    if batch.stranded is not None:
        said.append(
            f"There is no fallback recipient and no weekly summary. {batch.stranded} "
            "Enter an active SQA Officer on People, or set fallback under [mail] in mfauto.toml."
        )
    if outcome.skipped:
        said.append(
            f"{counted(len(outcome.skipped), 'missed week')} before this one, noted as skipped."
        )
    if outcome.unknown:
        roles = listed(sorted({delivery.role or "a mailbox" for delivery in outcome.unknown}))
        said.append(
            f"{counted(len(outcome.unknown), 'earlier email')} may or may not have arrived "
            f"({roles}). Nothing is sent twice by itself: see the command history."
        )
    if outcome.stale:
        names = listed([path.name for path in outcome.stale])
        said.append(f"No longer needed, as nothing is overdue there now: {names}.")
    return said


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One line of the history as a person reads it."""

    number: int
    at: datetime
    what: str
    whom: str | None  #: a name, looked up on People just now; None where nobody is concerned
    period: str | None
    state: str | None
    detail: str | None
    tracker: str | None  #: sha256 of the tracker


def history(ledger: Ledger, people: Iterable[Person], mail: Mail) -> list[Line]:
    """Give the history, oldest first, with the recipients' names of today."""
    names = _names(ledger, people, mail)
    return [_line(entry, names) for entry in ledger.entries() if not _passing(entry, ledger)]


def _passing(entry: Entry, ledger: Ledger) -> bool:
    """Say whether an entry is only a step on an email's way, and the email got further."""
    if entry.facts.get("state") not in (State.PENDING, State.SENDING):
        return False
    now = ledger.delivery(str(entry.facts["key"]))
    return now is None or str(now.state) != entry.facts["state"]


def _line(entry: Entry, names: Mapping[str, str]) -> Line:
    facts = entry.facts
    recipient = facts.get("recipient")
    gone = f"no longer on People ({facts.get('role') or 'a mailbox'})"
    kind = entry.event if entry.event == "skipped" else facts.get("kind") or facts.get("job")
    return Line(
        number=entry.number,
        at=entry.at,
        what=str(kind or entry.event),
        whom=names.get(recipient, gone) if recipient else None,
        period=facts.get("period"),
        state=facts.get("state"),
        detail=facts.get("detail") or facts.get("file"),
        tracker=facts.get("tracker"),
    )


def _names(ledger: Ledger, people: Iterable[Person], mail: Mail) -> dict[str, str]:
    names = {}
    for address in (mail.fallback, mail.contact):
        if address:
            names[ledger.pseudonym(tidy(address))] = shown(address)
    for person in people:
        if person.email and person.name:
            names[ledger.pseudonym(tidy(person.email))] = shown(person.name)
    return names
