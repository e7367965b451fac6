"""What a context may hold, made ready for Word: every text as typed, dataclasses as mappings.

XML has no place for most control characters: those are left out. Page and line
feeds within a cell become line breaks, since words must not run together.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Final

from mfauto.typed_lists import Part

_BREAKS: Final = re.compile("\r\n|[\r\x0b\x0c]")
_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_NOT_MARKUP: Final = re.compile("[\x00-\x06\x08\x0b\x0d-\x1f\ufffe\uffff\ud800-\udfff]")
_NEEDS_A_FILE: Final = ("InlineImage", "Subdoc")


@dataclass(frozen=True, slots=True)
class _Runs:
    """Text with its own formatting, already in Word's words."""

    markup: str

    def __html__(self) -> str:
        return self.markup


def text(value: str) -> str:
    """Give a text as XML can hold it."""
    if value.isprintable():
        return value
    return _NOT_XML.sub("", _BREAKS.sub("\n", value))


def plain(value: Any) -> Any:  # noqa: ANN401 - any value of a context
    """Give a value whose texts XML can hold. TypeError for a picture or a document in it."""
    if isinstance(value, Part):
        return Part(text(value), item=value.item)
    if isinstance(value, str):
        return text(value)
    if value is None or isinstance(value, int | float):
        return value
    if isinstance(value, Mapping):
        return {name: plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if type(value).__name__ in _NEEDS_A_FILE:
        raise TypeError(
            f"{type(value).__name__} cannot stand in a context: put pictures afterwards"
        )
    if hasattr(value, "__html__"):  # docxtpl's RichText and Listing: their own runs
        return _Runs(_NOT_MARKUP.sub("", str(value.__html__())))
    return value
