"""Every number that the pack prints, by key, with the sums that readers could make of them.

What is kept back where small numbers are is worked out from here, so a number that a part
prints has to stand here first.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from mfauto.catalogue import QUERY
from mfauto.measures import Measures
from mfauto.measures.hiding import Key, Numbers
from mfauto.model import Review
from mfauto.rules import RULES
from mfauto.standing import NOT_YET
from mfauto.steps import STEP, timed

OUTCOMES: Final = ("on_time", "late", "no_date", "overdue", "open")
#: the steps whose figures are also said in sentences
READ: Final = ("assure_child_safety", "exception_report", "re_audit", "panel_review", "action")
LAST: Final = 11  #: the place of this month among the twelve
AT: Final = {"now": 12, "before": 11, "year": 0}  #: the places of month ends in `("open", place)`
STAGES: Final = ("reviewed", "anonymised", "uploaded", "announced")


def printed(found: Measures, review: Review) -> Numbers:
    """Give the numbers of a pack."""
    numbers = Numbers()
    _flows(numbers, found)
    _snapshots(numbers, found)
    _steps(numbers, found)
    _services(numbers, found)
    _grades(numbers, found)
    _practice(numbers, found)
    _rows(numbers, found, review)
    return numbers


def remarks(review: Review) -> Counter[str]:
    """Count by rule the queries that ask for nothing to be entered or corrected."""
    return Counter(
        one.rule for one in review.findings if one.level == QUERY and not RULES[one.rule].asks
    )


def _flows(numbers: Numbers, found: Measures) -> None:
    flows = found.flows
    numbers.add(("open", 0), flows[0].start)
    numbers.add(("open", "start a year ago"), found.start_a_year_ago)
    fields = {"new": "new", "in": "moderated_in", "out": "moderated_out", "left": "left"}
    for place, flow in enumerate(flows):
        for name, field in fields.items():
            numbers.add((name, place), getattr(flow, field))
        numbers.add(("open", place + 1), flow.end)
        numbers.total(
            ("open", place + 1),
            [("open", place), ("new", place), ("in", place)],
            [("out", place), ("left", place)],
        )
    for name, field in fields.items():
        numbers.add((name, "year"), sum(getattr(flow, field) for flow in flows))
        numbers.total((name, "year"), [(name, place) for place in range(len(flows))])
    for place, number in enumerate(found.bands):
        numbers.add(("band", place), number)
    numbers.total(("left", "year"), [("band", place) for place in range(len(found.bands))])


def _snapshots(numbers: Numbers, found: Measures) -> None:
    for name, at in zip(AT, found.snapshots, strict=True):
        numbers.add(("later", name), at.later_rounds)
        numbers.part(("open", AT[name]), [("later", name)])
        numbers.add(("outstanding", name), at.outstanding)
        numbers.add(("late", name), at.overdue)
        numbers.add(("late_actions", name), at.overdue_actions)
        numbers.part(("late", name), [("late_actions", name)])
    third = sum(one.round >= found.third for one in found.still)
    numbers.add(("third",), third)
    numbers.part(("later", "now"), [("third",)])
    numbers.add(("unsafe",), len(found.unsafe))
    numbers.add(("actions", "done"), found.actions_done)
    numbers.add(("actions", "open"), found.actions_open)
    numbers.part(("actions", "open"), [("late_actions", "now")])
    numbers.add(("reaudited",), found.reaudited)
    numbers.part(("reaudited",), [("left", LAST)])


def _steps(numbers: Numbers, found: Measures) -> None:
    for place, month in enumerate(found.outcomes):
        _parted(numbers, ("month", place), month, OUTCOMES)
    for name in ("now", "before"):  # what fell due in a month is among all that was overdue then
        numbers.part(("late", name), [("month", AT[name] - 1, "overdue")])
    of_step = {line.step: outcomes_of(line.step) for line in found.timeliness}
    for line in found.timeliness:
        _parted(numbers, ("step", line.step), line, of_step[line.step])
    for field in ("due", *OUTCOMES):
        numbers.total(
            ("month", LAST, field),
            [
                ("step", step, field)
                for step, fields in of_step.items()
                if field in ("due", *fields)
            ],
        )
    last = found.outcomes[LAST]
    numbers.add(("timed",), last.due - last.no_date)
    numbers.total(("month", LAST, "due"), [("timed",), ("month", LAST, "no_date")])
    for step, dues in found.late_by_step.items():
        numbers.add(("late", step), len(dues))
        this_month = ("step", step, "overdue")
        if step in READ:
            numbers.add(("earlier", step), len(dues) - numbers.values[this_month])
            numbers.total(("late", step), [this_month, ("earlier", step)])
        else:
            numbers.part(("late", step), [this_month])
    numbers.total(("late", "now"), [("late", step) for step in found.late_by_step])
    numbers.total(("late_actions", "now"), [("late", "action")])


def outcomes_of(step: str) -> tuple[str, ...]:
    """Give what can become of a step: on time and late are known only where it is timed."""
    return OUTCOMES if timed(STEP[step]) else ("no_date", "overdue", "open")


def _parted(
    numbers: Numbers, key: tuple[str, object], parts: object, outcomes: Sequence[str]
) -> None:
    for field in ("due", *outcomes):
        numbers.add((*key, field), getattr(parts, field))
    numbers.total((*key, "due"), [(*key, field) for field in outcomes])


def _services(numbers: Numbers, found: Measures) -> None:
    names = [service.name for service in found.services]
    for service in found.services:
        numbers.add(("service", service.name, "actions"), service.actions)
        numbers.add(("service", service.name, "steps"), service.steps)
        numbers.add(("service", service.name, "all"), service.actions + service.steps)
        numbers.total(
            ("service", service.name, "all"),
            [("service", service.name, "actions"), ("service", service.name, "steps")],
        )
    numbers.add(("late_steps",), sum(service.steps for service in found.services))
    wholes: dict[str, Key] = {
        "actions": ("late_actions", "now"),
        "steps": ("late_steps",),
        "all": ("late", "now"),
    }
    for field, whole in wholes.items():
        numbers.total(whole, [("service", name, field) for name in names])


def _grades(numbers: Numbers, found: Measures) -> None:
    for number, grades in found.regraded.items():
        for grade, count in grades.items():
            numbers.add(("regraded", number, grade), count)
        numbers.add(("regraded", number, "all"), sum(grades.values()))
        numbers.total(
            ("regraded", number, "all"), [("regraded", number, grade) for grade in grades]
        )
    for grade, after in found.moderated.items():
        for name, count in after.items():
            numbers.add(("moderated", grade, name), count)
    inadequate = found.moderated["Inadequate"]
    if sum(inadequate.values()) == numbers.values["new", "year"]:  # but for rare days they agree
        numbers.total(("new", "year"), [("moderated", "Inadequate", name) for name in inadequate])


def _practice(numbers: Numbers, found: Measures) -> None:
    for theme in found.themes:
        for field in ("now", "before", "year"):
            numbers.add(("theme", theme.name, field), getattr(theme, field))
        numbers.part(
            ("theme", theme.name, "year"),
            [("theme", theme.name, "now"), ("theme", theme.name, "before")],
        )
    for stage in STAGES:
        counts = found.shared(stage)
        for field, count in zip(("now", "before", "year"), counts, strict=True):
            numbers.add(("shared", stage, field), count)
        numbers.part(
            ("shared", stage, "year"), [("shared", stage, "now"), ("shared", stage, "before")]
        )


def _rows(numbers: Numbers, found: Measures, review: Review) -> None:
    counts, at = review.counts, found.snapshots[0]
    numbers.add(("rows", "read"), counts.rows_read)
    for field in ("cases", "outside", "excluded"):
        numbers.add(("rows", field), getattr(counts, field))
    numbers.total(("rows", "read"), [("rows", name) for name in ("cases", "outside", "excluded")])
    numbers.add(("audited",), counts.cases + counts.outside)
    numbers.total(("audited",), [("rows", "cases"), ("rows", "outside")])
    numbers.total(("rows", "read"), [("audited",), ("rows", "excluded")])
    numbers.add(("gone",), counts.cases - at.remaining - at.outstanding)
    numbers.total(("rows", "cases"), [("open", AT["now"]), ("gone",), ("outstanding", "now")])
    numbers.part(("gone",), [("left", "year")])
    for reason, rows in found.left_out.items():
        numbers.add(("left out", reason), len(rows))
    numbers.total(("rows", "excluded"), [("left out", reason) for reason in found.left_out])
    numbers.add(("remarks",), remarks(review).total())
    if NOT_YET in found.left_out:  # each such row is remarked on
        numbers.part(("remarks",), [("left out", NOT_YET)])
    numbers.add(("unusable",), len(found.unusable))
    numbers.part(("rows", "excluded"), [("unusable",)])
    for step, dues in found.coming.items():
        numbers.add(("coming", step), len(dues))
    for place, occasion in enumerate(found.occasions_ahead):
        numbers.add(("meeting", place), occasion.expected)
    numbers.add(("allocate",), len(found.to_allocate))
