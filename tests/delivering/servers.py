"""Real servers on this computer for emails to go to, each keeping what it accepted.

What a server accepted is the truth that the history is measured against. Each answers as
told, once for each answer queued, and then as a healthy one does.
"""

import base64
import json
import selectors
import socket
import ssl
import threading
import time
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

HOST: Final = "127.0.0.1"
DIE: Final = b""  #: an answer: end the connection instead
PASSWORD: Final = "correct horse"  # noqa: S105 - of a server made for a test


@dataclass(frozen=True)
class Accepted:
    """One email that a server said yes to, or took and then died."""

    envelope: tuple[str, ...]
    data: bytes

    @property
    def id(self) -> str:
        return str(message_from_bytes(self.data)["Message-ID"])


@dataclass
class Truth:
    """What a server accepted, was asked, and is to answer."""

    accepted: list[Accepted] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    answers: dict[str, deque[Any]] = field(default_factory=lambda: defaultdict(deque))
    dies: deque[bool] = field(default_factory=deque)  #: take the next email, then say nothing

    def clear(self) -> None:
        self.answers.clear()
        self.dies.clear()


@dataclass(frozen=True)
class Trust:
    """A certificate for this computer, and the authority that gave it."""

    server: ssl.SSLContext
    ca_file: Path


def trusted(folder: Path, *names: str) -> Trust:
    ca = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert(*(names or (HOST,))).configure_cert(context)
    path = folder / "ca.pem"
    ca.cert_pem.write_to_path(str(path))
    return Trust(context, path)


class _Scripted(SMTP):
    """The real conversation, except where an answer is queued for a command."""

    truth: Truth

    def __init__(self, truth: Truth, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.truth = truth
        self._greeted = False
        for verb, method in list(self._smtp_methods.items()):
            self._smtp_methods[verb] = self._instead(verb, method)

    def _instead(
        self, verb: str, method: Callable[..., Awaitable[None]]
    ) -> Callable[[str], Awaitable[None]]:
        async def answer(argument: str) -> None:
            self.truth.asked.append(verb)
            if self.truth.answers[verb]:
                await self.say(self.truth.answers[verb].popleft())
            else:
                await method(argument)

        return answer

    async def say(self, told: bytes) -> None:
        if told:
            self._writer.write(told + b"\r\n")
            with suppress(ConnectionError):
                await self._writer.drain()
        if not told or told.startswith(b"421"):
            self._writer.close()

    async def push(self, status: Any) -> None:
        if not self._greeted:
            self._greeted = True
            if self.truth.answers["banner"]:
                await self.say(self.truth.answers["banner"].popleft())
                return
        await super().push(status)


class _Keeper:
    """Takes each email, unless an answer is queued for the end of its data."""

    def __init__(self, truth: Truth) -> None:
        self.truth = truth

    async def handle_DATA(  # noqa: N802 - as aiosmtpd names it
        self, server: _Scripted, _: Session, envelope: Envelope
    ) -> str:
        truth = self.truth
        answer = truth.answers["end"].popleft() if truth.answers["end"] else b"250 2.0.0 Taken"
        if answer[:1] == b"2" or (truth.dies and truth.dies.popleft()):
            content = envelope.original_content or b""
            truth.accepted.append(Accepted(tuple(envelope.rcpt_tos), content))
            if answer[:1] != b"2":
                answer = DIE
        await server.say(answer)
        return ""


class _Controller(Controller):
    """The server in a thread of its own."""

    def __init__(self, truth: Truth, **named: Any) -> None:
        self._truth = truth
        super().__init__(_Keeper(truth), hostname=HOST, port=0, **named)

    def factory(self) -> SMTP:
        return _Unanswered(self._truth, self.handler, **self.SMTP_kwargs)

    def _trigger_server(self) -> None:
        # The system chose the port, so it is read from the socket that is listening.
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        super()._trigger_server()  # type: ignore[no-untyped-call]


class _Unanswered(_Scripted):
    """Leaves the answer at the end of the data to the handler, which has given it."""

    async def push(self, status: Any) -> None:
        if status == "":
            return
        await super().push(status)


@contextmanager
def smtp_server(
    trust: Trust | None = None, *, implicit: bool = False, auth: bool = False
) -> Iterator[tuple[Truth, int]]:
    """Run a mail server; give what it knows, and its port."""
    truth = Truth()

    def check(*given: Any) -> AuthResult:
        told = given[4]
        good = isinstance(told, LoginPassword) and told.password == PASSWORD.encode()
        return AuthResult(success=good, handled=good)

    named: dict[str, Any] = {"data_size_limit": None}
    if trust is not None and implicit:
        named["ssl_context"] = trust.server
    elif trust is not None:
        named |= {"tls_context": trust.server, "require_starttls": True}
    if auth:
        named |= {
            "authenticator": check,
            "auth_required": not implicit,
            "auth_require_tls": not implicit,
        }
    controller = _Controller(truth, **named)
    controller.start()
    try:
        yield truth, controller.port
    finally:
        controller.stop()


# Microsoft Graph and its sign-in


@dataclass(frozen=True)
class Answer:
    """What the service is to answer."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    keeps: bool = False  #: it takes the email all the same
    dies: bool = False  #: it ends the connection instead of answering


def fault(status: int, code: str = "ErrorInternal", **headers: str) -> Answer:
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    body = {"error": {"code": code, "message": "About amira.khan@council.example"}}
    return Answer(status, json.dumps(body).encode(), told)


class _Graph(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 5
    truth: Truth

    def do_GET(self) -> None:
        place = f"https://{self.headers['Host']}/tenant"
        known = {
            "issuer": f"{place}/v2.0",
            "authorization_endpoint": f"{place}/authorize",
            "token_endpoint": f"{place}/token",
        }
        self._answered("discovery", Answer(200, json.dumps(known).encode()))

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        body = self.rfile.read(length)
        if len(body) != length:
            self.close_connection = True
            return
        if self.path.endswith("/token"):
            token = {
                "token_type": "Bearer",
                "expires_in": 3600,
                "access_token": f"token-{len(self.truth.asked)}",
            }
            self._answered("token", Answer(200, json.dumps(token).encode()))
            return
        self.truth.asked.append(str(self.headers["Authorization"]))
        self._answered("send", Answer(202), body)

    def _answered(self, what: str, usual: Answer, body: bytes = b"") -> None:
        self.truth.asked.append(f"{what} {self.path}")
        queue = self.truth.answers[what]
        answer = queue.popleft() if queue else usual
        if what == "send" and (answer.keeps or answer.status == 202):
            data = base64.b64decode(body)
            self.truth.accepted.append(Accepted((str(message_from_bytes(data)["To"]),), data))
        if answer.dies:
            self.close_connection = True
            return
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Https(ThreadingHTTPServer):
    daemon_threads = False
    trust: Trust

    def __init__(self, *given: Any) -> None:
        self.lines: set[socket.socket] = set()
        super().__init__(*given)

    def finish_request(self, request: Any, client_address: Any) -> None:
        request.settimeout(5)
        with suppress(OSError), self.trust.server.wrap_socket(request, server_side=True) as secure:
            self.lines.add(secure)
            super().finish_request(secure, client_address)

    def handle_error(self, *_: object) -> None:
        """Say nothing: lines are dropped on purpose."""


@contextmanager
def graph_server(trust: Trust) -> Iterator[tuple[Truth, int]]:
    """Run the service and its sign-in; give what it knows, and its port."""
    truth = Truth()
    handler = type("Handler", (_Graph,), {"truth": truth})
    server = _Https((HOST, 0), handler)
    server.trust = trust
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield truth, server.server_port
    finally:
        server.shutdown()
        thread.join()
        for one in list(server.lines):  # nobody waits for what a client may still say
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        server.server_close()


# A line that fails


@dataclass(frozen=True)
class Cut:
    """Where one connection fails: after so many bytes in one direction."""

    after: int
    back: bool = False  #: counted from the server to us; else from us to the server
    stalls: bool = False  #: nothing more passes; else the line ends


class Line:
    """A TCP proxy: each connection fails as the next cut says, and passes where there is none."""

    def __init__(self, port: int) -> None:
        self.cuts: deque[Cut | None] = deque()
        self._to = port
        self._listening = socket.create_server((HOST, 0))
        self._listening.settimeout(0.02)
        self.port: int = self._listening.getsockname()[1]
        self._ends = threading.Event()
        self._threads: list[threading.Thread] = []
        self._main = threading.Thread(target=self._accept)
        self._main.start()

    def close(self) -> None:
        self._ends.set()
        self._main.join()
        for thread in self._threads:
            thread.join()
        self._listening.close()

    def _accept(self) -> None:
        while not self._ends.is_set():
            with suppress(TimeoutError):
                near, _ = self._listening.accept()
                cut = self.cuts.popleft() if self.cuts else None
                thread = threading.Thread(target=self._pass, args=(near, cut))
                self._threads.append(thread)
                thread.start()

    def _pass(self, near: socket.socket, cut: Cut | None) -> None:
        with (
            near,
            socket.create_connection((HOST, self._to)) as far,
            suppress(OSError),
            selectors.DefaultSelector() as chosen,
        ):
            chosen.register(near, selectors.EVENT_READ, (far, False))
            chosen.register(far, selectors.EVENT_READ, (near, True))
            passed = {False: 0, True: 0}
            while not self._ends.is_set():
                for key, _ in chosen.select(0.02):
                    to, back = key.data
                    data = key.fileobj.recv(65536)  # type: ignore[union-attr]
                    if not data:
                        return
                    if cut is not None and cut.back is back:
                        data = data[: cut.after - passed[back]]
                    passed[back] += len(data)
                    to.sendall(data)
                    if cut is not None and passed[cut.back] >= cut.after:
                        if cut.stalls:
                            self._stall(near)
                        return

    def _stall(self, near: socket.socket) -> None:
        """Let nothing pass until the near side has given up."""
        near.settimeout(0.02)
        until = time.monotonic() + 10
        while not self._ends.is_set() and time.monotonic() < until:
            with suppress(TimeoutError):
                if not near.recv(65536):
                    return


@contextmanager
def line_to(port: int) -> Iterator[Line]:
    """Run a line to a port of this computer."""
    line = Line(port)
    try:
        yield line
    finally:
        line.close()
