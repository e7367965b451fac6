"""The notice that a case has left Inadequate, to its managers and its Practitioner (C14)."""

from mfauto.comparing import same
from mfauto.letters.making import LEAVER, Letters, Missing, period_of, readers
from mfauto.messages import Known, Message, Part, Writer, shown
from mfauto.model import Due, ReAudit, Review
from mfauto.settings import Settings
from mfauto.standing import INADEQUATE, in_rounds
from mfauto.wording import day_words


def leavers(
    dues: list[Due], review: Review, settings: Settings, run: Known, _: frozenset[str]
) -> Letters:
    """Tell whoever was not told yet that a case has left Inadequate."""
    writer = Writer(LEAVER, review, settings, run)
    messages: list[Message] = []
    missing: list[Missing] = []
    cases: dict[str, tuple[str, ...]] = {}
    for due in dues:
        case, passing = due.case, _passing(due, review)
        if passing is None or passing.audited is None:
            continue
        people, lost = readers(
            writer,
            case,
            {
                "Head of Service": (case.head_of_service, case.hos_informed),
                "Service Manager": (case.service_manager, case.sm_informed),
                "Practitioner": (case.practitioner, case.practitioner_informed),
            },
        )
        missing += lost
        for to, role in people:
            fields = writer.fields(
                to,
                case=shown(case.ref or ""),
                day=day_words(passing.audited),
                grade=shown(passing.grade or ""),
                role=role,
            )
            blocks = ("says", "practitioner" if role == "Practitioner" else "manager", "next")
            part = Part(
                heading=writer.words.line("heading", fields),
                before=tuple(
                    line for block in blocks for line in writer.words.paragraphs(block, fields)
                ),
            )
            period = period_of(writer, passing.audited, case)
            message = writer.message(to, period, fields, (part,), ("why", "as_at_line"))
            messages.append(message)
            cases[message.key] = (case.ref or "",)
    return Letters(messages=tuple(messages), missing=tuple(missing), cases=cases)


def _passing(due: Due, review: Review) -> ReAudit | None:
    """Give the first re-audit that came out other than Inadequate."""
    ref = same(due.case.ref or "")
    rounds = in_rounds(row for row in review.tracker.reaudits if same(row.case_ref or "") == ref)
    return next(
        (
            row
            for row in rounds
            if row.audited == due.start and row.grade and row.grade != INADEQUATE
        ),
        None,
    )
