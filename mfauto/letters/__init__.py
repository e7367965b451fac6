"""Letters: drafts for a person to open, read and send. Nothing here is ever sent by itself.

Invitations with a calendar entry (C05), the notice that a case has left
Inadequate (C14), the service email about new examples (C11). Only what is open
at the report date; one message for each reader. Pure, but for the templates.
"""

from collections.abc import Callable, Mapping
from typing import Final

from mfauto.comparing import same
from mfauto.letters.announcement import announced, announcements
from mfauto.letters.invitation import invitations
from mfauto.letters.leaver import leavers
from mfauto.letters.making import (
    ANNOUNCEMENT,
    INVITATION,
    LEAVER,
    Letters,
    Missing,
    mark_of,
)
from mfauto.messages import Known
from mfauto.model import Due, Review
from mfauto.settings import Settings

__all__ = [
    "ANNOUNCEMENT",
    "INVITATION",
    "KINDS",
    "LEAVER",
    "Letters",
    "Missing",
    "announced",
    "letters",
    "mark_of",
    "of_case",
]

_STEP: Final = {
    INVITATION: "invite_attendees",
    LEAVER: "inform_leavers",
    ANNOUNCEMENT: "announce_example",
}
KINDS: Final = tuple(_STEP)
_Make = Callable[[list[Due], Review, Settings, Known, frozenset[str]], Letters]
_MAKE: Final[Mapping[str, _Make]] = {
    INVITATION: invitations,
    LEAVER: leavers,
    ANNOUNCEMENT: announcements,
}


def letters(
    kind: str, review: Review, settings: Settings, run: Known, used: frozenset[str] = frozenset()
) -> Letters:
    """Make the letters of one kind for every case.

    `run.told` holds what was announced before; `used` the keys of emails that were made.
    """
    dues = [due for due in review.open if due.step == _STEP[kind] and not due.done]
    return _MAKE[kind](dues, review, settings, run, used)


def of_case(found: Letters, ref: str) -> Letters:
    """Give only the letters about one case."""
    about = {
        key for key, refs in found.cases.items() if same(ref) in {same(other) for other in refs}
    }
    return Letters(
        messages=tuple(message for message in found.messages if message.key in about),
        missing=tuple(one for one in found.missing if same(one.case) == same(ref)),
        cases=found.cases,
    )
