"""The benchmarks name functions that are there, and measure what they say."""

from dataclasses import replace
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import pytest

from benchmarks.measuring import measured
from benchmarks.report import as_markdown, as_text
from benchmarks.sections import SECTIONS
from benchmarks.sections.reading import READING
from benchmarks.trackers import a_tracker
from mfauto.workbook import read_tracker

CONTENDERS = [contender for section in SECTIONS for contender in section.contenders]


@pytest.mark.parametrize("contender", CONTENDERS, ids=lambda contender: contender.name)
def test_every_contender_is_a_function_that_is_there(contender: object) -> None:
    module, _, name = getattr(contender, "function", "").partition(".")

    assert callable(getattr(import_module(f"benchmarks.contenders.{module}"), name))


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.name)
def test_a_section_compares_with_contenders_of_its_own(section: object) -> None:
    names = {contender.name for contender in getattr(section, "contenders", ())}
    goals = getattr(section, "goals", ())

    assert getattr(section, "against", "") in names
    assert {goal.product for goal in goals} | {goal.against for goal in goals} <= names


def test_a_made_up_tracker_is_always_the_same_and_has_its_rows(tmp_path: Path) -> None:
    one, other = a_tracker(tmp_path / "a.xlsx", 40), a_tracker(tmp_path / "b.xlsx", 40)
    tracker = read_tracker(one)

    assert one.read_bytes() == other.read_bytes()
    assert (len(tracker.cases), len(tracker.actions)) == (40, 120)
    assert not [flaw for case in tracker.cases for flaw in case.flaws]


def test_a_run_gives_figures_of_every_contender(tmp_path: Path) -> None:
    chosen = [one for one in READING.contenders if one.name in {"unzip alone", "python-calamine"}]
    section = replace(READING, contenders=tuple(chosen))
    measures = measured(section, 20, tmp_path, runs=2)

    assert all(len(measure.seconds) == 2 and measure.median > 0 for measure in measures)
    page = as_markdown({section: {20: measures}}, 2, datetime(2026, 1, 31, tzinfo=UTC))
    assert "Measured on 31 January 2026" in page
    assert READING.large == 100_000
    for contender in chosen:
        assert contender.name in as_text(section, 20, measures)
        assert f"| {contender.name} | {contender.role} |" in page
