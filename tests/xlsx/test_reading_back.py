"""What was written is read back; a new file that differs anywhere is thrown away."""

import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mfauto.errors import TrackerError
from mfauto.xlsx import set_cells
from mfauto.xlsx.archive import Archive
from mfauto.xlsx.parsed_splice import parsed_splice
from mfauto.xlsx.splice import spliced
from tests.xlsx.building import a_workbook, parts_of, worksheet, zipped

ROWS = (
    '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row>'
    '<row r="2" hidden="1"><c r="A2"><f>A1+1</f><v>2</v></c></row>'
)
B1 = "row 1 changed elsewhere|row 1 lost a cell|cell B1 does not read"
A2 = "row 2 changed|row 2 is lost|cell A2 does not|it cannot be read any more"
Bend = Callable[[str], str]


@pytest.mark.parametrize(
    ("bend", "why"),
    [
        (lambda text: text.replace(">new<", ">now<"), "cell C1 does not read as it should"),
        (
            lambda text: text.replace("<v>2</v>", "<v>3</v>", 1),
            B1,
        ),
        (
            lambda text: text.replace('<c r="B1"><v>2</v></c>', ""),
            B1,
        ),
        (lambda text: text.replace(' hidden="1"', ""), A2),
        (lambda text: text.replace("<f>A1+1</f>", ""), "row 2 changed"),
        (lambda text: text.replace('<row r="1"', '<row r="1" ht="30"'), "row 1 changed"),
        (lambda text: text.replace('<c r="B1"', '<c r="B1" s="2"'), B1),
        (lambda text: text.replace('<c r="C1"', '<c r="C1" s="2"'), "1 changed its look"),
        (lambda text: text.replace('<row r="2"', '<row r="1"/><row r="2"'), "row 1 is"),
        (lambda text: text.replace("</worksheet>", "<x/></worksheet>"), "ends in another way"),
        (lambda text: text.replace("<sheetData>", "<x/><sheetData>"), "starts in another way"),
        (lambda text: text.replace('<row r="2"', '<row r="3"'), A2),
    ],
)
@pytest.mark.parametrize("shape", ["plain", "odd"])
def test_a_splice_gone_wrong_is_thrown_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bend: Bend, why: str, shape: str
) -> None:
    def bent(*given: Any) -> Iterator[str]:
        yield bend("".join(spliced(*given)))

    def bent_parsed(*given: Any) -> bytes:
        return bend(parsed_splice(*given).decode()).encode()

    monkeypatch.setattr("mfauto.xlsx.writing.spliced", bent)
    monkeypatch.setattr("mfauto.xlsx.writing.parsed_splice", bent_parsed)
    odd = "<!-- odd -->" if shape == "odd" else ""
    anywhere = '|sheet "Cases" changed elsewhere' if odd else ""  # it is compared as a whole
    source = a_workbook(tmp_path, odd + ROWS)
    before = source.read_bytes()

    with pytest.raises(TrackerError, match=f"read back after writing, .*({why}{anywhere})"):
        set_cells(source, {("Cases", "C1"): "new"}, tmp_path / "Made.xlsx")

    assert [path.name for path in tmp_path.iterdir()] == ["Tracker.xlsx"]
    assert source.read_bytes() == before


def test_another_part_that_changed_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rebuilt = Archive.rebuilt

    def bent(self: Archive, replaced: Any) -> Iterator[bytes]:
        yield b"".join(rebuilt(self, replaced)).replace(b"formatCode", b"formatCodf")

    monkeypatch.setattr(Archive, "rebuilt", bent)
    parts = parts_of({"Cases": worksheet(ROWS)})
    source = zipped(tmp_path / "Tracker.xlsx", parts, zipfile.ZIP_STORED)

    with pytest.raises(TrackerError, match="read back after writing, it cannot be read any more"):
        set_cells(source, {("Cases", "C1"): "new"}, tmp_path / "Made.xlsx")
