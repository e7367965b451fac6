"""Good-practice sheets: names removed, nothing offered before a person has signed off."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from mfauto.cli import main
from mfauto.documents import GoodPractice
from mfauto.model import Review
from mfauto.policy import Policy
from mfauto.process import review
from mfauto.settings import Settings
from tests.documents.reading import headings, paragraphs, table, words
from tests.looking import failures, needs
from tests.making import a_case, a_tracker, a_workbook
from tools import make_good_practice_template

AS_AT = date(2025, 3, 31)
TEXT = (
    "Ada Example met Layla at St Brannoc's Primary on 4 May 2025. Mrs Tarrant joined.\n"
    "Ada’s letter helped; Sam rang 07700 900123."
)
DRAFT = "Draft for checking. Nobody has signed it off as anonymised yet."


def an_example(**fields: Any) -> dict[str, Any]:
    return {
        "ref": "GP-001",
        "case_ref": "MF-001",
        "example": TEXT,
        "theme": "Child's voice",
        **fields,
    }


def found(*examples: dict[str, Any]) -> Review:
    case = a_case(audit_grade="Outstanding", meeting_held=date(2025, 2, 3))
    return review(a_tracker(case, examples=list(examples)), Policy(), AS_AT)


def sheet(folder: Path, *examples: dict[str, Any]) -> Path:
    made = GoodPractice(found(*examples), Settings(folder=folder))
    example, standing = made.examples[0]
    target = folder / "sheet.docx"
    made.make(example, standing, target)
    return target


def a_folder(folder: Path, *examples: dict[str, Any], settings: str = "") -> Path:
    case = {
        "ref": "MF-001",
        "audited": date(2025, 1, 6),
        "audit_grade": "Outstanding",
        "practitioner": "Ada Example",
        "service_manager": "Sam Example",
        "meeting_held": date(2025, 2, 3),
    }
    a_workbook(folder / "Tracker.xlsx", cases=[case], examples=list(examples))
    config = folder / "mfauto.toml"
    config.write_text(f'tracker = "Tracker.xlsx"\n{settings}', encoding="utf-8")
    return config


def run(config: Path, *more: str) -> int:
    return main(["good-practice", "--config", str(config), "--as-at", AS_AT.isoformat(), *more])


def test_a_draft_says_so_first_and_holds_no_known_name(tmp_path: Path) -> None:
    made = sheet(tmp_path, an_example())
    assert DRAFT in paragraphs(made)
    said = words(made)
    assert not [name for name in ("Ada", "Sam", "Tarrant", "07700", "MF-001") if name in said]
    assert "Draft: Good practice example GP-001" in said
    assert "[practitioner]’s letter helped; [Service Manager] rang [phone number]." in said
    assert not failures(made, marking="OFFICIAL-SENSITIVE")


def test_a_draft_lists_what_was_removed_and_what_to_look_at(tmp_path: Path) -> None:
    made = sheet(tmp_path, an_example())
    assert table(made, "What was removed") == [
        ["Date", "1 time"],
        ["Name of somebody with a title", "1 time"],
        ["Name of the Service Manager", "1 time"],
        ["Name of the practitioner", "2 times"],
        ["Phone number", "1 time"],
    ]
    assert [row[0] for row in table(made, "What to look at")] == ["Layla", "St Brannoc's Primary"]
    said = words(made)
    assert "'Good practice'!C2" in said
    assert "'Good practice'!F2" in said


def test_a_signed_off_sheet_has_no_list_of_checks(tmp_path: Path) -> None:
    made = sheet(tmp_path, an_example(anonymised=date(2025, 3, 3)))
    assert "Signed off as anonymised on 3 March 2025." in paragraphs(made)
    assert headings(made, 2) == ["What was done", "What others can use"]
    assert "Draft" not in words(made)
    assert "To be written" not in words(made)
    assert not failures(made, marking="OFFICIAL")


def test_a_sheet_for_everybody_has_a_marking_of_its_own_and_a_draft_the_documents(
    tmp_path: Path,
) -> None:
    config = a_folder(
        tmp_path,
        an_example(),
        an_example(ref="GP-002", anonymised=date(2025, 3, 3)),
        settings='marking = "SECRET"\ngood_practice_marking = "PUBLIC"\n',
    )
    assert run(config) == 0
    for ref, marking in (("GP-001", "SECRET"), ("GP-002", "PUBLIC")):
        made = tmp_path / "good-practice" / f"{ref}.docx"
        assert paragraphs(made)[0] == marking
        assert Document(str(made)).sections[0].header.paragraphs[0].text == marking


@pytest.mark.parametrize("begins", ["Others can use:", "others can use :", "OTHERS CAN USE:"])
def test_what_others_can_use_is_what_the_tracker_says_of_it(tmp_path: Path, begins: str) -> None:
    text = f"{TEXT}\n{begins} a letter\nand a book with Ada."
    made = sheet(tmp_path, an_example(example=text))
    said = paragraphs(made)
    own = said[said.index("What others can use") + 1 : said.index("Questions for your team:")]
    assert own == ["A letter", "and a book with [practitioner]."]
    assert "A letter" not in said[: said.index("What others can use")]
    assert "Others" not in [row[0] for row in table(made, "What to look at")]


def test_a_draft_asks_for_what_others_can_use_where_it_lasts(tmp_path: Path) -> None:
    said = paragraphs(sheet(tmp_path, an_example()))
    assert said[said.index("What others can use") + 1] == (
        "To be written: what others can use. Add it to 'Good practice'!C2, "
        "on a new line that begins “Others can use:”."
    )


def test_a_sign_off_after_the_report_date_has_not_happened(tmp_path: Path) -> None:
    made = sheet(tmp_path, an_example(anonymised=date(2025, 4, 1)))
    assert DRAFT in paragraphs(made)


def test_other_examples_of_the_theme_are_named_once_they_are_in_the_library(tmp_path: Path) -> None:
    made = sheet(
        tmp_path,
        an_example(),
        an_example(ref="GP-002", theme="child’s  voice", uploaded=date(2025, 3, 3)),
        an_example(ref="GP-003", uploaded=date(2025, 4, 3)),
        an_example(ref="GP-004", theme="Plans", uploaded=date(2025, 3, 3)),
    )
    assert "In the library on this theme: GP-002." in paragraphs(made)


def test_made_again_a_sheet_is_the_same_to_the_byte(tmp_path: Path) -> None:
    first = sheet(tmp_path, an_example()).read_bytes()
    assert sheet(tmp_path, an_example()).read_bytes() == first


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"example": None}, "has nothing under Example"),
        ({"ref": None}, "has no Example ref"),
        ({"case_ref": "MF-999"}, "a Case ref that does not count yet"),
    ],
)
def test_a_row_that_can_have_no_sheet_is_told_with_its_cell(
    fields: dict[str, Any], why: str
) -> None:
    made = GoodPractice(found(an_example(**fields)), Settings(folder=Path()))
    assert made.examples == []
    (said,) = made.left_out()
    assert why in said
    assert "'Good practice'!C2" in said


def test_a_ref_that_is_there_twice_has_no_sheet() -> None:
    made = GoodPractice(found(an_example(), an_example(ref="gp-001")), Settings(folder=Path()))
    assert made.examples == []
    assert len(made.left_out()) == 2


def test_the_command_makes_every_sheet_and_notes_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = a_folder(
        tmp_path, an_example(), an_example(ref="GP/2", anonymised=date(2025, 3, 3), example="Good.")
    )
    assert run(config, "--format", "json") == 0
    told = json.loads(capsys.readouterr().out)
    made = [Path(name) for name in told["made"]]
    assert made[0] == tmp_path / "good-practice" / "GP-001.docx"
    assert made[1].parent == tmp_path / "good-practice"
    assert made[1].name.startswith("GP-2-")
    assert "1 signed off, 1 draft for a person to check" in told["said"][0]
    assert main(["history", "--config", str(config), "--format", "json"]) == 0
    entries = json.loads(capsys.readouterr().out)["entries"]
    assert [entry["what"] for entry in entries] == ["good-practice sheet"] * 2
    assert [entry["state"] for entry in entries] == ["draft", "signed off"]


def test_examples_in_the_library_are_left_out_unless_they_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done = {"anonymised": date(2025, 3, 3), "uploaded": date(2025, 3, 4)}
    config = a_folder(
        tmp_path,
        an_example(),
        an_example(ref="GP-002", **done),
        an_example(ref="GP-003", **done | {"anonymised": None}),
        an_example(ref="GP-004", **done | {"uploaded": date(2025, 4, 1)}),
        an_example(ref="GP-005", **done),
    )
    for more in (["--dry-run"], []):
        assert run(config, *more) == 0
        said = capsys.readouterr().out
        assert "2 examples uploaded already, so left out. To make the sheet of one: " in said
        assert "good-practice --example REF" in said
    made = {path.stem for path in (tmp_path / "good-practice").iterdir()}
    assert made == {"GP-001", "GP-003", "GP-004"}
    assert run(config, "--example", "GP-002") == 0
    assert "uploaded already" not in capsys.readouterr().out
    assert (tmp_path / "good-practice" / "GP-002.docx").exists()


def test_where_every_example_is_in_the_library_nothing_is_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done = {"anonymised": date(2025, 3, 3), "uploaded": date(2025, 3, 4)}
    assert run(a_folder(tmp_path, an_example(**done))) == 0
    said = capsys.readouterr().out
    assert "No good-practice sheet was made: no example is left to share." in said
    assert "1 example uploaded already, so left out." in said


def test_a_pdf_stands_beside_each_sheet_where_it_is_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    needs("soffice")
    config = a_folder(tmp_path, an_example(), an_example(ref="GP-002"))
    assert run(config, "--pdf") == 0
    assert "2 PDF copies made." in capsys.readouterr().out
    made = {path.name for path in (tmp_path / "good-practice").iterdir()}
    assert made == {"GP-001.docx", "GP-001.pdf", "GP-002.docx", "GP-002.pdf"}


def test_a_broken_template_is_told_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = a_folder(tmp_path, an_example(), an_example(ref="GP-002"))
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "good_practice.docx").write_bytes(b"no Word file")
    config.write_text(f'templates = "own"\n{config.read_text(encoding="utf-8")}', encoding="utf-8")
    assert run(config) == 2
    assert capsys.readouterr().err.count("good_practice.docx") == 1


def test_a_dry_run_makes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = a_folder(tmp_path, an_example())
    assert run(config, "--dry-run") == 0
    assert "1 good-practice sheet would be made." in capsys.readouterr().out
    assert not (tmp_path / "good-practice").exists()


def test_an_example_that_is_not_there_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = a_folder(tmp_path, an_example())
    assert run(config, "--example", "GP-9") == 2
    assert 'There is no example "GP-9"' in capsys.readouterr().err
    assert run(config, "--example", "gp-001") == 0
    assert (tmp_path / "good-practice" / "GP-001.docx").exists()


def test_only_what_is_signed_off_reaches_the_library(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    library = tmp_path / "Library"
    library.mkdir()
    config = a_folder(
        tmp_path,
        an_example(),
        an_example(ref="GP-002", anonymised=date(2025, 3, 3)),
        an_example(ref="GP-003", anonymised=date(2025, 3, 3), uploaded=date(2025, 3, 4)),
        an_example(ref="GP-004", anonymised=date(2025, 4, 3)),
        settings='good_practice_folder = "Library"\n',
    )
    assert run(config) == 0
    assert [path.name for path in library.iterdir()] == ["GP-002.docx"]
    copy = (library / "GP-002.docx").read_bytes()
    assert copy == (tmp_path / "good-practice" / "GP-002.docx").read_bytes()
    said = capsys.readouterr().out
    assert "GP-002 copied to" in said
    assert "GP-002 is signed off, but 6 names or numbers still had to be removed." in said


def test_what_others_changed_in_the_library_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    library = tmp_path / "Library"
    library.mkdir()
    (library / "GP-001.docx").write_bytes(b"changed")
    (library / "GP-002.docx").write_bytes(b"too early")
    config = a_folder(
        tmp_path,
        an_example(anonymised=date(2025, 3, 3)),
        an_example(ref="GP-002"),
        settings='good_practice_folder = "Library"\n',
    )
    assert run(config) == 0
    said = capsys.readouterr().out
    assert "is another version of GP-001 and was left as it is" in said
    assert "GP-002 is not signed off, but" in said
    assert (library / "GP-001.docx").read_bytes() == b"changed"


def test_a_library_that_is_not_there_is_told_once_and_the_sheets_are_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = a_folder(
        tmp_path,
        an_example(anonymised=date(2025, 3, 3)),
        an_example(ref="GP-002", anonymised=date(2025, 3, 3)),
        settings='good_practice_folder = "Library"\n',
    )
    assert run(config) == 2
    assert capsys.readouterr().err.count("there is no such folder") == 1
    assert len(list((tmp_path / "good-practice").iterdir())) == 2
    assert not (tmp_path / "Library").exists()


def test_the_template_is_what_its_tool_makes() -> None:
    made = make_good_practice_template
    assert made.TARGET.read_bytes() == made.template()
