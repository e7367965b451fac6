"""Microsoft Graph: what each answer means for an email, and what is said of it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mfauto.delivery import NotDeliveredError, UnsureError
from mfauto.delivery.graph import GraphChannel
from mfauto.settings import GraphApp
from tests.delivering.servers import (
    HOST,
    Answer,
    Trust,
    Truth,
    fault,
    graph_server,
    trusted,
)

SENDER = "moving-forward@council.example"
READER = "amira.khan@council.example"
SECRET = "s3cr3t-value"  # noqa: S105 - of a service made for a test
DATA = b"To: amira.khan@council.example\r\nMessage-ID: <1@council.example>\r\n\r\nText\r\n"


@pytest.fixture(scope="module")
def trust(tmp_path_factory: pytest.TempPathFactory) -> Trust:
    return trusted(tmp_path_factory.mktemp("trust"))


@pytest.fixture
def service(trust: Trust) -> Iterator[tuple[Truth, int]]:
    with graph_server(trust) as given:
        yield given


@contextmanager
def channel(
    port: int, ca_file: Path | None, waits: list[float] | None = None
) -> Iterator[GraphChannel]:
    place = f"https://{HOST}:{port}"
    app = GraphApp(
        tenant="tenant", client_id="c", login=place, address=place, ca_file=ca_file, timeout=5
    )
    made = GraphChannel(app, SECRET, (waits if waits is not None else []).append)
    try:
        yield made
    finally:
        made.close()


def hand_over(one: GraphChannel, data: bytes = DATA) -> str:
    one.ready()
    return one.hand_over(data, SENDER, READER)


def refusal(why: str) -> Answer:
    told = {"error": "invalid_client", "error_description": why}
    return Answer(401, json.dumps(told).encode())


def sends(truth: Truth) -> int:
    return sum(asked.startswith("send ") for asked in truth.asked)


def test_an_email_goes_as_the_bytes_it_was_made_of(
    service: tuple[Truth, int], trust: Trust
) -> None:
    truth, port = service
    truth.answers["send"].append(Answer(202, headers={"Retry-After": "7"}))
    waits: list[float] = []
    with channel(port, trust.ca_file, waits) as one:
        assert hand_over(one) == "202"
    assert [found.data for found in truth.accepted] == [DATA]
    assert waits == []


@pytest.mark.parametrize(
    ("code", "everybody"), [(400, False), (403, True), (404, True), (413, False), (302, True)]
)
def test_a_no_is_a_no(
    service: tuple[Truth, int], trust: Trust, code: int, *, everybody: bool
) -> None:
    truth, port = service
    truth.answers["send"].append(fault(code, "ErrorNo", Location=f"https://{HOST}:{port}/else"))
    with channel(port, trust.ca_file) as one, pytest.raises(NotDeliveredError) as raised:
        hand_over(one)
    assert raised.value.everybody == everybody
    assert f"answer {code}, ErrorNo" in str(raised.value)
    assert "amira" not in str(raised.value)
    assert sends(truth) == 1
    assert truth.accepted == []


@pytest.mark.parametrize(
    "answer", [fault(500), fault(502), fault(503, Retry_After="1"), fault(504), Answer(200)]
)
def test_what_is_neither_yes_nor_no_is_unknown_and_not_tried_again(
    service: tuple[Truth, int], trust: Trust, answer: Answer
) -> None:
    truth, port = service
    truth.answers["send"].append(answer)
    with channel(port, trust.ca_file) as one, pytest.raises(UnsureError):
        hand_over(one)
    assert sends(truth) == 1


@pytest.mark.parametrize("keeps", [True, False])
def test_a_connection_that_ends_instead_of_an_answer_leaves_it_unknown(
    service: tuple[Truth, int], trust: Trust, *, keeps: bool
) -> None:
    truth, port = service
    truth.answers["send"].append(Answer(500, keeps=keeps, dies=True))
    with channel(port, trust.ca_file) as one, pytest.raises(UnsureError):
        hand_over(one)
    assert sends(truth) == 1


@pytest.mark.parametrize(
    ("told", "waited"),
    [
        ({"Retry_After": "7"}, [7.0]),
        ({}, [5.0]),
        ({"Retry_After": "soon"}, [5.0]),
        ({"Retry_After": "-3"}, [5.0]),
        ({"Retry_After": "Fri, 01 Jan 2100 00:00:00 GMT"}, None),
        ({"Retry_After": "Thu, 01 Jan 2015 00:00:00 GMT"}, [0.0]),
        ({"Retry_After": "9" * 400}, None),
        ({"Retry_After": "99999"}, None),
    ],
)
def test_a_busy_service_is_waited_for_as_it_asks(
    service: tuple[Truth, int], trust: Trust, told: dict[str, str], waited: list[float] | None
) -> None:
    truth, port = service
    truth.answers["send"].append(fault(429, "TooManyRequests", **told))
    waits: list[float] = []
    with channel(port, trust.ca_file, waits) as one:
        if waited is None:
            with pytest.raises(NotDeliveredError, match="too busy") as raised:
                hand_over(one)
            assert raised.value.everybody
        else:
            hand_over(one)
    assert waits == (waited or [])
    assert len(truth.accepted) == (waited is not None)


def test_a_token_that_ran_out_is_asked_for_once_more(
    service: tuple[Truth, int], trust: Trust
) -> None:
    truth, port = service
    truth.answers["send"].append(fault(401))
    with channel(port, trust.ca_file) as one:
        hand_over(one)
        shown = [asked for asked in truth.asked if asked.startswith("Bearer")]
        assert len(set(shown)) == 2
        truth.answers["send"].extend([fault(401), fault(401)])
        with pytest.raises(NotDeliveredError, match="not accepted") as raised:
            hand_over(one)
    assert raised.value.everybody
    assert len(truth.accepted) == 1


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (
            Answer(
                401,
                b'{"error": "invalid_client", "error_description": "AADSTS7000215: the secret"}',
            ),
            "7000215",
        ),
        (
            Answer(401, b'{"error": "invalid_client", "error_description": "AADSTS7000222: x"}'),
            "run out",
        ),
        (Answer(400, b'{"error": "unauthorized_client"}'), "refused"),
        (Answer(400, b"{"), "could not be done"),
        (Answer(200, b"[]"), "could not be done"),
        (Answer(500, b"<html>"), "could not answer"),
        (Answer(503, b"{}", {"Retry-After": "5"}), "could not answer"),
        (Answer(307, b"{}", {"Location": "https://127.0.0.1:1/token"}), "refused"),
    ],
)
def test_a_sign_in_that_fails_is_said_plainly(
    service: tuple[Truth, int], trust: Trust, answer: Answer, said: str
) -> None:
    truth, port = service
    truth.answers["token"].append(answer)
    with channel(port, trust.ca_file) as one, pytest.raises(NotDeliveredError) as raised:
        one.ready()
    assert raised.value.everybody
    assert said in str(raised.value)
    assert SECRET not in str(raised.value)
    assert truth.accepted == []


def test_what_is_too_large_is_not_begun(service: tuple[Truth, int], trust: Trust) -> None:
    truth, port = service
    with channel(port, trust.ca_file) as one, pytest.raises(NotDeliveredError, match="4 MB"):
        hand_over(one, DATA + b"x" * 3_000_000)
    assert sends(truth) == 0


def test_a_certificate_that_is_not_trusted_ends_it(service: tuple[Truth, int]) -> None:
    truth, port = service
    with channel(port, None) as one, pytest.raises(NotDeliveredError, match="could not be reached"):
        one.ready()
    assert truth.asked == []


def test_the_surroundings_change_neither_trust_nor_token(
    service: tuple[Truth, int], trust: Trust, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    truth, port = service
    netrc = tmp_path / "netrc"
    netrc.write_text(f"machine {HOST} login somebody password else\n", encoding="utf-8")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    other = tmp_path / "other"
    other.mkdir()
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(trusted(other).ca_file))
    with channel(port, trust.ca_file) as one:
        hand_over(one)
    assert all("Basic" not in asked for asked in truth.asked)
    assert len(truth.accepted) == 1


def test_a_proxy_that_is_not_there_lets_nothing_leave(
    service: tuple[Truth, int], trust: Trust, monkeypatch: pytest.MonkeyPatch
) -> None:
    truth, port = service
    with channel(port, trust.ca_file) as one:
        one.ready()
        monkeypatch.setenv("HTTPS_PROXY", f"http://{HOST}:1")
        monkeypatch.setenv("NO_PROXY", "")
        monkeypatch.setenv("no_proxy", "")
        with pytest.raises(NotDeliveredError, match="proxy") as raised:
            one.hand_over(DATA, SENDER, READER)
    assert raised.value.everybody
    assert truth.accepted == []
