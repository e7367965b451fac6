"""A mail server for each test, and settings that send to it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mfauto.settings import Mail, Settings, SmtpServer
from tests.releasing.relay import Relay, served, tracker


@pytest.fixture
def relay() -> Iterator[tuple[Relay, int]]:
    kept = Relay()
    with served(kept) as port:
        yield kept, port


@pytest.fixture
def live(tmp_path: Path, relay: tuple[Relay, int]) -> Settings:
    tracker(tmp_path)
    return Settings(
        folder=tmp_path,
        tracker=tmp_path / "Tracker.xlsx",
        mail=Mail(
            delivery="smtp",
            live=True,
            sender="moving-forward@council.example",
            allowed_domains=("council.example",),
        ),
        smtp=SmtpServer(host="127.0.0.1", port=relay[1], security="none", timeout=5),
    )
