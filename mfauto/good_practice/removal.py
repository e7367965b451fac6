"""Name removal: takes known names and numbers out of a text, and says what else may be one.

It makes nothing anonymous: what it cannot know, such as a nickname, a school or a story that
only one family has, a person has to find. A word too many taken out is put right in a
minute; a name too many left in is not.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from mfauto.comparing import same
from mfauto.good_practice.folding import Word, settled, words
from mfauto.good_practice.names import COLLEAGUE, Known, needs_capital
from mfauto.good_practice.patterns import Span, found_in
from mfauto.good_practice.words import (
    ABBREVIATIONS,
    BEFORE_A_MONTH,
    CAPITALS,
    EVERYDAY,
    MONTHS,
    NAME_WORDS,
    NO_NAME_BEFORE,
    TITLES,
)

_NAME: Final = "name of "
_MORE: Final = re.compile(r"\.(?=[^\S\n]+[^\W\d_A-Z]|[,;])")
_JOINED: Final = re.compile(r"[^\S\n]*[-'’‘]?[^\S\n]*|,[^\S\n]|\.[^\S\n]?")
_BETWEEN: Final = re.compile(r"[^\S\n]+|[-‐‑]|,[^\S\n]")  # of two halves of one name
_HYPHEN: Final = re.compile(r"[-‐‑]")
_STOPPED: Final = re.compile(r"\.?[^\S\n]*")
_OPENING: Final = frozenset("\"“‘'([*–—-")  # what may stand before the first word
_ENDS: Final = frozenset(".!?:;\n•")  # what ends the sentence before
_CAPITAL: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_REF: Final = re.compile(r"[\w/.-]*\d[\w/-]*")
_SMALL: Final = re.compile(r"(?<![^\W\d_])[a-zà-öø-ÿ]{2,}(?![^\W\d_])")
_LEAST_PLURAL: Final = 5  # letters of a word that may be a name with an s added
_DAY_DIGITS: Final = 2


@dataclass(frozen=True, slots=True)
class Removed:
    """A text with what could be taken out of it, and what a person has to look at."""

    text: str
    replaced: tuple[tuple[str, int], ...]  #: what was taken out and how often; never itself
    suspects: tuple[tuple[str, str], ...]  #: words that still stand there, and why to look at them


def everyday(texts: Iterable[str]) -> frozenset[str]:
    """Give the words that texts write in small letters: no names, as a rule."""
    found: set[str] = set()
    for text in texts:
        found.update(_SMALL.findall(text))
    return frozenset(found)


def remove(
    text: str,
    own: Known,
    everybody: Known,
    refs: AbstractSet[str] = frozenset(),
    seen: AbstractSet[str] = frozenset(),
) -> Removed:
    """Take names, numbers and refs out of a text.

    `own` are the people of the case, `refs` the tracker's refs as `comparing.same` gives
    them, `seen` what `everyday` gave.
    """
    text = settled(text)
    spans = [*found_in(text)]
    spans += _references(text, refs, spans)
    taken = [(span.start, span.end) for span in spans if span.said]
    names = _Names(text, own, everybody, taken)
    sure = [span for span in spans if span.said] + names.spans()
    sure.sort(key=lambda span: span.start)
    made, place = [], 0
    for span in sure:
        made += [text[place : span.start], span.said or ""]
        place = span.end
    made.append(text[place:])
    counts = Counter(span.kind for span in sure)
    gone = [(span.start, span.end) for span in sure]
    suspects = dict.fromkeys(
        (text[span.start : span.end], span.kind)
        for span in spans
        if span.said is None and not _inside(span.start, span.end, sure)
    )
    suspects |= dict.fromkeys(_capitals(text, gone, seen, everybody.initials))
    return Removed("".join(made), tuple(sorted(counts.items())), tuple(suspects))


def _references(text: str, refs: AbstractSet[str], spans: Sequence[Span]) -> Iterator[Span]:
    for found in _REF.finditer(text):
        start, end = found.start(), found.start() + len(found[0].rstrip(".-/"))
        if same(text[start:end]) in refs and not _inside(start, end, spans):
            yield Span(start, end, "reference", "[reference]")


def _inside(start: int, end: int, spans: Iterable[Span]) -> bool:
    return any(start < span.end and span.start < end for span in spans)


@dataclass(slots=True)
class _Hit:
    first: int  #: the place of its first word
    last: int  #: of its last one
    said: str


class _Names:
    """Finds the known names of one text."""

    def __init__(
        self, text: str, own: Known, everybody: Known, taken: Sequence[tuple[int, int]]
    ) -> None:
        self.text = text
        self.own = own
        self.everybody = everybody
        self.words = [
            word
            for word in words(text)
            if not any(word.start < end and start < word.end for start, end in taken)
        ]

    def spans(self) -> list[Span]:
        """Give each name with its title and initials, and what is put in its place."""
        made = []
        for hit in self._merged(self._hits()):
            first, last = self._widened(hit)
            start, end = self.words[first].start, self.words[last].end
            if self._single(self.words[last]) and _MORE.match(self.text, end):
                end += 1  # the stop of an initial, not of a sentence
            said = hit.said
            kind = _NAME + ("somebody with a title" if said == "name" else f"the {said}")
            if said == COLLEAGUE:
                kind = f"{_NAME}a colleague"
            made.append(Span(start, end, kind, f"[{said}]"))
        return made

    def _hits(self) -> list[_Hit]:
        found = []
        place = 0
        while place < len(self.words):
            hit = self._hit(place)
            if hit:
                found.append(hit)
                place = hit.last + 1
            else:
                place += 1
        return found

    def _hit(self, place: int) -> _Hit | None:
        longest = max(self.own.longest, self.everybody.longest)
        for length in range(min(longest, len(self.words) - place), 0, -1):
            chosen = self.words[place : place + length]
            if length > 1 and not self._together(chosen):
                continue
            form = tuple(word.folded for word in chosen)
            said = self.own.forms.get(form) or self.everybody.forms.get(form)
            if said is None and length == 1 and len(form[0]) >= _LEAST_PLURAL:
                form = (form[0].removesuffix("s"),)
                said = self.own.forms.get(form) or self.everybody.forms.get(form)
            if said and (not needs_capital(form) or self._is_name(place)):
                return _Hit(place, place + length - 1, said)
        return self._initials(place) or self._titled(place)

    def _together(self, chosen: Sequence[Word]) -> bool:
        return all(
            _JOINED.fullmatch(self.text[before.end : after.start])
            and ("." not in self.text[before.end : after.start] or len(before.folded) == 1)
            for before, after in pairwise(chosen)
        )

    def _is_name(self, place: int) -> bool:
        """Say whether an everyday word is used as a name here."""
        word = self.words[place]
        if not self.text[word.start].isupper():
            return False
        before = self.words[place - 1].folded if place else ""
        after = ""
        if place + 1 < len(self.words):
            following = self.words[place + 1]
            if not self.text[word.end : following.start].strip():
                after = following.folded
        if before in TITLES:
            return True
        dated = after.isdigit() or before in BEFORE_A_MONTH
        if word.folded in MONTHS and (dated or (before.isdigit() and len(before) <= _DAY_DIGITS)):
            return False
        return after not in NO_NAME_BEFORE.get(word.folded, ())

    def _initials(self, place: int) -> _Hit | None:
        """Find the initials of the case's own people: "AK", "A.K." or "A K"."""
        word = self.words[place]
        shown = self.text[word.start : word.end]
        if shown.isupper() and shown not in ABBREVIATIONS and word.folded in self.own.initials:
            return _Hit(place, place, self.own.initials[word.folded])
        for letters, said in self.own.initials.items():
            chosen = self.words[place : place + len(letters)]
            if (
                "".join(word.folded for word in chosen) == letters
                and all(self._single(word) for word in chosen)
                and self._together(chosen)
            ):
                return _Hit(place, place + len(letters) - 1, said)
        return None

    def _single(self, word: Word) -> bool:
        return len(word.folded) == 1 and self.text[word.start].isupper()

    def _titled(self, place: int) -> _Hit | None:
        """Find a title with a name that nobody knows: "Mrs Zahir"."""
        word = self.words[place]
        if place == 0 or not self.text[word.start].isupper():
            return None
        before = self.words[place - 1]
        gap = self.text[before.end : word.start]
        titled = before.folded in TITLES and self.text[before.start].isupper()
        if titled and gap and _STOPPED.fullmatch(gap):
            return _Hit(place, place, "name")
        return None

    def _merged(self, hits: Sequence[_Hit]) -> list[_Hit]:
        """Join the halves of one name, also over a middle name that nobody knows."""
        made: list[_Hit] = []
        for hit in hits:
            if made and self._one_name(made[-1], hit):
                former = made[-1]
                if former.said in (COLLEAGUE, "name"):
                    former.said = hit.said
                former.last = hit.last
            else:
                made.append(hit)
        return made

    def _one_name(self, former: _Hit, hit: _Hit) -> bool:
        said = {former.said, hit.said} - {COLLEAGUE, "name"}
        if len(said) > 1 or hit.first - former.last > 2:  # noqa: PLR2004 - one word between
            return False
        between = self.words[former.last : hit.first + 1]
        if len(between) == 3 and not self.text[between[1].start].isupper():  # noqa: PLR2004
            return False
        if len(between) == 3 and between[1].folded in CAPITALS | EVERYDAY - NAME_WORDS:  # noqa: PLR2004
            return False
        return all(
            _BETWEEN.fullmatch(self.text[before.end : after.start].replace(".", ""))
            and ("." not in self.text[before.end : after.start] or self._single(before))
            for before, after in pairwise(between)
        )

    def _widened(self, hit: _Hit) -> tuple[int, int]:
        """Take in the title, an initial, and what a hyphen joins."""
        first, last = hit.first, hit.last
        while first and self._belongs_before(first):
            first -= 1
        while last + 1 < len(self.words) and self._belongs_after(last):
            last += 1
        return first, last

    def _belongs_before(self, first: int) -> bool:
        word, before = self.words[first], self.words[first - 1]
        gap = self.text[before.end : word.start]
        if _HYPHEN.fullmatch(gap):
            return True
        if not _STOPPED.fullmatch(gap) or not gap:
            return False
        titled = before.folded in TITLES and self.text[before.start].isupper()
        lone = self._single(before) and ("." in gap or before.folded not in ("a", "i"))
        return titled or lone or (gap == " " and self._unknown(first - 1))

    def _belongs_after(self, last: int) -> bool:
        word, after = self.words[last], self.words[last + 1]
        gap = self.text[word.end : after.start]
        if _HYPHEN.fullmatch(gap):
            return self.text[after.start].isupper()
        if gap != " ":
            return False
        return self._unknown(last + 1) or (self._single(after) and after.folded not in ("a", "i"))

    def _unknown(self, place: int) -> bool:
        """Say whether the other half of a name may stand here, though nobody knows it."""
        word = self.words[place]
        if not self.text[word.start].isupper() or len(word.folded) == 1:
            return False
        if word.folded in CAPITALS or self.text[word.start : word.end] in ABBREVIATIONS:
            return False
        starts = _begins(self.text, word.start)
        return word.folded not in (EVERYDAY if starts else EVERYDAY - NAME_WORDS)


def _capitals(
    text: str,
    gone: Sequence[tuple[int, int]],
    seen: AbstractSet[str],
    initials: Iterable[str],
) -> Iterator[tuple[str, str]]:
    """Give the words that still look like names: capitals that no everyday word explains."""
    run: list[re.Match[str]] = []
    found = [
        word
        for word in _CAPITAL.finditer(text)
        if not any(word.start() < end and start < word.end() for start, end in gone)
    ]
    letters = {one.upper() for one in initials}
    for word in found:
        if word[0] in letters - ABBREVIATIONS:
            yield word[0], "perhaps somebody’s initials"
        if not _looks_like_a_name(text, word, seen):
            continue
        if run and text[run[-1].end() : word.start()] == " ":
            run.append(word)
            continue
        yield from _told(text, run)
        run = [word]
    yield from _told(text, run)


def _told(text: str, run: Sequence[re.Match[str]]) -> Iterator[tuple[str, str]]:
    if run:
        yield text[run[0].start() : run[-1].end()], "perhaps a name"


def _begins(text: str, start: int) -> bool:
    """Say whether a sentence, a quotation or a line begins at `start`."""
    place = start - 1
    while place >= 0 and (text[place].isspace() or text[place] in _OPENING):
        if text[place] in '\n"“‘([' or (text[place] in "–—-" and text[place + 1].isspace()):
            return True
        place -= 1
    return place < 0 or text[place] in _ENDS


def _looks_like_a_name(text: str, word: re.Match[str], seen: AbstractSet[str]) -> bool:
    shown = word[0]
    if not shown[0].isupper() or (len(shown) > 1 and shown.isupper()):
        return False
    small = shown.casefold().replace("’", "'")
    bare = small.removesuffix("'s")
    whole = small.split("'")[0]
    if bare in CAPITALS or small in CAPITALS:
        return False
    if _begins(text, word.start()):
        return not ({bare, whole} & (EVERYDAY | seen))
    if bare in NAME_WORDS:
        return True
    return not ({bare, whole} & (EVERYDAY | seen))
