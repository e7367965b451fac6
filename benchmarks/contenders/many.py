"""The whole `run --trackers` command over a folder of many trackers."""


def one_process(folder: str) -> None:
    """Look over the trackers one after another."""
    _over(folder, 1)


def two_processes(folder: str) -> None:
    """Look over them two at a time."""
    _over(folder, 2)


def every_core(folder: str) -> None:
    """Look over as many at a time as there are cores."""
    from mfauto.processes import cores

    _over(folder, cores())


def one_tracker(folder: str) -> None:
    """Do the work of a single one, in this process."""
    from pathlib import Path

    from benchmarks.many import a_task
    from mfauto.many import examine

    assert examine(a_task(Path(folder) / "0.xlsx")).now


def _over(folder: str, workers: int) -> None:
    """Look over the trackers from a working folder in which nothing has been made yet."""
    import os
    import tempfile

    from mfauto.cli import main

    with tempfile.TemporaryDirectory() as fresh:
        os.chdir(fresh)
        asked = ["--as-at", "2026-02-02", "--workers", str(workers), "--format", "json"]
        assert main(["run", "--trackers", folder, *asked]) == 0
        os.chdir(folder)
