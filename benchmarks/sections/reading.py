"""Reading a tracker, as a whole process."""

from collections.abc import Sequence
from pathlib import Path

from benchmarks.plan import Bound, Contender, Goal, Section
from benchmarks.trackers import a_tracker


def _prepared(folder: Path, cases: int) -> Sequence[str]:
    return [str(a_tracker(folder / "Tracker.xlsx", cases))]


READING = Section(
    name="reading",
    title="Reading a tracker",
    about=(
        "Every cell of 4 sheets: 25 columns of cases, three actions of 13 columns each, re-audits"
        " and people. Whole processes, Python's start included. calamine cannot be the reader: it"
        " gives nothing for error values and for formulas never calculated."
    ),
    whole_process=True,
    by_rows=True,
    against="python-calamine",
    contenders=(
        Contender(name="unzip alone", role="limit", function="reading.unzip"),
        Contender(name="unzip and expat", role="limit", function="reading.expat"),
        Contender(name="python-calamine", role="peer", function="reading.calamine"),
        Contender(
            name="openpyxl, read only",
            role="peer",
            function="reading.openpyxl_read_only",
            most_rows=20_000,
        ),
        Contender(name="mfauto.xlsx, all rows", role="product", function="reading.ours"),
        Contender(name="read_tracker", role="product", function="reading.tracker"),
        Contender(name="check", role="product", function="reading.check"),
    ),
    prepare=_prepared,
    large=100_000,
    bounds=(Bound(product="check", megabytes=150, rows=10_000),),
    goals=(
        Goal(product="check", against="python-calamine", at_most=4, rows=500),
        Goal(product="check", against="python-calamine", at_most=2.5, rows=10_000),
        Goal(product="check", against="python-calamine", at_most=2.5, rows=100_000),
    ),
)
