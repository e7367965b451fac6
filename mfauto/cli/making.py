"""Commands that make and send: documents, emails, what is due now, the demo."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from mfauto import jobs
from mfauto.cli.command import ACCEPT_FEWER_ROWS, PDF, Command, month, run_of, told
from mfauto.errors import UsageError
from mfauto.parts import part
from mfauto.settings import Settings, read_settings

_MOST_WORKERS: Final = 60  #: as many as Windows lets wait for


def _exceptions(asked: argparse.Namespace, settings: Settings) -> int:
    found = jobs.reviewed(settings, asked.as_at)
    refs = [jobs.inadequate(found, asked.case)] if asked.case else None
    with run_of(asked, settings) as run:
        return told(asked, jobs.exceptions(run, found, refs=refs, pdf=asked.pdf))


def _pack(asked: argparse.Namespace, settings: Settings) -> int:
    with run_of(asked, settings) as run:
        wanted = asked.month or jobs.last_whole_month(asked.as_at)
        return told(asked, jobs.pack(run, wanted, pdf=asked.pdf))


def _run(asked: argparse.Namespace, settings: Settings) -> int:
    if asked.trackers is not None and asked.tracker is not None:
        raise UsageError("--tracker names one tracker and --trackers several. Give one of the two.")
    places = [asked.trackers] if asked.trackers is not None else settings.trackers
    if places and asked.tracker is None:
        return _everywhere(asked, settings, places)
    if asked.figures_only or asked.workers is not None:
        raise UsageError("--figures-only and --workers go with --trackers DIR.")
    with run_of(asked, settings) as run:
        done = jobs.run_due(run)
        code = told(asked, done)
        if done.bugs:
            raise done.bugs[0]
        return code


def _everywhere(asked: argparse.Namespace, settings: Settings, places: Sequence[Path]) -> int:
    """Look over many trackers; the screen shows the summary, then what was made."""
    from mfauto.many import as_json, as_text  # noqa: PLC0415 - not always needed

    with run_of(asked, settings, one_tracker=False) as run:
        done, summary = jobs.everywhere(
            run, places, workers=asked.workers, figures_only=asked.figures_only
        )
    code = max(done.exit_code, summary.exit_code)
    if asked.format == "json":
        said = done.as_json(asked.command) | as_json(summary)
        print(json.dumps(said, ensure_ascii=False, indent=1))
    elif code or summary.now.unsafe or not asked.quiet:
        print("\n".join([as_text(summary), "", *done.said]))
    for error in done.failed:
        print(error, file=sys.stderr)
    return code


def _workers(text: str) -> int:
    """Read the number after --workers. UsageError where it is none."""
    if text.isdecimal() and 1 <= int(text) <= _MOST_WORKERS:
        return int(text)
    raise UsageError(f'--workers: "{text}" is not a whole number from 1 to {_MOST_WORKERS}.')


def _demo(asked: argparse.Namespace, _: Settings) -> int:
    folder = jobs.demo_folder(asked.dir, Path.cwd())
    if asked.dry_run:
        return told(asked, jobs.Done(said=[f"A demo would be made in {folder}."]))
    with part("Making the tracker"):
        jobs.make_demo(folder, asked.as_at)
    settings = read_settings(None, folder.absolute())
    with run_of(asked, settings) as run:
        done = jobs.demo(run)
    if asked.format == "json" or asked.quiet:
        return told(asked, done)
    from mfauto.terminal import demo_text  # noqa: PLC0415 - it knows all rules

    print(demo_text(jobs.reviewed(settings, asked.as_at), done.made, folder))
    for error in done.failed:
        print(error, file=sys.stderr)
    return done.exit_code


RUN: Final = Command(
    "run",
    "do what is due now, once; with --trackers, look over all trackers of a folder",
    _run,
    (
        ACCEPT_FEWER_ROWS,
        (
            ("--trackers",),
            {
                "type": Path,
                "metavar": "DIR",
                "default": argparse.SUPPRESS,
                "help": "look over every tracker of a folder; none is written into, no email made",
            },
        ),
        (
            ("--figures-only",),
            {
                "action": "store_true",
                "default": argparse.SUPPRESS,
                "help": "with --trackers: make no exception reports",
            },
        ),
        (
            ("--workers",),
            {
                "type": _workers,
                "metavar": "N",
                "default": argparse.SUPPRESS,
                "help": "with --trackers: processes at work; one for each core unless given",
            },
        ),
    ),
)
DEMO: Final = Command(
    "demo",
    "make a folder with a made-up tracker and everything the product makes from it",
    _demo,
    ((("dir",), {"type": Path, "nargs": "?", "metavar": "DIR", "help": "a new folder"}),),
)
EXCEPTIONS: Final = Command(
    "exceptions",
    "make the one-page exception reports",
    _exceptions,
    ((("--case",), {"metavar": "REF", "help": "one Inadequate case"}), PDF),
)
PACK: Final = Command(
    "pack",
    "make the monthly assurance pack",
    _pack,
    (
        (
            ("--month",),
            {"type": month, "metavar": "YYYY-MM", "help": "the last whole month unless given"},
        ),
        PDF,
    ),
)
