"""A calendar file of what falls due, and of meetings and panels, for people to open in Outlook.

Pure: the same review gives the same bytes. An entry has for ever the same mark, so that opening a
newer file moves it and makes no second one. It names a case ref and a step, never a person.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from icalendar import Event, vText

from mfauto.comparing import same
from mfauto.letters.london import a_calendar, start_of
from mfauto.model import Case, Due, Meeting, Review
from mfauto.schedule import LONDON
from mfauto.wording import day_words

MEETING_HOURS: Final = 2  #: how long an entry of a meeting is; the sheet Meetings has no end
_SINCE: Final = date(2020, 1, 1)  #: days since then number the revisions


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """Whose calendar it is. With neither, everybody's."""

    person: str | None = None  #: a name as the tracker has it
    service: str | None = None  #: a service area

    def takes(self, case: Case, owner: str | None) -> bool:
        """Say whether something of a case, owed by `owner`, belongs into this calendar."""
        return (self.person is None or same(owner or "") == same(self.person)) and (
            self.service is None or same(case.service_area or "") == same(self.service)
        )


def diary(review: Review, wanted: Wanted) -> tuple[bytes, int]:
    """Give the calendar as an iCalendar file (RFC 5545), and how many entries it has."""
    dues = sorted(
        (due for due in review.open if not due.done and wanted.takes(due.case, due.owner)),
        key=lambda due: (due.on, due.case.row, due.step, str(due.item or "")),
    )
    events = [_due(due, review.as_at) for due in dues]
    events += _meetings(review)
    calendar = a_calendar(zone=any("time" in _kind(event) for event in events))
    calendar.add("x-wr-calname", _name(wanted))
    for event in events:
        calendar.add_component(event)
    return bytes(calendar.to_ical()), len(events)


def _name(wanted: Wanted) -> str:
    whose = wanted.person or wanted.service
    return f"Moving Forward: {whose}" if whose else "Moving Forward"


def _kind(event: Event) -> str:
    return "time" if isinstance(event["dtstart"].dt, datetime) else "day"


def _due(due: Due, as_at: date) -> Event:
    ref = due.case.ref or "Not recorded"
    late = due.on < as_at
    item = f" ({due.item})" if isinstance(due.item, str) else ""
    event = _event(as_at, "due", ref, due.step, str(due.item or ""))
    # What is late stands on the day of the calendar's making, where people see it.
    day = as_at if late else due.on
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    event.add("summary", vText(f"{'Overdue: ' if late else ''}{ref}: {due.todo}{item}"))
    event.add("description", vText(f"Due {day_words(due.on)}. Enter the date in the tracker."))
    return event


def _meetings(review: Review) -> Iterator[Event]:
    for meeting in review.tracker.meetings:
        if meeting.held is not None and meeting.held >= review.as_at:
            yield _meeting(meeting, meeting.held, review.as_at)


def _meeting(meeting: Meeting, day: date, as_at: date) -> Event:
    kind = meeting.type or "Meeting"
    event = _event(as_at, "meeting", kind, day.isoformat(), meeting.starts or "")
    starts = start_of(meeting.starts)
    if starts is None:
        event.add("dtstart", day)
        event.add("dtend", day + timedelta(days=1))
    else:
        start = datetime.combine(day, starts, LONDON)
        event.add("dtstart", start)
        event.add("dtend", start + timedelta(hours=MEETING_HOURS))
    event.add("transp", "OPAQUE")
    event.add("summary", vText(kind))
    if meeting.location:
        event.add("location", vText(" ".join(meeting.location.split())))
    return event


def _event(as_at: date, *facts: str) -> Event:
    """Begin an entry. Its mark says nothing of the case; a later file has a higher number."""
    event = Event()
    mark = hashlib.sha256("\n".join(facts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
    event.add("uid", f"{mark}@mfauto.invalid")
    event.add("sequence", (as_at - _SINCE).days)
    event.add("dtstamp", datetime.combine(as_at, time(), UTC))
    event.add("class", "PRIVATE")
    return event
