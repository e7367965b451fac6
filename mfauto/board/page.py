"""The board as one HTML file that needs nothing else: no network, no other file."""

import base64
import hashlib
from pathlib import Path
from typing import Final

from markupsafe import Markup

from mfauto.board.told import AHEAD, Board
from mfauto.calling import call
from mfauto.errors import TemplateError
from mfauto.messages import page
from mfauto.settings import TEMPLATES, Settings

BOARD: Final = "board.html"
_FOLDER: Final = "board"  #: within the templates
_STYLE: Final = "board.css"
_SCRIPT: Final = "board.js"
_ENDS: Final = ("</style", "</script")  # what would end the element that holds it


def board_page(board: Board, settings: Settings) -> str:
    """Fill the page. The same board gives the same bytes.

    Raises:
        TemplateError: one of its three files is missing or broken.

    """
    own = settings.templates / _FOLDER
    # A folder of templates from before there was a board has none; the one that comes serves.
    folder = own if own.is_dir() else TEMPLATES / _FOLDER
    style, script = (_read(folder, name) for name in (_STYLE, _SCRIPT))
    fields = {
        "board": board,
        "marking": settings.marking,
        "council": settings.council,
        "service": settings.service,
        "ahead": AHEAD,
        "style": Markup(style),  # noqa: S704 - the office's own files, as the template is
        "script": Markup(script),  # noqa: S704
        "style_hash": _hash(style),
        "script_hash": _hash(script),
    }
    return page(folder, BOARD, fields)


def _read(folder: Path, name: str) -> str:
    try:
        text = (folder / name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise TemplateError(
            f"{folder / name} could not be read.\n"
            f"To get back the one that came with mfauto: {call('init')}"
        ) from error
    if any(end in text.casefold() for end in _ENDS):
        raise TemplateError(f"{folder / name} holds a tag that ends it. Take the tag out.")
    return text


def _hash(text: str) -> str:
    """Give what the page's policy knows its own style and script by."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
