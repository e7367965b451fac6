"""The week's emails, each made once."""

from typing import TYPE_CHECKING

from mfauto.errors import DeliveryError, UndecidedError
from mfauto.jobs.continuity import check_rows, doubts_about
from mfauto.jobs.done import Done
from mfauto.jobs.run import Run
from mfauto.jobs.ways import doubts, way_out
from mfauto.model import Review
from mfauto.parts import part

if TYPE_CHECKING:
    from mfauto.delivery import Transport


def remind(run: Run, found: Review, *, again: bool = False) -> Done:
    """Make this week's emails, each once for its week, working folder and recipient."""
    doubtful = doubts_about(run, found.tracker)
    check_rows(run, found.tracker)
    from mfauto.sending import remind as send  # noqa: PLC0415 - not always needed

    way = way_out(run)
    with part("Making the week's emails"):
        outcome = send(
            found, run.settings, run.ledger, way, run.now, again=again, dry_run=run.dry_run
        )
    done = Done(said=outcome.sentences(), asks=outcome.warnings(), made=outcome.posted.made)
    done.ask(*doubtful)
    if outcome.posted.sent or outcome.posted.held:
        done.ask(*doubts(run))
        next_steps = what_next(run, way)
        if outcome.posted.held:  # they leave only if a person says so
            done.ask(next_steps)
        else:
            done.said.append(next_steps)
    if outcome.undelivered:
        fault = UndecidedError if outcome.undecided else DeliveryError
        done.failed.append(fault("Some emails could not be delivered: see above."))
    return done


def what_next(run: Run, way: "Transport") -> str:
    """Say where emails have gone, and what a person does now."""
    from mfauto.delivery import HELD, OUTBOX  # noqa: PLC0415 - not always needed

    folder = run.settings.output / way.name
    if way.name == HELD:
        return f"They wait in {folder}. Look at them, then say: release."
    if way.name == OUTBOX:
        return f"They are drafts in {folder}: open, read and send each one."
    redirect = run.settings.mail.redirect_all_to
    if redirect:
        return f"They were sent by {way.name} as a trial, all of them to {redirect}."
    return f"They were sent by {way.name}."
