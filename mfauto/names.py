"""File names made from what people typed: safe on Windows, never outside their folder.

A Case ref that is a plain name stays as it is. Anything else is made plain and
gets a short mark of its own, so that no two refs share a file.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from typing import Final

_PLAIN: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 _.-]{0,58}[A-Za-z0-9])?")
_RESERVED: Final = re.compile(
    r"(?:con|prn|aux|nul|conin\$|conout\$|clock\$|(?:com|lpt)[0-9]) *(?:\..*)?", re.IGNORECASE
)
_OTHER: Final = re.compile(r"[^A-Za-z0-9]+")
_KEPT: Final = 40  # characters of a ref that a changed name keeps
_MARK: Final = 8  # hex digits that tell changed names apart
_LONGEST_MARK: Final = 64


def file_name(ref: str) -> str:
    """Give a file name, without its ending, for `ref` taken alone."""
    if _PLAIN.fullmatch(ref) and not _RESERVED.fullmatch(ref):
        return ref
    return _marked(ref)


def file_names(refs: Iterable[str]) -> dict[str, str]:
    """Give the file name of each ref; Windows must be able to tell any two of them apart."""
    names = {ref: file_name(ref) for ref in refs}
    for digits in range(_MARK, _LONGEST_MARK + 1, _MARK):
        times = Counter(name.casefold() for name in names.values())
        alike = [ref for ref, name in names.items() if times[name.casefold()] > 1]
        if not alike:
            break
        # A mark may itself be what another ref is called, so all are compared once more.
        names |= {ref: _marked(ref, digits) for ref in alike}
    return names


def _marked(ref: str, digits: int = _MARK) -> str:
    kept = _OTHER.sub("-", ref)[:_KEPT].strip("-") or "case"
    mark = hashlib.sha256(ref.encode("utf-8", "surrogatepass")).hexdigest()[:digits]
    return f"{kept}-{mark}"
