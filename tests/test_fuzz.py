"""Spoiled files are used or refused, and never harmed: a short run of the fuzzer."""

import io
import os
import zipfile
from pathlib import Path
from random import Random

import pytest

from mfauto.settings import Settings
from tools import fuzz, mutations

LONG = bool(os.environ.get("MFAUTO_LONG"))
COUNTS = {
    "workbooks": (150, 20_000),
    "templates": (60, 2_500),
    "settings": (80, 2_500),
    "emails": (40, 2_500),
}


@pytest.mark.parametrize("kind", COUNTS)
def test_a_spoiled_file_is_used_or_refused(kind: str) -> None:
    count = COUNTS[kind][LONG]
    found = fuzz.fuzz(kind, 1, count)
    assert [outcome for outcome in found if outcome.harm] == []
    assert len(found) == count
    assert {outcome.outcome for outcome in found} == {"used", "refused"}


def test_every_kind_of_email_has_something_to_say(tmp_path: Path) -> None:
    settings = Settings(folder=tmp_path, tracker=fuzz.tracker(tmp_path))
    numbers = fuzz.written(fuzz.found_in(settings), settings)
    assert len(numbers) == 7
    assert all(numbers)


@pytest.mark.parametrize("seed", range(5))
def test_the_same_seed_spoils_in_the_same_way(seed: int) -> None:
    data = (Path(__file__).parent.parent / "tracker_template.xlsx").read_bytes()
    made = [mutations.spoiled(data, Random(seed)) for _ in range(2)]  # noqa: S311
    assert made[0] == made[1] != data


def test_harm_to_another_cell_would_be_found() -> None:
    before, made = fuzz.trackers()[0], io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(before)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"<t>MF-008</t>", b"<t>MF-009</t>"))
    own = {("", cell) for cell in ("A9", "B5", "B6", "B7")}
    found = fuzz.harm_between(before, made.getvalue(), {("Cases", "AL9")})
    assert found == "xl/worksheets/sheet2.xml: A9 are not the same"
    assert fuzz.harm_between(before, made.getvalue(), own) is None
    assert fuzz.harm_between(before, before, set()) is None


@pytest.mark.parametrize(
    ("old", "new", "harm"),
    [
        (b"<calcPr", b'<calcPr fullCalcOnLoad="1"', None),
        (b'name="Cases"', b'name="Casts"', "xl/workbook.xml is not the same"),
    ],
)
def test_of_the_workbook_part_only_the_calculation_may_differ(
    old: bytes, new: bytes, harm: str | None
) -> None:
    part, made = "xl/workbook.xml", io.BytesIO()
    before = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(fuzz.trackers()[0])) as source:
        held = {name: source.read(name) for name in source.namelist()}
    if b"<calcPr" not in held[part]:
        held[part] = held[part].replace(b"</workbook>", b'<calcPr calcId="1"/></workbook>')
    assert old in held[part]
    for target, workbook in ((before, held[part]), (made, held[part].replace(old, new, 1))):
        with zipfile.ZipFile(target, "w") as file:
            for name, content in (held | {part: workbook}).items():
                file.writestr(name, content)
    assert fuzz.harm_between(before.getvalue(), made.getvalue(), set()) == harm


def test_a_measure_of_a_template_that_is_no_number_ends_in_no_traceback(tmp_path: Path) -> None:
    assert fuzz.one("templates", 649, tmp_path).outcome in ("used", "refused")
