"""A proposed mapping as a person sees it: each column with what it holds, and how sure that is."""

from collections.abc import Iterable
from typing import Any

from mfauto.addresses import letters
from mfauto.adopting.looking import Found
from mfauto.adopting.proposing import Match, Proposal
from mfauto.columns import ACTIONS, SHEETS
from mfauto.wording import listed


def shown(match: Match) -> str:
    """Give one match on a line."""
    found = match.found
    group = f" {match.group}" if match.group else ""
    return (
        f'Column {letters(found.number)}, "{found.heading}": {match.column.heading}{group}, '
        f"{match.certainty}. {found.samples()}"
    )


def told(proposal: Proposal) -> list[str]:
    """Give a whole proposal as lines, sheet by sheet, with what is not there."""
    lines = []
    for sheet in SHEETS:
        matches = proposal.of(sheet.name)
        if sheet.name in proposal.sheets:
            own = listed([f'"{name}"' for name in proposal.sheets[sheet.name]])
            lines += ["", f"{sheet.name} on {own}"]
            lines += [f"  {shown(match)}" for match in matches]
            lines += _absent(sheet.name, matches)
            lines += _unused(proposal, sheet.name)
        elif sheet is ACTIONS and proposal.lines is not None:
            lines += ["", f"{sheet.name}, one a line", f"  {_lines_shown(proposal.lines)}"]
        else:
            lines += ["", f"{sheet.name}: no such sheet was found."]
    if proposal.unused_sheets:
        own = listed([f'"{name}"' for name in proposal.unused_sheets])
        lines += ["", f"Sheets that are not used: {own}."]
    lines += [
        "",
        "What was not found counts as blank.",
        "A step whose date is in a column that is not used shows as overdue.",
        "If one of these columns holds it, name it in mfauto.toml under [headings].",
    ]
    lines += ["", *proposal.remarks] if proposal.remarks else []
    return lines[1:]


def _lines_shown(found: Found) -> str:
    return f'Column {letters(found.number)}, "{found.heading}": each line of a cell is one action.'


def _absent(name: str, matches: Iterable[Match]) -> list[str]:
    there = {match.column.field for match in matches}
    sheet = next(sheet for sheet in SHEETS if sheet.name == name)
    absent = [c.heading for c in sheet.columns if c.kind != "auto" and c.field not in there]
    return [f"  Not found: {', '.join(absent)}."] if absent else []


def _unused(proposal: Proposal, name: str) -> list[str]:
    """Name the workbook's own columns that nothing is read from; each with the sheet's first."""
    own = proposal.sheets[name]
    first = next(ours for ours in SHEETS if proposal.sheets.get(ours.name) == own)
    if first.name != name:
        return []  # columns beside the cases are told with the cases
    names = [
        f'{letters(one.number)} "{one.heading}"' for one in proposal.unused if one.sheet in own
    ]
    return [f"  Columns that are not used: {', '.join(names)}."] if names else []


def as_json(proposal: Proposal) -> dict[str, Any]:
    """Give a proposal for other programs."""
    return {
        "sheets": {name: list(own) for name, own in proposal.sheets.items()},
        "matches": [
            {
                "sheet": match.sheet,
                "heading": match.column.heading,
                "own_sheet": match.found.sheet,
                "own_heading": match.found.heading,
                "column": letters(match.found.number),
                "group": match.group or None,
                "certainty": match.certainty,
            }
            for match in proposal.matches
        ],
        "lines": proposal.lines.heading if proposal.lines else None,
        "unused": [
            {"own_sheet": one.sheet, "own_heading": one.heading, "column": letters(one.number)}
            for one in proposal.unused
        ],
        "unused_sheets": list(proposal.unused_sheets),
        "remarks": list(proposal.remarks),
    }
