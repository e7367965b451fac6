"""The command that looks a workbook through before anything is done with it."""

import argparse
from pathlib import Path
from typing import Final

from mfauto.cli.command import Command
from mfauto.settings import Settings


def _inspect(asked: argparse.Namespace, settings: Settings) -> int:
    from mfauto.cli.inspected import told_of  # noqa: PLC0415 - all its checks are seldom needed

    return told_of(asked, settings)


INSPECT: Final = Command(
    "inspect",
    "say what is in a workbook before anything is done with it",
    _inspect,
    (
        (
            ("file",),
            {
                "metavar": "FILE",
                "nargs": "?",
                "type": Path,
                "help": "the workbook; the tracker unless given",
            },
        ),
    ),
)
