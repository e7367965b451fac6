"""Make docs/licences.md: what mfauto brings along at run time, and under which licence.

`python -m tools.make_licences_page` after the lock has changed, with what it pins installed.
"""

import re
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Final

PROJECT: Final = Path(__file__).parent.parent
LOCK: Final = PROJECT / "requirements.lock"
TARGET: Final = PROJECT / "docs" / "licences.md"
_PIN: Final = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;]+)(?: ; (.+?))? \\$", re.MULTILINE)
_CLASSIFIER: Final = "License :: OSI Approved :: "
#: packages that this computer's system or Python leaves out, so nothing can be asked of them
_ELSEWHERE: Final = {"colorama": "BSD-3-Clause"}
_SHORTER: Final = {
    "MIT License": "MIT",
    "BSD License": "BSD",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Apache Software License": "Apache-2.0",
    "Python Software Foundation License": "PSF-2.0",
}


_TOP: Final = """\
# Licences

mfauto itself is under the MIT licence. This is what it brings along when it runs, by its lock file.
Each version is pinned with its hash, so that nothing else can be installed in its place.

| Package | Version | Licence | Needed |
|---|---|---|---|
"""
_END: Final = """
All are used unchanged. docxtpl (LGPL) and certifi (MPL) ask that you may replace them, and that
changes to them are published; the others, that their licence goes along.

Made by `python -m tools.make_licences_page`.
"""


def page() -> str:
    """Give the page's text. A package pinned twice has a version for newer Pythons as well."""
    direct = _direct()
    versions: dict[str, list[str]] = {}
    for name, version, _ in _PIN.findall(LOCK.read_text(encoding="utf-8")):
        versions.setdefault(name, []).append(version)
    rows = "".join(
        f"| {name} | {' or '.join(several)} | {_licence(name)} | {_needed(name in direct)} |\n"
        for name, several in versions.items()
    )
    return f"{_TOP}{rows}{_END}"


def _needed(directly: bool) -> str:  # noqa: FBT001 - a word for one of two
    return "by mfauto" if directly else "by another package"


def _direct() -> set[str]:
    text = (PROJECT / "pyproject.toml").read_text(encoding="utf-8")
    listed = text.split("dependencies = [", 1)[1].split("\n]", 1)[0]
    return {name.lower() for name in re.findall(r'^\s*"([A-Za-z0-9._-]+)', listed, re.MULTILINE)}


def _licence(name: str) -> str:
    try:
        about = metadata(name)
    except PackageNotFoundError:
        return _ELSEWHERE[name]
    stated = str(about.json.get("license_expression") or "")
    if stated:
        return stated
    found = [
        one.removeprefix(_CLASSIFIER)
        for one in about.json.get("classifier", [])
        if one.startswith(_CLASSIFIER)
    ]
    if found:
        return " or ".join(_SHORTER.get(one, one) for one in found)
    return str(about.json["license"]).splitlines()[0].strip()


if __name__ == "__main__":
    TARGET.write_text(page(), encoding="utf-8")
    print(f"{TARGET} made.")
