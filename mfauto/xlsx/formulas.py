"""Whether any formula of a workbook may read one of the touched cells.

Where that cannot be told (INDIRECT, OFFSET, a range built by a function) the
answer is yes. Conditional formats and drop-downs keep no results and do not count.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING

from mfauto.xlsx import markup
from mfauto.xlsx.refs import LAST_COLUMN, LAST_ROW, Area, area, column_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from mfauto.xlsx.layout import Table
    from mfauto.xlsx.workbook import Workbook

_MAY_HOLD = re.compile(rb"<(?:[\w.-]+:)?f[\s/>]")
_TOKEN = re.compile(
    r"""
      "(?:[^"]|"")*"                                     # text
    | (?P<sheet>'(?:[^']|'')+'!|[^\s'"!(),;+\-*/^&=<>{}%@]+!)?
      (?P<cells>
          \$?[A-Z]{1,3}\$?[0-9]{1,7}:\$?[A-Z]{1,3}\$?[0-9]{1,7}
        | \$?[A-Z]{1,3}:\$?[A-Z]{1,3}
        | \$?[0-9]{1,7}:\$?[0-9]{1,7}
        | \$?[A-Z]{1,3}\$?[0-9]{1,7}
      )(?![\w(.\[!])
    | (?P<table>[^\W\d][\w.\\]*)\[
    | (?P<name>[^\W\d][\w.\\?]*)
    | [0-9.]+
    | .
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_ANYWHERE = re.compile(r"\b(?:INDIRECT|OFFSET)\s*\(|:\s*\w+\s*\(|\)\s*:", re.IGNORECASE)
#: A function of the workbook's own macros, which may read anything: Excel's are in capitals.
_OWN_FUNCTION = re.compile(r"(?<![\w.])(?!_xl)\w*[a-z]\w*\(")
_TEXT = re.compile(r'"(?:[^"]|"")*"')
_CORNER = re.compile(r"(\$?)([A-Z]*)(\$?)([0-9]*)", re.IGNORECASE)
_ONE = Area(1, 1, 1, 1)  #: a formula that no other cell shares


class Reads:
    """Answers for one set of touched cells."""

    def __init__(
        self, workbook: Workbook, touched: Mapping[str, Iterable[tuple[int, int]]]
    ) -> None:
        self._workbook = workbook
        self._columns: dict[str, dict[int, list[int]]] = {}
        for sheet, cells in touched.items():
            columns = self._columns.setdefault(sheet.casefold(), {})
            for row, column in sorted(cells):
                columns.setdefault(column, []).append(row)
        self._tables: dict[str, tuple[str, Table]] = {
            table.display_name.casefold(): (sheet.name.casefold(), table)
            for sheet in workbook.sheets
            if sheet.kind == "worksheet" and sheet.name.casefold() in self._columns
            for table in workbook.tables(sheet.name)
        }
        self._names: dict[str, list[str]] = {}
        for element in workbook.package.workbook.each("definedNames", "definedName"):
            name = element.attributes.get("name", "").casefold()
            self._names.setdefault(name, []).append(element.text)
        self._macros = any(
            member.name.casefold().endswith("vbaproject.bin") for member in workbook.archive.members
        )
        self._answers: dict[str, bool] = {}  #: for names

    def any(self) -> bool:
        """Whether any formula of any sheet may read a touched cell."""
        return any(
            self._formula(text, sheet.name.casefold(), spread)
            for sheet in self._workbook.sheets
            if sheet.kind in {"worksheet", "macrosheet"}
            for text, spread in self._formulas(sheet.part)
        )

    def _formulas(self, part: str) -> Iterator[tuple[str, Area]]:
        """Yield each formula of a sheet, and the area of cells that share it."""
        archive, file = self._workbook.archive, self._workbook.file
        member = self._workbook.package.member(part)
        if not _may_hold_formulas(archive.stream(member)):
            return
        found: list[tuple[str, Area]] = []
        text: list[str] | None = None
        spread = _ONE

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal text, spread
            if markup.local_name(name) == "f":
                text, spread = [], _ONE
                if attributes.get("t") == "shared" and "ref" in attributes:
                    spread = _spread(attributes["ref"])
                found.extend((attributes[key], _ONE) for key in ("r1", "r2") if key in attributes)

        def characters(some: str) -> None:
            if text is not None:
                text.append(some)

        def end(name: str) -> None:
            nonlocal text
            if text is not None and markup.local_name(name) == "f":
                found.append(("".join(text), spread))
                text = None

        made = markup.parser(file, part)
        made.StartElementHandler = start
        made.CharacterDataHandler = characters
        made.EndElementHandler = end
        for chunk in archive.stream(member):
            markup.feed(made, chunk, file, part, last=False)
            yield from found
            found.clear()

    def _formula(self, text: str, sheet: str, spread: Area | None) -> bool:
        bare = _TEXT.sub('""', text)
        if _ANYWHERE.search(bare) or (self._macros and _OWN_FUNCTION.search(bare)):
            return True
        at = 0
        while at < len(text):
            token = _TOKEN.match(text, at)
            if token is None or token[0].startswith(":"):
                return True  # a range from one name or sheet to another, such as A!B1:A!C9
            at = token.end()
            if token["table"]:
                inside, at = _brackets(text, at)
                if self._table(token["table"], inside):
                    return True
            elif token["cells"]:
                if self._cells(token["cells"], token["sheet"], sheet, spread):
                    return True
            elif token["name"] and self._name(token["name"]):
                return True
        return False

    def _cells(self, cells: str, stated: str | None, own: str, spread: Area | None) -> bool:
        place = _reach(cells, spread)
        if not stated:
            return self._touches(own, place)
        name = stated.removesuffix("!").strip("'").replace("''", "'").casefold()
        if name.startswith("["):
            return name.startswith("[0]") and self._touches(name.removeprefix("[0]"), place)
        if ":" in name:  # through several sheets
            return any(self._touches(sheet, place) for sheet in self._columns)
        return self._touches(name, place)

    def _touches(self, sheet: str, place: Area) -> bool:
        for column, rows in self._columns.get(sheet, {}).items():
            if place.left <= column <= place.right:
                at = bisect_left(rows, place.top)
                if at < len(rows) and rows[at] <= place.bottom:
                    return True
        return False

    def _table(self, name: str, inside: str) -> bool:
        sheet, table = self._tables.get(name.casefold(), ("", None))
        if table is None:
            return False
        place = table.area
        known = {column.casefold(): at for at, column in enumerate(table.columns)}
        stated = [part for part in _columns_of(inside) if not part.startswith("#")]
        if stated and all(part.casefold() in known for part in stated):
            at = [known[part.casefold()] for part in stated]
            place = place._replace(left=place.left + min(at), right=place.left + max(at))
        return self._touches(sheet, place)

    def _name(self, name: str) -> bool:
        key = name.casefold()
        if key in self._tables:
            return self._table(name, "")
        if key not in self._names:
            return False
        if key not in self._answers:
            self._answers[key] = False  # a name that leads to itself adds nothing
            self._answers[key] = any(self._formula(text, "", None) for text in self._names[key])
        return self._answers[key]


def _spread(ref: str) -> Area:
    """Area of the cells that share a formula; where that is no area, it may be any."""
    try:
        return area(ref)
    except ValueError:
        return Area(1, 1, LAST_ROW, LAST_COLUMN)


def _may_hold_formulas(chunks: Iterable[bytes]) -> bool:
    rest = b""
    for chunk in chunks:
        if b"\0" in chunk or _MAY_HOLD.search(rest + chunk):  # two bytes a letter: not to be found
            return True
        rest = chunk[-64:]
    return False


def _reach(cells: str, spread: Area | None) -> Area:
    """Area that a reference covers, from every cell that shares the formula.

    In a defined name (no spread) a part without $ moves with whoever uses the name.
    """
    first, _, last = cells.partition(":")
    tops, lefts, bottoms, rights = [], [], [], []
    for corner in (first, last or first):
        match = _CORNER.fullmatch(corner)
        if match is None:
            return Area(1, 1, LAST_ROW, LAST_COLUMN)
        # "$A" and "$1" alone: the one $ belongs to whichever part is there
        column_fixed = bool(match[1]) and bool(match[2])
        row_fixed = bool(match[3]) or (bool(match[1]) and not match[2])
        left, right = _extent(column_number(match[2]), LAST_COLUMN, fixed=column_fixed)
        top, bottom = _extent(int(match[4] or 0), LAST_ROW, fixed=row_fixed)
        if spread is None:
            lefts.append(left)
            rights.append(right)
            tops.append(top)
            bottoms.append(bottom)
            continue
        column, row = column_number(match[2]), int(match[4] or 0)
        lefts.append(column or 1)
        rights.append((column or LAST_COLUMN) + (0 if column_fixed else spread.right - spread.left))
        tops.append(row or 1)
        bottoms.append((row or LAST_ROW) + (0 if row_fixed else spread.bottom - spread.top))
    return Area(min(tops), min(lefts), max(bottoms), max(rights))


def _extent(number: int, last: int, *, fixed: bool) -> tuple[int, int]:
    """From where to where a part of a defined name's reference may point."""
    return (number, number) if fixed and number else (1, last)


def _brackets(text: str, at: int) -> tuple[str, int]:
    """Return what stands in a table's brackets, and where they end."""
    start, depth = at, 1
    while at < len(text):
        if text[at] == "'":
            at += 1
        elif text[at] == "[":
            depth += 1
        elif text[at] == "]":
            depth -= 1
            if not depth:
                return text[start:at], at + 1
        at += 1
    return text[start:], at


def _columns_of(inside: str) -> list[str]:
    """Names in a table's brackets, such as "Auto RAG" or "#This Row"."""
    found: list[str] = []
    if "[" not in inside:
        found.append(inside.removeprefix("@"))
    at = inside.find("[")
    while at >= 0:
        part, end = _brackets(inside, at + 1)
        found.append(part)
        at = inside.find("[", end)
    return [re.sub(r"'(.)", r"\1", part).strip() for part in found if part.strip()]
