"""Writing three columns into a tracker, inside a process."""

from collections.abc import Sequence
from pathlib import Path

from benchmarks.plan import Contender, Goal, Section
from benchmarks.trackers import a_tracker


def _prepared(folder: Path, cases: int) -> Sequence[str]:
    return [str(a_tracker(folder / "Tracker.xlsx", cases)), str(cases)]


_OPENPYXL = "openpyxl, load and save"

WRITING = Section(
    name="writing",
    title="Writing three columns",
    about=(
        "Three cells on every case row, in a tracker with three actions a case. Time inside the"
        " process, imports left out. `set_cells` reads every cell of the written sheet back from"
        " the disk and compares it; openpyxl does not, and loses what it does not know."
    ),
    whole_process=False,
    by_rows=True,
    against=_OPENPYXL,
    contenders=(
        Contender(name="every member copied raw", role="limit", function="writing.raw_copy"),
        Contender(name="the one part packed again", role="limit", function="writing.pack_again"),
        Contender(
            name=_OPENPYXL,
            role="peer",
            function="writing.openpyxl_load_and_save",
            most_rows=10_000,
        ),
        Contender(name="set_cells", role="product", function="writing.set_cells"),
        Contender(
            name="set_cells, nothing to change", role="product", function="writing.set_nothing"
        ),
    ),
    prepare=_prepared,
    goals=(Goal(product="set_cells", against=_OPENPYXL, at_most=1 / 20, rows=10_000),),
)
