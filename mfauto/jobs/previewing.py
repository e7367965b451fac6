"""What this week's emails would say, on one page, before anything is made or sent."""

from typing import TYPE_CHECKING, Final

from mfauto.jobs.continuity import check_rows
from mfauto.jobs.done import Done
from mfauto.jobs.run import Run
from mfauto.jobs.ways import is_held
from mfauto.model import Review
from mfauto.wording import counted

if TYPE_CHECKING:
    from mfauto.sending import Outcome

PREVIEW: Final = "preview"  #: the folder's name


def preview(run: Run, found: Review) -> Done:
    """Put every email of this week on one page, as it would go. Nothing is sent or noted."""
    from mfauto.messages import preview_page, week_words  # noqa: PLC0415 - not always needed
    from mfauto.saving import made_beside, put_in_place  # noqa: PLC0415
    from mfauto.sending import rehearse  # noqa: PLC0415

    check_rows(run, found.tracker)
    outcome = rehearse(found, run.settings, run.ledger, run.now)
    week = week_words(outcome.batch.period)
    number = counted(len(outcome.batch.messages), "email")
    done = Done()
    if run.dry_run:
        done.said.append(f"{number} for {week} would be shown.")
        return done
    settings = run.settings
    page = preview_page(
        settings.templates / "emails",
        zip(outcome.batch.messages, _fates(outcome), strict=True),
        title=f"{number} for {week}",
        marking=settings.marking,
        told=(_way(run), *outcome.warnings()),
    )
    target = settings.output / PREVIEW / f"{outcome.batch.period}.html"
    target.parent.mkdir(parents=True, exist_ok=True)
    with made_beside(target, [page.encode()]) as made:
        put_in_place(made, target)
    done.made.append(target)
    done.said += [
        f"{number} for {week}. {_way(run)}",
        f"Open {target} in a browser: it shows each one as it would go.",
        *outcome.warnings(),
    ]
    return done


def _fates(outcome: "Outcome") -> list[str]:
    """Say of each message what becomes of it, in the batch's order."""
    posted = outcome.posted
    fates = {message.key: "Goes" for message in posted.wanted}
    fates |= {message.key: "Made already this week" for message in posted.already}
    fates |= {message.key: "Held for a release" for message in posted.holding}
    fates |= {message.key: "May have gone: see history" for message in posted.waiting}
    return [fates[message.key] for message in outcome.batch.messages]


def _way(run: Run) -> str:
    """Say which way the emails would go."""
    from mfauto.delivery import is_live  # noqa: PLC0415 - not always needed

    mail = run.settings.mail
    ends = [f"as a trial, all to {mail.redirect_all_to}"] if mail.redirect_all_to else []
    if is_held(run):
        ends.append("after a person has released them")
    way = f"sent by {mail.delivery}" if is_live(run.settings) else "drafts in the outbox"
    return f"They would be {', '.join([way, *ends])}. Nothing was sent."
