"""What a person sees meanwhile, on stderr: one line of progress, or with --verbose each part.

The line shows only on a terminal, once a second has passed, and is taken away
again. It is drawn with spaces and carriage returns, never with escape codes.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Lock, Thread
from time import monotonic
from typing import Final, TextIO

from mfauto.parts import heard_by
from mfauto.terminal import width_of

_PATIENCE: Final = 1.0  #: seconds that pass before the line shows
_PACE: Final = 0.2  #: seconds between two looks at it


class Progress:
    """Hears of each part; shows the innermost one, and may say how long each took."""

    def __init__(
        self, stream: TextIO, *, line: bool, times: bool, patience: float = _PATIENCE
    ) -> None:
        self._stream = stream
        self._line = line
        self._times = times
        self._from = monotonic() + patience
        self._parts: list[tuple[str, float]] = []  # what, and when it began
        self._count = ""
        self._drawn = 0  # characters of the line that shows
        self._lock = Lock()
        self._over = Event()
        self._thread: Thread | None = None

    def begin(self, what: str) -> None:
        """Remember a part and when it began."""
        self._parts.append((what, monotonic()))
        self._count = ""
        if self._line and self._thread is None:
            self._thread = Thread(target=self._go_on, daemon=True)
            self._thread.start()

    def count(self, done: int, of: int) -> None:
        """Remember how far the innermost part has come."""
        self._count = f": {done:,} of {of:,}"

    def end(self) -> None:
        """Forget the innermost part and take its line away; with times, say how long it took."""
        what, began = self._parts.pop()
        self._count = ""
        with self._lock:
            self._erase()
            if self._times:
                space = "  " * len(self._parts)
                print(f"{space}{what}: {monotonic() - began:.2f} s", file=self._stream)

    def draw(self) -> None:
        """Show the innermost part where it is time to."""
        with self._lock:
            if not self._parts or monotonic() < self._from:
                return
            text = f"{self._parts[-1][0]}{self._count} ..."[: width_of(self._stream)]
            self._stream.write("\r" + text.ljust(self._drawn))
            self._stream.flush()
            self._drawn = len(text)

    def close(self) -> None:
        """Stop drawing, and leave nothing behind."""
        self._over.set()
        if self._thread is not None:
            self._thread.join()
        with self._lock:
            self._erase()

    def _go_on(self) -> None:
        while not self._over.wait(_PACE):
            self.draw()

    def _erase(self) -> None:
        if self._drawn:
            self._stream.write("\r" + " " * self._drawn + "\r")
            self._stream.flush()
            self._drawn = 0


@contextmanager
def shown(*, line: bool, times: bool) -> Iterator[None]:
    """Show what is being done: a line on a terminal; with `times` how long each part took."""
    progress = Progress(sys.stderr, line=line, times=times)
    began = monotonic()
    try:
        with heard_by(progress):
            yield
    finally:
        progress.close()
        if times:
            print(f"In all: {monotonic() - began:.2f} s", file=sys.stderr)
