"""What is wrong with a template, as a person reads it: where, what was found, what to do."""

import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from html import unescape
from pathlib import Path
from typing import Any, Final

from jinja2 import UndefinedError
from jinja2.exceptions import SecurityError

from mfauto.calling import call
from mfauto.errors import TemplateError
from mfauto.sandbox import reason
from mfauto.word.kinds import what_else
from mfauto.word.prepared import BrokenTagError, TornError

_UNDEFINED: Final = re.compile(r"'([^']+)' is undefined|no attribute '([^']+)'")
_TEXT_PART: Final = re.compile(r"word/(?:document\d*|header\d*|footer\d*|footnotes)\.xml")
_MARKUP: Final = re.compile(r"<[^>]*>")
_AROUND: Final = 40  # characters shown on either side of what is meant
_CLOSE: Final = 0.6  # how much alike two names must be


def is_missing(template: Path) -> TemplateError:
    """Say that there is no such template."""
    return TemplateError(
        f"There is no template {template.name} in {template.parent}.\n"
        f"To get back the one that came with mfauto: {call('init')}"
    )


def cannot_be_opened(template: Path, data: bytes = b"") -> TemplateError:
    """Say that the file is no Word template, and what it is; `data` is what it holds."""
    return TemplateError(f"{template.name} cannot be opened as a Word template{what_else(data)}")


def is_broken(template: Path, error: BrokenTagError) -> TemplateError:
    """Say that a tag cannot be read, with the words around it."""
    near = f', near "{error.near[: 2 * _AROUND]}"' if error.near else ""
    return TemplateError(
        f"{template.name}: a tag is broken{near}: {error.said}.\nCorrect it in Word."
    )


def cannot_be_filled(template: Path, error: Exception, context: Mapping[str, Any]) -> TemplateError:
    """Say why a template that can be read cannot be filled."""
    if isinstance(error, TornError):
        return TemplateError(
            f"{template.name}: {error}.\n"
            "Put both ends of a tag in paragraphs side by side, or in rows of one table."
        )
    if isinstance(error, UndefinedError):
        return TemplateError(_unknown(template, str(error.message), context))
    if isinstance(error, SecurityError):
        return TemplateError(f"{template.name}: it asks for something it may not use.")
    return TemplateError(
        f"{template.name}: a tag cannot be filled: {reason(error)}.\n"
        "Use plain names in tags; the template that came with mfauto shows how."
    )


def likely(name: str, known: Iterable[str]) -> str | None:
    """Give the name that was probably meant; None where none is near."""
    folded = {one.casefold().replace("_", ""): one for one in known}
    near = get_close_matches(name.casefold().replace("_", ""), folded, n=1, cutoff=_CLOSE)
    return folded[near[0]] if near else None


def near(template: Path, name: str) -> str:
    """Give the words around a name that a tag asks for; empty where it is not found."""
    asked = re.compile(rf"\{{[{{%][^{{}}]*\b{re.escape(name)}\b[^{{}}]*\}}")
    for text in _paragraphs(template):
        if found := asked.search(text):
            start = max(found.start() - _AROUND, 0)
            return text[start : found.end() + _AROUND].strip()
    return ""


def names(context: Mapping[str, Any]) -> set[str]:
    """Give every name that a template may use with a context."""
    found = set(context)
    for value in context.values():
        if isinstance(value, Mapping):
            found |= names(value)
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):
            found |= names(value[0])
    return found


def _unknown(template: Path, message: str, context: Mapping[str, Any]) -> str:
    found = _UNDEFINED.search(message)
    name = (found[1] or found[2]) if found else message
    known = sorted(names(context) - {name})  # it may be there, but not in what was asked
    meant = likely(name, known)
    advice = f'Did you mean "{meant}"?' if meant else f"It may use: {', '.join(known)}."
    around = near(template, f".{name}" if found and found[2] else name) or near(template, name)
    place = f', asked for in "{around}"' if around else ""
    return f'{template.name}: there is nothing called "{name}"{place}.\n{advice}'


def _paragraphs(template: Path) -> Iterator[str]:
    with zipfile.ZipFile(template) as parts:
        for part in filter(_TEXT_PART.fullmatch, parts.namelist()):
            for paragraph in parts.read(part).decode("utf-8", "replace").split("</w:p>"):
                yield " ".join(unescape(_MARKUP.sub("", paragraph)).split())
