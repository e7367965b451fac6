"""A run over many trackers: all of them checked, their exception reports, and one pack.

Looks and never touches: no flag is written and no email is made, for any of them. Trackers of
different services have different people, and each writes to its own from its own working folder.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mfauto.errors import TemplateError
from mfauto.jobs.documents import PACKS, REPORTS
from mfauto.jobs.done import Done
from mfauto.jobs.made import OF, left_said, named, versions
from mfauto.jobs.run import Run
from mfauto.parts import part
from mfauto.saving import made_beside, put_in_place, sha256
from mfauto.wording import counted

if TYPE_CHECKING:
    from mfauto.many import Examined, Found, Summary

SUMMARIES: Final = "all-trackers"
_ALL: Final = "all trackers"
_TOUCHED: Final = "No tracker was written into, and no email was made."


def everywhere(
    run: Run,
    places: Sequence[Path],
    *,
    workers: int | None = None,
    figures_only: bool = False,
) -> tuple[Done, "Summary"]:
    """Check every tracker of the folders or files `places`, and make what tells of them all.

    One that cannot be read is a row that says why. `workers` is how many processes are at work,
    one for each core unless given. `figures_only` makes no exception reports.

    Raises:
        UsageError: there is no tracker.

    """
    from mfauto.many import Summary, Task, gather, over  # noqa: PLC0415 - not always needed
    from mfauto.names import file_names  # noqa: PLC0415

    gathered = gather(places, run.settings)
    month = run.as_at.replace(day=1) - timedelta(days=1)
    folders = file_names([found.name for found in gathered.trackers])
    made = _made_in_week(run)
    makes_reports = not (figures_only or run.dry_run)
    tasks = [
        Task(
            name=found.name,
            path=found.path,
            settings=found.settings,
            as_at=run.as_at,
            month=month,
            reports=run.settings.output / REPORTS / folders[found.name] if makes_reports else None,
            made=frozenset(made.get(found.name, ())),
            versions=versions(run, of=found.name),
        )
        for found in gathered.trackers
        if found.trouble is None
    ]
    with part("Looking over the trackers"):
        answers = {one.name: one for one in over(tasks, workers)}
    summary = Summary(
        as_at=run.as_at,
        month=month,
        trackers=tuple(answers.get(found.name) or _untold(found) for found in gathered.trackers),
        left_out=gathered.left_out,
    )
    if run.dry_run:
        return Done(said=["Nothing was made: this was a dry run."]), summary
    done = _reports_told(run, summary, figures_only=figures_only)
    done += _pack(run, summary, gathered.trackers)
    done += _kept(run, summary)
    done.said.append(_TOUCHED)
    return done, summary


def _untold(found: "Found") -> "Examined":
    """Give the row of a tracker whose own settings, or folder, cannot be read."""
    from mfauto.many import Examined  # noqa: PLC0415 - not always needed

    code = found.trouble.exit_code if found.trouble else 0
    return Examined(name=found.name, path=found.path, trouble=(str(found.trouble),), exit_code=code)


def _made_in_week(run: Run) -> dict[str, set[str]]:
    """Give by tracker the cases whose report was made this week: people may have written there."""
    week = run.as_at.isocalendar()[:2]
    made: dict[str, set[str]] = {}
    for entry in run.ledger.entries("document") if run.ledger else ():
        facts = entry.facts
        if not {OF, "case"} <= facts.keys():
            continue
        if date.fromisoformat(facts["as_at"]).isocalendar()[:2] == week:
            made.setdefault(str(facts[OF]), set()).add(str(facts["case"]))
    return made


def _reports_told(run: Run, summary: "Summary", *, figures_only: bool) -> Done:
    """Note the exception reports that were made, and say how many there are."""
    made = [(one, report) for one in summary.trackers for report in one.reports]
    if run.ledger is not None and made:
        run.ledger.record_each(
            "document",
            run.now,
            [
                {
                    "kind": "exception report",
                    OF: one.name,
                    "case": report.case,
                    "file": named(run, report.path),
                    "sha256": report.sha256,
                    "as_at": run.as_at.isoformat(),
                    "tracker": one.sha256,
                }
                for one, report in made
            ],
        )
    done = Done(made=[report.path for _, report in made])
    due = sum(one.due for one in summary.trackers)
    if figures_only:
        done.said.append(f"{counted(due, 'exception report')} due; none was to be made.")
    elif made:
        folder = run.settings.output / REPORTS
        number = counted(len(made), "exception report")
        done.said.append(f"{number} made in {folder}, with a folder for each tracker.")
        done.ask(*left_said(run, {report.target: report.path for _, report in made}))
    elif due:
        done.said.append("The exception reports of this week were made before.")
    else:
        done.said.append("No exception report is due.")
    return done


def _pack(run: Run, summary: "Summary", found: "Sequence[Found]") -> Done:
    """Make the pack of the last whole month over all trackers, once."""
    from mfauto.many.comparison import comparison  # noqa: PLC0415 - Word is not always needed
    from mfauto.word import placed  # noqa: PLC0415

    month = f"{summary.month:%Y-%m}"
    target = run.settings.output / PACKS / f"{month} all trackers.docx"
    if target.exists() and _made_pack(run, month):
        return Done(said=[f"{target.name} was made before. Remove it to have it made again."])
    hide = [run.settings, *(one.settings for one in found)]
    own = [one.name for one in found if one.settings.policy != run.settings.policy]
    try:
        with placed(versions(run, of=_ALL)) as went:
            comparison(
                summary,
                run.settings,
                target,
                hide=any(one.suppress_small_numbers for one in hide),
                own=own,
            )
    except TemplateError as error:  # stops this document only
        return Done(failed=[error])
    made = went[target]
    done = Done(said=[f"Assurance pack made: {made}."], made=[made])
    done.ask(*left_said(run, went))
    _note(run, summary, "assurance pack", summary.month, [made], month=month)
    return done


def _made_pack(run: Run, month: str) -> bool:
    """Say whether a pack was made over all trackers; a person may have written into it."""
    return run.ledger is not None and any(
        OF in entry.facts and entry.facts.get("month") == month
        for entry in run.ledger.entries("document")
    )


def _hash_of_all(summary: "Summary") -> str:
    """Give one hash for all the trackers that a pack was made from."""
    parts = "".join(f"{one.name}\n{one.sha256}\n" for one in summary.trackers)
    return hashlib.sha256(parts.encode("utf-8", "surrogatepass")).hexdigest()


def _kept(run: Run, summary: "Summary") -> Done:
    """Keep the summary beside what else is made: nobody sees the screen of a nightly run."""
    from mfauto.many import as_json, as_text  # noqa: PLC0415 - not always needed

    folder = run.settings.output / SUMMARIES
    text = f"{as_text(summary)}\n"
    program = f"{json.dumps(as_json(summary), ensure_ascii=False, indent=1)}\n"
    made = []
    folder.mkdir(parents=True, exist_ok=True)
    for ending, said in (("txt", text), ("json", program)):
        path = folder / f"{summary.as_at.isoformat()}.{ending}"
        with made_beside(path, [said.encode("utf-8", "replace")]) as file:
            put_in_place(file, path)
        made.append(path)
    _note(run, summary, "summary", summary.as_at, made)
    return Done(said=[f"This summary is kept as {made[0]}."], made=made)


def _note(
    run: Run, summary: "Summary", kind: str, as_at: date, made: Sequence[Path], **facts: str
) -> None:
    """Enter what tells of all trackers in the history, by which `purge` knows it."""
    if run.ledger is None:
        return
    common = {"kind": kind, "as_at": as_at.isoformat(), "tracker": _hash_of_all(summary)}
    run.ledger.record_each(
        "document",
        run.now,
        [
            {**common, **facts, OF: _ALL, "file": named(run, path), "sha256": sha256(path)}
            for path in made
        ],
    )
