"""The same at the system's own calls, those of SQLite and of Python itself among them.

strace makes the n-th call end the process or fail. It takes minutes and needs strace, so
it runs with `MFAUTO_LONG=1` only; `test_survival` meets the calls in every run of the suite.
"""

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pytest

from tests.saving.meddling import PROJECT, TRACKER
from tests.saving.test_survival import CALM, FLAG, a_working_folder, nothing_is_left_behind

pytestmark = pytest.mark.skipif(
    not os.environ.get("MFAUTO_LONG"), reason="takes minutes: set MFAUTO_LONG=1"
)

#: every call that makes, changes, moves, flushes or removes a file, and opening
CALLS: Final = (
    "openat,write,pwrite64,writev,pwritev,fsync,fdatasync,ftruncate,truncate,fallocate,rename,"
    "renameat,renameat2,link,linkat,symlink,symlinkat,unlink,unlinkat,rmdir,mkdir,mkdirat,"
    "chmod,fchmod,fchmodat,flock"
)
Calls = Sequence[tuple[str, int]]  #: name, and number from 1 among those of that name
_LINE: Final = re.compile(r"(?:\[pid +\d+\] )?(\w+)\((.*)")


def traced(folder: Path, log: Path, *inject: str) -> subprocess.CompletedProcess[str]:
    command = ["strace", "-qq", "-y", "-s", "0", "-o", str(log), "-e", f"trace={CALLS}", *inject]
    product = [sys.executable, "-B", str(PROJECT / "run.py"), *FLAG]
    return subprocess.run(
        [*command, *product], cwd=folder, capture_output=True, text=True, check=False, timeout=120
    )


def touching(folder: Path, log: Path) -> list[tuple[str, int]]:
    """Give name and number (from 1, for each name) of each call that touches the folder."""
    found = []
    seen: Counter[str] = Counter()
    for line in log.read_text(errors="replace").splitlines():
        call = _LINE.match(line)
        if call is None:
            continue
        seen[call[1]] += 1
        if f"{folder}/" in call[2] or f'"{folder}"' in call[2] or f"<{folder}>)" in call[2]:
            found.append((call[1], seen[call[1]]))
    return found


@pytest.fixture(scope="module")
def scene(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Path, bytes, bytes, Calls]:
    assert shutil.which("strace"), "the long run needs strace"
    folder = a_working_folder(tmp_path_factory.mktemp("calls") / "w")
    old = (folder / TRACKER).read_bytes()
    place = folder.with_name("run")
    calls: set[tuple[str, int]] = set()
    for _ in range(3):  # the first may differ from the others in what Python itself does
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(folder, place)
        done = traced(place, folder.with_name("log"))
        assert done.returncode == 0, done.stderr
        calls |= set(touching(place, folder.with_name("log")))
    return folder, old, (place / TRACKER).read_bytes(), sorted(calls)


@pytest.mark.parametrize("how", ["signal=SIGKILL", "error=ENOSPC", "error=EIO", "error=EACCES"])
def test_the_tracker_survives_every_call_of_the_system(
    scene: tuple[Path, bytes, bytes, Calls], how: str
) -> None:
    folder, old, new, calls = scene
    place = folder.with_name("run")
    assert len(calls) > 100
    failed = []
    for name, number in calls:
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(folder, place)
        met = traced(place, folder.with_name("log"), "-e", f"inject={name}:{how}:when={number}")
        said = met.stdout + met.stderr
        if how.startswith("signal"):
            calm = met.returncode in {-9, 137}
        else:
            calm = met.returncode in CALM and "Something went wrong" not in said
        whole = (place / TRACKER).read_bytes() in (old, new)
        following = subprocess.run(
            [sys.executable, "-B", str(PROJECT / "run.py"), *FLAG],
            cwd=place,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        works = following.returncode == 0 and (place / TRACKER).read_bytes() == new
        if not (calm and whole and works):
            last = folder.with_name("log").read_text(errors="replace").splitlines()[-3:]
            failed.append((name, number, met.returncode, said, whole, following.stderr, last))
            continue
        nothing_is_left_behind(place, {old, new})
    assert failed == []
