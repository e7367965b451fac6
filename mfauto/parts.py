"""What is being done just now, told to whoever listens: the terminal, else nobody.

A part says what it does in a few words, such as "Reading Tracker.xlsx". It reads no
clock and prints nothing. Names of people and cases have no place in it.
"""

from collections.abc import Iterable, Iterator, Sized
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final, Protocol, TypeVar

One = TypeVar("One")


class Listener(Protocol):
    """Hears of each part as it begins, goes on and ends. Parts may lie within others."""

    def begin(self, what: str) -> None:
        """Hear that a part begins."""

    def count(self, done: int, of: int) -> None:
        """Hear how many things of the innermost part are done."""

    def end(self) -> None:
        """Hear that the innermost part has ended."""


_listener: Final[ContextVar[Listener | None]] = ContextVar("listener", default=None)


@contextmanager
def heard_by(listener: Listener | None) -> Iterator[None]:
    """Tell `listener` of every part that is done within."""
    before = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(before)


@contextmanager
def part(what: str) -> Iterator[None]:
    """Do a part of the work; say that it is being done."""
    listener = _listener.get()
    if listener is None:
        yield
        return
    listener.begin(what)
    try:
        yield
    finally:
        listener.end()


def each(things: Iterable[One]) -> Iterator[One]:
    """Give thing after thing; where their number is known, say how far the part has come."""
    listener = _listener.get()
    if listener is None or not isinstance(things, Sized):
        yield from things
        return
    of = len(things)
    for done, thing in enumerate(things):
        listener.count(done, of)
        yield thing


def so_far(done: int, of: int) -> None:
    """Say how far the part has come, where things are not done one after another."""
    listener = _listener.get()
    if listener is not None:
        listener.count(done, of)
