"""A hold asked for while a run is at work: that run has the history, and must hear of it.

The request is a file in the working folder. The run looks for it before each email, stops, and
notes the hold as it ends; where no run is at work any more, the next one does.
"""

from contextlib import suppress
from pathlib import Path
from typing import Final

REQUEST: Final = "mfauto-hold"


def ask_to_hold(folder: Path) -> None:
    """Ask the run that is at work to send nothing more. OSError where that cannot be written."""
    (folder / REQUEST).write_bytes(b"")


def asked_to_hold(folder: Path) -> bool:
    """Say whether somebody has asked, and no run has noted it yet."""
    with suppress(OSError):  # where the folder cannot be looked into, nothing can be sent either
        return (folder / REQUEST).exists()
    return False


def heard(folder: Path) -> None:
    """Take the request away, once the hold is noted; what cannot be is asked again."""
    with suppress(OSError):
        (folder / REQUEST).unlink(missing_ok=True)
