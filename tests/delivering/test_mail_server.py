"""A mail server that answers as it should, and as it should not, at every step."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mfauto.delivery import NotDeliveredError, Transport, UnsureError, open_transport, try_delivery
from mfauto.settings import Mail, Settings, SmtpServer
from tests.delivering.servers import (
    DROP,
    STALL,
    TAKE_AND_DROP,
    TAKE_AND_STALL,
    MailServer,
    authority_file,
)
from tests.test_delivery import MESSAGE

MAIL = Mail(delivery="smtp", live=True, allowed_domains=("council.example",))
SECOND = replace(MESSAGE, key="fedcba9876543210" * 2, recipient="jo.bright@council.example")


def settings_for(folder: Path, port: int, **server: Any) -> Settings:
    chosen = {
        "host": "localhost",
        "security": "starttls",
        "timeout": 0.5,
        "ca_file": authority_file(folder),
        **server,
    }
    return Settings(folder=folder, mail=MAIL, smtp=SmtpServer(port=port, **chosen))


@contextmanager
def way_to(folder: Path, port: int, **server: Any) -> Iterator[Transport]:
    transport = open_transport(settings_for(folder, port, **server), print)
    try:
        yield transport
    finally:
        transport.close()


def sent(transport: Transport, *messages: Any) -> str:
    for message in messages or (MESSAGE,):
        transport.prepare(message)
        said = transport.send(message).detail
    return said


@pytest.mark.parametrize("security", ["starttls", "tls", "none"])
def test_emails_arrive_as_they_were_written_on_one_connection(
    tmp_path: Path, security: str
) -> None:
    server = MailServer(tls=security == "tls")
    dotted = replace(MESSAGE, text=".\n..\n. a line\n" + "x" * 5000 + "\n")
    with server.served() as port, way_to(tmp_path, port, security=security) as transport:
        assert sent(transport, dotted, SECOND) == "250"
    first, second = server.accepted.emails
    assert first.endswith(b"--\r\n")
    assert b"\r\n.\r\n..\r\n. a line\r\n" in first
    assert b"X-Unsent" not in first
    assert b"\r\nTo: jo.bright@council.example\r\n" in second
    assert server.accepted.envelopes == [
        (MESSAGE.sender, (MESSAGE.recipient,)),
        (MESSAGE.sender, (SECOND.recipient,)),
    ]


@pytest.mark.parametrize("step", ["connect", "ehlo", "starttls", "mail", "rcpt", "data", "end"])
@pytest.mark.parametrize(
    "answer", ["421 closing", "451 not now", "550 5.7.1 Amira Khan may not be written to"]
)
def test_a_no_at_any_step_is_a_no_and_is_not_repeated_to_people(
    tmp_path: Path, step: str, answer: str
) -> None:
    server = MailServer()
    server.faults = [(step, answer)]
    with server.served() as port, way_to(tmp_path, port) as transport:
        with pytest.raises(NotDeliveredError) as refused:
            sent(transport)
        assert "Amira" not in str(refused.value)
        assert answer[:3] in str(refused.value) or step == "ehlo"
        assert server.accepted.emails == []
        assert sent(transport) == "250"  # the next try finds it well
    assert server.accepted.count(MESSAGE.key) == 1


@pytest.mark.parametrize("step", ["connect", "ehlo", "starttls", "mail", "rcpt", "data"])
@pytest.mark.parametrize("fault", [DROP, STALL])
def test_silence_before_the_email_left_is_a_no(tmp_path: Path, step: str, fault: str) -> None:
    server = MailServer()
    server.faults = [(step, fault)]
    with server.served() as port, way_to(tmp_path, port) as transport:
        with pytest.raises(NotDeliveredError, match="tried"):
            sent(transport)
        assert server.accepted.emails == []
        server.faults.clear()
        assert sent(transport) == "250"
    assert server.accepted.count(MESSAGE.key) == 1


@pytest.mark.parametrize("fault", [DROP, STALL, TAKE_AND_DROP, TAKE_AND_STALL])
def test_silence_after_the_email_left_is_nobodys_knowledge(tmp_path: Path, fault: str) -> None:
    server = MailServer()
    server.faults = [("end", fault)]
    with server.served() as port, way_to(tmp_path, port) as transport:
        with pytest.raises(UnsureError, match="did not say whether it took the email"):
            sent(transport)
        assert server.accepted.count(MESSAGE.key) == (fault in (TAKE_AND_DROP, TAKE_AND_STALL))
        assert sent(transport, SECOND) == "250"


@pytest.mark.parametrize("fault", [DROP, STALL, "421 closing", "500 what"])
def test_a_connection_gone_between_two_emails_is_made_anew(tmp_path: Path, fault: str) -> None:
    server = MailServer()
    with server.served() as port, way_to(tmp_path, port) as transport:
        sent(transport)
        server.faults = [("noop", fault)]
        assert sent(transport, SECOND) == "250"
    assert len(server.accepted.emails) == 2


def test_a_server_without_starttls_gets_no_email(tmp_path: Path) -> None:
    server = MailServer(tls=True)
    with (
        server.served() as port,
        way_to(tmp_path, port) as transport,
        pytest.raises(NotDeliveredError),
    ):
        sent(transport)
    assert server.accepted.emails == []


def test_a_certificate_that_nobody_vouches_for_gets_no_email(tmp_path: Path) -> None:
    server = MailServer()
    with server.served() as port, way_to(tmp_path, port, ca_file=None) as transport:
        with pytest.raises(NotDeliveredError, match="certificate is not trusted") as refused:
            sent(transport)
        assert refused.value.everybody
        assert "[smtp] ca_file" in str(refused.value)
    assert server.accepted.emails == []


def test_a_certificate_of_another_name_gets_no_email(tmp_path: Path) -> None:
    server = MailServer()
    with (
        server.served() as port,
        way_to(tmp_path, port, host="127.0.0.2") as transport,
        pytest.raises(NotDeliveredError),
    ):
        sent(transport)
    assert server.accepted.emails == []


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_password_signs_in_and_a_wrong_one_is_said(
    tmp_path: Path, security: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = MailServer(tls=security == "tls", password="made-up")  # noqa: S106
    with server.served() as port:
        monkeypatch.setenv("MFAUTO_SMTP_PASSWORD", "made-up")
        with way_to(tmp_path, port, security=security, user="mfauto") as transport:
            assert sent(transport) == "250"
        monkeypatch.setenv("MFAUTO_SMTP_PASSWORD", "another-one")
        with (
            way_to(tmp_path, port, security=security, user="mfauto") as transport,
            pytest.raises(NotDeliveredError, match="user and password") as refused,
        ):
            sent(transport)
    assert "another-one" not in str(refused.value)
    assert refused.value.everybody
    assert len(server.accepted.emails) == 1


def test_a_trial_asks_and_sends_nothing(tmp_path: Path) -> None:
    server = MailServer()
    with server.served() as port:
        settings = settings_for(tmp_path, port)
        assert try_delivery(settings, print).fault is None
        server.faults = [("rcpt", "550 no such reader")]
        assert "refused the recipient" in (try_delivery(settings, print).fault or "")
    assert server.accepted.emails == []
