"""One contender, one process: how long it took and how much memory it had at its peak."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from benchmarks.plan import Contender, Section

ROOT = Path(__file__).parent.parent

#: A contender may be a generator: what comes before its `yield` is not timed.
_CODE = """
import sys, time
from benchmarks.contenders.{module} import {name} as work
started = time.perf_counter()
made = work(*sys.argv[1:])
if hasattr(made, "send"):
    next(made)
    started = time.perf_counter()
    for _ in made:
        pass
seconds = time.perf_counter() - started
try:
    with open("/proc/self/status") as status:
        peak = [int(line.split()[1]) for line in status if line.startswith("VmHWM")][0]
except OSError:
    peak = 0
sys.stderr.write(f"\\ntook {{seconds}} {{peak}}")
"""


@dataclass(frozen=True, slots=True)
class Measure:
    """Every run of one contender on one file."""

    contender: Contender
    seconds: list[float] = field(default_factory=list)
    peaks: list[int] = field(default_factory=list)  #: bytes; empty where the system tells none

    @property
    def median(self) -> float:
        """The middle run, in seconds."""
        return median(self.seconds)

    @property
    def peak(self) -> float | None:
        """Memory at its peak, in bytes; None where the system tells none."""
        return median(self.peaks) if self.peaks else None


class BenchmarkError(Exception):
    """A contender failed."""


def measured(section: Section, rows: int, folder: Path, runs: int) -> list[Measure]:
    """Run every contender of a section in turn, round after round."""
    arguments = section.prepare(folder, rows)
    measures = [
        Measure(contender)
        for contender in section.contenders
        if contender.most_rows is None or not section.by_rows or rows <= contender.most_rows
    ]
    for number in range(runs + 1):
        for measure in measures:
            inner, whole, passed, peak = _run(measure.contender, arguments, folder)
            if number == 0:
                continue  # the first round warms the disk's cache and the bytecode
            whole = passed if section.by_clock else whole
            measure.seconds.append(whole if section.whole_process else inner)
            if peak is not None:
                measure.peaks.append(peak)
    return measures


def _worked(process: subprocess.Popen[bytes], started: float) -> float:
    """Seconds that the processor worked for a process until its end, so that others count little.

    Where the system does not tell them, the seconds that went by.
    """
    if not hasattr(os, "wait4"):
        process.wait()
        return time.perf_counter() - started
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return used.ru_utime + used.ru_stime


def _run(
    contender: Contender, arguments: Sequence[str], folder: Path
) -> tuple[float, float, float, int | None]:
    """Seconds inside, of the whole process's work, and that passed; bytes of memory at its peak."""
    module, _, name = contender.function.partition(".")
    command = [sys.executable, "-c", _CODE.format(module=module, name=name), *arguments]
    paths = f"{ROOT}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"
    # Python keeps its bytecode for whoever uses the product; a developer may have turned that off.
    own = {name: text for name, text in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    said = folder / "said.txt"
    with said.open("wb") as errors:
        started = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603 - a command of our own
            command,
            cwd=folder,
            env={**own, "PYTHONPATH": paths},
            stdout=subprocess.DEVNULL,
            stderr=errors,
        )
        whole = _worked(process, started)
        passed = time.perf_counter() - started
    text = said.read_text(encoding="utf-8", errors="replace")
    if process.returncode or "\ntook " not in text:
        raise BenchmarkError(f"{contender.name} failed:\n{text}")
    inner, peak = text.rpartition("\ntook ")[2].split()
    return float(inner), whole, passed, int(peak) * 1024 or None
