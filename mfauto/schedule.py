"""When each job is due: a calendar of periods, and what is due of it at a moment.

Pure: the settings, a moment and what the history shows as done go in; the jobs
that are due now, those missed and the next times come out. Days and times of
the settings are London's; moments are compared in UTC, so that a change of the
clocks neither drops nor repeats a job.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from mfauto.policy import add_months
from mfauto.settings import NEXT_WORKDAY, SAME_DAY, WEEKDAYS, Settings

LONDON: Final = ZoneInfo("Europe/London")
DAILY: Final = "daily"
WEEKLY: Final = "weekly"
MONTHLY: Final = "monthly"
RETRY: Final = timedelta(minutes=15)  #: how long `serve` waits before it tries a failed job again
_BACK: Final = {DAILY: 40, WEEKLY: 7 * 53, MONTHLY: 400}  # days; a longer gap is a fresh start
_AHEAD: Final = {DAILY: 40, WEEKLY: 21, MONTHLY: 70}  # days in which the next time surely lies
_SOON: Final = timedelta(hours=2)
_LONGER: Final = 4
_WEEK: Final = 7
_FRIDAY: Final = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """One job of the calendar."""

    name: str  #: as the history notes it
    does: str  #: what it does, to follow "mfauto"
    rhythm: str  #: DAILY, WEEKLY or MONTHLY
    noted: bool = False  #: a missed period is noted as skipped; else the next one replaces it


FLAGS: Final = Job(name="flags", does="writes the flags into the tracker", rhythm=DAILY)
SAFETY: Final = Job(name="safety", does="tells where a child's safety is not assured", rhythm=DAILY)
REPORTS: Final = Job(name="reports", does="makes the exception reports", rhythm=WEEKLY)
EMAILS: Final = Job(name="weekly", does="makes the weekly emails", rhythm=WEEKLY, noted=True)
PACK: Final = Job(name="pack", does="makes the assurance pack", rhythm=MONTHLY, noted=True)
PURGE: Final = Job(name="purge", does="takes away what is old enough", rhythm=MONTHLY)
#: in the order in which a run does them
JOBS: Final = (FLAGS, SAFETY, REPORTS, EMAILS, PACK, PURGE)


@dataclass(frozen=True, slots=True)
class Slot:
    """One period of one job. Periods of a job sort by time."""

    job: Job
    period: str  #: a day with its time, an ISO week, or the month a pack is about
    opens: datetime  #: from when it is due, in UTC
    closes: datetime  #: until when it still is, in UTC


@dataclass(frozen=True, kw_only=True, slots=True)
class Past:
    """What the history shows of one job. The defaults are a fresh start."""

    done: frozenset[str] = frozenset()  #: periods
    skipped: frozenset[str] = frozenset()  #: periods noted as missed
    failed: Mapping[str, datetime] = field(default_factory=dict)  #: period to its last failed try
    reopened: frozenset[str] = frozenset()  #: of those done, the ones that owe an email again


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What a moment asks for."""

    due: tuple[Slot, ...]  #: in the order of JOBS; of each job its latest period at most
    waiting: tuple[Slot, ...]  #: due as well, but failed a moment ago and not tried again yet
    skipped: tuple[Slot, ...]  #: missed for good, and not noted yet
    coming: tuple[Slot, ...]  #: the next period of each job, by time
    ahead: tuple[str, ...]  #: periods done that have not begun yet: this computer's clock is back


def begins(job: str, period: str) -> date | None:
    """Give the first day on which a job's period can be done; None for what is no job.

    A week can be done from its Monday on, a month's pack once the month is over.
    """
    rhythm = next((one.rhythm for one in JOBS if one.name == job), None)
    if rhythm is None:
        return None
    period, _, _ = period.partition(".")  # a further email of the period has a number
    if rhythm == WEEKLY:
        return monday_of(period)
    if rhythm == MONTHLY:
        return add_months(date.fromisoformat(f"{period}-01"), 1)
    return date.fromisoformat(period[:10])  # the time of the day may follow


def is_over(job: str, period: str, at: datetime) -> bool:
    """Say whether a week has gone by. What is about it says by when, so it goes within it."""
    rhythm = next((one.rhythm for one in JOBS if one.name == job), None)
    return rhythm == WEEKLY and period < week_of(at.astimezone(LONDON).date())


def jobs_of(settings: Settings) -> tuple[Job, ...]:
    """Give the jobs that the settings ask for; nothing is purged unless they say so."""
    return tuple(job for job in JOBS if job is not PURGE or settings.keep.purge_with_run)


def week_of(day: date) -> str:
    """Give the ISO week of a day: 2026-W45."""
    return f"{day:%G-W%V}"


def monday_of(week: str) -> date:
    """Give the first day of an ISO week such as 2026-W45."""
    return date.fromisoformat(f"{week}-1")


def plan(
    settings: Settings,
    now: datetime,
    past: Mapping[str, Past],
    *,
    patience: timedelta = timedelta(0),
) -> Plan:
    """Say what is due at `now`, what was missed, and when each job is next due.

    `past` goes by the job's name. Only the latest period of a job is ever due: an older one is
    missed. A period before one that is done, as after a clock set back, is not due again; the
    latest one is where it was reopened, as long as it lasts.
    `patience` is how long a job that failed is left alone; two hours after its time, four times
    as long, as what keeps it, such as an open tracker, may then last all day.
    """
    now = now.astimezone(UTC)
    due: list[Slot] = []
    waiting: list[Slot] = []
    skipped: list[Slot] = []
    coming: list[Slot] = []
    ahead: list[str] = []
    for job in jobs_of(settings):
        known = past.get(job.name, Past())
        slots = list(_slots(job, settings, now.astimezone(LONDON).date()))
        begun = [slot for slot in slots if slot.opens <= now]
        coming += [slot for slot in slots if slot.opens > now][:1]
        newest = max(known.done | known.skipped, default="")
        if begun and newest > begun[-1].period:
            ahead.append(newest)
        fresh = [slot for slot in begun if slot.period > newest]
        if begun and begun[-1].period == newest and newest in known.reopened:
            fresh = begun[-1:]
        for slot in fresh:
            if not newest and _too_old(slot, now):
                continue
            if slot is begun[-1] and slot.closes > now:
                tried = known.failed.get(slot.period)
                rest = patience if now < slot.opens + _SOON else patience * _LONGER
                rests = tried is not None and tried <= now < tried + rest
                (waiting if rests else due).append(slot)
            elif job.noted and newest and slot.period > newest:
                skipped.append(slot)
    coming.sort(key=lambda slot: slot.opens)
    return Plan(
        due=tuple(due),
        waiting=tuple(waiting),
        skipped=tuple(skipped),
        coming=tuple(coming),
        ahead=tuple(ahead),
    )


def _too_old(slot: Slot, now: datetime) -> bool:
    """Say whether a first run should let a period be: a pack that last month asked for."""
    opened, today = slot.opens.astimezone(LONDON), now.astimezone(LONDON)
    return slot.job.rhythm == MONTHLY and (opened.year, opened.month) != (today.year, today.month)


def _slots(job: Job, settings: Settings, today: date) -> Iterator[Slot]:
    """Give a job's periods around a day, by time."""
    first = today - timedelta(days=_BACK[job.rhythm])
    last = today + timedelta(days=_AHEAD[job.rhythm])
    opened = list(_opened(job.rhythm, settings, first, last))
    for (period, opens), (_, following) in pairwise(opened):
        closes = following
        if job.rhythm == WEEKLY:
            # A week's email says its week, so it is not sent in another one.
            closes = _moment(monday_of(period) + timedelta(days=_WEEK), "00:00")
        yield Slot(job, period, opens, closes)


def _opened(
    rhythm: str, settings: Settings, first: date, last: date
) -> Iterator[tuple[str, datetime]]:
    if rhythm == MONTHLY:
        month = first.replace(day=1)
        while month <= last:
            reported = month - timedelta(days=1)
            day = settings.policy.workdays.after(reported, settings.pack_workday)
            yield f"{reported:%Y-%m}", _moment(day, settings.daily_times[0])
            month = add_months(month, 1)
        return
    if rhythm == WEEKLY:
        monday = first - timedelta(days=first.weekday())
        while monday <= last:
            yield week_of(monday), _moment(_sending_day(monday, settings), settings.weekly_time)
            monday += timedelta(days=_WEEK)
        return
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        if settings.policy.workdays.is_workday(day):
            for at in settings.daily_times:
                yield f"{day} {at}", _moment(day, at)


def _sending_day(monday: date, settings: Settings) -> date:
    """Give the day of a week on which its emails go; a holiday moves it within the week.

    Only where the week has no other working day on the wanted side does it move to the other
    one. A chosen Saturday or Sunday is no holiday and stays.
    """
    day = monday + timedelta(days=WEEKDAYS.index(settings.weekly_day))
    workdays, rule = settings.policy.workdays, settings.on_bank_holiday
    if rule == SAME_DAY or day.weekday() > _FRIDAY or workdays.is_workday(day):
        return day
    week = [monday + timedelta(days=number) for number in range(_WEEK)]
    after = [other for other in week if other > day and workdays.is_workday(other)]
    before = [other for other in week if other < day and workdays.is_workday(other)]
    nearest = (*after[:1], *before[-1:]) if rule == NEXT_WORKDAY else (*before[-1:], *after[:1])
    return next(iter(nearest), day)


@lru_cache(maxsize=4096)  # `serve` asks each minute, mostly about the same days
def _moment(day: date, at: str) -> datetime:
    """Give a London day and time in UTC. A time that the clocks leave out comes an hour later."""
    return datetime.combine(day, time.fromisoformat(at), LONDON).astimezone(UTC)
