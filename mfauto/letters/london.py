"""Calendars as Outlook wants them: London's time written down, and nothing to be answered."""

from datetime import datetime, time, timedelta

from icalendar import Calendar, Timezone, TimezoneDaylight, TimezoneStandard, vRecur


def a_calendar(*, zone: bool) -> Calendar:
    """Give an empty calendar; with London's `zone` where an entry has a time of day."""
    calendar = Calendar()
    calendar.add("prodid", "-//mfauto//Moving Forward//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    if zone:
        calendar.add_component(_london())
    return calendar


def start_of(text: str | None) -> time | None:
    """Read the time that a meeting starts; None where there is none that can be read."""
    try:
        return time.fromisoformat(text.strip().zfill(len("09:00"))) if text else None
    except ValueError:
        return None


def _london() -> Timezone:
    """Give London's time as it has been since 1996; Outlook wants it written down.

    The library's own way gives the spring change an hour late (icalendar 6.3.2).
    """
    zone = Timezone()
    zone.add("tzid", "Europe/London")
    for kind, start, before, after, name, month in (
        (TimezoneDaylight, datetime(1996, 3, 31, 1), 0, 1, "BST", 3),  # noqa: DTZ001 - local time
        (TimezoneStandard, datetime(1996, 10, 27, 2), 1, 0, "GMT", 10),  # noqa: DTZ001
    ):
        part = kind()
        part.add("dtstart", start)
        part.add("rrule", vRecur(freq="YEARLY", bymonth=month, byday="-1SU"))
        part.add("tzoffsetfrom", timedelta(hours=before))
        part.add("tzoffsetto", timedelta(hours=after))
        part.add("tzname", name)
        zone.add_component(part)
    return zone
