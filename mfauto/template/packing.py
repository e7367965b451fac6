"""The finished workbook as a file whose bytes depend on its content alone.

openpyxl writes the time of day into the properties and the zip; both are fixed here.
"""

import re
from io import BytesIO
from pathlib import Path
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook

from mfauto.template.looks import FONT

_YEAR: Final = 2026
_STAMP: Final = (_YEAR, 1, 1, 0, 0, 0)
_DAY: Final = f"{_YEAR}-01-01T00:00:00Z".encode()
_TIMES: Final = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
_FIRST: Final = "[Content_Types].xml"
_DOS: Final = 0


def pack(workbook: Workbook, target: Path) -> None:
    """Write `workbook` to `target`."""
    properties = workbook.properties
    properties.title = "Moving Forward tracker"
    properties.subject = "Moving Forward Process"
    properties.creator = properties.lastModifiedBy = "mfauto"
    properties.language = "en-GB"
    made = BytesIO()
    workbook.save(made)
    packed = BytesIO()
    with ZipFile(made) as source, ZipFile(packed, "w") as copy:
        # The list of content types comes first, as Excel writes it: programs tell the kind by it.
        for name in sorted(source.namelist(), key=lambda name: name != _FIRST):
            part = ZipInfo(name, _STAMP)
            part.compress_type = ZIP_DEFLATED
            part.create_system = _DOS
            copy.writestr(part, _settled(name, source.read(name)))
    target.write_bytes(packed.getvalue())


def _settled(name: str, content: bytes) -> bytes:
    if name == "docProps/core.xml":
        return _TIMES.sub(rb"\g<1>" + _DAY, content)
    if name == "xl/styles.xml":  # the default font, which column widths are measured in
        return content.replace(b"Calibri", FONT.encode())
    return content
