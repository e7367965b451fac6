"""Where the data sheets and their headings stand in a workbook.

Sheets go by name, else by their headings. The heading row is found by its
headings within the first 30 rows. What could be read two ways is refused. With
a mapping in the settings one sheet may hold several kinds of record side by
side, and one kind of record may stand on several sheets.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import takewhile
from typing import Final

from mfauto.addresses import letters
from mfauto.columns import ALIASES, AUTO, CASES, REAUDITS, SHEETS, Column, Sheet
from mfauto.comparing import bare, likeness, same
from mfauto.errors import TrackerLayoutError
from mfauto.layout.headings import Headings, Top
from mfauto.model import Place
from mfauto.records import record
from mfauto.settings import Names, Settings, names_of
from mfauto.wording import listed
from mfauto.xlsx import Area, Workbook

SEARCHED: Final = 30  #: rows in which a heading row may stand
_NEAR: Final = 0.55  # how alike a heading must be to be taken for a renamed one
_ENOUGH: Final = 0.6  # share of the headings by which a renamed sheet is known


@record(kw_only=False)
class Layout:
    """Where everything stands."""

    places: Mapping[str, tuple[Place, ...]]  #: by the contract's sheet; absent where there is none
    merges: Mapping[str, tuple[Area, ...]]  #: merged areas, by the own name of each sheet in use
    unread: tuple[tuple[str, str], ...] = ()
    #: sheets left unread though they look like a data sheet: (own name, the contract's sheet)


def find_places(workbook: Workbook, settings: Settings) -> Layout:
    """Find every data sheet; a sheet that is nowhere is left out of the answer.

    Raises:
        TrackerLayoutError: Cases is missing, a heading is missing while another looks like
            it, or a sheet or heading stands twice. All of it is said at once.

    """
    finder = _Finder(workbook, settings)
    layout = finder.layout()
    if finder.problems:
        raise TrackerLayoutError(f"{workbook.file}: " + "\n".join(finder.problems))
    return layout


class _Finder:
    """Finds the places of one workbook, and gathers what stands in the way."""

    def __init__(self, workbook: Workbook, settings: Settings) -> None:
        self.workbook = workbook
        self.file = workbook.file
        self.tops = {
            sheet.name: Top.of(
                takewhile(lambda row: row.number <= SEARCHED, workbook.rows(sheet.name))
            )
            for sheet in workbook.sheets
            if sheet.kind == "worksheet"
        }
        self.settings = settings
        self.problems: list[str] = []
        self.merges: dict[str, tuple[Area, ...]] = {}  # of the sheets in use

    def layout(self) -> Layout:
        chosen = self._choose()
        shared = set(chosen[CASES.name])
        for name in {name for names in chosen.values() for name in names}:
            self.merges[name] = self.workbook.merges(name)
            self.tops[name] = self.tops[name].merged(self.merges[name])
        places: dict[str, tuple[Place, ...]] = {}
        for sheet in SHEETS:
            found: list[Place] = []
            for name in chosen.get(sheet.name, ()):
                if sheet.name in self.settings.lines:
                    found += self._lines(sheet, name)
                elif sheet is not CASES and name in shared:
                    found += self._groups(sheet, name)
                else:
                    found += self._whole_sheet(sheet, name)
            if found:
                places[sheet.name] = tuple(found)
        return Layout(places, self.merges, tuple(self._unread(chosen)))

    # -- sheets

    def _choose(self) -> dict[str, tuple[str, ...]]:
        """Give the workbook's own sheets for each of the contract's."""
        chosen: dict[str, tuple[str, ...]] = {}
        for sheet in SHEETS:
            found: list[str] = []
            for wanted in names_of(self._wanted(sheet)):
                by_name = [name for name in self.tops if bare(name) == bare(wanted)]
                if len(by_name) > 1:
                    raise TrackerLayoutError(self._twice(wanted, by_name))
                if not by_name and sheet.name in self.settings.sheets:
                    raise TrackerLayoutError(
                        f'{self.file}: there is no sheet "{wanted}", which mfauto.toml names '
                        f"for {sheet.name}.\nFound instead: {_names(self.tops)}.\n"
                        "Correct its name in mfauto.toml under [sheets], or rename the sheet."
                    )
                found += by_name
            if not found and sheet.name in self.settings.lines:
                found = list(chosen.get(CASES.name, ()))
            if found:
                chosen[sheet.name] = tuple(dict.fromkeys(found))
        self._choose_by_headings(chosen)
        if CASES.name not in chosen:
            raise TrackerLayoutError(
                f'{self.file}: there is no sheet "{CASES.name}".\n'
                f"Found instead: {_names(self.tops)}.\n"
                "Rename the sheet, or set its name in mfauto.toml under [sheets]."
            )
        return chosen

    def _wanted(self, sheet: Sheet) -> Names:
        if sheet.name in self.settings.sheets:
            return self.settings.sheets[sheet.name]
        return () if sheet.name in self.settings.lines else sheet.name

    def _choose_by_headings(self, chosen: dict[str, tuple[str, ...]]) -> None:
        for sheet in SHEETS:
            if sheet.name not in chosen and sheet.name not in self.settings.sheets:
                taken = {name for names in chosen.values() for name in names}
                alike = [
                    name for name in self.tops if name not in taken and self._knows(sheet, name)
                ]
                if len(alike) > 1:
                    raise TrackerLayoutError(self._twice(sheet.name, alike))
                if alike:
                    chosen[sheet.name] = (alike[0],)

    def _twice(self, wanted: str, names: Iterable[str]) -> str:
        return (
            f'{self.file}: more than one sheet could be "{wanted}": '
            f"{_names(names)}.\n"
            "Rename the one that is not in use, or set the name in mfauto.toml under [sheets]."
        )

    def _knows(self, sheet: Sheet, name: str) -> bool:
        wanted = {bare(column.heading) for column in sheet.columns if column.kind != "auto"}
        return any(
            reading.answers(wanted) >= _ENOUGH * len(wanted)
            for reading in self.tops[name].likely(wanted)
            if not reading.inherits
        )

    def _unread(self, chosen: Mapping[str, Sequence[str]]) -> Iterable[tuple[str, str]]:
        """Give the sheets that look like one in use; one named as its copy is refused."""
        taken = {name for names in chosen.values() for name in names}
        for sheet in SHEETS:
            if sheet.name in self.settings.sheets or sheet.name not in chosen:
                continue
            (own,) = chosen[sheet.name]
            for name in self.tops:
                if name not in taken and self._knows(sheet, name):
                    if _is_copy(name, own):
                        raise TrackerLayoutError(self._twice(sheet.name, (own, name)))
                    yield name, sheet.name

    # -- headings

    def _whole_sheet(self, sheet: Sheet, name: str) -> list[Place]:
        """Place a sheet that holds one kind of record, one to a row."""
        renamed = self._renamed(sheet)
        head = self._heading_row(sheet, name, {k: v[0] for k, v in renamed.items()})
        if head is None:
            return []
        wanted = {bare(_first(renamed, column)): column for column in sheet.columns}
        columns = self._columns(name, head, wanted)
        also = {
            bare(alias): column
            for column in sheet.columns
            if column.field not in columns and column.heading not in renamed
            for alias in ALIASES.get(column.heading, ())
        }
        columns |= self._columns(name, head, also)
        absent = [column for column in sheet.columns if column.field not in columns]
        taken = {*columns.values(), *self._named_for_others(head)}
        unknown = {c: text for c, text in head.shown.items() if c not in taken}
        self._missing(sheet, name, absent, unknown)
        return [
            Place(
                name=name,
                header=head.row,
                columns=columns,
                absent=tuple(column.field for column in absent),
                unused=unknown if absent else {},
            )
        ]

    def _groups(self, sheet: Sheet, name: str) -> list[Place]:
        """Place the groups of columns that hold records of another kind beside each case.

        Only headings that the settings name count here: "Notes" would be anybody's.
        """
        head = self._heading_row(CASES, name, {k: v[0] for k, v in self._renamed(CASES).items()})
        if head is None:
            return []
        renamed = self._renamed(sheet)
        if not renamed:
            self.problems.append(
                f'sheet "{name}": it holds {CASES.name} as well, so {sheet.name} needs its '
                f"headings named.\nName them in mfauto.toml under [headings.{sheet.name}]."
            )
            return []
        ref = self._case_ref(head)
        places = []
        for number in range(max(len(names) for names in renamed.values())):
            wanted = {
                bare(own): column
                for column in sheet.columns
                for own in _nth(renamed.get(column.heading, ()), number)
            }
            columns = self._columns(name, head, wanted)
            for own, column in wanted.items():
                if column.field not in columns:
                    said = next(n for n in renamed[column.heading] if bare(n) == own)
                    self.problems.append(
                        f'sheet "{name}": there is no heading "{said}".\n'
                        f"It is named in mfauto.toml under [headings.{sheet.name}]. Correct it."
                    )
            if ref is not None:
                columns.setdefault("case_ref", ref)
            implied = {"round"} if sheet is REAUDITS else set()
            places.append(
                Place(
                    name=name,
                    header=head.row,
                    columns=columns,
                    absent=()
                    if number
                    else tuple(
                        column.field
                        for column in sheet.columns
                        if column.field not in columns.keys() | implied
                    ),
                    group=number + 1,
                )
            )
        return places

    def _lines(self, sheet: Sheet, name: str) -> list[Place]:
        """Place records that are typed as lines of one cell of the case's row."""
        head = self._heading_row(CASES, name, {k: v[0] for k, v in self._renamed(CASES).items()})
        if head is None:
            return []
        own = self.settings.lines[sheet.name]
        found = head.columns([bare(own)]).get(bare(own), [])
        if len(found) != 1:
            what = "is there more than once" if found else "is not there"
            self.problems.append(
                f'sheet "{name}": the heading "{own}" {what}.\n'
                "It is named in mfauto.toml under [lines]. Correct it."
            )
            return []
        ref = self._case_ref(head)
        fields = ("action", "owner", "due", "status", "completed")
        columns = dict.fromkeys(fields, found[0])
        if ref is not None:
            columns["case_ref"] = ref
        return [Place(name=name, header=head.row, columns=columns, lines=found[0])]

    def _named_for_others(self, head: Headings) -> set[int]:
        """Give the columns that the settings name for records beside the case."""
        named = {bare(own) for own in self.settings.lines.values()}
        for sheet in SHEETS:
            if sheet is not CASES:
                named |= {bare(own) for names in self._renamed(sheet).values() for own in names}
        return {column for found in head.columns(named).values() for column in found}

    def _case_ref(self, head: Headings) -> int | None:
        name = bare(_first(self._renamed(CASES), CASES.column("ref")))
        found = head.columns([name]).get(name, [])
        return found[0] if len(found) == 1 else None

    def _renamed(self, sheet: Sheet) -> dict[str, tuple[str, ...]]:
        """Give the tracker's own headings by the contract's, where the settings name them."""
        given = self.settings.headings.get(sheet.name, {})
        return {heading: names_of(own) for heading, own in given.items() if names_of(own)}

    def _heading_row(self, sheet: Sheet, name: str, renamed: Mapping[str, str]) -> Headings | None:
        wanted = [bare(renamed.get(column.heading, column.heading)) for column in sheet.columns]
        rows = self.tops[name].heading_rows(wanted)
        if len(rows) == 1:
            return rows[0]
        if rows:
            numbers = listed([str(head.row) for head in rows])
            said = (
                f'sheet "{name}": the headings are there more than once, in rows {numbers}.\n'
                "Leave one heading row."
            )
        else:
            said = (
                f'sheet "{name}": no heading row was found in the first {SEARCHED} rows.\n'
                f"It should hold {_headings(sheet)}."
            )
        if said not in self.problems:
            self.problems.append(said)
        return None

    def _columns(self, name: str, head: Headings, wanted: Mapping[str, Column]) -> dict[str, int]:
        columns: dict[str, int] = {}
        for own, found in head.columns(wanted).items():
            if len(found) > 1:
                last = found[-1]
                shown = head.own.get(last) or head.shown[last]
                self.problems.append(
                    f'sheet "{name}": the heading "{shown}" '
                    f"is there more than once in row {head.row}, "
                    f"in columns {listed([letters(number) for number in found])}.\n"
                    "Rename the one that is not in use."
                )
            columns[wanted[own].field] = found[0]
        return columns

    def _missing(
        self, sheet: Sheet, name: str, absent: Iterable[Column], unknown: Mapping[int, str]
    ) -> None:
        """Name each heading that must be there, or that seems to stand under another name.

        Where the settings name headings of the sheet, a person has looked at them all.
        """
        renamed = self._renamed(sheet)
        known = [_first(renamed, column) for column in sheet.columns]
        for column in absent:
            if column.heading.startswith(AUTO):
                continue
            heading = _first(renamed, column)
            looked_at = bool(renamed) and column.heading not in renamed
            near = None if looked_at else _nearest(heading, unknown, known)
            must = column.field in sheet.key or column.heading in renamed
            if near is None and not must:
                continue  # reported as a finding: nothing in the sheet looks like it
            text = f'sheet "{name}": there is no heading "{heading}".'
            if near is not None:
                text += f'\nFound instead: "{unknown[near]}" (column {letters(near)}).'
            self.problems.append(
                f"{text}\nRename it, or set its new name in mfauto.toml under [headings]."
            )


def _first(renamed: Mapping[str, tuple[str, ...]], column: Column) -> str:
    return renamed.get(column.heading, (column.heading,))[0]


def _nth(names: Sequence[str], number: int) -> tuple[str, ...]:
    """Give the name of one group; a single name serves every group."""
    if len(names) == 1:
        return (names[0],)
    return (names[number],) if number < len(names) and names[number] else ()


def _headings(sheet: Sheet) -> str:
    return listed([f'"{column.heading}"' for column in sheet.columns if column.field in sheet.key])


def _is_copy(name: str, of: str) -> bool:
    """Say whether Excel or a person named a sheet as a copy: "Cases (2)", "Copy of Cases"."""
    of = re.escape(same(of))
    return bool(
        re.fullmatch(rf"{of} ?\(\d+\)|copy of {of}( ?\(\d+\))?|{of}[ -]*copy[ \d()]*", same(name))
    )


def _nearest(heading: str, unknown: Mapping[int, str], known: Iterable[str]) -> int | None:
    """Give the column that is most like a heading, and is like no other heading more."""

    def alike(number: int) -> float:
        return likeness(heading, unknown[number])

    best = max(unknown, key=alike, default=None)
    if best is None or alike(best) < _NEAR:
        return None
    return best if all(likeness(other, unknown[best]) <= alike(best) for other in known) else None


def _names(sheets: Iterable[str]) -> str:
    return listed([f'"{name}"' for name in sheets]) or "no sheet with cells"
