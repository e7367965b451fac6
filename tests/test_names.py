"""File names made from Case refs: safe on Windows, inside their folder, none shared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mfauto.names import file_name, file_names

RESERVED = {
    "con",
    "prn",
    "aux",
    "nul",
    *(f"{port}{n}" for port in ("com", "lpt") for n in range(10)),
}
HOSTILE = [
    *("../../x", "..", ".", "C:\\x", "A/B", "\\\\server\\share", "/etc/passwd", "a\x00b"),
    *("CON", "nul", "NUL.docx", "com1", "LPT9.txt", "COM¹", "CLOCK$", "aux.tar.gz"),
    *("x" * 300, "😀", "مرحبا", "\u202exslx.exe", "MF-1.", "MF-1 ", " MF-1", "~$MF-1", "a:b"),
    *("a|b", "a?b", "a*b", 'a"b', "<a>", "tab\tbed", "line\nbreak", "é", "e\u0301", ""),
]


@pytest.mark.parametrize("ref", ["MF-001", "2026_14", "A B", "x.y", "0"])
def test_a_plain_ref_stays_as_it_is(ref: str) -> None:
    assert file_name(ref) == ref


def assert_safe(name: str) -> None:
    assert 1 <= len(name) <= 60
    assert name.isascii()
    assert not set(name) & set('<>:"/\\|?*~$')
    assert name.isprintable()
    assert not name.startswith((" ", ".", "-"))
    assert not name.endswith((" ", "."))
    assert name.casefold().split(".")[0].strip() not in RESERVED


@pytest.mark.parametrize("ref", HOSTILE, ids=ascii)
def test_a_hostile_ref_makes_a_safe_name_of_its_own(ref: str) -> None:
    assert_safe(file_name(ref))


@given(st.text())
def test_any_ref_makes_a_safe_name(ref: str) -> None:
    assert_safe(file_name(ref))


@given(st.lists(st.text(max_size=6), unique=True))
def test_no_two_refs_share_a_file_even_where_case_does_not_count(refs: list[str]) -> None:
    names = file_names(refs)
    assert len({name.casefold() for name in names.values()}) == len(refs)


def test_refs_that_differ_only_by_case_get_names_apart() -> None:
    names = file_names(["MF-1", "mf-1", "MF-2"])
    assert names["MF-1"].casefold() != names["mf-1"].casefold()
    assert names["MF-2"] == "MF-2"


def test_a_ref_that_looks_like_the_safe_name_of_another_gets_its_own() -> None:
    taken = file_name("../../x")
    names = file_names(["../../x", taken])
    assert names["../../x"] != names[taken]


def test_a_ref_that_is_called_as_a_clash_is_solved_gets_its_own() -> None:
    solved = file_names(["MF-1", "mf-1"])
    refs = ["MF-1", "mf-1", *solved.values()]
    assert len(set(file_names(refs).values())) == len(refs)
