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

from mfauto.columns import MEETING_TYPES
from mfauto.demo import demo_rows
from mfauto.documents import GoodPractice, agenda, assurance_pack, exception_report
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


def _agendas(found: Review, settings: Settings, target: Path) -> None:
    for meeting in found.tracker.meetings:
        if meeting.held and meeting.type in MEETING_TYPES:
            agenda(found, meeting.held, meeting.type, settings, target)


def _sheets(found: Review, settings: Settings, target: Path) -> None:
    sheets = GoodPractice(found, settings)
    for example, standing in sheets.examples:
        sheets.make(example, standing, target)


MAKERS: Final[tuple[Maker, ...]] = (_report, _pack, _agendas, _sheets)


@cache
def examples() -> Mapping[str, Mapping[str, Any]]:
    """Give for each template, by its name, everything it may use, with an example of each."""
    noted: dict[str, Mapping[str, Any]] = {}
    with tempfile.TemporaryDirectory() as held:
        folder = Path(held)
        tracker = folder / "made-up.xlsx"
        make_tracker(tracker, demo_rows(_AS_AT))
        settings = Settings(folder=folder)
        found = review(read_tracker(tracker, settings), settings.policy, _AS_AT)
        found = replace(found, tracker=replace(found.tracker, path=Path("Tracker.xlsx")))
        for make in MAKERS:
            with asked() as contexts:
                make(found, settings, folder / "made.docx")
            for name, context in contexts:
                noted[name] = _both(noted[name], context) if name in noted else context
    return noted


def _both(first: Any, second: Any) -> Any:  # noqa: ANN401 - any value of a context
    """Give an example with what only another document of the kind has to show."""
    if isinstance(first, Mapping) and isinstance(second, Mapping):
        return {
            name: _both(first[name], second[name]) if name in first and name in second else value
            for name, value in {**second, **first}.items()
        }
    if isinstance(first, list) and isinstance(second, list) and first and second:
        return [_both(first[0], second[0]), *first[1:]]
    return second if first in ("", [], None) else first
