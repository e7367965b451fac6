"""A hold asked for while a run is at work: that run has the history, and must hear of it.

The request is a file in the working folder. The run looks for it before each email, stops, and
notes the hold as it ends; where no run is at work any more, the next one does.
"""

from pathlib import Path
from typing import Final

REQUEST: Final = "mfauto-hold"


def ask_to_hold(folder: Path) -> None:
    """Ask the run that is at work to send nothing more. OSError where that cannot be written."""
    (folder / REQUEST).write_bytes(b"")


def asked_to_hold(folder: Path) -> bool:
    """Say whether somebody has asked, and no run has noted it yet."""
    return (folder / REQUEST).exists()


def heard(folder: Path) -> None:
    """Take the request away, once the hold is noted."""
    (folder / REQUEST).unlink(missing_ok=True)
