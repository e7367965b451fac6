"""What each document's template may use, with an example: found by making each for made-up data.

A document that is added to the product is added to `MAKERS`.
"""

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from mfauto.demo import demo_rows
from mfauto.documents import assurance_pack, exception_report
from mfauto.model import Case, Review
from mfauto.process import review
from mfauto.settings import Settings
from mfauto.standing import INADEQUATE
from mfauto.template import make_tracker
from mfauto.word import asked
from mfauto.workbook import read_tracker

_AS_AT: Final = date(2026, 10, 30)  # of the made-up data

Maker = Callable[[Review, Settings, Path], object]


def _report(found: Review, settings: Settings, target: Path) -> None:
    """Make the report of the case of which there is most to tell."""
    graded = [position.case for position in found.positions if position.grade == INADEQUATE]
    told = {case.ref: _filled(case) for case in found.tracker.cases}
    actions = [action.case_ref for action in found.tracker.actions]
    ref = max(graded, key=lambda ref: (min(actions.count(ref), 3), told.get(ref, 0)))
    exception_report(found, ref, settings, target)


def _filled(case: Case) -> int:
    """Count the fields of a case that hold something."""
    return sum(bool(getattr(case, field.name)) for field in fields(case))


def _pack(found: Review, settings: Settings, target: Path) -> None:
    assurance_pack(found, (_AS_AT.year, _AS_AT.month), settings, target)


MAKERS: Final[tuple[Maker, ...]] = (_report, _pack)


@cache
def examples() -> Mapping[str, Mapping[str, Any]]:
    """Give for each template, by its name, everything it may use, with an example of each."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tracker = folder / "made-up.xlsx"
        make_tracker(tracker, demo_rows(_AS_AT))
        settings = Settings(folder=folder)
        found = review(read_tracker(tracker, settings), settings.policy, _AS_AT)
        found = replace(found, tracker=replace(found.tracker, path=Path("Tracker.xlsx")))
        with asked() as noted:
            for make in MAKERS:
                make(found, settings, folder / "made.docx")
    return noted
