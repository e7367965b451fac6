"""Parts in encodings other than UTF-8: turned into it to be worked on, and back."""

import re

from mfauto.xlsx.refusals import damaged

#: A start tag with whatever its attributes hold; group 1 is its name, prefix included.
TAG = re.compile(rb"""<([^\s/>]+)(?:[^"'>]|"[^"]*"|'[^']*')*>""")

_DECLARED = re.compile(rb"""<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")


def to_utf8(data: bytes, file: str, part: str) -> tuple[bytes, str]:
    """Return a part in UTF-8, and the name of its own encoding."""
    codec = _codec(data)
    if codec == "utf-8":
        return data, codec
    try:
        utf8 = data.decode(codec).encode()
        same = utf8.decode().encode(codec) == data
    except (UnicodeError, LookupError) as error:
        raise damaged(file, f'its part "{part}" is in no known encoding') from error
    if not same:
        raise damaged(file, f'its part "{part}" is not true to its encoding {codec}')
    return utf8, codec


def from_utf8(utf8: bytes, codec: str) -> bytes:
    """Return a part in its own encoding again."""
    return utf8 if codec == "utf-8" else utf8.decode().encode(codec, "xmlcharrefreplace")


def _codec(data: bytes) -> str:
    """Tell the encoding of a part from its first bytes."""
    if data.startswith((b"\xff\xfe", b"<\x00")):
        return "utf-16-le"
    if data.startswith((b"\xfe\xff", b"\x00<")):
        return "utf-16-be"
    declared = _DECLARED.match(data.lstrip()[:200])
    if declared is None or data.startswith(b"\xef\xbb\xbf"):
        return "utf-8"
    name = declared[1].decode().lower()
    if name in {"us-ascii", "utf8"} and data.isascii():
        return "ascii"  # what is written must not be more than parsers expect of these two
    return "utf-8" if name in {"utf-8", "utf8", "us-ascii"} else name
