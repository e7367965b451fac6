"""The good-practice sheet: one example with its names removed, for a person to sign off (C10).

Nothing here anonymises. The sheet is a draft for checking until the tracker says under
"Anonymised on" that a person has signed it off; only then may it be offered to others.
"""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mfauto.comparing import same
from mfauto.good_practice.names import NameBook
from mfauto.good_practice.removal import Removed, everyday, remove
from mfauto.model import Example, Review
from mfauto.process import stand
from mfauto.settings import Settings
from mfauto.standing import Relations, Standing
from mfauto.typed_lists import Part, joined, parts
from mfauto.word import render
from mfauto.wording import counted, day_words, listed

__all__ = ["TEMPLATE", "GoodPractice", "Removed", "Sheet"]

TEMPLATE: Final = "good_practice.docx"
_TEXTS: Final = ("audit_findings", "strengths", "practice_context", "support_agreed")
_MOST_READ: Final = 2_000  # rows of a sheet whose words are read to tell words from names
_OTHERS: Final = "Others can use"  #: begins, with a colon, what a row says of that
_NO_THEME: Final = "Theme not recorded"


@dataclass(frozen=True, slots=True)
class Sheet:
    """What became of one example's sheet."""

    ref: str
    signed_off: bool  #: a person has signed off that it is anonymised
    replaced: int  #: names, numbers and refs taken out
    suspects: int  #: words that a person should look at


class GoodPractice:
    """The examples of a tracker, and the sheet of each."""

    def __init__(self, review: Review, settings: Settings) -> None:
        self.review = review
        self.settings = settings
        tracker = review.tracker
        standings, _ = stand(tracker, Relations(tracker), review.as_at)
        times = Counter(same(row.ref) for row in tracker.examples if row.ref)
        found: dict[tuple[int, int], tuple[Example, Standing]] = {
            (example.place, example.row): (example, standing)
            for standing in standings
            for example in standing.examples
            if example.ref and times[same(example.ref)] == 1
        }
        #: the examples that can have a sheet, in sheet order, with their case
        self.examples = [found[row] for row in sorted(found) if found[row][0].example]
        self._book = NameBook(tracker)
        self._seen = everyday(_texts(review))
        refs = [case.ref for case in tracker.cases]
        refs += [action.ref for action in tracker.actions]
        refs += [example.ref for example in tracker.examples]
        self._refs = frozenset(same(ref) for ref in refs if ref)

    def left_out(self) -> list[str]:
        """Say which rows of Good practice can have no sheet, and why."""
        there = {(example.place, example.row) for example, _ in self.examples}
        said = []
        for example in self.review.tracker.examples:
            if (example.place, example.row) in there:
                continue
            if not example.example:
                why = "has nothing under Example"
            elif not example.ref:
                why = "has no Example ref"
            else:
                why = "has a ref that is there twice, or a Case ref that does not count yet"
            said.append(f"{self._cell(example, 'example')} {why}: no sheet was made.")
        return said

    def signed_off(self, example: Example) -> bool:
        """Say whether a person has signed off by the report date that it is anonymised."""
        return example.anonymised is not None and example.anonymised <= self.review.as_at

    def shared(self, example: Example) -> bool:
        """Say whether an example is done with: signed off, and in the library."""
        uploaded = example.uploaded is not None and example.uploaded <= self.review.as_at
        return uploaded and self.signed_off(example)

    def make(self, example: Example, standing: Standing, target: Path) -> Sheet:
        """Make the sheet of one of `examples` and put it at `target`.

        Raises:
            TemplateError: the template cannot be filled.

        """
        own = self._book.of(standing.case)

        def without(text: str) -> Removed:
            return remove(text, own, self._book.everybody, self._refs, self._seen)

        told = without(example.example or "")
        done, use = _parted(told.text)
        theme = joined(without(example.theme or _NO_THEME).text)
        signed_off = self.signed_off(example)
        title = f"{'' if signed_off else 'Draft: '}Good practice example {example.ref}"
        render(
            self.settings.templates / TEMPLATE,
            {
                "marking": self.settings.good_practice_marking
                if signed_off
                else self.settings.marking,
                "council": self.settings.council,
                "service": self.settings.service,
                "title": title,
                "ref": example.ref,
                "theme": theme,
                "draft": not signed_off,
                "state": self._state(example),
                "example": done,
                "use": use,
                "use_to_write": "" if use or signed_off else self._to_write(example),
                "others": self._others(example),
                "replaced": [
                    {"what": f"{kind[0].upper()}{kind[1:]}", "times": counted(times, "time")}
                    for kind, times in told.replaced
                ],
                "suspects": [
                    {"words": words, "why": f"{why[0].upper()}{why[1:]}"}
                    for words, why in told.suspects
                ],
                "text_cell": self._cell(example, "example"),
                "sign_cell": self._cell(example, "anonymised"),
            },
            target,
            title=title,
            as_at=self.review.as_at,
        )
        return Sheet(
            ref=example.ref or "",
            signed_off=signed_off,
            replaced=sum(times for _, times in told.replaced),
            suspects=len(told.suspects),
        )

    def _state(self, example: Example) -> str:
        if example.anonymised and self.signed_off(example):
            return f"Signed off as anonymised on {day_words(example.anonymised)}."
        return "Draft for checking. Nobody has signed it off as anonymised yet."

    def _to_write(self, example: Example) -> str:
        """Ask for what others can use where it lasts: a sheet is made anew from the tracker."""
        return (
            f"To be written: what others can use. Add it to {self._cell(example, 'example')}, "
            f"on a new line that begins “{_OTHERS}:”."
        )

    def _others(self, example: Example) -> str:
        """Name the examples on the same theme that are in the library."""
        theme, as_at = same(example.theme or ""), self.review.as_at
        refs = [
            other.ref
            for other, _ in self.examples
            if other is not example and theme and same(other.theme or "") == theme
            if other.ref and other.uploaded and other.uploaded <= as_at
        ]
        if not refs:
            return "No other example on this theme is in the library yet."
        return f"In the library on this theme: {listed(refs)}."

    def _cell(self, example: Example, field: str) -> str:
        tracker = self.review.tracker
        return tracker.cell(example, field) or f"{tracker.sheet(example)}, row {example.row}"


def _parted(text: str) -> tuple[list[Part], list[Part]]:
    """Give the paragraphs that say what was done, and those that say what others can use."""
    lines = text.splitlines()
    for number, line in enumerate(lines):
        before, found, after = line.partition(":")
        if found and same(joined(before)) == same(_OTHERS):
            use = parts("\n".join([after, *lines[number + 1 :]]))
            return parts("\n".join(lines[:number])), [*map(_begun, use[:1]), *use[1:]]
    return parts(text), []


def _begun(part: Part) -> Part:
    """Let what stood behind a colon begin as a sentence does."""
    return part if part.item else Part(f"{part[:1].upper()}{part[1:]}")


def _texts(review: Review) -> list[str]:
    """Give the free text of a tracker, or enough of it."""
    tracker = review.tracker
    found = [getattr(case, field) for case in tracker.cases[:_MOST_READ] for field in _TEXTS]
    found += [example.example for example in tracker.examples[:_MOST_READ]]
    found += [action.action for action in tracker.actions[:_MOST_READ]]
    return [text for text in found if text]
