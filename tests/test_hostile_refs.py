"""Five thousand Case refs made to do harm: each makes a file of its own, inside the folder."""

import random
import re
import unicodedata
from datetime import date, datetime
from pathlib import Path
from typing import Final

import pytest

from mfauto.jobs import Run, exceptions
from mfauto.names import file_names
from mfauto.policy import Policy
from mfauto.process import review
from mfauto.schedule import LONDON
from mfauto.settings import Settings
from tests.making import a_tracker
from tests.messages.sample import improving

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
