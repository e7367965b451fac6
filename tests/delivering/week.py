"""One week of emails that are to reach real servers, and what must hold of it."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

from mfauto.delivery import open_transport
from mfauto.ledger import State, open_ledger
from mfauto.model import Review
from mfauto.sending import Outcome, remind
from mfauto.settings import GraphApp, Settings, SmtpServer
from tests.delivering.servers import HOST, Truth
from tests.messages.sample import MONDAY, PEOPLE, an_action, improving, mail, reviewed

WEEK: Final = timedelta(days=7)
OWNERS: Final = ("Amira Khan", "Lee Marsh", "Sam Okoro")
LIMIT: Final = 0.25  # seconds that an answer may take


def a_week(owners: int = 1, as_at: date = MONDAY) -> Review:
    """Give a review that writes to so many owners, the Head of Service and the officer."""
    actions = [
        an_action(ref=f"A-{number}", owner=name)
        for number, name in enumerate(OWNERS[:owners], start=1)
    ]
    return reviewed(improving(), actions=actions, as_at=as_at)


def by_smtp(folder: Path, port: int, *, limit: float = LIMIT, **fields: object) -> Settings:
    settings = replace(
        mail(
            delivery="smtp",
            live=True,
            sender="moving-forward@council.example",
            allowed_domains=("council.example",),
            **fields,
        ),
        folder=folder,
    )
    server = SmtpServer(host=HOST, port=port, security="none", timeout=limit)
    return replace(settings, smtp=server)


def by_graph(
    folder: Path, port: int, ca_file: Path, *, limit: float = LIMIT, **fields: object
) -> Settings:
    settings = replace(
        mail(
            delivery="graph",
            live=True,
            sender="moving-forward@council.example",
            allowed_domains=("council.example",),
            **fields,
        ),
        folder=folder,
    )
    place = f"https://{HOST}:{port}"
    app = GraphApp(
        tenant="tenant",
        client_id="client",
        login=place,
        address=place,
        ca_file=ca_file,
        timeout=limit,
    )
    return replace(settings, graph=app)


def run(
    settings: Settings, found: Review, wait: Callable[[float], object] = lambda _: None
) -> Outcome:
    """Send the week's emails as one run does."""
    now = datetime(found.as_at.year, found.as_at.month, found.as_at.day, 7, tzinfo=UTC)
    transport = open_transport(settings, wait)
    try:
        with open_ledger(settings.folder, now) as ledger:
            return remind(found, settings, ledger, transport, now)
    finally:
        transport.close()


def holds(folder: Path, truth: Truth, *, resolved: Counter[str] | None = None) -> None:
    """See that the history of a folder and what the server accepted agree.

    `resolved` counts, for each key, the times that a person said that it had not arrived.
    """
    words = resolved or Counter()
    accepted = Counter(one.id.strip("<>").partition("@")[0] for one in truth.accepted)
    with open_ledger(folder, datetime(2026, 11, 2, 8, tzinfo=UTC)) as ledger:
        assert not ledger.lost
        assert ledger.verify().faults == ()
        for delivery in ledger.deliveries():
            times = accepted[delivery.key]
            assert times <= 1 + words[delivery.key], delivery
            if delivery.state is State.SENT and delivery.detail != "a person's word":
                assert times >= 1, delivery
            if times > words[delivery.key]:
                assert delivery.state in (State.SENT, State.UNKNOWN, State.SENDING), delivery


def fifty() -> Review:
    """Give a review that writes to fifty owners, the Head of Service and the officer."""
    owners = [
        {
            "name": f"Owner {_letters(number)}",
            "role": "Practitioner",
            "email": f"owner.{number}@council.example",
            "active": "Yes",
        }
        for number in range(50)
    ]
    actions = [
        an_action(ref=f"A-{number + 1}", owner=owner["name"]) for number, owner in enumerate(owners)
    ]
    return reviewed(improving(), actions=actions, people=[*PEOPLE, *owners])


def _letters(number: int) -> str:
    """Give a family name to each number, as names hold no digits."""
    return "".join("Bacdefghij"[int(digit)] for digit in f"{number:02}").capitalize() + "son"
