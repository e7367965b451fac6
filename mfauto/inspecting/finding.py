"""The small functions behind the checks: each looks for one thing, and says where it is.

They never give the text of a cell, only where it stands.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import unquote

from mfauto.addresses import address, letters, quoted
from mfauto.inspecting.seen import Seen
from mfauto.xlsx.archive import folded
from mfauto.xlsx.refs import position

_TRUE = frozenset({"1", "true"})
_LABEL = re.compile(r"MSIP_Label_[^_]+_(\w+)", re.IGNORECASE)
_LEAST = 0.05  #: share of the file that is worth a word


@dataclass(frozen=True, slots=True)
class Found:
    """How many there are, and where; none where the count is 0."""

    count: int
    where: tuple[str, ...] = ()


Find = Callable[[Seen], Found]


def parts(pattern: str) -> Find:
    """Count the parts whose name fits."""
    return lambda seen: Found(len(seen.matching(pattern)))


def one_if(pattern: str) -> Find:
    """Tell whether there is any such part."""
    return lambda seen: Found(int(bool(seen.matching(pattern))))


def linked(pattern: str, *kinds: str) -> Find:
    """Count the parts whose name fits; where are the sheets that show them."""
    return lambda seen: Found(
        len(seen.matching(pattern)), _by_sheet(sheet.name for sheet, _ in seen.linked(*kinds))
    )


def tagged(name: str) -> Find:
    """Count elements of that name around the rows, by sheet."""
    return lambda seen: _counted(sheet for sheet, _ in seen.tagged(name))


def extended(name: str) -> Find:
    """Count elements of that name in what later versions of Excel added, by sheet."""
    return lambda seen: _counted(sheet for sheet, _ in seen.extended(name))


def listed_in(pattern: str, element: str) -> Find:
    """Count elements inside the parts whose name fits; where are their names."""

    def find(seen: Seen) -> Found:
        roots = [seen.tree(part) for part in seen.matching(pattern)]
        found = [each for root in roots for each in root.children if _last(each.name) == element]
        return Found(len(found), _names(each.attributes.get("name", "") for each in found))

    return find


def states(state: str) -> Find:
    """Count sheets in that state."""

    def find(seen: Seen) -> Found:
        names = [sheet.name for sheet in seen.sheets if sheet.state == state]
        return Found(len(names), tuple(names))

    return find


def _last(name: str) -> str:
    return name.rpartition(" ")[2]


def _names(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in found if name))


def _by_sheet(sheets: Iterable[str]) -> tuple[str, ...]:
    return tuple(
        f"{name} ({count})" if count > 1 else name for name, count in Counter(sheets).items()
    )


def _counted(sheets: Iterable[str]) -> Found:
    found = list(sheets)
    return Found(len(found), _by_sheet(found))


def macro_sheets(seen: Seen) -> Found:
    """Look for sheets of Excel 4 macros."""
    return _named(sheet.name for sheet in seen.sheets if sheet.kind == "macrosheet")


def _named(names: Iterable[str]) -> Found:
    found = tuple(names)
    return Found(len(found), found)


def labels(seen: Seen) -> Found:
    """Look for sensitivity labels in both places where Office keeps them."""
    names, ids = [], set()
    for name, value in seen.properties.items():
        match = _LABEL.fullmatch(name)
        if match:
            ids.add(name.split("_")[2].casefold())
            names += [value] if match[1].casefold() == "name" else []
    for part in seen.matching(r"docmetadata/labelinfo\.xml"):
        for label in seen.tree(part).children:
            if label.attributes.get("removed") not in _TRUE:
                ids.add(label.attributes.get("id", "").strip("{}").casefold())
    return Found(len(ids), _names(names))


def external_links(seen: Seen) -> Found:
    """Look for other workbooks that formulas point to; their file names come without folders."""
    found = seen.matching(r"xl/externallinks/externallink[^/]*\.xml")
    targets = [target for part in found for target in seen.outside(part)]
    files = [re.split(r"[/\\]", unquote(target))[-1] for target in targets]
    return Found(len(found), _names(files))


def queries(seen: Seen) -> Found:
    """Look for tables and ranges that a query fills, and for the workbook's own queries."""
    found = seen.matching(r"xl/querytables/querytable[^/]*\.xml")
    names = [seen.tree(part).attributes.get("name", "") for part in found]
    power = [
        part
        for part in seen.matching(r"customxml/item\d*\.xml")
        if _last(seen.tree(part).name) == "DataMashup"
    ]
    return Found(len(found) + len(power), _names([*names, *("Power Query" for _ in power)]))


def hidden_rows(seen: Seen) -> Found:
    """Count the hidden rows in which something stands."""
    found = {sheet: cells.hidden_rows for sheet, cells in seen.cells.items() if cells.hidden_rows}
    return Found(sum(found.values()), tuple(f"{name} ({count})" for name, count in found.items()))


def hidden_columns(seen: Seen) -> Found:
    """Look for hidden columns in which something stands."""
    where = []
    for sheet, tag in seen.tagged("col"):
        given = tag.attributes
        if given.get("hidden") in _TRUE and sheet in seen.cells:
            first, last = (_whole(given.get(end, "")) for end in ("min", "max"))
            used = seen.cells[sheet].used
            where += [
                f"{quoted(sheet)}!{letters(at)}" for at in sorted(used) if first <= at <= last
            ]
    return _named(where)


def _whole(stated: str) -> int:
    return int(stated) if stated.isdecimal() else 0


def protected_sheets(seen: Seen) -> Found:
    """Look for sheets on which cells are locked."""
    return _named(
        sheet
        for sheet, tag in seen.tagged("sheetProtection")
        if tag.attributes.get("sheet") in _TRUE
    )


def protected_workbook(seen: Seen) -> Found:
    """Tell whether its sheets cannot be added or moved."""
    found = seen.workbook.package.workbook.first("workbookProtection")
    locked = found is not None and found.attributes.get("lockStructure") in _TRUE
    return Found(int(locked))


def write_reserved(seen: Seen) -> Found:
    """Tell whether Excel asks for a password before anyone saves, or advises against it."""
    found = seen.workbook.package.workbook.first("fileSharing")
    if found is None:
        return Found(0)
    reserved = {"reservationPassword", "hashValue"} & found.attributes.keys()
    return Found(int(bool(reserved) or found.attributes.get("readOnlyRecommended") in _TRUE))


def signed(seen: Seen) -> Found:
    """Tell whether it carries a digital signature."""
    return Found(int(seen.workbook.signed))


def errors(seen: Seen) -> Found:
    """Look for cells that show an error such as #REF!."""
    return _named(
        address(sheet, column, row)
        for sheet, cells in seen.cells.items()
        for row, column in cells.errors
    )


def uncalculated(seen: Seen) -> Found:
    """Look for formulas without a result."""
    return _named(
        address(sheet, column, row)
        for sheet, cells in seen.cells.items()
        for row, column in cells.uncalculated
    )


def formulas(seen: Seen) -> Found:
    """Count the cells with a formula, by sheet."""
    found = {sheet: cells.formulas for sheet, cells in seen.cells.items() if cells.formulas}
    return Found(sum(found.values()), tuple(f"{name} ({count})" for name, count in found.items()))


def _defined(seen: Seen) -> list[tuple[str, str]]:
    return [
        (name.attributes.get("name", ""), name.text)
        for name in seen.workbook.package.workbook.each("definedNames", "definedName")
        if not name.attributes.get("name", "").casefold().startswith("_xl")
    ]


def names(seen: Seen) -> Found:
    """Look for names that people gave to cells."""
    return _named(name for name, text in _defined(seen) if "#REF!" not in text)


def names_nowhere(seen: Seen) -> Found:
    """Look for names whose cells were deleted."""
    return _named(name for name, text in _defined(seen) if "#REF!" in text)


def merged(seen: Seen) -> Found:
    """Look for merged cells."""
    return _named(
        f"{quoted(sheet)}!{tag.attributes.get('ref', '')}"
        for sheet, tag in seen.tagged("mergeCell")
    )


def epoch_1904(seen: Seen) -> Found:
    """Tell whether its days are counted from 1904."""
    return Found(int(seen.workbook.epoch_1904))


def strict(seen: Seen) -> Found:
    """Tell whether it was saved as Strict Open XML."""
    member = seen.workbook.package.member(seen.workbook.package.workbook_part)
    return Found(int(b"purl.oclc.org/ooxml/spreadsheetml" in seen.workbook.archive.unpack(member)))


def personal(seen: Seen) -> Found:
    """Tell which of its properties name people; who they are is not said."""
    core = next((link.target for link in seen.links("") if link.kind == "core-properties"), None)
    kinds = {"creator": "author", "lastModifiedBy": "last saved by"}
    children = [] if core is None else seen.tree(core).children
    filled = [_last(each.name) for each in children if each.text.strip()]
    persons = any(seen.tree(part).children for part in seen.matching(r"xl/persons/[^/]+\.xml"))
    return _named(
        [*(kinds[name] for name in filled if name in kinds), *(["who commented"] * persons)]
    )


def properties(seen: Seen) -> Found:
    """Look for custom properties of the file, sensitivity labels left out."""
    return _named(name for name in seen.properties if not name.startswith("MSIP_"))


def together(seen: Seen) -> Found:
    """Look for the count of changes that Excel keeps while a file is saved as people type."""
    counts = [
        each.attributes.get("revIDLastSave", "0")
        for each in seen.workbook.package.workbook.children
        if _last(each.name) == "revisionPtr"
    ]
    return Found(int(any(count != "0" for count in counts)))


def threads(seen: Seen) -> Found:
    """Look for threads of comments; each comment and reply counts."""
    where = [
        _place(sheet.name, each.attributes.get("ref", ""))
        for sheet, part in seen.linked("threadedComment")
        for each in seen.tree(part).children
        if _last(each.name) == "threadedComment"
    ]
    return Found(len(where), _names(where))


def notes(seen: Seen) -> Found:
    """Look for notes, without the copies that Excel keeps of threads."""
    where = []
    for sheet, part in seen.linked("comments"):
        root = seen.tree(part)
        authors = [author.text for author in root.each("authors", "author")]
        for note in root.each("commentList", "comment"):
            at = note.attributes.get("authorId", "0")
            author = authors[int(at)] if at.isdecimal() and int(at) < len(authors) else ""
            if not author.startswith("tc="):
                where.append(_place(sheet.name, note.attributes.get("ref", "")))
    return _named(where)


def _place(sheet: str, ref: str) -> str:
    try:
        row, column = position(ref)
    except ValueError:
        return sheet
    return address(sheet, column, row)


def tables(seen: Seen) -> Found:
    """Look for Excel tables and their areas."""
    where = []
    for sheet, part in seen.linked("table"):
        ref = seen.tree(part).attributes.get("ref", "")
        where.append(f"{quoted(sheet.name)}!{ref}")
    return _named(where)


def filters(seen: Seen) -> Found:
    """Look for filters of sheets without a table."""
    return _named(
        f"{quoted(sheet)}!{tag.attributes.get('ref', '')}"
        for sheet, tag in seen.tagged("autoFilter")
        if len(tag.path) == 2  # noqa: PLR2004 - not those of a custom view
    )


def unread(seen: Seen) -> Found:
    """Look for parts beside the cells that could not be read; asked last."""
    return _named(dict.fromkeys(seen.unread))


def room(seen: Seen) -> tuple[str, ...]:
    """Name what takes most of the room, with its share of the file."""
    members = seen.workbook.archive.members
    whole = sum(member.packed for member in members) or 1
    sheets = {sheet.part.casefold(): f'sheet "{sheet.name}"' for sheet in seen.sheets}
    sizes: Counter[str] = Counter()
    for member in members:
        name = folded(member.name)
        kind = next((kind for start, kind in _ROOMS.items() if name.startswith(start)), None)
        sizes[sheets.get(name) or kind or ""] += member.packed
    return tuple(
        f"{what} {size / whole:.0%}"
        for what, size in sizes.most_common(5)
        if what and size / whole > _LEAST
    )


_ROOMS = {
    "xl/media/": "pictures",
    "xl/embeddings/": "embedded files",
    "xl/charts/": "charts",
    "xl/pivotcache/": "pivot tables",
    "xl/sharedstrings": "the texts of all sheets",
    "xl/vbaproject": "macros",
    "xl/printersettings/": "printer settings",
    "xl/revisions/": "the history of changes",
    "xl/externallinks/": "copies from other workbooks",
    "xl/model/": "the data model",
    "customxml/": "custom XML",
    "xl/styles": "styles",
    "xl/theme/": "the theme",
}
