"""Letters drafted into the outbox, each once. They are never sent by themselves."""

from collections.abc import Sequence

from mfauto.comparing import same
from mfauto.errors import DeliveryError, MfautoError, UsageError
from mfauto.jobs.alerts import known
from mfauto.jobs.done import Done
from mfauto.jobs.letter_kinds import LETTERS
from mfauto.jobs.run import Run
from mfauto.jobs.ways import doubts, drafts
from mfauto.model import Review
from mfauto.wording import counted, day_words


def letters(
    run: Run,
    found: Review,
    *,
    kinds: Sequence[str] = (),
    case: str | None = None,
    again: bool = False,
) -> Done:
    """Draft what is open at the report date, each once; all kinds and cases unless named.

    A kind that cannot be made, as its words are broken, is said, and the others are still made.
    """
    from mfauto.letters import KINDS  # noqa: PLC0415 - letters are not always needed

    if case is not None and not any(
        same(one.ref or "") == same(case) for one in found.tracker.cases
    ):
        raise UsageError(
            f'There is no case "{case}" in {found.tracker.path.name} at {day_words(found.as_at)}. '
            "Check the Case ref."
        )
    done = Done()
    for kind in kinds or KINDS:
        try:
            done += _of_kind(run, found, kind, case, again=again)
        except MfautoError as error:
            done.failed.append(error)
    if not done.said and not done.failed:
        done.said.append("No letter is due, or each was drafted before. --again makes them anew.")
    if done.made:
        done.ask(*doubts(run))
        done.said.append(
            f"They are drafts in {done.made[0].parent}: open, read and send each one. "
            "Then enter the date in the tracker."
        )
    return done


def _of_kind(run: Run, found: Review, kind: str, case: str | None, *, again: bool) -> Done:
    from mfauto.letters import letters as make  # noqa: PLC0415 - not always needed
    from mfauto.letters import of_case  # noqa: PLC0415
    from mfauto.posting import drop, gone, post, settle  # noqa: PLC0415

    done, outbox = Done(), drafts(run)
    used, told = gone(run.ledger, kind, run.now) if run.ledger else (frozenset(), frozenset())
    if again:
        used, told = frozenset(), frozenset()
    letters = make(kind, found, run.settings, known(run, told), used)
    if case is not None:
        letters = of_case(letters, case)
    if run.ledger is not None and not run.dry_run:
        settle(run.ledger, run.settings.output, run.now)
        if case is None:
            drop(
                kind,
                letters.messages,
                run.ledger,
                run.settings.output,
                run.now,
                as_at=run.as_at,
            )
    posted = post(
        letters.messages,
        run.ledger,
        outbox,
        run.now,
        tracker=found.tracker.sha256,
        again=again,
        dry_run=run.dry_run,
    )
    shown = posted.wanted if run.dry_run else posted.sent
    if shown:
        verb = "would be drafted" if run.dry_run else "drafted"
        done.said.append(f"{counted(len(shown), *LETTERS[kind])} {verb}.")
    if posted.already:
        done.said.append(f"{counted(len(posted.already), *LETTERS[kind])} drafted before.")
    done.made += posted.made
    done.failed += [
        DeliveryError(f"A draft to {message.role or 'a mailbox'} was not made. {error}")
        for message, error in posted.failed
    ]
    for one in letters.missing:
        said = f"{one.case or 'A case'}: no {LETTERS[kind][0]} was drafted. {one.reason}"
        if one.lost:
            done.failed.append(DeliveryError(said))
        else:
            done.ask(said)
    unsure = len(posted.unsure) + len(posted.waiting)
    if unsure:
        done.failed.append(
            DeliveryError(
                f"{counted(unsure, 'draft')} of a stopped run may have been sent by "
                "somebody. Look, then use --again where it was not."
            )
        )
    return done
