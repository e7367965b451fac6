"""A real mail server on this computer, a small tracker, and runs at chosen moments."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from threading import Thread
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope

from mfauto import jobs
from mfauto.jobs import Done, Run
from mfauto.ledger import State, open_ledger, read_ledger
from mfauto.schedule import LONDON
from mfauto.settings import Settings
from tests.making import a_workbook
from tests.scheduling.test_due import CASE, PEOPLE

MONDAY = "2026-11-02T07:00"
READERS = ["ada@council.example", "han@council.example", "sky@council.example"]


def tracker(folder: Path) -> None:
    action: dict[str, Any] = {"ref": "A-1", "case_ref": "MF-001", "action": "Visit"}
    action |= {"owner": "Ada Practice", "status": "Open"}
    action |= {"due": date(2026, 10, 1), "original_due": date(2026, 10, 1)}
    a_workbook(folder / "Tracker.xlsx", cases=[CASE], people=PEOPLE, actions=[action])


class Relay:
    """A real mail server on this computer that keeps what it was given."""

    def __init__(self) -> None:
        self.got: list[Envelope] = []
        self.silent = False  #: takes emails, and goes away without a word

    async def handle_DATA(self, server: Any, _: Any, envelope: Envelope) -> str:  # noqa: N802
        self.got.append(envelope)
        if self.silent:
            server.transport.abort()
        return "250 taken"

    @property
    def readers(self) -> list[str]:
        return sorted(one for envelope in self.got for one in envelope.rcpt_tos)


@contextmanager
def served(relay: Relay) -> Iterator[int]:
    """Run the server on a thread of its own; gives its port."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever)
    thread.start()

    async def start() -> asyncio.Server:
        return await loop.create_server(lambda: SMTP(relay, loop=loop), "127.0.0.1", 0)

    async def stop() -> None:
        server.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        await asyncio.sleep(0)

    server = asyncio.run_coroutine_threadsafe(start(), loop).result()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        asyncio.run_coroutine_threadsafe(stop(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def mailed(settings: Settings, **fields: Any) -> Settings:
    return replace(settings, mail=replace(settings.mail, **fields))


@contextmanager
def a_run(
    settings: Settings, at: str = MONDAY, *, computer: str = "sqa-1", **fields: Any
) -> Iterator[Run]:
    now = datetime.fromisoformat(at).replace(tzinfo=LONDON)
    with open_ledger(settings.folder, now, computer=computer) as ledger:
        run = Run(settings=settings, as_at=now.date(), now=now, ledger=ledger, **fields)
        try:
            yield run
        finally:
            run.close()


def weekly(settings: Settings, at: str = MONDAY, **fields: Any) -> Done:
    with a_run(settings, at, **fields) as run:
        return jobs.remind(run, jobs.reviewed(settings, run.as_at))


def act(
    settings: Settings, do: Callable[[Run], Done], at: str = MONDAY, *, computer: str = "sqa-1"
) -> Done:
    with a_run(settings, at, computer=computer) as run:
        return do(run)


def not_gone(run: Run) -> Done:
    return jobs.accept(run, gone=False)


def states(settings: Settings) -> set[State]:
    with read_ledger(settings.folder) as ledger:
        assert ledger
        assert ledger.verify().faults == ()
        return {one.state for one in ledger.deliveries()}


def held(settings: Settings) -> list[Path]:
    return sorted((settings.folder / "held").glob("*.eml"))
