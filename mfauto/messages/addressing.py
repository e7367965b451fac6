"""Whom an email may go to: one person, one address, or a reason why not.

A name is compared, never guessed. Whatever is not plainly one active person
with one usable address is given back as a reason that a person can act on.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from mfauto.columns import ROLES
from mfauto.comparing import same, tidy
from mfauto.errors import MfautoError, SettingsError
from mfauto.model import Person
from mfauto.settings import Mail

SQA: Final = "SQA Officer"
_LOCAL: Final = re.compile(r"[A-Za-z0-9_'%-]+(?:\.[A-Za-z0-9_'%-]+)*")
_LABEL: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_LONGEST: Final = 254  # RFC 5321, 4.5.3.1.3, without the angle brackets
_LONGEST_LOCAL: Final = 64
_SEVERAL: Final = re.compile(r"[/;&+\n,]|\band\b", re.IGNORECASE)
_SHOWN_NAME: Final = 80
_LINKS: Final = ("https://", "http://")
_HIDDEN: Final = ("Cc", "Cf", "Cs", "Zl", "Zp")  # controls, direction marks, halves, line ends
_ROLES: Final = {same(role): role for role in (*ROLES, "Re-auditor", "Caseload reviewer")}


class UnsafeHeaderError(MfautoError):
    """A text may not stand in an email's header; nothing was made from it."""


@dataclass(frozen=True, slots=True)
class Addressee:
    """One person or mailbox that an email may go to."""

    address: str
    name: str | None = None  #: None for a mailbox that is not on People
    role: str | None = None

    @property
    def key(self) -> str:
        """The form in which addresses are compared."""
        return self.address.casefold()


@dataclass(frozen=True, slots=True)
class Unreachable:
    """Why something has no addressee: one plain sentence."""

    reason: str


def header(text: str, what: str) -> str:
    """Give `text` back where it may stand in a header; refuse it otherwise.

    The email library is not asked: Python 3.11.7 turned a line break within an
    encoded word into a header of its own.
    """
    for character in text:
        if unicodedata.category(character) in _HIDDEN:
            raise UnsafeHeaderError(
                f"{what} holds a hidden character (U+{ord(character):04X}).\n"
                "It could change who gets an email, so no email was made from it. Type it again."
            )
    if "=?" in text:
        raise UnsafeHeaderError(
            f'{what} holds "=?", which mail programs read as code.\n'
            "It could change who gets an email, so no email was made from it. Type it again."
        )
    return text


def shown(text: str) -> str:
    """Give tracker text for a body: on one line, without characters that nobody sees."""
    spaced = " ".join(text.split())
    if spaced.isascii() and spaced.isprintable():
        return spaced
    return "".join(
        "\ufffd" if unicodedata.category(character) == "Cs" else character
        for character in spaced
        if unicodedata.category(character) not in _HIDDEN or unicodedata.category(character) == "Cs"
    )


def fault(address: str, allowed: Sequence[str]) -> str | None:
    """Say what keeps `address` from being used, to follow "the address"; None where nothing."""
    if "@" not in address:
        return "is not an email address"
    if address.count("@") > 1 or re.search(r"[\s;,<>\"()]", address):
        return "is not exactly one address, with nothing around it"
    local, domain = address.split("@")
    if "+" in local:
        return 'holds a "+", which is not allowed'
    labels = domain.split(".")
    if (
        len(address) > _LONGEST
        or len(local) > _LONGEST_LOCAL
        or not _LOCAL.fullmatch(local)
        or len(labels) < 2  # noqa: PLR2004 - a domain has a dot
        or not all(_LABEL.fullmatch(label) for label in labels)
        or labels[-1].isdigit()
    ):
        return "is not a usable email address"
    if allowed and domain.casefold() not in {name.casefold().lstrip("@") for name in allowed}:
        return f"is outside the allowed domains ({', '.join(allowed)})"
    return None


def check_sender(mail: Mail) -> None:
    """Refuse a sender that no email may carry."""
    wrong = fault(mail.sender, ())
    if wrong:
        raise SettingsError(f'mfauto.toml, [mail] sender: "{shown(mail.sender)}" {wrong}.')
    header(mail.sender_name, "mfauto.toml, [mail] sender_name")


def clickable(link: str | None) -> str | None:
    """Give a web address back; None where it is none that may be clicked."""
    if link is None or not link.casefold().startswith(_LINKS):
        return None
    return link if link == shown(link) and not any(map(str.isspace, link)) else None


class Directory:
    """The people of a tracker, by name."""

    def __init__(self, people: Iterable[Person], mail: Mail) -> None:
        self._mail = mail
        self._people = tuple(people)
        self._rows: dict[str, list[Person]] = defaultdict(list)
        for person in self._people:
            if person.name:
                self._rows[same(person.name)].append(person)

    def find(self, name: str | None) -> Addressee | Unreachable:
        """Give the one active person called `name`, or the reason why there is none."""
        if not name or not tidy(name):
            return Unreachable("No owner is named.")
        rows = self._rows.get(same(name))
        if rows is None:
            return Unreachable(_unknown(name))
        if all(row.active != "Yes" for row in rows):
            word = "not active" if rows[0].active else "not marked as active"
            return Unreachable(f"{_brief(name)} is {word} on People.")
        # Rows with one name, one address and two roles are one person.
        if len({tidy(row.email or "").casefold() for row in rows}) > 1:
            return Unreachable(f"{_brief(name)} is on People in {len(rows)} rows.")
        row = next(row for row in rows if row.active == "Yes")
        known = _brief(row.name or "")
        address = tidy(row.email or "")
        if not address:
            return Unreachable(f"{known} has no email address on People.")
        wrong = fault(address, self._mail.allowed_domains)
        if wrong:
            return Unreachable(f"The address of {known} on People {wrong}.")
        return Addressee(address, known, row.role)

    def knows(self, address: str) -> bool:
        """Say whether an address is that of an active person, or of a mailbox of the settings."""
        people = [one.email for one in self._people if one.active == "Yes"]
        known = [*people, self._mail.fallback, self._mail.redirect_all_to]
        return tidy(address).casefold() in {tidy(one).casefold() for one in known if one}

    def manager(self, of: Addressee) -> Addressee | Unreachable:
        """Give whom somebody reports to, as People says."""
        rows = [row for row in self._rows.get(same(of.name or ""), ()) if row.active == "Yes"]
        name = next((row.reports_to for row in rows if row.reports_to), None)
        if name is None:
            return Unreachable(f"People does not say whom {of.name} reports to.")
        return self.find(name)

    def officer(self) -> Addressee | Unreachable:
        """Give the first SQA Officer who can be reached."""
        reason = self._nobody(SQA)
        for person in self._people:
            if person.role == SQA and person.active == "Yes":
                found = self.find(person.name)
                if isinstance(found, Addressee):
                    return found
                reason = found
        return reason

    def fallback(self) -> Addressee | Unreachable:
        """Give whoever gets what cannot be addressed: the setting, else the SQA Officer."""
        if self._mail.fallback is None:
            return self.officer()
        mailbox = self.mailbox(self._mail.fallback, "[mail] fallback")
        address = mailbox.address
        for person in self._people:
            if person.email and tidy(person.email).casefold() == address.casefold():
                known = self.find(person.name)
                if isinstance(known, Addressee):
                    return known
        return mailbox

    def mailbox(self, address: str, setting: str) -> Addressee:
        """Give the mailbox that a setting names; SettingsError where it may not be used."""
        address = tidy(address)
        wrong = fault(address, self._mail.allowed_domains)
        if wrong:
            raise SettingsError(
                f'mfauto.toml, {setting}: "{shown(address)}" {wrong}.\n'
                "Set one address that may get this."
            )
        return Addressee(address)

    def holders(self, role: str) -> tuple[list[Addressee], list[Unreachable]]:
        """Give every active person with `role`: whom to write to, and who cannot be."""
        found = [
            self.find(person.name)
            for person in self._people
            if person.role == role and person.active == "Yes"
        ]
        if not found:
            return [], [self._nobody(role)]
        reached = {one.key: one for one in found if isinstance(one, Addressee)}
        return list(reached.values()), [one for one in found if isinstance(one, Unreachable)]

    def _nobody(self, role: str) -> Unreachable:
        """Say that nobody active has a role, and whether only the Yes under Active is missing."""
        unmarked = any(one.role == role and one.name and not one.active for one in self._people)
        why = ": under Active, Yes is missing" if unmarked else ""
        return Unreachable(f"Nobody on People is an active {role}{why}.")

    def keeper(self) -> str:
        """Say in short whom readers tell what has become of something: who keeps the tracker."""
        if self._mail.contact:
            return shown(self._mail.contact)
        officer = self.officer()
        return f"the {SQA}" if isinstance(officer, Unreachable) else officer.name or officer.address

    def contact(self) -> str:
        """Say whom readers may ask, and where."""
        if self._mail.contact:
            return shown(self._mail.contact)
        officer = self.officer()
        if isinstance(officer, Addressee):
            role = officer.role or SQA
            return f"{officer.name}, {role}, at {officer.address}"
        return f"the {SQA}"


def _brief(name: str) -> str:
    name = shown(name)
    return name if len(name) <= _SHOWN_NAME else f"{name[:_SHOWN_NAME].rstrip()}…"


def _unknown(name: str) -> str:
    role = _ROLES.get(same(name))
    if role:
        return f"Nobody is named as {role}."
    if sum(bool(part.strip()) for part in _SEVERAL.split(name)) > 1:
        return f'"{_brief(name)}" is more than one person; an action has one owner.'
    return f"{_brief(name)} is not on People."
