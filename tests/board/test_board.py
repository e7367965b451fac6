"""The board says what `check` says, hides nothing, runs nothing of anybody else's."""

import json
import os
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from html import unescape
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from mfauto import jobs
from mfauto.board import board_of, board_page
from mfauto.cli import main
from mfauto.diary import Wanted, diary
from mfauto.errors import TemplateError
from mfauto.flags import flags
from mfauto.jobs import Run
from mfauto.ledger import open_ledger
from mfauto.policy import Policy
from mfauto.process import review
from mfauto.schedule import LONDON
from mfauto.settings import PROJECT, Settings
from tests.browsing import browser
from tests.making import a_case, a_tracker
from tests.messages.sample import improving, the_week, unsafe
from tests.scheduling.test_due import tracker

AS_AT = "2026-11-24"
SETTINGS = Settings(folder=Path())


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, whole_demo: Path) -> Path:
    folder = tmp_path_factory.mktemp("board") / "demo"
    shutil.copytree(whole_demo, folder)
    assert main(["board", "--config", str(folder / "mfauto.toml"), "--as-at", AS_AT]) == 0
    return folder


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as started:
        yield started


@pytest.fixture
def page(demo: Path, chromium: Browser) -> Iterator[Page]:
    opened = chromium.new_page(viewport={"width": 1300, "height": 900})
    opened.goto((demo / "board.html").as_uri())
    yield opened
    opened.close()


def text_of(demo: Path) -> str:
    return (demo / "board.html").read_text(encoding="utf-8")


def test_every_figure_is_the_one_that_check_gives(
    demo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    config = str(demo / "mfauto.toml")
    main(["check", "--config", config, "--as-at", AS_AT, "--format", "json"])
    checked = json.loads(capsys.readouterr().out)
    text = text_of(demo)

    said = dict(re.findall(r"<dt>(.+?)</dt><dd>(\d+)</dd>", text))
    rags = Counter(one["rag"] for one in checked["positions"])
    assert said["Cases in the process"] == str(checked["counts"]["cases"])
    assert said["Overdue items"] == str(checked["counts"]["overdue"])
    assert said["Due soon"] == str(checked["counts"]["due_soon"])
    for rag in ("Red", "Amber", "Green", "Complete"):
        assert said[rag] == str(rags[rag])
    cards = re.findall(
        r'<li class="card (\w+)".*?>\s*<p class="top"><span>(.+?)</span>', text, re.DOTALL
    )
    assert {unescape(ref): rag for rag, ref in cards} == {
        one["case"]: one["rag"] for one in checked["positions"]
    }
    columns = re.findall(r'<h3 id="stage-\d+">(.+?)</h3>\s*<p>([\d,]+) cases?', text)
    stages = Counter(one["stage"] for one in checked["positions"])
    assert {name: int(number) for name, number in columns} == dict(stages)
    late = [one["case"] for one in checked["findings"] if one["step"] == "assure_child_safety"]
    for ref in late:
        assert f'<th scope="row">{ref}</th>' in text.split('id="stages"')[0]


def test_overdue_cases_come_first_and_nobody_but_heads_of_service_is_named(demo: Path) -> None:
    found = jobs.reviewed(
        Settings(folder=demo, tracker=demo / "Moving Forward tracker.xlsx"), date(2026, 11, 24)
    )
    for column in board_of(found).columns:
        late = [card.late for card in column.cards]
        assert late == sorted(late, reverse=True)
    heads = {case.head_of_service for case in found.tracker.cases}
    text = text_of(demo)
    for person in found.tracker.people:
        if person.name and person.name not in heads:
            assert person.name not in text
    for action in found.tracker.actions:
        assert (action.action or "nothing") not in text


def test_rows_left_out_are_shown_at_the_top() -> None:
    text = board_page(board_of(the_week()), SETTINGS)
    assert "1 row left out" in text
    assert text.index("MF-021") < text.index('id="stages"')
    assert "MF-021" not in text[text.index('id="stages"') :]


def test_what_is_left_to_do_is_said_as_in_the_tracker_and_in_the_calendar() -> None:
    left = "Invite the Service Manager"
    case = a_case(
        managers_alerted=date(2025, 1, 6),
        qa_notified=date(2025, 1, 6),
        child_safety_assured=date(2025, 1, 6),
        moderation_completed=date(2025, 1, 10),
        meeting_booked=date(2025, 1, 30),
        practitioner_invited=date(2025, 1, 13),
        team_manager_invited=date(2025, 1, 13),
    )
    found = review(a_tracker(case), Policy(), date(2025, 1, 20))
    board = board_of(found)

    assert [card.next for column in board.columns for card in column.cards] == [left]
    assert left in [day.what for day in board.days]
    assert left in flags(found).values()
    assert f"MF-001: {left}".encode() in diary(found, Wanted())[0]


@pytest.mark.parametrize(
    ("audited", "look", "heading", "asked"),
    [
        ((13,), "alert", "not assured in 1 case<", "not at risk, today."),
        ((17,), "calm", "not assured yet in 1 case<", "not at risk, by the due date."),
        ((13, 17), "alert", "not assured in 2 cases<", "not at risk, today where it is overdue."),
    ],
)
def test_child_safety_is_red_and_asked_for_today_only_where_it_is_overdue(
    audited: tuple[int, ...], look: str, heading: str, asked: str
) -> None:
    """As in the emails of the same day."""
    cases = [a_case(day, ref=f"MF-{day}", audited=date(2025, 1, day)) for day in audited]
    found = review(a_tracker(*cases), Policy(), date(2025, 1, 20))
    text = board_page(board_of(found), SETTINGS).partition('id="stages"')[0]
    assert f'class="safety {look}"' in text
    assert f"Child safety is {heading}" in text
    assert asked in text


def test_a_tracker_without_cases_makes_a_page_too() -> None:
    found = review(a_tracker(), Policy(), date(2026, 11, 2))
    text = board_page(board_of(found), SETTINGS)
    assert "Child safety is assured in every case that asks for it" in text
    assert "Nothing falls due." in text


def test_the_same_review_gives_the_same_bytes() -> None:
    assert board_page(board_of(the_week()), SETTINGS) == board_page(board_of(the_week()), SETTINGS)


HOSTILE = (
    "<script>window.harmed = true</script>",
    '"><img src=x onerror="window.harmed = true">',
    "</style><script>window.harmed = true</script>",
    "' onmouseover='window.harmed = true",
    "{{ 7 * 7 }}",
    "javascript:window.harmed=true",
)


def test_what_people_type_is_text_and_never_runs(tmp_path: Path, chromium: Browser) -> None:
    cases = [
        improving(row, ref=f"MF-{row} {text}", service_area=text, head_of_service=text)
        for row, text in enumerate(HOSTILE, start=2)
    ]
    found = review(a_tracker(*cases, unsafe(40, ref=HOSTILE[0])), Policy(), date(2026, 11, 2))
    path = tmp_path / "board.html"
    path.write_text(board_page(board_of(found), SETTINGS), encoding="utf-8")
    page = chromium.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    page.mouse.move(200, 500)
    assert page.evaluate("window.harmed") is None
    assert asked == [path.as_uri()]
    shown = page.locator(".card .top span:first-child").all_text_contents()
    assert {" ".join(text.split()) for text in shown} >= {
        f"MF-{row} {text}" for row, text in enumerate(HOSTILE, start=2)
    }
    page.close()


def test_somebody_elses_script_does_not_run_even_inside_the_page(
    demo: Path, tmp_path: Path, chromium: Browser
) -> None:
    spoiled = text_of(demo).replace("</main>", "<script>window.harmed = true</script></main>")
    (tmp_path / "board.html").write_text(spoiled, encoding="utf-8")
    page = chromium.new_page()
    page.goto((tmp_path / "board.html").as_uri())
    assert page.evaluate("window.harmed") is None
    assert page.locator("#filters").is_visible()  # its own script does run
    page.close()


def shown(page: Page) -> int:
    return page.locator(".card:not([hidden])").count()


def test_the_filters_narrow_the_cases_and_say_how_many(page: Page) -> None:
    everything = shown(page)
    said = page.locator("#shown")
    assert said.inner_text() == f"All {everything} cases shown."
    page.fill("#search", "exception report")
    few = shown(page)
    assert 0 < few < everything
    assert said.inner_text() == f"{few} of {everything} cases shown."
    page.select_option("#rag", "Red")
    assert 0 < shown(page) <= few
    assert set(page.locator(".card:not([hidden]) .rag").all_inner_texts()) == {"Red"}
    page.click("button[type=reset]")
    page.get_by_text(f"All {everything} cases shown.").wait_for()
    assert shown(page) == everything
    page.fill("#search", "no such case")
    assert shown(page) == 0
    assert page.locator(".column:not([hidden])").count() == 0


def test_a_search_finds_a_closed_case_in_its_fold(page: Page) -> None:
    ref = page.locator("details .card .top span:first-child").first.text_content() or ""
    assert not page.get_by_text(ref, exact=True).is_visible()
    page.fill("#search", ref)
    assert page.get_by_text(ref, exact=True).is_visible()


def test_it_can_be_used_with_the_keyboard_alone(page: Page) -> None:
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "cases"
    seen = []
    for _ in range(6):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.id || document.activeElement.name"))
    assert seen[:5] == ["search", "area", "head", "rag", "late"]
    page.locator("#search").focus()
    page.keyboard.type("mf-0")
    assert shown(page) > 0


def test_without_its_script_it_is_a_plain_page_with_everything_on_it(
    demo: Path, chromium: Browser
) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((demo / "board.html").as_uri())
    assert not page.locator("#filters").is_visible()
    assert page.locator(".card").count() == text_of(demo).count('<li class="card')
    context.close()


def test_it_prints_on_few_pages(page: Page, tmp_path: Path) -> None:
    from pypdf import PdfReader  # noqa: PLC0415 - only here

    page.pdf(path=tmp_path / "board.pdf", prefer_css_page_size=True)
    printed = PdfReader(tmp_path / "board.pdf")
    width, height = printed.pages[0].mediabox[2:]
    assert (round(width), round(height)) == (842, 595)  # A4, landscape
    assert len(printed.pages) <= 8
    assert "Where every case stands" in printed.pages[0].extract_text()


def test_ten_thousand_cases_can_still_be_searched(tmp_path: Path, chromium: Browser) -> None:
    cases = [a_case(row, ref=f"MF-{row:05}", audited=date(2026, 10, 1)) for row in range(2, 10_002)]
    found = review(a_tracker(*cases), Policy(), date(2026, 11, 2))
    path = tmp_path / "board.html"
    path.write_text(board_page(board_of(found), SETTINGS), encoding="utf-8")
    assert path.stat().st_size < 12_000_000
    page = chromium.new_page()
    page.goto(path.as_uri())
    page.fill("#search", "mf-09999")
    assert shown(page) == 1
    page.close()


def test_a_run_makes_the_board_too_for_its_owner_only(tmp_path: Path) -> None:
    tracker(tmp_path)
    now = datetime(2026, 11, 2, 7, tzinfo=LONDON)
    settings = Settings(folder=tmp_path, tracker=tmp_path / "Tracker.xlsx")
    with open_ledger(tmp_path, now) as ledger:
        run = Run(settings=settings, as_at=now.date(), now=now, ledger=ledger)
        jobs.run_due(run)
    assert (tmp_path / "board.html").is_file()
    if os.name != "nt":
        assert (tmp_path / "board.html").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("name", ["board.html", "board.css", "board.js"])
def test_a_file_of_it_that_is_gone_or_broken_is_said(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "templates"
    shutil.copytree(PROJECT / "templates", folder)
    settings = Settings(folder=tmp_path, templates=folder)
    (folder / "board" / name).write_text("{{ nothing }}</script></style>", encoding="utf-8")
    with pytest.raises(TemplateError, match=re.escape(name)):
        board_page(board_of(the_week()), settings)
    (folder / "board" / name).unlink()
    with pytest.raises(TemplateError, match=re.escape(name)):
        board_page(board_of(the_week()), settings)
