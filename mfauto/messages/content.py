"""The words of an email, and the layouts that turn them into HTML and plain text.

An officer edits `words.txt`; the HTML and the plain text are made from the same
words and the same tables, so that they cannot say different things. Tracker
text is only ever a value: it is never read as a template, and HTML escapes it.
"""

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from jinja2 import FileSystemLoader, StrictUndefined, Template, TemplateNotFound, UndefinedError
from jinja2 import TemplateError as JinjaError
from jinja2.exceptions import SecurityError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from mfauto.errors import TemplateError
from mfauto.wording import counted

WORDS: Final = "words.txt"
HTML: Final = "weekly.html"
TEXT: Final = "weekly.txt"
_LONG_WORD: Final = 18  # letters; "September" and most other words are shorter
_PARAGRAPHS: Final = re.compile(r"\n[ \t]*\n")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table. It is never empty."""

    text: str
    note: str = ""  #: a second line, such as "Slipped from 3 March 2026"; "" for none


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """A table of facts. The first column names the row."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    numbers: tuple[int, ...] = ()  #: columns that hold numbers


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A heading with its sentences and, perhaps, a table."""

    heading: str
    before: tuple[str, ...] = ()
    table: Table | None = None
    after: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Body:
    """Everything an email says, in order."""

    title: str  #: the same as the subject
    marking: str
    alert: Part | None  #: what comes before everything else
    greeting: str
    parts: tuple[Part, ...]
    about: Part
    link: str | None  #: web address of the tracker
    link_words: str


class Words:
    """The editable words and layouts in one folder of templates."""

    def __init__(self, folder: Path) -> None:
        self._environment = ImmutableSandboxedEnvironment(
            loader=FileSystemLoader(folder),
            undefined=StrictUndefined,
            autoescape=lambda name: (name or "").endswith(".html"),
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        self._environment.filters["counted"] = counted
        self._environment.filters["has_long_word"] = _has_long_word
        self._words = self._load(WORDS)
        self._html = self._load(HTML)
        self._text = self._load(TEXT)

    def paragraphs(self, block: str, fields: dict[str, Any], **more: Any) -> tuple[str, ...]:  # noqa: ANN401
        """Fill one block of `words.txt`; each blank line starts a paragraph."""
        if block not in self._words.blocks:
            raise TemplateError(
                f"{WORDS} has no block {block}.\n"
                f"Put it back: {{% block {block} %}} … {{% endblock %}}."
            )
        # `new_context` is how jinja2 itself fills one block; the fields are plain values.
        context = self._words.new_context({**fields, **more})
        try:
            filled = "".join(self._words.blocks[block](context))
        except (JinjaError, SecurityError, TypeError, ValueError, OverflowError) as error:
            names = ", ".join(sorted({**fields, **more}))
            raise TemplateError(
                f"{WORDS}, block {block}: {error}.\nIt may use: {names}."
            ) from error
        return tuple(
            " ".join(text.split()) for text in _PARAGRAPHS.split(filled.strip()) if text.strip()
        )

    def line(self, block: str, fields: dict[str, Any], **more: Any) -> str:  # noqa: ANN401
        """Fill one block that is a single line, such as a heading."""
        return " ".join(self.paragraphs(block, fields, **more))

    def html(self, body: Body) -> str:
        """Lay an email out as HTML."""
        return _render(self._html, asdict(body))

    def text(self, body: Body) -> str:
        """Lay an email out as plain text."""
        lines = (line.rstrip() for line in _render(self._text, asdict(body)).splitlines())
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"

    def _load(self, name: str) -> Template:
        try:
            return self._environment.get_template(name)
        except TemplateSyntaxError as error:
            raise TemplateError(
                f"{name}, line {error.lineno}: {error.message}.\n"
                "Compare the line with the product's own template."
            ) from error
        except (TemplateNotFound, OSError, UnicodeDecodeError) as error:
            raise TemplateError(
                f"The email template {name} could not be read.\n"
                "Copy it again from the product's folder templates/emails."
            ) from error


def _has_long_word(cell: dict[str, str]) -> bool:
    """Say whether a cell holds a word that a phone's column must be allowed to break."""
    return any(len(word) > _LONG_WORD for word in f"{cell['text']} {cell['note']}".split())


def _render(template: Template, fields: dict[str, Any]) -> str:
    try:
        return template.render(fields)
    except (UndefinedError, SecurityError, TypeError, ValueError, OverflowError) as error:
        raise TemplateError(
            f"{template.name}: {error}.\nIt may use: {', '.join(sorted(fields))}."
        ) from error


def row(*cells: str | Cell) -> tuple[Cell, ...]:
    """Give one row of a table; plain text becomes a cell. No cell is empty."""
    return tuple(cell if isinstance(cell, Cell) else Cell(cell or "Not recorded") for cell in cells)


def table(
    columns: Iterable[str], rows: Iterable[tuple[Cell, ...]], numbers: Iterable[int] = ()
) -> Table:
    """Give a table."""
    return Table(columns=tuple(columns), rows=tuple(rows), numbers=tuple(numbers))
