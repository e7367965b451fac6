"""Small trackers of their own services, with something to tell at 2 November 2026."""

from datetime import date
from pathlib import Path
from typing import Any

from tests.making import a_workbook

AS_AT = date(2026, 11, 2)
_CASE: dict[str, Any] = {
    "audited": date(2026, 8, 3),
    "audit_grade": "Inadequate",
    "service_area": "Larkhill",
    "head_of_service": "Hana Example",
    "managers_alerted": date(2026, 8, 3),
    "qa_notified": date(2026, 8, 3),
    "child_safety_assured": date(2026, 8, 4),
    "moderation_completed": date(2026, 8, 10),
    "meeting_booked": date(2026, 9, 1),
    "meeting_held": date(2026, 9, 1),
    "caseload_review": "Required",
}


def a_service(path: Path, *, cases: int = 3, unsafe: int = 0, left: int = 0) -> Path:
    """Write a tracker: of its cases, some are not assured, and some left in October."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [
        {
            "ref": f"MF-{number:03d}",
            **_CASE,
            **({"child_safety_assured": None} if number < unsafe else {}),
        }
        for number in range(cases)
    ]
    gone = [
        {"case_ref": row["ref"], "round": 1, "audited": date(2026, 10, 20), "grade": "Good"}
        for row in rows[cases - left :]
    ]
    return a_workbook(path, cases=rows, reaudits=gone)


def every_file(folder: Path) -> dict[str, bytes]:
    """Give what stands in a folder, by its path there; without the history."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith("mfauto-history")
    }
