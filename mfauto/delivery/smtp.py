"""SMTP: a relay inside the council, or a mail server with a password as a last resort.

What the server says decides. Until its DATA is answered with 354 nothing can have
left. From there to its last answer nobody can know, unless it answers.
"""

import re
import smtplib
import ssl
from contextlib import suppress
from typing import Final

from mfauto.delivery.transport import SMTP, NotDeliveredError, UnsureError
from mfauto.settings import SmtpServer

STARTTLS: Final = "starttls"
TLS: Final = "tls"
_OK: Final = 250
_GO_ON: Final = 354
_TAKEN: Final = 2  # RFC 5321, 4.2.1: the first digit says whether it was taken
_REFUSED: Final = (4, 5)
_LOST: Final = 3  # so many connections lost in a row: the others are not tried
_SHUTTING: Final = 421  # RFC 5321, 3.8: the server ends the connection
_FAULTS: Final = (
    (smtplib.SMTPAuthenticationError, "it does not accept the user and password"),
    (smtplib.SMTPNotSupportedError, "it does not offer what the settings ask for"),
    (smtplib.SMTPServerDisconnected, "it ended the connection"),
    (UnicodeError, "a name, user or password holds a letter that cannot be sent"),
)
_DOT: Final = re.compile(rb"^\.", re.MULTILINE)  # RFC 5321, 4.5.2


class SmtpChannel:
    """One connection to a mail server, made when it is needed and kept for the run."""

    name = SMTP

    def __init__(self, server: SmtpServer, password: str | None) -> None:
        self._server = server
        self._password = password
        self._smtp: smtplib.SMTP | None = None
        self._losses = 0  #: connections lost since an email was last answered

    def ready(self) -> None:
        """Be connected, encrypted and signed in as the settings say."""
        if self._smtp is not None:
            with suppress(smtplib.SMTPException, OSError):
                if self._smtp.noop()[0] == _OK:
                    return
            self.close()
        self._smtp = self._connected()

    def would_take(self, sender: str, recipient: str) -> None:
        """Ask whether the server would take an email, and take the question back."""
        self.ready()
        self._envelope(sender, recipient)
        assert self._smtp is not None  # noqa: S101 - `ready` connects or raises
        with suppress(smtplib.SMTPException, OSError):
            self._smtp.rset()

    def hand_over(self, data: bytes, sender: str, recipient: str) -> str:
        """Give one email to the server."""
        smtp = self._smtp
        if smtp is None:
            raise NotDeliveredError("The mail server was not connected.")
        self._envelope(sender, recipient)
        try:
            code, said = smtp.docmd("DATA")
        except (smtplib.SMTPException, OSError) as error:
            raise self._lost(error) from error
        if code != _GO_ON:
            raise self._refused(code, said, "the email")
        ended = data if data.endswith(b"\r\n") else data + b"\r\n"
        try:
            smtp.send(_DOT.sub(b"..", ended) + b".\r\n")
            code, said = smtp.getreply()
            self._losses = 0
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise UnsureError(
                f"{self._place} did not say whether it took the email ({_why(error)})."
            ) from error
        if code // 100 == _TAKEN:
            return str(code)
        if code // 100 in _REFUSED:
            raise self._refused(code, said, "the email")
        self._drop()  # what came is no answer to an email, so nobody knows
        raise UnsureError(f"{self._place} did not say whether it took the email (no plain answer).")

    def close(self) -> None:
        """Say goodbye, where somebody is there."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            with suppress(smtplib.SMTPException, OSError):
                smtp.quit()
            smtp.close()

    @property
    def _place(self) -> str:
        return f"The mail server {self._server.host}"

    def _connected(self) -> smtplib.SMTP:
        server = self._server
        host = server.host or ""
        smtp: smtplib.SMTP | None = None
        try:
            context = ssl.create_default_context()
            if server.ca_file is not None:
                context.load_verify_locations(server.ca_file)
            if server.security == TLS:
                smtp = smtplib.SMTP_SSL(host, server.port, timeout=server.timeout, context=context)
            else:
                smtp = smtplib.SMTP(host, server.port, timeout=server.timeout)
            smtp.ehlo_or_helo_if_needed()
            if server.security == STARTTLS:
                smtp.starttls(context=context)
                smtp.ehlo_or_helo_if_needed()
            if server.user and self._password:
                smtp.login(server.user, self._password)
        except (smtplib.SMTPException, OSError, ValueError) as error:
            _end(smtp)
            raise NotDeliveredError(
                f"{self._place}, port {server.port}, could not be used ({_why(error)}).\n"
                f"{_advice(error)}",
                everybody=True,
            ) from error
        return smtp

    def _envelope(self, sender: str, recipient: str) -> None:
        assert self._smtp is not None  # noqa: S101 - callers connect first
        try:
            code, said = self._smtp.mail(sender)
            if code // 100 != _TAKEN:
                raise self._refused(code, said, "the sender", everybody=True)
            code, said = self._smtp.rcpt(recipient)
            if code // 100 != _TAKEN:
                raise self._refused(code, said, "the recipient")
        except (smtplib.SMTPException, OSError, ValueError) as error:
            raise self._lost(error) from error

    def _refused(
        self, code: int, said: bytes, what: str, *, everybody: bool = False
    ) -> NotDeliveredError:
        """Say that the server said no. Its words are not repeated: they may name somebody."""
        if not self._starts_again(code):
            self._drop()
        status = re.match(rb"[245]\.\d{1,3}\.\d{1,3}\b", said)
        shown = f"{code} {status[0].decode()}" if status else str(code)
        return NotDeliveredError(
            f"{self._place} refused {what} (answer {shown}).\n"
            "It is tried again at the next run. If it stays so, ask whoever runs the mail server.",
            everybody=everybody,
        )

    def _starts_again(self, code: int) -> bool:
        """Say whether the server is ready for another email after it answered this one."""
        # An answer that is none, or a yes where a no was due: questions and answers no longer
        # belong together, and the next yes would stand for something else.
        if self._smtp is None or code == _SHUTTING or code // 100 not in _REFUSED:
            return False
        with suppress(smtplib.SMTPException, OSError):
            return self._smtp.rset()[0] == _OK
        return False

    def _lost(self, error: Exception) -> NotDeliveredError:
        self._drop()
        self._losses += 1
        return NotDeliveredError(
            f"{self._place} was lost before it had the email ({_why(error)}).\n"
            "It is tried again at the next run.",
            everybody=self._losses >= _LOST,
        )

    def _drop(self) -> None:
        _end(self._smtp)
        self._smtp = None


def _end(smtp: smtplib.SMTP | None) -> None:
    if smtp is not None:
        with suppress(OSError):
            smtp.close()


def _why(error: Exception) -> str:
    """Name a fault in plain words, without what the other side said."""
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return "no answer in time"
    for kind, words in _FAULTS:
        if isinstance(error, kind):
            return words
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted: {error.verify_message}"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"answer {error.smtp_code}" if error.smtp_code > 0 else "no plain answer"
    if isinstance(error, ssl.SSLError):
        return "no encrypted connection could be made"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return "it does not speak as a mail server does"


def _advice(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return "Check [smtp] user, and MFAUTO_SMTP_PASSWORD in .env."
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return "Ask whoever runs it which [smtp] port and security are right."
    if isinstance(error, ssl.SSLCertVerificationError):
        return "Ask whoever runs it for its certificate, and name that file as [smtp] ca_file."
    return "Check [smtp] host, port and security, and the network. It is tried at the next run."
