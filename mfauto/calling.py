"""How mfauto is started here: as messages tell a person, and as files tell the system."""

import os
import sys
from functools import cache
from pathlib import Path
from typing import Final

from mfauto.bootstrap import PROJECT

_RUN: Final = "run.py"


def program() -> tuple[str, ...]:
    """Give what Python is told so that it starts mfauto, before the command.

    Where mfauto is installed, -P keeps a file of the working folder from being taken for a
    part of the program.
    """
    run = PROJECT / _RUN
    return (str(run),) if run.is_file() else ("-P", "-m", "mfauto")


def call(command: str, folder: Path | None = None) -> str:
    """Give what a person types for a command, such as "mfauto check".

    `folder` is where they type it; the current one unless given.
    """
    return f"{_start(_here() if folder is None else str(folder))} {command}"


def _here() -> str:
    try:
        return os.getcwd()  # noqa: PTH109 - a folder that is gone is no reason to stop
    except OSError:
        return ""


@cache
def _start(here: str) -> str:
    run = PROJECT / _RUN
    if run.is_file():
        return f"python {_RUN}" if Path(here) == PROJECT else f'python "{run}"'
    import shutil  # noqa: PLC0415 - slow, and only a message needs it

    if shutil.which("mfauto"):
        return "mfauto"
    python = f'"{sys.executable}"' if " " in sys.executable else sys.executable
    return " ".join([python, *program()])
