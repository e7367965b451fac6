"""A run that makes everything, beside reading the tracker it is made from."""

from collections.abc import Sequence
from pathlib import Path

from benchmarks.plan import Bound, Contender, Section
from benchmarks.weeks import a_working_folder


def _prepared(folder: Path, cases: int) -> Sequence[str]:
    return [
        str(a_working_folder(folder / "usual", cases)),
        str(a_working_folder(folder / "many-reports", cases, every_report=True)),
    ]


RUNNING = Section(
    name="running",
    title="A Monday on which everything is due",
    about=(
        "`run` on a Monday that is also the day of the pack, from the tracker as people left it. "
        "It makes the backup, flags, child safety emails, exception reports, weekly emails, "
        "covering notes and the pack. Each is noted in the history. With many reports, one is due "
        "from each Inadequate "
        "case that had its meeting: 286 of 500. Whole processes, by the clock, since they wait for "
        "the disk."
    ),
    whole_process=True,
    by_clock=True,
    by_rows=True,
    against="check",
    contenders=(
        Contender(name="check", role="product", function="running.check"),
        Contender(name="run, everything due", role="product", function="running.run"),
        Contender(
            name="run, everything due and many reports",
            role="product",
            function="running.run_of_many_reports",
            most_rows=10_000,
        ),
        Contender(name="run, everything done", role="product", function="running.run_again"),
    ),
    prepare=_prepared,
    bounds=(Bound(product="run, everything due", seconds=3, rows=500),),
)
