"""What a person reads in the terminal: sentences and tables, no colour, no symbols.

A table is as wide as the terminal allows; where it is piped or kept, always the same.
"""

import sys
import textwrap
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mfauto.calling import call
from mfauto.limits import limit_words
from mfauto.model import Finding, Review
from mfauto.policy import Policy
from mfauto.rules import RULES
from mfauto.settings import CONFIG
from mfauto.steps import SAFETY, STEPS, unassured
from mfauto.tables import table, width_of
from mfauto.wording import counted, day_words, days_words

if TYPE_CHECKING:
    from mfauto.catalogue import Rule
    from mfauto.history import Line, Record

__all__ = [
    "check_text",
    "demo_text",
    "explain_text",
    "history_text",
    "rules_json",
    "rules_text",
    "table",
    "width_of",
]

_STEP: Final = 16  # characters that the words of a next step keep, so that 80 are enough
_HEADINGS: Final = frozenset(
    rule.code for rule in RULES.values() if rule.kind in ("absent_heading", "absent_sheet")
)  # what stands in the way of everything else
#: in the order they are told, each finding under the first title that takes it
_SECTIONS: Final[Sequence[tuple[str, Callable[[Finding], bool]]]] = (
    ("Put these headings right first", lambda finding: finding.rule in _HEADINGS),
    ("Overdue", lambda finding: finding.level == "overdue" and not finding.unjudged),
    ("Due soon", lambda finding: finding.level == "due_soon" and not finding.unjudged),
    (
        "Errors: these cells cannot be used until they are put right",
        lambda finding: finding.level == "error",
    ),
    ("Queries: please look at these", lambda finding: finding.level == "query"),
)


def check_text(review: Review, *, most: int = 40, quiet: bool = False) -> str:
    """Give what `check` says: child safety first, the totals, findings, and every position.

    What headings stand in the way comes before all findings; the steps of a column that is not
    there are told as ones that cannot be judged. `quiet`: no more than child safety, the totals
    and the rows left out.
    """
    counts = review.counts
    unjudged = [finding for finding in review.findings if finding.unjudged]
    parts = [
        f"{review.tracker.path.name} as at {day_words(review.as_at)}",
        _safety(review),
        (
            f"{counted(counts.rows_read, 'row')} read: {counts.cases} in the process, "
            f"{counts.outside} outside it, {counts.excluded} left out."
        ),
        (
            f"{counts.overdue} overdue, {counts.due_soon} due soon, "
            f"{counted(counts.error, 'error')}, {counted(counts.query, 'query', 'queries')}."
        ),
    ]
    if unjudged:
        parts.append(
            f"{len(unjudged)} of what is overdue or due soon cannot be judged: "
            "its heading is not there."
        )
    hidden = sum(place.hidden_rows for places in review.tracker.places.values() for place in places)
    if hidden:
        parts.append(f"{counted(hidden, 'hidden row')} read like any other.")
    parts += [
        f"Left out: row {row.row}, {row.case or 'no ref'}: {row.reason}." for row in review.excluded
    ]
    if quiet:
        return "\n".join(parts)
    for title, found in _sections(review):
        parts += ["", f"{title} ({len(found)})", _findings(found, most)]
    if review.positions:
        parts += ["", f"Where every case stands ({len(review.positions)})", _positions(review)]
    parts += ["", _next(review)]
    return "\n".join(parts)


def _sections(review: Review) -> Iterator[tuple[str, list[Finding]]]:
    """Part the findings by what is to be done with them; what cannot be judged is summed up."""
    found: dict[str, list[Finding]] = {title: [] for title, _ in _SECTIONS}
    for finding in review.findings:
        title = next((title for title, takes in _SECTIONS if takes(finding)), None)
        if title is not None:
            found[title].append(finding)
    return ((title, findings) for title, findings in found.items() if findings)


def _positions(review: Review) -> str:
    """Give where every case stands, in the tracker's order; what is left to do comes last."""
    return table(
        ("Case", "Grade", "Stage", "RAG", "Due", "Next step"),
        [
            (
                position.case,
                position.grade,
                position.stage,
                position.rag,
                day_words(position.due) if position.due else "",
                position.todo or "",
            )
            for position in review.positions
        ],
        last=_STEP,
    )


def _safety(review: Review) -> str:
    told = (finding for finding in review.findings if finding.step == SAFETY)
    unjudged = next((finding.unjudged for finding in told if finding.unjudged), None)
    if unjudged:
        return f"Child safety: cannot be judged, {unjudged}."
    open_ones = unassured(review)
    if not open_ones:
        return "Child safety: no assurance is missing."
    waits = [(review.as_at - due.on).days for due in open_ones if due.on < review.as_at]
    if not waits:
        late = "none is overdue yet"
    elif len(waits) == 1:
        late = f"1 is overdue, by {days_words(waits[0])}"
    else:
        late = f"{len(waits):,} are overdue, the longest by {days_words(max(waits))}"
    return f"Child safety: not assured in {counted(len(open_ones), 'case')}; {late}."


def _findings(found: list[Finding], most: int) -> str:
    if found[0].due is not None:
        found = sorted(found, key=lambda finding: (finding.due or finding.start, finding.row))
    rows = [
        (
            finding.rule,
            finding.cell or _place(finding),
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


def _place(finding: Finding) -> str:
    return f"{finding.sheet} row {finding.row}" if finding.row else finding.sheet or ""


def _next(review: Review) -> str:
    if any(finding.rule in _HEADINGS for finding in review.findings):
        adopt = call(f'adopt "{review.tracker.path}"')
        return f"Put the headings right first: correct them in Excel, or have them mapped: {adopt}"
    if review.counts.error:
        return (
            f"Put the errors right first. To see how, with a rule's code: {call('explain MF001')}"
        )
    if review.counts.overdue:
        explained = call("explain re_audit")
        return f"Next: update the overdue rows in the tracker. About a step: {explained}"
    if not review.counts.rows_read:
        return f"There is no case yet. If there should be some, look at the file: {call('doctor')}"
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


def history_text(record: "Record") -> str:
    """Give what was made and sent, oldest first, and whether the record is whole."""
    parts = [_lines(record.lines)] if record.lines else []
    if record.case is not None:
        parts.append(_about(record))
    if record.lines or record.doubts:
        parts.append(_reliance(record))
    if record.unsure:
        parts.append(
            f"May or may not have arrived: {', '.join(record.unsure)}. Ask the reader, then say:\n"
            f"  {call(f'history resolve {record.unsure[0]} --arrived')}\n"
            "With --not-arrived in its place it is sent again."
        )
    return "\n\n".join(parts) or "Nothing has been made or sent from this folder yet."


def _lines(lines: "Sequence[Line]") -> str:
    rows = [
        (
            f"{line.at:%Y-%m-%d %H:%M}",
            line.what,
            line.period or "",
            line.whom or "",
            (line.tracker or "")[:8],
            " ".join(filter(None, ("draft" if line.draft else line.state, line.detail))),
        )
        for line in lines
    ]
    return table(("When", "What", "Period", "To whom", "Tracker", "Details"), rows)


def _about(record: "Record") -> str:
    """Say what the history knows of one case, and where to look for the rest."""
    knows = (
        f"This is what the history knows of {record.case}: documents, letters, child safety emails."
        if record.lines
        else f"The history knows of nothing made or sent about {record.case} alone."
    )
    said = [
        knows,
        "Other emails are kept as hashes: the tracker and the outbox show them.",
        "Agendas and packs tell of many cases: see the documents themselves.",
    ]
    if not record.in_tracker:
        said.append("Today's tracker has no such case: check the Case ref.")
    return "\n".join(said)


def _reliance(record: "Record") -> str:
    """Say whether a person can rely on the history; else why not, and what to do."""
    if record.doubts:
        said = [*record.faults]
        if record.unlike:
            fix = f"If there is none, and only then, go on with this one: {call('history accept')}"
            said += [record.unlike, "Put back mfauto-history.sqlite3 as it was.", fix]
        return "\n".join(said)
    said = ["The record is whole."]
    if record.purged_to is not None:
        purged = day_words(record.purged_to)
        said = [f"The record is whole as far back as it goes: up to {purged} it was purged."]
    said.append(f"It ends at entry {record.entries:,}. Its check value is {record.check_value}.")
    if record.given is not None:
        said.append(f"Entry {record.given:,} is the one of the summary.")
    return " ".join(said)


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
    )[:3]
    lines = [
        f"A demo is ready in {folder}. Everything in it is made up.",
        "",
        f"  {found.tracker.path.name}: {counted(counts.rows_read, 'case')}, flagged by the runner",
        f"  exception-reports: {counted(len(by_kind['exception-reports']), 'one-page report')}",
        f"  assurance-packs: {counted(len(by_kind['assurance-packs']), 'pack')} for the Director",
        f"  agendas: {counted(len(by_kind['agendas']), 'agenda')} with case briefings",
        f"  good-practice: {counted(len(by_kind['good-practice']), 'sheet')} with names removed",
        f"  outbox: {counted(len(by_kind['outbox']), 'email draft')}; nothing was sent",
        "  board.html: where every case stands, in a browser",
        "  calendars: what falls due, for Outlook",
        "",
        f"Open first: {found.tracker.path}",
        "Then: " + str(next(iter(by_kind["assurance-packs"]), folder)),
        "",
        f"Overdue as at {day_words(found.as_at)}: {counts.overdue}. The longest:",
        table(
            ("Case", "Owner", "What"),
            [(f.case or "", f.owner or "Nobody named", f.message) for f in worst],
        ),
        "",
        f"""See everything: {call(f'check --config "{folder / CONFIG}"')}""",
    ]
    return "\n".join(lines)
