"""Where new columns will stand in a sheet, and what stands in their way.

Columns and rows are counted from 1. Nothing is written here.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from mfauto.addresses import letters
from mfauto.comparing import same
from mfauto.errors import TrackerError
from mfauto.xlsx.adding.tags import Tag, tags
from mfauto.xlsx.archive import folded
from mfauto.xlsx.encoding import to_utf8
from mfauto.xlsx.layout import Table
from mfauto.xlsx.package import Sheet
from mfauto.xlsx.refs import LAST_COLUMN, Area, area, reference
from mfauto.xlsx.rows import Row
from mfauto.xlsx.workbook import Workbook

_LONGEST = 255  #: characters of a table's heading
_PRINTABLE = 32  #: the first character that is none for control
_TRUE = frozenset({"1", "true"})
_MOVE = "Move it elsewhere in Excel, save, and try again."


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """New columns of one sheet."""

    sheet: Sheet
    headings: tuple[str, ...]
    dates: frozenset[str]  #: headings of the columns that will show days
    header: int  #: row of the headings
    left: int  #: first column of the data
    right: int  #: last column of the data as it is now
    bottom: int  #: last row of the data, the totals row not counted
    totals: int | None  #: row of the table's totals
    table: Table | None
    table_part: str
    around: tuple[Tag, ...]  #: the elements around the sheet's rows

    @property
    def first(self) -> int:
        """First new column."""
        return self.right + 1

    @property
    def last(self) -> int:
        """Last new column."""
        return self.right + len(self.headings)

    @property
    def columns(self) -> dict[str, int]:
        """Each heading with its new column."""
        return {heading: self.first + at for at, heading in enumerate(self.headings)}

    @property
    def area(self) -> Area:
        """The new cells, headings and totals included."""
        return Area(self.header, self.first, self.totals or self.bottom, self.last)


def refused(workbook: Workbook, sheet: str, why: str, to_do: str) -> TrackerError:
    """Refusal to add columns."""
    return TrackerError(
        f'{workbook.file}, sheet "{sheet}": no columns can be added, because {why}.\n{to_do}'
    )


def planned(
    workbook: Workbook,
    sheet: str,
    header: int,
    headings: Sequence[str],
    *,
    dates: Collection[str] = (),
    beside: int | None = None,
) -> Plan:
    """Plan new columns right of the data; TrackerError where they cannot be added safely.

    `beside` is any column of the data; it tells tables apart that stand side by side.
    """
    found = workbook.sheet(sheet)
    around = _around(workbook, found)
    _check_file(workbook, found, around)
    tables = workbook.tables(found.name)
    table = _table_of(workbook, found, tables, header, beside)
    rows = [row for row in workbook.rows(found.name) if row.number >= header]
    heads = rows[0].values if rows and rows[0].number == header else {}
    filled = [column for column, value in heads.items() if not _empty(value)]
    if not filled:
        raise refused(
            workbook, found.name, f"row {header} has no headings", "Name the row of the headings."
        )
    _check_headings(workbook, found, headings, heads)
    if table:
        left, right = table.area.left, table.area.right
        last, totals = table.area.bottom, table.area.bottom if table.totals_rows else None
        bottom = last - table.totals_rows
    else:
        left, right = min(filled), _right_edge(workbook, found, header, max(filled), around)
        totals = None
        bottom = max((row.number for row in rows if row.values), default=header)
    plan = Plan(
        sheet=found,
        headings=tuple(headings),
        dates=frozenset(dates),
        header=header,
        left=left,
        right=right,
        bottom=max(bottom, header),
        totals=totals,
        table=table,
        table_part=_part_of(workbook, found, tables, table),
        around=around,
    )
    _check_free(workbook, plan, rows, tables)
    return plan


def _empty(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _check_file(workbook: Workbook, sheet: Sheet, around: Sequence[Tag]) -> None:
    if workbook.signed:
        raise refused(
            workbook,
            sheet.name,
            "the file has a digital signature, which any change makes invalid",
            "Ask the signer for a copy without a signature.",
        )
    if any(folded(member.name).startswith("xl/revisions/") for member in workbook.archive.members):
        raise refused(
            workbook,
            sheet.name,
            "it is a shared workbook that keeps a history of changes",
            "In Excel, stop sharing it (Review, Unshare Workbook), save, and try again.",
        )
    for tag in around:
        if tag.path[1:] == ("sheetProtection",) and tag.attributes.get("sheet") in _TRUE:
            raise refused(
                workbook,
                sheet.name,
                "the sheet is protected",
                "In Excel, choose Review, Unprotect Sheet, save, and try again.",
            )
    kinds = {link.kind for link in workbook.package.links_of(sheet.part).values()}
    if "queryTable" in kinds:
        raise refused(
            workbook, sheet.name, "a query fills it from elsewhere", "Add the columns in Excel."
        )


def _around(workbook: Workbook, sheet: Sheet) -> tuple[Tag, ...]:
    """Find the elements around the rows of a worksheet."""
    member = workbook.package.member(sheet.part)
    utf8, _ = to_utf8(workbook.archive.unpack(member), workbook.file, sheet.part)
    return tuple(tags(utf8, workbook.file, sheet.part))


def _table_of(
    workbook: Workbook, sheet: Sheet, tables: Sequence[Table], header: int, beside: int | None
) -> Table | None:
    """Return the table whose heading row it is, or None where the data is in no table."""
    if beside is not None:
        tables = [table for table in tables if table.area.left <= beside <= table.area.right]
    there = [table for table in tables if table.header_rows and table.area.top == header]
    if len(there) > 1:
        names = " and ".join(f'"{table.display_name}"' for table in there)
        raise refused(
            workbook,
            sheet.name,
            f"the tables {names} both have their headings in row {header}",
            "Give each table a sheet of its own, or add the columns in Excel.",
        )
    for table in tables:
        if not table.header_rows and table.area.top - 1 == header:
            why = f'the heading row of the table "{table.display_name}" is switched off'
            to_do = "In Excel, tick Table Design, Header Row, save, and try again."
            raise refused(workbook, sheet.name, why, to_do)
        if not there and table.area.top <= header <= table.area.bottom:
            raise refused(
                workbook,
                sheet.name,
                f'row {header} is not the heading row of the table "{table.display_name}",'
                f" which is row {table.area.top}",
                "In Excel, choose Table Design, Convert to Range, save, and try again.",
            )
    return there[0] if there else None


def _part_of(workbook: Workbook, sheet: Sheet, tables: Sequence[Table], table: Table | None) -> str:
    """Return the name of the table's part; refuse a table that something else fills."""
    if table is None:
        return ""
    key = workbook.layout(sheet.name).table_ids[tables.index(table)]
    part = workbook.package.links_of(sheet.part)[key].target
    kinds = {link.kind for link in workbook.package.links_of(part).values()}
    kind = workbook.package.tree(part).attributes.get("tableType", "worksheet")
    if "queryTable" in kinds or kind != "worksheet":
        raise refused(
            workbook,
            sheet.name,
            f'a query or connection fills the table "{table.display_name}" from elsewhere',
            "Add the columns in Excel, or copy the rows into a table of their own.",
        )
    if len(table.columns) != table.area.right - table.area.left + 1:
        raise refused(
            workbook,
            sheet.name,
            f'the table "{table.display_name}" does not have the columns it says',
            "Open the workbook in Excel, let it repair the file, save, and try again.",
        )
    return part


def _check_headings(
    workbook: Workbook, sheet: Sheet, headings: Sequence[str], now: Mapping[int, object]
) -> None:
    for at, heading in enumerate(headings):
        if (
            not heading.strip()
            or len(heading) > _LONGEST
            or any(ord(letter) < _PRINTABLE for letter in heading)
        ):
            why = f'"{heading[:40]}" cannot be a heading'
            raise refused(workbook, sheet.name, why, "Give it another name.")
        for column, value in now.items():
            if isinstance(value, str) and same(value) == same(heading):
                why = f'there is a column "{heading}" already ({letters(column)})'
                raise refused(workbook, sheet.name, why, "Leave it as it is, or rename one.")
        if any(same(other) == same(heading) for other in headings[:at]):
            why = f'the heading "{heading}" is asked for twice'
            raise refused(workbook, sheet.name, why, "Ask for it once.")


def _right_edge(
    workbook: Workbook, sheet: Sheet, header: int, last: int, around: Sequence[Tag]
) -> int:
    """Last column of headings in no table: merged ones and those of the filter included."""
    edges = [last]
    edges += [m.right for m in workbook.merges(sheet.name) if m.holds(header, last)]
    for tag in around:
        if tag.path[1:] == ("autoFilter",):
            filtered = area_of(tag)
            if filtered and filtered.top == header and filtered.left <= last:
                edges.append(filtered.right)
    return max(edges)


def area_of(tag: Tag) -> Area | None:
    """Return the area that an element names in its `ref`, if it names one."""
    try:
        return area(tag.attributes.get("ref", ""))
    except ValueError:
        return None


def _check_free(
    workbook: Workbook, plan: Plan, rows: Sequence[Row], tables: Sequence[Table]
) -> None:
    name = plan.sheet.name
    if plan.last > LAST_COLUMN:
        raise refused(
            workbook, name, "the sheet has no columns left", "Delete columns that nobody needs."
        )
    wanted = plan.area
    for row in rows:
        if row.number > wanted.bottom:
            break
        for column in sorted({*row.values, *row.formulas}):
            if wanted.holds(row.number, column) and (
                column in row.formulas or row.values.get(column, "") != ""
            ):
                what = f"{reference(row.number, column)} is filled, right beside the data"
                raise refused(workbook, name, what, _MOVE)
    for what, other in _others(workbook, plan, tables):
        if overlap(wanted, other):
            why = f"{what} ({other}) would be in the way"
            raise refused(workbook, name, why, _MOVE)


def _others(workbook: Workbook, plan: Plan, tables: Sequence[Table]) -> Iterator[tuple[str, Area]]:
    """Yield everything else that takes up cells."""
    for merge in workbook.merges(plan.sheet.name):
        yield "a merged cell", merge
    for table in tables:
        if table is not plan.table:
            yield f'the table "{table.display_name}"', table.area
    for link in workbook.package.links_of(plan.sheet.part).values():
        if link.kind == "pivotTable":
            place = workbook.package.tree(link.target).first("location")
            if place is not None:
                yield "a pivot table", area(place.attributes.get("ref", "A1"))


def overlap(one: Area, other: Area) -> bool:
    """Whether two areas share a cell."""
    return (
        one.top <= other.bottom
        and other.top <= one.bottom
        and one.left <= other.right
        and other.left <= one.right
    )
