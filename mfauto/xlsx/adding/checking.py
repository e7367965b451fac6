"""The new file compared with the old one, and with what Excel demands of a table.

Rows in the plain shape are compared as text, others element by element. What was not meant to
change must be the same; what was, must be exactly as planned.
"""

from collections.abc import Iterator
from itertools import zip_longest

from mfauto.xlsx import markup
from mfauto.xlsx.adding.plan import Plan
from mfauto.xlsx.markup import Element
from mfauto.xlsx.parsed_rows import Places
from mfauto.xlsx.reading_back import differs
from mfauto.xlsx.refs import Area, area
from mfauto.xlsx.workbook import Workbook

_MAY_CHANGE = frozenset({"cols", "autoFilter", "dimension", "sortState"})


def check_added(old: Workbook, new: Workbook, plan: Plan) -> None:
    """Make sure that the columns were added and nothing else was touched."""
    name = plan.sheet.name
    before, after = _Sheet(old, plan), _Sheet(new, plan)
    _check_rows(before, after, old.file, name)
    if before.around != after.around:
        raise differs(old.file, f'sheet "{name}" changed around its rows')
    if before.columns != after.columns:
        raise differs(old.file, f'sheet "{name}" changed its other columns')
    if after.crossing and not before.crossing:
        raise differs(old.file, f'sheet "{name}" gives a column two widths')
    heads = next((row.values for row in new.rows(name) if row.number == plan.header), {})
    for heading, column in plan.columns.items():
        if heads.get(column) != heading:
            raise differs(old.file, f'sheet "{name}" lacks the heading "{heading}"')
    _check_tables(old, new, plan)
    _check_names(old, new)


def _check_rows(before: "_Sheet", after: "_Sheet", file: str, sheet: str) -> None:
    for was, will in zip_longest(before.rows(), after.rows()):
        if was != will:
            row = (was or will or ("?",))[0]
            raise differs(file, f'sheet "{sheet}", row {row} changed elsewhere')


class _Sheet:
    """A worksheet part but for the new cells: its rows one by one, then what is around them."""

    def __init__(self, workbook: Workbook, plan: Plan) -> None:
        self.around: list[Element] = []  #: filled once the rows have been gone through
        self.columns: dict[int, tuple[tuple[str, str], ...]] = {}  #: those with a width
        self.crossing = False  #: whether a column has two widths, which Excel repairs
        self._workbook, self._plan = workbook, plan

    def rows(self) -> Iterator[tuple[object, ...]]:
        """Yield number, attributes and cells of each row; new cells are left out."""
        file, part = self._workbook.file, self._plan.sheet.part
        stack = [Element("", {})]
        done: list[tuple[object, ...]] = []
        places = Places(file, part)

        def start(name: str, attributes: dict[str, str]) -> None:
            given = {markup.local_name(key): value for key, value in attributes.items()}
            element = Element(markup.local_name(name), given)
            stack[-1].children.append(element)
            stack.append(element)
            if len(stack) == 4 and element.name == "row":  # noqa: PLR2004 - below sheetData
                places.enter_row(attributes)
            elif len(stack) == 5 and element.name == "c":  # noqa: PLR2004 - below a row
                places.enter_cell(attributes)
                element.attributes["r"] = str(places.column)

        def text(characters: str) -> None:
            stack[-1].text += characters

        def end(_: str) -> None:
            element = stack.pop()
            if len(stack) == 3 and element.name == "row":  # noqa: PLR2004 - likewise
                done.append(self._row(places.row, element))
                stack[-1].children.clear()

        made = markup.parser(file, part)
        made.StartElementHandler = start
        made.CharacterDataHandler = text
        made.EndElementHandler = end
        for chunk in self._workbook.archive.stream(self._workbook.package.member(part)):
            markup.feed(made, chunk, file, part, last=False)
            yield from done
            done.clear()
        markup.feed(made, b"", file, part, last=True)
        yield from done
        self._note_around(stack[0].children[0])

    def _row(self, number: int, row: Element) -> tuple[object, ...]:
        new = self._plan.area
        cells = [cell for cell in row.children if not new.holds(number, int(cell.attributes["r"]))]
        row.attributes.pop("spans", None)
        return number, row.attributes, cells

    def _note_around(self, root: Element) -> None:
        last = 0
        for column in root.each("cols", "col"):
            given = column.attributes
            self.crossing = self.crossing or int(given["min"]) <= last
            last = int(given["max"])
            look = sorted(item for item in given.items() if item[0] not in {"min", "max"})
            for at in range(int(given["min"]), int(given["max"]) + 1):
                if not self._plan.first <= at <= self._plan.last:
                    self.columns[at] = tuple(look)
        for child in root.children:
            if child.name == "sheetData":
                child.text = ""
            if child.name == "autoFilter":
                self._narrow(child)
        self.around = [child for child in root.children if child.name not in _MAY_CHANGE]
        self.around += [child for child in root.children if child.name == "autoFilter"]

    def _narrow(self, element: Element) -> None:
        """Take the new columns out of an area, so that old and new can be compared."""
        for each in (element, *element.each("sortState")):
            each.attributes["ref"] = narrowed(each.attributes.get("ref", ""), self._plan)


def narrowed(ref: str, plan: Plan) -> str:
    """Return an area without the new columns at its right end."""
    try:
        found = area(ref)
    except ValueError:
        return ref
    if found.right != plan.last:
        return str(found)
    return str(Area(found.top, found.left, found.bottom, plan.right))


def _check_tables(old: Workbook, new: Workbook, plan: Plan) -> None:
    if plan.table is None:
        return
    root = new.package.tree(plan.table_part)
    columns = list(root.each("tableColumns", "tableColumn"))
    names = [markup.unescaped(column.attributes.get("name", "")) for column in columns]
    ids = [column.attributes.get("id", "") for column in columns]
    home = root.first("tableColumns")
    covered = area(root.attributes["ref"])
    old_names = {name.casefold() for name in names[: -len(plan.headings)]}
    new_names = {name.casefold() for name in names[-len(plan.headings) :]}
    faults = {
        "its columns are not counted right": home is None
        or home.attributes.get("count") != str(len(columns)),
        "it is not as wide as its columns": covered.right - covered.left + 1 != len(columns),
        "two of its columns have one number": len(set(ids)) != len(ids),
        "a new heading has the name of another": bool(new_names & old_names)
        or len(new_names) != len(plan.headings),
        "its new columns are not those asked for": tuple(names[-len(plan.headings) :])
        != plan.headings,
        "it is not where it was": covered
        != Area(plan.table.area.top, plan.table.area.left, plan.table.area.bottom, plan.last),
    }
    for what, wrong in faults.items():
        if wrong:
            raise differs(old.file, f'the table "{plan.table.display_name}": {what}')
    before = old.package.tree(plan.table_part)
    _without(root, plan)
    _without(before, None)
    for element in (root, *root.children):
        if "ref" in element.attributes:
            element.attributes["ref"] = narrowed(element.attributes["ref"], plan)
    for element in root.each("autoFilter", "sortState"):
        element.attributes["ref"] = narrowed(element.attributes["ref"], plan)
    if root != before:
        raise differs(old.file, f'the table "{plan.table.display_name}" changed elsewhere')


def _without(root: Element, plan: Plan | None) -> None:
    """Take the new columns out of a table, and its count."""
    home = root.first("tableColumns")
    if home is not None:
        home.attributes.pop("count", None)
        if plan is not None:
            del home.children[-len(plan.headings) :]


def _check_names(old: Workbook, new: Workbook) -> None:
    """Make sure that of the workbook part nothing but two names and a flag may have changed."""

    def kept(workbook: Workbook) -> list[object]:
        root = workbook.package.workbook
        names = [
            (name.attributes, name.text)
            for name in root.each("definedNames", "definedName")
            if name.attributes.get("name", "").casefold()
            not in {"_xlnm._filterdatabase", "_xlnm.print_area"}
        ]
        others = [c for c in root.children if c.name not in {"definedNames", "calcPr"}]
        return [root.attributes, names, others]

    if kept(old) != kept(new):
        raise differs(old.file, "the workbook's own part changed elsewhere")
