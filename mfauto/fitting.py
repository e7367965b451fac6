"""Text fitted into a given number of lines, by the measured widths of Arial.

Used where a page must never overflow. Lengths are points. Word and LibreOffice
break lines where these widths say, give or take a hair, which `SPARE` covers.
"""

from functools import cache
from pathlib import Path
from typing import Final

SPARE: Final = 0.97  #: share of a line that text may fill
_UNKNOWN: Final = 1100  # width of a character that Arial does not have, in thousandths
_SENTENCE_ENDS: Final = (".", "!", "?")
_ENOUGH: Final = 0.6  # share of the room that whole sentences must fill to end with one


@cache
def _widths() -> tuple[dict[str, int], dict[str, int]]:
    """Arial's widths, plain and bold, in thousandths of the type size."""
    plain: dict[str, int] = {}
    bold: dict[str, int] = {}
    file = Path(__file__).parent / "arial_widths.txt"
    for line in file.read_text(encoding="ascii").splitlines():
        code, width, heavy = line.split()
        plain[chr(int(code, 16))] = int(width)
        bold[chr(int(code, 16))] = int(heavy)
    return plain, bold


@cache
def _word_width(word: str) -> int:
    known = _widths()[0]
    return sum(known.get(character, _UNKNOWN) for character in word)


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Give the length of `text` on one line, in points, at a type size in points."""
    known = _widths()[1 if bold else 0]
    return sum(known.get(character, _UNKNOWN) for character in text) * size / 1000


def one_line(text: str) -> str:
    """Give a text without line breaks: a short page has no room for paragraphs of its own."""
    return " ".join(text.split())


def lines_of(text: str, room: float, size: float, lead: str = "") -> int:
    """Count the lines that `text` takes in a column `room` points wide, after a bold `lead`."""
    return len(_broken(text, room, size, lead))


def _broken(text: str, room: float, size: float, lead: str = "") -> list[str]:
    """Break a text as a word processor does: between words, inside a word only if it must."""
    full = room * SPARE * 1000 / size
    space = _word_width(" ")
    used = width(lead, 1000, bold=True) if lead else 0.0
    lines: list[str] = []
    line = ""
    for word in text.split():
        rest = word
        need = _word_width(rest) if len(rest) < 80 else full + 1  # noqa: PLR2004 - never fits
        if line and used + space + need <= full:
            line, used = f"{line} {rest}", used + space + need
            continue
        if line:
            lines.append(line)
            line, used = "", 0.0
        elif used and used + need > full:
            lines.append("")  # the lead stands alone on its line
            used = 0.0
        while used + need > full and len(rest) > 1:
            cut, used = _fitting(rest, full - used)
            lines.append(rest[:cut])
            rest, used = rest[cut:], 0.0
            need = _word_width(rest) if len(rest) < 80 else full + 1  # noqa: PLR2004
        line, used = rest, used + need
    return [*lines, line] if line or not lines else lines


def _fitting(word: str, room: float) -> tuple[int, float]:
    known = _widths()[0]
    used = 0.0
    for place, character in enumerate(word):
        used += known.get(character, _UNKNOWN)
        if used > room:
            return max(place, 1), used
    return len(word), used


def shortened(text: str, lines: int, room: float, size: float, *, end: str, lead: str = "") -> str:
    """Give as much of `text` as `lines` hold; where it goes on elsewhere, `end` says so.

    It ends with a whole sentence where that fills most of the room, else with a whole word.
    """
    text = one_line(text)
    # Whatever fits holds fewer characters than this, so the rest need not be measured.
    most = int(lines * room * 1000 / size / 180) + 1
    if len(text) <= most and lines_of(text, room, size, lead) <= lines:
        return text
    low, high = 0, min(len(text), most)
    while low < high:
        middle = (low + high + 1) // 2
        if lines_of(f"{text[:middle]}… {end}", room, size, lead) <= lines:
            low = middle
        else:
            high = middle - 1
    kept = text[:low]
    sentence = max(kept.rfind(f"{mark} ") for mark in _SENTENCE_ENDS)
    if sentence + 1 >= _ENOUGH * low:
        return f"{kept[: sentence + 1]} {end}"
    if low < len(text) and text[low] != " " and " " in kept:
        kept = kept[: kept.rfind(" ")]
    return f"{kept.rstrip()}… {end}"


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
