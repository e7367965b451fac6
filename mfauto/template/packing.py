"""The finished workbook as a file whose bytes depend on its content alone.

openpyxl writes the time of day into the properties and the zip; both are fixed here.
"""

import re
from io import BytesIO
from pathlib import Path
from typing import Final

from openpyxl import Workbook

from mfauto.packing import without_clock
from mfauto.template.looks import FONT

_DAY: Final = b"2026-01-01T00:00:00Z"
_TIMES: Final = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


def pack(workbook: Workbook, target: Path) -> None:
    """Write `workbook` to `target`."""
    properties = workbook.properties
    properties.title = "Moving Forward tracker"
    properties.subject = "Moving Forward Process"
    properties.creator = properties.lastModifiedBy = "mfauto"
    properties.language = "en-GB"
    made = BytesIO()
    workbook.save(made)
    target.write_bytes(without_clock(made.getvalue(), _settled))


def _settled(name: str, content: bytes) -> bytes:
    if name == "docProps/core.xml":
        return _TIMES.sub(rb"\g<1>" + _DAY, content)
    if name == "xl/styles.xml":  # the default font, which column widths are measured in
        return content.replace(b"Calibri", FONT.encode())
    return content
