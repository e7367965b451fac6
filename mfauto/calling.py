"""How mfauto is started here: as messages tell a person, and as files tell the system."""

import os
import sys
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Final

from mfauto.bootstrap import PROJECT

_RUN: Final = "run.py"
_ANYWHERE: Final = ("explain", "rules")  # they say the same in every folder
#: the settings file that a person named; None: the one of their folder
_config: ContextVar[Path | None] = ContextVar("config", default=None)


def program() -> tuple[str, ...]:
    """Give what Python is told so that it starts mfauto, before the command.

    Where mfauto is installed, -P keeps a file of the working folder from being taken for a
    part of the program.
    """
    run = PROJECT / _RUN
    return (str(run),) if run.is_file() else ("-P", "-m", "mfauto")


def goes_by(config: Path | None) -> None:
    """Take note of the settings file that a person named, so that what to type next names it."""
    _config.set(config)


def call(command: str, folder: Path | None = None) -> str:
    """Give what a person types for a command, such as "mfauto check".

    `folder` is where they type it; the current one unless given.
    """
    if folder is not None:
        return f"{_start(str(folder))} {command}"
    return f"{_start(_here())} {_with_settings(command)}"


def _with_settings(command: str) -> str:
    """Give the command for a person who named their settings: elsewhere it would not find them."""
    config, name = _config.get(), command.partition(" ")[0]
    if command == "init" and (config is not None or is_own(Path(_here()))):
        return f'init "{config.parent if config else Path("..", "Moving Forward")}"'
    if config is None or name in ("init", *_ANYWHERE) or "--config" in command:
        return command
    return f'{command} --config "{config}"'


def is_own(folder: Path) -> bool:
    """Say whether a folder is the program's own, where nobody works."""
    return folder == PROJECT and (PROJECT / _RUN).is_file()


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
