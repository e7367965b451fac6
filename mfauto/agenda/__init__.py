"""Agendas with case briefings: of a Moving Forward Meeting (C04 to C08) or a Panel Review (C13).

For the people in the room, so staff are named; a child never is. What the tracker does
not say is named with its cell, and what is to be decided is a place for a person to write.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final

from mfauto.agenda import meeting, panel
from mfauto.agenda.told import Told
from mfauto.columns import MEETING_TYPES
from mfauto.model import Meeting, Review
from mfauto.settings import Settings
from mfauto.standing import PANEL_REVIEW
from mfauto.together import keep_together
from mfauto.word import render
from mfauto.wording import day_words, listed

__all__ = ["MEETING", "PANEL", "agenda", "next_day", "types_on", "untyped"]

MEETING: Final = "agenda.docx"  #: the template of a Moving Forward Meeting
PANEL: Final = "panel_agenda.docx"


def next_day(review: Review) -> date | None:
    """Give the first day from the report date on that Meetings lists; None where there is none."""
    return min(
        (
            one.held
            for one in review.tracker.meetings
            if one.held and one.held >= review.as_at and one.type in MEETING_TYPES
        ),
        default=None,
    )


def types_on(review: Review, day: date) -> list[str]:
    """Give the types of meeting that Meetings lists on a day, in the contract's order."""
    there = {one.type for one in review.tracker.meetings if one.held == day}
    return [name for name in MEETING_TYPES if name in there]


def untyped(review: Review, first: date, last: date) -> list[str]:
    """Say which meetings from one day to another have no agenda, because they have no type."""
    return [
        f"{review.tracker.cell(one, 'type') or review.tracker.sheet(one)}: "
        f"the meeting on {day_words(one.held)} has no type, so it has no agenda."
        for one in review.tracker.meetings
        if one.held and first <= one.held <= last and one.type not in MEETING_TYPES
    ]


def agenda(review: Review, day: date, kind: str, settings: Settings, target: Path) -> int:
    """Make the agenda of the meeting of `kind` on `day`; give how many cases it has.

    Two meetings of one kind on a day share one agenda.

    Raises:
        TemplateError: the template cannot be filled.

    """
    told = Told(review, settings)
    there = [one for one in review.tracker.meetings if one.held == day and one.type == kind]
    of_panel = kind == PANEL_REVIEW
    own = (panel if of_panel else meeting).fields(told, day, there)
    title = f"{kind}: {day_words(day)}"
    render(
        settings.templates / (PANEL if of_panel else MEETING),
        {
            "marking": settings.marking,
            "council": settings.council,
            "service": settings.service,
            "title": title,
            "as_at": day_words(review.as_at),
            "starts": _named(told, there, "starts"),
            "location": _named(told, there, "location"),
            **own,
        },
        target,
        title=title,
        as_at=review.as_at,
        finish=keep_together,
    )
    briefings = own["briefings"]
    return len(briefings) if isinstance(briefings, list) else 0


def _named(told: Told, there: Sequence[Meeting], field: str) -> str:
    said = dict.fromkeys(told.text(one, field) for one in there)
    return listed(list(said)) or "Not recorded"
