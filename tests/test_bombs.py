"""A file made to exhaust its reader is refused in plain words, and takes no memory worth naming."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from mfauto.settings import PROJECT
from tests.bombs import FILES, KINDS, STATUS

MOST = 200  #: MB that the process may take
HANGS = 240  #: seconds after which a process with a dozen bombs is called hanging


@pytest.mark.skipif(not STATUS.exists(), reason="only Linux says how much one process took")
@pytest.mark.parametrize("kind", KINDS)
def test_every_bomb_is_refused_in_little_memory(kind: str, tmp_path: Path) -> None:
    for name, make in KINDS[kind].items():
        folder = tmp_path / name
        folder.mkdir()
        if kind == "words":
            for part in (PROJECT / "templates" / "emails").iterdir():
                shutil.copy(part, folder)
        (folder / FILES[kind]).write_bytes(make())

    done = subprocess.run(
        [sys.executable, "-m", "tests.bombs", kind, str(tmp_path)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=PROJECT,
        timeout=HANGS,
        check=False,
    )

    assert done.stderr == ""
    said = {one["bomb"]: one for one in map(json.loads, done.stdout.splitlines())}
    assert set(said) == set(KINDS[kind])
    assert [name for name, one in said.items() if not one["said"].startswith("refused: ")] == []
    assert max(one["peak"] for one in said.values()) < MOST
