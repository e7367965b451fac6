"""Two files trade places in one step, so that what stood there before can still be looked at.

On Linux the kernel does it; on Windows `ReplaceFileW`, which also keeps the access
rights of the file that is replaced. Where neither can, None says so.
"""

import errno
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from mfauto.saving.patience import patiently

#: Windows: neither file has moved
UNABLE_TO_REMOVE_REPLACED: Final = 1175
UNABLE_TO_MOVE_REPLACEMENT: Final = 1176
#: Windows: the old file has its spare name already, and nothing has the target's
UNABLE_TO_MOVE_REPLACEMENT_2: Final = 1177

#: replaces the target by the new file, keeps the old one as the spare; 0, or Windows' error
Replace = Callable[[Path, Path, Path], int]


def trade_by_replacing(
    made: Path, target: Path, spare: Path, replace: Replace, seconds: float = 0.0
) -> None:
    """Put `made` in the place of `target`, which becomes `spare`; try for `seconds`.

    Another program, such as a virus scanner, may hold one of them for a moment.

    Raises:
        OSError: it could not be done. The target stands as it was, but where the old
            file could not be given its name back: then it stands as `spare`, and is named.

    """
    patiently(lambda: _replaced(made, target, spare, replace), seconds)


def _replaced(made: Path, target: Path, spare: Path, replace: Replace) -> None:
    failure = replace(target, made, spare)
    if failure == UNABLE_TO_MOVE_REPLACEMENT_2 or (failure and not target.exists()):
        _put_back(spare, target)
    if failure:
        raise _windows_error(failure, target)


def _put_back(spare: Path, target: Path) -> None:
    try:
        if not target.exists():
            spare.rename(target)
    except OSError as error:
        raise StrandedError(spare, target) from error


class StrandedError(OSError):
    """The target's contents stand under another name now."""

    def __init__(self, spare: Path, target: Path) -> None:
        super().__init__(errno.EPERM, "it could not be given its name back")
        self.spare = spare
        self.target = target


def _windows_error(number: int, target: Path) -> OSError:
    """Give the error of that number; elsewhere than on Windows it carries its number all the same.

    Only Windows fills in `winerror` by itself.
    """
    error = OSError(errno.EBUSY, f"Windows error {number}", str(target))
    if sys.platform == "win32":
        error = OSError(errno.EBUSY, f"Windows error {number}", str(target), number)
    return error


if sys.platform == "win32":
    _SECONDS: Final = 2.0  #: how long another program may hold a file

    def traded(made: Path, target: Path, spare: Path) -> Path | None:
        """Let the new file take the target's place and access rights; give where the old one is."""
        trade_by_replacing(made, target, spare, _replace, _SECONDS)
        return spare

    def _replace(target: Path, made: Path, spare: Path) -> int:
        import ctypes  # noqa: PLC0415 - slow to import, and only needed to write

        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        done = kernel.ReplaceFileW(str(target), str(made), str(spare), 0, None, None)
        return 0 if done else ctypes.get_last_error()

    def flush_folder(folder: Path) -> None:
        """Windows keeps its folders in order by itself."""

else:
    _HERE: Final = -100  #: AT_FDCWD: names count from the working folder
    _EXCHANGE: Final = 2  #: RENAME_EXCHANGE
    _CANNOT: Final = frozenset({errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP})

    def traded(made: Path, target: Path, spare: Path) -> Path | None:  # noqa: ARG001 - Windows needs it
        """Let the two trade places; give where the old one is, None where this drive cannot."""
        import ctypes  # noqa: PLC0415 - slow to import, and only needed to write

        renameat2 = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
        if renameat2 is None:
            return None
        names = os.fsencode(made), os.fsencode(target)
        if renameat2(_HERE, names[0], _HERE, names[1], _EXCHANGE) == 0:
            return made
        number = ctypes.get_errno()
        if number in _CANNOT:
            return None
        raise OSError(number, os.strerror(number), str(target))

    def flush_folder(folder: Path) -> None:
        """Make the new name last through a power cut."""
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
