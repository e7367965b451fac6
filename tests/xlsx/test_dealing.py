"""Rows dealt out to the readers of their columns say what the same rows say cell by cell."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from mfauto.xlsx import Workbook, open_workbook
from mfauto.xlsx.dealing import APART, NOWHERE, Dealt, Reader
from mfauto.xlsx.values import Value
from tests.xlsx.building import a_workbook
from tests.xlsx.shapes import a_shape
from tests.xlsx.test_corpus import CORPUS, EDITED, needs_corpus

_WIDTH = 40  #: columns that are read


def kept(column: int) -> Reader:
    """Put each cell into the place of its column; a day and a truth value apart."""

    def read(value: Value) -> tuple[int, object]:
        if isinstance(value, str | float) and not isinstance(value, bool):
            return column - 1, value
        return APART, None

    return read


READERS = {column: kept(column) for column in range(1, _WIDTH + 1)}
BLANK = [None] * _WIDTH


def shown(value: object) -> str:
    return f"{type(value).__name__} {value!r}"


def as_read(values: Mapping[int, Value]) -> dict[int, str]:
    return {column: shown(value) for column, value in values.items() if column <= _WIDTH}


def as_dealt(row: Dealt) -> dict[int, str]:
    placed = {at + 1: shown(value) for at, value in enumerate(row.made) if value is not None}
    assert row.filled == len(placed)
    return {**placed, **{column: shown(value) for column, value in row.apart}}


def assert_dealt_alike(workbook: Workbook) -> int:
    """Compare both readings of every sheet; give how many rows there were."""
    rows = 0
    for sheet in workbook.sheets:
        if sheet.kind != "worksheet":
            continue
        plain = [row for row in workbook.rows(sheet.name) if as_read(row.values)]
        dealt = list(workbook.dealt_rows(sheet.name, READERS, BLANK, after=0))
        assert [row.number for row in dealt] == [row.number for row in plain]
        for row, other in zip(dealt, plain, strict=True):
            assert as_dealt(row) == as_read(other.values)
            assert as_read(row.values) == as_read(other.values)
            assert (row.formulas, row.hidden) == (other.formulas, other.hidden)
        rows += len(dealt)
    return rows


@pytest.mark.parametrize("first", range(0, 120, 20))
def test_rows_of_every_shape_are_dealt_as_they_are_read(tmp_path: Path, first: int) -> None:
    rows = 0
    for seed in range(first, first + 20):
        with open_workbook(a_shape(tmp_path, seed).path) as workbook:
            rows += assert_dealt_alike(workbook)
    assert rows


@needs_corpus
@pytest.mark.parametrize("file", EDITED)
def test_rows_of_a_real_workbook_are_dealt_as_they_are_read(file: str) -> None:
    with open_workbook(CORPUS / file) as workbook:
        assert_dealt_alike(workbook)


def dealt(folder: Path, rows: str, readers: Mapping[int, Reader], after: int = 0) -> list[Dealt]:
    with open_workbook(a_workbook(folder, rows)) as workbook:
        return list(workbook.dealt_rows("Cases", readers, [None, None], after=after))


def a_row(number: int, **cells: float) -> str:
    inside = "".join(f'<c r="{name}{number}"><v>{value}</v></c>' for name, value in cells.items())
    return f'<row r="{number}">{inside}</row>'


def test_a_reader_says_where_its_cells_go(tmp_path: Path) -> None:
    readers: dict[int, Reader] = {
        1: lambda value: (1, f"read {value}"),
        2: lambda _: (NOWHERE, None),
        3: lambda _: (APART, None),
    }

    [row] = dealt(tmp_path, a_row(7, A=1, B=2, C=3, D=4), readers)

    assert (row.number, row.made, row.filled) == (7, [None, "read 1.0"], 1)
    assert list(row.apart) == [(3, 3.0)]
    assert row.values == {1: 1.0, 2: 2.0, 3: 3.0, 4: 4.0}


def test_a_row_that_says_nothing_to_any_reader_is_left_out(tmp_path: Path) -> None:
    readers: dict[int, Reader] = {1: lambda _: (NOWHERE, None), 2: lambda value: (0, value)}

    rows = dealt(tmp_path, a_row(1, A=1) + a_row(2, C=1) + a_row(3, B=5), readers)

    assert [row.number for row in rows] == [3]


def test_headings_are_not_for_the_readers(tmp_path: Path) -> None:
    asked: list[Value] = []

    def read(value: Value) -> tuple[int, object]:
        asked.append(value)
        return 0, value

    rows = dealt(tmp_path, a_row(1, A=1) + a_row(2, A=2) + a_row(3, A=3), {1: read}, after=2)

    assert [row.made[0] for row in rows] == [3.0]
    assert asked == [3.0]


def test_no_row_shares_its_list_with_another(tmp_path: Path) -> None:
    first, second = dealt(tmp_path, a_row(1, A=1) + a_row(2, B=2), _TWO)

    assert (first.made, second.made) == ([1.0, None], [None, 2.0])


def test_a_reader_is_asked_once_for_each_way_a_cell_stands(tmp_path: Path) -> None:
    asked: list[Value] = []

    def read(value: Value) -> tuple[int, object]:
        asked.append(value)
        return 0, value

    rows = dealt(tmp_path, "".join(a_row(n, A=n % 2, B=1) for n in range(1, 50)), {1: read})

    assert len(rows) == 49
    assert sorted(asked) == [0.0, 1.0]


def _both() -> Iterator[tuple[int, Reader]]:
    yield 1, lambda value: (0, value)
    yield 2, lambda value: (1, value)


_TWO = dict(_both())
