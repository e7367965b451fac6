"""What the board says: cases by stage, the overdue first, child safety above all."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from mfauto.comparing import same
from mfauto.model import Finding, Position, Review
from mfauto.rules import RULES
from mfauto.steps import unassured
from mfauto.wording import counted, day_words, days_words

AHEAD: Final = 30  #: days that the list of what comes next looks ahead
NOBODY: Final = "Not recorded"
#: the stages in the process's order, and what each waits for
STAGES: Final[Mapping[str, str]] = {
    "Identified": "Managers, QA and SQA are to be told",
    "Moderation": "The grade is to be moderated",
    "Booking": "The meeting is to be booked",
    "Awaiting meeting": "The meeting is booked",
    "Improving": "Actions and re-audits are under way",
    "Awaiting panel": "A re-audit waits for the panel",
    "Leaving": "It has left Inadequate; the last steps are open",
    "Sharing practice": "Good practice is to be shared",
    "Closed": "Nothing is open",
    "Outside process": "Graded Good or Requires improvement",
}
FOLDED: Final = ("Closed", "Outside process")  #: stages that are folded up at first
RAGS: Final = ("Red", "Amber", "Green", "Complete", "Outside")


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """One case."""

    ref: str
    rag: str
    grade: str
    area: str
    head: str  #: the Head of Service
    next: str  #: what is to be done next; "Nothing is open" where nothing is
    due: str  #: the day of that, and how late it is; "" where nothing is open
    late: int  #: days that the longest overdue item is overdue; 0 where none is
    overdue: int  #: how many items are overdue
    note: str  #: how many more are overdue, and whether the row has an error; "" for neither
    words: str  #: what a search looks through, in small letters


@dataclass(frozen=True, slots=True)
class Column:
    """One stage."""

    name: str
    about: str
    cards: tuple[Card, ...]  #: the longest overdue first, then by due date
    folded: bool

    @property
    def count(self) -> str:
        """How many cases, and how many of them have something overdue."""
        late = sum(card.overdue > 0 for card in self.cards)
        said = counted(len(self.cards), "case")
        return f"{said}, {late} with something overdue" if late else said


@dataclass(frozen=True, slots=True)
class Unsafe:
    """A case in which nobody has made sure yet that the child is safe (C03)."""

    ref: str
    head: str
    due: str
    late: str
    overdue: bool


@dataclass(frozen=True, slots=True)
class Left:
    """A row that is in no figure, or a cell that cannot be used."""

    place: str  #: such as "Cases, row 14"
    ref: str
    why: str


@dataclass(frozen=True, slots=True)
class Day:
    """One thing that falls due in the days ahead."""

    on: str
    ref: str
    what: str
    area: str
    head: str


@dataclass(frozen=True, slots=True)
class Group:
    """How the cases of one service area or Head of Service stand."""

    name: str
    cases: int  #: in the process
    figures: tuple[int, ...]  #: Red, Amber, Green, Complete
    overdue: int  #: items


@dataclass(frozen=True, kw_only=True, slots=True)
class Board:
    """Everything the page says."""

    as_at: str
    tracker: str
    version: str  #: the first characters of the tracker's hash
    figures: tuple[tuple[str, int], ...]  #: what is counted, and how many
    unsafe: tuple[Unsafe, ...]
    left: tuple[Left, ...]
    columns: tuple[Column, ...]  #: those with a case, in the process's order
    days: tuple[Day, ...]
    areas: tuple[Group, ...]
    heads: tuple[Group, ...]
    rags: tuple[str, ...]  #: those that occur


def board_of(review: Review) -> Board:
    """Put a review in order for the page."""
    return _Maker(review).board()


class _Maker:
    def __init__(self, review: Review) -> None:
        self.review = review
        self.cases = {(case.place, case.row): case for case in review.tracker.cases}
        self.late: dict[str, list[Finding]] = defaultdict(list)
        self.errors: set[str] = set()
        for finding in review.findings:
            if finding.case is not None and finding.level == "overdue":
                self.late[same(finding.case)].append(finding)
            elif finding.case is not None and finding.level == "error":
                self.errors.add(same(finding.case))
        self.cards = [self._card(position) for position in review.positions]

    def board(self) -> Board:
        review, counts = self.review, self.review.counts
        return Board(
            as_at=day_words(review.as_at),
            tracker=review.tracker.path.name,
            version=review.tracker.sha256[:8],
            figures=(
                ("Cases in the process", counts.cases),
                *((rag, self._number(rag)) for rag in RAGS[:4]),
                ("Overdue items", counts.overdue),
                ("Due soon", counts.due_soon),
            ),
            unsafe=tuple(self._unsafe()),
            left=tuple(self._left()),
            columns=tuple(self._columns()),
            days=tuple(self._days()),
            areas=tuple(_groups(self.cards, [card.area for card in self.cards])),
            heads=tuple(_groups(self.cards, [card.head for card in self.cards])),
            rags=tuple(rag for rag in RAGS if self._number(rag)),
        )

    def _number(self, rag: str) -> int:
        return sum(position.rag == rag for position in self.review.positions)

    def _card(self, position: Position) -> Card:
        case = self.cases[position.place, position.row]
        late = self.late.get(same(position.case), [])
        most = max((finding.days_overdue or 0 for finding in late), default=0)
        said = [f"{len(late)} overdue"] if len(late) > 1 else []
        if same(position.case) in self.errors:
            said.append("Its record has an error")
        area, head = _named(case.service_area), _named(case.head_of_service)
        todo = position.todo or "Nothing is open"
        return Card(
            ref=position.case,
            rag=position.rag,
            grade=position.grade,
            area=area,
            head=head,
            next=todo,
            due=self._due(position.due),
            late=most,
            overdue=len(late),
            note=". ".join(said),
            words=f"{position.case} {area} {head} {position.stage} {todo}".casefold(),
        )

    def _due(self, due: date | None) -> str:
        if due is None:
            return ""
        days = (self.review.as_at - due).days
        late = f", {days_words(days)} overdue" if days > 0 else ""
        return f"{day_words(due)}{late}"

    def _columns(self) -> Iterator[Column]:
        by_stage: dict[str, list[tuple[Position, Card]]] = defaultdict(list)
        for position, card in zip(self.review.positions, self.cards, strict=True):
            by_stage[position.stage].append((position, card))
        for name in (*STAGES, *sorted(set(by_stage) - set(STAGES))):
            found = by_stage.get(name)
            if found:
                found.sort(key=lambda one: (-one[1].late, one[0].due or date.max, one[0].row))
                cards = tuple(card for _, card in found)
                yield Column(name, STAGES.get(name, ""), cards, name in FOLDED)

    def _unsafe(self) -> Iterator[Unsafe]:
        as_at = self.review.as_at
        for due in unassured(self.review):
            late = (as_at - due.on).days
            yield Unsafe(
                due.case.ref or NOBODY,
                _named(due.case.head_of_service),
                day_words(due.on),
                f"{days_words(late)} overdue" if late > 0 else "Not overdue yet",
                overdue=late > 0,
            )

    def _left(self) -> Iterator[Left]:
        for row in self.review.excluded:
            sheet = self.review.tracker.places["Cases"][row.place].name
            yield Left(f"{sheet}, row {row.row}", row.case or NOBODY, row.reason)
        for finding in self.review.findings:
            if finding.level == "error" and not finding.step and finding.case is None:
                place = f"{finding.sheet}, row {finding.row}" if finding.row else "The workbook"
                yield Left(place, NOBODY, RULES[finding.rule].title)

    def _days(self) -> Iterator[Day]:
        last = self.review.as_at + timedelta(days=AHEAD)
        coming = [
            due for due in self.review.open if not due.done and self.review.as_at <= due.on <= last
        ]
        for due in sorted(coming, key=lambda due: (due.on, due.case.row, str(due.item or ""))):
            yield Day(
                day_words(due.on),
                due.case.ref or NOBODY,
                due.todo,
                _named(due.case.service_area),
                _named(due.case.head_of_service),
            )


def _groups(cards: Iterable[Card], names: Iterable[str]) -> Iterator[Group]:
    """Count the cases in the process by the names; what is not recorded comes last."""
    found: dict[str, list[Card]] = defaultdict(list)
    for card, name in zip(cards, names, strict=True):
        if card.rag != RAGS[-1] or card.overdue:
            found[name].append(card)
    for name in sorted(found, key=lambda name: (name == NOBODY, name.casefold())):
        several = found[name]
        yield Group(
            name,
            sum(card.rag != RAGS[-1] for card in several),
            tuple(sum(card.rag == rag for card in several) for rag in RAGS[:4]),
            sum(card.overdue for card in several),
        )


def _named(text: str | None) -> str:
    return " ".join((text or "").split()) or NOBODY
