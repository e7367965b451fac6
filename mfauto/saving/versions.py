"""A new version of a document: in the place of the old one, or beside it where a person changed it.

Files are told apart by their hashes alone, so what somebody typed into one shows at once.
"""

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from mfauto.saving.reading import sha256
from mfauto.saving.refusals import refused


def as_made(path: Path, ours: Collection[str]) -> bool:
    """Say whether a file is still as this program made it, of which `ours` are all hashes.

    Raises:
        OSError: it cannot be read.

    """
    return sha256(path) in ours


@dataclass(frozen=True, slots=True)
class Versions:
    """Where new versions go: never over a file that a person has changed or put there."""

    ours: frozenset[str]  #: hashes of all that this program has made
    mark: str  #: what the name of a version beside another says, such as "7 December 2026"

    def place(self, target: Path, made: bytes) -> Path:
        """Give the target; where it is no longer ours, the first name beside it that is free.

        A file that holds the bytes `made` already may stay: nobody loses anything.

        Raises:
            TrackerError: what is there cannot be read, so nobody can tell whose it is.

        """
        fine = {*self.ours, hashlib.sha256(made).hexdigest()}
        for path in self._names(target):
            try:
                if as_made(path, fine):
                    break
            except (FileNotFoundError, NotADirectoryError):
                break
            except OSError as error:
                raise refused(path, "cannot be read", error) from error
        return path

    def _names(self, target: Path) -> Iterator[Path]:
        """Give the target, "MF-051 (7 December 2026).docx", "MF-051 (7 December 2026, 2).docx" ...

        No Case ref makes such a name: what is no plain name gets none with brackets.
        """
        yield target
        stem = target.stem.removesuffix(f" ({self.mark})")
        yield target.with_name(f"{stem} ({self.mark}){target.suffix}")
        for number in count(2):
            yield target.with_name(f"{stem} ({self.mark}, {number}){target.suffix}")
