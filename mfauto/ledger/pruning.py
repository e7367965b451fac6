"""Old entries taken out of the history without breaking its chain.

Only whole beginnings go. What remains is held by an anchor, the number and the hash of the last
entry that went; and the chain itself says so in an entry of its own, so that neither can be
changed alone. What may still decide whether an email goes again is never taken out: that entry
carries it on.
"""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from mfauto.ledger.states import State, moment

PURGED: Final = "purged"  #: the event that notes it
ANCHOR: Final = "anchor"  #: its name among the history's own marks
_OPEN: Final = (State.PENDING, State.SENDING, State.HELD, State.UNKNOWN)
#: each holds until a person's word, however old; the word that ends it
_STOPS: Final = {"hold": "release", "began anew": "accepted"}
#: kinds of email that are about a period; it is over, so none is ever made again. All others are
#: told once for each case, and what was told is known for ever
BY_PERIOD: Final = ("weekly", "reports", "pack")
#: so much before the newest entry always stays, however far ahead a computer's clock is
LATEST: Final = timedelta(days=92)
CARRIED: Final = "carried"  #: the emails that go on, in the entry that notes a purge


@dataclass(frozen=True, slots=True)
class Anchor:
    """What remains of the entries that were taken out."""

    number: int  #: of the last one; so many were taken out in all
    hash: str
    at: datetime  #: when that entry was written
    beginning: str  #: what stands for this working folder in the chain

    def facts(self) -> dict[str, Any]:
        """Give it as plain values."""
        return {
            "number": self.number,
            "hash": self.hash,
            "at": moment(self.at),
            "beginning": self.beginning,
        }


def anchor_of(connection: sqlite3.Connection) -> Anchor | None:
    """Give the anchor; None where nothing was ever taken out."""
    for (value,) in connection.execute("SELECT value FROM meta WHERE name = ?", (ANCHOR,)):
        try:
            facts: Mapping[str, Any] = json.loads(value)
            return Anchor(
                int(facts["number"]),
                str(facts["hash"]),
                datetime.fromisoformat(str(facts["at"])),
                str(facts["beginning"]),
            )
        except (ValueError, KeyError, TypeError):
            return Anchor(0, "", datetime.min.replace(tzinfo=UTC), "")  # follows from nothing
    return None


def last_to_go(connection: sqlite3.Connection, before: datetime, beginning: str) -> Anchor | None:
    """Give the last entry of the beginning that may go; None where nothing may.

    Everything up to it is older than `before`, and none of it is still needed: emails that
    are not settled, a hold in force, and the newest months stay with all that follows them.
    """
    states = connection.execute("SELECT key, state FROM deliveries")
    open_keys = {key for key, state in states if state in _OPEN}
    stops = _in_force(connection)
    (newest,) = connection.execute(
        "SELECT at FROM entries ORDER BY number DESC LIMIT 1"
    ).fetchone() or (None,)
    if newest is None:
        return None
    before = min(before, datetime.fromisoformat(newest) - LATEST)
    last: Anchor | None = None
    for number, at, event, facts, digest in connection.execute(
        "SELECT number, at, event, facts, hash FROM entries ORDER BY number"
    ):
        written = datetime.fromisoformat(at)
        needed = number in stops or (event == "email" and json.loads(facts)["key"] in open_keys)
        if written >= before or needed:
            break
        last = Anchor(number, digest, written, beginning)
    return last


def _in_force(connection: sqlite3.Connection) -> set[int]:
    """Give the entries by which a person, or a loss, stopped all emails until a person's word."""
    found = set()
    for stop, ends in _STOPS.items():
        for number, event in connection.execute(
            "SELECT number, event FROM entries WHERE event IN (?, ?) ORDER BY number DESC LIMIT 1",
            (stop, ends),
        ):
            if event == stop:
                found.add(int(number))
    return found


def carried_on(connection: sqlite3.Connection, anchor: Anchor) -> list[dict[str, Any]]:
    """Give the emails told once of which only entries up to the anchor speak."""
    spoken_of = _spoken_of(connection, anchor)
    return [
        json.loads(facts)
        for key, kind, state, facts in connection.execute(
            "SELECT key, kind, state, facts FROM deliveries ORDER BY key"
        )
        if key not in spoken_of and kind not in BY_PERIOD and state != State.FAILED
    ]


def take_out(connection: sqlite3.Connection, anchor: Anchor) -> None:
    """Take out every entry up to the anchor, and emails of which no later entry speaks."""
    connection.execute("PRAGMA secure_delete = ON")
    kept = _spoken_of(connection, anchor)
    gone = [
        (key,) for (key,) in connection.execute("SELECT key FROM deliveries") if key not in kept
    ]
    connection.execute("DELETE FROM entries WHERE number <= ?", (anchor.number,))
    connection.executemany("DELETE FROM deliveries WHERE key = ?", gone)
    connection.execute(
        "INSERT INTO meta VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (ANCHOR, json.dumps(anchor.facts(), sort_keys=True)),
    )


def _spoken_of(connection: sqlite3.Connection, anchor: Anchor) -> set[str]:
    """Give the keys of the emails that an entry after the anchor notes or carries on."""
    keys: set[str] = set()
    for event, told in connection.execute(
        "SELECT event, facts FROM entries WHERE event IN ('email', ?) AND number > ?",
        (PURGED, anchor.number),
    ):
        facts = json.loads(told)
        several = facts.get(CARRIED, ()) if event == PURGED else (facts,)
        keys |= {one["key"] for one in several}
    return keys


def says_so(anchor: Anchor, noted: Mapping[str, Any] | None) -> bool:
    """Say whether the chain's own latest entry about it names this very anchor."""
    return noted is not None and {key: noted.get(key) for key in anchor.facts()} == anchor.facts()
