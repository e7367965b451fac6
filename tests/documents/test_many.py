"""Many reports at once: on several cores the same files, and a broken template told once."""

import os
import shutil
import signal
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.shared import Pt

from mfauto.cli import main
from mfauto.documents import exception_report, exception_reports
from mfauto.errors import TemplateError, UsageError
from mfauto.model import Review
from mfauto.policy import Policy
from mfauto.process import review
from mfauto.processes import cores
from mfauto.report import TEMPLATE
from mfauto.settings import PROJECT, Settings
from tests.looking import needs, page_counts
from tests.making import a_case, a_tracker, a_workbook

AS_AT = date(2026, 11, 2)
NUMBER = 230
CASE: dict[str, Any] = {
    "audited": date(2026, 8, 3),
    "audit_grade": "Inadequate",
    "meeting_held": date(2026, 9, 1),
    "caseload_review": "Required",
    "strengths": "Warm & patient <always>.",
}


def found() -> Review:
    cases = [a_case(row, ref=f"MF-{row:03d}", **CASE) for row in range(2, NUMBER + 2)]
    actions = [
        {"ref": f"A-{n}", "case_ref": f"MF-{n:03d}", "action": "Ask", "due": date(2026, 10, 1)}
        for n in range(2, NUMBER + 2)
    ]
    return review(a_tracker(*cases, actions=actions), Policy(), AS_AT)


def wanted(review: Review, folder: Path) -> list[tuple[str, Path]]:
    return [(place.case, folder / f"{place.case}.docx") for place in review.positions]


@pytest.mark.skipif(cores() < 2, reason="there is one core")
def test_several_cores_make_the_same_files(tmp_path: Path) -> None:
    reviewed, settings = found(), Settings(folder=tmp_path)
    one, two = wanted(reviewed, tmp_path / "one"), wanted(reviewed, tmp_path / "two")
    one.insert(120, ("MF-999", tmp_path / "one" / "none.docx"))
    two.insert(120, ("MF-999", tmp_path / "two" / "none.docx"))
    alone = list(exception_reports(reviewed, one, settings))
    together = list(exception_reports(reviewed, two, settings, many=10))
    assert [type(one) for one in alone] == [type(one) for one in together]
    assert isinstance(alone[120], UsageError)
    assert [one for one in alone if isinstance(one, Path)] == [
        path for ref, path in one if ref != "MF-999"
    ]
    for (_, first), (_, second) in zip(one, two, strict=True):
        assert first.exists() == second.exists()
        if first.exists():
            assert first.read_bytes() == second.read_bytes()


class Deadly(dict[str, str]):
    """Ends, by the system's own signal, each other process that it is brought to."""

    def __reduce__(self) -> tuple[Any, tuple[()]]:
        return _ended, ()


def _ended() -> None:
    if hasattr(signal, "SIGKILL"):
        os.kill(os.getpid(), signal.SIGKILL)
    os._exit(1)


@pytest.mark.skipif(cores() < 2, reason="there is one core")
def test_where_a_process_is_ended_every_report_is_made_all_the_same(tmp_path: Path) -> None:
    reviewed = found()
    one, two = wanted(reviewed, tmp_path / "one"), wanted(reviewed, tmp_path / "two")
    exception_reports(reviewed, one, Settings(folder=tmp_path))
    deadly = Settings(folder=tmp_path, sheets=Deadly())
    assert exception_reports(reviewed, two, deadly, many=10) == [path for _, path in two]
    for (_, first), (_, second) in zip(one, two, strict=True):
        assert first.read_bytes() == second.read_bytes()


def test_a_template_that_cannot_be_filled_is_told_once(tmp_path: Path) -> None:
    document = Document(str(PROJECT / "templates" / TEMPLATE))
    document.add_paragraph("{{ practitoner }}")
    document.save(str(tmp_path / TEMPLATE))
    reviewed = found()
    settings = Settings(folder=tmp_path, templates=tmp_path)
    errors = list(exception_reports(reviewed, wanted(reviewed, tmp_path / "out"), settings))
    assert len(errors) == 1
    assert isinstance(errors[0], TemplateError)


def test_a_template_changed_between_two_reports_is_read_again(tmp_path: Path) -> None:
    reviewed = found()
    settings = Settings(folder=tmp_path, templates=tmp_path)
    path = tmp_path / TEMPLATE
    for word in ("Before", "After!"):
        document = Document(str(PROJECT / "templates" / TEMPLATE))
        document.add_paragraph(f"{word} {{{{ ref }}}}")
        document.save(str(path))
        exception_report(reviewed, "MF-002", settings, tmp_path / "x.docx")
        said = [one.text for one in Document(str(tmp_path / "x.docx")).paragraphs]
        assert said[-1] == f"{word} MF-002"


def test_a_restyled_template_still_gives_one_page(tmp_path: Path) -> None:
    """Wider margins and larger type leave less room; what is measured from the file decides."""
    document = Document(str(PROJECT / "templates" / TEMPLATE))
    section = document.sections[0]
    section.left_margin = section.right_margin = Pt(80)
    section.top_margin = Pt(70)
    for name in ("Normal", "Fact", "Safety", "Cell"):
        document.styles[name].font.size = Pt(12)
        document.styles[name].paragraph_format.line_spacing = Pt(15)
    document.paragraphs[0].insert_paragraph_before("Northmoor Council, quality assurance")
    document.save(str(tmp_path / TEMPLATE))
    text = "A sentence about practice that goes on for a while. " * 300
    long = dict.fromkeys(
        ("audit_findings", "strengths", "practice_context", "support_agreed"), text
    )
    rows = [{"ref": f"A-{n}", "case_ref": "MF-001", "action": text} for n in range(30)]
    reviewed = review(a_tracker(a_case(**CASE | long), actions=rows), Policy(), AS_AT)
    exception_report(
        reviewed, "MF-001", Settings(folder=tmp_path, templates=tmp_path), tmp_path / "x.docx"
    )
    assert page_counts([tmp_path / "x.docx"]) == {"x.docx": 1}


def test_the_command_makes_pdfs_where_they_are_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    needs("soffice")
    tracker = a_workbook(tmp_path / "Tracker.xlsx", cases=[{"ref": "MF-001", **CASE}])
    config = tmp_path / "mfauto.toml"
    config.write_text(f'tracker = "{tracker.name}"\n', encoding="utf-8")
    asked = ["exceptions", "--config", str(config), "--as-at", "2026-11-02"]
    assert main([*asked, "--pdf"]) == 0
    assert "1 PDF copy made." in capsys.readouterr().out
    made = {path.name for path in (tmp_path / "exception-reports").iterdir()}
    assert made == {"MF-001.docx", "MF-001.pdf"}


def test_without_libreoffice_the_documents_are_made_and_a_sentence_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    tracker = a_workbook(tmp_path / "Tracker.xlsx", cases=[{"ref": "MF-001", **CASE}])
    config = tmp_path / "mfauto.toml"
    config.write_text(f'tracker = "{tracker.name}"\n', encoding="utf-8")
    assert main(["exceptions", "--config", str(config), "--as-at", "2026-11-02", "--pdf"]) == 0
    said = capsys.readouterr()
    assert "1 exception report made" in said.out
    assert "No PDF was made: LibreOffice is not installed" in said.out
    assert said.err == ""


def test_a_broken_template_stops_only_its_own_document(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A run that makes everything goes on, and its exit code says that something failed."""
    own = tmp_path / "templates"
    shutil.copytree(PROJECT / "templates", own)
    (own / "assurance_pack.docx").write_bytes(b"broken")
    tracker = a_workbook(tmp_path / "Tracker.xlsx", cases=[{"ref": "MF-001", **CASE}])
    config = tmp_path / "mfauto.toml"
    config.write_text(f'tracker = "{tracker.name}"\ntemplates = "templates"\n', encoding="utf-8")
    common = ["--config", str(config), "--as-at", "2026-11-02"]
    assert main(["pack", *common]) == 2
    assert "assurance_pack.docx cannot be opened" in capsys.readouterr().err
    assert main(["exceptions", *common]) == 0
    assert (tmp_path / "exception-reports" / "MF-001.docx").exists()
