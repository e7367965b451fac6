"""The weekly emails: which of them are to go, which weeks were missed, and what became of them."""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from mfauto.calling import call
from mfauto.continuity import later_save
from mfauto.delivery import HELD, OUTBOX, Outbox, Transport
from mfauto.errors import UsageError
from mfauto.ledger import Delivery, Ledger, State
from mfauto.messages import (
    WEEKLY,
    Batch,
    Head,
    Known,
    Message,
    digests,
    week_of,
    week_words,
)
from mfauto.model import Review, Tracker
from mfauto.posting import Posted, drop, post, settle, sort
from mfauto.recall import Recall
from mfauto.schedule import LONDON, monday_of
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
    unreleased: int = 0  #: emails of earlier weeks that were held and that nobody released
    skipped: tuple[str, ...] = ()  #: weeks just before this one without emails
    refused: str | None = None  #: why nothing at all was sent; None where it was
    drafts: int = 0  #: of those made before: drafts, though emails leave or are held by now
    leaving: bool = False  #: emails leave this computer without a person
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
            are = counted(self.drafts, "of them is a draft", "of them are drafts")
            later = " From next week on emails leave by themselves." if self.leaving else ""
            said.append(f"{are} in the outbox, for a person to send.{later}")
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
    settle(ledger, settings.output, now)
    refused = None if again else _Weeks(ledger, now).later_than(period)
    trial = settings.mail.redirect_all_to is not None
    run = _known(ledger, review.tracker, period, now, trial=trial)
    outcome = Outcome(batch=digests(review, settings, run), refused=refused)
    if refused is None:
        dropped = drop(
            WEEKLY, outcome.batch.messages, ledger, settings.output, now, as_at=review.as_at
        )
        outcome.unreleased = sum(one.period < period for one in dropped)
        outcome.skipped = _Weeks(ledger, now).note_missed(period)
        if outcome.skipped:  # the summary tells of them
            run = replace(run, skipped=outcome.skipped)
            outcome.batch = digests(review, settings, run)
        _send(review, settings, ledger, transport, run, outcome=outcome, again=again)
    outcome.unknown = ledger.deliveries(State.UNKNOWN)
    return outcome


def _send(
    review: Review,
    settings: Settings,
    ledger: Ledger,
    transport: Transport,
    run: Known,
    *,
    outcome: Outcome,
    again: bool,
) -> None:
    def with_failures(message: Message, posted: Posted) -> Message:
        """Tell the summary's reader how many of the others could not be delivered."""
        if not (message.summary and (posted.failed or posted.unsure)):
            return message
        known = replace(run, failed=len(posted.failed), unknown=run.unknown + len(posted.unsure))
        batch = digests(review, settings, known)
        return next(one for one in batch.messages if one.key == message.key)

    now = run.now
    assert now is not None  # noqa: S101 - `_known` gives it
    messages = outcome.batch.messages
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
    outcome.leaving = transport.name not in (OUTBOX, HELD)
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
    trial = settings.mail.redirect_all_to is not None
    run = Known(now=now)
    if ledger:
        run = _known(ledger, review.tracker, period, now, trial=trial)
    outcome = Outcome(batch=digests(review, settings, run), dry_run=True)
    if ledger:
        outcome.unknown = ledger.deliveries(State.UNKNOWN)
        outcome.refused = None if again else _Weeks(ledger, now).later_than(period)
    outcome.posted = sort(outcome.batch.messages, ledger, transport, now=now, again=again)
    return outcome


def _known(ledger: Ledger, tracker: Tracker, period: str, now: datetime, *, trial: bool) -> Known:
    told = ledger.told(WEEKLY, period)
    return Known(
        now=now,
        folder=ledger.folder,
        told=told,
        drafted=told - ledger.told(WEEKLY, period, besides=OUTBOX),
        head=Head(*ledger.head()),
        unknown=len(ledger.deliveries(State.UNKNOWN)),
        later_save=later_save(ledger, tracker),
        others=tuple(sorted(_others(ledger, now, trial=trial).items())),
    )


def _others(ledger: Ledger, now: datetime, *, trial: bool) -> Counter[str]:
    """Count what else was sent in the seven days before, by kind; a trial's only in a trial."""
    return Counter(
        delivery.kind
        for delivery in ledger.deliveries(State.SENT)
        if delivery.kind != WEEKLY
        and delivery.changed > now - timedelta(days=7)
        and delivery.trial == trial
    )


class _Weeks:
    """The weeks whose emails were made or missed, as far as they were meant for then."""

    def __init__(self, ledger: Ledger, now: datetime) -> None:
        self._ledger = ledger
        self._now = now
        recall = Recall(ledger, now)
        emails = [one for one in ledger.deliveries() if one.kind == WEEKLY]
        real = [one for one in emails if recall.real_email(one)]
        self._wanted = {one.period for one in real}
        self._made = {one.period for one in real if one.state is not State.FAILED}
        self._made |= {  # a person's word, where the history was lost
            str(one.facts["period"])
            for one in ledger.entries("run")
            if one.facts.get("job") == WEEKLY and one.facts.get("gone")
        }
        self._noted = {
            str(one.facts["period"])
            for one in ledger.entries("skipped")
            if one.facts.get("kind") == WEEKLY and recall.run(one, date.min)
        }

    def later_than(self, period: str) -> str | None:
        """Say why the emails of `period` are not sent after those of a later week; else None."""
        latest = max(self._made | self._noted, default=period)
        if latest <= period:
            return None
        return (
            f"The emails of {week_words(latest)} are made already, so those of "
            f"{week_words(period)} were not.\n"
            "Check this computer's date. Use --again if you do want the earlier week. "
            f"If a wrong date was set here before: {call('history accept')}"
        )

    def note_missed(self, period: str) -> tuple[str, ...]:
        """Note the weeks since the last one as skipped; give those directly before `period`."""
        known = [week for week in self._wanted | self._made | self._noted if week < period]
        if not known or period > week_of(self._now.astimezone(LONDON)):
            return ()
        missed = []
        monday = monday_of(period)
        for _ in range(_MOST_SKIPPED):
            monday -= timedelta(days=7)
            week = week_of(monday)
            if week in self._made or week < min(known):
                break
            missed.append(week)
        missed.reverse()
        for week in missed:
            if week not in self._noted:
                self._ledger.record("skipped", self._now, kind=WEEKLY, period=week)
        return tuple(missed)


def _warnings(outcome: Outcome) -> list[str]:
    said = []
    batch = outcome.batch
    if batch.unaddressed:
        found = counted(len(batch.unaddressed), "overdue item")
        where = "goes to the fallback person" if batch.stranded is None else "reaches nobody"
        it = "it" if len(batch.unaddressed) == 1 else "each"
        said.append(f"{found} cannot be addressed to an owner; {it} {where}.")
    if batch.stranded is not None:
        said.append(
            f"There is no fallback person and no weekly summary. {batch.stranded} "
            "Enter an active SQA Officer on People, or set fallback under [mail] in mfauto.toml."
        )
    if outcome.unreleased:
        held = counted(
            outcome.unreleased, "email of an earlier week was", "emails of earlier weeks were"
        )
        said.append(f"{held} held and never released. They are out of date, and are not sent.")
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
