"""How the page is shared out between what people wrote at length and the actions.

Each text is given lines in turn, none more than it needs. The actions have half of the page
and whatever the texts leave. What one field gives up another is given. Lengths are points.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from mfauto.fitting import fitted, lines_of, one_line, shared_out
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
        #: one more than `most` where it is longer
        self.wanted = lines_of(written.text, place.room, place.size, lead, most=most)
        self._cuts: dict[int, tuple[str, int]] = {}

    def cut(self, lines: int) -> tuple[str, int]:
        """Give as much of it as so many lines hold, and the lines that takes."""
        if lines not in self._cuts:
            cell = self.written.cell
            end = f"(continues in the tracker, {cell})" if cell else "(continues in the tracker)"
            place = self.place
            self._cuts[lines] = fitted(
                self.written.text, lines, place.room, place.size, end=end, lead=self.lead
            )
        return self._cuts[lines]


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
    kept = {name: written.text for name, written in texts.items() if name not in made}
    wanted = sum(text.wanted for text in made.values()) * line
    rows = _rows(page, actions, free - wanted, _MANY_LINES)
    if len(rows) == min(len(actions), MOST_ROWS) and wanted <= free:  # as on most pages
        whole = {name: one_line(text.written.text) for name, text in made.items()}
        return _shared(kept | whole, rows, free - wanted)
    least = len(made) * line  # each text has a line
    rows = _rows(page, actions, min(max(free / 2, free - wanted), free - least), _FEW_LINES)
    said, taken = _said(made, int((free - sum(height for _, height in rows)) / line))
    rows = _taller(page, actions, rows, free - taken * line)
    return _shared(kept | said, rows, free - taken * line)


def _shared(texts: Mapping[str, str], rows: Sequence[_Row], room: float) -> Shared:
    """Give what stands on the page; `room` is the height that the texts leave."""
    return Shared(texts, [row for row, _ in rows], room - sum(height for _, height in rows))


def _taller(
    page: Page, actions: Sequence[ActionFacts], rows: list[_Row], room: float
) -> list[_Row]:
    """Give the actions more lines each while some want them and the room is there."""
    for lines in range(_FEW_LINES + 1, _MANY_LINES + 1):
        if not any(_may_be_cut(row) for row, _ in rows):
            break
        taller = _rows(page, actions[: len(rows)], room, lines, before=rows)
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


def _may_be_cut(row: ActionLine) -> bool:
    """Say whether a row may have more to say: what is cut ends with where it goes on."""
    return row.action.endswith(")") or row.owner.endswith(")")


def _rows(
    page: Page,
    actions: Sequence[ActionFacts],
    room: float,
    lines: int,
    before: Sequence[_Row] = (),
) -> list[_Row]:
    """Give the rows of actions that fit, each with so many lines for what is to be done.

    A row that was whole `before`, with fewer lines, stays as it was.
    """
    rows: list[_Row] = []
    for at, action in enumerate(actions[:MOST_ROWS]):
        if at < len(before) and not _may_be_cut(before[at][0]):
            made = before[at]
        else:
            made = _row(page, action, lines)
        room -= made[1]
        if room < 0:
            break
        rows.append(made)
    return rows


def _row(page: Page, action: ActionFacts, lines: int) -> _Row:
    cells = {
        "action": (action.action, lines),
        "owner": (action.owner, lines),
        "due": (Written(action.due, action.action.cell), _MANY_LINES),
        "status": (Written(action.status, ""), _MANY_LINES),
    }
    said: dict[str, str] = {}
    height = 0.0
    for field, (written, most) in cells.items():
        place = page.cells.place(field)
        end = f"({written.cell})" if written.cell else ""
        text, taken = fitted(written.text, most, place.room, place.size, end=end)
        said[field] = text.rstrip()
        if field in page.cells.places:
            height = max(height, taken * place.line)
    return ActionLine(**said), height + page.cells.around
