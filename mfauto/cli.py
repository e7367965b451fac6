"""The commands: arguments in, sentences and exit codes out.

The one place that reads the clock and speaks to a person. A fault that a
person can put right is one plain paragraph; anything else is a bug, and goes
to `mfauto.log` without what the tracker says.
"""

import argparse
import json
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, NoReturn
from zoneinfo import ZoneInfo

from mfauto import __version__, jobs, terminal
from mfauto.errors import MfautoError, UsageError
from mfauto.jobs import Done, Run
from mfauto.model import Person, Review
from mfauto.settings import Settings, read_settings
from mfauto.workbook import read_tracker

LONDON: Final = ZoneInfo("Europe/London")
_FINDINGS: Final = 3
_BUG: Final = 1


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message[0].upper()}{message[1:]}.\nTry: {self.prog} --help")


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


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(
            f'--as-at: "{text}" is not a day. Write it as year-month-day, such as 2026-11-02.'
        ) from None


def _month(text: str) -> tuple[int, int]:
    try:
        day = date.fromisoformat(f"{text}-01")
    except ValueError:
        raise UsageError(
            f'--month: "{text}" is not a month. Write it as year-month, such as 2026-10.'
        ) from None
    return day.year, day.month


def _common() -> _Parser:
    """Give the options of every command; one not given is left out, so that none hides another."""
    common = _Parser(add_help=False, argument_default=argparse.SUPPRESS)
    options = common.add_argument_group("common options")
    options.add_argument("--config", type=Path, metavar="FILE", help="settings file")
    options.add_argument("--tracker", type=Path, metavar="FILE", help="the tracker to read")
    options.add_argument(
        "--as-at", type=_day, metavar="YYYY-MM-DD", help="report date; today unless given"
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


def _parser() -> _Parser:
    common = _common()
    parser = _Parser(
        prog="mfauto",
        description="Keeps the Moving Forward Process moving, from the Excel tracker.",
        epilog="Without a command: does what is due now, once.",
        parents=[common],
    )
    parser.add_argument("--version", action="version", version=f"mfauto {__version__}")
    parser.set_defaults(do=_check, command="run")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for command in _COMMANDS:
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


def _check(asked: argparse.Namespace, settings: Settings) -> int:
    found = jobs.reviewed(settings, asked.as_at)
    if asked.format == "json":
        print(json.dumps(as_json(found), ensure_ascii=False, default=str, indent=1))
    else:
        print(terminal.check_text(found))
    return _FINDINGS if found.counts.error or found.counts.overdue else 0


def as_json(found: Review) -> dict[str, Any]:
    """Give a review as the one object that `check --format json` prints."""
    return {
        "tracker": {"path": str(found.tracker.path), "sha256": found.tracker.sha256},
        "as_at": found.as_at,
        "findings": [asdict(finding) for finding in found.findings],
        "positions": [asdict(position) for position in found.positions],
        "counts": asdict(found.counts),
    }


def _told(asked: argparse.Namespace, done: Done) -> int:
    """Say what a job did, and what it could not do; give the exit code."""
    if asked.format == "json":
        print(
            json.dumps(
                {
                    "command": asked.command,
                    "said": done.said,
                    "made": [str(path) for path in done.made],
                    "failed": [str(error) for error in done.failed],
                },
                ensure_ascii=False,
                indent=1,
            )
        )
    else:
        print("\n".join(done.said))
    for error in done.failed:
        print(error, file=sys.stderr)
    return max((error.exit_code for error in done.failed), default=0)


@contextmanager
def _run_of(asked: argparse.Namespace, settings: Settings) -> Iterator[Run]:
    """Open the history for one run; for a dry run only to look at.

    A run that writes is the only one in its working folder until it ends.
    """
    from mfauto.ledger import open_ledger, read_ledger  # noqa: PLC0415

    jobs.tracker_path(
        settings
    )  # before anything is made: a command without a tracker makes nothing
    run = Run(settings=settings, as_at=asked.as_at, now=asked.now, dry_run=asked.dry_run)
    if asked.dry_run:
        with read_ledger(settings.folder) as ledger:
            yield replace(run, ledger=ledger)
    else:
        with open_ledger(settings.folder, asked.now) as ledger:
            yield replace(run, ledger=ledger)


def _flag(asked: argparse.Namespace, settings: Settings) -> int:
    with _run_of(asked, settings) as run:
        return _told(asked, jobs.flag(run))


def _exceptions(asked: argparse.Namespace, settings: Settings) -> int:
    found = jobs.reviewed(settings, asked.as_at)
    refs = [jobs.inadequate(found, asked.case)] if asked.case else None
    with _run_of(asked, settings) as run:
        return _told(asked, jobs.exceptions(run, found, refs=refs))


def _pack(asked: argparse.Namespace, settings: Settings) -> int:
    with _run_of(asked, settings) as run:
        return _told(asked, jobs.pack(run, asked.month or jobs.last_whole_month(asked.as_at)))


def _remind(asked: argparse.Namespace, settings: Settings) -> int:
    found = jobs.reviewed(settings, asked.as_at)
    with _run_of(asked, settings) as run:
        return _told(asked, jobs.remind(run, found, again=asked.again))


def _run_due(asked: argparse.Namespace, settings: Settings) -> int:
    with _run_of(asked, settings) as run:
        return _told(asked, jobs.run_due(run))


def _demo(asked: argparse.Namespace, _: Settings) -> int:
    folder = jobs.demo_folder(asked.dir, Path.cwd())
    if asked.dry_run:
        print(f"A demo would be made in {folder}.")
        return 0
    jobs.make_demo(folder, asked.as_at)
    settings = read_settings(None, folder.absolute())
    with _run_of(asked, settings) as run:
        done = jobs.demo(run)
    if asked.format == "json":
        return _told(asked, done)
    print(terminal.demo_text(jobs.reviewed(settings, asked.as_at), done.made, folder))
    for error in done.failed:
        print(error, file=sys.stderr)
    return max((error.exit_code for error in done.failed), default=0)


def _history(asked: argparse.Namespace, settings: Settings) -> int:
    from mfauto.ledger import read_ledger  # noqa: PLC0415 - SQLite: `check` does without it
    from mfauto.sending import history  # noqa: PLC0415

    with read_ledger(settings.folder) as ledger:
        lines = history(ledger, _people(settings), settings.mail) if ledger else []
        faults = ledger.verify().faults if ledger else ()
    if asked.format == "json":
        said = {"entries": [asdict(line) for line in lines], "faults": faults}
        print(json.dumps(said, ensure_ascii=False, default=str, indent=1))
    else:
        print(terminal.history_text(lines, faults))
    return 0


def _people(settings: Settings) -> tuple[Person, ...]:
    """Give the people of today's tracker; none where it cannot be read just now."""
    try:
        return read_tracker(jobs.tracker_path(settings), settings).people
    except MfautoError:
        return ()


def _rules(asked: argparse.Namespace, settings: Settings) -> int:
    if asked.format == "json":
        print(json.dumps(terminal.rules_json(settings.policy), ensure_ascii=False, indent=1))
    else:
        print(terminal.rules_text(settings.policy))
    return 0


def _explain(asked: argparse.Namespace, settings: Settings) -> int:
    said = terminal.explain_text(asked.id, settings.policy)
    if said is None:
        raise UsageError(f'There is no rule "{asked.id}". "mfauto rules" lists them all.')
    print(said)
    return 0


@dataclass(frozen=True, slots=True)
class _Command:
    name: str
    does: str
    do: Callable[[argparse.Namespace, Settings], int]
    arguments: tuple[tuple[tuple[str, ...], Mapping[str, Any]], ...] = ()


_COMMANDS: Final = (
    _Command("check", "show the findings and where every case stands", _check),
    _Command("run", "do what is due now, once", _run_due),
    _Command(
        "demo",
        "make a folder with a made-up tracker and everything the product makes from it",
        _demo,
        ((("dir",), {"type": Path, "nargs": "?", "metavar": "DIR", "help": "a new folder"}),),
    ),
    _Command("flag", "write the Auto columns into the tracker, and nothing else", _flag),
    _Command(
        "exceptions",
        "make the one-page exception reports",
        _exceptions,
        ((("--case",), {"metavar": "REF", "help": "one Inadequate case"}),),
    ),
    _Command(
        "pack",
        "make the monthly assurance pack",
        _pack,
        (
            (
                ("--month",),
                {"type": _month, "metavar": "YYYY-MM", "help": "the last whole month unless given"},
            ),
        ),
    ),
    _Command(
        "remind",
        "make the weekly overdue emails, once for each week and recipient",
        _remind,
        (
            (
                ("--again",),
                {"action": "store_true", "help": "make this week's outbox files anew"},
            ),
        ),
    ),
    _Command("history", "show what was made and sent, when, to whom", _history),
    _Command("rules", "list the steps and the data rules", _rules),
    _Command(
        "explain",
        "explain one rule: its clause, limit and fix",
        _explain,
        ((("id",), {"metavar": "ID", "help": "a code such as MF110, or a step such as re_audit"}),),
    ),
)
