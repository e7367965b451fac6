"""What surrounds the cells of a worksheet: merged areas, tables, columns' styles."""

from collections.abc import Iterator
from itertools import chain

from mfauto.records import record
from mfauto.xlsx import markup
from mfauto.xlsx.archive import Member
from mfauto.xlsx.package import Package, Sheet
from mfauto.xlsx.refs import Area, area
from mfauto.xlsx.refusals import damaged

_END = b"</sheetData>"
_PIVOT = "pivotTable"
_LONGEST_HEAD = 8_000_000  #: bytes before the first row


@record
class Table:
    """One Excel table."""

    name: str
    display_name: str  #: the name formulas use
    area: Area  #: headings and totals included
    header_rows: int  #: 1, or 0 where the headings are switched off
    totals_rows: int
    columns: tuple[str, ...]


@record
class Layout:
    """Everything in a worksheet part that is not a cell, as far as it matters here."""

    merges: tuple[Area, ...]
    table_ids: tuple[str, ...]  #: relationship ids of its tables
    column_styles: tuple[tuple[int, int, int], ...]  #: first column, last column, style


def read_layout(package: Package, sheet: Sheet, member: Member) -> Layout:
    """Read a worksheet part for all but its cells."""
    merges: list[Area] = []
    tables: list[str] = []
    styles: list[tuple[int, int, int]] = []
    file = package.file

    def start(name: str, attributes: dict[str, str]) -> None:
        local = markup.local_name(name)
        if local == "mergeCell":
            merges.append(_area(attributes.get("ref", ""), file, sheet.part))
        elif local == "tablePart":
            given = {markup.local_name(key): value for key, value in attributes.items()}
            tables.append(given.get("r:id", ""))
        elif local == "col" and attributes.get("style", "0") != "0":
            first, last, style = (attributes.get(key, "") for key in ("min", "max", "style"))
            if first.isdecimal() and last.isdecimal() and style.isdecimal():
                styles.append((int(first), int(last), int(style)))

    made = markup.parser(file, sheet.part)
    made.StartElementHandler = start
    around = _around_rows(package.archive.stream(member))
    for chunk in package.archive.stream(member) if around is None else [around]:
        markup.feed(made, chunk, file, sheet.part, last=False)
    markup.feed(made, b"", file, sheet.part, last=True)
    return Layout(merges=tuple(merges), table_ids=tuple(tables), column_styles=tuple(styles))


def _around_rows(chunks: Iterator[bytes]) -> bytes | None:
    """Return a plain part with its rows cut out; None where the cut is not certain."""
    head = b""
    for chunk in chunks:
        head += chunk
        if b"<row " in head:
            break
        if len(head) > _LONGEST_HEAD:
            return None
    head, row, rest = head.partition(b"<row ")
    if not row or not head.rstrip().endswith(b"<sheetData>"):
        return None
    tail: list[bytes] = []  #: from the end of the rows on, once that has come
    for chunk in chain([rest], chunks):
        if tail:
            tail.append(chunk)
            continue
        rest = rest[1 - len(_END) :] + chunk if chunk is not rest else rest
        at = rest.find(_END)
        if at >= 0:
            tail.append(rest[at:])
    behind = b"".join(tail)
    return head + behind if behind.count(_END) == 1 else None


def read_pivots(package: Package, sheet: Sheet) -> tuple[Area, ...]:
    """Read where the pivot tables of a worksheet show their results."""
    parts = [link.target for link in package.links_of(sheet.part).values() if link.kind == _PIVOT]
    return tuple(
        _area(location.attributes.get("ref", ""), package.file, part)
        for part in parts
        for location in package.tree(part).each("location")
    )


def read_tables(package: Package, sheet: Sheet, layout: Layout) -> tuple[Table, ...]:
    """Read the tables that a worksheet holds."""
    links = package.links_of(sheet.part)
    found = []
    for key in layout.table_ids:
        if key not in links:
            raise damaged(package.file, f'a table of its sheet "{sheet.name}" is missing')
        part = links[key].target
        root = package.tree(part)
        given = root.attributes
        found.append(
            Table(
                name=given.get("name", given.get("displayName", "")),
                display_name=given.get("displayName", ""),
                area=_area(given.get("ref", ""), package.file, part),
                header_rows=_count(given.get("headerRowCount", "1")),
                totals_rows=_count(given.get("totalsRowCount", "0")),
                columns=tuple(
                    markup.unescaped(column.attributes.get("name", ""))
                    for column in root.each("tableColumns", "tableColumn")
                ),
            )
        )
    return tuple(found)


def _count(stated: str) -> int:
    return int(stated) if stated.isdecimal() else 0


def _area(ref: str, file: str, part: str) -> Area:
    try:
        return area(ref)
    except ValueError as error:
        raise damaged(file, f'its part "{part}" names an area "{ref}" that is none') from error
