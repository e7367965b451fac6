"""Ready files that start mfauto: Task Scheduler, systemd and cron, with the right paths.

Each starts `run`, which does what is due and nothing twice, some times a day:
at the times of the settings, and later again for what failed.
"""

import shlex
from collections.abc import Callable, Mapping
from pathlib import Path, PurePath
from typing import Final
from xml.sax.saxutils import escape

from mfauto.calling import program
from mfauto.errors import TemplateError
from mfauto.settings import TEMPLATES, Settings

AGAIN: Final = ("10:00", "13:00", "16:00")  #: when a run looks again for what could not be done
TASK: Final = "mfauto-task.xml"
RUN_LOG: Final = "mfauto-run.log"  #: what the last run of cron said
_TRIGGER: Final = """    <CalendarTrigger>
      <StartBoundary>2026-01-05T{at}:00</StartBoundary>
      <Enabled>true</Enabled>
      <ScheduleByDay><DaysInterval>1</DaysInterval></ScheduleByDay>
    </CalendarTrigger>"""


def schedule_files(
    folder: PurePath, python: PurePath, settings: Settings | None = None
) -> dict[str, bytes]:
    """Give the files that start mfauto, by name, for the working folder and this Python.

    Without `settings` the times are the defaults. Both paths should be absolute.
    """
    settings = settings or Settings(folder=Path(folder))
    times = sorted({*settings.daily_times, settings.weekly_time, *AGAIN})
    paths = {"FOLDER": str(folder), "PYTHON": str(python)}
    xml = {name: escape(path) for name, path in paths.items()}
    xml["RUN"] = escape(" ".join(f'"{part}"' for part in program()))
    xml["TRIGGERS"] = "\n".join(_TRIGGER.format(at=at) for at in times)
    unit = {name: _in_unit(path) for name, path in paths.items()}
    unit["RUN"] = " ".join(f'"{_in_unit(part)}"' for part in program())
    unit["FOLDER"] = paths["FOLDER"].replace("%", "%%")  # taken as it stands, without quotes
    unit["TIMES"] = "\n".join(f"OnCalendar=*-*-* {at}:00 Europe/London" for at in times)
    job = _in_cron(paths["FOLDER"], paths["PYTHON"])
    lines = "\n".join(f"{int(at[3:])} {int(at[:2])} * * * {job}" for at in times)
    # Task Scheduler reads UTF-16 only; its lines end as Windows has them.
    made = {TASK: _filled(TASK, xml, lambda text: text.replace("\n", "\r\n").encode("utf-16"))}
    for name in ("mfauto.service", "mfauto.timer", "mfauto-serve.service"):
        made[name] = _filled(name, unit)
    made["mfauto.cron"] = _filled("mfauto.cron", {"JOB": job, "TIMES": lines})
    return made


def _in_cron(folder: str, python: str) -> str:
    """Give what cron's shell does. What the last run said is kept, in the place of the one before.

    It may name a case, so nobody else may read it: cron's own files are open to everybody.
    """
    start = f"cd {shlex.quote(folder)} && umask 077 && {shlex.join([python, *program(), 'run'])}"
    return f"{start} > {RUN_LOG} 2>&1".replace("%", r"\%")


def _in_unit(path: str) -> str:
    """Give a path as it stands between quotes in a systemd command."""
    for mark, written in (("\\", "\\\\"), ('"', '\\"'), ("%", "%%"), ("$", "$$")):
        path = path.replace(mark, written)
    return path


def _filled(
    name: str, values: Mapping[str, str], encoded: Callable[[str], bytes] = str.encode
) -> bytes:
    path = TEMPLATES / "system" / name
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise TemplateError(
            f"{path} could not be read ({error.strerror}).\nPut back the one that came with mfauto."
        ) from error
    for key, value in values.items():
        text = text.replace(f"@{key}@", value)
    return encoded(text)
