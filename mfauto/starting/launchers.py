"""Files that start mfauto on Windows by a double click, without a terminal.

The working folder is the one the file stands in, wherever that is moved to. Lines end as
Windows has them, and the text is UTF-8, which `chcp 65001` tells Windows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

from mfauto.calling import program

#: where `install.cmd` puts mfauto, for a folder that was made on another computer
INSTALLED: Final = r"%USERPROFILE%\mfauto-program\Scripts\python.exe"
#: an exit code in words; a sentence may hold no sign that Windows would act on
_ENDED: Final[Mapping[int, str]] = {
    0: "Finished. All is done.",
    1: "Something went wrong. Send mfauto.log to whoever looks after mfauto.",
    2: "Stopped: something has to be put right first. It is named above.",
    3: "Finished. Some things are overdue or have to be put right: see above.",
    4: "The tracker could not be used. What to do is said above. The tracker is unharmed.",
    5: "Finished, but some emails could not be delivered: see above.",
    9009: "Python was not found. Run install.cmd once more, then try again.",
}


@dataclass(frozen=True, slots=True)
class Launcher:
    """One file to double-click."""

    name: str
    does: str  #: what it says while it works
    command: tuple[str, ...]  #: what mfauto is told


def all_launchers(*, preview: bool) -> tuple[Launcher, ...]:
    """Give each launcher; where `preview`, `remind` has --preview."""
    look = "--preview" if preview else "--dry-run"
    return (
        Launcher("Check the tracker.cmd", "Checking the tracker", ("check",)),
        Launcher(
            "Preview this week's emails.cmd",
            "Looking at the emails of this week. Nothing is sent",
            ("remind", look),
        ),
        Launcher("Run now.cmd", "Doing what is due now", ("run",)),
        Launcher("Is everything set up.cmd", "Looking whether everything is set up", ("doctor",)),
    )


def launchers(python: PurePath, *, preview: bool) -> dict[str, bytes]:
    """Give the files by name. `python` is the Python that has mfauto."""
    return {
        one.name: _text(one, python).replace("\n", "\r\n").encode()
        for one in all_launchers(preview=preview)
    }


def _text(launcher: Launcher, python: PurePath) -> str:
    start = " ".join(_argument(part) for part in (*program(), *launcher.command))
    ended = "\n".join(f'if "%CODE%"=="{code}" echo {said}' for code, said in _ENDED.items())
    return f"""\
@echo off
chcp 65001 >nul
setlocal EnableExtensions DisableDelayedExpansion
rem Made by mfauto init. Deleting it does no harm; init makes it again.
title mfauto
set "PYTHONUTF8=1"
set "PYTHON={_escaped(str(python))}"
if not exist "%PYTHON%" set "PYTHON={INSTALLED}"
pushd "%~dp0"
if errorlevel 1 goto lost
echo {launcher.does}. Please wait.
echo.
if not exist "%PYTHON%" goto other
"%PYTHON%" {start}
set "CODE=%ERRORLEVEL%"
goto ended

:other
py -3 {start}
set "CODE=%ERRORLEVEL%"
goto ended

:lost
echo The folder of this file cannot be reached. Check the drive and the network.
pause
exit /b 2

:ended
popd
echo.
{ended}
pause
exit /b %CODE%
"""


def _argument(part: str) -> str:
    """Give one argument as Windows reads it; only paths hold what needs care."""
    plain = part.replace("-", "").isalnum()
    return part if plain else f'"{_escaped(part)}"'


def _escaped(path: str) -> str:
    """Give a path as a batch file has it: a % would begin a variable."""
    return path.replace("%", "%%")
