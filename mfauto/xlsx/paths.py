"""The paths that callers give: text or a path object, of something that may be read or written."""

import os
from pathlib import Path

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


def _encodes(path: str) -> bool:
    try:
        os.fsencode(path)
    except UnicodeEncodeError:
        return False
    return True
