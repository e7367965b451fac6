"""Files put in place safely: verified backups, locks of others, replacement in one step.

A file is written beside its target, flushed to the disk, and then takes the target's
name; whoever looks sees the old file or the new one, never half of one.
"""

import contextlib
import errno
import hashlib
import os
import stat
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from mfauto.errors import TrackerBusyError, TrackerError, TrackerSavedError

_SHARING = frozenset({5, 32, 33})  #: Windows: access denied, sharing violation, lock violation
_OWNER_NAME = 54  #: bytes of the name in Excel's owner file, its length first


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
    except FileNotFoundError:
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


def back_up(path: Path, folder: Path, now: datetime) -> Path:
    """Copy the file into the folder under its name and the time, and compare the copy."""
    try:
        data = path.read_bytes()
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _refused(path, "cannot be backed up", error) from error
    for number in range(1000):
        again = f" ({number + 1})" if number else ""
        copy = folder / f"{path.stem} {now:%Y-%m-%d %H%M%S}{again}{path.suffix}"
        try:
            with copy.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        except FileExistsError:
            continue
        except OSError as error:
            copy.unlink(missing_ok=True)
            raise _refused(path, "cannot be backed up", error) from error
        if sha256(copy) != hashlib.sha256(data).hexdigest():
            copy.unlink(missing_ok=True)
            raise TrackerError(
                f"{path.name} cannot be backed up: the copy in {folder} is not the same.\n"
                "Nothing was written. Check the drive."
            )
        return copy
    raise TrackerError(
        f"{path.name} cannot be backed up: {folder} holds too many copies of this second.\n"
        "Nothing was written. Tidy the folder."
    )


def sha256(path: Path) -> str:
    """Hash of the file's bytes as they are now."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextlib.contextmanager
def made_beside(target: Path, chunks: Iterable[bytes | memoryview]) -> Iterator[Path]:
    """Write a file next to its target and flush it to the disk; remove it if it stays there."""
    made = target.with_name(f".mfauto-{os.urandom(8).hex()}.tmp")
    try:
        try:
            with made.open("xb") as file:
                for chunk in chunks:
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise _refused(target, "cannot be written", error) from error
        yield made
    finally:
        with contextlib.suppress(OSError):
            made.unlink(missing_ok=True)


def replace_file(made: Path, target: Path, expected_sha256: str) -> None:
    """Put `made` in the place of `target`, unless somebody has saved `target` meanwhile."""
    try:
        unchanged = sha256(target) == expected_sha256
    except OSError as error:
        raise _refused(target, "cannot be written", error) from error
    if not unchanged:
        raise TrackerSavedError(
            f"{target.name} was saved by someone else in the meantime.\n"
            "Nothing was written. Run the command again."
        )
    put_in_place(made, target)


def put_in_place(made: Path, target: Path) -> None:
    """Give `made` the name of `target` in one step, keeping the target's access rights."""
    try:
        if target.exists():
            if not os.access(target, os.W_OK):
                raise PermissionError(errno.EACCES, "it is read-only")
            made.chmod(stat.S_IMODE(target.stat().st_mode))
            _replace_existing(made, target)
        else:
            made.replace(target)
        _flush_folder(target.parent)
    except OSError as error:
        raise _refused(target, "cannot be written", error) from error


if sys.platform == "win32":
    import ctypes

    def _replace_existing(made: Path, target: Path) -> None:
        """`os.replace` would give the target the access rights of the new file."""
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        done = kernel.ReplaceFileW(str(target), str(made), None, 0, None, None)
        if not done:
            raise ctypes.WinError(ctypes.get_last_error())

    def _flush_folder(folder: Path) -> None:
        """Windows keeps its folders in order by itself."""

else:

    def _replace_existing(made: Path, target: Path) -> None:
        made.replace(target)

    def _flush_folder(folder: Path) -> None:
        """Make the new name last through a power cut."""
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _refused(path: Path, what: str, error: OSError) -> TrackerError:
    """Error of ours for one of the system's: busy, or why not."""
    if isinstance(error, PermissionError) or getattr(error, "winerror", None) in _SHARING:
        holder = lock_holder(path)
        who = f"{holder} has it open" if holder else "it is open elsewhere, or you may not write it"
        return TrackerBusyError(
            f"{path.name} {what}: {who}.\nNothing was changed. Close it and try again."
        )
    return TrackerError(
        f"{path.name} {what} ({error.strerror or error}).\n"
        "Nothing was changed. Check the drive, its free space and the network."
    )
