"""Two files trade places; what Windows does half-way is put right, by name."""

import os
from pathlib import Path

import pytest

from mfauto.errors import TrackerBusyError, TrackerError
from mfauto.saving.exchanging import (
    UNABLE_TO_MOVE_REPLACEMENT,
    UNABLE_TO_MOVE_REPLACEMENT_2,
    UNABLE_TO_REMOVE_REPLACED,
    StrandedError,
    trade_by_replacing,
)
from mfauto.saving.refusals import refused


def files(folder: Path) -> tuple[Path, Path, Path]:
    made, target, spare = folder / "made", folder / "Tracker.xlsx", folder / "spare"
    made.write_bytes(b"new")
    target.write_bytes(b"old")
    return made, target, spare


def replacing(target: Path, made: Path, spare: Path) -> int:
    """What ReplaceFileW does when all goes well."""
    target.rename(spare)
    made.rename(target)
    return 0


def test_the_old_file_comes_out_under_the_new_ones_name(tmp_path: Path) -> None:
    made, target, spare = files(tmp_path)
    trade_by_replacing(made, target, spare, replacing)

    assert (target.read_bytes(), made.read_bytes()) == (b"new", b"old")
    assert not spare.exists()


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
    from mfauto.saving import replace_file, sha256  # noqa: PLC0415 - patched below

    made, target, _ = files(tmp_path)
    monkeypatch.setattr("mfauto.saving.replacing.traded", lambda *_: False)
    replace_file(made, target, sha256(target))

    assert target.read_bytes() == b"new"
    assert os.listdir(tmp_path) == ["Tracker.xlsx"]  # noqa: PTH208 - every name, hidden ones too


def test_the_person_at_the_screen_is_told_where_the_tracker_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mfauto.saving import replace_file, sha256  # noqa: PLC0415 - patched below

    made, target, _ = files(tmp_path)

    def stranded(_: Path, target: Path, spare: Path) -> bool:
        target.rename(spare)
        raise StrandedError(spare, target)

    expected = sha256(target)
    monkeypatch.setattr("mfauto.saving.replacing.traded", stranded)
    with pytest.raises(TrackerError, match=r"Rename it to Tracker\.xlsx"):
        replace_file(made, target, expected)
