"""One answer over many trackers: what a person reads first, and the same for programs."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import reduce
from operator import add
from typing import Any, Final

from mfauto.many.finding import LeftOut
from mfauto.many.unit import Examined, Figures
from mfauto.tables import table
from mfauto.wording import counted, day_words, days_words

_SHOWN: Final = ("cases", "inadequate", "red", "overdue", "unsafe", "excluded", "unread")
_HEADINGS: Final = (
    "In process",
    "Inadequate",
    "Red",
    "Overdue",
    "Safety overdue",
    "Rows left out",
    "Cells not read",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Summary:
    """What came of all trackers, in the order of their names."""

    as_at: date
    month: date  #: the last day of the month that the pack is about
    trackers: tuple[Examined, ...]
    left_out: tuple[LeftOut, ...] = ()

    @property
    def read(self) -> tuple[Examined, ...]:
        """The trackers that could be read."""
        return tuple(one for one in self.trackers if one.now is not None)

    @property
    def unread(self) -> tuple[Examined, ...]:
        """The trackers that could not be read."""
        return tuple(one for one in self.trackers if one.now is None)

    @property
    def exit_code(self) -> int:
        """The worst of what did not work; 0 where all did."""
        return max((one.exit_code for one in self.trackers), default=0)

    @property
    def now(self) -> Figures:
        """The figures at the report date, of all trackers that could be read."""
        return reduce(add, (one.now for one in self.trackers if one.now), Figures())

    @property
    def at_month(self) -> Figures:
        """The figures at the end of the pack's month, of all trackers that could be read."""
        return reduce(add, (one.month for one in self.trackers if one.month), Figures())


def as_json(summary: Summary) -> dict[str, Any]:
    """Give the summary for other programs."""
    return {
        "as_at": summary.as_at.isoformat(),
        "month": f"{summary.month:%Y-%m}",
        "trackers": [
            {
                "name": one.name,
                "path": str(one.path),
                "sha256": one.sha256,
                "read": one.now is not None,
                "counts": asdict(one.now) if one.now else None,
                "month": asdict(one.month) if one.month else None,
                "safety_longest_days": one.longest,
                "reports_due": one.due,
                "reports_made": len(one.reports),
                "trouble": list(one.trouble),
            }
            for one in summary.trackers
        ],
        "totals": {
            "trackers": len(summary.trackers),
            "read": len(summary.read),
            "unread": len(summary.unread),
            "counts": asdict(summary.now),
            "month": asdict(summary.at_month),
        },
        "left_out": [asdict(one) for one in summary.left_out],
    }


def as_text(summary: Summary) -> str:
    """Give the summary as people read it: safety first, then what could not be read, then all."""
    read, unread = summary.read, summary.unread
    could = f"{len(read)} read, {len(unread)} could not be read" if unread else "all read"
    parts = [
        f"{counted(len(summary.trackers), 'tracker')} as at {day_words(summary.as_at)}: {could}.",
        _safety(summary),
    ]
    if unread:
        parts += ["", f"Could not be read ({len(unread)})"]
        parts.append(table(("Tracker", "What is wrong, and what to do"), _troubles(unread)))
    half = [one for one in read if one.trouble]
    if half:
        parts += ["", f"Read, but not everything could be made ({len(half)})"]
        parts.append(table(("Tracker", "What is wrong, and what to do"), _troubles(half)))
    if read:
        parts += ["", "Every tracker that was read", _figures(summary)]
    if summary.left_out:
        parts += ["", f"Left out of the folder ({len(summary.left_out)})"]
        rows = [(one.name, one.why) for one in summary.left_out]
        parts.append(table(("File or folder", "Why"), rows))
    return "\n".join(parts)


def one_line(text: str) -> str:
    """Give a message of several lines on one."""
    return " ".join(text.split())


def _troubles(trackers: Sequence[Examined]) -> list[tuple[str, str]]:
    return [(one.name, one_line(" ".join(one.trouble))) for one in trackers]


def _safety(summary: Summary) -> str:
    unsafe = summary.now.unsafe
    concerned = [one for one in summary.read if one.now and one.now.unsafe]
    if unsafe:
        longest = max(one.longest for one in concerned)
        said = (
            f"Child safety: {counted(unsafe, 'case')} not assured in time, in "
            f"{counted(len(concerned), 'tracker')}; the longest {days_words(longest)} overdue."
        )
    else:
        said = "Child safety: no assurance is overdue in any tracker that was read."
    if summary.unread:
        said += (
            f"\nNothing can be said about the children in "
            f"{counted(len(summary.unread), 'tracker')} that could not be read."
        )
    return said


def _figures(summary: Summary) -> str:
    def row(name: str, found: Figures) -> tuple[str, ...]:
        return (name, *(f"{getattr(found, field):,}" for field in _SHOWN))

    rows = [row(one.name, one.now) for one in summary.read if one.now]
    return table(("Tracker", *_HEADINGS), [*rows, row("All", summary.now)])
