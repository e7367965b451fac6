"""What a cell says in a column of each kind: a value, blank, or unreadable with its reason.

A value that could be read in two ways is not read at all; where one meaning is
obvious it is proposed.
"""

import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Final

from mfauto.columns import YES_NO, Column
from mfauto.comparing import bare, tidy
from mfauto.model import Flaw
from mfauto.wording import day_words
from mfauto.xlsx import Unreadable
from mfauto.xlsx.values import NOT_CALCULATED, Value

Answer = tuple[Any, Flaw | None]  #: the value, None where blank or unreadable; and what to say
Reader = Callable[[Value], Answer]

EARLIEST: Final = date(2000, 1, 1)  #: days before it are not believed
LATEST: Final = date(2049, 12, 31)  #: days after it are not believed
_BIDI: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_UNCLEAR: Final = frozenset(
    {"y", "yes", "n", "no", "na", "none", "true", "false", "nil", "tbc", "dontknow", "unknown"}
)
_NOBODY: Final = _UNCLEAR | {
    "tba",
    "nobody",
    "noone",
    "notknown",
    "notallocated",
    "unallocated",
    "unassigned",
    "vacant",
}
_PLAIN_YES_NO: Final = {"y": "Yes", "true": "Yes", "n": "No", "false": "No"}
_DOUBT: Final = "?"  #: whoever types it is not sure, so nothing may be counted from it
_DAY_SECONDS: Final = 86_400


def reader_of(column: Column, *, epoch_1904: bool) -> Reader:
    """Give what reads the cells of a column. `epoch_1904`: Excel counts its days from 1904."""
    if column.is_date:
        return _day_in_1904 if epoch_1904 else _day
    if column.kind == "choice":
        return _choice_of(column)
    if column.kind == "number":
        return _whole_number
    if column.kind == "person":
        return _person
    if column.kind in ("ref", "name"):
        return _name
    if column.kind == "time":
        return _time
    return as_typed


def _day(value: Value, *, epoch_1904: bool = False) -> Answer:
    if isinstance(value, date):
        return (value.date() if isinstance(value, datetime) else value), None
    if isinstance(value, str):
        if not tidy(value):
            return None, None
        from mfauto.dates import Refused, read_day  # noqa: PLC0415 - many patterns, seldom needed

        read = read_day(value)
        if isinstance(read, Refused):
            return None, Flaw("", "not_a_date", value, read.proposal)
        return read, Flaw("", "text_date", value, unreadable=False)
    if isinstance(value, Unreadable):
        return _unreadable(value)
    shown = _as_text(value)
    if isinstance(value, bool):
        return None, Flaw("", "not_a_date", shown)
    from mfauto.dates import day_of_serial  # noqa: PLC0415 - likewise

    meant = day_of_serial(value, epoch_1904=epoch_1904)
    proposal = day_words(meant) if meant and EARLIEST <= meant <= LATEST else None
    return None, Flaw("", "number_for_date", shown, proposal)


def _day_in_1904(value: Value) -> Answer:
    return _day(value, epoch_1904=True)


def _unreadable(value: Unreadable) -> Answer:
    if value.reason.startswith("#"):
        return None, Flaw("", "excel_error", value.reason)
    kind = "not_calculated" if value.reason == NOT_CALCULATED.reason else "no_value"
    return None, Flaw("", kind, value.shown or value.reason)


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        return f"{day_words(value)} {value:%H:%M}"
    return day_words(value) if isinstance(value, date) else str(value)


def _found(value: Value) -> str | date:
    """Give what a flaw repeats of a cell: a real date stays one."""
    if isinstance(value, datetime) and not (value.hour or value.minute or value.second):
        return value.date()
    return value if isinstance(value, date) else _as_text(value)


def _hidden(text: str) -> Flaw | None:
    """Give a flaw for direction marks and control characters, which nobody sees."""
    if text.isprintable():
        return None
    if any(c in _BIDI or (unicodedata.category(c) == "Cc" and c not in "\t\r\n") for c in text):
        return Flaw("", "hidden_characters", text, unreadable=False)
    return None


def as_typed(value: Value) -> Answer:
    """Read a cell of free text."""
    if isinstance(value, str):
        if value.isprintable():  # of what nobody sees only spaces can be in it: said at once
            return (value, None) if value and not value.isspace() else (None, None)
        return (value, _hidden(value)) if tidy(value) else (None, None)
    if isinstance(value, Unreadable):
        return _unreadable(value)
    return _as_text(value), None


def _name(value: Value) -> Answer:
    if isinstance(value, str):
        if value.isprintable():  # as in `as_typed`
            return value.strip() or None, None
        name = tidy(value)
        return (name, _hidden(value)) if name else (None, None)
    if isinstance(value, Unreadable):
        return _unreadable(value)
    if isinstance(value, bool | date):
        return None, Flaw("", "not_text", _found(value))
    return _as_text(value), None


def _person(value: Value) -> Answer:
    """Read a cell that names a person: what stands for nobody is no name."""
    answer = _name(value)
    name = answer[0]
    if name is None or (bare(name) not in _NOBODY and any(map(str.isalpha, name))):
        return answer
    return None, Flaw("", "nobody", name)


def _whole_number(value: Value) -> Answer:
    if isinstance(value, str):
        text = tidy(value)
        if not text:
            return None, None
        if text.isascii() and text.isdigit():
            return int(text), None
        return None, Flaw("", "not_a_whole_number", value)
    if isinstance(value, Unreadable):
        return _unreadable(value)
    if isinstance(value, float) and value.is_integer() and value >= 0:
        return int(value), None
    return None, Flaw("", "not_a_whole_number", _found(value))


def _time(value: Value) -> Answer:
    if isinstance(value, datetime):
        return f"{value:%H:%M}", None
    if isinstance(value, float) and 0 <= value < 1:
        minutes = round(value * _DAY_SECONDS / 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}", None
    return as_typed(value)


def _choice_of(column: Column) -> Callable[[Value], Answer]:
    known = {bare(choice): choice for choice in column.choices}
    if column.choices == YES_NO:
        known |= _PLAIN_YES_NO

    def choice(value: Value) -> Answer:
        if isinstance(value, Unreadable):
            return _unreadable(value)
        text = _as_text(value)
        if not tidy(text):
            return None, None
        found = known.get(bare(text))
        if found and _DOUBT not in text:
            return found, None
        if bare(text) in _UNCLEAR or not bare(text):
            return None, Flaw("", "unclear_answer", _found(value))
        from difflib import get_close_matches  # noqa: PLC0415 - nearly never needed

        near = get_close_matches(text.strip().capitalize(), column.choices, n=1)
        return None, Flaw("", "unknown_value", _found(value), f'"{near[0]}"' if near else None)

    return choice
