"""PDF copies: several in one call, never in the way, a plain sentence where none can be made."""

import sys
import time
from pathlib import Path

import pytest
from docx import Document
from pypdf import PdfReader

from mfauto.pdf import NO_PROGRAM, pdf_copies, program
from tests.looking import needs


def a_document(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    document = Document()
    document.add_heading(text, 1)
    document.save(str(path))
    return path


def a_program(path: Path, code: str) -> Path:
    """Make a program that stands where LibreOffice would."""
    path.write_text(f"#!{sys.executable}\n{code}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def test_several_documents_have_their_pdf_beside_them(tmp_path: Path) -> None:
    needs("soffice")
    documents = [
        a_document(tmp_path / "one" / "MF-001.docx", "First"),
        a_document(tmp_path / "two" / "MF-001.docx", "Second, of the same name"),
        a_document(tmp_path / "one" / "Åse & 100% [x] – déjà.docx", "Third"),
    ]
    copies = pdf_copies(documents)
    assert copies.said == "3 PDF copies made."
    made = [document.with_suffix(".pdf") for document in documents]
    assert copies.went == dict(zip(made, made, strict=True))
    told = [PdfReader(path).pages[0].extract_text() for path in made]
    assert [text.split()[0].strip(",") for text in told] == ["First", "Second", "Third"]
    for path in made:
        assert b"/Marked true" in path.read_bytes()  # tagged, for screen readers
    assert {path.suffix for path in tmp_path.rglob("*.*") if path.is_file()} == {".docx", ".pdf"}


def test_without_libreoffice_a_sentence_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    if program() is not None:
        pytest.skip("LibreOffice stands where it is always found")
    copies = pdf_copies([a_document(tmp_path / "x.docx", "x")])
    assert (copies.went, copies.said) == ({}, NO_PROGRAM)


def test_nothing_to_do_says_nothing() -> None:
    assert pdf_copies([]).said == ""


@pytest.mark.skipif(sys.platform == "win32", reason="the program is a script")
def test_a_program_that_never_ends_is_ended_with_all_it_started(tmp_path: Path) -> None:
    noted = tmp_path / "noted"
    office = a_program(
        tmp_path / "office",
        "import os, subprocess, sys, time\n"
        f"child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        f"open({str(noted)!r}, 'w').write(str(child.pid))\n"
        "time.sleep(60)",
    )
    copies = pdf_copies([a_document(tmp_path / "x.docx", "x")], office=office, seconds=3)
    assert copies.went == {}
    assert "1 PDF copy could not be made, such as that of x.docx" in copies.said
    assert "LibreOffice was not done after 3 seconds" in copies.said
    child = Path("/proc", noted.read_text(encoding="utf-8"), "stat")
    for _ in range(50):
        if not child.exists() or child.read_text(encoding="utf-8").split()[2] == "Z":
            break
        time.sleep(0.1)
    else:
        pytest.fail("what the program started goes on running")


@pytest.mark.skipif(sys.platform == "win32", reason="the program is a script")
def test_a_pdf_that_is_missing_is_named_and_the_old_one_stays(tmp_path: Path) -> None:
    office = a_program(
        tmp_path / "office",
        "import pathlib, sys\n"
        "out = pathlib.Path(sys.argv[sys.argv.index('--outdir') + 1])\n"
        "out.mkdir()\n"
        "(out / '0.pdf').write_bytes(b'%PDF made')",
    )
    first = a_document(tmp_path / "first.docx", "x")
    second = a_document(tmp_path / "second.docx", "x")
    second.with_suffix(".pdf").write_bytes(b"%PDF old")
    copies = pdf_copies([first, second], office=office)
    assert list(copies.went) == [first.with_suffix(".pdf")]
    assert "1 PDF copy could not be made, such as that of second.docx" in copies.said
    assert second.with_suffix(".pdf").read_bytes() == b"%PDF old"


def test_a_program_that_cannot_be_started_is_told(tmp_path: Path) -> None:
    office = tmp_path / "office"
    office.write_bytes(b"")
    copies = pdf_copies([a_document(tmp_path / "x.docx", "x")], office=office)
    assert "LibreOffice could not be started" in copies.said
