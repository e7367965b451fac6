"""What is told besides the weekly emails: child safety on the day, and covering notes."""

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mfauto.calling import call
from mfauto.errors import DeliveryError
from mfauto.jobs.continuity import check_rows
from mfauto.jobs.documents import report_files
from mfauto.jobs.done import Done
from mfauto.jobs.run import Run
from mfauto.jobs.ways import doubts, way_out
from mfauto.model import Review
from mfauto.policy import add_months
from mfauto.wording import counted

if TYPE_CHECKING:
    from mfauto.messages import Covers, Known, Message
    from mfauto.posting import Posted

_UNSURE: Final = (
    "may or may not have arrived. Nothing is sent twice by itself: see the command history."
)


def safety(run: Run, found: Review) -> Done:
    """Tell each Head of Service at once where nobody has made sure that a child is safe (C03)."""
    from mfauto.messages import SAFETY_KIND, safety_alerts  # noqa: PLC0415 - not always needed
    from mfauto.posting import gone  # noqa: PLC0415

    done = Done()
    if not run.settings.mail.safety_at_once:
        return done
    left = gone(run.ledger, SAFETY_KIND, run.now) if run.ledger else (frozenset(), frozenset())
    used, told = left
    alerts = safety_alerts(found, run.settings, known(run, told), used)
    posted = _post(run, SAFETY_KIND, alerts.messages, found, urgent=True)
    _say(run, done, posted, counted(len(_shown(run, posted)), "child safety email"))
    waiting = len(posted.held) + len(posted.holding)
    if waiting:
        done.failed.append(
            DeliveryError(
                f"{counted(waiting, 'child safety email')} cannot leave: emails are on hold.\n"
                f"Speak to the Head of Service today, or let the emails go: {call('release')}"
            )
        )
    if alerts.stranded is not None:
        done.failed.append(
            DeliveryError(
                f"Child safety is not assured in {counted(len(alerts.unreached), 'case')} whose "
                f"Head of Service cannot be written to. {alerts.stranded}\n"
                "Speak to them today. Then correct People, or set fallback under [mail]."
            )
        )
    return done


def cover_reports(run: Run, found: Review, refs: Iterable[str], period: str) -> Done:
    """Carry the exception reports of the cases `refs` to their Heads of Service, where made.

    Where a person has written into one, theirs is carried and not the new one beside it: it has
    what only they know, and what is sent on must be what they signed.
    """
    from mfauto.messages import REPORTS_KIND, Document  # noqa: PLC0415 - not always needed
    from mfauto.messages import cover_reports as cover  # noqa: PLC0415
    from mfauto.posting import gone  # noqa: PLC0415

    documents, done = [], Done()
    for ref, path in report_files(run, found, list(refs)).items():
        try:
            if path.exists():
                documents.append(Document(path=path, data=_data(run, path), case=ref))
        except DeliveryError as error:  # the others still go
            done.failed.append(error)
    used, told = frozenset[str](), frozenset[str]()
    if run.ledger is not None:
        used, told = gone(run.ledger, REPORTS_KIND, run.now, held=True)
    covers = cover(found, run.settings, known(run, told), documents, period, used)
    done += _covered(run, found, REPORTS_KIND, covers, attach="the reports named in")
    return done


def cover_pack(run: Run, month: tuple[int, int], path: Path) -> Done:
    """Carry the assurance pack of `month` to the Directors."""
    from mfauto.messages import PACK_KIND, Document  # noqa: PLC0415 - not always needed
    from mfauto.messages import cover_pack as cover  # noqa: PLC0415

    found = run.review(add_months(date(*month, 1), 1) - timedelta(days=1))
    document: Document = Document(path=path, data=_data(run, path))
    covers = cover(found, run.settings, known(run), document, month)
    return _covered(run, found, PACK_KIND, covers, attach="the pack to")


def _covered(run: Run, found: Review, kind: str, covers: "Covers", *, attach: str) -> Done:
    from mfauto.delivery import OUTBOX  # noqa: PLC0415 - not always needed

    done = Done()
    posted = _post(run, kind, covers.messages, found)
    _say(run, done, posted, counted(len(_shown(run, posted)), "covering note"))
    if posted.sent and way_out(run).name == OUTBOX and not run.settings.mail.attach_documents:
        done.said.append(f"Attach {attach} each covering note before you send it.")
    done.failed += [
        DeliveryError(f"A covering note could not be addressed. {why}") for why in covers.stranded
    ]
    return done


def _data(run: Run, path: Path) -> bytes | None:
    """Give what is attached; None where nothing is. DeliveryError where it cannot be read now."""
    if not run.settings.mail.attach_documents:
        return None
    try:
        return path.read_bytes()
    except OSError as error:
        raise DeliveryError(
            f"{path.name} could not be read ({error.strerror}), so no note went with it.\n"
            "Close it if it is open in Word. It is tried again at the next run."
        ) from error


def known(run: Run, told: frozenset[str] = frozenset()) -> "Known":
    """Give what a run knows besides the review, for emails that are told once."""
    from mfauto.messages import Known  # noqa: PLC0415 - not always needed

    return Known(now=run.now, folder=run.ledger.folder if run.ledger else "", told=told)


def _post(
    run: Run, kind: str, messages: "Iterable[Message]", found: Review, *, urgent: bool = False
) -> "Posted":
    from mfauto.posting import drop, post, settle  # noqa: PLC0415 - not always needed

    check_rows(run, found.tracker)
    messages = list(messages)
    way = way_out(run, urgent=urgent)
    if run.ledger is not None and not run.dry_run:
        settle(run.ledger, run.settings.output, run.now)
        drop(kind, messages, run.ledger, run.settings.output, run.now, as_at=run.as_at)
    return post(
        messages, run.ledger, way, run.now, tracker=found.tracker.sha256, dry_run=run.dry_run
    )


def _shown(run: Run, posted: "Posted") -> "list[Message]":
    return posted.wanted if run.dry_run else [*posted.sent, *posted.held]


def _say(run: Run, done: Done, posted: "Posted", what: str) -> None:
    if _shown(run, posted):
        ending = "would be made" if run.dry_run else "made, and held" if posted.held else "made"
        done.said.append(f"{what} {ending}.")
        done.ask(*doubts(run))
    done.made += posted.made
    done.failed += [DeliveryError(fault) for fault in posted.faults()]
    if posted.unsure:
        done.failed.append(DeliveryError(f"{counted(len(posted.unsure), 'email')} {_UNSURE}"))
    if posted.waiting:
        # Only a person can settle it: that is no reason to try the job again.
        done.ask(f"{counted(len(posted.waiting), 'earlier email')} {_UNSURE}")
