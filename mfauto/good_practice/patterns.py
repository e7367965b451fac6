"""What gives a person away without a name: numbers, addresses, days, and how each is known."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from mfauto.good_practice.words import STREETS

_MONTH: Final = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    "sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DAY: Final = r"\d{1,2}(?:st|nd|rd|th)?"
_DATE: Final = (
    rf"\b(?:\d{{1,2}}[./-]\d{{1,2}}[./-](?:19|20)?\d{{2}}|(?:19|20)\d{{2}}-\d{{2}}-\d{{2}}"
    rf"|{_DAY}(?: of)?[ -]{_MONTH},?[ -](?:19|20)?\d{{2}}|{_MONTH} {_DAY},? (?:19|20)\d{{2}})\b"
)
_ADDRESS: Final = (
    r"\b(?:(?:Flat|Apartment|Room|Unit) \d+[A-Za-z]?,? )?\d+[A-Za-z]?,? "
    rf"(?:[A-Z][\w’'-]*\.? ){{1,3}}(?:{STREETS})\b"
)
_BORN: Final = re.compile(r"(?:born|d\.?o\.?b\.?|birth|birthday)\b[^.;\n]{0,20}$", re.IGNORECASE)
_WEIGHTS: Final = range(10, 1, -1)  # of the first nine digits of an NHS number
_ELEVEN: Final = 11
_BEFORE: Final = 40  # characters looked at before a date


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text that is replaced, or only suspected."""

    start: int
    end: int
    kind: str  #: such as "phone number"
    said: str | None  #: what is put in its place; None where it is only suspected


def nhs_number(digits: str) -> bool:
    """Say whether ten digits end in the check digit of an NHS number."""
    rest = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=False)) % 11
    return (_ELEVEN - rest) % _ELEVEN == int(digits[9])


def _ten_digits(found: re.Match[str], _: str) -> tuple[str, bool]:
    digits = re.sub(r"\D", "", found[0])
    if nhs_number(digits):
        return "NHS number", True
    return "phone number" if digits[0] == "0" else "number of 10 digits", True


def _date(found: re.Match[str], text: str) -> tuple[str, bool]:
    return "date of birth" if _BORN.search(
        text[max(found.start() - _BEFORE, 0) : found.start()]
    ) else "date", True


def _always(kind: str) -> Callable[[re.Match[str], str], tuple[str, bool]]:
    return lambda _, __: (kind, True)


def _suspected(kind: str) -> Callable[[re.Match[str], str], tuple[str, bool]]:
    return lambda _, __: (kind, False)


#: in the order in which they are tried: what one has taken, the next does not see
_PATTERNS: Final = tuple(
    (re.compile(pattern, flags), told)
    for pattern, flags, told in (
        (r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+", re.IGNORECASE, _always("email address")),
        (r"\b(?:https?://|www\.)\S+", re.IGNORECASE, _always("web address")),
        (_DATE, re.IGNORECASE, _date),
        (
            r"(?<!\d)(?:\+\s?44|0044)[\s()-]*0?[\s()-]*\d(?:[\s()-]{0,2}\d){8,9}(?!\d)",
            0,
            _always("phone number"),
        ),
        (r"(?<!\d)\(?0\d{2,4}\)?(?:[\s-]?\d){6,8}(?!\d)", 0, _always("phone number")),
        (r"(?<!\d)\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)", 0, _ten_digits),
        (
            r"\b(?:GIR ?0AA|[A-Z]{1,2}\d[A-Z\d]? ?(?!\d(?:st|nd|rd|th)\b)\d[ABD-HJLNP-UW-Z]{2})\b",
            re.IGNORECASE,
            _always("postcode"),
        ),
        (
            _ADDRESS,
            0,
            _always("address"),
        ),
        (rf"\b(?:[A-Z][\w’'-]+ ){{1,3}}(?:{STREETS})\b", 0, _suspected("perhaps an address")),
        (r"\b[A-Za-z]{1,6}[-/]\d{2,}(?:[-/]\d+)*\b", 0, _always("reference")),
        (rf"\b{_DAY}(?: of)? {_MONTH}\b", re.IGNORECASE, _suspected("a day and month")),
        (
            r"\b(?:aged?|age of) \d{1,2}\b|\b\d{1,2}[- ](?:years?|months?|weeks?)[- ]old\b",
            re.IGNORECASE,
            _suspected("an exact age"),
        ),
        (r"(?<![\d.,])\d{6,}(?![\d])", 0, _suspected("a long number")),
    )
)


def found_in(text: str) -> Iterator[Span]:
    """Give what the patterns find in a text; no two of them overlap."""
    taken: list[tuple[int, int]] = []
    for pattern, told in _PATTERNS:
        for found in pattern.finditer(text):
            start, end = found.span()
            if any(start < other_end and other < end for other, other_end in taken):
                continue
            taken.append((start, end))
            kind, sure = told(found, text)
            yield Span(start, end, kind, f"[{kind}]" if sure else None)
