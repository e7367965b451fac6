"""Puts one reader's share into words: the parts of a weekly email, in order.

What to do first comes first. The sentences stand in `weekly.txt`; here is only
which of them are said, and the tables' facts.
"""

from typing import Any, Final

from mfauto.messages.addressing import SQA, Directory, clickable, shown
from mfauto.messages.assurance import asking, assurance_fields, telling
from mfauto.messages.content import Body, Cell, Part, Table, Words, row, table
from mfauto.messages.items import Item, actions_of, kinds, kinds_of
from mfauto.messages.plan import Known, Plan, Share, Unaddressed
from mfauto.messages.summary import Summary
from mfauto.model import Review
from mfauto.schedule import week_of
from mfauto.settings import Settings
from mfauto.wording import day_words, days_words, listed

MOST_ROWS: Final = 150  #: rows of a table of items; the tracker shows them all


class Composer:
    """Writes the emails of one review."""

    def __init__(
        self, review: Review, settings: Settings, run: Known, words: Words, plan: Plan
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
        own, unaddressed = _own_below(share), _unaddressed_below(share)
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
            "own": len(own),
            "own_kinds": kinds_of(own),
            "own_above": len(share.own) - len(own),
            "managed": len(share.managed),
            "managed_kinds": kinds_of(share.managed),
            "unaddressed": len(unaddressed),
            "unaddressed_above": len(share.unaddressed) - len(unaddressed),
            **assurance_fields(share.unsafe, self.review.as_at),
            "total": self.review.counts.overdue,
            "total_kinds": self._total_kinds,
            "told": self._told,
            "manager_after": str(mail.service_manager_after),
            "head_after": str(mail.head_of_service_after),
        }

    def _subject(self, share: Share, fields: dict[str, Any]) -> str:
        total = self.review.counts.overdue
        if not share.unsafe:
            return self.words.line(_subject_block(share, total), fields)
        said = [self.words.line("safety_subject", fields)]
        also = len(_own_below(share)) + len(share.managed)
        if share.summary:
            said.append(self.words.line("subject_also_summary", fields))
        elif also:
            said.append(self.words.line("subject_also", fields, also=also))
        return ". ".join(said)

    def _alert(self, share: Share, fields: dict[str, Any]) -> Part:
        as_at, words = self.review.as_at, self.words
        if share.summary:
            drafts = not self.settings.mail.leaves
            return telling(share.unsafe, as_at, words, fields, drafts=drafts)
        return asking(share.unsafe, as_at, words, fields, keeps=share.to.role == SQA)

    def _own(self, share: Share, fields: dict[str, Any]) -> list[Part]:
        if not share.own:
            return []
        return [*self._own_overdue(share, fields), self._next(share, fields)]

    def _own_overdue(self, share: Share, fields: dict[str, Any]) -> list[Part]:
        own = _own_below(share)
        if not own:
            return []
        first = own[0]
        before = self.words.paragraphs(
            "own_first" if len(own) > 1 else "own_only",
            fields,
            case=first.ref,
            due=day_words(first.due),
            overdue=days_words(first.days),
            do=self._do(share, first, fields),
        )
        heading, above = self._above("own", fields)
        return [
            Part(
                heading=heading,
                before=(
                    *before,
                    *self._order(own, fields),
                    *self.words.paragraphs("own_done", fields),
                    *above,
                ),
                table=_overdue(own, owners=len(share.names) > 1),
                after=(
                    *self._rest(len(own), fields),
                    *self.words.paragraphs("own_help", fields),
                ),
            )
        ]

    def _next(self, share: Share, fields: dict[str, Any]) -> Part:
        soon = [item for item in share.soon if not _is_above(item, share)]
        if soon:
            owners = len(share.names) > 1
            rows = (
                row(item.ref, _what(item, owners=owners), Cell(day_words(item.due), item.slipped))
                for item in soon[:MOST_ROWS]
            )
            said = self.words.paragraphs("next_intro", fields)
            listing = table(("Case", "What to do", "Due date"), rows)
        else:
            said, listing = self.words.paragraphs("next_nothing", fields), None
        return Part(heading=self.words.line("next_heading", fields), before=said, table=listing)

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
        found = _unaddressed_below(share)
        if not found:
            return []
        heading, above = self._above("unaddressed", fields)
        rows = (
            row(
                one.item.ref,
                Cell(one.item.what, one.reason),
                Cell(day_words(one.item.due), one.item.slipped),
                str(one.item.days),
            )
            for one in found[:MOST_ROWS]
        )
        return [
            Part(
                heading=heading,
                before=(*self.words.paragraphs("unaddressed_intro", fields), *above),
                table=table(
                    ("Case", "What to do, and why it is here", "Due date", "Days overdue"),
                    rows,
                    [3],
                ),
                after=self._rest(len(found), fields),
            )
        ]

    def _above(self, what: str, fields: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
        """Give the heading of a table, and the sum with those in the box about child safety."""
        if not fields[f"{what}_above"]:
            return self.words.line(f"{what}_heading", fields), ()
        heading = self.words.line(f"{what}_heading_other", fields)
        return heading, self.words.paragraphs(f"{what}_sum", fields)

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
        if fields["own"] or share.managed or fields["unaddressed"] or share.summary:
            said += self.words.paragraphs("items_are", fields)
        said += self.words.paragraphs("as_at_line", fields)
        said += self.words.paragraphs("questions", fields)
        return Part(heading=self.words.line("why_heading", fields), before=tuple(said))


def _subject_block(share: Share, total: int) -> str:
    if share.summary:
        if not total:
            return "subject_summary_nothing"
        return "subject_summary_own" if share.own else "subject_summary"
    if share.own:
        return "subject_both" if share.managed else "subject_own"
    return "subject_manager" if share.managed else "subject_unaddressed"


def _own_below(share: Share) -> list[Item]:
    """Give the reader's own items but for those that stand in the box about child safety."""
    return [item for item in share.own if not _is_above(item, share)]


def _unaddressed_below(share: Share) -> list[Unaddressed]:
    return [one for one in share.unaddressed if not _is_above(one.item, share)]


def _is_above(item: Item, share: Share) -> bool:
    return item.is_safety and any(unsafe.case is item.case for unsafe in share.unsafe)


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
