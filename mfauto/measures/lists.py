"""The lists behind the pack's figures: what is overdue, of concern, left out, and what comes.

Lists of the review's own things, in the order in which people should look at them.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cached_property
from typing import Final

from mfauto.expected import Occasion, occasions_after
from mfauto.measures.figures import Concern, Month, Service
from mfauto.model import Case, Due, Excluded, ReAudit, Review
from mfauto.policy import Policy
from mfauto.process import Obligations, stand
from mfauto.standing import INADEQUATE, Relations, Standing
from mfauto.steps import STEPS, unassured

_NO_SERVICE: Final = "Service not recorded"
_NO_HEAD: Final = "Head of Service not recorded"
_AHEAD: Final = 30  # days
_THIRD: Final = 3


class Lists:
    """The lists of the pack for the month that ends on the review's day."""

    third: Final = _THIRD  #: the round of re-audit from which a case is of concern

    def __init__(self, review: Review, policy: Policy) -> None:
        self.review = review
        self.policy = policy
        self.as_at = review.as_at
        self.month = Month.ending(review.as_at)
        self.relations = Relations(review.tracker)
        self.standings, _ = stand(review.tracker, self.relations, review.as_at)
        self._duties = Obligations(policy, self.relations)
        self.until: date = review.as_at + timedelta(days=_AHEAD)  #: the last of the next 30 days

    @cached_property
    def dues(self) -> list[Due]:
        """Give every obligation whose clock has started, also those that are done."""
        return [due for standing in self.standings for due in self._duties.of(standing)]

    def _round(self, standing: Standing) -> int:
        """Give the round of re-audit that a case is in."""
        return max(one.number for one in standing.rounds(self.policy.reaudit_from))

    # -- what is overdue

    @cached_property
    def overdue(self) -> dict[tuple[str, str], list[Due]]:
        """Give what is overdue by service and Head of Service, the longest overdue first."""
        found: dict[tuple[str, str], list[Due]] = {}
        for due in sorted(self.review.overdue, key=lambda due: (due.on, due.case.row)):
            key = service_of(due.case), due.case.head_of_service or _NO_HEAD
            found.setdefault(key, []).append(due)
        return dict(sorted(found.items()))

    @cached_property
    def late_by_step(self) -> dict[str, list[Due]]:
        """Give what is overdue by step, the longest overdue first."""
        found: dict[str, list[Due]] = {step.id: [] for step in STEPS}
        for due in sorted(self.review.overdue, key=lambda due: (due.on, due.case.row)):
            found[due.step].append(due)
        return found

    @cached_property
    def services(self) -> list[Service]:
        """Give every service of the tracker with its overdue steps, most overdue first."""
        found: dict[str, list[bool]] = {
            service_of(standing.case): [] for standing in self.standings
        }
        for due in self.review.overdue:
            found[service_of(due.case)].append(due.step == "action")
        made = [
            Service(name=name, actions=sum(late), steps=len(late) - sum(late))
            for name, late in found.items()
        ]
        return sorted(made, key=lambda one: (-one.actions - one.steps, one.name))

    # -- what is being done

    @cached_property
    def actions_done(self) -> int:
        """Give how many actions were completed in the month, on a day that is recorded."""
        return sum(due.step == "action" and self.month.holds(due.done_on) for due in self.dues)

    @cached_property
    def actions_open(self) -> int:
        """Give how many actions with a due date are open."""
        return sum(due.step == "action" for due in self.review.open)

    @cached_property
    def reaudited(self) -> int:
        """Give how many re-audits of Inadequate cases were carried out in the month."""
        return sum(
            self.month.holds(reaudit.audited)
            for standing in self.standings
            if standing.grade == INADEQUATE
            for reaudit in standing.reaudits
        )

    # -- cases of concern

    @cached_property
    def inadequate(self) -> int:
        """Give how many cases are Inadequate, also those that have left since."""
        return sum(standing.grade == INADEQUATE for standing in self.standings)

    @cached_property
    def unsafe(self) -> list[Concern]:
        """Give the cases whose child's safety is not yet assured, the longest wait first."""
        refs = {due.case.ref for due in unassured(self.review)}
        return self._concerns(one for one in self.standings if one.ref in refs)

    @cached_property
    def still(self) -> list[Concern]:
        """Give the open Inadequate cases, the longest first."""
        return self._concerns(filter(is_open, self.standings))

    def _concerns(self, standings: Iterable[Standing]) -> list[Concern]:
        made = [
            Concern(
                standing=standing,
                days=(self.as_at - standing.audited).days,
                round=self._round(standing),
            )
            for standing in standings
        ]
        return sorted(made, key=lambda concern: (-concern.days, concern.standing.case.row))

    # -- what comes

    @cached_property
    def coming(self) -> dict[str, list[Due]]:
        """Give what falls due in the next 30 days by step, the first one first."""
        found: dict[str, list[Due]] = {step.id: [] for step in STEPS}
        for due in sorted(self.review.open, key=lambda due: due.on):
            if self.as_at <= due.on <= self.until:
                found[due.step].append(due)
        return {step: dues for step, dues in found.items() if dues}

    @cached_property
    def occasions_ahead(self) -> list[Occasion]:
        """Give the meetings and panels after the report date, the next one first."""
        return occasions_after(self.standings, self.review.tracker.meetings, self.as_at)

    @cached_property
    def to_allocate(self) -> list[Due]:
        """Give the re-audits due by then that nobody is named for, the first one first."""
        free = [
            due
            for due in self.review.open
            if due.step == "re_audit" and due.on <= self.until and not _allocated(due)
        ]
        return sorted(free, key=lambda due: (due.on, due.case.row))

    # -- what is in no figure

    @cached_property
    def left_out(self) -> dict[str, list[Excluded]]:
        """Give the rows of Cases that are in no figure, by reason."""
        found: dict[str, list[Excluded]] = {}
        for row in self.review.excluded:
            found.setdefault(row.reason, []).append(row)
        return dict(sorted(found.items()))

    @cached_property
    def unusable(self) -> list[Excluded]:
        """Give those of them that had been audited by then, as far as anybody can tell."""
        later = {
            (row.place, row.row)
            for row in self.review.tracker.cases
            if row.audited and row.audited > self.as_at
        }
        return [row for row in self.review.excluded if (row.place, row.row) not in later]


def service_of(case: Case) -> str:
    """Give a case's service, in words where there is none."""
    return case.service_area or _NO_SERVICE


def is_open(standing: Standing) -> bool:
    """Say whether a case is Inadequate and has not left."""
    return standing.grade == INADEQUATE and standing.passing is None


def _allocated(due: Due) -> bool:
    return isinstance(due.subject, ReAudit) and bool(due.subject.reauditor)
