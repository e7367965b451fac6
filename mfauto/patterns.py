"""Patterns that are compiled once they are used: a start does without those it has no use for."""

import re
from typing import Any, AnyStr, Generic, cast


class _Pattern(Generic[AnyStr]):
    """Stands for a pattern. A method, once asked for, is kept and found at once from then on."""

    def __init__(self, text: AnyStr, flags: re.RegexFlag | int) -> None:
        self.asked: tuple[AnyStr, re.RegexFlag | int] = (text, flags)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever a pattern has
        found = getattr(re.compile(*self.asked), name)
        self.__dict__[name] = found
        return found


def pattern(text: AnyStr, flags: re.RegexFlag | int = 0) -> re.Pattern[AnyStr]:
    """Give what `re.compile` gives, but compile it where it is first used."""
    return cast("re.Pattern[AnyStr]", _Pattern(text, flags))
