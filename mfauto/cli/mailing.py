"""The commands about emails: the weekly ones, holding and releasing them, what the history says."""

import argparse
import json
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from mfauto import jobs
from mfauto.cli.command import ACCEPT_FEWER_ROWS, LONDON, Command, plain, run_of, told
from mfauto.errors import MfautoError, UsageError
from mfauto.patterns import pattern
from mfauto.settings import Settings
from mfauto.wording import day_words

if TYPE_CHECKING:
    from mfauto.history import Record
    from mfauto.model import Tracker

_DOUBTED: Final = 1  #: the exit code where nobody can rely on the history
_VALUE: Final = pattern(r"[0-9a-f]{8,64}")  #: fewer digits would agree by chance


def _remind(asked: argparse.Namespace, settings: Settings) -> int:
    if asked.preview and asked.again:
        raise UsageError("--preview makes nothing, so --again does not go with it. Choose one.")
    found = jobs.reviewed(settings, asked.as_at)
    with run_of(asked, settings, looking=asked.preview) as run:
        if asked.preview:
            return told(asked, jobs.preview(run, found))
        return told(asked, jobs.remind(run, found, again=asked.again))


def _hold(asked: argparse.Namespace, settings: Settings) -> int:
    from mfauto.ledger import RunningError  # noqa: PLC0415 - SQLite: `check` does without it

    try:
        with run_of(asked, settings) as run:
            return told(asked, jobs.hold(run))
    except RunningError:
        return told(asked, jobs.hold_running(settings, dry_run=asked.dry_run))


def _release(asked: argparse.Namespace, settings: Settings) -> int:
    agreed = None
    if not (asked.dry_run or asked.yes):
        with run_of(asked, settings, looking=True) as run:
            agreed = jobs.waiting(run)
        if not _agreed(agreed):  # no run is kept waiting for the answer
            print("Nothing was released.")
            return 0
    with run_of(asked, settings) as run:
        if agreed is not None and jobs.waiting(run) != agreed:
            raise UsageError(
                "Other emails are held now than were shown, so none was released.\n"
                "Look at them anew: release."
            )
        return told(asked, jobs.release(run))


def _agreed(waiting: "list[jobs.Waiting]") -> bool:
    """Show what waits and ask the person at the screen; where nobody is there, --yes says it."""
    if not waiting:
        return True
    from mfauto.tables import table  # noqa: PLC0415 - only where somebody is asked

    rows = [
        (
            day_words(one.made.astimezone(LONDON).date()),
            one.recipient,
            f"NOT SENT: {one.fault}" if one.fault else one.subject,
            one.path.name,
        )
        for one in waiting
    ]
    columns = ("Made", "To", "Subject", "File in the folder held")
    print(table(columns, rows), file=sys.stderr)
    if not sys.stdin.isatty():
        raise UsageError(
            "release sends these emails, and nobody is at the screen to be asked.\n"
            "Add --yes to send them."
        )
    print("They go exactly as they are there.")
    return input("Shall they go? (yes or no) ").strip().casefold() in {"y", "yes"}


def _history(asked: argparse.Namespace, settings: Settings) -> int:
    if asked.act is None:
        return _told_history(asked, settings)
    if asked.act == "resolve" and (asked.id is None or asked.arrived is None):
        raise UsageError(
            "resolve needs an email's ID, and --arrived or --not-arrived.\n"
            "The command history lists the IDs of emails of unknown fate."
        )
    if asked.act != "resolve" and (asked.id or asked.arrived is not None):
        raise UsageError(f"{asked.act} takes no ID, and no word on one email.")
    if asked.act != "accept" and asked.gone is not None:
        raise UsageError("--gone and --not-gone are for accept alone.")
    if asked.known or asked.case:
        raise UsageError(f"{asked.act} goes with neither --known nor --case. Choose one.")
    with run_of(asked, settings) as run:
        if asked.act == "accept":
            return told(asked, jobs.accept(run, gone=asked.gone))
        return told(asked, jobs.resolve(run, asked.id, arrived=asked.arrived))


def _told_history(asked: argparse.Namespace, settings: Settings) -> int:
    from mfauto.history import Record, record_of  # noqa: PLC0415
    from mfauto.ledger import missing, read_ledger  # noqa: PLC0415 - SQLite: `check` does without it

    given = _given(asked.known) if asked.known else None
    with read_ledger(settings.folder) as ledger:
        if ledger is None:
            said = missing(settings.folder) or ("There is no history." if given else None)
            record = Record(unlike=said, case=asked.case)
        else:
            tracker = _tracker(settings)
            record = record_of(ledger, tracker, settings.mail, given=given, case=asked.case)
    if asked.format == "json":
        print(json.dumps(_as_json(record), ensure_ascii=False, default=str, indent=1))
    elif record.doubts or record.unsure or not asked.quiet:
        from mfauto.terminal import history_text  # noqa: PLC0415 - it knows all rules

        print(history_text(record))
    return _DOUBTED if record.doubts else 0


def _given(words: Sequence[str]) -> tuple[int, str]:
    """Read an entry's number and check value as the weekly summary prints them.

    Raises:
        UsageError: they are not such.

    """
    number, _, value = " ".join(words).replace(":", " ").partition(" ")
    number, value = number.replace(",", ""), value.replace(" ", "").casefold()
    if not (number.isdecimal() and _VALUE.fullmatch(value)):
        raise UsageError(
            f'--known: "{" ".join(words)}" is no number of entries and check value.\n'
            "Type both as an earlier weekly summary has them: --known 124 3f2a b0c1 9d8e 7f60"
        )
    return int(number), value


def _as_json(record: "Record") -> dict[str, Any]:
    return {
        "case": record.case,
        "entries": [plain(line) for line in record.lines],
        "faults": record.doubts,
        "purged_to": record.purged_to,
        "last_entry": record.entries,
        "check_value": record.check_value,
    }


def _tracker(settings: Settings) -> "Tracker | None":
    """Give today's tracker; None where it cannot be read just now."""
    from mfauto.workbook import read_tracker  # noqa: PLC0415 - the help reads none

    try:
        return read_tracker(jobs.tracker_path(settings), settings)
    except MfautoError:
        return None


REMIND: Final = Command(
    "remind",
    "make the weekly overdue emails, once for each week and recipient",
    _remind,
    (
        (
            ("--preview",),
            {"action": "store_true", "help": "show every email on one page, and send none"},
        ),
        (
            ("--again",),
            {"action": "store_true", "help": "make this week's outbox files anew"},
        ),
        ACCEPT_FEWER_ROWS,
    ),
)
HOLD: Final = Command("hold", "keep every email back until the command release", _hold)
RELEASE: Final = Command(
    "release",
    "send the emails that are held, exactly as they are",
    _release,
    ((("--yes",), {"action": "store_true", "help": "do it without asking"}),),
)
HISTORY: Final = Command(
    "history",
    "show what was made and sent, when, to whom",
    _history,
    (
        (
            ("act",),
            {
                "nargs": "?",
                "choices": ("resolve", "accept"),
                "help": "resolve: say if an email arrived; accept: go on with this history",
            },
        ),
        (("id",), {"nargs": "?", "metavar": "ID", "help": "the email's ID, for resolve"}),
        (
            ("--arrived",),
            {"action": "store_true", "default": None, "help": "it has arrived"},
        ),
        (
            ("--not-arrived",),
            {"action": "store_false", "dest": "arrived", "help": "it has not; send it again"},
        ),
        (
            ("--gone",),
            {"action": "store_true", "default": None, "help": "accept: this week's emails went"},
        ),
        (
            ("--not-gone",),
            {"action": "store_false", "dest": "gone", "help": "accept: they did not; send them"},
        ),
        (
            ("--case",),
            {"metavar": "REF", "help": "only what is known to be about this case"},
        ),
        (
            ("--known",),
            {
                "nargs": "+",
                "metavar": ("NUMBER", "VALUE"),
                "help": "compare with the entries and check value of an earlier weekly summary",
            },
        ),
    ),
)
