"""Half a tracker is neither written to nor sent from until a person has said that it is right."""

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from mfauto.calling import call
from mfauto.cli import main
from mfauto.columns import SHEETS
from mfauto.ledger import read_ledger
from tests.making import STAFF, a_workbook
from tests.test_check import ACTION, CASE

STAFF_ROWS = [{"active": "Yes", "email": "someone@example.org", **person} for person in STAFF]


def cases(number: int) -> list[dict[str, Any]]:
    return [CASE | {"ref": f"MF-{count:03d}"} for count in range(1, number + 1)]


def actions(number: int) -> list[dict[str, Any]]:
    return [ACTION | {"ref": f"A-{count:03d}"} for count in range(1, number + 1)]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(command: str, *options: str) -> int:
    return main([command, "--as-at", "2026-11-02", "--tracker", "Tracker.xlsx", *options])


def has(folder: Path, **rows: Any) -> bytes:
    return a_workbook(folder / "Tracker.xlsx", **rows).read_bytes()


@pytest.mark.parametrize(
    ("before", "after", "refused"),
    [
        ({"cases": 10}, {"cases": 8}, False),  # a fifth, and no more
        ({"cases": 10}, {"cases": 7}, True),
        ({"cases": 3}, {"cases": 2}, True),  # a lost case counts in a small tracker too
        ({"cases": 10}, {"cases": 30}, False),
        ({"cases": 30, "actions": 12}, {"cases": 30, "actions": 9}, True),
        ({"cases": 30, "actions": 9}, {"cases": 30, "actions": 5}, False),
        ({"cases": 8, "actions": 9}, {"cases": 8, "actions": 0}, True),  # too many of all rows
        ({"cases": 30, "actions": 12}, {"cases": 30, "actions": 40}, False),
    ],
)
def test_more_than_a_fifth_of_the_rows_gone_is_refused(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    before: dict[str, int],
    after: dict[str, int],
    *,
    refused: bool,
) -> None:
    has(folder, cases=cases(before["cases"]), actions=actions(before.get("actions", 0)))
    assert run("flag") == 0
    left = has(folder, cases=cases(after["cases"]), actions=actions(after.get("actions", 0)))

    assert run("flag") == (4 if refused else 0)
    assert ((folder / "Tracker.xlsx").read_bytes() == left) is refused
    assert ("Nothing was written or sent" in capsys.readouterr().err) is refused


@pytest.mark.parametrize("command", ["flag", "remind", "run"])
def test_nothing_is_written_or_sent_until_a_person_accepts(
    folder: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    has(folder, cases=cases(10))
    assert run("flag") == 0
    left = has(folder, cases=cases(7))
    capsys.readouterr()

    assert run(command) == 4
    assert capsys.readouterr().err == (
        "Tracker.xlsx has far fewer rows than at the last run: Cases has 7 instead of 10. "
        "Nothing was written or sent.\n"
        f"If rows were lost, put back a backup: {call('restore')}\n"
        "If it is right so, run this once with --accept-fewer-rows.\n"
    )
    assert run(command, "--dry-run") == 4
    assert run(command) == 4, "asking twice does not make it right"
    assert (folder / "Tracker.xlsx").read_bytes() == left
    assert not list(folder.glob("outbox/*.eml"))

    assert run("check") == 3
    assert run(command, "--accept-fewer-rows") == 0
    assert run(command) == 0


def test_the_command_without_a_name_takes_the_word_too(folder: Path) -> None:
    has(folder, cases=cases(10))
    assert run("flag") == 0
    has(folder, cases=cases(7))

    assert main(["--tracker", "Tracker.xlsx", "--as-at", "2026-11-02"]) == 4
    word = "--accept-fewer-rows"
    assert main(["--tracker", "Tracker.xlsx", "--as-at", "2026-11-02", word]) == 0


def test_a_sheet_that_is_gone_has_lost_all_its_rows(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    has(folder, cases=cases(30), actions=actions(12))
    assert run("flag") == 0
    book = load_workbook(folder / "Tracker.xlsx")
    del book["Actions"]
    book.save(folder / "Tracker.xlsx")

    assert run("flag") == 4
    assert "Actions has 0 instead of 12" in capsys.readouterr().err


def test_the_history_holds_numbers_and_nothing_else_of_the_rows(folder: Path) -> None:
    has(folder, cases=cases(3))
    assert run("flag") == 0
    assert run("remind") == 0
    with read_ledger(folder) as ledger:
        assert ledger is not None
        (entry,) = ledger.entries("rows")
        assert entry.facts["sheets"] == {
            "Cases": 3,
            "Actions": 0,
            "Re-audits": 0,
            "Good practice": 0,
            "Meetings": 0,
            "People": len(STAFF_ROWS),
        }
        assert entry.facts["sheets"].keys() == {sheet.name for sheet in SHEETS}
        assert "MF-00" not in str(dict(entry.facts))


def test_a_dry_run_remembers_nothing(folder: Path) -> None:
    has(folder, cases=cases(10))
    assert run("flag", "--dry-run") == 0
    assert [path.name for path in folder.iterdir()] == ["Tracker.xlsx"]
