"""Real servers on this computer that misbehave as told, and keep what they really accepted."""

import asyncio
import base64
import json
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import BaseServer
from threading import Event, Thread
from typing import Any

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword

DROP = "drop"  #: end the connection without a word
STALL = "stall"  #: say nothing for longer than anybody waits
TAKE_AND_DROP = "take and drop"  #: accept the email, then end the connection without a word
TAKE_AND_STALL = "take and stall"  #: accept the email, then say nothing

AUTHORITY = trustme.CA()
CERTIFICATE = AUTHORITY.issue_cert("localhost", "127.0.0.1")


@dataclass
class Accepted:
    """What a server has taken: the truth, whatever the other side was told."""

    emails: list[bytes] = field(default_factory=list)
    envelopes: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)

    def count(self, key: str) -> int:
        """Say how often the email with this key was taken."""
        return sum(f"<{key}@".encode() in one for one in self.emails)

    @property
    def readers(self) -> list[str]:
        """Give the addresses in the headers of what was taken."""
        return sorted(str(message_from_bytes(one, policy=policy.SMTP)["To"]) for one in self.emails)


def server_context() -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    CERTIFICATE.configure_cert(context)
    return context


def authority_file(folder: Path) -> Path:
    path = folder / "authority.pem"
    AUTHORITY.cert_pem.write_to_path(path)
    return path


Opened = list[asyncio.WriteTransport]


@contextmanager
def on_a_thread(
    start: Callable[[asyncio.AbstractEventLoop], Any], open_ones: Opened | None = None
) -> Iterator[int]:
    """Run an asyncio server on a thread of its own; gives its port.

    What stands in `open_ones` at the end is ended without a word.
    """
    loop = asyncio.new_event_loop()
    loop.set_exception_handler(lambda *_: None)  # connections are meant to break here
    thread = Thread(target=loop.run_forever)
    thread.start()

    async def stop() -> None:
        server.close()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for transport in open_ones or ():
            transport.abort()
        await asyncio.sleep(0.01)

    server = asyncio.run_coroutine_threadsafe(start(loop), loop).result()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        asyncio.run_coroutine_threadsafe(stop(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


# SMTP


class MailServer:
    """A mail server. `faults` says what to do at a step; each is done once, in turn.

    A step is connect, ehlo, starttls, auth, noop, mail, rcpt, data or end. A fault is an answer
    such as "451 not now", or one of the words above.
    """

    def __init__(self, *, tls: bool = False, password: str | None = None) -> None:
        self.accepted = Accepted()
        self.faults: list[tuple[str, str]] = []
        self.open_ones: Opened = []
        self._tls = tls
        self._password = password

    def _fault(self, step: str) -> str | None:
        if self.faults and self.faults[0][0] == step:
            return self.faults.pop(0)[1]
        return None

    async def _met(self, server: Any, step: str) -> str | None:
        fault = self._fault(step)
        if fault in (DROP, TAKE_AND_DROP):
            server.transport.abort()
            await asyncio.sleep(30)
        if fault in (STALL, TAKE_AND_STALL):
            await asyncio.sleep(30)
        return fault

    async def handle_EHLO(  # noqa: N802 - as aiosmtpd names it
        self, server: Any, session: Any, _: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        fault = await self._met(server, "ehlo")
        return [fault] if fault else responses

    async def handle_NOOP(self, server: Any, *_: Any) -> str:  # noqa: N802
        return await self._met(server, "noop") or "250 OK"

    async def handle_RSET(self, server: Any, *_: Any) -> str:  # noqa: N802
        return await self._met(server, "rset") or "250 OK"

    async def handle_MAIL(  # noqa: N802
        self, server: Any, _: Any, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        fault = await self._met(server, "mail")
        if fault is None:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return fault or "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: Any, _: Any, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        fault = await self._met(server, "rcpt")
        if fault is None:
            envelope.rcpt_tos.append(address)
            envelope.rcpt_options.extend(options)
        return fault or "250 OK"

    async def handle_DATA(self, server: Any, _: Any, envelope: Envelope) -> str:  # noqa: N802
        step, fault = self.faults[0] if self.faults else ("", "")
        if step != "end" or fault in (TAKE_AND_DROP, TAKE_AND_STALL):
            self.accepted.emails.append(envelope.original_content or b"")
            self.accepted.envelopes.append((envelope.mail_from or "", tuple(envelope.rcpt_tos)))
        return await self._met(server, "end") or "250 taken"

    def authenticate(self, *args: Any) -> AuthResult:
        data = args[-1]
        known = isinstance(data, LoginPassword) and data.password.decode() == self._password
        return AuthResult(success=known, handled=False)

    @contextmanager
    def served(self) -> Iterator[int]:
        async def start(loop: asyncio.AbstractEventLoop) -> asyncio.Server:
            context = server_context()

            def made() -> SMTP:
                return _Stepping(
                    self,
                    loop=loop,
                    tls_context=None if self._tls else context,
                    authenticator=self.authenticate if self._password else None,
                    auth_require_tls=not self._tls,
                )

            return await loop.create_server(
                made, "127.0.0.1", 0, ssl=context if self._tls else None
            )

        with on_a_thread(start, self.open_ones) as port:
            yield port


class _Stepping(SMTP):
    """Meets a fault at the steps that aiosmtpd does not ask a handler about."""

    def __init__(self, mail: MailServer, **options: Any) -> None:
        super().__init__(mail, **options)
        self._mail = mail

    def connection_made(self, transport: Any) -> None:
        self._mail.open_ones.append(transport)
        super().connection_made(transport)

    async def _handle_client(self) -> None:
        fault = await self._mail._met(self, "connect")  # noqa: SLF001 - one server in two parts
        if fault:
            await self.push(fault)
            assert self.transport is not None
            self.transport.close()
            return
        await super()._handle_client()

    async def smtp_STARTTLS(self, arg: str) -> None:  # noqa: N802
        fault = await self._mail._met(self, "starttls")  # noqa: SLF001
        if fault:
            await self.push(fault)
            return
        await super().smtp_STARTTLS(arg)

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        fault = await self._mail._met(self, "data")  # noqa: SLF001
        if fault:
            await self.push(fault)
            return
        await super().smtp_DATA(arg)


# Microsoft Graph and its sign-in service


class GraphServer:
    """Both services. `faults` are met in turn by requests to send, `sign_in` by those for a token.

    A fault is a status with headers, or one of the words above.
    """

    def __init__(self) -> None:
        self.accepted = Accepted()
        self.faults: list[str | tuple[int, dict[str, str]]] = []
        self.sign_in: list[str | tuple[int, dict[str, str]]] = []
        self.tokens = 0
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.roles = ["Mail.Send"]
        self.error = "invalid_client"
        self.over = Event()
        self.lines: list[socket.socket] = []
        self._ends: list[Callable[[], object]] = []

    @contextmanager
    def served(self) -> Iterator[int]:
        self.over.clear()
        graph = self

        class Handler(_Handler):
            kept = graph

        server = _Quiet(("127.0.0.1", 0), Handler)
        server.socket = server_context().wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        self._ends = [
            self.over.set,
            server.shutdown,
            self._end_lines,
            server.server_close,
            thread.join,
        ]
        try:
            yield server.server_address[1]
        finally:
            self.stop()

    def _end_lines(self) -> None:
        for line in self.lines:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        self.lines.clear()

    def stop(self) -> None:
        """End the service. Nobody listens any more."""
        ends, self._ends = self._ends, []
        for end in ends:
            end()


class _Quiet(ThreadingHTTPServer):
    daemon_threads = False
    block_on_close = True

    def handle_error(self, *_: object) -> None:
        """Connections are meant to break here."""


class _Handler(BaseHTTPRequestHandler):
    kept: GraphServer
    protocol_version = "HTTP/1.1"
    timeout = 1.0

    def __init__(self, request: Any, address: Any, server: BaseServer) -> None:
        super().__init__(request, address, server)

    def setup(self) -> None:
        super().setup()
        self.kept.lines.append(self.connection)

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        here = f"https://localhost:{self.server.server_address[1]}"  # type: ignore[index]
        tenant = self.path.split("/")[1]
        self._answer(
            200,
            {
                "token_endpoint": f"{here}/{tenant}/oauth2/v2.0/token",
                "authorization_endpoint": f"{here}/{tenant}/oauth2/v2.0/authorize",
                "issuer": f"{here}/{tenant}/v2.0",
            },
        )

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path.endswith("/token"):
            self._token()
        else:
            self._send(body)

    def _token(self) -> None:
        kept = self.kept
        fault = kept.sign_in.pop(0) if kept.sign_in else None
        if self._ended(fault):
            return
        if isinstance(fault, tuple):
            self._answer(fault[0], {"error": kept.error, "error_description": fault[1]["said"]})
            return
        kept.tokens += 1
        claims = base64.urlsafe_b64encode(json.dumps({"roles": kept.roles}).encode()).decode()
        token = f"made.{claims.rstrip('=')}.up{kept.tokens}"
        self._answer(200, {"access_token": token, "expires_in": 3600, "token_type": "Bearer"})

    def _send(self, body: bytes) -> None:
        kept = self.kept
        kept.asked.append((self.path, dict(self.headers)))
        fault = kept.faults.pop(0) if kept.faults else None
        if (
            fault is None
            or fault in (TAKE_AND_DROP, TAKE_AND_STALL)
            or (isinstance(fault, tuple) and "taken" in fault[1])
        ):
            kept.accepted.emails.append(base64.b64decode(body))
        if self._ended(fault):
            return
        if isinstance(fault, tuple):
            self._answer(
                fault[0], {"error": {"code": fault[1].get("code", "ErrorMadeUp")}}, fault[1]
            )
        else:
            self._answer(202, None)

    def _ended(self, fault: object) -> bool:
        if fault in (STALL, TAKE_AND_STALL):
            self.kept.over.wait(2)
        if fault in (DROP, TAKE_AND_DROP, STALL, TAKE_AND_STALL):
            self.close_connection = True
            return True
        return False

    def _answer(self, code: int, said: object, headers: dict[str, str] | None = None) -> None:
        data = b"" if said is None else json.dumps(said).encode()
        self.send_response(code)
        for name in ("Retry-After", "Location"):
            if headers and name in headers:
                self.send_header(name, headers[name])
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


# A line that breaks


class Line:
    """A line to a server. It breaks after so many bytes in one direction; None: it holds."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.there: int | None = None  #: bytes to the server before it breaks
        self.back: int | None = None  #: bytes from the server before it breaks

    @contextmanager
    def served(self) -> Iterator[int]:
        async def start(_: asyncio.AbstractEventLoop) -> asyncio.Server:
            return await asyncio.start_server(self._joined, "127.0.0.1", 0)

        with on_a_thread(start) as port:
            yield port

    async def _joined(self, near: asyncio.StreamReader, answer: asyncio.StreamWriter) -> None:
        try:
            far, ask = await asyncio.open_connection("127.0.0.1", self._port)
        except OSError:
            answer.transport.abort()
            return
        pumps = {
            asyncio.create_task(self._pump(near, ask, "there")),
            asyncio.create_task(self._pump(far, answer, "back")),
        }
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for pump in pumps:
                pump.cancel()
            answer.transport.abort()
            ask.transport.abort()

    async def _pump(
        self, source: asyncio.StreamReader, target: asyncio.StreamWriter, way: str
    ) -> None:
        while data := await source.read(65536):
            left: int | None = getattr(self, way)
            if left is not None:
                setattr(self, way, max(left - len(data), 0))
                data = data[:left]
            target.write(data)
            await target.drain()
            if left is not None and getattr(self, way) == 0:
                await asyncio.sleep(0.002)  # what got through is read before the line is gone
                setattr(self, way, None)
                return
        await asyncio.sleep(0.02)
