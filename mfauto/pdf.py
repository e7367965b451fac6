"""PDF copies of Word documents, by LibreOffice where it is installed.

Never needed: the Word documents are complete without. LibreOffice runs with a profile of
its own, so an open LibreOffice neither hinders it nor is hindered, and under a time limit.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mfauto.errors import MfautoError
from mfauto.wording import counted

NO_PROGRAM: Final = (
    "No PDF was made: LibreOffice is not installed on this computer. "
    "The Word documents are complete. To have PDFs, install LibreOffice, or save them in Word."
)
_NAMES: Final = ("soffice", "libreoffice")
_WINDOWS: Final = "LibreOffice/program/soffice.com"  # the one that waits until it is done
_MAC: Final = Path("/Applications/LibreOffice.app/Contents/MacOS/soffice")
_TAGGED: Final = (  # headings, tables and alt texts stay known to screen readers
    'pdf:writer_pdf_Export:{"UseTaggedPDF":{"type":"boolean","value":"true"},'
    '"ExportBookmarks":{"type":"boolean","value":"true"}}'
)
_TOGETHER: Final = 50  # documents in one call
_START_SECONDS: Final = 90.0
_SECONDS_EACH: Final = 10.0


@dataclass(frozen=True, slots=True)
class Copies:
    """What became of the PDF copies."""

    went: Mapping[Path, Path]  #: where each went, by the place right beside its document
    said: str  #: in one sentence or two; empty where there was nothing to do


Place = Callable[[Path, bytes], Path]  #: where a PDF with these bytes goes instead


def _beside(wanted: Path, _: bytes) -> Path:
    return wanted


def program() -> Path | None:
    """Give LibreOffice's program; None where it is not installed."""
    for name in _NAMES:
        found = shutil.which(name)
        if found:
            return Path(found)
    for folder in ("PROGRAMFILES", "PROGRAMFILES(X86)", "PROGRAMW6432"):
        if folder in os.environ:
            path = Path(os.environ[folder], _WINDOWS)
            if path.is_file():
                return path
    return _MAC if _MAC.is_file() else None


def pdf_copies(
    documents: Sequence[Path],
    *,
    place: Place = _beside,
    office: Path | None = None,
    seconds: float | None = None,
) -> Copies:
    """Put a PDF beside each document. What cannot be made is said; nothing is raised for it.

    `place` may name another place for one, such as where a person has changed the old one.
    `office` is LibreOffice's program, looked for unless given. `seconds` limits one call.
    """
    if not documents:
        return Copies({}, "")
    office = office or program()
    if office is None:
        return Copies({}, NO_PROGRAM)
    went: dict[Path, Path] = {}
    why = ""
    with tempfile.TemporaryDirectory(prefix="mfauto-pdf-", ignore_cleanup_errors=True) as name:
        for start in range(0, len(documents), _TOGETHER):
            some = documents[start : start + _TOGETHER]
            limit = seconds or _START_SECONDS + _SECONDS_EACH * len(some)
            why = _together(office, some, Path(name), limit) or why
            went |= _put(some, Path(name), place)
    if len(went) == len(documents):
        return Copies(went, f"{counted(len(went), 'PDF copy', 'PDF copies')} made.")
    missing = next(one for one in documents if one.with_suffix(".pdf") not in went)
    lacking = len(documents) - len(went)
    return Copies(
        went,
        f"{counted(lacking, 'PDF copy', 'PDF copies')} could not be made, "
        f"such as that of {missing.name}{why}. The Word documents are complete.",
    )


def _together(office: Path, documents: Sequence[Path], folder: Path, seconds: float) -> str:
    """Let LibreOffice convert several documents in one call; say why it could not."""
    work = folder / "in"
    shutil.rmtree(folder / "out", ignore_errors=True)
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    # Numbers for names: whatever a document is called, LibreOffice cannot mistake it.
    copies = [work / f"{number}.docx" for number in range(len(documents))]
    for document, copy in zip(documents, copies, strict=True):
        shutil.copyfile(document, copy)
    command = [
        str(office),
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--headless",
        "--norestore",
        "--nolockcheck",
        "--convert-to",
        _TAGGED,
        "--outdir",
        str(folder / "out"),
        *map(str, copies),
    ]
    try:
        with _started(command) as process:
            try:
                process.wait(timeout=seconds)
            except subprocess.TimeoutExpired:
                _end(process)
                return f": LibreOffice was not done after {seconds:.0f} seconds"
    except OSError as error:
        return f": LibreOffice could not be started ({error.strerror or error})"
    return ""


def _put(documents: Sequence[Path], folder: Path, place: Place) -> dict[Path, Path]:
    """Put each PDF in its place in one step; give where each that was made has gone."""
    went = {}
    for number, document in enumerate(documents):
        made, wanted = folder / "out" / f"{number}.pdf", document.with_suffix(".pdf")
        if not made.is_file() or not made.stat().st_size:
            continue
        beside = document.with_name(f".mfauto-{os.urandom(8).hex()}.tmp")
        try:
            target = place(wanted, made.read_bytes())
            shutil.copyfile(made, beside)
            beside.replace(target)
        except (OSError, MfautoError):  # it is open in a reader, which on Windows holds it
            with contextlib.suppress(OSError):
                beside.unlink(missing_ok=True)
            continue
        went[wanted] = target
    return went


def _started(command: Sequence[str]) -> "subprocess.Popen[bytes]":
    quiet = subprocess.DEVNULL
    if sys.platform == "win32":
        return subprocess.Popen(  # noqa: S603 - LibreOffice, with files of our own
            command,
            stdin=quiet,
            stdout=quiet,
            stderr=quiet,
            creationflags=subprocess.CREATE_NO_WINDOW,
        )
    return subprocess.Popen(  # noqa: S603 - likewise
        command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
    )


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End LibreOffice and the process that it has started itself."""
    if sys.platform == "win32":
        subprocess.run(  # noqa: S603 - Windows' own program
            ["taskkill", "/F", "/T", "/PID", str(process.pid)],  # noqa: S607 - it is on the path
            check=False,
            capture_output=True,
        )
    else:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=5)
