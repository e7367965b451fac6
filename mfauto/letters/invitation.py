"""Invitations to a Moving Forward Meeting, each with a calendar entry (C05)."""

from dataclasses import dataclass
from datetime import date, time
from typing import Final

from mfauto.comparing import same
from mfauto.letters.entry import Entry, as_ics
from mfauto.letters.london import start_of
from mfauto.letters.making import INVITATION, Letters, Missing, period_of, readers
from mfauto.messages import (
    Addressee,
    Attachment,
    Known,
    Message,
    Part,
    Writer,
    row,
    secret_of,
    shown,
    table,
)
from mfauto.model import Case, Due, Meeting, Review
from mfauto.settings import Settings
from mfauto.standing import INADEQUATE
from mfauto.wording import day_words

_MEETING: Final = "Moving Forward Meeting"
_FILE: Final = "Moving Forward Meeting.ics"
_OVER: Final = "Its meeting was booked for a day that is over: enter Meeting held, or book it anew."


@dataclass(frozen=True, slots=True)
class _Occasion:
    """One case at one meeting."""

    case: Case
    grade: str
    day: date
    starts: time | None  #: None: not known yet
    where: str  #: "" where it is not known


def invitations(
    dues: list[Due], review: Review, settings: Settings, run: Known, _: frozenset[str]
) -> Letters:
    """Invite the Practitioner, Team Manager and Service Manager, whoever was not invited yet."""
    writer = Writer(INVITATION, review, settings, run)
    grades = {same(position.case): position.grade for position in review.positions}
    messages: list[Message] = []
    missing: list[Missing] = []
    cases: dict[str, tuple[str, ...]] = {}
    for due in dues:
        case, booked = due.case, due.case.meeting_booked
        if booked is None or booked < review.as_at:
            missing.append(Missing(case=shown(case.ref or ""), reason=_OVER))
            continue
        people, lost = readers(
            writer,
            case,
            {
                "Practitioner": (case.practitioner, case.practitioner_invited),
                "Team Manager": (case.team_manager, case.team_manager_invited),
                "Service Manager": (case.service_manager, case.service_manager_invited),
            },
        )
        missing += lost
        starts, where = _held(review.tracker.meetings, booked)
        grade = grades.get(same(case.ref or ""), "")
        occasion = _Occasion(case, grade, booked, starts, where)
        for to, role in people:
            message = _invitation(writer, to, role, occasion)
            messages.append(message)
            cases[message.key] = (case.ref or "",)
    return Letters(messages=tuple(messages), missing=tuple(missing), cases=cases)


def _invitation(writer: Writer, to: Addressee, role: str, occasion: _Occasion) -> Message:
    words = writer.words
    later = words.line("no_time", {})
    fields = writer.fields(
        to,
        case=shown(occasion.case.ref or ""),
        day=day_words(occasion.day),
        time=f"{occasion.starts:%H:%M}" if occasion.starts else later,
        place=occasion.where or later,
        grade=occasion.grade,
        role=role,
    )
    why = "why_inadequate" if occasion.grade == INADEQUATE else "why_outstanding"
    part = Part(
        heading=words.line("heading", fields),
        before=(
            *words.paragraphs(why, fields),
            *words.paragraphs("practitioner" if role == "Practitioner" else "manager", fields),
        ),
    )
    details = Part(
        heading=words.line("details_heading", fields),
        table=table(
            ("What", "Details"),
            (
                row("Case", fields["case"]),
                row("Day", fields["day"]),
                row("Time", fields["time"]),
                row("Place", fields["place"]),
            ),
        ),
        after=words.paragraphs("calendar", fields),
    )
    period = period_of(writer, occasion.day, occasion.case)
    officer = writer.directory.officer()
    mark = secret_of(writer.run.folder, "entry", same(occasion.case.ref or ""), to.key)
    entry = Entry(
        uid=f"{mark}@mfauto",
        revision=(writer.review.as_at - date(2000, 1, 1)).days,
        made=writer.moment,
        title=words.line("entry", fields),
        day=occasion.day,
        starts=occasion.starts,
        minutes=writer.settings.meeting_minutes,
        place=occasion.where,
        organiser=officer.address
        if isinstance(officer, Addressee)
        else writer.settings.mail.sender,
        text=" ".join(words.paragraphs("questions", fields)),
    )
    ics = Attachment(name=_FILE, type="text/calendar", data=as_ics(entry))
    return writer.message(to, period, fields, (part, details), ("why",), attachments=(ics,))


def _held(meetings: tuple[Meeting, ...], day: date) -> tuple[time | None, str]:
    """Give when and where the meeting of a day is; two on a day leave open which one is meant."""
    found = {
        (meeting.starts or "", meeting.location or "")
        for meeting in meetings
        if meeting.held == day and meeting.type == _MEETING
    }
    if len(found) != 1:
        return None, ""
    starts, where = found.pop()
    return start_of(starts), shown(where)
