"""The manners of the terminal: what is said where, how wide, how much, and in which letters."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from shutil import copytree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mfauto.cli import commands, main
from mfauto.cli.showing import Progress
from mfauto.parts import each, heard_by, part
from mfauto.tables import WIDTH, table, width_of

PROJECT = Path(__file__).parent.parent
AS_AT = ("--as-at", "2026-11-24")
ESCAPE = "\x1b"


@pytest.fixture
def folder(whole_demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    copied = tmp_path / "folder"
    copytree(whole_demo, copied)
    monkeypatch.chdir(copied)
    return copied


def without_waiting(folder: Path) -> None:
    settings = folder / "mfauto.toml"
    settings.write_text(f"wait_seconds = 0\n{settings.read_text('utf-8')}", encoding="utf-8")


def started(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[bytes]:
    """Start the product as a process of its own, its output piped."""
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONIOENCODING"}
    return subprocess.run(
        [sys.executable, str(PROJECT / "run.py"), *arguments],
        cwd=folder,
        env=clean | variables,
        capture_output=True,
        check=False,
    )


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def on_screen(written: str) -> str:
    """Give the last line as a terminal shows it: a carriage return goes back to its start."""
    line: list[str] = []
    for stretch in written.rsplit("\n", maxsplit=1)[-1].split("\r"):
        line[: len(stretch)] = stretch
    return "".join(line).rstrip()


def test_the_line_of_progress_shows_what_is_done_and_is_taken_away_again() -> None:
    screen = Terminal()
    progress = Progress(screen, line=False, times=False, patience=0)
    with heard_by(progress):
        with part("Making reports"):
            for number in each(range(3)):
                progress.draw()
                assert on_screen(screen.getvalue()) == f"Making reports: {number} of 3 ..."
        assert on_screen(screen.getvalue()) == ""
        with part("Reading"), part("Looking"):
            progress.draw()
            assert on_screen(screen.getvalue()) == "Looking ..."
    progress.close()
    assert on_screen(screen.getvalue()) == ""
    assert ESCAPE not in screen.getvalue()


def test_nothing_shows_before_it_is_time() -> None:
    screen = Terminal()
    progress = Progress(screen, line=True, times=False, patience=3600)
    with heard_by(progress), part("Reading"):
        progress.draw()
    progress.close()
    assert screen.getvalue() == ""


def fails_on(progress: Progress) -> None:
    with part("Reading"):
        progress.draw()
        raise ZeroDivisionError


def test_a_part_that_fails_leaves_no_line_behind() -> None:
    screen = Terminal()
    progress = Progress(screen, line=False, times=False, patience=0)
    with pytest.raises(ZeroDivisionError), heard_by(progress):
        fails_on(progress)
    assert "Reading" in screen.getvalue()
    assert on_screen(screen.getvalue()) == ""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such terminal")
def test_on_a_terminal_the_line_goes_again_and_no_escape_code_appears(folder: Path) -> None:
    import pty  # noqa: PLC0415 - not on Windows

    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, str(PROJECT / "run.py"), "check", *AS_AT],
        cwd=folder,
        env=os.environ | {"TERM": "xterm"},
        stdout=subprocess.PIPE,
        stderr=theirs,
    ) as process:
        os.close(theirs)
        seen = "".join(read_all(ours))
        assert process.stdout is not None
        said = process.stdout.read().decode()
    os.close(ours)
    assert process.returncode == 3
    assert "Child safety" in said
    assert on_screen(seen) == ""
    assert ESCAPE not in seen + said


def read_all(handle: int) -> Iterator[str]:
    while True:
        try:
            data = os.read(handle, 4096)
        except OSError:  # the other side has ended
            return
        if not data:
            return
        yield data.decode()


@pytest.mark.parametrize(
    ("arguments", "variables"),
    [
        (("check",), {"NO_COLOR": "1"}),
        (("check", "--help"), {"TERM": "xterm-256color"}),
        (("exceptions",), {"TERM": "dumb"}),
    ],
    ids=str,
)
def test_piped_there_is_no_escape_code_and_no_line_of_progress(
    folder: Path, arguments: tuple[str, ...], variables: Mapping[str, str]
) -> None:
    done = started(folder, *arguments, *AS_AT, **{"FORCE_COLOR": "1", **variables})
    assert done.returncode in {0, 3}
    assert done.stdout
    assert ESCAPE.encode() not in done.stdout + done.stderr
    assert b"\r" not in done.stderr.replace(b"\r\n", b"\n")
    assert b"Reading" not in done.stderr


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_a_name_that_cannot_be_printed_never_ends_in_a_crash(folder: Path, encoding: str) -> None:
    name = "Łódź – ✓.xlsx"
    (folder / "Moving Forward tracker.xlsx").rename(folder / name)
    done = started(folder, "check", "--tracker", name, *AS_AT, PYTHONIOENCODING=encoding)
    assert done.returncode == 3
    assert done.stdout.decode(encoding).startswith("?")
    assert "Child safety" in done.stdout.decode(encoding)
    without_waiting(folder)
    missing = started(folder, "check", "--tracker", "✓.xlsx", PYTHONIOENCODING=encoding)
    assert missing.returncode == 4
    assert "?.xlsx" in missing.stderr.decode(encoding)


def test_json_is_utf8_whatever_encoding_is_asked_for(folder: Path) -> None:
    name = "Łódź – ✓.xlsx"
    (folder / "Moving Forward tracker.xlsx").rename(folder / name)
    done = started(
        folder, "check", "--tracker", name, *AS_AT, "--format", "json", PYTHONIOENCODING="ascii"
    )
    assert json.loads(done.stdout.decode("utf-8"))["tracker"]["path"].endswith(name)


#: every command that a program may ask
ASKED = (
    ["check"],
    ["run", "--dry-run"],
    ["flag", "--dry-run"],
    ["restore"],
    ["restore", "LATEST", "--yes", "--dry-run"],
    ["exceptions", "--dry-run"],
    ["pack", "--dry-run"],
    ["remind", "--dry-run"],
    ["agenda", "--dry-run"],
    ["good-practice", "--dry-run"],
    ["letters", "--dry-run"],
    ["serve", "--dry-run"],
    ["serve", "--files", "--dry-run"],
    ["status"],
    ["history"],
    ["rules"],
    ["explain", "MF110"],
    ["templates", "check"],
    ["templates", "fields"],
    ["inspect"],
    ["demo", "another", "--dry-run"],
    ["adopt", "--dry-run"],
    ["init", "another", "--yes"],
    ["remind", "--preview"],
    ["hold"],
    ["release", "--yes"],
    ["purge", "--dry-run"],
    ["doctor"],
    ["completion", "bash"],
    ["board"],
    ["calendar"],
)


@pytest.mark.parametrize("arguments", ASKED, ids=" ".join)
def test_each_command_prints_one_json_value_and_nothing_else(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    assert folder.is_dir()
    assert main([*arguments, *AS_AT, "--format", "json"]) in {0, 3}
    assert json.loads(capsys.readouterr().out)


def test_every_command_is_asked_for_json() -> None:
    assert {words[0] for words in ASKED} == {command.name for command in commands()}


def test_a_command_that_would_have_to_ask_asks_nothing_in_json(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (folder / "Moving Forward tracker.xlsx").read_bytes()
    assert main(["restore", "LATEST", "--format", "json"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "--yes" in said.err
    assert (folder / "Moving Forward tracker.xlsx").read_bytes() == before


def test_serve_prints_one_json_object_a_line(folder: Path) -> None:
    with subprocess.Popen(
        [sys.executable, str(PROJECT / "run.py"), "serve", "--format", "json"],
        cwd=folder,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        first = json.loads(process.stdout.readline())
        process.terminate()
        rest = [json.loads(line) for line in process.stdout]
    assert first["said"] == "mfauto serves; stop it with Ctrl+C"
    assert all(set(line) == {"at", "said"} for line in [first, *rest])


@pytest.mark.parametrize(
    "arguments",
    [["flag"], ["exceptions"], ["pack"], ["history"], ["templates"]],
    ids=" ".join,
)
def test_quiet_says_nothing_where_all_went_well(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    assert folder.is_dir()
    assert main([*arguments, *AS_AT, "--quiet"]) == 0
    said = capsys.readouterr()
    assert said.out + said.err == ""


def test_quiet_still_says_child_safety_and_the_totals(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert folder.is_dir()
    assert main(["check", *AS_AT, "-q"]) == 3
    said = capsys.readouterr().out
    assert "Child safety: " in said
    assert "overdue" in said
    assert "MF103" not in said


def test_quiet_still_says_what_a_person_has_to_do_something_about(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["agenda", "--as-at", "2027-11-24", "-q"]) == 0
    assert "Meetings lists no meeting" in capsys.readouterr().out
    without_waiting(folder)
    (folder / "Moving Forward tracker.xlsx").unlink()
    assert main(["flag", "-q"]) == 4
    assert "Moving Forward tracker.xlsx" in capsys.readouterr().err


def test_quiet_still_says_that_emails_wait_for_a_person(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert folder.is_dir()
    assert main(["hold"]) == 0
    capsys.readouterr()
    main(["remind", "--as-at", "2026-12-01", "-q"])
    said = capsys.readouterr()
    assert "then say: release" in said.out + said.err


def test_quiet_doctor_says_only_what_there_is_to_do_something_about(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert folder.is_dir()
    main(["doctor", *AS_AT, "-q"])
    said = capsys.readouterr().out
    assert "What to do: Enter their addresses in Excel." in said
    assert "in order" not in said


def test_verbose_says_which_files_and_how_long_and_leaves_stdout_as_it_is(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", *AS_AT]) == 3
    plain = capsys.readouterr().out
    assert main(["check", *AS_AT, "-v"]) == 3
    said = capsys.readouterr()
    assert said.out == plain
    for words in (
        f"Settings: {folder / 'mfauto.toml'}",
        f"Tracker: {folder / 'Moving Forward tracker.xlsx'}",
        "Report date: 2026-11-24",
        "Reading Moving Forward tracker.xlsx: ",
        "In all: ",
    ):
        assert words in said.err


def test_a_table_is_as_wide_as_the_terminal_and_piped_always_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    assert width_of(Terminal()) == 59
    assert width_of(io.StringIO()) == WIDTH
    monkeypatch.setenv("COLUMNS", "no number")
    assert width_of(Terminal()) == WIDTH


WORD = st.text(st.sampled_from("abcdefgh"), min_size=1, max_size=11)
CELL = st.lists(WORD, max_size=12).map(" ".join)


@settings(max_examples=40)
@given(
    st.integers(1, 6).flatmap(
        lambda columns: st.lists(
            st.lists(CELL, min_size=columns, max_size=columns), min_size=1, max_size=6
        )
    ),
    st.integers(24, 140),
)
def test_a_table_fits_the_width_and_loses_no_word(rows: list[list[str]], width: int) -> None:
    headings = [f"Head{place}" for place in range(len(rows[0]))]
    shown = table(headings, rows, width=width)
    assert max(map(len, shown.splitlines()), default=0) <= width
    assert words_of(rows) <= set(shown.split())


def words_of(rows: Sequence[Sequence[str]]) -> set[str]:
    return {word for row in rows for cell in row for word in cell.split()}


def test_a_narrow_table_becomes_lines_of_heading_and_cell() -> None:
    row = ("MF103", "Cases!L12", "MF-012", "Priya Example", "Child safety not assured")
    shown = table(("Rule", "Cell", "Case", "Owner", "What"), [row], width=40)
    assert shown.splitlines() == [
        "Rule: MF103",
        "Cell: Cases!L12",
        "Case: MF-012",
        "Owner: Priya Example",
        "What: Child safety not assured",
    ]
