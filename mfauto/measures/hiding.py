"""Keeps small numbers back, and as many others as it takes that no sum gives them away.

Every number that is printed is known here, with every sum that readers could make of them.
A number from 1 to 4 is kept back. Where the others would still fix it, one more is left out,
and so on. What a reader can know is worked out twice: by narrowing each number down from
its sums, and by solving all sums together.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

SMALL: Final = "small"  #: kept back because it is from 1 to 4; readers are told so much
LEFT_OUT: Final = "left out"  #: kept back so that no sum gives a small one away
_SMALLEST_SHOWN: Final = 5
_MOST_ROUNDS: Final = 60  # of narrowing down; a chain of sums is never that long
_PRIME: Final = 2_147_483_647  # sums are solved modulo this prime: exact enough, and fast

Key = Hashable
Sum = Mapping[Key, int]  #: a sum that is nought: each number with how often it counts
Bounds = tuple[int, int | None]  #: least and most a number can be; None: no end


@dataclass(slots=True)
class Numbers:
    """The numbers of a document by key, and the sums they make."""

    values: dict[Key, int] = field(default_factory=dict)
    sums: list[Sum] = field(default_factory=list)
    unprinted: set[Key] = field(default_factory=set)  #: stand in sums only

    def add(self, key: Key, value: int) -> None:
        """Enter a number that is printed."""
        self.values[key] = value

    def total(self, whole: Key, parts: Iterable[Key], less: Iterable[Key] = ()) -> None:
        """Enter that a number is the sum of others, less others."""
        terms: dict[Key, int] = {whole: -1}
        for sign, keys in ((1, parts), (-1, less)):
            for key in keys:
                terms[key] = terms.get(key, 0) + sign
        self.sums.append({key: times for key, times in terms.items() if times})

    def part(self, whole: Key, parts: Sequence[Key]) -> None:
        """Enter that numbers are parts of another one; the rest of it is nowhere printed.

        On rare days they are not, as where a case left and was graded anew: then nothing follows.
        """
        left = self.values[whole] - sum(self.values[key] for key in parts)
        if left < 0:
            return
        rest = ("rest", len(self.sums))
        self.values[rest] = left
        self.unprinted.add(rest)
        self.total(whole, [*parts, rest])

    def kept_back(self) -> dict[Key, str]:
        """Give which numbers are kept back, and why."""
        hidden = {
            key: SMALL
            for key, value in self.values.items()
            if 0 < value < _SMALLEST_SHOWN and key not in self.unprinted
        }
        while True:
            bounds = self._narrowed(hidden)
            known = self._solved(hidden)
            given_away = [
                key
                for key, why in hidden.items()
                if why == SMALL and (bounds[key][0] == bounds[key][1] or key in known)
            ]
            before = len(hidden)
            for key in given_away:
                more = self._another(key, hidden)
                if more is not None:
                    hidden[more] = LEFT_OUT
            if len(hidden) == before:
                return hidden

    def _unknown(self, key: Key, hidden: Mapping[Key, str]) -> Bounds:
        """Give what a reader knows of a number before any sum is made."""
        if key in hidden:
            return (1, _SMALLEST_SHOWN - 1) if hidden[key] == SMALL else (0, None)
        if key in self.unprinted:
            return 0, None
        return self.values[key], self.values[key]

    def _narrowed(self, hidden: Mapping[Key, str]) -> dict[Key, Bounds]:
        bounds = {key: self._unknown(key, hidden) for key in self.values}
        for _ in range(_MOST_ROUNDS):
            changed = False
            for terms in self.sums:
                for key in terms:
                    tighter = _within(key, terms, bounds)
                    if tighter != bounds[key]:
                        bounds[key], changed = tighter, True
            if not changed:
                break
        return bounds

    def _solved(self, hidden: Mapping[Key, str]) -> set[Key]:
        """Give the numbers that all sums together fix, whatever the others are."""
        rows: dict[Key, dict[Key, int]] = {}  # by the number that each row is solved for
        for terms in self.sums:
            row = {key: n for key, n in terms.items() if key in hidden or key in self.unprinted}
            for pivot in [key for key in row if key in rows]:
                _take(row, rows[pivot], pivot)
            if not row:
                continue
            pivot = next(iter(row))
            inverse = pow(row[pivot], -1, _PRIME)
            row = {key: n * inverse % _PRIME for key, n in row.items()}
            for other in rows.values():
                if pivot in other:
                    _take(other, row, pivot)
            rows[pivot] = row
        return {pivot for pivot, row in rows.items() if len(row) == 1}

    def _another(self, key: Key, hidden: Mapping[Key, str]) -> Key | None:
        """Choose one more number to leave out, so that `key` is no longer fixed.

        Of those that free it, the smallest; a nought frees nothing when it stands alone.
        """
        shown = [
            (value, other, terms)
            for terms in self.sums
            if key in terms
            for other in terms
            if other not in hidden and other not in self.unprinted
            for value in (self.values[other],)
        ]
        shown.sort(key=lambda one: (one[0] == 0, one[0]))
        for _, other, terms in shown:
            bounds = {one: self._unknown(one, {**hidden, other: LEFT_OUT}) for one in terms}
            least, most = _within(key, terms, bounds)
            if least != most:
                return other
        return shown[-1][1] if shown else self._any(key, hidden)

    def _any(self, key: Key, hidden: Mapping[Key, str]) -> Key | None:
        """Choose a number of the sums around; where all are kept back, nothing is left to do."""
        near = {key}
        for _ in self.sums:
            reached = {other for terms in self.sums if near & set(terms) for other in terms}
            for other in sorted(reached, key=repr):
                if other not in hidden and other not in self.unprinted:
                    return other
            if reached <= near:
                return None
            near |= reached
        return None


def _within(key: Key, terms: Sum, bounds: Mapping[Key, Bounds]) -> Bounds:
    """Narrow a number down from one sum in which it stands."""
    least: int | None = 0
    most: int | None = 0
    for other, times in terms.items():
        if other == key:
            continue
        low, high = bounds[other]
        lowest, highest = (low, high) if times > 0 else (high, low)
        least = None if least is None or lowest is None else least + times * lowest
        most = None if most is None or highest is None else most + times * highest
    times = terms[key]
    if times > 0:  # times * x = -(sum of the others)
        low_found = None if most is None else -(most // times)
        high_found = None if least is None else -least // times
    else:
        low_found = None if least is None else -(-least // -times)
        high_found = None if most is None else most // -times
    low, high = bounds[key]
    low = low if low_found is None else max(low, low_found)
    if high_found is not None:
        high = high_found if high is None else min(high, high_found)
    return low, high


def _take(row: dict[Key, int], other: Mapping[Key, int], pivot: Key) -> None:
    """Take a solved row out of another one, so that `pivot` no longer stands in it."""
    times = row[pivot]
    for key, n in other.items():
        left = (row.get(key, 0) - times * n) % _PRIME
        if left:
            row[key] = left
        else:
            row.pop(key, None)
