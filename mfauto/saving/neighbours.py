"""Second versions of a file that stand beside it, as sync programs make them.

OneDrive, SharePoint, Dropbox and others keep both where two people saved at once:
one under the old name, one under a name of their own. Which one is right, only a
person knows. A copy that a person made is told apart as far as its name allows.
"""

import re
from pathlib import Path
from typing import Final

from mfauto.patterns import pattern
from mfauto.records import record
from mfauto.saving.reading import sha256

#: what follows the name in a second version that some program made
_NUMBERED: Final = pattern(r" ?\(\d{1,2}\)")
_CONFLICT: Final = pattern(r"[ ._(\[-].*conflict.*", re.IGNORECASE)
_COMPUTER: Final = pattern(r"-([A-Z0-9][A-Z0-9-]{3,14}?)(?:-\d{1,2})?")
_MADE_NAME: Final = pattern(r"(?:DESKTOP|LAPTOP|WIN|MININT)-[A-Z0-9]{4,11}")
_INVENTORY: Final = pattern(r"[A-Z][A-Z-]*\d{3,}[A-Z]*")  #: such as LT012345 or CSC-PC-0042
_PERIOD: Final = pattern(r".*(?:19|20)\d\d(?:\D.*)?|(?:FY|Q|V|REV|VER)-?\d+.*")
#: what a person's copy looks like
_COPY: Final = pattern(r"[ ._(\[-].*")
_COPY_BEFORE: Final = ("copy of ", "backup of ")


@record(kw_only=False)
class Siblings:
    """Files beside one of a like name."""

    conflicts: tuple[Path, ...] = ()  #: second versions a sync program made
    copies: tuple[Path, ...] = ()  #: others of a like name; most likely a person's own


def siblings(path: Path, computer: str | None = None) -> Siblings:
    """Look for other versions of the file in its folder. One of the same bytes is none.

    `computer` is the name of this one; asked of the system where it is None.
    """
    kind = path.suffix.casefold()
    try:
        files = sorted(path.parent.iterdir())
    except OSError:
        return Siblings()
    others = [file for file in files if file.suffix.casefold() == kind and file.name != path.name]
    if not others:
        return Siblings()
    from mfauto.saving.leftovers import computer_name  # noqa: PLC0415 - seldom needed

    here = (computer_name() if computer is None else computer).casefold()
    conflicts, copies = [], []
    for other in others:
        if is_conflict(path.stem, other.stem, here):
            if not _same_bytes(path, other):
                conflicts.append(other)
        elif _is_copy(path.stem, other.stem):
            copies.append(other)
    return Siblings(tuple(conflicts), tuple(copies))


def is_conflict(stem: str, other: str, computer: str = "") -> bool:
    """Say whether a file `other` is a second version of the file `stem`, by its name."""
    rest = _rest(stem, other)
    if not rest:
        return False
    if _NUMBERED.fullmatch(rest) or _CONFLICT.fullmatch(rest):
        return True
    if computer and re.fullmatch(rf"-{re.escape(computer)}(-\d+)?", rest.casefold()):
        return True
    named = _COMPUTER.fullmatch(rest)
    if named is None:
        return False
    if _MADE_NAME.fullmatch(named[1]):
        return True
    return bool(_INVENTORY.fullmatch(named[1])) and not _PERIOD.fullmatch(named[1])


def _is_copy(stem: str, other: str) -> bool:
    rest = _rest(stem, other)
    if rest:
        return bool(_COPY.fullmatch(rest))
    return any(other.casefold() == before + stem.casefold() for before in _COPY_BEFORE)


def _rest(stem: str, other: str) -> str:
    """Give what `other` has after `stem`; "" where it does not begin with it."""
    if len(other) > len(stem) and other.casefold().startswith(stem.casefold()):
        return other[len(stem) :]
    return ""


def _same_bytes(path: Path, other: Path) -> bool:
    try:
        if path.stat().st_size != other.stat().st_size:
            return False
        return sha256(path) == sha256(other)
    except OSError:
        return False
