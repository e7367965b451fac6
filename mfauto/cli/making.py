"""Commands that make and send: documents, emails, what is due now, the demo."""

import argparse
import sys
from pathlib import Path
from typing import Final

from mfauto import jobs, terminal
from mfauto.cli.command import ACCEPT_FEWER_ROWS, PDF, Command, month, run_of, told
from mfauto.parts import part
from mfauto.settings import Settings, read_settings


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
    with run_of(asked, settings) as run:
        done = jobs.run_due(run)
        code = told(asked, done)
        if done.bugs:
            raise done.bugs[0]
        return code


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
    print(terminal.demo_text(jobs.reviewed(settings, asked.as_at), done.made, folder))
    for error in done.failed:
        print(error, file=sys.stderr)
    return done.exit_code


RUN: Final = Command("run", "do what is due now, once", _run, (ACCEPT_FEWER_ROWS,))
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
