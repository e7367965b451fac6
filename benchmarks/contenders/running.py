"""The whole `run` command on a Monday on which everything is due."""

_MONDAY = "2027-10-04"  #: as in `benchmarks.weeks`, whose import costs time


def run(folder: str, _: str) -> None:
    """Flag, make the reports, the emails, the covering notes and the pack."""
    _run(folder)


def run_of_many_reports(_: str, folder: str) -> None:
    """Make it all with a report from each Inadequate case that had its meeting."""
    _run(folder)


def run_again(folder: str, _: str) -> None:
    """Find that everything has been made: what each further run of the week does."""
    import shutil
    from pathlib import Path

    if not Path("done").exists():
        shutil.copytree(folder, "done")
        _main("done")
    _main("done")


def check(folder: str, _: str) -> None:
    """Read and review the same tracker."""
    from mfauto.cli import main

    main(["check", *_asked(folder), "--format", "json"])


def _run(folder: str) -> None:
    """Run in a copy of the folder, in which nothing has been made yet."""
    import shutil
    import tempfile

    with tempfile.TemporaryDirectory(dir=".") as fresh:
        shutil.copytree(folder, fresh, dirs_exist_ok=True)
        _main(fresh)


def _main(folder: str) -> None:
    from mfauto.cli import main

    assert main(["run", *_asked(folder)]) == 0


def _asked(folder: str) -> list[str]:
    return ["--config", f"{folder}/mfauto.toml", "--as-at", _MONDAY]
