"""Text as names are looked for in it: no case, no accents, straight apostrophes.

What was typed stays as it was; a fold only knows where each of its letters stood.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from mfauto.comparing import INVISIBLE

#: letters that have no accent to lose, though people leave theirs out
_PLAIN: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i"}
)
_MARKS: Final = dict.fromkeys(map(ord, "‘’ʼ`´ʹ′"), "'") | dict.fromkeys(map(ord, "‐‑‒–—−"), "-")
_GONE: Final = dict.fromkeys(map(ord, INVISIBLE))
_WORD: Final = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text: folded, and where it stands."""

    folded: str
    start: int
    end: int


def settled(text: str) -> str:
    """Give a text with its letters composed and without signs that nobody sees."""
    return unicodedata.normalize("NFC", text).translate(_GONE)


def fold(text: str) -> tuple[str, list[int]]:
    """Give the folded text, and for each of its letters the place it came from."""
    made: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        for part in unicodedata.normalize("NFKD", sign):
            if unicodedata.combining(part):
                continue
            for letter in part.translate(_MARKS).casefold().translate(_PLAIN):
                made.append(letter)
                places.append(place)
    return "".join(made), places


def words(text: str) -> list[Word]:
    """Give the words of a settled text. An accent that stands alone belongs to its letter."""
    folded, places = fold(text)
    places.append(len(text))
    found = []
    for match in _WORD.finditer(folded):
        start, end = places[match.start()], places[match.end() - 1] + 1
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
        found.append(Word(match[0], start, end))
    return found


def parts(name: str) -> tuple[str, ...]:
    """Give the folded words of a name."""
    return tuple(word.folded for word in words(settled(name)))
