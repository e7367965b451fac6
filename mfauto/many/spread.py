"""Many trackers on several computers, by Dask: the same unit of work, the same answers.

Needs the extra `mfauto[dask]` where the client is made; here nothing of it is imported.
"""

from collections.abc import Sequence
from typing import Any, Protocol

from mfauto.many.over import ENDED
from mfauto.many.unit import Examined, Task, examine, in_vain


class Client(Protocol):
    """What is used of `distributed.Client`."""

    def submit(self, func: Any, *args: Any, **options: Any) -> Any:  # noqa: ANN401 - Dask's own
        """Hand a task to one of the cluster's processes; give its future."""


def spread(tasks: Sequence[Task], client: Client) -> list[Examined]:
    """Examine each tracker on the cluster of `client`; the answers stand in the tasks' order.

    Every computer must see the trackers, the templates and the folder for reports under the
    same paths. A task that ends its process, each time it is tried, is answered with a row
    that says so; one that only stood beside it is tried once more alone.
    """
    futures = [client.submit(examine, task, pure=False) for task in tasks]
    answers = [_answer(future) for future in futures]
    return [
        answer or _answer(client.submit(examine, task, pure=False)) or in_vain(task, ENDED)
        for task, answer in zip(tasks, answers, strict=True)
    ]


def _answer(future: Any) -> Examined | None:  # noqa: ANN401 - Dask's own
    """Give a task's answer; None where the processes that tried it were ended."""
    if type(future.exception()).__name__ == "KilledWorker":
        return None
    answer: Examined = future.result()  # a fault of the cluster itself is raised here
    return answer
