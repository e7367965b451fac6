"""Writes `mfauto/arial_widths.txt` from a font file with Arial's widths.

`python -m tools.make_widths FONT.ttf BOLD.ttf`, for example with Liberation Sans,
which has the same widths as Arial. It needs fontTools, which nothing else does.
"""

import sys
from pathlib import Path

TARGET = Path(__file__).parent.parent / "mfauto" / "arial_widths.txt"
RANGES = ((0x20, 0x7F), (0xA0, 0x250), (0x370, 0x400), (0x400, 0x460), (0x2010, 0x2040))


def widths(font: str) -> dict[int, int]:
    """Give each character's width in thousandths of the type size."""
    from fontTools.ttLib import TTFont  # noqa: PLC0415 - only this script needs it

    loaded = TTFont(font)
    names, metrics = loaded.getBestCmap(), loaded["hmtx"]
    size = loaded["head"].unitsPerEm
    return {
        code: round(metrics[names[code]][0] * 1000 / size)
        for first, last in RANGES
        for code in range(first, last)
        if code in names
    }


def main() -> None:
    """Write the file."""
    plain, bold = widths(sys.argv[1]), widths(sys.argv[2])
    lines = [f"{code:04x} {plain[code]} {bold.get(code, plain[code])}\n" for code in sorted(plain)]
    TARGET.write_text("".join(lines), encoding="ascii", newline="\n")


if __name__ == "__main__":
    main()
