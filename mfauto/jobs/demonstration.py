"""A made-up tracker in a folder of its own, and everything made from it."""

from datetime import date
from pathlib import Path
from typing import Final

from mfauto.errors import UsageError
from mfauto.jobs.alerts import cover_pack, cover_reports, safety
from mfauto.jobs.diaries import calendar
from mfauto.jobs.documents import agendas, exceptions, last_whole_month, pack
from mfauto.jobs.done import Done
from mfauto.jobs.drafts import letters
from mfauto.jobs.due import run_due
from mfauto.jobs.flagging import flag
from mfauto.jobs.mailing import remind
from mfauto.jobs.overview import board
from mfauto.jobs.run import Run
from mfauto.jobs.sharing import good_practice
from mfauto.measures.reports import reports_due
from mfauto.schedule import week_of
from mfauto.settings import CONFIG

DEMO: Final = "mfauto-demo"
_DEMO_TRACKER: Final = "Moving Forward tracker.xlsx"
_DEMO_SETTINGS: Final = f"""# Settings of the demo. Everything in it is made up.
tracker = "{_DEMO_TRACKER}"
council = "Northmoor Council (made up)"

[mail]
allowed_domains = ["example.org"]
"""


def demo_folder(wanted: Path | None, here: Path) -> Path:
    """Give the folder for a demo: the named one where it is new or empty, else a new one."""
    if wanted is None:
        free = (here / (f"{DEMO}-{n}" if n > 1 else DEMO) for n in range(1, 1000))
        return next(folder for folder in free if not folder.exists())
    if wanted.exists() and (not wanted.is_dir() or any(wanted.iterdir())):
        raise UsageError(
            f"{wanted} is not empty, so no demo was made there.\n"
            "Name a folder that is new or empty."
        )
    return wanted


def make_demo(folder: Path, as_at: date) -> None:
    """Make a folder with a made-up tracker and its settings."""
    from mfauto.demo import demo_rows  # noqa: PLC0415 - openpyxl is only needed here
    from mfauto.template import make_tracker  # noqa: PLC0415

    folder.mkdir(parents=True, exist_ok=True)
    make_tracker(folder / _DEMO_TRACKER, demo_rows(as_at))
    (folder / CONFIG).write_text(_DEMO_SETTINGS, encoding="utf-8")


def demo(run: Run) -> Done:
    """Make everything the product makes from the demo's tracker."""
    done = flag(run)
    found = run.review()
    done += safety(run, found)
    refs = reports_due(found)
    done += exceptions(run, found, refs=refs)
    done += cover_reports(run, found, refs, week_of(run.as_at))
    month = last_whole_month(run.as_at)
    packed = pack(run, month)
    done += packed
    done += cover_pack(run, month, packed.made[0])
    done += remind(run, found)
    done += agendas(run, found)
    done += good_practice(run, found)
    done += letters(run, found)
    done += board(run, found)
    done += calendar(run, found)
    run_due(run)  # notes what was made as done, so that `status` finds nothing late
    return done
