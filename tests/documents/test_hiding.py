"""Small numbers that are kept back: no sum of what is printed gives one away."""

import random
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import pytest

from mfauto.documents import assurance_pack
from mfauto.measures.hiding import LEFT_OUT, SMALL, Key, Numbers
from mfauto.settings import Settings
from tests.documents import counting
from tests.documents.counting import Counted, made_pack
from tests.documents.reading import paragraphs, table, tables, words
from tests.looking import failures

FEWER, HIDDEN = "fewer than 5", "hidden"
MOST = 24  # what a left-out number is tried up to


def a_table(cells: list[list[int]]) -> Numbers:
    """Give a table with the totals of its rows, of its columns and of all."""
    numbers = Numbers()
    height, width = len(cells), len(cells[0])
    for row, column in product(range(height), range(width)):
        numbers.add((row, column), cells[row][column])
    for row in range(height):
        numbers.add((row, "all"), sum(cells[row]))
        numbers.total((row, "all"), [(row, column) for column in range(width)])
    for column in range(width):
        numbers.add(("all", column), sum(one[column] for one in cells))
        numbers.total(("all", column), [(row, column) for row in range(height)])
    numbers.add(("all", "all"), sum(map(sum, cells)))
    numbers.total(("all", "all"), [("all", column) for column in range(width)])
    return numbers


def possible(
    numbers: Numbers, hidden: dict[Key, str], cells: list[list[int]]
) -> Iterator[list[int]]:
    """Give every table that a reader of the printed one could think of."""
    keys = [(row, column) for row in range(len(cells)) for column in range(len(cells[0]))]

    def fits(key: Key, value: int) -> bool:
        if key not in hidden:
            return value == numbers.values[key]
        return hidden[key] == LEFT_OUT or 1 <= value <= 4

    ranges = [[value for value in range(MOST + 1) if fits(key, value)] for key in keys]
    width = len(cells[0])
    for guess in product(*ranges):
        rows = [guess[start : start + width] for start in range(0, len(guess), width)]
        sums: dict[Key, int] = {(row, "all"): sum(values) for row, values in enumerate(rows)}
        sums |= {("all", column): sum(row[column] for row in rows) for column in range(width)}
        sums["all", "all"] = sum(guess)
        if all(fits(key, value) for key, value in sums.items()):
            yield list(guess)


def made_up(seed: int) -> list[list[int]]:
    chance = random.Random(seed)  # noqa: S311 - made-up figures
    height, width = chance.choice(((1, 2), (1, 3), (2, 2), (3, 1)))
    return [
        [chance.choice((0, 0, 1, 2, 3, 4, 5, 6, 9)) for _ in range(width)] for _ in range(height)
    ]


@pytest.mark.parametrize("seed", range(60))
def test_every_number_kept_back_could_be_another_one(seed: int) -> None:
    cells = made_up(seed)
    numbers = a_table(cells)
    hidden = numbers.kept_back()
    small = {key for key, value in numbers.values.items() if 1 <= value <= 4}
    assert {key for key, why in hidden.items() if why == SMALL} == small
    guesses = list(possible(numbers, hidden, cells))
    assert [value for row in cells for value in row] in guesses
    keys = [(row, column) for row in range(len(cells)) for column in range(len(cells[0]))]
    for place, key in enumerate(keys):
        if key in small:
            assert len({guess[place] for guess in guesses}) > 1, (cells, hidden)


def test_a_number_alone_in_its_sum_takes_another_one_with_it() -> None:
    numbers = a_table([[3, 9, 12]])
    hidden = numbers.kept_back()
    assert hidden[0, 0] == SMALL
    assert LEFT_OUT in hidden.values()


def test_the_rest_of_a_whole_gives_nothing_away() -> None:
    numbers = Numbers()
    numbers.add("all", 19)
    numbers.add("last", 18)
    numbers.add("before", 1)
    numbers.part("all", ["last", "before"])  # with 18 of 19 shown, "1 to 4" can only be 1
    assert set(numbers.kept_back()) > {"before"}


def test_parts_that_are_more_than_the_whole_say_nothing() -> None:
    numbers = Numbers()
    numbers.add("all", 6)
    numbers.add("some", 7)
    numbers.add("few", 2)
    numbers.part("all", ["some", "few"])
    assert numbers.kept_back() == {"few": SMALL}


def test_sums_that_only_together_give_a_number_away_are_seen() -> None:
    numbers = Numbers()
    for key, value in {"a": 2, "b": 30, "ab": 32, "c": 8, "bc": 38, "ac": 10}.items():
        numbers.add(key, value)
    numbers.total("ab", ["a", "b"])
    numbers.total("bc", ["b", "c"])
    numbers.total("ac", ["a", "c"])
    hidden = numbers.kept_back()
    # a = (ab + ac - bc) / 2: at least one of the three must be hidden too
    assert hidden["a"] == SMALL
    assert {"ab", "bc", "ac"} & set(hidden)


def test_where_nothing_is_small_nothing_is_kept_back() -> None:
    assert a_table([[5, 9], [0, 7]]).kept_back() == {}


@pytest.fixture(scope="module", params=["2026-10-31", "1"])
def hidden(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Counted:
    folder = tmp_path_factory.mktemp("hidden")
    shown = made_pack(folder, request.param)
    path = folder / "hidden.docx"
    settings = Settings(folder=folder, suppress_small_numbers=True)
    day = shown.as_at
    assurance_pack(shown.review, (day.year, day.month), settings, path)
    return replace(shown, path=path)


def pairs(of: Counted) -> Iterator[tuple[str, list[str], list[str]]]:
    """Give each row of figures as it should be, and as it is printed."""
    for title, count in (
        ("Headlines", counting.headlines),
        ("Open Inadequate cases by month", counting.months),
        ("Steps that fell due by month", counting.steps_by_month),
        ("Time from audit to leaving Inadequate", counting.bands),
        ("Overdue by service", counting.services),
        ("Grades at re-audit by round", counting.regraded),
        ("Audit grade against moderated grade", counting.moderated),
        ("Themes of the audits", counting.themes),
        ("Good practice shared", counting.shared),
    ):
        made = tables(of.path, title)
        for expected, printed in zip(count(of), made[0] if made else [], strict=True):
            yield title, expected, printed
    steps = [row[1:7] for row in table(of.path, "Timeliness of every step")]
    for expected, printed in zip(counting.timed_steps(of), steps, strict=True):
        yield "Timeliness", expected[:6], printed
    others = [row[1:] for row in table(of.path, "Steps that are not measured")]
    for expected, printed in zip(counting.steps_not_measured(of), others, strict=True):
        yield "Not measured", expected, printed


def test_every_small_number_is_kept_back_and_no_other_is_wrong(hidden: Counted) -> None:
    kept_back = 0
    for title, expected, printed in pairs(hidden):
        for true, said in zip(expected, printed, strict=True):
            numbers = [int(number) for number in re.findall(r"\d+", true)]
            if FEWER in said or HIDDEN in said.casefold():
                kept_back += 1
                continue
            assert said == true, title
            if not re.search("more|fewer|month|Round", true):
                assert not [number for number in numbers if 1 <= number <= 4], (title, true)
    assert kept_back


def sums(of: Counted) -> Iterator[list[tuple[str, str]]]:
    """Give the sums a reader can make: each number as it is, and as it is printed."""

    def row(expected: list[str], printed: list[str]) -> list[tuple[str, str]]:
        return list(zip(expected, printed, strict=True))

    rows: dict[str, list[list[tuple[str, str]]]] = {}
    for title, expected, printed in pairs(of):
        rows.setdefault(title, []).append(row(expected, printed))
    for line in rows["Steps that fell due by month"]:
        yield line[1:]
    yield from rows["Timeliness"]
    yield from rows["Not measured"]
    due = [line[0] for line in (*rows["Timeliness"], *rows["Not measured"])]
    yield [rows["Steps that fell due by month"][-1][1], *due]
    for line in rows["Overdue by service"]:
        yield [line[3], line[1], line[2]]
    services = rows["Overdue by service"]
    for column in (1, 2, 3):
        yield [services[-1][column], *(line[column] for line in services[:-1])]
    bands = rows["Time from audit to leaving Inadequate"]
    yield [bands[-1][1], *(line[1] for line in bands[:-1])]
    for line in rows.get("Grades at re-audit by round", []):
        yield [line[-1], *line[1:-1]]


def test_no_sum_of_the_pack_has_a_single_number_kept_back(hidden: Counted) -> None:
    checked = 0
    for terms in sums(hidden):
        unknown = [true for true, said in terms if FEWER in said or HIDDEN in said]
        small = [true for true, said in terms if FEWER in said]
        checked += bool(small)
        assert not small or len(unknown) > 1, terms
    assert checked


def test_no_single_case_is_listed(hidden: Counted) -> None:
    said = words(hidden.path)
    refs = {case.ref for case in hidden.review.tracker.cases if case.ref}
    assert not [ref for ref in refs if ref in said]
    assert "Single cases are not listed, because small numbers are kept back." in said
    for text in paragraphs(hidden.path):
        assert not re.search(r", A hidden|the (?:a|fewer) |\bhidden of", text), text
        assert not re.search(r"\b[1-4] (?:case|step|action|re-audit|child|row)", text), text
    assert not failures(hidden.path, marking="OFFICIAL-SENSITIVE")
