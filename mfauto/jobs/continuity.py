"""Half a tracker is not written to, and nobody is told from it; an older copy is said."""

from mfauto.calling import call
from mfauto.errors import FewerRowsError
from mfauto.jobs.run import Run
from mfauto.model import Tracker
from mfauto.schedule import LONDON
from mfauto.wording import listed, moment_words


def check_rows(run: Run, tracker: Tracker) -> None:
    """Make sure that the tracker has most of the rows of the last run, and remember its own.

    Every job that writes into the tracker or sends calls this first.

    Raises:
        FewerRowsError: more than a fifth are gone, and nobody has said that this is right.

    """
    if run.ledger is None:
        return
    from mfauto.continuity import rows_lost  # noqa: PLC0415 - SQLite: only where there is a history

    gone = rows_lost(run.ledger, tracker)
    if gone and not run.accept_fewer_rows:
        raise FewerRowsError(
            f"{tracker.path.name} has far fewer rows than at the last run: {listed(gone)}. "
            "Nothing was written or sent.\n"
            f"If rows were lost, put back a backup: {call('restore')}\n"
            "If it is right so, run this once with --accept-fewer-rows."
        )
    remember(run, tracker)


def remember(run: Run, tracker: Tracker, *, put_back: bool = False) -> None:
    """Note what the next run is compared with; after a person has `put_back` a backup, that."""
    if run.ledger is None or run.dry_run or not run.ledger.writable:
        return
    from mfauto import continuity  # noqa: PLC0415 - SQLite: only where there is a history

    continuity.remember(run.ledger, tracker, run.now, put_back=put_back)


def doubts_about(run: Run, tracker: Tracker) -> list[str]:
    """Say why this may not be the tracker of the last run, carried on; [] where it is."""
    if run.ledger is None:
        return []
    from mfauto.continuity import is_another, later_save  # noqa: PLC0415 - as above

    said = []
    if is_another(run.ledger, tracker):
        said.append(
            "The last run from this working folder was on another tracker. An email is made once "
            "for each week, folder and reader, whichever tracker it is from.\n"
            f"Give each tracker a folder of its own: {call('init')}"
        )
    later = later_save(run.ledger, tracker)
    if later is not None and tracker.saved is not None:
        then, saved = later.astimezone(LONDON), tracker.saved.astimezone(LONDON)
        said.append(
            f"{tracker.path.name} may be an older copy. It was saved on {moment_words(saved)}, "
            f"and an earlier run read one saved on {moment_words(then)}.\n"
            f"If the latest entries are missing, put back a backup: {call('restore')}\n"
            "If they are all there, save it once in Excel. Then this is not said again."
        )
    return said
