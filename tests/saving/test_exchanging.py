"""Two files trade places; what Windows does half-way is put right, by name."""

import errno
import importlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from mfauto.errors import TrackerBusyError, TrackerError, TrackerSavedError
from mfauto.saving import replace_file, sha256
from mfauto.saving.exchanging import (
    UNABLE_TO_MOVE_REPLACEMENT,
    UNABLE_TO_MOVE_REPLACEMENT_2,
    UNABLE_TO_REMOVE_REPLACED,
    StrandedError,
    trade_by_replacing,
)
from mfauto.saving.refusals import refused

Traded = Callable[[Path, Path, Path], Path | None]


def files(folder: Path) -> tuple[Path, Path, Path]:
    made, target, spare = folder / "made", folder / "Tracker.xlsx", folder / "spare"
    made.write_bytes(b"new")
    target.write_bytes(b"old")
    return made, target, spare


class WindowsFileError(OSError):
    """An error with Windows' own number, which elsewhere it does not carry by itself."""

    winerror: int | None = None


def windows_error(number: int, _: Path) -> OSError:
    error = WindowsFileError(errno.EACCES, f"Windows error {number}")
    error.winerror = number
    return error


def replacing(target: Path, made: Path, spare: Path) -> int:
    """What ReplaceFileW does when all goes well."""
    target.rename(spare)
    made.rename(target)
    return 0


def test_the_old_file_comes_out_under_the_spare_name(tmp_path: Path) -> None:
    made, target, spare = files(tmp_path)
    trade_by_replacing(made, target, spare, replacing)

    assert (target.read_bytes(), spare.read_bytes()) == (b"new", b"old")
    assert not made.exists()


@pytest.mark.parametrize("number", [5, 32, UNABLE_TO_REMOVE_REPLACED, UNABLE_TO_MOVE_REPLACEMENT])
def test_a_program_that_holds_a_file_for_a_moment_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    made, target, spare = files(tmp_path)
    answers = [number, number]

    def held(target: Path, made: Path, spare: Path) -> int:
        return answers.pop() if answers else replacing(target, made, spare)

    monkeypatch.setattr("mfauto.saving.exchanging._windows_error", windows_error)
    trade_by_replacing(made, target, spare, held, seconds=30)
    assert (target.read_bytes(), spare.read_bytes()) == (b"new", b"old")


@pytest.mark.parametrize("number", [UNABLE_TO_REMOVE_REPLACED, UNABLE_TO_MOVE_REPLACEMENT, 32, 5])
def test_where_windows_moved_nothing_nothing_is_moved(tmp_path: Path, number: int) -> None:
    made, target, spare = files(tmp_path)

    with pytest.raises(OSError, match=str(number)) as failure:
        trade_by_replacing(made, target, spare, lambda *_: number)
    assert (target.read_bytes(), made.read_bytes()) == (b"old", b"new")
    said = refused(target, "cannot be written", failure.value)
    assert isinstance(said, TrackerBusyError)
    assert "Nothing was changed." in str(said)


@pytest.mark.parametrize("number", [UNABLE_TO_MOVE_REPLACEMENT_2, 1450])
def test_a_tracker_left_under_its_spare_name_gets_its_own_back(tmp_path: Path, number: int) -> None:
    made, target, spare = files(tmp_path)

    def half_way(target: Path, _: Path, spare: Path) -> int:
        target.rename(spare)
        return number

    with pytest.raises(OSError, match=str(number)):
        trade_by_replacing(made, target, spare, half_way)
    assert (target.read_bytes(), made.read_bytes()) == (b"old", b"new")
    assert not spare.exists()


def test_a_tracker_that_cannot_have_its_name_back_is_named(tmp_path: Path) -> None:
    made, target, spare = files(tmp_path)

    def lost(target: Path, _: Path, spare: Path) -> int:
        target.rename(spare)
        spare.rename(spare.with_name("held by another program"))
        return UNABLE_TO_MOVE_REPLACEMENT_2

    with pytest.raises(StrandedError) as failure:
        trade_by_replacing(made, target, spare, lost)
    assert failure.value.spare == spare


def test_a_file_somebody_makes_meanwhile_is_not_replaced_by_the_old_one(tmp_path: Path) -> None:
    made, target, spare = files(tmp_path)

    def half_way(target: Path, _: Path, spare: Path) -> int:
        target.rename(spare)
        target.write_bytes(b"saved by Jo")
        return UNABLE_TO_MOVE_REPLACEMENT_2

    with pytest.raises(OSError, match="1177"):
        trade_by_replacing(made, target, spare, half_way)
    assert (target.read_bytes(), spare.read_bytes()) == (b"saved by Jo", b"old")


def test_where_the_drive_cannot_let_them_trade_a_plain_rename_serves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, target, _ = files(tmp_path)
    monkeypatch.setattr("mfauto.saving.replacing.traded", lambda *_: None)
    replace_file(made, target, sha256(target))

    assert target.read_bytes() == b"new"
    assert os.listdir(tmp_path) == ["Tracker.xlsx"]  # noqa: PTH208 - every name, hidden ones too


def test_the_person_at_the_screen_is_told_where_the_tracker_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, target, _ = files(tmp_path)

    def stranded(_: Path, target: Path, spare: Path) -> bool:
        target.rename(spare)
        raise StrandedError(spare, target)

    expected = sha256(target)
    monkeypatch.setattr("mfauto.saving.replacing.traded", stranded)
    with pytest.raises(TrackerError, match=r"Rename it to Tracker\.xlsx"):
        replace_file(made, target, expected)


def by_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the product replace files the way it does on Windows."""

    def traded(made: Path, target: Path, spare: Path) -> Path:
        trade_by_replacing(made, target, spare, replacing)
        return spare

    monkeypatch.setattr("mfauto.saving.replacing.traded", traded)


def test_by_windows_way_the_old_file_is_gone_in_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, target, _ = files(tmp_path)
    by_windows(monkeypatch)
    replace_file(made, target, sha256(target))

    assert target.read_bytes() == b"new"
    assert os.listdir(tmp_path) == ["Tracker.xlsx"]  # noqa: PTH208 - every name, hidden ones too


@pytest.mark.parametrize("way", ["Linux", "Windows"])
@pytest.mark.parametrize("saves", [1, 2])
def test_a_save_between_the_last_look_and_the_exchange_goes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str, saves: int
) -> None:
    """One save: it stands again. Another one before it is back: the latest stands."""
    made, target, _ = files(tmp_path)
    expected = sha256(target)
    if way == "Windows":
        by_windows(monkeypatch)
    real: Traded = importlib.import_module("mfauto.saving.replacing").traded
    times: list[int] = []

    def meanwhile(made: Path, target: Path, spare: Path) -> Path | None:
        times.append(1)
        if len(times) <= saves:
            target.write_bytes(f"save {len(times)}".encode())
        return real(made, target, spare)

    monkeypatch.setattr("mfauto.saving.replacing.traded", meanwhile)
    with pytest.raises(TrackerSavedError):
        replace_file(made, target, expected)
    assert target.read_bytes() == f"save {saves}".encode()
    left = [path.read_bytes() for path in tmp_path.iterdir() if path != target]
    assert left == ([] if saves == 1 else [b"save 1"]), "an earlier save is kept for a person"
