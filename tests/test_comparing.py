"""When two pieces of typed text mean the same."""

import pytest

from mfauto.comparing import compared, each_compared, same


@pytest.mark.parametrize(
    "texts",
    [
        [],
        ["MF-001", "mf-002"],
        ["MF 001", "MF-002"],
        [" MF-001", "MF-002 "],
        ["MF-001", " "],
        ["MF 001", ""],
        ["MF\n001", "MF-002"],
        ["MF-001\n", "MF-002"],
        ["M\u200bF-001", "MF\u2013001", "STRASSE", "stra\u00dfe"],
    ],
)
def test_all_at_once_is_the_same_as_one_by_one(texts: list[str]) -> None:
    assert each_compared(texts) == [compared(text) for text in texts]
    assert each_compared(texts) == [same(text) for text in texts]
