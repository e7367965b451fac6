"""Makes a tracker for a test: valid by default, a test states only what it is about."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from mfauto.columns import SHEETS
from mfauto.model import Action, Case, Example, Meeting, Person, Place, ReAudit, Tracker

PLACES = {
    sheet.name: (
        Place(
            name=sheet.name,
            header=1,
            columns={column.field: number for number, column in enumerate(sheet.columns, start=1)},
        ),
    )
    for sheet in SHEETS
}
STAFF: Sequence[Mapping[str, str]] = (
    {"name": "Ada Example", "role": "Practitioner"},
    {"name": "Tom Example", "role": "Team Manager"},
    {"name": "Sam Example", "role": "Service Manager"},
    {"name": "Hana Example", "role": "Head of Service"},
    {"name": "Aud Example", "role": "Auditor"},
    {"name": "Quin Example", "role": "QA Team Manager"},
    {"name": "Sky Example", "role": "SQA Officer"},
)
_CASE: Mapping[str, Any] = {
    "ref": "MF-001",
    "audited": date(2025, 1, 6),
    "audit_grade": "Inadequate",
    "service_area": "Larkhill",
    "team": "Larkhill 1",
    "practitioner": "Ada Example",
    "team_manager": "Tom Example",
    "service_manager": "Sam Example",
    "head_of_service": "Hana Example",
    "auditor": "Aud Example",
}


def a_case(row: int = 2, **fields: Any) -> Case:
    """Give a case audited on 6 January 2025; None blanks a field."""
    return Case(row=row, **{**_CASE, **fields})


def a_tracker(*cases: Case, **rows: Sequence[Mapping[str, Any]]) -> Tracker:
    """Give a tracker of these cases; rows of other sheets by field, from row 2 on."""

    def made(kind: Any, name: str) -> Any:
        return tuple(
            kind(row=number, **row) for number, row in enumerate(rows.get(name, ()), start=2)
        )

    staff = [
        {"email": f"{p['name'].split()[0].lower()}@example.org", "active": "Yes", **p}
        for p in STAFF
    ]
    people = rows.get("people", staff)
    return Tracker(
        path=Path("Tracker.xlsx"),
        sha256="0" * 64,
        places=PLACES,
        cases=cases,
        actions=made(Action, "actions"),
        reaudits=made(ReAudit, "reaudits"),
        examples=made(Example, "examples"),
        meetings=made(Meeting, "meetings"),
        people=tuple(Person(row=n, **person) for n, person in enumerate(people, start=2)),
        areas=tuple(map(str, rows.get("areas", ()))),
    )


def a_workbook(target: Path, *, above: Sequence[Sequence[Any]] = (), **rows: Any) -> Path:
    """Write a tracker with the contract's headings below the rows `above`.

    Rows go by field, under the name that `a_tracker` gives their sheet; a list of them each.
    """
    names = dict(
        zip(SHEETS, ("cases", "actions", "reaudits", "examples", "meetings", "people"), strict=True)
    )
    book = Workbook()
    book.remove(book.worksheets[0])
    staff = [{"active": "Yes", "email": "someone@example.org", **person} for person in STAFF]
    for sheet, name in names.items():
        made = book.create_sheet(sheet.name)
        for row in above:
            made.append(list(row))
        made.append([column.heading for column in sheet.columns])
        for row in rows.get(name, staff if name == "people" else []):
            made.append([row.get(column.field) for column in sheet.columns])
    book.save(target)
    return target
