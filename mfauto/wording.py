"""How dates, numbers and lists read: "3 March 2026", "1 day", "a, b and c".

Plain English, British spelling, no locale of the machine.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def day_words(day: date) -> str:
    """Give a day as people read it: 3 March 2026."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def moment_words(at: datetime) -> str:
    """Give a moment as people read it, by the clock that it is given in: 3 March 2026, 06:30."""
    return f"{day_words(at)}, {at:%H:%M}"


def counted(number: int, one: str, many: str | None = None) -> str:
    """Give a number with its noun: 1 action, 2 actions, 1,200 cases."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def days_words(number: int) -> str:
    """Give a number of calendar days: 1 day, 34 days."""
    return counted(number, "day")


def listed(words: Sequence[str]) -> str:
    """Give a list as a sentence has it: a, b and c."""
    if len(words) < 2:  # noqa: PLR2004 - one word needs no "and"
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def shortened(text: str, most: int) -> str:
    """Give a text on one line, cut at a word so that it has at most `most` characters."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    kept = line[: most - 1]
    whole = kept.rpartition(" ")[0] if " " in kept[most // 2 :] else kept
    return f"{whole.rstrip(' ,;:.')}…"
