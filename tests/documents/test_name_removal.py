"""Name removal: what people write about people, with every known name taken out."""

import unicodedata
from collections.abc import Mapping
from itertools import product

import pytest

from mfauto.good_practice.folding import parts
from mfauto.good_practice.names import Known, NameBook
from mfauto.good_practice.patterns import nhs_number
from mfauto.good_practice.removal import Removed, everyday, remove
from tests.making import a_case, a_tracker

PEOPLE = (
    "Amira Khan",
    "Grace Hope",
    "Seán O'Brien",
    "Mary-Jane Smith-Jones",
    "April Young",
    "Will Rose",
    "Jo Ng",
    "José García",
    "Khalid, Zainab",
    "Dr Peter van den Berg",
    "Łucja Wiśniewska",
    "Bjørn Ødegård (agency)",
    "D'Arcy MacDonald",
    "Siân ap Rhys",
)
#: whose words are everyday words too: in small letters nobody can tell them from those
LIKE_WORDS = ("Grace Hope", "April Young", "Will Rose", "Jo Ng")
FRAMES = (
    "{} wrote to the child after each visit.",
    "The letter from {} was kept.",
    "It was {}’s idea, and it worked.",
    "Thanks to {}, the plan changed (see notes).",
    "“{} listened,” said the child.",
)


def book(people: tuple[str, ...] = PEOPLE) -> NameBook:
    staff = [{"name": name, "role": "Practitioner", "active": "Yes"} for name in people]
    return NameBook(a_tracker(a_case(practitioner=people[0]), people=staff))


BOOK = book()
NOBODY = Known()


def removed(text: str, seen: frozenset[str] = frozenset()) -> Removed:
    return remove(text, NOBODY, BOOK.everybody, frozenset({"mf-014"}), seen)


def halves(name: str) -> tuple[str, str]:
    if ", " in name:
        last, first = name.split(", ")
        return first, last
    plain = name.removeprefix("Dr ").removesuffix(" (agency)")
    first, _, last = plain.partition(" ")
    return first, last


def forms(name: str) -> Mapping[str, str]:
    """Give the ways in which people write a name."""
    first, last = halves(name)
    full = f"{first} {last}"
    made = {
        "full": full,
        "first": first,
        "last": last,
        "surname first": f"{last}, {first}",
        "title": f"Mrs {last}",
        "title with a stop": f"Dr. {last}",
        "initial": f"{first[0]}. {last}",
        "initial without a stop": f"{first} {last.split()[-1][0]}",
        "capitals": full.upper(),
        "decomposed": unicodedata.normalize("NFD", full),
        "without accents": plain(full),
        "curly apostrophe": full.replace("'", "’"),
        "no apostrophe": full.replace("'", ""),
        "spaces for hyphens": full.replace("-", " "),
        "hard hyphen": full.replace("-", "‑"),
        "hard space": full.replace(" ", "\N{NO-BREAK SPACE}"),
        "two spaces": full.replace(" ", "  "),
        "soft hyphen": f"{full[:2]}\N{SOFT HYPHEN}{full[2:]}",
        "middle name": f"{first} Louise {last}",
        "double-barrelled with a stranger": f"{first} {last}-Ali",
    }
    if name not in LIKE_WORDS:
        made["small letters"] = full.lower()
    return made


def plain(text: str) -> str:
    table = str.maketrans({"ł": "l", "Ł": "L", "ø": "o", "Ø": "O"})
    letters = unicodedata.normalize("NFD", text.translate(table))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


@pytest.mark.parametrize("name", PEOPLE)
def test_no_known_name_is_left_in_any_form(name: str) -> None:
    own = {word for half in halves(name) for word in parts(half) if len(word) > 1}
    own -= {"van", "den", "ap"}
    for frame, (form, shown) in product(FRAMES, forms(name).items()):
        made = removed(frame.format(shown)).text
        left = set(parts(made)) & own
        assert not left, f"{form}: {frame.format(shown)} -> {made}"
        assert "Louise" not in made
        assert "Ali" not in made


@pytest.mark.parametrize("name", PEOPLE)
def test_nothing_but_the_name_is_taken_out(name: str) -> None:
    for frame, shown in product(FRAMES, forms(name).values()):
        made = removed(frame.format(shown)).text
        assert made in (frame.format("[colleague]"), frame.format("[name]")), shown


ORDINARY = (
    "Will the plan work? It will, because the family wrote it.",
    "Young people told us that they want one worker. Young carers said the same.",
    "May be used again. In May 2026 the panel met; the next one is in June.",
    "Hope grew, and with grace. The rose on the drawing stood for her mother.",
    "We asked who will be there. They may come. No young person was left out.",
    "On 3 April the school wrote. By May all visits were on time.",
    "The Team Manager and the Head of Service read it in supervision.",
    "Working Together and Early Help were explained to both parents.",
    "The worker’s notes say what changed: sleep, school, and time with Dad.",
    "A good plan. A kind word. I know it helped.",
    "It gave them hope and grace, and the rose will be kept.",
)
#: a word at the beginning of a sentence that is also a colleague's name: taken out, and told
TOO_MUCH = {"Hope grew": "[colleague] grew"}


def test_ordinary_sentences_stay_as_they_are() -> None:
    wrong = 0
    for text in ORDINARY:
        expected = text
        for found, made in TOO_MUCH.items():
            wrong += found in text
            expected = expected.replace(found, made)
        assert removed(text).text == expected
    assert wrong == len(TOO_MUCH)


@pytest.mark.parametrize(
    ("text", "kind", "left"),
    [
        ("Ring 07700 900123 today", "phone number", "Ring [phone number] today"),
        ("Ring +44 (0)7700 900123", "phone number", "Ring [phone number]"),
        ("Ring (0161) 496 0000.", "phone number", "Ring [phone number]."),
        ("NHS 943 476 5919 noted", "NHS number", "NHS [NHS number] noted"),
        ("the number 9434765919", "NHS number", "the number [NHS number]"),
        ("the number 943 476 5918", "number of 10 digits", "the number [number of 10 digits]"),
        ("write to a.b@c.org.uk now", "email address", "write to [email address] now"),
        ("see https://x.org/y?z=1 there", "web address", "see [web address] there"),
        ("near M1 1AE and sw1a 2aa", "postcode", "near [postcode] and [postcode]"),
        ("born on 3/4/2015 here", "date of birth", "born on [date of birth] here"),
        ("DOB: 2015-04-03", "date of birth", "DOB: [date of birth]"),
        ("on 3rd of April 2015 we met", "date", "on [date] we met"),
        ("on 03.04.15 we met", "date", "on [date] we met"),
        ("at 12 Acacia Road now", "address", "at [address] now"),
        ("at Flat 3, 7b St. John’s Close", "address", "at [address]"),
        ("case MF-014 and mf-014", "reference", "case [reference] and [reference]"),
    ],
)
def test_numbers_and_addresses_are_taken_out(text: str, kind: str, left: str) -> None:
    made = removed(text)
    assert made.text == left
    assert kind in dict(made.replaced)


@pytest.mark.parametrize(
    "text",
    [
        "She came 10 times in 12 weeks, and 3 of 4 goals were met.",
        "Step 1 3rd visit, week 2 1st call.",
        "In 2025 and 2026 there were 104 visits.",
        "Between 10:00 and 11:30 on Fridays.",
    ],
)
def test_ordinary_numbers_stay(text: str) -> None:
    assert removed(text).text == text


def test_the_check_digit_tells_an_nhs_number() -> None:
    assert nhs_number("9434765919")
    assert not nhs_number("9434765918")
    assert not nhs_number("9434765991")


def test_what_is_not_known_but_looks_like_a_name_is_told() -> None:
    made = removed("Layla likes St Brannoc’s Primary. Tariq, aged 7, came on 4 May with her gran.")
    assert set(made.suspects) == {
        ("4 May", "a day and month"),
        ("aged 7", "an exact age"),
        ("Layla", "perhaps a name"),
        ("St Brannoc’s Primary", "perhaps a name"),
        ("Tariq", "perhaps a name"),
    }
    assert made.text.startswith("Layla")


def test_a_word_that_the_tracker_writes_small_is_no_suspect() -> None:
    text = "Puppets helped. Layla laughed."
    seen = everyday(["Play with puppets let a young child show what bedtime is like."])
    assert [words for words, _ in removed(text, seen).suspects] == ["Layla"]


def test_nothing_removed_stands_among_the_suspects() -> None:
    made = removed("Rose Green met Amira Louise Khan at 12 Acacia Road, and A.K. Yusuf came.")
    told = " ".join(words for words, _ in made.suspects)
    assert not set(parts(told)) & {"rose", "amira", "khan", "acacia"}


def test_the_people_of_the_case_are_named_by_what_they_do() -> None:
    known = NameBook(a_tracker(a_case()))
    own = known.of(a_case())
    made = remove("Ada met Tom, then AE rang Mrs Example.", own, known.everybody)
    assert made.text.startswith("[practitioner] met [Team Manager], then ")
    assert "Example" not in made.text


def test_what_stands_in_for_a_name_is_no_name() -> None:
    vacant = NameBook(a_tracker(a_case(team_manager="Team Manager", auditor="Vacant (agency)")))
    own = vacant.of(a_case(team_manager="Team Manager"))
    text = "The team manager and the Team Manager agreed. The post was vacant."
    assert remove(text, own, vacant.everybody).text == text


def test_initials_of_the_case_are_taken_out_and_others_are_told() -> None:
    case = a_case(practitioner="Amira Khan")
    known = BOOK
    own = known.of(case)
    assert "AK" not in remove("AK and A.K. and A K wrote it", own, known.everybody).text
    told = remove("AY wrote it, with the SM and IT", own, known.everybody)
    assert told.text == "AY wrote it, with the SM and IT"
    assert ("AY", "perhaps somebody’s initials") in told.suspects
    assert len(told.suspects) == 1
