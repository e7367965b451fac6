"""Exception reports, the assurance pack and agendas, made and noted in the history."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from mfauto.comparing import same
from mfauto.errors import MfautoError, TemplateError, UsageError
from mfauto.jobs.done import Done
from mfauto.jobs.made import left_said, note, note_each, versions, would_be_left
from mfauto.jobs.reviewing import undisturbed
from mfauto.jobs.run import Run
from mfauto.measures.reports import reports_due
from mfauto.model import Review
from mfauto.parts import part
from mfauto.policy import add_months
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

    refs = reports_due(found) if refs is None else refs
    folder = run.settings.output / REPORTS
    wanted = list(report_files(run, found, refs).items())
    done = Done()
    if run.dry_run:
        done.said.append(f"{counted(len(refs), 'exception report')} would be made.")
        done.ask(*would_be_left(run, [target for _, target in wanted]))
        return done
    with part("Making exception reports"):
        answers = exception_reports(found, wanted, run.settings, versions=versions(run))
    done.failed += [one for one in answers if isinstance(one, MfautoError)]
    made = [
        (ref, target, place)
        for (ref, target), place in zip(wanted, answers, strict=False)
        if isinstance(place, Path)
    ]
    note_each(run, found, "exception report", [(place, {"case": ref}) for ref, _, place in made])
    done.made += [place for _, _, place in made]
    if done.made:
        done.said.append(f"{counted(len(done.made), 'exception report')} made in {folder}.")
        done.ask(*left_said(run, {target: place for _, target, place in made}))
        if pdf:
            done += pdfs(run, found, done.made)
    elif not refs:
        done.said.append("No exception report is due: none is required and not yet completed.")
    return done


def report_files(run: Run, found: Review, refs: Sequence[str]) -> dict[str, Path]:
    """Give the file of each case's exception report, whether it is there or not."""
    from mfauto.names import file_names  # noqa: PLC0415 - not always needed

    names = file_names([case.ref for case in found.tracker.cases if case.ref])
    return {ref: run.settings.output / REPORTS / f"{names[ref]}.docx" for ref in refs}


def pdfs(run: Run, found: Review, documents: Sequence[Path]) -> Done:
    """Put a PDF beside each document where LibreOffice is installed; never a failure."""
    from mfauto.pdf import pdf_copies  # noqa: PLC0415 - seldom asked for

    with part("Making PDF copies"):
        copies = pdf_copies(documents, place=versions(run).place)
    done = Done(said=[copies.said], made=list(copies.went.values()))
    done.ask(*left_said(run, copies.went))
    note_each(run, found, "PDF", [(path, {}) for path in done.made])
    return done


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
        done = Done(said=[f"The assurance pack of {name} would be made."])
        done.ask(*would_be_left(run, [target]))
        return done
    last = add_months(date(year, number, 1), 1) - timedelta(days=1)
    with undisturbed():
        from mfauto.documents import assurance_pack  # noqa: PLC0415 - Word is not always needed
        from mfauto.word import placed  # noqa: PLC0415

        found = run.review(last)
        try:
            with part(f"Making the assurance pack of {name}"), placed(versions(run)) as went:
                assurance_pack(found, month, run.settings, target)
        except TemplateError as error:  # stops this document only
            return Done(failed=[error])
    made = went[target]
    done = Done(said=[f"Assurance pack made: {made}."], made=[made])
    done.ask(*left_said(run, went))
    note(run, found, "assurance pack", made, month=name)
    if date(year, number, 1) > run.as_at:
        done.ask(
            f"{last:%B} {year} has not begun at {day_words(run.as_at)}. Check the month. "
            "Delete the pack if it was a slip."
        )
    elif last >= run.as_at:
        done.said.append(
            f"{last:%B} {year} has not ended at {day_words(run.as_at)}. Its figures may change."
        )
    if pdf:
        done += pdfs(run, found, [made])
    return done


def agendas(run: Run, found: Review, day: date | None = None, *, pdf: bool = False) -> Done:
    """Make the agenda of each meeting on `day`, else on the next day that Meetings lists.

    `pdf` puts a PDF beside each.

    Raises:
        UsageError: a day is named on which Meetings lists no meeting.

    """
    from mfauto.agenda import next_day, types_on, untyped  # noqa: PLC0415
    from mfauto.documents import agenda  # noqa: PLC0415 - Word is not always needed
    from mfauto.word import placed  # noqa: PLC0415

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
            done.ask(*would_be_left(run, [target]))
            continue
        try:
            with part(f"Making the agenda of the {kind}"), placed(versions(run)) as went:
                number = agenda(found, day, kind, run.settings, target)
        except TemplateError as error:  # stops this agenda only
            done.failed.append(error)
            continue
        made = went[target]
        done.made.append(made)
        done.said.append(f"Agenda made: {made}, with {counted(number, 'case briefing')}.")
        done.ask(*left_said(run, went))
        note(run, found, "agenda", made, meeting=f"{day.isoformat()} {kind}")
    if pdf and done.made:
        done += pdfs(run, found, done.made)
    return done
