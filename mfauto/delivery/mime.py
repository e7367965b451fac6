"""An email as bytes: one recipient, nothing in its headers but what belongs there, read back.

The email library is trusted to write, not to refuse: what it made is read again
and compared with the message before anything leaves.
"""

from email import message_from_bytes, policy
from email.headerregistry import Address, AddressHeader
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Final

from mfauto.delivery.naming import file_name
from mfauto.delivery.transport import NotDeliveredError
from mfauto.ledger import Delivery
from mfauto.messages import Attachment, Message, fault, header

_LONGEST_LINE: Final = 998  # RFC 5322, 2.1.1


def as_bytes(message: Message, *, draft: bool) -> bytes:
    """Give an email as bytes, checked. The same message gives the same bytes.

    Raises:
        UnsafeHeaderError: a header holds what could change who gets it.
        NotDeliveredError: the bytes do not say exactly what the message says.

    """
    wrong = fault(message.recipient, ())
    if wrong:
        raise NotDeliveredError(f"A recipient's address {wrong}. Correct it on People.")
    wrong = fault(message.sender, ())
    if wrong:
        raise NotDeliveredError(f"The sender's address {wrong}. Correct [mail] sender.")
    email = EmailMessage(policy=policy.SMTP)
    sender = header(message.sender, "The sender's address")
    local, _, domain = sender.rpartition("@")
    name = header(message.sender_name, "The sender's name")
    email["From"] = Address(name, local, domain)
    email["To"] = header(message.recipient, "The recipient's address")
    email["Subject"] = header(message.subject, "The subject")
    email["Date"] = format_datetime(message.date)
    email["Message-ID"] = header(message.message_id, "The Message-ID")
    if draft:
        email["X-Unsent"] = "1"
    email.set_content(message.text, cte="quoted-printable")
    email.add_alternative(message.html, subtype="html", cte="quoted-printable")
    # "=_" cannot occur in quoted-printable text or base64, so the boundary cannot either.
    email.set_boundary(f"=_mfauto_{message.key}")
    for attached in message.attachments:
        main, _, sub = attached.type.partition("/")
        name = header(attached.name, "The name of an attachment")
        email.add_attachment(attached.data, main, sub, filename=name)
    if message.attachments:
        email.set_boundary(f"=_mfauto_{message.key}_all")
    email["Content-Language"] = "en-GB"
    data = email.as_bytes(policy=_unfolded(message))
    _check(data, message)
    return data


def _unfolded(message: Message) -> "policy.EmailPolicy[EmailMessage]":
    """Give the policy that keeps a plain header on one line.

    Folding would begin a long subject with an empty line, which some mail programs show as no
    subject at all. Text beyond ASCII has to be folded: its encoded words are 75 letters at most.
    """
    plain = message.subject.isascii() and message.sender_name.isascii()
    return policy.SMTP.clone(max_line_length=_LONGEST_LINE) if plain else policy.SMTP


def _check(data: bytes, message: Message) -> None:
    """Read an email back and compare who gets it, who sends it and what it says."""
    email = message_from_bytes(data, policy=policy.SMTP)
    known = {"from", "to", "subject", "date", "message-id", "content-language", "x-unsent"}
    known |= {"mime-version", "content-type"}
    names = [name.casefold() for name in email.keys()]  # noqa: SIM118 - repeated ones count
    held = email["To"]
    recipients = (
        [address.addr_spec for address in held.addresses] if isinstance(held, AddressHeader) else []
    )
    plain = email.get_body(("plain",))
    html = email.get_body(("html",))
    parts = list(email.iter_attachments()) if message.attachments else []
    says = (
        recipients == [message.recipient]
        and len(names) == len(set(names))
        and set(names) <= known
        and str(email["Subject"]).lstrip(" ") == message.subject
        and str(email["Message-ID"]) == message.message_id
        and plain is not None
        and html is not None
        and plain.get_content().replace("\r\n", "\n") == message.text
        and html.get_content().replace("\r\n", "\n").rstrip("\n") == message.html.rstrip("\n")
        and [(part.get_filename(), part.get_payload(decode=True)) for part in parts]
        == [(attached.name, attached.data) for attached in message.attachments]
    )
    if not says:
        raise NotDeliveredError(
            f"The email {file_name(message)} did not read back as it was written, so it was not "
            "made.\nPlease report this: it is a fault of mfauto."
        )


def message_of_bytes(data: bytes, delivery: Delivery) -> Message:
    """Give the message that `as_bytes` made `data` from, for sending it as it stands.

    Raises:
        NotDeliveredError: it would not give the very same bytes again.

    """
    email = message_from_bytes(data, policy=policy.SMTP)
    plain, html = email.get_body(("plain",)), email.get_body(("html",))
    sender, to = email["From"], email["To"]
    if (
        plain is None
        or html is None
        or not isinstance(sender, AddressHeader)
        or not isinstance(to, AddressHeader)
    ):
        raise NotDeliveredError(f"{file_name(delivery)} is no email of mfauto.")
    mixed = email.get_content_type() == "multipart/mixed"
    message = Message(
        key=delivery.key,
        kind=delivery.kind,
        period=delivery.period,
        recipient=to.addresses[0].addr_spec,
        role=delivery.role,
        sender=sender.addresses[0].addr_spec,
        sender_name=sender.addresses[0].display_name,
        subject=str(email["Subject"]).lstrip(" "),
        html=html.get_content().replace("\r\n", "\n"),
        text=plain.get_content().replace("\r\n", "\n"),
        date=delivery.dated,
        items=(),
        told=frozenset(delivery.items),
        attachments=tuple(
            Attachment(
                name=part.get_filename() or "",
                type=part.get_content_type(),
                data=_data_of(part),
            )
            for part in (email.iter_attachments() if mixed else ())
        ),
    )
    if as_bytes(message, draft=False) != data:
        raise NotDeliveredError(f"{file_name(delivery)} cannot be sent just as it is.")
    return message


def _data_of(part: EmailMessage) -> bytes:
    """Give an attachment's bytes; none of one that holds no data of its own."""
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""
