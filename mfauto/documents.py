"""The documents people receive: each from its own template, which an officer may restyle."""

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from mfauto.agenda import agenda
from mfauto.errors import MfautoError, TemplateError
from mfauto.good_practice import GoodPractice
from mfauto.model import Review
from mfauto.pack import assurance_pack
from mfauto.parts import each
from mfauto.processes import BrokenProcessPool, cores, processes
from mfauto.report import TEMPLATE, report
from mfauto.saving import Versions
from mfauto.settings import Settings
from mfauto.word import placed, render

__all__ = ["GoodPractice", "agenda", "assurance_pack", "exception_report", "exception_reports"]

MANY: Final = 1_000  #: reports from which a further process pays: it takes a second to start
_EACH: Final = 500  # reports that are worth a process
_TOGETHER: Final = 100  # reports that a process is given at a time


def exception_report(
    review: Review, case_ref: str, settings: Settings, target: Path, *, flush: bool = True
) -> None:
    """Make the one-page exception report of one Inadequate case (C09).

    Without `flush` the caller sees to it that the file reaches the disk.

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
        flush=flush,
    )


def exception_reports(
    review: Review,
    wanted: Sequence[tuple[str, Path]],
    settings: Settings,
    *,
    many: int = MANY,
    versions: Versions | None = None,
) -> list[Path | MfautoError]:
    """Make the report of each Case ref in `wanted` at its path.

    Give for each where it went, or what stood against it. `versions` keep it from going over
    what a person has changed. All of them are on the disk then. From `many` reports on, several
    cores are used; the files are the same. A fault of the template ends the work, since it
    stands against every report.
    """
    number = min(cores(), len(wanted) // min(_EACH, many))
    if len(wanted) < many or number < 2:  # noqa: PLR2004 - one is at work already
        return _reports(review, wanted, settings, versions)
    batches = [wanted[start : start + _TOGETHER] for start in range(0, len(wanted), _TOGETHER)]
    found: list[Path | MfautoError] = []
    with processes(number, _prepare, review, settings, versions) as pool:
        try:
            for answers in pool.map(_batch, batches):
                found += answers
                if answers and isinstance(answers[-1], TemplateError):
                    pool.shutdown(wait=False, cancel_futures=True)
                    return found
        except BrokenProcessPool:  # ended from outside: what it did not make is made here
            pass
    return found + _reports(review, wanted[len(found) :], settings, versions)


def _reports(
    review: Review,
    wanted: Sequence[tuple[str, Path]],
    settings: Settings,
    versions: Versions | None,
) -> list[Path | MfautoError]:
    found: list[Path | MfautoError] = []
    with placed(versions) as went:
        for ref, target in each(wanted):
            try:
                exception_report(review, ref, settings, target, flush=False)
            except MfautoError as error:
                found.append(error)
                if isinstance(error, TemplateError):
                    break
            else:
                found.append(went.get(target, target))
    _flush([one for one in found if isinstance(one, Path)])
    return found


def _flush(made: Sequence[Path]) -> None:
    """Wait until files are on the disk: together, which takes hardly longer than one alone."""
    for path in made:
        with suppress(OSError), path.open("r+b") as file:  # gone or open again: not ours to say
            os.fsync(file.fileno())


_given: tuple[Review, Settings, Versions | None] | None = None


def _prepare(review: Review, settings: Settings, versions: Versions | None) -> None:
    """Give a further process what all its reports need."""
    global _given  # noqa: PLW0603 - once for each process
    _given = review, settings, versions


def _batch(wanted: Sequence[tuple[str, Path]]) -> list[Path | MfautoError]:
    assert _given is not None  # noqa: S101 - `_prepare` came first
    review, settings, versions = _given
    return _reports(review, wanted, settings, versions)
