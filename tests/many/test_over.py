"""Many trackers on one computer and on a cluster: the same answers, whatever ends a process."""

import os
import pickle
import signal
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mfauto.many import Examined, Task, examine, over, spread
from mfauto.parts import heard_by
from mfauto.settings import Settings
from tests.many.making import AS_AT, a_service, every_file


class Deadly:
    """Ends, by the system's own signal, each other process that it is brought to."""

    def __reduce__(self) -> tuple[Any, tuple[int]]:
        return _brought, (os.getpid(),)


def _brought(start: int) -> Deadly:
    if os.getpid() == start:  # Dask's scheduler looks at each task, in the process of the test
        return Deadly()
    if hasattr(signal, "SIGKILL"):
        os.kill(os.getpid(), signal.SIGKILL)
    os._exit(1)


def tasks(folder: Path, number: int, out: Path) -> list[Task]:
    made = []
    for place in range(number):
        path = folder / f"{place}.xlsx"
        if place == 2:
            path.write_bytes(b"no workbook")
        elif not path.exists():  # the file holds the moment it was made
            a_service(path, cases=place + 1, unsafe=place)
        made.append(
            Task(
                name=path.stem,
                path=path,
                settings=Settings(folder=folder),
                as_at=AS_AT,
                month=date(2026, 10, 31),
                reports=out / path.stem,
            )
        )
    return made


def deadly(task: Task) -> Task:
    return replace(task, settings=Deadly())  # type: ignore[arg-type]


def moved(answers: list[Examined], base: Path) -> list[Examined]:
    """Give answers with their reports' paths below `base`, to compare those of two runs."""
    return [
        replace(
            one,
            reports=tuple(
                replace(r, path=r.path.relative_to(base), target=r.target.relative_to(base))
                for r in one.reports
            ),
        )
        for one in answers
    ]


def test_a_task_and_its_answer_can_be_handed_to_another_process(tmp_path: Path) -> None:
    (task,) = tasks(tmp_path, 1, tmp_path / "out")
    again = pickle.loads(pickle.dumps(task))  # noqa: S301 - its own
    assert again == task
    answer = examine(again)
    assert pickle.loads(pickle.dumps(answer)) == answer  # noqa: S301 - its own


def test_any_number_of_processes_gives_the_same_answers_and_files(tmp_path: Path) -> None:
    alone = [examine(task) for task in tasks(tmp_path, 5, tmp_path / "alone")]
    one = over(tasks(tmp_path, 5, tmp_path / "one"), workers=1)
    three = over(tasks(tmp_path, 5, tmp_path / "three"), workers=3)
    assert [one.exit_code for one in alone] == [0, 0, 4, 0, 0]
    assert moved(alone, tmp_path / "alone") == moved(one, tmp_path / "one")
    assert moved(alone, tmp_path / "alone") == moved(three, tmp_path / "three")
    files = every_file(tmp_path / "alone")
    assert len(files) == 1 + 2 + 4 + 5
    assert files == every_file(tmp_path / "one") == every_file(tmp_path / "three")


def test_a_process_that_is_ended_is_one_bad_row_and_the_others_are_answered(tmp_path: Path) -> None:
    given = tasks(tmp_path, 5, tmp_path / "out")
    given[1] = deadly(given[1])
    answers = over(given, workers=2)
    assert [one.name for one in answers] == ["0", "1", "2", "3", "4"]
    assert [one.exit_code for one in answers] == [0, 4, 4, 0, 0]
    assert "was ended from outside" in answers[1].trouble[0]
    assert "plain text" in answers[2].trouble[0]


def test_where_every_process_is_ended_every_row_says_so(tmp_path: Path) -> None:
    answers = over([deadly(task) for task in tasks(tmp_path, 2, tmp_path / "out")], workers=2)
    assert ["was ended from outside" in one.trouble[0] for one in answers] == [True, True]


class Heard:
    """Keeps what a person would see of how far the work has come."""

    def __init__(self) -> None:
        self.counts: list[tuple[int, int]] = []

    def begin(self, what: str) -> None:
        pass

    def count(self, done: int, of: int) -> None:
        self.counts.append((done, of))

    def end(self) -> None:
        pass


def test_how_far_the_work_has_come_is_said(tmp_path: Path) -> None:
    heard = Heard()
    with heard_by(heard):
        over(tasks(tmp_path, 3, tmp_path / "out"), workers=1)
    assert heard.counts == [(1, 3), (2, 3), (3, 3)]


def test_nothing_to_do_is_done(tmp_path: Path) -> None:
    assert over([]) == []
    assert not list(tmp_path.iterdir())


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    distributed = pytest.importorskip(
        "distributed", reason="the extra mfauto[dask] is not installed"
    )
    import dask  # noqa: PLC0415 - comes with it

    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 0}),
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
        ) as cluster,
        distributed.Client(cluster) as made,
    ):
        yield made


def test_dask_gives_the_answers_and_files_of_one_computer(tmp_path: Path, client: Any) -> None:
    here = over(tasks(tmp_path, 5, tmp_path / "here"))
    there = spread(tasks(tmp_path, 5, tmp_path / "there"), client)
    assert moved(here, tmp_path / "here") == moved(there, tmp_path / "there")
    assert every_file(tmp_path / "here") == every_file(tmp_path / "there")


def test_a_process_of_dask_that_is_ended_is_one_bad_row(tmp_path: Path, client: Any) -> None:
    given = tasks(tmp_path, 4, tmp_path / "out")
    given[1] = deadly(given[1])
    answers = spread(given, client)
    assert [one.exit_code for one in answers] == [0, 4, 4, 0]
    assert "was ended from outside" in answers[1].trouble[0]
