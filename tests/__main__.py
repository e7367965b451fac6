"""Runs everything: lint, types and tests. `python -m tests` sets up what it needs first."""

import subprocess
import sys
from typing import Final

from mfauto import bootstrap

CHECKS = (
    ("lint", ["-m", "ruff", "check", "--quiet", "."]),
    ("layout", ["-m", "ruff", "format", "--check", "--quiet", "."]),
    ("types", ["-m", "mypy"]),
    ("tests", ["-m", "pytest", "-q"]),
)
#: all of them on every core; a file's own tests stay together, as they share what they start from
SPREAD: Final = ["-n", "auto", "--dist", "loadfile"]


def main() -> int:
    if not bootstrap.ready(bootstrap.DEVELOPING) and not bootstrap.inside():
        return bootstrap.hand_over(["-m", "tests", *sys.argv[1:]], lock="requirements-dev.lock")
    failed = []
    for name, command in CHECKS:
        more = (sys.argv[1:] or SPREAD) if name == "tests" else []
        if subprocess.run([sys.executable, *command, *more], check=False).returncode:
            failed.append(name)
    if failed:
        sys.stderr.write(f"Failed: {', '.join(failed)}.\n")
    return len(failed)


if __name__ == "__main__":
    sys.exit(main())
