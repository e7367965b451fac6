"""Working folders as of a Monday on which everything is due: flags, reports, emails and the pack.

The cases are the demo's, told again and again until there are as many as asked for.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from mfauto.demo import demo_rows
from mfauto.template import make_tracker

MONDAY: Final = date(2027, 10, 4)  #: the second working day of its month: the pack is due as well
_REPEATED: Final = ("cases", "actions", "reaudits", "examples")
_SETTINGS: Final = 'tracker = "Tracker.xlsx"\n\n[mail]\nallowed_domains = ["example.org"]\n'

Rows = Sequence[Mapping[str, object]]


def a_working_folder(folder: Path, cases: int, *, every_report: bool = False) -> Path:
    """Make a folder with a tracker of so many cases and its settings.

    `every_report` has a report due from each Inadequate case that had its meeting.
    """
    folder.mkdir(parents=True)
    make_tracker(folder / "Tracker.xlsx", rows_of(cases, every_report=every_report))
    (folder / "mfauto.toml").write_text(_SETTINGS, encoding="utf-8")
    return folder


def rows_of(cases: int, *, every_report: bool = False) -> Mapping[str, Rows]:
    """Give the rows of such a tracker, by the name that `Tracker` gives the sheet."""
    told = demo_rows(MONDAY)
    one = len(told["cases"])
    made: dict[str, list[dict[str, object]]] = {name: [] for name in _REPEATED}
    for copy in range(-(-cases // one)):
        kept = {row["ref"] for row in told["cases"][: cases - copy * one]}
        for name in _REPEATED:
            for row in told[name]:
                if row["ref" if name == "cases" else "case_ref"] in kept:
                    made[name].append(_again(row, copy, every_report=every_report))
    return {**told, **made}


def _again(row: Mapping[str, object], copy: int, *, every_report: bool) -> dict[str, object]:
    again = dict(row)
    for field in ("ref", "case_ref"):
        if again.get(field):
            again[field] = f"{again[field]}-{copy}"
    if every_report and again.get("meeting_held"):
        again |= {"caseload_review": "Required", "exception_report_completed": None}
    return again
