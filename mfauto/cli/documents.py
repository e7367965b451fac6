"""Commands that make documents for meetings and for the Good Practice Library."""

import argparse
from datetime import date
from typing import Final

from mfauto import jobs
from mfauto.cli.command import PDF, Command, run_of, told
from mfauto.errors import UsageError
from mfauto.settings import Settings


def _agenda(asked: argparse.Namespace, settings: Settings) -> int:
    found = jobs.reviewed(settings, asked.as_at)
    with run_of(asked, settings) as run:
        return told(asked, jobs.agendas(run, found, asked.meeting, pdf=asked.pdf))


def _good_practice(asked: argparse.Namespace, settings: Settings) -> int:
    found = jobs.reviewed(settings, asked.as_at)
    with run_of(asked, settings) as run:
        return told(asked, jobs.good_practice(run, found, asked.example, pdf=asked.pdf))


def _board(asked: argparse.Namespace, settings: Settings) -> int:
    found = jobs.reviewed(settings, asked.as_at)
    with run_of(asked, settings, looking=True) as run:
        return told(asked, jobs.board(run, found))


def _calendar(asked: argparse.Namespace, settings: Settings) -> int:
    found = jobs.reviewed(settings, asked.as_at)
    with run_of(asked, settings, looking=True) as run:
        return told(asked, jobs.calendar(run, found, person=asked.person, service=asked.service))


def _meeting(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(
            f'--meeting: "{text}" is not a day. Write it as year-month-day, such as 2026-11-02.'
        ) from None


BOARD: Final = Command("board", "make one page of where every case stands", _board)
CALENDAR: Final = Command(
    "calendar",
    "make a calendar file of what falls due and of meetings, for Outlook",
    _calendar,
    (
        (("--person",), {"metavar": "NAME", "help": "what one person owes; all unless given"}),
        (("--service",), {"metavar": "AREA", "help": "one service area; all unless given"}),
    ),
)
AGENDA: Final = Command(
    "agenda",
    "make the agenda and case briefings of a meeting or a panel",
    _agenda,
    (
        (
            ("--meeting",),
            {"type": _meeting, "metavar": "YYYY-MM-DD", "help": "the next day unless given"},
        ),
        PDF,
    ),
)
GOOD_PRACTICE: Final = Command(
    "good-practice",
    "make good-practice sheets with names removed, for a person to sign off",
    _good_practice,
    (
        (
            ("--example",),
            {"metavar": "REF", "help": "one example; all not uploaded yet unless given"},
        ),
        PDF,
    ),
)
