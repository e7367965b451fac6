"""Excel's recalculate-on-open flag: one attribute of the workbook part, nothing else."""

import re

from mfauto.errors import TrackerError
from mfauto.xlsx import markup
from mfauto.xlsx.encoding import TAG, from_utf8, to_utf8
from mfauto.xlsx.refusals import damaged
from mfauto.xlsx.workbook import Workbook

_FLAG = re.compile(r"""(\sfullCalcOnLoad\s*=\s*)(?:"[^"]*"|'[^']*')""")
_TRUE = frozenset({"1", "true"})
_BEFORE = frozenset(  #: what the schema puts before `calcPr`
    {
        "fileVersion",
        "fileSharing",
        "workbookPr",
        "workbookProtection",
        "bookViews",
        "sheets",
        "functionGroups",
        "externalReferences",
        "definedNames",
    }
)


def recalculates(workbook: Workbook) -> bool:
    """Whether Excel already recalculates the workbook as it opens."""
    found = workbook.package.workbook.first("calcPr")
    return found is not None and found.attributes.get("fullCalcOnLoad") in _TRUE


def with_recalculation(workbook: Workbook) -> bytes:
    """Return the workbook part with the flag set."""
    part, file = workbook.package.workbook_part, workbook.file
    data = workbook.archive.unpack(workbook.package.member(part))
    utf8, codec = to_utf8(data, file, part)
    places = _Places(utf8, file, part)
    made = from_utf8(_flagged(utf8, places), codec)
    _check(workbook, made)
    return made


class _Places:
    """Where `calcPr` stands, or would have to stand, in the workbook part."""

    def __init__(self, data: bytes, file: str, part: str) -> None:
        self.flag: tuple[int, int] | None = None  #: the start tag of `calcPr`
        self.after = -1  #: where it belongs if it is missing
        self.prefix = b""  #: of the names of its elements, such as "x:"
        self._data = data
        self._file, self._part = file, part
        self._depth = 0
        self._tag = (0, 0)  #: the start tag of the child of the root that is open
        self._parser = markup.parser(file, part, encoding="utf-8")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        markup.feed(self._parser, data, file, part, last=True)

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > 2:  # noqa: PLR2004 - only the root and its children matter
            return
        start = self._parser.CurrentByteIndex
        tag = TAG.match(self._data, start)
        if tag is None:
            raise damaged(self._file, f'its part "{self._part}" cannot be followed')
        self._tag = (start, tag.end())
        if self._depth == 1:
            prefix, colon, _local = tag[1].rpartition(b":")
            self.prefix = prefix + colon
        elif markup.local_name(name) == "calcPr":
            self.flag = self._tag

    def _end(self, name: str) -> None:
        self._depth -= 1
        if self._depth == 1 and markup.local_name(name) in _BEFORE:
            _, tag_end = self._tag
            empty = self._data[tag_end - 2 : tag_end] == b"/>"
            at = self._parser.CurrentByteIndex
            self.after = tag_end if empty else self._data.index(b">", at) + 1


def _flagged(data: bytes, places: _Places) -> bytes:
    if places.flag is None:
        element = b"<" + places.prefix + b'calcPr fullCalcOnLoad="1"/>'
        return data[: places.after] + element + data[places.after :]
    start, end = places.flag
    tag = data[start:end].decode()
    flagged, count = _FLAG.subn(r'\g<1>"1"', tag)
    if not count:
        closing = "/>" if tag.endswith("/>") else ">"
        flagged = f'{tag.removesuffix(closing).rstrip()} fullCalcOnLoad="1"{closing}'
    return data[:start] + flagged.encode() + data[end:]


def _check(workbook: Workbook, made: bytes) -> None:
    """Make sure that the flag reads as set, and everything else as before."""
    root = markup.tree(made, workbook.file, workbook.package.workbook_part)
    flag = root.first("calcPr")
    others = [child for child in root.children if child.name != "calcPr"]
    before = [child for child in workbook.package.workbook.children if child.name != "calcPr"]
    if flag is None or flag.attributes.get("fullCalcOnLoad") != "1" or others != before:
        raise TrackerError(
            f"{workbook.file}: Excel cannot be told to recalculate its formulas.\n"
            "Nothing was written. Open the workbook in Excel, save it and try again."
        )
