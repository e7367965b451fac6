"""Zip files whose bytes depend on their content alone: no clock, no machine."""

import io
import zipfile
from collections.abc import Callable
from typing import Final

_STAMP: Final = (2026, 1, 1, 0, 0, 0)
_FIRST: Final = "[Content_Types].xml"  # programs tell the kind of file by it
_DOS: Final = 0  # otherwise the machine's system stands in the file


def without_clock(made: bytes, settle: Callable[[str, bytes], bytes] | None = None) -> bytes:
    """Pack the parts of a Word or Excel file again, the list of content types first.

    `settle` may change a part, given its name and bytes.
    """
    again = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as old, zipfile.ZipFile(again, "w") as new:
        for name in sorted(old.namelist(), key=lambda name: name != _FIRST):
            part = zipfile.ZipInfo(name, _STAMP)
            part.compress_type = zipfile.ZIP_DEFLATED
            part.create_system = _DOS
            data = old.read(name)
            new.writestr(part, settle(name, data) if settle else data)
    return again.getvalue()
