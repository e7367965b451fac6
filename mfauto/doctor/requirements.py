"""A package that is needed, with its bounds, such as "pandas>=2.3,<4".

Only what this project writes is understood: >=, <, ==, and a marker for Windows.
"""

import re
from dataclasses import dataclass
from typing import Final

_LINE: Final = re.compile(r"(?P<name>[A-Za-z0-9._-]+)(?P<bounds>[^;]*)(?:;(?P<marker>.*))?")
_BOUND: Final = re.compile(r"(>=|<=|==|<|>)\s*(\d+(?:\.\d+)*)")
_WINDOWS: Final = re.compile(r"""sys_platform\s*==\s*["']win32["']""")
_LENGTH: Final = 6  # numbers of a version that are compared


@dataclass(frozen=True, slots=True)
class Requirement:
    """A package and the bounds of its version."""

    name: str
    bounds: tuple[tuple[str, str], ...]  #: such as (">=", "2.3")


def requirement(line: str, platform: str) -> Requirement | None:
    """Read a line; None where it is for other systems than `platform` (Python's name)."""
    found = _LINE.fullmatch(line.strip())
    if found is None:
        return None
    marker = found["marker"] or ""
    if marker and not (_WINDOWS.search(marker) and platform == "win32"):
        return None
    return Requirement(found["name"], tuple(_BOUND.findall(found["bounds"])))


def within(version: str, needed: Requirement) -> bool:
    """Say whether an installed version lies within the bounds. Letters behind it do not count."""
    there = _numbers(version)
    for sign, text in needed.bounds:
        bound = _numbers(text)
        if not {
            ">=": there >= bound,
            "<=": there <= bound,
            "==": there == bound,
            "<": there < bound,
            ">": there > bound,
        }[sign]:
            return False
    return True


def bounds_said(needed: Requirement) -> str:
    """Give the bounds as a person reads them."""
    words = {">=": "from", "<": "below", "==": "exactly", "<=": "up to", ">": "above"}
    return ", ".join(f"{words[sign]} {text}" for sign, text in sorted(needed.bounds, reverse=True))


def _numbers(version: str) -> tuple[int, ...]:
    release = re.match(r"\d+(?:\.\d+)*", version)
    parts = [int(part) for part in release[0].split(".")] if release else []
    return tuple((parts + [0] * _LENGTH)[:_LENGTH])
