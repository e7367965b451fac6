"""What a person reads in the terminal: sentences and tables, no colour, no symbols.

A table is as wide as the terminal allows; where it is piped or kept, always the same.
"""

import os
import sys
import textwrap
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, TextIO

from mfauto.limits import limit_words
from mfauto.model import Finding, Review
from mfauto.policy import Policy
from mfauto.rules import RULES
from mfauto.settings import CONFIG
from mfauto.steps import STEPS
from mfauto.wording import counted, day_words

if TYPE_CHECKING:
    from mfauto.catalogue import Rule
    from mfauto.sending import Line

WIDTH: Final = 100  #: characters of a line where nobody's terminal says otherwise
_WIDEST: Final = 140  #: longer lines are hard to read
_NARROWEST: Final = 12  #: a column that is wrapped keeps this many characters, or one word
_LAST: Final = 30  #: the last column, which holds sentences, keeps this many
_LEVELS: Final = (
    ("overdue", "Overdue"),
    ("due_soon", "Due soon"),
    ("error", "Errors: these cells cannot be used until they are put right"),
    ("query", "Queries: please look at these"),
)


def width_of(stream: TextIO) -> int:
    """Give the characters of a line: the terminal's, less one so that no line breaks itself."""
    try:
        if not stream.isatty():
            return WIDTH
        columns = int(os.environ.get("COLUMNS") or os.get_terminal_size(stream.fileno()).columns)
    except (OSError, ValueError):  # a terminal that does not say, a stream without a file
        return WIDTH
    return min(columns - 1, _WIDEST) if columns > 1 else WIDTH


def table(
    headings: Sequence[str], rows: Iterable[Sequence[str]], *, width: int | None = None
) -> str:
    """Give rows under headings; cells wrap at words so that the table fits the width.

    Where it cannot fit on a terminal, each row becomes lines of "Heading: cell"; piped, the
    table is wider. `width` is that of stdout unless given.
    """
    kept = width is None and not sys.stdout.isatty()
    width = width_of(sys.stdout) if width is None else width
    lines = [list(row) for row in rows]
    widths, fit = _widths([headings, *lines], width)
    if not fit and not kept:
        return "\n\n".join(_record(headings, line, width) for line in lines)
    rule = ["-" * wide for wide in widths]
    return "\n".join(_shown(line, widths) for line in (headings, rule, *lines))


def _widths(lines: Sequence[Sequence[str]], width: int) -> tuple[list[int], bool]:
    """Give each column's width: what it needs, less where there is no room; and if they fit."""
    columns = list(zip(*lines, strict=True))
    widths = [max(map(len, cells)) for cells in columns]
    least = [
        min(wide, max(_NARROWEST, *(len(word) for cell in cells for word in cell.split())))
        if any(cells)
        else wide
        for wide, cells in zip(widths, columns, strict=True)
    ]
    least[-1] = min(widths[-1], max(_LAST, least[-1] if least[-1] <= width // 2 else _LAST))
    over = sum(widths) + 2 * (len(widths) - 1) - width
    for place in (len(widths) - 1, *sorted(range(len(widths) - 1), key=lambda n: -widths[n])):
        if over > 0:
            taken = min(over, widths[place] - least[place])
            widths[place] -= taken
            over -= taken
    return widths, over <= 0


def _shown(line: Sequence[str], widths: Sequence[int]) -> str:
    cells = [
        textwrap.wrap(cell, wide, break_on_hyphens=False) if len(cell) > wide else [cell]
        for cell, wide in zip(line, widths, strict=True)
    ]
    return "\n".join(
        "  ".join(
            (cell[number] if number < len(cell) else "").ljust(wide)
            for cell, wide in zip(cells, widths, strict=True)
        ).rstrip()
        for number in range(max(map(len, cells)))
    )


def _record(headings: Sequence[str], line: Sequence[str], width: int) -> str:
    return "\n".join(
        textwrap.fill(f"{heading}: {cell}", max(width, 20), subsequent_indent="  ")
        for heading, cell in zip(headings, line, strict=True)
        if cell
    )


def check_text(review: Review, *, most: int = 40, quiet: bool = False) -> str:
    """Give what `check` says: child safety first, the totals, then every kind of finding.

    `quiet`: no more than child safety, the totals and the rows left out.
    """
    counts = review.counts
    unsafe = [f for f in review.findings if f.step == "assure_child_safety"]
    late = [finding for finding in unsafe if finding.level == "overdue"]
    parts = [
        f"{review.tracker.path.name} as at {day_words(review.as_at)}",
        _safety(late),
        (
            f"{counted(counts.rows_read, 'row')} read: {counts.cases} in the process, "
            f"{counts.outside} outside it, {counts.excluded} left out."
        ),
        (
            f"{counts.overdue} overdue, {counts.due_soon} due soon, "
            f"{counted(counts.error, 'error')}, {counted(counts.query, 'query', 'queries')}."
        ),
    ]
    hidden = sum(place.hidden_rows for places in review.tracker.places.values() for place in places)
    if hidden:
        parts.append(f"{counted(hidden, 'hidden row')} read like any other.")
    parts += [
        f"Left out: row {row.row}, {row.case or 'no ref'}: {row.reason}." for row in review.excluded
    ]
    if quiet:
        return "\n".join(parts)
    for level, title in _LEVELS:
        found = [finding for finding in review.findings if finding.level == level]
        if found:
            parts += ["", f"{title} ({len(found)})", _findings(found, most)]
    parts += ["", _next(review)]
    return "\n".join(parts)


def _safety(late: Sequence[Finding]) -> str:
    if not late:
        return "Child safety: no assurance is overdue."
    longest = max(finding.days_overdue or 0 for finding in late)
    return (
        f"Child safety: {counted(len(late), 'case')} not assured in time, "
        f"the longest {counted(longest, 'day')} overdue."
    )


def _findings(found: list[Finding], most: int) -> str:
    if found[0].due is not None:
        found = sorted(found, key=lambda finding: (finding.due or finding.start, finding.row))
    rows = [
        (
            finding.rule,
            finding.cell or f"{finding.sheet} row {finding.row}",
            finding.case or "",
            finding.owner or "",
            finding.message,
        )
        for finding in found[:most]
    ]
    if not any(row[3] for row in rows):
        shown = table(("Rule", "Cell", "Case", "What"), [(*row[:3], row[4]) for row in rows])
    else:
        shown = table(("Rule", "Cell", "Case", "Owner", "What"), rows)
    rest = len(found) - most
    return shown + (f"\nAnd {rest} more. Use --format json to see them all." if rest > 0 else "")


def _next(review: Review) -> str:
    if review.counts.error:
        return "Put the errors right first: mfauto explain RULE says how."
    if review.counts.overdue:
        return "Next: update the overdue rows in the tracker. mfauto explain RULE says how."
    return "Nothing is overdue and nothing needs to be put right."


def rules_text(policy: Policy) -> str:
    """Give the catalogue: every step with its limit, then every data rule."""
    steps = table(
        ("Rule", "Clause", "Limit", "What"),
        [(step.rule, step.clause, limit_words(step, policy), step.title) for step in STEPS],
    )
    data = table(
        ("Rule", "Clause", "Level", "What"),
        [(rule.code, rule.clause or "", rule.level, rule.title) for rule in RULES.values()],
    )
    return f"Steps\n\n{steps}\n\nData rules\n\n{data}"


def explain_text(code: str, policy: Policy) -> str | None:
    """Explain one rule, by its code or by the step's id; None where there is no such rule."""
    wanted = code.strip().casefold()
    for step in STEPS:
        if wanted in (step.rule.casefold(), step.id):
            return _paragraphs(
                f"{step.rule} {step.title} (clause {step.clause})",
                f"Limit: {limit_words(step, policy)}.",
                f"Why: {step.why}",
                f"What to do: {step.put_right}",
            )
    rule: Rule | None = next(
        (rule for name, rule in RULES.items() if name.casefold() == wanted), None
    )
    if rule is None:
        return None
    clause = f" (clause {rule.clause})" if rule.clause else ""
    return _paragraphs(
        f"{rule.code} {rule.title}{clause}",
        f"Level: {rule.level}.",
        f"Why: {rule.why}",
        f"What to do: {rule.put_right}",
    )


def _paragraphs(*texts: str) -> str:
    width = width_of(sys.stdout)
    return "\n".join(textwrap.fill(text, max(width, 20)) for text in texts)


def explain_json(code: str, policy: Policy) -> dict[str, str | None] | None:
    """Explain one rule to another program; None where there is no such rule."""
    wanted = code.strip().casefold()
    return next(
        (one for one in rules_json(policy) if wanted in {str(one["rule"]).casefold(), one["step"]}),
        None,
    )


def rules_json(policy: Policy) -> list[dict[str, str | None]]:
    """Give the catalogue for other programs: every step, then every data rule."""
    steps: list[dict[str, str | None]] = [
        {
            "rule": step.rule,
            "step": step.id,
            "clause": step.clause,
            "level": None,
            "limit": limit_words(step, policy),
            "title": step.title,
            "why": step.why,
            "fix": step.put_right,
        }
        for step in STEPS
    ]
    return steps + [
        {
            "rule": rule.code,
            "step": None,
            "clause": rule.clause,
            "level": rule.level,
            "limit": None,
            "title": rule.title,
            "why": rule.why,
            "fix": rule.put_right,
        }
        for rule in RULES.values()
    ]


def history_text(lines: "Sequence[Line]", faults: Sequence[str]) -> str:
    """Give what was made and sent, oldest first, and whether the record is whole."""
    if not lines:
        return "Nothing has been made or sent from this folder yet."
    rows = [
        (
            f"{line.at:%Y-%m-%d %H:%M}",
            line.what,
            line.period or "",
            line.whom or "",
            (line.tracker or "")[:8],
            " ".join(filter(None, (line.state, line.detail))),
        )
        for line in lines
    ]
    shown = table(("When", "What", "Period", "To whom", "Tracker", "Details"), rows)
    whole = "The record is whole." if not faults else " ".join(faults)
    return f"{shown}\n\n{whole}"


def demo_text(found: Review, made: Sequence[Path], folder: Path) -> str:
    """Say in a few lines what the demo made, what to open first, and what is overdue."""
    counts = found.counts
    by_kind = {
        kind: [path for path in made if path.parent.name == kind]
        for kind in ("exception-reports", "assurance-packs", "agendas", "good-practice", "outbox")
    }
    worst = sorted(
        (finding for finding in found.findings if finding.level == "overdue"),
        key=lambda finding: -(finding.days_overdue or 0),
    )[:5]
    lines = [
        f"A demo is ready in {folder}. Everything in it is made up.",
        "",
        f"  {found.tracker.path.name}: {counted(counts.rows_read, 'case')}, flagged by the runner",
        f"  exception-reports: {counted(len(by_kind['exception-reports']), 'one-page report')}",
        f"  assurance-packs: {counted(len(by_kind['assurance-packs']), 'pack')} for the Director",
        f"  agendas: {counted(len(by_kind['agendas']), 'agenda')} with case briefings",
        f"  good-practice: {counted(len(by_kind['good-practice']), 'sheet')} with names removed",
        f"  outbox: {counted(len(by_kind['outbox']), 'email draft')}; nothing was sent",
        "",
        f"Open first: {found.tracker.path}",
        "Then: " + str(next(iter(by_kind["assurance-packs"]), folder)),
        "",
        f"Overdue as at {day_words(found.as_at)}: {counts.overdue}. The longest:",
        table(
            ("Case", "Days", "Owner", "What"),
            [
                (f.case or "", str(f.days_overdue), f.owner or "Nobody named", f.message)
                for f in worst
            ],
        ),
        "",
        f'See everything: python run.py check --config "{folder / CONFIG}"',
    ]
    return "\n".join(lines)
