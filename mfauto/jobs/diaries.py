"""Calendar files of what falls due, for one person, one service area or everybody."""

import hashlib
from typing import Final

from mfauto.comparing import same
from mfauto.errors import UsageError
from mfauto.jobs.run import Done, Run
from mfauto.model import Review
from mfauto.parts import part
from mfauto.wording import counted, listed

CALENDARS: Final = "calendars"


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
            near = listed(sorted(known)[:8]) or "none"
            raise UsageError(f'There is no {what} "{asked}" in the tracker. There are: {near}.')
