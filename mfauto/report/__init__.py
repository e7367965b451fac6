"""The one-page exception report (C09): its facts, and how the page is shared out.

One page by construction: what can be long is measured where the template puts it, is given
lines in turn, and says where it goes on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from mfauto.columns import ACTIONS
from mfauto.errors import TemplateError
from mfauto.fitting import on_one_line
from mfauto.model import Review
from mfauto.report.facts import LONG, Facts, Known, Written
from mfauto.report.page import Page, Place
from mfauto.report.sharing import ActionLine, share
from mfauto.settings import Settings
from mfauto.word import layout_of
from mfauto.word.blocks import Layout

__all__ = ["TEMPLATE", "ActionLine", "Report", "report"]

TEMPLATE: Final = "exception_report.docx"


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
    known = _known(review)
    facts = Facts(known, known.case(ref), settings)
    page = _page(settings)
    title = f"Exception report: {facts.case.ref}"
    values = facts.sentences() | {
        name: _fitted(written, page.place(name)) for name, written in facts.on_one_line().items()
    }
    actions = facts.actions()
    # What stands below the table has the same height however many actions fit.
    below = {"actions_more": _more(len(actions), 0), "title": title}
    shared = share(page, facts.texts(), actions, values | below)
    more = _more(len(actions), len(shared.actions))
    return Report(
        title=title,
        actions=tuple(shared.actions),
        actions_more=more,
        **values,
        **shared.texts,
    )


def _fitted(written: Written, place: Place) -> str:
    end = f"({written.cell})" if written.cell else ""
    return on_one_line(written.text, place.alone, place.size, end=end)


def _more(there: int, shown: int) -> str:
    if not there:
        return "No actions are recorded."
    if there > shown:
        return f"And {there - shown} more, in the tracker, sheet {ACTIONS.name}."
    return "These are all the actions recorded."


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
