"""What every part of the pack is told by: the review, its figures, and numbers in words."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from mfauto.limits import limit_parts
from mfauto.measures import Measures
from mfauto.measures.hiding import SMALL, Key
from mfauto.model import Review
from mfauto.pack.printed import printed
from mfauto.settings import Settings
from mfauto.steps import Step
from mfauto.typed_lists import joined
from mfauto.wording import MONTHS, counted, shortened

_BRIEF: Final = 120  # characters of a name in a table
MOST: Final = 60  #: rows of one list; the tracker holds the rest
_FEWER: Final = "fewer than 5"
_HIDDEN: Final = "hidden"
_NO_CHANGE: Final = "No change"
Row = dict[str, str]


class Told:
    """The month's review and figures, and how its numbers are said.

    Every number goes by its key in `printed`, so that none is printed that is kept back.
    """

    def __init__(self, review: Review, settings: Settings, found: Measures) -> None:
        self.review = review
        self.settings = settings
        self.policy = settings.policy
        self.as_at = review.as_at
        self.found = found
        self.hide = settings.suppress_small_numbers
        numbers = printed(found, review)
        self._values = numbers.values
        self._kept_back = numbers.kept_back() if self.hide else {}

    def number(self, *key: Key) -> int:
        """Give a number as it is, to choose words by; it is printed by `shown` alone."""
        return self._values[key]

    def hidden(self, *keys: Key) -> bool:
        """Say whether one of these numbers is kept back."""
        return any(key in self._kept_back for key in keys)

    def shown(self, *key: Key) -> str:
        """Give a number as a table has it."""
        why = self._kept_back.get(key)
        if why is None:
            return f"{self._values[key]:,}"
        return _FEWER if why == SMALL else _HIDDEN

    def said(self, *key: Key) -> str:
        """Give a number as a sentence has it, where its noun stands elsewhere."""
        shown = self.shown(*key)
        return "a hidden number" if shown == _HIDDEN else shown

    def counted(self, key: Key, one: str, many: str | None = None) -> str:
        """Give a number with its noun."""
        why = self._kept_back.get(key)
        if why is None:
            return counted(self._values[key], one, many)
        number = "a hidden number of" if why != SMALL else _FEWER
        return f"{number} {many or one + 's'}"

    def change(self, now: Key, before: Key) -> str:
        """Give the change between two numbers."""
        if self.hidden(now, before):
            return _HIDDEN.capitalize()
        change = self._values[now] - self._values[before]
        if not change:
            return _NO_CHANGE
        return f"{abs(change):,} {'more' if change > 0 else 'fewer'}"

    def are(self, key: Key, one: str, many: str | None = None) -> str:
        """Give a number with its noun and verb, as a sentence begins with it."""
        verb = "is" if self._values[key] == 1 and not self.hidden(key) else "are"
        said = self.counted(key, one, many)
        return f"{said[0].upper()}{said[1:]} {verb}"

    def limit(self, step: Step) -> tuple[str, str]:
        """Give a step's limit in words, and who set it."""
        return limit_parts(step, self.policy)

    def all_safe(self) -> str:
        """Say that no child's safety is still to be assured; to be asked where that is so."""
        counted_alone = " that was counted" if self.found.unusable else ""
        if self.found.inadequate:
            return f"Child safety is recorded as assured in every Inadequate case{counted_alone}."
        return f"No case{counted_alone} is Inadequate, so no child’s safety had to be assured."

    def than(self, now: Key, before: Key, when: str) -> str:
        """Give how a number compares with that of `when`; nothing where one is kept back."""
        if self.hidden(now, before):
            return ""
        change = self.change(now, before)
        return f"{'as many as' if change == _NO_CHANGE else f'{change} than'} {when}"

    def any(self, *key: Key) -> bool:
        """Say whether a number is more than nought; one that is kept back may be."""
        return self._values[key] > 0 or self.hidden(key)


def brief(text: str) -> str:
    """Give a name as a table has it: on one line, not too long."""
    return shortened(joined(text), _BRIEF)


def month_words(day: date) -> str:
    """Give the month of a day: March 2026."""
    return f"{MONTHS[day.month - 1]} {day.year}"


def more(items: Sequence[object], most: int = MOST, where: str = "in the tracker") -> str:
    """Say how many items are left out of a list of at most `most`; nothing where it is whole."""
    return f"And {len(items) - most:,} more, {where}." if len(items) > most else ""
