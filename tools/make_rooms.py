"""Writes the table of rooms in `docs/developers.md`, from the plan that a test holds.

The plan's order is that of `tests/test_layers.py`; each room's purpose is the first
line of its own docstring. A test says that the page is what this makes.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.test_layers import PACKAGE, ROOMS

TARGET = Path(__file__).parent.parent / "docs" / "developers.md"
BEGIN = "<!-- the rooms: begin; made by python -m tools.make_rooms -->\n"
END = "<!-- the rooms: end -->\n"


def purpose(room: str) -> str:
    """Give the first line of a room's docstring."""
    module = PACKAGE / f"{room}.py"
    path = module if module.exists() else PACKAGE / room / "__init__.py"
    said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return said.partition("\n")[0].replace("|", "\\|")


def lines() -> Iterator[str]:
    """Give the table's lines, the topmost room first."""
    yield "| Room | Purpose |"
    yield "|---|---|"
    for room in reversed(ROOMS):
        yield f"| `{room}` | {purpose(room)} |"


def page(text: str) -> str:
    """Give the page with the table of today."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    table = "\n".join(lines())
    return f"{before}{BEGIN}\n{table}\n\n{END}{after}"


if __name__ == "__main__":
    TARGET.write_text(page(TARGET.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
