"""The charts of the pack: what each shows, said in a headline and in its alt text."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import chain
from typing import Final

from mfauto.charts import ACCENT, DARK, GREY, SLATE, STEEL, Chart, Series
from mfauto.measures import BANDS
from mfauto.measures.figures import Service
from mfauto.measures.hiding import Key
from mfauto.pack.printed import AT, LAST, OUTCOMES
from mfauto.pack.told import Told, brief, month_words
from mfauto.wording import MONTHS, days_words

_LONGEST_NAME: Final = 60  # characters of a service's name in a headline
_LONGEST_LABEL: Final = 32  # characters of it beside a bar
_MOST_BARS: Final = 12  # services in the chart; the table has them all
_OF_A_SERVICE: Final = ("actions", "steps", "all")


def mark(name: str) -> str:
    """Give what stands in the text where a chart goes: signs that nobody types."""
    return f"\ue000chart {name}\ue000"


def charts(told: Told) -> dict[str, Chart | None]:
    """Give each chart; None where there is nothing to draw or a small number would show."""
    flows, outcomes = told.found.flows, told.found.outcomes
    months = [_short(flow.last) for flow in flows]
    services = _bars(told.found.services)
    drawn = {
        "inadequate": Chart(
            title="Open Inadequate cases by month",
            said=f"Columns for 12 months to {month_words(told.as_at)}: cases new and cases "
            "that left; a line for cases remaining. "
            f"{flow_said(told)}. All figures are in the table below.",
            labels=months,
            series=(
                Series(name="New", values=[flow.new for flow in flows], colour=ACCENT),
                Series(name="Left", values=[flow.left for flow in flows], colour=GREY),
                Series(
                    name="Remaining",
                    values=[flow.end for flow in flows],
                    colour=DARK,
                    line=True,
                ),
            ),
        ),
        "steps": Chart(
            title="Steps that fell due, each month as at its last day",
            said=f"Stacked columns for 12 months to {month_words(told.as_at)}: steps done on time, "
            "late, not measured, overdue, open. "
            f"{steps_said(told)}. All figures are in the table below.",
            labels=months,
            stacked=True,
            series=(
                _inside("On time", [one.on_time for one in outcomes], ACCENT),
                _inside("Late", [one.late for one in outcomes], SLATE),
                _inside("Not measured", [one.no_date for one in outcomes], STEEL),
                _inside("Still overdue", [one.overdue for one in outcomes], DARK),
                Series(name="Open, in time", values=[one.open for one in outcomes], colour=GREY),
            ),
        ),
        "leaving": Chart(
            title="Time from audit to leaving Inadequate",
            said=f"Bars for the cases that left in 12 months, by time. {leaving_said(told)}. "
            "All figures are in the table below.",
            labels=list(BANDS),
            lying=True,
            series=(Series(name="Cases that left", values=told.found.bands, colour=ACCENT),),
        ),
        "services": Chart(
            title="Overdue by service",
            said="Bars for each service: overdue actions and other overdue steps. "
            f"{services_said(told)}. All figures are in the table below.",
            labels=[service.name for service in services],
            lying=True,
            stacked=True,
            series=(
                _inside("Actions", [one.actions for one in services], ACCENT),
                _inside("Other steps", [one.steps for one in services], SLATE),
            ),
        ),
    }
    kept_back = _kept_back(told)
    return {
        name: chart if _drawable(chart) and name not in kept_back else None
        for name, chart in drawn.items()
    }


def _keys(told: Told) -> dict[str, list[Key]]:
    """Give the numbers that each chart would show."""
    months = range(len(told.found.flows))
    shown: dict[str, list[Key]] = {
        "inadequate": [(name, place) for name in ("new", "left") for place in months],
        "steps": [("month", place, name) for name in ("due", *OUTCOMES) for place in months],
        "leaving": [("band", place) for place in range(len(BANDS))],
        "services": [
            ("service", service.name, name)
            for service in told.found.services
            for name in ("actions", "steps", "all")
        ],
    }
    shown["inadequate"] += [("open", place + 1) for place in months]
    return shown


def _kept_back(told: Told) -> set[str]:
    """Give the charts that would show a number that is kept back."""
    return {name for name, keys in _keys(told).items() if told.hidden(*keys)}


def _drawable(chart: Chart) -> bool:
    return any(chain.from_iterable(series.values for series in chart.series))


def in_place_of(told: Told, name: str, chart: Chart | None) -> str:
    """Give the mark of a chart, or the sentence that stands where there is none."""
    if chart is not None:
        return mark(name)
    if told.hide and name in _kept_back(told):
        return "The chart is left out, because it would show numbers that are kept back."
    return "There is nothing to draw this month."


def flow_said(told: Told) -> str:
    """Say what the chart of open cases shows."""
    now = ("open", AT["now"])
    said = f"{told.are(now, 'case')} open at Inadequate"
    compared = told.than(now, ("open", AT["before"]), "a month before")
    return f"{said}, {compared}" if compared else said


def steps_said(told: Told) -> str:
    """Say what the chart of steps shows, of those that can be timed."""
    key = ("month", LAST)
    if not told.number(*key, "due"):
        return "No step fell due this month"
    fell = told.counted((*key, "due"), "step")
    if not told.number("timed"):
        return f"{fell[0].upper()}{fell[1:]} fell due this month; none can be timed"
    on_time, late, overdue = (told.said(*key, name) for name in ("on_time", "late", "overdue"))
    timed = told.counted(("timed",), "step")
    said = (
        f"Of {timed} due this month that can be timed, {on_time} on time, {late} late, "
        f"{overdue} still overdue"
    )
    if told.any(*key, "open"):
        return f"{said}, {told.said(*key, 'open')} open on the last day"
    return said


def leaving_said(told: Told) -> str:
    """Say what the chart of the time to leave shows."""
    wait = told.found.median_wait()
    if wait is None:
        return "No case left Inadequate in 12 months"
    left = told.counted(("left", "year"), "case")
    said = f"{left[0].upper()}{left[1:]} left Inadequate in 12 months"
    if told.hidden(("left", "year")):
        return said
    if len(told.found.waits) == 1:
        return f"{said}, after {_days(wait)}"
    return f"{said}; the median time was {_days(wait)}"


def services_said(told: Told) -> str:
    """Say what the chart of services shows."""
    first = next(iter(told.found.services), None)
    if first is None or not first.actions + first.steps:
        return "Nothing is overdue in any service"
    most = ("service", first.name, "all")
    alike = sum(one.actions + one.steps == told.number(*most) for one in told.found.services)
    if told.hidden(most):
        return f"{told.are(('late', 'now'), 'step')} overdue"
    if alike > 1:
        steps = told.counted(most, "overdue step")
        return f"{alike} services have the most overdue: {steps} each"
    name = _clean(first.name)[:_LONGEST_NAME]
    return f"{name} has the most overdue: {told.counted(most, 'step')}"


def charted(told: Told) -> dict[str, object]:
    """Give the headline and the table of each chart."""
    found, shown = told.found, told.shown
    services = [
        {
            "name": brief(service.name),
            **{field: shown("service", service.name, field) for field in _OF_A_SERVICE},
        }
        for service in found.services
    ]
    services.append(
        {
            "name": "All services",
            "actions": shown("late_actions", "now"),
            "steps": shown("late_steps"),
            "all": shown("late", "now"),
        }
    )
    return {
        "inadequate_said": flow_said(told),
        "inadequate_months": [
            {
                "month": month_words(flow.last),
                "start": shown("open", place),
                "new": shown("new", place),
                "moderated": f"{shown('in', place)} in, {shown('out', place)} out",
                "left": shown("left", place),
                "end": shown("open", place + 1),
            }
            for place, flow in enumerate(found.flows)
        ],
        "steps_said": steps_said(told),
        "steps_months": [
            {
                "month": month_words(outcome.last),
                **{name: shown("month", place, name) for name in ("due", *OUTCOMES)},
            }
            for place, outcome in enumerate(found.outcomes)
        ],
        "leaving_said": leaving_said(told),
        "leaving_bands": [
            {"band": band, "cases": shown("band", place)} for place, band in enumerate(BANDS)
        ]
        + [{"band": "All that left", "cases": shown("left", "year")}],
        "services_said": services_said(told),
        "services": services,
    }


def _bars(services: Sequence[Service]) -> list[Service]:
    """Give the services that a chart of one page can hold; all others together are the last."""
    first, rest = services[:_MOST_BARS], services[_MOST_BARS:]
    if len(rest) == 1:
        first, rest = services, []
    bars = [replace(one, name=_short_name(one.name)) for one in first]
    if rest:
        name = f"{len(rest)} other services"
        actions, steps = sum(one.actions for one in rest), sum(one.steps for one in rest)
        bars.append(Service(name=name, actions=actions, steps=steps))
    return bars


def _short_name(name: str) -> str:
    name = _clean(name)
    return name if len(name) <= _LONGEST_LABEL else f"{name[: _LONGEST_LABEL - 1].rstrip()}…"


def _inside(name: str, values: Sequence[int], colour: str) -> Series:
    return Series(name=name, values=values, colour=colour, ink="FFFFFF")


def _short(day: date) -> str:
    return f"{MONTHS[day.month - 1][:3]} {day.year % 100:02d}"


def _days(number: float) -> str:
    return days_words(int(number)) if number == int(number) else f"{number:g} days"


def _clean(text: str) -> str:
    """Give a text as a chart can hold it."""
    return "".join(sign if sign.isprintable() else " " for sign in text)
