"""What a file is that was meant to be a Word template, told by its bytes, and what to do then."""

import io
import zipfile
import zlib
from typing import Final

from mfauto.calling import call
from mfauto.xlsx.ole import names_at_the_top

_SAVE_AS: Final = "Open it in Word and use Save As, Word Document (.docx), with the same name."
_OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_STRICT: Final = b"http://purl.oclc.org/ooxml/"


def what_else(data: bytes) -> str:
    """Say what a file is, instead of a Word template, and what to do about it."""
    found = _ole(data) if data.startswith(_OLE) else _zip(data)
    if data.startswith(b"{\\rtf"):
        found = "a document in Rich Text Format"
    elif data.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith((b"<html", b"<!doctype html")):
        found = "a web page"
    if found == _ENCRYPTED:
        return f": it is {found}.\nTake the password off in Word: File, Info, Protect Document."
    if found:
        return f": it is {found}.\n{_SAVE_AS}"
    return f".\nDelete it. Then, to get back the one that came with mfauto: {call('init')}"


#: what reading a damaged zip may end in
_UNREADABLE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    EOFError,
    LookupError,
    ValueError,
    RuntimeError,
)
_ENCRYPTED: Final = "encrypted, and needs a password"


def _ole(data: bytes) -> str:
    names = names_at_the_top(data) or frozenset()
    if "EncryptedPackage" in names:
        return _ENCRYPTED
    return "an old Word document (.doc)" if "WordDocument" in names else ""


def _zip(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            names = set(parts.namelist())
            if "content.xml" in names:
                return "an OpenDocument text (.odt)"
            types, links = parts.read("[Content_Types].xml"), parts.read("_rels/.rels")
    except _UNREADABLE:
        return ""
    if b"ms-word." in types and b"macroenabled" in types.lower():
        return "a Word file with macros (.docm or .dotm)"
    if b"spreadsheetml" in types and b"wordprocessingml" not in types:
        return "an Excel workbook"
    return "a Strict Open XML document" if _STRICT in links else ""
