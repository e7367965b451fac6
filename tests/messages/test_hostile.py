"""Text that means harm, in every field that people type."""

import re
from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest

from mfauto.delivery import as_bytes
from mfauto.errors import SettingsError
from mfauto.messages import UnsafeHeaderError, digests, fault, header, shown
from mfauto.model import Person
from tests.making import a_case
from tests.messages.sample import PEOPLE, SETTINGS, an_action, in_order, mail, reviewed, unsafe
from tests.messages.test_words import Page

HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    '"><a href="https://evil.example">click</a>',
    "{{ 7 * 7 }}{% for x in y %}{# z #}",
    "a\r\nBcc: evil@evil.example\r\n\r\nbody",
    "a\x85Bcc: evil@evil.example",
    "=?utf-8?q?=0D=0ABcc:_evil@evil.example?=",
    "\u202egnp.exe\u2066\u200b\ufeff",
    "\x00\x1b[31m\x7f",
    "\ud800 lone",
    "]]> & <!-- <![if mso]>",
    "x" * 32_767,
    "ﷺ" * 400,
    "%s %d {0} $(id) `id`",
)
TEXTS = (
    "ref",
    "service_area",
    "team",
    "practitioner",
    "service_manager",
    "head_of_service",
    "auditor",
    "child_safety_note",
    "caseload_reviewer",
    "themes",
    "notes",
)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_shown_as_text_or_not_at_all(text: str) -> None:
    case = a_case(2, audited=date(2026, 6, 1), **dict.fromkeys(TEXTS, text))
    action = an_action(**dict.fromkeys(("ref", "action", "owner", "notes"), text), case_ref=text)
    named: dict[str, Any] = {"name": text, "role": "Auditor", "email": text, "active": "Yes"}
    found = reviewed(case, actions=[action], people=[*PEOPLE, named])
    settings = replace(
        mail(contact=text, tracker_link=text), council=text, service=text, marking=text
    )
    calm = replace(
        mail(contact="calm", tracker_link=None), council="calm", service="calm", marking="calm"
    )

    batch, expected = digests(found, settings), digests(found, calm)

    for message, plain in zip(batch.messages, expected.messages, strict=True):
        assert [tag for tag, _ in Page(message.html).tags] == [
            tag for tag, _ in Page(plain.html).tags
        ]
        assert not re.search(r"<(script|img|a)\b|49", message.html)
        assert not re.search("[\u202a-\u202e\u2066-\u2069\x00\x1b\x7f\x85\r]", message.text)
        assert {one.recipient for one in batch.messages} <= {one["email"] for one in PEOPLE}
        lines = as_bytes(message, draft=True).split(b"\r\n\r\n")[0].split(b"\r\n")
        assert not [line for line in lines if line.lower().startswith((b"bcc", b"cc"))]


def test_every_field_of_a_person_is_hostile() -> None:
    text = HOSTILE[0]
    strings = [
        field.name for field in fields(Person) if field.name not in ("row", "place", "flaws")
    ]
    found = reviewed(
        in_order(), actions=[an_action()], people=[dict.fromkeys(strings, text), *PEOPLE]
    )

    assert "<script" not in "".join(one.html for one in digests(found, SETTINGS).messages)


@pytest.mark.parametrize(
    "text",
    [
        "a\rb",
        "a\nb",
        "a\x85b",
        "a\tb",
        "a\x00b",
        "a\u202eb",
        "a\u2066b",
        "a\u200bb",
        "a\u2028b",
        "a\ud800b",
        "a =?utf-8?q?b?=",
    ],
)
def test_a_header_refuses_what_could_change_it(text: str) -> None:
    with pytest.raises(UnsafeHeaderError):
        header(text, "The subject")


@pytest.mark.parametrize("text", ["Moving Forward", "Café – naïve", "O'Brien & Sons (test)", "="])
def test_a_header_lets_ordinary_text_through(text: str) -> None:
    assert header(text, "The subject") == text


@pytest.mark.parametrize("marking", ["A\nBcc: x@y.example", "=?utf-8?q?x?=", "a\u202eb"])
def test_a_marking_that_could_change_the_subject_makes_no_email(marking: str) -> None:
    settings = replace(mail(marking_in_subject=True), marking=marking)
    found = reviewed(unsafe())

    if "=?" in marking:
        with pytest.raises(UnsafeHeaderError):
            digests(found, settings)
    else:  # a body's text is cleaned before it comes near a header
        assert not re.search("[\n\u202e]", digests(found, settings).messages[0].subject)


@pytest.mark.parametrize(
    ("sender", "name"), [("nobody", "x"), ("a@b.example", "x\r\nBcc: y"), ("a@b\n.example", "x")]
)
def test_a_sender_that_could_change_a_header_makes_no_email(sender: str, name: str) -> None:
    with pytest.raises((SettingsError, UnsafeHeaderError)):
        digests(reviewed(), mail(sender=sender, sender_name=name))


@pytest.mark.parametrize(
    "address",
    ["a@b.example", "first.last@sub.council.gov.uk", "o'brien@council.example", "a_b-c@x1.co"],
)
def test_ordinary_addresses_can_be_used(address: str) -> None:
    assert fault(address, ()) is None


@pytest.mark.parametrize(
    "address",
    [
        "",
        "a",
        "a@",
        "@b.example",
        "a@b",
        "a@b@c.example",
        "a b@c.example",
        "a@b.example;c@d.example",
        "a@b.example,c@d.example",
        "A <a@b.example>",
        '"a"@b.example',
        "a+b@c.example",
        "a..b@c.example",
        ".a@b.example",
        "a@-b.example",
        "a@b..example",
        "a@[127.0.0.1]",
        "a@127.0.0.1",
        "ä@b.example",
        "a@bücher.example",
        "a@b.example\n",
        "a@b.example\u200b",
        "\u202ea@b.example",
        "ａ@b.example",
        "a%0d@",
        f"{'a' * 65}@b.example",
        f"a@{'b.' * 130}example",
        "mailto:a@b.example",
        "(x)a@b.example",
    ],
)
def test_other_addresses_cannot(address: str) -> None:
    assert fault(address, ()) is not None


def test_domains_are_compared_whole_and_without_case() -> None:
    assert fault("a@Council.Example", ("council.example",)) is None
    assert fault("a@council.example", ("@council.example",)) is None
    assert fault("a@evil-council.example", ("council.example",)) is not None
    assert fault("a@sub.council.example", ("council.example",)) is not None


def test_shown_text_keeps_its_letters() -> None:
    assert shown("  Zoë\u00a0O’Brien\n<b> ") == "Zoë O’Brien <b>"
