"""Looks at many documents as pages: laid out by LibreOffice in few calls, read back by poppler.

The document checker lays out one document at a time. `in_place_of_libreoffice` gives it a
program that hands over the page laid out before, so that every rule of it still looks.
"""

import contextlib
import hashlib
import os
import re
import shutil
import stat
import subprocess
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.looking import needs

_SECONDS = 300
_BATCH = 50
_WORD = re.compile(r'<word xMin="([^"]*)" yMin="([^"]*)" xMax="([^"]*)" yMax="([^"]*)">([^<]*)<')
_STAND_IN = """#!{python}
import hashlib, pathlib, shutil, sys
folder, document = map(pathlib.Path, sys.argv[-2:])
name = hashlib.sha256(document.read_bytes()).hexdigest()
shutil.copyfile(pathlib.Path({kept!r}) / f"{{name}}.pdf", folder / f"{{document.stem}}.pdf")
"""


@dataclass(frozen=True)
class Sheet:
    """One page as it came out."""

    pages: int
    reach: float  #: points from the top of the paper to the foot of the last line of the text
    words: str  #: every letter and digit of the text, in reading order, without spaces


def laid_out(documents: Sequence[Path], folder: Path) -> dict[Path, Path]:
    """Lay the documents out; give each its PDF, named by the hash of the document's bytes."""
    office = needs("soffice")
    kept = folder / "kept"
    kept.mkdir(parents=True, exist_ok=True)
    names = {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in documents}
    todo = folder / "todo"
    todo.mkdir(exist_ok=True)
    copies = []
    for path, name in names.items():
        copies.append(todo / f"{name}.docx")
        shutil.copyfile(path, copies[-1])
    for start in range(0, len(copies), _BATCH):
        subprocess.run(
            [
                office,
                f"-env:UserInstallation={(folder / 'profile').as_uri()}",
                "--headless",
                "--convert-to",
                "pdf",
                "--outdir",
                str(kept),
                *map(str, copies[start : start + _BATCH]),
            ],
            capture_output=True,
            check=True,
            timeout=_SECONDS,
        )
    return {path: kept / f"{name}.pdf" for path, name in names.items()}


def sheet(pdf: Path, *, foot: float) -> Sheet:
    """Read a page back; `foot` is the height of the paper's lower margin."""
    said = subprocess.run(
        [needs("pdftotext"), "-bbox", str(pdf), "-"], capture_output=True, check=True, timeout=60
    ).stdout.decode("utf-8", "replace")
    pages = said.count("<page ")
    heights = re.findall(r'<page width="[^"]*" height="([^"]*)"', said)
    lowest = float(heights[0]) - foot
    words = [word for word in _WORD.findall(said) if float(word[3]) <= lowest + 2]
    reach = max(float(word[3]) for word in words)
    return Sheet(pages, reach, "".join(_logical(word[4]) for word in words))


def _logical(word: str) -> str:
    """Give a word as it was typed: poppler gives those written from the right back to front."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKC", word) if sign.isalnum())
    right = any(unicodedata.bidirectional(sign) in ("R", "AL") for sign in plain)
    return plain[::-1] if right else plain


@contextlib.contextmanager
def in_place_of_libreoffice(folder: Path) -> Iterator[None]:
    """Let the checker take the pages that `laid_out` has made in `folder`."""
    program = folder / "stand_in.py"
    kept = str(folder / "kept")
    program.write_text(_STAND_IN.format(python=sys.executable, kept=kept), encoding="utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    before = os.environ.get("SOFFICE")
    os.environ["SOFFICE"] = str(program)
    try:
        yield
    finally:
        del os.environ["SOFFICE"]
        if before is not None:
            os.environ["SOFFICE"] = before
