"""What is refused before anything of it is read, and what of the zip is kept."""

import struct
import time
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from mfauto.errors import MfautoError, TrackerError
from mfauto.xlsx import open_workbook, read_cells, set_cells
from tests.xlsx.building import (
    a_sheet,
    a_table_workbook,
    a_workbook,
    lying_about_sizes,
    parts_of,
    worksheet,
    zipped,
)

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ROW = '<row r="1"><c r="A1"><v>1</v></c></row>'


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "it is empty"),
        (b"Case ref,Audit date\r\nMF-1,1/2/2026\r\n", "plain text or CSV"),
        ("Case ref\t1".encode("utf-16"), "plain text or CSV"),
        (b"<html><table><tr><td>1", "a web page"),
        (b"\r\n<!DOCTYPE html><p>", "a web page"),
        (
            b"<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'>",
            "XML Spreadsheet 2003",
        ),
        (b"<!-- made by us --><HTML><table>", "a web page"),
        (b"<style>td { color: red }</style><table><tr>", "a web page"),
        (b"<div><table><tr><td>1", "a web page"),
        ("<html><table>".encode("utf-16"), "a web page"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n", "a web page"),
        (
            '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">'.encode("utf-16"),
            "XML Spreadsheet 2003",
        ),
        (
            b'<?xml version="1.0"?><d xmlns="urn:oasis:names:tc:opendocument:xmlns:office:1.0">',
            r"an OpenDocument file \(\.fods\)",
        ),
        (b"\x09\x08\x08\x00\x00\x05" + bytes(60), r"a very old Excel file \(\.xls\)"),
        (b"\x09\x08\x10\x00\x00\x06" + bytes(60), r"a very old Excel file \(\.xls\)"),
        (b"%PDF-1.7", "a PDF"),
        (OLE + "Workbook".encode("utf-16-le"), r"an old Excel file \(\.xls\)"),
        (OLE + "WordDocument".encode("utf-16-le"), "an old Word document"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "needs a password"),
        (OLE + "DRMEncryptedDataSpace".encode("utf-16-le"), "sensitivity label"),
        (b"\x08Jo Smith" + b" " * 156, "somebody has the workbook open"),
        (bytes(range(256)), "damaged beyond recognition"),
        (b"PK\x03\x04" + bytes(40), "the end of the zip file is missing"),
    ],
)
def test_other_files_are_told_by_what_they_hold(tmp_path: Path, data: bytes, why: str) -> None:
    path = tmp_path / "Tracker.xlsx"
    path.write_bytes(data)

    with pytest.raises(TrackerError, match=why) as caught:
        open_workbook(path)

    assert str(caught.value).startswith("Tracker.xlsx")
    assert path.read_bytes() == data


def an_ole_file(*top: str, within: str = "") -> bytes:
    """A container with streams of these names at the top, and one in a folder of its own."""
    nothing = 0xFFFFFFFF

    def entry(name: str, right: int = nothing, child: int = nothing) -> bytes:
        stated = name.encode("utf-16-le")
        length = len(stated) + 2
        return struct.pack("<64sHBB3L48x", stated, length, 1, 1, nothing, right, child)

    beside = [*range(2, len(top) + 1), len(top) + 1]
    entries = entry("Root Entry", child=1)
    for name, right in zip(top, beside, strict=True):
        entries += entry(name, right)
    entries += entry("MBD00001", child=len(top) + 2) + entry(within)
    entries += bytes(-len(entries) % 512)
    sectors = len(entries) // 512
    chain = [0xFFFFFFFD, *range(2, sectors + 1), 0xFFFFFFFE]
    table = struct.pack(f"<{len(chain)}L", *chain).ljust(512, b"\xff")
    header = (OLE + bytes(22) + struct.pack("<H", 9) + bytes(16) + struct.pack("<L", 1)).ljust(76)
    return (header + struct.pack("<L", 0)).ljust(512, b"\xff") + table + entries


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (an_ole_file("Workbook", within="WordDocument"), r"an old Excel file \(\.xls\)"),
        (an_ole_file("a", "b", "c", "Book", within="EncryptedPackage"), "an old Excel file"),
        (an_ole_file("WordDocument", within="Workbook"), "an old Word document"),
        (an_ole_file("1", "2", "3", "4", "5", "WordDocument", within="x"), "an old Word document"),
        (an_ole_file("PowerPoint Document", within="Workbook"), "an old PowerPoint file"),
        (an_ole_file("__properties_version1.0", within="Workbook"), "an Outlook message"),
        (an_ole_file("EncryptedPackage", "EncryptionInfo"), "needs a password"),
        (an_ole_file("EncryptedPackage", within="DRMEncryptedDataSpace"), "sensitivity label"),
        (an_ole_file("Workbook", "\tDRMContent"), "sensitivity label"),
        (an_ole_file("WordDocument")[:1200], "an old Word document"),  # cut off in its directory
    ],
)
def test_a_container_is_told_by_what_is_at_its_top(tmp_path: Path, data: bytes, why: str) -> None:
    (tmp_path / "Tracker.xlsx").write_bytes(data)

    with pytest.raises(TrackerError, match=why):
        open_workbook(tmp_path / "Tracker.xlsx")


TYPES = "application/vnd."


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        ("openxmlformats-officedocument.wordprocessingml.document.main+xml", r"Word .*\.docx"),
        ("ms-word.document.macroEnabled.main+xml", r"Word .*\.docx"),
        ("openxmlformats-officedocument.presentationml.slideshow.main+xml", r"\.pptx"),
        ("ms-excel.sheet.binary.macroEnabled.main", r"\.xlsb"),
        ("ms-excel.addin.macroEnabled.main+xml", r"an Excel add-in \(\.xlam\)"),
        ("visio.drawing.main+xml", "a file of another type"),
    ],
)
def test_other_packages_are_told_by_the_type_of_their_main_part(
    tmp_path: Path, kind: str, why: str
) -> None:
    parts = parts_of({"Cases": worksheet(ROW)})
    types = str(parts["[Content_Types].xml"])
    sheet = "openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    parts["[Content_Types].xml"] = types.replace(f"{TYPES}{sheet}", f"{TYPES}{kind}")

    with pytest.raises(TrackerError, match=why):
        open_workbook(zipped(tmp_path / "Tracker.xlsx", parts))


@pytest.mark.parametrize(
    "name", ["content.xml", "word/document.xml", "xl/embeddings/workbook.bin", "Index.zip"]
)
def test_a_workbook_may_hold_parts_of_any_name(tmp_path: Path, name: str) -> None:
    parts = parts_of({"Cases": worksheet(ROW)}, more={name: "x"})

    with open_workbook(zipped(tmp_path / "Tracker.xlsx", parts)) as workbook:
        assert [sheet.name for sheet in workbook.sheets] == ["Cases"]


def test_the_type_of_the_workbook_may_have_a_parameter(tmp_path: Path) -> None:
    parts = parts_of({"Cases": worksheet(ROW)})
    types = str(parts["[Content_Types].xml"])
    parts["[Content_Types].xml"] = types.replace("main+xml", "main+xml; charset=utf-8")

    assert list(read_cells(zipped(tmp_path / "Tracker.xlsx", parts), "Cases"))


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}, r"\.ods"),
        ({"content.xml": "<x/>"}, r"\.ods"),
        ({"xl/workbook.bin": "x", "[Content_Types].xml": "<x/>"}, r"\.xlsb"),
        ({"word/document.xml": "<x/>"}, r"\.docx"),
        ({"ppt/presentation.xml": "<x/>"}, r"\.pptx"),
        ({"Tracker.xlsx": "x"}, "a zip file"),
        ({"[Content_Types].xml": "<Types/>"}, "which of its parts is the workbook"),
        ({"../evil.xml": "x"}, "leads outside"),
        ({"/../evil.xml": "x"}, "leads outside"),
        ({"C:/evil.xml": "x"}, "leads outside"),
        ({"xl\\..\\evil.xml": "x"}, "leads outside"),
        ({"a.xml": "x", "A.XML": "y"}, "twice"),
        ({"a.xml": "x", "/a.xml": "y"}, "twice"),
    ],
)
def test_other_zip_files_are_told_by_their_parts(
    tmp_path: Path, parts: dict[str, str], why: str
) -> None:
    with pytest.raises(TrackerError, match=why):
        open_workbook(zipped(tmp_path / "Tracker.xlsx", parts))


@pytest.mark.parametrize(
    "missing", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"]
)
def test_a_missing_part_is_damage(tmp_path: Path, missing: str) -> None:
    parts = parts_of({"Cases": worksheet(ROW)})
    del parts[missing]

    with pytest.raises(TrackerError, match=f'damaged: its part "{missing}" is missing'):
        list(read_cells(zipped(tmp_path / "T.xlsx", parts), "Cases"))


@pytest.mark.parametrize(
    "name", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml", "_rels/.rels"]
)
def test_a_document_type_is_refused_in_any_part(tmp_path: Path, name: str) -> None:
    parts = parts_of({"Cases": worksheet(ROW)})
    dtd = '<!DOCTYPE x [<!ENTITY a "b">]>'
    text = str(parts[name])
    at = text.index("?>") + 2 if text.startswith("<?") else 0
    path = zipped(tmp_path / "T.xlsx", parts | {name: text[:at] + dtd + text[at:]})

    with pytest.raises(TrackerError, match=f'damaged: its part "{name}" declares a document type'):
        set_cells(path, {("Cases", "A1"): "new"}, tmp_path / "Made.xlsx")
    with pytest.raises(TrackerError, match="document type"):
        list(read_cells(path, "Cases"))


def test_a_wrong_checksum_is_damage_wherever_it_is(tmp_path: Path) -> None:
    parts = parts_of({"Cases": worksheet(ROW)}, more={"xl/media/image1.png": b"\x89PNG"})
    path = zipped(tmp_path / "T.xlsx", parts, zipfile.ZIP_STORED)
    path.write_bytes(path.read_bytes().replace(b"\x89PNG", b"\x89PNg"))

    with pytest.raises(TrackerError, match=r"image1\.png.* does not match its checksum"):
        open_workbook(path)


@pytest.mark.parametrize("cut", [10, 200, 1500])
def test_a_cut_off_file_is_damage(tmp_path: Path, cut: int) -> None:
    path = a_workbook(tmp_path, ROW)
    path.write_bytes(path.read_bytes()[:-cut])

    with pytest.raises(TrackerError, match="damaged"):
        open_workbook(path)


def test_every_bent_byte_is_read_or_refused_plainly(tmp_path: Path) -> None:
    path = a_workbook(tmp_path, ROW)
    whole = path.read_bytes()
    for at in range(0, len(whole), 7):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        try:
            found = [cell.value for cell in read_cells(path, "Cases")]
        except MfautoError:
            continue
        assert found == [1.0]


def refused_quickly(path: Path, why: str) -> None:
    start = time.perf_counter()
    tracemalloc.start()
    with pytest.raises(TrackerError, match=why):
        set_cells(path, {("Cases", "A1"): "new"}, path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert time.perf_counter() - start < 2
    assert peak < 200_000_000


def test_a_part_that_packs_too_well_is_refused(tmp_path: Path) -> None:
    bomb = {"xl/media/a.bin": bytes(11_000_000)}
    path = zipped(tmp_path / "T.xlsx", parts_of({"Cases": worksheet(ROW)}, more=bomb))

    refused_quickly(path, r'11 MB in "xl/media/a\.bin", far more than a tracker needs')


def test_many_parts_that_pack_too_well_are_refused(tmp_path: Path) -> None:
    bomb = {f"xl/media/{at}.bin": bytes(9_900_000) for at in range(21)}
    path = zipped(tmp_path / "T.xlsx", parts_of({"Cases": worksheet(ROW)}, more=bomb))

    refused_quickly(path, "208 MB, far more than a tracker needs")


def test_too_many_parts_are_refused(tmp_path: Path) -> None:
    many = {f"xl/{at}.xml": "" for at in range(5000)}
    path = zipped(tmp_path / "T.xlsx", parts_of({"Cases": worksheet(ROW)}, more=many))

    refused_quickly(path, "5,007 parts")


def test_a_part_larger_than_it_says_is_refused(tmp_path: Path) -> None:
    name = "xl/media/a.bin"
    bomb = {name: bytes(30_000_000)}
    path = zipped(tmp_path / "T.xlsx", parts_of({"Cases": worksheet(ROW)}, more=bomb))

    refused_quickly(lying_about_sizes(path, name, 1000), "is larger than it says")


def members(path: Path) -> list[tuple[object, ...]]:
    with zipfile.ZipFile(path) as archive:
        return [
            (one.filename, one.compress_type, one.flag_bits, one.date_time, one.extra, one.comment)
            for one in archive.infolist()
        ]


def test_the_zip_keeps_order_dates_comments_and_extra_fields(tmp_path: Path) -> None:
    path = tmp_path / "Tracker.xlsx"
    with zipfile.ZipFile(path, "w") as made:
        made.comment = b"kept"
        for at, (name, part) in enumerate(parts_of({"Cases": worksheet(ROW)}).items()):
            one = zipfile.ZipInfo(name, (2001 + at, 2, 3, 4, 5, 6))
            one.compress_type = zipfile.ZIP_STORED if at % 2 else zipfile.ZIP_DEFLATED
            one.comment, one.extra = b"note", struct.pack("<2H4s", 0x7777, 4, b"more")
            made.writestr(one, part)
    target = tmp_path / "Made.xlsx"
    set_cells(path, {("Cases", "A1"): "new"}, target)

    assert members(target) == members(path)
    with zipfile.ZipFile(target) as archive:
        assert archive.comment == b"kept"
        assert archive.testzip() is None


@pytest.mark.parametrize("start", ["/", "\\", "//"])
def test_names_that_start_at_the_root_are_read_and_kept(tmp_path: Path, start: str) -> None:
    parts = parts_of({"Cases": worksheet(ROW)})
    path = zipped(tmp_path / "T.xlsx", {f"{start}{name}": part for name, part in parts.items()})
    target = tmp_path / "Made.xlsx"
    set_cells(path, {("Cases", "A1"): "new"}, target)

    assert [cell.value for cell in read_cells(target, "Cases")] == ["new"]
    assert members(target) == members(path)
    for name in parts:  # in front of the part, and in the directory
        assert target.read_bytes().count(f"{start}{name}".encode()) == 2


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("member", "target"),
    [
        ("xl/worksheets/the sheet.xml", "worksheets/the%20sheet.xml"),
        ("xl/worksheets/the%20sheet.xml", "worksheets/the%20sheet.xml"),
        ("xl/worksheets/the%20sheet.xml", "worksheets/the sheet.xml"),
        ("xl/worksheets/%C3%9Cbersicht.xml", "worksheets/Übersicht.xml"),
        (SHEET, "../../xl/worksheets/sheet1.xml"),
        (SHEET, "/xl/worksheets/sheet1.xml"),
        ("sheet.xml", "../sheet.xml"),
    ],
)
def test_a_part_is_found_however_its_name_is_written(
    tmp_path: Path, member: str, target: str
) -> None:
    with zipfile.ZipFile(a_table_workbook(tmp_path)) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    folder, _, name = member.rpartition("/")
    parts[member] = parts.pop(SHEET)
    table = parts.pop("xl/worksheets/_rels/sheet1.xml.rels").replace("../tables", "/xl/tables")
    parts[f"{folder}/_rels/{name}.rels".lstrip("/")] = table
    links = "xl/_rels/workbook.xml.rels"
    parts[links] = parts[links].replace("worksheets/sheet1.xml", target)
    made = tmp_path / "Made.xlsx"
    set_cells(zipped(tmp_path / "T.xlsx", parts), {("Cases", "A2"): "new"}, made)

    with open_workbook(made) as workbook:
        assert [table.display_name for table in workbook.tables("Cases")] == ["Cases"]
    assert "new" in [cell.value for cell in read_cells(made, "Cases")]


def test_a_name_in_utf8_is_known_where_the_zip_does_not_say_so(tmp_path: Path) -> None:
    parts = parts_of({"Cases": worksheet(ROW)})
    parts["xl/worksheets/Übersicht.xml"] = parts.pop(SHEET)
    links = "xl/_rels/workbook.xml.rels"
    parts[links] = str(parts[links]).replace("sheet1.xml", "Übersicht.xml")
    data = bytearray(zipped(tmp_path / "T.xlsx", parts).read_bytes())
    for mark, at in ((b"PK\x03\x04", 7), (b"PK\x01\x02", 9)):
        start = data.find(mark)
        while start >= 0:
            data[start + at] &= 0xF7  # the mark of UTF-8
            start = data.find(mark, start + 1)
    (tmp_path / "T.xlsx").write_bytes(data)

    assert [cell.value for cell in read_cells(tmp_path / "T.xlsx", "Cases")] == [1.0]


FALSE_END = b"PK\x05\x06"
EMPTY_ZIP = FALSE_END + bytes(18)


@pytest.mark.parametrize(
    "comment",
    [
        FALSE_END,
        b"see " + FALSE_END + b" in here",
        FALSE_END * 9,
        b"x" + EMPTY_ZIP,
        FALSE_END + b"x" * 65_531,
        b"x" * 65_531 + FALSE_END,
    ],
)
@pytest.mark.parametrize("behind", [b"", bytes(9), bytes(60_000)])
def test_the_mark_of_the_end_may_stand_in_the_comment(
    tmp_path: Path, comment: bytes, behind: bytes
) -> None:
    path = a_workbook(tmp_path, ROW)
    with zipfile.ZipFile(path, "a") as made:
        made.comment = comment
    whole = path.read_bytes()
    assert whole.endswith(comment)
    if len(behind) + len(comment) <= 65_535:  # so much is looked through
        path.write_bytes(whole + behind)
    set_cells(path, {("Cases", "A1"): "new"}, path)

    assert [cell.value for cell in read_cells(path, "Cases")] == ["new"]
    assert comment in path.read_bytes()


def test_a_zip_without_a_true_end_is_damage_however_often_its_mark_stands(tmp_path: Path) -> None:
    path = a_workbook(tmp_path, ROW)
    path.write_bytes(path.read_bytes()[:-22] + FALSE_END * 3_000_000)

    refused_quickly(path, "damaged")


class Unseekable:
    """A file written front to back, so that sizes follow in descriptors."""

    def __init__(self) -> None:
        self.data = b""

    def write(self, data: bytes) -> int:
        self.data += data
        return len(data)

    def flush(self) -> None:
        pass


@pytest.mark.parametrize("wide", [False, True])
def test_sizes_behind_the_data_are_kept_behind_it(tmp_path: Path, *, wide: bool) -> None:
    stream = Unseekable()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:  # type: ignore[call-overload]
        for name, part in parts_of({"Cases": worksheet(ROW)}).items():
            with made.open(name, "w", force_zip64=wide) as file:
                file.write(str(part).encode())
    path = tmp_path / "Tracker.xlsx"
    path.write_bytes(b"before the zip" + stream.data)
    set_cells(path, {("Cases", "A1"): "new " * 500}, path)

    assert path.read_bytes().startswith(b"before the zip")
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
    assert [cell.value for cell in read_cells(path, "Cases")] == ["new " * 500]


def test_wide_sizes_in_the_directory_are_kept_wide(tmp_path: Path) -> None:
    path = a_workbook(tmp_path, ROW)
    name = b"xl/worksheets/sheet1.xml"
    data = path.read_bytes()
    at = data.rindex(name) - 46
    packed, size = struct.unpack_from("<2L", data, at + 20)
    wide = struct.pack("<2H2Q", 1, 16, size, packed)
    entry = bytearray(data[at : at + 46 + len(name)])
    struct.pack_into("<2L", entry, 20, 0xFFFFFFFF, 0xFFFFFFFF)
    struct.pack_into("<H", entry, 30, len(wide))
    end = data.rindex(b"PK\x05\x06")
    tail = bytearray(data[end:])
    struct.pack_into("<L", tail, 12, struct.unpack_from("<L", tail, 12)[0] + len(wide))
    path.write_bytes(data[:at] + entry + wide + data[at + 46 + len(name) : end] + tail)
    set_cells(path, {("Cases", "A1"): "new"}, path)

    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
    assert [cell.value for cell in read_cells(path, "Cases")] == ["new"]


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(TrackerError, match="there is no such file"):
        open_workbook(tmp_path / "Tracker.xlsx")


def test_the_hash_is_of_the_bytes_as_read(tmp_path: Path) -> None:
    path = a_sheet(tmp_path, worksheet(ROW))
    with open_workbook(path) as workbook:
        path.unlink()
        assert [row.values for row in workbook.rows("Cases")] == [{1: 1.0}]
        assert len(workbook.sha256) == 64
