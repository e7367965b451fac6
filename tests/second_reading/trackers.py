"""Made-up trackers, the same for the same seed, leaning towards the edges of the rules.

`a_made_up_tracker(seed)` gives plain rows by the contract's headings and three report dates: one
past, one present, one ahead. Many due dates fall right on an edge: on one of the report dates,
the day before or after it, its tenth working day ahead or one more. `layout.py` puts the rows
into a workbook. Every name, ref and place is invented.

Left out on purpose, because the contract can be read in two ways: answers that are not in their
list, a done action without due date, an action without due date before its meeting, dates out
of the process's order, a blank audit grade, refs that differ only by case.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from tests.second_reading.oracle import LIMITS, after
from tests.second_reading.plain import (
    ACTIONS,
    CASES,
    GOOD_PRACTICE,
    INADEQUATE,
    MEETINGS,
    OUTSTANDING,
    PEOPLE,
    RE_AUDITS,
)
from tests.second_reading.working_days import A_DAY, working_days_after

if TYPE_CHECKING:
    from collections.abc import Callable

Cells = dict[str, Any]

#: Report dates around which a tracker is made: bank holidays, month ends and plain days.
PRESENTS = (
    date(2026, 11, 2),
    date(2026, 4, 2),  # the day before Good Friday
    date(2025, 12, 24),
    date(2024, 2, 29),
    date(2023, 5, 5),  # before the early May holiday and the coronation's
    date(2022, 6, 1),  # before the Platinum Jubilee's two days
    date(2026, 1, 31),  # a Saturday
    date(2025, 8, 31),  # a Sunday
    date(2023, 4, 10),  # Easter Monday
    date(2022, 9, 16),  # before the state funeral
    date(2024, 12, 31),
    date(2026, 6, 17),
)

#: Days from which three months run into a short month, or out of one.
MONTH_ENDS = (
    date(2024, 2, 29),
    date(2023, 11, 29),
    date(2024, 11, 29),
    date(2025, 11, 29),
    *(
        date(year, month, day)
        for year in (2022, 2023, 2024, 2025, 2026)
        for month, day in ((1, 31), (3, 31), (5, 31), (8, 31), (10, 31), (11, 30), (12, 31))
    ),
)

FIRST_NAMES = ("Quill", "Bramble", "Tansy", "Fennel", "Sorrel", "Yarrow", "Teasel", "Juniper")
LAST_NAMES = ("Thistlewick", "Marrowby", "Puddlecote", "Hobbleton", "O'Fern", "Nettle-Dale")

LEAVING_DAYS = (
    "Left Inadequate on",
    "HoS informed",
    "SM informed",
    "Practitioner informed",
    "Re-audit on ICS",
)

EXAMPLE_DAYS = ("Reviewed on", "Anonymised on", "Uploaded on", "Service email sent on")

#: What may stand in a date cell that cannot be read, and what is written to the workbook for it.
UNREADABLE: Cells = {
    "TBC": "TBC",
    "ASAP": "ASAP",
    "31/1": "31/1",
    "30/02/2026": "30/02/2026",
    "wk 3": "wk 3",
    "an error": "#REF!",
    "not calculated": "=TODAY()",
    "a bare number": 46053,
    "far ahead": date(2062, 1, 31),
}


@dataclass(frozen=True)
class Made:
    """A made-up tracker: plain rows of each sheet, and its report dates."""

    report_dates: tuple[date, date, date]
    rows: dict[str, list[Cells]]


@dataclass
class Story:
    """One case with the rows of other sheets that belong to it."""

    case: Cells
    actions: list[Cells] = field(default_factory=list)
    re_audits: list[Cells] = field(default_factory=list)
    examples: list[Cells] = field(default_factory=list)

    def shift(self, days: int) -> None:
        """Move every day of the story by as many days."""
        for row in [self.case, *self.actions, *self.re_audits, *self.examples]:
            for heading, value in row.items():
                if isinstance(value, date):
                    row[heading] = value + timedelta(days=days)


@dataclass(frozen=True)
class Clock:
    """A step that can be put on an edge: the cell that starts it and the cells that end it."""

    step: str
    row: Cells
    starts: str
    ends_in: Cells
    ends: tuple[str, ...]


class Maker:
    """Makes one tracker; every choice comes from its seed."""

    def __init__(self, seed: int) -> None:
        self.random = Random(f"moving forward {seed}")  # noqa: S311 - made-up data
        present = self.random.choice(PRESENTS)
        past = present - timedelta(days=self.random.randint(20, 90))
        ahead = present + timedelta(days=self.random.randint(15, 150))
        self.report_dates = (past, present, ahead)
        self.edges = [day for report in (past, present, ahead) * 2 for day in edges_of(report)]
        self.edges = self.edges[len(edges_of(past)) :]  # the past has fewer
        self.careful = False  # whether the case in hand has everything recorded
        self.people: list[Cells] = []
        self.actions_made = 0
        self.examples_made = 0

    # --- small choices -----------------------------------------------------------------

    def often(self, share: float) -> bool:
        return self.random.random() < share

    def days(self, least: int, most: int) -> timedelta:
        return timedelta(days=self.random.randint(least, most))

    def person(self, *roles: str, blank: float = 0.12) -> str | None:
        names: list[str] = [one["Name"] for one in self.people if one["Role"] in roles]
        return None if self.often(blank) or not names else self.random.choice(names)

    def maybe(self, day: date, omitted: float = 0.12) -> date | None:
        """The day, or now and then nothing: a step not recorded."""
        return None if not self.careful and self.often(omitted) else day

    # --- sheets of their own -----------------------------------------------------------

    def make_people(self) -> None:
        names = [f"{first} {last}" for first in FIRST_NAMES for last in LAST_NAMES]
        self.random.shuffle(names)
        roles = (
            ["Practitioner"] * 4
            + ["Team Manager"] * 2
            + ["Service Manager"] * 2
            + ["Head of Service"] * 2
            + ["Auditor"] * 2
            + ["QA Team Manager", "Director", "Executive Director"]
        )
        self.people = [self.a_person(names.pop(), role, "Yes") for role in roles]
        self.random.shuffle(self.people)
        # The officer: active, only after one who has left, only one who has left, or none.
        officers = self.random.choice(("Yes", "Yes", "No Yes", "No Yes Yes", "No", "", "Blank Yes"))
        for active in officers.split():
            answer = None if active == "Blank" else active
            self.people.append(self.a_person(names.pop(), "SQA Officer", answer))
        if self.often(0.2):
            self.people.insert(0, self.a_person(names.pop(), "QA Team Manager", "No"))

    def a_person(self, name: str, role: str, active: str | None) -> Cells:
        mailbox = name.lower().replace(" ", ".").replace("'", "")
        return {"Name": name, "Role": role, "Email": f"{mailbox}@council.invalid", "Active": active}

    def make_meetings(self) -> list[Cells]:
        share = self.random.choice((0.0, 0.15, 0.6))  # of the edges that have a panel
        first = self.report_dates[0] - timedelta(days=120)
        panels = {day for day in self.edges if self.often(share)}
        if share:
            panels |= {first + self.days(0, 500) for _ in range(4)}
        forward = {first + self.days(0, 500) for _ in range(self.random.randint(0, 6))}
        rows = [{"Date": day, "Type": "Panel Review"} for day in panels]
        rows += [{"Date": day, "Type": "Moving Forward Meeting"} for day in forward]
        rows.sort(key=lambda row: (row["Date"], row["Type"]))
        self.random.shuffle(rows)
        return rows

    # --- one case ----------------------------------------------------------------------

    def make_story(self, ref: str) -> Story:
        grade = self.random.choice((INADEQUATE,) * 7 + (OUTSTANDING,) * 4 + ("Good",))
        self.careful = self.often(0.6)
        story = Story(self.begin_case(ref, grade))
        depth = self.random.choice((0, 1, 2, 3, 4, 5, 6, 7, 8, 8, 8))
        self.up_to_the_meeting(story, depth)
        if depth >= 5:
            self.at_the_meeting(story, grade)
        if grade == INADEQUATE and depth >= 6:
            self.add_re_audits(story)
        if story.case["Moderation completed"] is None and self.often(0.3):
            story.case["Moderated grade"] = self.random.choice(("Good", INADEQUATE, OUTSTANDING))
        self.add_examples(story, grade)
        self.put_in_time(story)
        self.add_actions(story, 0 if depth < 5 and self.often(0.7) else self.random.choice((1, 4)))
        return story

    def begin_case(self, ref: str, grade: str) -> Cells:
        """The audit, its grade and the people; `grade` is the one that counts in the end."""
        moderated = grade if self.often(0.3) else None
        audit_grade = grade
        if moderated and self.often(0.6):
            audit_grade = self.random.choice(("Good", "Requires improvement"))
            if self.often(0.4) or grade == "Good":
                audit_grade = OUTSTANDING if grade == INADEQUATE else INADEQUATE
        return {
            "Case ref": ref,
            "Audit date": date(2025, 1, 1),
            "Audit grade": audit_grade,
            "Moderated grade": moderated,
            "Team": "Lantern Street",
            "Practitioner": self.person("Practitioner"),
            "Team Manager": self.person("Team Manager"),
            "Service Manager": self.person("Service Manager", blank=0.25),
            "Head of Service": self.person("Head of Service", blank=0.25),
            "Auditor": self.person("Auditor", blank=0.25),
        }

    def up_to_the_meeting(self, story: Story, depth: int) -> None:
        case = story.case
        audit = case["Audit date"]
        moderated = audit + self.days(2, 18)
        booked = moderated + self.days(8, 40)
        must_moderate = case["Moderated grade"] is not None
        case["Moderation completed"] = None
        if depth >= 1:
            case["SM and HoS alerted"] = self.maybe(audit + self.days(0, 2))
            case["QA and SQA notified"] = self.maybe(audit + self.days(0, 2))
            case["Child safety assured"] = self.maybe(audit + self.days(0, 2))
        if depth >= 2 or must_moderate:
            omitted = 0.0 if must_moderate else 0.12
            case["Moderation completed"] = self.maybe(moderated, omitted)
        if depth >= 3:
            case["Meeting booked for"] = self.maybe(booked, 0.08)
            for who in ("Practitioner", "Team Manager", "Service Manager"):
                case[f"{who} invited"] = self.maybe(moderated + self.days(1, 7), 0.2)
        if depth >= 4:
            late = self.random.choice((0, 0, 0, 7))
            case["Meeting held"] = self.maybe(booked + timedelta(days=late), 0.1)

    def at_the_meeting(self, story: Story, grade: str) -> None:
        case = story.case
        answers = ["Audit findings", "Strengths", "Practice context"]
        if grade == INADEQUATE:
            answers.append("Support agreed")
        for heading in answers:
            blank = not self.careful and self.often(0.12)
            case[heading] = None if blank else f"{heading}, in made-up words"
        case["Themes"] = "Voice of the child; Plans"
        if grade != INADEQUATE:
            return
        answers = ["Required", "Not required"] + [""] * (not self.careful)
        case["Caseload review"] = self.random.choice(answers) or None
        if case["Caseload review"] == "Required":
            case["Caseload reviewer"] = self.person("Head of Service", "Service Manager", blank=0.3)
            held = case.get("Meeting held")
            if held and self.often(0.1):
                # Without a passing re-audit this ends nothing.
                case["Left Inadequate on"] = held + self.days(20, 60)
            if held and (self.careful or self.often(0.5)):
                case["Exception report completed"] = held + self.days(10, 45)
                case["Exception summary"] = "What the other cases showed, made up"
                case["Cases reviewed"] = self.random.randint(1, 20)

    def add_re_audits(self, story: Story) -> None:
        """One to four rounds; the last passes, stays, waits for its grade or lies ahead."""
        case = story.case
        held = case.get("Meeting held")
        day = (held or case["Audit date"] + timedelta(days=60)) + self.days(40, 110)
        rounds = self.random.choice((1, 1, 1, 2, 2, 3, 4))
        last = self.random.choice(("passes",) * 5 + ("stays", "ungraded", "not entered", "undated"))
        for number in range(1, rounds + 1):
            row: Cells = {"Case ref": case["Case ref"], "Round": number}
            row["Re-auditor"] = self.person("Service Manager", "QA Team Manager", blank=0)
            grade: str | None = INADEQUATE
            if number == rounds:
                if last == "not entered":
                    return
                passed = self.random.choice((OUTSTANDING, "Good", "Requires improvement"))
                grade = {"passes": passed, "stays": INADEQUATE}.get(last)
            panel = day + self.days(1, 35)
            if number < rounds or last != "undated":
                row["Re-audit date"] = day
                row["Grade"] = grade
                if grade:
                    row["Panel review date"] = self.maybe(panel, 0.25)
                    row["Panel decision"] = "Noted" if row["Panel review date"] else None
            story.re_audits.append(row)
            if number == rounds and last == "passes":
                self.add_leaving(case, day)
                if self.often(0.15):
                    # Audited once more after it has left: the first pass still counts.
                    later = panel + self.days(5, 60)
                    again = {"Round": number + 1, "Re-audit date": later, "Grade": "Good"}
                    shared = self.maybe(later + self.days(1, 30), 0.25)
                    story.re_audits.append(row | again | {"Panel review date": shared})
            day = panel + self.days(20, 100)

    def add_leaving(self, case: Cells, passed: date) -> None:
        omitted = self.random.choice((0.0, 0.3, 1.0))
        for heading in LEAVING_DAYS:
            case[heading] = self.maybe(passed + self.days(0, 12), omitted)

    def add_examples(self, story: Story, grade: str) -> None:
        case = story.case
        share = 0.8 if grade == OUTSTANDING else 0.35
        if not self.often(share):
            return
        passing = [row["Re-audit date"] for row in story.re_audits if "Re-audit date" in row]
        start = case.get("Meeting held") or case["Audit date"] + timedelta(days=50)
        day = max([start, *passing])
        for _ in range(self.random.choice((1, 1, 2))):
            self.examples_made += 1
            row: Cells = {
                "Example ref": f"EX-{self.examples_made:03}",
                "Case ref": case["Case ref"],
                "Example": "A made-up example",
                "Theme": "Plans",
            }
            done = day
            for heading in EXAMPLE_DAYS:
                done += self.days(0, 9)
                if not self.careful and self.often(0.22):
                    break
                row[heading] = done
                if heading == "Uploaded on":
                    row["Library link"] = "https://library.invalid/example"
            story.examples.append(row)

    # --- where the case lies in time ---------------------------------------------------

    def put_in_time(self, story: Story) -> None:
        """Move the whole story so that one of its clocks runs out on an edge, most often."""
        # Late clocks before early ones, most often: they stand near the end of the list.
        places = list(enumerate(clocks_of(story), start=1))
        places.sort(key=lambda one: -(one[0] ** 0.5) * self.random.random())
        for _place, clock in places[:6]:
            started: date = clock.row[clock.starts]
            start = self.start_for_an_edge(clock.step)
            if self.often(0.12):
                start = self.random.choice(
                    [day for day in MONTH_ENDS if abs((day - self.report_dates[1]).days) < 200]
                )
            if start is not None:
                story.shift((start - started).days)
                if self.often(0.5 if self.careful else 0.8):
                    self.leave_open(story, clock)
                return
        first = self.report_dates[0] - timedelta(days=200)
        latest = (self.report_dates[2] - first).days + 20
        story.shift((first + self.days(0, latest) - story.case["Audit date"]).days)

    def leave_open(self, story: Story, clock: Clock) -> None:
        """Blank what ends this clock; a re-audit takes the rounds after it along."""
        for heading in clock.ends:
            clock.ends_in[heading] = None
        if clock.step == "re_audit":
            keep = [row is clock.row for row in story.re_audits]
            story.re_audits = story.re_audits[: keep.index(True) + 1] if any(keep) else []
            for heading in LEAVING_DAYS:
                story.case[heading] = None

    def start_for_an_edge(self, step: str) -> date | None:
        """A day from which this step is due on an edge; None where no day is."""
        due = self.random.choice(self.edges)
        if step == "hold_meeting":
            return due
        starts = [
            day for back in range(-20, 110) if after(day := due - back * A_DAY, LIMITS[step]) == due
        ]
        return self.random.choice(starts) if starts else None

    def add_actions(self, story: Story, most: int) -> None:
        case = story.case
        begins: date = case.get("Meeting held") or case["Audit date"]
        fixed = "done" if self.careful and self.often(0.6) else ""
        for _ in range(self.random.randint(min(most, self.careful), most)):
            self.actions_made += 1
            due = self.random.choice(self.edges)
            if due < begins:
                due = begins + self.days(5, 80)
            row: Cells = {
                "Action ref": f"AC-{self.actions_made:03}",
                "Case ref": case["Case ref"],
                "Action": "Something made up to put right",
                "Owner": self.person("Practitioner", "Team Manager", blank=0.2),
                "Due date": due,
                "Original due date": due if self.often(0.6) else self.original(begins, due),
            }
            self.settle(row, begins, due, fixed)
            story.actions.append(row)

    def original(self, begins: date, due: date) -> date | None:
        if self.often(0.2):
            return None
        return max(begins, due - self.days(0, 30))

    def settle(self, row: Cells, begins: date, due: date, fixed: str) -> None:
        """An action's status, with or without the day it was completed."""
        kinds = ("open", "progress", "blank", "done", "done", "no day", "cancelled", "odd", "undue")
        kind = fixed or self.random.choice(kinds)
        if kind == "undue" and begins > self.report_dates[0]:
            kind = "open"  # whether an action that does not exist yet can be at fault is unclear
        completed = max(begins, due + timedelta(days=self.random.randint(-20, 20)))
        if kind == "done":
            row |= {"Status": "Complete", "Completed on": completed}
        elif kind == "no day":
            row["Status"] = "Complete"
        elif kind == "cancelled":
            row["Status"] = "Cancelled"
        elif kind == "odd":
            row |= {"Status": "In progress", "Completed on": completed}
        elif kind == "undue":
            row |= {"Status": "Open", "Due date": None, "Original due date": None}
        elif kind != "blank":
            row["Status"] = "Open" if kind == "open" else "In progress"

    # --- the whole tracker -------------------------------------------------------------

    def make(self, cases: int) -> Made:
        self.make_people()
        meetings = self.make_meetings()
        stories = [self.make_story(f"MF-{number:03}") for number in range(1, cases + 1)]
        if meetings:
            # A panel on the day of a re-audit is not the one after it.
            meetings += [
                {"Date": row["Re-audit date"], "Type": "Panel Review"}
                for story in stories
                for row in story.re_audits
                if row.get("Re-audit date") and self.often(0.2)
            ]
        rows: dict[str, list[Cells]] = {
            CASES: [story.case for story in stories],
            ACTIONS: [row for story in stories for row in story.actions],
            RE_AUDITS: [row for story in stories for row in story.re_audits],
            GOOD_PRACTICE: [row for story in stories for row in story.examples],
            MEETINGS: meetings,
            PEOPLE: self.people,
        }
        self.add_unusable_rows(rows, stories)
        for sheet in (ACTIONS, RE_AUDITS, GOOD_PRACTICE):
            if self.often(0.6):
                self.random.shuffle(rows[sheet])
        return Made(self.report_dates, rows)

    def add_unusable_rows(self, rows: dict[str, list[Cells]], stories: list[Story]) -> None:
        cases = rows[CASES]
        unusable: list[Callable[[], Cells]] = [
            lambda: dict(self.random.choice(stories).case),  # a ref used twice
            lambda: self.begin_case("MF-901", INADEQUATE) | {"Audit date": None},
            lambda: self.begin_case("MF-902", OUTSTANDING) | {"Audit date": "TBC"},
            lambda: (
                self.begin_case("MF-903", INADEQUATE)
                | {"Audit grade": None, "Moderated grade": None}
            ),
            lambda: (
                self.begin_case("MF-904", INADEQUATE)
                | {"Audit grade": "Poor", "Moderated grade": None}
            ),
            lambda: self.begin_case("", INADEQUATE) | {"Case ref": None},
        ]
        for make in unusable:
            if self.often(0.3):
                cases.insert(self.random.randint(0, len(cases)), make())
        for case in (case for case in cases if str(case["Case ref"]).startswith("MF-90")):
            # The rows of a case that cannot be used are not chased.
            if self.often(0.5):
                rows[ACTIONS].append(self.an_action_of(case["Case ref"]))
        if self.often(0.4):
            rows[ACTIONS].append(self.an_action_of("ZZ-404"))
        if self.often(0.3):
            rows[RE_AUDITS].append(
                {"Case ref": "ZZ-405", "Round": 1, "Re-audit date": self.edges[0], "Grade": "Good"}
            )
        if self.often(0.3):
            rows[GOOD_PRACTICE].append(
                {"Example ref": "EX-900", "Case ref": "ZZ-406", "Reviewed on": self.edges[0]}
            )

    def an_action_of(self, ref: str) -> Cells:
        self.actions_made += 1
        return {
            "Action ref": f"AC-{self.actions_made:03}",
            "Case ref": ref,
            "Action": "Belongs to no case that can be used",
            "Due date": self.random.choice(self.edges),
            "Status": "Open",
        }


def edges_of(report: date) -> list[date]:
    """The days on which a finding just begins or ends, seen from this report date."""
    tenth = working_days_after(report, 10)
    return [
        report - A_DAY,
        report,
        report,
        report + A_DAY,
        tenth,
        tenth,
        tenth + A_DAY,
        working_days_after(report, 11),
    ]


def clocks_of(story: Story) -> list[Clock]:
    """Every clock of a story that has been started."""
    case = story.case
    found = [
        Clock(step, case, start, case, ends)
        for step, start, ends in (
            ("alert_managers", "Audit date", ("SM and HoS alerted",)),
            ("notify_qa", "Audit date", ("QA and SQA notified",)),
            ("assure_child_safety", "Audit date", ("Child safety assured",)),
            ("complete_moderation", "Audit date", ("Moderation completed",)),
            ("book_meeting", "Moderation completed", ("Meeting booked for", "Meeting held")),
            ("invite_attendees", "Meeting booked for", ("Team Manager invited", "Meeting held")),
            ("hold_meeting", "Meeting booked for", ("Meeting held",)),
            ("record_meeting", "Meeting held", ("Strengths",)),
        )
    ]
    if INADEQUATE in (case["Moderated grade"], case["Audit grade"]):
        found += [
            Clock("decide_caseload_review", case, "Meeting held", case, ("Caseload review",)),
            Clock("exception_report", case, "Meeting held", case, ("Exception report completed",)),
            Clock("re_audit", case, "Meeting held", case, ("Left Inadequate on",)),
            Clock("re_audit", case, "Audit date", case, ("Meeting held",)),
        ]
    passing: list[Clock] = []
    for row in story.re_audits:
        day = "Re-audit date"
        found.append(Clock("panel_review", row, day, row, ("Panel review date",)))
        if row.get("Grade") == INADEQUATE:
            found.append(Clock("re_audit", row, day, case, ("Left Inadequate on",)))
        elif row.get("Grade"):
            passing += [
                Clock("inform_leavers", row, day, case, ("SM informed",)),
                Clock("upload_reaudit", row, day, case, ("Re-audit on ICS",)),
            ]
    for row in story.examples:
        found += clocks_of_an_example(row)
        found += [
            Clock("review_example", clock.row, clock.starts, row, EXAMPLE_DAYS)
            for clock in [*passing[:1], found[7]]
        ]
    return [clock for clock in found + passing if clock.row.get(clock.starts) is not None]


def clocks_of_an_example(row: Cells) -> list[Clock]:
    """Its later days go with the one that is blanked: nothing is uploaded with names in it."""
    steps = ("anonymise_example", "upload_example", "announce_example")
    return [
        Clock(step, row, EXAMPLE_DAYS[place], row, EXAMPLE_DAYS[place + 1 :])
        for place, step in enumerate(steps)
    ]


def a_made_up_tracker(seed: int, cases: int = 24) -> Made:
    """The tracker of this seed, with everything the contract is clear about."""
    return Maker(seed).make(cases)


def with_unreadable_days(made: Made, seed: int, share: float = 0.08) -> Made:
    """The same tracker with some date cells that cannot be read."""
    random = Random(f"unreadable {seed}")  # noqa: S311 - made-up data
    rows = {
        sheet: [
            {
                heading: random.choice(list(UNREADABLE))
                if isinstance(value, date) and random.random() < share
                else value
                for heading, value in row.items()
            }
            for row in of_sheet
        ]
        for sheet, of_sheet in made.rows.items()
    }
    return Made(made.report_dates, rows)


def with_gaps_between_rounds(made: Made, seed: int) -> Made:
    """The same tracker with some earlier re-audit left without its day or without its grade."""
    random = Random(f"gaps {seed}")  # noqa: S311 - made-up data
    rows = {sheet: [dict(row) for row in of_sheet] for sheet, of_sheet in made.rows.items()}
    last = {row["Case ref"]: row["Round"] for row in sorted(rows[RE_AUDITS], key=round_in_order)}
    for row in rows[RE_AUDITS]:
        if row["Round"] < last[row["Case ref"]] and random.random() < 0.6:
            for heading in random.choice((("Re-audit date", "Panel review date"), ("Grade",))):
                row[heading] = None
    return Made(made.report_dates, rows)


def round_in_order(row: Cells) -> int:
    number: int = row["Round"]
    return number


def with_faulty_rounds(made: Made, seed: int) -> tuple[Made, set[str]]:
    """The same tracker with a missing, repeated or skipped Round, or 0, and the cases of these."""
    random = Random(f"rounds {seed}")  # noqa: S311 - made-up data
    rows = {sheet: [dict(row) for row in of_sheet] for sheet, of_sheet in made.rows.items()}
    faulty = set()
    for row in rows[RE_AUDITS]:
        if row["Case ref"] in faulty or random.random() < 0.5:
            continue
        faulty.add(row["Case ref"])
        fault = random.choice(("missing", "repeated", "skipped", "nought"))
        if fault == "repeated":
            rows[RE_AUDITS].append(dict(row))
            return Made(made.report_dates, rows), faulty
        same_case = [one for one in rows[RE_AUDITS] if one["Case ref"] == row["Case ref"]]
        row["Round"] = {"missing": None, "nought": 0}.get(fault, len(same_case) + 1)
    return Made(made.report_dates, rows), faulty


#: words that are in no list, and what the sheet's list cells are called
MISSPELT = ("Inadequat", "Requird", "opne", "??", "Outstanding?", "Open ?", "n/a")
LIST_CELLS = {
    "Cases": ("Audit grade", "Moderated grade", "Caseload review"),
    ACTIONS: ("Status",),
    RE_AUDITS: ("Grade",),
}


def with_seeded_faults(
    made: Made, seed: int, share: float = 0.04
) -> tuple[Made, list[tuple[str, int, str]]]:
    """The same tracker with faults of every kind, and each one's sheet, place and heading."""
    random = Random(f"seeded {seed}")  # noqa: S311 - made-up data
    rows = {sheet: [dict(row) for row in of_sheet] for sheet, of_sheet in made.rows.items()}
    seeded: list[tuple[str, int, str]] = []
    for sheet, of_sheet in rows.items():
        if sheet in ("People", "Meetings"):
            continue
        for place, row in enumerate(of_sheet):
            for heading, value in list(row.items()):
                if isinstance(value, date) and random.random() < share:
                    row[heading] = random.choice(list(UNREADABLE))
                elif value and heading in LIST_CELLS.get(sheet, ()) and random.random() < share:
                    row[heading] = random.choice(MISSPELT)
                elif heading == "Case ref" and sheet != "Cases" and random.random() < share / 2:
                    row[heading] = f"MF-9{place:03}"
                else:
                    continue
                seeded.append((sheet, place, heading))
    cases = rows["Cases"]
    if len(cases) > 4 and random.random() < 0.5:
        first, second = random.sample(range(len(cases)), 2)
        cases[second]["Case ref"] = cases[first]["Case ref"]
        seeded += [("Cases", first, "Case ref"), ("Cases", second, "Case ref")]
    return Made(made.report_dates, rows), seeded
