"""Start-up: until the help is shown."""

from collections.abc import Sequence
from pathlib import Path

from benchmarks.plan import Bound, Contender, Section


def _nothing(_folder: Path, _cases: int) -> Sequence[str]:
    return []


STARTING = Section(
    name="starting",
    title="Start-up",
    about="Whole processes. The libraries are there for comparison; no daily command imports them.",
    whole_process=True,
    by_rows=False,
    against="Python alone",
    contenders=(
        Contender(name="Python alone", role="limit", function="starting.nothing"),
        Contender(name="--help", role="product", function="starting.overview"),
        Contender(name="check --help", role="product", function="starting.command_help"),
        Contender(name="import docxtpl", role="peer", function="starting.import_docxtpl"),
        Contender(name="import openpyxl", role="peer", function="starting.import_openpyxl"),
        Contender(name="import pandas", role="peer", function="starting.import_pandas"),
    ),
    prepare=_nothing,
    bounds=(Bound(product="--help", seconds=0.12, rows=500),),
)
