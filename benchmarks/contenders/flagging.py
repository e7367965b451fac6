"""The whole `flag` command."""


def flag(path: str) -> None:
    """Run `flag` on a tracker in which nothing has to change any more."""
    from mfauto.cli import main

    main(["flag", "--tracker", path, "--as-at", "2026-01-31"])
