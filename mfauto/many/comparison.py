"""The assurance pack over many trackers (C17): a row for each, side by side, and their totals.

Numbers only: no case, no practitioner, nobody's name. Where the settings of the run or of any
tracker keep small numbers back, they are kept back in every row, with what would give them away.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from mfauto import __version__
from mfauto.many.summary import Summary, one_line
from mfauto.many.unit import Figures
from mfauto.measures.hiding import SMALL, Key, Numbers
from mfauto.settings import Settings
from mfauto.together import keep_together
from mfauto.word import render
from mfauto.wording import MONTHS, counted, day_words, listed

TEMPLATE: Final = "comparison.docx"
_SHOWN: Final = ("cases", "inadequate", "left", "red", "overdue", "unsafe", "excluded")
_FEWER: Final = "fewer than 5"
_HIDDEN: Final = "hidden"
_UNKNOWN: Final = "Not known"
_ALL: Final = "All trackers that were read"
_TOTAL: Final = -1  #: stands for a tracker's place in the key of a total


class _Told:
    """The numbers of the comparison, none printed that is kept back."""

    def __init__(self, summary: Summary, *, hide: bool) -> None:
        self.hide = hide
        numbers = Numbers()
        read = [(place, one.month) for place, one in enumerate(summary.trackers) if one.month]
        for place, found in [*read, (_TOTAL, summary.at_month)]:
            for field in _SHOWN:
                numbers.add((place, field), getattr(found, field))
            # Cases that left are in the process too, and a red case has something overdue.
            numbers.part((place, "cases"), [(place, "inadequate"), (place, "left")])
            numbers.part((place, "cases"), [(place, "red")])
            numbers.part((place, "overdue"), [(place, "red")])
            numbers.part((place, "red"), [(place, "unsafe")])
        for field in _SHOWN:
            numbers.total((_TOTAL, field), [(place, field) for place, _ in read])
        self._values = numbers.values
        self._kept_back = numbers.kept_back() if hide else {}

    def shown(self, *key: Key) -> str:
        """Give a number as a table has it."""
        why = self._kept_back.get(key)
        if why is None:
            return f"{self._values[key]:,}"
        return _FEWER if why == SMALL else _HIDDEN

    def counted(self, field: str, one: str) -> str:
        """Give a total with its noun."""
        why = self._kept_back.get((_TOTAL, field))
        if why is None:
            return counted(self._values[_TOTAL, field], one)
        return f"{_FEWER if why == SMALL else 'a hidden number of'} {one}s"

    def are(self, field: str, one: str) -> str:
        """Give a total with its noun and verb, as a sentence begins with it."""
        said = self.counted(field, one)
        is_one = self._values[_TOTAL, field] == 1 and (_TOTAL, field) not in self._kept_back
        return f"{said[0].upper()}{said[1:]} {'is' if is_one else 'are'}"

    def row(self, name: str, place: int, found: Figures) -> dict[str, str]:
        """Give one row of the table."""
        return {
            "name": name,
            **{field: self.shown(place, field) for field in _SHOWN},
            "unread": f"{found.unread:,}",
        }


def comparison(
    summary: Summary, settings: Settings, target: Path, *, hide: bool, own: Sequence[str] = ()
) -> None:
    """Make the pack over many trackers and put it at `target`.

    `hide` keeps small numbers back; `own` names the trackers with limits of their own.

    Raises:
        TemplateError: the template cannot be filled.

    """
    month = f"{MONTHS[summary.month.month - 1]} {summary.month.year}"
    title = f"Moving Forward assurance pack: {month}, all trackers"
    render(
        settings.templates / TEMPLATE,
        {"title": title, "month": month, **_fields(summary, settings, hide=hide, own=own)},
        target,
        title=title,
        as_at=summary.month,
        finish=keep_together,
    )


def _fields(
    summary: Summary, settings: Settings, *, hide: bool, own: Sequence[str]
) -> Mapping[str, object]:
    told = _Told(summary, hide=hide)
    rows = [
        told.row(one.name, place, one.month)
        if one.month
        else {"name": one.name, **dict.fromkeys((*_SHOWN, "unread"), _UNKNOWN)}
        for place, one in enumerate(summary.trackers)
    ]
    return {
        "marking": settings.marking,
        "council": settings.council,
        "service": settings.service,
        "as_at": day_words(summary.month),
        "safety": _safety(summary, told),
        "known": _known(summary, told),
        "trackers": [*rows, told.row(_ALL, _TOTAL, summary.at_month)],
        "unread": [
            {"name": one.name, "why": one_line(" ".join(one.trouble))} for one in summary.unread
        ],
        "left_out": [{"name": one.name, "why": one.why} for one in summary.left_out],
        "files": [
            {"name": one.name, "file": one.path.name, "sha256": one.sha256 or _UNKNOWN}
            for one in summary.trackers
        ],
        "own_limits": f"Limits of their own: {listed(own)}. Read their rows with that in mind."
        if own
        else "All trackers are measured by the same limits.",
        "small": (
            "Numbers from 1 to 4 read fewer than 5. Others read hidden where a sum would give "
            "one away."
        )
        if hide
        else "Small numbers are shown as they are.",
        "version": __version__,
    }


def _safety(summary: Summary, told: _Told) -> str:
    """Say in how many cases the assurance of a child's safety is overdue, and what is unknown."""
    if summary.at_month.unsafe:
        cases = told.counted("unsafe", "case")
        said = f"In {cases} the assurance of a child’s safety is overdue."
    elif summary.read:
        said = "In no tracker that was read is the assurance of a child’s safety overdue."
    else:
        said = "No tracker could be read."
    if summary.unread:
        number = counted(len(summary.unread), "tracker")
        said += f" Nothing can be said about the children in {number} that could not be read."
    return said


def _known(summary: Summary, told: _Told) -> list[str]:
    trackers = counted(len(summary.trackers), "tracker")
    were = "was" if len(summary.trackers) == 1 else "were"
    return [
        f"{trackers} {were} looked at, and {len(summary.read)} could be read.",
        f"{told.are('cases', 'case')} in the process in them.",
        f"{told.are('inadequate', 'case')} open at Inadequate.",
        f"{told.are('overdue', 'step')} overdue. {told.are('red', 'case')} red.",
    ]
