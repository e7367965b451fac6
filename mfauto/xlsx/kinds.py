"""What kind of file this is, told by its bytes; all but Excel workbooks are refused."""

from mfauto.errors import TrackerDamagedError, TrackerError
from mfauto.xlsx.refusals import SAVE_AS, damaged, unsupported

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ASK = "Ask its owner for a copy without encryption, saved as Excel Workbook (.xlsx)."
_OWNER_FILE, _OWNER_NAME = 165, 54  #: bytes; Excel's ~$ file, and the name in it at most
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
    if data[:4] in {b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00"}:
        raise unsupported(file, "a very old Excel file (.xls)")
    if b"PK\x03\x04" in data[:65536] or b"PK\x05\x06" in data[-65557:]:
        if b"PK\x01\x02" in data:
            return
        raise damaged(file, "the start of the zip file is not where it belongs")
    raise _plain(data, file)


def _ole(data: bytes, file: str) -> TrackerError:
    """Refusal of an OLE container: its stream names say what it holds."""

    def has(name: str) -> bool:
        return name.encode("utf-16-le") in data

    if has("DRMEncryptedDataSpace") or has("DRMContent"):
        return TrackerError(
            f"{file} is encrypted by a sensitivity label or rights management.\n{_ASK}"
        )
    if has("EncryptedPackage") or has("EncryptionInfo"):
        return TrackerError(f"{file} is encrypted: it needs a password to open.\n{_ASK}")
    if has("WordDocument"):
        return unsupported(file, "an old Word document (.doc)", "Choose the tracker itself.")
    return unsupported(file, "an old Excel file (.xls)")


def _plain(data: bytes, file: str) -> TrackerError:
    start = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(b"%pdf"):
        return unsupported(file, "a PDF", "Choose the tracker itself.")
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<head", b"<meta")):
        return unsupported(file, "a web page (HTML)")
    if b"urn:schemas-microsoft-com:office:spreadsheet" in data[:4096]:
        return unsupported(file, "an XML Spreadsheet 2003")
    if start.startswith(b"<?xml"):
        return unsupported(file, "an XML file")
    if b"<html" in start:
        return unsupported(file, "a web page (HTML)")
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"} or _TEXT.issuperset(data[:4096]):
        return unsupported(file, "plain text or CSV")
    return TrackerDamagedError(
        f"{file} is not an Excel workbook, or it is damaged beyond recognition.\n"
        "Restore the last good copy."
    )


def check_package(names: set[str], mimetype: bytes, file: str) -> None:
    """Refuse a zip that is some other kind of document. `names` are folded part names."""
    if mimetype.startswith(b"application/vnd.oasis.opendocument") or "content.xml" in names:
        raise unsupported(file, "an OpenDocument file (.ods)")
    if any(name.endswith("workbook.bin") for name in names):
        raise unsupported(file, "a binary Excel workbook (.xlsb)")
    if "word/document.xml" in names:
        raise unsupported(file, "a Word document (.docx)", "Choose the tracker itself.")
    if "ppt/presentation.xml" in names:
        raise unsupported(file, "a PowerPoint presentation (.pptx)", "Choose the tracker itself.")
    if "index/document.iwa" in names:
        raise unsupported(file, "an Apple Numbers or Pages file", SAVE_AS)
    if "[content_types].xml" not in names:
        raise unsupported(file, "a zip file", "Unpack it, and choose the tracker inside.")
