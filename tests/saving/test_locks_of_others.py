"""Who has a workbook open is read from the files that Excel and LibreOffice keep beside it."""

from pathlib import Path

import pytest

from mfauto.saving import lock_holder


def an_owner_file(name: str) -> bytes:
    """What Excel writes beside a workbook that somebody has open."""
    narrow = bytes([len(name)]) + name.encode("cp1252", "replace").ljust(54)
    return (
        narrow + len(name).to_bytes(2, "little") + name.encode("utf-16-le").ljust(108, b" \0"[:1])
    )


@pytest.mark.parametrize("name", ["Jo Smith", "Zoë Łukasz"])
def test_excels_lock_names_its_holder(tmp_path: Path, name: str) -> None:
    (tmp_path / "~$Tracker.xlsx").write_bytes(an_owner_file(name))

    assert lock_holder(tmp_path / "Tracker.xlsx") == name


@pytest.mark.parametrize(
    ("lock", "data", "holder"),
    [
        ("~$Tracker.xlsx", b"", "someone"),
        ("~$Tracker.xlsx", b"\x03Ann", "Ann"),
        (".~lock.Tracker.xlsx#", b",jo,council-pc,02.11.2026 06:30,file:///x;", "jo"),
        (".~lock.Tracker.xlsx#", b"Jo Smith,jo,council-pc,;", "Jo Smith"),
        (".~lock.Tracker.xlsx#", b"", "someone"),
        ("~$Other.xlsx", b"\x03Ann", None),
    ],
)
def test_locks_of_every_kind_are_read(
    tmp_path: Path, lock: str, data: bytes, holder: str | None
) -> None:
    (tmp_path / lock).write_bytes(data)

    assert lock_holder(tmp_path / "Tracker.xlsx") == holder
