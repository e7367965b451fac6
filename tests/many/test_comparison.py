"""The pack over many trackers: a row for each, its figures add up, and small ones stay hidden."""

import random
from datetime import date
from pathlib import Path

import pytest
from docx import Document

from mfauto.many import Examined, Figures, LeftOut, Summary
from mfauto.many.comparison import comparison
from mfauto.settings import Settings
from tests.looking import failures, page_counts
from tests.many.making import AS_AT
from tools import make_comparison_template

MARKING = "OFFICIAL-SENSITIVE"
FIELDS = ("cases", "inadequate", "left", "red", "overdue", "unsafe", "excluded")


def figures(rng: random.Random) -> Figures:
    cases = rng.randint(0, 30)
    inadequate = rng.randint(0, cases)
    red = rng.randint(0, cases)
    return Figures(
        rows_read=cases,
        cases=cases,
        inadequate=inadequate,
        left=rng.randint(0, cases - inadequate),
        red=red,
        overdue=red + rng.randint(0, red),
        unsafe=rng.randint(0, min(red, 3)),
        excluded=rng.choice([0, 0, 1, 7]),
        unread=rng.randint(0, 9),
    )


def a_summary(number: int, seed: int = 1) -> Summary:
    rng = random.Random(seed)  # noqa: S311 - the same seed must give the same figures
    trackers = [
        Examined(
            name=f"Place {n:03d}", path=Path(f"{n}.xlsx"), sha256="0" * 64, month=made, now=made
        )
        for n in range(number)
        for made in [figures(rng)]
    ]
    unread = Examined(
        name="Westmoor", path=Path("West.xlsx"), trouble=("It is damaged.\nMend it.",), exit_code=4
    )
    return Summary(
        as_at=AS_AT,
        month=date(2026, 10, 31),
        trackers=(*trackers, unread),
        left_out=(LeftOut(name="Copy of Place.xlsx", why="It is a copy."),),
    )


def made(folder: Path, summary: Summary, *, hide: bool = False, own: tuple[str, ...] = ()) -> Path:
    target = folder / "pack.docx"
    comparison(summary, Settings(folder=folder), target, hide=hide, own=own)
    return target


def rows(path: Path) -> list[list[str]]:
    table = Document(str(path)).tables[0]
    return [[cell.text for cell in row.cells] for row in table.rows][1:]


def words(path: Path) -> str:
    return "\n".join(one.text for one in Document(str(path)).paragraphs)


@pytest.mark.parametrize("hide", [False, True])
@pytest.mark.parametrize("number", [0, 1, 30])
def test_the_pack_is_sound_however_many_trackers_there_are(
    tmp_path: Path, number: int, *, hide: bool
) -> None:
    path = made(tmp_path, a_summary(number), hide=hide)
    assert failures(path, marking=MARKING) == []


def test_each_tracker_has_a_row_and_the_last_row_is_their_sum(tmp_path: Path) -> None:
    summary = a_summary(12)
    found = rows(made(tmp_path, summary))
    assert [row[0] for row in found] == [
        *(one.name for one in summary.trackers),
        "All trackers that were read",
    ]
    for one, row in zip(summary.read, found, strict=False):
        assert row[1:8] == [f"{getattr(one.month, field):,}" for field in FIELDS]
    assert found[-2] == ["Westmoor", *["Not known"] * 8]
    for column in range(1, 9):
        assert int(found[-1][column]) == sum(int(row[column]) for row in found[:-2])


def test_what_could_not_be_read_is_said_with_what_to_do(tmp_path: Path) -> None:
    path = made(tmp_path, a_summary(2))
    tables = [[[c.text for c in r.cells] for r in t.rows] for t in Document(str(path)).tables]
    assert tables[1][1] == ["Westmoor", "It is damaged. Mend it."]
    assert tables[2][1] == ["Copy of Place.xlsx", "It is a copy."]
    assert "Nothing can be said about the children in 1 tracker" in words(path)


@pytest.mark.parametrize("seed", range(8))
def test_no_small_number_is_shown_where_small_numbers_are_kept_back(
    tmp_path: Path, seed: int
) -> None:
    path = made(tmp_path, a_summary(6, seed), hide=True)
    found = rows(path)
    hidden = {"fewer than 5", "hidden"}
    for column in range(1, 8):
        texts = [row[column] for row in found if row[column] != "Not known"]
        assert not set(texts) & {"1", "2", "3", "4"}
        if "fewer than 5" in texts:  # alone in its column it would follow from the sum
            assert sum(text in hidden for text in texts) > 1
    small = [one for one in ("1 case", "2 cases", "3 cases", "4 cases") if f" {one}" in words(path)]
    assert small == []


def test_limits_of_their_own_are_named(tmp_path: Path) -> None:
    path = made(tmp_path, a_summary(2), own=("Place 000", "Place 001"))
    assert "Limits of their own: Place 000 and Place 001." in words(path)


def test_made_again_the_file_is_the_same(tmp_path: Path) -> None:
    first = made(tmp_path, a_summary(5)).read_bytes()
    assert made(tmp_path, a_summary(5)).read_bytes() == first


def test_a_pack_of_a_region_has_a_few_pages_and_no_more(tmp_path: Path) -> None:
    (pages,) = page_counts([made(tmp_path, a_summary(60))]).values()
    assert 5 <= pages <= 8


def test_the_template_is_what_its_tool_makes() -> None:
    assert make_comparison_template.TARGET.read_bytes() == make_comparison_template.template()
