"""Whether emails could leave now, found out without sending one."""

from dataclasses import dataclass

from mfauto.delivery.channels import Wait, is_live, open_channel, open_transport
from mfauto.errors import MfautoError
from mfauto.settings import Settings


@dataclass(frozen=True, slots=True)
class Tried:
    """What was tried, and what came of it."""

    what: str  #: one sentence
    fault: str | None  #: what is wrong and what to do; None where it is in order


def try_delivery(settings: Settings, wait: Wait) -> Tried:
    """Connect, sign in and ask whether an email would be taken. Nothing is sent to anybody.

    `wait` waits some seconds where a service asks for it.
    """
    mail = settings.mail
    if not is_live(settings):
        why = "" if mail.delivery == "outbox" else f" {mail.delivery} is named, but live is false."
        return Tried(f"Emails are drafts in the outbox; nothing leaves.{why}", None)
    what = f"Emails leave by {mail.delivery}."
    try:
        open_transport(settings, wait).close()  # says what is not set
        channel = open_channel(settings, wait)
        try:
            channel.would_take(mail.sender, mail.redirect_all_to or mail.fallback or mail.sender)
        finally:
            channel.close()
    except MfautoError as error:
        return Tried(what, str(error))
    return Tried(what, None)
