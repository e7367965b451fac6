"""Checks of the computer: Python, packages, clock, what stands beside."""

import platform
import sys
import tomllib
from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib import metadata
from typing import Final

from mfauto.bootstrap import PROJECT
from mfauto.calling import call
from mfauto.doctor.requirements import Requirement, bounds_said, requirement, within
from mfauto.doctor.situation import Found, History, Situation, fine, look, unchecked, wrong
from mfauto.schedule import LONDON
from mfauto.wording import moment_words
from mfauto.workdays import FIRST_YEAR, LAST_YEAR

_OLDEST: Final = (3, 11)
_SOME_BITS: Final = 2**32
_SLACK: Final = timedelta(minutes=10)  #: clocks of two computers differ a little


def python(_: Situation) -> Iterator[Found]:
    """Look at the Python that runs this."""
    yield of_python(tuple(sys.version_info[:3]), wide=sys.maxsize > _SOME_BITS)


def of_python(version: tuple[int, ...], *, wide: bool) -> Found:
    """Judge a Python by its version, and by whether it is one of 64 bits."""
    said = f"{'.'.join(map(str, version))}, {64 if wide else 32} bits, {sys.executable}"
    if version < _OLDEST:
        return wrong(f"{said}. mfauto needs 3.11 or newer.", "Install Python from python.org.")
    if not wide:
        return look(
            f"{said}. A large tracker may not fit into its memory.",
            "Install the 64-bit Python from python.org, then install mfauto again.",
        )
    return fine(said)


def packages(_: Situation) -> Iterator[Found]:
    """Look whether each package is there, in a version that mfauto was tested with."""
    wanted = _wanted()
    if not wanted:
        yield unchecked("This copy of mfauto does not say which packages it needs.")
        return
    again = "Install mfauto again: docs/install.md says how."
    bad = False
    for need in wanted:
        try:
            there = metadata.version(need.name)
        except metadata.PackageNotFoundError:
            bad = True
            yield wrong(f"{need.name} is not installed.", again)
            continue
        if not within(there, need):
            bad = True
            yield look(f"{need.name} is {there}; tested is {bounds_said(need)}.", again)
    if not bad:
        yield fine(f"all {len(wanted)} are there, in tested versions")


def _wanted() -> list[Requirement]:
    """Give the packages that mfauto names: in its source, else where it is installed."""
    source = PROJECT / "pyproject.toml"
    if source.is_file():
        project = tomllib.loads(source.read_text(encoding="utf-8"))["project"]
        lines = list(project["dependencies"])
    else:
        try:
            lines = metadata.requires("mfauto") or []
        except metadata.PackageNotFoundError:
            lines = []
    found = (requirement(line, sys.platform) for line in lines)
    return [one for one in found if one is not None]


def clock(situation: Situation) -> Iterator[Found]:
    """Look whether the clock may be right: not behind the history, and London's."""
    now, history = situation.now.astimezone(LONDON), situation.history
    newest = history.newest if isinstance(history, History) else None
    said = f"{moment_words(now)} in London"
    if newest is not None and newest > now + _SLACK:
        yield wrong(
            f"{said}, but the history goes on until {moment_words(newest.astimezone(LONDON))}.",
            "Set this computer's date and time. If they are right, a wrong date stood here. "
            "Then say that what it noted for later days does not count:",
            call("history accept"),
        )
        return
    here = datetime.fromtimestamp(now.timestamp()).astimezone()
    if here.utcoffset() != now.utcoffset():
        yield look(
            f"{said}. This computer goes by another time ({platform.node()}, {here:%H:%M}).",
            "mfauto goes by London time, Task Scheduler and cron by the computer's. "
            "Set the time zone to London.",
        )
        return
    yield fine(said)


def bank_holidays(situation: Situation) -> Iterator[Found]:
    """Look whether the bank holidays of the coming year are known."""
    year = situation.as_at.year
    if year < FIRST_YEAR or year + 1 > LAST_YEAR:
        yield wrong(
            f"England's bank holidays are known from {FIRST_YEAR} to {LAST_YEAR} only.",
            "Install a newer mfauto. Until then due dates may be wrong.",
        )
    else:
        yield fine(f"England's are known until {LAST_YEAR}")


def libreoffice(_: Situation) -> Iterator[Found]:
    """Look for LibreOffice, which only --pdf needs."""
    from mfauto.pdf import program  # noqa: PLC0415 - only where it is looked for

    found = program()
    if found is None:
        yield fine("not installed; only the option --pdf needs it")
    else:
        yield fine(f"{found}, for the option --pdf")
