"""How long it takes until anything happens."""

WAITED = 1.5  #: seconds


def waiting() -> None:
    """Do nothing for a while."""
    import time

    time.sleep(WAITED)


def nothing() -> None:
    """Start Python."""


def overview() -> None:
    """Ask the product for its help."""
    from contextlib import suppress

    from mfauto.cli import main

    with suppress(SystemExit):
        main(["--help"])


def command_help() -> None:
    """Ask one command for its help."""
    from contextlib import suppress

    from mfauto.cli import main

    with suppress(SystemExit):
        main(["check", "--help"])


def import_openpyxl() -> None:
    """Import openpyxl."""
    import openpyxl

    assert openpyxl


def import_pandas() -> None:
    """Import pandas."""
    import pandas as pd

    assert pd


def import_docxtpl() -> None:
    """Import docxtpl."""
    import docxtpl

    assert docxtpl
