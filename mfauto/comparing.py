"""When two pieces of typed text mean the same.

For comparing only: what people typed is shown and kept as they typed it.
"""

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

#: zero-width and direction marks, which nobody sees and copying brings along
INVISIBLE: Final = frozenset(
    "\u00ad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    "\u2060\u2066\u2067\u2068\u2069\ufeff"
)
_STRAIGHT: Final = str.maketrans("\u2018\u2019\u201c\u201d\u2013\u2014\u2010\u2011", "''\"\"----")
_AROUND: Final = "".join(INVISIBLE) + " \t\r\n\xa0"
_MOST: Final = 262_144  #: texts remembered: the refs of all cases, each asked about a dozen times
_GONE: Final = dict.fromkeys(map(ord, INVISIBLE))


def compared(text: str) -> str:
    """Give the same as `same`, without remembering it: for texts that are asked about once."""
    if text.isascii():
        return " ".join(text.split()).casefold()
    plain = unicodedata.normalize("NFKC", text).translate(_GONE).translate(_STRAIGHT)
    return " ".join(plain.split()).casefold()


def each_compared(texts: Sequence[str]) -> list[str]:
    """Give `compared` of each text; all at once where they are plain words, as refs are."""
    whole = "\n".join(texts)
    words = whole.split("\n")
    if whole.isascii() and len(words) == len(texts) and words == whole.split():
        return whole.casefold().split("\n")
    return [compared(text) for text in texts]


@lru_cache(maxsize=_MOST)
def same(text: str) -> str:
    """Give the form in which names and refs are compared: case and spacing do not matter."""
    return compared(text)


@lru_cache(maxsize=65536)
def bare(text: str) -> str:
    """Give the form in which headings and list values are compared: letters and digits only.

    The sign "&" is the word it stands for, as in "SM & HoS alerted".
    """
    return "".join(filter(str.isalnum, same(text).replace("&", "and")))


def likeness(one: str, other: str) -> float:
    """Say how alike two headings are: 1.0 where they are compared as the same."""
    from difflib import SequenceMatcher  # noqa: PLC0415 - only where a heading is missing

    return SequenceMatcher(None, bare(one), bare(other)).ratio()


def tidy(text: str) -> str:
    """Take spaces, line breaks and invisible marks off both ends."""
    text = text.strip()
    return text if text.isascii() else text.strip(_AROUND)
