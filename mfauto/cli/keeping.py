"""The command about backups: what is kept, and how it comes back."""

import argparse
import json
import sys
from typing import Final

from mfauto import jobs
from mfauto.calling import call
from mfauto.cli.command import Command, plain, run_of, told
from mfauto.errors import UsageError
from mfauto.records import replace
from mfauto.settings import Settings
from mfauto.tables import table
from mfauto.wording import moment_words


def _restore(asked: argparse.Namespace, settings: Settings) -> int:
    settings = replace(settings, tracker=jobs.restorable(settings))
    if asked.backup is None:
        return _listed(asked, settings)
    tracker = jobs.restorable(settings)
    if not (
        asked.dry_run or asked.yes or _agreed(asked, jobs.chosen(tracker, settings, asked.backup))
    ):
        print("Nothing was changed.")
        return 0
    with run_of(asked, settings) as run:
        return told(asked, jobs.restore(run, tracker, asked.backup))


def _listed(asked: argparse.Namespace, settings: Settings) -> int:
    tracker = jobs.restorable(settings)
    kept = jobs.kept(tracker, settings)
    if asked.format == "json":
        print(
            json.dumps(
                {"tracker": str(tracker), "backups": [plain(one) for one in kept]},
                ensure_ascii=False,
                default=str,
                indent=1,
            )
        )
    elif kept:
        rows = [
            (
                moment_words(one.at),
                f"{one.size / 1000:,.0f} KB",
                "yes" if one.whole else "no",
                one.name,
            )
            for one in kept
        ]
        print(f"Backups of {tracker.name}, the newest first:\n")
        print(table(("Made", "Size", "Whole", "Name"), rows))
        print(f'\nTo put one back: {call("restore LATEST")}, or restore "NAME"')
    else:
        print(f"There is no backup of {tracker.name} yet. The command flag makes them.")
    return 0


def _agreed(asked: argparse.Namespace, backup: "jobs.Backup") -> bool:
    """Ask the person at the screen; where nobody is there, --yes has to say it."""
    if asked.format == "json" or not sys.stdin.isatty():
        raise UsageError(
            "restore changes the tracker, and nobody is at the screen to be asked.\n"
            "Add --yes to do it."
        )
    print(f"{backup.of} will become {backup.path.name}, of {moment_words(backup.at)}.")
    print("What is there now is backed up first.")
    return input("Shall it be done? (yes or no) ").strip().casefold() in {"y", "yes"}


RESTORE: Final = Command(
    "restore",
    "list the tracker's backups, or put one back",
    _restore,
    (
        (
            ("backup",),
            {"nargs": "?", "metavar": "LATEST|NAME", "help": "which one; without it, the list"},
        ),
        (("--yes",), {"action": "store_true", "help": "do it without asking"}),
    ),
)
