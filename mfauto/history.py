"""What the history says, in lines that a person reads: names are looked up as they are shown."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from mfauto.comparing import same, tidy
from mfauto.delivery import OUTBOX
from mfauto.errors import UsageError
from mfauto.ledger import Delivery, Entry, Ledger, LedgerError, State
from mfauto.messages import addressed_as, safety_key, shown
from mfauto.messages.summary import grouped
from mfauto.model import Person, Tracker
from mfauto.schedule import LONDON
from mfauto.settings import Mail

_STEPS: Final = (State.PENDING, State.SENDING, State.HELD)
SHOWN_ID: Final = 12  #: so many characters of an email's key are its ID


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One line of the history as a person reads it."""

    number: int
    at: datetime
    what: str
    whom: str | None  #: a name, looked up on People just now; None where nobody is concerned
    period: str | None
    state: str | None
    draft: bool  #: an email that was sent only as far as the outbox, where a person sends it
    detail: str | None
    tracker: str | None  #: sha256 of the tracker
    id: str | None  #: an email's ID, for `history resolve`; None for anything else


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """The history as a person reads it, and whether they can rely on it."""

    lines: tuple[Line, ...] = ()
    faults: tuple[str, ...] = ()  #: what somebody changed or cut
    unlike: str | None = None  #: how it is not the history of the last run; None where it is
    unsure: tuple[str, ...] = ()  #: IDs of emails that may or may not have arrived
    purged_to: date | None = None  #: day of the last entry that was purged; None where none was
    entries: int = 0  #: number of the last one
    check_value: str = ""  #: of the last one, as the weekly summary prints it
    given: int | None = None  #: the entry of an earlier summary that it was compared with
    case: str | None = None  #: the one case that `lines` are about; None: everything
    in_tracker: bool = True  #: False where today's tracker has no such case

    @property
    def doubts(self) -> tuple[str, ...]:
        """Give every reason not to rely on it; empty where there is none."""
        return (*self.faults, *([self.unlike] if self.unlike else ()))


def record_of(
    ledger: Ledger,
    tracker: Tracker | None,
    mail: Mail,
    *,
    given: tuple[int, str] | None = None,
    case: str | None = None,
) -> Record:
    """Give the history with the recipients' names of today, and whether it is whole.

    `tracker` is today's; None where it cannot be read just now. `given` is a number and a check
    value from an earlier weekly summary. With `case` only what is known to be about it.

    Raises:
        LedgerError: what it says cannot be read, though nobody seems to have meddled with it.
        UsageError: the entry that was given was purged, so nobody can compare it.

    """
    trail = ledger.trail(given)
    if given is not None and given[0] < trail.purged:
        raise UsageError(
            f"Entry {given[0]} was purged, so it cannot be compared.\n"
            "Take the number and check value of a later weekly summary."
        )
    lines: list[Line] = []
    unknown: list[Delivery] = []
    try:
        lines = history(ledger, tracker.people if tracker else (), mail)
        if case is not None:
            wanted = of_case(ledger, tracker, mail, case)
            lines = [line for line in lines if line.number in wanted]
        unknown = ledger.deliveries(State.UNKNOWN)
    except LedgerError:
        if not trail.faults:
            raise
    return Record(
        lines=tuple(lines),
        faults=trail.faults,
        unlike=trail.unlike,
        unsure=tuple(one.key[:SHOWN_ID] for one in unknown),
        purged_to=trail.since.astimezone(LONDON).date() if trail.since else None,
        entries=trail.entries,
        check_value=grouped(trail.hash),
        given=given[0] if given else None,
        case=case,
        in_tracker=tracker is None or case is None or _has(tracker, case),
    )


def history(ledger: Ledger, people: Iterable[Person], mail: Mail) -> list[Line]:
    """Give the history, oldest first, with the recipients' names of today."""
    names = _names(ledger, people, mail)
    return [_line(entry, names) for entry in ledger.entries() if not _passing(entry, ledger)]


def of_case(ledger: Ledger, tracker: Tracker | None, mail: Mail, ref: str) -> frozenset[int]:
    """Give the numbers of the entries that are known to be about one case.

    Documents are noted with it. Letters and child safety emails are hashes of it, which can be
    made again; a weekly email tells of many obligations, and is no hash of any one case.
    """
    case, examples = same(ref), _examples(tracker, ref)
    documents = [
        entry
        for entry in ledger.entries("document")
        if same(str(entry.facts.get("case", ""))) == case
        or same(str(entry.facts.get("example", ""))) in examples
    ]
    made = {_stem(entry) for entry in documents}
    mark, keys = _hashes(ledger, tracker, mail, ref)
    return frozenset(
        entry.number
        for entry in ledger.entries()
        if (entry.event == "document" and _stem(entry) in made)  # the PDF beside it too
        or (
            entry.event == "email"
            and (str(entry.facts["period"]).endswith(mark) or not keys.isdisjoint(_told(entry)))
        )
    )


def _stem(entry: Entry) -> str:
    return str(entry.facts.get("file")).rpartition(".")[0]


def _told(entry: Entry) -> list[str]:
    return [str(item) for item in entry.facts.get("items", ())]


def _hashes(
    ledger: Ledger, tracker: Tracker | None, mail: Mail, ref: str
) -> tuple[str, frozenset[str]]:
    """Give what ends the period of each letter about a case, and the keys of what emails told."""
    from mfauto.letters import announced, mark_of  # noqa: PLC0415 - only for one case

    people = tracker.people if tracker else ()
    readers = {tidy(one.email).casefold() for one in people if one.email}
    readers |= {tidy(one).casefold() for one in (mail.fallback, mail.contact) if one}
    keys = set()
    for trial in (None, mail.redirect_all_to):
        keys |= {safety_key(ledger.folder, ref, reader, trial) for reader in readers}
        keys |= {announced(ledger.folder, ref, one, trial) for one in _examples(tracker, ref)}
    return f".{mark_of(ledger.folder, ref)}", frozenset(keys)


def _examples(tracker: Tracker | None, ref: str) -> frozenset[str]:
    """Give the refs of a case's examples, in the form in which refs are compared."""
    examples = tracker.examples if tracker else ()
    return frozenset(
        same(one.ref) for one in examples if one.ref and same(one.case_ref or "") == same(ref)
    )


def _has(tracker: Tracker, ref: str) -> bool:
    return any(same(case.ref or "") == same(ref) for case in tracker.cases)


def _passing(entry: Entry, ledger: Ledger) -> bool:
    """Say whether an entry is only a step on an email's way, and the email got further."""
    if entry.facts.get("state") not in _STEPS:
        return False
    now = ledger.delivery(str(entry.facts["key"]))
    return now is None or str(now.state) != entry.facts["state"]


def _line(entry: Entry, names: Mapping[str, str]) -> Line:
    facts = entry.facts
    recipient = facts.get("recipient")
    gone = f"no longer on People ({facts.get('role') or 'a mailbox'})"
    kind = entry.event if entry.event == "skipped" else facts.get("kind") or facts.get("job")
    return Line(
        number=entry.number,
        at=entry.at,
        what=str(kind or entry.event),
        whom=names.get(recipient, gone) if recipient else None,
        period=facts.get("period"),
        state=facts.get("state"),
        draft=facts.get("state") == State.SENT and facts.get("channel") == OUTBOX,
        detail=facts.get("detail") or (None if entry.event == "rows" else facts.get("file")),
        tracker=facts.get("tracker"),
        id=str(facts["key"])[:SHOWN_ID] if "key" in facts else None,
    )


def _names(ledger: Ledger, people: Iterable[Person], mail: Mail) -> dict[str, str]:
    names = {}
    known = [(one, one) for one in (mail.fallback, mail.contact, mail.redirect_all_to) if one]
    known += [(one.email, one.name) for one in people if one.email and one.name]
    for address, name in known:
        names[ledger.pseudonym(tidy(address))] = shown(name)
        if mail.redirect_all_to:
            by_way = addressed_as(tidy(address), mail.redirect_all_to)
            names[ledger.pseudonym(by_way)] = f"{shown(name)} (trial)"
    return names
