"""The history's file: opening it, its tables, what is said when it cannot be used.

The journal is a rollback journal, not a write-ahead log: that one needs shared
memory, which a network share does not have.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from mfauto.errors import MfautoError

HISTORY: Final = "mfauto-history.sqlite3"
_VERSION: Final = 1
_APPLICATION: Final = 0x6D666175  # "mfau": marks the file as ours
_PATIENCE: Final = 10.0  # seconds that a reader and a run wait for each other
_SCHEMA: Final = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE entries (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    event TEXT NOT NULL,
    facts TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE
);
CREATE TABLE deliveries (
    key TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    period TEXT NOT NULL,
    recipient TEXT NOT NULL,
    state TEXT NOT NULL,
    facts TEXT NOT NULL,
    UNIQUE (kind, period, recipient)
);
"""


class LedgerError(MfautoError):
    """The history cannot be used; nothing was sent."""


@contextmanager
def opened(path: Path, *, create: bool) -> Iterator[sqlite3.Connection]:
    """Open the history at `path`; what SQLite objects to is said in plain words."""
    try:
        with closing(_connected(path, create=create)) as connection:
            yield connection
    except sqlite3.OperationalError as error:
        raise LedgerError(
            f"{path} cannot be used now ({error}).\n"
            "Check that its folder may be written to and the disk is not full. Then run this again."
        ) from error
    except sqlite3.DatabaseError as error:
        raise LedgerError(damaged(str(error))) from error


def _connected(path: Path, *, create: bool) -> sqlite3.Connection:
    try:
        if create and not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise LedgerError(
            f"{path} cannot be made ({error.strerror}).\n"
            "Check that the working folder is there and may be written to."
        ) from error
    # Read and write even for looking: after a crash SQLite first puts the file right.
    uri = f"{path.absolute().as_uri()}?mode=rw"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=_PATIENCE)
    try:
        _prepare(connection, create=create)
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection, *, create: bool) -> None:
    if create:  # going back from PERSIST removes a journal that a stopped run had only begun
        connection.execute("PRAGMA journal_mode = PERSIST")
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.execute("PRAGMA synchronous = EXTRA")
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (mark,) = connection.execute("PRAGMA application_id").fetchone()
    if version == _VERSION and mark == _APPLICATION:
        return
    if version > _VERSION and mark == _APPLICATION:
        raise LedgerError(f"{HISTORY} was made by a newer version of mfauto. Use that version.")
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if tables or version or mark or not create:
        raise LedgerError(damaged("it was not made by mfauto"))
    connection.execute("BEGIN EXCLUSIVE")
    for statement in _SCHEMA.split(";"):
        connection.execute(statement)
    connection.execute("INSERT INTO meta VALUES ('folder', ?)", (os.urandom(32).hex(),))
    connection.execute(f"PRAGMA application_id = {_APPLICATION}")
    connection.execute(f"PRAGMA user_version = {_VERSION}")
    connection.commit()


def damaged(why: str) -> str:
    """Say that the history cannot be used, and what to do."""
    return (
        f"{HISTORY} is not a history that mfauto can use ({why}).\n"
        "Without it nobody knows what was sent, so nothing was. Put back a copy of the file. "
        "If there is none, move it away: the next run then starts a new history."
    )
