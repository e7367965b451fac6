"""Each job from start to end: read, review, then write, make or send.

A job does one thing whole and says what it did as sentences. It never reads the
clock: `as_at` is the report date and `now` the moment of the run. Whatever it
makes or sends is noted in the history. A dry run says what it would do, and does nothing.
"""

from mfauto.jobs.alerts import cover_reports
from mfauto.jobs.backups import moment_words
from mfauto.jobs.demo import demo, demo_folder, make_demo
from mfauto.jobs.documents import agendas, exceptions, inadequate, last_whole_month, pack
from mfauto.jobs.due import asked_now, do, run_due
from mfauto.jobs.flagging import beside, flag
from mfauto.jobs.letters import LETTERS, letters
from mfauto.jobs.mailing import remind
from mfauto.jobs.restoring import chosen, kept, restorable, restore
from mfauto.jobs.run import Done, Run, reviewed, tracker_path
from mfauto.jobs.sharing import good_practice
from mfauto.jobs.status import Status, status
from mfauto.saving import Backup

__all__ = [
    "LETTERS",
    "Backup",
    "Done",
    "Run",
    "Status",
    "agendas",
    "asked_now",
    "beside",
    "chosen",
    "cover_reports",
    "demo",
    "demo_folder",
    "do",
    "exceptions",
    "flag",
    "good_practice",
    "inadequate",
    "kept",
    "last_whole_month",
    "letters",
    "make_demo",
    "moment_words",
    "pack",
    "remind",
    "restorable",
    "restore",
    "reviewed",
    "run_due",
    "status",
    "tracker_path",
]
