"""What the runner writes into its own columns, worked out from a review.

Only fields of kind "auto" are ever named here. Which cells they are follows
from the headings of the file as it is; a heading that is not there is skipped.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Final

from mfauto.addresses import letters
from mfauto.catalogue import SETTLED
from mfauto.columns import ACTIONS, CASES, EXAMPLES, REAUDITS
from mfauto.comparing import same
from mfauto.model import Action, Case, Due, Example, Excluded, Position, ReAudit, Review
from mfauto.remarks import Remarks
from mfauto.wording import day_words

_Where = Position | Excluded | Case | Action | ReAudit | Example  # what stands in a row
Flag = str | int | date | None
Cells = dict[tuple[str, str], Flag]  #: (sheet's own name, "AK7") to what it is to show

_REPEATED: Final = "more than one row"


def flags(review: Review) -> Cells:
    """Give every Auto cell of the tracker with what it is to show; None clears it.

    Rows whose ref stands twice are left as they are: nobody can tell which is meant.
    """
    cells: Cells = {}
    for sheet, rows in (
        (CASES, _cases(review)),
        (ACTIONS, _actions(review)),
        (REAUDITS, _reaudits(review)),
        (EXAMPLES, _examples(review)),
    ):
        places = review.tracker.places.get(sheet.name, ())
        for where, fields in rows:
            place = places[where.place]
            for field, value in fields.items():
                number = place.columns.get(field)
                if number is not None:
                    cells[place.name, f"{letters(number)}{where.row}"] = value
    return cells


def changed(cells: Cells, now: Mapping[tuple[str, str], object]) -> Cells:
    """Give those cells that do not show their flag yet; `now` is `Tracker.auto`."""
    return {cell: value for cell, value in cells.items() if not _shows(now.get(cell), value)}


def _shows(now: object, value: Flag) -> bool:
    if value is None:
        return now in (None, "")
    if isinstance(now, datetime):
        return False
    return not isinstance(now, bool) and now == value


def _cases(review: Review) -> Iterator[tuple[_Where, Mapping[str, Flag]]]:
    remarks = Remarks(review)
    for position in review.positions:
        due = position.due if position.next_step else None
        yield (
            position,
            {
                "auto_stage": position.stage,
                "auto_rag": position.rag,
                "auto_next_step": position.todo,
                "auto_due": due,
                "auto_checks": remarks.of(position),
                "auto_checked_on": review.as_at,
            },
        )
    for row in review.excluded:
        if _REPEATED not in row.reason:
            yield (
                row,
                {
                    "auto_stage": None,
                    "auto_rag": None,
                    "auto_next_step": None,
                    "auto_due": None,
                    "auto_checks": f"Not counted: {row.reason}.",
                    "auto_checked_on": review.as_at,
                },
            )


def _by_row(review: Review, *steps: str) -> dict[tuple[int, int], Due]:
    """Give the open step due first of each row that has one of these steps open."""
    found: dict[tuple[int, int], Due] = {}
    for due in review.open:
        if due.step in steps and due.subject is not None:
            known = found.get(_row(due.subject))
            if known is None or due.on < known.on:
                found[_row(due.subject)] = due
    return found


def _row(where: _Where) -> tuple[int, int]:
    return where.place, where.row


def _actions(review: Review) -> Iterator[tuple[_Where, Mapping[str, Flag]]]:
    tracker, as_at = review.tracker, review.as_at
    open_rows = _by_row(review, "action")
    soon = {
        (finding.sheet, finding.row, finding.item, finding.due)
        for finding in review.findings
        if finding.step == "action" and finding.level == "due_soon"
    }
    refs: dict[str, int] = defaultdict(int)
    for action in tracker.actions:
        refs[same(action.ref or "")] += 1
    counted_cases = {same(position.case) for position in review.positions}
    for action in tracker.actions:
        if action.ref and refs[same(action.ref)] > 1:
            continue
        due = open_rows.get(_row(action))
        late = (as_at - due.on).days if due else 0
        if due is None:
            known = same(action.case_ref or "") in counted_cases
            status = _without_clock(action, as_at, known=known)
        elif late > 0:
            slipped = action.slipped_from
            status = f"Overdue, slipped from {day_words(slipped)}" if slipped else "Overdue"
        elif action.slipped_from:
            status = f"Open, slipped from {day_words(action.slipped_from)}"
        else:
            here = (tracker.sheet(action), action.row, action.ref, action.due)
            status = "Due soon" if here in soon else "Open"
        yield action, {"auto_status": status, "auto_days_overdue": late if late > 0 else None}


def _without_clock(action: Action, as_at: date, *, known: bool) -> str:
    if not known:
        return "Cannot be judged: case not counted"
    if action.completed and action.completed <= as_at:
        return "Complete"
    if action.status in SETTLED and action.completed is None:
        return action.status
    return "Cannot be judged: no due date" if action.due is None else "Not started"


def _reaudits(review: Review) -> Iterator[tuple[_Where, Mapping[str, Flag]]]:
    open_rows = _by_row(review, "re_audit", "panel_review")
    for reaudit in review.tracker.reaudits:
        due = open_rows.get(_row(reaudit))
        yield reaudit, {"auto_due": due.on if due else None}


def _examples(review: Review) -> Iterator[tuple[_Where, Mapping[str, Flag]]]:
    steps = ("review_example", "anonymise_example", "upload_example", "announce_example")
    open_rows = _by_row(review, *steps)
    refs: dict[str, int] = defaultdict(int)
    for example in review.tracker.examples:
        refs[same(example.ref or "")] += 1
    for example in review.tracker.examples:
        if example.ref and refs[same(example.ref)] > 1:
            continue
        due = open_rows.get(_row(example))
        shared = example.announced and example.announced <= review.as_at
        waiting = f"{due.todo} by {day_words(due.on)}" if due else None
        yield example, {"auto_next_step": waiting or ("Shared" if shared else None)}
