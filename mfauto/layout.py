"""Where the data sheets and their headings stand in a workbook.

Sheets go by name, else by their headings. The heading row is found by its
headings within the first 30 rows. What could be read two ways is refused.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from itertools import takewhile
from typing import Final

from mfauto.addresses import letters
from mfauto.columns import AUTO, CASES, SHEETS, Column, Sheet
from mfauto.comparing import bare, tidy
from mfauto.errors import TrackerError
from mfauto.model import Place
from mfauto.settings import Settings
from mfauto.wording import listed
from mfauto.xlsx import Workbook

SEARCHED: Final = 30  #: rows in which a heading row may stand
_NEAR: Final = 0.55  # how alike a heading must be to be taken for a renamed one
_ENOUGH: Final = 0.6  # share of the headings by which a renamed sheet is known
_LEAST: Final = 2  # headings that make a heading row

Headings = Mapping[int, str]  #: column number to what its heading cell shows


def find_places(workbook: Workbook, settings: Settings) -> dict[str, Place]:
    """Find every data sheet; a sheet that is nowhere is left out of the answer.

    Raises:
        TrackerError: Cases is missing, a heading is missing while another looks like
            it, or a sheet or heading stands twice. All of it is said at once.

    """
    tops = {
        sheet.name: _top(workbook, sheet.name)
        for sheet in workbook.sheets
        if sheet.kind == "worksheet"
    }
    chosen = _choose(workbook, tops, settings)
    problems: list[str] = []
    places: dict[str, Place] = {}
    for sheet in SHEETS:
        name = chosen.get(sheet.name)
        if name is not None:
            place = _place(sheet, name, tops[name], settings.headings.get(sheet.name, {}), problems)
            if place is not None:
                places[sheet.name] = place
    if problems:
        raise TrackerError(f"{workbook.file}: " + "\n".join(problems))
    return places


def _top(workbook: Workbook, name: str) -> dict[int, Headings]:
    rows = takewhile(lambda row: row.number <= SEARCHED, workbook.rows(name))
    return {
        row.number: {
            column: tidy(value)
            for column, value in row.values.items()
            if isinstance(value, str) and tidy(value)
        }
        for row in rows
    }


def _choose(
    workbook: Workbook, tops: Mapping[str, Mapping[int, Headings]], settings: Settings
) -> dict[str, str]:
    chosen: dict[str, str] = {}
    for sheet in SHEETS:
        wanted = settings.sheets.get(sheet.name, sheet.name)
        by_name = [name for name in tops if bare(name) == bare(wanted)]
        if len(by_name) > 1:
            raise TrackerError(_twice(workbook, wanted, by_name))
        if by_name:
            chosen[sheet.name] = by_name[0]
    for sheet in SHEETS:
        if sheet.name not in chosen and sheet.name not in settings.sheets:
            free = [name for name in tops if name not in chosen.values()]
            alike = [name for name in free if _knows(sheet, tops[name])]
            if len(alike) > 1:
                raise TrackerError(_twice(workbook, sheet.name, alike))
            if alike:
                chosen[sheet.name] = alike[0]
    if CASES.name not in chosen:
        raise TrackerError(
            f'{workbook.file}: there is no sheet "{CASES.name}".\n'
            f"Found instead: {_names(tops)}.\n"
            "Rename the sheet, or set its name in mfauto.toml under [sheets]."
        )
    return chosen


def _twice(workbook: Workbook, wanted: str, names: list[str]) -> str:
    return (
        f'{workbook.file}: more than one sheet could be "{wanted}": '
        f"{_names(names)}.\n"
        "Rename the one that is not in use, or set the name in mfauto.toml under [sheets]."
    )


def _knows(sheet: Sheet, top: Mapping[int, Headings]) -> bool:
    wanted = {bare(column.heading) for column in sheet.columns if column.kind != "auto"}
    return any(
        len(wanted & {bare(text) for text in row.values()}) >= _ENOUGH * len(wanted)
        for row in top.values()
    )


def _place(
    sheet: Sheet,
    name: str,
    top: Mapping[int, Headings],
    renamed: Mapping[str, str],
    problems: list[str],
) -> Place | None:
    wanted = {bare(renamed.get(column.heading, column.heading)): column for column in sheet.columns}
    scores = {
        number: len({bare(text) for text in row.values()} & wanted.keys())
        for number, row in top.items()
    }
    best = max(scores.values(), default=0)
    if best < min(_LEAST, len(sheet.columns)):
        said = f'sheet "{name}": no heading row was found in the first {SEARCHED} rows.'
        problems.append(f"{said}\nIt should hold {_headings(sheet)}.")
        return None
    candidates = [
        number for number, score in scores.items() if score >= max(_LEAST, _ENOUGH * best)
    ]
    if len(candidates) > 1:
        rows = listed([str(number) for number in candidates])
        problems.append(
            f'sheet "{name}": the headings stand more than once, in rows {rows}.\n'
            "Leave one heading row."
        )
        return None
    header = candidates[0]
    columns = _columns(name, header, top[header], wanted, problems)
    absent = [column for column in sheet.columns if column.field not in columns]
    unknown = {
        column: text for column, text in top[header].items() if column not in columns.values()
    }
    problems += _missing(sheet, name, absent, unknown, renamed)
    return Place(
        name=name,
        header=header,
        columns=columns,
        absent=tuple(column.field for column in absent),
    )


def _headings(sheet: Sheet) -> str:
    return listed([f'"{column.heading}"' for column in sheet.columns if column.field in sheet.key])


def _columns(
    name: str,
    header: int,
    row: Headings,
    wanted: Mapping[str, Column],
    problems: list[str],
) -> dict[str, int]:
    times = Counter(bare(text) for text in row.values())
    columns: dict[str, int] = {}
    for number, text in row.items():
        column = wanted.get(bare(text))
        if column is None:
            continue
        if times[bare(text)] > 1 and column.field not in columns:
            where = listed([letters(n) for n, other in row.items() if bare(other) == bare(text)])
            problems.append(
                f'sheet "{name}": the heading "{text}" stands more than once in row {header}, '
                f"in columns {where}.\nRename the one that is not in use."
            )
        columns.setdefault(column.field, number)
    return columns


def _missing(
    sheet: Sheet,
    name: str,
    absent: list[Column],
    unknown: Headings,
    renamed: Mapping[str, str],
) -> list[str]:
    """Name each heading that must be there, or that seems to stand under another name."""
    said = []
    for column in absent:
        if column.heading.startswith(AUTO):
            continue
        heading = renamed.get(column.heading, column.heading)
        near = _nearest(heading, unknown)
        if near is None and column.field not in sheet.key:
            continue  # reported as a finding: nothing in the sheet looks like it
        text = f'sheet "{name}": there is no heading "{heading}".'
        if near is not None:
            text += f'\nFound instead: "{unknown[near]}" (column {letters(near)}).'
        said.append(f"{text}\nRename it, or set its new name in mfauto.toml under [headings].")
    return said


def _nearest(heading: str, unknown: Headings) -> int | None:
    def alike(number: int) -> float:
        return SequenceMatcher(None, bare(heading), bare(unknown[number])).ratio()

    best = max(unknown, key=alike, default=None)
    return best if best is not None and alike(best) >= _NEAR else None


def _names(sheets: Iterable[str]) -> str:
    return listed([f'"{name}"' for name in sheets]) or "no sheet with cells"
