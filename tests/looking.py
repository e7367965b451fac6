"""Looks at what people get: pages through LibreOffice, soundness through the document checker.

A missing program skips a test with its reason; under CI, where everything is
installed first, it fails instead.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

SHARED = Path(__file__).parent.parent.parent / "shared"
_SECONDS = 180


def needs(program: str) -> str:
    """Give the program's path; without it the test is skipped, under CI it fails."""
    found = shutil.which(program)
    if found is None:
        if os.environ.get("CI"):
            pytest.fail(f"{program} is not installed")
        pytest.skip(f"{program} is not installed")
    return found


def failures(document: Path, **options: Any) -> list[str]:
    """Check a Word document with the checker beside the project; give what it finds wrong."""
    path = SHARED / "checks" / "docx_check.py"
    if not path.exists():
        pytest.skip("the document checker is not beside the project")
    if "docx_check" not in sys.modules:
        spec = importlib.util.spec_from_file_location("docx_check", path)
        assert spec is not None
        assert spec.loader is not None
        sys.modules["docx_check"] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules["docx_check"])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # the checker leaves a file open
        return list(map(str, sys.modules["docx_check"].check(str(document), **options).failures))


def page_counts(documents: Iterable[Path]) -> dict[str, int]:
    """Lay documents out with LibreOffice, in one call; give each name's number of pages."""
    office, info = needs("soffice"), needs("pdfinfo")
    paths = list(documents)
    with tempfile.TemporaryDirectory() as folder:
        profile = Path(folder, "profile").as_uri()
        made = Path(folder, "made")
        subprocess.run(
            [
                office,
                f"-env:UserInstallation={profile}",
                "--headless",
                "--convert-to",
                "pdf",
                "--outdir",
                str(made),
                *map(str, paths),
            ],
            capture_output=True,
            check=True,
            timeout=_SECONDS,
        )
        pages = {}
        for path in paths:
            said = subprocess.run(
                [info, str(made / f"{path.stem}.pdf")], capture_output=True, check=True, text=True
            ).stdout
            (line,) = [line for line in said.splitlines() if line.startswith("Pages:")]
            pages[path.name] = int(line.split()[1])
    return pages
