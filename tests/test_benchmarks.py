"""The benchmarks name functions that are there, and measure what they say."""

import os
from dataclasses import replace
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import pytest

from benchmarks.contenders.starting import WAITED
from benchmarks.measuring import Measure, measured
from benchmarks.plan import Bound, Contender, Section
from benchmarks.report import as_markdown, as_text
from benchmarks.sections import SECTIONS
from benchmarks.sections.reading import READING
from benchmarks.sections.starting import STARTING
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
    bounds = getattr(section, "bounds", ())

    assert getattr(section, "against", "") in names
    assert {goal.product for goal in goals} | {goal.against for goal in goals} <= names
    assert {bound.product for bound in bounds} <= names


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
    assert "Measured on 31 January 2026. Runs: 2." in page
    assert READING.large == 100_000
    for contender in chosen:
        assert contender.name in as_text(section, 20, measures)
        assert f"| {contender.name} | {contender.role} |" in page


def made_up(name: str, *seconds: float, peak: int = 0) -> Measure:
    contender = Contender(name=name, role="product", function=f"made.{name}")
    return Measure(contender, list(seconds), [peak])


@pytest.mark.parametrize(("most", "verdict"), [(2.0, "reached"), (1.9, "missed")])
def test_a_bound_in_seconds_or_memory_is_told_as_reached_or_missed(
    most: float, verdict: str
) -> None:
    bounds = (
        Bound(product="check", seconds=most, rows=500),
        Bound(product="check", megabytes=most, rows=500),
    )
    section = replace(READING, goals=(), bounds=bounds)
    measures = [
        made_up("python-calamine", 1.0),
        made_up("check", 1.0, 2.0, 3.0, peak=2_000_000),
    ]

    said = as_text(section, 500, measures)

    assert f"Goal {verdict}: check takes 2.00 s; at most {most:.2f} s were wanted." in said
    assert f"Goal {verdict}: check takes 2 MB; at most 2 MB were wanted." in said
    assert "wanted" not in as_text(section, 10_000, measures)


@pytest.mark.skipif(not hasattr(os, "wait4"), reason="this system tells no processor time")
def test_work_that_several_processes_share_is_measured_by_the_clock(tmp_path: Path) -> None:
    """Waiting takes all of the clock's time, and hardly any of the processor's."""
    waits = Contender(name="waits", role="limit", function="starting.waiting")
    section = replace(STARTING, contenders=(waits,), against="waits", bounds=())

    [worked] = measured(section, 1, tmp_path, runs=1)
    [passed] = measured(replace(section, by_clock=True), 1, tmp_path, runs=1)

    assert passed.median > WAITED > worked.median


def test_what_is_measured_anew_takes_the_place_of_the_old() -> None:
    def page_of(section: Section, name: str, seconds: float, day: int, page: str) -> str:
        now = datetime(2026, 1, day, tzinfo=UTC)
        found = {section: {500: [made_up(name, seconds)]}}
        return as_markdown(found, 1, now, "a machine", page=page, order=order)

    order = [READING.title, STARTING.title]
    starting = page_of(STARTING, "Python alone", 1.0, 1, "")
    both = page_of(READING, "python-calamine", 2.0, 2, starting)
    again = page_of(STARTING, "Python alone", 3.0, 3, both)

    assert both.index(READING.title) < both.index(STARTING.title)
    assert "Measured on 1 January 2026. Runs: 1. Machine: a machine." in both
    assert "1 January 2026" not in again
    assert "3.00 s" in again
    assert "2.00 s" in again
    assert page_of(STARTING, "Python alone", 3.0, 3, again) == again


def test_a_goal_is_judged_by_the_medians_and_told_by_the_fastest_runs_too() -> None:
    measures = [
        made_up("python-calamine", 1.0, 2.0, 9.0),
        made_up("check", 3.0, 7.0, 8.0, peak=1),
    ]

    said = as_text(READING, 500, measures)

    assert (
        "Goal reached: check takes 3.50 times as long as python-calamine; at most 4 times were "
        "wanted. By the fastest run of each: 3.00."
    ) in said
