"""What was made and sent, when, to whom, from which tracker: one SQLite file.

Every entry holds the hash of the one before, so that a later change shows. The
history holds no names, addresses or tracker text: a recipient is a role and a
keyed hash, resolved against People only while it is shown. Times are arguments.
"""

import hashlib
import hmac
import json
import os
import sqlite3
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from mfauto.ledger.asking import ask_to_hold, asked_to_hold, heard
from mfauto.ledger.chain import Trail, canonical, examined, genesis, hash_of
from mfauto.ledger.computers import Loss, computers_of, keep_computers, this_computer
from mfauto.ledger.file import HISTORY, LedgerError, damaged, opened
from mfauto.ledger.lock import RunningError, at_work, known_end, one_run
from mfauto.ledger.pruning import (
    CARRIED,
    PURGED,
    anchor_of,
    carried_on,
    last_to_go,
    take_out,
)
from mfauto.ledger.states import FOLLOWS, Delivery, State, delivery_from, facts_of, moment
from mfauto.saving import BACKUPS

__all__ = [
    "HISTORY",
    "Delivery",
    "Entry",
    "Ledger",
    "LedgerError",
    "Loss",
    "RunningError",
    "State",
    "Trail",
    "ask_to_hold",
    "at_work",
    "missing",
    "one_run",
    "open_ledger",
    "read_ledger",
]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the history."""

    number: int
    at: datetime
    event: str  #: email, document, flags, run, skipped, hold, release, began anew, accepted, purged
    facts: Mapping[str, Any]
    hash: str


class Ledger:
    """The open history of one working folder. Writing needs the lock: see `open_ledger`."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        home: Path,
        *,
        writable: bool,
        computer: str | None = None,
    ) -> None:
        self._connection = connection
        self._home = home
        self.writable = writable
        self._computer = this_computer() if computer is None else computer
        self._meddled: bool | None = None
        self.lost: Loss | None = None  #: why it may not know what was sent: see `accept`
        self.known: tuple[int, str] | None = None  #: what the last run wrote down of its end
        self.folder = self._meta("folder")  #: the working folder's secret; keys emails and hashes

    def pseudonym(self, address: str) -> str:
        """Give the hash that stands for an address here."""
        return self._hashed("address", address.strip().casefold())

    def mark_of(self, path: Path) -> str:
        """Give the hash that stands for a file here: by its place in the folder, else its path."""
        path, home = path.resolve(), self._home.resolve()
        place = path.relative_to(home) if path.is_relative_to(home) else path
        return self._hashed("file", os.path.normcase(place))

    def _hashed(self, what: str, name: str) -> str:
        told = f"{what}\n{name}".encode("utf-8", "surrogatepass")
        return hmac.new(self.folder.encode(), told, hashlib.sha256).hexdigest()[:32]

    # What happened besides emails

    def record(self, event: str, now: datetime, **facts: Any) -> Entry:  # noqa: ANN401
        """Note a document made, flags written, a run or a week skipped.

        `facts` are plain values: a case ref, a file below the working folder, hashes, numbers.
        """
        (entry,) = self.record_each(event, now, [facts])
        return entry

    def record_each(
        self, event: str, now: datetime, several: Iterable[Mapping[str, Any]]
    ) -> list[Entry]:
        """Note several of one kind, such as all the documents of a job: each or none of them."""
        with self._writing():
            return [self._add(event, now, facts) for facts in several]

    def entries(self, event: str | None = None) -> Iterator[Entry]:
        """Give the entries, oldest first; of one kind where `event` says so."""
        for number, at, name, facts, _, digest in self._connection.execute(
            "SELECT number, at, event, facts, previous, hash FROM entries "
            "WHERE ?1 IS NULL OR event = ?1 ORDER BY number",
            (event,),
        ):
            with _readable(f"entry {number}"):
                entry = Entry(number, datetime.fromisoformat(at), name, json.loads(facts), digest)
            yield entry

    def last(self, event: str) -> Entry | None:
        """Give the latest entry of one kind; None where there is none."""
        return next(iter(deque(self.entries(event), maxlen=1)), None)

    # Emails

    def expect(self, delivery: Delivery, now: datetime) -> Delivery:
        """Note that an email is to be sent. Its first Date stays with it."""
        known = self.delivery(delivery.key)
        dated = known.dated if known else delivery.dated
        wanted = replace(delivery, state=State.PENDING, dated=dated, changed=now, detail=None)
        return self._change(wanted, now)

    def begin(self, delivery: Delivery, now: datetime) -> Delivery:
        """Note that an email is being handed over right now."""
        return self._change(replace(delivery, state=State.SENDING, changed=now), now)

    def change(self, key: str, state: State, now: datetime, detail: str | None = None) -> Delivery:
        """Note how far an email has come."""
        known = self.delivery(key)
        if known is None:
            raise KeyError(key)
        return self._change(replace(known, state=state, changed=now, detail=detail), now)

    def keep(self, held: Delivery, now: datetime) -> Delivery:
        """Note that a held email did not leave, and waits as it did before."""
        return self._change(replace(held, changed=now), now)

    def resolve(self, key: str, now: datetime, *, arrived: bool) -> Delivery:
        """Note a person's word on an email of unknown fate. One that failed is sent again."""
        known = self.delivery(key)
        if known is None or known.state is not State.UNKNOWN:
            raise LedgerError(f"{key} is no email of unknown fate. The command history lists them.")
        return self.change(key, State.SENT if arrived else State.FAILED, now, "a person's word")

    def recover(
        self, now: datetime, trace: Callable[[Delivery], State] | None = None
    ) -> list[Delivery]:
        """Settle what a stopped run left in the middle of sending.

        `trace` looks for what that run left behind: SENT or HELD where it was made for sure,
        PENDING where it certainly never was. Everything else is UNKNOWN: a person decides.
        """
        settled = []
        for delivery in self.deliveries(State.SENDING):
            state = trace(delivery) if trace else State.UNKNOWN
            if state not in (State.SENT, State.HELD, State.PENDING):
                state = State.UNKNOWN
            settled.append(self.change(delivery.key, state, now, delivery.detail or "stopped"))
        return settled

    def delivery(self, key: str) -> Delivery | None:
        """Give one email's state; None where the history does not know it."""
        for (facts,) in self._connection.execute(
            "SELECT facts FROM deliveries WHERE key = ?", (key,)
        ):
            with _readable("an email's state"):
                return delivery_from(json.loads(facts))
        return None

    def deliveries(self, state: State | None = None) -> list[Delivery]:
        """Give the emails, by week; those in one state where it is named."""
        found = self._connection.execute(
            "SELECT facts FROM deliveries WHERE ?1 IS NULL OR state = ?1 ORDER BY period, key",
            (state,),
        )
        with _readable("an email's state"):
            return [delivery_from(json.loads(facts)) for (facts,) in found]

    def told(self, kind: str, before: str, *, besides: str | None = None) -> frozenset[str]:
        """Give the items that their owners heard of in the periods before `before`.

        Not those that went by the channel `besides` alone.
        """
        return frozenset(
            item
            for delivery in self.deliveries(State.SENT)
            if delivery.kind == kind and delivery.period < before and delivery.channel != besides
            for item in delivery.items
        )

    # A hold put on by a person

    def on_hold(self) -> bool:
        """Say whether a person has stopped all emails, and nobody has let them go since."""
        return self.asked_to_hold() or self._latest("hold", "release") == "hold"

    def asked_to_hold(self) -> bool:
        """Say whether a person has asked for a hold while this run is at work."""
        return asked_to_hold(self._home)

    def hear(self, now: datetime) -> None:
        """Note a hold that a person has asked for while a run was at work."""
        if self.asked_to_hold():
            if self._latest("hold", "release") != "hold":
                self.record("hold", now)
            heard(self._home)

    def _latest(self, one: str, other: str) -> str | None:
        for (event,) in self._connection.execute(
            "SELECT event FROM entries WHERE event IN (?, ?) ORDER BY number DESC LIMIT 1",
            (one, other),
        ):
            return str(event)
        return None

    # The chain

    def accept(self, now: datetime) -> None:
        """Note a person's word that this history is the one to go on with, on this computer.

        What was noted before it for periods after `now` counts as done no more.
        """
        self.record("accepted", now)
        self.settle_in()
        self.lost = self.known = None

    def settle_in(self) -> None:
        """Note that the history is used on this computer, unless that is known."""
        known, here = computers_of(self._connection), self._hashed("computer", self._computer)
        if here not in known:
            with self._writing():
                keep_computers(self._connection, [*known, here])

    def loss(self, known: tuple[int, str] | None) -> Loss | None:
        """Say why the history may not know what was sent; None where it does.

        `known` is what the last run wrote down of the history's end; None where nothing is known.
        """
        if self.unlike(known) is not None:
            return Loss.OLDER
        computers = computers_of(self._connection)
        elsewhere = computers and self._hashed("computer", self._computer) not in computers
        return Loss.ELSEWHERE if elsewhere else None

    def unlike(self, known: tuple[int, str] | None) -> str | None:
        """Say how this is an older copy of the history of the runs before, or a new one; else None.

        `known` is what the last run wrote down of the history's end; None where nothing is known.
        """
        if self._latest("began anew", "accepted") == "began anew":
            return "There was a history before this one, and it is gone."
        if known is None:
            return None
        (number, digest), (end, _) = known, self.head()
        if number > end:
            return (
                f"The last run wrote down entry {number} as its end, and it ends at entry {end}: "
                "its end was cut, or an older copy put back."
            )
        found = self._connection.execute("SELECT hash FROM entries WHERE number = ?", (number,))
        if any(held != digest for (held,) in found):
            return f"Entry {number} is not the one that the last run wrote down."
        return None

    def head(self) -> tuple[int, str]:
        """Give the number and the hash of the last entry."""
        for number, digest in self._connection.execute(
            "SELECT number, hash FROM entries ORDER BY number DESC LIMIT 1"
        ):
            return int(number), str(digest)
        return 0, genesis(self.folder)

    def meddled(self) -> bool:
        """Say whether somebody changed the history before this run; looked at once."""
        if self._meddled is None:
            self._meddled = bool(self.verify().faults)
        return self._meddled

    def verify(self, known: tuple[int, str] | None = None) -> Trail:
        """Say whether an entry was changed, taken out or cut off.

        `known` is a number and a hash (or its beginning) from an earlier weekly summary. Only
        such a value from outside shows that the whole history was written anew.
        """
        return examined(self._connection, self.folder, known)

    def trail(self, given: tuple[int, str] | None = None) -> Trail:
        """Say whether it is whole, and the history of the last run: see `verify` for `given`.

        Who cuts off the end with care shows only against what the last run wrote down.
        """
        return replace(self.verify(given), unlike=self.unlike(self.known))

    def check_whole(self) -> None:
        """Make sure that nobody meddled with the history. LedgerError where somebody did."""
        if self.verify().faults:
            raise LedgerError(
                f"{HISTORY} is not as it was written, so nothing was purged.\n"
                "The command history says what was changed. Ask whoever looks after mfauto."
            )

    def prunable(self, before: datetime) -> int:
        """Say how many entries older than `before` can be taken out."""
        last = last_to_go(self._connection, before, genesis(self.folder))
        first = anchor_of(self._connection)
        return last.number - (first.number if first else 0) if last else 0

    def prune(self, before: datetime, now: datetime) -> int:
        """Take out the entries older than `before` that nothing needs; give their number.

        The chain stays whole, and says what was taken out. The bytes are gone from the file.

        Raises:
            LedgerError: somebody meddled with the history; a purge would take the traces away.

        """
        self.check_whole()
        number = self.prunable(before)
        anchor = last_to_go(self._connection, before, genesis(self.folder))
        if anchor is None:
            return 0
        # What the next run on each tracker is compared with.
        remembered = {entry.facts.get("file"): entry for entry in self.entries("rows")}
        with self._writing():
            for entry in remembered.values():
                if entry.number <= anchor.number:
                    self._add("rows", now, entry.facts)
            carried = carried_on(self._connection, anchor)
            self._add(PURGED, now, {**anchor.facts(), CARRIED: carried})
            take_out(self._connection, anchor)
        self._connection.execute("PRAGMA temp_store = MEMORY")  # no copy in a temporary folder
        self._connection.execute("VACUUM")
        return number

    def _meta(self, name: str) -> str:
        for (value,) in self._connection.execute("SELECT value FROM meta WHERE name = ?", (name,)):
            return str(value)
        raise LedgerError(damaged("its own mark is missing"))

    def _change(self, delivery: Delivery, now: datetime) -> Delivery:
        with self._writing():
            known = self.delivery(delivery.key)
            if delivery.state not in FOLLOWS[known.state if known else None]:
                was = known.state if known else "new"
                raise ValueError(f"an email that is {was} cannot become {delivery.state}")
            facts = facts_of(delivery)
            self._add("email", now, facts)
            self._connection.execute(
                "INSERT INTO deliveries VALUES (?, ?, ?, ?, ?, ?) "
                "ON CONFLICT (key) DO UPDATE SET state = excluded.state, facts = excluded.facts",
                (
                    delivery.key,
                    delivery.kind,
                    delivery.period,
                    delivery.recipient,
                    delivery.state,
                    canonical(facts),
                ),
            )
        return delivery

    def _add(self, event: str, now: datetime, facts: Mapping[str, Any]) -> Entry:
        number, previous = self.head()
        number += 1
        at, told = moment(now), canonical(facts)
        digest = hash_of(number, at, event, told, previous)
        self._connection.execute(
            "INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?)",
            (number, at, event, told, previous, digest),
        )
        return Entry(number, datetime.fromisoformat(at), event, dict(facts), digest)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        if not self.writable:
            raise RuntimeError("this history was opened for reading")
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.rollback()
            raise
        self._connection.commit()


@contextmanager
def open_ledger(folder: Path, now: datetime, *, computer: str | None = None) -> Iterator[Ledger]:
    """Open the history of a working folder for one run, and be the only run until it is closed.

    `computer` names the one it runs on; None for the name that the system gives.

    Raises:
        RunningError: another run is at work; this one should say so and end.
        LedgerError: the file is damaged or made by a newer version.

    """
    anew = _began_anew(folder)
    with one_run(folder, now) as note, opened(folder / HISTORY, create=True) as connection:
        ledger = Ledger(connection, folder, writable=True, computer=computer)
        if anew:
            ledger.record("began anew", now)
        if not computers_of(connection):
            ledger.settle_in()
        ledger.known = note.known
        ledger.lost = ledger.loss(note.known)
        ledger.hear(now)
        try:
            yield ledger
        finally:
            ledger.hear(now)
            if ledger.lost is not Loss.OLDER:
                note.known = ledger.head()


@contextmanager
def _readable(what: str) -> Iterator[None]:
    """Say of what somebody has spoiled by hand that it cannot be used."""
    try:
        yield
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise LedgerError(damaged(f"{what} cannot be read")) from error


def _began_anew(folder: Path) -> bool:
    """Say whether there is no history although something was done here before."""
    try:
        return not (folder / HISTORY).exists() and any((folder / BACKUPS).glob("*"))
    except OSError:  # opening it says what stands against it
        return False


@contextmanager
def read_ledger(folder: Path, *, computer: str | None = None) -> Iterator[Ledger | None]:
    """Open the history for looking only; None where there is none. Nothing is made."""
    path = folder / HISTORY
    if not path.exists() or path.stat().st_size == 0:  # a first run was stopped as it began
        yield None
        return
    with opened(path, create=False) as connection:
        ledger = Ledger(connection, folder, writable=False, computer=computer)
        ledger.known = known_end(folder)
        ledger.lost = ledger.loss(ledger.known)
        yield ledger


def missing(folder: Path) -> str | None:
    """Say that there was a history, and it is gone; None where there is one, or never was."""
    path, known = folder / HISTORY, known_end(folder)
    if known is None or (path.exists() and path.stat().st_size):
        return None
    return f"There was a history up to entry {known[0]}, and it is gone."
