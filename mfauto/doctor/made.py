"""Checks of what is made and when: templates, delivery, history, backups, schedule."""

import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from mfauto.calling import call
from mfauto.doctor.situation import Found, History, Situation, fine, look, unchecked, wrong
from mfauto.errors import MfautoError, TemplateError
from mfauto.wording import counted, listed

_EMAIL_CODE: Final = 5
OUTBOX: Final = "outbox"
_SCHEDULE: Final = "start-mfauto"
_TIMER: Final = "mfauto.timer"
_SERVICE: Final = "mfauto.service"
_IN: Final = "WorkingDirectory="
_RELY: Final = "Nobody can rely on it. Put back a copy of mfauto-history.sqlite3."
_WORDS: Final = (
    "weekly.txt",
    "safety.txt",
    "reports.txt",
    "pack.txt",
    "invitation.txt",
    "leaver.txt",
    "announcement.txt",
)


def templates(situation: Situation) -> Iterator[Found]:
    """Look whether every Word template can be filled."""
    from mfauto.templating import check  # noqa: PLC0415 - Word

    folder = situation.settings.templates
    if not folder.is_dir():
        yield wrong(
            f"{folder} is not there.",
            "Correct templates in mfauto.toml, or make the folder.",
            call("init"),
        )
        return
    checked = check(folder)
    broken = [one for one in checked if not one.sound]
    for one in broken:
        fault = next(fault for fault in one.faults if fault.stops)
        said = fault.said.removeprefix(f"{one.template}: ").partition("\n")[0]
        yield wrong(
            f"{one.template}: {said}",
            "Correct it in Word. All that is wrong with the templates:",
            call("templates check"),
        )
    if not broken:
        yield fine(f"all {len(checked)} can be filled, in {folder}")


def words(situation: Situation) -> Iterator[Found]:
    """Look whether the words of each kind of email can be read."""
    from mfauto.messages import Words  # noqa: PLC0415 - jinja2

    folder = situation.settings.templates / "emails"
    bad: dict[str, None] = {}
    for name in _WORDS:
        try:
            Words(folder, name)
        except TemplateError as error:
            bad[str(error)] = None
    for said in bad:
        first, _, rest = said.partition("\n")
        yield wrong(
            first,
            f"{rest} Or delete the file, to get back the one that came with mfauto.",
            call("init"),
        )
    if not bad:
        yield fine(f"the words of all {len(_WORDS)} kinds can be read")


def board(situation: Situation) -> Iterator[Found]:
    """Look whether the page of the board can be made. Nothing is written."""
    from mfauto.board import board_of, board_page  # noqa: PLC0415 - jinja2
    from mfauto.process import review  # noqa: PLC0415

    tracker = situation.tracker
    if isinstance(tracker, MfautoError):
        yield unchecked("The tracker cannot be read: see above.")
        return
    found = review(tracker, situation.settings.policy, situation.as_at)
    try:
        board_page(board_of(found), situation.settings)
    except TemplateError as error:
        said, _, fix = str(error).partition("\n")
        yield wrong(said, fix or "Or delete the file, to get back the one that came.", call("init"))
        return
    yield fine("the page can be made")


def delivery(situation: Situation) -> Iterator[Found]:
    """Look whether emails can leave in the way that the settings say. Nothing is sent."""
    from mfauto.delivery import is_live, try_delivery  # noqa: PLC0415 - only where it is tried

    if not is_live(situation.settings):
        yield from _drafts(situation)
        return
    if situation.dry_run:
        yield unchecked("A dry run does not ask the mail service.")
        return
    tried = try_delivery(situation.settings, situation.wait)
    if tried.fault is None:
        yield fine(f"{tried.what} One would be taken; none was sent.")
        return
    said, _, fix = tried.fault.partition("\n")
    yield wrong(
        f"{tried.what} {said}",
        f"{fix} docs/delivery.md says how it is set up.".replace("\n", " ").strip(),
        code=_EMAIL_CODE,
    )


def _drafts(situation: Situation) -> Iterator[Found]:
    mail = situation.settings.mail
    folder = situation.settings.output / OUTBOX
    if folder.exists() and not folder.is_dir():
        yield wrong(f"{folder} is a file.", "Rename or move it: emails are made in that folder.")
        return
    if not mail.allowed_domains:
        yield look(
            "Any address on People may be written to.",
            "Set allowed_domains under [mail] in mfauto.toml, so that a mistyped address is found.",
        )
    named = f" {mail.delivery} is named, but live is false." if mail.delivery != OUTBOX else ""
    yield fine(f"drafts in {folder}, for a person to send.{named}")


def emails(situation: Situation) -> Iterator[Found]:
    """Look for emails that wait for a person."""
    status = situation.status
    if isinstance(status, MfautoError):
        yield unchecked("The history is not read.")
        return
    if status.unknown:
        yield wrong(
            f"{counted(status.unknown, 'email')} may or may not have arrived.",
            "Look which, and ask the readers.",
            call("history"),
            code=_EMAIL_CODE,
        )
    if status.failed:
        yield wrong(
            f"{counted(status.failed, 'email')} of the last 7 days could not be delivered.",
            "Look which.",
            call("history"),
            code=_EMAIL_CODE,
        )
    if status.lost:
        said, _, fix = status.lost.partition("\n")
        yield wrong(said, fix.replace("\n", " "), call("history"), code=_EMAIL_CODE)
    if status.on_hold:
        yield look(
            "A person put all emails on hold, child safety too.",
            "When they may go again:",
            call("release"),
        )
    elif status.held:
        yield look(
            f"{counted(status.held, 'email')} held for a person to release.",
            "Look at them, and let them go:",
            call("release"),
        )
    if not (status.unknown or status.failed or status.lost or status.on_hold or status.held):
        yield fine("none waits for a person")


def history(situation: Situation) -> Iterator[Found]:
    """Look whether the history is whole and unchanged, and the one of the last run."""
    known = situation.history
    if isinstance(known, MfautoError):
        said, _, fix = str(known).partition("\n")
        yield wrong(said, fix.replace("\n", " "))
    elif known is None:
        yield fine("none yet; the first run begins it")
    elif known.faults:
        yield wrong(f"It was changed or cut: {known.faults[0]}", _RELY, call("history"))
    elif known.unlike:
        yield wrong(known.unlike, _RELY, call("history"))
    else:
        yield fine("whole and unchanged")


def backups(situation: Situation) -> Iterator[Found]:
    """Look whether a backup of the tracker can be put back."""
    from mfauto.jobs.backups import backup_folder, last_good  # noqa: PLC0415
    from mfauto.saving import backups_of  # noqa: PLC0415
    from mfauto.wording import moment_words as words_of  # noqa: PLC0415

    path = situation.tracker_path
    if isinstance(path, MfautoError):
        yield unchecked("There is no tracker whose backups could be looked for.")
        return
    folder = backup_folder(situation.settings)
    if folder.exists() and not folder.is_dir():
        yield wrong(f"{folder} is a file.", "Rename or move it: backups are made in that folder.")
        return
    there = backups_of(path.name, folder)
    good = last_good(path, situation.settings)
    known = situation.history
    if good is None and (there or (isinstance(known, History) and known.backed_up)):
        yield wrong(
            f"None of {counted(len(there), 'backup')} of {path.name} is whole."
            if there
            else f"Flags were written, but there is no backup of {path.name} in {folder}.",
            "Copy the tracker to a safe place by hand. Then have a backup made.",
            call("flag"),
        )
    elif good is None:
        yield fine("none yet; the first one is made before flags are written")
    elif good != there[0]:
        yield look(
            f"The newest backup, {there[0].path.name}, is damaged. "
            f"The last good one is of {words_of(good.at)}.",
            "Delete the damaged one. To see them all:",
            call("restore"),
        )
    else:
        yield fine(f"the last good one is of {words_of(good.at)}")


def schedule(situation: Situation) -> Iterator[Found]:
    """Look whether mfauto is started by itself: whether anything is late."""
    status, known = situation.status, situation.history
    if isinstance(status, MfautoError):
        yield unchecked("The history is not read.")
        return
    if known is None:
        yield look(
            "Nothing has been run here yet.",
            "Let it start by itself: docs/schedule.md says how. To run it now:",
            call("run"),
        )
        return
    late = list(dict.fromkeys(slot.job.name for slot in status.late))
    failed = [one.job for one in status.last if one.failed]
    if late:
        yield look(
            f"Late by a day or more: {listed(late)}.",
            "Look whether Task Scheduler or cron still starts mfauto. To do it now:",
            call("run"),
        )
    if failed:
        yield look(
            f"Failed when last tried: {listed(failed)}.", "To try again and see why:", call("run")
        )
    if not late and not failed:
        yield fine("nothing is late")


def schedule_files(situation: Situation) -> Iterator[Found]:
    """Look whether the files that start mfauto go by the times of the settings."""
    from mfauto.schedule_files import schedule_files as wanted  # noqa: PLC0415

    folder = situation.folder / _SCHEDULE
    timer = folder / _TIMER
    if not timer.is_file():
        yield fine(f"none in {folder}; the command serve --files makes them")
        return
    made = wanted(situation.folder.absolute(), Path(sys.executable), situation.settings)
    elsewhere = _elsewhere(folder / _SERVICE, situation.folder)
    if elsewhere:
        yield look(
            f"{folder} starts mfauto in another folder: {elsewhere}.",
            "If this folder was moved or copied, make the files anew, then import them again.",
            call("serve --files"),
        )
    elif timer.read_bytes() != made[_TIMER]:
        yield look(
            f"{folder} goes by other times than the settings.",
            "Make the files anew, then import them again.",
            call("serve --files"),
        )
    else:
        yield fine(f"in {folder}, with the times of the settings")


def _elsewhere(service: Path, folder: Path) -> str | None:
    """Give the folder in which the files start mfauto; None where it is this one, or not said."""
    try:
        lines = service.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return None
    named = [line.removeprefix(_IN) for line in lines if line.startswith(_IN)]
    if not named:
        return None
    there = named[0].replace("%%", "%")  # as systemd has it
    with suppress(OSError):
        if Path(there).samefile(folder):
            return None
    return there
