"""What every command shares: how it is declared, its run, and how it tells what it did."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, NoReturn

from mfauto import jobs
from mfauto.errors import UsageError
from mfauto.jobs import Done, Run
from mfauto.settings import Settings


class Parser(argparse.ArgumentParser):
    """Reads the arguments; what is wrong with them is one sentence."""

    def error(self, message: str) -> NoReturn:
        """Raise UsageError instead of leaving the program."""
        raise UsageError(f"{message[0].upper()}{message[1:]}.\nTry: {self.prog} --help")


@dataclass(frozen=True, slots=True)
class Command:
    """One command: what a person types, what they read about it, and what it does."""

    name: str
    does: str  #: its line in --help
    do: Callable[[argparse.Namespace, Settings], int]
    arguments: tuple[tuple[tuple[str, ...], Mapping[str, Any]], ...] = ()


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


def told(asked: argparse.Namespace, done: Done) -> int:
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
def run_of(asked: argparse.Namespace, settings: Settings) -> Iterator[Run]:
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
