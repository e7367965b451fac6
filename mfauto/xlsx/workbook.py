"""A workbook opened for reading: its sheets, their rows, merged areas and tables.

The file is read into memory once, so that somebody who saves meanwhile cannot
give a mixed reading. Parts are unpacked when they are asked for.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self

from mfauto.errors import TrackerError
from mfauto.saving import read_whole
from mfauto.xlsx import rows as reading
from mfauto.xlsx.archive import Archive
from mfauto.xlsx.dealing import Dealt, Reader
from mfauto.xlsx.kinds import check_kind
from mfauto.xlsx.layout import Layout, Table, read_layout, read_pivots, read_tables
from mfauto.xlsx.package import Package, Sheet, last_saved
from mfauto.xlsx.paths import Given, as_path
from mfauto.xlsx.refs import Area
from mfauto.xlsx.rows import Row
from mfauto.xlsx.segments import Segments
from mfauto.xlsx.styles import Styles
from mfauto.xlsx.texts import shared_texts
from mfauto.xlsx.values import Meaning

_MERGE = b"mergeCell"
_TRUE = frozenset({"1", "true", "on"})
_START = 200  #: bytes that show how a part is encoded
_LARGEST_FILE = 250_000_000  #: bytes; a tracker of 100,000 cases has about 30 million


class Workbook:
    """One reading of a workbook; `open_workbook` makes it."""

    def __init__(self, data: bytes, path: Path) -> None:
        file = path.name
        check_kind(data, file)
        self.path = path
        self.file = file  #: its name, for messages
        self.sha256 = hashlib.sha256(data).hexdigest()  #: of the bytes as they were read
        self.archive = Archive(data, file)
        self.package = Package(self.archive)
        self.archive.check_small()
        if all(sheet.kind != "worksheet" for sheet in self.sheets):
            raise TrackerError(
                f"{file} has no sheet with rows and columns.\nCheck that it is the right file."
            )
        self._layouts: dict[str, Layout] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        return None

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        """Return the sheets in their order, hidden ones and charts included."""
        return self.package.sheets

    @property
    def signed(self) -> bool:
        """Whether the file carries a digital signature, which any change makes invalid."""
        return self.package.signed

    def sheet(self, name: str) -> Sheet:
        """Return the worksheet of that name; Excel's names do not mind case."""
        if not isinstance(name, str):
            raise TrackerError(
                f"{self.file}: a sheet goes by its name, and {name!r:.40} is no text.\n"
                "Give the name that its tab shows."
            )
        exact = [sheet for sheet in self.sheets if sheet.name == name]
        alike = [sheet for sheet in self.sheets if sheet.name.casefold() == name.casefold()]
        found = next(iter(exact or alike), None)
        if found is None:
            names = ", ".join(f'"{sheet.name}"' for sheet in self.sheets[:12])
            raise TrackerError(
                f'{self.file}: there is no sheet "{name}".\n'
                + (f"Found instead: {names}." if names else "The workbook has no sheets at all.")
            )
        if found.kind != "worksheet":
            raise TrackerError(
                f'{self.file}: "{found.name}" is a {found.kind}, which has no cells.\n'
                "Choose a sheet with rows and columns."
            )
        return found

    @cached_property
    def saved(self) -> datetime | None:
        """When it was last saved, in UTC, as its own properties say; None where they do not."""
        return last_saved(self.package)

    @cached_property
    def epoch_1904(self) -> bool:
        """Whether its days are counted from 1904 instead of 1900."""
        properties = self.package.workbook.first("workbookPr")
        return properties is not None and properties.attributes.get("date1904") in _TRUE

    @cached_property
    def styles(self) -> Styles:
        """The styles of its cells."""
        part = self.package.linked("styles")
        return Styles(self.package.tree(part) if part else None)

    @cached_property
    def meaning(self) -> Meaning:
        """What turns the XML of its cells into values."""
        part = self.package.linked("sharedStrings")
        texts = []
        if part:
            member = self.package.member(part)
            texts = shared_texts(lambda: self.archive.stream(member), self.file, part)
        return Meaning(
            texts, self.styles.dates(), self.styles.by_number(), epoch_1904=self.epoch_1904
        )

    @cached_property
    def _segments(self) -> Segments:
        """What the cells of all its sheets are made of, each kind understood once."""
        return Segments(self.meaning)

    def rows(self, sheet: str) -> Iterator[Row]:
        """Yield the rows of a worksheet in which anything stands, top to bottom."""
        part = self.sheet(sheet).part
        member = self.package.member(part)
        return reading.rows(lambda: self.archive.stream(member), self._segments, self.file, part)

    def dealt_rows(
        self, sheet: str, readers: Mapping[int, Reader], blank: Sequence[object], *, after: int
    ) -> Iterator[Dealt]:
        """Yield the rows below the row `after`, with what their cells say to the columns' readers.

        It stands in a copy of `blank`, where each reader puts it.
        """
        part = self.sheet(sheet).part
        member = self.package.member(part)
        return reading.dealt_rows(
            lambda: self.archive.stream(member),
            self._segments,
            self.file,
            part,
            readers,
            blank,
            after=after,
        )

    def layout(self, sheet: str) -> Layout:
        """Return what surrounds the cells of a worksheet."""
        found = self.sheet(sheet)
        if found.part not in self._layouts:
            member = self.package.member(found.part)
            self._layouts[found.part] = read_layout(self.package, found, member)
        return self._layouts[found.part]

    def merges(self, sheet: str) -> tuple[Area, ...]:
        """Return the merged areas of a worksheet."""
        return self.layout(sheet).merges if self._may_merge(sheet) else ()

    def _may_merge(self, sheet: str) -> bool:
        """Look for the word that merges are made of: far cheaper than parsing every cell."""
        found = self.sheet(sheet)
        if found.part in self._layouts:
            return True
        rest = b""
        member = self.package.member(found.part)
        for number, chunk in enumerate(self.archive.stream(member, keep=True)):
            if number == 0 and b"\0" in chunk[:_START]:
                return True  # two bytes a letter: the word would not be found
            if _MERGE in rest + chunk:
                return True
            rest = chunk[-len(_MERGE) :]
        return False

    def tables(self, sheet: str) -> tuple[Table, ...]:
        """Return the Excel tables of a worksheet."""
        return read_tables(self.package, self.sheet(sheet), self.layout(sheet))

    def pivots(self, sheet: str) -> tuple[Area, ...]:
        """Return the areas in which the pivot tables of a worksheet show their results."""
        return read_pivots(self.package, self.sheet(sheet))


def open_workbook(path: Given, wait: float = 0.0) -> Workbook:
    """Read the file once and check that it is a whole, harmless Excel workbook.

    `wait` is how many seconds it may be missing or locked, as it is while Excel saves it.
    """
    path = as_path(path)
    return Workbook(read_whole(path, _LARGEST_FILE, wait), path)
