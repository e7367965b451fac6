"""Each job from start to end: read, review, then write, make or send.

A job does one thing whole and says what it did as sentences. It never reads the
clock: `as_at` is the report date and `now` the moment of the run. Whatever it
makes or sends is noted in the history. A dry run says what it would do, and does nothing.
"""

from mfauto.jobs.demo import demo, demo_folder, make_demo
from mfauto.jobs.documents import agendas, exceptions, inadequate, last_whole_month, pack
from mfauto.jobs.due import run_due
from mfauto.jobs.flagging import flag
from mfauto.jobs.mailing import remind
from mfauto.jobs.run import Done, Run, reviewed, tracker_path
from mfauto.jobs.sharing import good_practice

__all__ = [
    "Done",
    "Run",
    "agendas",
    "demo",
    "demo_folder",
    "exceptions",
    "flag",
    "good_practice",
    "inadequate",
    "last_whole_month",
    "make_demo",
    "pack",
    "remind",
    "reviewed",
    "run_due",
    "tracker_path",
]
