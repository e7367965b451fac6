"""The paths that callers give: text or a path object, of something that may be read or written."""

import os
import stat
from pathlib import Path

from mfauto import saving
from mfauto.errors import TrackerError

Given = str | os.PathLike[str]


def as_path(given: Given) -> Path:
    """Return the path; refuse what can be none, such as one with a NUL in it."""
    if not isinstance(given, str | os.PathLike):
        raise TrackerError(
            f"The path of a workbook is text or a path object, and a {type(given).__name__} "
            "is neither.\nNothing was opened. Give its path."
        )
    path = os.fspath(given)
    if not isinstance(path, str) or "\0" in path or not _encodes(path):
        raise TrackerError(
            f"{path!r:.200} cannot be the path of a file.\nNothing was opened. Correct it."
        )
    return Path(path)


def as_target(given: Given) -> Path:
    """Return the path of a file that may be written or replaced; links followed.

    A device, a pipe or a socket would be lost, and whoever listens to it with it.
    """
    path = as_path(given)
    try:
        kind = path.stat().st_mode
        path = path.resolve()  # a link stays a link
    except FileNotFoundError:
        return path.resolve()
    except OSError as error:
        raise saving.refused(path, "cannot be written", error) from error
    if not stat.S_ISREG(kind) and not stat.S_ISDIR(kind):
        raise TrackerError(
            f"{path} cannot be written: it is no ordinary file, but a device or a pipe.\n"
            "Nothing was changed. Choose another name."
        )
    return path


def _encodes(path: str) -> bool:
    try:
        os.fsencode(path)
    except UnicodeEncodeError:
        return False
    return True
