"""The made-up tracker of the demo: about 80 cases at every stage of the process.

Nobody and no place in it is real. The same report date gives the same rows.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from random import Random
from typing import Final

from mfauto.demo.meetings import Calendar
from mfauto.demo.people import posts, staff
from mfauto.demo.plans import PLANS
from mfauto.demo.slips import make_slips
from mfauto.demo.story import Teller

_SEED: Final = 20260101


def demo_rows(as_at: date) -> Mapping[str, Sequence[Mapping[str, object]]]:
    """Give the rows of every sheet as they would stand on `as_at`.

    By the name that `Tracker` gives the sheet; each row by the field names of `columns`.
    Days after `as_at` are plans: bookings, due dates, meetings.
    """
    calendar = Calendar(as_at)
    teller = Teller(calendar, posts(), Random(_SEED))  # noqa: S311 - a story, not a secret
    for plan in PLANS:
        teller.tell(plan)
    people = staff()
    make_slips(teller.cases, teller.actions, people)
    return {
        "cases": teller.cases,
        "actions": teller.actions,
        "reaudits": teller.reaudits,
        "examples": teller.examples,
        "meetings": calendar.rows(),
        "people": people,
    }
