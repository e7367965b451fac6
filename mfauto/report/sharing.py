"""How the page is shared out between what people wrote at length and the actions.

Each text is given lines in turn, none more than it needs. The actions have half of the page
and whatever the texts leave. What one field gives up another is given. Lengths are points.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from mfauto.fitting import lines_of, shared_out, shortened
from mfauto.report.facts import ActionFacts, Written
from mfauto.report.page import Page, Place, filled

_FEW_LINES: Final = 2  #: of an action, while others want the room
_MANY_LINES: Final = 9
MOST_ROWS: Final = 24  #: of actions
_ROUNDS: Final = 4  #: in which lines that nobody used are given out again


@dataclass(frozen=True, kw_only=True, slots=True)
class ActionLine:
    """One action, as its row of the table says it."""

    action: str
    owner: str
    due: str
    status: str


@dataclass(frozen=True, slots=True)
class Shared:
    """What stands on the page."""

    texts: Mapping[str, str]
    actions: Sequence[ActionLine]
    left: float  #: height that nothing needs


_Row = tuple[ActionLine, float]  # with its height


class _Text:
    """One long text in its place."""

    def __init__(self, written: Written, place: Place, lead: str, most: int) -> None:
        self.written = written
        self.place = place
        self.lead = lead
        self.wanted = self._lines(written.text, most)  #: one more than `most` where it is longer
        self._cuts: dict[int, tuple[str, int]] = {}

    def cut(self, lines: int) -> tuple[str, int]:
        """Give as much of it as so many lines hold, and the lines that takes."""
        if lines not in self._cuts:
            cell = self.written.cell
            end = f"(continues in the tracker, {cell})" if cell else "(continues in the tracker)"
            place = self.place
            said = shortened(
                self.written.text, lines, place.room, place.size, end=end, lead=self.lead
            )
            self._cuts[lines] = said, self._lines(said, lines)
        return self._cuts[lines]

    def _lines(self, text: str, most: int) -> int:
        place = self.place
        return lines_of(text, place.room, place.size, self.lead, most=most)


def share(
    page: Page,
    texts: Mapping[str, Written],
    actions: Sequence[ActionFacts],
    values: Mapping[str, str],
) -> Shared:
    """Share out what the page has left beside `values`, the fields that are already known."""
    free = page.free(values, table=bool(actions))
    places = {name: page.places[name] for name in texts if page.shows(name, values)}
    line = max((place.line for place in places.values()), default=1.0)
    made = {
        name: _Text(texts[name], place, filled(place.lead, values), max(int(free / line), 1))
        for name, place in places.items()
    }
    wanted = sum(text.wanted for text in made.values()) * line
    least = len(made) * line  # each text has a line
    rows = _rows(page, actions, min(max(free / 2, free - wanted), free - least), _FEW_LINES)
    said, taken = _said(made, int((free - sum(height for _, height in rows)) / line))
    rows = _taller(page, actions, rows, free - taken * line)
    kept = {name: written.text for name, written in texts.items() if name not in made}
    left = free - taken * line - sum(height for _, height in rows)
    return Shared(kept | said, [row for row, _ in rows], left)


def _taller(
    page: Page, actions: Sequence[ActionFacts], rows: list[_Row], room: float
) -> list[_Row]:
    """Give the actions more lines each while some want them and the room is there."""
    for lines in range(_FEW_LINES + 1, _MANY_LINES + 1):
        if not any(row.action.endswith(")") or row.owner.endswith(")") for row, _ in rows):
            break
        taller = _rows(page, actions[: len(rows)], room, lines)
        if len(taller) < len(rows):
            break
        rows = taller
    return rows


def _said(texts: Mapping[str, _Text], room: int) -> tuple[dict[str, str], int]:
    """Cut the texts to `room` lines together; give them, and the lines they take."""
    demands = {name: text.wanted for name, text in texts.items()}
    allowed = room = max(room, len(texts))
    best: tuple[dict[str, str], int] = {}, 0
    for _ in range(_ROUNDS):
        given = shared_out(demands, allowed)
        cuts = {name: text.cut(max(given[name], 1)) for name, text in texts.items()}
        whole = sum(lines for _, lines in cuts.values())
        if not best[0] or best[1] <= whole <= room:
            best = {name: said for name, (said, _) in cuts.items()}, whole
        unused = room - whole
        if unused <= 0 or all(given[name] >= demands[name] for name in texts):
            break
        allowed += unused
    return best


def _rows(page: Page, actions: Sequence[ActionFacts], room: float, lines: int) -> list[_Row]:
    """Give the rows of actions that fit, each with so many lines for what is to be done."""
    rows: list[_Row] = []
    for action in actions[:MOST_ROWS]:
        row = ActionLine(
            action=_in_cell(page, "action", action.action, lines),
            owner=_in_cell(page, "owner", action.owner, lines),
            due=_in_cell(page, "due", Written(action.due, action.action.cell), _MANY_LINES),
            status=_in_cell(page, "status", Written(action.status, ""), _MANY_LINES),
        )
        height = _row_height(page, row)
        room -= height
        if room < 0:
            break
        rows.append((row, height))
    return rows


def _in_cell(page: Page, field: str, written: Written, lines: int) -> str:
    place = page.cells.place(field)
    end = f"({written.cell})" if written.cell else ""
    return shortened(written.text, lines, place.room, place.size, end=end).rstrip()


def _row_height(page: Page, row: ActionLine) -> float:
    heights = [
        lines_of(getattr(row, field, ""), place.room, place.size) * place.line
        for field, place in page.cells.places.items()
    ]
    return max(heights, default=0.0) + page.cells.around
