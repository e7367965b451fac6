"""The commands: arguments in, sentences and exit codes out.

The one place that reads the clock and speaks to a person. A fault that a
person can put right is one plain paragraph; anything else is a bug, and goes
to `mfauto.log` without what the tracker says.
"""

import argparse
import gc
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from mfauto import __version__
from mfauto.calling import goes_by
from mfauto.cli.command import LONDON, Command, Parser, day, noted
from mfauto.errors import MfautoError, SettingsError
from mfauto.records import replace
from mfauto.settings import CONFIG, Settings, read_settings

__all__ = ["COMMON", "Command", "commands", "main", "parser", "parser_of"]

#: where each command stands, in the order of the help; a start imports the one that is asked for
_HOMES: Final = {
    "check": "reading",
    "run": "making",
    "demo": "making",
    "init": "starting",
    "adopt": "adopting",
    "flag": "reading",
    "restore": "keeping",
    "exceptions": "making",
    "pack": "making",
    "remind": "mailing",
    "hold": "mailing",
    "release": "mailing",
    "board": "documents",
    "calendar": "documents",
    "agenda": "documents",
    "good-practice": "documents",
    "letters": "scheduling",
    "serve": "scheduling",
    "status": "scheduling",
    "history": "mailing",
    "purge": "purging",
    "rules": "catalogue",
    "explain": "catalogue",
    "templates": "templates",
    "inspect": "inspecting",
    "doctor": "doctor",
    "completion": "completion",
}
#: the options of every command
COMMON: Final[tuple[tuple[tuple[str, ...], Mapping[str, Any]], ...]] = (
    (("--config",), {"type": Path, "metavar": "FILE", "help": "settings file"}),
    (("--tracker",), {"type": Path, "metavar": "FILE", "help": "the tracker to read"}),
    (
        ("--as-at",),
        {"type": day, "metavar": "YYYY-MM-DD", "help": "report date; today unless given"},
    ),
    (("--out",), {"type": Path, "metavar": "DIR", "help": "where to put what is made"}),
    (("--format",), {"choices": ("text", "json"), "help": "text unless given"}),
    (("--dry-run",), {"action": "store_true", "help": "say what would be done, only"}),
    (
        ("-q", "--quiet"),
        {"action": "store_true", "help": "say only what must be known; errors stay"},
    ),
    (
        ("-v", "--verbose"),
        {"action": "store_true", "help": "say which files are used and what takes time"},
    ),
)
_BUG: Final = 1
#: new objects until dead ones are looked for; pandas makes nearly as many while it loads,
#: and at Python's own 700 a pack spent a sixth of its time in looking.
_SELDOM: Final = 100_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code."""
    _speak_utf8()
    gc.set_threshold(_SELDOM)
    os.umask(0o077)  # what is made is private to its owner; Windows keeps the folder's own rights
    try:
        asked = argparse.Namespace(**(_NOT_GIVEN | _given(arguments)))
        _speak_utf8(json=asked.format == "json")
        if not gc.get_freeze_count():
            gc.freeze()  # what is imported stays: it needs no looking through, at the end neither
        code = _run(asked)
        sys.stdout.flush()
    except BrokenPipeError:
        return _nobody_reads()
    except MfautoError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("Stopped. What was finished stays; nothing is half done.", file=sys.stderr)
        return _BUG
    except Exception as error:  # noqa: BLE001 - the outermost edge: a bug is one plain line
        print(noted(error), file=sys.stderr)
        return _BUG
    finally:
        goes_by(None)
    return code


def _nobody_reads() -> int:
    """End quietly where the program that reads the output, such as `head`, has had enough."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())  # what is still buffered goes there at the end
    os.close(nowhere)
    return 0


def _given(arguments: Sequence[str] | None) -> dict[str, Any]:
    words = sys.argv[1:] if arguments is None else list(arguments)
    if not words or words[0] not in _HOMES:
        return vars(parser().parse_args(words))
    # Its own parser alone: to make those of all commands takes longer than to read the words.
    return vars(parser_of(_command(words[0])).parse_args(words[1:]))


def commands() -> Iterable[Command]:
    """Give every command, in the order of the help."""
    return map(_command, _HOMES)


def _command(name: str) -> Command:
    home = import_module(f"{__name__}.{_HOMES[name]}")
    found: Command = getattr(home, name.replace("-", "_").upper())
    return found


def parser_of(command: Command) -> Parser:
    """Give the parser of one command, with the options of every command."""
    made = Parser(
        prog=f"mfauto {command.name}", description=_described(command), parents=[_common()]
    )
    _take(made, command)
    return made


def _described(command: Command) -> str:
    return f"{command.does[0].upper()}{command.does[1:]}."


def _take(made: Parser, command: Command) -> None:
    """Let a parser take the command's own arguments."""
    for names, options in command.arguments:
        made.add_argument(*names, **options)
    made.set_defaults(do=command.do, command=command.name, lenient=command.lenient)


def _run(asked: argparse.Namespace) -> int:
    now = datetime.now(LONDON)
    folder = Path.cwd()
    goes_by(asked.config)
    settings = _settings(asked, folder)
    if asked.tracker is not None:
        settings = replace(settings, tracker=asked.tracker)
    if asked.out is not None:
        settings = replace(settings, out=asked.out)
    asked.now = now
    asked.as_at = asked.as_at or now.date()
    command: Callable[[argparse.Namespace, Settings], int] = asked.do
    as_text = asked.format == "text" and asked.command != "serve"  # which speaks each minute
    line = as_text and not asked.quiet and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
    if not line and not asked.verbose:
        return command(asked, settings)
    from mfauto.cli.showing import shown  # noqa: PLC0415 - only where somebody looks on

    if asked.verbose:
        print(_used(asked, settings), file=sys.stderr)
    with shown(line=line, times=asked.verbose):
        return command(asked, settings)


def _settings(asked: argparse.Namespace, folder: Path) -> Settings:
    """Read the settings; a command that does without them goes by the defaults."""
    try:
        return read_settings(asked.config, folder)
    except SettingsError as error:
        if not asked.lenient:
            raise
        asked.trouble = error
        return Settings(folder=asked.config.absolute().parent if asked.config else folder)


def _used(asked: argparse.Namespace, settings: Settings) -> str:
    """Say what the command works with, for --verbose."""
    config = asked.config or settings.folder / CONFIG
    lines = (
        f"mfauto {__version__}, Python {sys.version.split()[0]}, {sys.platform}",
        f"Settings: {config if config.exists() else 'no file; the defaults serve'}",
        f"Working folder: {settings.folder.absolute()}",
        f"Tracker: {settings.tracker or 'the only workbook of the folder'}",
        f"Report date: {asked.as_at}",
    )
    return "\n".join(lines)


def _speak_utf8(*, json: bool = False) -> None:
    """Names and dashes come out right on a Windows console and in a pipe.

    Who asks for another encoding by PYTHONIOENCODING has it; what it does not know shows
    as "?". JSON is UTF-8 whatever is asked, so that nothing in it is lost.
    """
    wanted = os.environ.get("PYTHONIOENCODING", "").partition(":")[0]
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is None:
            continue
        if wanted and not (json and stream is sys.stdout):
            reconfigure(errors="replace")
        else:
            reconfigure(encoding="utf-8", errors="replace")


def _common() -> Parser:
    """Give the options of every command; one not given is left out, so that none hides another."""
    common = Parser(add_help=False, argument_default=argparse.SUPPRESS)
    options = common.add_argument_group("common options")
    for names, meaning in COMMON:
        options.add_argument(*names, **meaning)
    return common


_NOT_GIVEN: Final = {
    "config": None,
    "tracker": None,
    "as_at": None,
    "out": None,
    "format": "text",
    "dry_run": False,
    "quiet": False,
    "verbose": False,
    "accept_fewer_rows": False,
    "trouble": None,
    "trackers": None,
    "figures_only": False,
    "workers": None,
}


def parser() -> Parser:
    """Give the reader of every command line."""
    common = _common()
    made = Parser(
        prog="mfauto",
        description="Keeps the Moving Forward Process moving, from the Excel tracker.",
        epilog="Without a command: does what is due now, once.",
        parents=[common],
    )
    made.add_argument("--version", action="version", version=f"mfauto {__version__}")
    _take(made, _command("run"))  # without a command it runs, with the same options
    known = made.add_subparsers(title="commands", metavar="COMMAND")
    for command in commands():
        sub = known.add_parser(
            command.name, help=command.does, description=_described(command), parents=[common]
        )
        _take(sub, command)
    return made
