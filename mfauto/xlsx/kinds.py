"""What kind of file this is, told by its bytes; all but Excel workbooks are refused."""

import re

from mfauto.errors import TrackerDamagedError, TrackerError
from mfauto.patterns import pattern
from mfauto.xlsx.ole import names_at_the_top
from mfauto.xlsx.refusals import SAVE_AS, damaged, unsupported

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ASK = "Ask its owner for a copy without encryption, saved as Excel Workbook (.xlsx)."
_CHOOSE = "Choose the tracker itself."
_WORD = ("a Word document (.docx)", _CHOOSE)
_POWERPOINT = ("a PowerPoint presentation (.pptx)", _CHOOSE)
_OWNER_FILE, _OWNER_NAME = 165, 54  #: bytes; Excel's ~$ file, and the name in it at most
#: a workbook of Excel 2 to 97 that stands alone, without the container of other .xls files
_BARE = (
    b"\x09\x00\x04\x00",
    b"\x09\x00\x06\x00",
    b"\x09\x02\x06\x00",
    b"\x09\x04\x06\x00",
    b"\x09\x08\x06\x00",
    b"\x09\x08\x08\x00",
    b"\x09\x08\x10\x00",
)
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
#: how a web page or a part of one may start, in small letters
_HTML = pattern(
    rb"(?:<!--.*?-->\s*)*<(?:!doctype html|(?:html|head|meta|body|style|table|div)\b)", re.DOTALL
)
_TEXT = frozenset(range(32, 256)) | {9, 10, 13}


def check_kind(data: bytes, file: str) -> None:
    """Refuse whatever is not a zip file, saying what it is instead."""
    if data.startswith(b"PK\x03\x04"):
        return
    if not data:
        raise TrackerDamagedError(
            f"{file} is not an Excel workbook: it is empty.\nRestore the last good copy."
        )
    if data.startswith(_OLE):
        raise _ole(data, file)
    if file.startswith("~$") or (len(data) == _OWNER_FILE and data[0] < _OWNER_NAME):
        raise TrackerError(
            f"{file} is not a workbook: Excel keeps it while somebody has the workbook open.\n"
            "Choose the workbook itself, without ~$ in its name."
        )
    if data.startswith(_BARE):
        raise unsupported(file, "a very old Excel file (.xls)")
    if b"PK\x03\x04" in data[:65536] or b"PK\x05\x06" in data[-65557:]:
        if b"PK\x01\x02" in data:
            return
        raise damaged(file, "the start of the zip file is not where it belongs")
    raise _plain(data, file)


def _ole(data: bytes, file: str) -> TrackerError:
    """Refusal of an OLE container: its stream names say what it holds."""
    names = names_at_the_top(data)

    def anywhere(name: str) -> bool:
        return name.encode("utf-16-le") in data

    def has(name: str) -> bool:
        return anywhere(name) if names is None else name in names

    encrypted = has("EncryptedPackage") or has("EncryptionInfo")
    label = anywhere("DRMEncryptedDataSpace") and (encrypted or names is None)
    if label or has("\tDRMContent"):
        return TrackerError(
            f"{file} is encrypted by a sensitivity label or rights management.\n{_ASK}"
        )
    if encrypted:
        return TrackerError(f"{file} is encrypted: it needs a password to open.\n{_ASK}")
    if has("WordDocument"):
        return unsupported(file, "an old Word document (.doc)", _CHOOSE)
    if has("PowerPoint Document"):
        return unsupported(file, "an old PowerPoint file (.ppt)", _CHOOSE)
    if has("__properties_version1.0"):
        to_do = "Save its attachment, and choose that."
        return unsupported(file, "an Outlook message (.msg)", to_do)
    return unsupported(file, "an old Excel file (.xls)")


def _plain(data: bytes, file: str) -> TrackerError:
    start = data[:8192]
    if start.startswith(_UTF16):
        start = start.decode("utf-16", "replace").encode()
    start = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(b"%pdf"):
        return unsupported(file, "a PDF", _CHOOSE)
    if b"urn:schemas-microsoft-com:office:spreadsheet" in start and not _HTML.match(start):
        return unsupported(file, "an XML Spreadsheet 2003")
    if b"urn:oasis:names:tc:opendocument" in start:
        return unsupported(file, "an OpenDocument file (.fods)")
    if _HTML.match(start) or b"<html" in start or start.startswith(b"mime-version:"):
        return unsupported(file, "a web page (HTML)")
    if start.startswith(b"<?xml"):
        return unsupported(file, "an XML file")
    if data.startswith(_UTF16) or _TEXT.issuperset(data[:4096]):
        return unsupported(file, "plain text or CSV")
    return TrackerDamagedError(
        f"{file} is not an Excel workbook, or it is damaged beyond recognition.\n"
        "Restore the last good copy."
    )


def check_package(names: set[str], mimetype: bytes, file: str) -> None:
    """Refuse a zip that is some other kind of document. `names` are folded part names."""
    if mimetype.startswith((b"application/vnd.oasis.opendocument", b"application/vnd.sun.xml")):
        raise unsupported(file, "an OpenDocument file (.ods)")
    if {"xl/workbook.xml", "[content_types].xml"} <= names:
        return  # whatever else it holds, as what is embedded in it
    if "content.xml" in names:
        raise unsupported(file, "an OpenDocument file (.ods)")
    if any(name.endswith("workbook.bin") for name in names):
        raise unsupported(file, "a binary Excel workbook (.xlsb)")
    if "word/document.xml" in names:
        raise unsupported(file, *_WORD)
    if "ppt/presentation.xml" in names:
        raise unsupported(file, *_POWERPOINT)
    if names & {"index/document.iwa", "index.zip", "index.apxl", "buildversionhistory.plist"}:
        raise unsupported(file, "an Apple Numbers or Pages file", SAVE_AS)
    if "[content_types].xml" not in names:
        raise unsupported(file, "a zip file", "Unpack it, and choose the tracker inside.")


def other_type(kind: str, file: str) -> TrackerError:
    """Refusal of a package whose main part is of a type (in small letters) that no workbook has."""
    if "wordprocessingml" in kind or "ms-word" in kind:
        return unsupported(file, *_WORD)
    if "presentationml" in kind or "ms-powerpoint" in kind:
        return unsupported(file, *_POWERPOINT)
    if "ms-excel.sheet.binary" in kind:
        return unsupported(file, "a binary Excel workbook (.xlsb)")
    if "ms-excel.addin" in kind:
        return unsupported(file, "an Excel add-in (.xlam)", _CHOOSE)
    return unsupported(file, f'a file of another type ("{kind}")')
