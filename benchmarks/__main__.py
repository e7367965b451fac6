"""Runs the benchmarks: `python -m benchmarks`, or some of them with `--only`."""

import argparse
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.measuring import ROOT, Measure, measured
from benchmarks.plan import Section  # noqa: TC001 - a type like any other here
from benchmarks.report import as_markdown, as_text, machine
from benchmarks.sections import SECTIONS

PAGE = ROOT / "docs" / "speed.md"


def main() -> int:
    """Measure, print, and write the page where that is asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    names = [section.name for section in SECTIONS]
    parser.add_argument(
        "--only", action="append", choices=names, help="this section; again for more"
    )
    parser.add_argument("--rows", default="500,10000", help="cases of the trackers, with commas")
    parser.add_argument("--runs", type=int, default=5, help="runs of each contender")
    parser.add_argument(
        "--large",
        action="store_true",
        help="measure a very large tracker and very many trackers too; takes minutes",
    )
    parser.add_argument(
        "--write", action="store_true", help="write what was measured to docs/speed.md"
    )
    given = parser.parse_args()
    usual = [section.name for section in SECTIONS if given.large or not section.by_itself]
    sizes = [int(rows) for rows in given.rows.split(",")]
    found: dict[Section, dict[int, list[Measure]]] = {}
    where = machine()
    sys.stdout.write(f"{where}\n\n")
    for section in SECTIONS:
        if section.name not in (given.only or usual):
            continue
        found[section] = {}
        more = [section.large] if given.large and section.large else []
        for rows in [*sizes, *more] if section.by_rows else sizes[:1]:
            with tempfile.TemporaryDirectory(prefix="mfauto-benchmarks-") as folder:
                measures = measured(section, rows, Path(folder), given.runs)
            found[section][rows] = measures
            sys.stdout.write(as_text(section, rows, measures) + "\n")
            sys.stdout.flush()
    if given.write:
        page = as_markdown(
            found,
            given.runs,
            datetime.now(UTC),
            where,
            page=PAGE.read_text(encoding="utf-8") if PAGE.exists() else "",
            order=[section.title for section in SECTIONS],
        )
        PAGE.write_text(page, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
