"""Puts one reader's share into words: the parts of a weekly email, in order.

What to do first comes first. The sentences stand in `weekly.txt`; here is only
which of them are said, and the tables' facts.
"""

from typing import Any, Final

from mfauto.messages.addressing import SQA, Directory, clickable, shown
from mfauto.messages.content import Body, Cell, Part, Table, Words, row, table
from mfauto.messages.items import Item, actions_of, kinds, kinds_of
from mfauto.messages.plan import Plan, Run, Share, Unsafe
from mfauto.messages.summary import Summary
from mfauto.model import Review
from mfauto.schedule import week_of
from mfauto.settings import Settings
from mfauto.wording import day_words, days_words, listed

MOST_ROWS: Final = 150  #: rows of a table of items; the tracker shows them all


class Composer:
    """Writes the emails of one review."""

    def __init__(
        self, review: Review, settings: Settings, run: Run, words: Words, plan: Plan
    ) -> None:
        self.review = review
        self.settings = settings
        self.run = run
        self.words = words
        self.plan = plan
        mail = settings.mail
        directory = Directory(review.tracker.people, mail)
        self._contact = directory.contact()
        self._keeper = directory.keeper()
        self._link = clickable(mail.tracker_link)
        self._summary = Summary(review, run, words, plan, drafts=not mail.leaves)
        self._told = sum(len(share.own) for share in plan.shares)
        actions = actions_of(review)
        self._total_kinds = kinds(actions, review.counts.overdue - actions)

    def body(self, share: Share) -> Body:
        """Write one reader's email."""
        fields = self._fields(share)
        title = self._subject(share, fields)
        parts = [
            *self._own(share, fields),
            *self._managed(share, fields),
            *self._unaddressed(share, fields),
            *(self._summary.parts(share, fields) if share.summary else ()),
        ]
        greeting = "greeting" if share.names else "greeting_nobody"
        return Body(
            title=title,
            marking=shown(self.settings.marking),
            alert=self._alert(share, fields) if share.unsafe else None,
            greeting=self.words.line(greeting, fields),
            parts=tuple(parts),
            about=self._about(share, fields),
            link=self._link,
            link_words=self.words.line("link" if self._link else "no_link", fields),
        )

    def _fields(self, share: Share) -> dict[str, Any]:
        mail = self.settings.mail
        return {
            "name": listed(share.names),
            "council": shown(self.settings.council),
            "service": shown(self.settings.service),
            "contact": self._contact,
            "keeper": self._keeper,
            "tracker": shown(self.review.tracker.path.name),
            "as_at": day_words(self.review.as_at),
            "by": day_words(self.plan.by),
            "soon": day_words(self.plan.soon),
            "week": week_of(self.review.as_at),
            "own": len(share.own),
            "own_kinds": kinds_of(share.own),
            "managed": len(share.managed),
            "managed_kinds": kinds_of(share.managed),
            "unaddressed": len(share.unaddressed),
            "safety": len(share.unsafe),
            "total": self.review.counts.overdue,
            "total_kinds": self._total_kinds,
            "told": self._told,
            "manager_after": str(mail.service_manager_after),
            "head_after": str(mail.head_of_service_after),
        }

    def _subject(self, share: Share, fields: dict[str, Any]) -> str:
        said = []
        if share.unsafe:
            said.append(self.words.line("subject_safety", fields))
        block = _subject_block(share, self.review.counts.overdue)
        if block:
            said.append(self.words.line(block, fields))
        return ". ".join(said)

    def _alert(self, share: Share, fields: dict[str, Any]) -> Part:
        summary = share.summary
        columns = ("Case", "Due date", "Days overdue", *(("Head of Service",) if summary else ()))
        return Part(
            heading=self.words.line("safety_heading", fields),
            before=self.words.paragraphs("safety_told" if summary else "safety_ask", fields),
            table=table(
                columns,
                (self._unsafe_row(unsafe, summary=summary) for unsafe in share.unsafe),
                [2],
            ),
        )

    def _unsafe_row(self, unsafe: Unsafe, *, summary: bool) -> tuple[Cell, ...]:
        late = (self.review.as_at - unsafe.due).days
        facts = row(
            shown(unsafe.case.ref or ""),
            day_words(unsafe.due),
            str(late) if late > 0 else "Not overdue yet",
        )
        if not summary:
            return facts
        return (*facts, Cell(shown(unsafe.owner or "") or "Not recorded", unsafe.reason or ""))

    def _own(self, share: Share, fields: dict[str, Any]) -> list[Part]:
        if not share.own:
            return []
        first = share.own[0]
        before = self.words.paragraphs(
            "own_first" if len(share.own) > 1 else "own_only",
            fields,
            case=first.ref,
            due=day_words(first.due),
            overdue=days_words(first.days),
            do=self._do(share, first, fields),
        )
        parts = [
            Part(
                heading=self.words.line("own_heading", fields),
                before=(
                    *before,
                    *self._order(share.own, fields),
                    *self.words.paragraphs("own_done", fields),
                ),
                table=_overdue(share.own, owners=len(share.names) > 1),
                after=(
                    *self._rest(len(share.own), fields),
                    *self.words.paragraphs("own_help", fields),
                ),
            )
        ]
        if share.soon:
            owners = len(share.names) > 1
            rows = (
                row(item.ref, _what(item, owners=owners), Cell(day_words(item.due), item.slipped))
                for item in share.soon[:MOST_ROWS]
            )
            said = self.words.paragraphs("next_intro", fields)
            listing = table(("Case", "What to do", "Due date"), rows)
        else:
            said, listing = self.words.paragraphs("next_nothing", fields), None
        parts.append(
            Part(heading=self.words.line("next_heading", fields), before=said, table=listing)
        )
        return parts

    def _do(self, share: Share, item: Item, fields: dict[str, Any]) -> str:
        """Say what is to be done: who keeps the tracker enters it, anybody else says so (C12)."""
        if share.summary or share.to.role == SQA:
            return item.fix
        return self.words.line("tell_action" if item.is_action else "tell_step", fields)

    def _managed(self, share: Share, fields: dict[str, Any]) -> list[Part]:
        if not share.managed:
            return []
        drafted = any(item.key in self.run.drafted for item in share.managed)
        return [
            Part(
                heading=self.words.line("managed_heading", fields),
                before=(
                    *self.words.paragraphs(
                        "managed_drafted" if drafted else "managed_told", fields
                    ),
                    *self._order(share.managed, fields),
                ),
                table=_overdue(share.managed, owners=True),
                after=self._rest(len(share.managed), fields),
            )
        ]

    def _unaddressed(self, share: Share, fields: dict[str, Any]) -> list[Part]:
        if not share.unaddressed:
            return []
        rows = (
            row(
                one.item.ref,
                Cell(one.item.what, one.reason),
                Cell(day_words(one.item.due), one.item.slipped),
                str(one.item.days),
            )
            for one in share.unaddressed[:MOST_ROWS]
        )
        return [
            Part(
                heading=self.words.line("unaddressed_heading", fields),
                before=self.words.paragraphs("unaddressed_intro", fields),
                table=table(
                    ("Case", "What to do, and why it is here", "Due date", "Days overdue"),
                    rows,
                    [3],
                ),
                after=self._rest(len(share.unaddressed), fields),
            )
        ]

    def _order(self, found: list[Item], fields: dict[str, Any]) -> tuple[str, ...]:
        """Say in which order a table stands, where it is not by age alone."""
        mixed = len({item.inadequate for item in found}) > 1
        return self.words.paragraphs("order", fields) if mixed else ()

    def _rest(self, number: int, fields: dict[str, Any]) -> tuple[str, ...]:
        more = number - MOST_ROWS
        return self.words.paragraphs("rows_more", fields, more=more) if more > 0 else ()

    def _about(self, share: Share, fields: dict[str, Any]) -> Part:
        reasons = (
            ("why_own", bool(share.own)),
            ("why_safety", bool(share.unsafe) and not share.own and not share.summary),
            ("why_manager", bool(share.managed)),
            ("why_unaddressed", bool(share.unaddressed)),
            ("why_summary", share.summary),
        )
        said = [
            line
            for block, holds in reasons
            if holds
            for line in self.words.paragraphs(block, fields)
        ]
        if share.own or share.managed or share.unaddressed or share.summary:
            said += self.words.paragraphs("items_are", fields)
        said += self.words.paragraphs("as_at_line", fields)
        said += self.words.paragraphs("questions", fields)
        return Part(heading=self.words.line("why_heading", fields), before=tuple(said))


def _subject_block(share: Share, total: int) -> str | None:
    if share.summary:
        if not total:
            return "subject_summary_nothing"
        return "subject_summary_own" if share.own else "subject_summary"
    if share.own:
        return "subject_both" if share.managed else "subject_own"
    if share.managed:
        return "subject_manager"
    return "subject_unaddressed" if share.unaddressed else None


def _overdue(found: list[Item], *, owners: bool) -> Table:
    rows = (
        row(
            item.ref,
            _what(item, owners=owners),
            Cell(day_words(item.due), item.slipped),
            f"{item.days:,}",
        )
        for item in found[:MOST_ROWS]
    )
    return table(("Case", "What to do", "Due date", "Days overdue"), rows, [3])


def _what(item: Item, *, owners: bool) -> Cell:
    return Cell(item.what, f"Owner: {item.owner}" if owners else "")
