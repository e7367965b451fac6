"""Thousands of addresses and header texts made to mislead: nothing gets past to anybody else."""

import random
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Final

from mfauto.delivery import Guarded, NotDeliveredError
from mfauto.errors import MfautoError
from mfauto.messages import (
    Addressee,
    Attachment,
    Directory,
    Message,
    UnsafeHeaderError,
    digests,
)
from mfauto.model import Person
from mfauto.settings import Mail
from tests.messages.sample import PEOPLE, SETTINGS, an_action, improving, mail, reviewed
from tests.test_delivery import MESSAGE as LONG_MESSAGE

MESSAGE: Final = replace(LONG_MESSAGE, text="A line.\n")
ALLOWED: Final = ("council.example", "trust.example")
LIVE: Final = Mail(
    delivery="smtp",
    live=True,
    sender="moving-forward@council.example",
    allowed_domains=ALLOWED,
    most_per_run=100_000,
)
#: what a careful reader takes for one address in an allowed domain, written here a second time
PLAIN: Final = re.compile(r"[A-Za-z0-9_.'%-]{1,64}@(council|trust)\.example", re.IGNORECASE)
HEADERS: Final = {
    b"from",
    b"to",
    b"subject",
    b"date",
    b"message-id",
    b"mime-version",
    b"content-type",
    b"content-language",
}
LOCALS: Final = (
    *("amira.khan", "o'neil", "a_b", "A.B-C", "x%y", "a..b", ".a", "a.", "a+b", "", '"a b"', "a b"),
    *("a(b)", "a;b", "a,b@council.example", "a@b", "é", "ам", "a\u200bb", "x" * 64, "x" * 65),
    *("a\r\nBcc: e", "a\nTo: e", "a\x00", "<a", "a\\", "postmaster", "=?utf-8?q?a?=", "a\u202e"),
)
DOMAINS: Final = (
    *("council.example", "COUNCIL.example", "trust.example", "trust.example."),
    *("council.example.evil.example", "evil.example", "notcouncil.example", "council.example "),
    *("council.example>", "council.example, e@evil.example", "council.example;e@evil.example"),
    *(
        "council.example\r\nBcc: e@evil.example",
        "council.example%0d%0aBcc:e",
        "council\u3002example",
    ),
    *("соuncil.example", "council.exаmple", "xn--council-.example", "[127.0.0.1]", "127.0.0.1"),
    *("council..example", ".council.example", "council.example\x00.evil.example", "example"),
    *("council.example@evil.example", "sub.council.example", "council.example/evil.example"),
    *("ｃouncil.example", "council.example\u2028", "council.example#evil.example", ""),
)
HARM: Final = (
    *("\r\nBcc: e@evil.example", "\nTo: e@evil.example", "\r", "\x0b", "\x0c", "\x1c", "\x85"),
    *("\u2028", "\u2029", "\u202e", "\u200b", "\x00", "\ud800", "=?utf-8?q?=0D=0ABcc:_e?="),
    *(
        "=?utf-8?b?DQpCY2M6IGU=?=",
        "\r\n\r\n<html>",
        "\t",
        "  ",
        "é",
        "漢字",
        "🙂",
        "<e@evil.example>",
    ),
    *('"', "\\", ";", ",", "e@evil.example", "()", "%0d%0a", "\\r\\n", "{{ 7*7 }}", "&#13;&#10;"),
)


class Recording:
    """A channel that keeps what it is given."""

    name = "smtp"

    def __init__(self) -> None:
        self.given: list[tuple[bytes, str, str]] = []

    def ready(self) -> None:
        pass

    def would_take(self, sender: str, recipient: str) -> None:
        pass

    def hand_over(self, data: bytes, sender: str, recipient: str) -> str:
        self.given.append((data, sender, recipient))
        return "250"

    def close(self) -> None:
        pass


def is_one_email_to(data: bytes, recipient: str) -> bool:
    """Read an email's head line by line, and say whether it has one reader and nothing strange."""
    head = data.split(b"\r\n\r\n", 1)[0]
    lines = head.split(b"\r\n")
    names = Counter(
        line.split(b":", 1)[0].lower() for line in lines if not line.startswith((b" ", b"\t"))
    )
    return (
        b"\n" not in head.replace(b"\r\n", b"")
        and b"\r" not in head.replace(b"\r\n", b"")
        and set(names) <= HEADERS
        and set(names.values()) == {1}
        and f"To: {recipient}".encode() in lines
    )


def addresses(number: int) -> Iterator[str]:
    chance = random.Random(7)  # noqa: S311 - the same seed must give the same addresses
    for _ in range(number):
        address = f"{chance.choice(LOCALS)}@{chance.choice(DOMAINS)}"
        if chance.random() < 0.4:
            place = chance.randrange(len(address) + 1)
            address = address[:place] + chance.choice(HARM) + address[place:]
        yield address


def test_ten_thousand_addresses_reach_only_the_allowed_domains() -> None:
    channel = Recording()
    guard = Guarded(channel, LIVE)
    found = []
    for number, address in enumerate(addresses(10_000)):
        person = Person(row=2, name="Amira Khan", role="Practitioner", email=address, active="Yes")
        reader = Directory([person], LIVE).find("Amira Khan")
        known = [reader.address] if isinstance(reader, Addressee) else []
        found += known
        # The gate is asked about every address too, as though nobody had looked before.
        for recipient in {address, *known}:
            message = replace(MESSAGE, key=f"{number:032x}", recipient=recipient)
            with suppress(NotDeliveredError, UnsafeHeaderError):
                guard.prepare(message)
                guard.send(message)
    assert len(found) > 200
    assert {recipient for _, _, recipient in channel.given} >= set(found)
    for data, _, recipient in channel.given:
        assert PLAIN.fullmatch(recipient), recipient
        assert is_one_email_to(data, recipient)


def texts(number: int) -> Iterator[tuple[str, str]]:
    chance = random.Random(8)  # noqa: S311
    places = ("subject", "sender_name", "sender", "recipient", "name", "council", "marking", "file")
    for _ in range(number):
        text = "Moving Forward"
        for _ in range(chance.choice((1, 1, 2, 3))):
            place = chance.randrange(len(text) + 1)
            text = text[:place] + chance.choice(HARM) + text[place:]
        yield chance.choice(places), text


def test_five_thousand_texts_make_no_header_of_their_own() -> None:
    channel = Recording()
    guard = Guarded(channel, LIVE)
    refused = 0
    for number, (place, text) in enumerate(texts(5_000)):
        try:
            if place in ("name", "council", "marking") and number % 60 == 0:
                messages = through_everything(place, text)
            else:
                messages = (in_one_place(place, text, f"{number:032x}"),)
        except MfautoError:
            refused += 1
            continue
        for message in messages:
            try:
                guard.prepare(message)
                guard.send(message)
            except (NotDeliveredError, UnsafeHeaderError):
                refused += 1
    assert refused > 1_000
    assert len(channel.given) > 1_000
    for data, _, recipient in channel.given:
        assert PLAIN.fullmatch(recipient), recipient
        assert is_one_email_to(data, recipient)


def in_one_place(place: str, text: str, key: str) -> Message:
    """Put the text straight into a message, as though nobody had looked at it before."""
    if place == "file":
        attached = Attachment(name=text, type="text/calendar", data=b"made up")
        return replace(MESSAGE, key=key, attachments=(attached,))
    if place in ("subject", "sender_name", "sender", "recipient"):
        return replace(MESSAGE, key=key, **{place: text})  # type: ignore[arg-type]
    return replace(MESSAGE, key=key, subject=f"{text}: 2 actions are overdue")


def through_everything(place: str, text: str) -> tuple[Message, ...]:
    """Put the text where a person types it, and make the week's emails of it."""
    if place == "name":
        people = [*PEOPLE, {**PEOPLE[3], "name": text, "email": "other@council.example"}]
        found = reviewed(improving(), actions=[an_action(owner=text)], people=people)
        return digests(found, SETTINGS).messages
    found = reviewed(improving(), actions=[an_action()])
    if place == "council":
        return digests(found, replace(SETTINGS, council=text)).messages
    marked = replace(mail(marking_in_subject=True), marking=text)
    return digests(found, marked).messages
