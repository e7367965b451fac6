"""An iterator run one step ahead of whoever takes from it, in a thread of its own.

Worth it where one side packs, unpacks or hashes, which lets go of the interpreter.
"""

import queue
import threading
from collections.abc import Iterator
from typing import TypeVar

Item = TypeVar("Item")

_WAITING = 2  #: items made and not yet taken, at most


def ahead(items: Iterator[Item]) -> Iterator[Item]:
    """Yield what `items` yields; what it raises is raised here."""
    made: queue.Queue[tuple[bool, Item | BaseException | None]] = queue.Queue(_WAITING)
    stopped = threading.Event()

    def run() -> None:
        last: BaseException | None = None
        try:
            for item in items:
                made.put((True, item))
                if stopped.is_set():
                    return
        except BaseException as error:  # noqa: BLE001 - raised again by whoever takes
            last = error
        made.put((False, last))

    worker = threading.Thread(target=run, daemon=True)
    worker.start()
    try:
        while True:
            more, item = made.get()
            if more:
                yield item  # type: ignore[misc]
                continue
            if item is not None:
                raise item  # type: ignore[misc]
            return
    finally:
        stopped.set()
        while worker.is_alive():  # it may be waiting to hand over
            try:
                made.get(timeout=0.01)
            except queue.Empty:
                continue
        worker.join()
