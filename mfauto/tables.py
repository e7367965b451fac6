"""Tables of plain text, as wide as a page."""

import textwrap
from collections.abc import Iterable, Sequence
from typing import Final

WIDTH: Final = 100


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Give rows under headings, each column as wide as it needs; the last one wraps."""
    lines = [list(row) for row in rows]
    widths = [
        max(len(heading), *(len(line[place]) for line in lines)) if lines else len(heading)
        for place, heading in enumerate(headings)
    ]
    indent = sum(widths[:-1]) + 2 * (len(widths) - 1)
    last = max(WIDTH - indent, 30)

    def shown(line: Sequence[str]) -> str:
        start = "".join(f"{cell:<{widths[place]}}  " for place, cell in enumerate(line[:-1]))
        wrapped = textwrap.wrap(line[-1], last) or [""]
        return "\n".join(
            (start if place == 0 else " " * indent) + text for place, text in enumerate(wrapped)
        ).rstrip()

    rule = ["-" * width for width in widths]
    rule[-1] = "-" * min(widths[-1], last)
    return "\n".join(shown(line) for line in (headings, rule, *lines))
