"""How new columns look: like the data beside them, days as days and all else as plain.

Styles are indexes into `cellXfs`. None is ever added to the workbook.
"""

from collections import Counter
from dataclasses import dataclass, field

from mfauto.xlsx import markup
from mfauto.xlsx.adding.plan import Plan
from mfauto.xlsx.parsed_rows import Places
from mfauto.xlsx.styles import Styles
from mfauto.xlsx.workbook import Workbook

_PLAIN_FORMATS = frozenset({"0", "49"})  #: General, and Text


@dataclass(kw_only=True, slots=True)
class Looks:
    """Styles as they are in the data now, and from them those of the new cells."""

    plain: frozenset[int]  #: styles whose format is General or Text
    styles: Styles
    rows: list[int] = field(default_factory=list)  #: rows with a neighbour, which may be empty
    heads: dict[int, int] = field(default_factory=dict)  #: column, style of its heading
    totals: dict[int, int] = field(default_factory=dict)
    columns: dict[int, Counter[int]] = field(default_factory=dict)  #: below the headings

    def of_heading(self, right: int) -> int:
        """Return the style of a new heading: that of the last one there is."""
        return self.heads.get(right, self.heads[max(self.heads)] if self.heads else 0)

    def of_totals(self, right: int) -> int:
        """Return the style of a new cell of the totals row."""
        return self._without_format(self.totals.get(right, 0)) or 0

    def of_data(self, *, days: bool) -> int:
        """Return the style of the new cells below a heading.

        Each column counts with its most frequent style, so that one cell painted by
        hand gives its colour to nobody.
        """
        usual = {column: counted.most_common(1)[0][0] for column, counted in self.columns.items()}
        nearest = [usual[column] for column in sorted(usual, reverse=True)]
        fitting = (self._without_format(style) for style in nearest)
        plain = next((style for style in fitting if style is not None), 0)
        if not days:
            return plain
        shown = Counter(style for style in nearest if self.styles.is_date(style))
        if shown:
            return shown.most_common(1)[0][0]
        return next(
            (made for made in map(self.styles.for_day, (plain, *nearest)) if made is not None),
            plain,
        )

    def _without_format(self, style: int) -> int | None:
        """Return this style, or one that looks the same without its number format."""
        if style in self.plain:
            return style
        made = self.styles.for_number(style)
        return made if made in self.plain else None


def looks(workbook: Workbook, plan: Plan) -> Looks:
    """Look at the cells of the data."""
    part = workbook.package.linked("styles")
    root = workbook.package.tree(part) if part else None
    listed = list(root.each("cellXfs", "xf")) if root else []
    plain = [
        at for at, xf in enumerate(listed) if xf.attributes.get("numFmtId", "0") in _PLAIN_FORMATS
    ]
    found = Looks(plain=frozenset(plain or [0]), styles=workbook.styles)
    file, name = workbook.file, plan.sheet.part
    eye = _Eye(found, plan, Places(file, name))
    made = markup.parser(file, name)
    made.StartElementHandler = eye.start
    made.EndElementHandler = eye.end
    for chunk in workbook.archive.stream(workbook.package.member(name)):
        markup.feed(made, chunk, file, name, last=False)
    markup.feed(made, b"", file, name, last=True)
    return found


class _Eye:
    """Follows the parse of the worksheet part."""

    def __init__(self, found: Looks, plan: Plan, places: Places) -> None:
        self._found, self._plan, self._places = found, plan, places
        self._path: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._path.append(markup.local_name(name))
        if self._path[1:] == ["sheetData", "row"]:
            self._places.enter_row(attributes)
        elif self._path[1:] == ["sheetData", "row", "c"]:
            self._places.enter_cell(attributes)
            stated = attributes.get("s", "0")
            self._note(int(stated) if stated.isdecimal() else 0)

    def end(self, _: str) -> None:
        self._path.pop()

    def _note(self, style: int) -> None:
        row, column, plan = self._places.row, self._places.column, self._plan
        if not plan.left <= column <= plan.right:
            return
        if row == plan.header:
            self._found.heads[column] = style
        elif row == plan.totals:
            self._found.totals[column] = style
        elif plan.header < row <= plan.bottom:
            self._found.columns.setdefault(column, Counter())[style] += 1
            if column == plan.right:
                self._found.rows.append(row)
