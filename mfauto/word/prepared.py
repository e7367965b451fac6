"""A template prepared once and then filled as often as needed.

jinja2 fills only the parts that hold tags; every other part is packed once and copied.
The result is the document that docxtpl gives, but for what `docs/templates.md` names.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from xml.parsers import expat

from jinja2 import Template, TemplateSyntaxError

from mfauto.packing import Member, Packed, packed
from mfauto.word.blocks import Layout, layout
from mfauto.word.language import Language, marked_lines
from mfauto.word.opened import MOMENT, TITLE, Source, opened, resolved, settled
from mfauto.word.sound import sound

_TAG: Final = re.compile(r"\{[{%#]")
_BREAKS: Final = re.compile("[\n\t\a\f]")
_BREAK_IN_TEXT: Final = re.compile(r"<w:t(?: [^>]*)?>[^<\n\t\a\f]*[\n\t\a\f]")
_MARKUP: Final = re.compile(r"<[^>]*>")
_LINES_BEFORE: Final = 4  # of a syntax error, in which its tag may have begun
_TORN: Final = "a tag begins in one place and ends in another"
_NO_PARAGRAPH: Final = "a table cell would be left without a paragraph"
_NO_ROW: Final = "a table would be left without a row"
_HOLLOW: Final = (
    ("</w:tcPr></w:tc>", _NO_PARAGRAPH),
    ("<w:tcPr/></w:tc>", _NO_PARAGRAPH),
    ("<w:tc></w:tc>", _NO_PARAGRAPH),
    ("</w:tbl></w:tc>", _NO_PARAGRAPH),
    ("</w:tblGrid></w:tbl>", _NO_ROW),
    ("<w:tblGrid/></w:tbl>", _NO_ROW),
)


class TornError(Exception):
    """What comes out is no document that Word can open. Its text says why."""


class BrokenTagError(Exception):
    """A tag that cannot be read."""

    def __init__(self, said: str, near: str) -> None:
        super().__init__(said)
        self.said = said  #: what is wrong
        self.near = near  #: the words around it; empty where they are not known


class _Part:
    """One part with its compiled tags; what it made last is kept, since many parts repeat it."""

    def __init__(self, source: Source, template: Template) -> None:
        self.source = source
        self._template = template
        self._latest: tuple[str, Member] | None = None

    def filled(self, context: Mapping[str, Any]) -> Member:
        made = self._template.render(context)
        if self._latest is None or self._latest[0] != made:
            self._latest = made, packed(self.source.part, self.whole(made))
        return self._latest[1]

    def whole(self, made: str) -> bytes:
        """Give the part's bytes for what its tags have made."""
        source = self.source
        if _BREAKS.search(made) and _BREAK_IN_TEXT.search(made):
            made = resolved(made)
        for hollow, said in _HOLLOW:
            if hollow in made:
                raise TornError(said)
        if source.as_tree:
            try:
                made = settled(made)
            except SyntaxError as error:  # how lxml says that tags were taken apart
                raise TornError(_TORN) from error
        whole = f"{source.head}{made}{source.tail}".encode()
        try:
            expat.ParserCreate().Parse(whole, True)  # noqa: FBT003 - the last piece
        except expat.ExpatError as error:
            raise TornError(_TORN) from error
        return whole

    def unchanging(self) -> bytes:
        """Give the bytes of a part without tags."""
        return self.whole(self._template.render())


class Prepared:
    """One template, ready to be filled.

    Raises:
        BrokenTagError: a tag cannot be read.
        KeyError, zipfile.BadZipFile, OSError, ValueError, SyntaxError: it is no Word template.

    """

    def __init__(self, template: bytes) -> None:
        self.bytes = template
        language, taken = Language(), opened(template)
        parts = [_Part(source, _compiled(language, source)) for source in taken.sources]
        self._changing = [part for part in parts if _TAG.search(part.source.xml)]
        same = {part.source.part: part.unchanging() for part in parts if part not in self._changing}
        self._packed = Packed(taken.members | same)
        self._layout: Layout | None = None

    def filled(self, context: Mapping[str, Any], *, title: str, as_at: date) -> bytes:
        """Give the document's bytes.

        Raises:
            TornError: what comes out is no document.
            jinja2.TemplateError, TypeError, ArithmeticError: a tag cannot be filled.

        """
        whole = {**context, TITLE: title, MOMENT: f"{as_at.isoformat()}T00:00:00Z"}
        return self._packed.with_members([part.filled(whole) for part in self._changing])

    def layout(self) -> Layout:
        """Give how the page is built: measured once, since not every template is asked."""
        if self._layout is None:
            self._layout = layout(sound(self.bytes))
        return self._layout


def _compiled(language: Language, source: Source) -> Template:
    try:
        return language.compiled(source.xml)
    except TemplateSyntaxError as error:
        near = _near(source.xml, error.lineno)
        raise BrokenTagError((error.message or "").rstrip("."), near) from error


def _near(xml: str, line: int) -> str:
    """Give the words at a line as a syntax error counts them: the last before it with a brace."""
    lines = marked_lines(xml).split("\n")[max(line - _LINES_BEFORE, 0) : line]
    words = (" ".join(_MARKUP.sub("", text).split()) for text in reversed(lines))
    return next((text for text in words if "{" in text), "")
