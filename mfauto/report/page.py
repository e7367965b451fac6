"""The one page of the exception report: its measures, and what stands on it.

Every line has a fixed height, so that the sums here hold on every machine. Lengths are points.
"""

from dataclasses import dataclass
from typing import Final

from mfauto.fitting import lines_of, one_line, shortened, width

SIZE: Final = 11.0  #: body type
LINE: Final = 13.2  #: height of a body line, exact in the template
ROOM: Final = 481.0  #: width of the text
HALF: Final = 236.0  #: width of one of two facts on a line
COLUMNS: Final = (171.0, 94.0, 109.0, 107.0)  #: action, owner, due, status
PADDING: Final = 8.0  #: of a table cell, left and right together
ROW_GAP: Final = 4.0  #: what a table row takes besides its lines
PAGE: Final = 842.0 - 52.0 - 48.0  #: A4 less the top and bottom margins
FIXED: Final = 412.0  #: what the template takes with one line of each fact, and two to spare
MOST_ROWS: Final = 12  #: of actions
ACTION_LINES: Final = 2  #: of an action's text in its row
STATUS_LINES: Final = 4
_LONGEST: Final = 200  # characters that may fit on a line


@dataclass(frozen=True, kw_only=True, slots=True)
class ActionLine:
    """One action, as its row of the table says it."""

    action: str
    owner: str
    due: str
    status: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """What somebody wrote in one cell."""

    name: str  #: its name in the template
    field: str
    lead: str  #: the bold words that it follows
    text: str
    lines: int  #: lines that it would take


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """Everything the template may use; each field is a text that fits its place."""

    marking: str
    ref: str
    title: str
    to: str
    sender: str
    service: str
    practitioner: str
    team_manager: str
    service_manager: str
    head_of_service: str
    audit: str
    meeting: str
    due_sum: str
    safety_lead: str
    safety: str
    safety_note: str
    audit_findings: str
    strengths: str
    practice_context: str
    review: str
    summary: str
    actions: tuple[ActionLine, ...]
    actions_more: str
    support_agreed: str
    reaudit: str
    panel: str
    as_at: str


def fitted(text: str, room: float, size: float = SIZE) -> str:
    """Give a text that fits on one line `room` points wide; an ellipsis shows what was cut."""
    plain = one_line(text)
    if len(plain) <= _LONGEST and width(plain, size, bold=True) <= room:
        return plain
    kept = plain[:_LONGEST]
    while kept and width(f"{kept}…", size, bold=True) > room:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"


def in_cell(text: str, column: int, lines: int, end: str = "") -> str:
    """Give a text that fits into so many lines of a column; `end` says where it goes on."""
    return shortened(text, lines, COLUMNS[column] - PADDING, SIZE, end=end).rstrip()


def height(line: ActionLine) -> float:
    """Give how much of the page a row of the table takes."""
    texts = (line.action, line.owner, line.due, line.status)
    most = max(
        lines_of(text, room - PADDING, SIZE) for text, room in zip(texts, COLUMNS, strict=True)
    )
    return most * LINE + ROW_GAP
