"""Microsoft Graph and its sign-in service, with every answer that they document."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from mfauto.delivery import NotDeliveredError, Transport, UnsureError, open_transport, try_delivery
from mfauto.messages import Attachment
from mfauto.settings import GraphApp, Mail, Settings
from tests.delivering.servers import (
    DROP,
    STALL,
    TAKE_AND_DROP,
    TAKE_AND_STALL,
    GraphServer,
    authority_file,
)
from tests.test_delivery import MESSAGE

MAIL = Mail(delivery="graph", live=True, allowed_domains=("council.example",))
SECOND = replace(MESSAGE, key="fedcba9876543210" * 2, recipient="jo.bright@council.example")


@pytest.fixture(autouse=True)
def _secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MFAUTO_GRAPH_SECRET", "a-made-up-secret")


def settings_for(folder: Path, port: int, **app: Any) -> Settings:
    here = f"https://localhost:{port}"
    chosen = {"tenant": "council.example", "client_id": "made-up", "timeout": 0.5, **app}
    chosen.setdefault("ca_file", authority_file(folder))
    return Settings(folder=folder, mail=MAIL, graph=GraphApp(login=here, address=here, **chosen))


@contextmanager
def way_to(
    folder: Path, port: int, waits: list[float] | None = None, **app: Any
) -> Iterator[Transport]:
    waits = [] if waits is None else waits
    transport = open_transport(settings_for(folder, port, **app), waits.append)
    try:
        yield transport
    finally:
        transport.close()


def sent(transport: Transport, *messages: Any) -> str:
    for message in messages or (MESSAGE,):
        transport.prepare(message)
        said = transport.send(message).detail
    return said


def test_emails_go_as_the_bytes_that_were_looked_at_with_one_sign_in(tmp_path: Path) -> None:
    graph = GraphServer()
    with graph.served() as port, way_to(tmp_path, port) as transport:
        assert sent(transport, MESSAGE, SECOND) == "202"
    assert graph.accepted.readers == [MESSAGE.recipient, SECOND.recipient]
    assert graph.tokens == 1
    (path, headers), _ = graph.asked
    assert path == f"/v1.0/users/{MESSAGE.sender}/sendMail"
    assert headers["Content-Type"] == "text/plain"
    assert headers["Authorization"].endswith(".up1")


@pytest.mark.parametrize(
    ("code", "everybody", "said"),
    [
        (400, False, "did not take the email (answer 400, ErrorMadeUp)"),
        (403, True, "application permission Mail.Send"),
        (404, True, "Check [mail] sender"),
        (413, False, "answer 413"),
        (302, True, "answer 302"),
    ],
)
def test_a_no_is_a_no(tmp_path: Path, code: int, everybody: bool, said: str) -> None:
    graph = GraphServer()
    graph.faults = [(code, {"Location": "https://localhost:1/elsewhere"})]
    with graph.served() as port, way_to(tmp_path, port) as transport:
        with pytest.raises(NotDeliveredError) as refused:
            sent(transport)
        assert said in str(refused.value)
        assert refused.value.everybody is everybody
        assert graph.accepted.emails == []
        assert sent(transport) == "202"
    assert graph.accepted.count(MESSAGE.key) == 1


@pytest.mark.parametrize("code", [500, 502, 503, 504, 507, 509, 200, 204])
@pytest.mark.parametrize("taken", [True, False])
def test_after_an_answer_that_promises_nothing_nobody_knows(
    tmp_path: Path, code: int, taken: bool
) -> None:
    graph = GraphServer()
    graph.faults = [(code, {"taken": "yes", "Retry-After": "1"} if taken else {"Retry-After": "1"})]
    waits: list[float] = []
    with (
        graph.served() as port,
        way_to(tmp_path, port, waits) as transport,
        pytest.raises(UnsureError, match=f"answer {code}"),
    ):
        sent(transport)
    assert graph.accepted.count(MESSAGE.key) == taken
    assert len(graph.asked) == 1
    assert waits == []


@pytest.mark.parametrize("fault", [DROP, STALL, TAKE_AND_DROP, TAKE_AND_STALL])
def test_after_silence_nobody_knows(tmp_path: Path, fault: str) -> None:
    graph = GraphServer()
    graph.faults = [fault]
    with graph.served() as port, way_to(tmp_path, port) as transport:
        with pytest.raises(UnsureError, match="did not say whether it took the email"):
            sent(transport)
        assert len(graph.asked) == 1
        assert sent(transport, SECOND) == "202"


@pytest.mark.parametrize(
    ("headers", "waited"),
    [
        ({"Retry-After": "7"}, 7.0),
        ({}, 5.0),
        ({"Retry-After": "soon"}, 5.0),
        ({"Retry-After": "Mon, 01 Jan 2001 00:00:00 GMT"}, 0.0),
    ],
)
def test_a_busy_service_is_waited_for_as_long_as_it_asks(
    tmp_path: Path, headers: dict[str, str], waited: float
) -> None:
    graph = GraphServer()
    graph.faults = [(429, headers)]
    waits: list[float] = []
    with graph.served() as port, way_to(tmp_path, port, waits) as transport:
        assert sent(transport) == "202"
    assert waits == [waited]
    assert graph.accepted.count(MESSAGE.key) == 1


@pytest.mark.parametrize("seconds", ["121", "86400", "9" * 30])
def test_a_wait_too_long_for_a_run_is_left_to_the_next_one(tmp_path: Path, seconds: str) -> None:
    graph = GraphServer()
    graph.faults = [(429, {"Retry-After": seconds})]
    waits: list[float] = []
    with graph.served() as port, way_to(tmp_path, port, waits) as transport:
        with pytest.raises(NotDeliveredError, match="too busy") as refused:
            sent(transport)
        assert refused.value.everybody
    assert waits == []
    assert graph.accepted.emails == []


def test_a_service_that_stays_busy_is_left_to_the_next_run(tmp_path: Path) -> None:
    graph = GraphServer()
    graph.faults = [(429, {"Retry-After": "30"})] * 9
    waits: list[float] = []
    with graph.served() as port, way_to(tmp_path, port, waits) as transport:
        for _ in range(3):
            with pytest.raises(NotDeliveredError, match="too busy"):
                sent(transport)
    assert waits == [30.0] * 4  # two minutes in all
    assert graph.accepted.emails == []


def test_a_sign_in_that_has_run_out_is_made_anew_once(tmp_path: Path) -> None:
    graph = GraphServer()
    graph.faults = [(401, {})]
    with graph.served() as port, way_to(tmp_path, port) as transport:
        assert sent(transport) == "202"
        assert graph.tokens == 2
        graph.faults = [(401, {}), (401, {})]
        with pytest.raises(NotDeliveredError, match="sign-in was not accepted") as refused:
            sent(transport, SECOND)
        assert refused.value.everybody
    assert graph.accepted.readers == [MESSAGE.recipient]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("AADSTS7000222: The keys are expired. Trace ID: 1", "Make a new one and put it into"),
        ("AADSTS7000215: Invalid client secret provided.", "not its ID"),
        ("AADSTS700016: Application not found", "Check [graph] client_id"),
        ("Jo Bright is not known", "(invalid"),
    ],
)
def test_a_refused_sign_in_says_what_to_do(tmp_path: Path, said: str, expected: str) -> None:
    graph = GraphServer()
    graph.sign_in = [(401, {"said": said})]
    graph.error = "invalidclient"
    with (
        graph.served() as port,
        way_to(tmp_path, port) as transport,
        pytest.raises(NotDeliveredError) as refused,
    ):
        sent(transport)
    assert expected in str(refused.value)
    assert "Jo Bright" not in str(refused.value)
    assert "a-made-up-secret" not in str(refused.value)
    assert refused.value.everybody
    assert graph.asked == []


@pytest.mark.parametrize("fault", [DROP, STALL])
def test_a_sign_in_service_that_says_nothing_keeps_emails_back(tmp_path: Path, fault: str) -> None:
    graph = GraphServer()
    graph.sign_in = [fault]
    with graph.served() as port, way_to(tmp_path, port) as transport:
        with pytest.raises(NotDeliveredError, match="sign-in service could not be reached"):
            sent(transport)
        assert graph.asked == []
        assert sent(transport) == "202"


def test_a_service_without_a_trusted_certificate_gets_nothing(tmp_path: Path) -> None:
    graph = GraphServer()
    with (
        graph.served() as port,
        way_to(tmp_path, port, ca_file=None) as transport,
        pytest.raises(NotDeliveredError, match="certificate is not trusted"),
    ):
        sent(transport)
    assert graph.tokens == 0


def test_a_service_that_is_gone_after_the_sign_in_means_not_sent(tmp_path: Path) -> None:
    graph = GraphServer()
    served = graph.served()
    with served as port, way_to(tmp_path, port) as transport:
        transport.prepare(MESSAGE)
        transport.close()  # the line kept from the sign-in; a new one has to be made
        graph.stop()
        with pytest.raises(NotDeliveredError, match="could not be reached") as refused:
            transport.send(MESSAGE)
    assert refused.value.everybody


def test_an_email_too_large_for_the_service_is_not_tried(tmp_path: Path) -> None:
    graph = GraphServer()
    large = replace(
        MESSAGE,
        attachments=(Attachment(name="a.docx", type="application/x", data=bytes(3_000_000)),),
    )
    with (
        graph.served() as port,
        way_to(tmp_path, port) as transport,
        pytest.raises(NotDeliveredError, match="attach_documents = false"),
    ):
        sent(transport, large)
    assert graph.asked == []


def test_a_certificate_signs_in_as_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MFAUTO_GRAPH_SECRET")
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mfauto")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2036, 1, 1, tzinfo=UTC))
        .sign(key, hashes.SHA256())
    )
    (tmp_path / "mfauto.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    graph = GraphServer()
    with (
        graph.served() as port,
        way_to(tmp_path, port, certificate=tmp_path / "mfauto.pem") as transport,
    ):
        assert sent(transport) == "202"


def test_a_trial_signs_in_and_looks_for_the_permission(tmp_path: Path) -> None:
    graph = GraphServer()
    with graph.served() as port:
        assert try_delivery(settings_for(tmp_path, port), print).fault is None
        graph.roles = ["User.Read"]
        fault = try_delivery(settings_for(tmp_path, port), print).fault or ""
    assert "does not carry the permission Mail.Send" in fault
    assert graph.asked == []
