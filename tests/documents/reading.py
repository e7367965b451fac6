"""What a finished Word document says: its paragraphs, its headings and its tables by title."""

from pathlib import Path

from docx import Document


def paragraphs(path: Path) -> list[str]:
    """Give the texts of the paragraphs outside tables."""
    return [paragraph.text for paragraph in Document(str(path)).paragraphs]


def headings(path: Path, level: int) -> list[str]:
    """Give the headings of a level."""
    return [
        paragraph.text
        for paragraph in Document(str(path)).paragraphs
        if paragraph.style and paragraph.style.name == f"Heading {level}"
    ]


def tables(path: Path, title: str) -> list[list[list[str]]]:
    """Give the texts of the tables with that title, without their header rows."""
    return [
        [[cell.text for cell in row.cells] for row in one.rows[1:]]
        for one in Document(str(path)).tables
        if one._tbl.tblPr.xpath("./w:tblCaption/@w:val") == [title]  # noqa: SLF001
    ]


def table(path: Path, title: str) -> list[list[str]]:
    """Give the texts of the one table with that title."""
    (found,) = tables(path, title)
    return found


def words(path: Path) -> str:
    """Give every text of a document, that of headers and footers too."""
    document = Document(str(path))
    parts = [document.sections[0].header, document.sections[0].footer]
    texts = [paragraph.text for part in parts for paragraph in part.paragraphs]
    texts += [cell.text for one in document.tables for row in one.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in document.paragraphs] + texts)
