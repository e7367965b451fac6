"""The command `check`: its JSON, its words and its exit codes, as other programs rely on them."""

import json
import subprocess
import sys
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from mfauto.cli import main
from mfauto.policy import Policy
from mfauto.process import review
from mfauto.terminal import check_text
from tests.making import a_case, a_tracker, a_workbook

PROJECT = Path(__file__).parent.parent
CASE: dict[str, Any] = {
    "ref": "MF-014",
    "audited": date(2026, 8, 3),
    "audit_grade": "Inadequate",
    "service_manager": "Sam Example",
    "head_of_service": "Hana Example",
    "auditor": "Aud Example",
    "managers_alerted": date(2026, 8, 3),
    "qa_notified": date(2026, 8, 3),
    "child_safety_assured": date(2026, 8, 4),
    "moderation_completed": date(2026, 8, 12),
    "meeting_booked": date(2026, 9, 1),
    "practitioner_invited": date(2026, 8, 13),
    "team_manager_invited": date(2026, 8, 13),
    "service_manager_invited": date(2026, 8, 13),
    "meeting_held": date(2026, 9, 1),
    "audit_findings": "Found.",
    "strengths": "Strong.",
    "practice_context": "Context.",
    "support_agreed": "Support.",
    "caseload_review": "Required",
    "caseload_reviewer": "Sam Example",
}
ACTION: dict[str, Any] = {
    "ref": "A-1",
    "case_ref": "MF-014",
    "owner": "Ada Example",
    "due": date(2026, 12, 1),
    "status": "Open",
}


class Terminal(StringIO):
    """Where somebody looks on."""

    def isatty(self) -> bool:
        return True


KEYS = {
    "rule",
    "level",
    "clause",
    "step",
    "sheet",
    "row",
    "column",
    "cell",
    "case",
    "item",
    "owner",
    "value",
    "message",
    "fix",
    "start",
    "due",
    "days_overdue",
}


def checked(
    capsys: pytest.CaptureFixture[str], path: Path, as_at: str = "2026-11-02"
) -> tuple[int, dict[str, Any]]:
    code = main(["check", "--tracker", str(path), "--as-at", as_at, "--format", "json"])
    return code, json.loads(capsys.readouterr().out)


def test_an_overdue_report_is_the_one_finding_of_the_contract(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = a_workbook(tmp_path / "t.xlsx", cases=[CASE], actions=[ACTION])
    code, said = checked(capsys, path)
    (found,) = [finding for finding in said["findings"] if finding["level"] == "overdue"]
    assert code == 3
    assert found.keys() == KEYS
    assert {name: found[name] for name in KEYS - {"message", "fix", "rule"}} == {
        "level": "overdue",
        "clause": "C09",
        "step": "exception_report",
        "sheet": "Cases",
        "row": 2,
        "column": "Exception report completed",
        "cell": "Cases!AD2",
        "case": "MF-014",
        "item": None,
        "owner": "Sam Example",
        "value": None,
        "start": "2026-09-01",
        "due": "2026-09-29",
        "days_overdue": 34,
    }
    assert said["positions"] == [
        {
            "case": "MF-014",
            "grade": "Inadequate",
            "stage": "Improving",
            "rag": "Red",
            "next_step": "exception_report",
            "due": "2026-09-29",
            "row": 2,
        }
    ]
    assert said["counts"] == {
        "rows_read": 1,
        "cases": 1,
        "outside": 0,
        "excluded": 0,
        "error": 0,
        "query": 1,  # nothing entered since 1 September
        "overdue": 1,
        "due_soon": 0,
    }
    assert said["as_at"] == "2026-11-02"
    assert said["tracker"]["path"] == str(path)
    assert len(said["tracker"]["sha256"]) == 64


def test_a_slipped_action_says_so_in_json_and_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    late = {"original_due": date(2026, 9, 1), "due": date(2026, 10, 1)}
    soon = {"ref": "A-2", "original_due": date(2026, 9, 1), "due": date(2026, 11, 3)}
    path = a_workbook(tmp_path / "t.xlsx", cases=[CASE], actions=[ACTION | late, ACTION | soon])
    _, said = checked(capsys, path)
    assert [f["message"] for f in said["findings"] if f["step"] == "action"] == [
        "Action not completed: due 1 October 2026, slipped from 1 September 2026, 32 days overdue.",
        "Complete the action: due 3 November 2026, slipped from 1 September 2026, due soon.",
    ]
    main(["check", "--tracker", str(path), "--as-at", "2026-11-02"])
    text = " ".join(capsys.readouterr().out.split())
    assert "due 1 October 2026, slipped from 1 September 2026" in text


def test_a_value_is_the_text_as_typed_and_a_real_date_as_iso(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = {
        "audit_grade": date(2026, 1, 5),
        "managers_alerted": "2/8/2026",  # text, and before the audit
        "qa_notified": date(2026, 8, 2),  # before the audit
        "child_safety_assured": "ASAP",
        "meeting_held": date(2062, 9, 1),
        "exception_report_completed": "1/9/2062",
    }
    rows = [CASE, CASE | wrong | {"ref": "MF-015"}, CASE | {"ref": date(2026, 3, 3)}]
    _, said = checked(capsys, a_workbook(tmp_path / "t.xlsx", cases=rows, actions=[ACTION]))
    shown = {(f["rule"], f["cell"]): f["value"] for f in said["findings"] if f["row"] != 2}
    assert shown["MF006", "Cases!C3"] == "2026-01-05"
    assert shown["MF007", "Cases!L3"] == shown["MF201", "Cases!L3"] == "2/8/2026"
    assert shown["MF202", "Cases!M3"] == "2026-08-02"
    assert shown["MF001", "Cases!N3"] == "ASAP"
    assert shown["MF003", "Cases!U3"] == "2062-09-01"
    assert shown["MF003", "Cases!AD3"] == "1/9/2062"
    assert shown["MF012", "Cases!A4"] == "2026-03-03"


def test_an_owner_that_is_nobody_is_a_query_and_no_owner(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    action = ACTION | {"owner": "n/a", "due": date(2026, 10, 1)}
    _, said = checked(capsys, a_workbook(tmp_path / "t.xlsx", cases=[CASE], actions=[action]))
    (query,) = [finding for finding in said["findings"] if finding["cell"] == "Actions!D2"]
    assert (query["rule"], query["level"], query["value"]) == ("MF014", "query", "n/a")
    (late,) = [finding for finding in said["findings"] if finding["step"] == "action"]
    assert late["owner"] is None


def test_a_round_not_entered_has_the_cases_row_and_no_cell(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done = CASE | {"exception_report_completed": date(2026, 9, 20), "cases_reviewed": 9}
    path = a_workbook(tmp_path / "t.xlsx", cases=[done], actions=[ACTION])
    code, said = checked(capsys, path, "2026-11-23")
    found = [finding for finding in said["findings"] if finding["step"] == "re_audit"]
    assert code == 0
    assert [(f["level"], f["item"], f["row"], f["column"], f["cell"], f["due"]) for f in found] == [
        ("due_soon", 1, 2, None, None, "2026-12-01")
    ]
    assert found[0]["days_overdue"] is None


def test_a_round_that_is_entered_has_its_own_row_and_cell(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reaudits = [{"case_ref": "MF-014", "round": 1, "reauditor": "Quin Example"}]
    path = a_workbook(tmp_path / "t.xlsx", cases=[CASE], actions=[ACTION], reaudits=reaudits)
    _, said = checked(capsys, path, "2026-12-02")
    (found,) = [finding for finding in said["findings"] if finding["step"] == "re_audit"]
    assert (found["sheet"], found["cell"], found["column"]) == (
        "Re-audits",
        "'Re-audits'!C2",
        "Re-audit date",
    )


def test_output_that_nobody_reads_to_its_end_is_no_fault(tmp_path: Path) -> None:
    cases = [CASE | {"ref": f"MF-{number}"} for number in range(500)]
    path = a_workbook(tmp_path / "t.xlsx", cases=cases)
    command = [str(PROJECT / "run.py"), "check", "--tracker", str(path), "--format", "json"]
    with subprocess.Popen(
        [sys.executable, *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path
    ) as ran:
        assert ran.stdout is not None
        assert ran.stderr is not None
        ran.stdout.read(100)
        ran.stdout.close()
        assert (ran.stderr.read(), ran.wait(60)) == (b"", 0)
    assert not (tmp_path / "mfauto.log").exists()


def test_json_is_alone_on_stdout(tmp_path: Path) -> None:
    path = a_workbook(tmp_path / "t.xlsx", cases=[CASE])
    ran = subprocess.run(
        [
            sys.executable,
            str(PROJECT / "run.py"),
            "check",
            "--tracker",
            str(path),
            "--format",
            "json",
        ],
        capture_output=True,
        cwd=tmp_path,
        check=False,
    )
    assert json.loads(ran.stdout.decode("utf-8"))["counts"]["rows_read"] == 1
    assert not ran.stderr
    assert [file.name for file in tmp_path.iterdir()] == ["t.xlsx"]


def test_people_read_child_safety_first_and_every_row_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    unsafe = CASE | {"child_safety_assured": None}
    rows = [unsafe, CASE | {"ref": "MF-015", "audited": "TBC"}]
    path = a_workbook(tmp_path / "t.xlsx", cases=rows, actions=[ACTION])
    assert main(["check", "--tracker", str(path), "--as-at", "2026-11-02"]) == 3
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "t.xlsx as at 2 November 2026"
    assert lines[1] == "Child safety: not assured in 1 case; 1 is overdue, by 89 days."
    assert lines[2] == "2 rows read: 1 in the process, 0 outside it, 1 left out."
    assert "Left out: row 3, MF-015: no usable Audit date." in lines


def test_people_read_where_every_case_stands_in_the_words_of_the_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [CASE, CASE | {"ref": "MF-015", "audit_grade": "Requires improvement"}]
    path = a_workbook(tmp_path / "t.xlsx", cases=rows, actions=[ACTION])
    main(["check", "--tracker", str(path), "--as-at", "2026-11-02"])
    said = capsys.readouterr().out
    start = said.index("Where every case stands (2)")
    lines = [" ".join(line.split()) for line in said[start:].splitlines()]
    assert lines[1] == "Case Grade Stage RAG Due Next step"
    assert lines[3:5] == [
        "MF-014 Inadequate Improving Red 29 September 2026 Complete the exception report",
        "MF-015 Requires improvement Outside process Outside",
    ]
    main(["check", "--tracker", str(path), "--as-at", "2026-11-02", "--quiet"])
    assert "Where every case stands" not in capsys.readouterr().out


def test_the_positions_fit_a_terminal_of_80_characters_as_a_table(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sys.stdout", Terminal())
    monkeypatch.setenv("COLUMNS", "80")
    outside = a_case(audit_grade="Requires improvement")
    found = review(a_tracker(outside, a_case(3, ref="MF-002")), Policy(), date(2025, 1, 8))
    said = check_text(found)
    lines = said[said.index("Where every case stands") :].split("\n\n")[0].splitlines()
    assert lines[1].split()[:2] == ["Case", "Grade"]
    assert max(map(len, lines)) < 80


def without(heading: str, path: Path, *cases: dict[str, Any]) -> Path:
    """Write a tracker whose sheet Cases has another heading in place of one of ours."""
    a_workbook(path, cases=cases, actions=[ACTION])
    book = load_workbook(path)
    (head,) = (cell for cell in book["Cases"][1] if cell.value == heading)
    head.value = "Colour"
    book.save(path)
    return path


def test_a_missing_heading_comes_first_and_its_steps_cannot_be_judged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = without("Child safety assured", tmp_path / "t.xlsx", CASE)
    code, said = checked(capsys, path)
    (heading,) = [finding for finding in said["findings"] if finding["rule"] == "MF067"]
    assert heading["message"] == (
        'Sheet "Cases" has no heading "Child safety assured". Not used: "Colour" (column N). '
        "Cannot be judged: assure child safety."
    )
    assert (heading["column"], heading["clause"]) == ("Child safety assured", "C03")
    (step,) = [f for f in said["findings"] if f["step"] == "assure_child_safety"]
    assert (step["level"], step["column"], step["cell"]) == (
        "overdue",
        "Child safety assured",
        None,
    )
    assert step["message"].endswith('there is no heading "Child safety assured".')
    assert said["positions"][0]["rag"] == "Red"  # as with any blank: never silently in order
    assert code == 3

    main(["check", "--tracker", str(path), "--as-at", "2026-11-02"])
    text = capsys.readouterr().out
    assert text.index("Put these headings right first (1)") < text.index("Overdue (1)")
    assert "Child safety not assured" not in text
    assert 'Child safety: cannot be judged, there is no heading "Child safety assured".' in text
    assert "1 of what is overdue or due soon cannot be judged" in text
    assert f'adopt "{path}"' in text


def test_a_step_with_another_blank_column_is_overdue_whatever_heading_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = without("Strengths", tmp_path / "t.xlsx", CASE | {"practice_context": None})
    _, said = checked(capsys, path)
    (step,) = [f for f in said["findings"] if f["step"] == "record_meeting"]
    assert "annot be judged" not in step["message"]


def test_rows_are_not_asked_about_a_column_that_is_not_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = without("Moderation completed", tmp_path / "t.xlsx", CASE)
    _, said = checked(capsys, path)
    assert "MF079" not in {finding["rule"] for finding in said["findings"]}


@pytest.mark.parametrize(
    ("audited", "said"),
    [
        ([], "no assurance is missing"),
        ([date(2026, 11, 2)], "not assured in 1 case; none is overdue yet"),
        (
            [date(2026, 10, 20), date(2026, 11, 2)],
            "not assured in 2 cases; 1 is overdue, by 11 days",
        ),
        (
            [date(2026, 10, 20), date(2026, 10, 19)],
            "not assured in 2 cases; 2 are overdue, the longest by 12 days",
        ),
    ],
)
def test_people_read_how_many_assurances_are_missing_and_how_late(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], audited: list[date], said: str
) -> None:
    new = {"audit_grade": "Inadequate", "head_of_service": "Hana Example"}
    rows = [new | {"ref": f"MF-{n}", "audited": day} for n, day in enumerate(audited)]
    path = a_workbook(tmp_path / "t.xlsx", cases=[*rows, CASE], actions=[ACTION])
    main(["check", "--tracker", str(path), "--as-at", "2026-11-02"])
    assert capsys.readouterr().out.splitlines()[1] == f"Child safety: {said}."


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["check", "--tracker", "nowhere.xlsx"], 4, "there is no such file"),
        (["check", "--as-at", "31/12/2026"], 2, '"31/12/2026" is not a day'),
        (["check", "--as-at", "2026-02-30"], 2, '"2026-02-30" is not a day'),
        (["check"], 2, "No tracker is named"),
        (["chek"], 2, 'There is no command "chek". Did you mean "check"?'),
        (["check", "--fromat", "json"], 2, 'Did you mean "--format"?'),
        (["check", "--config", "other.toml"], 2, "there is no such file"),
        (["explain", "MF9999"], 2, 'There is no rule "MF9999"'),
        (["pack", "--month", "October"], 2, '"October" is not a month'),
    ],
)
def test_wrong_use_is_one_plain_paragraph(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: int,
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == code
    shown = capsys.readouterr()
    assert said in shown.err
    assert not shown.out
    assert "Traceback" not in shown.err
    assert "\n\n" not in shown.err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.xlsx", b"", "empty"),
        ("text.xlsx", b"Case ref,Audit date\nMF-001,1/1/2026\n", "not an Excel workbook"),
        ("old.xls", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(4000), ".xlsx"),
        ("cut.xlsx", b"PK\x03\x04" + bytes(400), "damaged"),
    ],
)
def test_a_file_that_is_no_sound_workbook_is_refused_and_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, content: bytes, said: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert main(["check", "--tracker", str(path)]) == 4
    shown = capsys.readouterr().err
    assert name in shown
    assert said in shown
    assert path.read_bytes() == content


def test_a_bug_is_one_plain_line_and_a_log_without_what_the_tracker_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    path = a_workbook(tmp_path / "t.xlsx", cases=[CASE])

    def broken(*_: object) -> None:
        raise ValueError("Ada Example")

    monkeypatch.setattr("mfauto.jobs.reviewed", broken)
    assert main(["check", "--tracker", str(path)]) == 1
    assert "Something went wrong inside mfauto (ValueError)" in capsys.readouterr().err
    log = (tmp_path / "mfauto.log").read_text(encoding="utf-8")
    assert "in broken" in log
    assert "Ada" not in log


def test_options_may_stand_before_or_after_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = a_workbook(tmp_path / "t.xlsx", cases=[CASE], actions=[ACTION])
    before = main(["--tracker", str(path), "--as-at", "2026-11-02", "check"])
    first = capsys.readouterr().out
    after = main(["check", "--tracker", str(path), "--as-at", "2026-11-02"])
    assert (before, first) == (after, capsys.readouterr().out)
    assert before == 3


def test_rules_and_explain_tell_every_limit_and_whose_it_is(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["rules"]) == 0
    said = capsys.readouterr().out
    assert "28 days after Meeting held (the process's own, C09)" in said
    assert main(["explain", "exception_report"]) == 0
    assert "Limit: 28 days after Meeting held (the process's own, C09)." in capsys.readouterr().out
    assert main(["explain", "mf031"]) == 0
    assert "Meeting held before moderation was complete" in capsys.readouterr().out


@pytest.mark.parametrize(
    "library", ["pandas", "openpyxl", "docxtpl", "jinja2", "lxml", "dataclasses", "sqlite3"]
)
def test_check_loads_no_slow_library(tmp_path: Path, library: str) -> None:
    path = a_workbook(tmp_path / "t.xlsx", cases=[CASE])
    program = (
        "import sys; from mfauto.cli import main; "
        f"main(['check', '--tracker', {str(path)!r}, '--format', 'json']); "
        f"sys.exit({library!r} in sys.modules)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, cwd=PROJECT, check=False
    )
    assert ran.returncode == 0, ran.stderr.decode()
