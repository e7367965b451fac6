"""Commands about time and letters: stay running, say how things stand, draft letters."""

import argparse
import json
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mfauto import jobs
from mfauto.calling import call
from mfauto.cli.command import LONDON, Command, noted, plain, run_of, told
from mfauto.errors import MfautoError, UsageError
from mfauto.records import replace
from mfauto.settings import WEEKDAYS, Settings, read_settings
from mfauto.wording import counted, day_words

if TYPE_CHECKING:
    from mfauto.jobs import Done, Status
    from mfauto.schedule import Slot

LOG: Final = "mfauto.log"
SYSTEM: Final = "start-mfauto"  #: the folder that `serve --files` makes
_MINUTE: Final = timedelta(minutes=1)


class _Clock:
    """The time that `serve` goes by: this computer's, or one that a trial sets going."""

    def __init__(self, start: datetime | None) -> None:
        self._next = start

    def now(self) -> datetime:
        """Give the moment; a trial's clock goes on by a minute each time."""
        if self._next is None:
            return datetime.now(LONDON)
        now = self._next
        self._next = now + _MINUTE
        return now.astimezone(LONDON)


class _Service:
    """What `serve` does each minute: ask what is due, do it, and say so in one line a job."""

    def __init__(self, asked: argparse.Namespace, settings: Settings, clock: _Clock) -> None:
        self.asked = asked
        self.settings = settings
        self.clock = clock
        self._last = ""

    def ask(self) -> None:
        """Do what is due now. A fault that a person can put right is one line in the log."""
        from mfauto.ledger import open_ledger, read_ledger  # noqa: PLC0415 - only to serve
        from mfauto.schedule import RETRY  # noqa: PLC0415

        now = self.clock.now()
        try:
            settings = self._settings()
            run = jobs.Run(settings=settings, as_at=now.date(), now=now)
            with read_ledger(settings.folder) as ledger:
                plan = jobs.asked_now(replace(run, ledger=ledger), patience=RETRY)
            if not plan.due and not plan.skipped:
                return
            with open_ledger(settings.folder, now) as ledger:
                run = replace(run, ledger=ledger)
                plan = jobs.asked_now(run, patience=RETRY)
                try:
                    jobs.do(run, [*plan.due], plan.skipped, tell=lambda s, d: self.tell(now, s, d))
                finally:
                    run.close()
        except MfautoError as error:
            self.say(now, f"{type(error).__name__}: nothing could be done in this minute")

    def tell(self, now: datetime, slot: "Slot", done: "Done") -> None:
        """Say in one line how a job ended. No line holds what the tracker says."""
        faults = [type(error).__name__ for error in (*done.failed, *done.bugs)]
        ended = f"failed ({', '.join(faults)})" if faults else "done"
        self.say(
            now, f"{slot.job.name} {slot.period}: {ended}, {counted(len(done.made), 'file')} made"
        )
        for bug in done.bugs:
            noted(bug)

    def failed(self, error: Exception) -> None:
        """Say that something went wrong inside mfauto; the service goes on."""
        self.say(self.clock.now(), f"{type(error).__name__} inside mfauto: see {LOG}")
        noted(error)

    def say(self, now: datetime, line: str) -> None:
        """Write one line to the screen and into the log; the same line is not repeated at once."""
        if line == self._last:
            return
        self._last = line
        if self.asked.format == "json":
            told = {"at": now.isoformat(timespec="seconds"), "said": line}
            print(json.dumps(told, ensure_ascii=False), flush=True)
        line = f"{now:%Y-%m-%d %H:%M} {line}"
        if self.asked.format == "text" and not self.asked.quiet:
            print(line, flush=True)
        try:
            with (self.settings.folder / LOG).open("a", encoding="utf-8") as file:
                file.write(f"{line}\n")
        except OSError:
            pass  # the screen has it; a full disk must not end the service

    def _settings(self) -> Settings:
        """Read the settings anew, so that a change counts from the next minute on."""
        settings = read_settings(self.asked.config, Path.cwd())
        if self.asked.tracker is not None:
            settings = replace(settings, tracker=self.asked.tracker)
        if self.asked.out is not None:
            settings = replace(settings, out=self.asked.out)
        if self.asked.trial:
            _check_trial(settings)
        return settings


def _check_trial(settings: Settings) -> None:
    """Refuse a made-up moment where emails would leave for real."""
    from mfauto.delivery import is_live  # noqa: PLC0415 - only to serve

    if is_live(settings):
        raise UsageError(
            "--trial goes by a made-up moment, and these settings send emails for real.\n"
            "Set live = false under [mail], in a copy of the working folder."
        )


def _serve(asked: argparse.Namespace, settings: Settings) -> int:
    if asked.files is not None:
        return _files(asked, settings)
    if asked.dry_run:
        return _status(asked, settings)
    import signal  # noqa: PLC0415 - only to serve, like the next two
    from threading import Event  # noqa: PLC0415

    from mfauto.serving import MINUTE, serve  # noqa: PLC0415

    jobs.tracker_path(settings)  # said at once, not each minute
    if asked.trial:
        _check_trial(settings)
    trial = asked.trial or (None, MINUTE)
    if asked.trial:
        _begin_trial(settings, datetime.now(LONDON))
    service = _Service(asked, settings, _Clock(trial[0]))
    stop = Event()
    for name in ("SIGTERM", "SIGINT", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: stop.set())
    service.say(datetime.now(LONDON), "mfauto serves; stop it with Ctrl+C")
    serve(service.ask, stop, failed=service.failed, seconds=trial[1])
    service.say(datetime.now(LONDON), "mfauto has stopped; what was begun is finished")
    return 0


def _begin_trial(settings: Settings, now: datetime) -> None:
    """Note that a folder is for trials; one with a history of its own is not.

    Raises:
        UsageError: a trial would note days to come as done in a history that is in use.

    """
    from mfauto.ledger import open_ledger, read_ledger  # noqa: PLC0415 - only to serve

    with read_ledger(settings.folder) as known:
        if known is not None and known.last("trial") is not None:
            return
        if known is not None and next(known.entries(), None) is not None:
            raise UsageError(
                f"{settings.folder} has a history, and a trial would note days to come as done.\n"
                "Copy the folder without the files mfauto-history, and try it there."
            )
    with open_ledger(settings.folder, now) as ledger:
        ledger.record("trial", now)


def _letters(asked: argparse.Namespace, settings: Settings) -> int:
    found = jobs.reviewed(settings, asked.as_at)
    kinds = [asked.kind] if asked.kind else []
    with run_of(asked, settings) as run:
        return told(
            asked, jobs.letters(run, found, kinds=kinds, case=asked.case, again=asked.again)
        )


def _files(asked: argparse.Namespace, settings: Settings) -> int:
    from mfauto.schedule_files import schedule_files  # noqa: PLC0415 - once in a lifetime

    if not settings.trackers:
        jobs.tracker_path(settings)  # in a wrong folder each start would only fail
    folder = (settings.folder / SYSTEM) if asked.files == "" else Path(asked.files)
    made = schedule_files(settings.folder.absolute(), Path(sys.executable).absolute(), settings)
    paths = [folder / name for name in made]
    if not asked.dry_run:
        folder.mkdir(parents=True, exist_ok=True)
        for path, content in zip(paths, made.values(), strict=True):
            path.write_bytes(content)
    if asked.format == "json":
        print(json.dumps({"command": "serve", "made": [str(path) for path in paths]}, indent=1))
    else:
        verb = "would be made" if asked.dry_run else "made"
        print(f"{counted(len(paths), 'file')} {verb} in {folder.absolute()}.")
        print(_how(folder.absolute()))
    return 0


def _how(folder: Path) -> str:
    """Say how one of the files is put to use on this computer."""
    from mfauto.schedule_files import TASK  # noqa: PLC0415 - once in a lifetime

    if sys.platform == "win32":
        return f'To use it: schtasks /Create /TN mfauto /XML "{folder / TASK}"'
    return "To use one of them, see docs/install.md: Let it start by itself."


def _status(asked: argparse.Namespace, settings: Settings) -> int:
    from mfauto.ledger import read_ledger  # noqa: PLC0415 - SQLite: `check` does without it

    with read_ledger(settings.folder) as ledger:
        run = jobs.Run(settings=settings, as_at=asked.as_at, now=asked.now, ledger=ledger)
        found = jobs.status(run)
    if asked.format == "json":
        print(json.dumps(_as_json(found, asked.now), ensure_ascii=False, indent=1))
    elif found.exit_code or not asked.quiet:
        print("\n".join(_as_text(found)))
    return found.exit_code if asked.command == "status" else 0


def _as_json(found: "Status", now: datetime) -> dict[str, Any]:
    return {
        "command": "status",
        "now": _moment_json(now),
        "exit_code": found.exit_code,
        "tracker": found.tracker,
        "trouble": found.trouble,
        "last": [
            {**plain(one), "done": _moment_json(one.done), "failed": _moment_json(one.failed)}
            for one in found.last
        ],
        "due": [_slot_json(slot) for slot in found.due],
        "late": [_slot_json(slot) for slot in found.late],
        "next": [_slot_json(slot) for slot in found.coming],
        "emails_unknown": found.unknown,
        "emails_failed": found.failed,
        "emails_held": found.held,
        "held_since": _moment_json(found.held_since),
        "on_hold": found.on_hold,
        "history_lost": found.lost,
        "clock_behind": found.behind,
        "backup": found.backup,
        "backed_up": _moment_json(found.backed_up),
    }


def _slot_json(slot: "Slot") -> dict[str, str | None]:
    return {"job": slot.job.name, "period": slot.period, "at": _moment_json(slot.opens)}


def _moment_json(moment: datetime | None) -> str | None:
    return moment.astimezone(LONDON).isoformat(timespec="seconds") if moment else None


def _as_text(found: "Status") -> list[str]:
    said = [found.trouble or f"Tracker: {found.tracker}", "", "Last:"]
    for one in found.last:
        done = f"{_words(one.done)} ({one.period})" if one.done else "not yet"
        tried = f"; tried without success {_words(one.failed)}" if one.failed else ""
        said.append(f"  {one.job:8} {done}{tried}")
    said += ["", "Next:"]
    said += [f"  {slot.job.name:8} {_words(slot.opens)}: {slot.job.does}" for slot in found.coming]
    said.append("")
    said += _due(found)
    if found.behind:
        said.append("The history is ahead of this computer's clock. Check the date.")
    if found.unknown:
        said.append(
            f"{counted(found.unknown, 'email')} may or may not have arrived. "
            "Nothing is sent twice by itself: see the command history."
        )
    if found.failed:
        said.append(f"{counted(found.failed, 'email')} could not be delivered.")
    if found.on_hold:
        said.append(f"All emails are on hold. To let them go: {call('release')}")
    if found.held:
        since = f", the first since {_words(found.held_since)}" if found.forgotten else ""
        waits = counted(found.held, "email waits", "emails wait")
        said.append(f"{waits} for the command release{since}.")
    if found.lost:
        said.append(found.lost)
    backup = f"{found.backup}, {_words(found.backed_up)}" if found.backup else "none yet"
    said.append(f"Latest backup of the tracker: {backup}.")
    if not found.exit_code:
        said.append("Nothing is late.")
    return said


def _due(found: "Status") -> list[str]:
    """Say what is due now or late, and what to type for it."""
    late = {slot.job for slot in found.late}
    said = [
        f"{'LATE' if slot.job in late else 'Due now'}: {slot.job.name} "
        f"since {_words(slot.opens)} ({slot.period})."
        for slot in found.due
    ]
    failed = any(one.failed for one in found.last)
    if not found.trouble and (found.due or failed):
        why = ", and see why it failed" if failed else ""
        said.append(f"To do now what is due{why}: {call('run')}")
    return said


def _words(moment: datetime | None) -> str:
    if moment is None:
        return ""
    moment = moment.astimezone(LONDON)
    return f"{WEEKDAYS[moment.weekday()]} {day_words(moment.date())} at {moment:%H:%M}"


def _trial(text: str) -> tuple[datetime, float]:
    """Read a trial's clock: when it starts, and how many seconds its minute lasts."""
    start, _, seconds = text.partition(",")
    try:
        return datetime.fromisoformat(start).replace(tzinfo=LONDON), float(seconds or 1)
    except ValueError:
        raise UsageError(
            f'--trial: "{text}" is not a moment and the length of a minute. '
            "Write it as 2026-11-23T06:58,0.5."
        ) from None


_FILES: Final[tuple[tuple[str, ...], dict[str, Any]]] = (
    ("--files",),
    {
        "nargs": "?",
        "const": "",
        "metavar": "DIR",
        "help": "write the files for Task Scheduler, systemd and cron, and end",
    },
)
SERVE: Final = Command(
    "serve",
    "stay running and do each job at its time",
    _serve,
    (
        _FILES,
        (
            ("--trial",),
            {
                "type": _trial,
                "metavar": "MOMENT,SECONDS",
                "help": "for a trial: start at this moment, a minute lasting so many seconds",
            },
        ),
    ),
)
LETTERS: Final = Command(
    "letters",
    "draft invitations, notices of leaving and the service email, for a person to send",
    _letters,
    (
        (("--kind",), {"choices": tuple(jobs.LETTERS), "help": "one kind only"}),
        (("--case",), {"metavar": "REF", "help": "one case only"}),
        (("--again",), {"action": "store_true", "help": "draft anew what was drafted before"}),
    ),
)
STATUS: Final = Command(
    "status", "say what ran last, what is next, and whether anything is late", _status
)
