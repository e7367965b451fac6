"""Microsoft Graph: sends from a mailbox of Microsoft 365 without a password in any file.

The email goes as the very bytes that were looked at (MIME, base64). 202 says that it was
taken. 429 says that it was not. After a 5xx or silence nobody knows: such emails have been
seen to arrive, so they are never sent again without a person's word.
"""

import base64
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import quote

import msal
import requests
from msal.exceptions import MsalError
from requests.auth import AuthBase
from urllib3.exceptions import HTTPError, MaxRetryError, NewConnectionError
from urllib3.exceptions import SSLError as TlsError

from mfauto.delivery.transport import GRAPH, NotDeliveredError, UnsureError
from mfauto.settings import GraphApp

Credential = str | Mapping[str, str]  #: a secret, or a certificate as msal wants it

_CONNECT: Final = 10.0  # seconds
_LARGEST: Final = 4_000_000  # bytes of one request, as the service documents
_TRIES: Final = 3
_LONGEST_WAIT: Final = 120.0  # seconds in one run, all waits together
_SHORT_WAIT: Final = 5.0  # where the service does not say how long
_ACCEPTED: Final = 202
_UNAUTHORISED: Final = 401
_THROTTLED: Final = 429
_SERVER: Final = 500
_CLIENT: Final = 400
_WORD: Final = re.compile(r"[A-Za-z]{1,60}")
_NUMBER: Final = re.compile(r"AADSTS(\d{4,9})")
#: what the sign-in service means by its numbers, and what to do
_SIGN_IN: Final[Mapping[str, str]] = {
    "7000215": "The secret is wrong. Put the secret's value, not its ID, into .env.",
    "7000222": "The secret has run out. Make a new one and put it into .env.",
    "700016": "The application is not known in this tenant. Check [graph] client_id and tenant.",
    "90002": "The tenant is not known. Check [graph] tenant.",
    "700027": "The certificate is not the application's. Upload it, or check [graph] certificate.",
    "500011": "[graph] address is not a service of this tenant.",
}
#: what the service means by its answers, where no other email can go either
_EVERYBODY: Final[Mapping[int, str]] = {
    401: "The sign-in was not accepted. Check the secret or certificate with your IT.",
    403: "The application may not send from this mailbox. "
    "Ask your IT for the application permission Mail.Send for it.",
    404: "There is no such mailbox. Check [mail] sender.",
}


class GraphChannel:
    """Sends with the permission of an application, signed in by secret or certificate."""

    name = GRAPH

    def __init__(
        self, app: GraphApp, credential: Credential, wait: Callable[[float], object]
    ) -> None:
        self._app = app
        self._credential = credential
        self._wait = wait
        self._waited = 0.0
        self._session = requests.Session()
        # Given with each request: a session's own gives way to REQUESTS_CA_BUNDLE.
        self._verify = str(app.ca_file) if app.ca_file is not None else None
        self._client: msal.ConfidentialClientApplication | None = None
        self._token = ""

    def ready(self) -> None:
        """Be signed in."""
        self._token = self._signed_in()

    def would_take(self, sender: str, recipient: str) -> None:
        """Sign in, and look whether the sign-in carries the permission to send."""
        del sender, recipient  # the service can only be asked about a mailbox by sending from it
        self.ready()
        told = self._token.split(".")
        claims = b""
        if len(told) == 3:  # noqa: PLR2004 - header, claims and signature
            with suppress(ValueError):
                claims = base64.urlsafe_b64decode(told[1] + "=" * (-len(told[1]) % 4))
        if b'"Mail.Send"' not in claims:
            raise NotDeliveredError(
                "The sign-in to Microsoft Graph does not carry the permission Mail.Send.\n"
                "Ask your IT for that application permission, with an administrator's consent.",
                everybody=True,
            )

    def hand_over(self, data: bytes, sender: str, recipient: str) -> str:
        """Give one email to the service. The recipient stands in its bytes alone."""
        del recipient
        body = base64.b64encode(data)
        if len(body) > _LARGEST:
            raise NotDeliveredError(
                f"An email of {len(body) / 1e6:.1f} MB is larger than the 4 MB that can be sent.\n"
                "Set attach_documents = false under [mail]."
            )
        for attempt in range(1, _TRIES + 1):
            answer = self._asked(sender, body)
            code = answer.status_code
            if code == _ACCEPTED:
                return str(code)
            if code == _UNAUTHORISED and attempt == 1:
                self._forget()
                self.ready()
                continue
            if code == _THROTTLED and attempt < _TRIES and self._waits(answer):
                continue
            raise _fault(answer)
        raise AssertionError("the last attempt ends in an answer")

    def close(self) -> None:
        """End the connection."""
        self._session.close()

    def _asked(self, sender: str, body: bytes) -> requests.Response:
        try:
            return self._session.post(
                f"{self._app.address}/v1.0/users/{quote(sender, safe='@')}/sendMail",
                data=body,
                headers={"Content-Type": "text/plain"},
                auth=_Bearer(self._token),
                timeout=(_CONNECT, self._app.timeout),
                verify=self._verify,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            if _never_left(error):
                raise NotDeliveredError(
                    f"Microsoft Graph could not be reached ({_why(error)}).\n"
                    "Check the network. It is tried again at the next run.",
                    everybody=True,
                ) from error
            raise UnsureError(
                f"Microsoft Graph did not say whether it took the email ({_why(error)})."
            ) from error

    def _waits(self, answer: requests.Response) -> bool:
        """Wait as long as the service asks. False where that is longer than a run may take."""
        seconds = _retry_after(answer)
        if self._waited + seconds > _LONGEST_WAIT:
            return False
        self._waited += seconds
        self._wait(seconds)
        return True

    def _forget(self) -> None:
        if self._client is not None:
            self._client.remove_tokens_for_client()

    def _signed_in(self) -> str:
        app = self._app
        try:
            if self._client is None:
                self._client = msal.ConfidentialClientApplication(
                    app.client_id,
                    authority=f"{app.login}/{app.tenant}",
                    client_credential=self._credential,
                    http_client=_Patient(self._session, app.timeout, self._verify),
                    instance_discovery=False,  # the address is the council's own setting
                )
            found: dict[str, Any] = (
                self._client.acquire_token_for_client([f"{app.address}/.default"]) or {}
            )
        except requests.RequestException as error:
            raise NotDeliveredError(
                f"The sign-in service could not be reached ({_why(error)}).\n"
                "Check the network. It is tried again at the next run.",
                everybody=True,
            ) from error
        except MsalError as error:  # how msal says that the service answered 5xx
            raise NotDeliveredError(
                "The sign-in service could not answer.\nIt is tried again at the next run.",
                everybody=True,
            ) from error
        except (ValueError, TypeError, KeyError, RuntimeError, AttributeError) as error:
            raise NotDeliveredError(
                "The sign-in to Microsoft Graph could not be done.\n"
                "Check tenant, client_id and certificate under [graph], and the secret in .env.",
                everybody=True,
            ) from error
        token = found.get("access_token")
        if not isinstance(token, str):
            number = _NUMBER.search(str(found.get("error_description")))
            shown = f"AADSTS{number[1]}" if number else _word(found.get("error"))
            advice = _SIGN_IN.get(number[1] if number else "", "Ask your IT what it means.")
            raise NotDeliveredError(
                f"The sign-in to Microsoft Graph was refused ({shown}).\n{advice}", everybody=True
            )
        return token


class _Bearer(AuthBase):
    """Shows the token. As a header of its own it would give way to a password in ~/.netrc."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class _Patient:
    """What msal asks the sign-in service through: the same session, never without a time limit."""

    def __init__(self, session: requests.Session, timeout: float, verify: str | None) -> None:
        self._session = session
        self._fixed: dict[str, Any] = {
            "timeout": (_CONNECT, timeout),
            "verify": verify,
            "allow_redirects": False,  # the secret goes to nobody else
        }

    def get(self, url: str, **given: Any) -> requests.Response:  # noqa: ANN401 - as msal calls it
        return self._session.get(url, **{**given, **self._fixed})

    def post(self, url: str, **given: Any) -> requests.Response:  # noqa: ANN401
        return self._session.post(url, **{**given, **self._fixed})

    def close(self) -> None:
        self._session.close()


def _fault(answer: requests.Response) -> NotDeliveredError | UnsureError:
    code = answer.status_code
    shown = f"answer {code}{_said(answer)}"
    if code >= _SERVER or (code < _CLIENT and code // 100 == 2):  # noqa: PLR2004 - not the 202 promised
        return UnsureError(f"Microsoft Graph did not say whether it took the email ({shown}).")
    if code in _EVERYBODY:
        return NotDeliveredError(
            f"Microsoft Graph did not take the email ({shown}).\n{_EVERYBODY[code]}",
            everybody=True,
        )
    busy = code == _THROTTLED
    return NotDeliveredError(
        f"Microsoft Graph {'is too busy' if busy else 'did not take the email'} ({shown}).\n"
        "It is tried again at the next run.",
        everybody=busy or code < _CLIENT,
    )


def _said(answer: requests.Response) -> str:
    """Give the service's own word for a fault; its sentences are not repeated."""
    with suppress(ValueError, AttributeError):
        found = _word(answer.json().get("error", {}).get("code"))
        return f", {found}" if found else ""
    return ""


def _word(text: object) -> str:
    return text if isinstance(text, str) and _WORD.fullmatch(text) else ""


def _retry_after(answer: requests.Response) -> float:
    """Give the seconds to wait: the service says seconds, or by HTTP a moment."""
    told = answer.headers.get("Retry-After", "").strip()
    if told.isascii() and told.isdigit():
        return float(told)
    with suppress(ValueError, TypeError):
        until = parsedate_to_datetime(told)
        since = parsedate_to_datetime(answer.headers.get("Date", ""))
        return max((until - since).total_seconds(), 0.0)
    return _SHORT_WAIT


def _never_left(error: requests.RequestException) -> bool:
    """Say whether the connection itself failed, so that no email can have left."""
    if isinstance(error, requests.ConnectTimeout | requests.exceptions.ProxyError):
        return True
    if isinstance(error, requests.exceptions.InvalidURL | requests.exceptions.MissingSchema):
        return True
    inner = error.args[0] if error.args else None
    reason = inner.reason if isinstance(inner, MaxRetryError) else inner
    return isinstance(reason, NewConnectionError) or (
        isinstance(reason, TlsError) and "CERTIFICATE_VERIFY" in str(reason)
    )


def _why(error: requests.RequestException) -> str:
    if isinstance(error, requests.Timeout):
        return "no answer in time"
    if isinstance(error, requests.exceptions.ProxyError):
        return "the proxy did not let it through"
    if isinstance(error, requests.exceptions.SSLError):
        return "its certificate is not trusted"
    if isinstance(error, requests.HTTPError) and error.response is not None:
        return f"answer {error.response.status_code}"
    inner = error.args[0] if error.args else None
    return "the connection ended" if isinstance(inner, HTTPError) else "no connection"
