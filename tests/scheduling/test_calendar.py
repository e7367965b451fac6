"""The calendar of jobs: a table of moments, and what may never happen at any of them."""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mfauto.policy import Policy
from mfauto.schedule import JOBS, LONDON, Past, plan
from mfauto.settings import WEEKDAYS, Keep, Settings
from mfauto.workdays import Workdays

TABLE: Mapping[str, Mapping[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "calendar.toml").read_text(encoding="utf-8")
)
NAMES = [job.name for job in JOBS]


def the_settings(case: Mapping[str, Any]) -> Settings:
    chosen = dict(case.get("settings", {}))
    if "daily_times" in chosen:
        chosen["daily_times"] = tuple(chosen["daily_times"])
    if chosen.pop("purge_with_run", False):
        chosen["keep"] = Keep(purge_with_run=True)
    closures = tuple(case.get("closures", ()))
    policy = Policy(workdays=Workdays(closures), closures=closures)
    return replace(Settings(folder=Path(), policy=policy), **chosen)


def london(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


def the_moment(case: Mapping[str, Any]) -> datetime:
    if "now_utc" in case:
        return datetime.fromisoformat(case["now_utc"]).replace(tzinfo=UTC)
    return london(case["now"])


def the_past(case: Mapping[str, Any], name: str) -> Past:
    return Past(
        done=frozenset(case.get("done", {}).get(name, ())),
        skipped=frozenset(case.get("noted", {}).get(name, ())),
        failed={period: london(at) for period, at in case.get("failed", {}).get(name, {}).items()},
    )


@pytest.mark.parametrize("case", TABLE.values(), ids=TABLE.keys())
def test_the_table(case: Mapping[str, Any]) -> None:
    only = case.get("only", NAMES)
    found = plan(
        the_settings(case),
        the_moment(case),
        {name: the_past(case, name) for name in NAMES},
        patience=timedelta(minutes=case.get("patience", 0)),
    )

    due = {slot.job.name: slot.period for slot in found.due if slot.job.name in only}
    skipped: dict[str, list[str]] = {}
    for slot in found.skipped:
        if slot.job.name in only:
            skipped.setdefault(slot.job.name, []).append(slot.period)
    coming = {
        slot.job.name: f"{slot.opens.astimezone(LONDON):%Y-%m-%d %H:%M}" for slot in found.coming
    }
    assert due == case.get("due", {})
    assert skipped == case.get("skipped", {})
    assert {name: coming[name] for name in case.get("next", {})} == case.get("next", {})


def test_the_table_is_long_and_names_every_job_both_ways() -> None:
    assert len(TABLE) >= 60
    for name in NAMES:
        about = [case for case in TABLE.values() if name in case.get("only", NAMES)]
        assert {name in case.get("due", {}) for case in about} == {True, False}


def test_the_table_tells_nothing_that_is_not_looked_at() -> None:
    known = {
        *("now", "now_utc", "only", "settings", "closures", "done", "noted", "failed"),
        *("patience", "due", "skipped", "next"),
    }
    for case in TABLE.values():
        assert set(case) <= known
        named = {
            name
            for key in ("done", "noted", "failed", "due", "skipped", "next")
            for name in case.get(key, {})
        }
        assert named <= set(case.get("only", NAMES))


moments = st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
days = st.sampled_from(WEEKDAYS)
rules = st.sampled_from(("next working day", "same day", "previous working day"))


@settings(max_examples=15, derandomize=True)
@given(
    moments,
    st.lists(st.integers(1, 40 * 24 * 60), min_size=1, max_size=12),
    days,
    rules,
    st.integers(1, 15),
)
def test_whenever_it_is_asked_each_period_is_done_or_noted_once(
    start: datetime, waits: list[int], day: str, rule: str, workday: int
) -> None:
    """Asked at any moments, forwards in time: no period twice, and no gap in what is noted."""
    chosen = replace(
        Settings(folder=Path()), weekly_day=day, on_bank_holiday=rule, pack_workday=workday
    )
    past = {name: Past() for name in NAMES}
    now = start
    for wait in waits:
        found = plan(chosen, now, past)
        for slot in found.due:
            known = past[slot.job.name]
            assert slot.opens <= now < slot.closes
            assert slot.period not in known.done | known.skipped
            past[slot.job.name] = replace(known, done=known.done | {slot.period})
        for slot in found.skipped:
            known = past[slot.job.name]
            assert slot.period not in known.done | known.skipped
            past[slot.job.name] = replace(known, skipped=known.skipped | {slot.period})
        assert plan(chosen, now, past).due == ()
        assert plan(chosen, now, past).skipped == ()
        now += timedelta(minutes=wait)
    weeks = sorted(past["weekly"].done | past["weekly"].skipped)
    mondays = [date.fromisoformat(f"{week}-1") for week in weeks]
    assert all(after - before == timedelta(days=7) for before, after in pairwise(mondays))


def test_asked_twice_a_day_for_two_years_every_week_has_its_emails_once() -> None:
    """From a Thursday, over both changes of the clocks, week 53 and two Christmases."""
    chosen = Settings(folder=Path())
    moments = [
        datetime(2026, 9, 3, tzinfo=UTC) + timedelta(hours=12) * number for number in range(2 * 730)
    ]
    past = {name: Past() for name in NAMES}
    for now in moments:
        found = plan(chosen, now, past)
        assert found.skipped == ()
        for slot in found.due:
            known = past[slot.job.name]
            past[slot.job.name] = replace(known, done=known.done | {slot.period})

    assert len(past["weekly"].done) == 105
    assert len(past["pack"].done) == 24
    workdays = chosen.policy.workdays
    expected = workdays.between(moments[0].date() - timedelta(days=1), moments[-1].date())
    assert len(past["flags"].done) in (expected, expected + 1)
