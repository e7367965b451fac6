"""The measures as tables, for the screen and for `docs/speed.md`."""

import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from benchmarks.measuring import Measure
from benchmarks.plan import Bound, Goal, Section

_HEADINGS = ("What", "role", "median", "fastest to slowest", "ratio", "peak memory")
_SECTION = "\n## "  #: how a section of the page begins
Results = Mapping[int, Sequence[Measure]]  #: by rows; 0 where rows do not matter


def _seconds(value: float) -> str:
    return f"{value:.2f} s" if value >= 1 else f"{value * 1000:.0f} ms"


def _megabytes(value: float) -> str:
    return f"{value / 1_000_000:.0f} MB"


def _rows(section: Section, measures: Sequence[Measure]) -> list[tuple[str, ...]]:
    base = next(one.median for one in measures if one.contender.name == section.against)
    return [
        (
            one.contender.name,
            one.contender.role,
            _seconds(one.median),
            f"{_seconds(min(one.seconds))} to {_seconds(max(one.seconds))}",
            f"{one.median / base:.2f}",
            "" if one.peak is None else _megabytes(one.peak),
        )
        for one in measures
    ]


def as_text(section: Section, rows: int, measures: Sequence[Measure]) -> str:
    """Return one table for the screen."""
    table = [_HEADINGS, *_rows(section, measures)]
    widths = [max(len(row[at]) for row in table) for at in range(len(_HEADINGS))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in table
    ]
    title = f"{section.title}, {rows:,} cases" if section.by_rows else section.title
    said = _verdicts(section, rows, measures)
    return "\n".join([title, *lines, *said, ""])


def _verdicts(section: Section, rows: int, measures: Sequence[Measure]) -> list[str]:
    return [
        *(_goal(goal, measures) for goal in section.goals if goal.rows == rows),
        *(_bound(bound, measures) for bound in section.bounds if bound.rows == rows),
    ]


def _bound(bound: Bound, measures: Sequence[Measure]) -> str:
    found = next((one for one in measures if one.contender.name == bound.product), None)
    if found is None or (bound.megabytes is not None and found.peak is None):
        return f"Goal: {bound.product} was not measured."
    taken, most, shown = found.median, bound.seconds or 0.0, _seconds
    if bound.megabytes is not None:
        taken, most, shown = found.peak or 0.0, bound.megabytes * 1_000_000, _megabytes
    reached = "reached" if taken <= most else "missed"
    return (
        f"Goal {reached}: {bound.product} takes {shown(taken)}; at most {shown(most)} were wanted."
    )


def _goal(goal: Goal, measures: Sequence[Measure]) -> str:
    found = {one.contender.name: one for one in measures}
    if goal.product not in found or goal.against not in found:
        return f"Goal: {goal.product} against {goal.against} was not measured."
    ours, theirs = found[goal.product], found[goal.against]
    ratio = ours.median / theirs.median
    fastest = min(ours.seconds) / min(theirs.seconds)  # what else a machine does only adds to both
    reached = "reached" if ratio <= goal.at_most else "missed"
    if goal.at_most < 1:
        return (
            f"Goal {reached}: {goal.product} is {1 / ratio:.1f} times as fast as {goal.against};"
            f" {1 / goal.at_most:.3g} times were wanted. By the fastest run of each:"
            f" {1 / fastest:.1f}."
        )
    return (
        f"Goal {reached}: {goal.product} takes {ratio:.2f} times as long as {goal.against};"
        f" at most {goal.at_most:g} times were wanted. By the fastest run of each: {fastest:.2f}."
    )


def machine() -> str:
    """Describe the machine and its Python, as they tell of themselves."""
    model = platform.processor() or platform.machine()
    information = Path("/proc/cpuinfo")
    if information.exists():
        named = [
            line.partition(":")[2].strip()
            for line in information.read_text(encoding="utf-8").splitlines()
            if line.startswith("model name")
        ]
        model = named[0] if named else model
    return (
        f"{model}, {os.cpu_count()} cores, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}{_load()}"
    )


def _load() -> str:
    """Tell what else the machine is doing: a busy one slows everything, though not alike."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0
    return f", busy with {load:.1f} other processes" if load >= 1 else ""


def as_markdown(
    found: Mapping[Section, Results],
    runs: int,
    now: datetime,
    where: str | None = None,
    *,
    page: str = "",
    order: Sequence[str] = (),
) -> str:
    """Return the whole page; what was not measured now stays as it is on `page`.

    `order` are the titles of all sections, as they follow each other.
    """
    made = "This page is made by `python -m benchmarks --write`. Do not edit it."
    about = (
        "Each figure is the median of the runs, taken in turn; each is a process of its own."
        " *Ratio* is the time against that of the contender whose ratio is 1.00. A *limit* does"
        " only what cannot be left out. Trackers are made up, always the same for the same size,"
        " in the shape Excel saves. Of a whole process the processor's time is measured, so that"
        " other work on the machine counts little. Where a section says so, it is the clock's."
    )
    when = f"Measured on {now.day} {now:%B %Y}. Runs: {runs}. Machine: {where or machine()}."
    kept = dict(_blocks(page))
    kept |= {section.title: _block(section, rows, when) for section, rows in found.items()}
    titles = [*order, *(title for title in kept if title not in order)]
    blocks = [kept[title] for title in titles if title in kept]
    return "\n\n".join(["# Speed", made, about, *blocks]) + "\n"


def _blocks(page: str) -> Iterator[tuple[str, str]]:
    """Give the sections of a page by their titles."""
    for block in page.split(_SECTION)[1:]:
        yield block.partition("\n")[0], f"{_SECTION}{block}".strip()


def _block(section: Section, by_rows: Results, when: str) -> str:
    parts = [f"{_SECTION.strip()} {section.title}", section.about, when]
    for rows, measures in by_rows.items():
        if section.by_rows:
            parts.append(f"**{rows:,} cases**")
        table = [_HEADINGS, ("---",) * len(_HEADINGS), *_rows(section, measures)]
        parts.append("\n".join(f"| {' | '.join(row)} |" for row in table))
        said = _verdicts(section, rows, measures)
        parts += ["  \n".join(said)] if said else []
    return "\n\n".join(parts)
