"""The monthly assurance pack (C17): every figure of `measures` in words, tables and charts.

Service level only: Case refs, services and Heads of Service, never another name.
Nothing is invented; what a person has to write stands as a place for it.
"""

from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from docx.oxml.ns import qn

from mfauto.charts import put
from mfauto.errors import UsageError
from mfauto.measures import Measures
from mfauto.model import Review
from mfauto.pack.cases import concern, movement, overdue, practice
from mfauto.pack.coming import ahead
from mfauto.pack.drawings import charted, charts, in_place_of, mark
from mfauto.pack.headlines import assurance, headlines, safety, timeliness
from mfauto.pack.sources import method, quality
from mfauto.pack.told import Told, month_words
from mfauto.policy import add_months
from mfauto.process import review as review_again
from mfauto.settings import Settings
from mfauto.word import render
from mfauto.wording import day_words

__all__ = ["TEMPLATE", "assurance_pack", "told_fields"]

TEMPLATE: Final = "assurance_pack.docx"
_TOGETHER: Final = 13  # rows of a table that stays on one page where it can: a year has 12


def assurance_pack(
    review: Review, month: tuple[int, int] | str, settings: Settings, target: Path
) -> None:
    """Make the pack of `month`, such as (2026, 10) or "2026-10", and put it at `target`.

    A review as at a day of that month counts as it is; from any other, the tracker is
    reviewed again as at the month's last day.

    Raises:
        TemplateError: the template cannot be filled.
        UsageError: `month` is not a month.

    """
    first = _first_day(month)
    if month_words(review.as_at) != month_words(first):
        last = add_months(first, 1) - timedelta(days=1)
        review = review_again(review.tracker, settings.policy, last)
    told = Told(review, settings, Measures(review, settings.policy))
    drawn = charts(told)
    title = f"Moving Forward assurance pack: {month_words(review.as_at)}"

    def finish(document: Any) -> None:  # noqa: ANN401 - python-docx
        for number, (name, chart) in enumerate(drawn.items(), start=1):
            if chart is not None:
                put(document, mark(name), chart, number)
        _keep_together(document)

    fields = told_fields(told) | {
        "title": title,
        "charts": {name: in_place_of(told, name, chart) for name, chart in drawn.items()},
    }
    render(
        settings.templates / TEMPLATE,
        fields,
        target,
        title=title,
        as_at=review.as_at,
        finish=finish,
    )


def _first_day(month: tuple[int, int] | str) -> date:
    try:
        year, number = month if isinstance(month, tuple) else map(int, month.split("-"))
        return date(year, number, 1)
    except ValueError as error:
        raise UsageError(f'"{month}" is not a month. Give it as 2026-10.') from error


def told_fields(told: Told) -> dict[str, object]:
    """Give everything the template may use, but for the title and the charts."""
    return {
        "marking": told.settings.marking,
        "council": told.settings.council,
        "service": told.settings.service,
        "month": month_words(told.as_at),
        "as_at": day_words(told.as_at),
        "safety": safety(told),
        **assurance(told),
        **headlines(told),
        **charted(told),
        **timeliness(told),
        **movement(told),
        **overdue(told),
        **concern(told),
        **practice(told),
        **ahead(told),
        **quality(told),
        **method(told),
    }


def _keep_together(document: Any) -> None:  # noqa: ANN401 - python-docx
    """Keep each table with what stands above it, and a short one on one page."""
    for table in document.element.body.findall(qn("w:tbl")):
        above = table.getprevious()
        if above is not None and above.tag == qn("w:p"):
            _keep_with_next(above)
        rows = table.findall(qn("w:tr"))
        for row in rows[:-1] if len(rows) <= _TOGETHER else ():
            for cell in row.findall(qn("w:tc")):
                _keep_with_next(cell.find(qn("w:p")))


def _keep_with_next(paragraph: Any) -> None:  # noqa: ANN401 - python-docx's own, but for its detours
    properties = paragraph.find(qn("w:pPr"))
    if properties is None:
        properties = paragraph.makeelement(qn("w:pPr"))
        paragraph.insert(0, properties)
    if properties.find(qn("w:keepNext")) is None:
        style = properties.find(qn("w:pStyle"))
        keep = properties.makeelement(qn("w:keepNext"))
        properties.insert(0 if style is None else 1, keep)
