"""What changes around the cells: widths, the filter, the table, two names of Excel's own.

Each function takes a part in UTF-8 and gives it back with as few bytes changed as can be.
"""

import re
from collections.abc import Sequence

from mfauto.addresses import letters
from mfauto.xlsx.adding.plan import Plan, area_of
from mfauto.xlsx.adding.tags import Change, Tag, applied, tags, with_attributes
from mfauto.xlsx.markup import escaped
from mfauto.xlsx.refs import Area, column_number
from mfauto.xlsx.refusals import damaged

_NARROWEST = 12  #: characters
_FILTER_BUTTON = 5  #: characters' room beside a heading
_AREA = re.compile(
    r"(?P<before>(?:'(?:[^']|'')+'|[^'!,]+)!\$?(?P<left>[A-Z]{1,3})\$?(?P<top>\d*):\$?)"
    r"(?P<right>[A-Z]{1,3})(?P<after>\$?\d*)"
)


def with_widths(data: bytes, plan: Plan, styles: dict[str, int], file: str) -> bytes:
    """Return the worksheet part with widths for the new columns, and its filter widened.

    `styles` are those of the new columns' cells, for columns that have a style of their own.
    """
    found = tags(data, file, plan.sheet.part)
    for tag in found:
        if tag.path[1:] == ("cols", "col"):
            _check_numbers(tag, ("min", "max"), file, plan.sheet.part)
    return applied(data, [*_widths(found, plan, styles), *_filter(found, plan)])


def _check_numbers(tag: Tag, names: Sequence[str], file: str, part: str) -> None:
    for name in names:
        if not tag.attributes.get(name, "").isdecimal():
            raise damaged(file, f'its part "{part}" has a column without its number')


def _widths(found: list[Tag], plan: Plan, styles: dict[str, int]) -> list[Change]:
    home = next((tag for tag in found if tag.path[1:] == ("cols",)), None)
    columns = [tag for tag in found if tag.path[1:] == ("cols", "col")]
    rows = next(tag for tag in found if tag.path[1:] == ("sheetData",))
    styled = any(
        tag.attributes.get("style", "0") != "0"
        for tag in columns
        if int(tag.attributes["min"]) <= plan.right <= int(tag.attributes["max"])
    )
    new = "".join(
        f'<{rows.prefix}col min="{column}" max="{column}"'
        f' width="{max(len(heading) + _FILTER_BUTTON, _NARROWEST)}"'
        + (f' style="{styles[heading]}"' if styled and styles[heading] else "")
        + ' customWidth="1"/>'
        for heading, column in plan.columns.items()
    )
    if home is None:
        made = f"<{rows.prefix}cols>{new}</{rows.prefix}cols>"
        return [(rows.start, rows.start, made)]
    if home.close < 0:
        opened = home.shown.removesuffix("/>").rstrip()
        return [(home.start, home.end, f"{opened}>{new}</{home.prefix}cols>")]
    return _among(columns, new, plan, home)


def _among(columns: list[Tag], new: str, plan: Plan, home: Tag) -> list[Change]:
    """Put the new columns among those that have a width, taking their places from others."""
    changes: list[Change] = []
    for tag in columns:
        low, high = int(tag.attributes["min"]), int(tag.attributes["max"])
        if high < plan.first:
            continue
        if low > plan.last:
            changes.append((tag.start, tag.start, new))
            return changes
        shown = tag.shown.removesuffix("/>").removesuffix(">").rstrip() + "/>"
        pieces = ""
        if low < plan.first:
            pieces += with_attributes(shown, {"max": str(plan.first - 1)})
        if high > plan.last:
            after = with_attributes(shown, {"min": str(plan.last + 1)})
            changes.append((tag.start, tag.end, pieces + new + after))
            return changes
        changes.append((tag.start, tag.end, pieces))
    changes.append((home.close, home.close, new))
    return changes


def _filter(found: list[Tag], plan: Plan) -> list[Change]:
    """Widen the filter of a sheet without a table, and the order it sorts in."""
    if plan.table is not None:
        return []
    wide = [tag for tag in found if tag.path[1:] == ("autoFilter",) and _is_wide(tag, plan)]
    if not wide:
        return []
    sorts = [tag for tag in found if tag.path[-1] == "sortState"]
    return [_widened(tag, plan) for tag in wide] + _sorts(sorts, area_of(wide[0]), plan)


def filter_widens(plan: Plan) -> bool:
    """Whether the sheet's own filter covers the data and is widened with it."""
    return plan.table is None and any(
        tag.path[1:] == ("autoFilter",) and _is_wide(tag, plan) for tag in plan.around
    )


def _is_wide(tag: Tag, plan: Plan) -> bool:
    filtered = area_of(tag)
    return filtered is not None and (filtered.top, filtered.right) == (plan.header, plan.right)


def _sorts(found: list[Tag], whole: Area | None, plan: Plan) -> list[Change]:
    """Widen an order of rows that moves whole rows of the data."""
    changes = []
    for tag in found:
        ordered = area_of(tag)
        by_columns = tag.attributes.get("columnSort") in {"1", "true"}
        if whole and ordered and not by_columns:
            same_width = (ordered.left, ordered.right) == (whole.left, whole.right)
            if same_width and whole.top <= ordered.top and ordered.bottom <= whole.bottom:
                changes.append(_widened(tag, plan))
    return changes


def _widened(tag: Tag, plan: Plan) -> Change:
    old = area_of(tag)
    assert old is not None  # noqa: S101 - callers have read it
    wide = Area(old.top, old.left, old.bottom, plan.last)
    return (*tag.span, with_attributes(tag.shown, {"ref": str(wide)}))


def with_table(data: bytes, plan: Plan, file: str) -> bytes:
    """Return the table part with the new columns in it."""
    found = tags(data, file, plan.table_part)
    root = found[0]
    home = next(tag for tag in found if tag.path[1:] == ("tableColumns",))
    columns = [tag for tag in found if tag.path[1:] == ("tableColumns", "tableColumn")]
    for tag in columns:
        _check_numbers(tag, ("id",), file, plan.table_part)
    highest = max(int(tag.attributes["id"]) for tag in columns)
    new = "".join(
        f'<{home.prefix}tableColumn id="{highest + at}" name="{_attribute(heading)}"/>'
        for at, heading in enumerate(plan.headings, 1)
    )
    count = str(len(columns) + len(plan.headings))
    filters = [tag for tag in found if tag.path[1:] == ("autoFilter",)]
    sorts = [tag for tag in found if tag.path[-1] == "sortState"]
    changes = [
        _widened(root, plan),
        *(_widened(tag, plan) for tag in filters if area_of(tag)),
        *_sorts(sorts, area_of(root), plan),
        (*home.span, with_attributes(home.shown, {"count": count})),
        (home.close, home.close, new),
    ]
    return applied(data, changes)


def _attribute(text: str) -> str:
    return escaped(text).replace('"', "&quot;")


def with_names(
    data: bytes, plan: Plan, file: str, part: str, place: int, *, filtered: bool
) -> bytes:
    """Return the workbook part with the filter's and the print area's names widened.

    `place` is the sheet's number, counted from 0. A print area that leaves out a column
    of the data was chosen by a person, and stays.
    """
    changes: list[Change] = []
    for tag in tags(data, file, part):
        if tag.path[1:] != ("definedNames", "definedName") or tag.close < 0:
            continue
        if tag.attributes.get("localSheetId") != str(place):
            continue
        name = tag.attributes.get("name", "").casefold()
        text = data[tag.tag_end : tag.close].decode()
        match = _AREA.fullmatch(text)
        if match is None or column_number(match["right"]) != plan.right:
            continue
        whole = column_number(match["left"]) <= plan.left and (
            not match["top"] or int(match["top"]) <= plan.header
        )
        if (name == "_xlnm._filterdatabase" and filtered) or (name == "_xlnm.print_area" and whole):
            wide = match["before"] + letters(plan.last) + match["after"]
            changes.append((tag.tag_end, tag.close, wide))
    return applied(data, changes)
