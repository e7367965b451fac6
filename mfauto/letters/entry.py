"""The calendar entry of an invitation: the one edge to the library icalendar.

The method is PUBLISH: the reader opens the entry and saves it. A REQUEST would
name an organiser whose own calendar does not hold the meeting, so that Outlook
could match no answer; it also forbids a person to send it as an ordinary draft.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from icalendar import Event, vCalAddress, vText

from mfauto.letters.london import a_calendar
from mfauto.schedule import LONDON


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One meeting as a calendar holds it. No field names a case or a person."""

    uid: str  #: for ever the same for this case and reader, so that a new day moves the entry
    revision: int  #: a later entry has a higher number
    made: datetime  #: with its time zone
    title: str
    day: date
    starts: time | None  #: None: not known yet, so the entry is for the whole day
    minutes: int
    place: str  #: "" where it is not known
    organiser: str  #: the address shown as the organiser's
    text: str


def as_ics(entry: Entry) -> bytes:
    """Give the entry as a file. The same entry gives the same bytes."""
    calendar = a_calendar(zone=entry.starts is not None)
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.revision)
    event.add("dtstamp", entry.made.astimezone(UTC))
    if entry.starts is None:
        event.add("dtstart", entry.day)
        event.add("dtend", entry.day + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
    else:
        start = datetime.combine(entry.day, entry.starts, LONDON)
        event.add("dtstart", start)
        event.add("dtend", start + timedelta(minutes=entry.minutes))
        event.add("transp", "OPAQUE")
    event.add("summary", vText(entry.title))
    event.add("description", vText(entry.text))
    if entry.place:
        event.add("location", vText(entry.place))
    event.add("organizer", vCalAddress(f"mailto:{entry.organiser}"))
    event.add("class", "PRIVATE")
    event.add("status", "CONFIRMED")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
