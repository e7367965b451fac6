"""Files are put in place whole, and never over what a person has saved."""

import contextlib
import hashlib
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mfauto.errors import TrackerBusyError, TrackerError
from mfauto.saving import made_beside, put_in_place, replace_file, sha256

NOW = datetime(2026, 11, 2, 6, 30, tzinfo=UTC)


def test_a_file_is_replaced_and_keeps_its_mode(tmp_path: Path) -> None:
    target, made = tmp_path / "Tracker.xlsx", tmp_path / "made"
    target.write_bytes(b"old")
    target.chmod(0o640)
    made.write_bytes(b"new")
    replace_file(made, target, sha256(target))

    assert target.read_bytes() == b"new"
    assert target.stat().st_mode & 0o777 == 0o640
    assert os.listdir(tmp_path) == ["Tracker.xlsx"]  # noqa: PTH208 - every name, hidden ones too


def test_a_file_saved_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    target, made = tmp_path / "Tracker.xlsx", tmp_path / "made"
    target.write_bytes(b"saved by Jo")
    made.write_bytes(b"new")

    with pytest.raises(TrackerBusyError, match="saved by someone else in the meantime"):
        replace_file(made, target, hashlib.sha256(b"old").hexdigest())
    assert target.read_bytes() == b"saved by Jo"


def test_a_file_somebody_opened_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    target, made = tmp_path / "Tracker.xlsx", tmp_path / "made"
    target.write_bytes(b"old")
    made.write_bytes(b"new")
    (tmp_path / ".~lock.Tracker.xlsx#").write_text(",Sky Example,desk,now,x;")

    with pytest.raises(TrackerBusyError, match="Sky Example has it"):
        replace_file(made, target, sha256(target))
    assert target.read_bytes() == b"old"


def test_a_target_that_is_gone_is_not_made_again(tmp_path: Path) -> None:
    made = tmp_path / "made"
    made.write_bytes(b"new")

    with pytest.raises(TrackerError, match="cannot be written"):
        replace_file(made, tmp_path / "Tracker.xlsx", "0" * 64)


def test_a_failure_leaves_nothing_behind(tmp_path: Path) -> None:
    target = tmp_path / "Tracker.xlsx"
    target.write_bytes(b"old")

    with contextlib.suppress(ZeroDivisionError), made_beside(target, [b"half", b" more"]) as made:
        assert made.read_bytes() == b"half more"
        raise ZeroDivisionError
    assert [path.name for path in tmp_path.iterdir()] == ["Tracker.xlsx"]
    assert target.read_bytes() == b"old"


def test_a_folder_that_is_not_there_is_said_plainly(tmp_path: Path) -> None:
    with (
        pytest.raises(TrackerError, match=r"Tracker\.xlsx cannot be written"),
        made_beside(tmp_path / "gone" / "Tracker.xlsx", [b"new"]),
    ):
        pass


def test_a_new_file_takes_its_place(tmp_path: Path) -> None:
    with made_beside(tmp_path / "Tracker.xlsx", [b"new"]) as made:
        put_in_place(made, tmp_path / "Tracker.xlsx")

    assert (tmp_path / "Tracker.xlsx").read_bytes() == b"new"


def test_a_file_keeps_its_owner_where_an_administrator_runs_the_product(tmp_path: Path) -> None:
    target, made = tmp_path / "Tracker.xlsx", tmp_path / "made"
    target.write_bytes(b"old")
    made.write_bytes(b"new")
    with contextlib.suppress(PermissionError):
        os.chown(target, 1234, 1234)
    owner = target.stat().st_uid, target.stat().st_gid
    replace_file(made, target, sha256(target))

    assert (target.stat().st_uid, target.stat().st_gid) == owner
