"""The commands: arguments in, sentences and exit codes out.

The one place that reads the clock and speaks to a person. A fault that a
person can put right is one plain paragraph; anything else is a bug, and goes
to `mfauto.log` without what the tracker says.
"""

import argparse
import sys
import traceback
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from mfauto import __version__
from mfauto.cli.catalogue import EXPLAIN, RULES
from mfauto.cli.command import Command, Parser, day
from mfauto.cli.inspecting import INSPECT
from mfauto.cli.making import DEMO, EXCEPTIONS, HISTORY, PACK, REMIND, RUN
from mfauto.cli.reading import CHECK, FLAG
from mfauto.errors import MfautoError
from mfauto.settings import Settings, read_settings

__all__ = ["COMMANDS", "Command", "main"]

LONDON: Final = ZoneInfo("Europe/London")
COMMANDS: Final = (
    CHECK,
    RUN,
    DEMO,
    FLAG,
    EXCEPTIONS,
    PACK,
    REMIND,
    HISTORY,
    RULES,
    EXPLAIN,
    INSPECT,
)
_BUG: Final = 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code."""
    _speak_utf8()
    try:
        asked = argparse.Namespace(**(_NOT_GIVEN | _given(arguments)))
        return _run(asked)
    except MfautoError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("Stopped. What was finished stays; nothing is half done.", file=sys.stderr)
        return _BUG
    except Exception as error:  # noqa: BLE001 - the outermost edge: a bug is one plain line
        print(_noted(error), file=sys.stderr)
        return _BUG


def _given(arguments: Sequence[str] | None) -> dict[str, Any]:
    return vars(_parser().parse_args(arguments))


def _run(asked: argparse.Namespace) -> int:
    now = datetime.now(LONDON)
    folder = Path.cwd()
    settings = read_settings(asked.config, folder)
    if asked.tracker is not None:
        settings = replace(settings, tracker=asked.tracker)
    if asked.out is not None:
        settings = replace(settings, out=asked.out)
    asked.now = now
    asked.as_at = asked.as_at or now.date()
    command: Callable[[argparse.Namespace, Settings], int] = asked.do
    return command(asked, settings)


def _speak_utf8() -> None:
    """Names and dashes come out right on a Windows console and in a pipe."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")


def _noted(error: Exception) -> str:
    """Write where a bug happened into `mfauto.log`; its message could hold a name."""
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


def _common() -> Parser:
    """Give the options of every command; one not given is left out, so that none hides another."""
    common = Parser(add_help=False, argument_default=argparse.SUPPRESS)
    options = common.add_argument_group("common options")
    options.add_argument("--config", type=Path, metavar="FILE", help="settings file")
    options.add_argument("--tracker", type=Path, metavar="FILE", help="the tracker to read")
    options.add_argument(
        "--as-at", type=day, metavar="YYYY-MM-DD", help="report date; today unless given"
    )
    options.add_argument("--out", type=Path, metavar="DIR", help="where to put what is made")
    options.add_argument("--format", choices=("text", "json"), help="text unless given")
    options.add_argument("--dry-run", action="store_true", help="say what would be done, only")
    return common


_NOT_GIVEN: Final = {
    "config": None,
    "tracker": None,
    "as_at": None,
    "out": None,
    "format": "text",
    "dry_run": False,
}


def _parser() -> Parser:
    common = _common()
    parser = Parser(
        prog="mfauto",
        description="Keeps the Moving Forward Process moving, from the Excel tracker.",
        epilog="Without a command: does what is due now, once.",
        parents=[common],
    )
    parser.add_argument("--version", action="version", version=f"mfauto {__version__}")
    parser.set_defaults(do=RUN.do, command="run")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for command in COMMANDS:
        sub = commands.add_parser(
            command.name,
            help=command.does,
            description=f"{command.does[0].upper()}{command.does[1:]}.",
            parents=[common],
        )
        for names, options in command.arguments:
            sub.add_argument(*names, **options)
        sub.set_defaults(do=command.do, command=command.name)
    return parser
