"""`history --case`: what was made and sent about one case, as far as the history knows it."""

import email
import email.policy
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from shutil import copytree, rmtree
from typing import Any

import pytest

from mfauto.cli import main
from mfauto.ledger import open_ledger
from mfauto.model import Tracker
from mfauto.settings import Settings
from mfauto.workbook import read_tracker

NOW = datetime(2026, 11, 24, 7, tzinfo=UTC)
OF_ONE_CASE = ("safety", "invitation", "leaver")


@pytest.fixture(scope="module")
def demo(whole_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("history") / "demo"
    copytree(whole_demo, folder)
    return folder


@pytest.fixture(scope="module")
def tracker(demo: Path) -> Tracker:
    return read_tracker(demo / "Moving Forward tracker.xlsx", Settings(folder=demo))


def drafts(demo: Path, *kinds: str) -> dict[str, str]:
    """Give the text of each draft of some kinds."""
    found = {}
    for path in (demo / "outbox").glob("*.eml"):
        if any(f"-{kind}-" in path.name for kind in kinds):
            message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            body = message.get_body(("plain",))
            assert body
            found[path.name] = body.get_content()
    assert found
    return found


def known(
    demo: Path,
    case: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> list[dict[str, Any]]:
    monkeypatch.chdir(demo)
    assert main(["history", "--case", case, "--format", "json"]) == 0
    entries: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["entries"]
    return entries


def test_every_case_has_its_own_documents_letters_and_child_safety_emails(
    demo: Path,
    tracker: Tracker,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    texts = drafts(demo, *OF_ONE_CASE)
    announced = drafts(demo, "announcement")
    seen: set[str] = set()
    for case in tracker.cases:
        assert case.ref
        examples = [one for one in tracker.examples if one.case_ref == case.ref]
        wanted = {name for name, text in texts.items() if re.search(rf"\b{case.ref}\b", text)} | {
            name
            for name in announced
            if any(one.uploaded and one.anonymised and not one.announced for one in examples)
        }
        sheets = {f"good-practice/{one.ref}.docx" for one in examples}
        report = f"exception-reports/{case.ref}.docx"
        wanted |= {name for name in {*sheets, report} if (demo / name).exists()}

        found = {line["detail"] for line in known(demo, case.ref, monkeypatch, capsys)}

        assert found == wanted, case.ref
        seen |= found
    assert seen >= {*texts, *announced}


def test_a_pdf_beside_a_document_is_of_the_same_case(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_ledger(tmp_path, NOW) as ledger:
        for kind, name, case in (
            ("exception report", "MF-001.docx", {"case": "MF-001"}),
            ("PDF", "MF-001.pdf", {}),
            ("exception report", "MF-0010.docx", {"case": "MF-0010"}),
            ("PDF", "MF-0010.pdf", {}),
        ):
            ledger.record("document", NOW, kind=kind, file=f"exception-reports/{name}", **case)
    found = known(tmp_path, " mf-001 ", monkeypatch, capsys)
    assert [Path(line["detail"]).name for line in found] == ["MF-001.docx", "MF-001.pdf"]


def test_what_cannot_be_told_of_a_case_is_said(
    demo: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(demo)
    assert main(["history", "--case", "MF-051"]) == 0
    said = capsys.readouterr().out
    assert "exception-reports/MF-051.docx" in said
    assert "Other emails are kept as hashes: the tracker and the outbox show them." in said
    assert "no such case" not in said
    assert main(["history", "--case", "MF-999"]) == 0
    said = capsys.readouterr().out
    assert "The history knows of nothing made or sent about MF-999 alone." in said
    assert "Today's tracker has no such case" in said


def test_a_case_that_is_no_longer_in_the_tracker_is_still_found(
    demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As when its row was erased, and somebody asks what is left."""
    copytree(demo, tmp_path / "w")
    (tmp_path / "w" / "Moving Forward tracker.xlsx").unlink()
    (case,) = {
        found[0]
        for text in drafts(demo, "invitation").values()
        if (found := re.search(r"MF-\d{3}", text))
    }
    kinds = {line["what"] for line in known(tmp_path / "w", case, monkeypatch, capsys)}
    assert "invitation" in kinds


@pytest.mark.parametrize("act", [["accept"], ["resolve", "0123456789ab", "--arrived"]])
def test_a_persons_word_is_about_no_case(
    demo: Path, act: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(demo)
    assert main(["history", *act, "--case", "MF-051"]) == 2
    assert "Choose one" in capsys.readouterr().err


def test_what_a_trial_told_of_a_case_is_found(
    demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    copytree(demo, tmp_path / "w")
    for made in ("mfauto-history.sqlite3", "mfauto-history.lock"):
        (tmp_path / "w" / made).unlink()
    for made in ("outbox", "backups"):
        rmtree(tmp_path / "w" / made)
    settings = tmp_path / "w" / "mfauto.toml"
    trial = '\nredirect_all_to = "tester@example.org"\n'
    settings.write_text(settings.read_text("utf-8") + trial, "utf-8")
    monkeypatch.chdir(tmp_path / "w")
    assert main(["run", "--as-at", "2026-11-24"]) in (0, 1)
    capsys.readouterr()
    (case, *_) = re.findall(r"\bMF-\d{3}\b", next(iter(drafts(tmp_path / "w", "safety").values())))

    kinds = {line["what"] for line in known(tmp_path / "w", case, monkeypatch, capsys)}

    assert "safety" in kinds
