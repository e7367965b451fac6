"""What a data rule is, and the one catalogue of them.

A rule is a record plus one small function that says whether the cells at fault
are at fault. The engine calls it only where every field it reads is filled and
readable; an unreadable cell has been reported already, as its own finding.
"""

from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from datetime import date
from typing import Any, Final

from mfauto.model import Case, Record, Tracker
from mfauto.policy import Policy
from mfauto.records import record
from mfauto.standing import Relations, Standing

ERROR: Final = "error"
QUERY: Final = "query"
SETTLED: Final = ("Complete", "Cancelled")  #: the statuses of an action that nobody has to do
SLIPPED: Final = "MF055"  #: the rule that says from when an action was put off


@record(kw_only=False)
class Scope:
    """What a rule may look at besides its own row. Rows are as known at the report date."""

    tracker: Tracker
    relations: Relations
    later: tuple[Case, ...]  #: cases not audited yet, which `tracker` is without
    standings: Mapping[str, Standing]  #: by compared Case ref; the cases that count
    busy: AbstractSet[str]  #: compared refs of the cases with an open step or action
    policy: Policy
    recent: date  #: the first day from which an entry shows that the case is looked after


@record
class Fault:
    """One cell that a rule names."""

    record: Record
    field: str | None  #: None for the row as a whole
    said: str | None = None  #: a sentence about this very cell; None: the rule's title
    item: str | int | None = None


#: a row rule says yes or no of one row; a sheet rule names the faults of the whole tracker
OfRow = Callable[[Any, Scope], bool]
OfTracker = Callable[[Scope], Iterable[Fault]]


@record
class Rule:
    """One data rule."""

    code: str  #: for ever the same; a retired rule's code is not used again
    level: str  #: error or query
    clause: str | None  #: the process clause it guards; None where it guards the reading
    title: str
    why: str
    put_right: str
    of: type | None = None  #: the record it looks at; None for a rule of the whole tracker
    reads: tuple[str, ...] = ()  #: fields that must be filled before it is asked
    blank: str | None = None  #: a field that must be blank before it is asked; None: none must
    #: (a cell that cannot be read is not blank)
    at: str | None = None  #: the field whose cell is at fault; None: the last it reads
    fault: OfRow | None = None
    faults: OfTracker | None = None
    asks: bool = True  #: False for a remark: there may be nothing to enter or to correct
    kind: str | None = None  #: for a rule about reading: the kind of `model.Flaw` it reports
    orders: tuple[str, str] | None = None
    #: for a rule that only wants two days in their order: the earlier and the later field

    @property
    def field(self) -> str:
        """The field whose cell is at fault."""
        return self.at or self.reads[-1]


RULES: Final[dict[str, Rule]] = {}  #: by code, in the order of the catalogue


def _add(rule: Rule) -> None:
    if rule.code in RULES:
        raise ValueError(f"{rule.code} stands twice in the catalogue")
    RULES[rule.code] = rule


def reading(code: str, kind: str, *, level: str, title: str, why: str, put_right: str) -> None:
    """Enter a rule about a cell that could not be read, or only with a question."""
    _add(
        Rule(
            code=code,
            kind=kind,
            level=level,
            clause=None,
            title=title,
            why=why,
            put_right=put_right,
        )
    )


def rule(
    code: str,
    of: type,
    *,
    clause: str | None,
    level: str,
    reads: tuple[str, ...],
    title: str,
    why: str,
    put_right: str,
    at: str | None = None,
    blank: str | None = None,
    asks: bool = True,
) -> Callable[[OfRow], OfRow]:
    """Enter a rule about one row; the function below it says whether the row is at fault."""

    def enter(fault: OfRow) -> OfRow:
        _add(
            Rule(
                code=code,
                of=of,
                clause=clause,
                level=level,
                reads=reads,
                at=at,
                title=title,
                why=why,
                put_right=put_right,
                fault=fault,
                blank=blank,
                asks=asks,
            )
        )
        return fault

    return enter


def order(
    code: str,
    of: type,
    earlier: str,
    later: str,
    *,
    clause: str,
    title: str,
    why: str,
    level: str = ERROR,
    at: str | None = None,
) -> None:
    """Enter a rule that the day in `later` does not come before the day in `earlier`."""

    def reversed_days(row: Record, _: Scope) -> bool:
        return bool(getattr(row, later) < getattr(row, earlier))

    _add(
        Rule(
            code=code,
            of=of,
            clause=clause,
            level=level,
            reads=(earlier, later),
            orders=(earlier, later),
            at=at,
            title=title,
            why=why,
            put_right="Correct whichever of the two dates is wrong.",
            fault=reversed_days,
        )
    )


def missing(
    code: str,
    of: type,
    blank: str,
    *,
    beside: tuple[str, ...],
    clause: str,
    level: str,
    title: str,
    why: str,
    put_right: str,
    at: str | None = None,
) -> None:
    """Enter a rule that the field `blank` is filled wherever those `beside` it are.

    The cell at fault is the blank one unless `at` names another.
    """
    rule(
        code,
        of,
        clause=clause,
        level=level,
        reads=beside,
        blank=blank,
        at=at or blank,
        title=title,
        why=why,
        put_right=put_right,
    )(lambda _row, _scope: True)


def of_tracker(
    code: str,
    *,
    clause: str | None,
    level: str,
    title: str,
    why: str,
    put_right: str,
    asks: bool = True,
) -> Callable[[OfTracker], OfTracker]:
    """Enter a rule about the whole tracker; the function below it names every fault."""

    def enter(faults: OfTracker) -> OfTracker:
        _add(
            Rule(
                code=code,
                clause=clause,
                level=level,
                title=title,
                why=why,
                put_right=put_right,
                asks=asks,
                faults=faults,
            )
        )
        return faults

    return enter
