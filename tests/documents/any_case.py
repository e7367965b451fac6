"""Makes cases up: blank, ordinary and absurd, in every script, the same for the same number."""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from mfauto.model import Case, Review
from mfauto.policy import Policy
from mfauto.process import review
from tests.making import a_case, a_tracker

AS_AT = date(2026, 11, 2)
LONGEST = 32_767  # characters that a cell holds
#: scripts that Arial or a font like it has
LATIN = {
    "sentences": "A sentence about practice that goes on for a while. Another one is short! ",
    "words": "visit chronology supervision plan review assessment ",
    "one word": "W",
    "narrow word": "il",
    "capitals": "MMMWWW ",
    "hyphens": "well-known-case-by-case-",
    "slashes": "one/two?three!four|five}six,seven;",
    "address": "https://example.org/a/very/long/path?with=many&parts=",
    "digits": "1234567890",
    "prices": "£1,234.56 + 7.5% = ",
    "line breaks": "First line\nsecond line\r\n\r\nthird\n",
    "tabs": "one\ttwo\t\tthree\t",
    "no-break spaces": "kept\xa0together\u202falways\xa0",
    "soft hyphens": "chrono\xadlogy\u200bnever\u2060mind ",
    "combining": "e\u0301a\u0308o\u0328\u0301z\u0335\u0336\u0337 ",
    "marks alone": "\u0301\u0302\u0303",
    "accents": "Zoë Łukasz Åse ñandú čeština ",
    "greek": "Καλημέρα κόσμε. ",
    "cyrillic": "Привет, мир! Это предложение. ",
    "markup": "<w:p/> & ]]> &amp; <b>x</b> ",
    "tags": "{{ 7*7 }} {% raw %} {# no #} {_{ }_} ",
    "formula": '=HYPERLINK("x") +1 -2 @SUM ',
    "quotes": "“It’s fine,” she said – ‘quite’ … ",
    "control signs": "bell\x07 page\x0c feed\x0b end\x1f ",
    "spaces": "a    b          c ",
}
ARABIC = {"arabic": "العربية مرحبا بالعالم هذه جملة. ", "hebrew": "שלום עולם זה משפט. "}
#: scripts that this computer may have no font for; their width is then another
OTHER = {
    "chinese": "这是一个关于实践的句子。我们在这里！",
    "japanese": "これは実践についての文です。カタカナ",
    "korean": "이것은 실천에 관한 문장입니다. ",
    "emoji": "😀🎉👍",
    "emoji families": "👨‍👩‍👧‍👦🏳️‍🌈👍🏽🇬🇧",
    "hindi": "यह अभ्यास के बारे में एक वाक्य है। ",
    "thai": "นี่คือประโยคเกี่ยวกับการปฏิบัติ ",
    "tamil": "இது நடைமுறை பற்றிய வாக்கியம் ",
    "wide signs": "﷽ௌဪ𒈙⸻",
    "mixed": "Ada 😀 中文 العربية e\u0301 W ",
}
TEXTS = {
    "child_safety_note": "O",
    "audit_findings": "V",
    "strengths": "W",
    "practice_context": "X",
    "support_agreed": "Y",
    "exception_summary": "AC",
}
PEOPLE = {
    "practitioner": "G",
    "team_manager": "H",
    "service_manager": "I",
    "head_of_service": "J",
}
_ALL = 2  # every third case has every script
_LENGTHS = (1, 30, 120, 300, 900, 3_000, LONGEST)


@dataclass
class Made:
    """A case made up, with what was typed."""

    number: int
    review: Review
    texts: dict[str, str | None]
    people: dict[str, str | None]
    actions: list[dict[str, Any]]
    kinds: set[str] = field(default_factory=set)  #: what was typed, such as "sentences"

    def has(self, kinds: Iterable[str]) -> bool:
        """Say whether any of these kinds of text was typed."""
        return not self.kinds.isdisjoint(kinds)


def made_up(number: int) -> Made:
    """Make case `number` up."""
    chance = random.Random(number)  # noqa: S311 - made-up cases, not secrets
    stock = LATIN | (ARABIC if number % 3 else {}) | (OTHER if number % 3 == _ALL else {})
    names = sorted(stock)
    kinds: set[str] = set()
    one = chance.choice(names) if number % 5 == 0 else None

    def typed(*, blank: float = 0.15, most: int = LONGEST) -> str | None:
        if chance.random() < blank:
            return chance.choice([None, ""])
        length = min(chance.choice(_LENGTHS), most)
        kind = one or chance.choice(names)
        kinds.add(kind)
        seed = stock[kind]
        return (seed * (length // len(seed) + 1))[:length]

    if number == 0:
        return _made(number, {}, {}, [], kinds, chance)
    texts = {name: typed() for name in TEXTS}
    people = {name: typed(most=400) for name in (*PEOPLE, "team")}
    if number == 1:  # everything as long as a cell can be, and 40 actions
        texts = dict.fromkeys(TEXTS, (LATIN["sentences"] * 500)[:LONGEST])
    count = 40 if number == 1 else chance.choice([0, 1, 2, 4, 8, 15, 40])
    actions = [
        {
            "ref": f"A-{place}",
            "case_ref": "MF-001",
            "action": (LATIN["words"] * 700)[:LONGEST] if number == 1 else typed(),
            "owner": typed(most=300),
            "original_due": AS_AT - timedelta(days=chance.randrange(200)),
            "due": chance.choice([None, AS_AT + timedelta(days=chance.randrange(-90, 90))]),
            "completed": chance.choice([None, None, AS_AT - timedelta(days=3)]),
            "status": chance.choice(["Open", "In progress", "Complete", "Cancelled"]),
        }
        for place in range(count)
    ]
    return _made(number, texts, people, actions, kinds, chance)


def _made(
    number: int,
    texts: dict[str, str | None],
    people: dict[str, str | None],
    actions: list[dict[str, Any]],
    kinds: set[str],
    chance: random.Random,
) -> Made:
    audited = date(2026, 8, 3)
    fields: dict[str, Any] = dict.fromkeys((*PEOPLE, "team", "service_area", "auditor"))
    fields |= texts | people | {"audited": audited, "audit_grade": "Inadequate"}
    if number:
        fields |= {
            "meeting_held": chance.choice([None, date(2026, 9, 1)]),
            "child_safety_assured": chance.choice([None, date(2026, 8, 4)]),
            "caseload_review": chance.choice([None, "Required", "Not required"]),
            "cases_reviewed": chance.choice([None, 0, 12, 10**9]),
            "exception_report_completed": chance.choice([None, date(2026, 10, 20)]),
        }
    rounds = [
        {
            "case_ref": "MF-001",
            "round": place,
            "audited": audited + timedelta(days=30 * place),
            "grade": "Inadequate",
        }
        for place in range(1, chance.choice([1, 1, 2, 4]))
    ]
    case: Case = a_case(**fields)
    found = review(a_tracker(case, actions=actions, reaudits=rounds), Policy(), AS_AT)
    return Made(number, found, texts, people, actions, kinds)
