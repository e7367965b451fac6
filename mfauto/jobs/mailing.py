"""The week's emails, each made once."""

from mfauto.errors import DeliveryError
from mfauto.jobs.rows import check_rows
from mfauto.jobs.run import Done, Run
from mfauto.model import Review


def remind(run: Run, found: Review, *, again: bool = False) -> Done:
    """Make this week's emails, each once for its week, working folder and recipient."""
    check_rows(run, found.tracker)
    from mfauto.delivery import Outbox  # noqa: PLC0415 - the emails are not always needed
    from mfauto.sending import remind as send  # noqa: PLC0415

    outbox = Outbox(run.settings.output)
    outcome = send(
        found, run.settings, run.ledger, outbox, run.now, again=again, dry_run=run.dry_run
    )
    done = Done(said=outcome.sentences(), asks=outcome.warnings(), made=outcome.made)
    if outcome.made:
        done.said.append(f"They are drafts in {outbox.folder}: open, read and send each one.")
    if outcome.undelivered:
        done.failed.append(DeliveryError("Some emails could not be delivered: see above."))
    return done
