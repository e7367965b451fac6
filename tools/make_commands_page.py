"""Writes `docs/commands.md` from the commands' own parsers. A test says that the page is so.

Each command stands with its options, examples and exit codes. A test runs the examples.
"""

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mfauto.cli import Command, commands, parser_of

TARGET = Path(__file__).parent.parent / "docs" / "commands.md"


@dataclass(frozen=True, slots=True)
class Example:
    """What somebody may type, after `python run.py`."""

    words: str
    not_run: str = ""  #: why no test runs it; "" where one does
    code: int = 0  #: the exit code that the demo's tracker gives


EXAMPLES: Final[Mapping[str, Sequence[Example]]] = {
    "check": (
        Example('check --tracker "Moving Forward tracker.xlsx"', code=3),
        Example("check --as-at 2026-10-31", code=3),
    ),
    "run": (Example("run --dry-run"), Example("run")),
    "demo": (Example("demo another-demo"),),
    "init": (Example("init another-folder --yes"),),
    "adopt": (Example('adopt "Moving Forward tracker.xlsx" --dry-run'),),
    "flag": (Example("flag --dry-run"), Example("flag")),
    "restore": (Example("restore"), Example("restore LATEST --yes")),
    "purge": (Example("purge --dry-run"), Example("purge --yes")),
    "exceptions": (Example("exceptions"),),
    "pack": (Example("pack --month 2026-09"),),
    "remind": (
        Example("remind --dry-run"),
        Example("remind"),
        Example("remind --preview"),
    ),
    "hold": (Example("hold"),),
    "release": (Example("release --yes"),),
    "board": (Example("board"),),
    "calendar": (Example('calendar --service "Fernbeck"'),),
    "agenda": (Example("agenda"),),
    "good-practice": (Example("good-practice"),),
    "letters": (Example("letters --kind invitation"),),
    "serve": (
        Example("serve", not_run="it stays running until it is stopped"),
        Example("serve --files"),
    ),
    "status": (Example("status", not_run="what it says depends on the day"),),
    "history": (Example("history"), Example("history --case MF-051")),
    "completion": (Example("completion bash"),),
    "doctor": (Example("doctor", not_run="what it says depends on the computer"),),
    "rules": (Example("rules"),),
    "explain": (Example("explain MF110"), Example("explain re_audit")),
    "templates": (Example("templates check"), Example("templates fields")),
    "inspect": (Example('inspect "Moving Forward tracker.xlsx"'),),
}
#: beside 0, 1, 2 and 4, which every command may end with
_OWN_CODES: Final[Mapping[str, Mapping[int, str]]] = {
    "check": {3: "done, and something is an error or overdue"},
    "history": {1: "the history was changed, cut or replaced, or is not the one of `--known`"},
    "status": {1: "a job is late, failed when last tried, or the clock is behind the history"},
}
_SENDERS: Final = frozenset({"run", "remind", "release", "letters", "status", "demo", "doctor"})
CODES: Final[Mapping[int, str]] = {
    0: "Done.",
    1: "Something went wrong inside mfauto. `mfauto.log` says where, without names.",
    2: "The words typed, the settings or a template cannot be used. The message says why.",
    3: "From `check` alone: done, and something is an error or overdue.",
    4: "The tracker could not be read or written. Nothing was written.",
    5: "Some emails could not be made or delivered.",
}
OPENING = """# Commands

This page is made from the program by `python -m tools.make_commands_page`. Do not edit it.

mfauto works in the working folder, which holds the tracker and `mfauto.toml`. It is the folder you
are in, or that of the settings file after `--config`. Without a command mfauto does what is due
now, once: the same as `run`. `--help` after a command says what is listed here.
"""
AFTER_OPTIONS = """
`python run.py --version` says which version it is.

## Exit codes

For Task Scheduler, cron and monitoring.

| Code | Means |
|---|---|
"""
AFTER_CODES = """
`--format json` prints one JSON value in UTF-8 and nothing else on standard output. `serve` prints
one object a line. Errors go to standard error as text, in every format.
"""


def whole() -> argparse.ArgumentParser:
    """Give the parser of a command that has no options of its own."""
    return parser_of(Command("", "does", lambda _, __: 0))


def named(action: argparse.Action) -> str:
    """Give an option as people type it."""
    shown = " ".join(action.metavar) if isinstance(action.metavar, tuple) else action.metavar
    if action.choices is not None:
        shown = "|".join(map(str, action.choices))
    if not action.option_strings:
        return f"`{shown or action.dest.upper()}`".replace("|", "\\|")
    value = f" {shown or action.dest.upper()}" if action.nargs != 0 else ""
    return f"`{', '.join(action.option_strings)}{value}`".replace("|", "\\|")


def options_of(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    """Give what a parser takes, but for its help."""
    return [one for one in parser._actions if one.dest != "help"]  # noqa: SLF001 - it offers no other way


def table(actions: Sequence[argparse.Action]) -> str:
    """Give options as a table, or nothing where there are none."""
    if not actions:
        return ""
    rows = "".join(f"| {named(one)} | {one.help} |\n" for one in actions)
    return f"\n| Option | Does |\n|---|---|\n{rows}"


def blocks(examples: Sequence[Example]) -> Iterator[str]:
    """Give the examples as blocks that a test runs, or says why not."""
    for one in examples:
        mark = f"<!-- not run: {one.not_run} -->\n" if one.not_run else ""
        mark += f"<!-- exit code: {one.code} -->\n" if one.code else ""
        yield f"\n{mark}```console\npython run.py {one.words}\n```\n"


def command_text(command: Command) -> str:
    """Give one command as a section of the page."""
    common = {one.dest for one in options_of(whole())}
    own = [one for one in options_of(parser_of(command)) if one.dest not in common]
    codes = {0, 1, 2, 4} | set(_OWN_CODES.get(command.name, {}))
    if command.name in _SENDERS:
        codes.add(5)
    text = f"\n## {command.name}\n\n{command.does[0].upper()}{command.does[1:]}.\n"
    text += "".join(blocks(EXAMPLES.get(command.name, ()))) + table(own)
    text += f"\nExit codes: {', '.join(map(str, sorted(codes)))}."
    for code, meaning in _OWN_CODES.get(command.name, {}).items():
        text += f" Here {code} means: {meaning}."
    return f"{text}\n"


def page() -> str:
    """Give the whole page."""
    codes = "".join(f"| {code} | {meaning} |\n" for code, meaning in CODES.items())
    return (
        f"{OPENING}\n## Options of every command\n{table(options_of(whole()))}"
        f"{AFTER_OPTIONS}{codes}{AFTER_CODES}{''.join(map(command_text, commands()))}"
    )


if __name__ == "__main__":
    TARGET.write_text(page(), encoding="utf-8", newline="\n")
