"""Which names are known, and in which forms people write them.

A name comes from the person columns of the tracker and from People. Each form, such as
"anna khan", "khan" or "khan anna", leads to the words that are put in its place.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from mfauto.columns import ACTIONS, CASES, REAUDITS, Sheet
from mfauto.comparing import same
from mfauto.good_practice.folding import parts
from mfauto.good_practice.words import CAPITALS, EVERYDAY, MONTHS, PARTICLES, TITLES
from mfauto.model import Action, Case, ReAudit, Tracker
from mfauto.standing import Relations

Form = tuple[str, ...]

COLLEAGUE: Final = "colleague"
_PERSONS: Final = {
    sheet.name: tuple(column.field for column in sheet.columns if column.kind == "person")
    for sheet in (CASES, ACTIONS, REAUDITS)
}
_OWN: Final = {column.field: column.heading for column in CASES.columns if column.kind == "person"}
_SAID: Final = {
    "Practitioner": "practitioner",
    "Auditor": "auditor",
    "Caseload reviewer": "caseload reviewer",
}
_NO_NAME: Final = (CAPITALS - MONTHS) | PARTICLES
_ASIDE: Final = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_SEVERAL: Final = re.compile(r"[;/\n&]|\band\b|\bor\b", re.IGNORECASE)
_LEAST: Final = 2  # letters of a part that is looked for alone
_SHORT: Final = 3  # letters up to which a part needs a capital


@dataclass(slots=True)
class Known:
    """Known names in all their forms."""

    forms: dict[Form, str] = field(default_factory=dict)  #: to what is put in its place
    initials: dict[str, str] = field(default_factory=dict)
    longest: int = 1  #: words of the longest form

    def add(self, name: str, said: str) -> None:
        """Add every form of a name. A form of two people leads to nobody in particular."""
        for first, last in _people(name):
            for form in _forms(first, last):
                known = self.forms.setdefault(form, said)
                if known != said:
                    self.forms[form] = COLLEAGUE
                self.longest = max(self.longest, len(form))
            letters = "".join(word[0] for word in (*first, *last) if word not in PARTICLES)
            if len(letters) >= _LEAST:
                self.initials.setdefault(letters, said)


class NameBook:
    """The names of a tracker: those of one case's people, and everybody else's."""

    def __init__(self, tracker: Tracker) -> None:
        self.everybody = Known()
        self._tracker = tracker
        self._relations = Relations(tracker)
        names = [person.name for person in tracker.people]
        names += _cells(tracker.cases, CASES)
        names += _cells(tracker.actions, ACTIONS)
        names += _cells(tracker.reaudits, REAUDITS)
        for name in dict.fromkeys(filter(None, names)):
            self.everybody.add(name, COLLEAGUE)

    def of(self, case: Case) -> Known:
        """Give the names of a case's own people, each with what it is here."""
        known = Known()
        for place, heading in _OWN.items():
            name: str | None = getattr(case, place)
            if name:
                known.add(name, _SAID.get(heading, heading))
        key = same(case.ref or "")
        for reaudit in self._relations.reaudits.get(key, ()):
            if reaudit.reauditor and same(reaudit.reauditor) not in _own_names(case):
                known.add(reaudit.reauditor, "re-auditor")
        for action in self._relations.actions.get(key, ()):
            if action.owner and same(action.owner) not in _own_names(case):
                known.add(action.owner, COLLEAGUE)
        return known


def needs_capital(form: Form) -> bool:
    """Say whether a form is all everyday words, so that only a capital makes it a name."""
    if len(form) == 1 and len(form[0]) <= _SHORT:
        return True
    return all(word in EVERYDAY for word in form)


def _own_names(case: Case) -> set[str]:
    return {same(name) for place in _OWN if (name := getattr(case, place))}


def _cells(rows: Iterable[Case | Action | ReAudit], sheet: Sheet) -> list[str | None]:
    return [getattr(row, place) for row in rows for place in _PERSONS[sheet.name]]


def _people(cell: str) -> Iterator[tuple[Form, Form]]:
    """Give the first names and the last name of each person that a cell names."""
    for one in _SEVERAL.split(_ASIDE.sub(" ", cell)):
        before, comma, after = one.partition(",")
        if comma and parts(after):
            first, last = _bare(after), tuple(parts(before))
        else:
            first, last = (), ()
            chunks = [chunk for chunk in before.split() if _bare(chunk)]
            if chunks:
                start = len(chunks) - 1
                while start > 1 and parts(chunks[start - 1])[-1] in PARTICLES:
                    start -= 1
                first = _bare(" ".join(chunks[:start]))
                last = parts(" ".join(chunks[start:]))
        if not _NO_NAME.issuperset((*first, *last)):  # "Team Manager" stands in for a name
            yield first, last


def _bare(text: str) -> Form:
    return tuple(word for word in parts(text) if word not in TITLES)


def _forms(first: Form, last: Form) -> Iterator[Form]:
    """Give the ways in which a name is written."""
    if first and last:
        yield first + last
        yield (first[0], *last)
        yield last + first
        yield (*last, first[0])
        yield (first[0], last[-1])
    if first:
        yield first
        yield ("".join(first),)
    if last:
        yield last
        yield ("".join(last),)
        bare = tuple(word for word in last if word not in PARTICLES)
        if bare:
            yield bare
    for word in (*first, *last):
        if len(word) >= _LEAST and word not in PARTICLES:
            yield (word,)
