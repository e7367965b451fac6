"""Ways to spoil workbooks, templates, settings and the words of emails, for the fuzzer.

Each takes bytes and a source of chance and gives bytes; the same seed gives the same file.
Some change the zip container, some the XML text of a part, some what cells and parts mean.
"""

import io
import re
import struct
import tomllib
import zipfile
from collections.abc import Callable
from random import Random
from typing import Any

from mfauto.settings import KEYS

Spoil = Callable[[bytes, Random], bytes]
SpoilText = Callable[[str, Random], str]

_NASTY = (
    *("", " ", "\u0000", "\ufeff", "\u202e", "\u200b", "&", "<", "]]>", "=1+1", "{{ 7*7 }}", "{%"),
    *("9" * 400, "-1", "1e308", "1E+999", "NaN", "#REF!", "TRUE", "٣", "1048577", "XFE1", "A0"),
    *("31/02/2026", "2026-13-13", "00/00/0000", "_x000D_", "🙂", "x" * 40_000),
)
_NUMBERS = (
    "0",
    "-1",
    "1",
    "16385",
    "1048577",
    "2147483648",
    "99999999999999999999",
    "1e9",
    "a",
    "",
)
#: values of settings, as TOML; many lie at the edge of what some key takes
_VALUES = (
    *("true", "false", "0", "1", "2", "5", "14", "15", "60", "65535", "10000000000", "-1", "nan"),
    *("1.5", "2026-01-01", "07:00:00", "[]", "{}", "[1, 'a']", "[2026-12-24]", "[0001-01-01]"),
    *("[9999-12-31, 9999-12-31]", '"0 days"', '"1 day"', '"9999 days"', '"9999 months"'),
    *('"9999 weeks"', '"0 months"', '"9999 working days"', '"3 weeks"', '"00:00"', '"23:59"'),
    *('["00:00", "00:00", "23:59"]', '"Sunday"', '"friday"', '"same day"', '"audit"'),
    *('"previous working day"', '"outbox"', '"smtp"', '"graph"', '"tls"', '"none"', '""', '" "'),
    *('"a@example.org"', '"A.B+c@EXAMPLE.org"', '"a@b"', '["example.org"]', '["EXAMPLE.ORG"]'),
    *('"smtp.example.org"', '"https://example.org"', '"{{ 7*7 }}"', '"<b>&amp;</b>"', '"\\u202e"'),
    *('"=1+1"', '"🙂"', f'"{"x" * 300}"', f'"{"long " * 4000}"', '"Tracker.xlsx"', '"no such"'),
    *('["Tracker.xlsx", "no such"]', '"../x"', '"con"', '"C:/x"', '"//host/share"', '"a\\nb"'),
)
_KEYS = [(section, key) for section, keys in KEYS.items() for key in keys]
_MARK = re.compile(r"{[{%#].*?[}%#]}", re.DOTALL)
#: what a template may ask for, and cannot have or had better not
_ASKED = (
    *("{{ nothing }}", "{{ 1/0 }}", "{{ 'x' * 10 ** 9 }}", "{{ range(10 ** 9) | list }}", "{%"),
    *("{{ self }}", "{{ ''.__class__.__mro__ }}", "{% include 'x' %}", "{% extends 'x' %}"),
    *("{% for a in range(3) %}{{ a }}{% endfor %}", "{% if %}", "{% endfor %}", "{{ x | nope }}"),
    *("{% set x = 1 %}", "{{ x() }}", "{{ loop }}", "{{ caller() }}", "{# ", "\r\nBcc: a@b.c\r\n"),
    *("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "{{ '\\r\\nBcc: a@b.c' }}"),
)
_CELL = re.compile(r"<c\b[^>]*?(?:/>|>.*?</c>)", re.DOTALL)
_ROW = re.compile(r"<row\b[^>]*?(?:/>|>.*?</row>)", re.DOTALL)
_TAG = re.compile(r"<[^<>]+>")
_ATTRIBUTE = re.compile(r'[\w:.-]+="[^"]*"')
_TEXT = re.compile(r">([^<>]+)<")


# -- the container


def cut_off(data: bytes, chance: Random) -> bytes:
    """End the file early."""
    return data[: chance.randrange(len(data))]


def flip(data: bytes, chance: Random) -> bytes:
    """Change some bytes."""
    made = bytearray(data)
    for _ in range(chance.choice((1, 1, 3, 20, 200))):
        made[chance.randrange(len(made))] = chance.randrange(256)
    return bytes(made)


def flip_directory(data: bytes, chance: Random) -> bytes:
    """Change bytes of the list of members at the end of the file, which is trusted most."""
    start = max(data.rfind(b"PK\x01\x02") - chance.choice((0, 200, 1000)), 0)
    made = bytearray(data)
    for _ in range(chance.choice((1, 2, 8))):
        made[chance.randrange(start, len(made))] = chance.choice((0, 1, 0x7F, 0xFF))
    return bytes(made)


def insert_bytes(data: bytes, chance: Random) -> bytes:
    """Put bytes in front, behind or between."""
    more = chance.randbytes(chance.choice((1, 22, 500)))
    at = chance.choice((0, len(data), chance.randrange(len(data))))
    return data[:at] + more + data[at:]


def double(data: bytes, chance: Random) -> bytes:
    """Put the file behind itself, or behind its own start."""
    return data[: chance.choice((len(data), len(data) // 2))] + data


def huge_sizes(data: bytes, chance: Random) -> bytes:
    """Say of a member that it is far larger or smaller than it is."""
    made = bytearray(data)
    at = data.find(b"PK\x01\x02", chance.randrange(len(data)))
    if at >= 0:
        struct.pack_into("<I", made, at + 24, chance.choice((0, 1, 0x7FFFFFFF, 0xFFFFFFFF)))
    return bytes(made)


def _members(data: bytes) -> list[tuple[zipfile.ZipInfo, bytes]]:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return [(info, file.read(info)) for info in file.infolist()]


def _zipped(members: list[tuple[str, bytes]], chance: Random) -> bytes:
    made = io.BytesIO()
    methods = (zipfile.ZIP_DEFLATED, zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED, zipfile.ZIP_BZIP2)
    with zipfile.ZipFile(made, "w", chance.choice(methods)) as file:
        for name, content in members:
            info = zipfile.ZipInfo(name, (2026, 1, 5, 9, 0, 0))
            info.compress_type = file.compression
            file.writestr(info, content)
    return made.getvalue()


def shuffle_members(data: bytes, chance: Random) -> bytes:
    """Leave out, repeat, rename or mix the members."""
    members = [(info.filename, content) for info, content in _members(data)]
    at = chance.randrange(len(members))
    name, content = members[at]
    what = chance.randrange(6)
    if what == 0:
        del members[at]
    elif what == 1:
        members.append((name.swapcase(), content))
    elif what == 2:
        bad = ("../" + name, "/" + name, name.replace("/", "\\"), "C:\\x", "con", "", name + "\0")
        members[at] = (chance.choice(bad), content)
    elif what == 3:
        members[at] = (name, members[chance.randrange(len(members))][1])
    elif what == 4:
        members[at] = (name, b"")
    else:
        chance.shuffle(members)
    return _zipped(members, chance)


# -- the text of a part


def cut_text(text: str, chance: Random) -> str:
    """End a part early."""
    return text[: chance.randrange(len(text) + 1)]


def spoil_tag(text: str, chance: Random) -> str:
    """Drop, repeat, break or swap a tag."""
    tags = list(_TAG.finditer(text))
    if not tags:
        return text
    one, other = chance.choice(tags), chance.choice(tags)
    new = chance.choice(("", one[0] * 2, one[0][:-1], other[0], one[0].upper(), "<a>", "</a>"))
    return text[: one.start()] + new + text[one.end() :]


def spoil_attribute(text: str, chance: Random) -> str:
    """Drop, repeat or change an attribute."""
    found = list(_ATTRIBUTE.finditer(text))
    if not found:
        return text
    one = chance.choice(found)
    name = one[0].partition("=")[0]
    value = chance.choice((*_NUMBERS, *_NASTY)).translate({38: "&amp;", 60: "&lt;", 0: ""})
    new = chance.choice((f'{name}="{value}"', f'{name}="{value}"', "", f"{one[0]} {one[0]}"))
    return text[: one.start()] + new + text[one.end() :]


def spoil_words(text: str, chance: Random) -> str:
    """Change what stands between two tags."""
    found = list(_TEXT.finditer(text))
    if not found:
        return text
    one = chance.choice(found)
    value = chance.choice((*_NASTY, *_NUMBERS))
    if chance.random() < 0.8:
        value = value.translate({38: "&amp;", 60: "&lt;", 0: ""})
    return text[: one.start(1)] + value + text[one.end(1) :]


def entities(text: str, chance: Random) -> str:
    """Declare what XML lets a file declare, and no workbook needs."""
    head = chance.choice(
        (
            '<!DOCTYPE a [<!ENTITY x "xxxxxxxxxx">]>',
            '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
            '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
            '<!DOCTYPE a SYSTEM "http://example.invalid/x.dtd">',
            "<!-- " + "x" * 2000 + " -->",
            "<?x " + "y" * 2000 + "?>",
        )
    )
    at = text.find("?>") + 2 if text.startswith("<?xml") else 0
    return text[:at] + head + text[at:].replace(">a", ">&x;", 1)


def deepen(text: str, chance: Random) -> str:
    """Nest elements far deeper than any workbook does."""
    depth = chance.choice((50, 300, 20_000))
    at = text.rfind("</")
    return text[:at] + "<a>" * depth + "</a>" * depth + text[at:]


def other_encoding(text: str, chance: Random) -> str:
    """Say another encoding than the true one, or none."""
    name = chance.choice(("UTF-16", "UTF-7", "ISO-8859-1", "cp037", "nonsense", "UTF-8"))
    return re.sub(r"<\?xml[^>]*\?>", f'<?xml version="1.0" encoding="{name}"?>', text, count=1)


# -- cells, rows and what they mean


def spoil_cell(text: str, chance: Random) -> str:
    """Change one cell: its kind, its value, its style, its place."""
    cells = list(_CELL.finditer(text))
    if not cells:
        return text
    one = chance.choice(cells)
    value = chance.choice((*_NASTY, *_NUMBERS)).translate({38: "&amp;", 60: "&lt;", 0: ""})
    place = chance.choice(("A1", "B2", "C3", "XFD1048576", "XFE1", "a1", "1A", "", one_ref(one[0])))
    kind = chance.choice(("s", "n", "b", "e", "str", "inlineStr", "d", "x", ""))
    new = chance.choice(
        (
            f'<c r="{place}" t="{kind}"><v>{value}</v></c>',
            f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>',
            f'<c t="{kind}"><v>{value}</v></c>',
            f'<c r="{place}" s="{chance.choice(_NUMBERS)}"><v>{value}</v></c>',
            f'<c r="{place}"><f>{value}</f></c>',
            f'<c r="{place}"><f t="shared" si="9"/><v>1</v></c>',
            f'<c r="{place}"><f t="array" ref="A1:XFD1048576">1</f><v>1</v></c>',
            f'<c r="{place}"/>',
            "",
            one[0] * 2,
        )
    )
    return text[: one.start()] + new + text[one.end() :]


def one_ref(cell: str) -> str:
    """Give the address a cell stands at; A1 where it has none."""
    found = re.search(r'r="([A-Z]+\d+)"', cell)
    return found[1] if found else "A1"


def spoil_row(text: str, chance: Random) -> str:
    """Move, repeat, drop, empty or renumber a row."""
    rows = list(_ROW.finditer(text))
    if not rows:
        return text
    one, other = chance.choice(rows), chance.choice(rows)
    new = chance.choice(
        (
            "",
            one[0] * 2,
            other[0],
            re.sub(r'\br="\d+"', f'r="{chance.choice(_NUMBERS)}"', one[0], count=1),
            re.sub(r' r="[A-Z]*\d+"', "", one[0]),
            re.sub(r">.*<", "><", one[0], flags=re.DOTALL),
            f"<x:{one[0][1:]}",
        )
    )
    return text[: one.start()] + new + text[one.end() :]


def add_features(text: str, chance: Random) -> str:
    """Put behind the cells what stands there in real workbooks, sound or not."""
    area = chance.choice(("A1:XFD1048576", "A1:C9", "B2:A1", "AL2:AM3", "A1", "nonsense", "A:A"))
    more = chance.choice(
        (
            f'<mergeCells count="1"><mergeCell ref="{area}"/></mergeCells>',
            f'<autoFilter ref="{area}"/>',
            '<sheetProtection sheet="1" objects="1"/>',
            '<tableParts count="1"><tablePart r:id="rId999"/></tableParts>',
            f'<extLst><ext uri="x"><a ref="{area}"/></ext></extLst>',
            '<drawing r:id="rId7"/>',
        )
    )
    return text.replace("</sheetData>", f"</sheetData>{more}", 1)


CONTAINER: tuple[Spoil, ...] = (
    cut_off,
    flip,
    flip_directory,
    insert_bytes,
    double,
    huge_sizes,
    shuffle_members,
)
TEXT: tuple[SpoilText, ...] = (
    cut_text,
    spoil_tag,
    spoil_attribute,
    spoil_words,
    entities,
    deepen,
    other_encoding,
)
MEANING: tuple[SpoilText, ...] = (
    spoil_cell,
    spoil_cell,
    spoil_row,
    add_features,
    spoil_attribute,
    spoil_words,
)


def spoiled(data: bytes, chance: Random) -> bytes:
    """Spoil a zip file of XML parts: its container, a part's text, or what a part means."""
    if chance.random() < 0.25:
        return chance.choice(CONTAINER)(data, chance)
    members = [(info.filename, content) for info, content in _members(data)]
    parts = [at for at, (name, _) in enumerate(members) if name.endswith((".xml", ".rels"))]
    telling = [at for at in parts if re.search(r"sheet\d|sharedStr|document", members[at][0])]
    for _ in range(chance.choice((1, 1, 2, 5))):
        at = chance.choice(telling if telling and chance.random() < 0.7 else parts)
        name, content = members[at]
        text = content.decode("utf-8", "replace")
        how = chance.choice(MEANING if chance.random() < 0.6 else TEXT)
        encoding = "utf-16" if chance.random() < 0.02 else "utf-8"
        members[at] = (name, how(text, chance).encode(encoding, "surrogatepass"))
    return _zipped(members, chance)


def spoiled_settings(data: bytes, chance: Random) -> bytes:
    """Spoil a settings file: as a file, as lines, or only in what its keys say."""
    how = chance.random()
    if how < 0.1:
        return chance.choice((cut_off, flip, insert_bytes))(data, chance)
    if how < 0.7:
        return _other_values(chance)
    lines = data.decode().splitlines()
    for _ in range(chance.choice((1, 1, 2, 4))):
        at = chance.randrange(len(lines))
        key = lines[at].partition("=")[0]
        lines[at] = chance.choice(
            (
                f"{key}= {chance.choice(_VALUES)}",
                f'{key}= "{"x" * chance.choice((1, 300, 50_000))}"',
                lines[at][:-1],
                f"{lines[at]}\n{lines[at]}",
                lines[chance.randrange(len(lines))],
                f"{key[:-2]}q = 1",
                "[" * chance.choice((1, 2, 5000)),
                'password = "x"',
            )
        )
    return "\n".join(lines).encode()


def _other_values(chance: Random) -> bytes:
    """Write settings of true keys, most with values that they take, up to the very edge."""
    lines: dict[str, list[str]] = {}
    for section, key in chance.sample(_KEYS, chance.choice((1, 2, 5, 12))):
        read = KEYS[section][key][1]
        taken = [value for value in _VALUES if _takes(read, tomllib.loads(f"x = {value}")["x"])]
        pool = taken if taken and chance.random() < 0.97 else _VALUES
        lines.setdefault(section, []).append(f"{key} = {chance.choice(pool)}")
    top = lines.pop("", [])
    parts = [f"[{name}]\n" + "\n".join(found) for name, found in lines.items()]
    return "\n".join([*top, *parts]).encode()


def _takes(read: Callable[[Any], Any], value: object) -> bool:
    try:
        read(value)
    except ValueError:
        return False
    return True


# -- the words of an email


def spoiled_words(data: bytes, chance: Random) -> bytes:
    """Spoil a template of an email: as a file, or what it asks for between its braces."""
    if chance.random() < 0.15:
        return chance.choice((cut_off, flip, insert_bytes))(data, chance)
    text = data.decode()
    for _ in range(chance.choice((1, 1, 2, 4))):
        marks = list(_MARK.finditer(text))
        lines = text.splitlines(keepends=True)
        at = chance.randrange(len(lines))
        what = chance.choice(("mark", "mark", "mark", "drop", "repeat", "insert"))
        if what == "mark" and marks:
            one, other = chance.choice(marks), chance.choice(marks)
            new = chance.choice(("", one[0][:-1], one[0] * 2, other[0], *_ASKED))
            text = text[: one.start()] + new + text[one.end() :]
        elif what == "drop" and len(lines) > 1:
            text = "".join(lines[:at] + lines[at + 1 :])
        elif what == "repeat":
            text = "".join(lines[:at] + [lines[at]] * chance.choice((2, 40)) + lines[at:])
        else:
            cut = chance.randrange(len(text) + 1)
            text = text[:cut] + chance.choice((*_NASTY, *_ASKED)) + text[cut:]
    return text.encode("utf-8", "surrogatepass")
