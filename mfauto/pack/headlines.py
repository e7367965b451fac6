"""The first pages: is every child safe, the paragraph of assurance, headlines and timeliness."""

from mfauto.pack.told import Told, month_words
from mfauto.steps import STEP
from mfauto.wording import day_words, days_words


def safety(told: Told) -> str:
    """Say whether any child's safety is not yet assured, and the longest wait."""
    unsafe = told.found.unsafe
    if not unsafe:
        return "Child safety is recorded as assured in every Inadequate case that was counted."
    whose = (
        "The safety of 1 child is"
        if len(unsafe) == 1
        else (f"The safety of {len(unsafe)} children is")
    )
    longest = unsafe[0]
    return (
        f"{whose} not yet recorded as assured. The longest wait is "
        f"{days_words(longest.days)}, since the audit on {day_words(longest.standing.audited)}."
    )


def assurance(told: Told) -> str:
    """Give the paragraph of assurance, but for its first sentences."""
    flow, at = told.found.flows[-1], told.found.snapshots[0]
    reached = "has" if at.later_rounds == 1 and not told.hide else "have"
    excluded = {(row.place, row.row) for row in told.review.excluded}
    later = {
        (row.place, row.row)
        for row in told.review.tracker.cases
        if row.audited and row.audited > told.as_at
    }
    unusable = len(excluded - later)
    said = (
        (
            f"At {day_words(told.as_at)}, {told.are(flow.end, 'case')} open at Inadequate"
            f"{told.than_before(flow.end, flow.start)}."
        ),
        (
            f"In {month_words(told.as_at)}, {told.counted(flow.new, 'new case')} came in and "
            f"{told.counted(flow.left, 'case')} left Inadequate."
        ),
        (
            f"{told.shown(at.later_rounds).capitalize()} of the open cases {reached} reached a "
            "second round of re-audit or later."
        ),
        (
            f"{told.are(at.overdue, 'step')} overdue; {told.are(at.overdue_actions, 'action')} "
            "among them."
        ),
        "This is known from audits, moderation and re-audits, as the tracker records them.",
        f"{told.are(unusable, 'row')} left out of every figure; the part Data quality says why."
        if unusable
        else "Every row audited by then is counted.",
        "The parts What is overdue and The next 30 days show what is being done.",
    )
    return " ".join(said)


def headlines(told: Told) -> dict[str, object]:
    """Give the headline figures, and the sum they make."""
    flow = told.found.flows[-1]
    return {
        "headlines": [
            {
                "name": line.name,
                "now": told.shown(line.now),
                "before": told.shown(line.before),
                "change": told.change(line.now, line.before),
                "year": f"{told.shown(line.year)} {'in total' if line.summed else 'a year ago'}",
            }
            for line in told.found.headlines
        ],
        "sum": "Small numbers are not shown, so the sum of the month is left out."
        if told.hide
        else (
            f"The sum: {flow.start} at the start + {flow.new} new + {flow.moderated_in} changed "
            f"to Inadequate \u2212 {flow.moderated_out} changed from Inadequate \u2212 "
            f"{flow.left} left = {flow.end} remaining."
        ),
    }


def timeliness(told: Told) -> dict[str, object]:
    """Give each step with its limit, and what became of what fell due."""
    lines = []
    for line in told.found.timeliness:
        step = STEP[line.step]
        limit, source = told.limit(step)
        lines.append(
            {
                "step": f"{step.todo}. {limit}, {source[0].lower()}{source[1:]}.",
                **{
                    name: told.shown(getattr(line, name))
                    for name in ("due", "on_time", "late", "no_date", "overdue")
                },
                "median": "None measured" if line.median is None else f"{line.median:g}",
            }
        )
    return {"timeliness": lines}
