"""How the files of emails are called: by period, kind and a short id, never by a name."""

import re
from typing import Final

from mfauto.ledger import Delivery
from mfauto.messages import Message

_SHORT: Final = 12  # hex digits of the key in a file's name
_NAME: Final = "{period}-{kind}-{key}.eml"
_BEGUN: Final = ".{name}.part"  #: while it is written
# A period is a week, month or day; a further email of the day, or a letter, adds "." and more.
_ANY: Final = {
    "period": r"\d{4}-[0-9A-Za-z.-]+",
    "kind": r"[a-z]+",
    "key": rf"[0-9a-f]{{{_SHORT}}}",
}
_ANY_NAME: Final = re.compile(_NAME.replace(".", r"\.").format(**_ANY))


def file_name(email: Message | Delivery) -> str:
    """Give a draft's file name: period, kind and a short id, never a name."""
    return _NAME.format(period=email.period, kind=email.kind, key=email.key[:_SHORT])


def begun_name(email: Message | Delivery) -> str:
    """Give the name of a draft that is not whole yet."""
    return _BEGUN.format(name=file_name(email))


def is_email(name: str) -> bool:
    """Say whether a file is called as a draft or a held email is."""
    return _ANY_NAME.fullmatch(name) is not None


def is_begun(name: str) -> bool:
    """Say whether a file is called as an email that a stopped run had only begun to write."""
    before, after = _BEGUN.split("{name}")
    return (
        name.startswith(before)
        and name.endswith(after)
        and is_email(name.removeprefix(before).removesuffix(after))
    )
