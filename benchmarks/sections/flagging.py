"""The flag command where nothing has to change, beside the mere reading."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.measuring import ROOT
from benchmarks.plan import Contender, Section
from benchmarks.trackers import a_tracker


def _prepared(folder: Path, cases: int) -> Sequence[str]:
    """Flag a tracker once, so that nothing has to change any more."""
    path = a_tracker(folder / "Tracker.xlsx", cases)
    command = [str(ROOT / "run.py"), "flag", "--tracker", str(path), "--as-at", "2026-01-31"]
    subprocess.run(  # noqa: S603 - a command of our own
        [sys.executable, *command], cwd=folder, check=True, capture_output=True
    )
    return [str(path)]


FLAGGING = Section(
    name="flagging",
    title="Flagging a tracker that is up to date",
    about=(
        "`flag` works out every flag, finds them all in place and writes nothing. Whole processes."
    ),
    whole_process=True,
    by_rows=True,
    against="check",
    contenders=(
        Contender(name="check", role="product", function="reading.check"),
        Contender(name="flag, nothing to write", role="product", function="flagging.flag"),
    ),
    prepare=_prepared,
)
