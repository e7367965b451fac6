"""What "Auto checks" says of a case: short enough for one cell, and naming every item.

What is overdue comes first, then errors, then queries. The same said of several cells is said
once, with where they are.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from mfauto.catalogue import SLIPPED
from mfauto.columns import CASES
from mfauto.comparing import same
from mfauto.model import Finding, Position, Review
from mfauto.rules import RULES
from mfauto.steps import STEP
from mfauto.wording import day_words, days_words, listed

_MOST: Final = 3  # sentences in a cell, and items in a sentence
_IN_ORDER: Final = "In order"


class Remarks:
    """The remarks of one review, case by case."""

    def __init__(self, review: Review) -> None:
        self._sheets = [place.name for place in review.tracker.places.get(CASES.name, ())]
        self._by_case: dict[str, list[Finding]] = defaultdict(list)
        self._by_row: dict[tuple[str, int], list[Finding]] = defaultdict(list)
        for finding in review.findings:
            if finding.level == "due_soon":
                continue
            if finding.case:
                self._by_case[same(finding.case)].append(finding)
            elif finding.sheet in self._sheets and finding.row:
                self._by_row[finding.sheet, finding.row].append(finding)

    def of(self, position: Position) -> str:
        """Give what the case's cell is to say."""
        here = self._by_row.get((self._sheets[position.place], position.row), [])
        groups = self._alike(_in_order(self._by_case.get(same(position.case), []) + here))
        if not groups:
            return _IN_ORDER
        said = [self._sentence(alike) for alike in groups[:_MOST]]
        rest = sum(map(len, groups[_MOST:]))
        return " ".join([*said, *([f"And {rest} more."] if rest else [])])

    def _alike(self, found: Iterable[Finding]) -> list[list[Finding]]:
        """Put findings together that say the same of several cells."""
        groups: dict[tuple[object, ...], list[Finding]] = defaultdict(list)
        for finding in found:
            key: tuple[object, ...] = (finding.level, _title(finding), self._of_case(finding))
            if _quotes(finding):
                key += (finding.cell, finding.row, finding.item)  # what it quotes is its own
            groups[key].append(finding)
        return list(groups.values())

    def _of_case(self, finding: Finding) -> bool:
        return finding.sheet in self._sheets and finding.item is None

    def _sentence(self, alike: Sequence[Finding]) -> str:
        """Say it: of one cell all there is to say, of several where they are."""
        first = alike[0]
        named = [self._item(finding) for finding in alike[:_MOST]]
        rest = [f"{len(alike) - _MOST} more"] if len(alike) > _MOST else []
        whole = f"{_title(first)}: {listed([*named, *rest])}."
        if first.level == "overdue":
            return whole if named[0] else f"{_title(first)} ({_late(first)})."
        if len(alike) > 1:
            return whole
        if not named[0]:
            return first.message
        if self._of_case(first) or _quotes(first):
            return f"{named[0]}: {first.message}"
        return whole + first.message.removeprefix(f"{_title(first)}.")

    def _item(self, finding: Finding) -> str:
        """Name what a finding is about; "" where that is the case's row as a whole."""
        if finding.level == "overdue":
            return "" if finding.item is None else f"{_named(finding)} ({_late(finding)})"
        if self._of_case(finding):
            about_the_row = finding.column in (None, CASES.column("ref").heading)
            return "" if about_the_row else finding.column or ""
        cell = finding.cell or f"{finding.sheet} row {finding.row}"
        if finding.item is None:
            return cell
        return f"{_named(finding)} ({cell})" if finding.level == "error" else _named(finding)


def _in_order(found: Iterable[Finding]) -> list[Finding]:
    """Put first what is overdue, the longest before all; then errors, then queries."""
    overdue = [finding for finding in found if finding.level == "overdue"]
    overdue.sort(key=lambda finding: finding.due or date.max)
    late = {_row(finding) for finding in overdue}
    wrong = [f for level in ("error", "query") for f in found if f.level == level]
    # Of an overdue action it has been said already from when it was put off.
    return overdue + [f for f in wrong if f.rule != SLIPPED or _row(f) not in late]


def _row(finding: Finding) -> tuple[object, ...]:
    return finding.sheet, finding.row, finding.item


def _title(finding: Finding) -> str:
    return STEP[finding.step].title if finding.step else RULES[finding.rule].title


def _quotes(finding: Finding) -> bool:
    """Say whether a finding's words repeat what its cell shows."""
    return not finding.step and RULES[finding.rule].kind is not None


def _named(finding: Finding) -> str:
    return f"round {finding.item}" if isinstance(finding.item, int) else str(finding.item)


def _late(finding: Finding) -> str:
    if finding.unjudged:
        return f"cannot be judged, {finding.unjudged}"
    late = f"{days_words(finding.days_overdue or 0)} overdue"
    slipped = finding.slipped_from
    return f"{late}, slipped from {day_words(slipped)}" if slipped else late
