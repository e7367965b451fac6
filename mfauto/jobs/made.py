"""What mfauto has made: noted in the history, known by it again, and where it went.

A document is mfauto's own as long as its bytes are among those that the history notes. What a
person wrote into one is that person's: `saving.Versions` keeps every job from going over it.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mfauto.jobs.run import Run
from mfauto.model import Review
from mfauto.saving import Versions, as_made, sha256
from mfauto.wording import day_words

if TYPE_CHECKING:
    from mfauto.ledger import Entry, Ledger

OF: Final = "of"  #: the fact of a run over many that says whose: never that of the folder's own
_NAMED: Final = 5  #: files that are named one by one


def note(run: Run, found: Review, kind: str, made: Path, **facts: str) -> None:
    """Enter a document in the history."""
    note_each(run, found, kind, [(made, facts)])


def note_each(
    run: Run, found: Review, kind: str, several: Sequence[tuple[Path, Mapping[str, str]]]
) -> None:
    """Enter documents of one kind in the history, in one go: an entry alone waits for the disk."""
    if run.ledger is None or not several:
        return
    common = {"kind": kind, "as_at": found.as_at.isoformat(), "tracker": found.tracker.sha256}
    run.ledger.record_each(
        "document",
        run.now,
        [
            {**common, "file": named(run, made), "sha256": sha256(made), **facts}
            for made, facts in several
        ],
    )


def named(run: Run, made: Path) -> str:
    """Give a document's path below the working folder, else below `out`; elsewhere its name."""
    for folder in (run.settings.folder, run.settings.output):
        if made.is_relative_to(folder):
            return made.relative_to(folder).as_posix()
    return made.name


def hashes(ledger: "Ledger | None", of: str | None = None) -> frozenset[str]:
    """Give the hashes of all documents that the history notes; with `of`, one tracker's of many.

    Whatever they are called: a person who gives a new version the old one's name changes nothing.
    """
    return frozenset(
        str(entry.facts.get("sha256"))
        for entry in _documents(ledger)
        if of is None or entry.facts.get(OF) == of
    )


def versions(run: Run, of: str | None = None) -> Versions:
    """Say where this run's documents go; the name of one beside another has the report date."""
    return Versions(ours=hashes(run.ledger, of), mark=day_words(run.as_at))


def left_said(run: Run, went: Mapping[Path, Path]) -> list[str]:
    """Say which files were left as they are, and where the new ones are.

    `went` says for each target where the new version went.
    """
    beside = {target: place for target, place in went.items() if place != target}
    if not beside:
        return []
    said = [f"{one} and was left as it is." for one in _why(run, beside)]
    if len(said) <= _NAMED:
        names = (place.name for place in beside.values())
        return [f"{one} The new one is {name}." for one, name in zip(said, names, strict=True)]
    number = f"{len(said):,} files are not as mfauto made them and were left as they are."
    example = next(iter(beside.values())).name
    return [f"{number} Each new one has the day in its name, such as {example}."]


def would_be_left(run: Run, targets: Iterable[Path]) -> list[str]:
    """Say for a dry run which files would be left as they are."""
    known = hashes(run.ledger)
    changed = []
    for target in targets:
        with suppress(OSError):  # not there, or not to be read now
            if not as_made(target, known):
                changed.append(target)
    if len(changed) <= _NAMED:
        return [f"{one} and would be left as it is." for one in _why(run, changed)]
    number = f"{len(changed):,} files are not as mfauto made them"
    return [f"{number} and would be left as they are."]


def _why(run: Run, files: Iterable[Path]) -> list[str]:
    """Say of each file why it is left, as a sentence begins with it."""
    names = {str(entry.facts.get("file")) for entry in _documents(run.ledger)}
    return [
        f"{file.name} was changed by somebody"
        if named(run, file) in names
        else f"{file.name} is not known from the history"  # or the history is not what it was
        for file in files
    ]


def _documents(ledger: "Ledger | None") -> "Iterable[Entry]":
    return ledger.entries("document") if ledger else ()
