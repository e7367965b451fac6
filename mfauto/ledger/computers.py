"""Which computers a history is used on, and why it may not know what was sent.

Two copies of one working folder would write to everybody twice. A copy on another computer
is noticed by that computer's name, of which the history keeps a keyed hash.
"""

import json
import platform
import sqlite3
from contextlib import suppress
from enum import StrEnum
from typing import Final

_MARK: Final = "computers"  #: its name among the history's own marks


class Loss(StrEnum):
    """Why a history may not know what was sent. A person's word, `accept`, ends either."""

    OLDER = "older"  #: an older copy than that of the last run, or begun anew
    ELSEWHERE = "elsewhere"  #: copied or moved here from a computer where it may still be used


def this_computer() -> str:
    """Give this computer's name on its network, as the system knows it."""
    return platform.node().casefold()


def computers_of(connection: sqlite3.Connection) -> list[str]:
    """Give the hashes of the computers that the history is used on; [] where none is noted."""
    for (value,) in connection.execute("SELECT value FROM meta WHERE name = ?", (_MARK,)):
        with suppress(ValueError, TypeError):
            return [str(one) for one in json.loads(value)]
    return []


def keep_computers(connection: sqlite3.Connection, known: list[str]) -> None:
    """Note the hashes of the computers that the history is used on."""
    connection.execute(
        "INSERT INTO meta VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (_MARK, json.dumps(known)),
    )
