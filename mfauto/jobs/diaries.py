"""Calendar files of what falls due, for one person, one service area or everybody."""

import hashlib
from difflib import get_close_matches
from typing import Final

from mfauto.comparing import same
from mfauto.errors import UsageError
from mfauto.jobs.done import Done
from mfauto.jobs.run import Run
from mfauto.model import Review
from mfauto.parts import part
from mfauto.wording import counted, listed

CALENDARS: Final = "calendars"
_NAMED: Final = 8  #: that a message names, of many


def calendar(
    run: Run, found: Review, *, person: str | None = None, service: str | None = None
) -> Done:
    """Make the calendar file, in the place of the one before.

    Raises:
        UsageError: nobody of that name owes anything, or there is no such service area.

    """
    from mfauto.diary import Wanted, diary  # noqa: PLC0415 - not always needed
    from mfauto.names import file_name  # noqa: PLC0415
    from mfauto.saving import made_beside, put_in_place  # noqa: PLC0415

    _check(found, person, service)
    target = run.settings.output / CALENDARS / f"{file_name(_whose(person, service))}.ics"
    with part("Making the calendar"):
        data, number = diary(found, Wanted(person=person, service=service))
        entries = counted(number, "entry", "entries")
        if run.dry_run:
            return Done(said=[f"A calendar of {entries} would be made."])
        target.parent.mkdir(parents=True, exist_ok=True)
        with made_beside(target, [data]) as made:
            put_in_place(made, target)
    return Done(
        said=[f"A calendar of {entries} is made: {target}. Open it in Outlook."], made=[target]
    )


def _whose(person: str | None, service: str | None) -> str:
    """Name the file: for ever the same for one person, and without the name."""
    if person is None:
        return service or "everybody"
    mark = hashlib.sha256(same(person).encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return " ".join(filter(None, (f"person {mark}", service)))


def _check(found: Review, person: str | None, service: str | None) -> None:
    people = {one.name for one in found.tracker.people if one.name}
    people |= {due.owner for due in found.open if due.owner}
    areas = {case.service_area for case in found.tracker.cases if case.service_area}
    for what, asked, known in (("person", person, people), ("service area", service, areas)):
        if asked is not None and same(asked) not in {same(one) for one in known}:
            near = get_close_matches(asked, sorted(known), n=1)
            meant = f'Did you mean "{near[0]}"?' if near else f"There are: {_some(known)}."
            raise UsageError(f'There is no {what} "{asked}" in the tracker. {meant}')


def _some(known: set[str]) -> str:
    if len(known) <= _NAMED:
        return listed(sorted(known)) or "none"
    return f"{', '.join(sorted(known)[:_NAMED])} and {len(known) - _NAMED} more"
