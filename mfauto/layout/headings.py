"""The heading row of a sheet, and which of its columns answers to which name.

Headings may stand in two rows: "Moving Forward Meeting" merged above "Booked for" and
"Held". Such a column answers to "Held" where no other does, and always to
"Moving Forward Meeting / Held".

A row of data stands right below headings as well. It is told by what headings never are: a
day or a number in a column of ours, a cell without a letter or a digit, such as a dash. Two
rows belong together only where that adds names to those that one row has by itself.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property
from typing import Final

from mfauto.comparing import bare, tidy
from mfauto.patterns import pattern
from mfauto.records import record
from mfauto.xlsx import Area, Row

LEAST: Final = 2  #: headings that make a heading row
_RIVAL: Final = 0.6  # of the best row's headings: another row with as many is a second heading row

_UNNAMED: Final = pattern(r"column ?\d+", re.IGNORECASE)  # what Excel calls them itself
_WIDEST: Final = 200  # columns that a merged heading may cover

Texts = Mapping[int, str]  #: column number to what its cell shows


@record(kw_only=False)
class Headings:
    """One row read as headings."""

    row: int
    own: Texts
    above: Texts  #: of the row above, where that is a row of headings as well; else empty
    inherits: bool = False  #: True: a column without a text of its own takes the one above

    @cached_property
    def shown(self) -> Texts:
        """What each column is called, whole: "Moving Forward Meeting / Held"."""
        return {column: self._whole(column) for column in self._columns()}

    def _columns(self) -> Iterable[int]:
        return sorted({*self.own, *self.above}) if self.inherits else sorted(self.own)

    def _whole(self, column: int) -> str:
        own, above = self.own.get(column), self.above.get(column)
        if own and above and bare(own) != bare(above):
            return f"{above} / {own}"
        return own or above or ""

    @cached_property
    def compared(self) -> AbstractSet[str]:
        """Its texts and those above, as they are compared."""
        return {*map(bare, self.own.values()), *map(bare, self.above.values())}

    @cached_property
    def _by_whole(self) -> Mapping[str, list[int]]:
        # Compared part by part: in rows of data the parts repeat, and the whole never does.
        own, above = self.own, self.above
        found: dict[str, list[int]] = defaultdict(list)
        for column in self._columns():
            name = bare(own.get(column, ""))
            over = bare(above.get(column, ""))
            if name or self.inherits:
                found[over + name if over != name else name].append(column)
        found.pop("", None)
        return found

    @cached_property
    def _by_own(self) -> Mapping[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for column, text in self.own.items():
            found[bare(text)].append(column)
        found.pop("", None)
        return found

    def columns(self, names: Iterable[str]) -> dict[str, list[int]]:
        """Give the columns that answer to each compared name; a whole name goes before a part."""
        names = list(names)
        found = {name: self._by_whole[name] for name in names if name in self._by_whole}
        taken = {column for columns in found.values() for column in columns}
        for name in names if self.above else ():  # else the whole is the part
            if name not in found:
                free = [column for column in self._by_own.get(name, ()) if column not in taken]
                if free:
                    found[name] = free
        return found

    def answers(self, names: Iterable[str]) -> int:
        """Count the names that some column answers to."""
        return len(self.columns(names))

    def own_answers(self, names: Iterable[str]) -> int:
        """Count the names that a text in this very row answers to, alone or with the one above."""
        return self._alone.answers(names)

    @cached_property
    def _alone(self) -> "Headings":
        return Headings(self.row, self.own, self.above)


@record(kw_only=False)
class Top:
    """The first rows of a sheet, in which its headings are looked for."""

    rows: Mapping[int, Texts]
    others: Mapping[int, AbstractSet[int]]  #: columns in which a row holds a day or a number

    @classmethod
    def of(cls, rows: Iterable[Row]) -> "Top":
        """Take the texts of rows, and where other values stand."""
        texts: dict[int, Texts] = {}
        others: dict[int, AbstractSet[int]] = {}
        for row in rows:
            texts[row.number] = {
                column: text
                for column, value in row.values.items()
                if isinstance(value, str) and (text := tidy(value))
            }
            others[row.number] = {
                column for column, value in row.values.items() if not isinstance(value, str)
            }
        return cls(texts, others)

    def merged(self, merges: Sequence[Area]) -> "Top":
        """Give the same rows with each merged text in every column it covers."""
        if not merges:
            return self
        rows = {number: dict(texts) for number, texts in self.rows.items()}
        for merge in merges:
            text = rows.get(merge.top, {}).get(merge.left)
            if text:
                for column in range(merge.left + 1, min(merge.right, merge.left + _WIDEST) + 1):
                    rows[merge.top].setdefault(column, text)
        return Top(rows, self.others)

    @cached_property
    def readings(self) -> Sequence[Headings]:
        """Each row as headings, with and without the texts that only stand above."""
        return tuple(self._readings())

    def _readings(self) -> Iterable[Headings]:
        for number, own in self.rows.items():
            above = {
                column: text
                for column, text in self.rows.get(number - 1, {}).items()
                if not _UNNAMED.fullmatch(text)
            }
            if len(set(above.values())) < LEAST:
                above = {}  # one text is a banner, not a row of headings
            yield Headings(number, own, above)
            if above:
                yield Headings(number, own, above, inherits=True)

    def likely(self, names: Iterable[str]) -> Iterable[Headings]:
        """Give the readings that may answer to a name: each name ends with a text of the row.

        That is asked first, since most of the first rows are data.
        """
        endings = {name[start:] for name in names for start in range(len(name))}
        return (one for one in self.readings if not endings.isdisjoint(one.compared))

    def heading_rows(self, names: Sequence[str]) -> list[Headings]:
        """Give the rows that hold these names: none, one, or several where that is in doubt."""
        best: dict[int, tuple[int, Headings]] = {}
        most = 0  # names that a row answers to by its own texts, down to this one
        ours: set[int] = set()  # columns of these names in rows that may be headings
        for reading in sorted(self.likely(names), key=lambda reading: reading.row):
            if not ours.isdisjoint(self.others.get(reading.row, ())):
                continue  # data: no heading is a day or a number
            score = reading.answers(names)
            if reading.inherits:
                if score <= most or reading.own_answers(names) < LEAST:
                    continue  # a row of data under the headings, with blank cells
            else:
                most = max(most, score)
            if score > best.get(reading.row, (0, reading))[0]:
                best[reading.row] = (score, reading)
            if score >= LEAST:
                ours.update(*reading.columns(names).values())
        top = max((score for score, _ in best.values()), default=0)
        if top < min(LEAST, len(names)):
            return []
        rows = {
            row: reading
            for row, (score, reading) in best.items()
            if score >= max(LEAST, _RIVAL * top)
        }
        for reading in list(rows.values()):
            if reading.inherits and reading.row in rows:
                rows.pop(reading.row - 1, None)  # the upper of two rows that belong together
        return list(rows.values())
