"""The documents people receive: each from its own template, which an officer may restyle."""

from pathlib import Path

from mfauto.agenda import agenda
from mfauto.good_practice import GoodPractice
from mfauto.model import Review
from mfauto.pack import assurance_pack
from mfauto.report import TEMPLATE, report
from mfauto.settings import Settings
from mfauto.word import render

__all__ = ["GoodPractice", "agenda", "assurance_pack", "exception_report"]


def exception_report(review: Review, case_ref: str, settings: Settings, target: Path) -> None:
    """Make the one-page exception report of one Inadequate case (C09).

    Raises:
        UsageError: there is no such case at the review's day.
        TemplateError: the template cannot be filled.

    """
    made = report(review, case_ref, settings)
    fields = {name: getattr(made, name) for name in made.__slots__}
    render(
        settings.templates / TEMPLATE,
        fields,
        target,
        title=made.title,
        as_at=review.as_at,
    )
