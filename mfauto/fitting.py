"""Text fitted into a given number of lines, by measured widths.

Used where a page must never overflow, whatever somebody typed. Lengths are points. Word
and LibreOffice break lines where these widths say, give or take a hair, which `SPARE`
covers. Where the two break a text differently, the one that needs more lines counts.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple

SPARE: Final = 0.97  #: share of a line that text may fill
_SPACES: Final = re.compile(r"[ \t\n\r\f\v\x1c-\x1f\x85\u2028\u2029]+")
_SENTENCE_ENDS: Final = (". ", "! ", "? ", "。", "！", "？", "؟ ", "। ")
_LOSS: Final = 0.6  # lines given up at most to end with a sentence,
_LOSS_SHARE: Final = 0.15  # or this share of them
_MOST_LINES: Final = 60  # of one text: more than a page holds
_NARROW: Final = 180  # thousandths: no text is narrower on average
_SHORT: Final = 200  # characters: no line holds more
_LONG_WORD: Final = 60  # characters; longer words are not remembered

# Widths of what Arial lacks, in thousandths of the type size: rather too much than too little.
_WIDE: Final = 1000  # Chinese, Japanese, Korean: square
_EMOJI: Final = 1400
_OTHER: Final = 1150
_VERY_WIDE: Final = 2300  # scripts with signs of two or three letters
_ENORMOUS: Final = 12000
_FIRST_EMOJI: Final = 0x1F000
_WIDE_SCRIPTS: Final = ((0x0B80, 0x0BFF), (0x0D00, 0x0D7F), (0x1000, 0x109F), (0xA980, 0xA9DF))
_ENORMOUS_SCRIPTS: Final = ((0x2E3A, 0x2E3B), (0xFDF0, 0xFDFF), (0x12000, 0x1254F))
_LATIN_MARKS: Final = ((0x300, 0x36F), (0x591, 0x6FF), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF))
_MORE_MARKS: Final = ((0x20D0, 0x20FF), (0xFE00, 0xFE2F), (0xE0000, 0xE01EF))
#: signs between which any program may break a line, each with what belongs to it
_LOOSE: Final = re.compile(
    "[\u1100-\u11ff\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef"
    "\U0001f000-\U0001ffff\U00020000-\U0003ffff]"
    "(?:[\u0300-\u036f\u20d0-\u20ff\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]"
    "|\u200d.)*",
    re.DOTALL,
)
_JOINED: Final = re.compile("[\u0530-\u10ff]")
#: where a word that is too long for a line may be broken: each program has its own opinion
_BREAKS: Final = (
    None,  # wherever the line ends
    re.compile("(?<=[-\u2010\u2012-\u2014\xad])"),  # as Word does
    re.compile("(?<=/)"),
    re.compile("(?<=[?!])"),
    re.compile("(?<=[|])"),
    re.compile("(?<=[-\u2010\u2012-\u2014\xad/?!|\u200b])(?![0-9])"),  # as LibreOffice does
    re.compile("(?<=[-\u2010\u2012-\u2014\xad/?!}|,;\u200b])"),
)


class _Widths(dict[str, int]):
    """Widths of characters, in thousandths of the type size; those of others are guessed."""

    def __missing__(self, sign: str) -> int:
        self[sign] = found = _guess(ord(sign))
        return found


@cache
def _widths() -> tuple[_Widths, _Widths]:
    """Arial's widths, plain and bold; those of Arabic and its neighbours as they end a word."""
    plain, bold = _Widths(), _Widths()
    for line in _lines("arial_widths.txt"):
        code, width, heavy = line.split()
        plain[chr(int(code, 16))], bold[chr(int(code, 16))] = int(width), int(heavy)
    for line in _lines("other_widths.txt"):
        code, _, width = line.split()
        plain[chr(int(code, 16))] = bold[chr(int(code, 16))] = int(width)
    return plain, bold


@cache
def _inner() -> dict[str, int]:
    """Widths of letters that another letter follows, where that matters."""
    return {
        chr(int(code, 16)): int(width)
        for code, width, _ in (line.split() for line in _lines("other_widths.txt"))
    }


def _lines(name: str) -> list[str]:
    return (Path(__file__).parent / name).read_text(encoding="ascii").splitlines()


def _guess(code: int) -> int:
    sign = chr(code)
    if _among(code, _LATIN_MARKS) or _among(code, _MORE_MARKS):
        if unicodedata.category(sign) in ("Mn", "Me", "Cf"):
            return 0
    elif unicodedata.category(sign) == "Cf":
        return 0
    if _among(code, _ENORMOUS_SCRIPTS):
        return _ENORMOUS
    if code >= _FIRST_EMOJI and unicodedata.category(sign) in ("So", "Sk", "Cn"):
        return _EMOJI
    if unicodedata.east_asian_width(sign) in ("W", "F"):
        return _EMOJI if unicodedata.category(sign) == "So" else _WIDE
    return _VERY_WIDE if _among(code, _WIDE_SCRIPTS) else _OTHER


def _among(code: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= code <= last for first, last in ranges)


def _length(word: str) -> int:
    """Measure a word in plain type."""
    return _remembered(word) if len(word) < _LONG_WORD else _measured(word)


def _measured(word: str) -> int:
    known = _widths()[0]
    whole = sum(map(known.__getitem__, word))
    if _JOINED.search(word):
        inner = _inner()
        for sign, following in pairwise(word):
            if sign in inner and following in inner:
                whole += inner[sign] - known[sign]
    return whole


_remembered = lru_cache(maxsize=16_384)(_measured)


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Give the length of `text` on one line, in points, at a type size in points."""
    if bold:
        return sum(map(_widths()[1].__getitem__, text)) * size / 1000
    return _measured(text) * size / 1000


def one_line(text: str) -> str:
    """Give a text without line breaks: a short page has no room for paragraphs of its own."""
    if "  " in text or not text.isprintable():
        text = _SPACES.sub(" ", text)
    return text.strip(" ")


class _Stop(NamedTuple):
    """A place where a text may end."""

    end: int  #: characters up to it
    line: int  #: counted from 1
    used: float  #: of that line


def lines_of(
    text: str, room: float, size: float, lead: str = "", *, most: int = _MOST_LINES
) -> int:
    """Count the lines that `text` takes in a column `room` points wide, after a bold `lead`.

    More than `most` are not counted on: one line over says that it is too long.
    """
    plain, whole = _start(text, _most(most, room, size))
    if whole and _is_one_line(plain, room, size, lead):
        return 1
    last = _lines_of_words(plain, room, size, lead, most)
    if last is None:
        last = 1
        for stop in _stops(plain, room, size, lead, most):
            last = stop.line
    return last if whole else max(last, most + 1)


def shortened(text: str, lines: int, room: float, size: float, *, end: str, lead: str = "") -> str:
    """Give as much of `text` as `lines` hold; where it goes on elsewhere, `end` says so.

    It ends with a whole sentence where that gives up little of the room, else with a whole word.
    """
    return fitted(text, lines, room, size, end=end, lead=lead)[0]


def fitted(
    text: str, lines: int, room: float, size: float, *, end: str, lead: str = ""
) -> tuple[str, int]:
    """Give what `shortened` gives, and the lines that takes."""
    plain, whole = _start(text, _most(lines, room, size))
    if whole:
        taken = (
            1
            if _is_one_line(plain, room, size, lead)
            else _lines_of_words(plain, room, size, lead, lines)
        )
        if taken is not None and taken <= lines:
            return plain, taken
    said = _cut(plain, lines, room, size, end, lead, whole=whole)
    return said, lines_of(said, room, size, lead)


def _cut(
    plain: str, lines: int, room: float, size: float, end: str, lead: str, *, whole: bool
) -> str:
    stops = list(_stops(plain, room, size, lead, lines))
    if whole and (not stops or (stops[-1].line <= lines and stops[-1].end == len(plain))):
        return plain
    full = room * SPARE * 1000 / size
    tail = [_length(word) for word in f"… {end}".split(" ")]
    tail[0] = 0
    word = sentence = None
    for stop in reversed(stops):
        if stop.line > lines:
            continue
        if word is None and _holds(stop, [_length("…"), *tail[1:]], full, lines):
            word = stop
        if sentence is None and _ends_sentence(plain, stop.end) and _holds(stop, tail, full, lines):
            sentence = stop
        if word and (sentence or _loss(stop, word, full) > max(_LOSS, lines * _LOSS_SHARE)):
            break
    if word is None:
        return f"… {end}"
    if sentence and _loss(sentence, word, full) <= max(_LOSS, lines * _LOSS_SHARE):
        return f"{plain[: sentence.end]} {end}"
    return f"{plain[: word.end].rstrip()}… {end}"


def on_one_line(text: str, room: float, size: float, *, end: str = "") -> str:
    """Give a text that fits on one line, even in bold; where it was cut, `end` says so."""
    plain, whole = _start(text, _most(1, room, size))
    if whole and width(plain, size, bold=True) <= room:
        return plain
    tail = f"… {end}".rstrip()
    left = room - width(tail, size, bold=True)
    known = _widths()[1]
    kept = 0
    for sign in plain:
        left -= known[sign] * size / 1000
        if left < 0:
            break
        kept += 1
    cut = plain[:kept]
    if kept < len(plain) and plain[kept] != " " and " " in cut[kept // 2 :]:
        cut = cut[: cut.rfind(" ")]
    return f"{cut.rstrip()}{tail}"


def shared_out(demands: dict[str, int], room: int) -> dict[str, int]:
    """Share `room` lines between texts, a line each in turn, none more than it needs."""
    given = dict.fromkeys(demands, 0)
    left = room
    while left > 0:
        wanting = [name for name, demand in demands.items() if given[name] < demand]
        if not wanting:
            break
        for name in wanting[:left]:
            given[name] += 1
        left -= min(len(wanting), left)
    return given


def _most(lines: int, room: float, size: float) -> int:
    """Give a number of characters that so many lines cannot hold."""
    return int(lines * room * 1000 / size / _NARROW) + 1


def _start(text: str, most: int) -> tuple[str, bool]:
    """Give the beginning of a text on one line, and whether that is all of it."""
    taken = most
    while True:
        plain = one_line(text[:taken])
        whole = taken >= len(text)
        if whole or len(plain) >= most // 2:
            return plain, whole
        taken *= 4  # mostly spaces so far


def _sum(text: str) -> float:
    """Add up the widths of the signs, whatever stands beside each."""
    return sum(map(_widths()[0].__getitem__, text))


_known_sum = lru_cache(maxsize=16_384)(_sum)


def _is_one_line(text: str, room: float, size: float, lead: str) -> bool:
    if len(text) > _SHORT:
        return False
    need = _known_sum(text) if len(text) < _LONG_WORD else _sum(text)
    if lead:
        need += width(lead, 1000, bold=True)
    return need <= room * SPARE * 1000 / size


def _lines_of_words(text: str, room: float, size: float, lead: str, most: int) -> int | None:
    """Count the lines that `_stops` makes of plain words; None where it takes more than that.

    Most texts are such, and most need no more than to be counted.
    """
    if not text.isascii():
        return None
    full = room * SPARE * 1000 / size
    space = _length(" ")
    line, used, gap = 1, (width(lead, 1000, bold=True) if lead else 0.0), 0
    for need in map(_length, text.split(" ")):
        if need > full:
            return None  # a word that no line holds
        if used + gap + need <= full:
            used += gap + need
        else:
            line, used = line + 1, need
            if line > most:
                break
        gap = space
    return line


def _chunks(text: str) -> Iterator[tuple[int, int, bool]]:
    """Give where each piece that is not broken begins and ends, and whether a space comes first."""
    place = 0
    for word in text.split(" "):
        loose = [] if word.isascii() else list(_LOOSE.finditer(word))
        spaced, begin = True, 0
        for found in loose:
            if found.start() > begin:
                yield place + begin, place + found.start(), spaced
                spaced = False
            yield place + found.start(), place + found.end(), spaced
            spaced, begin = False, found.end()
        if begin < len(word):
            yield place + begin, place + len(word), spaced
        place += len(word) + 1


def _stops(text: str, room: float, size: float, lead: str, most: int) -> Iterator[_Stop]:
    """Lay a text out in lines; give each place where it may end, up to the line after `most`."""
    full = room * SPARE * 1000 / size
    space = _length(" ")
    line, used = 1, (width(lead, 1000, bold=True) if lead else 0.0)
    for begin, end, spaced in _chunks(text):
        piece = text[begin:end]
        need = _remembered(piece) if end - begin < _LONG_WORD else _measured(piece)
        gap = space if spaced and begin else 0
        if used + gap + need <= full:
            used += gap + need
        elif need <= full:
            line, used = line + 1, need
        else:
            inner = _of_long_word(piece, line + bool(used), full, most)
            yield from (_Stop(begin + stop.end, stop.line, stop.used) for stop in inner)
            line, used = inner[-1].line, inner[-1].used
            if line > most:
                return
            continue
        yield _Stop(end, line, used)
        if line > most:
            return


def _of_long_word(word: str, line: int, full: float, most: int) -> list[_Stop]:
    """Lay out a word that no line holds, in the way that takes the most lines."""
    ways = [
        list(_broken([word] if way is None else way.split(word), line, full, most))
        for way in _BREAKS
        if way is None or way.search(word)
    ]
    return max(ways, key=lambda stops: (stops[-1].line, -stops[-1].end, stops[-1].used))


def _broken(pieces: Iterable[str], line: int, full: float, most: int) -> Iterator[_Stop]:
    """Give the end of each line and the last place before it that leaves room for "…".

    On line `most`, where the text may have to end, every such place is given.
    """
    known = _widths()[0]
    enough = full - known["…"]
    used, end = 0.0, 0
    stop = before = _Stop(0, line, 0.0)
    for piece in pieces:
        need = _length(piece)
        parts = [(piece, need)] if need <= full else [(sign, known[sign]) for sign in piece]
        if used and used + need > full:  # as LibreOffice begins what is too long on a new line
            parts.insert(0, ("", int(full)))
        for part, wide in parts:
            if used and used + wide > full:
                if before.end < stop.end:
                    yield before
                yield stop
                line, used = line + 1, 0.0
                if line > most:
                    return
                if not part:
                    continue
            used, end = used + wide, end + len(part)
            stop = _Stop(end, line, used)
            if used <= enough:
                before = stop
                if line == most:
                    yield stop
    yield stop


def _holds(stop: _Stop, tail: list[int], full: float, lines: int) -> bool:
    """Say whether the words of `tail`, the first without a space, fit after a stop."""
    line, used = stop.line, stop.used + tail[0]
    if used > full:
        return False
    space = _length(" ")
    for need in tail[1:]:
        if used + space + need <= full:
            used += space + need
        else:
            line, used = line + 1, float(need)
    return line <= lines


def _ends_sentence(text: str, end: int) -> bool:
    return f"{text[end - 1 : end]}{text[end : end + 1]}".startswith(_SENTENCE_ENDS)


def _loss(stop: _Stop, other: _Stop, full: float) -> float:
    """Give the lines that ending at `stop` instead of `other` leaves empty."""
    return (other.line - stop.line) + (other.used - stop.used) / full
