"""Each job from start to end: read, review, then write, make or send.

A job does one thing whole and says what it did as sentences. It never reads the
clock: `as_at` is the report date and `now` the moment of the run. Whatever it
makes or sends is noted in the history. A dry run says what it would do, and does nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from mfauto.jobs.alerts import cover_reports
    from mfauto.jobs.all_trackers import everywhere
    from mfauto.jobs.demonstration import demo, demo_folder, make_demo
    from mfauto.jobs.diaries import calendar
    from mfauto.jobs.documents import agendas, exceptions, inadequate, last_whole_month, pack
    from mfauto.jobs.done import Done
    from mfauto.jobs.drafts import letters
    from mfauto.jobs.due import asked_now, do, run_due
    from mfauto.jobs.flagging import flag
    from mfauto.jobs.letter_kinds import LETTERS
    from mfauto.jobs.mailing import remind
    from mfauto.jobs.overview import board
    from mfauto.jobs.previewing import preview
    from mfauto.jobs.purging import purge, purge_words, to_purge
    from mfauto.jobs.releasing import Waiting, hold, hold_running, release, waiting
    from mfauto.jobs.restoring import chosen, kept, restorable, restore
    from mfauto.jobs.reviewing import reviewed, tracker_path, undisturbed
    from mfauto.jobs.run import Run
    from mfauto.jobs.settling import accept, resolve
    from mfauto.jobs.sharing import good_practice
    from mfauto.jobs.state import Status, status
    from mfauto.jobs.versions import beside
    from mfauto.saving import Backup

__all__ = [
    "LETTERS",
    "Backup",
    "Done",
    "Run",
    "Status",
    "Waiting",
    "accept",
    "agendas",
    "asked_now",
    "beside",
    "board",
    "calendar",
    "chosen",
    "cover_reports",
    "demo",
    "demo_folder",
    "do",
    "everywhere",
    "exceptions",
    "flag",
    "good_practice",
    "hold",
    "hold_running",
    "inadequate",
    "kept",
    "last_whole_month",
    "letters",
    "make_demo",
    "pack",
    "preview",
    "purge",
    "purge_words",
    "release",
    "remind",
    "resolve",
    "restorable",
    "restore",
    "reviewed",
    "run_due",
    "status",
    "to_purge",
    "tracker_path",
    "undisturbed",
    "waiting",
]

#: where each job stands; a command imports only the one it does
_HOMES: Final = {
    "alerts": ("cover_reports",),
    "all_trackers": ("everywhere",),
    "overview": ("board",),
    "demonstration": ("demo", "demo_folder", "make_demo"),
    "diaries": ("calendar",),
    "done": ("Done",),
    "documents": ("agendas", "exceptions", "inadequate", "last_whole_month", "pack"),
    "drafts": ("letters",),
    "due": ("asked_now", "do", "run_due"),
    "flagging": ("flag",),
    "letter_kinds": ("LETTERS",),
    "mailing": ("remind",),
    "previewing": ("preview",),
    "purging": ("purge", "purge_words", "to_purge"),
    "releasing": ("Waiting", "hold", "hold_running", "release", "waiting"),
    "restoring": ("Backup", "chosen", "kept", "restorable", "restore"),
    "reviewing": ("reviewed", "tracker_path", "undisturbed"),
    "run": ("Run",),
    "settling": ("accept", "resolve"),
    "sharing": ("good_practice",),
    "state": ("Status", "status"),
    "versions": ("beside",),
}
_HOME: Final = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> object:
    """Import a job where it is first asked for: `check` needs none of them."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
