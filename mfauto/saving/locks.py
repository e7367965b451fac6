"""Who has a workbook open, as the small files say that Excel and LibreOffice keep beside it."""

from pathlib import Path
from typing import Final

_OWNER_NAME: Final = 54  #: bytes of the name in Excel's owner file, its length first


def lock_holder(path: Path) -> str | None:
    """Who has the workbook open, or None. Empty names come out as "someone"."""
    owner = path.with_name(f"~${path.name}")
    short = path.with_name(f"~${path.name[2:]}")  # Excel cuts the start of longer names
    for lock in (owner, short):
        holder = _read(lock)
        if holder is not None:
            return _excel_user(holder) or "someone"
    holder = _read(path.with_name(f".~lock.{path.name}#"))
    if holder is None:
        return None
    fields = holder.decode("utf-8", "replace").split(",")
    names = [field.strip() for field in fields[:2]]
    return next((name for name in names if name), "someone")


def _read(lock: Path) -> bytes | None:
    """Bytes of a lock file; empty where it is there and cannot be read."""
    try:
        with lock.open("rb") as file:
            return file.read(1024)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError:
        return b""


def _excel_user(data: bytes) -> str:
    """Name in an owner file: once in the computer's code page, again in UTF-16."""
    wide = data[_OWNER_NAME + 1 :]
    if len(wide) > 2:  # noqa: PLR2004 - the length takes two bytes
        length = int.from_bytes(wide[:2], "little")
        name = wide[2 : 2 + 2 * length].decode("utf-16-le", "replace").strip(" \0")
        if name:
            return name
    return data[1 : 1 + data[0]].decode("cp1252", "replace").strip(" \0") if data else ""
