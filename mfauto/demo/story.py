"""One made-up case from its audit to the report date, step by step.

Everything is worked out forwards and cut off at the report date: what would have
come later has not happened. Plans may lie ahead.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import Final

from mfauto.demo import words
from mfauto.demo.meetings import Calendar
from mfauto.demo.people import AUDITORS, LEAVER, QA_MANAGERS, Post
from mfauto.demo.plans import GOOD, IMPROVE, INADEQUATE, OUTSTANDING, Plan
from mfauto.demo.themes import THEMES, Theme

Fields = dict[str, object]

_LATE: Final = 0.15  # share of steps that were done after their limit
_REVIEWED: Final = 0.45  # share of Inadequate cases whose practitioner's caseload is reviewed
_REVIEWED_BY_HEAD: Final = 0.3  # share of those reviews that the Head of Service does
_REAUDITED_BY_MANAGER: Final = 0.7  # share of re-audits that the Service Manager does
_SLIPPED: Final = 0.2  # shares of actions: put off, given up, with support
_CANCELLED: Final = 0.03
_SUPPORTED: Final = 0.4
_SPREAD: Final = 0.4  # share of Outstanding cases with an action to pass it on
_NOTED: Final = 0.2  # share of cases with a note
#: how an example is shared: the field, the mark that stops it there, and how long it takes
_SHARING: Final = (
    ("reviewed", "examine", 4),
    ("anonymised", "anonymise", 2),
    ("uploaded", "upload", 1),
    ("announced", "announce", 1),
)
_YOUNG: Final = 30  # working days: such a case goes as its plan says, never late by chance
_WITH_LEAVER: Final = 150  # working days: younger cases are not with somebody who has left
_INVITING: Final = 6  # working days between moderation and the first meeting that can be booked


class Teller:
    """Tells one case after another, and collects the rows of every sheet."""

    def __init__(self, calendar: Calendar, posts: Sequence[Post], draw: Random) -> None:
        self.calendar = calendar
        self.posts = posts
        self.draw = draw
        self.cases: list[Fields] = []
        self.actions: list[Fields] = []
        self.reaudits: list[Fields] = []
        self.examples: list[Fields] = []
        self._turns: dict[Sequence[str], int] = {}

    def tell(self, plan: Plan) -> None:
        """Add the rows of one case."""
        number = len(self.cases) + 1
        post = self._post(number, plan)
        audited = self.calendar.aged(plan.age)
        case: Fields = {
            "ref": f"MF-{number:03d}",
            "audited": audited,
            "audit_grade": plan.grade,
            "service_area": post.service_area,
            "team": post.team,
            "practitioner": post.practitioner,
            "team_manager": post.team_manager,
            "service_manager": post.service_manager,
            "head_of_service": post.head_of_service,
            "auditor": AUDITORS[number % len(AUDITORS)],
        }
        self.cases.append(case)
        themes = self._themes(number)
        self._alert(case, plan, audited)
        moderated = self._moderate(case, plan, audited)
        if plan.moderated in (GOOD, IMPROVE):
            if "outside" in plan.missing:
                self._action(case, themes[0], 2, audited)
            return
        held = self._meet(case, plan, moderated)
        if held is None:
            return
        self._write_up(case, plan, themes, held)
        if plan.moderated == INADEQUATE:
            self._review_caseload(case, plan, held)
            self._improve(case, plan, themes, held)
        else:
            self._share(case, plan, held)

    def pair(self, banks: tuple[Sequence[str], Sequence[str]]) -> str:
        """Give a first and a second sentence."""
        return " ".join(self.pick(bank) for bank in banks)

    def pick(self, choices: Sequence[str]) -> str:
        """Give the choices of a list in turn, so that none is used up before the others."""
        if choices not in self._turns:
            self._turns[choices] = self.draw.randrange(len(choices))
        turn = self._turns[choices]
        self._turns[choices] = turn + 1
        return choices[turn % len(choices)]

    def _chance(self, share: float) -> bool:
        return self.draw.random() < share

    def _late(self, plan: Plan) -> bool:
        return self._chance(_LATE) and plan.age > _YOUNG

    def _post(self, number: int, plan: Plan) -> Post:
        post = self.posts[number * 7 % len(self.posts)]
        if post.practitioner == LEAVER and plan.age < _WITH_LEAVER:
            return self.posts[(number * 7 + 1) % len(self.posts)]
        return post

    def _themes(self, number: int) -> tuple[Theme, Theme]:
        # Some themes come up more often than others, as they do.
        first = THEMES[min(self.draw.randrange(len(THEMES)), self.draw.randrange(len(THEMES)))]
        other = THEMES[(THEMES.index(first) + 1 + number % (len(THEMES) - 1)) % len(THEMES)]
        return first, other

    def _alert(self, case: Fields, plan: Plan, audited: date) -> None:
        day, draw = self.calendar, self.draw
        if plan.moderated in (GOOD, IMPROVE) and plan.grade == plan.moderated:
            return
        alerted = day.after(audited, draw.randrange(2) + 2 * self._late(plan))
        notified = day.after(audited, draw.randrange(2) + 2 * self._late(plan))
        assured = day.after(audited, draw.randrange(3) + 3 * self._late(plan))
        if "alert" not in plan.missing:
            case["managers_alerted"] = day.seen(alerted)
        if "qa" not in plan.missing:
            case["qa_notified"] = day.seen(notified)
        if INADEQUATE in (plan.grade, plan.moderated) and "safety" not in plan.missing:
            case["child_safety_assured"] = day.seen(assured)
            if day.seen(assured):
                case["child_safety_note"] = self.pair(words.SAFETY)

    def _moderate(self, case: Fields, plan: Plan, audited: date) -> date | None:
        took = 5 + self.draw.randrange(5) + 6 * self._late(plan)
        moderated = self.calendar.seen(self.calendar.after(audited, took))
        if moderated is None or "moderation" in plan.missing:
            return None
        case["moderation_completed"] = moderated
        case["moderated_grade"] = plan.moderated
        return moderated

    def _meet(self, case: Fields, plan: Plan, moderated: date | None) -> date | None:
        """Book, invite and hold the meeting; give the day it was held."""
        day, draw = self.calendar, self.draw
        if moderated is None or "booking" in plan.missing:
            if "tbc" in plan.missing:
                case["meeting_booked"] = "TBC"
            return None
        earliest = day.after(moderated, _INVITING)
        booked = day.book(
            max(earliest, day.after(day.as_at, 1)) if "ahead" in plan.missing else earliest
        )
        case["meeting_booked"] = booked
        if self._chance(_NOTED):
            case["notes"] = self.pick(words.NOTES)
        invited = day.after(booked, -draw.choice((5, 6, 6, 7, 8)) + 3 * self._late(plan))
        invited = max(invited, moderated)
        case["practitioner_invited"] = day.seen(invited)
        case["team_manager_invited"] = day.seen(invited)
        if "invite" not in plan.missing:
            case["service_manager_invited"] = day.seen(invited)
        case["meeting_held"] = held = day.seen(booked)
        return held

    def _write_up(self, case: Fields, plan: Plan, themes: tuple[Theme, Theme], held: date) -> None:
        good = plan.moderated == OUTSTANDING
        if good:
            case["audit_findings"] = self.pick(words.OUTSTANDING_FINDINGS)
            case["strengths"] = self.pick(words.OUTSTANDING_STRENGTHS)
            case["practice_context"] = self.pick(words.OUTSTANDING_CONTEXT)
            return
        if (self.calendar.as_at - held).days < 2:  # noqa: PLR2004 - written up the day after
            return
        found = [self.pick(theme.findings) for theme in themes]
        case["audit_findings"] = " ".join(found)
        case["strengths"] = self.pair(words.STRENGTHS)
        case["practice_context"] = self.pair(words.CONTEXT)
        case["themes"] = "; ".join(theme.name for theme in themes)
        if "record" not in plan.missing:
            case["support_agreed"] = self.pair(words.SUPPORT)

    def _review_caseload(self, case: Fields, plan: Plan, held: date) -> None:
        day, draw = self.calendar, self.draw
        if day.seen(day.after(held, 2)) is None or "review" in plan.missing:
            return
        chased = plan.missing & {"exception", "required"}
        if not chased and not self._chance(_REVIEWED):
            case["caseload_review"] = "Not required"
            return
        case["caseload_review"] = "Required"
        by_head = self._chance(_REVIEWED_BY_HEAD)
        reviewer = "head_of_service" if by_head else "service_manager"
        case["caseload_reviewer"] = case[reviewer]
        took = 17 + draw.randrange(10) + 12 * self._late(plan)
        completed = day.seen(day.on_workday(held + timedelta(days=took)))
        if chased or completed is None:
            return
        case["cases_reviewed"] = 8 + draw.randrange(13)
        case["exception_summary"] = self.pick(words.SUMMARIES)
        case["exception_report_completed"] = completed

    def _improve(self, case: Fields, plan: Plan, themes: tuple[Theme, Theme], held: date) -> None:
        """Add actions, re-audits and, where a round passed, what comes of leaving."""
        day, draw = self.calendar, self.draw
        passing = self._reaudit(case, plan, held)
        count = 4 + draw.randrange(3)
        for place in range(count):
            last = place == count - 1
            some = "actions" in plan.missing and place % 3 > 0
            stuck = some or ("action" in plan.missing and last)
            self._action(case, themes[place % 2], place, held, stuck=stuck, over=passing)
        if passing is None:
            return
        told = day.after(passing, 1 + draw.randrange(4) + 3 * self._late(plan))
        case["left_inadequate"] = passing
        case["hos_informed"] = day.seen(day.after(passing, 1))
        if "inform" not in plan.missing:
            case["sm_informed"] = day.seen(day.after(passing, 1))
            case["practitioner_informed"] = day.seen(told)
        if "ics" not in plan.missing:
            case["reaudit_on_ics"] = day.seen(day.after(passing, 1 + draw.randrange(5)))
        if "example" in plan.missing:
            self._example(case, plan, passing)

    def _reaudit(self, case: Fields, plan: Plan, held: date) -> date | None:
        """Add the rounds so far; give the day of the passing one."""
        day, draw = self.calendar, self.draw
        before, passing = held, None
        for number, grade in enumerate(plan.reaudits, start=1):
            last = number == len(plan.reaudits)
            took = 68 + draw.randrange(20) + 24 * self._late(plan)
            audited = day.on_workday(before + timedelta(days=took))
            if last and plan.latest is not None:
                audited = day.aged(plan.latest)
            if day.seen(audited) is None:
                break
            put_off = self._late(plan) and not last
            panel = day.next_panel(audited, skip=int(put_off))
            by_manager = self._chance(_REAUDITED_BY_MANAGER)
            shared = None if last and "panel" in plan.missing else day.seen(panel)
            passed = grade != INADEQUATE
            self.reaudits.append(
                {
                    "case_ref": case["ref"],
                    "round": number,
                    "audited": audited,
                    "reauditor": case["service_manager"] if by_manager else self.pick(QA_MANAGERS),
                    "grade": grade,
                    "panel_held": shared,
                    "panel_decision": self.pair(words.LEFT if passed else words.STAYS)
                    if shared
                    else None,
                }
            )
            before = audited
            passing = audited if passed else None
        return passing

    def _action(
        self,
        case: Mapping[str, object],
        theme: Theme,
        place: int,
        agreed: date,
        *,
        stuck: bool = False,
        over: date | None = None,
    ) -> None:
        """Add one action: `stuck` leaves it overdue; `over` is a day it was done by."""
        day, draw = self.calendar, self.draw
        what, evidence = theme.actions[(place // 2 + len(self.cases)) % len(theme.actions)]
        due = original = day.on_workday(
            agreed + timedelta(days=10 + 11 * place + draw.randrange(10))
        )
        slipped = self._chance(_SLIPPED)
        if slipped:
            due = day.on_workday(original + timedelta(days=7 + draw.randrange(14)))
        recent = day.aged(2 + draw.randrange(30))
        if stuck and due < recent:  # put off before, and not done yet
            slipped, due = True, recent
        completed = day.after(due, draw.choice((-6, -4, -3, -2, -1, 0, 0, 0, 2, 5)))
        completed = max(completed, day.after(agreed, 1))
        if over is not None:
            completed = min(completed, over)
        owner = draw.choice(
            ("practitioner",) * 5 + ("team_manager",) * 3 + ("service_manager", "head_of_service")
        )
        row: Fields = {
            "ref": f"AC-{len(self.actions) + 1:03d}",
            "case_ref": case["ref"],
            "action": what,
            "owner": case[owner],
            "original_due": original,
            "due": due,
            "status": draw.choice(("Open", "In progress", "In progress")),
            "support_needed": self.pick(words.SUPPORT_NEEDED) if self._chance(_SUPPORTED) else None,
            "notes": self.pick(words.SLIPPED) if slipped else None,
        }
        cancelled = self._chance(_CANCELLED)
        if cancelled and not stuck:
            row |= {"status": "Cancelled", "notes": words.CANCELLED}
        elif day.seen(completed) and not stuck:
            row |= {"status": "Complete", "completed": completed, "evidence": evidence}
        self.actions.append(row)

    def _share(self, case: Fields, plan: Plan, held: date) -> None:
        """Add the examples of an Outstanding case, and now and then an action to spread them."""
        for _ in range(1 + self.draw.randrange(3)):
            self._example(case, plan, held)
        if self._chance(_SPREAD):
            what, evidence = self.draw.choice(words.OUTSTANDING_ACTIONS)
            spread = Theme(name="", findings=(), actions=((what, evidence),))
            self._action(case, spread, 2, held)

    def _example(self, case: Fields, plan: Plan, start: date) -> None:
        day, draw = self.calendar, self.draw
        theme, example = words.EXAMPLES[len(self.examples) % len(words.EXAMPLES)]
        case["themes"] = case.get("themes") or theme
        number = len(self.examples) + 1
        row: Fields = {
            "ref": f"GP-{number:03d}",
            "case_ref": case["ref"],
            "example": example,
            "theme": theme,
        }
        self.examples.append(row)
        if "fresh" in plan.missing:
            start = day.aged(7)
        reached: date | None = start
        for field, stop, usual in _SHARING:
            took = usual + draw.randrange(4) + 5 * self._late(plan)
            reached = day.seen(day.after(reached, took)) if reached else None
            if reached is None or stop in plan.missing:
                return
            row[field] = reached
            if field == "uploaded":
                row["library_link"] = f"Good Practice Library / {theme} / GP-{number:03d}"
