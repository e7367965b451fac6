"""The one-page exception report (C09): its facts, and how the page is shared out.

One page by construction: what can be long is measured where the template puts it, is given
lines in turn, and says where it goes on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from mfauto.columns import ACTIONS
from mfauto.errors import TemplateError
from mfauto.fitting import on_one_line
from mfauto.model import Review
from mfauto.report.facts import LONG, Facts, Known, Said, Written
from mfauto.report.page import Page, Place
from mfauto.report.sharing import MOST_ROWS, ActionLine, share
from mfauto.settings import Settings
from mfauto.word import layout_of
from mfauto.word.blocks import Layout

__all__ = ["TEMPLATE", "ActionLine", "Report", "on_one_page", "report", "worked_out"]

TEMPLATE: Final = "exception_report.docx"
_RULE: Final = "\n\t"  #: the template draws a line as far as its tab leads
_SUMMARY, _LATE = "summary_to_write", "late_to_write"
#: ruled lines kept for the first place to write, the most first
_KEPT: Final = ({_SUMMARY: 2, _LATE: 1}, {_SUMMARY: 1, _LATE: 0}, {_SUMMARY: 0, _LATE: 0})
#: which place is given one more, while there is room that nothing else needs
_MORE: Final = (_SUMMARY, _LATE, *[_SUMMARY] * 6)
_LEAST: Final = 9  #: lines left for all the rest: a few texts and two actions


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """Everything the template may use; each field is a text that fits its place."""

    marking: str
    ref: str
    title: str
    to: str
    sender: str
    service: str
    practitioner: str
    team_manager: str
    service_manager: str
    head_of_service: str
    audit: str
    meeting: str
    due_sum: str
    safety_lead: str
    safety: str
    safety_note: str
    audit_findings: str
    strengths: str
    practice_context: str
    review: str
    summary: str
    summary_to_write: str
    late_to_write: str
    actions: Sequence[ActionLine]
    actions_more: str
    support_agreed: str
    reaudit: str
    panel: str
    as_at: str


def report(review: Review, ref: str, settings: Settings) -> Report:
    """Make the report of one Inadequate case as at the review's day.

    Raises:
        UsageError: the case is not there, or is left out, at that day.

    """
    return on_one_page(worked_out(review, ref, settings), settings)


def worked_out(review: Review, ref: str, settings: Settings) -> Said:
    """Work out what the report of a case has to say; raises as `report` does."""
    known = _known(review)
    return Facts(known, known.case(ref), settings).said()


def on_one_page(said: Said, settings: Settings) -> Report:
    """Fit what a report has to say on the one page that its template makes."""
    page = _page(settings)
    title = f"Exception report: {said.ref}"
    values = {
        **said.sentences,
        **{name: _fitted(one, page.place(name)) for name, one in said.on_one_line.items()},
    }
    actions = said.actions
    # What stands below the table keeps the room of its longest words, however many actions fit.
    late = tuple(action.overdue for action in actions)
    below = {"actions_more": _longest_more(late), "title": title}
    places = _places_to_write(page, said.to_write, values | below)
    shared = share(page, said.texts, actions, values | below | places)
    return Report(
        title=title,
        actions=tuple(shared.actions),
        actions_more=_more(late, len(shared.actions)),
        **values,
        **shared.texts,
        **_longer(page, places, shared.left),
    )


def _places_to_write(
    page: Page, asked: Mapping[str, str], values: Mapping[str, str]
) -> dict[str, str]:
    """Put lines to write on below what is asked: fewer where little else would fit."""
    needed = _LEAST * max(page.place(name).line for name in LONG)
    first = next((name for name, text in asked.items() if text), "")
    made = dict(asked)
    for lines in _KEPT:
        made = {name: _ruled(text, lines[name] * (name == first)) for name, text in asked.items()}
        if page.free({**values, **made}, table=True) >= needed:
            break
    return made


def _longer(page: Page, places: Mapping[str, str], left: float) -> dict[str, str]:
    """Give the places to write the lines that nothing else needs."""
    made = dict(places)
    for name in _MORE:
        line = page.place(name).line
        if made[name] and left >= line:
            made[name] += _RULE
            left -= line
    return made


def _ruled(text: str, lines: int) -> str:
    """Give a text with a rule on the rest of its line, and so many ruled lines below it."""
    return text and f"{text}\t{_RULE * lines}"


def _fitted(written: Written, place: Place) -> str:
    end = f"({written.cell})" if written.cell else ""
    return on_one_line(written.text, place.alone, place.size, end=end)


@lru_cache(maxsize=1_024)
def _longest_more(late: tuple[bool, ...]) -> str:
    return max((_more(late, shown) for shown in range(MOST_ROWS + 1)), key=len)


def _more(actions: Sequence[bool], shown: int) -> str:
    """Say how many actions are not on the page, and how many of those are overdue, as each says."""
    left = actions[shown:]
    if not actions:
        return "No actions are recorded."
    if not left:
        return "These are all the actions recorded."
    late = sum(left)
    if len(left) == 1:
        said = "it is overdue" if late else "it is not overdue"
    else:
        said = f"{late or 'none'} of them {'is' if late <= 1 else 'are'} overdue"
    return f"And {len(left)} more, in the tracker, sheet {ACTIONS.name}; {said}."


_NO_LAYOUT: Final = Layout(height=742.0, room=493.0, blocks=())
_latest_known: Known | None = None
_latest_page: Page | None = None


def _known(review: Review) -> Known:
    """Give the review as reports need it; the latest is kept, since reports come in numbers."""
    global _latest_known  # noqa: PLW0603 - one review at a time, told apart by identity
    if _latest_known is None or _latest_known.review is not review:
        _latest_known = Known(review)
    return _latest_known


def _page(settings: Settings) -> Page:
    global _latest_page  # noqa: PLW0603 - likewise
    try:
        layout = layout_of(settings.templates / TEMPLATE)
    except TemplateError:  # told when it is filled
        return Page(_NO_LAYOUT, LONG)
    if _latest_page is None or _latest_page.layout is not layout:
        _latest_page = Page(layout, LONG)
    return _latest_page
