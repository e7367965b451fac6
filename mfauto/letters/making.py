"""What the letters share: their kinds, what comes out, and how one is put together."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from mfauto.comparing import same
from mfauto.messages import Addressee, Message, Unreachable, Writer, secret_of, shown
from mfauto.model import Case

INVITATION: Final = "invitation"
LEAVER: Final = "leaver"
ANNOUNCEMENT: Final = "announcement"
_SHORT: Final = 6  # hex digits: enough to part the cases of one day and one reader


@dataclass(frozen=True, kw_only=True, slots=True)
class Missing:
    """A letter that was not made, and why."""

    case: str  #: the Case ref
    reason: str  #: one plain sentence or two
    lost: bool = False  #: somebody should have a letter and cannot be written to


@dataclass(frozen=True, kw_only=True, slots=True)
class Letters:
    """The letters of one kind."""

    messages: tuple[Message, ...] = ()
    missing: tuple[Missing, ...] = ()
    cases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: a message's key to the Case refs that it is about


def readers(
    writer: Writer, case: Case, wanted: Mapping[str, tuple[str | None, date | None]]
) -> tuple[list[tuple[Addressee, str]], list[Missing]]:
    """Give whom to write to about a case, with their role there, and who cannot be written to.

    `wanted` gives for each role the person's name and the day they were told. Who was told by
    the report date is left out; a person in two roles gets one letter.
    """
    found: dict[str, tuple[Addressee, str]] = {}
    missing = []
    for role, (name, told) in wanted.items():
        if told is not None and told <= writer.review.as_at:
            continue
        to = writer.directory.find(name or role)
        if isinstance(to, Unreachable):
            missing.append(
                Missing(case=shown(case.ref or ""), reason=f"{role}: {to.reason}", lost=True)
            )
        elif to.key not in found:
            found[to.key] = (to, role)
    return list(found.values()), missing


def period_of(writer: Writer, day: date, case: Case) -> str:
    """Give a letter's period: a day, and a mark that parts cases without naming one."""
    return f"{day}.{mark_of(writer.run.folder, case.ref or '')}"


def mark_of(folder: str, ref: str) -> str:
    """Give a case's mark in the periods of letters, keyed by the working folder's secret."""
    return secret_of(folder, "letter", same(ref))[:_SHORT]
