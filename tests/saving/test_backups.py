"""Backups are verified, thinned by age, and the last good one is never lost."""

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mfauto.errors import TrackerError
from mfauto.saving import Backup, back_up, backups_of, outdated, thin
from mfauto.settings import Backups

NOW = datetime(2026, 11, 2, 6, 30, tzinfo=UTC)
LOCAL = NOW.replace(tzinfo=None)


def whole(_: Path) -> bool:
    return True


def made(*moments: datetime) -> list[Backup]:
    return [
        Backup(Path(f"Tracker {at:%Y-%m-%d %H%M%S}.xlsx"), "Tracker.xlsx", at)
        for at in sorted(moments, reverse=True)
    ]


def kept(backups: list[Backup], keep: Backups, now: datetime = NOW) -> list[str]:
    out = outdated(backups, now, keep, whole)
    return [f"{backup.at:%Y-%m-%d %H}" for backup in backups if backup not in out]


def test_a_backup_is_the_same_and_never_replaces_another(tmp_path: Path) -> None:
    tracker = tmp_path / "Tracker.xlsx"
    tracker.write_bytes(b"one")
    first = back_up(tracker, tmp_path / "backups", NOW)
    tracker.write_bytes(b"two")
    second = back_up(tracker, tmp_path / "backups", NOW)

    assert (first.name, first.read_bytes()) == ("Tracker 2026-11-02 063000.xlsx", b"one")
    assert (second.name, second.read_bytes()) == ("Tracker 2026-11-02 063000 (2).xlsx", b"two")


def test_what_is_backed_up_already_is_not_backed_up_twice(tmp_path: Path) -> None:
    tracker = tmp_path / "Tracker.xlsx"
    tracker.write_bytes(b"one")
    first = back_up(tracker, tmp_path / "backups", NOW)

    assert back_up(tracker, tmp_path / "backups", NOW + timedelta(days=1)) == first
    assert [path.name for path in (tmp_path / "backups").iterdir()] == [first.name]


def test_a_damaged_backup_does_not_serve_again(tmp_path: Path) -> None:
    tracker = tmp_path / "Tracker.xlsx"
    tracker.write_bytes(b"one")
    back_up(tracker, tmp_path / "backups", NOW).write_bytes(b"on")

    assert back_up(tracker, tmp_path / "backups", NOW).read_bytes() == b"one"


def test_a_backup_made_in_the_hour_that_comes_twice_is_still_the_newest(tmp_path: Path) -> None:
    tracker = tmp_path / "Tracker.xlsx"
    summer, winter = datetime(2026, 10, 25, 1, 30), datetime(2026, 10, 25, 1, 10)  # noqa: DTZ001
    tracker.write_bytes(b"before")
    back_up(tracker, tmp_path, summer)
    tracker.write_bytes(b"after")
    newest = back_up(tracker, tmp_path, winter)

    assert backups_of("Tracker.xlsx", tmp_path)[0].path == newest


def test_a_backup_is_open_to_the_same_people_as_the_tracker(tmp_path: Path) -> None:
    tracker = tmp_path / "Tracker.xlsx"
    tracker.write_bytes(b"one")
    tracker.chmod(0o640)

    assert back_up(tracker, tmp_path / "backups", NOW).stat().st_mode & 0o777 == 0o640


def test_a_missing_file_cannot_be_backed_up(tmp_path: Path) -> None:
    with pytest.raises(TrackerError, match=r"Tracker\.xlsx cannot be backed up"):
        back_up(tmp_path / "Tracker.xlsx", tmp_path / "backups", NOW)


def test_a_folder_in_whose_place_a_file_stands_is_said_plainly(tmp_path: Path) -> None:
    tracker = tmp_path / "Tracker.xlsx"
    tracker.write_bytes(b"one")
    (tmp_path / "backups").write_text("a file")

    with pytest.raises(TrackerError, match=r"Tracker\.xlsx cannot be backed up"):
        back_up(tracker, tmp_path / "backups", NOW)


@pytest.mark.parametrize(
    ("ages", "stay"),
    [
        # every one of the last seven days, today being the first
        ([0, 0.1, 1, 6.2], [0, 0.1, 1, 6.2]),
        # then the last one of a day
        ([7.1, 7.2, 8.1], [7.1, 8.1]),
        ([62.1, 62.2], [62.1]),  # 7 days and 8 weeks are 63 days
        # then the last one of a month: 62 days before 2 November is 1 September
        ([63.1, 64.1, 70.1, 100.1], [63.1, 100.1]),
        # a month that has a daily one needs no other
        ([62.1, 63.1], [62.1, 63.1]),
        # and after two years none, but for the last good one
        ([0, 800.1], [0]),
        ([800.1, 801.1], [800.1]),
    ],
)
def test_backups_are_thinned_by_age(ages: list[float], stay: list[float]) -> None:
    moments = {age: LOCAL - timedelta(days=age) for age in ages}

    assert kept(made(*moments.values()), Backups()) == [
        f"{moments[age]:%Y-%m-%d %H}" for age in stay
    ]


def test_a_backup_from_the_future_stays(tmp_path: Path) -> None:
    """A clock was wrong once: nobody knows how old it is."""
    ahead = LOCAL + timedelta(days=400)

    assert kept(made(ahead, LOCAL), Backups()) == [f"{ahead:%Y-%m-%d %H}", f"{LOCAL:%Y-%m-%d %H}"]
    assert thin("Tracker.xlsx", tmp_path, NOW, Backups(), whole) == 0


def test_a_council_may_keep_less(tmp_path: Path) -> None:
    keep = Backups(every_days=1, daily_weeks=0, monthly_months=0)
    ages = [0, 0.1, 1, 2, 40]

    moments = [LOCAL - timedelta(days=age) for age in ages]
    assert len(kept(made(*moments), keep)) == 2
    assert tmp_path.exists()


@pytest.mark.parametrize("good", [0, 1, 2, 3])
def test_the_last_good_one_stays_however_old(good: int) -> None:
    backups = made(*(LOCAL - timedelta(days=1000 + age) for age in range(4)))

    out = outdated(backups, NOW, Backups(), lambda path: path == backups[good].path)

    assert [backup for backup in backups if backup not in out] == [backups[good]]


def test_one_that_is_kept_and_whole_frees_the_older_ones() -> None:
    backups = made(LOCAL, *(LOCAL - timedelta(days=1000 + age) for age in range(4)))

    assert outdated(backups, NOW, Backups(), whole) == backups[1:]


def test_a_damaged_one_of_the_same_day_does_not_take_the_last_good_ones_place() -> None:
    day = LOCAL - timedelta(days=10)
    damaged, good, older = made(day, day - timedelta(hours=1), day - timedelta(days=1))

    out = outdated(
        [damaged, good, older], NOW, Backups(), lambda path: path in (good.path, older.path)
    )
    assert out == []


@settings(derandomize=True)
@given(
    ages=st.lists(st.integers(0, 1500), min_size=1, max_size=30, unique=True),
    damaged=st.sets(st.integers(0, 1500)),
    later=st.integers(0, 900),
)
def test_thinning_never_takes_the_newest_whole_one(
    ages: list[int], damaged: set[int], later: int
) -> None:
    backups = made(*(LOCAL - timedelta(days=age) for age in ages))
    bad = {LOCAL - timedelta(days=age) for age in damaged}
    good = [backup.path for backup in backups if backup.at not in bad]

    out = outdated(backups, NOW + timedelta(days=later), Backups(), lambda path: path in good)

    if good:
        assert good[0] not in [backup.path for backup in out]


def test_only_backups_of_this_tracker_are_ever_removed(tmp_path: Path) -> None:
    others = [
        "Tracker.xlsx",
        "Tracker 2020-01-01.xlsx",
        "Tracker 2020-13-01 063000.xlsx",
        "Tracker before the move 2020-01-01 063000 b.xlsx",
        "Other 2020-01-01 063000.xlsx",
        "Tracker 2020-01-01 063000.docx",
        "notes.txt",
    ]
    for name in [*others, "Tracker 2020-01-01 063000.xlsx", "Tracker 2026-11-02 063000.xlsx"]:
        (tmp_path / name).write_bytes(b"x")

    assert thin("Tracker.xlsx", tmp_path, NOW, Backups(), whole) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        [*others, "Tracker 2026-11-02 063000.xlsx"]
    )


def test_what_is_kept_is_untouched(tmp_path: Path) -> None:
    for age in range(0, 900, 3):
        at = LOCAL - timedelta(days=age)
        (tmp_path / f"Tracker {at:%Y-%m-%d %H%M%S}.xlsx").write_bytes(str(at).encode())
    before = {path.name: hashlib.sha256(path.read_bytes()).digest() for path in tmp_path.iterdir()}
    assert thin("Tracker.xlsx", tmp_path, NOW, Backups(), whole) > 200
    assert thin("Tracker.xlsx", tmp_path, NOW, Backups(), whole) == 0
    left = {path.name: hashlib.sha256(path.read_bytes()).digest() for path in tmp_path.iterdir()}
    assert left.items() <= before.items()
