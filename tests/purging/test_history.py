"""The history's chain: every meddling shows, and what is purged leaves it whole."""

import json
import os
import random
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest

from mfauto.cli import main
from mfauto.doctor.situation import History, Situation
from mfauto.ledger import HISTORY, Delivery, LedgerError, State, open_ledger, read_ledger
from mfauto.ledger.lock import LOCK
from mfauto.ledger.pruning import BY_PERIOD
from mfauto.messages import PACK_KIND, REPORTS_KIND, WEEKLY
from mfauto.messages.summary import grouped
from mfauto.settings import Settings

START: Final = datetime(2023, 1, 2, 7, tzinfo=UTC)
WEEK: Final = timedelta(days=7)
WEEKS: Final = 40
NOW: Final = START + WEEKS * WEEK


def an_email(week: int, reader: int) -> Delivery:
    return Delivery(
        key=f"{week:02}{reader:02}".ljust(32, "a"),
        kind="weekly",
        period=f"{2023 + week // 52}-W{week % 52 + 1:02}",
        recipient=f"reader-{reader}-of-{week}",
        role="Practitioner",
        channel="outbox",
        state=State.PENDING,
        dated=START + week * WEEK,
        tracker="0" * 64,
        items=(f"item-{week}",),
        changed=START + week * WEEK,
    )


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a history of forty weeks, each with a run, a document and two emails."""
    folder = tmp_path_factory.mktemp("history")
    with open_ledger(folder, START) as ledger:
        for week in range(WEEKS):
            now = START + week * WEEK
            ledger.record("run", now, job="remind", period=f"period-{week:02}")
            ledger.record("document", now, kind="exception report", case=f"canary-{week:02}")
            for reader in range(2):
                ledger.begin(ledger.expect(an_email(week, reader), now), now)
                ledger.change(an_email(week, reader).key, State.SENT, now, "made.eml")
    return folder


@pytest.fixture
def folder(filled: Path, tmp_path: Path) -> Path:
    shutil.copytree(filled, tmp_path / "w")
    return tmp_path / "w"


def faults(folder: Path) -> tuple[str, ...]:
    with read_ledger(folder) as ledger:
        assert ledger
        return ledger.verify().faults


#: ways to meddle, as somebody with a tool for it would; :number and :other are entries
MEDDLING: Final = {
    "moment": ["UPDATE entries SET at = replace(at, '20', '21') WHERE number = :number"],
    "event": ["UPDATE entries SET event = event || 's' WHERE number = :number"],
    "facts": ["UPDATE entries SET facts = facts || ' ' WHERE number = :number"],
    "previous": ["UPDATE entries SET previous = hash WHERE number = :number"],
    "hash": ["UPDATE entries SET hash = hash || '0' WHERE number = :number"],
    "deleted": ["DELETE FROM entries WHERE number = :number"],
    "end cut": ["DELETE FROM entries WHERE number >= :number"],
    "beginning cut": ["DELETE FROM entries WHERE number <= :number"],
    "inserted": [
        "UPDATE entries SET number = number + 100001 WHERE number > :number",
        "UPDATE entries SET number = number - 100000 WHERE number > 100000",
        """INSERT INTO entries SELECT number + 1, at, event, facts, hash, hash || 'x'
           FROM entries WHERE number = :number""",
    ],
    "swapped": [
        "UPDATE entries SET number = -1 WHERE number = :number",
        "UPDATE entries SET number = :number WHERE number = :other",
        "UPDATE entries SET number = :other WHERE number = -1",
    ],
    "facts spoiled": ["UPDATE entries SET facts = 'no facts' WHERE number = :number"],
    "moment spoiled": ["UPDATE entries SET at = 'no moment' WHERE number = :number"],
    "all deleted": ["DELETE FROM entries"],
    "email spoiled": ["UPDATE deliveries SET facts = '[1]' WHERE key = :key"],
    "state": ["UPDATE deliveries SET state = 'failed' WHERE key = :key"],
    "told": ["UPDATE deliveries SET facts = replace(facts, 'sent', 'lost') WHERE key = :key"],
    "reader": ["UPDATE deliveries SET recipient = 'x' WHERE key = :key"],
    "forgotten": ["DELETE FROM deliveries WHERE key = :key"],
    "folder": ["UPDATE meta SET value = value || '0' WHERE name = 'folder'"],
}


def meddled(folder: Path, chance: random.Random, what: str | None = None) -> str:
    """Change the file, and give what was done."""
    what = what or chance.choice(sorted(MEDDLING))
    with sqlite3.connect(folder / HISTORY) as connection:
        numbers = [number for (number,) in connection.execute("SELECT number FROM entries")]
        keys = [key for (key,) in connection.execute("SELECT key FROM deliveries ORDER BY key")]
        number, other = chance.sample(sorted(numbers), 2)
        for sql in MEDDLING[what]:
            connection.execute(sql, {"number": number, "other": other, "key": chance.choice(keys)})
    connection.close()
    return what


@pytest.mark.parametrize("purged", [False, True])
def test_five_hundred_ways_to_meddle_all_show(folder: Path, tmp_path: Path, purged: bool) -> None:
    if purged:
        with open_ledger(folder, NOW) as ledger:
            assert ledger.prune(START + 10 * WEEK, NOW) > 0
    assert faults(folder) == ()
    chance = random.Random(500)  # noqa: S311 - the same seed must meddle the same way
    seen = set()
    for number in range(250):
        copy = tmp_path / "copy"
        copy.mkdir()
        shutil.copy(folder / HISTORY, copy / HISTORY)
        what = meddled(copy, chance)
        seen.add(what)
        assert faults(copy) != (), f"{number}: {what}"
        shutil.rmtree(copy)
    assert seen == set(MEDDLING)


@pytest.mark.parametrize("what", sorted(MEDDLING))
def test_the_command_history_tells_each_way_to_meddle(
    folder: Path, what: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    assert main(["history"]) == 0
    assert "The record is whole. It ends at entry" in capsys.readouterr().out
    meddled(folder, random.Random(7), what)  # noqa: S311

    assert main(["history"]) == 1
    said = capsys.readouterr()
    assert said.err == ""
    assert "The record is whole" not in said.out
    assert main(["history", "--format", "json"]) == 1
    assert json.loads(capsys.readouterr().out)["faults"]


def doctored(folder: Path, monkeypatch: pytest.MonkeyPatch) -> History:
    monkeypatch.chdir(folder)
    now = NOW + WEEK
    found = Situation(Settings(folder=folder), as_at=now.date(), now=now).history
    assert isinstance(found, History)
    return found


def cut(folder: Path, number: int) -> None:
    """Cut off the end as somebody does who knows how: nothing in the file says so."""
    with closing(sqlite3.connect(folder / HISTORY)) as connection, connection:
        connection.execute("DELETE FROM entries WHERE number > ?", (number,))
        connection.execute("UPDATE sqlite_sequence SET seq = ?", (number,))
        states = {
            facts["key"]: told
            for (told,) in connection.execute(
                "SELECT facts FROM entries WHERE event = 'email' ORDER BY number"
            )
            for facts in [json.loads(told)]
        }
        connection.execute("DELETE FROM deliveries")
        for told in states.values():
            one = json.loads(told)
            row = [one[name] for name in ("key", "kind", "period", "recipient", "state")]
            connection.execute("INSERT INTO deliveries VALUES (?, ?, ?, ?, ?, ?)", (*row, told))


def the_end(folder: Path) -> tuple[int, str]:
    with read_ledger(folder) as ledger:
        assert ledger
        return ledger.head()


def test_an_end_cut_off_with_care_shows_against_what_the_last_run_wrote_down(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    last, _ = the_end(folder)
    cut(folder, 100)
    assert faults(folder) == ()  # what is left follows from itself

    monkeypatch.chdir(folder)
    assert main(["history"]) == 1
    said = capsys.readouterr().out
    assert f"The last run wrote down entry {last} as its end, and it ends at entry 100" in said
    assert "The record is whole" not in said
    assert "history accept" in said
    assert main(["history", "--format", "json"]) == 1
    assert "entry 100" in json.loads(capsys.readouterr().out)["faults"][0]
    assert "entry 100" in str(doctored(folder, monkeypatch).unlike)
    with open_ledger(folder, NOW + WEEK) as ledger:
        ledger.accept(NOW + WEEK)
    assert main(["history"]) == 0
    assert doctored(folder, monkeypatch).unlike is None


def test_another_history_of_the_same_length_is_not_the_one_of_the_last_run(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    last, _ = the_end(folder)
    other = folder / "other"
    other.mkdir()
    with open_ledger(other, START) as ledger:
        ledger.record_each("run", START, [{}] * last)
    shutil.copyfile(other / HISTORY, folder / HISTORY)
    monkeypatch.chdir(folder)
    assert main(["history"]) == 1
    assert f"Entry {last} is not the one that the last run wrote down" in capsys.readouterr().out


def test_a_history_that_is_gone_is_not_nothing_made_yet(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / HISTORY).unlink()
    monkeypatch.chdir(folder)
    assert main(["history"]) == 1
    assert "and it is gone" in capsys.readouterr().out
    assert "and it is gone" in str(doctored(folder, monkeypatch).unlike)


def test_a_folder_where_nothing_was_done_has_no_history_to_miss(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["history"]) == 0
    assert "Nothing has been made or sent" in capsys.readouterr().out
    assert main(["history", "--known", "8", "0123456789abcdef"]) == 1


@pytest.mark.parametrize("form", ["{n} {h}", "{n:,} {h}", "{n}:{h}", "{n} {joined}", "{n} {short}"])
def test_a_person_types_what_they_read_in_a_weekly_summary(
    folder: Path, form: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    number, digest = the_end(folder)
    value = grouped(digest)
    words = form.format(n=number, h=value, joined=value.replace(" ", ""), short=value.upper()[:9])
    monkeypatch.chdir(folder)
    assert main(["history", "--known", *words.split()]) == 0
    assert f"Entry {number} is the one of the summary." in capsys.readouterr().out
    with open_ledger(folder, NOW) as ledger:
        ledger.record("run", NOW)
    assert main(["history", "--known", *words.split()]) == 0  # of an earlier week
    capsys.readouterr()

    cut(folder, number - 1)
    (folder / LOCK).unlink()  # whoever cuts may write down another end as well
    assert main(["history"]) == 0
    assert main(["history", "--known", *words.split()]) == 1
    said = capsys.readouterr().out
    assert f"Entry {number} is not the one that was given out." in said


@pytest.mark.parametrize(
    "words", [["8"], ["8", "3f2"], ["eight", "3f2ab0c1"], ["8", "not", "hex", "at", "all"]]
)
def test_what_is_no_check_value_is_said(
    folder: Path,
    words: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(folder)
    assert main(["history", "--known", *words]) == 2
    assert "--known 124 3f2a b0c1" in capsys.readouterr().err


def test_an_entry_that_was_purged_cannot_be_compared_and_says_so(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_ledger(folder, NOW) as ledger:
        assert ledger.prune(START + 20 * WEEK, NOW)
    monkeypatch.chdir(folder)
    assert main(["history", "--known", "8", "0123456789abcdef"]) == 2
    assert "Entry 8 was purged" in capsys.readouterr().err


def test_bytes_changed_in_the_file_never_change_what_it_says_unseen(
    folder: Path, tmp_path: Path
) -> None:
    whole = (folder / HISTORY).read_bytes()

    def says(place: Path) -> object:
        with read_ledger(place) as ledger:
            assert ledger
            return [*ledger.entries()], ledger.deliveries(), ledger.verify().faults

    expected = says(folder)
    copy = tmp_path / "copy"
    copy.mkdir()
    chance = random.Random(300)  # noqa: S311 - the same seed must spoil the same bytes
    seen = 0
    for _ in range(150):
        spoilt = bytearray(whole)
        if chance.random() < 0.2:
            del spoilt[chance.randrange(1, len(spoilt)) :]
        else:
            spoilt[chance.randrange(len(spoilt))] ^= 1 << chance.randrange(8)
        (copy / HISTORY).write_bytes(spoilt)
        try:
            said = says(copy)
        except LedgerError:
            seen += 1
            continue
        if said != expected:
            assert faults(copy) != ()
            seen += 1
    assert seen > 50


def test_history_says_up_to_when_it_was_purged(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_ledger(folder, NOW) as ledger:
        ledger.prune(START + 10 * WEEK, NOW)
    monkeypatch.chdir(folder)
    assert main(["history"]) == 0
    assert "as far back as it goes: up to 6 March 2023 it was purged." in capsys.readouterr().out
    assert main(["history", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["purged_to"] == "2023-03-06"


def test_an_anchor_that_was_changed_shows(folder: Path) -> None:
    with open_ledger(folder, NOW) as ledger:
        ledger.prune(START + 10 * WEEK, NOW)
    changes = ("'\"number\": 80', '\"number\": 81'", '\'"hash": "\', \'"hash": "f\'', "'{', '['")
    for change in changes:
        path = folder / HISTORY
        whole = path.read_bytes()
        with sqlite3.connect(path) as connection:
            connection.execute(
                f"UPDATE meta SET value = replace(value, {change}) WHERE name = 'anchor'"  # noqa: S608
            )
        connection.close()
        assert faults(folder) != ()
        path.write_bytes(whole)
    assert faults(folder) == ()


def test_what_is_purged_is_gone_from_the_file_and_the_rest_is_whole(folder: Path) -> None:
    path = folder / HISTORY
    assert b"canary-03" in path.read_bytes()
    with open_ledger(folder, NOW) as ledger:
        promised = ledger.prunable(START + 10 * WEEK)
        assert ledger.prune(START + 10 * WEEK, NOW) == promised == 80
        assert ledger.prunable(START + 10 * WEEK) == 0
        trail = ledger.verify()
        assert (trail.faults, trail.since) == ((), START + 9 * WEEK)
        assert {one.period for one in ledger.deliveries()} == {
            f"2023-W{week + 1:02}" for week in range(10, WEEKS)
        }
    data = path.read_bytes()
    assert not any(f"canary-{week:02}".encode() in data for week in range(10))
    assert not any(f'reader-0-of-{week}"'.encode() in data for week in range(10))
    assert b"canary-10" in data
    # And once more, from there.
    with open_ledger(folder, NOW) as ledger:
        assert ledger.prune(START + 20 * WEEK, NOW) == 80
        assert ledger.verify().faults == ()
        assert not ledger.lost


def test_a_number_given_out_before_the_purge_accuses_nobody(folder: Path) -> None:
    with read_ledger(folder) as ledger:
        assert ledger
        entries = {entry.number: entry.hash for entry in ledger.entries()}
    with open_ledger(folder, NOW) as ledger:
        ledger.prune(START + 10 * WEEK, NOW)
        assert ledger.verify((5, entries[5])).faults == ()
        assert ledger.verify((80, entries[80])).faults == ()
        assert ledger.verify((81, entries[81])).faults == ()
        assert ledger.verify((81, "f" * 16)).faults != ()


@pytest.mark.parametrize("state", [State.UNKNOWN, State.HELD, State.PENDING])
def test_an_email_that_is_not_settled_keeps_what_follows_it(tmp_path: Path, state: State) -> None:
    with open_ledger(tmp_path, START) as ledger:
        ledger.record("run", START, job="first")
        ledger.expect(an_email(0, 0), START)
        if state is not State.PENDING:
            ledger.begin(an_email(0, 0), START)
            ledger.change(an_email(0, 0).key, state, START)
        ledger.record("run", NOW, job="second")
        assert ledger.prune(NOW, NOW) == 1
        assert [one.state for one in ledger.deliveries()] == [state]


@pytest.mark.parametrize(("stop", "ends"), [("hold", "release"), ("began anew", "accepted")])
def test_what_a_person_has_to_end_is_purged_only_once_ended(
    tmp_path: Path, stop: str, ends: str
) -> None:
    with open_ledger(tmp_path, START) as ledger:
        ledger.record("run", START)
        ledger.record(stop, START)
        ledger.record("run", NOW)
        assert ledger.prune(NOW, NOW) == 1
        assert ledger.last(stop) is not None
        ledger.record(ends, NOW + WEEK)
        ledger.record("run", NOW + 60 * WEEK)
        ledger.prune(NOW + 60 * WEEK, NOW + 60 * WEEK)
        assert ledger.last(stop) is None
        assert not ledger.on_hold()
        assert ledger.verify().faults == ()


@pytest.mark.parametrize("kind", ["safety", "invitation", "leaver", "announcement", "one to come"])
def test_what_is_told_once_for_a_case_is_known_for_ever(tmp_path: Path, kind: str) -> None:
    once = replace(an_email(0, 0), kind=kind)
    with open_ledger(tmp_path, START) as ledger:
        for one in (once, an_email(0, 1)):
            ledger.begin(ledger.expect(one, START), START)
            ledger.change(one.key, State.SENT, START, "made.eml")
        for year in (1, 2, 3, 4):
            now = START + year * 52 * WEEK
            ledger.record("run", now, job="later")
            assert ledger.prune(now, now) > 0
            assert ledger.verify().faults == ()
            assert [one.key for one in ledger.deliveries()] == [once.key]
            assert ledger.delivery(once.key) == replace(
                once, state=State.SENT, detail="made.eml", changed=START
            )
        # It may still come further, and is then carried on as it is.
        ledger.begin(once, now)
        ledger.change(once.key, State.SENT, now, "again.eml")
        ledger.record("run", now + 52 * WEEK)
        ledger.prune(now + 52 * WEEK, now + 52 * WEEK)
        assert ledger.verify().faults == ()
        (kept,) = ledger.deliveries()
        assert kept.detail == "again.eml"


def test_a_carried_email_that_was_changed_shows(tmp_path: Path) -> None:
    once = replace(an_email(0, 0), kind="leaver")
    with open_ledger(tmp_path, START) as ledger:
        ledger.begin(ledger.expect(once, START), START)
        ledger.change(once.key, State.SENT, START)
        ledger.record("run", NOW)
        ledger.prune(NOW, NOW)
    path = tmp_path / HISTORY
    whole = path.read_bytes()
    for change in (
        "DELETE FROM deliveries",
        "UPDATE deliveries SET facts = replace(facts, 'leaver', 'letter')",
        "UPDATE entries SET facts = replace(facts, 'leaver', 'letter') WHERE event = 'purged'",
    ):
        with sqlite3.connect(path) as connection:
            connection.execute(change)
        connection.close()
        assert faults(tmp_path) != ()
        path.write_bytes(whole)


def test_kinds_of_email_that_are_about_a_period_are_those_of_the_messages() -> None:
    assert set(BY_PERIOD) == {WEEKLY, REPORTS_KIND, PACK_KIND}


def test_the_newest_months_stay_whatever_a_computers_clock_says(folder: Path) -> None:
    far = datetime(2099, 1, 1, tzinfo=UTC)
    with open_ledger(folder, NOW) as ledger:
        newest = ledger.entries()
        *_, last = newest
        ledger.prune(far, far)
        assert ledger.verify().faults == ()
        kept = list(ledger.entries("run"))
        assert kept[0].at == last.at - 13 * WEEK
        assert len(ledger.deliveries()) == 2 * len(kept)


def test_how_many_rows_there_were_stays_known(tmp_path: Path) -> None:
    with open_ledger(tmp_path, START) as ledger:
        ledger.record("rows", START, sheets={"Cases": 40})
        ledger.record("run", NOW)
        ledger.prune(NOW, NOW)
        last = ledger.last("rows")
        assert last is not None
        assert last.facts["sheets"] == {"Cases": 40}
        assert ledger.verify().faults == ()


def test_a_history_that_was_meddled_with_is_not_purged(folder: Path) -> None:
    with sqlite3.connect(folder / HISTORY) as connection:
        connection.execute("UPDATE entries SET event = 'flags' WHERE number = 5")
    connection.close()
    before = (folder / HISTORY).read_bytes()
    with (
        open_ledger(folder, NOW) as ledger,
        pytest.raises(LedgerError, match="nothing was purged"),
    ):
        ledger.prune(START + 10 * WEEK, NOW)
    assert (folder / HISTORY).read_bytes() == before


@pytest.mark.skipif(os.name == "nt", reason="Windows has access rights of its own")
def test_the_file_stays_for_its_owner_only(folder: Path) -> None:
    (folder / HISTORY).chmod(0o600)
    with open_ledger(folder, NOW) as ledger:
        ledger.prune(NOW, NOW)
    assert (folder / HISTORY).stat().st_mode & 0o077 == 0
