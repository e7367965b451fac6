"""The figures of the assurance pack: what came, what left, what is late, and since when.

Counts only, never a share: the numbers are small. Everything is worked out from
the dates in the tracker, so an earlier month can be made again. The only home of
pandas, which is loaded when figures are asked for. Waits are calendar days.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from functools import cached_property
from statistics import median
from typing import Final, TypeVar

from mfauto.columns import GRADES
from mfauto.comparing import same
from mfauto.measures.figures import (
    BANDS,
    NOT_MODERATED,
    YEAR,
    Concern,
    Flow,
    Month,
    Outcome,
    Snapshot,
    Theme,
    Then,
    Timely,
    month_number,
)
from mfauto.measures.lists import Lists, is_open, service_of
from mfauto.model import Case, Due
from mfauto.policy import add_months
from mfauto.process import stand
from mfauto.standing import INADEQUATE, OUTSTANDING, Standing
from mfauto.steps import BEFORE, STEP, STEPS

__all__ = ["BANDS", "NOT_MODERATED", "YEAR", "Concern", "Measures", "Month", "service_of"]

_BAND_STARTS: Final = (3, 6, 9, 12)  # months, of each band but the first
_OUTCOMES: Final = ("on_time", "late", "no_date", "overdue", "open")
_ABSENT, _OTHER, _OPEN, _LEFT = "absent", "other", "open", "left"
_Key = TypeVar("_Key", int, str)


class Measures(Lists):
    """Every figure of the pack for the month that ends on the review's day."""

    def months(self) -> list[Month]:
        """Give the twelve months that end with this one, the oldest first."""
        return [self.month.earlier(back) for back in reversed(range(YEAR))]

    # -- what came and what left

    @cached_property
    def flows(self) -> list[Flow]:
        """Give twelve months of open Inadequate cases, the oldest first."""
        import pandas as pd  # noqa: PLC0415 - only the pack needs it, and it loads slowly

        turns = pd.DataFrame(
            [(month_number(day), before, after) for _, day, before, after in self._turns],
            columns=["month", "before", "after"],
        )
        was_open, still_open = turns["before"] == _OPEN, turns["after"] == _OPEN
        came = turns["before"] == _ABSENT
        marks = {
            # A case that comes with a re-audit already passed comes and leaves on one day.
            "new": came & turns["after"].isin([_OPEN, _LEFT]),
            "moderated_in": (turns["before"] == _OTHER) & turns["after"].isin([_OPEN, _LEFT]),
            "moderated_out": was_open & (turns["after"] == _OTHER),
            "left": ~(turns["before"] == _LEFT) & (turns["after"] == _LEFT),
        }
        change = still_open.astype(int) - was_open.astype(int)
        made = []
        for month in self.months():
            inside, earlier = turns["month"] == month.number, turns["month"] < month.number
            start = int(change[earlier].sum())
            made.append(
                Flow(
                    last=month.last,
                    start=start,
                    end=start + int(change[inside].sum()),
                    **{name: int((mark & inside).sum()) for name, mark in marks.items()},
                )
            )
        return made

    @cached_property
    def start_a_year_ago(self) -> int:
        """Give how many were open at the start of this month's namesake of a year ago."""
        day = self.month.earlier(YEAR + 1).last
        standings, _ = stand(self.review.tracker, self.relations, day)
        return sum(map(is_open, standings))

    @cached_property
    def _turns(self) -> list[tuple[Standing, date, str, str]]:
        """Give each day on which a case's place changed, with the place before and after."""
        made = []
        for standing in self.standings:
            days = {standing.audited, standing.moderation_completed}
            days |= {standing.seen(reaudit.audited) for reaudit in standing.reaudits}
            before = _ABSENT
            for day in sorted(day for day in days if day and day >= standing.audited):
                after = self._place(standing.case, day)
                if after != before:
                    made.append((standing, day, before, after))
                    before = after
        return made

    def _place(self, case: Case, day: date) -> str:
        then = Standing(case, self.relations, day)
        if then.grade != INADEQUATE:
            return _OTHER
        return _LEFT if then.passing else _OPEN

    # -- the headlines

    @cached_property
    def snapshots(self) -> tuple[Snapshot, Snapshot, Snapshot]:
        """Give this month's end, last month's, and the one a year ago."""
        return (
            self._snapshot(self.as_at),
            self._snapshot(self.month.earlier(1).last),
            self._snapshot(self.month.earlier(YEAR).last),
        )

    def _snapshot(self, day: date) -> Snapshot:
        standings, _ = stand(self.review.tracker, self.relations, day)
        there = [standing for standing in standings if is_open(standing)]
        then = self._thens[day]
        return Snapshot(
            remaining=len(there),
            later_rounds=sum(self._round(standing) > 1 for standing in there),
            outstanding=sum(standing.grade == OUTSTANDING for standing in standings),
            overdue_actions=then.overdue_actions,
            overdue=then.overdue,
        )

    @cached_property
    def _thens(self) -> dict[date, Then]:
        """Give what was due at the end of each of twelve months, and of the one a year ago."""
        return {month.last: self._at(month) for month in (self.month.earlier(YEAR), *self.months())}

    def _at(self, month: Month) -> Then:
        """Work a month's end out: cases to which nothing happened since stood then as today."""
        day = month.last
        quiet, again = self._split(day)
        months = self._by_month[month.number]
        fallen = [due for due in months if due.case.ref in quiet and month.holds(due.on)]
        late = [due for due in self.review.open if due.case.ref in quiet and due.on < day]
        for standing in again:
            for due in self._duties.of(Standing(standing.case, self.relations, day)):
                if month.holds(due.on):
                    fallen.append(due)
                if not due.done and due.on < day:
                    late.append(due)
        return Then(
            fallen=tuple(fallen),
            overdue=len(late),
            overdue_actions=sum(due.step == "action" for due in late),
        )

    def _split(self, day: date) -> tuple[set[str], list[Standing]]:
        """Part the cases of a day: those to which nothing happened since, and the others."""
        quiet, others = set(), []
        for standing, last in self._last_days:
            if last <= day:
                quiet.add(standing.ref)
            elif standing.audited <= day:
                others.append(standing)
        return quiet, others

    @cached_property
    def _last_days(self) -> list[tuple[Standing, date]]:
        return [(standing, max(standing.days())) for standing in self.standings]

    @cached_property
    def _by_month(self) -> dict[int, list[Due]]:
        found: dict[int, list[Due]] = defaultdict(list)
        for due in self.dues:
            found[month_number(due.on)].append(due)
        return found

    # -- steps and their limits

    @cached_property
    def outcomes(self) -> list[Outcome]:
        """Give what had become by its end of the steps that fell due in each of twelve months."""
        return [self._outcome_of(month) for month in self.months()]

    def _outcome_of(self, month: Month) -> Outcome:
        fallen = self._thens[month.last].fallen
        counts = Counter(_outcome(due, month.last) for due in fallen)
        return Outcome(
            last=month.last, due=len(fallen), **{name: counts[name] for name in _OUTCOMES}
        )

    @cached_property
    def timeliness(self) -> list[Timely]:
        """Give each step of the process with what became of what fell due in the month."""
        fallen: dict[str, list[Due]] = {step.id: [] for step in STEPS}
        for due in self._thens[self.as_at].fallen:
            fallen[due.step].append(due)
        made = []
        for step, dues in fallen.items():
            counts = Counter(_outcome(due, self.as_at) for due in dues)
            days = [number for due in dues if (number := _days_taken(due)) is not None]
            made.append(
                Timely(
                    step=step,
                    due=len(dues),
                    median=median(days) if days else None,
                    **{name: counts[name] for name in _OUTCOMES},
                )
            )
        return made

    # -- movement

    @cached_property
    def waits(self) -> list[tuple[date, date]]:
        """Give the audit and the day of leaving of each case that left in twelve months."""
        first = self.month.earlier(YEAR - 1).first
        return [
            (standing.audited, day)
            for standing, day, before, after in self._turns
            if after == _LEFT and before != _LEFT and day >= first
        ]

    @cached_property
    def bands(self) -> list[int]:
        """Give how many of `waits` fall into each of `BANDS`."""
        counts = [0] * len(BANDS)
        for audited, left in self.waits:
            counts[sum(add_months(audited, n) <= left for n in _BAND_STARTS)] += 1
        return counts

    def median_wait(self) -> float | None:
        """Give the median days from audit to leaving; None where nothing left."""
        days = [(left - audited).days for audited, left in self.waits]
        return median(days) if days else None

    @cached_property
    def regraded(self) -> dict[int, dict[str, int]]:
        """Give the grades of the re-audits of twelve months, by round."""
        first = self.month.earlier(YEAR - 1).first
        pairs = [
            (reaudit.round or 0, reaudit.grade)
            for standing in self.standings
            if standing.grade == INADEQUATE
            for reaudit in standing.reaudits
            if (held := standing.seen(reaudit.audited)) and held >= first and reaudit.grade
        ]
        return _table(pairs, sorted({number for number, _ in pairs}), GRADES)

    @cached_property
    def moderated(self) -> dict[str, dict[str, int]]:
        """Give audit grade against the grade after moderation, cases audited in twelve months."""
        first = self.month.earlier(YEAR - 1).first
        pairs = [
            (
                standing.case.audit_grade or "",
                standing.grade if standing.moderation_completed else NOT_MODERATED,
            )
            for standing in self.standings
            if standing.audited >= first
        ]
        return _table(pairs, GRADES, (*GRADES, NOT_MODERATED))

    # -- themes and good practice

    @cached_property
    def themes(self) -> list[Theme]:
        """Give the themes of a year's audits, most frequent first."""
        import pandas as pd  # noqa: PLC0415 - only the pack needs it, and it loads slowly

        now, before = self.month.earlier(2).first, self.month.earlier(5).first
        year = self.month.earlier(YEAR - 1).first
        names: dict[str, str] = {}
        rows = []
        for standing in self.standings:
            own = {}
            for theme in (standing.case.themes or "").split(";"):
                if theme.strip():
                    own[same(theme)] = theme.strip()
            for key, name in own.items():
                names.setdefault(key, name)
                rows.append((key, standing.audited))
        frame = pd.DataFrame(rows, columns=["theme", "audited"])
        frame["now"] = [day >= now for day in frame["audited"]]
        frame["before"] = [before <= day < now for day in frame["audited"]]
        frame["year"] = [day >= year for day in frame["audited"]]
        sums = frame.groupby("theme")[["now", "before", "year"]].sum()
        made = [
            Theme(
                name=names[str(key)],
                now=int(row["now"]),
                before=int(row["before"]),
                year=int(row["year"]),
            )
            for key, row in sums.iterrows()
            if row["year"] or row["before"]
        ]
        return sorted(made, key=lambda theme: (-theme.year, -theme.now, theme.name))

    def shared(self, field: str) -> tuple[int, int, int]:
        """Give how many examples reached `field` this month, last month and in twelve months."""
        days = [
            day
            for standing in self.standings
            for example in standing.examples
            if (day := standing.seen(getattr(example, field)))
        ]
        before, first = self.month.earlier(1), self.month.earlier(YEAR - 1).first
        return (
            sum(map(self.month.holds, days)),
            sum(map(before.holds, days)),
            sum(day >= first for day in days),
        )


def _outcome(due: Due, day: date) -> str:
    """Say what had become at the end of a day of an obligation that had fallen due by then."""
    if not due.done:
        return "overdue" if due.on < day else "open"
    if due.done_on is None:
        return "no_date"
    return "on_time" if due.done_on <= due.on else "late"


def _days_taken(due: Due) -> int | None:
    """Give the days from the start to the end; ahead of a meeting, the days before it."""
    if due.start is None or due.done_on is None:
        return None
    days = (due.done_on - due.start).days
    return -days if STEP[due.step].due == BEFORE else days


def _table(
    pairs: Iterable[tuple[_Key, str]], rows: Iterable[_Key], columns: Iterable[str]
) -> dict[_Key, dict[str, int]]:
    names = list(columns)
    made = {row: dict.fromkeys(names, 0) for row in rows}
    for row, column in pairs:
        made[row][column] += 1
    return made
