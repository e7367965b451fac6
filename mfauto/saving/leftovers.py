"""The product's own files beside others, and what a stopped run left of them.

A copy of the tracker that stays behind is personal data nobody looks after. The
name of each such file says which computer and which process made it, so that one
that is certainly left over is told from one of a run at work.
"""

import functools
import hashlib
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from mfauto.patterns import pattern
from mfauto.records import record

_NAME: Final = pattern(
    r"\.mfauto-(?P<host>[0-9a-f]{4})-(?P<process>\d{1,10})-(?P<mark>[0-9a-f]{10})"
    r"\.(?P<kind>tmp|swap|spare)(?:-(?P<target>.+))?"
)
#: a document written in one go, by whoever: no more is known of it
_QUICK: Final = pattern(r"\.mfauto-(?P<mark>[0-9a-f]{16})\.tmp")
_OLD: Final = 86_400  #: seconds; no run takes a day
_MARK: Final = 10  #: characters of a hash

_in_use: set[str] = set()  #: names that this process is at work on


@record(kw_only=False)
class Leftover:
    """A file that a stopped run left behind."""

    path: Path
    kind: str  #: tmp: on its way, perhaps half of it; swap, spare: whole, new or old
    mark: str  #: start of the hash of what that run wanted to put in place; of a tmp: chance
    target: str | None  #: name of the file that was to be replaced; None for a tmp


def own_name(kind: str, mark: str = "", target: str = "") -> str:
    """Give the name of a file of this process, and take it into use until `released`."""
    mark = mark[:_MARK] or os.urandom(_MARK // 2).hex()
    name = f".mfauto-{_host()}-{os.getpid()}-{mark}.{kind}" + (f"-{target}" if target else "")
    _in_use.add(name)
    return name


def released(*paths: Path) -> None:
    """Say that this process has done with them: what is still there is left over."""
    _in_use.difference_update(path.name for path in paths)


def leftovers(folder: Path, now: float | None = None) -> Iterator[Leftover]:
    """Give what stopped runs left in `folder`; nothing of a run that may be at work.

    With `now`, in seconds since 1970, what is older than a day counts wherever it was made.
    """
    try:
        files = sorted(folder.iterdir())
    except OSError:
        return
    for path in files:
        if (quick := _QUICK.fullmatch(path.name)) and _is_old(path, now):
            yield Leftover(path, "tmp", quick["mark"], None)
        found = _NAME.fullmatch(path.name)
        if found is None or path.name in _in_use:
            continue
        if _is_ours(found["host"], int(found["process"])) or _is_old(path, now):
            yield Leftover(path, found["kind"], found["mark"], found["target"])


def remove_unfinished(folder: Path, now: float | None = None) -> None:
    """Remove files that a stopped run had only begun to write."""
    for leftover in leftovers(folder, now):
        if leftover.kind == "tmp":
            with suppress(OSError):
                leftover.path.unlink(missing_ok=True)


def _is_ours(host: str, process: int) -> bool:
    """Say whether it was made on this computer, by a process that is gone."""
    return host == _host() and (process == os.getpid() or not running(process))


def _is_old(path: Path, now: float | None) -> bool:
    with suppress(OSError):
        return now is not None and now - path.stat().st_mtime > _OLD
    return False


def computer_name() -> str:
    """Give this computer's name, as Windows or the network knows it."""
    return os.uname().nodename if hasattr(os, "uname") else os.environ.get("COMPUTERNAME", "")


@functools.cache
def _host() -> str:
    return hashlib.sha256(computer_name().encode()).hexdigest()[:4]


if sys.platform == "win32":
    _SYNCHRONIZE: Final = 0x00100000
    _STILL_THERE: Final = 258  #: WAIT_TIMEOUT: it has not ended
    _NO_SUCH: Final = 87  #: ERROR_INVALID_PARAMETER: there is no process of that number

    def running(process: int) -> bool:
        """Say whether a process is alive; `os.kill` would end it."""
        import ctypes  # noqa: PLC0415 - slow to import, and seldom needed

        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        handle = kernel.OpenProcess(_SYNCHRONIZE, False, process)  # noqa: FBT003 - Windows' own
        if not handle:
            return ctypes.get_last_error() != _NO_SUCH
        try:
            return bool(kernel.WaitForSingleObject(handle, 0) == _STILL_THERE)
        finally:
            kernel.CloseHandle(handle)
else:

    def running(process: int) -> bool:
        """Say whether a process is alive."""
        try:
            os.kill(process, 0)
        except (ProcessLookupError, OverflowError):
            return False
        except PermissionError:
            return True
        return True
