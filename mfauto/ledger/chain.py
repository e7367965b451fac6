"""The chain: each entry holds the hash of the one before, so that a later change shows."""

import hashlib
import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mfauto.ledger.pruning import CARRIED, PURGED, Anchor, anchor_of, says_so


@dataclass(frozen=True, slots=True)
class Trail:
    """Whether the history is whole."""

    entries: int  #: number of the last one
    hash: str  #: of the last entry; give it to somebody else to keep
    faults: tuple[str, ...]  #: empty where every entry is as it was written
    since: datetime | None = None  #: older entries were purged; None where none ever was
    purged: int = 0  #: number of the last entry that was purged
    unlike: str | None = None  #: how it is not the history of the last run; None where it is

    @property
    def doubts(self) -> tuple[str, ...]:
        """Give every reason not to rely on it; empty where there is none."""
        return (*self.faults, *([self.unlike] if self.unlike else ()))


def genesis(folder: str) -> str:
    """Give what stands in the place of the entry before the first."""
    return hashlib.sha256(f"mfauto history {folder}".encode()).hexdigest()


def hash_of(number: int, at: str, event: str, facts: str, previous: str) -> str:
    """Give an entry's hash, which holds that of the entry before."""
    told = canonical([number, at, event, facts, previous])
    return hashlib.sha256(told.encode()).hexdigest()


def canonical(facts: Any) -> str:  # noqa: ANN401 - plain values of any kind
    """Write plain values down in the one way that is hashed."""
    return json.dumps(facts, sort_keys=True, ensure_ascii=True, separators=(",", ":"))


def examined(connection: sqlite3.Connection, folder: str, known: tuple[int, str] | None) -> Trail:
    """Read the whole chain and say whether anything in it is not as it was written.

    `known` is a number and a hash (or its beginning) that were given out earlier.
    """
    return _Examination(connection, genesis(folder)).trail(known)


class _Examination:
    def __init__(self, connection: sqlite3.Connection, beginning: str) -> None:
        self._connection = connection
        self.beginning = beginning
        self.anchor: Anchor | None = anchor_of(connection)
        self.number = self.anchor.number if self.anchor else 0
        self.last = self.anchor.hash if self.anchor else beginning
        self.hashes = {self.number: self.last}
        self.states: dict[str, dict[str, Any]] = {}
        self.purged: dict[str, Any] | None = None
        self.faults: list[str] = []

    def trail(self, known: tuple[int, str] | None) -> Trail:
        for row in self._connection.execute(
            "SELECT number, at, event, facts, previous, hash FROM entries ORDER BY number"
        ):
            self._entry(*row)
        self._end()
        self._known(known)
        since, purged = (self.anchor.at, self.anchor.number) if self.anchor else (None, 0)
        return Trail(self.number, self.last, tuple(self.faults), since, purged)

    def _entry(self, number: int, at: str, event: str, facts: str, before: str, told: str) -> None:
        expected = self.number + 1
        if number != expected:
            self.faults.append(
                f"Before entry {number}, {number - expected} of the entries are missing."
            )
        elif before != self.last:
            self.faults.append(f"Entry {number} does not follow from the entry before it.")
        if told != hash_of(number, at, event, facts, before):
            self.faults.append(f"Entry {number} was changed.")
        self.number, self.last = number, told
        self.hashes[number] = told
        if event == PURGED:
            self.purged = _read(facts)
            for one in self.purged.get(CARRIED, ()):
                self.states[str(one.get("key"))] = one
        if event == "email":
            said = _read(facts)
            self.states[str(said.get("key"))] = said

    def _end(self) -> None:
        for (last,) in self._connection.execute(
            "SELECT seq FROM sqlite_sequence WHERE name = 'entries' AND seq > ?", (self.number,)
        ):
            self.faults.append(
                f"The history ends at entry {self.number}, but had {last}: its end is gone."
            )
        now, agree = {}, True
        for key, kind, period, recipient, state, facts in self._connection.execute(
            "SELECT key, kind, period, recipient, state, facts FROM deliveries"
        ):
            now[key] = said = _read(facts)
            named = [said.get(name) for name in ("key", "kind", "period", "recipient", "state")]
            agree = agree and named == [key, kind, period, recipient, state]
        if now != self.states or not agree:
            self.faults.append("The state of the emails does not follow from the entries.")
        if self.anchor is not None and not (
            says_so(self.anchor, self.purged) and self.anchor.beginning == self.beginning
        ):
            self.faults.append("The beginning of the history does not follow from what was purged.")

    def _known(self, known: tuple[int, str] | None) -> None:
        if known is None or (self.anchor is not None and known[0] < self.anchor.number):
            return  # what was purged cannot be compared
        if not self.hashes.get(known[0], "").startswith(known[1].replace(" ", "")):
            self.faults.append(f"Entry {known[0]} is not the one that was given out.")


def _read(facts: str) -> dict[str, Any]:
    """Read an entry's facts; nothing where a meddler left no such thing."""
    try:
        found = json.loads(facts)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
