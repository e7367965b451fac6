"""Further processes on this computer: how many are worth it, and how they are started.

They are started anew on every system, as on Windows: none inherits what this one holds open.
What they are given is pickled, and a program that uses them needs a guarded main module.
"""

import os
import signal
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Any, Final

__all__ = ["MOST", "BrokenProcessPool", "cores", "processes"]

MOST: Final = 60  #: Windows waits for no more than 61


def cores() -> int:
    """Give how many processes can be at work at once on this computer."""
    usable = getattr(os, "sched_getaffinity", None)  # a container may have fewer than there are
    return len(usable(0)) if usable else os.cpu_count() or 1


def processes(
    number: int,
    first: Callable[..., None] | None = None,
    *given: Any,  # noqa: ANN401
) -> ProcessPoolExecutor:
    """Give a pool of so many processes; each of them does `first(*given)` as it starts."""
    return ProcessPoolExecutor(
        min(number, MOST), get_context("spawn"), initializer=_started, initargs=(first, *given)
    )


def _started(first: Callable[..., None] | None, *given: Any) -> None:  # noqa: ANN401
    """Leave it to the first process to stop: it lets this one finish what it has begun."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if first is not None:
        first(*given)
