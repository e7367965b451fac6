"""The SQA Officer's weekly summary: figures that add up, and everything that needs a hand.

The figures are the review's own. Long lists are cut with the number of what is
left out; the command `check` lists everything.
"""

from collections import Counter
from datetime import date
from typing import Any, Final

from mfauto.messages.addressing import shown
from mfauto.messages.content import Cell, Part, Words, row, table
from mfauto.messages.items import actions_of
from mfauto.messages.plan import Known, Plan, Share
from mfauto.model import Finding, Review
from mfauto.schedule import LONDON
from mfauto.wording import counted, day_words, listed, moment_words

MOST_ERRORS: Final = 40  #: rows of a list of errors
KIND_WORDS: Final = {
    "safety": "Child safety",
    "reports": "Note with exception reports",
    "pack": "Note with the assurance pack",
    "invitation": "Invitation to a meeting",
    "leaver": "Notice that a case has left Inadequate",
    "announcement": "Service email about good practice",
}  #: what a person calls each other kind of email


class Summary:
    """Writes the summary of one review."""

    def __init__(
        self, review: Review, run: Known, words: Words, plan: Plan, *, drafts: bool
    ) -> None:
        self.review = review
        self.run = run
        self.words = words
        self.plan = plan
        self.drafts = drafts  #: a person sends the emails, and nobody else knows whether

    def parts(self, share: Share, fields: dict[str, Any]) -> list[Part]:
        """Give the parts of the summary, in order; `share` is the reader's own."""
        return [
            self._figures(fields),
            *self._excluded(fields),
            *self._errors(fields),
            self._emails(share, fields),
            *self._others(fields),
            *self._untold(fields),
            *self._record(fields),
        ]

    def _figures(self, fields: dict[str, Any]) -> Part:
        counts = self.review.counts
        words = self.words
        sum_up = words.paragraphs(
            "figures_sum",
            fields,
            rows=counts.rows_read,
            cases=counts.cases,
            outside=counts.outside,
            excluded=counts.excluded,
        )
        block = "figures_overdue" if counts.overdue else "figures_nothing"
        before = (*self._older(fields), *words.paragraphs(block, fields), *sum_up)
        actions = actions_of(self.review)
        figures = (
            ("Overdue items", counts.overdue),
            ("Overdue actions", actions),
            ("Other overdue steps", counts.overdue - actions),
            ("Due soon", counts.due_soon),
            ("Cases in the process", counts.cases),
            ("Cases outside the process", counts.outside),
            ("Rows not counted", counts.excluded),
            ("Errors in the tracker", counts.error),
            ("Queries in the tracker", counts.query),
        )
        return Part(
            heading=words.line("figures_heading", fields),
            before=before,
            table=table(("Figure", "Number"), (row(name, f"{n:,}") for name, n in figures), [1]),
        )

    def _older(self, fields: dict[str, Any]) -> tuple[str, ...]:
        """Say that the figures may be of an older copy of the tracker."""
        later, saved = self.run.later_save, self.review.tracker.saved
        if later is None or saved is None:
            return ()
        moments = {
            "saved": moment_words(saved.astimezone(LONDON)),
            "later": moment_words(later.astimezone(LONDON)),
        }
        return self.words.paragraphs("older", fields, **moments)

    def _excluded(self, fields: dict[str, Any]) -> list[Part]:
        excluded = self.review.excluded
        if not excluded:
            return []
        rows = [
            row(str(one.row), shown(one.case or ""), _sentence(one.reason))
            for one in excluded[:MOST_ERRORS]
        ]
        return [
            Part(
                heading=self.words.line("excluded_heading", fields),
                table=table(("Row on Cases", "Case", "Reason"), rows),
                after=self._more(len(excluded), fields),
            )
        ]

    def _errors(self, fields: dict[str, Any]) -> list[Part]:
        errors = [finding for finding in self.review.findings if finding.level == "error"]
        if not errors:
            return []
        rows = [
            row(_where(error), Cell(shown(error.message), shown(error.fix)))
            for error in errors[:MOST_ERRORS]
        ]
        return [
            Part(
                heading=self.words.line("errors_heading", fields),
                table=table(("Where", "What was found, and what to do"), rows),
                after=self._more(len(errors), fields),
            )
        ]

    def _more(self, number: int, fields: dict[str, Any]) -> tuple[str, ...]:
        more = number - MOST_ERRORS
        return self.words.paragraphs("errors_more", fields, more=more) if more > 0 else ()

    def _emails(self, share: Share, fields: dict[str, Any]) -> Part:
        rows = [
            row(_reader(other), f"{len(other.own):,}", f"{len(other.managed):,}")
            for other in self.plan.shares
            if other is not share
        ]
        before: tuple[str, ...] = ()
        if self.review.counts.overdue:
            block = "emails_sum_drafts" if self.drafts else "emails_sum"
            before = self.words.paragraphs(
                block, {**fields, "unaddressed": len(self.plan.unaddressed)}
            )
        if not rows:
            before = (*before, *self.words.paragraphs("emails_none", fields))
        if self.run.failed:
            before = (*before, *self.words.paragraphs("failed", fields, failed=self.run.failed))
        columns = ("To", "Own items", "As manager")
        return Part(
            heading=self.words.line("emails_heading", fields),
            before=before,
            table=table(columns, rows, [1, 2]) if rows else None,
        )

    def _others(self, fields: dict[str, Any]) -> list[Part]:
        if not self.run.others:
            return []
        rows = [row(KIND_WORDS.get(kind, kind), f"{n:,}") for kind, n in self.run.others]
        return [
            Part(
                heading=self.words.line("others_heading", fields),
                table=table(("Kind", "Number"), rows, [1]),
            )
        ]

    def _untold(self, fields: dict[str, Any]) -> list[Part]:
        if not self.plan.untold:
            return []
        found = Counter((one.role, one.reason) for one in self.plan.untold)
        rows = [row(Cell(role, reason), f"{n:,}") for (role, reason), n in found.items()]
        return [
            Part(
                heading=self.words.line("untold_heading", fields),
                table=table(("Who, and why", "Items"), rows, [1]),
            )
        ]

    def _record(self, fields: dict[str, Any]) -> list[Part]:
        run, words = self.run, self.words
        said: list[str] = []
        if run.unknown:
            said += words.paragraphs("unknown", fields, unknown=run.unknown)
        if run.skipped:
            said += words.paragraphs(
                "skipped",
                fields,
                skipped=len(run.skipped),
                last=week_words(run.skipped[-1]),
            )
        if run.head:
            said += words.paragraphs(
                "history", fields, number=run.head.number, hash=grouped(run.head.hash)
            )
        if not said:
            return []
        return [Part(heading=words.line("history_heading", fields), before=tuple(said))]


def week_words(week: str) -> str:
    """Give an ISO week by its Monday: the week of 2 November 2026."""
    year, number = week.split("-W")
    return f"the week of {day_words(date.fromisocalendar(int(year), int(number), 1))}"


def grouped(digest: str) -> str:
    """Give the start of a hash in groups that a person can compare by eye."""
    return " ".join(digest[place : place + 4] for place in range(0, 16, 4))


def _reader(share: Share) -> Cell:
    name = listed(share.names) or shown(share.to.address)
    notes = [share.to.role] if share.to.role else []
    if share.unsafe:
        notes.append("child safety first")
    if share.unaddressed:
        notes.append(counted(len(share.unaddressed), "item") + " to pass on")
    return Cell(name, ", ".join(notes))


def _where(finding: Finding) -> Cell:
    place = finding.cell or (
        f"{finding.sheet}, row {finding.row}" if finding.sheet and finding.row else finding.sheet
    )
    return Cell(shown(place or "") or "The workbook", shown(finding.case or ""))


def _sentence(reason: str) -> str:
    reason = shown(reason)
    return f"{reason[:1].upper()}{reason[1:].rstrip('.')}."
