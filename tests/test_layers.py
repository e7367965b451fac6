"""Which way imports point: downwards only, and each library in one room."""

import ast
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent
PACKAGE = PROJECT / "mfauto"

#: from the bottom up; a room imports only from rooms above it in this list, or from itself
ROOMS = (
    "errors",
    "patterns",
    "records",
    "parts",
    "bootstrap",
    "calling",
    "addresses",
    "comparing",
    "wording",
    "typed_lists",
    "tables",
    "sandbox",
    "names",
    "pdf",
    "processes",
    "columns",
    "workdays",
    "policy",
    "settings",
    "setting_words",
    "schedule",
    "schedule_files",
    "serving",
    "model",
    "dates",
    "packing",
    "saving",
    "xlsx",
    "inspecting",
    "layout",
    "lines",
    "answers",
    "plausible",
    "workbook",
    "adopting",
    "standing",
    "expected",
    "happened",
    "steps",
    "limits",
    "catalogue",
    "rules",
    "process",
    "remarks",
    "flags",
    "template",
    "demo",
    "starting",
    "word",
    "together",
    "fitting",
    "report",
    "measures",
    "charts",
    "pack",
    "agenda",
    "good_practice",
    "documents",
    "many",
    "templating",
    "messages",
    "board",
    "letters",
    "diary",
    "ledger",
    "recall",
    "continuity",
    "delivery",
    "posting",
    "sending",
    "history",
    "jobs",
    "doctor",
    "terminal",
    "cli",
    "__main__",
)
#: a library's name, and the rooms that may import it
LIBRARIES = {
    "rapidfuzz": {"adopting"},
    "tomlkit": {"adopting"},
    "pandas": {"measures"},
    "docxtpl": {"word"},
    "jinja2": {"messages", "sandbox", "word"},
    "sqlite3": {"ledger"},
    "schedule": {"serving"},
    "icalendar": {"letters", "diary"},
    "markupsafe": {"board"},
    "smtplib": {"delivery"},
    "msal": {"delivery"},
    "requests": {"delivery"},
    "dotenv": {"delivery"},
    "argparse": {"cli"},
    "distributed": set(),  # `many` takes a client that somebody else made
}
FILES = sorted(PACKAGE.rglob("*.py"))


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_downwards(path: Path) -> None:
    here = room(path)
    if here == "__init__":
        assert not imported(path)
        return
    for name in imported(path):
        parts = name.split(".")
        if parts[0] == "mfauto" and len(parts) > 1 and parts[1] in ROOMS:
            assert ROOMS.index(parts[1]) <= ROOMS.index(here), f"{here} imports {name}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_record_takes_fields_of_its_own_kind_only(path: Path) -> None:
    names = imported(path)
    assert "mfauto.records.record" not in names or "dataclasses.field" not in names


def test_every_room_is_on_the_plan() -> None:
    rooms = {room(path) for path in FILES} - {"__init__"}
    assert rooms == set(ROOMS)


@pytest.mark.parametrize(("library", "homes"), LIBRARIES.items())
def test_a_library_is_imported_where_the_plan_says(library: str, homes: set[str]) -> None:
    users = {
        room(path)
        for path in FILES
        if any(name.split(".")[0] == library for name in imported(path))
    }
    assert users <= homes


@pytest.mark.parametrize(
    "pure", ["model", "policy", "standing", "steps", "process", "rules", "flags"]
)
def test_the_middle_reads_no_clock_and_opens_no_file(pure: str) -> None:
    for path in FILES:
        if room(path) == pure:
            text = path.read_text(encoding="utf-8")
            assert ".today()" not in text
            assert ".now(" not in text
            assert "open(" not in text


def test_only_the_commands_read_the_clock() -> None:
    readers = {
        room(path)
        for path in FILES
        if any(mark in path.read_text(encoding="utf-8") for mark in (".today()", "datetime.now("))
    }
    assert readers <= {"cli"}
