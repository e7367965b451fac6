"""Many trackers at once: found in a folder, examined in parallel, told as one.

Looks and never touches: nothing is written into a tracker, and no email is made. The pack is
in `comparison`, which loads Word: the processes at work do without it.
"""

from mfauto.many.finding import Found, Gathered, LeftOut, gather
from mfauto.many.over import over
from mfauto.many.spread import spread
from mfauto.many.summary import Summary, as_json, as_text
from mfauto.many.unit import Examined, Figures, Report, Task, examine, figures

__all__ = [
    "Examined",
    "Figures",
    "Found",
    "Gathered",
    "LeftOut",
    "Report",
    "Summary",
    "Task",
    "as_json",
    "as_text",
    "examine",
    "figures",
    "gather",
    "over",
    "spread",
]
