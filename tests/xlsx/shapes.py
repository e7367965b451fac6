"""Workbooks of every shape that a program might write, made from a seed, with what they mean.

The shapes are drawn one by one: names with a prefix, rows and cells without their places or out
of order, comments, other encodings, odd zips. What the cells mean is known beforehand.
"""

import io
import random
import struct
import zipfile
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

from tests.xlsx.building import MAIN, OFFICE, PACKAGE, SPREADSHEET, STRICT, STYLES

MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
AC = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac"

TEXTS = (
    "Case",
    "a & b < c > d",
    " spaces ",
    "two\nlines",
    'says "17" and 5"',
    "it's ]]> here",
    "éŁ日😀",
    "_x0041_ typed",
    "<c r='A1'><v>1</v></c>",
)
NEW = ("new & <text>", '=1+1 "17"', 42, -0.5, date(2026, 3, 3), None, "é日 _x000D_")


@dataclass
class Made:
    """One workbook, and what is known of it."""

    path: Path
    part: str  #: the sheet's member in the zip
    shapes: list[str]  #: those that were drawn
    values: dict[str, object] = field(default_factory=dict)  #: what its cells mean, formulas too
    formulas: set[str] = field(default_factory=set)
    blocked: set[str] = field(default_factory=set)  #: cells that must be refused, with no formula
    edits: dict[str, object] = field(default_factory=dict)


class _Sheet:
    """Draws shapes for one worksheet part and writes it."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.shapes: list[str] = []
        self.texts: list[str] = []  #: shared
        self.values: dict[str, object] = {}
        self.formulas: set[str] = set()
        self.blocked: set[str] = set()
        self.prefix = "x:" if self.drawn("prefixed names", 0.3) else ""
        self.quote = "'" if self.drawn("single quotes", 0.15) else '"'
        self.spaced = self.drawn("white space", 0.25)
        self.comments = self.drawn("comments and instructions", 0.2)
        self.cdata = self.drawn("CDATA", 0.15)
        self.swapped = self.drawn("r is not the first attribute", 0.15)
        self.entities = self.drawn("character references", 0.3)

    def drawn(self, shape: str, chance: float) -> bool:
        if self.rng.random() >= chance:
            return False
        self.shapes.append(shape)
        return True

    def tag(self, name: str, inside: str = "", **attributes: object) -> str:
        stated = [(key, value) for key, value in attributes.items() if value is not None]
        if self.swapped:
            stated.reverse()
        q = self.quote
        given = "".join(f" {key}={q}{value}{q}" for key, value in stated)
        name = f"{self.prefix}{name}"
        if not inside:
            return f"<{name}{given}/>" if self.rng.random() < 0.5 else f"<{name}{given}></{name}>"
        return f"<{name}{given}>{inside}</{name}>"

    def gap(self) -> str:
        """What may stand between two rows or cells."""
        made = "\r\n  " if self.spaced else ""
        if self.comments and self.rng.random() < 0.3:
            made += self.rng.choice(('<!-- <row r="1"><c r="A1"/></row> -->', "<?mark c?>"))
        return made

    def text(self, text: str) -> str:
        if self.cdata and "]]>" not in text and self.rng.random() < 0.5:
            return f"<![CDATA[{text}]]>"
        made = escape(text).replace("]]>", "]]&gt;")
        if self.entities:
            made = made.replace("\n", "&#10;").replace("e", "&#x65;").replace('"', "&quot;")
        return made

    def cell(self, ref: str, stated: str | None) -> str:
        """One cell of any kind; what it means goes into `values`."""
        text = self.rng.choice(TEXTS)
        number = self.rng.choice((0, 17, 1.5, -3, 1e300, 0.1))
        v = {"str": self.v(_typed(text)), "number": self.v(repr(number)), "17": self.v("17")}
        self.texts.append(text)
        shared = len(self.texts) - 1
        kind, meant, inside, attributes = self.rng.choice(
            (
                ("shared", text, self.v(str(shared)), {"t": "s"}),
                ("shared", text, self.v(str(shared)), {"s": 2, "t": "s"}),
                ("inline", text, self.inline(text), {"s": 2, "t": "inlineStr"}),
                ("rich", f"ab {text}", self.rich(text), {"t": "inlineStr"}),
                ("str", text, v["str"], {"t": "str"}),
                ("number", float(number), v["number"], {"s": 0}),
                ("number", float(number), v["number"], {}),
                ("day", date(2026, 3, 3), self.v("46084"), {"s": 1}),
                ("iso", date(2026, 3, 4), self.v("2026-03-04"), {"s": 1, "t": "d"}),
                ("yes", True, self.v("1"), {"t": "b"}),
                ("error", "#N/A!", self.v("#N/A!"), {"t": "e"}),
                ("formula", 17.0, self.formula('IF(A17>1,"17",2)') + v["17"], {"s": 0}),
                ("formula", text, self.formula("A1&B1", shared=ref) + v["str"], {"t": "str"}),
                ("blank", None, "", {"s": self.rng.choice((1, 2, 3))}),
            )
        )
        if meant is not None:
            self.values[ref] = meant
        if kind == "formula":
            self.formulas.add(ref)
        return self.tag("c", inside, r=stated, **attributes)

    def v(self, inside: str) -> str:
        return self.tag("v", self.text(inside))

    def inline(self, text: str) -> str:
        name, q = f"{self.prefix}t", self.quote
        inside = self.text(_typed(text))
        return self.tag("is", f"<{name} xml:space={q}preserve{q}>{inside}</{name}>")

    def rich(self, text: str) -> str:
        runs = [self.tag("r", self.tag("t", self.text(_typed(one)))) for one in ("ab ", text)]
        reading = self.tag("rPh", self.tag("t", "no"), sb=0, eb=1)
        return self.tag("is", "".join(runs) + reading)

    def formula(self, text: str, shared: str | None = None) -> str:
        if shared is None:
            return self.tag("f", self.text(text))
        ref = f"{shared}:{shared}"
        return self.tag("f", self.text(text), t="shared", ref=ref, si=len(self.formulas))

    def rows(self) -> str:
        rng = self.rng
        if self.drawn("no rows", 0.06):
            return ""
        numbers = sorted(rng.sample(range(1, 40), rng.randint(1, 12)))
        no_row_places = self.drawn("rows without r", 0.12)
        no_cell_places = self.drawn("cells without r", 0.15)
        if no_row_places:
            numbers = list(range(1, len(numbers) + 1))
        elif self.drawn("the last cell of all", 0.06):
            numbers.append(1_048_576)
        made = [self.row(number, no_row_places, no_cell_places) for number in numbers]
        if not no_row_places and self.drawn("rows out of order", 0.12):
            rng.shuffle(made)
        if self.drawn("alternatives among the rows", 0.06):
            made.append(self.alternatives(61))
        return self.gap() + "".join(f"{row}{self.gap()}" for row in made)

    def row(self, number: int, no_row_places: bool, no_cell_places: bool) -> str:
        rng = self.rng
        columns = sorted(rng.sample(range(1, 12), rng.randint(0, 7)))
        if no_cell_places:
            columns = list(range(1, len(columns) + 1))
        elif number == 1_048_576:
            columns = [16_384]
        refs = [f"{_letters(column)}{number}" for column in columns]
        cells = [self.cell(ref, None if no_cell_places else ref) for ref in refs]
        if not no_cell_places and len(cells) > 1 and rng.random() < 0.08:
            self.shapes.append("cells out of order")
            rng.shuffle(cells)
        spans = f"{columns[0]}:{columns[-1]}" if columns and rng.random() < 0.4 else None
        hidden = 1 if rng.random() < 0.1 else None
        look = {"s": 2, "customFormat": 1} if rng.random() < 0.15 else {}
        inside = "".join(f"{cell}{self.gap()}" for cell in cells)
        stated = None if no_row_places else number
        return self.tag("row", inside, r=stated, spans=spans, hidden=hidden, **look)

    def alternatives(self, number: int) -> str:
        """A row in two versions, of which Excel takes the first; neither may be written."""
        self.values[f"A{number}"] = 1.0
        self.blocked |= {f"A{number}", f"B{number}"}
        one = self.tag("row", self.tag("c", self.tag("v", "1"), r=f"A{number}"), r=number)
        other = self.tag("row", self.tag("c", self.tag("v", "2"), r=f"A{number}"), r=number)
        return (
            f'<mc:AlternateContent xmlns:mc="{MC}"><mc:Choice xmlns:x14="{X14}" Requires="x14">'
            f"{one}</mc:Choice><mc:Fallback>{other}</mc:Fallback></mc:AlternateContent>"
        )

    def part(self) -> bytes:
        rows = self.rows()
        space = STRICT if self.drawn("strict namespace", 0.15) else MAIN
        name = self.prefix.rstrip(":")
        declared = f'xmlns:{name}="{space}"' if name else f'xmlns="{space}"'
        lies = self.tag("dimension", ref=self.rng.choice(("A1", "A1:XFD1048576", "C3:D4")))
        before = lies if self.drawn("a dimension that lies", 0.4) else ""
        after = ""
        if self.drawn("a list of extensions with cells of its own", 0.2):
            after = self.tag(
                "extLst", self.tag("ext", '<c xmlns="urn:x" r="A1"><v>9</v></c>', uri="{x}")
            )
        if self.drawn("alternatives behind the rows", 0.15):
            after = (
                f'<mc:AlternateContent xmlns:mc="{MC}"><mc:Choice Requires="x14" xmlns:x14="{X14}">'
                f"{self.tag('controls', self.tag('control', shapeId=1))}</mc:Choice>"
                f"</mc:AlternateContent>{after}"
            )
        root = f"{self.prefix}worksheet"
        text = (
            f'<{root} {declared} xmlns:r="{OFFICE}" xmlns:x14ac="{AC}">{before}'
            f"{self.tag('sheetData', rows)}{after}</{root}>"
        )
        return self.encoded(text)

    def encoded(self, text: str) -> bytes:
        kind = self.rng.choice((*(("utf-8",) * 6), "bom", "none", "utf-16", "utf-16-be", "cp1252"))
        if kind == "cp1252" and self.cdata:
            kind = "utf-8"  # a character that it lacks cannot stand in CDATA
        if kind != "utf-8":
            self.shapes.append(f"encoding {kind}")
        if kind == "none":
            return text.encode()
        if kind in {"utf-8", "bom"}:
            made = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{text}'.encode()
            return b"\xef\xbb\xbf" + made if kind == "bom" else made
        if kind == "cp1252":
            declared = f'<?xml version="1.0" encoding="windows-1252"?>{text}'
            return declared.encode("cp1252", "xmlcharrefreplace")
        codec = "utf-16-be" if kind == "utf-16-be" else "utf-16-le"
        bom = "\ufeff"
        return f'{bom}<?xml version="1.0" encoding="UTF-16"?>{text}'.encode(codec)


def _typed(text: str) -> str:
    """Text as Excel stores it in a `v` or `t`: its own escapes escaped."""
    return text.replace("_x0041_", "_x005F_x0041_")


def _letters(column: int) -> str:
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def _parts(sheet: _Sheet, part: bytes) -> tuple[dict[str, bytes], str]:
    """The parts of the package, pointing to each other in one of several ways."""
    rng = sheet.rng
    folder, name = "xl/worksheets", "sheet1.xml"
    stated = rng.choice(
        (
            "worksheets/sheet1.xml",
            "/xl/worksheets/sheet1.xml",
            "./worksheets/../worksheets/sheet1.xml",
        )
    )
    member = f"{folder}/{name}"
    if sheet.drawn("a part with a blank in its name", 0.08):
        member, stated = "xl/worksheets/the sheet.xml", "worksheets/the%20sheet.xml"
    elif sheet.drawn("a part whose name differs in case", 0.08):
        member = "xl/Worksheets/Sheet1.xml"
    elif sheet.drawn("backslashes in names", 0.05):
        member = "xl\\worksheets\\sheet1.xml"
    texts = "".join(
        f'<si><t xml:space="preserve">{escape(_typed(text))}</t></si>' for text in sheet.texts
    )
    strings = f'<sst xmlns="{MAIN}">{texts}</sst>'
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/><Override PartName='
        f'"/xl/workbook.xml" ContentType="{SPREADSHEET}.sheet.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1"'
        f' Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="Cases" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="{stated}"/>'
        f'<Relationship Id="rIdS" Type="{OFFICE}/styles" Target="styles.xml"/>'
        f'<Relationship Id="rIdT" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
        "</Relationships>",
        "xl/styles.xml": STYLES,
        "xl/sharedStrings.xml": strings,
    }
    made = {key: value.encode() for key, value in parts.items()}
    made[member] = part
    return made, member


class _Unseekable(io.RawIOBase):
    """A file written front to back, so that sizes follow their data."""

    def __init__(self) -> None:
        self.data = b""

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        self.data += bytes(data)  # type: ignore[call-overload]
        return len(bytes(data))  # type: ignore[call-overload]


def _zip(sheet: _Sheet, parts: dict[str, bytes]) -> bytes:
    rng = sheet.rng
    stream: io.IOBase = io.BytesIO()
    if sheet.drawn("sizes behind the data", 0.2):
        stream = _Unseekable()
    wide = sheet.drawn("wide sizes in the local headers", 0.1)
    items = list(parts.items())
    if sheet.drawn("parts in any order", 0.2):
        rng.shuffle(items)
    with zipfile.ZipFile(stream, "w") as made:
        if sheet.drawn("a comment on the zip", 0.1):
            made.comment = b"kept as it is"
        if sheet.drawn("entries for folders", 0.1):
            made.writestr(zipfile.ZipInfo("xl/", (2020, 1, 2, 3, 4, 6)), b"")
        for name, data in items:
            one = zipfile.ZipInfo("x", (2020, 1, 2, 3, 4, rng.randrange(0, 60, 2)))
            one.filename = name  # as it is, backslashes too
            one.compress_type = rng.choice((zipfile.ZIP_DEFLATED,) * 3 + (zipfile.ZIP_STORED,))
            one.external_attr = rng.choice((0, 0o644 << 16))
            if rng.random() < 0.2:
                one.extra, one.comment = struct.pack("<2H4s", 0x7777, 4, b"more"), b"note"
            with made.open(one, "w", force_zip64=wide) as file:
                file.write(data)
    data = stream.data if isinstance(stream, _Unseekable) else stream.getvalue()  # type: ignore[attr-defined]
    return b"bytes before the zip" + data if sheet.drawn("bytes before the zip", 0.08) else data


def a_shape(folder: Path, seed: int) -> Made:
    """Make one workbook, and draw what to write into it."""
    rng = random.Random(seed)  # noqa: S311 - test data
    sheet = _Sheet(rng)
    part = sheet.part()
    parts, member = _parts(sheet, part)
    path = folder / f"shape-{seed}.xlsx"
    path.write_bytes(_zip(sheet, parts))
    made = Made(path, member, sheet.shapes, sheet.values, sheet.formulas, sheet.blocked)
    rows = range(1, 60)
    if "alternatives among the rows" in sheet.shapes:
        rows = range(0)  # a new row could be one of the alternatives
    targets = sorted(made.values.keys() - made.formulas - made.blocked)
    for ref in rng.sample(targets, min(len(targets), 4)):
        made.edits[ref] = rng.choice(NEW)
    for _ in range(5 if rows else 0):
        ref = f"{_letters(rng.randint(1, 16))}{rng.choice(rows)}"
        if ref not in made.formulas:
            made.edits[ref] = rng.choice(NEW)
    return made
