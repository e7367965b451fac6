"""The lock files pin everything that the project names, with hashes."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from mfauto import bootstrap

PROJECT = Path(__file__).parent.parent
NAMED = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))


def pinned(lock: str) -> dict[str, Version]:
    text = (PROJECT / lock).read_text(encoding="utf-8")
    return {
        name.lower(): Version(version)
        for name, version in re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", text, re.MULTILINE)
    }


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [
        ("requirements.lock", NAMED["project"]["dependencies"]),
        ("requirements-dev.lock", NAMED["project"]["dependencies"]),
        ("requirements-dev.lock", NAMED["dependency-groups"]["dev"]),
    ],
)
def test_every_dependency_is_pinned_within_its_bounds(lock: str, wanted: list[str]) -> None:
    versions = pinned(lock)
    for line in wanted:
        requirement = Requirement(line)
        assert requirement.specifier, f"{requirement.name} has no bounds"
        assert versions[requirement.name.lower()] in requirement.specifier


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_every_pin_has_hashes_and_no_address(lock: str) -> None:
    text = (PROJECT / lock).read_text(encoding="utf-8")
    blocks = re.split(r"^(?=\S)", text, flags=re.MULTILINE)
    pins = [block for block in blocks if "==" in block.split("\n")[0]]
    assert pins
    assert all("--hash=sha256:" in block for block in pins)
    assert "://" not in text


def test_the_first_start_looks_for_every_package_that_is_named() -> None:
    modules = {"python-dotenv": "dotenv"}
    named = {
        modules.get(one.name, one.name)
        for one in map(Requirement, NAMED["project"]["dependencies"])
        if one.marker is None
    }
    assert named == set(bootstrap.NEEDED)


def test_what_is_installed_is_what_is_tested() -> None:
    tested = pinned("requirements-dev.lock")
    installed = pinned("requirements.lock")
    assert {name: tested.get(name) for name in installed} == installed
