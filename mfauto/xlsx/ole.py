"""What an OLE container holds: the old kind of file within a file, as .xls and .doc are.

Only names are read, and only those at the top: a workbook may hold a whole document further down.
"""

import struct
from collections.abc import Iterator

_ENTRY = struct.Struct("<64sHBB3L")  #: name, its bytes, kind, colour, left, right, child
_ENTRY_SIZE = 128
_NONE = 0xFFFFFFFA  #: from here on, a number is no sector and no entry
_LISTED = 76  #: where the header lists the sectors of the table of sectors
_MOST_LISTED = 108


def names_at_the_top(data: bytes) -> frozenset[str] | None:
    """Return the names of the container's own streams; None where it cannot be followed."""
    try:
        entries = b"".join(_sectors(data))
        return frozenset(_below(entries, _ENTRY.unpack_from(entries)[6]))
    except (struct.error, OverflowError, UnicodeDecodeError):
        return None


def _sectors(data: bytes) -> Iterator[bytes]:
    """Yield the sectors of the directory, each once."""
    (shift,) = struct.unpack_from("<H", data, 30)
    size = 1 << min(shift, 12)
    (at,) = struct.unpack_from("<L", data, 48)
    seen: set[int] = set()
    while at < _NONE and at not in seen:
        seen.add(at)
        yield data[(at + 1) * size : (at + 2) * size]
        which, place = divmod(at * 4, size)
        (table,) = struct.unpack_from("<L", data, _LISTED + 4 * min(which, _MOST_LISTED))
        (at,) = struct.unpack_from("<L", data, (table + 1) * size + place)


def _below(entries: bytes, first: int) -> Iterator[str]:
    """Yield the names of an entry and of all beside it."""
    waiting, seen = [first], set()
    while waiting:
        at = waiting.pop()
        if at >= _NONE or at in seen:
            continue
        seen.add(at)
        name, length, _, _, left, right, _ = _ENTRY.unpack_from(entries, at * _ENTRY_SIZE)
        yield name[: max(length - 2, 0)].decode("utf-16-le")
        waiting += [left, right]
