"""Exception reports, the assurance pack and agendas, made and noted in the history."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from mfauto.comparing import same
from mfauto.errors import TemplateError, UsageError
from mfauto.jobs.run import Done, Run, undisturbed
from mfauto.measures.reports import reports_due
from mfauto.model import Review
from mfauto.parts import part
from mfauto.policy import add_months
from mfauto.saving import sha256
from mfauto.standing import INADEQUATE
from mfauto.wording import counted, day_words

REPORTS: Final = "exception-reports"
PACKS: Final = "assurance-packs"
AGENDAS: Final = "agendas"


def exceptions(
    run: Run, found: Review, *, refs: Sequence[str] | None = None, pdf: bool = False
) -> Done:
    """Make the one-page report of each case in `refs`, else of each that needs one (C09).

    A report that cannot be made is said, and the others are still made. A fault of the
    template is said once. `pdf` puts a PDF beside each.
    """
    from mfauto.documents import exception_reports  # noqa: PLC0415 - Word is not always needed
    from mfauto.names import file_names  # noqa: PLC0415

    refs = reports_due(found) if refs is None else refs
    done = Done()
    if run.dry_run:
        done.said.append(f"{counted(len(refs), 'exception report')} would be made.")
        return done
    folder = run.settings.output / REPORTS
    names = file_names([case.ref for case in found.tracker.cases if case.ref])
    wanted = [(ref, folder / f"{names[ref]}.docx") for ref in refs]
    with part("Making exception reports"):
        errors = exception_reports(found, wanted, run.settings)
    done.failed += [error for error in errors if error is not None]
    made = [one for one, error in zip(wanted, errors, strict=False) if error is None]
    note_each(run, found, "exception report", [(path, {"case": ref}) for ref, path in made])
    done.made += [path for _, path in made]
    if done.made:
        done.said.append(f"{counted(len(done.made), 'exception report')} made in {folder}.")
        if pdf:
            done += pdfs(run, found, done.made)
    elif not refs:
        done.said.append("No exception report is due: none is required and not yet completed.")
    return done


def pdfs(run: Run, found: Review, documents: Sequence[Path]) -> Done:
    """Put a PDF beside each document where LibreOffice is installed; never a failure."""
    from mfauto.pdf import pdf_copies  # noqa: PLC0415 - seldom asked for

    with part("Making PDF copies"):
        copies = pdf_copies(documents)
    note_each(run, found, "PDF", [(path, {}) for path in copies.made])
    return Done(said=[copies.said], made=list(copies.made))


def note(run: Run, found: Review, kind: str, made: Path, **facts: str) -> None:
    """Enter a document in the history."""
    note_each(run, found, kind, [(made, facts)])


def note_each(
    run: Run, found: Review, kind: str, several: Sequence[tuple[Path, Mapping[str, str]]]
) -> None:
    """Enter documents of one kind in the history, in one go: an entry alone waits for the disk."""
    if run.ledger is None or not several:
        return
    common = {"kind": kind, "as_at": found.as_at.isoformat(), "tracker": found.tracker.sha256}
    run.ledger.record_each(
        "document",
        run.now,
        [
            {**common, "file": named(run, made), "sha256": sha256(made), **facts}
            for made, facts in several
        ],
    )


def named(run: Run, made: Path) -> str:
    """Give a document's path below the working folder, else below `out`; elsewhere its name."""
    for folder in (run.settings.folder, run.settings.output):
        if made.is_relative_to(folder):
            return made.relative_to(folder).as_posix()
    return made.name


def inadequate(found: Review, ref: str) -> str:
    """Give the Case ref as the tracker spells it. UsageError where it is no Inadequate case."""
    for position in found.positions:
        if same(position.case) == same(ref):
            if position.grade == INADEQUATE:
                return position.case
            raise UsageError(
                f"{position.case} is graded {position.grade}. "
                "An exception report is made for Inadequate cases only."
            )
    raise UsageError(
        f'There is no case "{ref}" in {found.tracker.path.name} at {day_words(found.as_at)}. '
        "Check the Case ref, or run check to see whether its row is left out."
    )


def last_whole_month(as_at: date) -> tuple[int, int]:
    """Give the year and month that ended last before `as_at`."""
    last = as_at.replace(day=1) - timedelta(days=1)
    return last.year, last.month


def pack(run: Run, month: tuple[int, int], *, pdf: bool = False) -> Done:
    """Make the assurance pack of `month`, as at its last day (C17); `pdf` puts a PDF beside it."""
    year, number = month
    name = f"{year}-{number:02d}"
    target = run.settings.output / PACKS / f"{name}.docx"
    if run.dry_run:
        return Done(said=[f"The assurance pack of {name} would be made."])
    last = add_months(date(year, number, 1), 1) - timedelta(days=1)
    with undisturbed():
        from mfauto.documents import assurance_pack  # noqa: PLC0415 - Word is not always needed

        found = run.review(last)
        try:
            with part(f"Making the assurance pack of {name}"):
                assurance_pack(found, month, run.settings, target)
        except TemplateError as error:  # stops this document only
            return Done(failed=[error])
    note(run, found, "assurance pack", target, month=name)
    done = Done(said=[f"Assurance pack made: {target}."], made=[target])
    if last >= run.as_at:
        done.said.append(
            f"{last:%B} {year} has not ended at {day_words(run.as_at)}. Its figures may change."
        )
    if pdf:
        done += pdfs(run, found, [target])
    return done


def agendas(run: Run, found: Review, day: date | None = None, *, pdf: bool = False) -> Done:
    """Make the agenda of each meeting on `day`, else on the next day that Meetings lists.

    `pdf` puts a PDF beside each.

    Raises:
        UsageError: a day is named on which Meetings lists no meeting.

    """
    from mfauto.agenda import next_day, types_on, untyped  # noqa: PLC0415
    from mfauto.documents import agenda  # noqa: PLC0415 - Word is not always needed

    following = next_day(found)
    first = day or found.as_at
    if day is None:
        if following is None:
            since = day_words(found.as_at)
            done = Done()
            done.ask(f"Meetings lists no meeting from {since} on: no agenda was made.")
            return done
        day = following
    kinds = types_on(found, day)
    done = Done()
    done.ask(*untyped(found, first, day))
    if not kinds:
        if done.said:
            return done
        ahead = f"The next one is on {day_words(following)}" if following else "None lies ahead"
        raise UsageError(
            f"Meetings lists no meeting on {day_words(day)}. {ahead}. "
            "Enter the meeting on the sheet Meetings, or name another day."
        )
    for kind in kinds:
        target = run.settings.output / AGENDAS / f"{day.isoformat()} {kind}.docx"
        if run.dry_run:
            done.said.append(f"The agenda of the {kind} on {day_words(day)} would be made.")
            continue
        try:
            with part(f"Making the agenda of the {kind}"):
                number = agenda(found, day, kind, run.settings, target)
        except TemplateError as error:  # stops this agenda only
            done.failed.append(error)
            continue
        note(run, found, "agenda", target, meeting=f"{day.isoformat()} {kind}")
        done.made.append(target)
        done.said.append(f"Agenda made: {target}, with {counted(number, 'case briefing')}.")
    if pdf and done.made:
        done += pdfs(run, found, done.made)
    return done
