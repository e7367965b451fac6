"""The pack's figures, counted again by hand: no pandas, one day after another.

What came and what left is read off the positions that `review` gives on every
single day of a year; the rest is counted row by row from the tracker.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, timedelta
from statistics import median
from typing import NamedTuple

import pytest

from mfauto.columns import GRADES
from mfauto.demo import demo_rows
from mfauto.measures import BANDS, NOT_MODERATED, Measures
from mfauto.model import Case, Due, ReAudit, Review, Tracker
from mfauto.policy import Policy
from mfauto.process import obligations, review
from mfauto.settings import Settings
from mfauto.steps import STEPS
from mfauto.template import make_tracker
from mfauto.workbook import read_tracker
from tests.second_reading.layout import TIDY, place, save
from tests.second_reading.trackers import a_made_up_tracker
from tests.second_reading.working_days import months_after

POLICY = Policy()
A_DAY = timedelta(days=1)
NEVER = date.max
SOURCES = ("demo", "1", "2", "3", "4", "5")
NO_SERVICE = "Service not recorded"
NO_HEAD = "Head of Service not recorded"
OUTCOMES = ("on_time", "late", "no_date", "overdue", "open")
IN_MONTHS = ((0, 3), (3, 6), (6, 9), (9, 12), (12, 1200))


class Found(NamedTuple):
    """A tracker reviewed at the end of a month, with the pack's figures."""

    review: Review
    measures: Measures

    @property
    def tracker(self) -> Tracker:
        return self.review.tracker

    @property
    def as_at(self) -> date:
        return self.review.as_at

    def firsts(self) -> list[date]:
        """Give the first days of the twelve months that end with this one."""
        return [month_before(self.as_at, back) for back in reversed(range(12))]

    def counted(self) -> list[tuple[Case, str]]:
        """Give the cases in the figures, each with the grade that counts."""
        grades = {position.row: position.grade for position in self.review.positions}
        return [(case, grades[case.row]) for case in self.tracker.cases if case.row in grades]

    def re_audits(self, case: Case) -> list[ReAudit]:
        """Give the graded re-audits of a case that have taken place, by round."""
        rows = [
            row
            for row in self.tracker.reaudits
            if row.case_ref == case.ref and row.round and row.grade
        ]
        held = [row for row in rows if (row.audited or NEVER) <= self.as_at]
        return sorted(held, key=lambda row: (row.round or 0, row.row))


@pytest.fixture(scope="module", params=SOURCES)
def found(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Found:
    path = tmp_path_factory.mktemp("figures") / "tracker.xlsx"
    if request.param == "demo":
        make_tracker(path, demo_rows(date(2026, 11, 23)))
        as_at = date(2026, 10, 31)
    else:
        seed = int(request.param)
        made = a_made_up_tracker(seed, cases=40)
        save(place(made, seed, TIDY), path)
        as_at = last_day(made.report_dates[1].replace(day=1))
    tracker = read_tracker(path, Settings(folder=path.parent))
    reviewed = review(tracker, POLICY, as_at)
    return Found(reviewed, Measures(reviewed, POLICY))


def last_day(first: date) -> date:
    return months_after(first, 1) - A_DAY


def month_of(day: date) -> date:
    return day.replace(day=1)


def month_before(day: date, back: int) -> date:
    """Give the first day of the month so many months before a day's."""
    first = month_of(day)
    for _ in range(back):
        first = month_of(first - A_DAY)
    return first


def places(tracker: Tracker, day: date) -> dict[int, str]:
    """Say of each row that counts on a day whether it is open, has left, or is neither."""
    said = {}
    for position in review(tracker, POLICY, day).positions:
        inadequate = "left" if position.stage in ("Leaving", "Closed") else "open"
        said[position.row] = inadequate if position.grade == "Inadequate" else "other"
    return said


def open_rows(tracker: Tracker, day: date) -> set[int]:
    return {row for row, place in places(tracker, day).items() if place == "open"}


def counted_day_by_day(found: Found) -> list[Counter[str]]:
    months: list[Counter[str]] = []
    before = places(found.tracker, found.firsts()[0] - A_DAY)
    for first in found.firsts():
        counts: Counter[str] = Counter(start=list(before.values()).count("open"))
        for number in range((last_day(first) - first).days + 1):
            after = places(found.tracker, first + number * A_DAY)
            for row, now in after.items():
                then = before.get(row, "absent")
                counts["new"] += then == "absent" and now in ("open", "left")
                counts["moderated_in"] += then == "other" and now in ("open", "left")
                counts["moderated_out"] += then == "open" and now == "other"
                counts["left"] += then != "left" and now == "left"
            before = after
        counts["end"] = list(before.values()).count("open")
        months.append(counts)
    return months


def test_what_came_and_what_left_is_what_the_days_show(found: Found) -> None:
    fields = ("start", "new", "moderated_in", "moderated_out", "left", "end")
    made = [{field: getattr(flow, field) for field in fields} for flow in found.measures.flows]
    assert made == [
        {field: month[field] for field in fields} for month in counted_day_by_day(found)
    ]


def test_every_month_adds_up_and_hands_over_to_the_next(found: Found) -> None:
    flows = found.measures.flows
    for flow in flows:
        came, went = flow.new + flow.moderated_in, flow.moderated_out + flow.left
        assert flow.start + came - went == flow.end
    assert [flow.end for flow in flows[:-1]] == [flow.start for flow in flows[1:]]


def test_the_headlines_are_what_a_review_of_their_day_says(found: Found) -> None:
    first = month_of(found.as_at)
    ends = (found.as_at, first - A_DAY, last_day(month_before(first, 12)))
    for day, snapshot in zip(ends, found.measures.snapshots, strict=True):
        then = review(found.tracker, POLICY, day)
        still = open_rows(found.tracker, day)
        again = {
            case.row
            for case, _ in found.counted()
            if case.row in still
            and any(
                row.grade == "Inadequate" and (row.audited or NEVER) <= day
                for row in found.re_audits(case)
            )
        }
        assert asdict(snapshot) == {
            "remaining": len(still),
            "later_rounds": len(again),
            "outstanding": sum(one.grade == "Outstanding" for one in then.positions),
            "overdue_actions": sum(due.step == "action" for due in then.overdue),
            "overdue": then.counts.overdue,
        }


def fallen_due(found: Found, first: date) -> Iterator[tuple[Due, str]]:
    """Give what fell due in a month, each with what had become of it by the month's end."""
    last = min(last_day(first), found.as_at)
    for due in obligations(found.tracker, POLICY, last):
        if not first <= due.on <= last:
            continue
        if due.done:
            said = "no_date"
            if due.done_on:
                said = "late" if due.done_on > due.on else "on_time"
        else:
            said = "open" if due.on == last else "overdue"
        yield due, said


def test_what_fell_due_in_each_month_is_counted_once(found: Found) -> None:
    for first, made in zip(found.firsts(), found.measures.outcomes, strict=True):
        counts = Counter(said for _, said in fallen_due(found, first))
        assert made.due == counts.total()
        assert {name: getattr(made, name) for name in OUTCOMES} == {
            name: counts[name] for name in OUTCOMES
        }


def test_every_step_stands_in_the_table_with_its_counts_and_median(found: Found) -> None:
    fallen = list(fallen_due(found, month_of(found.as_at)))
    assert [line.step for line in found.measures.timeliness] == [step.id for step in STEPS]
    for line in found.measures.timeliness:
        own = [(due, said) for due, said in fallen if due.step == line.step]
        counts = Counter(said for _, said in own)
        assert line.due == len(own)
        assert {name: getattr(line, name) for name in OUTCOMES} == {
            name: counts[name] for name in OUTCOMES
        }
        days = [(due.done_on - due.start).days for due, _ in own if due.start and due.done_on]
        if line.step == "invite_attendees":  # days ahead of the meeting
            days = [-number for number in days]
        assert line.median == (median(days) if days else None)


def test_the_services_add_up_to_everything_overdue(found: Found) -> None:
    overdue, services = found.review.overdue, found.measures.services
    assert sum(one.actions + one.steps for one in services) == found.review.counts.overdue
    for one in services:
        own = [due for due in overdue if (due.case.service_area or NO_SERVICE) == one.name]
        assert one.actions == sum(due.step == "action" for due in own)
        assert one.steps == len(own) - one.actions


def test_everything_overdue_is_listed_once_the_longest_first(found: Found) -> None:
    listed = [due for dues in found.measures.overdue.values() for due in dues]
    assert Counter(map(id, listed)) == Counter(map(id, found.review.overdue))
    for (service, head), dues in found.measures.overdue.items():
        assert {due.case.service_area or NO_SERVICE for due in dues} == {service}
        assert {due.case.head_of_service or NO_HEAD for due in dues} == {head}
        assert [due.on for due in dues] == sorted(due.on for due in dues)


def test_the_time_to_leave_runs_from_the_audit_to_the_passing_re_audit(found: Found) -> None:
    stays = []
    for case, grade in found.counted():
        passed = [row.audited for row in found.re_audits(case) if row.grade != "Inadequate"]
        if grade == "Inadequate" and passed and (passed[0] or NEVER) >= found.firsts()[0]:
            stays.append((case.audited or NEVER, passed[0] or NEVER))
    bands = [
        sum(months_after(start, low) <= end < months_after(start, high) for start, end in stays)
        for low, high in IN_MONTHS
    ]
    assert len(BANDS) == len(bands)
    assert found.measures.bands == bands
    assert len(found.measures.waits) == sum(bands)
    days = [(end - start).days for start, end in stays]
    assert found.measures.median_wait() == (median(days) if days else None)


def test_grades_at_re_audit_are_counted_by_round(found: Found) -> None:
    counts = Counter(
        (row.round, row.grade)
        for case, grade in found.counted()
        if grade == "Inadequate"
        for row in found.re_audits(case)
        if (row.audited or NEVER) >= found.firsts()[0]
    )
    made = Counter(
        {
            (number, name): n
            for number, row in found.measures.regraded.items()
            for name, n in row.items()
        }
    )
    assert +made == counts


def test_audit_grades_are_set_against_moderated_grades(found: Found) -> None:
    counts: Counter[tuple[str | None, str]] = Counter()
    for case, grade in found.counted():
        if (case.audited or NEVER) >= found.firsts()[0]:
            done = (case.moderation_completed or NEVER) <= found.as_at
            counts[case.audit_grade, grade if done else NOT_MODERATED] += 1
    table = found.measures.moderated
    assert list(table) == list(GRADES)
    made = Counter({(grade, after): n for grade, row in table.items() for after, n in row.items()})
    assert +made == counts


def test_cases_of_concern_are_the_open_ones_longest_first(found: Found) -> None:
    unsafe = {due.case.row for due in found.review.open if due.step == "assure_child_safety"}
    assert {one.standing.case.row for one in found.measures.unsafe} == unsafe
    still = found.measures.still
    assert {one.standing.case.row for one in still} == open_rows(found.tracker, found.as_at)
    assert [one.days for one in still] == sorted((one.days for one in still), reverse=True)


def test_a_theme_is_counted_once_for_each_case(found: Found) -> None:
    first = month_of(found.as_at)
    now, before, year = month_before(first, 2), month_before(first, 5), found.firsts()[0]
    counts: dict[str, list[int]] = {}
    for case, _ in found.counted():
        day = case.audited or NEVER
        for theme in {one.strip().casefold() for one in (case.themes or "").split(";")} - {""}:
            own = counts.setdefault(theme, [0, 0, 0])
            own[0] += day >= now
            own[1] += before <= day < now
            own[2] += day >= year
    made = {one.name.casefold(): [one.now, one.before, one.year] for one in found.measures.themes}
    assert made == {theme: own for theme, own in counts.items() if any(own)}


def test_examples_are_counted_in_the_month_they_reached_a_stage(found: Found) -> None:
    refs = {case.ref for case, _ in found.counted()}
    for field in ("reviewed", "anonymised", "uploaded", "announced"):
        reached = [getattr(row, field) for row in found.tracker.examples if row.case_ref in refs]
        days = [day for day in reached if day and day <= found.as_at]
        months, first = Counter(map(month_of, days)), month_of(found.as_at)
        assert found.measures.shared(field) == (
            months[first],
            months[month_before(first, 1)],
            sum(day >= found.firsts()[0] for day in days),
        )
