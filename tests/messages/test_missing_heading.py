"""A heading that is missing or renamed sends nobody a false alarm, and is never passed over."""

from datetime import date
from pathlib import Path

from openpyxl import load_workbook

from mfauto.messages import digests, safety_alerts
from mfauto.messages.plan import Known
from mfauto.model import Review
from mfauto.policy import Policy
from mfauto.process import review
from mfauto.settings import Settings
from mfauto.workbook import read_tracker
from tests.making import a_workbook
from tests.scheduling.test_due import CASE, PEOPLE


def found(folder: Path, *, renamed: bool) -> tuple[Settings, Review]:
    path = a_workbook(folder / "Tracker.xlsx", cases=[CASE], people=PEOPLE)
    if renamed:
        book = load_workbook(path)
        (cell,) = [one for one in book["Cases"][1] if one.value == "Child safety assured"]
        cell.value = "Signed off by the head"
        book.save(path)
    settings = Settings(folder=folder, tracker=path)
    return settings, review(read_tracker(path, settings), Policy(), date(2026, 11, 30))


def told(settings: Settings, seen: Review) -> dict[str, str]:
    messages = (*safety_alerts(seen, settings, Known()).messages, *digests(seen, settings).messages)
    said: dict[str, str] = {}
    for message in messages:
        said[message.recipient] = said.get(message.recipient, "") + message.subject + message.text
    return said


def test_an_ordinary_tracker_asks_the_head_of_service(tmp_path: Path) -> None:
    assert "Child safety" in told(*found(tmp_path, renamed=False))["han@council.example"]


def test_what_cannot_be_judged_goes_to_whoever_keeps_the_tracker(tmp_path: Path) -> None:
    settings, seen = found(tmp_path, renamed=True)
    said = told(settings, seen)

    assert "Child safety" not in said.get("han@council.example", "")
    why = 'Nobody can tell whether it is done: there is no heading "Child safety assured".'
    assert why in " ".join(said["sky@council.example"].split())
    batch = digests(seen, settings)
    overdue = sum(finding.level == "overdue" for finding in seen.findings)
    assert sum(len(message.items) for message in batch.messages) == overdue
