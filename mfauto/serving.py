"""Stays running: a thin loop on the library `schedule` that asks each minute what is due.

The library keeps nothing on disk and knows no months; it only wakes this loop.
What is due is the calendar's answer, and the history is the memory.
"""

from collections.abc import Callable
from threading import Event
from typing import Final

from schedule import Scheduler

MINUTE: Final = 60.0  #: seconds between two questions
_SHORT: Final = 1.0  # seconds; Windows hears Ctrl+C only between two waits


def serve(
    ask: Callable[[], None],
    stop: Event,
    *,
    failed: Callable[[Exception], None],
    seconds: float = MINUTE,
) -> None:
    """Call `ask` now and then every `seconds`, until `stop` is set.

    What `ask` stumbles over is given to `failed`, and the loop goes on. A job at work when `stop`
    is set is finished first.
    """

    def asked() -> None:
        try:
            ask()
        except Exception as error:  # noqa: BLE001 - one bad minute must not end the service
            failed(error)

    scheduler = Scheduler()
    scheduler.every(seconds).seconds.do(asked)  # type: ignore[arg-type]  # parts of a second too
    asked()
    while not stop.is_set():
        stop.wait(min(max(scheduler.idle_seconds or 0.0, 0.0), _SHORT))
        if not stop.is_set():
            scheduler.run_pending()
