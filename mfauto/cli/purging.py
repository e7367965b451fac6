"""The command that takes away what is old enough."""

import argparse
import json
import sys
from typing import Final

from mfauto import jobs
from mfauto.cli.command import Command, run_of, told
from mfauto.errors import UsageError
from mfauto.settings import Settings


def _purge(asked: argparse.Namespace, settings: Settings) -> int:
    from mfauto.ledger import HISTORY  # noqa: PLC0415 - SQLite: only where there is a history

    # A folder from which many trackers are looked over has a history, and no tracker of its own.
    known = (settings.folder / HISTORY).exists()
    with run_of(asked, settings, looking=True, one_tracker=not known) as run:
        found = jobs.to_purge(run)
        if asked.dry_run and asked.format == "json":
            files = [
                {"file": str(old.path), "what": old.what, "since": old.since.isoformat()}
                for old in found.files
            ]
            said = {
                "command": "purge",
                "files": files,
                "history_entries": found.entries,
                "log_lines": found.log_lines,
                "left": [str(path) for path in found.changed],
            }
            print(json.dumps(said, ensure_ascii=False, indent=1))
            return 0
    if not (asked.dry_run or asked.yes or _agreed(jobs.purge_words(found))):
        print("Nothing was purged.")  # no run is kept waiting for the answer
        return 0
    with run_of(asked, settings, one_tracker=not known) as run:
        return told(asked, jobs.purge(run))


def _agreed(words: list[str]) -> bool:
    """Ask the person at the screen; where nobody is there, --yes has to say it."""
    if not sys.stdin.isatty():
        raise UsageError(
            "purge takes files away for good, and nobody is at the screen to be asked.\n"
            "Look with --dry-run, then add --yes to do it."
        )
    print("\n".join(["Old enough to go:", *words]))
    return input("Take them away for good? (yes or no) ").strip().casefold() in {"y", "yes"}


PURGE: Final = Command(
    "purge",
    "take away what mfauto made and the settings no longer keep",
    _purge,
    ((("--yes",), {"action": "store_true", "help": "do it without asking"}),),
)
