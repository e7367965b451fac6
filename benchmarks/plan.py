"""What a benchmark is: contenders doing the same work, and what they are compared with."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Role = Literal["product", "peer", "limit"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Contender:
    """One way to do the work of a section."""

    name: str  #: as it stands in the tables
    role: Role
    function: str  #: in `contenders`, such as "reading.calamine"
    most_rows: int | None = None  #: above this many rows it would take too long


@dataclass(frozen=True, kw_only=True, slots=True)
class Goal:
    """A ratio to be reached, such as a product in at most 2.5 times a peer's time."""

    product: str  #: name of a contender
    against: str  #: name of another
    at_most: float  #: the product's time over the other's
    rows: int  #: where it counts


@dataclass(frozen=True, kw_only=True, slots=True)
class Bound:
    """What a product may take whatever others do; on a slow machine it may be missed."""

    product: str  #: name of a contender
    seconds: float | None = None  #: at most; None: however long
    megabytes: float | None = None  #: of memory at most; None: however much
    rows: int  #: where it counts


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """One table."""

    name: str  #: for `--only`
    title: str
    about: str  #: what is done, and what is timed
    whole_process: bool  #: whether starting Python counts, or only the work inside
    by_rows: bool  #: whether the work grows with the rows of a tracker
    against: str  #: the contender whose time is 1 in the tables
    contenders: Sequence[Contender]
    prepare: Callable[[Path, int], Sequence[str]]  #: folder and rows to the functions' arguments
    goals: Sequence[Goal] = ()
    bounds: Sequence[Bound] = ()
    by_clock: bool = False  #: several processes share the work: the time that passes is measured
    by_itself: bool = False  #: takes long: measured only by name, or with what is very large
    large: int | None = None  #: rows of one more tracker, measured where that is asked for
