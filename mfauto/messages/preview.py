"""One page that shows emails as they would go, for a person to look at first."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from mfauto.messages.content import page
from mfauto.messages.message import Message

_PAGE: Final = "preview.html"
_LINE: Final = 27  # pixels of a frame for each line of the plain text
_LEAST: Final = 420  # pixels
_MOST: Final = 6000


def preview_page(
    folder: Path,
    emails: Iterable[tuple[Message, str]],
    *,
    title: str,
    marking: str,
    told: Sequence[str],
) -> str:
    """Lay out the page. `emails` are messages, each with what becomes of it now.

    `folder` holds the email templates; `told` are sentences for the top of the page.
    """
    return page(
        folder,
        _PAGE,
        {
            "title": title,
            "marking": marking,
            "told": list(told),
            "emails": [_shown(message, now) for message, now in emails],
        },
    )


def _shown(message: Message, now: str) -> dict[str, str | int]:
    lines = sum(1 for line in message.text.splitlines() if line)
    role = f" ({message.role})" if message.role else ""
    return {
        "to": f"{message.recipient}{role}",
        "sender": f"{message.sender_name} <{message.sender}>",
        "subject": message.subject,
        "attached": ", ".join(one.name for one in message.attachments),
        "now": now,
        "html": message.html,
        "height": min(max(lines * _LINE, _LEAST), _MOST),
    }
