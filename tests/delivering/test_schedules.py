"""Whatever fails between here and the server: nothing twice, nothing lost, nothing unsaid."""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Final

import pytest

from mfauto.ledger import State, open_ledger
from mfauto.setting_words import GRAPH_SECRET
from mfauto.settings import Settings
from tests.delivering.servers import (
    DIE,
    Answer,
    Cut,
    Line,
    Trust,
    Truth,
    fault,
    graph_server,
    line_to,
    smtp_server,
    trusted,
)
from tests.delivering.week import a_week, by_graph, by_smtp, holds, run
from tests.messages.sample import MONDAY

SCHEDULES: Final = 250 if os.environ.get("MFAUTO_LONG") else 15  # of each way to send
LATER: Final = datetime(2026, 11, 2, 9, tzinfo=UTC)
STEPS: Final = ("banner", "EHLO", "NOOP", "MAIL", "RCPT", "DATA", "end", "RSET")
NO: Final = (b"421 4.3.2 Closing", b"451 4.3.0 Later", b"550 5.7.1 No", b"999 ?", b"what", DIE)


def cut(random: Random, longest: int) -> Cut:
    stalls = random.random() < 0.1
    return Cut(random.randrange(longest), back=random.random() < 0.4, stalls=stalls)


def spoil_smtp(random: Random, truth: Truth, line: Line) -> None:
    for _ in range(random.randint(1, 3)):
        kind = random.randrange(3)
        if kind == 0:
            back = random.random() < 0.5
            after = random.randrange(900 if back else 90_000)
            line.cuts.append(Cut(after, back=back, stalls=random.random() < 0.1))
        elif kind == 1:
            truth.answers[random.choice(STEPS)].append(random.choice(NO))
        else:
            # Some are taken as they should be; then one is taken and the server dies.
            truth.dies.extend([False] * random.randrange(3) + [True])
            truth.answers["end"].extend([b"250 OK"] * random.randrange(3) + [DIE])


def spoil_graph(random: Random, truth: Truth, line: Line) -> None:
    answers = [
        *(fault(code) for code in (400, 401, 403, 404, 413, 500, 502, 503, 504)),
        fault(429, Retry_After="1"),
        fault(429, Retry_After="9999"),
        Answer(200),
        Answer(302, headers={"Location": "https://127.0.0.1/elsewhere"}),
        Answer(503, keeps=True),
        Answer(504, keeps=True, dies=True),
        Answer(500, dies=True),
    ]
    for _ in range(random.randint(1, 3)):
        kind = random.randrange(4)
        if kind == 0:
            line.cuts.append(cut(random, random.choice((1_000, 5_000, 90_000))))
        elif kind == 1:
            told = random.choice((fault(500), Answer(200, b"{"), Answer(400, b"{}")))
            truth.answers["token"].append(told)
        else:
            truth.answers["send"].extend([Answer(202)] * random.randrange(3))
            truth.answers["send"].append(random.choice(answers))


def schedules(
    folder: Path,
    truth: Truth,
    line: Line,
    make: Callable[[Path], Settings],
    spoil: Callable[[Random, Truth, Line], None],
) -> Counter[str]:
    """Run every schedule, look at each, and count what became of the emails."""
    seen: Counter[str] = Counter()
    for seed in range(SCHEDULES):
        random = Random(seed)  # noqa: S311 - the same seed, the same schedule
        place = folder / str(seed)
        place.mkdir()
        truth.accepted.clear()
        settings, found = make(place), a_week(random.randint(1, 3))
        for _ in range(random.randint(1, 3)):
            spoil(random, truth, line)
            run(settings, found)
            truth.clear()
            line.cuts.clear()
            holds(place, truth)
        healthy = run(settings, found)
        holds(place, truth)
        with open_ledger(place, LATER) as ledger:
            states = Counter(one.state for one in ledger.deliveries())
            unknown = ledger.deliveries(State.UNKNOWN)
        assert set(states) <= {State.SENT, State.UNKNOWN}, seed
        assert sum(states.values()) == len(healthy.batch.messages), seed
        assert [one.key for one in healthy.unknown] == [one.key for one in unknown], seed
        assert healthy.undelivered == bool(unknown), seed
        seen.update(states)
        if unknown:
            told = run(settings, replace(found, as_at=MONDAY.replace(day=9)))
            (summary,) = (one for one in told.batch.messages if one.summary)
            assert "may or may not have" in " ".join(summary.text.split()), seed
            seen["reported"] += 1
        if unknown and random.random() < 0.5:
            seen["resolved"] += 1
            with open_ledger(place, LATER) as ledger:
                ledger.resolve(unknown[0].key, LATER, arrived=False)
            week = run(replace(settings, folder=place), found)
            assert week.refused or len(week.posted.sent) == 1, seed
            holds(place, truth, resolved=Counter([unknown[0].key]))
    assert seen[State.SENT] > SCHEDULES
    assert seen[State.UNKNOWN] >= SCHEDULES // 10
    return seen


@pytest.fixture(scope="module")
def trust(tmp_path_factory: pytest.TempPathFactory) -> Trust:
    return trusted(tmp_path_factory.mktemp("trust"))


@pytest.fixture
def smtp() -> Iterator[tuple[Truth, Line]]:
    with smtp_server() as (truth, port), line_to(port) as line:
        yield truth, line


@pytest.fixture
def graph(trust: Trust, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Truth, Line]]:
    monkeypatch.setenv(GRAPH_SECRET, "secret")
    with graph_server(trust) as (truth, port), line_to(port) as line:
        yield truth, line


def test_schedules_over_smtp(tmp_path: Path, smtp: tuple[Truth, Line]) -> None:
    truth, line = smtp
    seen = schedules(tmp_path, truth, line, lambda folder: by_smtp(folder, line.port), spoil_smtp)
    print(dict(seen))  # noqa: T201 - the figures of a long run


def test_schedules_over_graph(tmp_path: Path, graph: tuple[Truth, Line], trust: Trust) -> None:
    truth, line = graph
    seen = schedules(
        tmp_path,
        truth,
        line,
        lambda folder: by_graph(folder, line.port, trust.ca_file),
        spoil_graph,
    )
    print(dict(seen))  # noqa: T201
