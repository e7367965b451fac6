"""What differs between a workbook and its edited copy, told without our own reader.

The zip is read by `zipfile` and `struct`, the sheets by lxml. Everything must be the same,
but for what `TOLERATED` lists.
"""

import re
import struct
import zipfile
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

from lxml import etree

#: each difference that an edit may make, and why
TOLERATED = {
    "the touched cell's contents": "that is what was asked for",
    "the touched cell's t": "it says what kind of contents these are",
    "the touched cell's s": "a day or a number takes a style that shows it, alike in all else",
    "the touched cell's cm and vm": "they tie the cell to metadata of its old value",
    "a row that holds touched cells only": "a new cell may need a new row",
    "a row's spans": "they tell which columns a row has, and must not deny the new cell",
    "the sheet's dimension": "readers that trust it would cut off the new cell",
    "sizes, checksum and place in the zip": "of the written part; those behind it move",
}

Edits = Mapping[str, object]  #: "B7" to what is written there
Cell = tuple[tuple[str, ...], str]

_LOCAL = struct.Struct("<4s5H3L2H")


def members_differ(source: Path, target: Path, written: Iterable[str]) -> list[str]:
    """Names of the members that differ in any way but for the written ones' contents."""
    written = set(written)
    wrong = []
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target) as new:
        if old.comment != new.comment:
            wrong.append("the comment of the zip file")
        if [one.filename for one in old.infolist()] != [one.filename for one in new.infolist()]:
            wrong.append("the order of the members")
        start = min(one.header_offset for one in old.infolist())
        if source.read_bytes()[:start] != target.read_bytes()[:start]:
            wrong.append("what stands before the zip file")
        for before, after in zip(old.infolist(), new.infolist(), strict=True):
            if _looks(before) != _looks(after):
                wrong.append(f"the header of {before.filename}")
            if before.filename not in written and _raw(source, before) != _raw(target, after):
                wrong.append(before.filename)
    return wrong


def _looks(one: zipfile.ZipInfo) -> tuple[object, ...]:
    return (
        one.filename,
        one.date_time,
        one.compress_type,
        one.flag_bits,
        one.extra,
        one.comment,
        one.create_system,
        one.create_version,
        one.extract_version,
        one.internal_attr,
        one.external_attr,
    )


def _raw(path: Path, one: zipfile.ZipInfo) -> bytes:
    """Local header and packed bytes of a member, as they stand."""
    data = path.read_bytes()
    fields = _LOCAL.unpack_from(data, one.header_offset)
    end = one.header_offset + _LOCAL.size + fields[9] + fields[10] + one.compress_size
    return data[one.header_offset : end]


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


class Part:
    """A worksheet part by lxml: its cells by place, and all the rest without them."""

    def __init__(self, data: bytes, touched: Iterable[str], there: "Part | None" = None) -> None:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
        root = etree.fromstring(data, parser)
        self.cells: dict[str, etree._Element] = {}
        self.rows: set[int] = set()
        touched = set(touched)
        for sheet_data in [one for one in root if _local(one) == "sheetData"]:
            number = 0
            for row in [one for one in sheet_data if _local(one) == "row"]:
                number = int(row.get("r", number + 1))
                self._take_out(row, number, touched)
                row.attrib.pop("spans", "")
                made = there is not None and number not in there.rows
                if made and not len(row) and dict(row.attrib) == {"r": str(number)}:
                    _remove(row)
                else:
                    self.rows.add(number)
            if not len(sheet_data):
                sheet_data.text = None  # <sheetData/> and <sheetData></sheetData> are the same
        for one in list(root):
            if _local(one) == "dimension":
                one.attrib.pop("ref", "")
        self.rest = etree.tostring(root, method="c14n", with_comments=True)

    def _take_out(self, row: etree._Element, number: int, touched: set[str]) -> None:
        column = 0
        for cell in [one for one in row if _local(one) == "c"]:
            stated = cell.get("r", "").replace("$", "")
            column = _column(stated) if stated else column + 1
            ref = f"{_letters(column)}{number}"
            if ref in touched:
                assert ref not in self.cells, f"{ref} stands twice"
                self.cells[ref] = cell
                _remove(cell)
        if not len(row) and not (row.text or "").strip():
            row.text = None


def _remove(element: etree._Element) -> None:
    """Take an element out and leave the text behind it."""
    parent, before = element.getparent(), element.getprevious()
    assert parent is not None
    if element.tail:
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def _column(ref: str) -> int:
    number = 0
    for letter in re.sub("[0-9]", "", ref):
        number = number * 26 + ord(letter) - 64
    return number


def _letters(column: int) -> str:
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def sheet_differs(before: bytes, after: bytes, edits: Edits, *, epoch_1904: bool) -> list[str]:
    """What is wrong with an edited sheet part; nothing is, if the answer is empty."""
    old = Part(before, edits)
    new = Part(after, edits, old)
    wrong = [] if old.rest == new.rest else ["something but the touched cells"]
    for ref, value in edits.items():
        was, now = old.cells.get(ref), new.cells.get(ref)
        if not _shows(now, value, epoch_1904=epoch_1904):
            wrong.append(f"{ref} does not show {value!r}")
        if was is not None and (now is None or _kept(was) != _kept(now)):
            wrong.append(f"{ref} lost an attribute or a child")
        styled = {"s"} & set((now if now is not None else etree.Element("c")).attrib)
        if isinstance(value, str) and was is not None and now is not None:
            if was.get("s", "0") != now.get("s", "0"):
                wrong.append(f"{ref} lost its style")
        elif styled and now is not None and not now.get("s", "").isdecimal():
            wrong.append(f"{ref} has no style")
    return wrong


def _kept(cell: etree._Element) -> tuple[object, ...]:
    """What an edit leaves of a cell."""
    attributes = {k: v for k, v in cell.attrib.items() if k not in {"r", "s", "t", "cm", "vm"}}
    children = [one for one in cell if _local(one) not in {"f", "v", "is"}]
    return attributes, [etree.tostring(one, method="c14n", with_tail=False) for one in children]


def _shows(cell: etree._Element | None, value: object, *, epoch_1904: bool) -> bool:
    """Whether the XML of a cell means this value, by the letter of the standard."""
    children = {} if cell is None else {_local(one): one for one in cell}
    if value is None:
        return not children.keys() & {"f", "v", "is"}
    if cell is None or "f" in children:
        return False
    if cell.get("t") == "inlineStr":
        text = "".join(map(str, children["is"].itertext()))
        text = re.sub("_x([0-9A-F]{4})_", lambda found: chr(int(found[1], 16)), text)
        shown = _day_in_words(value) if isinstance(value, date) else _number_in_words(value)
        return text in (value, shown)
    if isinstance(value, str) or cell.get("t") not in {None, "n"}:
        return False
    found = float(children["v"].text or "")
    if isinstance(value, date):
        start = datetime(1904, 1, 1) if epoch_1904 else datetime(1899, 12, 30)  # noqa: DTZ001
        return start + timedelta(days=found) == datetime(value.year, value.month, value.day)  # noqa: DTZ001
    return found == value


def _day_in_words(value: date) -> str:
    return f"{value.day} {value:%B %Y}"


def _number_in_words(value: object) -> str:
    return str(value)
