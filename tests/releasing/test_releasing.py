"""Emails held until a person releases them, looked at before, and settled by a person's word."""

import io
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from mfauto import jobs
from mfauto.calling import call
from mfauto.cli import main
from mfauto.errors import DeliveryError, UsageError
from mfauto.jobs import Done, Run
from mfauto.ledger import Delivery, Ledger, Loss, State, open_ledger, read_ledger
from mfauto.schedule import LONDON
from mfauto.settings import Settings
from tests.releasing.relay import (
    MONDAY,
    READERS,
    Relay,
    a_run,
    act,
    held,
    mailed,
    not_gone,
    states,
    tracker,
    weekly,
)

# Live


def test_emails_go_to_the_mail_server_once(live: Settings, relay: tuple[Relay, int]) -> None:
    done = weekly(live)

    assert done.failed == []
    assert relay[0].readers == READERS
    assert "They were sent by smtp." in done.said
    assert not (live.folder / "outbox").exists()
    assert (
        weekly(live, "2026-11-03T07:00").said[-1]
        == "3 emails were made before, and not made again."
    )
    assert relay[0].readers == READERS


def test_without_live_they_stay_drafts(live: Settings, relay: tuple[Relay, int]) -> None:
    weekly(mailed(live, live=False))

    assert relay[0].got == []
    assert len(list((live.folder / "outbox").glob("*.eml"))) == 3


def test_as_at_another_day_nothing_leaves(live: Settings, relay: tuple[Relay, int]) -> None:
    now = datetime.fromisoformat(MONDAY).replace(tzinfo=LONDON)
    later = datetime.fromisoformat("2026-12-07").date()
    with open_ledger(live.folder, now) as ledger:
        run = Run(settings=live, as_at=later, now=now, ledger=ledger)
        with pytest.raises(UsageError, match="only as at today"):
            jobs.remind(run, jobs.reviewed(live, later))
    assert relay[0].got == []


def test_more_than_the_limit_means_none(live: Settings, relay: tuple[Relay, int]) -> None:
    with pytest.raises(DeliveryError, match=r"leaves room for 2\. None was sent"):
        weekly(mailed(live, most_per_run=2))
    assert relay[0].got == []
    assert weekly(live).failed == []
    assert relay[0].readers == READERS


def test_a_trial_goes_to_one_person_and_tells_nobody_else(
    live: Settings, relay: tuple[Relay, int]
) -> None:
    weekly(mailed(live, redirect_all_to="trial@council.example"))

    assert relay[0].readers == ["trial@council.example"] * 3
    email = message_from_bytes(relay[0].got[0].original_content or b"", policy=policy.default)
    assert email["Subject"].startswith("Trial: ")
    plain = email.get_body(("plain",))
    assert plain is not None
    assert "This is a trial. It would have gone to " in plain.get_content()
    relay[0].got.clear()
    weekly(live)
    assert relay[0].readers == READERS


def test_after_a_trial_a_run_sends_the_week_to_its_real_readers(
    live: Settings, relay: tuple[Relay, int]
) -> None:
    def run(settings: Settings, at: str) -> None:
        with a_run(settings, at) as run:
            assert jobs.run_due(run).failed == []

    trial = mailed(live, redirect_all_to="trial@council.example")
    for at in (MONDAY, "2026-11-02T10:00"):
        run(trial, at)
    assert set(relay[0].readers) == {"trial@council.example"}
    assert len(relay[0].got) == 6
    relay[0].got.clear()

    for at in ("2026-11-02T13:00", "2026-11-02T16:00"):
        run(live, at)

    assert relay[0].readers == sorted([*READERS, *READERS[1:], READERS[1]])
    run(trial, "2026-11-02T17:00")
    assert "trial@council.example" not in relay[0].readers


def test_an_older_copy_of_the_history_keeps_everything_back(
    live: Settings, relay: tuple[Relay, int]
) -> None:
    history = live.folder / "mfauto-history.sqlite3"
    weekly(live, "2026-10-26T07:00")
    copy = history.read_bytes()
    weekly(live)
    history.write_bytes(copy)  # as a careless restore would
    relay[0].got.clear()

    with pytest.raises(DeliveryError, match="not the one of the last run"):
        weekly(live, "2026-11-09T07:00")
    with pytest.raises(DeliveryError, match="history accept"):
        weekly(live, "2026-11-09T07:00")
    assert relay[0].got == []
    with pytest.raises(UsageError, match="look into the mailbox first"):
        act(live, jobs.accept)
    act(live, not_gone)
    assert weekly(live, "2026-11-09T07:00").failed == []
    assert set(relay[0].readers) >= set(READERS)


def test_a_history_that_is_gone_keeps_everything_back(
    live: Settings, relay: tuple[Relay, int]
) -> None:
    (live.folder / "backups").mkdir()
    (live.folder / "backups" / "Tracker 2026-10-26 070000.xlsx").write_bytes(b"a sign of life")

    with pytest.raises(DeliveryError, match="began anew"):
        weekly(live)
    assert relay[0].got == []
    act(live, not_gone)
    assert weekly(live).failed == []


def test_a_copy_on_another_computer_sends_nothing_until_a_person_says_so(
    live: Settings, relay: tuple[Relay, int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    weekly(live)
    folder = tmp_path_factory.mktemp("other") / "copied"
    shutil.copytree(live.folder, folder)
    copied = replace(live, folder=folder, tracker=folder / "Tracker.xlsx")
    relay[0].got.clear()

    for _ in range(2):  # trying it does not make it right
        with pytest.raises(DeliveryError, match="copied or moved here from another computer"):
            weekly(copied, "2026-11-09T07:00", computer="sqa-2")
    assert relay[0].got == []
    with a_run(copied, computer="sqa-2") as run:
        assert jobs.status(run).exit_code == 5
    said = act(copied, jobs.accept, computer="sqa-2").said
    assert said == ["mfauto is used on this computer from now on. Emails may leave."]
    assert weekly(copied, "2026-11-09T07:00", computer="sqa-2").failed == []
    assert set(relay[0].readers) >= set(READERS)


def test_a_folder_used_from_two_computers_is_accepted_once_on_each(live: Settings) -> None:
    weekly(live)
    act(live, jobs.accept, computer="sqa-2")
    for computer in ("sqa-1", "sqa-2", "sqa-1"):
        with open_ledger(live.folder, datetime.now(LONDON), computer=computer) as known:
            assert known.lost is None
    with read_ledger(live.folder, computer="sqa-3") as known:
        assert known is not None
        assert known.lost is Loss.ELSEWHERE
        assert known.verify().faults == ()


@pytest.mark.parametrize("computer", ["sqa-1", "sqa-2"])
def test_drafts_of_a_history_that_may_not_know_what_was_sent_say_so(
    live: Settings, computer: str
) -> None:
    drafts = mailed(live, delivery="outbox", live=False)
    weekly(drafts)
    history = live.folder / "mfauto-history.sqlite3"
    if computer == "sqa-1":
        copy = history.read_bytes()
        weekly(drafts, "2026-11-09T07:00")
        history.write_bytes(copy)

    with a_run(drafts, "2026-11-09T07:00", computer=computer) as run:
        done = jobs.run_due(run)
    doubts = [one for one in done.asks if "A draft may be of an email that was sent" in one]
    assert len(doubts) == 1  # however many kinds of email were made
    assert "history accept" in doubts[0]
    act(drafts, not_gone, "2026-11-09T08:00", computer=computer)
    done = weekly(drafts, "2026-11-16T07:00", computer=computer)
    assert done.made
    assert not any("A draft may be" in one for one in done.said)


# Held


def test_held_emails_wait_and_go_just_as_they_stand(
    live: Settings, relay: tuple[Relay, int]
) -> None:
    done = weekly(mailed(live, hold=True))
    files = {path.name: path.read_bytes() for path in held(live)}

    assert done.failed == []
    assert done.said[0] == "3 emails made for the week of 2 November 2026, and held."
    assert relay[0].got == []
    assert states(live) == {State.HELD}
    again = weekly(mailed(live, hold=True), "2026-11-03T07:00")
    assert "3 emails are held, and wait for the command release." in again.said
    assert {path.name: path.read_bytes() for path in held(live)} == files

    released = act(mailed(live, hold=True), jobs.release, "2026-11-03T09:00")

    assert released.said[0] == "3 held emails released."
    assert relay[0].readers == READERS
    sent = {(one.original_content or b"").rstrip() for one in relay[0].got}
    assert sent == {data.rstrip() for data in files.values()}
    assert held(live) == []
    assert states(live) == {State.SENT}
    assert act(live, jobs.release).said[0] == "0 held emails released."
    assert relay[0].readers == READERS


def test_a_held_email_that_somebody_changed_is_not_sent(
    live: Settings, relay: tuple[Relay, int]
) -> None:
    weekly(mailed(live, hold=True))
    spoiled = held(live)[0]
    spoiled.write_bytes(spoiled.read_bytes().replace(b"Hello", b"Dear "))

    done = act(live, jobs.release)

    assert len(relay[0].got) == 2
    assert "was changed since it was made" in str(done.failed[0])
    assert done.exit_code == 5
    assert "The next run makes anew what is still due." in done.asks
    assert waiting(live) == []
    relay[0].got.clear()
    assert weekly(live).failed == []
    assert len(relay[0].got) == 1


def waiting(settings: Settings) -> list[jobs.Waiting]:
    with a_run(settings) as run:
        return jobs.waiting(run)


def test_what_was_held_last_week_is_not_sent_this_week(
    live: Settings, relay: tuple[Relay, int]
) -> None:
    weekly(mailed(live, hold=True))
    weekly(mailed(live, hold=True), "2026-11-09T07:00")

    assert all(path.name.startswith("2026-W46") for path in held(live))
    act(live, jobs.release, "2026-11-09T09:00")
    assert relay[0].readers == READERS


def test_a_hold_put_on_by_a_person_keeps_child_safety_back_too_and_says_so(
    live: Settings, relay: tuple[Relay, int]
) -> None:
    act(live, jobs.hold)
    with a_run(live) as run:
        done = jobs.run_due(run)

    assert relay[0].got == []
    (said,) = [str(error) for error in done.failed]
    assert "Speak to the Head of Service today" in said
    assert said.endswith(call("release"))
    assert any("-safety-" in path.name for path in held(live))
    assert act(live, jobs.release).said[0] == "Emails are no longer on hold."
    kinds = [one.original_content or b"" for one in relay[0].got]
    assert b"hild safety" in kinds[0]  # first of all
    assert "han@council.example" in relay[0].readers


def test_the_setting_holds_all_but_child_safety(live: Settings, relay: tuple[Relay, int]) -> None:
    with a_run(mailed(live, hold=True)) as run:
        jobs.run_due(run)

    assert relay[0].readers == ["han@council.example", "sky@council.example"]
    assert not any("-safety-" in path.name for path in held(live))


def test_what_was_held_and_goes_by_itself_later_leaves_no_file(
    live: Settings, relay: tuple[Relay, int]
) -> None:
    weekly(mailed(live, hold=True))
    weekly(live, "2026-11-03T07:00")
    weekly(live, "2026-11-04T07:00")

    assert relay[0].readers == READERS
    assert held(live) == []


def test_while_a_trial_is_on_nobody_else_gets_what_was_held_before(
    live: Settings, relay: tuple[Relay, int]
) -> None:
    weekly(mailed(live, hold=True))
    trial = mailed(live, hold=True, redirect_all_to="trial@council.example")
    done = act(trial, jobs.release)

    assert relay[0].got == []
    assert "A trial is on" in str(done.failed[0])
    assert done.exit_code == 5
    again(trial)
    act(trial, jobs.release)
    assert set(relay[0].readers) == {"trial@council.example"}
    relay[0].got.clear()
    act(live, jobs.release)
    assert relay[0].readers == READERS


def test_what_a_release_could_not_send_goes_with_the_next_one(
    live: Settings, relay: tuple[Relay, int]
) -> None:
    weekly(mailed(live, hold=True))
    before = {path.name: path.read_bytes() for path in held(live)}
    away = replace(live, smtp=replace(live.smtp, port=1))

    done = act(away, jobs.release)

    assert done.exit_code == 5
    assert done.asks == ["3 emails are held as before. Say release again."]
    assert states(live) == {State.HELD}
    assert {path.name: path.read_bytes() for path in held(live)} == before
    assert act(live, jobs.release).asks == []
    assert relay[0].readers == READERS
    assert states(live) == {State.SENT}


@pytest.mark.parametrize("outbox", [True, False])
def test_a_release_that_was_stopped_leaves_the_others_held(
    live: Settings, relay: tuple[Relay, int], monkeypatch: pytest.MonkeyPatch, outbox: bool
) -> None:
    weekly(mailed(live, hold=True))
    settings = mailed(live, live=not outbox)
    begin, begun = Ledger.begin, iter(range(3))

    def stops(ledger: Ledger, delivery: Delivery, now: datetime) -> Delivery:
        found = begin(ledger, delivery, now)
        if next(begun) == 1:
            raise KeyboardInterrupt
        return found

    monkeypatch.setattr(Ledger, "begin", stops)
    with pytest.raises(KeyboardInterrupt):
        act(settings, jobs.release)
    monkeypatch.undo()

    released = act(settings, jobs.release).said[0]

    # By a mail server nobody can know of the one in the middle; a draft shows that it was not made.
    assert released == ("2 held emails released." if outbox else "1 held email released.")
    assert len(relay[0].got) == (0 if outbox else 2)


def again(settings: Settings) -> Done:
    return act(
        settings,
        lambda run: jobs.remind(run, jobs.reviewed(settings, run.as_at), again=True),
        "2026-11-03T07:00",
    )


def test_what_was_sent_is_not_made_again_for_one_that_was_changed(
    live: Settings, relay: tuple[Relay, int]
) -> None:
    settings = mailed(live, hold=True)
    weekly(settings)
    held(live)[0].write_bytes(b"changed")
    assert "was changed" in str(act(settings, jobs.release).failed[0])
    assert len(relay[0].got) == 2

    assert weekly(settings).said[0] == "1 email made for the week of 2 November 2026, and held."
    act(settings, jobs.release)

    assert relay[0].readers == READERS


def test_what_was_sent_or_may_have_been_is_no_draft_later(
    live: Settings, relay: tuple[Relay, int]
) -> None:
    relay[0].silent = True
    weekly(live)
    assert states(live) == {State.UNKNOWN}

    assert again(mailed(live, live=False)).made == []


def test_a_release_of_too_many_sends_none_and_leaves_the_hold_on(
    live: Settings, relay: tuple[Relay, int]
) -> None:
    assert "\\n" not in act(live, jobs.hold).said[0]
    weekly(live)

    with pytest.raises(DeliveryError, match="None was sent"):
        act(mailed(live, most_per_run=2), jobs.release)

    assert relay[0].got == []
    with read_ledger(live.folder) as ledger:
        assert ledger
        assert ledger.on_hold()


# A person's word


def test_an_email_of_unknown_fate_waits_for_a_persons_word(
    live: Settings, relay: tuple[Relay, int]
) -> None:
    relay[0].silent = True
    done = weekly(live)
    assert done.exit_code == 5
    assert states(live) == {State.UNKNOWN}
    relay[0].silent = False
    relay[0].got.clear()

    weekly(live, "2026-11-03T07:00")
    assert relay[0].got == []
    with read_ledger(live.folder) as ledger:
        assert ledger
        first, second, third = [one.key for one in ledger.deliveries(State.UNKNOWN)]
    act(live, lambda run: jobs.resolve(run, first[:12], arrived=True))
    act(live, lambda run: jobs.resolve(run, second[:12], arrived=False))
    with pytest.raises(UsageError, match=f"There are: {third[:12]}"):
        act(live, lambda run: jobs.resolve(run, first[:12], arrived=True))

    weekly(live, "2026-11-04T07:00")
    assert len(relay[0].got) == 1
    assert states(live) == {State.SENT, State.UNKNOWN}


def test_what_has_not_arrived_goes_with_the_next_run_as_it_is_promised(
    live: Settings, relay: tuple[Relay, int]
) -> None:
    def run(at: str) -> Done:
        with a_run(live, at) as run:
            return jobs.run_due(run)

    relay[0].silent = True
    run(MONDAY)
    run("2026-11-02T10:00")
    with read_ledger(live.folder) as ledger:
        assert ledger
        unknown = [one for one in ledger.deliveries(State.UNKNOWN) if one.kind == "weekly"]
    relay[0].silent = False
    relay[0].got.clear()
    promised = act(live, lambda run: jobs.resolve(run, unknown[0].key, arrived=False)).said[0]
    assert "The next run sends it" in promised

    run("2026-11-02T13:00")
    assert len(relay[0].got) == 1
    run("2026-11-03T10:00")
    act(live, lambda run: jobs.resolve(run, unknown[1].key, arrived=False), "2026-11-06T09:00")
    run("2026-11-09T10:00")  # too late for that week

    with read_ledger(live.folder) as ledger:
        assert ledger
        states = {one.key: one.state for one in ledger.deliveries()}
        assert [states[one.key] for one in unknown[:2]] == [State.SENT, State.FAILED]
        assert list(ledger.entries("skipped")) == []


# Looked at before


def test_the_preview_shows_every_email_and_changes_nothing_else(
    live: Settings, relay: tuple[Relay, int]
) -> None:
    before = {path: path.read_bytes() for path in live.folder.rglob("*") if path.is_file()}
    now = datetime.fromisoformat(MONDAY).replace(tzinfo=LONDON)
    run = Run(settings=live, as_at=now.date(), now=now)
    done = jobs.preview(run, jobs.reviewed(live, run.as_at))

    (made,) = done.made
    page = made.read_text(encoding="utf-8")
    assert page.count("<iframe sandbox ") == 3
    assert all(page.count(reader) >= 2 for reader in READERS)
    assert "They would be sent by smtp. Nothing was sent." in page
    assert relay[0].got == []
    after = {path: path.read_bytes() for path in live.folder.rglob("*") if path.is_file()}
    assert set(after) - set(before) == {made}
    assert all(after[path] == before[path] for path in before)


def test_the_preview_says_what_has_gone_already(live: Settings) -> None:
    weekly(live)
    with a_run(live, "2026-11-04T07:00") as run:
        (made,) = jobs.preview(run, jobs.reviewed(live, run.as_at)).made
    assert made.read_text(encoding="utf-8").count("Made already this week") == 6


# At the screen


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    tracker(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_hold_and_release_at_the_screen(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["hold"]) == 0
    assert call("release") in capsys.readouterr().out
    assert main(["hold"]) == 0
    assert call("release") in capsys.readouterr().out
    assert main(["remind", "--as-at", "2026-11-02"]) == 0
    assert "and held." in capsys.readouterr().out
    assert main(["status"]) in (0, 1)
    said = capsys.readouterr().out
    assert f"All emails are on hold. To let them go: {call('release')}" in said
    assert "3 emails wait for the command release." in said
    assert main(["release"]) == 2  # nobody is there to be asked
    said = capsys.readouterr().err
    assert "Add --yes" in said
    assert "sky@council.example" in said
    assert main(["release", "--dry-run"]) == 0
    assert len(held(Settings(folder=folder))) == 3
    assert main(["release", "--yes"]) == 0
    assert len(list((folder / "outbox").glob("*.eml"))) == 3


def test_the_history_says_what_to_type(
    live: Settings,
    relay: tuple[Relay, int],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    relay[0].silent = True
    weekly(live)
    monkeypatch.chdir(live.folder)

    assert main(["history"]) == 0
    said = capsys.readouterr().out
    typed = re.search(r"history resolve ([0-9a-f]{12}) --arrived", said)
    assert typed
    assert main(["history", "resolve", typed[1]]) == 2
    assert main(["history", "resolve", typed[1], "--arrived"]) == 0
    assert "has arrived" in capsys.readouterr().out
    assert main(["history", "resolve", typed[1], "--not-arrived"]) == 2
    assert main(["history", "accept"]) == 0
    assert main(["remind", "--preview", "--again"]) == 2


class _Person(io.StringIO):
    """Somebody at the screen who says yes, once something else has happened."""

    def __init__(self, first: Callable[[], object]) -> None:
        super().__init__("yes\n")
        self._first = first

    def isatty(self) -> bool:
        self._first()  # asked last of all before the answer is waited for
        return True


def test_no_run_waits_for_a_persons_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tracker(tmp_path)
    (tmp_path / "mfauto.toml").write_text("[mail]\nhold = true\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(["remind", "--as-at", "2026-11-02"]) == 0
    codes: list[int] = []

    def another_run() -> None:
        codes.append(main(["run", "--as-at", "2026-11-09"]))

    monkeypatch.setattr("sys.stdin", _Person(another_run))
    assert main(["release"]) == 2
    assert "Other emails are held now than were shown" in capsys.readouterr().err
    monkeypatch.setattr("sys.stdin", _Person(another_run))
    assert main(["purge"]) == 0
    assert codes == [0, 0]
    assert not list(tmp_path.glob("outbox/*-weekly-*"))

    monkeypatch.setattr("sys.stdin", _Person(lambda: None))
    assert main(["release"]) == 0
    assert len(list(tmp_path.glob("outbox/*-weekly-*"))) == 3


def test_hold_asks_a_run_that_is_at_work_to_stop(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_ledger(folder, datetime.now(LONDON)) as ledger:
        assert main(["hold", "--dry-run"]) == 0
        assert not ledger.on_hold()
        assert main(["hold"]) == 0
        assert ledger.on_hold()
    assert "sends nothing after the email that is leaving now" in capsys.readouterr().out
    with read_ledger(folder) as known:
        assert known
        assert [entry.event for entry in known.entries("hold")] == ["hold"]
    assert not (folder / "mfauto-hold").exists()  # noted, so it need not be asked again
