"""The figures of the pack, counted a second time in plain Python."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from mfauto.demo import demo_rows
from mfauto.measures import NOT_MODERATED, Measures, Month
from mfauto.model import Case, Review, Tracker
from mfauto.policy import Policy
from mfauto.process import obligations, review
from mfauto.settings import Settings
from mfauto.steps import STEPS, Step, timed
from mfauto.template import make_tracker
from mfauto.workbook import read_tracker
from tests.making import a_case, a_tracker

POLICY = Policy()
DAYS = (date(2026, 10, 31), date(2026, 2, 28), date(2025, 6, 30))
GONE = ("Leaving", "Closed")
OUTCOMES = ("on_time", "late", "no_date", "overdue", "open")


@cache
def demo(as_at: date) -> Tracker:
    with TemporaryDirectory() as folder:
        path = Path(folder, "tracker.xlsx")
        make_tracker(path, demo_rows(as_at))
        return read_tracker(path, Settings(folder=Path(folder)))


@pytest.fixture(params=DAYS, ids=str)
def found(request: pytest.FixtureRequest) -> Review:
    return review(demo(request.param), POLICY, request.param)


def month_ends(as_at: date) -> Iterator[date]:
    """Thirteen month ends, the latest first."""
    day = as_at
    for _ in range(13):
        yield day
        day = day.replace(day=1) - timedelta(days=1)


def of(*cases: Case, as_at: date = date(2025, 6, 30), **rows: Any) -> Measures:
    return Measures(review(a_tracker(*cases, **rows), POLICY, as_at), POLICY)


def test_the_month_ends_hold_what_a_review_of_that_day_says(found: Review) -> None:
    flows = Measures(found, POLICY).flows
    ends = list(month_ends(found.as_at))
    open_then = [
        sum(
            position.grade == "Inadequate" and position.stage not in GONE
            for position in review(found.tracker, POLICY, day).positions
        )
        for day in ends
    ]
    assert [flow.end for flow in reversed(flows)] == open_then[:-1]
    assert [flow.start for flow in reversed(flows)] == open_then[1:]


def test_open_at_the_start_and_what_came_less_what_left_is_open_at_the_end(found: Review) -> None:
    for flow in Measures(found, POLICY).flows:
        came, went = flow.new + flow.moderated_in, flow.moderated_out + flow.left
        assert flow.start + came - went == flow.end


def test_the_start_of_the_month_a_year_ago_is_the_same_day_a_year_before() -> None:
    cases = [
        a_case(2, audited=date(2024, 5, 31)),
        a_case(3, ref="MF-002", audited=date(2024, 6, 1)),
    ]
    made = of(*cases)
    assert (made.start_a_year_ago, made.flows[0].start) == (1, 2)


def test_new_cases_are_those_audited_inadequate_in_the_month(found: Review) -> None:
    month = Month.ending(found.as_at)
    rows = {position.row for position in found.positions}
    new = [
        case
        for case in found.tracker.cases
        if case.row in rows and month.holds(case.audited) and case.audit_grade == "Inadequate"
    ]
    assert Measures(found, POLICY).flows[-1].new == len(new)


def test_the_headlines_agree_with_the_review_of_each_day(found: Review) -> None:
    ends = list(month_ends(found.as_at))
    for snapshot, day in zip(
        Measures(found, POLICY).snapshots, (ends[0], ends[1], ends[12]), strict=True
    ):
        then = review(found.tracker, POLICY, day)
        assert snapshot.overdue == then.counts.overdue == len(then.overdue)
        assert snapshot.overdue_actions == sum(due.step == "action" for due in then.overdue)
        assert snapshot.outstanding == sum(one.grade == "Outstanding" for one in then.positions)


def test_every_case_in_the_process_is_open_or_left_or_outstanding(found: Review) -> None:
    at = Measures(found, POLICY).snapshots[0]
    gone = sum(one.grade == "Inadequate" and one.stage in GONE for one in found.positions)
    assert at.remaining + gone + at.outstanding == found.counts.cases


def test_every_overdue_step_stands_under_one_service(found: Review) -> None:
    made = Measures(found, POLICY)
    assert sum(one.actions + one.steps for one in made.services) == found.counts.overdue
    assert sum(map(len, made.overdue.values())) == found.counts.overdue


def test_the_steps_of_the_month_are_counted_once_each(found: Review) -> None:
    made, month = Measures(found, POLICY), Month.ending(found.as_at)
    counts: Counter[tuple[str, str]] = Counter()
    days: dict[str, list[int]] = {}
    for due in obligations(found.tracker, POLICY, found.as_at):
        if not month.holds(due.on):
            continue
        if not due.done:
            counts[due.step, "overdue" if due.on < found.as_at else "open"] += 1
        elif due.done_on is None:
            counts[due.step, "no_date"] += 1
        else:
            counts[due.step, "on_time" if due.done_on <= due.on else "late"] += 1
            if due.start:
                days.setdefault(due.step, []).append(abs((due.done_on - due.start).days))
    for line in made.timeliness:
        for name in OUTCOMES:
            assert getattr(line, name) == counts[line.step, name], (line.step, name)
        assert line.due == sum(getattr(line, name) for name in OUTCOMES)
        if line.step in days:
            assert abs(line.median or 0) == median(days[line.step])
        else:
            assert line.median is None
    assert [line.step for line in made.timeliness] == [step.id for step in STEPS]
    assert sum(line.due for line in made.timeliness) == made.outcomes[-1].due


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.id)
def test_a_step_can_be_timed_where_the_tracker_has_a_cell_for_its_day(step: Step) -> None:
    tracker = demo(DAYS[0])
    dues = [due for due in obligations(tracker, POLICY, DAYS[0]) if due.step == step.id]
    assert any(due.done for due in dues)
    assert timed(step) == any(due.done_on for due in dues)


def test_a_month_of_the_year_is_as_its_own_pack_had_it(found: Review) -> None:
    """Cases to which nothing happened since are not worked out again; the others are."""
    outcomes = Measures(found, POLICY).outcomes
    for day, outcome in zip(month_ends(found.as_at), reversed(outcomes), strict=False):
        then = Measures(review(found.tracker, POLICY, day), POLICY)
        assert then.outcomes[-1] == outcome


def test_what_was_overdue_at_a_months_end_stays_so_in_that_month() -> None:
    late = a_case(
        audited=date(2025, 5, 1), qa_notified=date(2025, 5, 2), managers_alerted=date(2025, 6, 3)
    )
    may, june = of(late).outcomes[-2:]
    assert (may.on_time, may.late, may.overdue) == (1, 0, 3)  # alert, safety, moderation
    assert june.due == 0
    assert of(late, as_at=date(2025, 5, 31)).outcomes[-1] == may


def test_in_a_month_that_has_not_ended_what_is_due_later_has_not_fallen_due() -> None:
    done_ahead = a_case(audited=date(2025, 6, 12), moderation_completed=date(2025, 6, 16))
    made = of(done_ahead, as_at=date(2025, 6, 20))  # moderation was due on the 26th
    line = next(one for one in made.timeliness if one.step == "complete_moderation")
    assert line.due == 0
    assert of(done_ahead).outcomes[-1].on_time == 1


def test_those_that_left_stand_in_one_band_each(found: Review) -> None:
    made = Measures(found, POLICY)
    assert sum(made.bands) == len(made.waits) == sum(flow.left for flow in made.flows)
    if made.waits:
        assert made.median_wait() == median((left - audited).days for audited, left in made.waits)


def test_every_case_of_the_year_has_one_place_in_the_table_of_moderation(found: Review) -> None:
    first = Measures(found, POLICY).months()[0].first
    rows = {position.row for position in found.positions}
    audited = [case for case in found.tracker.cases if case.row in rows and case.audited]
    table = Measures(found, POLICY).moderated
    assert sum(sum(row.values()) for row in table.values()) == sum(
        case.audited >= first for case in audited if case.audited
    )


def test_a_theme_is_counted_once_for_a_case(found: Review) -> None:
    as_at = found.as_at
    first = Month.ending(as_at).earlier(11).first
    rows = {position.row for position in found.positions}
    year: Counter[str] = Counter()
    for case in found.tracker.cases:
        if case.row in rows and case.audited and case.audited >= first:
            year.update({theme.strip().casefold() for theme in (case.themes or "").split(";")})
    del year[""]
    made = {one.name.casefold(): one.year for one in Measures(found, POLICY).themes if one.year}
    assert made == year


def test_a_case_that_comes_and_leaves_in_one_month_is_both_new_and_left() -> None:
    flow = of(
        a_case(audited=date(2025, 6, 2)),
        reaudits=[
            {"case_ref": "MF-001", "round": 1, "audited": date(2025, 6, 20), "grade": "Good"}
        ],
    ).flows[-1]
    assert (flow.start, flow.new, flow.left, flow.end) == (0, 1, 1, 0)


def test_moderation_moves_a_case_in_or_out_on_the_day_it_is_completed() -> None:
    came = a_case(
        row=2,
        ref="MF-001",
        audited=date(2025, 5, 20),
        audit_grade="Requires improvement",
        moderated_grade="Inadequate",
        moderation_completed=date(2025, 6, 3),
    )
    went = a_case(
        row=3,
        ref="MF-002",
        audited=date(2025, 5, 21),
        moderated_grade="Good",
        moderation_completed=date(2025, 6, 4),
    )
    before, now = of(came, went).flows[-2:]
    assert (before.new, before.end) == (1, 1)
    assert (now.start, now.moderated_in, now.moderated_out, now.end) == (1, 1, 1, 1)


def test_a_case_not_moderated_has_a_column_of_its_own() -> None:
    table = of(a_case(audited=date(2025, 6, 2))).moderated
    assert table["Inadequate"][NOT_MODERATED] == 1


def test_a_step_due_on_the_last_day_and_still_open_is_neither_late_nor_overdue() -> None:
    made = of(a_case(audited=date(2025, 6, 27)))  # a Friday: one working day on is the 30th
    line = next(one for one in made.timeliness if one.step == "alert_managers")
    assert (line.due, line.on_time, line.late, line.overdue, line.open) == (1, 0, 0, 0, 1)
    assert made.snapshots[0].overdue == 0
    assert made.outcomes[-1].open == 2  # quality assurance is to be notified that day too


def test_child_safety_that_is_not_assured_waits_since_the_audit() -> None:
    (concern,) = of(a_case(audited=date(2025, 6, 2))).unsafe
    assert concern.days == 28
    assured = a_case(audited=date(2025, 6, 2), child_safety_assured=date(2025, 6, 3))
    assert of(assured).unsafe == []


def test_an_empty_tracker_has_figures_too() -> None:
    made = of()
    assert {flow.end for flow in made.flows} == {0}
    assert made.median_wait() is None
    assert made.themes == []
    assert made.regraded == {}
    assert all(line.due == 0 for line in made.timeliness)
