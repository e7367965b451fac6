"""The first pages: is every child safe, the paragraph of assurance, headlines and timeliness."""

from collections.abc import Iterator
from typing import Final

from mfauto.measures.figures import Timely
from mfauto.pack.printed import AT, LAST, OUTCOMES, READ, outcomes_of
from mfauto.pack.told import Told, month_words
from mfauto.steps import BEFORE, OWN, STEP, timed
from mfauto.wording import counted, day_words, days_words

_LEAST_FOR_A_MEDIAN: Final = 5  # days measured, where small numbers are kept back
_FLOWS: Final = ("new", "in", "out", "left")  # summed up over twelve months
#: the headline's words, with the keys of this month, last month, and twelve months
_HEADLINES: Final = (
    (
        "Open at the start of the month",
        ("open", 11),
        ("open", 10),
        ("open", "start a year ago"),
    ),
    ("New Inadequate", ("new", 11), ("new", 10), ("new", "year")),
    ("Moderated to Inadequate", ("in", 11), ("in", 10), ("in", "year")),
    ("Moderated from Inadequate", ("out", 11), ("out", 10), ("out", "year")),
    ("Left Inadequate", ("left", 11), ("left", 10), ("left", "year")),
    ("Remaining at the end of the month", ("open", 12), ("open", 11), ("open", 0)),
    (
        "Of these, in a second round or later",
        ("later", "now"),
        ("later", "before"),
        ("later", "year"),
    ),
    (
        "Outstanding cases",
        ("outstanding", "now"),
        ("outstanding", "before"),
        ("outstanding", "year"),
    ),
    (
        "Overdue actions",
        ("late_actions", "now"),
        ("late_actions", "before"),
        ("late_actions", "year"),
    ),
    ("All overdue steps", ("late", "now"), ("late", "before"), ("late", "year")),
)


def safety(told: Told) -> str:
    """Say whether any child's safety is not yet assured, and the longest wait."""
    unsafe = told.found.unsafe
    if unsafe:
        children = told.counted(("unsafe",), "child", "children")
        longest = unsafe[0]
        since = "" if told.hide else f", since the audit on {day_words(longest.standing.audited)}"
        said = (
            f"The safety of {children} is not yet recorded as assured. "
            f"The longest wait is {days_words(longest.days)}{since}."
        )
    else:
        said = told.all_safe()
    if told.found.unusable:
        said += (
            f" {told.are(('unusable',), 'row')} in no figure, "
            "so nothing can be said about the children there."
        )
    return said


def assurance(told: Told) -> dict[str, object]:
    """Give the assurance in answers to the pack's three questions."""
    return {"known": " ".join(_known(told)), "how": _how(told), "doing": _doing(told)}


def _known(told: Told) -> Iterator[str]:
    month, now = month_words(told.as_at), ("open", AT["now"])
    compared = [
        said
        for name, when in (("before", "a month before"), ("year", "a year before"))
        if (said := told.than(now, ("open", AT[name]), when))
    ]
    still_open = told.are(now, "case")
    yield (
        f"At {day_words(told.as_at)}, {still_open[0].lower()}{still_open[1:]} open at Inadequate"
        f"{', ' if compared else ''}{' and '.join(compared)}."
    )
    came = told.counted(("new", LAST), "new Inadequate case")
    left = told.counted(("left", LAST), "case")
    yield f"In {month}, {came} came in and {left} left Inadequate."
    if told.any("third"):
        verb = "is" if told.number("third") == 1 and not told.hidden(("third",)) else "are"
        third = told.said("third").capitalize()
        yield f"{third} of the open cases {verb} in a third round of re-audit or later."
    elif told.number(*now):
        yield "No open case has reached a third round of re-audit."
    limit = told.policy.limits["re_audit"]
    whose = "the process’s own limit" if limit.is_source else "the local limit"
    late = ("late", "re_audit")
    past = told.are(late, "re-audit") if told.any(*late) else "No re-audit is"
    yield f"{past} past {whose} of {limit}."
    if told.any("late", "now"):
        yield f"{told.are(('late', 'now'), 'step')} overdue; {_actions(told)}."
    else:
        yield "Nothing is overdue."


def _how(told: Told) -> str:
    """Say what the figures are counted from, and what is wrong with it."""
    by = f"audited by {day_words(told.as_at)}"
    number, inside = ("audited",), ("rows", "cases")
    if not told.any(*number):
        said = f"No case that can be counted was {by}."
    elif told.hidden(number):
        said = f"The figures are counted from the cases {by}."
    else:
        said = f"The figures are counted from the {told.counted(number, 'case')} {by}"
        said += "." if told.hidden(inside) else f", {told.shown(*inside)} of them in the process."
    errors = told.review.counts.error
    part = "the part Data quality"
    if errors:
        are = "is" if errors == 1 else "are"
        said += f" {counted(errors, 'error')} {are} open in the tracker; {part} lists "
        said += "it." if errors == 1 else "them."
    else:
        said += " No error is open in the tracker."
    if told.found.unusable:
        unusable = told.are(("unusable",), "row")
        return f"{said} {unusable} left out of every figure; {part} says why."
    return f"{said} Every row audited by then is counted."


def _doing(told: Told) -> str:
    done = told.counted(("actions", "done"), "action")
    held = told.counted(("reaudited",), "re-audit")
    return (
        f"In {month_words(told.as_at)}, {done} {_were(told, 'actions', 'done')} completed and "
        f"{held} {_were(told, 'reaudited')} carried out. "
        f"{told.are(('actions', 'open'), 'action')} open. "
        "The parts What is overdue and The next 30 days say what comes next."
    )


def _actions(told: Told) -> str:
    """Say how much of what is overdue is actions."""
    key = ("late_actions", "now")
    if told.number(*key) == 1 and not told.hidden(key):
        return "1 of them is an action"
    return f"{told.said(*key) if told.number(*key) else 'none'} of them are actions"


def _were(told: Told, *key: str) -> str:
    return "was" if told.number(*key) == 1 and not told.hidden(key) else "were"


def headlines(told: Told) -> dict[str, object]:
    """Give the headline figures, and the sum they make."""
    parts = (("open", 11), ("new", 11), ("in", 11), ("out", 11), ("left", 11), ("open", 12))
    start, new, came, went, left, end = (told.number(*key) for key in parts)
    return {
        "headlines": [
            {
                "name": name,
                "now": told.shown(*now),
                "before": told.shown(*before),
                "change": told.change(now, before),
                "year": f"{told.shown(*year)} {'in total' if now[0] in _FLOWS else 'a year ago'}",
            }
            for name, now, before, year in _HEADLINES
        ],
        "sum": "Small numbers are kept back, so the sum of the month is left out."
        if told.hidden(*parts)
        else (
            f"The sum: {start} at the start + {new} new + {came} changed "
            f"to Inadequate \u2212 {went} changed from Inadequate \u2212 "
            f"{left} left = {end} remaining."
        ),
    }


def timeliness(told: Told) -> dict[str, object]:
    """Give each step with who set its limit, what became of what fell due, and what that means.

    Steps that the tracker has no date for stand apart: nobody can say whether they were in time.
    """
    timed_lines, others = [], []
    for line in told.found.timeliness:
        fields = outcomes_of(line.step)
        shown = {name: told.shown("step", line.step, name) for name in ("due", *fields)}
        made = {"step": _with_source(told, line.step), **shown}
        if timed(STEP[line.step]):
            timed_lines.append({**made, "median": _median(told, line)})
        else:
            others.append(made)
    read = [said for step in READ if (said := _reading(told, step))]
    return {
        "timeliness": timed_lines,
        "not_measured": others,
        "timeliness_sum": _sum(told),
        "timeliness_read": read,
    }


def _with_source(told: Told, step: str) -> str:
    """Give a step with who set its limit; the limit itself stands in the part Method."""
    _, source = told.limit(STEP[step])
    return f"{STEP[step].todo} ({source[0].lower()}{source[1:]})"


def _sum(told: Told) -> str:
    """Give the sum of all steps of the month."""
    keys = [("month", LAST, name) for name in ("due", *OUTCOMES)]
    if told.hidden(*keys):
        return "Small numbers are kept back, so the sum of all steps is left out."
    due, on_time, late, no_date, overdue, still_open = (told.shown(*key) for key in keys)
    return (
        f"All steps: {due} fell due = {on_time} on time + {late} late + {no_date} not measured + "
        f"{overdue} still overdue + {still_open} open, in time."
    )


def _median(told: Told, line: Timely) -> str:
    """Give the median days of a step, or why there is none."""
    if STEP[line.step].due == OWN:
        return "No start"
    done = [("step", line.step, name) for name in ("on_time", "late")]
    if told.hide and (line.on_time + line.late < _LEAST_FOR_A_MEDIAN or told.hidden(*done)):
        return "Hidden"
    if line.median is None:
        return "None done"
    return f"{line.median:g} ahead" if STEP[line.step].due == BEFORE else f"{line.median:g}"


def _reading(told: Told, step: str) -> str:
    """Say what the figures of a step mean; nothing where none fell due and none is overdue."""
    fell, late = told.number("step", step, "due"), told.number("late", step)
    if not fell and not late:
        return ""
    of_step = [("step", step, name) for name in ("due", *OUTCOMES)]
    if told.hidden(*of_step, ("late", step), ("earlier", step)):
        return ""
    said = [_of_this_month(told, step) if fell else "none was due this month."]
    said.append(_overdue(told, step) if late else "None is overdue.")
    if still_open := told.number("step", step, "open"):
        said.append(f"{still_open:,} {'is' if still_open == 1 else 'are'} open on the last day.")
    return f"{STEP[step].todo}: {' '.join(said)}"


def _of_this_month(told: Told, step: str) -> str:
    """Say how many of those due were done in time, late, or nobody knows when."""
    in_time = told.number("step", step, "on_time")
    verb = "was" if in_time == 1 else "were"
    said = f"{in_time:,} of {told.shown('step', step, 'due')} due this month {verb} done in time"
    for name, how in (("late", "late"), ("no_date", "on a day not recorded")):
        if number := told.number("step", step, name):
            said += f", {number:,} {how}"
    return f"{said}."


def _overdue(told: Told, step: str) -> str:
    """Say how many are overdue, and how many of them since before this month."""
    dues = told.found.late_by_step[step]
    number, earlier = len(dues), told.number("earlier", step)
    longest = days_words((told.as_at - dues[0].on).days)
    months = "an earlier month" if earlier == 1 else "earlier months"
    if number == 1:
        return f"1 is overdue{f' from {months}' if earlier else ''}, by {longest}."
    since = ""
    if earlier:
        since = f" from {months}" if earlier == number else f", {earlier:,} of them from {months}"
    return f"{number:,} are overdue{since}, the longest by {longest}."
