"""The history: nothing forgotten, nothing changed unseen, one run at a time, no names."""

import json
import os
import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mfauto.ledger import (
    HISTORY,
    Delivery,
    Ledger,
    LedgerError,
    RunningError,
    State,
    one_run,
    open_ledger,
    read_ledger,
)
from mfauto.ledger.lock import LOCK, known_end
from mfauto.ledger.states import FOLLOWS

NOW = datetime(2026, 11, 2, 7, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=7)


def a_delivery(key: str = "k1", **fields: object) -> Delivery:
    values = {
        "key": key,
        "kind": "weekly",
        "period": "2026-W45",
        "recipient": f"r-{key}",
        "role": "Practitioner",
        "channel": "outbox",
        "state": State.PENDING,
        "dated": NOW,
        "tracker": "0" * 64,
        "items": ("i1", "i2"),
        "changed": NOW,
        **fields,
    }
    return Delivery(**values)  # type: ignore[arg-type]


def sent(ledger: Ledger, delivery: Delivery, now: datetime = NOW) -> None:
    ledger.begin(ledger.expect(delivery, now), now)
    ledger.change(delivery.key, State.SENT, now, "file.eml")


def filled(folder: Path) -> None:
    with open_ledger(folder, NOW) as ledger:
        sent(ledger, a_delivery("k1"))
        ledger.record("document", NOW, case="MF-014", file="exception-reports/MF-014.docx")
        sent(ledger, a_delivery("k2"))
        ledger.record("run", NOW, job="remind", rows=12)


def tampered(folder: Path, *statements: str) -> tuple[str, ...]:
    connection = sqlite3.connect(folder / HISTORY)
    with connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()
    with read_ledger(folder) as ledger:
        assert ledger
        return ledger.verify().faults


# What happened is kept


def test_an_email_comes_back_as_it_was_noted(tmp_path: Path) -> None:
    with open_ledger(tmp_path, NOW) as ledger:
        sent(ledger, a_delivery())
    with open_ledger(tmp_path, LATER) as ledger:
        known = ledger.delivery("k1")

    assert known == a_delivery(state=State.SENT, detail="file.eml")


def test_documents_runs_and_skipped_weeks_are_kept(tmp_path: Path) -> None:
    filled(tmp_path)
    with open_ledger(tmp_path, LATER) as ledger:
        ledger.record("skipped", LATER, kind="weekly", period="2026-W44")
        last = ledger.last("run")

        assert last is not None
        assert last.facts == {"job": "remind", "rows": 12}
        assert ledger.last("accepted") is None
        assert [entry.facts["file"] for entry in ledger.entries("document")] == [
            "exception-reports/MF-014.docx"
        ]


def test_only_what_was_sent_in_an_earlier_week_counts_as_told(tmp_path: Path) -> None:
    with open_ledger(tmp_path, NOW) as ledger:
        sent(ledger, a_delivery("k1", items=("a",)))
        sent(ledger, a_delivery("k2", items=("b",), period="2026-W46"))
        ledger.expect(a_delivery("k3", items=("c",)), NOW)

        assert ledger.told("weekly", "2026-W45") == frozenset()
        assert ledger.told("weekly", "2026-W46") == {"a"}
        assert ledger.told("weekly", "2027-W01") == {"a", "b"}


def test_an_email_keeps_its_first_date_however_often_it_is_tried(tmp_path: Path) -> None:
    with open_ledger(tmp_path, NOW) as ledger:
        ledger.begin(ledger.expect(a_delivery(), NOW), NOW)
        ledger.change("k1", State.FAILED, NOW)

        again = ledger.expect(a_delivery(dated=LATER), LATER)

    assert again.dated == NOW


def test_one_week_holds_one_email_for_one_reader(tmp_path: Path) -> None:
    with open_ledger(tmp_path, NOW) as ledger:
        ledger.expect(a_delivery("k1", recipient="r"), NOW)
        with pytest.raises(sqlite3.IntegrityError):
            ledger.expect(a_delivery("k2", recipient="r"), NOW)
        assert not ledger.verify().faults


@settings(max_examples=40)
@given(st.lists(st.sampled_from(State), min_size=1, max_size=8))
def test_no_email_takes_a_step_that_does_not_follow(
    tmp_path_factory: pytest.TempPathFactory, steps: list[State]
) -> None:
    with open_ledger(tmp_path_factory.mktemp("history"), NOW) as ledger:
        state = ledger.expect(a_delivery(), NOW).state
        for step in steps:
            if step in FOLLOWS[state]:
                state = ledger.change("k1", step, NOW).state
            else:
                with pytest.raises(ValueError, match="cannot become"):
                    ledger.change("k1", step, NOW)
        known = ledger.delivery("k1")

        assert known is not None
        assert known.state is state
        assert not ledger.verify().faults


# What a stopped run leaves


def test_a_run_stopped_while_sending_leaves_an_unknown_email(tmp_path: Path) -> None:
    with open_ledger(tmp_path, NOW) as ledger:
        ledger.begin(ledger.expect(a_delivery(), NOW), NOW)
    with open_ledger(tmp_path, LATER) as ledger:
        (settled,) = ledger.recover(LATER)

        assert settled.state is State.UNKNOWN
        assert ledger.recover(LATER) == []
        assert [one.key for one in ledger.deliveries(State.UNKNOWN)] == ["k1"]


def test_a_trace_settles_only_what_it_knows(tmp_path: Path) -> None:
    with open_ledger(tmp_path, NOW) as ledger:
        for state in State:
            ledger.begin(ledger.expect(a_delivery(state.value), NOW), NOW)
        ledger.recover(LATER, lambda delivery: State(delivery.key))

        assert {one.key: one.state for one in ledger.deliveries()} == {
            "pending": State.PENDING,
            "sending": State.UNKNOWN,
            "sent": State.SENT,
            "held": State.HELD,
            "failed": State.UNKNOWN,
            "unknown": State.UNKNOWN,
        }


@pytest.mark.parametrize(("arrived", "state"), [(True, State.SENT), (False, State.FAILED)])
def test_a_person_settles_an_unknown_email(tmp_path: Path, arrived: bool, state: State) -> None:
    with open_ledger(tmp_path, NOW) as ledger:
        ledger.begin(ledger.expect(a_delivery(), NOW), NOW)
        ledger.recover(NOW)

        assert ledger.resolve("k1", LATER, arrived=arrived).state is state
        with pytest.raises(LedgerError, match="no email of unknown fate"):
            ledger.resolve("k1", LATER, arrived=arrived)


# Nothing is changed unseen


def test_a_whole_history_has_no_faults_and_gives_its_head(tmp_path: Path) -> None:
    filled(tmp_path)
    with read_ledger(tmp_path) as ledger:
        assert ledger
        trail = ledger.verify(ledger.head())

    assert trail.faults == ()
    assert trail.entries == 8


@pytest.mark.parametrize("number", range(1, 9))
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE entries SET facts = replace(facts, '2', '3') || ' ' WHERE number = {}",
        "UPDATE entries SET at = '2020-01-01T00:00:00+00:00' WHERE number = {}",
        "UPDATE entries SET event = 'other' WHERE number = {}",
        "UPDATE entries SET hash = 'f' || substr(hash, 2, 62) || 'x' WHERE number = {}",
        "UPDATE entries SET previous = 'f' || substr(previous, 2, 62) || 'x' WHERE number = {}",
        "DELETE FROM entries WHERE number = {}",
        "DELETE FROM entries WHERE number >= {}",
    ],
)
def test_a_changed_missing_or_cut_off_entry_shows(tmp_path: Path, change: str, number: int) -> None:
    filled(tmp_path)

    assert tampered(tmp_path, change.format(number))


def test_a_changed_state_shows(tmp_path: Path) -> None:
    filled(tmp_path)

    change = "UPDATE deliveries SET facts = replace(facts, 'sent', 'failed')"
    assert tampered(tmp_path, change) == (
        "The state of the emails does not follow from the entries.",
    )


def test_a_carefully_cut_end_shows_against_the_head_that_was_given_out(tmp_path: Path) -> None:
    filled(tmp_path)
    with read_ledger(tmp_path) as ledger:
        assert ledger
        number, digest = ledger.head()
    cut = "DELETE FROM entries WHERE number = 8", "UPDATE sqlite_sequence SET seq = 7"

    assert tampered(tmp_path, *cut) == ()
    with read_ledger(tmp_path) as ledger:
        assert ledger
        assert ledger.verify((number, digest[:16])).faults == (
            "Entry 8 is not the one that was given out.",
        )


def test_a_head_as_printed_in_the_summary_is_recognised(tmp_path: Path) -> None:
    filled(tmp_path)
    with read_ledger(tmp_path) as ledger:
        assert ledger
        number, digest = ledger.head()

        assert not ledger.verify((number, f"{digest[:4]} {digest[4:8]}")).faults


# One run at a time


HOLD = """
import sys, time
from datetime import datetime, UTC
from pathlib import Path
from mfauto.ledger import open_ledger
with open_ledger(Path(sys.argv[1]), datetime(2026, 11, 2, 7, 0, tzinfo=UTC)):
    print("holding", flush=True)
    time.sleep(60)
"""


def test_two_runs_at_once_one_works_and_the_other_says_so(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout
        assert other.stdout.readline() == "holding\n"
        try:
            with pytest.raises(RunningError, match=r"since 07:00 \(process \d+\)"):
                open_ledger(tmp_path, NOW).__enter__()
            with read_ledger(tmp_path) as ledger:
                assert ledger is not None
        finally:
            other.kill()

    with open_ledger(tmp_path, NOW) as ledger:  # a killed run holds nothing
        assert ledger.head()[0] == 0


def test_two_runs_in_one_process_exclude_each_other_too(tmp_path: Path) -> None:
    with one_run(tmp_path, NOW), pytest.raises(RunningError), one_run(tmp_path, NOW):
        pass
    with one_run(tmp_path, NOW):
        assert (tmp_path / "mfauto-history.lock").exists()


def test_a_lock_with_an_unreadable_note_still_counts(tmp_path: Path) -> None:
    with one_run(tmp_path, NOW):
        (tmp_path / "mfauto-history.lock").write_text("[]", encoding="utf-8")
        with pytest.raises(RunningError, match="Another run is at work"), one_run(tmp_path, NOW):
            pass


END = (124, "3f2ab0c19d8e7f60" * 4)
FULL = """
import resource, sys
from datetime import datetime, UTC
from pathlib import Path
from mfauto.ledger.lock import one_run
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
with one_run(Path(sys.argv[1]), datetime(2026, 11, 2, 7, 0, tzinfo=UTC)) as note:
    note.known = (125, "f" * 64)
print("worked")
"""


def written_down(folder: Path) -> None:
    with one_run(folder, NOW) as note:
        note.known = END


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such limit")
def test_a_full_drive_stops_no_run_and_leaves_what_was_known(tmp_path: Path) -> None:
    written_down(tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert done.stdout == "worked\n", done.stderr
    assert known_end(tmp_path) == END


def test_what_is_known_of_the_end_can_be_read_at_every_moment(tmp_path: Path) -> None:
    """A power cut may come at each of them."""
    written_down(tmp_path)
    seen, over = set(), Event()

    def look() -> None:
        while not over.is_set():
            seen.add(known_end(tmp_path))

    watcher = Thread(target=look)
    watcher.start()
    for _ in range(300):
        written_down(tmp_path)
    over.set()
    watcher.join()
    assert seen == {END}


def test_what_is_known_is_whole_when_it_is_flushed_to_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed = []
    fsync = os.fsync

    def looked_at(handle: int) -> None:
        fsync(handle)
        flushed.append(known_end(tmp_path))

    monkeypatch.setattr(os, "fsync", looked_at)
    written_down(tmp_path)
    assert flushed == [None, END]


def test_a_longer_note_of_before_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / LOCK).write_text("x" * 2000, encoding="utf-8")
    written_down(tmp_path)
    assert known_end(tmp_path) == END


def test_a_folder_that_is_not_there_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(RunningError, match="Check that the working folder is there"):
        open_ledger(tmp_path / "gone", NOW).__enter__()


# The file


def test_looking_makes_nothing(tmp_path: Path) -> None:
    with read_ledger(tmp_path) as ledger:
        assert ledger is None
    assert list(tmp_path.iterdir()) == []


def test_looking_cannot_write(tmp_path: Path) -> None:
    filled(tmp_path)
    with read_ledger(tmp_path) as ledger:
        assert ledger
        with pytest.raises(RuntimeError):
            ledger.record("run", NOW)


def other_database(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE theirs (x)")
    connection.commit()
    connection.close()


def newer(path: Path) -> None:
    filled(path.parent)
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()


def torn(path: Path) -> None:
    filled(path.parent)
    path.write_bytes(path.read_bytes()[:5000])


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda path: path.write_bytes(b"not a database " * 100), "not a history"),
        (other_database, "it was not made by mfauto"),
        (newer, "newer version"),
        (torn, "not a history"),
    ],
)
def test_a_file_that_is_no_history_is_left_alone(
    tmp_path: Path, spoil: Callable[[Path], object], said: str
) -> None:
    path = tmp_path / HISTORY
    spoil(path)
    before = path.read_bytes()

    with pytest.raises(LedgerError, match=said), open_ledger(tmp_path, NOW) as ledger:
        ledger.verify()
    assert path.read_bytes() == before


def test_a_history_begun_and_not_finished_is_begun_again(tmp_path: Path) -> None:
    (tmp_path / HISTORY).touch()
    with open_ledger(tmp_path, NOW) as ledger:
        assert ledger.record("run", NOW).number == 1


@pytest.mark.skipif(os.name == "nt", reason="Windows has access rules of its own")
def test_the_file_is_for_its_owner_only(tmp_path: Path) -> None:
    filled(tmp_path)

    assert stat.S_IMODE((tmp_path / HISTORY).stat().st_mode) == 0o600


def test_an_address_is_kept_as_a_hash_that_differs_between_folders(tmp_path: Path) -> None:
    hashes = set()
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        with open_ledger(tmp_path / name, NOW) as ledger:
            hashes.add(ledger.pseudonym("Amira.Khan@council.example"))
            assert ledger.pseudonym("amira.khan@COUNCIL.example ") in hashes

    assert len(hashes) == 2


def test_a_moment_without_a_time_zone_is_a_bug(tmp_path: Path) -> None:
    with open_ledger(tmp_path, NOW) as ledger, pytest.raises(ValueError, match="time zone"):
        ledger.record("run", datetime(2026, 11, 2))  # noqa: DTZ001 - the point


def test_facts_are_plain_values(tmp_path: Path) -> None:
    filled(tmp_path)
    with read_ledger(tmp_path) as ledger:
        assert ledger
        assert all(json.dumps(dict(entry.facts)) for entry in ledger.entries())


WRITE = """
import os, sys
from datetime import datetime, UTC
from pathlib import Path
from mfauto.ledger import open_ledger
now = datetime(2026, 11, 2, 7, 0, tzinfo=UTC)
with open_ledger(Path(sys.argv[1]), now) as ledger:
    print("writing", flush=True)
    while True:
        ledger.record("run", now, job="remind")
"""


@pytest.mark.parametrize("rounds", [3])
def test_a_run_killed_while_writing_leaves_a_whole_history(tmp_path: Path, rounds: int) -> None:
    for _ in range(rounds):
        command = [sys.executable, "-c", WRITE, str(tmp_path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as run:
            assert run.stdout
            run.stdout.readline()
            with pytest.raises(subprocess.TimeoutExpired):
                run.wait(0.15)
            run.send_signal(signal.SIGTERM if os.name == "nt" else signal.SIGKILL)
        with open_ledger(tmp_path, NOW) as ledger:
            assert ledger.verify().faults == ()
            assert ledger.verify().entries > 0


def test_a_journal_that_a_stopped_run_had_only_begun_is_removed(tmp_path: Path) -> None:
    with open_ledger(tmp_path, NOW) as ledger:
        entry = ledger.record("document", NOW, kind="pack")
    journal = tmp_path / f"{HISTORY}-journal"
    journal.write_bytes(b"")
    with open_ledger(tmp_path, NOW) as ledger:
        assert ledger.last("document") == entry
    assert not journal.exists()
