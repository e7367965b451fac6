"""One tracker of many: its figures are those of its own pack, and nothing of it is touched."""

from datetime import date
from pathlib import Path

import pytest

from mfauto.demo import demo_rows
from mfauto.many.unit import Task, examine, figures
from mfauto.measures import Measures
from mfauto.policy import Policy
from mfauto.process import review
from mfauto.settings import Settings
from mfauto.template import make_tracker
from mfauto.workbook import read_tracker
from tests.many.making import AS_AT, a_service, every_file
from tests.second_reading.layout import TIDY, place, save
from tests.second_reading.trackers import a_made_up_tracker

OCTOBER = date(2026, 10, 31)


def a_task(path: Path, **more: object) -> Task:
    given = {"settings": Settings(folder=path.parent), "as_at": AS_AT, "month": OCTOBER, **more}
    return Task(name=path.stem, path=path, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize("made", ["demo", *range(5)])
def test_the_figures_are_those_of_the_trackers_own_pack(tmp_path: Path, made: str | int) -> None:
    path = tmp_path / "Tracker.xlsx"
    if isinstance(made, int):
        save(place(a_made_up_tracker(made, cases=40), made, TIDY), path)
    else:
        make_tracker(path, demo_rows(AS_AT))
    tracker = read_tracker(path)
    for month in range(1, 13):
        last = date(2026 + month // 12, month % 12 + 1, 1) - date.resolution
        found = review(tracker, Policy(), last)
        counted, measured = figures(found), Measures(found, Policy())
        assert counted.inadequate == measured.snapshots[0].remaining
        assert counted.left == measured.flows[-1].left
        assert counted.overdue == measured.snapshots[0].overdue
        assert counted.unsafe == len(measured.late_by_step["assure_child_safety"])
        assert counted.rows_read == counted.cases + counted.outside + counted.excluded
        assert counted.red == sum(place.rag == "Red" for place in found.positions)


def test_a_tracker_is_examined_at_both_days_and_its_reports_are_made(tmp_path: Path) -> None:
    path = a_service(tmp_path / "in" / "North.xlsx", cases=5, unsafe=2, left=1)
    before = path.read_bytes()
    answer = examine(a_task(path, reports=tmp_path / "out"))
    assert answer.trouble == ()
    assert answer.now is not None
    assert answer.month is not None
    assert (answer.now.cases, answer.now.inadequate, answer.now.unsafe) == (5, 4, 2)
    assert (answer.month.left, answer.now.left) == (1, 0)
    assert answer.due == 5
    assert [report.case for report in answer.reports] == [f"MF-{n:03d}" for n in range(5)]
    assert sorted(every_file(tmp_path / "out")) == [f"MF-{n:03d}.docx" for n in range(5)]
    assert path.read_bytes() == before


def test_a_report_that_was_made_before_is_left_alone_while_it_is_there(tmp_path: Path) -> None:
    path = a_service(tmp_path / "North.xlsx", cases=2)
    task = a_task(path, reports=tmp_path / "out", made=frozenset({"MF-000"}))
    assert [report.case for report in examine(task).reports] == ["MF-000", "MF-001"]
    (tmp_path / "out" / "MF-000.docx").write_bytes(b"signed")
    answer = examine(task)
    assert [report.case for report in answer.reports] == ["MF-001"]
    assert (tmp_path / "out" / "MF-000.docx").read_bytes() == b"signed"
    assert answer.due == 2


@pytest.mark.parametrize(
    ("content", "said"), [(b"", "empty"), (b"hello", "plain text"), (b"PK\x03\x04", "damaged")]
)
def test_a_file_that_is_no_workbook_is_a_row_that_says_so(
    tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "North.xlsx"
    path.write_bytes(content)
    answer = examine(a_task(path))
    assert answer.now is None
    assert answer.exit_code == 4
    assert said in answer.trouble[0]


def test_a_file_that_has_gone_is_a_row_that_says_so(tmp_path: Path) -> None:
    answer = examine(
        a_task(tmp_path / "North.xlsx", settings=Settings(folder=tmp_path, wait_seconds=0))
    )
    assert answer.exit_code == 4
    assert "North.xlsx" in answer.trouble[0]


def test_a_bug_is_a_row_that_names_the_place_and_none_of_what_the_tracker_says(
    tmp_path: Path,
) -> None:
    path = a_service(tmp_path / "North.xlsx")
    answer = examine(a_task(path, as_at="MF-000 of Ada"))
    assert answer.exit_code == 1
    assert "Something went wrong inside mfauto (TypeError in" in answer.trouble[0]
    assert "Ada" not in answer.trouble[0]


def test_a_template_that_cannot_be_filled_is_said_and_the_figures_stand(tmp_path: Path) -> None:
    path = a_service(tmp_path / "North.xlsx")
    settings = Settings(folder=tmp_path, templates=tmp_path)
    answer = examine(a_task(path, settings=settings, reports=tmp_path / "out"))
    assert answer.now is not None
    assert answer.reports == ()
    assert len(answer.trouble) == 1
    assert answer.exit_code == 2
