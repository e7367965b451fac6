"""What is due now, done once: the calendar asked with what the history shows, job by job.

A job that fails stops only itself, and is tried again at the next run. Each
period of a job is noted when it is done, and those missed for good as skipped.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from mfauto.calling import call
from mfauto.errors import (
    DeliveryError,
    FewerRowsError,
    MfautoError,
    TrackerError,
    UndecidedError,
)
from mfauto.jobs.alerts import cover_pack, cover_reports, safety
from mfauto.jobs.documents import PACKS, exceptions, pack, report_files
from mfauto.jobs.done import Done
from mfauto.jobs.flagging import flag
from mfauto.jobs.made import OF
from mfauto.jobs.mailing import remind
from mfauto.jobs.overview import board
from mfauto.jobs.purging import purge
from mfauto.jobs.reviewing import undisturbed
from mfauto.jobs.run import Run
from mfauto.measures.reports import reports_due
from mfauto.model import Review
from mfauto.schedule import (
    EMAILS,
    FLAGS,
    JOBS,
    LONDON,
    PACK,
    PURGE,
    Past,
    Plan,
    Slot,
    begins,
    plan,
)
from mfauto.schedule import REPORTS as REPORTS_JOB
from mfauto.schedule import SAFETY as SAFETY_JOB
from mfauto.wording import listed

if TYPE_CHECKING:
    from mfauto.ledger import Entry, Ledger

Tell = Callable[[Slot, Done], None]
_EVERY_RUN: Final = (FLAGS, SAFETY_JOB)  # harmless again, and the tracker may have changed
_SECOND: Final = timedelta(seconds=1)


def run_due(run: Run, *, tell: Tell | None = None) -> Done:
    """Do what is due now, once. A person's or Task Scheduler's run always flags anew.

    `tell` hears of each job as it ends.
    """
    asked = asked_now(run)
    known = {slot.job for slot in asked.due}
    anew = [_today(run, job.name) for job in _EVERY_RUN if job not in known]
    order = {job.name: number for number, job in enumerate(JOBS)}
    slots = sorted((*asked.due, *anew), key=lambda slot: order[slot.job.name])
    done = do(run, slots, asked.skipped, tell=tell)
    if asked.ahead:
        done.failed.append(_is_behind(asked))
    return done


def _is_behind(asked: Plan) -> DeliveryError:
    shown = listed(sorted(set(asked.ahead)))
    return DeliveryError(
        f"The history shows {shown} as done already. What was due before is not done again.\n"
        "Check this computer's date. If it is right, a wrong one stood here before: "
        f"{call('history accept')}"
    )


def _board(run: Run) -> Done:
    """Make the board from what the run has read; a tracker that cannot be read was said before."""
    try:
        board(run, run.review())
    except TrackerError:
        return Done()
    except MfautoError as error:
        return Done(failed=[error])
    return Done()  # it is made by every run, so that is nothing to tell


def asked_now(run: Run, *, patience: timedelta = timedelta(0)) -> Plan:
    """Ask the calendar what is due at the run's moment."""
    known = past(run)
    return plan(run.settings, moment(run), known, patience=patience)


def in_trial(run: Run) -> bool:
    """Say whether emails go to one address for a trial, and their readers get none."""
    return run.settings.mail.redirect_all_to is not None


def moment(run: Run) -> datetime:
    """Give the run's moment; for a report date other than today the end of that day."""
    if run.as_at == run.now.astimezone(LONDON).date():
        return run.now
    return datetime.combine(run.as_at, time.max, LONDON) - _SECOND


def past(run: Run, *, trial: bool | None = None) -> dict[str, Past]:
    """Read from the history what was done, missed or failed, by job, as it counts for a run.

    What was done in a trial counts in a trial only: its real readers have heard nothing. The
    settings say whether this is one, unless `trial` does.
    """
    if run.ledger is None:
        return {}
    from mfauto.recall import Recall  # noqa: PLC0415 - SQLite: only where there is a history

    trial = in_trial(run) if trial is None else trial
    ledger, recall = run.ledger, Recall(run.ledger, run.now)
    done: dict[str, set[str]] = {job.name: set() for job in JOBS}
    skipped: dict[str, set[str]] = {job.name: set() for job in JOBS}
    failed: dict[str, dict[str, datetime]] = {job.name: {} for job in JOBS}
    reopened: dict[str, set[str]] = {job.name: set() for job in JOBS}
    for entry in ledger.entries("run"):
        job, period = str(entry.facts.get("job")), str(entry.facts.get("period"))
        if job not in done or (entry.facts.get("trial") and not trial):
            continue
        if not recall.run(entry, run.as_at):
            continue
        if entry.facts.get("reopened"):
            reopened[job].add(period)
        elif entry.facts.get("failed"):
            failed[job][period] = entry.at
        else:
            done[job].add(period)
            reopened[job].discard(period)
            failed[job].pop(period, None)
    for entry in ledger.entries("skipped"):
        job, period = str(entry.facts.get("kind")), str(entry.facts.get("period"))
        if job in skipped and recall.run(entry, run.as_at):
            skipped[job].add(period)
    return {
        job.name: Past(
            done=frozenset(done[job.name]),
            skipped=frozenset(skipped[job.name] - done[job.name]),
            failed=failed[job.name],
            reopened=frozenset(reopened[job.name]),
        )
        for job in JOBS
    }


def do(
    run: Run, slots: list[Slot], skipped: tuple[Slot, ...] = (), *, tell: Tell | None = None
) -> Done:
    """Do these jobs one after another, whatever becomes of each."""
    to_come = run.as_at > run.now.astimezone(LONDON).date()
    if run.ledger is not None and not run.dry_run:
        from mfauto.posting import settle  # noqa: PLC0415 - only where something is due

        settle(run.ledger, run.settings.output, run.now)
        for slot in () if to_come else skipped:
            run.ledger.record("skipped", run.now, kind=slot.job.name, period=slot.period)
    done = Done()
    said_before: set[str] = set()
    for slot in slots:
        made = Done()
        try:
            with undisturbed():
                made += _WORK[slot.job.name](run, slot)
        except FewerRowsError as error:
            _note(run, slot, Done(failed=[error]))
            raise  # half a tracker: nobody is written to, and no other job is begun
        except MfautoError as error:
            made.failed.append(error)
        except Exception as error:  # noqa: BLE001 - a bug in one job must not stop the others
            made.bugs.append(error)
        _note(run, slot, made)
        if tell is not None:
            tell(slot, made)
        # One fault of the tracker keeps several jobs from their work; it is said once.
        made.failed = [error for error in made.failed if str(error) not in said_before]
        said_before |= {str(error) for error in made.failed}
        done += made
    if slots:
        done += _board(run)
    return done


def _note(run: Run, slot: Slot, made: Done) -> None:
    """Note that a period is done, or that a job failed; a period done before stays done."""
    if run.ledger is None or run.dry_run:
        return
    undone = [error for error in made.failed if not isinstance(error, UndecidedError)]
    failed = bool(undone or made.bugs)
    trial = in_trial(run) and slot.job is not FLAGS
    known = past(run, trial=trial)[slot.job.name]
    over_again = slot.period in known.done - known.reopened and slot.period not in known.failed
    if over_again and not failed:
        return
    note_done(run, slot, failed=failed, trial=trial)


def note_done(
    run: Run, slot: Slot, *, failed: bool = False, trial: bool = False, gone: bool = False
) -> None:
    """Note that a period is done, or was tried and failed; in a `trial` for the trial alone.

    Of what had `gone` only a person knows: the history was lost.
    """
    marks = {"trial": trial, "gone": gone}
    if run.ledger is not None:
        run.ledger.record(
            "run",
            run.now,
            job=slot.job.name,
            period=slot.period,
            as_at=run.as_at.isoformat(),
            failed=int(failed),
            **{name: 1 for name, is_so in marks.items() if is_so},
        )


def _today(run: Run, job: str) -> Slot:
    """Give the day's slot of a job that every run does; its period is that of the last time."""
    (found,) = [one for one in JOBS if one.name == job]
    now = moment(run)
    known = past(run).get(job, Past()).done
    period = max(known, default=f"{now.astimezone(LONDON):%Y-%m-%d %H:%M}")
    return Slot(found, period, now, now)


def _flags(run: Run, _: Slot) -> Done:
    return flag(run)


def _safety(run: Run, _: Slot) -> Done:
    return safety(run, run.review())


def _weekly(run: Run, _: Slot) -> Done:
    return remind(run, run.review())


def _reports(run: Run, slot: Slot) -> Done:
    found = run.review()
    before, due = _made_in_week(found, run.ledger), reports_due(found)
    files = report_files(run, found, due)
    refs = [ref for ref in due if ref not in before or not files[ref].exists()]
    done = exceptions(run, found, refs=refs) if refs else Done()
    if not run.dry_run:
        made = _made_in_week(found, run.ledger)
        done += cover_reports(run, found, [ref for ref in due if ref in made], slot.period)
    return done


def _pack(run: Run, slot: Slot) -> Done:
    year, number = map(int, slot.period.split("-"))
    # One that was made by hand once the month was over has its figures, and perhaps a person's
    # words: it goes out as it is. Before that its figures were not whole, so the new one goes.
    path = run.settings.output / PACKS / f"{slot.period}.docx"
    there = path.exists() and _made_pack(run, slot.period)
    done = Done() if there else pack(run, (year, number))
    path = next(iter(done.made), path)
    if path.exists() and not (done.failed or run.dry_run):
        done += cover_pack(run, (year, number), path)
    return done


def _purge(run: Run, _: Slot) -> Done:
    return purge(run)


_WORK: Final[Mapping[str, Callable[[Run, Slot], Done]]] = {
    FLAGS.name: _flags,
    SAFETY_JOB.name: _safety,
    REPORTS_JOB.name: _reports,
    EMAILS.name: _weekly,
    PACK.name: _pack,
    PURGE.name: _purge,
}


def _made_pack(run: Run, month: str) -> bool:
    """Say whether the pack of a month was made once that month had really ended."""
    if run.ledger is None:
        return False
    from mfauto.recall import Recall  # noqa: PLC0415 - SQLite: only where there is a history

    recall, day = Recall(run.ledger, run.now), begins(PACK.name, month)
    return any(
        entry.facts.get("month") == month and recall.real(entry.number, entry.at, day)
        for entry in _documents(run.ledger)
    )


def _documents(ledger: "Ledger | None") -> "list[Entry]":
    """Give the documents of the folder's own tracker; those of a run over many say whose."""
    entries = ledger.entries("document") if ledger else ()
    return [entry for entry in entries if OF not in entry.facts]


def _made_in_week(found: Review, ledger: "Ledger | None") -> set[str]:
    week = found.as_at.isocalendar()[:2]
    return {
        str(entry.facts["case"])
        for entry in _documents(ledger)
        if "case" in entry.facts
        and date.fromisoformat(entry.facts["as_at"]).isocalendar()[:2] == week
    }
