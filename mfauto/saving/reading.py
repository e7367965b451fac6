"""A file read whole, and its hash."""

import hashlib
from pathlib import Path

from mfauto.errors import TrackerError
from mfauto.saving.patience import patiently
from mfauto.saving.refusals import refused


def read_whole(path: Path, largest: int, seconds: float = 0.0) -> bytes:
    """Read the file's bytes; wait up to `seconds` where it is missing or locked for a moment.

    Raises:
        TrackerError: it is larger than `largest` bytes, or cannot be read.

    """

    def attempt() -> bytes:
        size = path.stat().st_size
        if size > largest:
            raise TrackerError(
                f"{path.name} is {size / 1_000_000:,.0f} MB large, far more than a tracker needs.\n"
                "It was not opened. Check that it is the right file."
            )
        return path.read_bytes()

    try:
        return patiently(attempt, seconds)
    except OSError as error:
        raise refused(path, "cannot be read", error) from error


def followed(path: Path) -> Path:
    """Give the file itself where `path` is a link to it, so that the link stays a link."""
    try:
        return path.resolve() if path.is_symlink() else path
    except OSError:
        return path  # what stands in the way shows again when it is read


def sha256(path: Path) -> str:
    """Hash of the file's bytes as they are now."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
