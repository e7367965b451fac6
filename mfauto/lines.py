"""Actions typed as lines of one cell: what each line says for certain.

A day counts where the line holds one day that it may be due on. A name counts where
it stands apart and is on People, so that a person who is only mentioned is never taken
for the owner. "Done" counts only behind the action, never as its first word.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from mfauto.comparing import same, tidy
from mfauto.dates import Refused, read_day
from mfauto.model import Flaw

_MARK: Final = re.compile(r"\s*(?:[-–—•*·▪●○]+|\(?(?:\d{1,2}|[a-z])[.)](?=\s|$))\s*")
_DAY: Final = re.compile(
    r"(?<![\w/.-])(?:"
    r"\d{1,4}([/.-])\d{1,2}\1\d{2,4}"
    r"|\d{1,2}(?:st|nd|rd|th)?(?: of)?[ -][a-z]{3,9}\.?,?[ -]'?\d{2,4}"
    r")(?![\w/-]|\.\d)",
    re.IGNORECASE,
)
_DONE_ON: Final = re.compile(r"\b(?:done|completed?|closed|finished)(?: on)?[ :]*$", re.IGNORECASE)
_NOT_DUE: Final = re.compile(
    r"\b(?:on|from|of|since|dated|after|meeting|audit|visit(?:ed)?)[ :]*$", re.IGNORECASE
)
_STATUSES: Final = {
    "done": "Complete",
    "complete": "Complete",
    "completed": "Complete",
    "closed": "Complete",
    "finished": "Complete",
    "cancelled": "Cancelled",
    "in progress": "In progress",
    "ongoing": "In progress",
}
_ENDING: Final = re.compile(
    rf"(?:[-–—:;,.(\[]\s*)(?P<word>{'|'.join(_STATUSES)})\s*[\s.)\]!]*$", re.IGNORECASE
)
_BEFORE: Final = r"(?:^|[(\[\-–—:;,/.]|\b(?:owner|lead|responsible|by|for)\b:?)\s*$"
_AFTER: Final = r"\s*(?:$|[)\]\-–—:;,/.]|\b(?:by|to|due|will|and)\b|\d)"


@dataclass(frozen=True, slots=True)
class Line:
    """One line, read as an action."""

    text: str  #: the whole action, as typed
    owner: str | None = None  #: None where no name stands apart
    due: date | None = None  #: None where there is none, or none that is clear
    status: str | None = None  #: None where the line does not say
    completed: date | None = None
    flaws: tuple[Flaw, ...] = ()


def read_lines(text: str, people: Iterable[str]) -> Iterator[Line]:
    """Read each line of a cell. Lines without a mark go on with the marked line above."""
    names = sorted(people, key=len, reverse=True)
    for line in _joined(text):
        yield _line(line, names)


def _joined(text: str) -> list[str]:
    lines = [line for line in map(tidy, text.replace("_x000D_", "\n").splitlines()) if line]
    marked = bool(lines) and _MARK.match(lines[0]) is not None
    found: list[str] = []
    for line in lines:
        mark = _MARK.match(line)
        if marked and mark is None and found:
            found[-1] += f" {line}"
        else:
            rest = line[mark.end() :] if mark else line
            if rest:
                found.append(rest)
    return found


def _line(text: str, names: Sequence[str]) -> Line:
    due: list[date] = []
    done: list[date] = []
    flaws: list[Flaw] = []
    rest = text
    for found in _DAY.finditer(text):
        day = read_day(found[0])
        before = text[: found.start()]
        if isinstance(day, Refused):
            flaws.append(Flaw("due", "not_a_date", found[0], day.proposal))
        elif _DONE_ON.search(before):
            done.append(day)
        elif not _NOT_DUE.search(before):
            due.append(day)
        rest = rest.replace(found[0], " " * len(found[0]))
    if len(set(due)) > 1 and not flaws:
        flaws.append(Flaw("due", "not_a_date", text))
    ending = _ENDING.search(rest)
    status = _STATUSES[ending["word"].casefold()] if ending else None
    return Line(
        text=text,
        owner=_owner(text, names),
        due=due[0] if len(set(due)) == 1 and not flaws else None,
        status=status or ("Complete" if done else None),
        completed=done[0] if len(set(done)) == 1 else None,
        flaws=tuple(flaws),
    )


def _owner(text: str, names: Sequence[str]) -> str | None:
    """Give the one name that stands apart; of several all of them, for a person to sort out."""
    found: list[str] = []
    rest = same(text)
    for name in names:
        shape = re.escape(same(name))
        match = re.search(rf"(?<!\w){shape}(?!\w)", rest)
        while match:
            apart = re.search(_BEFORE, rest[: match.start()]) and re.match(
                _AFTER, rest[match.end() :]
            )
            if apart and name not in found:
                found.append(name)
            rest = rest[: match.start()] + "\0" * len(match[0]) + rest[match.end() :]
            match = re.search(rf"(?<!\w){shape}(?!\w)", rest)
    return " / ".join(found) or None
