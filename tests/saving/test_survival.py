"""Whatever stops a run, the tracker is the old one or the new one, whole, and the next run works.

Each call of a run that touches the working folder is met once: there the process is killed,
the call fails, a person saves, or a second run comes along. The ordinary suite takes a part
of them, spread evenly; with `MFAUTO_LONG=1` every one is taken.
"""

import errno
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from openpyxl import load_workbook

from mfauto.saving.backups import all_backups
from mfauto.xlsx import read_cells
from tests.making import a_workbook
from tests.saving.meddling import TRACKER, Helper, Outcome
from tests.test_check import ACTION, CASE

LONG = bool(os.environ.get("MFAUTO_LONG"))
AS_AT = ("--as-at", "2026-11-02")
FLAG = ("flag", *AS_AT)
RESTORE = ("restore", "LATEST", "--yes", *AS_AT)
FAULTS = (errno.ENOSPC, errno.EIO, errno.EACCES)
SAVES = ("in place", "as Excel", "by rename", "slowly")
CALM = {0, 2, 4}  #: done, or refused in plain words
NOTE = "noted by Jo"


@dataclass(frozen=True)
class Scene:
    """A working folder before a run, and what one undisturbed run makes of it."""

    folder: Path
    old: bytes
    new: bytes
    calls: list[str]

    def again(self, where: Path) -> Path:
        """Give the folder as it was before the run."""
        target = where / "w"
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(self.folder, target)
        return target


@pytest.fixture(scope="module")
def helper() -> Iterator[Helper]:
    with Helper() as started:
        yield started


def a_scene(helper: Helper, folder: Path, command: tuple[str, ...]) -> Scene:
    tried = folder.with_name("tried")
    shutil.copytree(folder, tried)
    outcome = helper.run(tried, *command)
    assert outcome.code == 0, outcome.said
    old, new = (folder / TRACKER).read_bytes(), (tried / TRACKER).read_bytes()
    assert old != new
    return Scene(folder, old, new, outcome.calls)


def a_working_folder(folder: Path) -> Path:
    folder.mkdir()
    (folder / "mfauto.toml").write_text(f'tracker = "{TRACKER}"\nwait_seconds = 0\n')
    a_workbook(folder / TRACKER, cases=[CASE], actions=[ACTION])
    return folder


@pytest.fixture(scope="module")
def first_run(helper: Helper, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """The first run in a folder: history, lock and backups are made in it."""
    return a_scene(helper, a_working_folder(tmp_path_factory.mktemp("first") / "w"), FLAG)


@pytest.fixture(scope="module")
def restoring(helper: Helper, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """A flagged tracker about to become its backup again."""
    folder = a_working_folder(tmp_path_factory.mktemp("restoring") / "w")
    assert helper.run(folder, *FLAG).code == 0
    return a_scene(helper, folder, RESTORE)


def some(scene: Scene, step: int, start: int = 0) -> range:
    """Give the numbers of the calls to meet: all of them, or each `step`-th."""
    return range(0, len(scene.calls), 1) if LONG else range(start, len(scene.calls), step)


def nothing_is_left_behind(folder: Path, known: set[bytes]) -> None:
    """Only the tracker, the history, the lock, the settings and whole backups stand there."""
    there = {path.name for path in folder.iterdir()}
    own = {TRACKER, "mfauto.toml", "mfauto-history.lock", "mfauto-history.sqlite3", "backups"}
    assert there | {"backups"} == own
    backups = all_backups(folder / "backups")
    assert there == own or not backups
    assert {backup.path.name for backup in backups} == {
        path.name for path in folder.glob("backups/*")
    }
    assert {backup.path.read_bytes() for backup in backups} <= known


def survives(
    helper: Helper, scene: Scene, folder: Path, command: tuple[str, ...], met: Outcome
) -> None:
    """Hold the tracker against old and new, then let the next run finish the work."""
    assert (folder / TRACKER).read_bytes() in (scene.old, scene.new)
    assert "Something went wrong" not in met.said, met.said
    following = helper.run(folder, *command)
    assert following.code == 0, following.said
    assert (folder / TRACKER).read_bytes() in (scene.old, scene.new)
    if command is not FLAG:  # what it has put back is flagged as ever
        assert helper.run(folder, *FLAG).code == 0
    nothing_is_left_behind(folder, {scene.old, scene.new})


@pytest.mark.parametrize("command", [FLAG, RESTORE], ids=lambda command: command[0])
def test_a_run_killed_at_any_call_leaves_the_old_tracker_or_the_new_one(
    helper: Helper, tmp_path: Path, request: pytest.FixtureRequest, command: tuple[str, ...]
) -> None:
    scene = request.getfixturevalue("first_run" if command is FLAG else "restoring")
    for number in some(scene, 5 if command is FLAG else 13):
        folder = scene.again(tmp_path)
        met = helper.run(folder, *command, at=number, kill=True)
        assert met.code == -9
        survives(helper, scene, folder, command, met)
        if command is FLAG:
            assert (folder / TRACKER).read_bytes() == scene.new


@pytest.mark.parametrize("lasting", [False, True], ids=["once", "from then on"])
@pytest.mark.parametrize("fault", FAULTS, ids=errno.errorcode.get)
@pytest.mark.parametrize("command", [FLAG, RESTORE], ids=lambda command: command[0])
def test_a_call_that_fails_leaves_the_old_tracker_or_the_new_one_and_is_told_plainly(
    helper: Helper,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    command: tuple[str, ...],
    fault: int,
    *,
    lasting: bool,
) -> None:
    scene = request.getfixturevalue("first_run" if command is FLAG else "restoring")
    start = FAULTS.index(fault) + 3 * lasting
    for number in some(scene, 23 if command is FLAG else 37, 4 * start):
        folder = scene.again(tmp_path)
        met = helper.run(folder, *command, at=number, error=fault, lasting=lasting)
        assert met.code in CALM, (number, scene.calls[number], met)
        survives(helper, scene, folder, command, met)


def noted(folder: Path) -> bool:
    return any(cell.value == NOTE for cell in read_cells(folder / TRACKER, "Cases"))


def flagged(folder: Path) -> bool:
    return any(cell.value == "Improving" for cell in read_cells(folder / TRACKER, "Cases"))


@pytest.fixture(scope="module")
def saved_by_jo(first_run: Scene, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a person saves who opened the tracker before the run."""
    target = tmp_path_factory.mktemp("jo") / TRACKER
    book = load_workbook(first_run.folder / TRACKER)
    book["Cases"]["AK2"] = NOTE
    book.save(target)
    return target


@pytest.mark.parametrize("how", SAVES)
def test_what_a_person_saves_at_any_moment_of_a_run_is_never_lost(
    helper: Helper, tmp_path: Path, first_run: Scene, saved_by_jo: Path, how: str
) -> None:
    for number in some(first_run, 13, 3 * SAVES.index(how)):
        folder = first_run.again(tmp_path)
        (folder / "mfauto.toml").write_text(f'tracker = "{TRACKER}"\nwait_seconds = 1\n')
        met = helper.run(folder, *FLAG, at=number, save=how, data=str(saved_by_jo))
        assert met.code in {0, 4}, (number, first_run.calls[number], met)
        assert noted(folder), (number, first_run.calls[number], met)
        following = helper.run(folder, *FLAG)
        assert following.code == 0, following.said
        assert noted(folder)
        assert flagged(folder)


def test_of_two_runs_that_meet_anywhere_exactly_one_works(
    helper: Helper, tmp_path: Path, first_run: Scene
) -> None:
    for number in some(first_run, 11):
        folder = first_run.again(tmp_path)
        met = helper.run(folder, *FLAG, at=number, along=str(folder))
        assert met.other
        both = [met, met.other]
        assert [outcome.code for outcome in both] in ([0, 2], [0, 0]), both
        assert sum("cells written" in outcome.said for outcome in both) == 1, both
        if met.other.code:
            assert "Another run is at work" in met.other.said
            assert "This one did nothing." in met.other.said
        assert (folder / TRACKER).read_bytes() == first_run.new
        nothing_is_left_behind(folder, {first_run.old, first_run.new})


def test_runs_of_two_working_folders_on_one_tracker_never_harm_it(
    helper: Helper, tmp_path: Path, first_run: Scene
) -> None:
    """Each folder has a lock of its own: only what stands in the tracker holds them apart."""
    other = tmp_path / "other"
    for number in some(first_run, 13):
        folder = first_run.again(tmp_path)
        shutil.rmtree(other, ignore_errors=True)
        other.mkdir()
        (other / "mfauto.toml").write_text(f'tracker = "../w/{TRACKER}"\n')
        met = helper.run(folder, *FLAG, at=number, along=str(other))
        assert met.other
        assert (met.code, met.other.code) == (0, 0), met
        said = met.said + met.other.said
        assert said.count("cells written") == 1, said
        assert (folder / TRACKER).read_bytes() == first_run.new
        nothing_is_left_behind(folder, {first_run.old, first_run.new})


def test_of_two_runs_started_together_exactly_one_works(
    helper: Helper, tmp_path: Path, first_run: Scene
) -> None:
    for _ in range(100 if LONG else 10):
        folder = first_run.again(tmp_path)
        both = helper.race(folder, *FLAG)
        assert sorted(outcome.code for outcome in both) in ([0, 2], [0, 0]), both
        assert sum("cells written" in outcome.said for outcome in both) == 1, both
        for outcome in both:
            if outcome.code:
                assert "Another run is at work" in outcome.said
        assert (folder / TRACKER).read_bytes() == first_run.new
        nothing_is_left_behind(folder, {first_run.old, first_run.new})
