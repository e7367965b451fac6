"""A tracker kept in another way: mapped, the mapping saved, its Auto columns added."""

import shutil
import tempfile
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mfauto.calling import call
from mfauto.columns import AUTO, CASES, SHEETS
from mfauto.errors import MfautoError, UsageError
from mfauto.jobs.backups import backup_folder
from mfauto.jobs.done import Done
from mfauto.jobs.reviewing import reviewed, tracker_path
from mfauto.jobs.run import Run
from mfauto.model import Place, Tracker
from mfauto.saving import back_up, check_writable, made_beside, replace_file
from mfauto.settings import Names, Settings
from mfauto.wording import counted, listed
from mfauto.workbook import read_tracker
from mfauto.xlsx import open_workbook

if TYPE_CHECKING:
    from mfauto.adopting import Match, Proposal

#: asks a person about one unsure match: the match they meant, or None to leave it out
Ask = Callable[["Match"], "Match | None"]
_DATES: Final = frozenset({"Auto due", "Auto checked on"})
_FIRST: Final = 3  # findings that are told after adopting


def proposed(path: Path) -> "Proposal":
    """Look at a workbook and propose a mapping. TrackerError where it holds no cases."""
    from mfauto.adopting import look, propose  # noqa: PLC0415 - only once in a tracker's life

    with open_workbook(path) as workbook:
        try:
            names = [sheet.name for sheet in workbook.sheets if sheet.kind == "worksheet"]
            return propose(look(workbook), names)
        except MfautoError as error:
            raise type(error)(f"{path.name}: {error}") from error


def settled(proposal: "Proposal", ask: Ask | None) -> "Proposal":
    """Give what may be used: all that is certain, and what a person says of the rest.

    Without `ask` nobody is asked, and only what is certain stays. A sheet that
    cannot be used without what is left out is left out as well.

    Raises:
        UsageError: a heading that Cases needs is not certain, and nobody says.

    """
    matches = []
    for match in proposal.matches:
        chosen = match if match.certain or ask is None else ask(match)
        if chosen is not None and (chosen.certain or ask is not None):
            matches.append(chosen)
    there = {(match.sheet, match.column.field) for match in matches}
    lacking = [
        c for c in CASES.columns if c.field in CASES.key and (CASES.name, c.field) not in there
    ]
    if lacking:
        raise UsageError(
            f"It is not certain which column is {listed([c.heading for c in lacking])} of Cases, "
            "so nothing was saved.\n"
            "Run adopt without --yes and answer, or name the heading in mfauto.toml."
        )
    usable = {
        sheet.name
        for sheet in SHEETS
        if all((sheet.name, field) in there for field in sheet.key)
        or any(match.group for match in matches if match.sheet == sheet.name)
    }
    return replace(
        proposal,
        matches=tuple(match for match in matches if match.sheet in usable),
        sheets={name: own for name, own in proposal.sheets.items() if name in usable},
    )


def adopt(run: Run, proposal: "Proposal", config: Path) -> Done:
    """Save a mapping in the settings file `config`, once the tracker can be read with it.

    Says what `check` now finds.

    Raises:
        TrackerError: the tracker cannot be read with this mapping; nothing was saved.

    """
    from mfauto.adopting import settings_text, write_settings  # noqa: PLC0415

    path, folder = tracker_path(run.settings), run.settings.folder
    inside = path.absolute().is_relative_to(folder.absolute())
    name = path.absolute().relative_to(folder.absolute()).as_posix() if inside else str(path)
    before = config.read_text(encoding="utf-8-sig") if config.exists() else ""
    text = settings_text(before, name, proposal)
    settings = mapped(run.settings, text)
    read_tracker(path, settings)  # a mapping that does not hold is not saved
    done = Done()
    if run.dry_run:
        return Done(said=[f"{config.name} would be written in {config.absolute().parent}."])
    done.made.append(write_settings(config, text))
    kept = f" The one before is {config.name}.bak." if before else ""
    done.said.append(f"The mapping was saved in {config}.{kept}")
    done.said += found(replace(run, settings=settings))
    return done


def mapped(settings: Settings, text: str) -> Settings:
    """Give the settings with the mapping that a settings file's text holds."""
    content = tomllib.loads(text)
    return replace(
        settings,
        sheets={name: _names(own) for name, own in content.get("sheets", {}).items()},
        headings={
            sheet: {heading: _names(own) for heading, own in names.items()}
            for sheet, names in content.get("headings", {}).items()
        },
        lines=content.get("lines", {}),
    )


def _names(own: str | Sequence[str]) -> Names:
    return own if isinstance(own, str) else tuple(own)


def found(run: Run) -> list[str]:
    """Say in a few lines what `check` finds now, and what comes next."""
    review = reviewed(run.settings, run.as_at)
    counts = review.counts
    said = [
        (
            f"{counted(counts.rows_read, 'row')} read: {counts.cases} in the process, "
            f"{counts.outside} outside it, {counts.excluded} left out."
        ),
        (
            f"{counts.overdue} overdue, {counts.due_soon} due soon, "
            f"{counted(counts.error, 'error')}, {counted(counts.query, 'query', 'queries')}."
        ),
    ]
    errors = [finding for finding in review.findings if finding.level == "error"]
    said += [f"  {error.cell or error.sheet}: {error.message}" for error in errors[:_FIRST]]
    said.append(f"All of them: {call('check')}")
    return said


def without_auto(tracker: Tracker) -> list[tuple[str, Place, list[str]]]:
    """Give the places that lack Auto columns: our sheet, the place, the headings to add."""
    lacking = []
    for sheet in SHEETS:
        for place in tracker.places.get(sheet.name, ()):
            headings = [
                column.heading
                for column in sheet.columns
                if column.kind == "auto" and column.field not in place.columns
            ]
            if headings and not place.group and place.lines is None:
                lacking.append((sheet.name, place, headings))
    return lacking


def add_auto_columns(run: Run) -> Done:
    """Add the Auto columns that the tracker lacks, after a backup; nothing else changes.

    A sheet where that cannot be done safely is said, and the others have them.
    """
    from mfauto.xlsx import add_columns  # noqa: PLC0415 - only once in a tracker's life

    path = tracker_path(run.settings)
    tracker = read_tracker(path, run.settings)
    lacking = without_auto(tracker)
    if not lacking:
        return Done(said=[f'{path.name} has every heading that begins with "{AUTO}" already.'])
    if run.dry_run:
        number = sum(len(headings) for _, _, headings in lacking)
        return Done(said=[f"{counted(number, 'Auto column')} would be added to {path.name}."])
    folder = backup_folder(run.settings)
    check_writable(path, folder, run.settings.wait_seconds)
    backup = back_up(path, folder, run.now, run.settings.wait_seconds)
    done = Done()
    with tempfile.TemporaryDirectory() as held:
        current = Path(held) / f"0{path.suffix}"
        shutil.copyfile(path, current)
        for number, (name, place, headings) in enumerate(lacking, start=1):
            following = Path(held) / f"{number}{path.suffix}"
            try:
                added = add_columns(
                    current,
                    place.name,
                    place.header,
                    headings,
                    following,
                    dates=_DATES & set(headings),
                    beside=next(iter(place.columns.values())),
                )
            except MfautoError as error:
                done.failed.append(error)
                continue
            current = following
            where = f"{min(added.values(), key=len)} and on" if len(added) > 1 else "one column"
            done.said.append(f"{name}: {counted(len(added), 'Auto column')} added ({where}).")
        if done.said:
            with made_beside(path, [current.read_bytes()]) as made:
                replace_file(made, path, tracker.sha256)
            done.said.append(f"Backup: {backup.name}. To fill them in: {call('flag')}")
            done.made.append(path)
    return done
