"""Ten times the cases cost about ten times the work: counted, so that no clock is asked.

Counted are the calls of functions, Python's and C's own, the bytes read from the disk, and the
memory at its peak. What a tracker costs however small it is, such as finding its headings, is
left out of the first two: a further case must cost the same in a large tracker as in a small one.
"""

import shutil
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import pytest

from benchmarks.weeks import MONDAY, rows_of
from mfauto.cli.reading import as_json
from mfauto.jobs import Run, flag, reviewed
from mfauto.measures import Measures
from mfauto.pack import told_fields
from mfauto.pack.told import Told
from mfauto.schedule import LONDON
from mfauto.settings import Settings
from mfauto.terminal import check_text
from tests.calls import counted_calls
from tests.making import a_workbook

ONCE: Final = 78  #: the cases of the demo: told once, twice, and ten times
SIZES: Final = (ONCE, 2 * ONCE, 10 * ONCE)
ENDS: Final = (SIZES[0], SIZES[-1])
NOW: Final = datetime(2027, 10, 4, 9, tzinfo=LONDON)
_READ: Final = Path("/proc/self/io")  #: its first line says how many bytes this process has read


@dataclass(frozen=True)
class Cost:
    """What one piece of work costs."""

    calls: int
    bytes_read: int | None  #: None where the system does not say
    memory: int | None  #: bytes at the peak; None where it was not asked for


def check(settings: Settings) -> None:
    found = reviewed(settings, MONDAY)
    assert check_text(found)
    assert as_json(found)


def write_flags(settings: Settings) -> None:
    assert flag(Run(settings=settings, as_at=MONDAY, now=NOW)).made


def figures(settings: Settings) -> None:
    found = reviewed(settings, MONDAY)
    assert told_fields(Told(found, settings, Measures(found, settings.policy)))


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    made = {cases: tmp_path_factory.mktemp(f"tenfold-{cases}") for cases in SIZES}
    for cases, folder in made.items():
        rows: dict[str, Any] = dict(rows_of(cases))
        a_workbook(folder / "Tracker.xlsx", **rows)
    return made


@pytest.fixture(scope="module", params=[check, write_flags, figures], ids=lambda one: one.__name__)
def costs(
    request: pytest.FixtureRequest,
    folders: dict[int, Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[int, Cost]:
    work: Callable[[Settings], None] = request.param
    here = tmp_path_factory.mktemp("at-work")

    def fresh(cases: int) -> Settings:
        folder = here / "folder"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(folders[cases], folder)
        return Settings(folder=folder)

    work(fresh(ONCE))  # what is imported or prepared once is no cost of a case
    return {cases: cost(work, cases, fresh) for cases in SIZES}


def cost(work: Callable[[Settings], None], cases: int, fresh: Callable[[int], Settings]) -> Cost:
    settings = fresh(cases)
    before = bytes_read()
    with counted_calls() as calls:
        work(settings)
    after = bytes_read()
    read = after - before if after and before else None
    return Cost(sum(calls.values()), read, peak(work, fresh(cases)) if cases in ENDS else None)


def peak(work: Callable[[Settings], None], settings: Settings) -> int:
    tracemalloc.start()
    try:
        work(settings)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def bytes_read() -> int | None:
    if not _READ.exists():
        return None
    return int(_READ.read_text(encoding="ascii").split()[1])


def growth(small: int, middle: int, large: int) -> float:
    """Give what a further case costs among many, over what it costs among few."""
    once, twice, ten = SIZES
    return ((large - small) / (ten - once)) / ((middle - small) / (twice - once))


def test_a_further_case_makes_as_many_calls_in_a_tracker_ten_times_as_large(
    costs: dict[int, Cost],
) -> None:
    small, middle, large = (one.calls for one in costs.values())
    assert 0.5 < growth(small, middle, large) < 1.1


def test_a_further_case_has_as_many_bytes_read_in_a_tracker_ten_times_as_large(
    costs: dict[int, Cost],
) -> None:
    read = [one.bytes_read for one in costs.values() if one.bytes_read is not None]
    if len(read) < len(SIZES):
        pytest.skip("this system does not say how many bytes a process has read")
    assert 0.5 < growth(*read) < 1.1


def test_ten_times_the_cases_take_at_most_ten_times_the_memory(costs: dict[int, Cost]) -> None:
    small, large = (one.memory for one in costs.values() if one.memory is not None)
    assert 2 < large / small < 10
