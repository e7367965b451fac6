"""Tables of plain text, as wide as the terminal allows; where kept or piped, always the same."""

import os
import sys
import textwrap
from collections.abc import Iterable, Sequence
from typing import Final, TextIO

WIDTH: Final = 100  #: characters of a line where nobody's terminal says otherwise
_WIDEST: Final = 140  #: longer lines are hard to read
_NARROWEST: Final = 12  #: a column that is wrapped keeps this many characters, or one word
_LAST: Final = 30  #: the last column, which holds sentences, keeps this many unless said otherwise


def width_of(stream: TextIO) -> int:
    """Give the characters of a line: the terminal's, less one so that no line breaks itself."""
    try:
        if not stream.isatty():
            return WIDTH
        columns = int(os.environ.get("COLUMNS") or os.get_terminal_size(stream.fileno()).columns)
    except (OSError, ValueError):  # a terminal that does not say, a stream without a file
        return WIDTH
    return min(columns - 1, _WIDEST) if columns > 1 else WIDTH


def table(
    headings: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    width: int | None = None,
    last: int = _LAST,
) -> str:
    """Give rows under headings; cells wrap at words so that the table fits the width.

    Where it cannot fit on a terminal, each row becomes lines of "Heading: cell"; piped, only
    the last column wraps, so that words can be searched for. `width` is that of stdout
    unless given. `last` is the least width of the last column.
    """
    kept = width is None and not sys.stdout.isatty()
    width = width_of(sys.stdout) if width is None else width
    lines = [list(row) for row in rows]
    widths, fit = _widths([headings, *lines], width, last, last_alone=kept)
    if not fit and not kept:
        return "\n\n".join(_record(headings, line, width) for line in lines)
    rule = ["-" * wide for wide in widths]
    return "\n".join(_shown(line, widths) for line in (headings, rule, *lines))


def _widths(
    lines: Sequence[Sequence[str]], width: int, last: int, *, last_alone: bool
) -> tuple[list[int], bool]:
    """Give each column's width: what it needs, less where there is no room; and if they fit."""
    columns = list(zip(*lines, strict=True))
    widths = [max(map(len, cells)) for cells in columns]
    least = [
        min(wide, max(_NARROWEST, *(len(word) for cell in cells for word in cell.split())))
        if any(cells)
        else wide
        for wide, cells in zip(widths, columns, strict=True)
    ]
    if last_alone:
        least = list(widths)
    least[-1] = min(widths[-1], max(last, least[-1] if least[-1] <= width // 2 else last))
    over = sum(widths) + 2 * (len(widths) - 1) - width
    for place in (len(widths) - 1, *sorted(range(len(widths) - 1), key=lambda n: -widths[n])):
        if over > 0:
            taken = min(over, widths[place] - least[place])
            widths[place] -= taken
            over -= taken
    return widths, over <= 0


def _shown(line: Sequence[str], widths: Sequence[int]) -> str:
    cells = [
        textwrap.wrap(cell, wide, break_on_hyphens=False) if len(cell) > wide else [cell]
        for cell, wide in zip(line, widths, strict=True)
    ]
    return "\n".join(
        "  ".join(
            (cell[number] if number < len(cell) else "").ljust(wide)
            for cell, wide in zip(cells, widths, strict=True)
        ).rstrip()
        for number in range(max(map(len, cells)))
    )


def _record(headings: Sequence[str], line: Sequence[str], width: int) -> str:
    return "\n".join(
        textwrap.fill(f"{heading}: {cell}", max(width, 20), subsequent_indent="  ")
        for heading, cell in zip(headings, line, strict=True)
        if cell
    )
