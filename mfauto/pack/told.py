"""What every part of the pack is told by: the review, its figures, and numbers in words."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from mfauto.measures import Measures
from mfauto.model import Review
from mfauto.settings import Settings
from mfauto.steps import BEFORE, NEXT_PANEL, ON, OWN, Step
from mfauto.wording import MONTHS, counted

MOST: Final = 60  #: rows of one list; the tracker holds the rest
_SMALLEST: Final = 5  # the first number that is shown where small ones are not
_FEWER: Final = "fewer than 5"
_NOT_SHOWN: Final = "Not shown"
_NO_CHANGE: Final = "No change"
Row = dict[str, str]


class Told:
    """The month's review and figures, and how its numbers are said."""

    def __init__(self, review: Review, settings: Settings, found: Measures) -> None:
        self.review = review
        self.settings = settings
        self.policy = settings.policy
        self.as_at = review.as_at
        self.found = found
        self.hide = settings.suppress_small_numbers

    def shown(self, number: int) -> str:
        """Give a number as a table has it."""
        return _FEWER if self.small(number) else f"{number:,}"

    def counted(self, number: int, one: str, many: str | None = None) -> str:
        """Give a number with its noun."""
        if self.small(number):
            return f"{_FEWER} {many or one + 's'}"
        return counted(number, one, many)

    def change(self, now: int, before: int) -> str:
        """Give the change between two numbers."""
        if self.small(now) or self.small(before):
            return _NOT_SHOWN
        if now == before:
            return _NO_CHANGE
        return f"{abs(now - before):,} {'more' if now > before else 'fewer'}"

    def small(self, number: int) -> bool:
        """Say whether a number is one that the settings keep back."""
        return self.hide and 0 < number < _SMALLEST

    def are(self, number: int, one: str, many: str | None = None) -> str:
        """Give a number with its noun and verb, as a sentence begins with it."""
        verb = "is" if number == 1 and not self.hide else "are"
        return f"{self.counted(number, one, many).capitalize()} {verb}"

    def limit(self, step: Step) -> tuple[str, str]:
        """Give a step's limit in words, and who set it."""
        limit = self.policy.limits.get(step.id)
        if step.due == OWN or limit is None:
            whose = "Agreed at the meeting" if step.due == OWN else "Follows from the booking"
            return ("Its own due date" if step.due == OWN else "On the booked day"), whose
        source = f"The process, {limit.source}" if limit.is_source else "Local policy"
        if step.due == ON:
            return "On the booked day", source
        if step.due == NEXT_PANEL:
            return f"The next panel, or {limit} where none is listed", source
        return f"{limit}{' ahead' if step.due == BEFORE else ''}", source

    def than_before(self, now: int, before: int) -> str:
        """Give how a number compares with a month before, to end a sentence with."""
        change = self.change(now, before)
        if change == _NOT_SHOWN:
            return ""
        return f", {'as many as' if change == _NO_CHANGE else f'{change} than'} a month before"


def month_words(day: date) -> str:
    """Give the month of a day: March 2026."""
    return f"{MONTHS[day.month - 1]} {day.year}"


def more(items: Sequence[object], most: int = MOST) -> str:
    """Say how many items are left out of a list of at most `most`; nothing where it is whole."""
    return f"And {len(items) - most} more, in the tracker." if len(items) > most else ""
