"""The one edge to Word: a template filled with a context becomes a document.

docxtpl's template language, with strict names, escaped data and a sandbox. A template
is prepared once, however many documents it makes. The same template and context give
the same bytes.
"""

import io
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import date
from pathlib import Path
from typing import Any, Final

from docx.exceptions import PythonDocxError
from docx.oxml.exceptions import XmlchemyError

from mfauto.packing import without_clock
from mfauto.sandbox import FAULTS
from mfauto.saving import Versions, made_beside, put_in_place
from mfauto.word.blocks import Layout
from mfauto.word.faults import cannot_be_filled, cannot_be_opened, is_broken, is_missing
from mfauto.word.opened import opened
from mfauto.word.prepared import BrokenTagError, Prepared, TornError
from mfauto.word.tags import Problem
from mfauto.word.tags import problems as problems_of
from mfauto.word.values import plain, text

__all__ = ["asked", "filled", "layout_of", "placed", "problems", "render"]

_MOST_TITLE: Final = 255  # characters that a document property holds
_MOST_KEPT: Final = 16  # templates
#: what python-docx, lxml and zipfile end in when a file is damaged or no Word file at all
_NO_TEMPLATE: Final = (
    PythonDocxError,
    XmlchemyError,
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    EOFError,
    SyntaxError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    NotImplementedError,
    RuntimeError,
)
#: what an expression in a tag may end in
_UNFILLED: Final = (TornError, *FAULTS)
_noted: ContextVar[list[tuple[str, Mapping[str, Any]]] | None] = ContextVar("noted", default=None)
#: where new versions go, and where each has gone, by its target
_placed: ContextVar[tuple[Versions, dict[Path, Path]] | None] = ContextVar("placed", default=None)
_kept: dict[Path, Prepared] = {}


def render(
    template: Path,
    context: Mapping[str, object],
    target: Path,
    *,
    title: str,
    as_at: date,
    finish: Callable[[Any], None] | None = None,
    flush: bool = True,
) -> None:
    """Fill `template` from `context` and put the document at `target`.

    Within `asked`, the context is only noted. Within `placed`, the document goes beside a target
    that a person has changed. Without `flush` the caller sees to it that the file reaches the disk.

    `finish` may change the filled python-docx document before it is saved.

    Raises:
        TemplateError: the template is missing, broken, or asks for a name there is not.

    """
    noted = _noted.get()
    if noted is not None:
        noted.append((template.name, plain(context)))
        return
    made = filled(template, context, title=title, as_at=as_at)
    if finish is not None:
        made = _finished(made, finish)
    placing = _placed.get()
    if placing is None:
        _put(made, target, flush=flush)
        return
    versions, went = placing
    place = versions.place(target, made)
    if not _holds(place, made):
        _put(made, place, flush=flush)
    went[target] = place


@contextmanager
def placed(versions: Versions | None) -> Iterator[dict[Path, Path]]:
    """Let `versions` say where each document goes; give where each has gone, by its target.

    They are asked at the last moment, with the bytes at hand: a person may save at any other.
    Without them a document goes to its target, whatever is there.
    """
    went: dict[Path, Path] = {}
    token = _placed.set((versions, went) if versions else None)
    try:
        yield went
    finally:
        _placed.reset(token)


@contextmanager
def asked() -> Iterator[list[tuple[str, Mapping[str, Any]]]]:
    """Note each template's name and what it would be filled with, and make no document."""
    noted: list[tuple[str, Mapping[str, Any]]] = []
    token = _noted.set(noted)
    try:
        yield noted
    finally:
        _noted.reset(token)


def problems(template: Path, example: Mapping[str, Any]) -> list[Problem]:
    """Give everything wrong with a template, at once; `example` is what it may be filled with.

    Raises:
        TemplateError: the template is missing, or is no Word file.

    """
    data = _read(template)
    try:
        taken = opened(data)
    except _NO_TEMPLATE as error:
        raise cannot_be_opened(template, data) from error
    return problems_of(taken, plain(example))


def filled(template: Path, context: Mapping[str, object], *, title: str, as_at: date) -> bytes:
    """Give the bytes of the document that `template` and `context` make.

    Raises:
        TemplateError: as `render` does.

    """
    prepared = _prepared(template)
    values = plain(context)
    try:
        return prepared.filled(values, title=text(title)[:_MOST_TITLE], as_at=as_at)
    except _UNFILLED as error:
        raise cannot_be_filled(template, error, values) from error


def layout_of(template: Path) -> Layout:
    """Give how the template's page is built; the same object until the file changes.

    Raises:
        TemplateError: the template is missing or broken.

    """
    prepared = _prepared(template)
    try:
        return prepared.layout()
    except _NO_TEMPLATE as error:
        raise cannot_be_opened(template, prepared.bytes) from error


def _prepared(template: Path) -> Prepared:
    """Give the prepared template; one that was changed meanwhile is prepared again."""
    data = _read(template)
    kept = _kept.get(template)
    if kept is not None and kept.bytes == data:
        return kept
    try:
        prepared = Prepared(data)
    except BrokenTagError as error:
        raise is_broken(template, error) from error
    except TornError as error:
        raise cannot_be_filled(template, error, {}) from error
    except _NO_TEMPLATE as error:
        raise cannot_be_opened(template, data) from error
    while len(_kept) >= _MOST_KEPT:
        del _kept[next(iter(_kept))]
    _kept[template] = prepared
    return prepared


def _read(template: Path) -> bytes:
    try:
        return template.read_bytes()
    except FileNotFoundError as error:
        raise is_missing(template) from error
    except OSError as error:
        raise cannot_be_opened(template) from error


def _holds(path: Path, made: bytes) -> bool:
    try:
        return path.read_bytes() == made
    except OSError:
        return False


def _put(made: bytes, target: Path, *, flush: bool) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if not flush and _put_quickly(made, target):
        return
    with made_beside(target, [made]) as file:
        put_in_place(file, target)


def _put_quickly(made: bytes, target: Path) -> bool:
    """Put a new file in its place in one step; whatever stands against it is not settled here."""
    if target.exists():
        return False
    beside = target.with_name(f".mfauto-{os.urandom(8).hex()}.tmp")
    try:
        beside.write_bytes(made)
        beside.replace(target)
    except OSError:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        return False
    return True


def _finished(made: bytes, finish: Callable[[Any], None]) -> bytes:
    """Let `finish` change the document with python-docx."""
    from docx import Document  # noqa: PLC0415 - loaded with the template before

    document = Document(io.BytesIO(made))
    finish(document)
    saved = io.BytesIO()
    document.save(saved)
    return without_clock(saved.getvalue())
