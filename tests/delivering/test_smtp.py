"""SMTP: what each answer at each step means for an email, and what is said of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mfauto.delivery import NotDeliveredError, UnsureError
from mfauto.delivery.smtp import SmtpChannel
from mfauto.settings import SmtpServer
from tests.delivering.servers import (
    DIE,
    HOST,
    PASSWORD,
    Cut,
    Truth,
    line_to,
    smtp_server,
    trusted,
)

SENDER = "moving-forward@council.example"
READER = "amira.khan@council.example"
DATA = b"From: moving-forward@council.example\r\nMessage-ID: <1@council.example>\r\n\r\nText\r\n"
TOLD = b"550 5.7.1 amira.khan@council.example is not known to relay.internal"


@contextmanager
def channel(port: int, **fields: object) -> Iterator[SmtpChannel]:
    values = {"host": HOST, "port": port, "security": "none", "timeout": 0.5, **fields}
    made = SmtpChannel(SmtpServer(**values), PASSWORD)  # type: ignore[arg-type]
    try:
        yield made
    finally:
        made.close()


def hand_over(one: SmtpChannel, data: bytes = DATA) -> str:
    one.ready()
    return one.hand_over(data, SENDER, READER)


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[Truth, int]]:
    with smtp_server() as given:
        yield given


def test_an_email_is_taken_once(server: tuple[Truth, int]) -> None:
    truth, port = server
    truth.accepted.clear()
    with channel(port) as one:
        assert hand_over(one) == "250"
    assert [(found.envelope, found.data) for found in truth.accepted] == [((READER,), DATA)]


@pytest.mark.parametrize("step", ["banner", "EHLO", "MAIL", "RCPT", "DATA", "end"])
@pytest.mark.parametrize(
    "answer",
    [
        b"421 4.3.2 Closing",
        b"450 4.2.0 Later",
        TOLD,
        b"550-5.7.1 No\r\n550-" + b"x" * 500 + b"\r\n550 5.7.1 No",
        "554 5.7.1 Kein Empfänger".encode("latin-1"),
    ],
)
def test_a_no_is_a_no_at_every_step(server: tuple[Truth, int], step: str, answer: bytes) -> None:
    truth, port = server
    truth.accepted.clear()
    # EHLO that is refused is followed by HELO, so both have to be.
    truth.answers[step].append(answer)
    if step == "EHLO":
        truth.answers["HELO"].append(answer)
    with channel(port) as one:
        with pytest.raises(NotDeliveredError) as raised:
            hand_over(one)
        assert truth.accepted == []
        truth.clear()
        assert hand_over(one) == "250"  # the next email goes, on this connection or a new one
    assert len(truth.accepted) == 1
    said = str(raised.value)
    assert answer[:3].decode() in said or step in ("banner", "EHLO")
    assert not any(word in said for word in ("amira", "relay", "xxx", "Empf", "Error"))
    # Without a sender that the server takes, no other email can go either.
    assert raised.value.everybody == (step in ("banner", "EHLO", "MAIL"))


@pytest.mark.parametrize("answer", [b"what?", b"999 Odd", b"354 Go on", b"250-" + b"y" * 9000, DIE])
def test_what_is_no_answer_after_the_data_leaves_it_unknown(
    server: tuple[Truth, int], answer: bytes
) -> None:
    truth, port = server
    truth.answers["end"].append(answer)
    with channel(port) as one, pytest.raises(UnsureError) as raised:
        hand_over(one)
    assert "did not say whether it took the email" in str(raised.value)


@pytest.mark.parametrize("answer", [b"250 OK", b"251 On", b"200 Fine", b"250-Two\r\n250 Lines"])
def test_any_yes_after_the_data_is_a_yes(server: tuple[Truth, int], answer: bytes) -> None:
    truth, port = server
    truth.accepted.clear()
    truth.answers["end"].append(answer)
    with channel(port) as one:
        assert hand_over(one) == answer[:3].decode()
    assert len(truth.accepted) == 1


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
def test_a_connection_out_of_step_is_given_up(server: tuple[Truth, int], step: str) -> None:
    truth, port = server
    truth.accepted.clear()
    truth.answers[step].append(b"what?")
    with channel(port) as one:
        with pytest.raises(NotDeliveredError):
            hand_over(one)
        assert one._smtp is None  # noqa: SLF001 - no question is asked on it again
        hand_over(one)
    assert len(truth.accepted) == 1


@pytest.mark.parametrize(
    "text",
    [b".\r\n", b"..\r\n", b".QUIT\r\nMAIL FROM:<a@b.example>\r\n", b"a\r\n.\r\nb\r\n", b"no end"],
)
def test_dots_and_commands_in_an_email_stay_text(server: tuple[Truth, int], text: bytes) -> None:
    truth, port = server
    truth.accepted.clear()
    with channel(port) as one:
        hand_over(one, DATA + text)
        hand_over(one)
    ended = text if text.endswith(b"\r\n") else text + b"\r\n"
    assert [found.data for found in truth.accepted] == [DATA + ended, DATA]


def test_a_connection_that_ended_between_two_emails_is_made_anew(
    server: tuple[Truth, int],
) -> None:
    truth, port = server
    truth.accepted.clear()
    with channel(port) as one:
        hand_over(one)
        truth.answers["NOOP"].append(b"421 4.4.2 Idle too long")
        hand_over(one)
    assert len(truth.accepted) == 2


def test_silence_before_and_after_the_data_is_told_apart(server: tuple[Truth, int]) -> None:
    truth, port = server
    truth.clear()
    with line_to(port) as line:
        line.cuts.append(Cut(0, back=True, stalls=True))
        with channel(line.port) as one, pytest.raises(NotDeliveredError, match="no answer in time"):
            hand_over(one)
        truth.answers["end"].append(b"")
        with channel(line.port) as one, pytest.raises(UnsureError):
            hand_over(one)


def test_after_three_lost_connections_the_others_are_not_tried(
    server: tuple[Truth, int],
) -> None:
    truth, port = server
    with channel(port) as one:
        found = []
        for _ in range(3):
            truth.answers["MAIL"].append(DIE)
            with pytest.raises(NotDeliveredError) as raised:
                hand_over(one)
            found.append(raised.value.everybody)
    assert found == [False, False, True]


# Encryption and signing in


def test_starttls_and_a_password(tmp_path: Path) -> None:
    trust = trusted(tmp_path)
    with smtp_server(trust, auth=True) as (truth, port):
        given = {"security": "starttls", "user": "mf", "ca_file": trust.ca_file}
        with channel(port, **given) as one:
            hand_over(one)
        assert len(truth.accepted) == 1
        assert truth.asked.index("STARTTLS") < truth.asked.index("AUTH")


def test_encryption_from_the_first_byte(tmp_path: Path) -> None:
    trust = trusted(tmp_path)
    with (
        smtp_server(trust, implicit=True, auth=True) as (truth, port),
        channel(port, security="tls", user="mf", ca_file=trust.ca_file) as one,
    ):
        hand_over(one)
    assert len(truth.accepted) == 1


def test_a_password_never_goes_without_encryption(tmp_path: Path) -> None:
    with smtp_server() as (truth, port):  # it offers no STARTTLS, or somebody took the offer out
        with (
            channel(port, security="starttls", user="mf") as one,
            pytest.raises(NotDeliveredError, match="does not offer"),
        ):
            one.ready()
        assert not {"AUTH", "MAIL"} & set(truth.asked)
    trust = trusted(tmp_path)
    with smtp_server(trust) as (truth, port):
        truth.answers["STARTTLS"].append(b"454 4.7.0 Not now")
        with (
            channel(port, security="starttls", user="mf", ca_file=trust.ca_file) as one,
            pytest.raises(NotDeliveredError, match="454"),
        ):
            one.ready()
        assert not {"AUTH", "MAIL"} & set(truth.asked)


@pytest.mark.parametrize("names", [(HOST,), ("other.example",)])
def test_a_certificate_that_is_not_trusted_ends_it(tmp_path: Path, names: tuple[str, ...]) -> None:
    trust = trusted(tmp_path, *names)
    ca_file = trust.ca_file if names != (HOST,) else None
    with smtp_server(trust) as (truth, port):
        with (
            channel(port, security="starttls", user="mf", ca_file=ca_file) as one,
            pytest.raises(NotDeliveredError, match="certificate is not trusted"),
        ):
            one.ready()
        assert not {"AUTH", "MAIL"} & set(truth.asked)


def test_a_refused_password_is_said_without_it(tmp_path: Path) -> None:
    trust = trusted(tmp_path)
    with smtp_server(trust, auth=True) as (_, port):
        for password in ("wrong", "wröng"):
            values = {"host": HOST, "port": port, "user": "mf", "ca_file": trust.ca_file}
            one = SmtpChannel(SmtpServer(**values, timeout=2), password)  # type: ignore[arg-type]
            with pytest.raises(NotDeliveredError) as raised:
                one.ready()
            assert raised.value.everybody
            assert password not in str(raised.value)
            assert "password" in str(raised.value)
