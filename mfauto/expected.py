"""Who is expected at a meeting or a panel: one answer, for the agendas and for the pack.

Pure: no files, no clock. A day later than the report date has not come, so a panel that is
entered ahead does not count as held. Meetings are used as the sheet stands today.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from mfauto.model import Meeting, ReAudit
from mfauto.records import record
from mfauto.standing import IN_PROCESS, INADEQUATE, PANEL_REVIEW, Standing

Shared = tuple[Standing, ReAudit]


@record
class Occasion:
    """The meetings of one type on one day: they share one agenda, and their cases."""

    held: date
    meetings: tuple[Meeting, ...]
    expected: int  #: cases of a meeting, re-audits of a panel

    @property
    def type(self) -> str | None:
        """The type of them all; None where it is not recorded."""
        return self.meetings[0].type

    @property
    def places(self) -> int | None:
        """The places of all of them; None where one does not say."""
        return places_of(self.meetings)


def booked_for(standings: Iterable[Standing], day: date) -> list[Standing]:
    """Give the cases of a meeting: booked for that day, or seen there, and not seen before."""
    return [
        standing
        for standing in standings
        if standing.grade in IN_PROCESS
        and (
            standing.meeting_held == day
            or (standing.booked == day and standing.meeting_held is None)
        )
    ]


def to_share(standings: Iterable[Standing], day: date) -> list[Shared]:
    """Give the re-audits to share at a panel: carried out before it, and not shared elsewhere.

    One that missed its panel waits for the next one, so it is among them.
    """
    found = []
    for standing in standings:
        if standing.grade != INADEQUATE:
            continue
        for reaudit in standing.reaudits:
            audited, shared = standing.seen(reaudit.audited), standing.seen(reaudit.panel_held)
            if audited is None or not reaudit.grade:
                continue
            if shared == day or (shared is None and audited < day):
                found.append((standing, reaudit))
    return sorted(found, key=lambda one: (one[1].audited or day, one[0].case.row))


def places_of(meetings: Sequence[Meeting]) -> int | None:
    """Give the places of some meetings together; None where one of them does not say."""
    numbers = [meeting.places for meeting in meetings if meeting.places is not None]
    return sum(numbers) if meetings and len(numbers) == len(meetings) else None


def occasions_after(
    standings: Sequence[Standing], meetings: Iterable[Meeting], as_at: date
) -> list[Occasion]:
    """Give the meetings and panels after a day, the next one first, with who is expected.

    A re-audit is expected once: at the first panel at which it can be shared.
    """
    together: dict[tuple[date, str | None], list[Meeting]] = {}
    for meeting in sorted(meetings, key=lambda one: (one.held or date.max, one.row)):
        if meeting.held and meeting.held > as_at:
            together.setdefault((meeting.held, meeting.type), []).append(meeting)
    shared: set[int] = set()
    made = []
    for (held, kind), there in together.items():
        if kind == PANEL_REVIEW:
            fresh = {id(reaudit) for _, reaudit in to_share(standings, held)} - shared
            shared |= fresh
            expected = len(fresh)
        else:
            expected = len(booked_for(standings, held))
        made.append(Occasion(held=held, meetings=tuple(there), expected=expected))
    return made
