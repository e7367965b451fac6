"""The last parts: how good the data are, and how the figures are made."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from mfauto import __version__
from mfauto.columns import SHEETS
from mfauto.model import Record, Tracker
from mfauto.pack.printed import AT, remarks
from mfauto.pack.told import Told
from mfauto.rules import RULES
from mfauto.steps import STEPS
from mfauto.wording import counted, listed

_SMALL_LEFT_OUT: Final = (
    "Numbers from 1 to 4 read fewer than 5. Others read hidden where a sum would give one away. "
    "Single cases are not listed, and charts that would show such a number are left out."
)
_SHOWN_CELLS: Final = 8  # addresses or rows named for one line of a table


def quality(told: Told) -> dict[str, object]:
    """Give what was read, what was left out, and what could not be judged."""
    errors = Counter(row.rule for row in told.review.findings if row.level == "error")
    shown = {name: told.said("rows", name) for name in ("cases", "outside", "excluded")}
    rows = (
        f"{told.counted(('rows', 'read'), 'row')} read = {shown['cases']} in the process + "
        f"{shown['outside']} outside it + {shown['excluded']} left out."
    )
    split = (
        f"{shown['cases'].capitalize()} in the process = "
        f"{told.said('open', AT['now'])} open at Inadequate + "
        f"{told.said('gone')} that left Inadequate + {told.said('outstanding', 'now')} "
        "Outstanding."
    )
    return {
        "rows_said": [rows, split, *_queries(told)],
        "excluded": [
            {
                "reason": f"{reason[0].upper()}{reason[1:]}",
                "rows": told.shown("left out", reason),
                "which": "Not listed" if told.hide else _some([str(row.row) for row in rows]),
            }
            for reason, rows in told.found.left_out.items()
        ],
        "errors": [
            {"rule": rule, "title": RULES[rule].title, "number": f"{number:,}"}
            for rule, number in sorted(errors.items())
        ],
        "unread": [
            {
                "sheet": sheet,
                "heading": heading,
                "number": f"{len(cells):,}",
                "which": _some(cells),
            }
            for (sheet, heading), cells in sorted(_unread(told.review.tracker).items())
        ],
    }


def _queries(told: Told) -> list[str]:
    """Tell the queries of `check` apart: questions that are open, and remarks that ask nothing."""
    counts, found = told.review.counts, remarks(told.review)
    questions = counts.query - found.total()
    errors = counted(counts.error, "error")
    said = [f"{errors} and {counted(questions, 'question')} about the tracker are open."]
    if not told.any("remarks"):
        return said
    need = "needs" if told.number("remarks") == 1 and not told.hidden(("remarks",)) else "need"
    number = told.counted(("remarks",), "remark")
    each = [f"{RULES[rule].title} ({number:,})" for rule, number in sorted(found.items())]
    which = "" if told.hide else f": {listed(each)}"
    said.append(f"{number[0].upper()}{number[1:]} {need} no entry{which}.")
    if not told.hidden(("remarks",)):
        said.append(
            f"{counted(counts.query, 'query', 'queries')} of the command check = "
            f"{counted(questions, 'question')} + {number}."
        )
    return said


def _some(names: Sequence[str]) -> str:
    """Name the first few, and say how many more there are."""
    rest = len(names) - _SHOWN_CELLS
    return listed(names) if rest <= 0 else f"{', '.join(names[:_SHOWN_CELLS])} and {rest:,} more"


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
        "version": __version__,
        "limits": limits,
        "due_soon": str(policy.limits["due_soon"]),
        "reaudit_from": policy.reaudit_from,
        "small": _SMALL_LEFT_OUT if told.hide else "Small numbers are shown as they are.",
    }


def _unread(tracker: Tracker) -> dict[tuple[str, str], list[str]]:
    """Give the cells that could not be read, by sheet and heading."""
    sheets: tuple[tuple[Record, ...], ...] = (
        tracker.cases,
        tracker.actions,
        tracker.reaudits,
        tracker.examples,
        tracker.meetings,
        tracker.people,
    )
    found: dict[tuple[str, str], list[str]] = {}
    for sheet, records in zip(SHEETS, sheets, strict=True):
        for record in records:
            for flaw in record.flaws:
                if flaw.unreadable:
                    cell = tracker.cell(record, flaw.field)
                    shown = cell.rpartition("!")[2] if cell else f"row {record.row}"
                    key = tracker.sheet(record), sheet.column(flaw.field).heading
                    found.setdefault(key, []).append(shown)
    return found
