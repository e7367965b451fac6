"""Every cell of a tracker read, by us and by others."""


def unzip(path: str) -> None:
    """Unpack the parts, and nothing else."""
    import zipfile

    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            with archive.open(name) as part:
                while part.read(262_144):
                    pass


def expat(path: str) -> None:
    """Parse every part, and throw the events away."""
    import zipfile
    from xml.parsers.expat import ParserCreate

    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            parser = ParserCreate()
            parser.StartElementHandler = parser.EndElementHandler = None
            with archive.open(name) as part:
                parser.ParseFile(part)


def calamine(path: str) -> None:
    """Read with python-calamine."""
    from python_calamine import CalamineWorkbook

    workbook = CalamineWorkbook.from_path(path)
    kept = [workbook.get_sheet_by_name(name).to_python() for name in workbook.sheet_names]
    assert kept


def openpyxl_read_only(path: str) -> None:
    """Read with openpyxl in its quicker way."""
    import openpyxl

    workbook = openpyxl.load_workbook(path, read_only=True)
    kept = [list(sheet.iter_rows(values_only=True)) for sheet in workbook]
    assert kept


def ours(path: str) -> None:
    """Read with `mfauto.xlsx`, keeping every row."""
    from pathlib import Path

    from mfauto.xlsx import open_workbook

    with open_workbook(Path(path)) as workbook:
        kept = [list(workbook.rows(sheet.name)) for sheet in workbook.sheets]
    assert kept


def tracker(path: str) -> None:
    """Read a tracker into the model."""
    from pathlib import Path

    from mfauto.workbook import read_tracker

    assert read_tracker(Path(path)).cases


def check(path: str) -> None:
    """Run the whole command, rules and all."""
    from mfauto.cli import main

    main(["check", "--tracker", path, "--format", "json", "--as-at", "2026-01-31"])
