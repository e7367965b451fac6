"""Folders of many trackers: alike in what they hold, and each a file of its own."""

import shutil
import zipfile
from datetime import date
from pathlib import Path
from typing import Final

from benchmarks.trackers import a_tracker
from mfauto.many import Task
from mfauto.settings import Settings

TRACKERS: Final = 153  #: as many as there are councils in England
_AS_AT: Final = date(2026, 2, 2)


def trackers(folder: Path, number: int, cases: int) -> Path:
    """Make a folder of so many trackers."""
    folder.mkdir()
    first = a_tracker(folder / "0.xlsx", cases)
    for place in range(1, number):
        other = folder / f"{place}.xlsx"
        shutil.copyfile(first, other)
        with zipfile.ZipFile(other, "a") as file:
            file.comment = str(place).encode()  # files of the same bytes would count once
    return folder


def a_task(path: Path) -> Task:
    """Give the work on one tracker."""
    settings = Settings(folder=path.parent)
    month = _AS_AT.replace(day=1) - date.resolution
    return Task(name=path.stem, path=path, settings=settings, as_at=_AS_AT, month=month)
