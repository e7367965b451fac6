"""The product and the second reading agree on every made-up tracker.

`MFAUTO_LONG=1` makes it 500 trackers. One tracker alone:
`pytest tests/second_reading/test_agreement.py -k "agree and 17 and present"`.
"""

import importlib
import importlib.util
import json
import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.second_reading.layout import TIDY, Placed, Variation, a_variation, place, save
from tests.second_reading.oracle import Reading, review
from tests.second_reading.plain import CASES, text
from tests.second_reading.trackers import (
    a_made_up_tracker,
    with_faulty_rounds,
    with_gaps_between_rounds,
    with_seeded_faults,
    with_unreadable_days,
)

SEEDS = range(500) if os.environ.get("MFAUTO_LONG") else range(40)
WHEN = {"past": 0, "present": 1, "ahead": 2}
CHASED = ("overdue", "due_soon")
FACTS = (
    *("level", "step", "clause", "sheet", "row", "column", "cell"),
    *("case", "item", "owner", "start", "due", "days_overdue"),
)

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("mfauto") is None or importlib.util.find_spec("mfauto.cli") is None,
    reason="the product has no commands yet",
)


class Product:
    """The product's `check`, as anybody runs it."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.capsys = capsys

    def check(self, placed: Placed, as_at: date) -> dict[str, Any]:
        path = self.folder / "tracker.xlsx"
        save(placed, path)
        code = self.run(["check", "--tracker", str(path), "--as-at", as_at.isoformat()])
        said = self.capsys.readouterr()
        assert code in (0, 3), f"exit code {code}\n{said.err}\n{said.out[:2000]}"
        answer: dict[str, Any] = json.loads(said.out)
        counts = answer["counts"]
        assert code == (3 if counts["error"] or counts["overdue"] else 0)
        return answer

    def run(self, command: list[str]) -> int:
        main = importlib.import_module("mfauto.cli").main
        try:
            return int(main([*command, "--format", "json"]) or 0)
        except SystemExit as stop:
            return int(stop.code or 0)


@pytest.fixture
def product(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Product:
    monkeypatch.chdir(tmp_path)  # no settings file here: the defaults serve
    return Product(tmp_path, capsys)


def facts(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The overdue and due soon findings, in one order, by the facts compared."""
    chosen = [{name: one[name] for name in FACTS} for one in found if one["level"] in CHASED]
    return sorted(chosen, key=lambda one: json.dumps(one, default=str))


def difference(name: str, expected: dict[str, Any] | None, found: dict[str, Any] | None) -> str:
    if expected is None:
        return f"{name}: the product alone has {found}"
    if found is None:
        return f"{name}: the second reading alone has {expected}"
    return "\n".join(
        f"{name}: {key} is {expected[key]!r} by the second reading, {found.get(key)!r} by mfauto"
        for key in expected
        if expected[key] != found.get(key)
    )


def first_difference(
    name: str, expected: list[dict[str, Any]], found: list[dict[str, Any]], key: tuple[str, ...]
) -> tuple[str, str] | None:
    """What differs first, in words, and the case it belongs to."""

    def by_key(rows: list[dict[str, Any]]) -> dict[tuple[str, ...], dict[str, Any]]:
        return {tuple(str(row[part]) for part in key): row for row in rows}

    ours, theirs = by_key(expected), by_key(found)
    for one in [*ours, *(one for one in theirs if one not in ours)]:
        if ours.get(one) != theirs.get(one):
            case = (ours.get(one) or theirs[one])["case"]
            return difference(f"{name} {one}", ours.get(one), theirs.get(one)), case
    if len(expected) != len(found):
        return f"{name}: {len(expected)} in the second reading, {len(found)} in the product", ""
    return None


def rows_of(placed: Placed, case: str) -> str:
    """The case's rows on every sheet, without their blanks."""
    return "\n".join(
        f"  {sheet} row {row.number}: "
        + ", ".join(f"{key}={value}" for key, value in row.cells.items() if value is not None)
        for sheet, rows in placed.tracker.items()
        for row in rows.rows
        if text(row, "Case ref") == case
    )


def assert_agreement(
    placed: Placed, expected: Reading, answer: dict[str, Any], *, but_for: str = ""
) -> None:
    ours = [{k: v for k, v in one.items() if k != but_for} for one in expected.positions]
    theirs = [{key: one.get(key) for key in ours[0]} for one in answer["positions"]] if ours else []
    differing = first_difference(
        "finding", facts(expected.findings), facts(answer["findings"]), ("case", "step", "item")
    ) or first_difference("position", ours, theirs, ("case",))
    if differing:
        words, case = differing
        pytest.fail(f"as at {answer['as_at']}\n{words}\n{rows_of(placed, case)}", pytrace=False)
    assert [one["case"] for one in answer["positions"]] == [one["case"] for one in ours]
    assert {name: answer["counts"][name] for name in expected.counts} == expected.counts


@pytest.mark.parametrize("when", WHEN)
@pytest.mark.parametrize("seed", SEEDS)
def test_the_product_and_the_second_reading_agree(seed: int, when: str, product: Product) -> None:
    made = a_made_up_tracker(seed)
    placed = place(made, seed, a_variation(seed))
    as_at = made.report_dates[WHEN[when]]

    answer = product.check(placed, as_at)

    assert answer["as_at"] == as_at.isoformat()
    assert_agreement(placed, review(placed.tracker, as_at), answer)


@pytest.mark.parametrize("habit", list(Variation.__dataclass_fields__))
def test_one_untidy_habit_alone_changes_nothing(habit: str, product: Product) -> None:
    made = a_made_up_tracker(1000)
    placed = place(made, 1000, Variation(**{habit: True}))
    as_at = made.report_dates[1]

    assert_agreement(placed, review(placed.tracker, as_at), product.check(placed, as_at))


@pytest.mark.parametrize("seed", SEEDS[: len(SEEDS) // 4])
def test_a_day_that_cannot_be_read_counts_as_blank_for_the_steps(
    seed: int, product: Product
) -> None:
    made = with_unreadable_days(a_made_up_tracker(seed), seed)
    placed = place(made, seed, TIDY)
    as_at = made.report_dates[2]

    answer = product.check(placed, as_at)

    # Whether such a cell is an error or a query is not in the contract: RAG is left out.
    assert_agreement(placed, review(placed.tracker, as_at), answer, but_for="rag")


@pytest.mark.parametrize("seed", range(1_000) if os.environ.get("MFAUTO_LONG") else range(25))
def test_every_seeded_fault_is_listed_at_its_cell_and_the_rest_is_read_right(
    seed: int, product: Product
) -> None:
    made, seeded = with_seeded_faults(a_made_up_tracker(seed), seed)
    placed = place(made, seed, TIDY)
    as_at = made.report_dates[2]

    answer = product.check(placed, as_at)

    # Whether such a cell is an error or a query is not in the contract: RAG is left out.
    assert_agreement(placed, review(placed.tracker, as_at), answer, but_for="rag")
    told = {
        (one["sheet"], one["row"], one["column"])
        for one in answer["findings"]
        if one["level"] in ("error", "query")
    }
    silent = [
        (sheet, row.number, heading, row.cells[heading])
        for sheet, place_, heading in seeded
        for row in [placed.tracker[sheet].rows[place_]]
        if (sheet, row.number, heading) not in told
    ]
    assert silent == []


@pytest.mark.parametrize("seed", SEEDS[: len(SEEDS) // 4])
def test_a_re_audit_without_day_or_grade_does_not_hide_the_rounds_after_it(
    seed: int, product: Product
) -> None:
    made = with_gaps_between_rounds(a_made_up_tracker(seed), seed)
    placed = place(made, seed, TIDY)
    as_at = made.report_dates[2]

    answer = product.check(placed, as_at)

    # Whether such an order of days is an error or a query is not in the contract.
    assert_agreement(placed, review(placed.tracker, as_at), answer, but_for="rag")


@pytest.mark.parametrize("seed", SEEDS[: len(SEEDS) // 4])
def test_a_faulty_round_never_leaves_its_case_green(seed: int, product: Product) -> None:
    made, faulty = with_faulty_rounds(a_made_up_tracker(seed), seed)
    placed = place(made, seed, TIDY)

    answer = product.check(placed, made.report_dates[2])

    rag = {
        one["case"]: one["rag"]
        for one in answer["positions"]
        if one["case"] in faulty and one["stage"] != "Outside process"
    }
    assert set(rag.values()) <= {"Red", "Amber"}, rag
    found = {
        one["case"]
        for one in answer["findings"]
        if one["level"] == "error" and one["sheet"] == "Re-audits"
    }
    assert set(rag) <= found


def test_no_case_is_read_before_the_first_audit(product: Product) -> None:
    placed = place(a_made_up_tracker(7), 7, TIDY)

    answer = product.check(placed, date(2015, 1, 5))

    assert answer["positions"] == []
    assert answer["counts"]["rows_read"] == answer["counts"]["excluded"]
    assert answer["counts"]["rows_read"] == len(placed.tracker[CASES].rows)
