"""What agendas are told by: the review at the report date, and how facts and gaps read."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from mfauto.expected import places_of
from mfauto.model import Action, Case, Due, Meeting, ReAudit, Review
from mfauto.process import stand
from mfauto.settings import Settings
from mfauto.standing import Relations, Standing
from mfauto.typed_lists import joined
from mfauto.wording import counted, day_words, days_words, shortened

Row = dict[str, str]
_BRIEF: Final = 240  # characters in a row of a table
_DONE: Final = ("Complete", "Cancelled")


class Told:
    """A review, its cases as they stand, and their open steps."""

    def __init__(self, review: Review, settings: Settings) -> None:
        self.review = review
        self.settings = settings
        self.as_at = review.as_at
        self.standings, _ = stand(review.tracker, Relations(review.tracker), review.as_at)
        self._open: dict[str | None, list[Due]] = {}
        for due in review.open:
            self._open.setdefault(due.case.ref, []).append(due)

    def open(self, standing: Standing, *steps: str) -> list[Due]:
        """Give the open steps of a case, all or those named, the one due first first."""
        found = self._open.get(standing.ref, [])
        return sorted(
            (due for due in found if not steps or due.step in steps), key=lambda due: due.on
        )

    def lacking(
        self, record: Case | Action | ReAudit | Meeting, field: str, *, within: bool = False
    ) -> str:
        """Say why there is nothing to show for a field, and in which cell.

        `within` a sentence it is what is said of the field: "is not recorded".
        """
        unreadable = any(flaw.field == field and flaw.unreadable for flaw in record.flaws)
        if within:
            why = "cannot be read" if unreadable else "is not recorded"
        else:
            why = "Cannot be read" if unreadable else "Not recorded"
        where = self._where(record, field)
        return f"{why} ({where})" if where else why

    def _where(self, record: Case | Action | ReAudit | Meeting, field: str) -> str:
        """Give a cell's address; nothing where the sheet has no such column."""
        return self.review.tracker.cell(record, field) or ""

    def to_write(self, case: Case, fields: Mapping[str, str]) -> str:
        """Say once what a person has still to write from the audit, and in which cells it goes.

        `fields` are those of the case, each with its name in the sentence.
        """
        blank = [field for field in fields if self.is_blank(case, field)]
        if not blank:
            return ""
        cells = self.review.tracker.cells(case, blank)
        names = ", ".join(fields[field] for field in blank)
        return f"To be written from the audit: {names}{f' ({cells})' if cells else ''}."

    def is_blank(self, case: Case, field: str) -> bool:
        """Say whether nobody has written anything into a cell; one that cannot be read is not."""
        flaws = any(flaw.field == field and flaw.unreadable for flaw in case.flaws)
        return not (flaws or (getattr(case, field) or "").strip())

    def text(self, record: Case | Action | ReAudit | Meeting, field: str) -> str:
        """Give what a cell says; where it says nothing, that."""
        value = getattr(record, field)
        return str(value) if value is not None else self.lacking(record, field)

    def brief(self, record: Case | Action | ReAudit | Meeting, field: str) -> str:
        """Give what a cell says, short enough for a row of a table, and where it goes on."""
        said = joined(self.text(record, field))
        if len(said) <= _BRIEF:
            return said
        where = self._where(record, field)
        return f"{shortened(said, _BRIEF)} It goes on{f' in {where}' if where else ''}."

    def when(self, record: Case | Action | ReAudit | Meeting, field: str) -> str:
        """Give the day a cell holds, once it has come."""
        value: date | None = getattr(record, field)
        if value is None:
            return self.lacking(record, field)
        return day_words(value) if value <= self.as_at else "Not yet"

    def due(self, on: date) -> str:
        """Give a last day in time, and by how much it has passed."""
        late = (self.as_at - on).days
        return f"{day_words(on)}, {days_words(late)} overdue" if late > 0 else day_words(on)

    def grade(self, standing: Standing) -> str:
        """Give the grade that counts, and what it was before moderation."""
        first = standing.case.audit_grade
        if standing.moderation_completed is None:
            return f"{standing.grade}, not moderated yet"
        if first != standing.grade:
            return f"{standing.grade}, moderated from {first}"
        return f"{standing.grade}, moderated"

    def actions_said(self, standing: Standing) -> str:
        """Count the actions of a case: how many there are, are done, are open and are overdue."""
        rows = standing.actions if standing.action_exists() else []
        if not rows:
            return "No action is recorded."
        left = [row for row in rows if not self.done(row)]
        late = sum(row.due is not None and row.due < self.as_at for row in left)
        over = f"{counted(len(rows), 'action')}: {len(rows) - len(left)} done or cancelled"
        if not left:
            return f"{over}, none open."
        return f"{over}, {len(left)} open, {late} of them overdue."

    def done(self, action: Action) -> bool:
        """Say whether an action is over at the report date."""
        if action.completed is not None:
            return action.completed <= self.as_at
        return action.status in _DONE

    def open_actions(self, standing: Standing) -> list[Row]:
        """Give the open actions of a case, the one due first first."""
        rows = standing.actions if standing.action_exists() else []
        left = [row for row in rows if not self.done(row)]
        return [
            {
                "ref": row.ref or "No ref",
                "action": self.brief(row, "action"),
                "owner": self.brief(row, "owner"),
                "due": self._action_due(row),
            }
            for row in sorted(left, key=lambda row: (row.due or date.max, row.row))
        ]

    def _action_due(self, action: Action) -> str:
        if action.due is None:
            return self.lacking(action, "due")
        slipped = action.slipped_from
        before = f"; it was {day_words(slipped)}" if slipped else ""
        return f"{self.due(action.due)}{before}"

    def open_steps(self, standing: Standing, *without: str) -> list[str]:
        """Say which steps of a case are open, but for its actions and those named."""
        return [
            f"{due.todo}{_round(due)}: due {self.due(due.on)}. {due.owner or 'Nobody named'}."
            for due in self.open(standing)
            if due.step != "action" and due.step not in without
        ]


def places_said(meetings: Sequence[Meeting], needed: str, number: int) -> str:
    """Say how many places are left for what is needed, or how many more it is than there are."""
    places = places_of(meetings)
    if places is None:
        return f"{needed}. The number of places is not recorded."
    if number > places:
        return f"{needed}, {number - places} more than the {counted(places, 'place')}."
    return f"{needed}, {counted(places, 'place')}: {places - number} left."


def _round(due: Due) -> str:
    if due.step in ("re_audit", "panel_review"):
        return f", round {due.item}"
    return f", {due.item}" if due.item else ""
