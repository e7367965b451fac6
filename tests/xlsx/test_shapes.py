"""Workbooks of every shape, made from seeds: read right, and edited without a loss."""

import os
import zipfile
from pathlib import Path

import pytest

from mfauto.errors import TrackerError
from mfauto.xlsx import read_cells, set_cells, write_cells
from tests.xlsx.comparing import members_differ, sheet_differs
from tests.xlsx.shapes import Made, a_shape

SEEDS = 6000 if os.environ.get("MFAUTO_LONG") else 120
BLOCK = 40  #: seeds to a test
SEEDS_THAT_DRAW_ALL = 150


def shown(value: object, problem: str | None) -> object:
    return problem or value


def check_reading(made: Made) -> None:
    found = {cell.ref: shown(cell.value, cell.problem) for cell in read_cells(made.path, "Cases")}
    assert found == made.values


def check_editing(made: Made, target: Path) -> None:
    whole = made.path.read_bytes()
    set_cells(made.path, {("Cases", ref): value for ref, value in made.edits.items()}, target)  # type: ignore[misc]
    assert made.path.read_bytes() == whole
    assert members_differ(made.path, target, {made.part}) == []
    with zipfile.ZipFile(made.path) as old, zipfile.ZipFile(target) as new:
        assert new.testzip() is None
        name = next(
            one for one in old.namelist() if one.replace("\\", "/") == made.part.replace("\\", "/")
        )
        assert sheet_differs(old.read(name), new.read(name), made.edits, epoch_1904=False) == []
    done = write_cells(target, {("Cases", ref): v for ref, v in made.edits.items()}, made.path)  # type: ignore[misc]
    assert done.cells == 0  # what was written is what is wanted


def check_refusals(made: Made, target: Path) -> None:
    for ref in sorted(made.formulas | made.blocked)[:3]:
        with pytest.raises(TrackerError, match=f"cell {ref}: (it holds a formula|the file holds)"):
            set_cells(made.path, {("Cases", ref): "new"}, target)
        assert not target.exists()


@pytest.mark.parametrize("block", range(SEEDS // BLOCK))
def test_every_shape_is_read_right_and_edited_without_a_loss(tmp_path: Path, block: int) -> None:
    for seed in range(block * BLOCK, (block + 1) * BLOCK):
        made = a_shape(tmp_path, seed)
        target = tmp_path / f"made-{seed}.xlsx"
        try:
            check_reading(made)
            check_refusals(made, target)
            check_editing(made, target)
        except Exception as error:
            error.add_note(f"seed {seed}: {', '.join(made.shapes)}; {made.edits}")
            raise


def test_the_seeds_draw_every_shape(tmp_path: Path) -> None:
    drawn = {
        shape for seed in range(SEEDS_THAT_DRAW_ALL) for shape in a_shape(tmp_path, seed).shapes
    }

    assert len(drawn) >= 29, sorted(drawn)
