"""Hostile addresses and texts, all the way to a real server."""

import itertools
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.headerregistry import AddressHeader
from pathlib import Path
from random import Random
from typing import Final

import pytest

from mfauto.delivery import NotDeliveredError, Transport, UnsureError, open_transport
from mfauto.messages import Attachment, Message, UnsafeHeaderError, fault
from mfauto.messages.addressing import Addressee, Directory
from mfauto.settings import Mail
from tests.delivering.servers import Truth, smtp_server
from tests.delivering.week import by_smtp
from tests.messages.sample import PEOPLE, reviewed

WORDS: Final = 5_000 if os.environ.get("MFAUTO_LONG") else 800  # hostile texts
DOMAIN: Final = "council.example"
NOW: Final = datetime(2026, 11, 2, 7, tzinfo=UTC)
KNOWN: Final = {
    "from",
    "to",
    "subject",
    "date",
    "message-id",
    "mime-version",
    "content-type",
    "content-language",
}
LOCALS: Final = (
    "amira.khan",
    "amira+x",
    '"amira khan"',
    '"a@b"',
    "amira(comment)",
    "amira..khan",
    ".amira",
    "amira.",
    "",
    "аmira",
    "amira\r\nBcc: x",
    "amira%0d%0aBcc:x",
    "a" * 64,
    "a" * 300,
    "<amira",
    "amira\0",
    "a;b",
    "x,y",
    "o'neil",
    "a_b-c",
    "@relay:amira",
    "evil.example!amira",
    "amira%evil.example",
)
DOMAINS: Final = (
    DOMAIN,
    DOMAIN.upper(),
    f"{DOMAIN}.",
    f"{DOMAIN}.evil.example",
    f"evil-{DOMAIN}",
    f"sub.{DOMAIN}",
    "c\u043euncil.example",
    "counciI.example",
    "council\u3002example",
    "xn--council.example",
    f"{DOMAIN}@evil.example",
    f"evil.example@{DOMAIN}",
    f"{DOMAIN}\r\nBcc: x@evil.example",
    f"{DOMAIN}>,<x@evil.example",
    f"{DOMAIN} x@evil.example",
    f"{DOMAIN};x@evil.example",
    f"{DOMAIN}%0d%0a",
    f"{DOMAIN}\u2028",
    f"{DOMAIN}(evil)",
    f"[{DOMAIN}]",
    "[127.0.0.1]",
    "evil.example",
    "localhost",
    "",
    f"{'a' * 60}.{DOMAIN}",
    f"{DOMAIN}\t",
)
AROUND: Final = ("", " ", "\t", "<", ">", '"', "'", ",", ";", "\u200b", "\x7f", "\n", "Amira <")
TEXTS: Final = (
    "\r\nBcc: x@evil.example",
    "\nBcc: x@evil.example",
    "\rTo: x@evil.example",
    "\u2028Bcc: x@evil.example",
    "\x85Bcc: x@evil.example",
    "\x0bX: y",
    "%0d%0aBcc: x@evil.example",
    "=?utf-8?q?=0d=0aBcc:_x=40evil.example?=",
    "=?utf-8?b?DQpCY2M6IHhAZXZpbC5leGFtcGxl?=",
    '" <x@evil.example>, "',
    ", x@evil.example",
    "; x@evil.example",
    "(comment) <x@evil.example>",
    "\u202etxet",
    "\0",
    "Zoë’s",
    "x" * 1200,
    "\\",
    '"',
    "'; rm",
    "../../x",
    "é" * 200,
    "\ud800",
)


def addresses(number: int) -> Iterator[str]:
    random = Random(20261102)  # noqa: S311 - the same seed, the same addresses
    for _ in range(number):
        local, domain = random.choice(LOCALS), random.choice(DOMAINS)
        before = random.choice(AROUND) if random.random() < 0.2 else ""
        after = random.choice(AROUND) if random.random() < 0.2 else ""
        made = f"{before}{local}@{domain}{after}"
        if random.random() < 0.2:
            spot = random.randrange(len(made) + 1)
            made = made[:spot] + random.choice('@ .\r\n\0<>,;:"()%аéА') + made[spot:]
        yield made


def hostile(number: int) -> Iterator[str]:
    random = Random(20261103)  # noqa: S311
    for _ in range(number):
        parts = random.choices((*TEXTS, "Moving ", "Forward", "council"), k=random.randint(1, 3))
        yield "".join(parts)


def a_message(recipient: str, number: int = 0, **fields: object) -> Message:
    values = {
        "key": f"{number:032x}",
        "kind": "weekly",
        "period": "2026-W45",
        "recipient": recipient,
        "role": None,
        "sender": "moving-forward@council.example",
        "sender_name": "Moving Forward",
        "subject": "2 actions are overdue",
        "html": "<p>Text</p>\n",
        "text": "Text\n",
        "date": NOW,
        "items": (),
        "told": frozenset(),
        **fields,
    }
    return Message(**values)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[Truth, int]]:
    with smtp_server() as given:
        yield given


@pytest.fixture
def way(server: tuple[Truth, int], tmp_path: Path) -> Iterator[tuple[Truth, Transport]]:
    truth, port = server
    truth.accepted.clear()
    settings = by_smtp(tmp_path, port, limit=20, most_per_run=100_000)
    transport = open_transport(settings, lambda _: None)
    yield truth, transport
    transport.close()


def sent(transport: Transport, message: Message) -> bool:
    try:
        transport.prepare(message)
        transport.send(message)
    except (NotDeliveredError, UnsafeHeaderError):
        return False
    except UnsureError as error:
        raise AssertionError("a healthy server answers") from error
    return True


def is_sound(data: bytes, envelope: tuple[str, ...]) -> None:
    email = message_from_bytes(data, policy=policy.default)
    names = [name.casefold() for name in email.keys()]  # noqa: SIM118 - repeated ones count
    assert set(names) == KNOWN
    assert len(names) == len(KNOWN)
    head = data.partition(b"\r\n\r\n")[0]
    assert not re.search(rb"[^\r]\n|\r[^\n]|\0", head)
    to = email["To"]
    assert isinstance(to, AddressHeader)
    (reader,) = to.addresses
    assert envelope == (reader.addr_spec,)
    assert reader.domain.casefold() == DOMAIN
    assert re.fullmatch(r"[A-Za-z0-9.!#$%&'*/=?^_`{|}~-]+@[A-Za-z.]+", envelope[0])


def test_ten_thousand_addresses_reach_nobody_outside(way: tuple[Truth, Transport]) -> None:
    truth, transport = way
    (priya, *_) = reviewed(people=PEOPLE).tracker.people
    went = 0
    tried: dict[str, bool] = {}
    for number, address in enumerate(addresses(10_000)):
        if address not in tried:
            tried[address] = sent(transport, a_message(address, number))
        went += tried[address]
    assert 50 < went < 5_000
    for one in truth.accepted:
        is_sound(one.data, one.envelope)
        assert one.envelope[0] in tried
    assert {one.envelope[0] for one in truth.accepted} == {
        address for address, gone in tried.items() if gone
    }
    # People leads to the same addresses, less the space around them.
    mail = Mail(allowed_domains=(DOMAIN,))
    for address in itertools.islice(tried, 2_000):
        people = [replace(priya, name="Amira Khan", email=address)]
        found = Directory(people, mail).find("Amira Khan")
        if isinstance(found, Addressee):
            assert fault(found.address, (DOMAIN,)) is None


def test_hostile_texts_add_no_header(way: tuple[Truth, Transport]) -> None:
    truth, transport = way
    reader = f"amira.khan@{DOMAIN}"
    refused = 0
    for number, text in enumerate(hostile(WORDS)):
        attached = Attachment(name=text, type="text/calendar", data=b"x")
        kinds: list[dict[str, object]] = [
            {"subject": text},
            {"sender_name": text},
            {"attachments": (attached,)},
            {"subject": f"{text}: 2 actions"},
        ]
        fields = kinds[number % 4]
        refused += not sent(transport, a_message(reader, number, **fields))
    assert refused > WORDS // 10
    assert len(truth.accepted) == WORDS - refused > WORDS // 10
    for one in truth.accepted:
        is_sound(one.data, one.envelope)
