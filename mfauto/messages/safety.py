"""The child safety message: told on the day a case first shows without assurance (C03).

Each Head of Service is asked once for each case, and the SQA Officer is told of it.
From then on it stands first in their weekly emails.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Any, Final

from mfauto.comparing import same
from mfauto.messages.addressing import SQA, Addressee, Unreachable
from mfauto.messages.assurance import asking, assurance_fields, telling
from mfauto.messages.content import Part
from mfauto.messages.message import Message, told_key
from mfauto.messages.plan import Known, Unsafe, unsafe_cases
from mfauto.messages.writer import Writer
from mfauto.model import Review
from mfauto.settings import Settings

SAFETY_KIND: Final = "safety"


@dataclass(frozen=True, kw_only=True, slots=True)
class Alerts:
    """What is told about child safety in one run."""

    messages: tuple[Message, ...]  #: to Heads of Service first, to the SQA Officer last
    unreached: tuple[Unsafe, ...]  #: new cases whose Head of Service cannot be written to
    stranded: str | None  #: why nobody can be told of `unreached`; None where somebody is


def safety_alerts(
    review: Review, settings: Settings, run: Known, used: frozenset[str] = frozenset()
) -> Alerts:
    """Make the messages about each case that its reader has not been told about.

    `run.told` holds what readers heard before; `used` the keys of emails that have left, so that
    a case that shows later in the day has an email of its own.
    """
    writer = Writer(SAFETY_KIND, review, settings, run)
    cases = list(unsafe_cases(review, writer.directory))
    found = writer.directory.officer()
    officer = found if isinstance(found, Addressee) else writer.directory.fallback()
    heads: dict[str, Addressee] = {}
    asked: dict[str, list[Unsafe]] = defaultdict(list)
    told: list[Unsafe] = []
    for unsafe, head in cases:
        if head is not None and _key(unsafe, head, writer) not in run.told:
            heads[head.key] = head
            asked[head.key].append(unsafe)
        if (
            isinstance(officer, Addressee)
            and (head is None or head.key != officer.key)
            and _key(unsafe, officer, writer) not in run.told
        ):
            told.append(unsafe)
    messages = [_asking(writer, heads[key], asked[key], used) for key in sorted(heads)]
    if told and isinstance(officer, Addressee):
        messages.append(_telling(writer, officer, told, used))
    unreached = tuple(unsafe for unsafe, head in cases if head is None)
    stranded = officer.reason if unreached and isinstance(officer, Unreachable) else None
    return Alerts(messages=tuple(messages), unreached=unreached, stranded=stranded)


def _asking(writer: Writer, head: Addressee, cases: list[Unsafe], used: frozenset[str]) -> Message:
    words, fields = writer.words, _fields(writer, head, cases)
    alert = asking(cases, writer.review.as_at, words, fields, keeps=head.role == SQA)
    alert = replace(alert, after=words.paragraphs("next", fields))
    return _sent(writer, head, cases, used, alert, "why_head")


def _telling(
    writer: Writer, officer: Addressee, cases: list[Unsafe], used: frozenset[str]
) -> Message:
    alert = telling(
        cases,
        writer.review.as_at,
        writer.words,
        _fields(writer, officer, cases),
        drafts=not writer.settings.mail.leaves,
    )
    return _sent(writer, officer, cases, used, alert, "why_officer")


def _fields(writer: Writer, to: Addressee, cases: list[Unsafe]) -> dict[str, Any]:
    return writer.fields(to, **assurance_fields(cases, writer.review.as_at))


def _sent(
    writer: Writer,
    to: Addressee,
    cases: list[Unsafe],
    used: frozenset[str],
    alert: Part,
    why: str,
) -> Message:
    return writer.message(
        to,
        writer.period(to, used),
        _fields(writer, to, cases),
        (),
        (why, "as_at_line"),
        subject="safety_subject",
        alert=alert,
        tracker=True,
        told=frozenset(_key(unsafe, to, writer) for unsafe in cases),
    )


def _key(unsafe: Unsafe, to: Addressee, writer: Writer) -> str:
    trial = writer.settings.mail.redirect_all_to
    return safety_key(writer.run.folder, unsafe.case.ref or "", to.key, trial)


def safety_key(folder: str, ref: str, reader: str, trial: str | None) -> str:
    """Give the key by which the history knows that a reader was told of a case (C03).

    `reader` is an `Addressee.key`, `trial` as for `told_key`.
    """
    return told_key(folder, SAFETY_KIND, same(ref), reader, trial=trial)
