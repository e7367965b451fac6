"""Many trackers on one computer: as many at a time as there are cores, each in another process.

The answers are the same for any number of processes.
"""

from collections import deque
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from typing import Final

from mfauto.many.unit import Examined, Task, examine, in_vain
from mfauto.parts import so_far
from mfauto.processes import MOST, BrokenProcessPool, cores, processes

ENDED: Final = (
    "The process that read it was ended from outside, perhaps as memory ran out. "
    "Close other programs and run this again. Then look at it alone with check."
)
_Numbered = tuple[int, Task]


def over(tasks: Sequence[Task], workers: int | None = None) -> list[Examined]:
    """Examine each tracker; the answers stand in the order of the tasks.

    `workers` is how many processes are at work, one for each core unless given. Where one of
    them is ended from outside, those that were at work then are each tried once more alone;
    what ends its process again is answered with a row that says so.
    """
    answers: dict[int, Examined] = {}
    waiting = deque(enumerate(tasks))
    workers = min(workers or cores(), MOST)
    while waiting:
        for number, task in _together(waiting, answers, workers, len(tasks)):
            if _together(deque([(number, task)]), answers, 1, len(tasks)):
                answers[number] = in_vain(task, ENDED)
    return [answers[number] for number in range(len(tasks))]


def _together(
    waiting: deque[_Numbered], answers: dict[int, Examined], workers: int, of: int
) -> list[_Numbered]:
    """Take tasks from `waiting` until all are answered; give those at work when a process ended.

    No more are handed over than there are processes, so that few are under suspicion.
    """
    at_work: dict[Future[Examined], _Numbered] = {}
    workers = min(workers, len(waiting))
    with processes(workers) as pool:
        try:
            while waiting or at_work:
                while waiting and len(at_work) < workers:
                    at_work[pool.submit(examine, waiting[0][1])] = waiting[0]
                    waiting.popleft()
                for future in wait(at_work, return_when=FIRST_COMPLETED).done:
                    answers[at_work[future][0]] = future.result()
                    del at_work[future]
                so_far(len(answers), of)
        except BrokenProcessPool:
            return [one for future, one in at_work.items() if not _answered(future, one, answers)]
    return []


def _answered(future: Future[Examined], one: _Numbered, answers: dict[int, Examined]) -> bool:
    """Keep the answer of a task that was finished before another one ended its process."""
    if not future.done() or future.exception() is not None:
        return False
    answers[one[0]] = future.result()
    return True
