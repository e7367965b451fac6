"""Makes the pictures of the pages: `python -m tools.make_pictures`.

Everything in them comes from the demo of one fixed day. Needs LibreOffice, poppler
and Chromium; another version of them may draw a few pixels in another way, so no
test compares the pictures. A test says that each one stands on a page.
"""

import email
import html
import os
import re
import struct
import subprocess
import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from email.policy import default
from pathlib import Path
from typing import Final

from mfauto.cli import main

TARGET: Final = Path(__file__).parent.parent / "docs" / "pictures"
AS_AT: Final = "2026-11-24"
WEEK_AFTER: Final = "2026-12-01"  #: by then managers hear of what its owner was told before
_DOTS: Final = "96"  #: an inch, for pages of paper
_DESK, _PHONE = 800, 375  # pixels
_TALLEST: Final = 4000  #: pixels of an email
_TABLE: Final = ("-x", "36", "-y", "20", "-W", "900", "-H", "628")  #: pixels of the page
_DARK: Final = "--blink-settings=preferredColorScheme=0"
_BROWSER: Final = ("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars")
_MEASURE: Final = (
    "<body style='margin:0'><iframe id=f style='border:0;display:block;width:{wide}px;"
    "height:{tall}px' srcdoc='{page}'></iframe><script>f.onload=()=>document.title="
    "f.contentDocument.body.scrollHeight</script></body>"
)


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a document."""

    name: str
    document: str  #: within the demo's folder; the first one that fits
    page: int = 1
    holds: str = ""  #: words of the page that is meant; "" where `page` says it


@dataclass(frozen=True, slots=True)
class Email:
    """An email as its reader sees it."""

    name: str
    file: str  #: within the outbox
    to: str  #: the name before the "@"; "" where the first one that fits is meant
    wide: int = _DESK
    dark: bool = False
    most: int = _TALLEST  #: pixels that are shown


@dataclass(frozen=True, slots=True)
class Screen:
    """A page in a browser."""

    name: str
    file: str  #: within the demo's folder
    wide: int
    tall: int  #: pixels that are shown


SCREENS: Final = (
    Screen("board", "board.html", 1300, 1240),
    Screen("board-phone", "board.html", _PHONE, 1240),
    Screen("preview", "preview/2026-W48.html", 900, 1000),
)
PAGES: Final = (
    Page("exception-report", "exception-reports/MF-060.docx"),
    Page("assurance-pack-first-page", "assurance-packs/*.docx"),
    Page("assurance-pack", "assurance-packs/*.docx", holds="cases are open at Inadequate, "),
    Page("agenda", "agendas/*.docx"),
    Page("agenda-briefing", "agendas/*.docx", holds="Briefing: MF-065"),
    Page("good-practice", "good-practice/GP-021.docx"),
)
EMAILS: Final = (
    Email("email", "2026-W48-weekly-*.eml", "louise.hazelgrift"),
    Email("email-phone", "2026-W48-weekly-*.eml", "louise.hazelgrift", wide=_PHONE),
    Email("email-dark", "2026-W48-weekly-*.eml", "louise.hazelgrift", dark=True),
    Email("email-safety", "2026-11-24-safety-*.eml", "margaret.winterfold"),
    Email("email-safety-dark", "2026-11-24-safety-*.eml", "margaret.winterfold", dark=True),
    Email("email-manager", "2026-W49-weekly-*.eml", "dominic.ferngate"),
    Email("email-summary", "2026-W48-weekly-*.eml", "josie.tallowmere", most=1010),
    Email("letter-invitation", "*-invitation-*.eml", ""),
)


def run(*words: str) -> str:
    """Run a program; give what it prints."""
    done = subprocess.run(words, check=True, capture_output=True, timeout=300)  # noqa: S603
    return done.stdout.decode("utf-8", "replace")


def as_pdf(document: Path, folder: Path) -> Path:
    """Lay a document out with LibreOffice."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    words = ("--headless", "--convert-to", "pdf", "--outdir", str(folder), str(document))
    run("soffice", profile, *words)
    return folder / f"{document.stem}.pdf"


def texts(pdf: Path) -> list[str]:
    """Give the text of each page."""
    return run("pdftotext", "-layout", str(pdf), "-").split("\f")


def draw(pdf: Path, page: int, target: Path, *crop: str) -> None:
    """Draw one page of a PDF as a picture."""
    number = ("-f", str(page), "-l", str(page), "-singlefile")
    run("pdftoppm", "-png", "-r", _DOTS, *number, *crop, str(pdf), str(target.with_suffix("")))


def draw_pages(demo: Path, scratch: Path) -> None:
    """Draw the pages of documents."""
    drawn: dict[Path, Path] = {}
    for one in PAGES:
        document = min(demo.glob(one.document))
        if document not in drawn:
            drawn[document] = as_pdf(document, scratch)
        pdf = drawn[document]
        page = one.page
        if one.holds:
            # the last one that holds it: the words may stand in a summary before
            page = max(n for n, text in enumerate(texts(pdf), 1) if one.holds in text)
        draw(pdf, page, TARGET / f"{one.name}.png")


def draw_tracker(demo: Path, scratch: Path) -> None:
    """Draw the page of Cases with the most rows that are overdue, down to its last row."""
    pdf = as_pdf(next(demo.glob("*tracker.xlsx")), scratch)
    pages = texts(pdf)
    reds = [len(re.findall(r"\bRed\b", text)) * ("Auto stage" in text) for text in pages]
    draw(pdf, reds.index(max(reds)) + 1, TARGET / "tracker.png", *_TABLE)


def html_of(path: Path) -> str:
    """Give the HTML of an email."""
    message = email.message_from_bytes(path.read_bytes(), policy=default)
    body = message.get_body(("html",))
    if body is None:
        raise SystemExit(f"{path.name} has no HTML.")
    return str(body.get_content())


def email_of(one: Email, outbox: Path) -> Path:
    """Find an email by its kind and its reader."""
    for path in sorted(outbox.glob(one.file)):
        message = email.message_from_bytes(path.read_bytes(), policy=default)
        if not one.to or str(message["to"]).startswith(f"{one.to}@"):
            return path
    raise SystemExit(f"There is no email {one.file} to {one.to}: name another reader.")


def draw_email(one: Email, outbox: Path, scratch: Path) -> None:
    """Draw an email at the width of its reader's screen, as high as it is."""
    profile = f"--user-data-dir={scratch / 'browser'}"
    look = (_DARK,) if one.dark else ()
    quoted = html.escape(html_of(email_of(one, outbox)), quote=True).replace("'", "&#39;")
    page = scratch / "email.html"
    page.write_text(_MEASURE.format(wide=one.wide, tall=100, page=quoted), encoding="utf-8")
    shown = run(
        *_BROWSER, profile, *look, "--virtual-time-budget=2000", "--dump-dom", page.as_uri()
    )
    found = re.search(r"<title>(\d+)</title>", shown)
    if found is None:
        raise SystemExit(f"{one.name}: its height could not be measured.")
    tall = int(found[1])
    page.write_text(_MEASURE.format(wide=one.wide, tall=tall, page=quoted), encoding="utf-8")
    target = TARGET / f"{one.name}.png"
    size = f"--window-size={one.wide},{max(tall, 600)}"
    run(*_BROWSER, profile, *look, size, f"--screenshot={target}", page.as_uri())
    target.write_bytes(cut(target.read_bytes(), min(tall, one.most)))


def draw_screen(one: Screen, demo: Path, scratch: Path) -> None:
    """Draw the top of a page as a browser shows it."""
    profile = f"--user-data-dir={scratch / 'browser'}"
    target = TARGET / f"{one.name}.png"
    size = f"--window-size={one.wide},{one.tall}"
    run(*_BROWSER, profile, size, f"--screenshot={target}", (demo / one.file).as_uri())
    target.write_bytes(cut(target.read_bytes(), one.tall))


def chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Give the parts of a PNG file: name and content."""
    at = 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        at += 12 + length


def cut(png: bytes, most: int) -> bytes:
    """Leave out what lies below `most` pixels of a picture, and what is not the picture itself."""
    parts = list(chunks(png))
    head = dict(parts)[b"IHDR"]
    wide, tall, bits, kind = struct.unpack(">IIBB", head[:10])
    values = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[kind]
    row = 1 + (wide * values * bits + 7) // 8
    rows = zlib.decompress(b"".join(data for name, data in parts if name == b"IDAT"))
    tall = min(tall, most)
    made = png[:8]
    kept = [(name, data) for name, data in parts if name == b"PLTE"]
    for name, data in (
        (b"IHDR", head[:4] + struct.pack(">I", tall) + head[8:]),
        *kept,
        (b"IDAT", zlib.compress(rows[: row * tall], 9)),
        (b"IEND", b""),
    ):
        made += struct.pack(">I", len(data)) + name + data
        made += struct.pack(">I", zlib.crc32(name + data))
    return made


def make() -> None:
    """Make the demo in a folder of its own, and every picture from it."""
    TARGET.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        scratch = Path(name)
        here = Path.cwd()
        demo = scratch / "mfauto-demo"
        if main(["demo", str(demo), "--as-at", AS_AT, "--quiet"]):
            raise SystemExit("The demo could not be made.")
        draw_tracker(demo, scratch)
        draw_pages(demo, scratch)
        os.chdir(demo)
        main(["remind", "--preview", "--as-at", AS_AT, "--quiet"])
        for one_screen in SCREENS:
            draw_screen(one_screen, demo, scratch)
        code = main(["remind", "--as-at", WEEK_AFTER, "--quiet"])
        os.chdir(here)
        if code:
            raise SystemExit("The emails of the week after could not be made.")
        for one in EMAILS:
            draw_email(one, demo / "outbox", scratch)


if __name__ == "__main__":
    make()
