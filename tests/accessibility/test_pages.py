"""Every page and every kind of email, checked by axe as a reader's browser shows it."""

import shutil
from collections.abc import Iterator
from datetime import date
from email import message_from_bytes, policy
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page

from mfauto.cli import main
from tests.browsing import browser, violations
from tests.making import a_workbook

Scheme = Literal["light", "dark"]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as started:
        yield started


@pytest.fixture
def opened(chromium: Browser) -> Iterator["Open"]:
    opener = Open(chromium)
    yield opener
    opener.close()


class Open:
    """Opens files; a page that asks the network for anything, or stumbles, is noted."""

    def __init__(self, chromium: Browser) -> None:
        self._chromium = chromium
        self._pages: list[Page] = []
        self.asked: list[str] = []
        self.stumbled: list[str] = []

    def __call__(self, path: Path, *, width: int = 1300, scheme: Scheme = "light") -> Page:
        page = self._chromium.new_page(
            viewport={"width": width, "height": 900}, color_scheme=scheme
        )
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("console", lambda said: self.stumbled.append(said.text))
        page.on("pageerror", lambda error: self.stumbled.append(str(error)))
        page.goto(path.as_uri())
        self._pages.append(page)
        return page

    def close(self) -> None:
        for page in self._pages:
            page.close()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, whole_demo: Path) -> Path:
    folder = tmp_path_factory.mktemp("pages") / "demo"
    shutil.copytree(whole_demo, folder)
    config = ["--config", str(folder / "mfauto.toml"), "--as-at", "2026-11-24"]
    assert main(["board", *config]) == 0
    assert main(["remind", "--preview", *config]) == 0
    return folder


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1300, 375, 320])
def test_the_board(made: Path, opened: Open, width: int, scheme: Scheme) -> None:
    page = opened(made / "board.html", width=width, scheme=scheme)
    assert violations(page) == []
    assert opened.stumbled == []
    assert opened.asked == [(made / "board.html").as_uri()]
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_preview(made: Path, opened: Open, scheme: Scheme) -> None:
    page = opened(made / "preview" / "2026-W48.html", scheme=scheme)
    # The emails in their frames let no script in; they are checked by themselves below.
    page.evaluate("document.querySelectorAll('iframe').forEach((frame) => frame.remove())")
    assert violations(page) == []


def one_of_each_kind(outbox: Path) -> dict[str, Path]:
    return {path.stem.rsplit("-", 2)[1]: path for path in sorted(outbox.glob("*.eml"))}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [800, 375])
def test_every_kind_of_email(
    made: Path, opened: Open, tmp_path: Path, width: int, scheme: Scheme
) -> None:
    kinds = one_of_each_kind(made / "outbox")
    assert len(kinds) == 7
    found = {}
    for kind, path in kinds.items():
        html = message_from_bytes(path.read_bytes(), policy=policy.default).get_body(("html",))
        assert html is not None
        (tmp_path / f"{kind}.html").write_text(html.get_content(), encoding="utf-8")
        page = opened(tmp_path / f"{kind}.html", width=width, scheme=scheme)
        found[kind] = violations(page)
    assert found == {kind: [] for kind in kinds}
    assert all(address.startswith("file:") for address in opened.asked)


def test_no_email_is_wider_than_a_phone(made: Path, opened: Open, tmp_path: Path) -> None:
    wide = {}
    for path in sorted((made / "outbox").glob("*.eml")):
        html = message_from_bytes(path.read_bytes(), policy=policy.default).get_body(("html",))
        assert html is not None
        shown = tmp_path / f"{path.stem}.html"
        shown.write_text(html.get_content(), encoding="utf-8")
        wide[path.name] = opened(shown, width=375).evaluate("document.documentElement.scrollWidth")
    assert {name: number for name, number in wide.items() if number > 375} == {}


@pytest.mark.parametrize("width", [800, 375])
def test_a_board_with_very_long_names_is_no_wider_than_its_window(
    opened: Open, tmp_path: Path, width: int
) -> None:
    case = {
        "ref": "MF-001",
        "audited": date(2026, 11, 2),
        "audit_grade": "Inadequate",
        "service_area": "Children with Disabilities, Early Help and Edge of Care Support Service",
        "head_of_service": "Hana Featherstonehaugh-Cholmondeley",
    }
    tracker = a_workbook(tmp_path / "Tracker.xlsx", cases=[case])
    words = ["--tracker", str(tracker), "--out", str(tmp_path), "--as-at", "2026-11-24"]
    assert main(["board", *words]) == 0
    page = opened(tmp_path / "board.html", width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    inner = "(one) => [one.scrollWidth, one.clientWidth]"
    needed, room = page.eval_on_selector(".safety .wide", inner)
    assert needed <= room


def test_every_page_of_the_site(site: Path, opened: Open) -> None:
    pages = sorted(site.glob("*.html"))
    assert len(pages) > 20
    page = opened(pages[0])
    found = {}
    for path in pages:
        page.goto(path.as_uri())
        found[path.name] = violations(page)
    assert found == {path.name: [] for path in pages}
    assert all(address.startswith("file:") for address in opened.asked)


def test_the_checker_does_find_what_is_wrong(tmp_path: Path, opened: Open) -> None:
    (tmp_path / "bad.html").write_text("<img src='x'><p style='color:#eee'>Pale", encoding="utf-8")
    rules = {line.split(":")[0] for line in violations(opened(tmp_path / "bad.html"))}
    assert {"image-alt", "color-contrast", "html-has-lang"} <= rules
