"""The command that maps a tracker kept in another way."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mfauto import jobs
from mfauto.cli.command import Command, run_of, told
from mfauto.errors import UsageError
from mfauto.records import replace
from mfauto.settings import CONFIG, Settings, read_settings

if TYPE_CHECKING:
    from mfauto.adopting import Match, Proposal
    from mfauto.jobs import Done

_SAVE: Final = "\nSave this mapping in mfauto.toml? (Enter or y: yes, n: stop) "
_HOW: Final = (
    "\nNothing was saved. Run it in a terminal to be asked about what is unsure, "
    "or with --yes to take only what is certain."
)
_STOPPED: Final = "Stopped. Nothing was saved."


def _adopt(asked: argparse.Namespace, settings: Settings) -> int:
    from mfauto.adopting import as_json  # noqa: PLC0415 - only where it is asked for
    from mfauto.adopting import told as lines  # noqa: PLC0415
    from mfauto.jobs import adopting  # noqa: PLC0415

    if asked.file is not None:
        settings = replace(settings, tracker=asked.file)
    path = jobs.tracker_path(settings)
    proposal = adopting.proposed(path)
    as_text = asked.format == "text"
    if as_text:
        print("\n".join(lines(proposal)))
    person = as_text and (sys.stdin.isatty() or asked.answers)
    done = jobs.Done()
    if asked.yes or person:
        done = _saved(asked, settings, path, proposal)
    else:
        done.said.append(_HOW)
    if as_text:
        return told(asked, done)
    said = {"proposal": as_json(proposal), **done.as_json(asked.command)}
    print(json.dumps(said, ensure_ascii=False, indent=1))
    return done.exit_code


def _saved(
    asked: argparse.Namespace, settings: Settings, path: Path, proposal: "Proposal"
) -> "Done":
    """Settle what is unsure, save the mapping, and add the Auto columns where they are wanted."""
    from mfauto.jobs import adopting  # noqa: PLC0415 - only where it is asked for

    config: Path = asked.config or settings.folder / CONFIG
    chosen = adopting.settled(proposal, None if asked.yes else _ask)
    if not asked.yes and not asked.dry_run and _answer(_SAVE) == "n":
        raise UsageError(_STOPPED)
    with run_of(asked, settings) as run:
        done = adopting.adopt(run, chosen, config)
        if not asked.dry_run and _wants_auto(asked):
            own = replace(read_settings(config, settings.folder), tracker=path, out=settings.out)
            done += adopting.add_auto_columns(replace(run, settings=own))
    return done


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
