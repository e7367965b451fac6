"""The first start on a machine: a virtual environment with everything pinned.

Standard library only. Nothing is installed into the Python that runs this;
everything goes into `.venv` beside `run.py`, from the lock file, hashes checked.
"""

import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Final

PROJECT: Final = Path(__file__).parent.parent
ENVIRONMENT: Final = PROJECT / ".venv"
NEEDED: Final = (
    "docxtpl",
    "dotenv",
    "icalendar",
    "jinja2",
    "msal",
    "openpyxl",
    "pandas",
    "rapidfuzz",
    "requests",
    "schedule",
    "tomlkit",
)
DEVELOPING: Final = ("aiosmtpd", "hypothesis", "mypy", "pytest", "ruff", "sphinx", "xdist")
_ALL: Final = "requirements-dev.lock"  #: holds the packages of the other one, and more
_OLDEST: Final = (3, 11)
_STOPPED: Final = 128  #: of a process that a signal ended, the exit code is this and the signal


def ready(modules: tuple[str, ...] = NEEDED) -> bool:
    """Say whether this Python has everything."""
    return all(find_spec(module) is not None for module in modules)


def inside() -> bool:
    """Say whether this Python is the one of `.venv`."""
    return Path(sys.prefix).resolve() == ENVIRONMENT.resolve()


def _stamp(lock: str) -> Path:
    """Give the file that says which state of a lock file was installed."""
    return ENVIRONMENT / f"{lock}.installed"


def _installed(lock: str) -> bool:
    stamp = _stamp(lock)
    return stamp.exists() and stamp.read_bytes() == (PROJECT / lock).read_bytes()


def hand_over(script: list[str], lock: str = "requirements.lock") -> int:
    """Set up `.venv` where it is missing or out of date, and run `script` with its Python."""
    import subprocess  # noqa: PLC0415 - slow to import, and only the first start needs them
    import venv  # noqa: PLC0415

    if sys.version_info < _OLDEST:
        print("mfauto needs Python 3.11 or newer. Install it from python.org.", file=sys.stderr)
        return 2
    python = ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists() or not any(_installed(one) for one in {lock, _ALL}):
        print("Setting up, once. This takes about a minute.", file=sys.stderr, flush=True)
        try:
            venv.create(ENVIRONMENT, with_pip=True, symlinks=os.name != "nt")
        except OSError as error:
            print(
                f"{ENVIRONMENT} cannot be set up ({error.strerror or error}).\n"
                "Close whatever else runs mfauto, and check the rights on this folder. "
                "Then try again.",
                file=sys.stderr,
            )
            return 1
        install = [str(python), "-m", "pip", "install", "--quiet", "--require-hashes"]
        quiet = ["--disable-pip-version-check", "--no-input"]
        made = subprocess.run([*install, *quiet, "--requirement", str(PROJECT / lock)], check=False)
        if made.returncode:
            print(
                "The set-up did not finish. Check the internet connection, then try again. "
                "docs/install.md says how to install without internet.",
                file=sys.stderr,
            )
            return 1
        _stamp(lock).write_bytes((PROJECT / lock).read_bytes())
    with subprocess.Popen([str(python), *script]) as process:
        while True:
            try:
                code = process.wait()
            except KeyboardInterrupt:
                continue  # Ctrl+C goes to the process as well: it ends, and says how
            return code if code >= 0 else _STOPPED - code
