"""Checks of the tracker: where it is, whether it is read, its sheets, its people."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mfauto.addresses import address
from mfauto.calling import call
from mfauto.columns import PEOPLE, SHEETS
from mfauto.comparing import same
from mfauto.doctor.situation import Found, Situation, fine, look, unchecked, wrong
from mfauto.errors import (
    MfautoError,
    TrackerDamagedError,
    TrackerLayoutError,
    TrackerMissingError,
)
from mfauto.saving import check_writable, lock_holder
from mfauto.wording import counted, listed, moment_words

if TYPE_CHECKING:
    from mfauto.model import Person, Tracker

_CODE: Final = 4  #: the contract's code for a tracker that cannot be read
_SHOWN: Final = 3  #: cells that are named, of many


def found(situation: Situation) -> Iterator[Found]:
    """Look whether the tracker is where it should be, and can be read."""
    path, tracker = situation.tracker_path, situation.tracker
    if situation.settings.trackers:
        yield from _several(situation.settings.trackers)
    elif isinstance(path, MfautoError):
        said, fix = _parted(path)
        yield wrong(said, fix.removesuffix(call("init")).rstrip(), call("init"))
    elif not isinstance(tracker, MfautoError):
        others = [] if tracker.cases else _workbooks_beside(path)
        if others:
            yield look(
                f"{path} holds no case. Beside it is {listed([o.name for o in others[:3]])}.",
                "If that is your tracker, have it mapped:",
                call(f'adopt "{others[0].name}"'),
            )
        yield fine(f"{path}, {counted(len(tracker.cases), 'row')} of cases")
    else:
        yield _unread(situation, path, tracker)


def _workbooks_beside(path: Path) -> list[Path]:
    """Give the other workbooks of the tracker's folder; not what Excel keeps there for itself."""
    found = (one for ending in ("*.xlsx", "*.xlsm") for one in path.parent.glob(ending))
    return sorted(one for one in found if one != path and not one.name.startswith("~$"))


def _several(places: tuple[Path, ...]) -> Iterator[Found]:
    missing = [place for place in places if not place.exists()]
    for place in missing:
        yield wrong(
            f"{place} is not there.",
            "Correct trackers in mfauto.toml, or connect its drive.",
            code=_CODE,
        )
    if not missing:
        number = counted(len(places), "file or folder", "files or folders")
        yield fine(f"{number} to look over; doctor says more in each one's own working folder")


def _unread(situation: Situation, path: Path, error: MfautoError) -> Found:
    from mfauto.jobs.backups import last_good  # noqa: PLC0415

    said, fix = _parted(error)
    if isinstance(error, TrackerLayoutError):
        return wrong(said, f"{fix} Or have them mapped:", _adopt(situation), code=_CODE)
    command = ""
    if isinstance(error, TrackerMissingError):
        fix += " Or correct tracker in mfauto.toml."
    if isinstance(error, TrackerMissingError | TrackerDamagedError):
        good = last_good(path, situation.settings)
        if good is not None:
            fix += f" The last good backup is of {moment_words(good.at)}. To put it back:"
            command = call("restore LATEST")
    return wrong(said, fix, command, code=_CODE)


def _parted(error: MfautoError) -> tuple[str, str]:
    """Give the first line of a message, which says what is so, and the rest."""
    said, _, fix = str(error).partition("\n")
    return said, fix.replace("\n", " ")


def open_elsewhere(situation: Situation) -> Iterator[Found]:
    """Look whether somebody has the tracker open, or it cannot be written."""
    path = situation.tracker_path
    if isinstance(path, MfautoError) or not path.is_file():
        yield unchecked("There is no tracker to look at.")
        return
    holder = lock_holder(path)
    if holder is not None:
        yield look(
            f"{path.name} is open: {holder} has it.",
            "Close it in Excel before flags are written. If nobody has it open, Excel left a "
            f"file ~${path.name} behind: delete that file.",
        )
        return
    try:
        check_writable(path, situation.folder / "backups")
    except MfautoError as error:
        yield wrong(*_parted(error), code=_CODE)
        return
    yield fine("nobody has it open, and it can be written")


def layout(situation: Situation) -> Iterator[Found]:
    """Look whether every sheet, heading and Auto column is there."""
    tracker = situation.tracker
    if isinstance(tracker, MfautoError):
        yield unchecked("The tracker is not read.")
        return
    bad = False
    for sheet in SHEETS:
        if sheet.name not in tracker.places:
            bad = True
            yield look(
                f'There is no sheet "{sheet.name}".',
                "Where it has another name, have it mapped:",
                _adopt(situation),
            )
            continue
        place = tracker.places[sheet.name][0]
        absent = [column for column in sheet.columns if column.field in place.absent]
        auto = [column.heading for column in absent if column.kind == "auto"]
        typed = [column.heading for column in absent if column.kind != "auto"]
        if typed:
            bad = True
            yield look(
                f'Sheet "{place.name}" has no {_headings(typed)}.',
                "Add what is missing in Excel. Where it has another name, have it mapped:",
                _adopt(situation),
            )
        if auto:
            bad = True
            yield look(
                f'Sheet "{place.name}" has no {_headings(auto)}, so no flags are written there.',
                "To add the columns, after a backup:",
                call("adopt --add-auto-columns"),
            )
    for own, name in tracker.unread:
        bad = True
        yield look(
            f'Sheet "{own}" looks like {name}, and is not read.',
            "Rename it if it is in use, or set its name in mfauto.toml under [sheets].",
        )
    if not bad:
        yield fine("every sheet and heading is there")


def _adopt(situation: Situation) -> str:
    path = situation.tracker_path
    name = f' "{path}"' if isinstance(path, Path) else ""
    return call(f"adopt{name}")


def _headings(names: list[str]) -> str:
    shown = listed([f'"{name}"' for name in names[:_SHOWN]])
    more = len(names) - _SHOWN
    return f"heading {shown}{f', and {more} more' if more > 0 else ''}"


def people(situation: Situation) -> Iterator[Found]:
    """Look whether everybody on People can be written to, and each role is held."""
    tracker = situation.tracker
    if isinstance(tracker, MfautoError):
        yield unchecked("The tracker is not read.")
        return
    active = [one for one in tracker.people if same(one.active or "") == "yes"]
    if not active:
        yield wrong(
            "Nobody on the sheet People is active, so no email has a reader.",
            "Enter people with role, email and Yes under Active in Excel, and save. "
            "Then look again:",
            call("doctor"),
        )
        return
    faults = list(_people_faults(tracker, active, situation.settings.mail.allowed_domains))
    yield from faults
    if not faults:
        yield fine(f"{counted(len(active), 'active person', 'active people')}")


def _people_faults(
    tracker: "Tracker", active: list["Person"], domains: tuple[str, ...]
) -> Iterator[Found]:
    from mfauto.messages.addressing import fault  # noqa: PLC0415 - jinja2

    without = [one for one in active if not (one.email or "").strip()]
    if without:
        yield look(
            f"No email: {_cells(tracker, without, 'email')}.",
            "Enter their addresses in Excel. Until then the fallback person gets their emails.",
        )
    unusable: dict[str, list[Person]] = {}
    for one in active:
        said = fault(one.email.strip(), domains) if one.email and one.email.strip() else None
        if said:
            unusable.setdefault(said, []).append(one)
    for said, those in unusable.items():
        yield look(
            f"An email address {said}: {_cells(tracker, those, 'email')}.",
            "Correct it in Excel, or add the domain to allowed_domains in mfauto.toml.",
        )
    counts = Counter(same(one.name or "") for one in active)
    twice = [one for one in active if one.name and counts[same(one.name)] > 1]
    if twice:
        yield look(
            f"A name is there more than once: {_cells(tracker, twice, 'name')}.",
            "Tell them apart, such as by a middle name, or set Active to No for one of them. "
            "Nobody is written to by guess.",
        )
    roleless = [one for one in active if not one.role]
    if roleless:
        yield look(
            f"No role from the list: {_cells(tracker, roleless, 'role')}.",
            "Choose each role from the list of the cell.",
        )
    blank = [one for one in tracker.people if one.name and same(one.active or "") not in _YES_NO]
    if blank:
        yield look(
            f"Active is neither Yes nor No: {_cells(tracker, blank, 'active')}.",
            "Choose Yes or No. Nobody is written to before Yes is there.",
        )
    held = {one.role for one in active}
    missing = [role for role in ("SQA Officer", "QA Team Manager") if role not in held]
    if missing:
        yield look(
            f"Nobody active is {' or '.join(missing)}.",
            "Enter who it is on the sheet People; steps of that role go to the fallback person.",
        )


_YES_NO: Final = ("yes", "no")


def _cells(tracker: "Tracker", those: list["Person"], field: str) -> str:
    """Name the cells of some people; never the people."""
    shown = [_cell(tracker, one, field) for one in those[:_SHOWN]]
    more = len(those) - _SHOWN
    return f"{listed(shown)}{f', and {more} more' if more > 0 else ''}"


def _cell(tracker: "Tracker", person: "Person", field: str) -> str:
    place = tracker.places[PEOPLE.name][person.place]
    column = place.columns.get(field)
    if column is None:
        return f'sheet "{place.name}", row {person.row}'
    return address(place.name, column, person.row)


def fallback(situation: Situation) -> Iterator[Found]:
    """Look whether whoever gets what cannot be addressed has an address."""
    from mfauto.messages.addressing import Directory, Unreachable  # noqa: PLC0415 - jinja2

    tracker = situation.tracker
    if isinstance(tracker, MfautoError):
        yield unchecked("The tracker is not read.")
        return
    try:
        reached = Directory(tracker.people, situation.settings.mail).fallback()
    except MfautoError as error:
        yield wrong(*_parted(error))
        return
    if isinstance(reached, Unreachable):
        yield wrong(
            f"What cannot be addressed reaches nobody: {reached.reason}",
            "Set fallback under [mail] in mfauto.toml, or an SQA Officer's address on People.",
        )
        return
    who = "the mailbox of the settings" if reached.name is None else (reached.role or "a person")
    yield fine(f"what cannot be addressed goes to {who}")
