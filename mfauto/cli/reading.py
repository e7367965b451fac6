"""Commands about the tracker itself: read it, judge it, flag it."""

import argparse
import json
import sys
from dataclasses import asdict
from typing import Any, Final

from mfauto import jobs, terminal
from mfauto.cli.command import ACCEPT_FEWER_ROWS, Command, run_of, told
from mfauto.model import Review
from mfauto.settings import Settings

_FINDINGS: Final = 3


def _check(asked: argparse.Namespace, settings: Settings) -> int:
    found = jobs.reviewed(settings, asked.as_at)
    if asked.format == "json":
        print(json.dumps(as_json(found), ensure_ascii=False, default=str, indent=1))
    else:
        print(terminal.check_text(found))
    for line in jobs.beside(found.tracker.path):
        print(line, file=sys.stderr)
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


def _flag(asked: argparse.Namespace, settings: Settings) -> int:
    with run_of(asked, settings) as run:
        return told(asked, jobs.flag(run))


CHECK: Final = Command("check", "show the findings and where every case stands", _check)
FLAG: Final = Command(
    "flag",
    "write the Auto columns into the tracker, and nothing else",
    _flag,
    (ACCEPT_FEWER_ROWS,),
)
