"""A real browser, for pages as their reader has them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from tests.looking import needs

_QUIET = ["--disable-gpu", "--disable-quic", "--no-sandbox", "--disable-background-networking"]


@contextmanager
def browser() -> Iterator[Browser]:
    """Start Chromium as the system has it."""
    path = needs("chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=_QUIET)
        try:
            yield started
        finally:
            started.close()


def violations(page: Page) -> list[str]:
    """Give what axe finds wrong with a page: the rule and the place, one line each."""
    found: dict[str, Any] = Axe().run(page).response
    return [
        f"{one['id']}: {node['target']} {node['html'][:200]}"
        for one in found["violations"]
        for node in one["nodes"]
    ]
