"""Covering notes: they carry exception reports to a Head of Service, and the pack upwards.

A document goes along only where the setting allows it; else the note says from whom
it comes. No subject and no file name of the pack names a case.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from mfauto.comparing import same
from mfauto.messages.addressing import Addressee, Unreachable, shown
from mfauto.messages.content import Cell, Part, row, table
from mfauto.messages.message import Attachment, Message
from mfauto.messages.plan import Known, unsafe_cases
from mfauto.messages.writer import Writer
from mfauto.model import Case, Review
from mfauto.settings import Settings
from mfauto.wording import MONTHS, day_words, listed

REPORTS_KIND: Final = "reports"
PACK_KIND: Final = "pack"
_WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_REPORT: Final = "exception_report"


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """A document that was made."""

    path: Path
    data: bytes | None = None  #: None where it may not go along
    case: str | None = None  #: the Case ref of a report; None for the pack


#: a report, its case, and why its Head of Service cannot be written to; "" where they can
_Theirs = tuple[Document, Case, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Covers:
    """The notes of one run."""

    messages: tuple[Message, ...]
    stranded: tuple[str, ...]  #: why a document reaches nobody; empty where all do


def cover_reports(
    review: Review,
    settings: Settings,
    run: Known,
    documents: Iterable[Document],
    period: str,
    used: frozenset[str] = frozenset(),
) -> Covers:
    """Make one note for each Head of Service whose cases have a report.

    `used` holds the keys of notes made before, and `run.told` what they told. A report that came
    later in the period, as where the first was open in Word, is told in a further note.
    """
    writer = Writer(REPORTS_KIND, review, settings, run)
    cases = {same(case.ref): case for case in review.tracker.cases if case.ref}
    readers: dict[str, Addressee] = {}
    theirs: dict[str, list[_Theirs]] = defaultdict(list)
    stranded = []
    for document in documents:
        case = cases[same(document.case or "")]
        found = writer.directory.find(case.head_of_service)
        reason = found.reason if isinstance(found, Unreachable) else ""
        to = writer.directory.fallback() if isinstance(found, Unreachable) else found
        if isinstance(to, Unreachable):
            stranded.append(f"{shown(case.ref or '')}: {reason} {to.reason}")
            continue
        readers[to.key] = to
        theirs[to.key].append((document, case, reason))
    due = {same(one.case.ref or ""): one.on for one in review.open if one.step == _REPORT}
    messages = []
    for key in sorted(readers):
        theirs[key].sort(key=lambda one: due.get(same(one[1].ref or ""), date.max))
        notes = _notes(writer, readers[key], theirs[key], period, used)
        for when, some in notes.items():
            rows = [
                row(
                    Cell(shown(case.ref or ""), reason or _review(case)),
                    day_words(due[same(case.ref or "")]) if same(case.ref or "") in due else "",
                    shown(document.path.name),
                )
                for document, case, reason in some
            ]
            messages.append(_reports(writer, readers[key], some, rows, (period, when)))
    return Covers(messages=tuple(messages), stranded=tuple(stranded))


def _notes(
    writer: Writer, to: Addressee, theirs: list[_Theirs], period: str, used: frozenset[str]
) -> dict[str, list[_Theirs]]:
    """Part a reader's reports by the note that tells of them: made before, or a further one."""
    further = writer.period(to, used, period)
    notes: dict[str, list[_Theirs]] = defaultdict(list)
    for one in theirs:
        before = _told(writer, to, one[1], period) in writer.run.told
        notes[period if before else further].append(one)
    return notes


def _told(writer: Writer, to: Addressee, case: Case, period: str) -> str:
    return writer.told_key(period, same(case.ref or ""), to.key)


def _reports(
    writer: Writer,
    to: Addressee,
    theirs: list[_Theirs],
    rows: list[tuple[Cell, ...]],
    periods: tuple[str, str],
) -> Message:
    """Make one note; `periods` are the week, and the note's own of that week."""
    week, period = periods
    words, lost = writer.words, any(reason for _, _, reason in theirs)
    title = shown(writer.settings.aed_title)
    reviewers = [_reviewer(case) for _, case, _ in theirs]
    named = list(dict.fromkeys(filter(None, reviewers)))
    fields = writer.fields(
        to,
        reports=len(theirs),
        reader=title,
        reviewers=listed(named),
        several=len(named) > 1,
        folder=shown(theirs[0][0].path.parent.name),
    )
    attachments = _attached(document for document, _, _ in theirs)
    if lost:
        blocks, kind = ["no_reader"], "_no_reader"
    elif all(reviewers):
        blocks, kind = ["ask_reviewed", "record"], "_reviewed"
    else:
        blocks, kind = ["ask", *(["ask_some"] if named else []), "record"], ""
    blocks += ["attached"] if attachments else ["place"] if lost else ["stands", "place"]
    part = Part(
        heading=words.line(f"heading{kind}", fields),
        before=tuple(line for block in blocks for line in words.paragraphs(block, fields)),
        table=table(("Case", "Due date", "Report"), rows),
    )
    why = ("why_no_reader" if lost else "why", "as_at_line")
    return writer.message(
        to,
        period,
        fields,
        (part,),
        why,
        subject=f"subject{kind}",
        tracker=True,
        told=frozenset(_told(writer, to, case, week) for _, case, _ in theirs),
        attachments=attachments,
    )


def _reviewer(case: Case) -> str | None:
    """Give who completes the review of the practitioner's cases, where the Head does not."""
    name = case.caseload_reviewer
    other = name and same(name) != same(case.head_of_service or "")
    return shown(name) if name and other else None


def _review(case: Case) -> str:
    reviewer = _reviewer(case)
    return f"{reviewer} completes the review." if reviewer else ""


def cover_pack(
    review: Review, settings: Settings, run: Known, document: Document, month: tuple[int, int]
) -> Covers:
    """Make one note for each Director and Executive Director; `review` is the month end's."""
    writer = Writer(PACK_KIND, review, settings, run)
    year, number = month
    safety = sum(1 for _ in unsafe_cases(review, writer.directory))
    file, folder = shown(document.path.name), shown(document.path.parent.name)
    reached: dict[str, tuple[Addressee, str]] = {}
    stranded = []
    for role in ("Director", "Executive Director"):
        people, missing = writer.directory.holders(role)
        reached |= {to.key: (to, "") for to in people if to.key not in reached}
        for one in missing:
            to = writer.directory.fallback()
            if isinstance(to, Unreachable):
                stranded.append(f"{one.reason} {to.reason}")
            elif to.key not in reached:
                reached[to.key] = (to, one.reason)
            elif reached[to.key][1]:
                reached[to.key] = (to, f"{reached[to.key][1]} {one.reason}")
    messages = []
    for to, reason in reached.values():
        fields = writer.fields(
            to,
            month=f"{MONTHS[number - 1]} {year}",
            safety=safety,
            hidden=settings.suppress_small_numbers,
            file=file,
            folder=folder,
            reason=reason,
        )
        attachments = _attached([document])
        blocks = (
            *(("no_reader",) if reason else ()),
            "not_safe" if safety else "safe",
            "says",
            *(("attached",) if attachments else ("place",) if reason else ("stands", "place")),
        )
        part = Part(
            heading=writer.words.line("heading", fields),
            before=tuple(
                line for block in blocks for line in writer.words.paragraphs(block, fields)
            ),
        )
        why = ("why_no_reader" if reason else "why", "as_at_line")
        period = f"{year}-{number:02}"
        messages.append(writer.message(to, period, fields, (part,), why, attachments=attachments))
    return Covers(messages=tuple(messages), stranded=tuple(stranded))


def _attached(documents: Iterable[Document]) -> tuple[Attachment, ...]:
    return tuple(
        Attachment(name=document.path.name, type=_WORD, data=document.data)
        for document in documents
        if document.data is not None
    )
