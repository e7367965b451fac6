"""What the system refuses, in plain words: where, what was found, what to do.

Each kind of fault has its own sentences. The numbers are those of the system:
`errno` everywhere, and on Windows its own beside them.
"""

import errno
import stat
from collections.abc import Collection
from pathlib import Path
from typing import Final

from mfauto.errors import TrackerBusyError, TrackerError, TrackerMissingError
from mfauto.records import record
from mfauto.saving.locks import lock_holder


def numbers(*names: str) -> frozenset[int]:
    """Give the numbers of those errors that this system knows."""
    return frozenset(getattr(errno, name) for name in names if hasattr(errno, name))


@record
class _Fault:
    """One kind of fault of a drive, a folder or a file."""

    numbers: frozenset[int]  #: of `errno`
    windows: Collection[int]  #: Windows' own
    found: str
    to_do: str
    passes: bool = False  #: whether it may go by itself in a moment


_FULL: Final = _Fault(
    numbers=numbers("ENOSPC", "EDQUOT", "EFBIG"),
    windows={39, 112, 223, 1295},
    found="the drive is full",
    to_do="Free some space on it, then run this again.",
)
_NETWORK: Final = _Fault(
    numbers=numbers(
        "EHOSTDOWN",
        "EHOSTUNREACH",
        "ENETDOWN",
        "ENETUNREACH",
        "ENETRESET",
        "ETIMEDOUT",
        "ESTALE",
        "ENOTCONN",
        "ECONNABORTED",
        "ECONNREFUSED",
        "ECONNRESET",
    ),
    windows={51, 53, 54, 55, 58, 59, 64, 67, 121, 1203, 1222, 1231, 1232, 1236, 2250},
    found="the network drive cannot be reached",
    to_do="Check the network connection and that the drive opens, then run this again.",
    passes=True,
)
_CLOUD: Final = _Fault(
    numbers=frozenset(),
    windows=frozenset({*range(358, 399), 404, 426}),  # every code of cloud files
    found="it is kept in the cloud and could not be fetched",
    to_do=(
        "Check that OneDrive is running and signed in. "
        'In its menu in Explorer, choose "Always keep on this device".'
    ),
    passes=True,
)
_OPEN: Final = _Fault(
    numbers=numbers("EBUSY", "ETXTBSY", "EAGAIN", "EDEADLK"),
    windows={32, 33, 170, 1175, 1176, 1177},
    found="it is open elsewhere",
    to_do="Close it wherever it is open, then run this again.",
    passes=True,
)
_DAMAGE: Final = _Fault(
    numbers=numbers("EIO", "ENXIO", "ENODEV"),
    windows={21, 23, 27, 29, 30, 483, 1117, 1392},
    found="the drive reports a fault",
    to_do="Run this again. If it stays so, tell your IT service, and keep the folder backups.",
    passes=True,
)
_MISSING: Final = _Fault(
    numbers=numbers("ENOENT", "ENOTDIR"),
    windows={2, 3},
    found="there is no such file",
    to_do="Check the folder and the name.",
    passes=True,
)
_TOO_LONG: Final = _Fault(
    numbers=numbers("ENAMETOOLONG"),
    windows={111, 206},
    found="its name and the folders above it are too long",
    to_do="Shorten a name, or move it to a folder higher up.",
)
_FAULTS: Final = (
    _FULL,
    _NETWORK,
    _CLOUD,
    _OPEN,
    _DAMAGE,
    _MISSING,
    _Fault(
        numbers=numbers("EROFS"),
        windows={19},
        found="the drive may be read, but not written to",
        to_do="Ask for the right to write there, or move the folder to another drive.",
    ),
    _TOO_LONG,
    _Fault(
        numbers=numbers("EMFILE", "ENFILE", "ENOMEM"),
        windows={4, 8, 14, 1450, 1455},
        found="the computer has too much open",
        to_do="Close some programs, then run this again.",
    ),
)
_KEPT: Final = "Nothing was changed."
#: characters of a path from which a longer name beside it may not fit: Windows allows 259
_LONG_PATH: Final = 215
_DENIED: Final = numbers("EACCES", "EPERM")
_ACCESS_DENIED: Final = 5  #: Windows: no right to it, or another program keeps it


def passing(error: OSError) -> bool:
    """Say whether a fault may go by itself in a moment, as while Excel saves."""
    if getattr(error, "winerror", None) == _ACCESS_DENIED:
        return True
    fault = _fault(error)
    return fault is not None and fault.passes


def refused(path: Path, what: str, error: OSError, into: Path | None = None) -> TrackerError:
    """Give the error of ours for one of the system's.

    `what` could not be done, such as "cannot be read". `into` is the folder that was written
    to, where that is not the file's own. Nothing was changed so far.
    """
    if _is_folder(path):  # Windows would say that it may not be opened
        return TrackerError(f"{path} is a folder.\n{_KEPT} Name the workbook itself.")
    winerror = getattr(error, "winerror", None)
    fault = _fault(error)
    if fault is _OPEN or (fault is None and error.errno in _DENIED) or winerror == _ACCESS_DENIED:
        holder = lock_holder(path)
        if holder is not None or fault is _OPEN:
            found = f"{holder} has it open" if holder else _OPEN.found
            return TrackerBusyError(f"{path.name} {what}: {found}.\n{_KEPT} {_OPEN.to_do}")
        return no_folder_right(path, what, into) if into else _no_right(path, what)
    if fault is _MISSING and len(str(path)) > _LONG_PATH and _there(path):
        fault = _TOO_LONG  # Windows calls a name that does not fit one that is not there
    if fault is _MISSING and not _there(path.parent):
        return TrackerMissingError(
            f"{path.name} {what}: the folder {path.parent} is not there.\n"
            f"{_KEPT} Check its name, and that its drive is connected."
        )
    if fault is None:
        found, to_do = error.strerror or type(error).__name__, "Check the drive and the network."
    else:
        found, to_do = fault.found, fault.to_do
    if fault is _MISSING:
        return TrackerMissingError(f"{path} {what}: {found}.\n{_KEPT} {to_do}")
    return TrackerError(f"{path.name} {what}: {found}.\n{_KEPT} {to_do}")


def is_open(path: Path, holder: str) -> TrackerBusyError:
    """Give the error for a file that somebody has open."""
    return TrackerBusyError(
        f"{path.name} is open: {holder} has it. Nothing was written.\n"
        "Close it and run this again; flags can wait for the next run. "
        "If nobody has it open, open it in Excel and close it again."
    )


def no_room(path: Path, what: str, folder: Path, needed: int) -> TrackerError:
    """Give the error for a drive without room for `needed` bytes."""
    megabytes = max(1, round(needed / 1_000_000))
    return TrackerError(
        f"{path.name} {what}: the drive of {folder} has less than {megabytes} MB free.\n"
        f"{_KEPT} {_FULL.to_do}"
    )


def not_fetched(path: Path, what: str) -> TrackerError:
    """Give the error for a file of which only the name is on this computer."""
    return TrackerError(
        f"{path.name} {what}: only its name is on this computer.\n{_KEPT} {_CLOUD.to_do}"
    )


def read_only(path: Path, what: str) -> TrackerError:
    """Give the error for a file that is marked read-only."""
    return TrackerError(
        f"{path.name} {what}: it is marked read-only.\n"
        f"{_KEPT} Take the mark off in its Properties, then run this again."
    )


def is_read_only(path: Path) -> bool:
    """Say whether the file is marked read-only for everybody. False where it is missing."""
    try:
        return not path.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH)
    except OSError:
        return False


def no_folder_right(path: Path, what: str, folder: Path) -> TrackerError:
    """Give the error for a folder that we may not write in."""
    return TrackerError(
        f"{path.name} {what}: you may not write in the folder {folder}.\n"
        f"{_KEPT} Ask for the right to write there."
    )


def _no_right(path: Path, what: str) -> TrackerError:
    if what == "cannot be read":
        return TrackerBusyError(
            f"{path.name} {what}: it is locked, or you may not open it.\n"
            f"{_KEPT} Close it wherever it is open, or ask for access to {path.parent}."
        )
    if is_read_only(path):
        return read_only(path, what)
    return TrackerBusyError(
        f"{path.name} {what}: it is open elsewhere, or you may not write to it.\n"
        f"{_KEPT} Close it, or ask for the right to write in {path.parent}."
    )


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # as where the name is too long
        return False


def _there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return False


def _fault(error: OSError) -> _Fault | None:
    """Give the kind of fault; Windows' own number says more than the other one."""
    winerror = getattr(error, "winerror", None)
    for fault in _FAULTS:
        if winerror in fault.windows:
            return fault
    return next((fault for fault in _FAULTS if error.errno in fault.numbers), None)
