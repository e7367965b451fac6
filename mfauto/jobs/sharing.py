"""Good-practice sheets: made, noted in the history, and offered once a person has signed off."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mfauto.calling import call
from mfauto.comparing import same
from mfauto.errors import MfautoError, SettingsError, TemplateError, UsageError
from mfauto.jobs.documents import pdfs
from mfauto.jobs.done import Done
from mfauto.jobs.made import left_said, note, versions, would_be_left
from mfauto.jobs.run import Run
from mfauto.model import Example, Review
from mfauto.parts import each, part
from mfauto.saving import made_beside, put_in_place
from mfauto.wording import counted

if TYPE_CHECKING:
    from mfauto.good_practice import GoodPractice, Sheet
    from mfauto.standing import Standing

SHEETS: Final = "good-practice"
LIBRARY_COPY: Final = "copy for the library"  #: as the history notes it; it is the library's own


def good_practice(run: Run, found: Review, ref: str | None = None, *, pdf: bool = False) -> Done:
    """Make the sheet of the example `ref`, else of every one that is not in the library (C10).

    A sheet that is signed off, and not uploaded yet, is also copied to the library's folder
    where the settings name one. A sheet that cannot be made is said, and the others are made;
    a broken template is said once. `pdf` puts a PDF beside each.

    Raises:
        UsageError: there is no such example, or it can have no sheet.

    """
    from mfauto.documents import GoodPractice  # noqa: PLC0415 - Word is not always needed
    from mfauto.names import file_names  # noqa: PLC0415
    from mfauto.word import placed  # noqa: PLC0415

    sheets = GoodPractice(found, run.settings)
    chosen, shared = _chosen(sheets, found, ref)
    done = Done()
    names = file_names([row.ref for row in found.tracker.examples if row.ref])
    folder = run.settings.output / SHEETS
    wanted = [(*one, folder / f"{names[one[0].ref or '']}.docx") for one in chosen]
    if run.dry_run:
        done.said.append(f"{counted(len(chosen), 'good-practice sheet')} would be made.")
        done.said += _shared_said(shared)
        done.ask(*would_be_left(run, [target for _, _, target in wanted]))
        return done
    library = _Library(run, found, done)
    made: list[Sheet] = []
    places: list[Path] = []
    with part("Making good-practice sheets"), placed(versions(run)) as went:
        for example, standing, target in each(wanted):
            try:
                sheet = sheets.make(example, standing, target)
            except TemplateError as error:
                done.failed.append(error)
                break  # every other sheet would say the same
            except MfautoError as error:
                done.failed.append(error)
                continue
            made.append(sheet)
            place = went[target]
            places.append(place)
            done.made.append(place)
            state = "signed off" if sheet.signed_off else "draft"
            note(run, found, "good-practice sheet", place, example=sheet.ref, state=state)
            library.offer(example, sheet, target, place)
    nothing = "no example is left to share" if shared else "there is no example"
    done.said[:0] = [*_said(made, folder, nothing), *_shared_said(shared)]
    done.ask(*left_said(run, went))
    done.ask(*_to_correct(made))
    if ref is None:
        done.ask(*sheets.left_out())
    if pdf and places:
        done += pdfs(run, found, places)
    return done


def _chosen(
    sheets: "GoodPractice", found: Review, ref: str | None
) -> "tuple[list[tuple[Example, Standing]], list[str]]":
    """Give the examples to make a sheet of, and the refs of those left out as done with."""
    if ref is None:
        shared = [one.ref or "" for one, _ in sheets.examples if sheets.shared(one)]
        return [one for one in sheets.examples if not sheets.shared(one[0])], shared
    chosen = [one for one in sheets.examples if same(one[0].ref or "") == same(ref)]
    if not chosen:
        raise UsageError(
            f'There is no example "{ref}" in {found.tracker.path.name} that can have a sheet.\n'
            "Check the Example ref, and that its row has an Example and a Case ref."
        )
    return chosen, []


def _shared_said(shared: list[str]) -> list[str]:
    """Say how many examples were left out as they are in the library, and how to get one."""
    if not shared:
        return []
    left = f"{counted(len(shared), 'example')} uploaded already, so left out."
    return [f"{left} To make the sheet of one: {call('good-practice --example REF')}"]


def _said(made: "list[Sheet]", folder: Path, nothing: str) -> list[str]:
    if not made:
        return [f"No good-practice sheet was made: {nothing}."]
    signed = [sheet for sheet in made if sheet.signed_off]
    drafts = [sheet for sheet in made if not sheet.signed_off]
    split = f"{len(signed)} signed off, {counted(len(drafts), 'draft')} for a person to check"
    said = [f"{counted(len(made), 'good-practice sheet')} made in {folder}: {split}."]
    said += [
        f"{sheet.ref}, draft: {counted(sheet.replaced, 'name or number', 'names or numbers')} "
        f"removed, {counted(sheet.suspects, 'place')} to look at."
        for sheet in drafts
    ]
    return said


def _to_correct(made: "list[Sheet]") -> list[str]:
    """Name the sheets that are signed off and still held names."""
    return [
        f"{sheet.ref} is signed off, but "
        f"{counted(sheet.replaced, 'name or number', 'names or numbers')} still had to be removed. "
        "Please correct its text in the tracker."
        for sheet in made
        if sheet.signed_off and sheet.replaced
    ]


@dataclass(slots=True)
class _Library:
    """The folder of the Good Practice Library: a synced Teams library, where one is named."""

    run: Run
    found: Review
    done: Done
    missing: bool = field(default=False)  #: the folder is not there; said once

    def offer(self, example: Example, sheet: "Sheet", target: Path, made: Path) -> None:
        """Copy a sheet that is signed off and not uploaded yet; never over what others changed.

        Where a person has changed the sheet at `target`, which of the two is shared is for a
        person to say: `made` lacks their words, and in theirs nobody has looked for names.
        """
        folder = self.run.settings.good_practice_folder
        if folder is None or self.missing:
            return
        if not folder.is_dir():
            self.missing = True
            self.done.failed.append(
                SettingsError(
                    f"{folder}: there is no such folder, so no sheet was copied to the library.\n"
                    "Check good_practice_folder in mfauto.toml, and that the library is synced."
                )
            )
            return
        copy = folder / target.name
        if not sheet.signed_off:
            if copy.exists():
                self.done.ask(
                    f"{sheet.ref} is not signed off, but {copy} is in the library. "
                    "Take it out until a person has signed it off."
                )
            return
        if example.uploaded and example.uploaded <= self.found.as_at:
            return
        if made != target:
            if not copy.exists():
                self.done.ask(
                    f"No version of {sheet.ref} was copied to the library. "
                    "Copy the one to be shared, once nobody can be recognised in it."
                )
            return
        content = made.read_bytes()
        if copy.exists():
            if copy.read_bytes() != content:
                self.done.ask(
                    f"{copy} is another version of {sheet.ref} and was left as it is. "
                    "Delete it there to have it copied again."
                )
            return
        with made_beside(copy, [content]) as file:
            put_in_place(file, copy)
        note(self.run, self.found, LIBRARY_COPY, copy, example=sheet.ref)
        self.done.made.append(copy)
        self.done.said.append(
            f"{sheet.ref} copied to {folder}. When it is online, fill in Uploaded on."
        )
