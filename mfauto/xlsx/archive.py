"""The zip file around a workbook: its members, unpacked within limits or copied raw.

Written on the bytes themselves, because `zipfile` cannot copy a member as it stands.
Sizes are bytes. Nothing is unpacked before the limits have been checked.
"""

import struct
import zlib
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property

from mfauto.errors import TrackerError
from mfauto.records import record
from mfauto.xlsx.refusals import damaged

STORED = 0
DEFLATED = 8

_MOST_PARTS = 5_000
_LARGE = 200_000_000  #: all parts together, unpacked
_LARGE_RATIO = 50  #: unpacked to packed, above _LARGE; a tracker of 100,000 rows has about 10
_LARGEST = 1_500_000_000  #: all parts together, however well they pack
_PART_RATIO = 200  #: unpacked to packed, for one part
_RATIO_FROM = 10_000_000  #: a part smaller than this may pack as well as it likes
_CHECKED_AT_ONCE = 4_000_000  #: larger parts are checked when they are read or written
_SMALL = 1_000_000  #: a part that is kept from the first time on: it is read three times
_KEPT = 8_000_000  #: bytes of parts that are kept unpacked, at most
_CHUNK = 262_144  #: unpacked at a time
_LEVEL = 5  #: within 1 % of the size of level 6, in two thirds of its time
_STEP = 32_768  #: packed bytes handed over at a time

_END_MARK, _LOCATOR_MARK, _ENTRY_MARK = b"PK\x05\x06", b"PK\x06\x07", b"PK\x01\x02"
_LONGEST_COMMENT = 65_535
_END = struct.Struct("<4s4H2LH")
_END64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR64 = struct.Struct("<4sLQL")
_ENTRY = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")

_NO16 = 0xFFFF
_NO32 = 0xFFFFFFFF
_ENCRYPTED = 0x1
_DESCRIBED = 0x8  #: sizes stand in a descriptor after the data
_UTF8 = 0x800


@record(kw_only=False)
class Member:
    """One file inside the zip."""

    name: str
    method: int
    flags: int
    crc: int
    packed: int  #: size as it stands in the zip
    size: int  #: size unpacked, as the zip says
    header: int  #: where its local header starts
    data: int  #: where its packed bytes start
    entry: int  #: where its entry in the directory starts
    entry_end: int


@record(kw_only=False)
class Packed:
    """New contents of a member, packed by `Packer`."""

    crc: int
    size: int
    data: bytes


class Packer:
    """Packs the contents of a member piece by piece, in the member's own way."""

    def __init__(self, member: Member) -> None:
        self._deflate = (
            zlib.compressobj(_LEVEL, zlib.DEFLATED, -15) if member.method == DEFLATED else None
        )
        self._crc = 0
        self._size = 0
        self._data: list[bytes] = []

    def add(self, data: bytes) -> None:
        """Take the next bytes."""
        self._crc = zlib.crc32(data, self._crc)
        self._size += len(data)
        self._data.append(self._deflate.compress(data) if self._deflate else data)

    def done(self) -> Packed:
        """Finish."""
        if self._deflate:
            self._data.append(self._deflate.flush())
        return Packed(self._crc, self._size, b"".join(self._data))


class Archive:
    """The members of a zip held in memory."""

    def __init__(self, data: bytes, file: str) -> None:
        self.file = file
        self._bytes = data
        self._end = self._last_record()
        if self._end < 0 or self._end + _END.size > len(data):
            raise damaged(file, "the end of the zip file is missing")
        count, size, offset, self._end64 = self._directory_end()
        self._directory_end_at = self._end if self._end64 is None else self._end64
        self._directory = self._directory_end_at - size
        self._shift = self._directory - offset  #: bytes that stand before the zip itself
        if self._directory < 0 or self._shift < 0:
            raise damaged(file, "the directory of the zip file points outside it")
        if count > _MOST_PARTS:
            raise self._too_large(f"{count:,} parts")
        self.members = tuple(self._entries())
        self._kept: dict[Member, list[bytes]] = {}  #: small parts, unpacked and checked
        self._room = _KEPT
        if len(self.members) != count & _NO16 and len(self.members) != count:
            raise damaged(file, "the directory of the zip file does not match its contents")
        self._check_names()
        self._check_overlaps()
        self._check_sizes()

    def _too_large(self, what: str) -> TrackerError:
        return TrackerError(
            f"{self.file} would unpack to {what}, far more than a tracker needs.\n"
            "It was not opened. Check where it comes from, or remove what does not belong in it."
        )

    def _last_record(self) -> int:
        """Find where the record starts that ends the zip; -1 where there is none.

        Its mark may stand in the comment behind it as well. The true one has the directory
        right before it, and ends the file; but some programs leave bytes behind the zip.
        """
        found = []
        last = self._bytes.rfind(_END_MARK)
        at = last
        while at >= max(0, len(self._bytes) - _END.size - _LONGEST_COMMENT):
            found.append(at)
            at = self._bytes.rfind(_END_MARK, 0, at)
        return max(found, key=self._looks_true, default=last)

    def _looks_true(self, at: int) -> tuple[bool, bool, int]:
        """Say how like the record that ends the zip one at this place is."""
        if at + _END.size > len(self._bytes):
            return False, False, at
        *_, size, _, comment = _END.unpack_from(self._bytes, at)
        follows = self._stands(_ENTRY_MARK, at - size)
        follows = follows or self._stands(_LOCATOR_MARK, at - _LOCATOR64.size)
        return follows, at + _END.size + comment == len(self._bytes), at

    def _stands(self, mark: bytes, at: int) -> bool:
        return at >= 0 and self._bytes.startswith(mark, at)

    def _directory_end(self) -> tuple[int, int, int, int | None]:
        count, size, offset = map(int, _END.unpack_from(self._bytes, self._end)[4:7])
        locator = self._end - _LOCATOR64.size
        if not self._stands(_LOCATOR_MARK, locator):
            return count, size, offset, None
        end64 = self._bytes.rfind(b"PK\x06\x06", 0, locator)
        if end64 < 0 or end64 + _END64.size > locator:
            raise damaged(self.file, "the end of the zip file is missing")
        values = _END64.unpack_from(self._bytes, end64)
        count, size, offset = map(int, values[7:10])
        return count, size, offset, end64

    def _entries(self) -> Iterator[Member]:
        at = self._directory
        seen = 0
        while self._stands(_ENTRY_MARK, at):
            seen += 1
            if seen > _MOST_PARTS:
                raise self._too_large(f"over {_MOST_PARTS:,} parts")
            member = self._entry(at)
            at = member.entry_end
            yield member
        if at != self._directory_end_at:
            raise damaged(self.file, "the directory of the zip file cannot be read")

    def _entry(self, at: int) -> Member:
        if at + _ENTRY.size > self._directory_end_at:
            raise damaged(self.file, "the directory of the zip file is cut off")
        fields = _ENTRY.unpack_from(self._bytes, at)
        flags, method, crc, packed, size = fields[3], fields[4], fields[7], fields[8], fields[9]
        name_length, extra_length, comment_length, offset = *fields[10:13], fields[16]
        name_at = at + _ENTRY.size
        raw = self._bytes[name_at : name_at + name_length]
        extra_at = name_at + name_length
        entry_end = extra_at + extra_length + comment_length
        if entry_end > self._directory_end_at:
            raise damaged(self.file, "the directory of the zip file is cut off")
        wide = self._wide(extra_at, extra_at + extra_length)
        sizes = [size, packed, offset]
        for index in range(3):
            if sizes[index] == _NO32 and wide:
                place = wide.pop(0)
                sizes[index] = int.from_bytes(self._bytes[place : place + 8], "little")
        size, packed, offset = sizes
        name = _name(raw, utf8=bool(flags & _UTF8))
        header = offset + self._shift
        return Member(
            name=name,
            method=method,
            flags=flags,
            crc=crc,
            packed=packed,
            size=size,
            header=header,
            data=self._data_start(header, raw, packed, flags),
            entry=at,
            entry_end=entry_end,
        )

    def _wide(self, at: int, end: int) -> list[int]:
        """Places of the 8-byte numbers in the zip64 extra field, if there is one."""
        while at + 4 <= end:
            kind, length = struct.unpack_from("<2H", self._bytes, at)
            at += 4
            if kind == 1:
                return list(range(at, min(at + length, end) - 7, 8))
            at += length
        return []

    def _data_start(self, header: int, raw: bytes, packed: int, flags: int) -> int:
        if header < 0 or self._bytes[header : header + 4] != b"PK\x03\x04":
            raise damaged(self.file, "the directory of the zip file points to the wrong places")
        if flags & _ENCRYPTED:
            raise TrackerError(
                f"{self.file} is an encrypted zip file: it needs a password.\n"
                "Ask its owner for a copy without a password."
            )
        if header + _LOCAL.size > self._directory:
            raise damaged(self.file, "a part is cut off")
        fields = _LOCAL.unpack_from(self._bytes, header)
        name_at = header + _LOCAL.size
        data = int(name_at + fields[9] + fields[10])
        if self._bytes[name_at : name_at + fields[9]] != raw:
            raise damaged(self.file, "a part has two different names")
        if data + packed > self._directory:
            raise damaged(self.file, "a part is cut off")
        return data

    def _check_names(self) -> None:
        seen = set()
        for member in self.members:
            name = folded(member.name)
            if ".." in name.split("/") or ":" in name:
                raise damaged(self.file, f'a part is named "{member.name}", which leads outside it')
            if name in seen:
                raise damaged(self.file, f'it holds the part "{member.name}" twice')
            seen.add(name)

    def _check_overlaps(self) -> None:
        end = 0
        for member in sorted(self.members, key=lambda member: member.header):
            if member.header < end:
                raise damaged(self.file, f'its part "{member.name}" overlaps another one')
            end = member.data + member.packed

    def _check_sizes(self) -> None:
        total = sum(member.size for member in self.members)
        packed = sum(member.packed for member in self.members)
        if total > _LARGEST or (total > _LARGE and total > _LARGE_RATIO * packed):
            raise self._too_large(f"{total / 1_000_000:,.0f} MB")
        for member in self.members:
            if member.size > _RATIO_FROM and member.size > _PART_RATIO * member.packed:
                raise self._too_large(f'{member.size / 1_000_000:,.0f} MB in "{member.name}"')

    @cached_property
    def _by_name(self) -> dict[str, Member]:
        return {folded(member.name): member for member in self.members}

    def find(self, name: str) -> Member | None:
        """Return the member of that name; case and the kind of slash do not matter."""
        return self._by_name.get(folded(name))

    def raw(self, member: Member) -> memoryview:
        """Packed bytes of a member, as they stand."""
        return memoryview(self._bytes)[member.data : member.data + member.packed]

    def entry(self, member: Member) -> bytes:
        """Directory entry of a member, as it stands."""
        return self._bytes[member.entry : member.entry_end]

    def stream(self, member: Member, *, keep: bool = False) -> Iterator[bytes]:
        """Unpack a member chunk by chunk, never beyond the size it states; then check its CRC.

        With `keep` what was unpacked to its end stays at hand for the next time, if it is small.
        """
        if member in self._kept:
            yield from self._kept[member]
            return
        keep = keep and member.size <= self._room
        chunks: list[bytes] = []
        crc, size = 0, 0
        for chunk in self._unpacked(member):
            size += len(chunk)
            if size > member.size:
                raise damaged(self.file, f'its part "{member.name}" is larger than it says')
            crc = zlib.crc32(chunk, crc)
            if keep:
                chunks.append(chunk)
            yield chunk
        if size != member.size or crc != member.crc:
            raise damaged(self.file, f'its part "{member.name}" does not match its checksum')
        if keep:
            self._kept[member] = chunks
            self._room -= size

    def _unpacked(self, member: Member) -> Iterator[bytes]:
        raw = self.raw(member)
        if member.method == STORED:
            yield from (bytes(raw[at : at + _CHUNK]) for at in range(0, len(raw), _CHUNK))
            return
        if member.method != DEFLATED:
            raise damaged(
                self.file, f'its part "{member.name}" is packed in a way Excel never uses'
            )
        inflate = zlib.decompressobj(-15)
        try:
            for at in range(0, len(raw), _STEP):
                chunk = inflate.decompress(raw[at : at + _STEP], _CHUNK)
                while chunk:
                    yield chunk
                    chunk = inflate.decompress(inflate.unconsumed_tail, _CHUNK)
            rest = inflate.flush(_CHUNK)
        except zlib.error as error:
            raise damaged(self.file, f'its part "{member.name}" cannot be unpacked') from error
        if rest:
            yield rest

    def unpack(self, member: Member) -> bytes:
        """Unpack a member whole."""
        return b"".join(self.stream(member))

    def check_small(self) -> None:
        """Check the CRC of each part that costs little to unpack."""
        for member in self.members:
            if member.size <= _CHECKED_AT_ONCE:
                self._check(member, keep=member.size <= _SMALL)

    def check_large(self, but: Collection[str]) -> None:
        """Check the CRC of all other parts, except the ones named."""
        for member in self.members:
            if member.size > _CHECKED_AT_ONCE and member.name not in but:
                self._check(member)

    def _check(self, member: Member, *, keep: bool = False) -> None:
        for _ in self.stream(member, keep=keep):
            pass

    def rebuilt(self, replaced: Mapping[Member, Packed]) -> Iterator[bytes | memoryview]:
        """Yield the bytes of the same zip with some members replaced and all else as it stands."""
        view = memoryview(self._bytes)
        shifts: list[tuple[int, int]] = []
        cursor, moved = 0, 0
        for member, packed in sorted(replaced.items(), key=lambda item: item[0].header):
            yield view[cursor : member.header]
            yield self._new_local(member, packed)
            yield packed.data
            after = member.data + member.packed
            descriptor = self._descriptor(member, packed)
            yield descriptor
            cursor = after + len(descriptor)
            moved += len(packed.data) - member.packed
            shifts.append((member.header, moved))
        yield view[cursor : self._directory]
        for member in self.members:
            shift = max(
                (s for s in shifts if s[0] < member.header), default=(0, 0), key=lambda s: s[0]
            )
            yield self._new_entry(member, replaced.get(member), shift[1])
        yield self._new_end(moved)

    def _new_local(self, member: Member, packed: Packed) -> bytes:
        local = bytearray(self._bytes[member.header : member.data])
        fields = _LOCAL.unpack_from(local)
        if member.flags & _DESCRIBED and fields[7] in {0, _NO32}:
            return bytes(local)  # its sizes stand in the descriptor
        name_length, extra_length = fields[9], fields[10]
        extra = member.header + _LOCAL.size + name_length
        wide = self._wide(extra, extra + extra_length)
        struct.pack_into("<L", local, 14, packed.crc)
        for at, stated, new in (
            (22, fields[8], packed.size),
            (18, fields[7], len(packed.data)),
        ):
            if stated == _NO32 and wide:
                struct.pack_into("<Q", local, wide.pop(0) - member.header, new)
            else:
                struct.pack_into("<L", local, at, new)
        return bytes(local)

    def _descriptor(self, member: Member, packed: Packed) -> bytes:
        """Return the record after the data in the form of the old one, if one stands there."""
        if not member.flags & _DESCRIBED:
            return b""
        after = member.data + member.packed
        for mark in (b"PK\x07\x08", b""):
            for sizes in ("<L2L", "<L2Q"):
                old = mark + struct.pack(sizes, member.crc, member.packed, member.size)
                if self._bytes[after : after + len(old)] == old:
                    return mark + struct.pack(sizes, packed.crc, len(packed.data), packed.size)
        fields = _LOCAL.unpack_from(self._bytes, member.header)
        if fields[6:9] == (member.crc, member.packed, member.size):
            return b""  # the flag is set, yet the local header has the sizes
        raise damaged(self.file, f'the sizes of its part "{member.name}" cannot be found')

    def _new_entry(self, member: Member, packed: Packed | None, shift: int) -> bytes:
        entry = bytearray(self._bytes[member.entry : member.entry_end])
        fields = _ENTRY.unpack_from(entry)
        extra = member.entry + _ENTRY.size + fields[10]
        wide = self._wide(extra, extra + fields[11])
        size, length, crc = member.size, member.packed, member.crc
        if packed is not None:
            size, length, crc = packed.size, len(packed.data), packed.crc
        struct.pack_into("<L", entry, 16, crc)
        for at, stated, new in (
            (24, fields[9], size),
            (20, fields[8], length),
            (42, fields[16], member.header - self._shift + shift),
        ):
            if stated == _NO32 and wide:
                struct.pack_into("<Q", entry, wide.pop(0) - member.entry, new)
            else:
                struct.pack_into("<L", entry, at, new)
        return bytes(entry)

    def _new_end(self, moved: int) -> bytes:
        end = bytearray(self._bytes[self._directory_end_at :])
        at = self._end - self._directory_end_at
        if self._end64 is not None:
            offset = int.from_bytes(end[48:56], "little")
            struct.pack_into("<Q", end, 48, offset + moved)
            locator = at - _LOCATOR64.size
            offset = int.from_bytes(end[locator + 8 : locator + 16], "little")
            struct.pack_into("<Q", end, locator + 8, offset + moved)
        offset = int.from_bytes(end[at + 16 : at + 20], "little")
        if offset != _NO32:
            struct.pack_into("<L", end, at + 16, offset + moved)
        return bytes(end)


def _name(raw: bytes, *, utf8: bool) -> str:
    """Return a member's name; some programs write UTF-8 without saying so."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("utf-8" if utf8 else "cp437", "replace")


def folded(name: str) -> str:
    """Part name as the package rules compare it: no case, one kind of slash, none in front."""
    return name.replace("\\", "/").lstrip("/").casefold()
