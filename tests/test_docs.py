"""The pages say what the program says, their links lead somewhere, and their commands work."""

import io
import re
import shlex
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from shutil import copyfile, copytree
from urllib.parse import unquote

import pytest

from mfauto.cli import commands, main
from mfauto.errors import MfautoError
from tools import make_commands_page, make_pictures, make_rooms, make_rules_page, make_settings_page

PROJECT = Path(__file__).parent.parent
DOCS = PROJECT / "docs"
PAGES = sorted([PROJECT / "README.md", PROJECT / "CONTRIBUTING.md", *DOCS.glob("*.md")])
START = re.compile(r"(?:python run\.py|mfauto) ")
PROGRAMS = ("python", "py ", "mfauto ")  #: what a line that is a command begins with
TODAY = ["--as-at", "2026-11-24"]  #: the day of the demo, on which the commands are typed
BLOCK = re.compile(
    r"(?P<marks>(?:^[ ]*<!-- (?:not run|exit code): [^\n]* -->\n)*)"
    r"^[ ]*```console\n(?P<lines>.*?)^[ ]*```",
    re.MULTILINE | re.DOTALL,
)
FENCED = re.compile(r"^[ ]*```(\w*)\n(.*?)^[ ]*```", re.MULTILINE | re.DOTALL)
LONGEST_SENTENCE = 25
#: how many blocks are not run, and why: whoever adds one says so here as well
NOT_RUN = {
    "it stays running until it is stopped": 1,
    "what it says depends on the day": 1,
    "what it says depends on the computer": 2,
    "Windows only": 3,
    "it fetches packages from the internet": 1,
    "it makes a folder in your home": 1,
    "it changes what this computer starts": 2,
    "it would start these tests within themselves": 2,
    "for developers; tests do the same": 1,
    "the name is that of your own backup": 1,
    "tests make the site as well": 1,
    "the ID is that of your own email": 1,
    "the folder is one of your own": 1,
}


@dataclass(frozen=True)
class Typed:
    """One command of a page."""

    words: str
    code: int  #: the exit code that it gives in the demo's folder


class Person(io.StringIO):
    """Somebody at the screen, who answers what is asked."""

    def isatty(self) -> bool:
        return True


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def marks_of(text: str) -> dict[str, str]:
    return dict(re.findall(r"<!-- ([^:]+): (.*?) -->", text))


def typed_on(text: str) -> Iterator[Typed]:
    for block in BLOCK.finditer(text):
        marks = marks_of(block["marks"])
        if "not run" not in marks:
            for line in filter(None, map(str.strip, block["lines"].splitlines())):
                yield Typed(line, int(marks.get("exit code", "0")))


def test_the_rules_page_is_what_the_catalogue_makes() -> None:
    assert text_of(make_rules_page.TARGET) == make_rules_page.page()


def test_the_settings_page_is_what_the_table_of_settings_makes() -> None:
    assert text_of(make_settings_page.TARGET) == make_settings_page.page()


def test_the_commands_page_is_what_the_parsers_make() -> None:
    assert text_of(make_commands_page.TARGET) == make_commands_page.page()


def test_the_picture_of_the_rooms_is_that_of_the_plan() -> None:
    page = text_of(make_rooms.TARGET)
    assert page == make_rooms.page(page)
    assert "| `cli` |" in page


def test_every_command_has_an_example_and_every_example_a_command() -> None:
    assert set(make_commands_page.EXAMPLES) == {command.name for command in commands()}


def test_every_exit_code_of_the_program_is_on_the_page() -> None:
    kinds = [MfautoError]
    for kind in kinds:
        kinds += kind.__subclasses__()
    assert {kind.exit_code for kind in kinds} | {0, 1, 3} == set(make_commands_page.CODES)


def test_every_command_of_the_readme_is_a_command() -> None:
    known = {command.name for command in commands()}
    used = set(re.findall(r"python run\.py ([a-z-]+)", text_of(PROJECT / "README.md")))
    assert used
    assert used <= known


def test_the_readme_is_short() -> None:
    assert len(text_of(PROJECT / "README.md").splitlines()) < 120


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_of_a_page_works_in_the_order_of_the_page(
    page: Path,
    whole_demo: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = tmp_path / "folder"
    copytree(whole_demo, folder)
    for name in ("Tracker.xlsx", "Audit tracker.xlsx"):  # as pages call a tracker of one's own
        copyfile(folder / "Moving Forward tracker.xlsx", folder / name)
    monkeypatch.chdir(folder)
    monkeypatch.setattr("sys.stdin", Person("y\n" * 99))
    for typed in typed_on(text_of(page)):
        start = START.match(typed.words)
        assert start, f"{typed.words}: mark it as not run, with a reason"
        words = shlex.split(typed.words[start.end() :])
        if words[0] == "demo":
            continue  # the folder that all this happens in was made by it
        if "--as-at" not in words:
            words += TODAY
        code = main(words)
        said = capsys.readouterr()
        assert code == typed.code, f"{typed.words}\n{said.out}{said.err}"


@pytest.mark.parametrize("words", ["check", "flag", "--version"])
def test_a_command_works_as_a_process_of_its_own(
    words: str, whole_demo: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "folder"
    copytree(whole_demo, folder)
    command = [sys.executable, str(PROJECT / "run.py"), *shlex.split(words)]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    assert done.returncode == (3 if words == "check" else 0), done.stderr
    assert done.stdout


def test_commands_that_are_not_run_are_counted_each_with_its_reason() -> None:
    found: Counter[str] = Counter()
    for page in PAGES:
        for block in BLOCK.finditer(text_of(page)):
            marks = marks_of(block["marks"])
            if "not run" in marks:
                found[marks["not run"]] += 1
    assert found == Counter(NOT_RUN)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_command_stands_in_a_block_that_is_run(page: Path) -> None:
    """A block without a name, or with another one, hides its commands from these tests."""
    for name, lines in FENCED.findall(text_of(page)):
        commands = [line for line in lines.splitlines() if line.strip().startswith(PROGRAMS)]
        assert name == "console" or not commands, commands


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_picture_is_there_and_says_what_it_shows(page: Path) -> None:
    for words, target in re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", text_of(page)):
        assert len(words.split()) >= 3, target
        assert (page.parent / target).is_file()


def test_every_picture_stands_on_a_page() -> None:
    used = {
        Path(target).name
        for page in PAGES
        for target in re.findall(r"\]\(([^)]+\.png)\)", text_of(page))
    }
    assert {path.name for path in (DOCS / "pictures").iterdir()} == used


def test_every_picture_that_is_made_is_there() -> None:
    drawn = (*make_pictures.PAGES, *make_pictures.EMAILS, *make_pictures.SCREENS)
    made = {one.name for one in drawn} | {"tracker"}
    assert made <= {path.stem for path in (DOCS / "pictures").glob("*.png")}


def sentences_of(text: str) -> Iterator[str]:
    """Give the sentences of a page: no code, no headings; each cell and list item on its own.

    A colon, a semicolon or a dash ends none: a reader has to keep all of it in mind.
    """
    text = re.sub(r"^[ ]*```.*?^[ ]*```", "", text, flags=re.MULTILINE | re.DOTALL)
    text = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"`[^`]*`", "code", text)
    for part in re.split(r"\n\s*\n|\n(?=\s*(?:[-*]|\d+\.) )|\||\n(?=#)", text):
        yield from re.split(r"(?<=[.?!])[*)\"”]*\s+", " ".join(part.split()))


def test_a_sentence_ends_where_its_writer_ended_it() -> None:
    text = "One; two: three – four.\nFive `A. B.` six? (Seven!) **Eight.** Nine\n\n- Ten\n- Eleven"
    assert list(sentences_of(text)) == [
        "One; two: three – four.",
        "Five code six?",
        "(Seven!",
        "**Eight.",
        "Nine",
        "- Ten",
        "- Eleven",
    ]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_sentence_is_long(page: Path) -> None:
    long = [one for one in sentences_of(text_of(page)) if len(one.split()) > LONGEST_SENTENCE]
    assert long == []


class Links(HTMLParser):
    """What a page of the site points to, what it loads, and the places that can be pointed to."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.places: set[str] = set()
        self.unnamed: list[str] = []
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        self.places |= {named[name] for name in ("id", "name") if name in named}
        if tag == "a" and "href" in named:
            self.links.append(named["href"])
        elif "src" in named:
            self.loaded.append(named["src"])
        elif tag == "link" and "href" in named:
            self.loaded.append(named["href"])
        if tag == "img" and not named.get("alt"):
            self.unnamed.append(named.get("src", ""))


def test_every_link_of_the_site_leads_to_a_place_that_is_there(site: Path) -> None:
    pages = {path: Links(path) for path in site.rglob("*.html")}
    assert {path.stem for path in pages} >= {page.stem for page in DOCS.glob("*.md")}
    for path, found in pages.items():
        for link in found.links:
            if link.startswith(("https:", "http:", "mailto:")):
                continue
            name, _, place = link.partition("#")
            target = (path.parent / unquote(name)).resolve() if name else path
            assert target.is_file(), f"{path.name}: {link}"
            if place and target.suffix == ".html":
                assert unquote(place) in pages[target].places, f"{path.name}: {link}"


def test_no_page_of_the_site_asks_the_network_for_anything(site: Path) -> None:
    for path in site.rglob("*.html"):
        found = Links(path)
        assert found.unnamed == [], path.name
        for loaded in found.loaded:
            assert not re.match(r"(?:[a-z]+:)?//", loaded), f"{path.name}: {loaded}"
            if not loaded.startswith("#"):
                assert (path.parent / loaded.partition("?")[0]).resolve().is_file(), loaded
    for path in site.rglob("*.css"):
        assert not re.search(r"(?:url\(|@import)\s*[\"']?\s*(?:https?:)?//", text_of(path)), path


def test_every_page_can_be_reached_from_the_index_by_the_doors(site: Path) -> None:
    reached: set[str] = set()
    wanted = ["index.html"]
    while wanted:
        name = wanted.pop()
        reached.add(name)
        links = {link.partition("#")[0] for link in Links(site / name).links}
        wanted += [
            link for link in links if (site / link).suffix == ".html" and link not in reached
        ]
    assert reached >= {f"{page.stem}.html" for page in DOCS.glob("*.md")}
