"""Commands about the tracker itself: read it, judge it, flag it."""

import argparse
import json
import sys
from collections.abc import Mapping
from typing import Any, Final

from mfauto import jobs
from mfauto.cli.command import ACCEPT_FEWER_ROWS, Command, run_of, told
from mfauto.model import Counts, Finding, Position, Review
from mfauto.records import defaults
from mfauto.settings import Settings

_FINDINGS: Final = 3
_COMMA: Final = "\0"  #: JSON writes it as \\u0000 in a text
_NEXT: Final = "},\n  {"
_OURS: Final = (
    "place",
    "todo",
    "slipped_from",
    "unjudged",
)  #: what other programs are not promised
_FINDING: Final = tuple(name for name in defaults(Finding) if name not in _OURS)
_POSITION: Final = tuple(name for name in defaults(Position) if name not in _OURS)
_COUNTS: Final = tuple(defaults(Counts))


def _check(asked: argparse.Namespace, settings: Settings) -> int:
    with jobs.undisturbed():
        return _checked(asked, settings)  # the review is gone before anything is looked through


def _checked(asked: argparse.Namespace, settings: Settings) -> int:
    found = jobs.reviewed(settings, asked.as_at)
    if asked.format == "json":
        print(_in_lines(as_json(found)))
    else:
        from mfauto.terminal import check_text  # noqa: PLC0415 - JSON does without its words

        print(check_text(found, quiet=asked.quiet))
    for line in jobs.beside(found.tracker.path):
        print(line, file=sys.stderr)
    return _FINDINGS if found.counts.error or found.counts.overdue else 0


def as_json(found: Review) -> dict[str, Any]:
    """Give a review as the one object that `check --format json` prints."""
    return {
        "tracker": {"path": str(found.tracker.path), "sha256": found.tracker.sha256},
        "as_at": found.as_at,
        "findings": [
            {name: getattr(finding, name) for name in _FINDING} for finding in found.findings
        ],
        "positions": [
            {name: getattr(position, name) for name in _POSITION} for position in found.positions
        ],
        "counts": {name: getattr(found.counts, name) for name in _COUNTS},
    }


def _in_lines(said: Mapping[str, Any]) -> str:
    """Write one object with each entry of its lists on a line; far faster than indenting.

    All entries are written in one go, with a mark for each comma: a text never has it as it is.
    """
    write = json.JSONEncoder(ensure_ascii=False, default=str, separators=(_COMMA, ": ")).encode
    parts = []
    for name, value in said.items():
        text = write(value)
        if isinstance(value, list) and value:
            text = f"[\n  {text[1:-1].replace(f'}}{_COMMA}{{', _NEXT)}\n ]"
        parts.append(f'"{name}": {text.replace(_COMMA, ", ")}')
    return "{" + ",\n ".join(parts) + "}"


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
