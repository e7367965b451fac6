"""What posting promises around a live server: held emails, trials, two runs, an old history."""

import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mfauto.delivery import Held, open_transport
from mfauto.errors import SettingsError
from mfauto.ledger import HISTORY, State, open_ledger
from mfauto.model import Review
from mfauto.posting import Posted, release, settle
from mfauto.sending import Outcome, remind
from mfauto.settings import PROJECT, Settings
from tests.delivering.servers import DIE, Truth, smtp_server
from tests.delivering.week import a_week, by_graph, by_smtp, holds, run
from tests.messages.sample import MONDAY

NOW = datetime(2026, 11, 2, 7, tzinfo=UTC)


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[Truth, int]]:
    with smtp_server() as given:
        yield given


@pytest.fixture
def truth(server: tuple[Truth, int]) -> Truth:
    server[0].clear()
    server[0].accepted.clear()
    return server[0]


@pytest.fixture
def settings(tmp_path: Path, server: tuple[Truth, int]) -> Settings:
    return by_smtp(tmp_path, server[1], limit=5)


# Held emails


def hold(settings: Settings, found: Review | None = None) -> Outcome:
    found = found or a_week()
    now = datetime.combine(found.as_at, NOW.time(), UTC)
    with open_ledger(settings.folder, now) as ledger:
        return remind(found, settings, ledger, Held(settings.output), now)


def let_go(settings: Settings) -> Posted:
    transport = open_transport(settings, lambda _: None)
    try:
        with open_ledger(settings.folder, NOW) as ledger:
            settle(ledger, settings.output, NOW)
            held = ledger.deliveries(State.HELD)
            return release(
                held, Held(settings.output), ledger, transport, NOW, check=lambda _: None
            )
    finally:
        transport.close()


def files(settings: Settings) -> list[Path]:
    return sorted((settings.output / "held").iterdir())


def test_held_emails_go_once_and_as_they_stand(truth: Truth, settings: Settings) -> None:
    hold(settings)
    made = {path.read_bytes() for path in files(settings)}
    assert truth.accepted == []

    assert len(let_go(settings).sent) == 3
    assert let_go(settings).wanted == []
    assert run(settings, a_week()).posted.wanted == []

    assert {one.data for one in truth.accepted} == made
    assert len(truth.accepted) == 3
    assert files(settings) == []
    holds(settings.folder, truth)


def test_a_held_email_that_was_changed_is_not_sent(truth: Truth, settings: Settings) -> None:
    hold(settings)
    changed, gone, _ = files(settings)
    changed.write_bytes(changed.read_bytes().replace(b"Subject: ", b"Subject: Not "))
    gone.unlink()

    posted = let_go(settings)

    assert len(posted.sent) == 1
    assert len(posted.failed) == 2
    assert any("was changed" in said for said in posted.faults())
    assert len(truth.accepted) == 1
    holds(settings.folder, truth)


def test_a_release_that_lost_its_server_is_never_sent_again_by_itself(
    truth: Truth, settings: Settings
) -> None:
    hold(settings)
    truth.answers["end"].extend([b"250 OK", DIE])
    truth.dies.append(True)

    first = let_go(settings)
    again = let_go(settings)

    assert (len(first.sent), len(first.unsure), again.wanted) == (2, 1, [])
    assert len(truth.accepted) == 3
    assert len(files(settings)) == 1  # the one that a person has to decide on
    holds(settings.folder, truth)


def test_held_emails_of_an_older_week_are_dropped(truth: Truth, settings: Settings) -> None:
    hold(settings)
    outcome = hold(settings, a_week(as_at=MONDAY.replace(day=9)))
    assert outcome.unreleased == 3
    assert outcome.skipped == ("2026-W45",)
    said = "3 emails of earlier weeks were held and never released."
    assert any(said in one for one in outcome.warnings())
    assert {path.name[:8] for path in files(settings)} == {"2026-W46"}
    let_go(settings)
    with open_ledger(settings.folder, NOW) as ledger:
        states = Counter((one.period, one.state) for one in ledger.deliveries())
    assert states["2026-W45", State.FAILED] == 3
    assert states["2026-W45", State.SENT] == 0
    holds(settings.folder, truth)


# A trial


def test_a_trial_reaches_one_address_and_counts_for_nobody(
    truth: Truth, settings: Settings
) -> None:
    trial = replace(settings, mail=replace(settings.mail, redirect_all_to="tester@council.example"))
    run(trial, a_week())
    assert {one.envelope for one in truth.accepted} == {("tester@council.example",)}
    assert len(truth.accepted) == 3
    with open_ledger(settings.folder, NOW) as ledger:
        assert ledger.told("weekly", "2026-W46") == frozenset()

    run(settings, a_week())
    assert sorted(one.envelope[0].partition(".")[0] for one in truth.accepted[3:]) == [
        "amira",
        "jo",
        "priya",
    ]
    holds(settings.folder, truth)


# Two runs at once


ANOTHER = """
import sys
from pathlib import Path
from mfauto.errors import MfautoError
from tests.delivering.week import a_week, by_smtp, run
try:
    print(len(run(by_smtp(Path(sys.argv[1]), int(sys.argv[2]), limit=20), a_week(3)).posted.sent))
except MfautoError as error:
    print(type(error).__name__, error)
"""


def test_of_two_runs_one_works_and_the_other_says_so(
    truth: Truth, settings: Settings, server: tuple[Truth, int]
) -> None:
    command = [sys.executable, "-c", ANOTHER, str(settings.folder), str(server[1])]
    both = [
        subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    said = sorted(one.communicate(timeout=60)[0] for one in both)
    assert said[0].split() in (["0"], ["5"])  # the second found nothing to do, or was kept out
    assert said[1].startswith("RunningError Another run") or said[1].split() == ["5"]
    assert len(truth.accepted) == 5
    holds(settings.folder, truth)


def test_a_run_while_another_is_sending_is_kept_out(truth: Truth, settings: Settings) -> None:
    with open_ledger(settings.folder, NOW):
        command = [sys.executable, "-c", ANOTHER, str(settings.folder), "1"]
        done = subprocess.run(
            command, cwd=PROJECT, capture_output=True, text=True, check=False, timeout=60
        )
    assert re.match(r"RunningError Another run is at work in .* \(process \d+\)", done.stdout)
    assert truth.accepted == []


# An older history, or none


def lost(folder: Path) -> bool:
    with open_ledger(folder, NOW) as ledger:
        return ledger.lost is not None


def test_a_history_taken_away_or_put_back_shows_until_it_is_accepted(
    truth: Truth, settings: Settings
) -> None:
    folder = settings.folder
    history = folder / HISTORY
    older = folder / "older"
    run(settings, a_week())
    shutil.copy(history, older)
    run(settings, a_week(as_at=MONDAY.replace(day=9)))
    assert not lost(folder)

    shutil.copy(older, history)
    assert lost(folder)
    assert lost(folder)  # looking at it does not make it right
    with open_ledger(folder, NOW) as ledger:
        ledger.accept(NOW)
    assert not lost(folder)

    history.unlink()
    assert lost(folder)
    with open_ledger(folder, NOW) as ledger:
        ledger.record("run", NOW)
    assert lost(folder)
    with open_ledger(folder, NOW) as ledger:
        ledger.accept(NOW)
    assert not lost(folder)
    assert truth.accepted


def test_certificates_that_are_not_there_are_said_before_anything_leaves(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MFAUTO_GRAPH_SECRET", "secret")
    missing = settings.folder / "ca.pem"
    smtp = replace(settings, smtp=replace(settings.smtp, ca_file=missing))
    graph = by_graph(settings.folder, 1, missing)
    for wrong in (smtp, graph):
        with pytest.raises(SettingsError, match=r"ca_file: .*ca\.pem is not there"):
            open_transport(wrong, lambda _: None)
