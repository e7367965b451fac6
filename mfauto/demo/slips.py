"""The everyday slips of the demo, so that `check` has something to find.

Each is one that busy people make: a date typed as text, two names in a cell, a
ref mistyped. Which row gets which follows from the rows alone.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Final

Fields = dict[str, object]

_OPEN: Final = ("Open", "In progress")
_SPELT: Final = ("Neil Cobblestane", "Neil Cobblestone")
_SLIPS: Final = 5  # open actions that may get one: every other one, at the end


def make_slips(
    cases: Sequence[Fields], actions: Sequence[Fields], people: Sequence[Fields]
) -> None:
    """Put the slips into the rows. "TBC" for a booking is already there: the story has it."""
    waiting = [action for action in actions if action["status"] in _OPEN]
    turn = iter(waiting[-2 * _SLIPS :: 2])

    # A day typed with full stops becomes text in Excel.
    case = _first(cases[len(cases) // 2 :], lambda row: isinstance(row.get("meeting_held"), date))
    moderated = case["moderation_completed"]
    if isinstance(moderated, date):
        case["moderation_completed"] = f"{moderated.day}.{moderated.month}.{moderated:%y}"

    # Two people share an action, so that neither is reminded.
    shared = waiting[0]
    case = _first(cases, lambda row: row["ref"] == shared["case_ref"])
    shared["owner"] = f"{case['practitioner']} / {case['team_manager']}"

    # Nobody wrote down the day that was agreed.
    action = next(turn)
    action["original_due"] = action["due"] = None

    # The letter O for the number 0.
    action = next(turn)
    action["case_ref"] = str(action["case_ref"]).replace("-0", "-O")

    # A row was copied and kept its ref.
    action, copied = next(turn), next(turn)
    copied["ref"] = action["ref"]

    # A name spelt in another way than on People.
    case = _first(cases[len(cases) // 3 :], lambda row: row["auditor"] == _SPELT[0])
    case["auditor"] = _SPELT[1]

    # Somebody's address was never filled in, and an action of theirs is still open.
    owners = {action["owner"] for action in waiting}
    person = _first(people, lambda row: row["role"] == "Team Manager" and row["name"] in owners)
    person["email"] = None


def _first(rows: Sequence[Fields], fits: Callable[[Fields], bool]) -> Fields:
    return next(row for row in rows if fits(row))
