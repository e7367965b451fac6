"""The outbox: drafts that open in Outlook, one recipient each, whole or not there."""

import os
import re
import stat
from dataclasses import fields, replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.headerregistry import AddressHeader
from pathlib import Path
from socket import socket
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as bounds
from hypothesis import strategies as st

from mfauto.delivery import (
    NotDeliveredError,
    Outbox,
    as_bytes,
    begun_name,
    file_name,
    is_begun,
    is_email,
    try_delivery,
)
from mfauto.ledger import Delivery, State
from mfauto.messages import Message, UnsafeHeaderError
from mfauto.setting_words import secrets_example
from mfauto.settings import PROJECT, GraphApp, Mail, Settings, SmtpServer

NOW = datetime(2026, 11, 2, 7, 0, tzinfo=UTC)
MESSAGE = Message(
    key="0123456789abcdef" * 2,
    kind="weekly",
    period="2026-W45",
    recipient="amira.khan@council.example",
    role="Practitioner",
    sender="moving-forward@council.example",
    sender_name="Moving Forward",
    subject="2 Moving Forward actions are overdue: please update by 6 November 2026",
    html="<!DOCTYPE html>\n<html><body><p>Zoë’s plan</p></body></html>\n",
    text="Zoë’s plan\n\n.\nFrom here on: a line\n" + "long " * 300 + "\n",
    date=NOW,
    items=(),
    told=frozenset(),
)


def a_delivery(**fields: object) -> Delivery:
    values = {
        "key": MESSAGE.key,
        "kind": MESSAGE.kind,
        "period": MESSAGE.period,
        "recipient": "r",
        "role": None,
        "channel": "outbox",
        "state": State.SENDING,
        "dated": NOW,
        "tracker": "0" * 64,
        "items": (),
        "changed": NOW,
        **fields,
    }
    return Delivery(**values)  # type: ignore[arg-type]


def test_a_draft_reads_back_as_the_message(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    outbox.prepare(MESSAGE)
    path = outbox.send(MESSAGE).path

    assert path is not None
    email = message_from_bytes(path.read_bytes(), policy=policy.default)
    to = email["To"]
    assert isinstance(to, AddressHeader)
    assert [one.addr_spec for one in to.addresses] == ["amira.khan@council.example"]
    assert email["Subject"] == MESSAGE.subject
    assert str(email["From"]) == "Moving Forward <moving-forward@council.example>"
    assert email["X-Unsent"] == "1"
    assert email["Cc"] is None
    assert email["Bcc"] is None
    assert email["Message-ID"] == f"<{MESSAGE.key}@council.example>"
    assert email["Date"] == "Mon, 02 Nov 2026 07:00:00 +0000"
    assert email["Content-Language"] == "en-GB"
    assert email.get_content_type() == "multipart/alternative"
    plain, html = email.get_body(("plain",)), email.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().replace("\r\n", "\n") == MESSAGE.text
    assert html.get_content().replace("\r\n", "\n") == MESSAGE.html
    assert [part.get_content_type() for part in email.iter_parts()] == ["text/plain", "text/html"]


def test_a_draft_is_lines_that_any_mail_program_reads() -> None:
    data = as_bytes(MESSAGE, draft=True)

    assert b"\n" not in data.replace(b"\r\n", b"")
    assert data.isascii()
    body = data.split(b"\r\n\r\n", 1)[1]
    assert max(map(len, body.split(b"\r\n"))) <= 78
    assert max(map(len, data.split(b"\r\n"))) <= 998
    assert f"\r\nSubject: {MESSAGE.subject}\r\n".encode() in data


def test_the_same_message_gives_the_same_bytes() -> None:
    assert as_bytes(MESSAGE, draft=True) == as_bytes(MESSAGE, draft=True)
    assert b"X-Unsent" not in as_bytes(MESSAGE, draft=False)


def test_a_file_is_named_without_names() -> None:
    assert file_name(MESSAGE) == "2026-W45-weekly-0123456789ab.eml"


@pytest.mark.parametrize(
    ("kind", "period"),
    [
        ("weekly", "2026-W45"),
        ("pack", "2026-10"),
        ("safety", "2026-11-02"),
        ("safety", "2026-11-02.2"),  # the second one of the day to the same reader
        ("invitation", "2026-11-02.0a1b2c"),  # a letter: the day and a mark of its case
    ],
)
def test_the_files_of_every_kind_are_known_by_their_names(kind: str, period: str) -> None:
    message = replace(MESSAGE, kind=kind, period=period)

    assert is_email(file_name(message))
    assert is_begun(begun_name(message))
    assert not is_email(begun_name(message))
    assert not is_begun(file_name(message))


@pytest.mark.parametrize(
    "name",
    [
        "A letter of my own.eml",
        "2026-W45-weekly-0123456789ab - Copy.eml",
        "2026-W45-weekly-0123456789ab.eml.txt",
        "-weekly-0123456789ab.eml",
        "Reports-weekly-0123456789ab.eml",
        ".A letter of my own.eml.part",
    ],
)
def test_what_others_put_beside_is_not_taken_for_ours(name: str) -> None:
    assert not is_email(name)
    assert not is_begun(name)


@pytest.mark.skipif(os.name == "nt", reason="Windows has access rules of its own")
def test_drafts_are_for_their_owner_only(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    outbox.prepare(MESSAGE)
    path = outbox.send(MESSAGE).path

    assert path is not None
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_prepared_draft_cannot_be_opened_by_mistake(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    outbox.prepare(MESSAGE)

    assert [path.name for path in (tmp_path / "outbox").iterdir()] == [
        ".2026-W45-weekly-0123456789ab.eml.part"
    ]
    outbox.tidy()
    assert list((tmp_path / "outbox").iterdir()) == []


def test_a_leftover_of_a_stopped_run_is_written_over(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    outbox.prepare(replace(MESSAGE, text="an older text\n"))
    outbox.prepare(MESSAGE)
    path = outbox.send(MESSAGE).path

    assert path is not None
    assert path.read_bytes() == as_bytes(MESSAGE, draft=True)


def test_the_files_tell_what_a_stopped_run_had_done(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    seen = [outbox.trace(a_delivery())]
    outbox.prepare(MESSAGE)
    seen.append(outbox.trace(a_delivery()))
    outbox.send(MESSAGE)
    seen.append(outbox.trace(a_delivery()))
    outbox.prepare(MESSAGE)
    seen.append(outbox.trace(a_delivery()))

    assert seen == [State.UNKNOWN, State.PENDING, State.SENT, State.PENDING]
    assert outbox.trace(a_delivery(channel="smtp")) is State.UNKNOWN


def test_a_folder_that_cannot_be_made_is_said_plainly(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("a file in the way", encoding="utf-8")

    with pytest.raises(NotDeliveredError, match="could not be written to"):
        Outbox(tmp_path).prepare(MESSAGE)


def test_a_draft_that_cannot_take_its_name_leaves_nothing(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    outbox.prepare(MESSAGE)
    (outbox.folder / file_name(MESSAGE)).mkdir()

    with pytest.raises(NotDeliveredError, match="could not be written"):
        outbox.send(MESSAGE)
    assert not list(outbox.folder.glob(".*.part"))


@pytest.mark.parametrize("field", ["recipient", "sender", "sender_name", "subject"])
@pytest.mark.parametrize(
    "harm",
    [
        "\r\nBcc: evil@evil.example",
        "\n x",
        "\x85Bcc: e@e.example",
        "\u2028",
        "\u202e",
        "\x00",
        "=?utf-8?q?=0D=0ABcc:_e@e.example?=",
    ],
)
def test_no_harm_gets_into_a_header(field: str, harm: str) -> None:
    spoiled = replace(MESSAGE, **{field: f"{getattr(MESSAGE, field)}{harm}"})  # type: ignore[arg-type]

    with pytest.raises((UnsafeHeaderError, NotDeliveredError)):
        as_bytes(spoiled, draft=True)


@pytest.mark.parametrize(
    "recipient", ["", "a@b.example, c@d.example", "A <a@b.example>", "a@b.example;c@d.example"]
)
def test_one_message_has_one_recipient(recipient: str) -> None:
    with pytest.raises(NotDeliveredError, match="address"):
        as_bytes(replace(MESSAGE, recipient=recipient), draft=True)


typed = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
one_line = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp"]), max_size=200
).filter(lambda text: "=?" not in text)


@bounds(max_examples=150)
@given(one_line, one_line, typed, typed)
def test_any_text_arrives_or_is_refused(subject: str, name: str, text: str, html: str) -> None:
    message = replace(
        MESSAGE,
        subject=" ".join(subject.split()),
        sender_name=" ".join(name.split()),
        text=re.sub(r"[\x00-\x08\x0b-\x1f\x85\u2028\u2029]", "", text) + "\n",
        html=re.sub(r"[\x00-\x08\x0b-\x1f\x85\u2028\u2029]", "", html) + "\n",
    )

    data = as_bytes(message, draft=True)

    head = data.split(b"\r\n\r\n", 1)[0]
    names = [line.split(b":")[0].lower() for line in head.split(b"\r\n") if line[:1] not in b" \t"]
    assert names.count(b"to") == 1
    assert not {b"cc", b"bcc"} & set(names)
    assert b"\r\nTo: amira.khan@council.example\r\n" in data


# What people are told about it


def test_the_example_of_env_is_the_one_that_init_writes() -> None:
    text = (PROJECT / ".env.example").read_text(encoding="utf-8")
    assert text == secrets_example()
    assert set(re.findall(r"^MFAUTO_\w+=(.*)$", text, re.MULTILINE)) == {""}


def test_the_page_names_every_setting_of_delivery() -> None:
    text = (PROJECT / "docs" / "delivery.md").read_text(encoding="utf-8")
    new = ("delivery", "live", "allowed_domains", "hold", "redirect_all_to", "most_per_run")
    servers = {one.name for kind in (SmtpServer, GraphApp) for one in fields(kind)}
    assert all(f"`{name}`" in text for name in (*new, *servers))
    assert f"`{Mail().most_per_run}`" in text


# Tried without sending


def test_an_outbox_needs_no_trial(tmp_path: Path) -> None:
    tried = try_delivery(Settings(folder=tmp_path), print)
    assert (tried.what, tried.fault) == ("Emails are drafts in the outbox; nothing leaves.", None)


LIVE = Mail(
    delivery="smtp",
    live=True,
    sender="moving-forward@council.example",
    allowed_domains=("council.example",),
)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"mail": Mail(delivery="smtp", live=True)}, "live = true needs allowed_domains"),
        ({"mail": replace(LIVE, sender=Mail().sender)}, "live = true needs sender"),
        ({"mail": LIVE}, "needs host under"),
        ({"mail": LIVE, "smtp": SmtpServer(host="h", user="u")}, "MFAUTO_SMTP_PASSWORD is not set"),
        ({"mail": replace(LIVE, delivery="graph")}, "needs tenant and client_id"),
        (
            {"mail": replace(LIVE, delivery="graph"), "graph": GraphApp(tenant="t", client_id="c")},
            "MFAUTO_GRAPH_SECRET in .env",
        ),
        (
            {
                "mail": replace(LIVE, delivery="graph"),
                "graph": GraphApp(tenant="t", client_id="c", certificate=Path("none.pem")),
            },
            "the certificate cannot be read",
        ),
    ],
)
def test_what_is_not_set_up_is_said_before_anything_leaves(
    tmp_path: Path, changes: dict[str, Any], said: str
) -> None:
    tried = try_delivery(Settings(folder=tmp_path, **changes), print)
    assert tried.fault is not None
    assert said in tried.fault


def test_a_password_never_goes_out_without_encryption(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("MFAUTO_SMTP_PASSWORD=made-up\n", encoding="utf-8-sig")
    server = SmtpServer(host="h", user="u", security="none")
    tried = try_delivery(Settings(folder=tmp_path, mail=LIVE, smtp=server), print)
    assert tried.fault is not None
    assert "never goes out" in tried.fault


def test_a_port_where_nobody_listens_is_said(tmp_path: Path) -> None:
    with socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, and nobody listens
        server = SmtpServer(host="127.0.0.1", port=taken.getsockname()[1], security="none")
        tried = try_delivery(Settings(folder=tmp_path, mail=LIVE, smtp=server), print)
    assert tried.fault is not None
    assert tried.fault.startswith("The mail server 127.0.0.1, port ")
    assert "Connection refused" in tried.fault
