"""Waiting a little while, and no longer, for what passes by itself.

Excel saves by deleting and renaming: for a moment the file is missing, or locked.
Times are seconds.
"""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, TypeVar

from mfauto.saving.locks import lock_holder
from mfauto.saving.refusals import passing

_FIRST: Final = 0.05  #: seconds; each pause is twice the one before
_Got = TypeVar("_Got")


def pauses(seconds: float) -> Iterator[float]:
    """Give pauses, each longer than the one before, that last `seconds` together."""
    pause = _FIRST
    while seconds > 0:
        pause = min(pause, seconds)
        yield pause
        seconds -= pause
        pause *= 2


def patiently(attempt: Callable[[], _Got], seconds: float) -> _Got:
    """Attempt it, and again for `seconds` while what stands in the way may pass.

    Raises:
        OSError: what still stood in the way at the last attempt.

    """
    for pause in pauses(seconds):
        try:
            return attempt()
        except OSError as error:
            if not passing(error):
                raise
            time.sleep(pause)
    return attempt()


def holder_after(path: Path, seconds: float) -> str | None:
    """Who still has the workbook open after `seconds`; None as soon as nobody has."""
    for pause in pauses(seconds):
        if lock_holder(path) is None:
            return None
        time.sleep(pause)
    return lock_holder(path)
