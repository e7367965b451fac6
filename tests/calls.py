"""Counts the calls that a piece of work makes: the same on every machine and at every time."""

import gc
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any


@contextmanager
def counted_calls() -> Iterator[Counter[str]]:
    """Count every call of a function, Python's and C's own, by the name it is defined under."""
    calls: Counter[str] = Counter()

    def heard(frame: FrameType, event: str, given: Any) -> None:
        if event == "call":
            calls[frame.f_code.co_qualname] += 1
        elif event == "c_call":
            calls[given.__qualname__] += 1

    before = sys.getprofile()
    gc.collect()
    gc.disable()  # whatever it would tidy up now is none of this work
    sys.setprofile(heard)
    try:
        yield calls
    finally:
        sys.setprofile(before)
        gc.enable()
        del calls["setprofile"]
