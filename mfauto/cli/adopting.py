"""The command that maps a tracker kept in another way."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mfauto import jobs
from mfauto.cli.command import Command, run_of, told
from mfauto.errors import UsageError
from mfauto.jobs import adopting
from mfauto.settings import Settings

if TYPE_CHECKING:
    from mfauto.adopting import Match

_SAVE: Final = "\nSave this mapping in mfauto.toml? (Enter or y: yes, n: stop) "
_STOPPED: Final = "Stopped. Nothing was saved."


def _adopt(asked: argparse.Namespace, settings: Settings) -> int:
    from dataclasses import replace  # noqa: PLC0415

    from mfauto.adopting import as_json  # noqa: PLC0415 - only where it is asked for
    from mfauto.adopting import told as lines  # noqa: PLC0415

    if asked.file is not None:
        settings = replace(settings, tracker=asked.file)
    path = jobs.tracker_path(settings)
    proposal = adopting.proposed(path)
    if asked.format == "json":
        print(json.dumps(as_json(proposal), ensure_ascii=False, indent=1))
    else:
        print("\n".join(lines(proposal)))
    person = sys.stdin.isatty() or asked.answers
    if not asked.yes and not person:
        print(
            "\nNothing was saved. Run it in a terminal to be asked about what is unsure,\n"
            "or with --yes to take only what is certain."
        )
        return 0
    chosen = adopting.settled(proposal, None if asked.yes else _ask)
    if not asked.yes and not asked.dry_run and _answer(_SAVE) == "n":
        raise UsageError(_STOPPED)
    with run_of(asked, settings) as run:
        code = told(asked, adopting.adopt(run, chosen))
        if code == 0 and not asked.dry_run and _wants_auto(asked):
            own = replace(run, settings=_saved(settings, path))
            code = told(asked, adopting.add_auto_columns(own))
    return code


def _saved(settings: Settings, path: Path) -> Settings:
    from dataclasses import replace  # noqa: PLC0415

    from mfauto.settings import read_settings  # noqa: PLC0415

    return replace(read_settings(None, settings.folder), tracker=path, out=settings.out)


def _wants_auto(asked: argparse.Namespace) -> bool:
    if asked.add_auto_columns or asked.yes:
        return bool(asked.add_auto_columns)
    return _answer("Add the grey Auto columns to the tracker, after a backup? (y/n) ") == "y"


def _ask(match: "Match") -> "Match | None":
    """Ask about one match: yes, no, or stop with nothing saved."""
    from mfauto.adopting import shown  # noqa: PLC0415

    print(f"\n{match.sheet}. {shown(match)}")
    answer = _answer("Is that right? (Enter or y: yes, n: leave it out, q: stop) ")
    if answer == "q":
        raise UsageError(_STOPPED)
    return None if answer == "n" else match


def _answer(question: str) -> str:
    try:
        return input(question).strip().casefold()[:1]
    except EOFError:
        raise UsageError(_STOPPED) from None


ADOPT: Final = Command(
    "adopt",
    "map the sheets and headings of a tracker that is kept in another way",
    _adopt,
    (
        (("file",), {"type": Path, "nargs": "?", "metavar": "TRACKER", "help": "the workbook"}),
        (("--yes",), {"action": "store_true", "help": "ask nothing; take only what is certain"}),
        (
            ("--add-auto-columns",),
            {"action": "store_true", "help": "add the Auto columns too, after a backup"},
        ),
        (
            ("--answers",),
            {"action": "store_true", "help": "read the answers although this is no terminal"},
        ),
    ),
)
