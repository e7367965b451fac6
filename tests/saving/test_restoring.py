"""A backup comes back byte for byte, and what stood there before is kept."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook

from mfauto.calling import call
from mfauto.cli import main
from mfauto.ledger import read_ledger
from mfauto.saving import put_new
from tests.making import a_workbook
from tests.test_check import ACTION, CASE


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A working folder with a flagged tracker, and its backup from before."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mfauto.toml").write_text('tracker = "Tracker.xlsx"\nwait_seconds = 0\n')
    a_workbook(tmp_path / "Tracker.xlsx", cases=[CASE], actions=[ACTION])
    assert flag() == 0
    yield tmp_path
    left = [path.name for path in tmp_path.rglob(".mfauto*")]
    assert left == []


def flag(as_at: str = "2026-11-02") -> int:
    return main(["flag", "--as-at", as_at])


def restore(*arguments: str) -> int:
    return main(["restore", *arguments])


def backup(folder: Path) -> Path:
    (only,) = (folder / "backups").iterdir()
    return only


def tracker(folder: Path) -> Path:
    return folder / "Tracker.xlsx"


@pytest.mark.parametrize("name", ["LATEST", "latest", "NAME", "STEM"])
def test_a_backup_comes_back_byte_for_byte(folder: Path, name: str) -> None:
    old = backup(folder)
    wanted, before = old.read_bytes(), tracker(folder).read_bytes()
    assert before != wanted

    names = {"NAME": old.name, "STEM": old.stem}
    assert restore(names.get(name, name), "--yes") == 0

    assert tracker(folder).read_bytes() == wanted
    assert before in [path.read_bytes() for path in (folder / "backups").iterdir()]


def test_what_stood_there_before_comes_back_the_same_way(folder: Path) -> None:
    before = tracker(folder).read_bytes()
    assert restore("LATEST", "--yes") == 0
    assert restore("LATEST", "--yes") == 0
    assert tracker(folder).read_bytes() == before


def test_the_list_says_when_how_large_and_whether_whole(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = backup(folder)
    bad = good.with_name("Tracker 2020-01-02 030405.xlsx")
    bad.write_bytes(good.read_bytes()[:-200])
    capsys.readouterr()
    assert restore() == 0
    said = capsys.readouterr().out
    assert said.index(good.name) < said.index(bad.name)
    assert "2 January 2020, 03:04" in said
    assert restore("--format", "json") == 0
    listed = json.loads(capsys.readouterr().out)["backups"]
    assert [(one["name"], one["size"], one["whole"]) for one in listed] == [
        (good.name, good.stat().st_size, True),
        (bad.name, bad.stat().st_size, False),
    ]


def test_a_backup_that_is_not_whole_is_never_put_back(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, before = backup(folder), tracker(folder).read_bytes()
    bad = good.with_name("Tracker 2099-01-02 030405.xlsx")
    data = bytearray(good.read_bytes())
    data[len(data) // 2] ^= 0xFF
    bad.write_bytes(data)
    assert restore(bad.name, "--yes") == 4
    assert "is not whole and cannot be put back" in capsys.readouterr().err
    assert tracker(folder).read_bytes() == before
    assert restore("LATEST", "--yes") == 0, "the newest whole one serves"
    assert tracker(folder).read_bytes() == good.read_bytes()


@pytest.mark.parametrize("lost", ["missing", "cut off", "empty", "another file"])
@pytest.mark.parametrize("command", ["check", "flag", "remind", "run"])
def test_a_lost_tracker_names_the_last_good_backup_and_how_it_comes_back(
    folder: Path, capsys: pytest.CaptureFixture[str], command: str, lost: str
) -> None:
    path = tracker(folder)
    if lost == "missing":
        path.unlink()
    else:
        data = path.read_bytes()
        path.write_bytes({"cut off": data[:-300], "empty": b""}.get(lost, b"\0\1\2" * 999))
    capsys.readouterr()

    assert main([command, "--as-at", "2026-11-02"]) == 4
    said = capsys.readouterr().err
    assert f"The last good backup is {backup(folder).name}, of " in said
    assert f"To put it back: {call('restore LATEST')}" in said

    wanted = backup(folder).read_bytes()
    assert restore("LATEST", "--yes") == 0
    assert path.read_bytes() == wanted
    assert main([command, "--as-at", "2026-11-02"]) in (0, 3)


def test_a_damaged_tracker_is_kept_as_well(folder: Path) -> None:
    data = tracker(folder).read_bytes()[:-300]
    tracker(folder).write_bytes(data)
    assert restore("LATEST", "--yes") == 0
    assert data in [path.read_bytes() for path in (folder / "backups").iterdir()]


def test_a_tracker_nobody_named_is_known_by_its_backups(folder: Path) -> None:
    wanted = backup(folder).read_bytes()
    (folder / "mfauto.toml").unlink()
    tracker(folder).unlink()
    assert restore("LATEST", "--yes") == 0
    assert tracker(folder).read_bytes() == wanted


def test_a_dry_run_says_what_would_be_done_and_does_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    capsys.readouterr()
    assert restore("LATEST", "--dry-run") == 0
    assert capsys.readouterr().out.startswith("Tracker.xlsx would become the copy of ")
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_where_nobody_is_at_the_screen_the_word_has_to_be_given(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = tracker(folder).read_bytes()
    assert restore("LATEST") == 2
    assert "Add --yes to do it." in capsys.readouterr().err
    assert tracker(folder).read_bytes() == before


def test_an_open_tracker_is_not_replaced(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = tracker(folder).read_bytes()
    (folder / ".~lock.Tracker.xlsx#").write_text(",Sky Example,desk,now,x;")
    assert restore("LATEST", "--yes") == 4
    assert "Sky Example has it" in capsys.readouterr().err
    assert tracker(folder).read_bytes() == before


def test_an_open_tracker_is_not_said_to_be_restored_by_the_next_run(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "~$Tracker.xlsx").write_bytes(b"\x03Ann")
    assert restore("LATEST", "--yes") == 4
    said = capsys.readouterr().err
    assert "leave it" not in said
    assert "If nobody has it open" in said


def test_a_person_who_saves_meanwhile_keeps_their_work(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile(*_: object) -> None:
        book = load_workbook(tracker(folder))
        book["Cases"]["AD2"] = "saved by Jo"
        book.save(tracker(folder))

    monkeypatch.setattr("mfauto.jobs.restoring.check_writable", meanwhile)
    assert restore("LATEST", "--yes") == 4
    assert load_workbook(tracker(folder))["Cases"]["AD2"].value == "saved by Jo"


def test_a_tracker_that_comes_back_meanwhile_is_not_replaced(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tracker(folder).unlink()

    def meanwhile(made: Path, target: Path) -> None:
        target.write_bytes(b"saved by Jo")
        put_new(made, target)

    monkeypatch.setattr("mfauto.jobs.restoring.put_new", meanwhile)
    assert restore("LATEST", "--yes") == 4
    assert "saved by someone else" in capsys.readouterr().err
    assert tracker(folder).read_bytes() == b"saved by Jo"


@pytest.mark.parametrize(
    "wanted", ["2020-01-01", "../Tracker.xlsx", "Other 2020-01-01 000000.xlsx"]
)
def test_a_backup_that_is_not_there_is_said_plainly(
    folder: Path, capsys: pytest.CaptureFixture[str], wanted: str
) -> None:
    before = tracker(folder).read_bytes()
    assert restore(wanted, "--yes") == 2
    assert f'There is no backup "{wanted}" of Tracker.xlsx' in capsys.readouterr().err
    assert tracker(folder).read_bytes() == before


def test_the_history_says_that_a_backup_was_put_back(folder: Path) -> None:
    name = backup(folder).name
    assert restore("LATEST", "--yes") == 0
    with read_ledger(folder) as ledger:
        assert ledger is not None
        (entry,) = ledger.entries("restored")
    assert entry.facts["backup"] == name


def test_an_older_backup_with_fewer_rows_is_what_the_next_run_is_compared_with(
    folder: Path,
) -> None:
    more = [CASE | {"ref": f"MF-{number:03d}"} for number in range(1, 21)]
    a_workbook(tracker(folder), cases=more, actions=[ACTION])
    assert flag("2026-11-03") == 0
    oldest = min((folder / "backups").iterdir()).name
    assert restore(oldest, "--yes") == 0
    assert flag("2026-11-03") == 0


def test_without_backups_the_list_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    a_workbook(tmp_path / "Tracker.xlsx", cases=[CASE])
    assert restore() == 0
    assert "There is no backup of Tracker.xlsx yet" in capsys.readouterr().out
    assert restore("LATEST", "--yes") == 2
