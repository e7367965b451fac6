"""The sandbox that templates are filled in: no program, no file, and no text without end.

A template may repeat and pad what it shows, but only as far as a page or an email needs.
"""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from jinja2 import TemplateError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

#: what filling a template may end in: it is the template's fault, whatever jinja2 makes of it
FAULTS: Final = (
    TemplateError,
    TypeError,
    ArithmeticError,
    LookupError,
    ValueError,
    AttributeError,
    AssertionError,
    RuntimeError,
)
_MOST: Final = 1_000_000  # characters or items that one expression may make
_MOST_POWER: Final = 1_000
_WIDE: Final = re.compile(r"\d{7}")  # a width in a form such as "%9999999d"
_PADDING: Final = ("center", "indent", "format", "batch", "slice", "wordwrap")


class Sandbox(ImmutableSandboxedEnvironment):
    """What a tag may say."""

    intercepted_binops = frozenset(["*", "**", "%"])

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - jinja2's own
        super().__init__(**options)
        for name in _PADDING:
            self.filters[name] = _bounded(self.filters[name])

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:  # noqa: ANN401
        """Multiply and fill in, but only as far as a template ever needs."""
        numbers = isinstance(left, int | float) and isinstance(right, int | float)
        if operator == "**" and not (numbers and abs(left) <= _MOST and abs(right) <= _MOST_POWER):
            raise SecurityError("the result would be too large")
        if operator == "*" and not numbers:
            size, times = (left, right) if hasattr(left, "__len__") else (right, left)
            if hasattr(size, "__len__") and isinstance(times, int) and len(size) * times > _MOST:
                raise SecurityError("the result would be too large")
        if operator == "%" and not numbers:
            _check(left, *(right if isinstance(right, tuple) else (right,)))
        return super().call_binop(context, operator, left, right)

    def call(self, context: Any, called: Any, /, *args: Any, **named: Any) -> Any:  # noqa: ANN401
        """Call a method of a text, but none that is asked for a text without end."""
        if isinstance(getattr(called, "__self__", None), str):
            _check(called.__self__, *args, *named.values())
        return super().call(context, called, *args, **named)


def reason(error: Exception) -> str:
    """Say in plain words, without a full stop, why a template could not be filled."""
    if isinstance(error, RecursionError):
        return "its tags ask for each other without end"
    if isinstance(error, UnicodeEncodeError):
        return "it asks for a character that no file can hold"
    if isinstance(error, KeyError):
        return f"there is nothing called {error}"
    return str(error).rstrip(".")


def _bounded(filter_: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(filter_)
    def bounded(*args: Any, **named: Any) -> Any:  # noqa: ANN401 - jinja2's own
        _check(*args, *named.values())
        return filter_(*args, **named)

    return bounded


def _check(*values: object) -> None:
    for value in values:
        wide = isinstance(value, int) and abs(value) > _MOST
        if wide or (isinstance(value, str) and _spelt(value)):
            raise SecurityError("the result would be too large")


def _spelt(value: str) -> bool:
    """Say whether a text is a form that asks for a width without end."""
    return ("%" in value or "{" in value) and _WIDE.search(value) is not None
