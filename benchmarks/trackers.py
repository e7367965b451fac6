"""Made-up trackers of any size, in the shape Excel saves: always the same for the same size."""

import random
import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from mfauto.addresses import letters

SEED = 20_260_131
ACTIONS_PER_CASE = 3
CELLS_PER_CASE = 25 + 13 * ACTIONS_PER_CASE  #: columns, filled or not
AUTO_COLUMNS = ("W", "X", "Y")  #: of Cases: stage, RAG, next step

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_EPOCH = date(1899, 12, 30).toordinal()
_FIRST = date(2025, 11, 3).toordinal() - _EPOCH  #: serial of the first audit
_DAYS = 60  #: over which audits are spread: by the end of January nearly all is in order
_RECORDED = 0.99  #: share of the days that somebody entered
_DATE, _PLAIN = 1, 0  #: cell styles

Value = str | int | None

CASES = (
    "Case ref",
    "Audit date",
    "Audit grade",
    "Practitioner",
    "Team Manager",
    "Service Manager",
    "Head of Service",
    "Auditor",
    "SM and HoS alerted",
    "QA and SQA notified",
    "Child safety assured",
    "Moderation completed",
    "Meeting booked for",
    "Practitioner invited",
    "Team Manager invited",
    "Service Manager invited",
    "Meeting held",
    "Audit findings",
    "Strengths",
    "Practice context",
    "Support agreed",
    "Caseload review",
    "Auto stage",
    "Auto RAG",
    "Auto next step",
)
ACTIONS = (
    "Action ref",
    "Case ref",
    "Action",
    "Owner",
    "Original due date",
    "Due date",
    "Status",
    "Completed on",
    "Support needed",
    "Evidence",
    "Notes",
    "Auto status",
    "Auto days overdue",
)
REAUDITS = ("Case ref", "Round", "Re-audit date", "Re-auditor", "Grade", "Panel review date")
PEOPLE = ("Name", "Role", "Email", "Team", "Service area", "Reports to", "Active")
ROLES = ("Practitioner", "Team Manager", "Service Manager", "Head of Service", "Auditor")

_DATES = frozenset(
    heading
    for heading in (*CASES, *ACTIONS, *REAUDITS)
    if heading.endswith((" date", " held", " for", " completed", " invited", " assured"))
    or heading in {"SM and HoS alerted", "QA and SQA notified", "Completed on"}
)
_FORENAMES = (
    *("Amara", "Bilal", "Carys", "Dafydd", "Elin", "Farah"),
    *("Gwen", "Huw", "Idris", "Jaya", "Kofi", "Lowri"),
)
_SURNAMES = (
    *("Ashdown", "Birkett", "Cotter", "Dunmore", "Eastley"),
    *("Fairlie", "Garrow", "Holme", "Isley", "Jarrow"),
)
_AREAS = ("North", "South", "East", "West", "Disabled Children", "Leaving Care")
_WORDS = (
    *("plan", "visit", "record", "review", "child", "voice", "chronology", "supervision"),
    *("school", "health", "parent", "assessment", "analysis", "timely", "recorded", "seen"),
    *("alone", "views", "wishes", "risk", "strengths", "network"),
)


def a_tracker(path: Path, cases: int) -> Path:
    """Write a tracker with this many cases, three actions each, and some re-audits."""
    rng = random.Random(SEED)  # noqa: S311 - made-up data
    people = [f"{first} {last}" for first in _FORENAMES for last in _SURNAMES]
    texts: dict[str, int] = {}
    sheets: dict[str, tuple[Sequence[str], Iterator[Sequence[Value]]]] = {
        "Cases": (CASES, _cases(rng, people, cases)),
        "Actions": (ACTIONS, _actions(rng, people, cases)),
        "Re-audits": (REAUDITS, _reaudits(rng, people, cases)),
        "People": (PEOPLE, _people(people)),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, part in _fixed_parts(list(sheets)).items():
            made.writestr(_at_a_fixed_time(name), part)
        for at, (headings, rows) in enumerate(sheets.values(), 1):
            part = "".join(_sheet(headings, rows, lambda text: texts.setdefault(text, len(texts))))
            made.writestr(_at_a_fixed_time(f"xl/worksheets/sheet{at}.xml"), part)
        made.writestr(_at_a_fixed_time("xl/sharedStrings.xml"), _shared(texts))
    return path


def _at_a_fixed_time(name: str) -> zipfile.ZipInfo:
    one = zipfile.ZipInfo(name, (2026, 1, 31, 9, 0, 0))
    one.compress_type = zipfile.ZIP_DEFLATED
    return one


def _words(rng: random.Random, least: int, most: int) -> str:
    return " ".join(rng.choices(_WORDS, k=rng.randint(least, most))).capitalize() + "."


def _cases(rng: random.Random, people: Sequence[str], count: int) -> Iterator[Sequence[Value]]:
    findings = [_words(rng, 8, 30) for _ in range(max(count // 4, 8))]
    for number in range(1, count + 1):
        audited = _FIRST + rng.randrange(_DAYS)
        steps = [audited + after for after in (1, 1, 2, 8, 24, 14, 14, 14, 24)]
        recorded = [day if rng.random() < _RECORDED else None for day in steps]
        yield (
            f"MF-{number:06d}",
            audited,
            rng.choice(("Inadequate", "Inadequate", "Inadequate", "Good")),
            *rng.sample(people, 5),
            *recorded,
            *(rng.choice(findings) for _ in range(4)),
            "Not required",
            "Improving",
            "Green",
            "Hold the first re-audit",
        )


def _actions(rng: random.Random, people: Sequence[str], count: int) -> Iterator[Sequence[Value]]:
    tasks = [_words(rng, 4, 12) for _ in range(500)]
    for number in range(1, count * ACTIONS_PER_CASE + 1):
        due = _FIRST + _DAYS + rng.randrange(20, 90)
        done = rng.random() < 0.7  # noqa: PLR2004 - more are done than open
        yield (
            f"A-{number:07d}",
            f"MF-{(number - 1) // ACTIONS_PER_CASE + 1:06d}",
            rng.choice(tasks),
            rng.choice(people),
            due,
            due + rng.choice((0, 0, 14)),
            "Complete" if done else "Open",
            _FIRST + _DAYS + rng.randrange(20) if done else None,
            None,
            rng.choice(tasks) if done else None,
            None,
            "Complete" if done else "Open",
            None,
        )


def _reaudits(rng: random.Random, people: Sequence[str], count: int) -> Iterator[Sequence[Value]]:
    for number in range(1, count + 1, 50):
        day = _FIRST + _DAYS + rng.randrange(20)
        yield f"MF-{number:06d}", 1, day, people[ROLES.index("Auditor")], "Good", day + 5


def _people(people: Sequence[str]) -> Iterator[Sequence[Value]]:
    for at, name in enumerate(people):
        email = f"{name.replace(' ', '.').lower()}@example.gov.uk"
        role = ROLES[at % len(ROLES)]
        yield name, role, email, f"Team {at % 40 + 1}", _AREAS[at % len(_AREAS)], people[0], "Yes"


def _sheet(
    headings: Sequence[str], rows: Iterator[Sequence[Value]], index: Callable[[str], int]
) -> Iterator[str]:
    """Yield the XML of a sheet row by row, as Excel writes it."""
    columns = [letters(at) for at in range(1, len(headings) + 1)]
    spans = f'spans="1:{len(columns)}" x14ac:dyDescent="0.25"'
    styles = [_DATE if heading in _DATES else _PLAIN for heading in headings]
    yield (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
        f'<worksheet xmlns="{_MAIN}" xmlns:r="{_OFFICE}"'
        ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
        ' mc:Ignorable="x14ac"'
        ' xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac">'
        f'<sheetViews><sheetView workbookViewId="0"/></sheetViews>'
        '<sheetFormatPr defaultRowHeight="15" x14ac:dyDescent="0.25"/><sheetData>'
    )
    for number, row in enumerate(_with(headings, rows), 1):
        cells = []
        for column, style, value in zip(columns, styles, row, strict=True):
            styled = f' s="{style}"' if style and number > 1 else ""
            if isinstance(value, str):
                cells.append(f'<c r="{column}{number}"{styled} t="s"><v>{index(value)}</v></c>')
            elif value is not None:
                cells.append(f'<c r="{column}{number}"{styled}><v>{value}</v></c>')
            elif styled:
                cells.append(f'<c r="{column}{number}"{styled}/>')
        yield f'<row r="{number}" {spans}>{"".join(cells)}</row>'
    yield (
        '</sheetData><pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3"'
        ' footer="0.3"/></worksheet>'
    )


def _with(headings: Sequence[str], rows: Iterator[Sequence[Value]]) -> Iterator[Sequence[Value]]:
    yield headings
    yield from rows


def _shared(texts: dict[str, int]) -> str:
    items = "".join(f"<si><t>{escape(text)}</t></si>" for text in texts)
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
        f'<sst xmlns="{_MAIN}" count="{len(texts)}" uniqueCount="{len(texts)}">{items}</sst>'
    )


def _fixed_parts(names: Sequence[str]) -> dict[str, str]:
    sheets = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{at}" r:id="rId{at}"/>'
        for at, name in enumerate(names, 1)
    )
    links = "".join(
        f'<Relationship Id="rId{at}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{at}.xml"/>'
        for at in range(1, len(names) + 1)
    )
    parts = "".join(
        f'<Override PartName="/xl/worksheets/sheet{at}.xml" ContentType="{_KIND}.worksheet+xml"/>'
        for at in range(1, len(names) + 1)
    )
    return {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>{parts}'
        f'<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_KIND}.sharedStrings+xml"/>'
        "</Types>",
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1"'
        f' Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
        f"<sheets>{sheets}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{links}'
        f'<Relationship Id="rIdS" Type="{_OFFICE}/styles" Target="styles.xml"/>'
        f'<Relationship Id="rIdT" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
        "</Relationships>",
        "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font><sz val="11"/>'
        '<name val="Calibri"/></font></fonts><fills count="1"><fill><patternFill'
        ' patternType="none"/></fill></fills><borders count="1"><border/></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
        '</cellStyleXfs><cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"'
        ' xfId="0"/><xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0"'
        ' applyNumberFormat="1"/></cellXfs></styleSheet>',
    }
