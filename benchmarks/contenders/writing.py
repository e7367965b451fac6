"""Three columns written on every case row, by us and by others."""

from collections.abc import Iterator

_COLUMNS = ("W", "X", "Y")  #: of Cases: stage, RAG, next step


def _wanted(cases: int) -> dict[tuple[str, str], str]:
    return {
        ("Cases", f"{column}{row}"): f"as at {row % 9}"
        for row in range(2, cases + 2)
        for column in _COLUMNS
    }


def raw_copy(path: str, _cases: str) -> Iterator[None]:
    """Copy every member of the zip as it stands."""
    from pathlib import Path

    from mfauto.xlsx.archive import Archive

    source = Path(path)
    yield
    archive = Archive(source.read_bytes(), source.name)
    with source.with_name("copied.xlsx").open("wb") as made:
        made.writelines(archive.rebuilt({}))


def pack_again(path: str, _cases: str) -> Iterator[None]:
    """Unpack the one sheet part and pack it again, changing nothing."""
    import zipfile
    import zlib

    yield
    with zipfile.ZipFile(path) as archive:
        data = archive.read("xl/worksheets/sheet1.xml")
    deflate = zlib.compressobj(6, zlib.DEFLATED, -15)
    assert deflate.compress(data) + deflate.flush()


def openpyxl_load_and_save(path: str, cases: str) -> Iterator[None]:
    """Load, change and save with openpyxl."""
    from pathlib import Path

    import openpyxl

    wanted = _wanted(int(cases))
    yield
    workbook = openpyxl.load_workbook(path)
    for (sheet, ref), value in wanted.items():
        workbook[sheet][ref] = value
    workbook.save(Path(path).with_name("saved.xlsx"))


def set_cells(path: str, cases: str) -> Iterator[None]:
    """Write with `mfauto.xlsx.set_cells`, which reads every cell of the sheet back."""
    from pathlib import Path

    from mfauto.xlsx import set_cells as write

    wanted = _wanted(int(cases))
    yield
    write(Path(path), wanted, Path(path).with_name("written.xlsx"))


def set_nothing(path: str, cases: str) -> Iterator[None]:
    """Give `set_cells` what stands there already."""
    from pathlib import Path

    from mfauto.xlsx import read_cells
    from mfauto.xlsx import set_cells as write

    wanted = _wanted(int(cases))
    there = {
        ("Cases", cell.ref): str(cell.value)
        for cell in read_cells(Path(path), "Cases")
        if ("Cases", cell.ref) in wanted
    }
    yield
    write(Path(path), there, Path(path).with_name("same.xlsx"))
