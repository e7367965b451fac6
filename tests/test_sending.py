"""The weekly emails through the history: each once, none lost, whatever stops a run."""

import os
import re
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from mfauto.delivery import Held, NotDeliveredError, Outbox, Receipt, UnsureError
from mfauto.errors import TemplateError, UsageError
from mfauto.history import history, record_of
from mfauto.ledger import State, open_ledger, read_ledger
from mfauto.messages import Message
from mfauto.model import Review
from mfauto.sending import Outcome, remind
from mfauto.settings import PROJECT
from mfauto.terminal import history_text
from tests.messages.sample import (
    MONDAY,
    PEOPLE,
    SETTINGS,
    an_action,
    improving,
    in_order,
    reviewed,
    the_week,
    to,
)

WEEK = timedelta(days=7)


def moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 7, tzinfo=UTC)


def run(
    folder: Path, found: Review, outbox: Outbox | None = None, *, again: bool = False
) -> Outcome:
    now = moment(found.as_at)
    with open_ledger(folder, now) as ledger:
        settings = replace(SETTINGS, out=folder)
        return remind(found, settings, ledger, outbox or Outbox(folder), now, again=again)


def drafts(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / "outbox").glob("*.eml")}


def recipients(folder: Path) -> list[str]:
    emails = (message_from_bytes(data, policy=policy.default) for data in drafts(folder).values())
    return sorted(str(email["To"]).split("@")[0] for email in emails)


def test_a_run_makes_one_draft_for_each_reader(tmp_path: Path) -> None:
    outcome = run(tmp_path, the_week())

    assert recipients(tmp_path) == ["amira.khan", "jo.bright", "priya.shah"]
    assert sorted(path.name for path in outcome.posted.made) == sorted(drafts(tmp_path))
    assert not outcome.undelivered
    assert outcome.sentences() == [
        "3 emails made for the week of 2 November 2026.",
        "2 overdue items cannot be addressed to an owner; each goes to the fallback person.",
    ]


def test_one_item_without_an_owner_is_told_as_one(tmp_path: Path) -> None:
    found = reviewed(in_order(), actions=[an_action(owner=None)])
    assert run(tmp_path, found).sentences()[1] == (
        "1 overdue item cannot be addressed to an owner; it goes to the fallback person."
    )


def test_a_second_run_in_the_week_makes_nothing(tmp_path: Path) -> None:
    run(tmp_path, the_week())
    before = drafts(tmp_path)
    for path in (tmp_path / "outbox").iterdir():
        path.unlink()  # somebody sent them
    with read_ledger(tmp_path) as ledger:
        assert ledger
        head = ledger.head()

    outcome = run(tmp_path, replace(the_week(), as_at=MONDAY + timedelta(days=3)))

    assert before
    assert drafts(tmp_path) == {}
    assert len(outcome.posted.already) == 3
    assert "3 emails were made before, and not made again." in outcome.sentences()
    assert any("3 of them are no longer in the outbox" in said for said in outcome.sentences())
    with read_ledger(tmp_path) as ledger:
        assert ledger
        assert ledger.head() == head  # `serve` asks often; that is nothing to note


def test_drafts_made_before_a_hold_are_not_said_to_leave_by_themselves(tmp_path: Path) -> None:
    run(tmp_path, the_week())

    said = run(tmp_path, the_week(), Held(tmp_path)).sentences()

    assert "3 of them are drafts in the outbox, for a person to send." in said
    assert "leave" not in " ".join(said)


def test_a_person_may_have_the_drafts_made_anew(tmp_path: Path) -> None:
    run(tmp_path, the_week())
    before = drafts(tmp_path)
    for path in (tmp_path / "outbox").iterdir():
        path.unlink()

    outcome = run(tmp_path, the_week(), again=True)

    assert len(outcome.posted.sent) == 3
    assert set(drafts(tmp_path)) == set(before)
    owner = [name for name, data in before.items() if b"To: amira" in data]
    assert drafts(tmp_path)[owner[0]] == before[owner[0]]


def test_drafts_no_longer_needed_are_named(tmp_path: Path) -> None:
    run(tmp_path, reviewed(in_order(), actions=[an_action()]))

    outcome = run(tmp_path, reviewed(in_order()), again=True)

    (stale,) = outcome.stale
    assert stale.name in outcome.sentences()[-1]
    assert b"To: amira.khan" in stale.read_bytes()


def test_managers_hear_the_week_after_the_owner(tmp_path: Path) -> None:
    found = reviewed(in_order(), actions=[an_action()])
    first = run(tmp_path, found)
    second = run(tmp_path, reviewed(in_order(), actions=[an_action()], as_at=MONDAY + WEEK))

    assert not any(one.managed for one in first.posted.sent)
    assert sorted(one.recipient.split(".")[0] for one in second.posted.sent if one.managed) == [
        "jo",
        "sam",
    ]


def test_managers_read_whether_the_owner_was_told_or_an_email_only_drafted(tmp_path: Path) -> None:
    class Sent(Outbox):
        name = "smtp"

    first, second = (
        reviewed(in_order(), actions=[an_action()], as_at=day) for day in (MONDAY, MONDAY + WEEK)
    )
    for folder in ("drafts", "sent"):
        (tmp_path / folder).mkdir()
    run(tmp_path / "drafts", first)
    run(tmp_path / "sent", first, Sent(tmp_path / "sent"))

    drafted = to(run(tmp_path / "drafts", second).batch, "sam").text
    told = to(run(tmp_path / "sent", second).batch, "sam").text
    assert "An email to each owner was drafted before." in drafted
    assert "Each owner has been told before." in told


def test_an_email_that_was_not_delivered_did_not_tell_anybody(tmp_path: Path) -> None:
    found = reviewed(in_order(), actions=[an_action()])
    run(tmp_path, found, Failing(tmp_path, NotDeliveredError("The disk is full.")))

    later = reviewed(in_order(), actions=[an_action()], as_at=MONDAY + WEEK)
    assert not any(one.managed for one in run(tmp_path, later).posted.sent)


# Whole weeks


def test_missed_weeks_are_noted_and_one_current_email_is_made(tmp_path: Path) -> None:
    run(tmp_path, reviewed(improving()))
    outcome = run(tmp_path, reviewed(improving(), as_at=MONDAY + 6 * WEEK))

    assert outcome.skipped == ("2026-W46", "2026-W47", "2026-W48", "2026-W49", "2026-W50")
    assert {one.period for one in outcome.posted.sent} == {"2026-W51"}
    assert "5 weeks, up to the week of 7 December 2026." in outcome.posted.sent[-1].text
    assert run(tmp_path, reviewed(improving(), as_at=MONDAY + 7 * WEEK)).skipped == ()
    with read_ledger(tmp_path) as ledger:
        assert ledger
        assert len(list(ledger.entries("skipped"))) == 5


def test_a_clock_set_back_makes_nothing(tmp_path: Path) -> None:
    run(tmp_path, reviewed(improving()))
    before = drafts(tmp_path)

    back = reviewed(improving(), as_at=MONDAY - WEEK)
    outcome = run(tmp_path, back)

    assert outcome.posted.sent == []
    assert "Check this computer's date." in outcome.sentences()[0]
    assert drafts(tmp_path) == before
    assert {one.period for one in run(tmp_path, back, again=True).posted.sent} == {"2026-W44"}


@pytest.mark.parametrize(
    "start", [date(2026, 12, 21), date(2027, 3, 22), date(2026, 10, 19), date(2028, 2, 21)]
)
def test_every_week_has_its_email_over_new_year_leap_days_and_clock_changes(
    tmp_path: Path, start: date
) -> None:
    found = [run(tmp_path, reviewed(improving(), as_at=start + n * WEEK)) for n in range(3)]

    assert [len({one.period for one in outcome.posted.sent}) for outcome in found] == [1, 1, 1]
    assert all(outcome.skipped == () for outcome in found)


# Trials


def test_a_dry_run_makes_nothing(tmp_path: Path) -> None:
    outcome = remind(the_week(), SETTINGS, None, Outbox(tmp_path), moment(MONDAY), dry_run=True)

    assert len(outcome.posted.wanted) == 3
    assert outcome.sentences()[0] == "3 emails would be made for the week of 2 November 2026."
    assert list(tmp_path.iterdir()) == []


def test_a_dry_run_after_a_run_changes_nothing(tmp_path: Path) -> None:
    run(tmp_path, the_week())
    with read_ledger(tmp_path) as ledger:
        assert ledger
        before = ledger.head()
        outcome = remind(
            the_week(), SETTINGS, ledger, Outbox(tmp_path), moment(MONDAY), dry_run=True
        )
        assert (outcome.posted.wanted, len(outcome.posted.already)) == ([], 3)
        assert ledger.head() == before


def test_a_broken_template_sends_nothing(tmp_path: Path) -> None:
    now = moment(MONDAY)
    with open_ledger(tmp_path, now) as ledger, pytest.raises(TemplateError):
        remind(the_week(), replace(SETTINGS, templates=tmp_path), ledger, Outbox(tmp_path), now)
    assert not (tmp_path / "outbox").exists()


# Faults


class Failing(Outbox):
    """An outbox that fails for one recipient, or for all."""

    def __init__(self, folder: Path, error: Exception, only: str = "") -> None:
        super().__init__(folder)
        self.error = error
        self.only = only

    def send(self, message: Message) -> Receipt:
        if message.recipient.startswith(self.only) and not message.summary:
            raise self.error
        return super().send(message)


class Live(Failing):
    """A way to send that cannot take anything back."""

    repeatable = False


def test_a_failed_email_is_reported_and_tried_again_by_the_next_run(tmp_path: Path) -> None:
    error = NotDeliveredError("The disk is full.")
    outcome = run(tmp_path, the_week(), Failing(tmp_path, error, "amira"))

    assert [message.recipient for message, _ in outcome.posted.failed] == [
        "amira.khan@council.example"
    ]
    assert outcome.undelivered
    assert "1 email of this run could not be delivered." in outcome.posted.sent[-1].text
    assert recipients(tmp_path) == ["jo.bright", "priya.shah"]

    second = run(tmp_path, replace(the_week(), as_at=MONDAY + timedelta(days=2)))
    assert [message.recipient for message in second.posted.sent] == ["amira.khan@council.example"]
    assert second.posted.sent[0].date == moment(MONDAY)  # one email keeps one Date


def test_an_unsure_email_is_never_sent_again_by_itself(tmp_path: Path) -> None:
    first = run(tmp_path, the_week(), Failing(tmp_path, UnsureError("No answer."), "amira"))
    second = run(tmp_path, the_week())
    later = run(tmp_path, replace(the_week(), as_at=MONDAY + WEEK))

    for outcome in (first, second, later):
        assert [one.state for one in outcome.unknown] == [State.UNKNOWN]
        assert outcome.undelivered
        assert "may or may not have arrived (Practitioner)" in outcome.sentences()[-1]
    assert second.posted.sent == []
    assert "1 email of an earlier run may or may not have arrived." in later.posted.sent[-1].text


def test_what_left_this_computer_is_not_made_again(tmp_path: Path) -> None:
    live = Live(tmp_path, NotDeliveredError("x"), "nobody")
    run(tmp_path, the_week(), live)

    with pytest.raises(UsageError, match="cannot be taken back"):
        run(tmp_path, the_week(), live, again=True)


STOPPED = """
import os, signal, sys
from pathlib import Path
from mfauto.delivery import Outbox
from mfauto.ledger import Ledger, State
from tests.messages.sample import the_week
from tests.test_sending import run

folder, place, number = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
seen = 0

def here(name):
    global seen
    seen += name == place
    if name == place and seen == number:
        os.kill(os.getpid(), signal.SIGTERM if os.name == "nt" else signal.SIGKILL)

class Watched(Outbox):
    def prepare(self, message):
        here("before prepare")
        super().prepare(message)
        here("after prepare")
    def send(self, message):
        here("before send")
        receipt = super().send(message)
        here("after send")
        return receipt

written = Ledger._add
def noted(self, event, now, facts):
    entry = written(self, event, now, facts)
    here("inside a note")
    return entry
Ledger._add = noted

run(folder, the_week(), Watched(folder))
"""


def stopped(folder: Path, place: str, number: int) -> None:
    command = [sys.executable, "-c", STOPPED, str(folder), place, str(number)]
    ended = subprocess.run(command, cwd=PROJECT, check=False)
    assert ended.returncode in (-signal.SIGKILL if os.name != "nt" else 1, 15)


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(
    "place", ["before prepare", "after prepare", "before send", "after send", "inside a note"]
)
def test_a_killed_run_is_finished_by_the_next_one(tmp_path: Path, place: str, number: int) -> None:
    stopped(tmp_path, place, number)
    before = drafts(tmp_path)

    outcome = run(tmp_path, the_week())

    assert recipients(tmp_path) == ["amira.khan", "jo.bright", "priya.shah"]
    assert before.items() <= drafts(tmp_path).items()
    assert outcome.unknown == []
    assert not list((tmp_path / "outbox").glob(".*"))
    with read_ledger(tmp_path) as ledger:
        assert ledger
        assert {one.state for one in ledger.deliveries()} == {State.SENT}
        assert ledger.verify().faults == ()


def test_a_draft_taken_after_a_killed_run_is_not_made_again(tmp_path: Path) -> None:
    stopped(tmp_path, "after send", 1)
    (taken,) = (tmp_path / "outbox").glob("*.eml")
    taken.unlink()

    outcome = run(tmp_path, the_week())

    assert [one.state for one in outcome.unknown] == [State.UNKNOWN]
    assert taken.name not in drafts(tmp_path)
    assert outcome.undelivered


def test_what_a_killed_run_owed_and_nobody_needs_now_is_settled(tmp_path: Path) -> None:
    stopped(tmp_path, "after prepare", 1)

    run(tmp_path, reviewed(in_order(), as_at=MONDAY + WEEK))

    assert recipients(tmp_path) == ["priya.shah"]
    assert not list((tmp_path / "outbox").glob(".*"))
    with read_ledger(tmp_path) as ledger:
        assert ledger
        assert ledger.deliveries(State.PENDING) == []
        assert {one.detail for one in ledger.deliveries(State.FAILED)} == {"no longer needed"}


# What people see of it


def test_the_history_holds_no_names_and_shows_them(tmp_path: Path) -> None:
    run(tmp_path, the_week())
    data = (tmp_path / "mfauto-history.sqlite3").read_bytes()

    for person in PEOPLE:
        for word in (*person["name"].split(), person["email"]):
            assert word.encode() not in data
    assert b"chronology" not in data
    with read_ledger(tmp_path) as ledger:
        assert ledger
        lines = history(ledger, the_week().tracker.people, SETTINGS.mail)
    emails = [line for line in lines if line.whom]
    assert [(line.what, line.whom, line.period, line.state) for line in emails] == [
        ("weekly", "Jo Bright", "2026-W45", "sent"),
        ("weekly", "Amira Khan", "2026-W45", "sent"),
        ("weekly", "Priya Shah", "2026-W45", "sent"),
    ]
    assert all(re.fullmatch(r"2026-W45-weekly-\w{12}\.eml", str(one.detail)) for one in emails)
    assert all(line.tracker == "0" * 64 for line in lines)
    assert lines[-1].what == "remind"


def test_a_draft_in_the_outbox_is_shown_as_a_draft(tmp_path: Path) -> None:
    """Nobody knows whether a person has sent it."""
    run(tmp_path, the_week())
    with read_ledger(tmp_path) as ledger:
        assert ledger
        record = record_of(ledger, the_week().tracker, SETTINGS.mail)

    shown = history_text(record)

    assert " draft 2026-W45-weekly-" in shown
    assert "sent" not in shown


def test_somebody_who_has_left_people_is_shown_by_role(tmp_path: Path) -> None:
    run(tmp_path, the_week())
    with read_ledger(tmp_path) as ledger:
        assert ledger
        lines = history(ledger, (), SETTINGS.mail)

    assert "no longer on People (Practitioner)" in {line.whom for line in lines}


def test_the_next_summary_gives_out_the_head_of_the_history(tmp_path: Path) -> None:
    run(tmp_path, the_week())
    with read_ledger(tmp_path) as ledger:
        assert ledger
        number, digest = ledger.head()

    outcome = run(tmp_path, replace(the_week(), as_at=MONDAY + WEEK))

    said = re.search(
        r"held (\d+) entries\. Its check value is ([0-9a-f ]+)\.", outcome.posted.sent[-1].text
    )
    assert said
    assert (int(said[1]), said[2].replace(" ", "")) == (number, digest[:16])
    with read_ledger(tmp_path) as ledger:
        assert ledger
        assert ledger.verify((int(said[1]), said[2])).faults == ()
