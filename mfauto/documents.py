"""The documents people receive: each from its own template, which an officer may restyle."""

import copyreg
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import chain
from multiprocessing import get_context
from pathlib import Path
from types import MappingProxyType
from typing import Final

from mfauto.agenda import agenda
from mfauto.errors import MfautoError, TemplateError
from mfauto.good_practice import GoodPractice
from mfauto.model import Review
from mfauto.pack import assurance_pack
from mfauto.report import TEMPLATE, report
from mfauto.settings import Settings
from mfauto.word import render

__all__ = ["GoodPractice", "agenda", "assurance_pack", "exception_report", "exception_reports"]

MANY: Final = 2_000  #: reports from which a second process pays: it takes a second to start
_TOGETHER: Final = 100  # reports that a process is given at a time


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


def exception_reports(
    review: Review,
    wanted: Sequence[tuple[str, Path]],
    settings: Settings,
    *,
    many: int = MANY,
) -> Iterator[MfautoError | None]:
    """Make the report of each Case ref in `wanted` at its path; give what stood against each.

    From `many` reports on, every core is used; the files are the same. What the template
    stands against ends the work, since it stands against every report.
    """
    processes = min(os.cpu_count() or 1, len(wanted) // _TOGETHER)
    if len(wanted) < many or processes < 2:  # noqa: PLR2004 - one is at work already
        yield from _reports(review, wanted, settings)
        return
    copyreg.pickle(MappingProxyType, _as_dict)  # limits travel to the other processes
    batches = [wanted[start : start + _TOGETHER] for start in range(0, len(wanted), _TOGETHER)]
    with ProcessPoolExecutor(
        processes, get_context("spawn"), initializer=_prepare, initargs=(review, settings)
    ) as pool:
        for error in chain.from_iterable(pool.map(_batch, batches)):
            yield error
            if isinstance(error, TemplateError):
                pool.shutdown(wait=False, cancel_futures=True)
                return


def _reports(
    review: Review, wanted: Sequence[tuple[str, Path]], settings: Settings
) -> Iterator[MfautoError | None]:
    for ref, target in wanted:
        try:
            exception_report(review, ref, settings, target)
        except MfautoError as error:
            yield error
            if isinstance(error, TemplateError):
                return
        else:
            yield None


_View = MappingProxyType[object, object]


def _as_dict(
    view: _View,
) -> tuple[Callable[[dict[object, object]], _View], tuple[dict[object, object]]]:
    return _as_view, (dict(view),)


def _as_view(held: dict[object, object]) -> _View:
    return MappingProxyType(held)


_given: tuple[Review, Settings] | None = None


def _prepare(review: Review, settings: Settings) -> None:
    """Give a further process what all its reports need."""
    global _given  # noqa: PLW0603 - once for each process
    _given = review, settings


def _batch(wanted: Sequence[tuple[str, Path]]) -> list[MfautoError | None]:
    assert _given is not None  # noqa: S101 - `_prepare` came first
    return list(_reports(_given[0], wanted, _given[1]))
