"""Each job from start to end: read, review, then write, make or send.

A job does one thing whole and says what it did as sentences. It never reads the
clock: `as_at` is the report date and `now` the moment of the run. Whatever it
makes or sends is noted in the history. A dry run says what it would do, and does nothing.
"""

from mfauto.jobs.alerts import cover_reports
from mfauto.jobs.demo import demo, demo_folder, make_demo
from mfauto.jobs.documents import exceptions, inadequate, last_whole_month, pack
from mfauto.jobs.due import asked_now, do, run_due
from mfauto.jobs.flagging import flag
from mfauto.jobs.letters import LETTERS, letters
from mfauto.jobs.mailing import remind
from mfauto.jobs.run import Done, Run, reviewed, tracker_path
from mfauto.jobs.status import Status, status

__all__ = [
    "LETTERS",
    "Done",
    "Run",
    "Status",
    "asked_now",
    "cover_reports",
    "demo",
    "demo_folder",
    "do",
    "exceptions",
    "flag",
    "inadequate",
    "last_whole_month",
    "letters",
    "make_demo",
    "pack",
    "remind",
    "reviewed",
    "run_due",
    "status",
    "tracker_path",
]
