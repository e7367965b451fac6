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
from mfauto.many import Examined, LeftOut, Summary, figures
from mfauto.many.comparison import comparison
from mfauto.model import Case, Review
from mfauto.process import review
from mfauto.settings import Settings
from mfauto.standing import INADEQUATE
from mfauto.template import make_tracker
from mfauto.word import asked
from mfauto.workbook import read_tracker

_AS_AT: Final = date(2026, 10, 30)  # of the made-up data
_EARLIER: Final = date(2026, 7, 31)  # when some of it had not happened yet
_LATER: Final = date(2027, 1, 29)  # when some of it should have been done
_CROWD: Final = 40  # times that everything overdue is counted, for a pack of a large tracker

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


def _crowded_pack(found: Review, settings: Settings, target: Path) -> None:
    """Make the pack of an earlier month, with so much overdue that it is counted by group."""
    earlier = review(found.tracker, settings.policy, _EARLIER)
    crowded = replace(earlier, open=earlier.open * _CROWD)
    assurance_pack(crowded, (_EARLIER.year, _EARLIER.month), settings, target)


def _agendas(found: Review, settings: Settings, target: Path) -> None:
    for meeting in found.tracker.meetings:
        if meeting.held and meeting.type in MEETING_TYPES:
            agenda(found, meeting.held, meeting.type, settings, target)


def _later_agendas(found: Review, settings: Settings, target: Path) -> None:
    """Make the agendas ahead of a tracker that nobody has kept for some months."""
    ungraded = tuple(replace(row, grade=None) for row in found.tracker.reaudits)
    later = review(replace(found.tracker, reaudits=ungraded), settings.policy, _LATER)
    for meeting in found.tracker.meetings:
        if meeting.held and meeting.held > _LATER and meeting.type in MEETING_TYPES:
            agenda(later, meeting.held, meeting.type, settings, target)


def _sheets(found: Review, settings: Settings, target: Path) -> None:
    sheets = GoodPractice(found, settings)
    for example, standing in sheets.examples:
        sheets.make(example, standing, target)


def _sheet_with_names(found: Review, settings: Settings, target: Path) -> None:
    """Make the sheet of an example that names somebody the tracker knows, and somebody else."""
    case = found.tracker.cases[0]
    text = f"{case.practitioner} made a book with Layla.\nOthers can use: a book."
    rows = tuple(
        replace(row, example=text, case_ref=case.ref, anonymised=None)
        for row in found.tracker.examples[:1]
    )
    sheets = GoodPractice(replace(found, tracker=replace(found.tracker, examples=rows)), settings)
    for example, standing in sheets.examples:
        sheets.make(example, standing, target)


def _comparison(found: Review, settings: Settings, target: Path) -> None:
    """Make the pack over a tracker that was read, and one that was not."""
    counted, path = figures(found), found.tracker.path
    trackers = (
        Examined(name="North", path=path, sha256=found.tracker.sha256, now=counted, month=counted),
        Examined(name="South", path=path, trouble=("South.xlsx is damaged. Put back a backup.",)),
    )
    summary = Summary(
        as_at=_AS_AT,
        month=_AS_AT,
        trackers=trackers,
        left_out=(LeftOut(name="North - Copy.xlsx", why='Its name is that of a copy of "North".'),),
    )
    comparison(summary, settings, target, hide=False)


MAKERS: Final[tuple[Maker, ...]] = (
    _report,
    _pack,
    _crowded_pack,
    _agendas,
    _later_agendas,
    _sheets,
    _sheet_with_names,
    _comparison,
)


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
