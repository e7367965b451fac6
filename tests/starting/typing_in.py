"""A person at a real terminal: types answers, reads what is said."""

import os
import sys
from collections.abc import Sequence

from mfauto.settings import PROJECT


def typed(arguments: Sequence[str], answers: Sequence[str]) -> tuple[int, str]:
    """Run the program in a terminal of its own and type each answer; give code and screen."""
    import pty  # noqa: PLC0415 - Windows has none

    process, terminal = pty.fork()
    if process == 0:  # pragma: no cover - the program, in a process of its own
        os.execv(sys.executable, [sys.executable, str(PROJECT / "run.py"), *arguments])  # noqa: S606
    said = b""
    waiting = list(answers)
    try:
        while piece := os.read(terminal, 4096):
            said += piece
            if said.rstrip().endswith(b"]") and waiting:
                answer = waiting.pop(0)
                os.write(terminal, answer.encode() + (b"" if answer == "\x04" else b"\n"))
    except OSError:  # Linux: the program has ended
        pass
    _, status = os.waitpid(process, 0)
    os.close(terminal)
    return os.waitstatus_to_exitcode(status), said.decode()
