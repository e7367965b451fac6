"""Which way emails leave, as the settings say. What is not set up stays in the outbox."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from mfauto.delivery.guard import Channel, Guarded
from mfauto.delivery.outbox import Held, Outbox
from mfauto.delivery.passwords import secret
from mfauto.delivery.transport import GRAPH, HELD, OUTBOX, SMTP, Transport
from mfauto.errors import SettingsError
from mfauto.ledger import Delivery, State
from mfauto.setting_words import CERTIFICATE_PASSWORD, GRAPH_SECRET, SMTP_PASSWORD
from mfauto.settings import Mail, Settings

Wait = Callable[[float], object]


def is_live(settings: Settings) -> bool:
    """Say whether emails leave this computer."""
    return settings.mail.leaves


def open_transport(settings: Settings, wait: Wait) -> Transport:
    """Give the way out. `wait` waits some seconds where a service asks for it.

    Raises:
        SettingsError: emails are to leave, and something that this needs is not set.

    """
    if not is_live(settings):
        return Outbox(settings.output)
    if not settings.mail.allowed_domains:
        raise SettingsError(
            "mfauto.toml, [mail]: live = true needs allowed_domains, so nothing was sent.\n"
            'Set the domains that may be written to, such as ["council.gov.uk"].'
        )
    if settings.mail.sender == Mail().sender:
        raise SettingsError(
            "mfauto.toml, [mail]: live = true needs sender, so nothing was sent.\n"
            "Set the address that emails come from. Replies and returned emails go there."
        )
    return Guarded(open_channel(settings, wait), settings.mail)


def open_channel(settings: Settings, wait: Wait) -> Channel:
    """Give the live channel that the settings name, not connected yet."""
    if settings.mail.delivery == SMTP:
        return _smtp(settings)
    if settings.mail.delivery == GRAPH:
        return _graph(settings, wait)
    raise ValueError(f"{settings.mail.delivery} is no live channel")


def tracer(folder: Path) -> Callable[[Delivery], State]:
    """Give what looks for what a stopped run left, whichever way its emails went."""
    places = {OUTBOX: Outbox(folder), HELD: Held(folder)}

    def trace(delivery: Delivery) -> State:
        place = places.get(delivery.channel)
        return place.trace(delivery) if place else State.UNKNOWN

    return trace


def _check_ca_file(path: Path | None, section: str) -> None:
    if path is not None and not path.is_file():
        raise SettingsError(
            f"mfauto.toml, [{section}] ca_file: {path} is not there, so nothing was sent.\n"
            "Put the file of certificates there, or correct the name."
        )


def _smtp(settings: Settings) -> Channel:
    from mfauto.delivery.smtp import SmtpChannel  # noqa: PLC0415 - only where it is used

    server = settings.smtp
    if not server.host:
        raise SettingsError(
            'mfauto.toml: delivery = "smtp" needs host under [smtp].\n'
            "Ask whoever runs the mail server for its name, port and security."
        )
    password = secret(settings.folder, SMTP_PASSWORD)
    if server.user and not password:
        raise SettingsError(
            f"mfauto.toml names [smtp] user, but {SMTP_PASSWORD} is not set.\n"
            "Write it into .env, or take the user out where the relay needs none."
        )
    if server.user and server.security == "none":
        raise SettingsError(
            'mfauto.toml, [smtp]: a password never goes out with security = "none".\n'
            'Set security = "starttls" or "tls".'
        )
    _check_ca_file(server.ca_file, "smtp")
    return SmtpChannel(server, password)


def _graph(settings: Settings, wait: Wait) -> Channel:
    from mfauto.delivery.graph import GraphChannel  # noqa: PLC0415 - only where it is used

    app = settings.graph
    if not (app.tenant and app.client_id):
        raise SettingsError(
            'mfauto.toml: delivery = "graph" needs tenant and client_id under [graph].\n'
            "Your IT registers the application in Microsoft Entra and gives you both."
        )
    _check_ca_file(app.ca_file, "graph")
    return GraphChannel(app, _credential(settings), wait)


def _credential(settings: Settings) -> str | dict[str, Any]:
    app = settings.graph
    if app.certificate is None:
        found = secret(settings.folder, GRAPH_SECRET)
        if not found:
            raise SettingsError(
                'mfauto.toml: delivery = "graph" needs a certificate under [graph], '
                f"or {GRAPH_SECRET} in .env.\nYour IT gives you one of them."
            )
        return found
    try:
        held = app.certificate.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"{app.certificate}: the certificate cannot be read.\n"
            "It is a PEM file with the private key and the certificate."
        ) from error
    credential: dict[str, Any] = {"private_key": held, "public_certificate": held}
    password = secret(settings.folder, CERTIFICATE_PASSWORD)
    if password:
        credential["passphrase"] = password
    return credential
