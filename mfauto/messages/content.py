"""The words of an email, and the layouts that turn them into HTML and plain text.

An officer edits the words, one file for each kind of email. The HTML and the
plain text are made from the same words and the same tables, so that they cannot
say different things. Tracker text is only ever a value: it is never read as a
template, and HTML escapes it.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from jinja2 import (
    Environment,
    FileSystemLoader,
    StrictUndefined,
    Template,
    TemplateNotFound,
    Undefined,
    UndefinedError,
)
from jinja2.exceptions import TemplateSyntaxError

from mfauto.calling import call
from mfauto.errors import TemplateError
from mfauto.sandbox import FAULTS, Sandbox, reason
from mfauto.wording import counted

WEEKLY_WORDS: Final = "weekly.txt"
COMMON_WORDS: Final = "common.txt"
HTML: Final = "layout.html"
TEXT: Final = "layout.txt"
_LONG_WORD: Final = 18  # letters; "September" and most other words are shorter
_PARAGRAPHS: Final = re.compile(r"\n[ \t]*\n")
_UNDEFINED: Final = re.compile(r"'([^']+)' is undefined|no attribute '([^']+)'")
_AROUND: Final = 40  # characters shown on either side of a name that is unknown
_MOST_WORDS: Final = 200_000  # bytes of a template


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
    urgent: bool = False  #: of an alert: it is about something late, and looks like it


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
    link_words: str  #: "" for an email that does not lead to the tracker
    trial: str | None = None  #: whom it would have gone to, were this no trial


class _Loader(FileSystemLoader):
    """Gives templates that are used again for as long as their file says the same.

    None is larger than the words of an email can be.
    """

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        """Give a template's source, and what tells whether it still says the same.

        Raises:
            ValueError: it is too large.

        """
        for folder in self.searchpath:
            held = Path(folder, template)
            if held.exists() and held.stat().st_size > _MOST_WORDS:
                raise ValueError(template)
        source, path, _ = super().get_source(environment, template)

        def same() -> bool:
            try:
                return Path(path).read_text(encoding=self.encoding) == source
            except (OSError, UnicodeDecodeError):
                return False  # reading it again says what stands against it

        return source, path, same


@lru_cache(maxsize=4)
def _environment(folder: Path) -> Environment:
    """Give what the templates of a folder are prepared with: once for all kinds of email."""
    environment = Sandbox(
        loader=_Loader(folder),
        undefined=StrictUndefined,
        autoescape=lambda name: (name or "").endswith(".html"),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["counted"] = _counted
    environment.filters["has_long_word"] = _has_long_word
    return environment


class Words:
    """The words of one kind of email, and the layouts, from one folder of templates.

    What the kind's own file does not say, `common.txt` says.
    """

    def __init__(self, folder: Path, name: str = WEEKLY_WORDS) -> None:
        self._environment = _environment(folder)
        self._words = (self._load(name), self._load(COMMON_WORDS))
        self._html = self._load(HTML)
        self._text = self._load(TEXT)

    def paragraphs(self, block: str, fields: dict[str, Any], **more: Any) -> tuple[str, ...]:  # noqa: ANN401
        """Fill one block of words; each blank line starts a paragraph."""
        words = next((words for words in self._words if block in words.blocks), None)
        if words is None:
            raise TemplateError(
                f"{self._words[0].name} has no block {block}.\n"
                f"Put it back: {{% block {block} %}} … {{% endblock %}}."
            )
        given = {**fields, **more}
        # `new_context` is how jinja2 itself fills one block; the fields are plain values.
        try:
            filled = _whole("".join(words.blocks[block](words.new_context(given))))
        except FAULTS as error:
            raise TemplateError(self._said(words, error, given, block)) from error
        return tuple(
            " ".join(text.split()) for text in _PARAGRAPHS.split(filled.strip()) if text.strip()
        )

    def line(self, block: str, fields: dict[str, Any], **more: Any) -> str:  # noqa: ANN401
        """Fill one block that is a single line, such as a heading."""
        return " ".join(self.paragraphs(block, fields, **more))

    def html(self, body: Body) -> str:
        """Lay an email out as HTML."""
        return self._render(self._html, asdict(body))

    def text(self, body: Body) -> str:
        """Lay an email out as plain text."""
        lines = (line.rstrip() for line in self._render(self._text, asdict(body)).splitlines())
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"

    def _load(self, name: str) -> Template:
        try:
            return self._environment.get_template(name)
        except TemplateSyntaxError as error:
            # A tag left open is only noticed in the line below it.
            lines = (error.source or "").splitlines()[max(error.lineno - 2, 0) : error.lineno]
            near = " ".join(" ".join(lines).split())
            place = f', near "{near[-2 * _AROUND :]}"' if near else ""
            raise TemplateError(
                f"{name}, line {error.lineno}: a tag is broken{place}: "
                f"{(error.message or '').rstrip('.')}.\n"
                "Compare the line with the product's own template."
            ) from error
        except (TemplateNotFound, OSError, ValueError) as error:
            raise TemplateError(
                f"The email template {name} could not be read.\n"
                f"To get back the one that came with mfauto: {call('init')}"
            ) from error
        except RecursionError as error:
            raise TemplateError(
                f"{name}: its tags are too deep inside each other.\n"
                "Copy it again from the product's folder templates/emails."
            ) from error

    def _render(self, template: Template, fields: dict[str, Any]) -> str:
        try:
            return _whole(template.render(fields))
        except FAULTS as error:
            raise TemplateError(self._said(template, error, fields)) from error

    def _said(
        self, template: Template, error: Exception, fields: dict[str, Any], block: str = ""
    ) -> str:
        """Say what a template asked for in vain: where it stands, and what was likely meant."""
        place = f"{template.name}, block {block}" if block else str(template.name)
        known = sorted(fields)
        unknown = _UNDEFINED.search(str(error)) if isinstance(error, UndefinedError) else None
        if unknown is None:
            return f"{place}: {reason(error)}.\nIt may use: {', '.join(known)}."
        name = unknown[1] or unknown[2]
        near = get_close_matches(name, known, n=1)
        meant = f'Did you mean "{near[0]}"?' if near else f"It may use: {', '.join(known)}."
        around = self._near(str(template.name), name, block)
        return f'{place}: there is nothing called "{name}"{around}.\n{meant}'

    def _near(self, name: str, asked: str, block: str) -> str:
        """Give the words around what a template asks for, so that they can be found in it."""
        assert self._environment.loader is not None  # noqa: S101 - given above
        source = self._environment.loader.get_source(self._environment, name)[0]
        start = max(source.find(f"block {block} "), 0) if block else 0
        found = re.search(rf"\{{[{{%][^{{}}]*\b{re.escape(asked)}\b[^{{}}]*\}}", source[start:])
        if found is None:
            return ""
        begin = start + found.start()
        first = max(source.rfind("\n", 0, begin) + 1, begin - _AROUND)
        last = min((source + "\n").find("\n", begin), begin + len(found[0]) + _AROUND)
        return f', asked for in "{source[first:last].strip()}"'


def page(folder: Path, name: str, fields: dict[str, Any]) -> str:
    """Fill one HTML template that is a page of its own. TemplateError where it cannot be used."""
    try:
        template = _environment(folder).get_template(name)
    except (TemplateNotFound, OSError, UnicodeDecodeError) as error:
        raise TemplateError(
            f"The page template {name} could not be read.\n"
            f"To get back the one that came with mfauto: {call('init')}"
        ) from error
    except FAULTS as error:
        raise TemplateError(f"{name} cannot be used: {reason(error)}.") from error
    try:
        return _whole(template.render(fields))
    except FAULTS as error:
        raise TemplateError(f"{name} cannot be used: {reason(error)}.") from error


def _whole(text: str) -> str:
    """Give a text that can be written. UnicodeEncodeError where it holds half a character."""
    text.encode()
    return text


def _counted(number: Any, one: str, many: str | None = None) -> str:  # noqa: ANN401 - of a template
    if isinstance(number, Undefined):
        str(number)  # says that there is no such name; formatting would hide which
    return counted(number, one, many)


def _has_long_word(cell: dict[str, str]) -> bool:
    """Say whether a cell holds a word that a phone's column must be allowed to break."""
    return any(len(word) > _LONG_WORD for word in f"{cell['text']} {cell['note']}".split())


def row(*cells: str | Cell) -> tuple[Cell, ...]:
    """Give one row of a table; plain text becomes a cell. No cell is empty."""
    return tuple(cell if isinstance(cell, Cell) else Cell(cell or "Not recorded") for cell in cells)


def table(
    columns: Iterable[str], rows: Iterable[tuple[Cell, ...]], numbers: Iterable[int] = ()
) -> Table:
    """Give a table."""
    return Table(columns=tuple(columns), rows=tuple(rows), numbers=tuple(numbers))
