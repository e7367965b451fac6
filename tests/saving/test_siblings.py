"""Second versions by sync programs are told from a person's own copies."""

from pathlib import Path

import pytest

from mfauto.errors import TrackerError
from mfauto.saving import check_writable, siblings


def beside(folder: Path, *names: str) -> Path:
    tracker = folder / "Tracker.xlsx"
    tracker.write_bytes(b"the tracker")
    for name in names:
        (folder / name).write_bytes(b"another version")
    return tracker


@pytest.mark.parametrize(
    "name",
    [
        "Tracker-DESKTOP-4F7K2QL.xlsx",
        "Tracker-LAPTOP-9AB3.xlsx",
        "Tracker-LT012345.xlsx",
        "Tracker-CSC-PC-0042.xlsx",
        "Tracker-LT012345-2.xlsx",
        "Tracker-own-pc.xlsx",
        "tracker-OWN-PC-3.xlsx",
        "Tracker (1).xlsx",
        "Tracker(2).xlsx",
        "Tracker (John's conflicted copy 2026-11-02).xlsx",
        "Tracker (conflicted copy 2026-11-02 093015).xlsx",
        "Tracker (Case Conflict).xlsx",
        "Tracker_conflict-20261102-093015.xlsx",
        "Tracker.sync-conflict-20261102-093015-ABCDEF7.xlsx",
        "Tracker [Conflict].xlsx",
    ],
)
def test_a_second_version_stops_writing_and_is_named(tmp_path: Path, name: str) -> None:
    tracker = beside(tmp_path, name)

    found = siblings(tracker, computer="OWN-PC")

    assert [path.name for path in found.conflicts] == [name]
    assert found.copies == ()


@pytest.mark.parametrize(
    "name",
    [
        "Tracker 2025.xlsx",
        "Tracker-2025.xlsx",
        "Tracker-2025-26.xlsx",
        "Tracker-FY2526.xlsx",
        "Tracker-NOV2026.xlsx",
        "Tracker-V123.xlsx",
        "Tracker-OLD.xlsx",
        "Tracker-Q3.xlsx",
        "Tracker - Copy.xlsx",
        "Tracker - Copy (2).xlsx",
        "Tracker old.xlsx",
        "Tracker (old).xlsx",
        "Tracker_v2.xlsx",
        "Copy of Tracker.xlsx",
        "Backup of Tracker.xlsx",
    ],
)
def test_a_persons_own_copy_is_mentioned_and_stops_nothing(tmp_path: Path, name: str) -> None:
    tracker = beside(tmp_path, name)

    found = siblings(tracker, computer="OWN-PC")

    assert found.conflicts == ()
    assert [path.name for path in found.copies] == [name]
    check_writable(tracker, tmp_path / "backups")


@pytest.mark.parametrize(
    "name",
    [
        "Trackers.xlsx",
        "Other (1).xlsx",
        "Tracker (1).docx",
        "~$Tracker.xlsx",
        "Tracking 2025.xlsx",
        "Re-audit tracker.xlsx",
    ],
)
def test_other_files_are_nothing_to_it(tmp_path: Path, name: str) -> None:
    found = siblings(beside(tmp_path, name), computer="OWN-PC")

    assert (found.conflicts, found.copies) == ((), ())


def test_a_second_version_of_the_same_bytes_holds_nobodys_work(tmp_path: Path) -> None:
    tracker = beside(tmp_path)
    (tmp_path / "Tracker (1).xlsx").write_bytes(b"the tracker")

    assert siblings(tracker).conflicts == ()


def test_writing_is_refused_until_a_person_has_brought_the_two_together(tmp_path: Path) -> None:
    tracker = beside(tmp_path, "Tracker (1).xlsx")

    with pytest.raises(TrackerError) as refusal:
        check_writable(tracker, tmp_path / "backups")
    assert str(refusal.value) == (
        'Tracker.xlsx cannot be written: "Tracker (1).xlsx" is beside it. '
        "A sync program such as OneDrive names a second version so.\n"
        "Nothing was changed. Compare them in Excel, bring the latest work together in "
        "Tracker.xlsx, then move the other one to another folder."
    )

    (tmp_path / "Tracker (1).xlsx").unlink()
    check_writable(tracker, tmp_path / "backups")
