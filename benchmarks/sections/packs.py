"""The monthly assurance pack, beside reading the tracker it is made from."""

from collections.abc import Sequence
from pathlib import Path

from benchmarks.plan import Bound, Contender, Section
from benchmarks.trackers import a_tracker


def _prepared(folder: Path, cases: int) -> Sequence[str]:
    a_tracker(folder / "Tracker.xlsx", cases)
    config = folder / "mfauto.toml"
    config.write_text('tracker = "Tracker.xlsx"\n', encoding="utf-8")
    kept_back = 'tracker = "Tracker.xlsx"\nsuppress_small_numbers = true\n'
    (folder / "kept-back.toml").write_text(kept_back, encoding="utf-8")
    return [str(config)]


PACKS = Section(
    name="packs",
    title="The monthly assurance pack",
    about=(
        "`pack` reads the tracker, works out twelve months and makes the Word file with its "
        "charts. Whole processes. Of a small pack the libraries' own loading, which is the limit "
        "here, takes the largest part; next come the template's compiling and its check."
    ),
    whole_process=True,
    by_rows=True,
    against="check",
    contenders=(
        Contender(name="check", role="product", function="packs.check"),
        Contender(name="pack", role="product", function="packs.pack"),
        Contender(
            name="pack, small numbers kept back",
            role="product",
            function="packs.pack_without_small_numbers",
        ),
        Contender(name="import pandas", role="peer", function="packs.import_pandas"),
        Contender(
            name="import pandas, docxtpl and what they need",
            role="limit",
            function="packs.import_libraries",
        ),
    ),
    prepare=_prepared,
    bounds=(
        Bound(product="pack", seconds=1, rows=500),
        Bound(product="pack", seconds=5, rows=10_000),
    ),
)
