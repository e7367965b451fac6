"""A mapping proposed for a workbook: which column is which, and how certain that is.

A wrong mapping is the worst that can come of it. Certain is only what its heading says
and its values bear out, with nothing else near it.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from mfauto.adopting.looking import Found, Seen, case_refs
from mfauto.adopting.words import alike, plain
from mfauto.columns import (
    ACTIONS,
    AUTO,
    CASES,
    EXAMPLES,
    MEETINGS,
    PEOPLE,
    REAUDITS,
    SHEETS,
    Column,
    Sheet,
)
from mfauto.comparing import bare, same
from mfauto.errors import TrackerError
from mfauto.wording import counted, listed

CERTAIN: Final = "certain"
LIKELY: Final = "likely"
UNSURE: Final = "unsure"
_KNOWN: Final = 0.95  # likeness of a heading that stands in our own lists
_SURE: Final = 0.88  # likeness that is certain where the values bear it out
_LIKE: Final = 0.8
_BORNE: Final = 0.5  # how well the values must suit
_NEAR: Final = 0.7  # below it a heading is not proposed at all
_APART: Final = 0.12  # what the next best must be away for certainty
#: fields that a sheet must have for it to be taken for ours
_NEEDED: Final = {
    CASES.name: ("ref", "audited", "audit_grade"),
    ACTIONS.name: ("case_ref", "action"),
    REAUDITS.name: ("case_ref", "audited", "grade"),
    EXAMPLES.name: ("case_ref", "example"),
    MEETINGS.name: ("held", "type"),
    PEOPLE.name: ("name", "role"),
}
_NUMBERED: Final = re.compile(r"\D*?(\d{1,2})\b")
_LISTED: Final = ("actions agreed", "actions", "agreed actions", "action plan", "actions set")
_ENOUGH: Final = 5  # headings like ours that a sheet must have before its values may name another
_PLAIN: Final = 0.8  # how well the values must suit where the heading says nothing
_MANY: Final = 0.3  # share of cells with several lines that shows a list


@dataclass(frozen=True, kw_only=True)
class Match:
    """One of our headings, and the column proposed for it."""

    sheet: str  #: ours
    column: Column
    found: Found
    certainty: str
    group: int = 0  #: which group of columns beside the case; 0: rows of its own

    @property
    def certain(self) -> bool:
        """Say whether it may be taken without asking."""
        return self.certainty == CERTAIN


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A whole mapping."""

    sheets: Mapping[str, tuple[str, ...]]  #: ours to the workbook's own
    matches: tuple[Match, ...]
    lines: Found | None = None  #: the column whose cells hold actions, one a line
    remarks: tuple[str, ...] = ()
    unused: tuple[Found, ...] = ()  #: columns of the sheets above that are read into nothing
    unused_sheets: tuple[str, ...] = ()  #: of the workbook's own

    def of(self, sheet: str) -> list[Match]:
        """Give the matches of one sheet of ours, in the order of its columns."""
        return [match for match in self.matches if match.sheet == sheet]

    @property
    def unsure(self) -> list[Match]:
        """The matches that a person is asked about."""
        return [match for match in self.matches if not match.certain]

    def only_certain(self) -> "Proposal":
        """Give the same without what is not certain."""
        return replace(self, matches=tuple(match for match in self.matches if match.certain))


def propose(seen: Sequence[Seen], names: Sequence[str] = ()) -> Proposal:
    """Propose a mapping for the sheets of a workbook; `names` are those of all its sheets.

    Raises:
        TrackerError: no sheet holds audited cases, or it cannot be told which one does.

    """
    remarks: list[str] = []
    cases = _case_sheets(seen)
    refs_of = [match.found for sheet in cases for match in _match_cases(sheet) if _is_ref(match)]
    refs = case_refs(refs_of)
    sheets: dict[str, tuple[str, ...]] = {CASES.name: tuple(sheet.name for sheet in cases)}
    matches = _match_cases(cases[0])
    beside = _beside(cases[0], refs)
    matches = [m for m in matches if m.found.number not in {b.found.number for b in beside}]
    taken = {sheet.name for sheet in cases}
    for ours in SHEETS[1:]:
        own = [match for match in beside if match.sheet == ours.name]
        if own:
            sheets[ours.name] = (cases[0].name,)
            matches += own
            continue
        scored = [
            (sum(_weight(match) for match in found), sheet, found)
            for sheet in seen
            if sheet.name not in taken
            and (found := _match(ours, sheet, refs))
            and set(_NEEDED[ours.name]) <= {match.column.field for match in found}
        ]
        scored.sort(key=lambda one: -one[0])
        if not scored:
            continue
        if len(scored) > 1 and scored[0][0] - scored[1][0] < 1:
            names = " and ".join(f'"{sheet.name}"' for _, sheet, _ in scored[:2])
            remarks.append(f"{names} could both be {ours.name}, so neither is taken.")
            continue
        _, sheet, found = scored[0]
        sheets[ours.name] = (sheet.name,)
        taken.add(sheet.name)
        matches += found
    lines = None if ACTIONS.name in sheets else _lines(cases[0], matches)
    used = {(match.found.sheet, match.found.number) for match in matches}
    for sheet in seen:
        remarks += [
            f'"{column.heading}" on "{sheet.name}" looks like it says who a child is. '
            "It is not read into anything."
            for column in sheet.columns
            if column.private and (sheet.name, column.number) not in used
        ]
    remarks += _other_words(matches)
    if lines:
        used.add((lines.sheet, lines.number))
    own_sheets = {name for names in sheets.values() for name in names}
    return Proposal(
        sheets=sheets,
        matches=tuple(matches),
        lines=lines,
        remarks=tuple(remarks),
        unused=tuple(
            column
            for sheet in seen
            if sheet.name in own_sheets and (sheet is cases[0] or sheet not in cases)
            for column in sheet.columns
            if not column.private
            and (sheet.name, column.number) not in used
            and not same(column.heading).startswith(same(AUTO))
        ),
        unused_sheets=tuple(
            name for name in (names or [sheet.name for sheet in seen]) if name not in own_sheets
        ),
    )


def _is_ref(match: Match) -> bool:
    return match.column.field == "ref"


def _case_sheets(seen: Sequence[Seen]) -> list[Seen]:
    """Give the sheet that holds the cases, or the several kept alike, one for each year."""
    found = _that_may_hold_cases([(sheet, _match(CASES, sheet)) for sheet in seen])
    if not found:
        matched = [(sheet, _match_cases(sheet)) for sheet in seen]
        found = _that_may_hold_cases(matched)
        if not found:
            raise TrackerError(_no_cases(*_nearest(matched)))
    found.sort(key=lambda one: -one[0])
    best = found[0][1]
    alike_ones = [sheet for _, sheet, _ in found if sheet.names() == best.names()]
    if len(alike_ones) > 1:
        refs = [case_refs(m.found for m in _match_cases(s) if _is_ref(m)) for s in alike_ones]
        if sum(map(len, refs)) == len(frozenset().union(*refs)) and all(refs):
            order = {sheet.name: place for place, sheet in enumerate(seen)}
            return sorted(alike_ones, key=lambda sheet: order[sheet.name])
        names = " and ".join(f'"{sheet.name}"' for sheet in alike_ones)
        raise TrackerError(
            f"{names} hold the same cases, so nobody can tell which one is in use.\n"
            "Name it in mfauto.toml under [sheets], or take the copy out."
        )
    if len(found) > 1 and found[0][0] - found[1][0] < 2:  # noqa: PLR2004 - two columns
        names = f'"{found[0][1].name}" and "{found[1][1].name}"'
        raise TrackerError(
            f"{names} could both hold the audited cases.\nName it in mfauto.toml under [sheets]."
        )
    return [best]


def _that_may_hold_cases(
    matched: Sequence[tuple[Seen, list[Match]]],
) -> list[tuple[float, Seen, list[Match]]]:
    """Give the sheets with every column that cases need, each with its weight."""
    return [
        (sum(_weight(match) for match in matches), sheet, matches)
        for sheet, matches in matched
        if not _lacking(matches)
    ]


def _lacking(matches: Sequence[Match]) -> list[str]:
    """Give what cases need and no column was found for."""
    fields = {match.column.field for match in matches}
    return [name for name in _NEEDED[CASES.name] if name not in fields]


def _nearest(matched: Sequence[tuple[Seen, list[Match]]]) -> tuple[str, list[str]]:
    """Give the sheet that comes nearest to holding cases, and what it lacks."""
    nearest: tuple[str, list[str]] = ("", [])
    for sheet, matches in matched:
        lacking = _lacking(matches)
        if len(lacking) < len(nearest[1] or _NEEDED[CASES.name]):
            nearest = (sheet.name, lacking)
    return nearest


def _match_cases(sheet: Seen) -> list[Match]:
    """Match a sheet with Cases. What cases need may be found by its values: a person is asked."""
    matches = _match(CASES, sheet)
    lacking = _lacking(matches)
    if not lacking or len(matches) < _ENOUGH:
        return matches
    taken = {match.found.number for match in matches}
    for name in lacking:
        column = CASES.column(name)
        likely = [
            found
            for found in sheet.columns
            if found.number not in taken and not found.private and _holds(column, found)
        ]
        if len(likely) == 1:
            taken.add(likely[0].number)
            matches.append(
                Match(sheet=CASES.name, column=column, found=likely[0], certainty=UNSURE)
            )
    order = {column.field: place for place, column in enumerate(CASES.columns)}
    return sorted(matches, key=lambda match: order[match.column.field])


def _holds(column: Column, found: Found) -> bool:
    """Say whether a column's values alone make it a candidate; of days there are too many."""
    words = plain(found.heading).split()
    if "re-audit" in words or (column.is_date and not {"audit", "audited", "date"} & set(words)):
        return False
    return (found.agrees(column) or 0.0) >= _PLAIN


def _no_cases(sheet: str, lacking: Sequence[str]) -> str:
    """Say what the sheet that comes nearest to holding cases has not; "" where none comes near."""
    if not sheet:
        return (
            "No sheet with audited cases was found: one with a ref, an audit date and a grade.\n"
            "Check that this is the tracker, or name its sheets and headings in mfauto.toml."
        )
    headings = listed([CASES.column(name).heading for name in lacking])
    return (
        f'"{sheet}" may hold the audited cases, but no column was found for {headings}.\n'
        "Name yours in mfauto.toml, as in this example:\n"
        f'[headings.{CASES.name}]\n"{CASES.column(lacking[0]).heading}" = "Your heading"'
    )


def _weight(match: Match) -> float:
    return {CERTAIN: 1.0, LIKELY: 0.5, UNSURE: 0.2}[match.certainty]


def _match(ours: Sheet, sheet: Seen, refs: frozenset[str] = frozenset()) -> list[Match]:
    """Match a sheet's columns with ours, the surest first, each once."""
    scores: dict[tuple[str, int], float] = {}
    for column in ours.columns:
        if column.kind == "auto":
            continue
        for found in sheet.columns:
            score = _score(ours, column, found, refs)
            if score > 0:
                scores[column.field, found.number] = score
    by_number = {found.number: found for found in sheet.columns}
    matches = []
    fields: set[str] = set()
    numbers: set[int] = set()
    for (name, number), score in sorted(scores.items(), key=lambda one: (-one[1], one[0])):
        if name in fields or number in numbers:
            continue
        fields.add(name)
        numbers.add(number)
        near = max(
            (
                other
                for (field, place), other in scores.items()
                if (field == name) != (place == number)
            ),
            default=0.0,
        )
        column, found = ours.column(name), by_number[number]
        likeness = found.likeness(ours.name, column)
        certainty = _certainty(likeness, found.agrees(column, refs), score - near)
        matches.append(Match(sheet=ours.name, column=column, found=found, certainty=certainty))
    order = {column.field: place for place, column in enumerate(ours.columns)}
    return sorted(matches, key=lambda match: order[match.column.field])


def _score(ours: Sheet, column: Column, found: Found, refs: frozenset[str]) -> float:
    """Say how well a column suits one of ours, up to 2; 0 where it does not."""
    likeness = found.likeness(ours.name, column)
    if found.private or likeness < _NEAR:
        return 0.0
    values = found.agrees(column, refs)
    named = likeness >= _KNOWN and column.kind == "choice"  # other words than ours, but its column
    if values is not None and values < 0 and not named:
        return 0.0
    return likeness + (0.5 if values is None else values / 2)


def _certainty(likeness: float, values: float | None, apart: float) -> str:
    """Say how certain a match is. An empty column needs a heading that is known by itself."""
    if apart < _APART:
        return UNSURE
    if likeness >= (_KNOWN if values is None else _SURE) and (values is None or values >= _BORNE):
        return CERTAIN
    return LIKELY if likeness >= _LIKE else UNSURE


def _beside(sheet: Seen, refs: frozenset[str]) -> list[Match]:
    """Find numbered groups of columns beside each case: "Action 1", "By when 1", "Action 2"."""
    groups: dict[int, list[tuple[str, Found]]] = defaultdict(list)
    for found in sheet.columns:
        numbered = _NUMBERED.match(found.heading)
        if numbered and not found.private:
            stem = re.sub(r"[\s(#.-]*\d{1,2}\b[\s).:-]*", " ", found.heading, count=1)
            groups[int(numbered[1])].append((" ".join(stem.split()), found))
    if not groups or sorted(groups) != list(range(1, len(groups) + 1)):
        return []
    made: list[Match] = []
    for ours, word in ((ACTIONS, "action"), (REAUDITS, "re-audit")):
        for number, members in groups.items():
            own = [(s, f) for s, f in members if _belongs(s, word, [m for m, _ in members])]
            renamed = Seen(
                sheet.name,
                sheet.headings,
                tuple(
                    replace(f, heading=_without(s, word), told=_without(s, word) != s)
                    for s, f in own
                ),
            )
            by_number = {f.number: f for _, f in own}
            made += [
                replace(match, found=by_number[match.found.number], group=number)
                for match in _match(ours, renamed, refs)
                if match.column.field not in ("case_ref", "ref", "round")
            ]
    kept = []
    for ours in (ACTIONS, REAUDITS):
        first = "action" if ours is ACTIONS else "audited"
        own_groups = {m.group for m in made if m.sheet == ours.name and m.column.field == first}
        fields = {
            number: frozenset(
                m.column.field for m in made if m.sheet == ours.name and m.group == number
            )
            for number in own_groups
        }
        if own_groups and len(set(fields.values())) == 1:
            kept += [m for m in made if m.sheet == ours.name and m.group in own_groups]
    return kept


def _belongs(stem: str, word: str, stems: Sequence[str]) -> bool:
    """Say whether a numbered column is of a kind of record: by its word, else by its company."""
    known = {"action": r"\baction", "re-audit": r"\bre-?\s?audit|\bpanel"}
    other = known["re-audit" if word == "action" else "action"]
    if re.search(known[word], stem, re.IGNORECASE):
        return True
    if re.search(other, stem, re.IGNORECASE):
        return False
    both = [bool(re.search(shape, " ".join(stems), re.IGNORECASE)) for shape in known.values()]
    if all(both):
        ours = ACTIONS if word == "action" else REAUDITS
        theirs = REAUDITS if word == "action" else ACTIONS
        return _best(ours, stem) > _best(theirs, stem)
    return bool(re.search(known[word], " ".join(stems), re.IGNORECASE))


def _best(ours: Sheet, stem: str) -> float:
    return max(alike(ours.name, column.heading, stem) for column in ours.columns)


def _without(stem: str, word: str) -> str:
    """Take the record's own word off a stem, where something else is left: "Action owner"."""
    shape = r"\bactions?\b" if word == "action" else r"\bre-?\s?audit\b"
    rest = " ".join(re.sub(shape, " ", stem, flags=re.IGNORECASE).split())
    return rest or stem


def _lines(sheet: Seen, matches: Iterable[Match]) -> Found | None:
    """Give the column in whose cells actions are listed, one a line; None where none is sure."""
    taken = {match.found.number for match in matches if match.certain}
    lists = [
        found
        for found in sheet.columns
        if found.number not in taken
        and bare(found.heading) in {bare(name) for name in _LISTED}
        and found.texts
        and sum("\n" in text for text in found.texts) >= _MANY * len(found.texts)
    ]
    return lists[0] if len(lists) == 1 else None


def _other_words(matches: Iterable[Match]) -> list[str]:
    """Tell of values that are not in our lists: `check` will refuse them."""
    said = []
    for match in matches:
        if match.column.kind == "choice":
            known = {bare(choice) for choice in match.column.choices}
            other = [text for text in match.found.texts if bare(text) not in known]
            if other:
                number = counted(len(other), "value that is", "values that are")
                shown = ", ".join(f'"{text}"' for text in list(dict.fromkeys(other))[:3])
                said.append(
                    f'"{match.found.heading}" holds {number} not in the list '
                    f"of {match.column.heading}: {shown}. check names each cell."
                )
    return said
