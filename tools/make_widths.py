"""Writes measured widths, `mfauto/arial_widths.txt` and `mfauto/other_widths.txt`.

`python -m tools.make_widths FONT.ttf BOLD.ttf OTHER.ttf`: a font with Arial's widths, such as
Liberation Sans, and a wide one for scripts that it lacks, such as DejaVu Sans. It needs
fontTools, which nothing else does.
"""

import sys
import unicodedata
from collections import defaultdict
from pathlib import Path

ARIAL = Path(__file__).parent.parent / "mfauto" / "arial_widths.txt"
OTHER = Path(__file__).parent.parent / "mfauto" / "other_widths.txt"
RANGES = ((0x20, 0x7F), (0xA0, 0x250), (0x370, 0x400), (0x400, 0x460), (0x2010, 0x2040))
#: Armenian, Hebrew, Arabic, Georgian
OTHER_RANGES = ((0x531, 0x590), (0x5BE, 0x700), (0x750, 0x780), (0x10A0, 0x1100))
_FORMS = ((0xFB1D, 0xFDFE), (0xFE70, 0xFEFD))  # a letter as it looks beside others


def widths(font: str) -> dict[int, int]:
    """Give each character's width in thousandths of the type size."""
    from fontTools.ttLib import TTFont  # noqa: PLC0415 - only this script needs it

    loaded = TTFont(font)
    names, metrics = loaded.getBestCmap(), loaded["hmtx"]
    size = loaded["head"].unitsPerEm
    return {code: round(metrics[name][0] * 1000 / size) for code, name in names.items()}


def joined(font: dict[int, int]) -> dict[int, tuple[int, int]]:
    """Give the width of each character before another letter, and at the end of a word."""
    inner: dict[int, list[int]] = defaultdict(list)
    last: dict[int, list[int]] = defaultdict(list)
    for first, end in _FORMS:
        for code in range(first, end):
            kind, *letters = unicodedata.decomposition(chr(code)).split() or [""]
            if len(letters) == 1 and code in font:
                forms = inner if kind in ("<initial>", "<medial>") else last
                forms[int(letters[0], 16)].append(font[code])
    return {
        code: (
            max(inner[code] or [font[code], *last[code]]),
            max([font[code], *last[code]]),
        )
        for first, end in OTHER_RANGES
        for code in range(first, end)
        if code in font and unicodedata.category(chr(code)) != "Mn"
    }


def main() -> None:
    """Write the files."""
    plain, bold, other = map(widths, sys.argv[1:4])
    codes = [code for first, last in RANGES for code in range(first, last) if code in plain]
    lines = [f"{code:04x} {plain[code]} {bold.get(code, plain[code])}\n" for code in sorted(codes)]
    ARIAL.write_text("".join(lines), encoding="ascii", newline="\n")
    found = joined(other)
    lines = [f"{code:04x} {inner} {last}\n" for code, (inner, last) in sorted(found.items())]
    OTHER.write_text("".join(lines), encoding="ascii", newline="\n")


if __name__ == "__main__":
    main()
