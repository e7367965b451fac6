"""What an email says and how: golden text, plain language, HTML for every reader."""

import os
import re
import shutil
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from mfauto.errors import TemplateError
from mfauto.letters import KINDS as LETTERS
from mfauto.messages import Head, Known, Message, digests
from mfauto.messages.content import Words
from mfauto.settings import PROJECT
from tests.calls import counted_calls
from tests.messages.sample import (
    MONDAY,
    SETTINGS,
    an_action,
    in_order,
    mail,
    reviewed,
    the_week,
    to,
    told,
    unsafe,
)

GOLDEN = Path(__file__).parent / "golden"
RUN = Known(
    told=told(digests(the_week(), SETTINGS)),
    head=Head(124, "3f2ab0c19d8e7f60" * 4),
    unknown=1,
    skipped=("2026-W43", "2026-W44"),
    others=tuple((kind, 2) for kind in (*LETTERS, "pack", "reports", "safety")),
)
BATCH = digests(the_week(), SETTINGS, RUN)
NEW = unsafe(4, ref="MF-023", audited=MONDAY, managers_alerted=None, auditor=None)
LONGEST_SENTENCE = 24
LONGEST_SUBJECT = 100  #: characters
NAMES = ("jo", "amira", "sam", "priya")


class Page(HTMLParser):
    """What a reader, and a reading machine, finds in a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.silent = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.silent += tag in ("style", "title")

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in ("style", "title")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.words += data.split()


def everybody() -> list[Message]:
    none = digests(reviewed(in_order()), SETTINGS)
    early = digests(reviewed(unsafe(), NEW), SETTINGS)
    earliest = digests(reviewed(NEW), mail(live=True, delivery="smtp"))
    boxed = digests(the_week(), mail(fallback="mf@council.example", tracker_link=None), RUN)
    return [*BATCH.messages, *none.messages, *early.messages, *earliest.messages, *boxed.messages]


@pytest.mark.parametrize("name", NAMES)
def test_the_golden_text(name: str) -> None:
    message = to(BATCH, name)
    said = f"Subject: {message.subject}\n\n{message.text}"

    assert said == (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")


def test_the_html_and_the_text_say_the_same() -> None:
    for message in everybody():
        page = set(Page(message.html).words)
        # The text repeats a table's headings in front of each fact.
        text = set(re.sub(r"^-+$|^- |https://\S+", "", message.text, flags=re.MULTILINE).split())
        plain = {word.rstrip(":") for word in text}

        assert {word.rstrip(":") for word in page} == plain


def test_no_sentence_is_long() -> None:
    for message in everybody():
        for line in message.text.splitlines():
            # A cell of the tracker is as long as people typed it.
            if re.match(r"(- |  )", line):
                continue
            for sentence in re.split(r"[.?!](?:\s|$)", line):
                assert len(sentence.split()) <= LONGEST_SENTENCE, sentence


def test_the_html_is_read_well_by_machines() -> None:
    for message in everybody():
        page = Page(message.html)
        tags = [tag for tag, _ in page.tags]
        headings = [int(tag[1]) for tag in tags if tag in ("h1", "h2")]

        assert page.tags[0][1]["lang"] == "en-GB"
        assert tags.count("title") == 1
        assert f"<title>{message.subject}</title>" in message.html
        assert headings[0] == 1 or message.first
        assert headings.count(1) == 1
        assert all(
            attributes.get("scope") in ("col", "row")
            for tag, attributes in page.tags
            if tag == "th"
        )
        tables = [attributes for tag, attributes in page.tags if tag == "table"]
        assert all(
            table.get("role") == "presentation" or table.get("class") == "data" for table in tables
        )
        rows = [attributes for tag, attributes in page.tags if tag in ("td", "th", "p")]
        assert all(attributes.get("style") for attributes in rows)


def test_the_html_fetches_nothing() -> None:
    for message in everybody():
        assert not re.search(r"<(img|link|script|iframe)|url\(|@import|\ssrc=", message.html)
        links = [dict(attrs).get("href") for tag, attrs in Page(message.html).tags if tag == "a"]
        assert set(links) <= {"https://council.example/tracker"}


def test_no_table_has_an_empty_cell() -> None:
    for message in everybody():
        assert not re.search(r"<t[dh][^>]*>\s*</t[dh]>", message.html)


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "https://x.example/ y", "file:///x", "https://x\u202e.example"]
)
def test_a_link_that_may_not_be_clicked_is_not_given(link: str) -> None:
    message = to(digests(the_week(), mail(tracker_link=link)), "amira")

    assert "href" not in message.html
    assert "The tracker is Moving Forward tracker.xlsx." in message.text


def test_the_marking_is_a_setting_and_may_stand_in_the_subject() -> None:
    settings = replace(mail(marking_in_subject=True), marking="OFFICIAL")

    message = to(digests(the_week(), settings), "amira")

    assert message.subject.startswith("OFFICIAL: 2 Moving Forward actions are overdue")
    assert message.text.startswith("OFFICIAL\n")


def test_a_subject_is_short_and_names_no_case_and_no_person() -> None:
    for message in everybody():
        assert not re.search(r"MF-\d|Khan|Bright|child", message.subject)
        assert len(message.subject) <= LONGEST_SUBJECT


def test_very_many_actions_say_how_many_more_there_are() -> None:
    actions = [an_action(ref=f"A-{number}") for number in range(1, 203)]

    message = to(digests(reviewed(in_order(), actions=actions), SETTINGS), "amira")

    assert len(message.items) == 202
    assert "There are 52 more." in message.text
    assert "202 items of yours are overdue (all actions)" in message.text


# Officers edit the words


def edited(tmp_path: Path, name: str, old: str, new: str) -> Path:
    shutil.copytree(PROJECT / "templates" / "emails", tmp_path / "emails")
    file = tmp_path / "emails" / name
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    return tmp_path


def test_an_officer_changes_the_words_once_for_both_forms(tmp_path: Path) -> None:
    templates = edited(tmp_path, "common.txt", "Hello {{ name }},", "Good morning, {{ name }}!")

    message = to(digests(the_week(), replace(SETTINGS, templates=templates)), "amira")

    assert "Good morning, Amira Khan!" in message.text
    assert "Good morning, Amira Khan!" in message.html


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        (
            "common.txt",
            "Hello {{ name }}",
            "Hello {{ nmae }}",
            r'called "nmae", asked for in "Hello {{ nmae }},".\nDid you mean "name"\?',
        ),
        (
            "weekly.txt",
            "{{ own | counted",
            "{{ zzzz | counted",
            "block own_heading.*It may use: as_at, by",
        ),
        (
            "common.txt",
            "Hello {{ name }}",
            "Hello {{ name",
            'common.txt, line \\d+: a tag is broken, near ".*Hello {{ name,',
        ),
        ("common.txt", "{% block greeting %}", "{% block gone %}", "no block greeting"),
        ("common.txt", "{{ name }}", "{{ name.__class__.mro() }}", "block greeting"),
        ("layout.html", "{{ title }}", "{{ titel }}", 'layout.html.*mean "title"'),
        ("layout.txt", "{{ marking }}", "{{ marking }", "layout.txt, line"),
    ],
)
def test_a_broken_template_is_named_with_the_place(
    tmp_path: Path, name: str, old: str, new: str, said: str
) -> None:
    templates = edited(tmp_path, name, old, new)

    with pytest.raises(TemplateError, match=f"(?s){said}"):
        digests(the_week(), replace(SETTINGS, templates=templates))


@pytest.mark.parametrize("name", ["common.txt", "layout.html", "layout.txt"])
@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "ask for each other without end"),
        ("{{ 'a'.encode('nope') }}", "unknown encoding"),
        ("{{ cycler() }}", "at least one item"),
        ("{{ 'a' | xmlattr }}", "no attribute 'items'"),
        ("{{ '%(a)s' | format(b=1) }}", "there is nothing called 'a'"),
        ("{{ 'abc' | truncate(1) }}", "expected length"),
        (r"{{ '\ud800' }}", "a character that no file can hold"),
        ("{{ 1 // 0 }}", "division"),
    ],
)
def test_whatever_a_tag_ends_in_is_told_as_the_templates_fault(
    tmp_path: Path, name: str, asked: str, said: str
) -> None:
    old = {"common.txt": "{{ name }}", "layout.html": "{{ title }}"}.get(name, "{{ marking }}")
    templates = edited(tmp_path, name, old, asked)
    with pytest.raises(TemplateError, match=f"(?s){name}.*{said}"):
        digests(the_week(), replace(SETTINGS, templates=templates))


def test_a_missing_template_says_where_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match="To get back the one that came with mfauto"):
        digests(the_week(), replace(SETTINGS, templates=tmp_path))


# Colours


def brightness(colour: str) -> float:
    """Give the relative luminance of a colour such as #1f2a37 (WCAG 2.2)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((brightness(one), brightness(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def colours_of(html: str, kind: str, what: str) -> set[str]:
    """Give the colours that elements of a class have in ordinary light."""
    found = set()
    for style in re.findall(rf'class="[^"]*\b{kind}\b[^"]*"[^>]*style="([^"]*)"', html):
        found |= set(re.findall(rf"(?<![-\w]){what}:(#[0-9a-f]{{6}})", style))
    return found


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("ink", "card"),
        ("ink", "alert"),
        ("ink", "foot"),
        ("head", "card"),
        ("head", "foot"),
        ("quiet", "card"),
        ("quiet", "alert"),
        ("mark", "card"),
        ("th", "th"),
        ("td", "card"),
        ("td", "alert"),
        ("ink", "calm"),
        ("head", "calm"),
        ("quiet", "calm"),
        ("td", "calm"),
    ],
)
def test_every_text_stands_out_from_its_ground(text: str, ground: str, *, dark: bool) -> None:
    early = to(digests(reviewed(NEW), SETTINGS), "jo")
    html = (early if ground == "calm" else BATCH.messages[-1]).html
    if dark:
        block = html[html.index("prefers-color-scheme: dark") : html.index("</style>\n</head>")]
        rules = re.findall(r"^  (\.[^{]*) \{ (.*) \}$", block, re.MULTILINE)
        styles: dict[str, str] = {}
        for names, style in rules:
            for name in names.split(","):
                styles[name.strip()] = styles.get(name.strip(), "") + style
        texts = set(re.findall(r"(?<![-\w])color: (#[0-9a-f]{6})", styles[f".{text}"]))
        grounds = set(re.findall(r"background-color: (#[0-9a-f]{6})", styles[f".{ground}"]))
    else:
        texts = colours_of(html, text, "color")
        grounds = colours_of(html, ground, "background-color")

    assert texts
    assert grounds
    assert min(contrast(one, other) for one in texts for other in grounds) >= 4.5


def test_words_are_prepared_once_for_as_long_as_their_files_say_the_same(tmp_path: Path) -> None:
    folder = tmp_path / "emails"
    shutil.copytree(PROJECT / "templates" / "emails", folder)
    Words(folder)
    with counted_calls() as calls:
        Words(folder)
    assert calls["Environment.compile"] == 0

    common = folder / "common.txt"
    stamp = common.stat()
    text = common.read_text(encoding="utf-8")
    common.write_text(text.replace("Hello", "Howdy"), encoding="utf-8")
    os.utime(common, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    with counted_calls() as calls:
        greeting = Words(folder).line("greeting", {"name": "Ada"})
    assert calls["Environment.compile"] == 1
    assert greeting.startswith("Howdy")
