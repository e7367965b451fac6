"""What every command shares: how it is declared, its run, and how it tells what it did."""

import argparse
import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn
from zoneinfo import ZoneInfo

from mfauto import __version__, jobs
from mfauto.calling import call
from mfauto.errors import UsageError
from mfauto.patterns import pattern
from mfauto.records import record, replace
from mfauto.settings import Settings

if TYPE_CHECKING:
    from mfauto.jobs import Done, Run

LONDON: Final = ZoneInfo("Europe/London")


_NO_COMMAND: Final = pattern(r"argument COMMAND: invalid choice: '(.*)' \(choose from (.*)\)")
_NO_OPTION: Final = pattern(r"unrecognized arguments: (--?[^\s=]+)")
_NOT_TAKEN: Final = "unrecognized arguments: "
_TRACKER: Final = pattern(rf"{_NOT_TAKEN}(?!-)(.+\.xls[xm])$", re.IGNORECASE)
_WINDOW: Final = 80  #: letters in a line, where nobody says


class _Help(argparse.HelpFormatter):
    """Help as wide as the window."""

    def __init__(self, prog: str) -> None:
        # Said here, since argparse asks `shutil`, which loads every kind of archive at each start.
        super().__init__(prog, width=_window() - 2)


def _window() -> int:
    """How many letters fit into a line: as the system was told, else as the window is wide."""
    stated = os.environ.get("COLUMNS", "")
    if stated.isdecimal() and int(stated):
        return int(stated)
    try:
        stream = sys.__stdout__
        return (os.get_terminal_size(stream.fileno()).columns if stream else 0) or _WINDOW
    except (AttributeError, OSError, ValueError):
        return _WINDOW


class Parser(argparse.ArgumentParser):
    """Reads the arguments; what is wrong with them is one sentence."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - as argparse takes them
        super().__init__(formatter_class=_Help, **options)
        self.color = False  # newer versions of Python would put escape codes into the help

    def error(self, message: str) -> NoReturn:
        """Raise UsageError instead of leaving the program."""
        said = self._meant(message) or f"{message[0].upper()}{message[1:]}."
        words = self.prog.split()[1:]
        raise UsageError(f"{said}\nTry: {call(' '.join([*words, '--help']))}")

    def _meant(self, message: str) -> str:
        """Say what was likely meant where a command or an option is misspelt; else ""."""
        command = _NO_COMMAND.match(message)
        option = _NO_OPTION.match(message)
        tracker = _TRACKER.match(message)
        if tracker:
            return f'To name a tracker, put --tracker before it: --tracker "{tracker[1]}"'
        if not option and message.startswith(_NOT_TAKEN):
            return f"This cannot be used here: {message.removeprefix(_NOT_TAKEN)}."
        if command:
            name, known = command[1], [one.strip(" '") for one in command[2].split(",")]
            said = f'There is no command "{name}".'
        elif option:
            name = option[1]
            known = [one for one in self._option_string_actions if one.startswith("--")]
            said = f'There is no option "{name}" here.'
        else:
            return ""
        from difflib import get_close_matches  # noqa: PLC0415 - only for a misspelt word

        near = get_close_matches(name, known, n=1)
        return f'{said} Did you mean "{near[0]}"?' if near else said


#: for the commands that write into the tracker or send
ACCEPT_FEWER_ROWS: Final = (
    ("--accept-fewer-rows",),
    {
        "action": "store_true",
        "default": argparse.SUPPRESS,
        "help": "go on although many rows are gone since the last run",
    },
)


@record(kw_only=False)
class Command:
    """One command: what a person types, what they read about it, and what it does."""

    name: str
    does: str  #: its line in --help
    do: Callable[[argparse.Namespace, Settings], int]
    arguments: tuple[tuple[tuple[str, ...], Mapping[str, Any]], ...] = ()
    lenient: bool = False  #: it is done also where the settings cannot be used


PDF: Final = (
    ("--pdf",),
    {"action": "store_true", "help": "put a PDF beside each, where LibreOffice is installed"},
)


def day(text: str) -> date:
    """Read the day after --as-at. UsageError where it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(
            f'--as-at: "{text}" is not a day. Write it as year-month-day, such as 2026-11-02.'
        ) from None


def month(text: str) -> tuple[int, int]:
    """Read the year and month after --month. UsageError where it is none."""
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        raise UsageError(
            f'--month: "{text}" is not a month. Write it as year-month, such as 2026-10.'
        ) from None
    return first.year, first.month


def noted(error: Exception) -> str:
    """Write where a bug happened into `mfauto.log`; its message could hold a name."""
    import traceback  # noqa: PLC0415 - nearly never needed

    log = Path.cwd() / "mfauto.log"
    frames = "".join(
        f"  {frame.filename}, line {frame.lineno}, in {frame.name}\n"
        for frame in traceback.extract_tb(error.__traceback__)
    )
    said = f"{datetime.now(LONDON):%Y-%m-%d %H:%M:%S} mfauto {__version__} {type(error).__name__}\n"
    try:
        with log.open("a", encoding="utf-8") as file:
            file.write(said + frames)
    except OSError:
        return f"Something went wrong inside mfauto ({type(error).__name__}). Please report it."
    return (
        f"Something went wrong inside mfauto ({type(error).__name__}).\n"
        f"Please send {log} to whoever looks after mfauto. It holds no names."
    )


def plain(one: Any) -> dict[str, Any]:  # noqa: ANN401 - any dataclass
    """Give what a dataclass holds, as JSON has it."""
    from dataclasses import asdict  # noqa: PLC0415 - long to load, and most commands do without

    return asdict(one)


def told(asked: argparse.Namespace, done: "Done") -> int:
    """Say what a job did, and what it could not do; give the exit code."""
    if asked.format == "json":
        print(json.dumps(done.as_json(asked.command), ensure_ascii=False, indent=1))
    else:
        # --quiet leaves out what went as it should; where something failed, all is said.
        lines = done.asks if asked.quiet and not done.failed else done.said
        if lines:
            print("\n".join(lines))
    for error in done.failed:
        print(error, file=sys.stderr)
    return done.exit_code


@contextmanager
def run_of(
    asked: argparse.Namespace,
    settings: Settings,
    *,
    looking: bool = False,
    one_tracker: bool = True,
) -> Iterator["Run"]:
    """Open the history for one run; for a dry run, or one that is `looking`, only to look at.

    A run that writes is the only one in its working folder until it ends.
    """
    from mfauto.ledger import open_ledger, read_ledger  # noqa: PLC0415

    if one_tracker:
        jobs.tracker_path(settings)  # before anything is made: without a tracker nothing is
    run = jobs.Run(
        settings=settings,
        as_at=asked.as_at,
        now=asked.now,
        dry_run=asked.dry_run,
        accept_fewer_rows=asked.accept_fewer_rows,
    )
    history = (
        read_ledger(settings.folder)
        if asked.dry_run or looking
        else open_ledger(settings.folder, asked.now)
    )
    with history as ledger:
        try:
            yield replace(run, ledger=ledger)
        finally:
            run.close()
