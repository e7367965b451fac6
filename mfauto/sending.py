"""The weekly emails: which of them are to go, which weeks were missed, and what became of them."""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from mfauto.calling import call
from mfauto.delivery import Outbox, Transport
from mfauto.errors import UsageError
from mfauto.ledger import Delivery, Ledger, State
from mfauto.messages import (
    WEEKLY,
    Batch,
    Head,
    Message,
    Run,
    digests,
    week_of,
    week_words,
)
from mfauto.model import Review
from mfauto.posting import Posted, drop, post, settle, sort
from mfauto.schedule import LONDON
from mfauto.settings import Settings
from mfauto.wording import counted, listed

_MOST_SKIPPED: Final = 52  # weeks noted as skipped; a longer gap is a fresh start


@dataclass(kw_only=True)
class Outcome:
    """What one run of the weekly emails did."""

    batch: Batch
    posted: Posted = field(default_factory=Posted)
    dry_run: bool = False
    unknown: list[Delivery] = field(default_factory=list)  #: every one that waits for a person
    stale: list[Path] = field(default_factory=list)  #: drafts of this week no longer needed
    skipped: tuple[str, ...] = ()  #: weeks just before this one without emails
    refused: str | None = None  #: why nothing at all was sent; None where it was
    drafts: int = 0  #: of those made before: drafts, though emails leave by now
    moved: int = 0  #: of those made before: drafts that are in the outbox no more

    @property
    def undelivered(self) -> bool:
        """Say whether something should have reached somebody and did not: exit code 5."""
        return bool(self._lost or self.unknown) and not self.dry_run

    @property
    def undecided(self) -> bool:
        """Say whether only emails of unknown fate are undelivered, which a person has to settle."""
        return self.undelivered and not self._lost

    @property
    def _lost(self) -> bool:
        stranded = self.batch.stranded is not None and bool(self.batch.unaddressed)
        return bool(self.posted.failed) or stranded

    def warnings(self) -> list[str]:
        """Say what a person must know of, also where emails left as they should."""
        if self.refused:
            return [self.refused]
        return [*self.posted.faults(), *_warnings(self)]

    def sentences(self) -> list[str]:
        """Say what happened, for the person at the screen."""
        if self.refused:
            return [self.refused]
        posted, week = self.posted, week_words(self.batch.period)
        if self.dry_run:
            said = [f"{counted(len(posted.wanted), 'email')} would be made for {week}."]
        elif posted.held:
            said = [f"{counted(len(posted.held), 'email')} made for {week}, and held."]
        else:
            said = [f"{counted(len(posted.sent), 'email')} made for {week}."]
        if posted.already:
            said.append(
                f"{counted(len(posted.already), 'email was', 'emails were')} made before, "
                "and not made again."
            )
        if self.drafts:
            said.append(
                f"{counted(self.drafts, 'of them is a draft', 'of them are drafts')} in the "
                "outbox, for a person to send. From next week on emails leave by themselves."
            )
        if self.moved:
            said.append(
                f"{counted(self.moved, 'of them is', 'of them are')} no longer in the outbox. "
                f"If nobody has sent them, make them anew: {call('remind --again')}"
            )
        if posted.holding:
            said.append(
                f"{counted(len(posted.holding), 'email is', 'emails are')} held, "
                "and wait for the command release."
            )
        return [*said, *self.warnings()]


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

    Raises:
        UsageError: `again`, where emails leave this computer and cannot be taken back.
        DeliveryError: they are more than may leave in one run; none was sent.

    """
    if again and not transport.repeatable:
        raise UsageError(
            f"--again makes files anew; emails sent by {transport.name} cannot be taken back.\n"
            "See the command history for what was sent."
        )
    period = week_of(review.as_at)
    if dry_run:
        return rehearse(review, settings, ledger, now, transport, again=again)
    if ledger is None:
        raise ValueError("sending needs the history")
    settle(ledger, settings.output, transport, now)
    refused = None if again else _later_week(ledger, period)
    skipped = _note_missed(ledger, period, now) if refused is None else ()
    run = replace(_known(ledger, period, now), skipped=skipped)
    outcome = Outcome(batch=digests(review, settings, run), skipped=skipped, refused=refused)
    if refused is None:
        _send(review, settings, ledger, transport, run, outcome=outcome, again=again)
    outcome.unknown = ledger.deliveries(State.UNKNOWN)
    return outcome


def _send(
    review: Review,
    settings: Settings,
    ledger: Ledger,
    transport: Transport,
    run: Run,
    *,
    outcome: Outcome,
    again: bool,
) -> None:
    def with_failures(message: Message, posted: Posted) -> Message:
        """Tell the summary's reader how many of the others could not be delivered."""
        if not (message.summary and posted.failed):
            return message
        batch = digests(review, settings, replace(run, failed=len(posted.failed)))
        return next(one for one in batch.messages if one.key == message.key)

    now = run.now
    assert now is not None  # noqa: S101 - `_known` gives it
    messages = outcome.batch.messages
    drop(WEEKLY, messages, ledger, settings.output, now)
    outcome.posted = post(
        messages,
        ledger,
        transport,
        now,
        tracker=review.tracker.sha256,
        again=again,
        retell=with_failures,
    )
    _look_for_drafts(outcome, ledger, transport, Outbox(settings.output))
    outcome.stale = _stale(ledger, transport, outcome.batch) if again else []
    if outcome.posted.wanted:
        ledger.record("run", now, **_figures(review, outcome))


def _look_for_drafts(
    outcome: Outcome, ledger: Ledger, transport: Transport, outbox: Outbox
) -> None:
    """Count the drafts among what was made before, and those that are no longer there."""
    for message in outcome.posted.already:
        known = ledger.delivery(message.key)
        if known is not None and known.channel == outbox.name:
            by_hand = transport.name == outbox.name
            path = transport.path(known) if by_hand else outbox.path(known)
            there = path is not None and path.exists()
            outcome.drafts += there and not by_hand
            outcome.moved += not there and by_hand


def _stale(ledger: Ledger, transport: Transport, batch: Batch) -> list[Path]:
    """Give this week's drafts whose reader has nothing overdue any more."""
    wanted = {message.key for message in batch.messages}
    paths = [
        transport.path(delivery)
        for delivery in ledger.deliveries(State.SENT)
        if delivery.kind == WEEKLY
        and delivery.period == batch.period
        and delivery.key not in wanted
    ]
    return [path for path in paths if path is not None and path.exists()]


def _figures(review: Review, outcome: Outcome) -> dict[str, Any]:
    counts, posted = review.counts, outcome.posted
    return {
        "job": "remind",
        "period": outcome.batch.period,
        "as_at": review.as_at.isoformat(),
        "tracker": review.tracker.sha256,
        "rows": counts.rows_read,
        "overdue": counts.overdue,
        "unaddressed": len(outcome.batch.unaddressed),
        "sent": len(posted.sent),
        "held": len(posted.held),
        "failed": len(posted.failed),
    }


def rehearse(
    review: Review,
    settings: Settings,
    ledger: Ledger | None,
    now: datetime,
    transport: Transport | None = None,
    *,
    again: bool = False,
) -> Outcome:
    """Say what `remind` would do, and do nothing. Without `transport` as where nothing is held."""
    period = week_of(review.as_at)
    run = _known(ledger, period, now) if ledger else Run(now=now)
    outcome = Outcome(batch=digests(review, settings, run), dry_run=True)
    if ledger:
        outcome.unknown = ledger.deliveries(State.UNKNOWN)
        outcome.refused = None if again else _later_week(ledger, period)
    outcome.posted = sort(outcome.batch.messages, ledger, transport, again=again)
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
    latest = max(_weeks(ledger), default=period)
    if latest <= period:
        return None
    return (
        f"The emails of {week_words(latest)} are made already, so those of "
        f"{week_words(period)} were not.\n"
        "Check this computer's date. Use --again if you do want the earlier week. "
        f"If a wrong date stood here before: {call('history accept')}"
    )


def _weeks(ledger: Ledger) -> list[str]:
    """Give the weeks whose emails were wanted or that were skipped, in order.

    Not a week that was tried before it began, as with --as-at; nor one that a wrong clock
    noted, once a person has accepted that.
    """
    accepted = ledger.last("accepted")

    def counts(number: int, period: str) -> bool:
        return not (accepted and number < accepted.number and period > week_of(accepted.at))

    numbers = {str(entry.facts.get("key")): entry.number for entry in ledger.entries("email")}
    weeks = {
        one.period
        for one in ledger.deliveries()
        if one.kind == WEEKLY
        and one.period <= week_of(one.changed.astimezone(LONDON))
        and counts(numbers.get(one.key, 0), one.period)
    }
    weeks |= {
        str(entry.facts["period"])
        for entry in ledger.entries("skipped")
        if entry.facts.get("kind") == WEEKLY and counts(entry.number, str(entry.facts["period"]))
    }
    return sorted(weeks)


def _note_missed(ledger: Ledger, period: str, now: datetime) -> tuple[str, ...]:
    """Note the weeks since the last one as skipped; give those directly before `period`."""
    known = [week for week in _weeks(ledger) if week < period]
    if not known or period > week_of(now.astimezone(LONDON)):
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
