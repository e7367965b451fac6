"""The tables of a pack, counted from its tracker in plain Python: what a finished pack has to say.

Nothing of `measures` is used to count.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from statistics import median
from typing import Any

from mfauto.columns import GRADES, SHEETS
from mfauto.demo import demo_rows
from mfauto.documents import assurance_pack
from mfauto.model import Case, Due, Review
from mfauto.policy import Policy
from mfauto.process import review
from mfauto.settings import Settings
from mfauto.steps import STEPS
from mfauto.template import make_tracker
from mfauto.workbook import read_tracker
from tests.documents.test_figures import (
    A_DAY,
    IN_MONTHS,
    NEVER,
    NO_SERVICE,
    Found,
    fallen_due,
    last_day,
    month_before,
    month_of,
    places,
)
from tests.second_reading.layout import TIDY, place, save
from tests.second_reading.trackers import a_made_up_tracker
from tests.second_reading.working_days import months_after

POLICY = Policy()
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
OUTCOMES = ("on_time", "late", "no_date", "overdue", "open")
Table = list[list[str]]


def words(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def month_name(day: date) -> str:
    return f"{MONTHS[day.month - 1]} {day.year}"


def some(number: int, one: str, many: str | None = None) -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def are(number: int, one: str) -> str:
    return f"{some(number, one)} {'is' if number == 1 else 'are'}"


def change(now: int, before: int) -> str:
    if now == before:
        return "No change"
    return f"{abs(now - before)} {'more' if now > before else 'fewer'}"


@dataclass(frozen=True)
class Counted:
    """A finished pack, and its tracker to count again from."""

    found: Found
    path: Path

    @property
    def review(self) -> Review:
        return self.found.review

    @property
    def as_at(self) -> date:
        return self.review.as_at

    @cached_property
    def flows(self) -> list[Counter[str]]:
        """Count each month from the days on which anything can have changed."""
        tracker = self.review.tracker
        days = {case.audited for case in tracker.cases}
        days |= {case.moderation_completed for case in tracker.cases}
        days |= {row.audited for row in tracker.reaudits}
        firsts = self.found.firsts()
        before = places(tracker, firsts[0] - A_DAY)
        months = []
        for first in firsts:
            counts: Counter[str] = Counter(start=list(before.values()).count("open"))
            for day in sorted(day for day in days if day and first <= day <= last_day(first)):
                after = places(tracker, day)
                for row, now in after.items():
                    then = before.get(row, "absent")
                    counts["new"] += then == "absent" and now in ("open", "left")
                    counts["in"] += then == "other" and now in ("open", "left")
                    counts["out"] += then == "open" and now == "other"
                    counts["left"] += then != "left" and now == "left"
                before = after
            counts["end"] = list(before.values()).count("open")
            months.append(counts)
        return months

    def then(self, back: int) -> Review:
        return review(self.review.tracker, POLICY, last_day(month_before(self.as_at, back)))

    @cached_property
    def thens(self) -> list[Review]:
        return [self.review, self.then(1), self.then(12)]

    def still_open(self, then: Review) -> list[Case]:
        rows = {
            position.row
            for position in then.positions
            if position.grade == "Inadequate" and position.stage not in ("Leaving", "Closed")
        }
        return [case for case in then.tracker.cases if case.row in rows]

    def round_of(self, case: Case, day: date) -> int:
        """Give the round a case is in: one more than its last Inadequate re-audit's."""
        rounds = [
            row.round or 0
            for row in self.found.re_audits(case)
            if row.grade == "Inadequate" and (row.audited or NEVER) <= day
        ]
        return max(rounds, default=0) + 1

    def later(self, then: Review) -> int:
        return sum(self.round_of(case, then.as_at) > 1 for case in self.still_open(then))

    @cached_property
    def by_service(self) -> dict[str, list[Due]]:
        made: dict[str, list[Due]] = {
            case.service_area or NO_SERVICE: [] for case, _ in self.found.counted()
        }
        for due in self.review.overdue:
            made[due.case.service_area or NO_SERVICE].append(due)
        return made

    def examples(self, field: str, first: date, last: date) -> int:
        refs = {case.ref for case, _ in self.found.counted()}
        return sum(
            row.case_ref in refs and first <= (getattr(row, field) or NEVER) <= last
            for row in self.review.tracker.examples
        )


def made_pack(folder: Path, name: str) -> Counted:
    path = folder / "tracker.xlsx"
    if "-" in name:
        as_at = date.fromisoformat(name)
        make_tracker(path, demo_rows(date(2026, 11, 23)))
    else:
        made = a_made_up_tracker(int(name), cases=40)
        save(place(made, int(name), TIDY), path)
        as_at = last_day(made.report_dates[1].replace(day=1))
    settings = Settings(folder=folder)
    found: Any = Found(review(read_tracker(path, settings), POLICY, as_at), None)  # type: ignore[arg-type]
    target = folder / "pack.docx"
    assurance_pack(found.review, (as_at.year, as_at.month), settings, target)
    return Counted(found, target)


# -- the tables, each as its rows of texts


def headlines(of: Counted) -> Table:
    flows, thens = of.flows, of.thens
    now, before = flows[-1]["start"], flows[-2]["start"]
    year = len(of.still_open(of.then(13)))  # the start of the same month, a year ago
    rows = [("Open at the start of the month", now, before, year, "a year ago")]
    for name, field in (
        ("New Inadequate", "new"),
        ("Moderated to Inadequate", "in"),
        ("Moderated from Inadequate", "out"),
        ("Left Inadequate", "left"),
    ):
        year = sum(flow[field] for flow in flows)
        rows.append((name, flows[-1][field], flows[-2][field], year, "in total"))
    counts: list[tuple[str, Callable[[Review], int]]] = [
        ("Remaining at the end of the month", lambda then: len(of.still_open(then))),
        ("Of these, in a second round or later", of.later),
        ("Outstanding cases", outstanding),
        ("Overdue actions", late_actions),
        ("All overdue steps", late),
    ]
    for name, count in counts:
        now, before, year = map(count, thens)
        rows.append((name, now, before, year, "a year ago"))
    return [
        [name, str(now), str(before), change(now, before), f"{year} {said}"]
        for name, now, before, year, said in rows
    ]


def outstanding(then: Review) -> int:
    return sum(one.grade == "Outstanding" for one in then.positions)


def late(then: Review) -> int:
    return sum(one.level == "overdue" for one in then.findings)


def late_actions(then: Review) -> int:
    return sum(one.level == "overdue" and one.step == "action" for one in then.findings)


def months(of: Counted) -> Table:
    return [
        [
            month_name(first),
            *(str(flow[field]) for field in ("start", "new")),
            f"{flow['in']} in, {flow['out']} out",
            *(str(flow[field]) for field in ("left", "end")),
        ]
        for first, flow in zip(of.found.firsts(), of.flows, strict=True)
    ]


def steps_by_month(of: Counted) -> Table:
    rows = []
    for first in of.found.firsts():
        counts = Counter(said for _, said in fallen_due(of.found, first))
        numbers = [counts.total(), *(counts[name] for name in OUTCOMES)]
        rows.append([month_name(first), *map(str, numbers)])
    return rows


def stays(of: Counted) -> list[tuple[date, date]]:
    made = []
    for case, grade in of.found.counted():
        passed = [row.audited for row in of.found.re_audits(case) if row.grade != "Inadequate"]
        if grade == "Inadequate" and passed and (passed[0] or NEVER) >= of.found.firsts()[0]:
            made.append((case.audited or NEVER, passed[0] or NEVER))
    return made


def bands(of: Counted) -> Table:
    names = (
        "Under 3 months",
        "3 to 5 months",
        "6 to 8 months",
        "9 to 11 months",
        "A year or more",
    )
    found = stays(of)
    counts = [
        sum(months_after(start, low) <= end < months_after(start, high) for start, end in found)
        for low, high in IN_MONTHS
    ]
    rows = [[name, str(count)] for name, count in zip(names, counts, strict=True)]
    return [*rows, ["All that left", str(len(found))]]


def services(of: Counted) -> Table:
    rows = []
    for name, dues in of.by_service.items():
        actions = sum(due.step == "action" for due in dues)
        rows.append((name, actions, len(dues) - actions, len(dues)))
    rows.sort(key=lambda one: (-one[3], one[0]))
    actions, steps = sum(one[1] for one in rows), sum(one[2] for one in rows)
    rows.append(("All services", actions, steps, actions + steps))
    return [[str(cell) for cell in one] for one in rows]


#: recorded by a text, a choice, or the day of something else: the tracker holds no day of doing
UNTIMED = ("book_meeting", "record_meeting", "decide_caseload_review")


def timeliness(of: Counted) -> Table:
    """Give the rows of every step: what fell due, what became of it, and the median."""
    fallen = list(fallen_due(of.found, month_of(of.as_at)))
    rows = []
    for step in STEPS:
        own = [(due, said) for due, said in fallen if due.step == step.id]
        counts = Counter(said for _, said in own)
        days = [(due.done_on - due.start).days for due, _ in own if due.start and due.done_on]
        middle = "No start" if step.id == "action" else "None done"
        if days:
            ahead = step.id == "invite_attendees"
            middle = f"{-median(days):g} ahead" if ahead else f"{median(days):g}"
        rows.append([str(len(own)), *(str(counts[name]) for name in OUTCOMES), middle])
    return rows


def timed_steps(of: Counted) -> Table:
    return [row for step, row in zip(STEPS, timeliness(of), strict=True) if step.id not in UNTIMED]


def steps_not_measured(of: Counted) -> Table:
    made = []
    for step, row in zip(STEPS, timeliness(of), strict=True):
        if step.id in UNTIMED:
            due, on_time, late, done, overdue, still_open, _ = row
            assert (on_time, late) == ("0", "0")
            made.append([due, done, overdue, still_open])
    return made


def regraded(of: Counted) -> Table:
    counts = Counter(
        (row.round or 0, row.grade or "")
        for case, grade in of.found.counted()
        if grade == "Inadequate"
        for row in of.found.re_audits(case)
        if (row.audited or NEVER) >= of.found.firsts()[0]
    )
    rounds = sorted({number for number, _ in counts})
    return [
        [
            f"Round {number}",
            *(str(counts[number, grade]) for grade in GRADES),
            str(sum(counts[number, grade] for grade in GRADES)),
        ]
        for number in rounds
    ]


def moderated(of: Counted) -> Table:
    counts: Counter[tuple[str, str]] = Counter()
    for case, grade in of.found.counted():
        if (case.audited or NEVER) >= of.found.firsts()[0]:
            done = (case.moderation_completed or NEVER) <= of.as_at
            counts[case.audit_grade or "", grade if done else "waiting"] += 1
    return [
        [grade, *(str(counts[grade, after]) for after in (*GRADES, "waiting"))] for grade in GRADES
    ]


def themes(of: Counted) -> Table:
    first = month_of(of.as_at)
    now, before, year = month_before(first, 2), month_before(first, 5), of.found.firsts()[0]
    names: dict[str, str] = {}
    counts: dict[str, list[int]] = {}
    for case, _ in of.found.counted():
        day = case.audited or NEVER
        own = {one.strip().casefold(): one.strip() for one in (case.themes or "").split(";")}
        own.pop("", None)
        for key, name in own.items():
            names.setdefault(key, name)
            sums = counts.setdefault(key, [0, 0, 0])
            sums[0] += day >= now
            sums[1] += before <= day < now
            sums[2] += day >= year
    rows = [(names[key], one[0], one[1], one[2]) for key, one in counts.items() if any(one)]
    rows.sort(key=lambda one: (-one[3], -one[1], one[0]))
    return [[name, str(a), str(b), change(a, b), str(c)] for name, a, b, c in rows]


def shared(of: Counted) -> Table:
    first = month_of(of.as_at)
    previous = month_before(first, 1)
    rows = []
    for name, field in (
        ("Reviewed", "reviewed"),
        ("Anonymised", "anonymised"),
        ("Shared in the library", "uploaded"),
        ("Announced to the service", "announced"),
    ):
        now = of.examples(field, first, of.as_at)
        before = of.examples(field, previous, first - A_DAY)
        year = of.examples(field, of.found.firsts()[0], of.as_at)
        rows.append([name, str(now), str(before), change(now, before), str(year)])
    return rows


def coming(of: Counted) -> Table:
    rows = []
    for step in STEPS:
        days = sorted(
            due.on
            for due in of.review.open
            if due.step == step.id and 0 <= (due.on - of.as_at).days <= 30
        )
        if days:
            rows.append([step.todo, str(len(days)), words(days[0])])
    return rows


def meetings(of: Counted) -> Table:
    """Count a case on the day it is booked for, a re-audit at the first panel it can go to."""
    ahead = [one for one in of.review.tracker.meetings if (one.held or NEVER) > of.as_at]
    days = sorted({(one.held or NEVER, one.type or "") for one in ahead if one.held})
    refs = {case.ref for case, grade in of.found.counted() if grade == "Inadequate"}
    waiting = [
        row.audited or NEVER
        for row in of.review.tracker.reaudits
        if row.case_ref in refs and row.round and row.grade
        if (row.audited or NEVER) <= of.as_at < (row.panel_held or NEVER)
    ]
    rows = []
    for day, kind in days:
        cases = sum(due.step == "hold_meeting" and due.on == day for due in of.review.open)
        if kind == "Panel Review":
            cases = sum(audited < day for audited in waiting)
            waiting = [audited for audited in waiting if audited >= day]
        numbers = [one.places for one in ahead if (one.held, one.type or "") == (day, kind)]
        places = "Not recorded" if None in numbers else str(sum(filter(None, numbers)))
        rows.append([words(day), places, str(cases)])
    return rows[:12]


def concerned(cases: Iterable[Case], last: Callable[[Case], str]) -> Table:
    return [
        [
            case.ref or "",
            case.service_area or NO_SERVICE,
            case.head_of_service or "Not recorded",
            words(case.audited or NEVER),
            last(case),
        ]
        for case in sorted(cases, key=lambda case: (case.audited or NEVER, case.row))
    ]


def days_since(of: Counted) -> Callable[[Case], str]:
    return lambda case: some((of.as_at - (case.audited or NEVER)).days, "day")


def excluded(of: Counted) -> Table:
    reasons: dict[str, list[int]] = {}
    for row in of.review.excluded:
        reasons.setdefault(row.reason, []).append(row.row)
    return [
        [f"{reason[0].upper()}{reason[1:]}", str(len(rows))]
        for reason, rows in sorted(reasons.items())
    ]


def unread(of: Counted) -> Table:
    names = ("cases", "actions", "reaudits", "examples", "meetings", "people")
    counts = Counter(
        (sheet.name, next(one.heading for one in sheet.columns if one.field == flaw.field))
        for sheet, name in zip(SHEETS, names, strict=True)
        for record in getattr(of.review.tracker, name)
        for flaw in record.flaws
        if flaw.unreadable
    )
    return [[sheet, heading, str(number)] for (sheet, heading), number in sorted(counts.items())]
