"""Files made to exhaust whoever reads them, each a few kilobytes to a few megabytes.

Run as a program it lets the product meet all of a kind, and says what came of each and the
most memory the process had taken by then; MB.
"""

import io
import json
import struct
import sys
import zipfile
import zlib
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from mfauto.demo import demo_rows
from mfauto.documents import exception_report
from mfauto.errors import MfautoError
from mfauto.messages.content import Words
from mfauto.process import review
from mfauto.settings import PROJECT, Settings, read_settings
from mfauto.template import make_tracker
from mfauto.workbook import read_tracker
from tests.xlsx.building import parts_of, worksheet

AS_AT = date(2026, 10, 12)
ROW = '<row r="1"><c r="A1"><v>1</v></c></row>'
LAUGHS = (
    '<!DOCTYPE w [<!ENTITY a0 "ha">'
    + "".join(f'<!ENTITY a{at} "{f"&a{at - 1};" * 10}">' for at in range(1, 10))
    + "]>"
)
SHEET = "xl/worksheets/sheet1.xml"
PAGE = "word/document.xml"
STATUS = Path("/proc/self/status")  #: of Linux
SPACES = 50_000_000  #: characters that pack into almost nothing


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    """Zip parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, part in parts.items():
            file.writestr(name, part)
    return made.getvalue()


def book(sheet: str, **more: str | bytes) -> bytes:
    """Make a workbook whose one sheet is `sheet`."""
    return packed({**parts_of({"Cases": sheet}), **more})


def overlapping() -> bytes:
    """Make a zip whose every member is the same packed bytes, told of many times over."""
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    plain = bytes(9_000_000)
    data = squeeze.compress(plain) + squeeze.flush()
    crc, count, name = zlib.crc32(plain), 1000, b"a"
    local = struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 8, 0, 0, crc, len(data), len(plain), 1, 0)
    entry = struct.pack(
        *("<4s6H3L5H2L", b"PK\1\2", 20, 20, 0, 8, 0, 0, crc, len(data), len(plain)),
        *(1, 0, 0, 0, 0, 0, 0),
    )
    start = local + name + data
    listed = (entry + name) * count
    return (
        start
        + listed
        + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(listed), len(start), 0)
    )


def quoting() -> bytes:
    """Make a zip whose members quote the headers of the next ones inside their own data."""
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    plain = bytes(9_000_000)
    kernel = squeeze.compress(plain) + squeeze.flush()
    body, crc, size, members = kernel, zlib.crc32(plain), len(plain), []
    for at in range(300):
        name = f"{at:04}".encode()
        head = struct.pack(
            *("<4s5H3L2H", b"PK\3\4", 20, 0, 8, 0, 0, crc, len(body), size, len(name), 0)
        )
        members.append((name, crc, len(body), size, len(body)))
        quoted = head + name
        length = len(quoted)
        body = struct.pack("<BHH", 0, length, length ^ 0xFFFF) + quoted + body
        crc, size = zlib.crc32(plain, zlib.crc32(quoted)), size + length
    start = body[5:]  # the outermost quotation is no member of its own
    listed = b"".join(
        struct.pack(
            *("<4s6H3L5H2L", b"PK\1\2", 20, 20, 0, 8, 0, 0, crc, packed_size, size),
            *(len(name), 0, 0, 0, 0, 0, len(start) - packed_size - 30 - len(name)),
        )
        + name
        for name, crc, packed_size, size, _ in reversed(members)
    )
    count = len(members)
    return (
        start
        + listed
        + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(listed), len(start), 0)
    )


def many_sheets() -> bytes:
    """Make a workbook that lists a million sheets."""
    parts = parts_of({"Cases": worksheet(ROW)})
    listed = "".join(f'<sheet name="S{at}" sheetId="{at}" r:id="rId1"/>' for at in range(1_000_000))
    name = "xl/workbook.xml"
    return packed({**parts, name: str(parts[name]).replace("</sheets>", listed + "</sheets>")})


def cell(inside: str, ref: str = "A1") -> str:
    """Give a sheet of one cell."""
    return worksheet(f'<row r="1"><c r="{ref}" t="inlineStr"><is><t>{inside}</t></is></c></row>')


BOOKS: dict[str, Callable[[], bytes]] = {
    "flat": lambda: book(worksheet(ROW), **{"xl/media/a.bin": bytes(210_000_000)}),
    "overlapping": overlapping,
    "quoting": quoting,
    "a zip in a zip": lambda: packed({"inner.zip": packed({"a": bytes(SPACES)})}),
    "entities": lambda: book(LAUGHS + cell("&a9;")),
    "deep": lambda: book(worksheet("<a>" * 1_000_000)),
    "attribute": lambda: book(worksheet(f'<row r="1" spans="{"1" * SPACES}"/>')),
    "string": lambda: book(cell("x" * SPACES)),
    "far column": lambda: book(cell("x", "XFD9999999")),
    "endless number": lambda: book(cell("x", "A" + "9" * 100_000)),
    "endless row": lambda: book(worksheet(f'<row r="{"9" * 100_000}"/>')),
    "sheets": many_sheets,
}


def changed(source: Path, name: str, change: Callable[[str], str | bytes]) -> bytes:
    """Change one part of a Word file."""
    with zipfile.ZipFile(source) as parts:
        held = {one: parts.read(one) for one in parts.namelist()}
    text = held[name].decode()
    made = change(text)
    return packed({**held, name: made})


def after_declaration(text: str, more: str) -> str:
    """Put `more` behind the XML declaration."""
    at = text.index("?>") + 2
    return text[:at] + more + text[at:]


REPORT = PROJECT / "templates" / "exception_report.docx"
TEMPLATES: dict[str, Callable[[], bytes]] = {
    "flat": lambda: changed(REPORT, "docProps/app.xml", lambda _: bytes(60_000_000)),
    "spaces": lambda: changed(
        REPORT, PAGE, lambda text: text.replace("</w:body>", " " * 60_000_000 + "</w:body>")
    ),
    "overlapping": overlapping,
    "entities": lambda: changed(
        REPORT,
        PAGE,
        lambda text: after_declaration(text, LAUGHS).replace("<w:t>", "<w:t>&a9;", 1),
    ),
    "a harmless entity": lambda: changed(
        REPORT,
        PAGE,
        lambda text: after_declaration(text, '<!DOCTYPE w [<!ENTITY a "b">]>').replace(
            "</w:t>", "&a;</w:t>", 1
        ),
    ),
    "another file": lambda: changed(
        REPORT,
        PAGE,
        lambda text: after_declaration(
            text, '<!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
        ).replace("</w:t>", "&a;</w:t>", 1),
    ),
    "deep": lambda: changed(
        REPORT, PAGE, lambda text: text.replace("</w:body>", "<w:p>" * 200_000 + "</w:body>")
    ),
    "padded": lambda: changed(
        REPORT,
        PAGE,
        lambda text: text.replace(
            "<w:body>",
            "<w:body><w:p><w:r><w:t>{{ 'x'|center(999999999) }}</w:t></w:r></w:p>",
        ),
    ),
}
SETTINGS: dict[str, Callable[[], bytes]] = {
    "deep list": lambda: b"council = " + b"[\n" * 100_000,
    "deep table": lambda: b"council = " + b"{a=" * 100_000,
    "deep name": lambda: b"a" + b".a" * 100_000 + b" = 1",
    "endless number": lambda: b"council = " + b"9" * 4_900,
    "long line": lambda: b"council = " + b"9" * 400_000,
    "large": lambda: b"# " + b"x" * 60_000_000,
}
WORDS: dict[str, Callable[[], bytes]] = {
    "deep": lambda: b"{% block title %}{{ " + b"(" * 100_000 + b" }}{% endblock %}",
    "deep blocks": lambda: b"{% if 1 %}" * 5_000,
    "large": lambda: b"x" * 60_000_000,
    "not text": lambda: b"\xff\xfe\x00",
    "power": lambda: b"{% block title %}{{ 9**9**9 }}{% endblock %}",
    "repeated": lambda: b"{% block title %}{{ 'x' * 9999999999 }}{% endblock %}",
    "listed": lambda: b"{% block title %}{{ [0] * 9999999999 }}{% endblock %}",
    "padded": lambda: b"{% block title %}{{ '%999999999d' % 1 }}{% endblock %}",
    "centred": lambda: b"{% block title %}{{ 'x'|center(999999999) }}{% endblock %}",
}
KINDS = {"books": BOOKS, "templates": TEMPLATES, "settings": SETTINGS, "words": WORDS}


def met(kind: str, path: Path) -> None:
    """Let the product read a bomb as it reads any such file; MfautoError is the right answer."""
    folder = path.parent
    if kind == "books":
        read_tracker(path, Settings(folder=folder, tracker=path))
    elif kind == "settings":
        read_settings(path, folder)
    elif kind == "words":
        Words(folder, path.name).paragraphs("title", {})
    else:
        tracker = folder / "Tracker.xlsx"
        make_tracker(tracker, {name: rows[:4] for name, rows in demo_rows(AS_AT).items()})
        settings = Settings(folder=folder, tracker=tracker, templates=folder)
        found = review(read_tracker(tracker, settings), settings.policy, AS_AT)
        ref = next(one.case for one in found.positions if one.grade == "Inadequate")
        exception_report(found, ref, settings, folder / "made.docx")


FILES = {
    "books": "Tracker.xlsx",
    "templates": "exception_report.docx",
    "settings": "mfauto.toml",
    "words": "weekly.txt",
}


def most_memory() -> float:
    """Give the most memory this process has taken since it began; MB.

    `getrusage` would count what the process that started this one had taken.
    """
    lines = STATUS.read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:"))


def main() -> None:
    """Meet the bombs of one kind, each in a folder of its own below the one named."""
    kind, folder = sys.argv[1], Path(sys.argv[2])
    for own in sorted(folder.iterdir()):
        try:
            met(kind, own / FILES[kind])
            said = "used"
        except MfautoError as error:
            said = f"refused: {error}"
        peak = most_memory()
        sys.stdout.write(json.dumps({"bomb": own.name, "said": said, "peak": peak}) + "\n")


if __name__ == "__main__":
    main()
