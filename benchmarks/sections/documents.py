"""Exception reports: the product beside docxtpl and beside what any maker of Word files must do."""

from collections.abc import Sequence
from pathlib import Path

from benchmarks.plan import Bound, Contender, Goal, Section
from benchmarks.trackers import a_tracker

_FILLED = "product: fill and write"
_FITTED = "product: fit, fill and write"
_DOCXTPL = "docxtpl: fill and write"
_ZIPPED = "zip of members already packed"


def _prepare(folder: Path, cases: int) -> Sequence[str]:
    return [str(a_tracker(folder / "Tracker.xlsx", max(cases, 500)))]


DOCUMENTS = Section(
    name="documents",
    title="Exception reports",
    about=(
        "200 different one-page reports from the product's own template: 27 fields, a loop over "
        "actions, a header and a footer. Made and written, each as a file of its own; imports and "
        "the preparation of the template are not timed. The fit shares the one page out between "
        "what people wrote, in lines measured word by word. Filling and writing are near the "
        "limit, so what the fit takes is what keeps the whole from 20 times. `exceptions` does "
        "what the longest line says."
    ),
    whole_process=False,
    by_rows=False,
    against=_ZIPPED,
    contenders=(
        Contender(name="bytes written to files", role="limit", function="documents.written"),
        Contender(name=_ZIPPED, role="limit", function="documents.zipped"),
        Contender(
            name="product: fill alone", role="product", function="documents.filled_in_memory"
        ),
        Contender(name=_FILLED, role="product", function="documents.filled"),
        Contender(name="product: fit alone", role="product", function="documents.fitted_alone"),
        Contender(name=_FITTED, role="product", function="documents.fitted"),
        Contender(
            name="product: work out, fit, fill, write and wait for the disk",
            role="product",
            function="documents.reports",
        ),
        Contender(name=_DOCXTPL, role="peer", function="documents.docxtpl"),
    ),
    prepare=_prepare,
    bounds=(Bound(product=_FITTED, seconds=200 / 500, rows=500),),
    goals=(
        Goal(product=_FILLED, against=_DOCXTPL, at_most=1 / 20, rows=500),
        Goal(product=_FITTED, against=_DOCXTPL, at_most=1 / 20, rows=500),
        Goal(product=_FILLED, against=_ZIPPED, at_most=2.0, rows=500),
    ),
)
