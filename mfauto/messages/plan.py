"""Who hears of what: every overdue obligation goes to its owner or to the fallback.

Pure: the review, the settings and what earlier weeks told go in; readers with
their shares come out. Nothing overdue is lost on the way, and nothing is told
twice: each overdue item has exactly one reader who is asked to act on it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from mfauto.comparing import same
from mfauto.messages.addressing import Addressee, Directory, Unreachable
from mfauto.messages.items import Item, items
from mfauto.model import Case, Review
from mfauto.policy import Limit
from mfauto.process import unjudged
from mfauto.settings import Settings
from mfauto.steps import STEP, unassured

WEEKLY: Final = "weekly"  #: the kind of the weekly email: one for each reader and week
_MANAGER: Final = "Service Manager"
_HEAD: Final = "Head of Service"
#: roles outside the line of a case: its managers do not manage them
_BESIDE: Final = ("SQA Officer", "QA Team Manager", "Auditor", "Executive Director", "Director")


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry of the history: how many there are, and its hash."""

    number: int
    hash: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """What a run knows besides the review. The defaults are a first run's."""

    now: datetime | None = None  #: the emails' Date; None: the report date at the weekly time
    folder: str = ""  #: the working folder's secret, so that keys say nothing about people
    told: frozenset[str] = frozenset()  #: keys of the items their owners heard of in earlier weeks
    drafted: frozenset[str] = frozenset()  #: those of `told` in drafts only, sent or not
    head: Head | None = None  #: the end of the history before this run; None without one
    unknown: int = 0  #: earlier emails that may or may not have arrived
    later_save: datetime | None = None  #: when a tracker that an earlier run read was saved, where
    #: this one was saved before; None where it was not
    skipped: tuple[str, ...] = ()  #: weeks in which no emails were made
    failed: int = 0  #: emails of this run that could not be delivered
    others: tuple[tuple[str, int], ...] = ()  #: kind and number of what else left in seven days


@dataclass(frozen=True, kw_only=True, slots=True)
class Unaddressed:
    """An overdue item whose owner cannot be written to, and why."""

    item: Item
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Untold:
    """A manager who should hear of an item and cannot be written to."""

    item: Item
    role: str
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Unsafe:
    """A case in which nobody has made sure yet that the child is safe (C03)."""

    case: Case
    owner: str | None
    due: date
    reason: str | None  #: why its Head of Service cannot be told; None where they are told


@dataclass(kw_only=True, slots=True)
class Share:
    """What one reader gets, before it is put into words."""

    to: Addressee
    names: list[str] = field(default_factory=list)  #: several where people share a mailbox
    unsafe: list[Unsafe] = field(default_factory=list)
    own: list[Item] = field(default_factory=list)
    soon: list[Item] = field(default_factory=list)
    managed: list[Item] = field(default_factory=list)
    unaddressed: list[Unaddressed] = field(default_factory=list)
    summary: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """Everybody who hears something this week."""

    shares: tuple[Share, ...]  #: child safety first, the summary last
    unaddressed: tuple[Unaddressed, ...]
    untold: tuple[Untold, ...]
    unsafe: tuple[Unsafe, ...]
    stranded: str | None  #: why not even a fallback can be reached; None where one can
    by: date  #: the day by which people are asked to act
    soon: date  #: the last day that counts as due soon


def act_by(review: Review, settings: Settings) -> date:
    """Give the day to act by: the fifth working day, the report date being the first.

    On an ordinary Monday that is the Friday. A late run still leaves a week.
    """
    return settings.policy.workdays.after(review.as_at - timedelta(days=1), 5)


def plan(review: Review, settings: Settings, run: Known) -> Plan:
    """Decide who hears of what."""
    return _Planner(review, settings, run).plan()


class _Planner:
    def __init__(self, review: Review, settings: Settings, run: Known) -> None:
        self.review = review
        self.settings = settings
        self.run = run
        self.directory = Directory(review.tracker.people, settings.mail)
        self.shares: dict[str, Share] = {}
        self.unaddressed: list[Unaddressed] = []
        self.untold: list[Untold] = []

    def plan(self) -> Plan:
        unsafe = self._unsafe()
        self._owners()
        officer = self.directory.officer()
        fallback = self.directory.fallback()
        if isinstance(fallback, Addressee) and self.unaddressed:
            self._share(fallback).unaddressed = self.unaddressed
        summary = officer if isinstance(officer, Addressee) else fallback
        if isinstance(summary, Addressee):
            share = self._share(summary)
            share.summary = True
            share.unsafe = unsafe
        self._soon()
        policy = self.settings.policy
        return Plan(
            shares=tuple(sorted(self.shares.values(), key=_weight)),
            unaddressed=tuple(self.unaddressed),
            untold=tuple(self.untold),
            unsafe=tuple(unsafe),
            stranded=fallback.reason if isinstance(fallback, Unreachable) else None,
            by=act_by(self.review, self.settings),
            soon=policy.limits["due_soon"].after(self.review.as_at, policy.workdays),
        )

    def _share(self, to: Addressee) -> Share:
        share = self.shares.setdefault(to.key, Share(to=to))
        if to.name and to.name not in share.names:
            share.names.append(to.name)
        return share

    def _owners(self) -> None:
        for item in items(self.review, "overdue", self.run.folder):
            owner = self._owner(item)
            if isinstance(owner, Unreachable):
                self.unaddressed.append(Unaddressed(item=item, reason=owner.reason))
            else:
                self._share(owner).own.append(item)
                self._managers(item, owner)

    def _owner(self, item: Item) -> Addressee | Unreachable:
        if item.repeated:
            return Unreachable("Its ref is used in more than one row.")
        if item.finding.unjudged:
            return Unreachable(f"Nobody can tell whether it is done: {item.finding.unjudged}.")
        if item.finding.owner is None and item.finding.step in STEP:
            return Unreachable("No owner is named.")
        return self.directory.find(item.finding.owner)

    def _managers(self, item: Item, owner: Addressee) -> None:
        """Tell the owner's managers of what the owner was told about in an earlier week."""
        if item.key not in self.run.told or item.case is None:
            return
        workdays = self.settings.policy.workdays
        told = {owner.key}
        for role, manager, limit in self._above(item.case, owner):
            if limit.after(item.due, workdays) > self.review.as_at:
                continue
            if isinstance(manager, Unreachable):
                self.untold.append(Untold(item=item, role=role, reason=manager.reason))
            elif manager.key not in told:
                told.add(manager.key)
                self._share(manager).managed.append(item)

    def _above(
        self, case: Case, owner: Addressee
    ) -> Iterable[tuple[str, Addressee | Unreachable, Limit]]:
        """Give who hears of what an owner leaves undone, with the role and after how long.

        It goes up, never down or sideways: what a Service Manager owes goes to the Head of Service
        alone. Whom the case's managers do not manage has a manager on People.
        """
        mail, role = self.settings.mail, _role_in(case, owner)
        if role in _BESIDE:
            manager = self.directory.manager(owner)
            yield f"Manager of the {role}", manager, mail.service_manager_after
            return
        if role not in (_MANAGER, _HEAD):
            found = self.directory.find(case.service_manager or _MANAGER)
            yield _MANAGER, found, mail.service_manager_after
        found = self.directory.find(case.head_of_service or _HEAD)
        yield _HEAD, found, mail.head_of_service_after

    def _unsafe(self) -> list[Unsafe]:
        """Find the cases whose child's safety is not assured, late or not, and tell their HoS."""
        found = []
        for unsafe, head in unsafe_cases(self.review, self.directory):
            found.append(unsafe)
            if head is not None:
                self._share(head).unsafe.append(unsafe)
        return found

    def _soon(self) -> None:
        """Add what is due next for those who are written to anyway."""
        for item in items(self.review, "due_soon", self.run.folder):
            owner = self._owner(item)
            if isinstance(owner, Addressee) and owner.key in self.shares:
                share = self._share(owner)
                if share.own or share.summary:
                    share.soon.append(item)


def unsafe_cases(review: Review, directory: Directory) -> Iterable[tuple[Unsafe, Addressee | None]]:
    """Give the cases whose child's safety is not assured, late or not, with whom to ask."""
    for due in unassured(review):
        head = directory.find(due.owner)
        doubt = unjudged(due, review.tracker)
        if doubt:  # a renamed heading is for whoever keeps the tracker, not for every Head
            head = Unreachable(f"Nobody can tell whether it is done: {doubt}.")
        reason = head.reason if isinstance(head, Unreachable) else None
        unsafe = Unsafe(case=due.case, owner=due.owner, due=due.on, reason=reason)
        yield unsafe, head if isinstance(head, Addressee) else None


def _role_in(case: Case, owner: Addressee) -> str | None:
    """Give the role in which somebody owes something: the one in the case, else on People."""
    for role, name in (
        (_HEAD, case.head_of_service),
        (_MANAGER, case.service_manager),
        ("Team Manager", case.team_manager),
        ("Practitioner", case.practitioner),
    ):
        if name and same(name) == same(owner.name or ""):
            return role
    return owner.role


def _weight(share: Share) -> tuple[bool, bool, str]:
    return (share.summary, not share.unsafe, share.to.key)
