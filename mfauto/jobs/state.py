"""How things stand: what ran last, what is next, whether anything is late or needs a person."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from mfauto.errors import MfautoError
from mfauto.jobs.backups import backup_folder
from mfauto.jobs.due import asked_now, moment, past
from mfauto.jobs.reviewing import tracker_path
from mfauto.jobs.run import Run
from mfauto.jobs.ways import lost
from mfauto.schedule import Slot, jobs_of

if TYPE_CHECKING:
    from mfauto.ledger import Ledger

LATE: Final = timedelta(hours=24)  #: a job not done so long after its time is late
WEEK: Final = timedelta(days=7)


@dataclass(frozen=True, kw_only=True, slots=True)
class Last:
    """What the history shows of one job."""

    job: str
    period: str | None  #: the latest period done; None before the first
    done: datetime | None  #: when it was done
    failed: datetime | None  #: when it was last tried in vain since then; None where it was not


@dataclass(frozen=True, kw_only=True, slots=True)
class Status:
    """How things stand."""

    now: datetime
    tracker: str | None  #: its path; None where none can be found
    trouble: str | None  #: why the tracker cannot be used; None where it can
    last: tuple[Last, ...]
    due: tuple[Slot, ...]
    late: tuple[Slot, ...]  #: of those due, the ones that should long have been done
    coming: tuple[Slot, ...]
    unknown: int  #: emails that may or may not have arrived
    failed: int  #: emails of the last 7 days that were not delivered
    held: int  #: emails that wait for the command release
    held_since: datetime | None  #: since when the first of them has waited; None where none does
    on_hold: bool  #: a person has put all emails on hold
    lost: str | None  #: why the history may not know what was sent; None where it does
    behind: bool  #: the history is ahead of this computer's clock
    backup: str | None  #: the name of the latest backup of the tracker
    backed_up: datetime | None

    @property
    def exit_code(self) -> int:
        """Say it for a monitor: 0 fine, 4 no tracker, 5 emails need a person, 1 a job is late."""
        if self.trouble:
            return 4
        if self.unknown or self.failed or self.lost or self.forgotten:
            return 5
        return int(bool(self.late or self.behind or any(one.failed for one in self.last)))

    @property
    def forgotten(self) -> bool:
        """Say whether an email has been held for longer than a day."""
        return self.held_since is not None and self.held_since + LATE <= self.now


def status(run: Run) -> Status:
    """Say how things stand at the run's moment. The tracker is looked for, not read."""
    asked = asked_now(run)
    tracker, trouble = _tracker(run)
    backup, backed_up = _backup(run)
    unknown, failed = _emails(run)
    held, on_hold, since = _held(run.ledger)
    return Status(
        now=run.now,
        tracker=tracker,
        trouble=trouble,
        last=tuple(_last(run)),
        due=asked.due,
        late=tuple(slot for slot in asked.due if run.ledger and slot.opens + LATE <= moment(run)),
        coming=asked.coming,
        unknown=unknown,
        failed=failed,
        held=held,
        held_since=since,
        on_hold=on_hold,
        lost=lost(run),
        behind=bool(asked.ahead),
        backup=backup,
        backed_up=backed_up,
    )


def _tracker(run: Run) -> tuple[str | None, str | None]:
    try:
        path = tracker_path(run.settings)
    except MfautoError as error:
        return None, str(error)
    if path.is_file():
        return str(path), None
    return str(path), f"{path} is not there. Check its name, or whether its drive is connected."


def _last(run: Run) -> list[Last]:
    ledger = run.ledger
    known = past(run)
    ended: dict[tuple[str, str], datetime] = {}
    if ledger is not None:
        for entry in ledger.entries("run"):
            if not (entry.facts.get("failed") or entry.facts.get("reopened")):
                ended[str(entry.facts.get("job")), str(entry.facts.get("period"))] = entry.at
    found = []
    for job in jobs_of(run.settings):
        before = known.get(job.name)
        period = max(before.done, default=None) if before else None
        done = ended.get((job.name, period)) if period else None
        tries = [at for at in (before.failed.values() if before else ()) if not done or at > done]
        found.append(Last(job=job.name, period=period, done=done, failed=max(tries, default=None)))
    return found


def _backup(run: Run) -> tuple[str | None, datetime | None]:
    entry = run.ledger.last("flags") if run.ledger else None
    if entry is None or not entry.facts.get("backup"):
        return None, None
    name = str(entry.facts["backup"])
    return (name, entry.at) if (backup_folder(run.settings) / name).exists() else (None, None)


def _held(ledger: "Ledger | None") -> tuple[int, bool, datetime | None]:
    from mfauto.ledger import State  # noqa: PLC0415 - SQLite: only where there is a history

    if ledger is None:
        return 0, False, None
    held = ledger.deliveries(State.HELD)
    return len(held), ledger.on_hold(), min((one.changed for one in held), default=None)


def _emails(run: Run) -> tuple[int, int]:
    """Count the emails of unknown fate, those of a stopped run too, and those not delivered."""
    from mfauto.ledger import State, at_work  # noqa: PLC0415 - SQLite: only where there is one
    from mfauto.posting import DROPPED  # noqa: PLC0415

    ledger, since = run.ledger, run.now - WEEK
    if ledger is None:
        return 0, 0
    unknown = ledger.deliveries(State.UNKNOWN)
    if not at_work(run.settings.folder):
        unknown += ledger.deliveries(State.SENDING)
    # What was said again in a later email to the same reader is lost no more.
    arrived: dict[tuple[str, str], datetime] = {}
    for one in ledger.deliveries(State.SENT):
        reader = (one.kind, one.recipient)
        arrived[reader] = max(arrived.get(reader, one.changed), one.changed)
    lost = [
        one
        for one in ledger.deliveries(State.FAILED)
        if one.detail != DROPPED
        and one.changed >= since
        and one.changed >= arrived.get((one.kind, one.recipient), one.changed)
    ]
    return len(unknown), len(lost)
