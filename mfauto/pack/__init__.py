"""The monthly assurance pack (C17): every figure of `measures` in words, tables and charts.

Service level only: Case refs, services and Heads of Service, never another name.
Nothing is invented; what a person has to write stands as a place for it.
"""

from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

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
from mfauto.together import keep_together
from mfauto.word import render
from mfauto.wording import day_words

__all__ = ["TEMPLATE", "assurance_pack", "told_fields"]

TEMPLATE: Final = "assurance_pack.docx"


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
        keep_together(document)

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
