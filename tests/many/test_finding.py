"""Which files of a folder are trackers: each one once, and of every other it is said why not."""

import shutil
from pathlib import Path

import pytest

from mfauto.errors import SettingsError, UsageError
from mfauto.many import Gathered, gather
from mfauto.settings import Settings


def a_file(path: Path, text: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text or path.name, encoding="utf-8")
    return path


def found(folder: Path, *places: Path) -> Gathered:
    settings = Settings(folder=folder.parent / "elsewhere")
    return gather(places or (folder,), settings)


def names(gathered: Gathered) -> list[str]:
    return [one.name for one in gathered.trackers]


def reasons(gathered: Gathered) -> dict[str, str]:
    return {one.name: one.why for one in gathered.left_out}


def test_every_workbook_of_the_folder_and_of_those_in_it_is_a_tracker(tmp_path: Path) -> None:
    for name in ("b.xlsx", "A.xlsm", "North/Tracker.xlsx", "South/2025.xlsx", "South/2026.xlsx"):
        a_file(tmp_path / "in" / name)
    gathered = found(tmp_path / "in")
    assert names(gathered) == ["A", "b", "North/Tracker", "South/2025", "South/2026"]
    assert gathered.left_out == ()


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("~$North.xlsx", "marks that North.xlsx is open"),
        (".~lock.North.xlsx#", "marks that North.xlsx is open"),
        (".North.xlsx", "hidden"),
        ("North - Copy.xlsx", 'copy of "North"'),
        ("North - Copy (2).xlsx", 'copy of "North"'),
        ("Copy of North.xlsx", 'copy of "North"'),
        ("North_backup 2026.xlsx", 'copy of "North"'),
        ("north old.xlsx", 'copy of "North"'),
        ("North (1).xlsx", "sync program"),
        ("North-DESKTOP-4F7Q2KD.xlsx", "sync program"),
        ("North (Robin's conflicted copy 2026-11-01).xlsx", "sync program"),
        ("North 2026-11-02 063000.xlsx", "backup"),
        ("Elsewhere 2026-11-02 063000.xlsx", "backup"),
        ("tracker_template.xlsx", "empty template"),
        ("North.xls", "format"),
        ("Figures.csv", "format"),
        ("backups/North.xlsx", None),
        ("exception-reports/North.xlsx", None),
        ("East/2026/North.xlsx", None),
    ],
)
def test_what_is_no_tracker_is_left_out_and_said(
    tmp_path: Path, name: str, why: str | None
) -> None:
    folder = tmp_path / "in"
    a_file(folder / "North.xlsx")
    a_file(folder / name)
    gathered = found(folder)
    assert names(gathered) == ["North"]
    if why is None:
        place = name.rpartition("/")[0]
        assert (
            "mfauto makes" in reasons(gathered)[place]
            or "not looked into" in reasons(gathered)[place]
        )
    else:
        assert why in reasons(gathered)[name]


@pytest.mark.parametrize(
    "name",
    [
        "North East.xlsx",
        "North 2026.xlsx",
        "North Old Town.xlsx",
        "Northmoor.xlsx",
        "North-2026.xlsx",
    ],
)
def test_a_tracker_of_a_like_name_is_no_copy(tmp_path: Path, name: str) -> None:
    a_file(tmp_path / "in" / "North.xlsx")
    a_file(tmp_path / "in" / name)
    assert sorted(names(found(tmp_path / "in"))) == sorted(["North", name.removesuffix(".xlsx")])


def test_files_that_are_no_workbooks_are_passed_over(tmp_path: Path) -> None:
    for name in ("North.xlsx", "read me.txt", "letter.docx", "plan.pdf"):
        a_file(tmp_path / "in" / name)
    assert found(tmp_path / "in").left_out == ()


def test_the_same_file_twice_counts_once(tmp_path: Path) -> None:
    first = a_file(tmp_path / "in" / "North.xlsx", "the same")
    shutil.copy(first, tmp_path / "in" / "Other.xlsx")
    a_file(tmp_path / "in" / "Size.xlsx", "the sane")
    gathered = found(tmp_path / "in")
    assert names(gathered) == ["North", "Size"]
    assert 'same as "North"' in reasons(gathered)["Other.xlsx"]


def test_a_file_named_twice_is_one_tracker(tmp_path: Path) -> None:
    north = a_file(tmp_path / "in" / "North.xlsx")
    assert len(found(tmp_path / "in", tmp_path / "in", north).trackers) == 1


def test_no_two_trackers_have_one_name(tmp_path: Path) -> None:
    one, two = tmp_path / "one" / "in", tmp_path / "two" / "in"
    for path in (one / "North.xlsx", one / "North.xlsm", two / "North.xlsx"):
        a_file(path, str(path))
    made = names(found(tmp_path / "x", one, two))
    assert len(set(made)) == 3
    assert "in/North.xlsm" in made


def test_settings_beside_a_tracker_are_its_own(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    for name in ("North.xlsx", "South/This one.xlsx", "South/Other.xlsx", "East/Tracker.xlsx"):
        a_file(folder / name)
    a_file(folder / "South" / "mfauto.toml", 'tracker = "This one.xlsx"\ncouncil = "Southshire"\n')
    a_file(folder / "East" / "mfauto.toml", 'council = "Eastshire"\n')
    gathered = found(folder)
    own = {one.name: one.settings.council for one in gathered.trackers}
    assert own == {
        "North": "The council",
        "South/This one": "Southshire",
        "East/Tracker": "Eastshire",
    }
    assert "names another file" in reasons(gathered)["South/Other.xlsx"]


def test_settings_that_cannot_be_read_are_the_trouble_of_their_own_tracker(tmp_path: Path) -> None:
    a_file(tmp_path / "in" / "North.xlsx")
    a_file(tmp_path / "in" / "South" / "Tracker.xlsx")
    a_file(tmp_path / "in" / "South" / "mfauto.toml", "trackr = 1\n")
    north, south = found(tmp_path / "in").trackers
    assert north.trouble is None
    assert isinstance(south.trouble, SettingsError)
    assert 'Did you mean "tracker"?' in str(south.trouble)


def test_a_link_that_leads_nowhere_is_a_row_and_not_passed_over(tmp_path: Path) -> None:
    a_file(tmp_path / "in" / "North.xlsx")
    (tmp_path / "in" / "South.xlsx").symlink_to(tmp_path / "gone.xlsx")
    (tmp_path / "in" / "East.xlsx").symlink_to(tmp_path / "in" / "East.xlsx")
    assert names(found(tmp_path / "in")) == ["East", "North", "South"]


def test_one_of_several_that_is_not_there_does_not_stop_the_others(tmp_path: Path) -> None:
    north = a_file(tmp_path / "in" / "North.xlsx")
    one, other = found(tmp_path / "in", north, tmp_path / "nowhere").trackers
    assert (one.name, one.trouble) == ("North", None)
    assert "no such folder or file" in str(other.trouble)


def test_a_folder_without_a_tracker_is_said_with_what_is_there(tmp_path: Path) -> None:
    a_file(tmp_path / "in" / "North.xls")
    with pytest.raises(UsageError, match=r"(?s)no tracker in .*North.xls: It is not in a format"):
        found(tmp_path / "in")


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such folder"):
        found(tmp_path / "nowhere")
