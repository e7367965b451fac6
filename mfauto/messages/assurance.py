"""The box about child safety: it stands first wherever an assurance is missing (C03).

The message of the day and the weekly email say the same in it; its words stand in `common.txt`.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from mfauto.messages.addressing import shown
from mfauto.messages.content import Cell, Part, Words, row, table
from mfauto.messages.plan import Unsafe
from mfauto.wording import day_words


def assurance_fields(cases: Sequence[Unsafe], as_at: date) -> dict[str, Any]:
    """Give what the words about child safety may use."""
    ahead = [unsafe.due for unsafe in cases if unsafe.due >= as_at]
    return {
        "safety": len(cases),
        "safety_late": len(cases) - len(ahead),
        "safety_ahead": len(ahead),
        "safety_by": day_words(min(ahead)) if ahead else "",
    }


def asking(
    cases: Sequence[Unsafe], as_at: date, words: Words, fields: dict[str, Any], *, keeps: bool
) -> Part:
    """Ask a Head of Service for the assurances; `keeps`: they keep the tracker themselves."""
    if fields["safety_late"] and fields["safety_ahead"]:
        ask = "safety_both"
    else:
        ask = "safety_today" if fields["safety_late"] else "safety_ahead_only"
    blocks = (ask, "safety_enter" if keeps else "safety_tell")
    columns = ("Case", "Audit date", "Due date", "Days overdue")
    rows = []
    for unsafe in cases:
        ref, *facts = _facts(unsafe, as_at)
        audited = unsafe.case.audited
        day = day_words(audited) if audited else "Not recorded"
        rows.append((ref, Cell(day, _audit(unsafe, as_at)), *facts))
    return Part(
        heading=words.line("safety_heading", fields),
        before=tuple(line for block in blocks for line in words.paragraphs(block, fields)),
        table=table(columns, rows, [3]),
        urgent=bool(fields["safety_late"]),
    )


def telling(
    cases: Sequence[Unsafe], as_at: date, words: Words, fields: dict[str, Any], *, drafts: bool
) -> Part:
    """Tell the SQA Officer who is asked; with `drafts` the emails to them are still to be sent."""
    reached = sum(unsafe.reason is None for unsafe in cases)
    blocks = []
    if reached:
        blocks.append("safety_drafted" if drafts else "safety_told")
    if reached < len(cases):
        blocks.append("safety_not_told")
    columns = ("Case", "Due date", "Days overdue", "Head of Service")
    rows = [
        (
            *_facts(unsafe, as_at),
            Cell(shown(unsafe.case.head_of_service or "") or "Not recorded", unsafe.reason or ""),
        )
        for unsafe in cases
    ]
    return Part(
        heading=words.line("safety_heading", fields),
        before=tuple(line for block in blocks for line in words.paragraphs(block, fields)),
        table=table(columns, rows, [2]),
        urgent=bool(fields["safety_late"]),
    )


def _facts(unsafe: Unsafe, as_at: date) -> tuple[Cell, ...]:
    late = (as_at - unsafe.due).days
    return row(
        shown(unsafe.case.ref or ""),
        day_words(unsafe.due),
        f"{late:,}" if late > 0 else "Not overdue yet",
    )


def _audit(unsafe: Unsafe, as_at: date) -> str:
    """Say who audited whose work, and gently where this may be the first that its reader hears."""
    case = unsafe.case
    said = f"Auditor: {shown(case.auditor or '') or 'not recorded'}. "
    said += f"Team: {shown(case.team or '') or 'not recorded'}."
    if case.managers_alerted is None or case.managers_alerted > as_at:
        said += " The tracker has no date for the alert to you."
    return said
