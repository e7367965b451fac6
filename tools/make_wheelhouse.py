"""Makes a folder that installs mfauto on a computer without internet, and without admin rights.

It holds every package as a wheel, checked by the hashes of `requirements.lock`, mfauto's own
wheel, the pages of `docs`, and what installs them: `install.cmd` for Windows, `install.sh` for
Linux. Needs pip and the internet, or a mirror that pip is told of; nothing else.
"""

import argparse
import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

PROJECT: Final = Path(__file__).parent.parent
WINDOWS: Final = "win_amd64"
VERSIONS: Final = ("3.11", "3.12", "3.13")
LOCK: Final = "requirements.lock"
OWN_LOCK: Final = "mfauto.lock"
WHEELS: Final = "wheels"
_PINNED: Final = re.compile(r"^(\S+==\S+)(?: *; *(.+?))? *\\?$")
_MARKER: Final = re.compile(r"(\w+) *(<|>=|==|!=) *'([^']+)'")
_CPYTHON: Final = {"platform_python_implementation": "CPython", "implementation_name": "cpython"}


def pins(lock: str, version: str, system: str) -> str:
    """Give the lock's packages for one Python ("3.12") and system ("win32"), without markers.

    pip would go by the Python and the system that it runs on itself.
    """
    kept: list[str] = []
    wanted = True
    for line in lock.splitlines():
        found = _PINNED.match(line)
        if found:
            wanted = not found[2] or _holds(found[2], version, system)
            line = f"{found[1]} \\"  # noqa: PLW2901 - the same line without its marker
        if wanted and line.strip() and not line.lstrip().startswith("#"):
            kept.append(line)
    return "\n".join(kept) + "\n"


def _holds(marker: str, version: str, system: str) -> bool:
    """Say whether a marker holds; only those that the lock has are understood."""
    return all(_one_holds(one, version, system) for one in marker.split(" and "))


def _one_holds(marker: str, version: str, system: str) -> bool:
    found = _MARKER.fullmatch(marker.strip())
    facts = {**_CPYTHON, "sys_platform": system}
    if found is None or found[1] not in {*facts, "python_full_version"}:
        sys.exit(f"{LOCK} has a marker that is not understood here: {marker}")
    name, sign, bound = found.groups()
    if name in facts:
        return (facts[name] == bound) is (sign == "==")
    own, limit = (tuple(map(int, text.split("."))) for text in (version, bound))
    return {"<": own < limit, ">=": own >= limit, "==": own == limit, "!=": own != limit}[sign]


def make(target: Path, platform: str | None, versions: Sequence[str]) -> None:
    """Make the folder; `platform` None: for computers like this one."""
    wheels = target / WHEELS
    wheels.mkdir(parents=True)
    lock = (PROJECT / LOCK).read_text(encoding="utf-8")
    for version in versions:
        _download(lock, wheels, platform, version)
    own = _own_wheel(wheels)
    digest = hashlib.sha256(own.read_bytes()).hexdigest()
    name, number = own.name.split("-")[:2]
    (target / LOCK).write_text(lock, encoding="utf-8")
    (target / OWN_LOCK).write_text(
        f"{name}=={number} --hash=sha256:{digest}\n", encoding="utf-8", newline="\n"
    )
    for page in (*PROJECT.glob("*.md"), PROJECT / "LICENSE"):
        shutil.copyfile(page, target / page.name)
    shutil.copytree(PROJECT / "docs", target / "docs")
    scripts = Path(__file__).parent / "installing"
    text = (scripts / "install.cmd").read_text(encoding="utf-8")
    (target / "install.cmd").write_text(text, encoding="utf-8", newline="\r\n")
    shutil.copyfile(scripts / "install.sh", target / "install.sh")
    (target / "install.sh").chmod(0o755)


def _download(lock: str, wheels: Path, platform: str | None, version: str) -> None:
    system = "win32" if platform == WINDOWS else sys.platform
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--only-binary=:all:"]
    command += ["--no-deps", "--require-hashes", "--dest", str(wheels)]
    if platform is not None:
        command += ["--platform", platform, "--implementation", "cp"]
        command += ["--python-version", version]
    with tempfile.TemporaryDirectory() as folder:
        named = Path(folder) / LOCK
        named.write_text(pins(lock, version, system), encoding="utf-8")
        subprocess.run([*command, "--requirement", str(named)], check=True)  # noqa: S603


def _own_wheel(wheels: Path) -> Path:
    """Build mfauto's wheel from a copy, so that nothing is left among the sources."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "mfauto"
        source.mkdir()
        for name in ("pyproject.toml", "setup.py", "README.md", "LICENSE"):
            shutil.copyfile(PROJECT / name, source / name)
        for name in ("mfauto", "templates"):
            shutil.copytree(
                PROJECT / name, source / name, ignore=shutil.ignore_patterns("__pycache__", "~$*")
            )
        command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"]
        subprocess.run([*command, "--wheel-dir", str(wheels), str(source)], check=True)  # noqa: S603
    return next(wheels.glob("mfauto-*.whl"))


def parser() -> argparse.ArgumentParser:
    """Give the reader of the arguments."""
    made = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    made.add_argument("target", type=Path, nargs="?", default=PROJECT / "build" / "wheelhouse")
    made.add_argument("--here", action="store_true", help="for computers like this one")
    made.add_argument("--python", nargs="+", default=VERSIONS, metavar="VERSION")
    return made


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the arguments and make the folder."""
    asked = parser().parse_args(arguments)
    if asked.target.exists():
        sys.exit(f"{asked.target} is there already. Name a new folder, or move it away.")
    if asked.here:
        make(asked.target, None, [f"{sys.version_info.major}.{sys.version_info.minor}"])
    else:
        make(asked.target, WINDOWS, asked.python)
    print(f"Made in {asked.target}: copy the whole folder, and start install.cmd there.")


if __name__ == "__main__":
    main()
