"""Zip files whose bytes depend on their content alone: no clock, no machine."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

_STAMP: Final = (2026, 1, 1, 0, 0, 0)
_FIRST: Final = "[Content_Types].xml"  # programs tell the kind of file by it
_DOS: Final = 0  # otherwise the machine's system stands in the file
_DATE: Final = (_STAMP[0] - 1980) << 9 | _STAMP[1] << 5 | _STAMP[2]
_TIME: Final = 0
_VERSION: Final = 20  # of the zip format: packed members
_UTF8: Final = 0x800  # a name beyond ASCII
_BEST: Final = 9  # members packed once for many files
_QUICK: Final = 6
_SHARED: Final = struct.Struct("<HHHHHIIIHH")  # what both headers of a member have in common
_END: Final = struct.Struct("<4sHHHHIIH")


def without_clock(made: bytes, settle: Callable[[str, bytes], bytes] | None = None) -> bytes:
    """Pack the parts of a Word or Excel file again, the list of content types first.

    `settle` may change a part, given its name and bytes.
    """
    again = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as old, zipfile.ZipFile(again, "w") as new:
        for name in sorted(old.namelist(), key=lambda name: name != _FIRST):
            part = zipfile.ZipInfo(name, _STAMP)
            part.compress_type = zipfile.ZIP_DEFLATED
            part.create_system = _DOS
            data = old.read(name)
            new.writestr(part, settle(name, data) if settle else data)
    return again.getvalue()


@dataclass(frozen=True, slots=True)
class Member:
    """One packed member: its local header with its data, and the heart of both headers."""

    name: bytes
    shared: bytes
    body: bytes

    def listing(self, offset: int) -> bytes:
        """Give its line in the file's list of members, for a place in the file."""
        head = struct.pack("<4sH", b"PK\1\2", _VERSION)
        tail = struct.pack("<HHHII", 0, 0, 0, 0, offset)
        return b"".join((head, self.shared, tail, self.name))


class Packed:
    """A zip file of which most members stay as they are: those are packed once, for many files.

    The list of content types comes first, the members that change come last.
    """

    def __init__(self, members: Mapping[str, bytes]) -> None:
        names = sorted(members, key=lambda name: name != _FIRST)
        self._members = [_member(name, members[name], _BEST) for name in names]
        offset = 0
        listed: list[bytes] = []
        for member in self._members:
            listed.append(member.listing(offset))
            offset += len(member.body)
        self._bodies = b"".join(member.body for member in self._members)
        self._listed = b"".join(listed)

    def with_members(self, members: Sequence[Member]) -> bytes:
        """Give the bytes of the file, with further members."""
        offset = len(self._bodies)
        bodies, listed = [self._bodies], [self._listed]
        for member in members:
            bodies.append(member.body)
            listed.append(member.listing(offset))
            offset += len(member.body)
        size = sum(map(len, listed))
        number = len(self._members) + len(members)
        end = _END.pack(b"PK\5\6", 0, 0, number, number, size, offset, 0)
        return b"".join((*bodies, *listed, end))


def packed(name: str, data: bytes) -> Member:
    """Pack one member that changes from file to file: quickly rather than small."""
    return _member(name, data, _QUICK)


def _member(name: str, data: bytes, level: int) -> Member:
    packer = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = packer.compress(data) + packer.flush()
    spelt = name.encode()
    flags = 0 if name.isascii() else _UTF8
    shared = _SHARED.pack(
        _VERSION,
        flags,
        zlib.DEFLATED,
        _TIME,
        _DATE,
        zlib.crc32(data),
        len(packed),
        len(data),
        len(spelt),
        0,
    )
    return Member(spelt, shared, b"".join((b"PK\3\4", shared, spelt, packed)))
