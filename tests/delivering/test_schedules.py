"""Hundreds of schedules of faults: nothing twice without a person's word, nothing lost.

Each schedule is a week: some runs that meet faults of the server or the line, then runs
that meet none. What the server really took is the truth to compare with. The long run takes
500 schedules; every run takes some of each kind.
"""

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from mfauto.delivery import open_transport
from mfauto.ledger import State, open_ledger
from mfauto.model import Review
from mfauto.sending import Outcome, remind
from mfauto.settings import GraphApp, Mail, Settings, SmtpServer
from tests.delivering.servers import (
    DROP,
    STALL,
    TAKE_AND_DROP,
    TAKE_AND_STALL,
    Accepted,
    GraphServer,
    Line,
    MailServer,
    authority_file,
)
from tests.messages.sample import SETTINGS, the_week

LONG: Final = bool(os.environ.get("MFAUTO_LONG"))
EACH: Final = 250 if LONG else 8  #: schedules of each way out
MONDAY: Final = datetime(2026, 11, 2, 7, tzinfo=UTC)
READERS: Final = 3

Fault = tuple[str, Any]


@dataclass(frozen=True)
class Week:
    """The faults of each run, in turn; each is a place and what happens there."""

    runs: tuple[tuple[Fault, ...], ...]


def drawn(chance: random.Random, faults: tuple[Fault, ...], reach: int) -> Fault:
    """Draw one fault: of the server, or of the line after so many bytes."""
    if chance.random() < 0.4:
        return chance.choice(("there", "back")), chance.randrange(1, reach)
    return chance.choice(faults)


def weeks(seed: int, faults: tuple[Fault, ...], reach: int) -> list[Week]:
    chance = random.Random(seed)  # noqa: S311 - the same seed must give the same schedules
    return [
        Week(
            tuple(
                tuple(drawn(chance, faults, reach) for _ in range(chance.choice((1, 1, 2, 3))))
                for _ in range(chance.choice((1, 1, 2, 3)))
            )
        )
        for _ in range(EACH)
    ]


SMTP_FAULTS: Final[tuple[Fault, ...]] = (
    tuple(
        (step, fault)
        for step in ("connect", "ehlo", "noop", "mail", "rcpt", "data", "end")
        for fault in (DROP, DROP, "451 not now", "421 closing", "550 no", STALL)
        if fault != STALL or step in ("rcpt", "end")
    )
    + (("end", TAKE_AND_DROP),) * 6
    + (("end", TAKE_AND_STALL),) * 2
)
GRAPH_FAULTS: Final[tuple[Fault, ...]] = (
    *(("send", (code, {})) for code in (400, 401, 403, 429, 500, 502, 503, 504)),
    *(("send", (code, {"taken": "yes"})) for code in (500, 503, 504)),
    *(("send", fault) for fault in (DROP, TAKE_AND_DROP, TAKE_AND_DROP, TAKE_AND_STALL, STALL)),
    *(("sign in", fault) for fault in (DROP, (401, {"said": "AADSTS7000222"}))),
)


class Place:
    """A working folder, its way out, and the server at the other end."""

    def __init__(self, folder: Path, settings: Settings, accepted: Accepted) -> None:
        self.folder = folder
        self.settings = settings
        self.accepted = accepted
        self.now = MONDAY

    def run(self, found: Review) -> Outcome:
        self.now += timedelta(hours=1)
        transport = open_transport(self.settings, lambda _: None)
        try:
            with open_ledger(self.folder, self.now) as ledger:
                return remind(found, self.settings, ledger, transport, self.now)
        finally:
            transport.close()

    def states(self) -> dict[str, State]:
        with open_ledger(self.folder, self.now) as ledger:
            assert ledger.verify().faults == ()
            assert not ledger.lost
            return {one.key: one.state for one in ledger.deliveries()}

    def resolve(self, key: str, *, arrived: bool) -> None:
        with open_ledger(self.folder, self.now) as ledger:
            ledger.resolve(key, self.now, arrived=arrived)


def holds(place: Place, found: Review) -> int:
    """Run until nothing is owed, comparing with the truth; give how many were unknown."""
    truth = place.accepted
    for _ in range(2):
        outcome = place.run(found)
    states = place.states()
    assert len(states) == READERS
    assert set(states.values()) <= {State.SENT, State.UNKNOWN}
    for key, state in states.items():
        if state is State.SENT:
            assert truth.count(key) == 1, "lost, or sent twice"
        else:
            assert truth.count(key) <= 1, "sent twice"
    unknown = [key for key, state in states.items() if state is State.UNKNOWN]
    assert sorted(one.key for one in outcome.unknown) == sorted(unknown)
    assert outcome.undelivered == bool(unknown)
    # A person looks into the mailbox and says what is true; then nothing is owed any more.
    for key in unknown:
        place.resolve(key, arrived=truth.count(key) == 1)
    assert not place.run(found).undelivered
    assert set(place.states().values()) == {State.SENT}
    assert [truth.count(key) for key in states] == [1] * READERS
    return len(unknown)


@contextmanager
def by_smtp(folder: Path) -> Iterator[tuple[Place, MailServer, Line]]:
    server = MailServer()
    with server.served() as port:
        line = Line(port)
        with line.served() as near:
            settings = replace(
                SETTINGS,
                mail=Mail(delivery="smtp", live=True, allowed_domains=("council.example",)),
                smtp=SmtpServer(host="127.0.0.1", port=near, security="none", timeout=0.3),
            )
            yield Place(folder, settings, server.accepted), server, line


@contextmanager
def by_graph(folder: Path) -> Iterator[tuple[Place, GraphServer, Line]]:
    server = GraphServer()
    with server.served() as port:
        line = Line(port)
        with line.served() as near:
            here = f"https://localhost:{near}"
            settings = replace(
                SETTINGS,
                mail=Mail(delivery="graph", live=True, allowed_domains=("council.example",)),
                graph=GraphApp(
                    tenant="council.example",
                    client_id="made-up",
                    login=f"https://localhost:{port}",
                    address=here,
                    ca_file=authority_file(folder),
                    timeout=0.3,
                ),
            )
            yield Place(folder, settings, server.accepted), server, line


@pytest.fixture(scope="module")
def found() -> Review:
    return the_week()


def test_no_schedule_of_a_mail_server_sends_twice_or_loses(tmp_path: Path, found: Review) -> None:
    unknown = 0
    for number, week in enumerate(weeks(1, SMTP_FAULTS, 30_000)):
        folder = tmp_path / str(number)
        folder.mkdir()
        with by_smtp(folder) as (place, server, line):
            for faults in week.runs:
                server.faults = [fault for fault in faults if fault[0] not in ("there", "back")]
                for way in ("there", "back"):
                    setattr(line, way, dict(faults).get(way))
                place.run(found)
            server.faults, line.there, line.back = [], None, None
            unknown += holds(place, found)
    assert unknown > EACH / 10  # the schedules do meet what nobody can know


def test_no_schedule_of_microsoft_graph_sends_twice_or_loses(
    tmp_path: Path, found: Review, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MFAUTO_GRAPH_SECRET", "made-up")
    unknown = 0
    for number, week in enumerate(weeks(2, GRAPH_FAULTS, 40_000)):
        folder = tmp_path / str(number)
        folder.mkdir()
        with by_graph(folder) as (place, server, line):
            for faults in week.runs:
                server.faults = [fault for where, fault in faults if where == "send"]
                server.sign_in = [fault for where, fault in faults if where == "sign in"]
                for way in ("there", "back"):
                    setattr(line, way, dict(faults).get(way))
                place.run(found)
            server.faults, server.sign_in, line.there, line.back = [], [], None, None
            unknown += holds(place, found)
    assert unknown > EACH / 10
