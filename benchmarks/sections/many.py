"""Many trackers at once, on one core and on more."""

from collections.abc import Sequence
from pathlib import Path

from benchmarks.many import TRACKERS, trackers
from benchmarks.plan import Contender, Goal, Section


def _prepared(folder: Path, cases: int) -> Sequence[str]:
    return [str(trackers(folder / "trackers", TRACKERS, cases))]


MANY = Section(
    name="many",
    title=f"{TRACKERS} trackers",
    about=(
        f"`run --trackers` over {TRACKERS} trackers: each read and reviewed at two days, the "
        "summary and the pack made. No report is due in them. Each has the fewest cases that are "
        "measured, which is 500 unless `--rows` says otherwise. Whole processes, by the clock. It "
        "takes minutes, and is measured with `--large` or `--only many`."
    ),
    whole_process=True,
    by_clock=True,
    by_rows=False,
    by_itself=True,
    against="one process",
    contenders=(
        Contender(name="one tracker of them", role="limit", function="many.one_tracker"),
        Contender(name="one process", role="product", function="many.one_process"),
        Contender(name="two processes", role="product", function="many.two_processes"),
        Contender(name="a process for each core", role="product", function="many.every_core"),
    ),
    prepare=_prepared,
    goals=(Goal(product="two processes", against="one process", at_most=0.6, rows=500),),
)
