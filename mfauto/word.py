"""The one edge to Word: a template filled with a context becomes a document.

docxtpl alone prints a missing name as nothing, drops text after "&" and runs
template code; strict names, escaping and a sandbox turn all three off. The
same template and context give the same bytes.
"""

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, is_dataclass
from datetime import UTC, date, datetime
from difflib import get_close_matches
from html import unescape
from pathlib import Path
from typing import Any, Final

from docx.oxml import parse_xml
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateSyntaxError, UndefinedError
from jinja2 import TemplateError as TagError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from mfauto.errors import TemplateError
from mfauto.packing import without_clock
from mfauto.saving import made_beside, put_in_place

#: what XML cannot hold, and what docxtpl would turn into a page or a paragraph of its own
_NOT_TEXT: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_UNDEFINED: Final = re.compile(r"'([^']+)' is undefined|no attribute '([^']+)'")
_TEXT_PART: Final = re.compile(r"word/(?:document|header\d*|footer\d*|footnotes)\.xml")
_MARKUP: Final = re.compile(r"<[^>]*>")
_AROUND: Final = 40  # characters shown on either side of a name that is unknown
_MOST_TITLE: Final = 255  # what a document property holds
_BRACE: Final = "\u2060"  # word joiner: keeps docxtpl from reading "{_{" in a cell as its own mark


class _Template(DocxTemplate):  # type: ignore[misc]  # docxtpl has no types
    """A template of which nothing is lost: docxtpl alone drops what it cannot make sense of."""

    def render_xml_part(self, *arguments: Any) -> str:  # noqa: ANN401 - docxtpl's own
        filled: str = super().render_xml_part(*arguments)
        parse_xml(filled.encode())
        return filled


def render(
    template: Path,
    context: Mapping[str, object],
    target: Path,
    *,
    title: str,
    as_at: date,
    finish: Callable[[Any], None] | None = None,
) -> None:
    """Fill `template` from `context` and put the document at `target`.

    `finish` may change the filled python-docx document before it is saved.

    Raises:
        TemplateError: the template is missing, broken, or asks for a name there is not.

    """
    plain = _plain(dict(context))
    if not template.is_file():
        raise TemplateError(
            f"There is no template {template.name} in {template.parent}.\n"
            "Put back the one that came with mfauto."
        )
    try:
        document = _Template(template)
        strict = ImmutableSandboxedEnvironment(undefined=StrictUndefined)
        document.render(plain, strict, autoescape=True)
    except UndefinedError as error:
        raise TemplateError(_unknown(template, str(error.message), plain)) from error
    except TemplateSyntaxError as error:
        said = (error.message or "").rstrip(".")
        raise TemplateError(
            f"{template.name}: a tag is broken{_place(error)}: {said}.\nCorrect it in Word."
        ) from error
    except SecurityError as error:
        raise TemplateError(f"{template.name}: it asks for something it may not use.") from error
    except (TagError, TypeError, ArithmeticError) as error:
        raise TemplateError(
            f"{template.name}: a tag cannot be filled: {str(error).rstrip('.')}.\n"
            "Use plain names in tags; the template that came with mfauto shows how."
        ) from error
    except SyntaxError as error:  # how lxml says that tags were taken apart
        raise TemplateError(
            f"{template.name}: a tag begins in one place and ends in another.\n"
            "Let both its ends stand in paragraphs side by side, or in rows of one table."
        ) from error
    except (KeyError, zipfile.BadZipFile, OSError, ValueError) as error:
        raise TemplateError(
            f"{template.name} cannot be opened as a Word template.\n"
            "Put back the one that came with mfauto."
        ) from error
    if finish is not None:
        finish(document.docx)
    properties = document.docx.core_properties
    moment = datetime(as_at.year, as_at.month, as_at.day, tzinfo=UTC).replace(tzinfo=None)
    properties.title, properties.language = _plain(title)[:_MOST_TITLE], "en-GB"
    properties.author = properties.last_modified_by = "mfauto"
    properties.created = properties.modified = moment
    properties.subject = properties.keywords = properties.comments = properties.category = ""
    properties.revision = 1
    made = io.BytesIO()
    document.docx.save(made)
    target.parent.mkdir(parents=True, exist_ok=True)
    with made_beside(target, [without_clock(made.getvalue())]) as file:
        put_in_place(file, target)


def _plain(value: Any) -> Any:  # noqa: ANN401 - any value of a context
    """Make every text safe for XML; dataclasses become mappings."""
    if isinstance(value, str):
        text = value.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
        text = _NOT_TEXT.sub("", text)
        for mark in ("{_{", "}_}", "{_%", "%_}"):
            text = text.replace(mark, mark[0] + _BRACE + mark[1:])
        return text
    if is_dataclass(value) and not isinstance(value, type):
        return _plain(asdict(value))
    if isinstance(value, Mapping):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value


def _unknown(template: Path, message: str, context: Mapping[str, Any]) -> str:
    found = _UNDEFINED.search(message)
    name = (found[1] or found[2]) if found else message
    known = sorted(_names(context))
    near = get_close_matches(name, known, n=1)
    meant = f'Did you mean "{near[0]}"?' if near else f"It may use: {', '.join(known)}."
    return f'{template.name}: there is nothing called "{name}"{_near(template, name)}.\n{meant}'


def _place(error: TemplateSyntaxError) -> str:
    """Give the words around a broken tag, as docxtpl remembers them."""
    lines = [" ".join(unescape(line).split()) for line in getattr(error, "docx_context", ())]
    near = next((line for line in reversed(lines) if "{" in line), "")
    return f', near "{near[: 2 * _AROUND]}"' if near else ""


def _near(template: Path, name: str) -> str:
    """Give the words around a name that the template asks for, so that it can be found in Word."""
    asked = re.compile(rf"\{{[{{%][^{{}}]*\b{re.escape(name)}\b[^{{}}]*\}}")
    with zipfile.ZipFile(template) as parts:
        for part in filter(_TEXT_PART.fullmatch, parts.namelist()):
            for paragraph in parts.read(part).decode("utf-8", "replace").split("</w:p>"):
                text = " ".join(unescape(_MARKUP.sub("", paragraph)).split())
                if found := asked.search(text):
                    start = max(found.start() - _AROUND, 0)
                    return f', asked for in "{text[start : found.end() + _AROUND].strip()}"'
    return ""


def _names(context: Mapping[str, Any]) -> set[str]:
    names = set(context)
    for value in context.values():
        if isinstance(value, Mapping):
            names |= _names(value)
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):
            names |= _names(value[0])
    return names
