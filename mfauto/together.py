"""Pages that are easy to read: a table stays with its heading, and a short one on one page."""

from typing import Any, Final

from docx.oxml.ns import qn

_TOGETHER: Final = 13  # rows of a table that stays on one page where it can: a year has 12


def keep_together(document: Any) -> None:  # noqa: ANN401 - python-docx
    """Keep each table with what stands above it, and a short one on one page."""
    for table in document.element.body.findall(qn("w:tbl")):
        above = table.getprevious()
        if above is not None and above.tag == qn("w:p"):
            _keep_with_next(above)
        rows = table.findall(qn("w:tr"))
        for row in rows[:-1] if len(rows) <= _TOGETHER else ():
            for cell in row.findall(qn("w:tc")):
                _keep_with_next(cell.find(qn("w:p")))


def _keep_with_next(paragraph: Any) -> None:  # noqa: ANN401 - python-docx's own, but for its detours
    properties = paragraph.find(qn("w:pPr"))
    if properties is None:
        properties = paragraph.makeelement(qn("w:pPr"))
        paragraph.insert(0, properties)
    if properties.find(qn("w:keepNext")) is None:
        style = properties.find(qn("w:pStyle"))
        keep = properties.makeelement(qn("w:keepNext"))
        properties.insert(0 if style is None else 1, keep)
