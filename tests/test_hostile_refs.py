"""Five thousand Case refs made to do harm: each makes a file of its own, inside the folder."""

import email
import email.policy
import random
import re
import unicodedata
from datetime import date, datetime
from pathlib import Path
from typing import Final

import pytest

from mfauto import jobs
from mfauto.jobs import Run, exceptions, good_practice
from mfauto.ledger import HISTORY, open_ledger
from mfauto.ledger.lock import LOCK
from mfauto.names import file_names
from mfauto.policy import Policy
from mfauto.process import review
from mfauto.schedule import LONDON
from mfauto.settings import Settings
from tests.letters.sample import MEETINGS, STAFF, booked
from tests.making import a_tracker
from tests.messages.sample import SETTINGS, improving, reviewed

#: what Windows refuses in a name, by its own documentation, with the superscript digits it counts
FORBIDDEN: Final = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
DEVICE: Final = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|clock\$|(com|lpt)[0-9¹²³])\s*(\..*)?", re.IGNORECASE
)
LONGEST_NAME: Final = 255
LONGEST_PATH: Final = 259
#: a working folder as it stands on a council's PC, synced and deep
DEEP: Final = (
    r"C:\Users\firstname.lastname\OneDrive - Northmoor County Council\Children's Services"
    r"\Quality Assurance\Moving Forward\exception-reports"
)
PARTS: Final = (
    *("MF-001", "mf-001", "MF 001", "MF-001 ", "MF-001.", "Mf-001", "ＭＦ-001", "МF-001", "MF-ß"),
    *("MF-SS", "ﬁle", "file", "é", "e\u0301", "İ", "i\u0307", "ſ", "s", "K", "\u212a", "1", "¹"),
    *("..", ".", "/", "\\", "../", "..\\", "C:", "\\\\?\\", "\\\\.\\", "//server/share", "~", "$"),
    *("CON", "con.", "PRN.txt", "AUX ", "NUL:", "COM1", "com¹", "LPT9.docx", "CONIN$", "CLOCK$"),
    *(":stream", "::$DATA", "%TEMP%", "%00", "$(x)", "`x`", "!x!", "^", "&", "|", ";", "'", '"'),
    *("\x00", "\x01", "\x1f", "\x7f", "\x85", "\t", "\r\n", "\n", "\u2028", "\u202e", "\u200b"),
    *("\ufeff", "\u00a0", "\u3000", "\ud800", "😀", "👩‍👧", "漢字", "عربي", "x" * 70, "a" * 300),
    *("~$MF-001", "MF-001.docx", ".hidden", "-rf", "--", "=1+1", "@x", "{{ x }}", "<b>", "*", "?"),
)


def refs(number: int) -> list[str]:
    chance = random.Random(5_000)  # noqa: S311 - the same seed must give the same refs
    made = dict.fromkeys(PARTS)
    while len(made) < number:
        made["".join(chance.choice(PARTS) for _ in range(chance.choice((1, 2, 2, 3, 4))))] = None
    return list(made)[:number]


def refused_by_windows(name: str) -> bool:
    return bool(
        not name
        or FORBIDDEN.search(name)
        or DEVICE.fullmatch(name)
        or name != name.rstrip(" .")
        or len(name) > LONGEST_NAME
        or any(unicodedata.category(character) in ("Cs", "Cc", "Cf") for character in name)
    )


def test_five_thousand_refs_make_names_that_windows_takes_and_tells_apart() -> None:
    wanted = refs(5_000)
    names = file_names(wanted)

    assert list(names) == wanted
    made = [f"{name}.docx" for name in names.values()]
    assert not [name for name in made if refused_by_windows(name)]
    assert not [name for name in names.values() if refused_by_windows(name)]
    assert max(len(f"{DEEP}\\{name}") for name in made) <= LONGEST_PATH
    # Windows tells no two names apart by case, nor a Mac by how a letter is put together.
    alike = {unicodedata.normalize("NFKD", name).upper() for name in made}
    assert len(alike) == len(made)
    assert not [name for name in made if name.startswith(("~", ".", "-", " "))]


DEVICES: Final = (
    *("CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$"),
    *(f"{port}{digit}" for port in ("COM", "LPT") for digit in "0123456789¹²³"),
)
ENDINGS: Final = (
    *(
        "",
        ".",
        " ",
        ".docx",
        ".tar.gz",
        ". .",
        " .x",
        "\t.x",
        ":x",
        "::$DATA",
        "\u00a0",
        "\u3000.x",
    ),
    *("\u200b", "\u202e", "\x00", "/", "\\", "-", "...", " - x"),
)


def test_no_device_of_windows_with_any_ending_in_any_case_is_a_name() -> None:
    wanted = [
        f"{before}{spelt}{ending}"
        for device in DEVICES
        for spelt in (device, device.lower(), device.title())
        for before in ("", " ", ".\\", "\\\\.\\", "\\\\?\\")
        for ending in ENDINGS
    ]
    names = file_names(wanted)
    assert len({name.casefold() for name in names.values()}) == len(names) > 5_000
    assert not [
        name
        for name in names.values()
        for made in (name, f"{name}.docx")
        if refused_by_windows(made)
    ]


@pytest.mark.parametrize("again", [False, True])
def test_a_ref_keeps_its_name_whatever_stands_beside_it_in_another_order(again: bool) -> None:
    wanted = refs(800)
    shuffled = list(wanted)
    random.Random(int(again)).shuffle(shuffled)  # noqa: S311
    assert file_names(shuffled) == file_names(wanted)


def test_reports_of_hostile_refs_are_files_in_their_folder_and_nowhere_else(tmp_path: Path) -> None:
    wanted = [ref for ref in refs(400) if ref.strip()]
    cases = [improving(row, ref=ref) for row, ref in enumerate(wanted, start=2)]
    found = review(a_tracker(*cases), Policy(), date(2026, 11, 2))
    required = [one.case for one in found.positions]
    work = tmp_path / "a" / "b" / "work"
    work.mkdir(parents=True)
    now = datetime(2026, 11, 2, 7, tzinfo=LONDON)
    done = exceptions(
        Run(settings=Settings(folder=work), as_at=found.as_at, now=now), found, refs=required
    )

    assert done.failed == []
    files = [path for path in tmp_path.rglob("*") if not path.is_dir()]
    assert len(files) == len(required) > 200
    assert {path.parent for path in files} == {work / "exception-reports"}
    assert all(path.suffix == ".docx" and path.stat().st_size > 1_000 for path in files)


def test_sheets_of_hostile_example_refs_are_files_in_their_folder(tmp_path: Path) -> None:
    wanted = [ref for ref in refs(120) if ref.strip()]
    examples = [
        {"ref": ref, "case_ref": "MF-014", "example": "She listened.", "theme": "Voice"}
        for ref in wanted
    ]
    found = review(a_tracker(improving(2), examples=examples), Policy(), date(2026, 11, 2))
    work = tmp_path / "a" / "b" / "work"
    work.mkdir(parents=True)
    now = datetime(2026, 11, 2, 7, tzinfo=LONDON)
    done = good_practice(Run(settings=Settings(folder=work), as_at=found.as_at, now=now), found)

    assert done.failed == []
    files = [path for path in tmp_path.rglob("*") if not path.is_dir()]
    assert len(files) == len(done.made) > 50
    assert {path.parent for path in files} == {work / "good-practice"}
    assert not [path.name for path in files if refused_by_windows(path.name)]


def test_letters_of_hostile_refs_are_drafts_in_the_outbox_and_nowhere_else(tmp_path: Path) -> None:
    wanted = [ref for ref in refs(100)[::4] if ref.strip()]
    cases = [booked(row, ref=ref) for row, ref in enumerate(wanted, start=2)]
    found = reviewed(*cases, people=STAFF, meetings=MEETINGS)
    work = tmp_path / "a" / "b" / "work"
    work.mkdir(parents=True)
    now = datetime(2026, 11, 2, 7, tzinfo=LONDON)
    with open_ledger(work, now) as ledger:
        settings = Settings(folder=work, mail=SETTINGS.mail)
        run = Run(settings=settings, as_at=found.as_at, now=now, ledger=ledger)
        jobs.letters(run, found)

    files = [path for path in tmp_path.rglob("*") if not path.is_dir()]
    drafts = [path for path in files if path.suffix == ".eml"]
    assert drafts
    assert {path.parent for path in drafts} == {work / "outbox"}
    assert {path.name for path in files if path not in drafts} == {HISTORY, LOCK}
    names = {path.name for path in drafts}
    for path in drafts:
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        names |= {part.get_filename() or "" for part in message.iter_attachments()}
    assert not [name for name in names if refused_by_windows(name)]
