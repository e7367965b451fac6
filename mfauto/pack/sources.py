"""The last parts: how good the data are, and how the figures are made."""

from collections import Counter
from typing import Final

from mfauto.columns import SHEETS
from mfauto.model import Record, Tracker
from mfauto.pack.told import Told
from mfauto.rules import RULES
from mfauto.steps import STEPS
from mfauto.wording import counted

_SMALL_LEFT_OUT: Final = (
    "Numbers from 1 to 4 read fewer than 5, and charts that would show one are left out. "
    "Lists of cases are whole. A number kept back can sometimes be worked out from a total."
)


def quality(told: Told) -> dict[str, object]:
    """Give what was read, what was left out, and what could not be judged."""
    counts, at = told.review.counts, told.found.snapshots[0]
    left = counts.cases - at.remaining - at.outstanding
    reasons = Counter(row.reason for row in told.review.excluded)
    errors = Counter(row.rule for row in told.review.findings if row.level == "error")
    unread = _unread(told.review.tracker)
    if told.hide:
        split = "The split of the cases in the process stands under Headlines."
    else:
        split = (
            f"{counts.cases} in the process = {at.remaining} open at Inadequate + {left} that "
            f"left Inadequate + {at.outstanding} Outstanding."
        )
    rows = (
        f"{counted(counts.rows_read, 'row')} read = {counts.cases} in the process + "
        f"{counts.outside} outside it + {counts.excluded} left out."
    )
    errors_said = f"{counted(counts.error, 'error')} and {counted(counts.query, 'question')}"
    return {
        "rows_said": [rows, split, f"{errors_said} about the tracker are open."],
        "excluded": [
            {"reason": f"{reason[0].upper()}{reason[1:]}", "rows": str(number)}
            for reason, number in sorted(reasons.items())
        ],
        "errors": [
            {"rule": rule, "title": RULES[rule].title, "number": str(number)}
            for rule, number in sorted(errors.items())
        ],
        "unread": [
            {"sheet": sheet, "heading": heading, "number": str(number)}
            for (sheet, heading), number in sorted(unread.items())
        ],
    }


def method(told: Told) -> dict[str, object]:
    """Give where the figures come from, and every limit."""
    limits = []
    for step in STEPS:
        limit, source = told.limit(step)
        limits.append(
            {
                "step": step.todo,
                "clause": step.clause,
                "limit": limit,
                "start": step.start_name,
                "source": source,
            }
        )
    policy = told.policy
    return {
        "tracker": told.review.tracker.path.name,
        "sha256": told.review.tracker.sha256,
        "limits": limits,
        "due_soon": str(policy.limits["due_soon"]),
        "reaudit_from": policy.reaudit_from,
        "small": _SMALL_LEFT_OUT if told.hide else "Small numbers are shown as they are.",
    }


def _unread(tracker: Tracker) -> Counter[tuple[str, str]]:
    """Count the cells that could not be read, by sheet and heading."""
    sheets: tuple[tuple[Record, ...], ...] = (
        tracker.cases,
        tracker.actions,
        tracker.reaudits,
        tracker.examples,
        tracker.meetings,
        tracker.people,
    )
    return Counter(
        (sheet.name, sheet.column(flaw.field).heading)
        for sheet, records in zip(SHEETS, sheets, strict=True)
        for record in records
        for flaw in record.flaws
        if flaw.unreadable
    )
