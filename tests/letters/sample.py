"""Cases that call for letters, for the tests of the letters."""

from datetime import date
from pathlib import Path
from typing import Any

from mfauto.letters import Letters, letters
from mfauto.messages import Known, Message
from mfauto.model import Case, Review
from mfauto.settings import Settings
from tests.messages.sample import MONDAY, PEOPLE, SETTINGS, improving, in_order, reviewed

GOLDEN = Path(__file__).parent / "golden"
STAFF = [
    *PEOPLE[:5],
    {
        "name": "Ted Marsh",
        "role": "Team Manager",
        "email": "ted.marsh@council.example",
        "active": "Yes",
    },
]
MEETINGS = [
    {
        "held": date(2026, 12, 3),
        "type": "Moving Forward Meeting",
        "starts": "10:00",
        "location": "Room 2; first floor, east",
    },
    {"held": date(2026, 12, 3), "type": "Panel Review", "starts": "14:00", "location": "Hall"},
]


def booked(row: int = 2, **fields: Any) -> Case:
    """Give a case whose meeting is booked for 3 December 2026 and nobody is invited."""
    blank = dict.fromkeys(
        ("meeting_held", "audit_findings", "strengths", "practice_context", "support_agreed")
    )
    return improving(
        row,
        **{
            **blank,
            "caseload_review": None,
            "exception_report_completed": None,
            "meeting_booked": date(2026, 12, 3),
            **fields,
        },
    )


def left(row: int = 2, **fields: Any) -> Case:
    """Give a case that left Inadequate on 20 October 2026, with `re_audit`."""
    return in_order(row, **fields)


def re_audit(**fields: Any) -> dict[str, Any]:
    """Give the passing re-audit."""
    return {
        "case_ref": "MF-014",
        "round": 1,
        "audited": date(2026, 10, 20),
        "grade": "Good",
        "reauditor": "Sam Okoro",
        **fields,
    }


def shared(**fields: Any) -> dict[str, Any]:
    """Give a good practice example that is in the library and not announced."""
    return {
        "ref": "E-1",
        "case_ref": "MF-014",
        "example": "Direct work with drawings",
        "theme": "Child's voice",
        "reviewed": date(2026, 9, 5),
        "anonymised": date(2026, 9, 8),
        "uploaded": date(2026, 9, 10),
        "library_link": "https://council.example/library/1",
        **fields,
    }


def found(*cases: Case, as_at: date = MONDAY, **rows: Any) -> Review:
    """Review these cases, with the staff and the meetings."""
    return reviewed(*cases, as_at=as_at, **{"people": STAFF, "meetings": MEETINGS, **rows})


def made(
    kind: str,
    review: Review,
    settings: Settings = SETTINGS,
    run: Known | None = None,
    used: frozenset[str] = frozenset(),
) -> Letters:
    """Make the letters of one kind."""
    return letters(kind, review, settings, run or Known(), used)


def readers(letters: Letters) -> list[str]:
    """Give the readers, by the beginning of their addresses."""
    return sorted(message.recipient.split("@")[0] for message in letters.messages)


def to(letters: Letters, name: str) -> Message:
    """Give the one letter to a person."""
    (one,) = (one for one in letters.messages if one.recipient.startswith(name))
    return one
