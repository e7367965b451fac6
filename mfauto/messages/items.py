"""What is told: one overdue or coming obligation, ready to be shown.

An item's key says "this obligation, of this owner, due on this day". A new due
date or a new owner makes a new item, so that nobody's manager hears of it
before they did. The key is a keyed hash: it holds no text of the tracker.
"""

import hashlib
import hmac
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from mfauto.comparing import same
from mfauto.messages.addressing import shown
from mfauto.model import Action, Case, Finding, Review, Tracker
from mfauto.standing import INADEQUATE
from mfauto.steps import SAFETY
from mfauto.wording import counted, day_words

ACTION: Final = "action"
LONGEST: Final = 200  #: characters of tracker text shown in one table cell


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One obligation that somebody is told about."""

    key: str  #: the same in every week; holds no text
    finding: Finding
    case: Case | None  #: None where the review knows no such case
    inadequate: bool  #: its case is graded Inadequate
    what: str  #: what is to be done
    slipped_from: date | None  #: the original due date of an action put off; else None
    repeated: bool = False  #: the ref stands in several rows, so nobody is written to by it

    @property
    def due(self) -> date:
        """The last day in time."""
        assert self.finding.due is not None  # noqa: S101 - a step's finding has one
        return self.finding.due

    @property
    def days(self) -> int:
        """Calendar days overdue; 0 where it is only coming."""
        return self.finding.days_overdue or 0

    @property
    def is_safety(self) -> bool:
        """Say whether it is the assurance that a child is safe (C03)."""
        return self.finding.step == SAFETY

    @property
    def is_action(self) -> bool:
        """Say whether it is a row of Actions; else it is another step."""
        return self.finding.step == ACTION

    @property
    def ref(self) -> str:
        """The Case ref, shown."""
        return shown(self.finding.case or "") or "Not recorded"

    @property
    def owner(self) -> str:
        """The owner's name, shown."""
        return shown(self.finding.owner or "") or "Not recorded"

    @property
    def fix(self) -> str:
        """How to put it right."""
        return self.finding.fix

    @property
    def slipped(self) -> str:
        """Say from which day it slipped; "" where it did not."""
        return f"Slipped from {day_words(self.slipped_from)}" if self.slipped_from else ""


def items(review: Review, level: str, folder: str) -> list[Item]:
    """Give the items of one level: "overdue" what matters most first, "due_soon" by date."""
    tracker = review.tracker
    cases = {same(case.ref): case for case in tracker.cases if case.ref}
    inadequate = {same(one.case) for one in review.positions if one.grade == INADEQUATE}
    actions = _open_actions(review)
    repeated = _repeated(tracker)
    found = []
    for finding in review.findings:
        if finding.level != level or finding.step is None or finding.due is None:
            continue
        action = next(actions[_named(finding)], None) if finding.step == ACTION else None
        found.append(
            Item(
                key=_key(finding, action, folder),
                finding=finding,
                case=cases.get(same(finding.case or "")),
                inadequate=same(finding.case or "") in inadequate,
                what=_what(finding, action, tracker),
                slipped_from=action.slipped_from if action else None,
                repeated=isinstance(finding.item, str)
                and (finding.step == ACTION, same(finding.item)) in repeated,
            )
        )
    return sorted(found, key=_weight if level == "overdue" else _age)


def kinds_of(found: Sequence[Item]) -> str:
    """Say how many of the items are actions, and how many are other steps."""
    actions = sum(item.is_action for item in found)
    return kinds(actions, len(found) - actions)


def actions_of(review: Review) -> int:
    """Count the actions among what is overdue."""
    return sum(one.step == ACTION for one in review.findings if one.level == "overdue")


def kinds(actions: int, steps: int) -> str:
    """Say of what kind items are, so that a total can be added up: 2 actions, 1 other step."""
    if actions and steps:
        return f"{counted(actions, 'action')}, {counted(steps, 'other step')}"
    kind = "action" if actions else "step"
    return f"all {kind}s" if actions + steps > 1 else f"{'an' if actions else 'a'} {kind}"


def _open_actions(review: Review) -> Mapping[tuple[object, ...], Iterator[Action]]:
    """Give the actions behind the findings. Several in one row, such as lines, keep their order."""
    found: dict[tuple[object, ...], list[Action]] = defaultdict(list)
    for due in review.open:
        if isinstance(due.subject, Action):
            action = due.subject
            where = (review.tracker.sheet(action), action.row, due.item, due.on, due.owner)
            found[where].append(action)
    return defaultdict(lambda: iter(()), {where: iter(rows) for where, rows in found.items()})


def _named(finding: Finding) -> tuple[object, ...]:
    return finding.sheet, finding.row, finding.item, finding.due, finding.owner


def _weight(item: Item) -> tuple[object, ...]:
    """Put child safety first, then Inadequate cases, then the rest; each by age."""
    return (not item.is_safety, not item.inadequate, *_age(item))


def _age(item: Item) -> tuple[object, ...]:
    finding = item.finding
    return (item.due, finding.case or "", finding.step or "", finding.row or 0)


def _key(finding: Finding, action: Action | None, folder: str) -> str:
    named: str | int = finding.item if finding.item is not None else ""
    if action is not None and not action.ref:
        named = same(action.action or "")
    facts = [
        finding.step,
        same(finding.case or ""),
        named,
        str(finding.due),
        same(finding.owner or ""),
    ]
    told = json.dumps(facts, ensure_ascii=True).encode()
    return hmac.new(folder.encode(), told, hashlib.sha256).hexdigest()[:32]


def _what(finding: Finding, action: Action | None, tracker: Tracker) -> str:
    todo = finding.todo or finding.message
    if action is not None and action.action:
        text = shorter(action.action, _cell(tracker, action))
        return f"{shown(action.ref)}: {text}" if action.ref else text
    if isinstance(finding.item, int):
        return f"{todo}, round {finding.item}"
    return f"{todo} ({shown(finding.item)})" if finding.item else todo


def shorter(text: str, cell: str) -> str:
    """Give tracker text short enough for a table, saying where the rest stands."""
    text = shown(text)
    if len(text) <= LONGEST:
        return text
    start = text[:LONGEST]
    start = start.rsplit(" ", 1)[0] if " " in start[LONGEST // 2 :] else start
    return f"{start.rstrip(' ,;:')} … continues in the tracker, {cell}"


def _cell(tracker: Tracker, action: Action) -> str:
    return tracker.cell(action, "action") or f"{tracker.sheet(action)}, row {action.row}"


def _repeated(tracker: Tracker) -> set[tuple[bool, str]]:
    """Give the refs that several rows share: whether of an action, and the compared ref."""
    refs = Counter((True, same(action.ref)) for action in tracker.actions if action.ref)
    refs += Counter((False, same(example.ref)) for example in tracker.examples if example.ref)
    return {ref for ref, rows in refs.items() if rows > 1}
