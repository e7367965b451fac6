"""The service email: new good practice examples are available (C11)."""

from mfauto.comparing import same
from mfauto.letters.making import ANNOUNCEMENT, Letters, Missing
from mfauto.messages import (
    Addressee,
    Known,
    Part,
    Unreachable,
    Writer,
    clickable,
    row,
    shown,
    table,
    told_key,
)
from mfauto.model import Due, Example, Review
from mfauto.settings import Settings
from mfauto.wording import day_words


def announcements(
    dues: list[Due], review: Review, settings: Settings, run: Known, used: frozenset[str]
) -> Letters:
    """Announce the uploaded examples that were not announced yet, all in one email.

    An example that nobody signed off as anonymised is left out, with the reason.
    """
    writer = Writer(ANNOUNCEMENT, review, settings, run)
    ready: list[tuple[Due, Example]] = []
    missing: list[Missing] = []
    for due in dues:
        example = due.subject
        if not isinstance(example, Example) or _key(due, writer) in run.told:
            continue
        if example.anonymised is None or example.anonymised > review.as_at:
            said = f"Example {shown(example.ref or 'without a ref')} has no Anonymised on."
            missing.append(Missing(case=shown(due.case.ref or ""), reason=said))
        else:
            ready.append((due, example))
    to = _reader(writer, settings)
    if isinstance(to, Unreachable):
        missing += [
            Missing(case=shown(due.case.ref or ""), reason=to.reason, lost=True) for due, _ in ready
        ]
        ready = []
    if not ready or isinstance(to, Unreachable):
        return Letters(missing=tuple(missing))
    fields, words = writer.fields(to, examples=len(ready)), writer.words
    rows = (
        row(
            shown(example.theme or ""),
            day_words(example.uploaded) if example.uploaded else "",
            clickable(example.library_link) or words.line("no_link", fields),
        )
        for _, example in ready
    )
    part = Part(
        heading=words.line("heading", fields),
        before=words.paragraphs("says", fields),
        table=table(("Theme", "Uploaded on", "Where"), rows),
        after=words.paragraphs("use", fields),
    )
    message = writer.message(
        to,
        writer.period(to, used),
        fields,
        (part,),
        ("why",),
        told=frozenset(_key(due, writer) for due, _ in ready),
    )
    refs = tuple(due.case.ref or "" for due, _ in ready)
    return Letters(messages=(message,), missing=tuple(missing), cases={message.key: refs})


def _reader(writer: Writer, settings: Settings) -> Addressee | Unreachable:
    """Give the service's list, else the SQA Officer, who enters the readers before sending."""
    if settings.service_list is not None:
        return writer.directory.mailbox(settings.service_list, "[letters] service_list")
    found = writer.directory.fallback()
    # The email greets everyone, whoever has to enter them.
    return found if isinstance(found, Unreachable) else Addressee(found.address, role=found.role)


def _key(due: Due, writer: Writer) -> str:
    trial = writer.settings.mail.redirect_all_to
    return announced(writer.run.folder, due.case.ref or "", str(due.item or ""), trial)


def announced(folder: str, case: str, example: str, trial: str | None) -> str:
    """Give the key by which the history knows that an example was announced (C14).

    `trial` is the address of `redirect_all_to`; None where there is none.
    """
    return told_key(folder, ANNOUNCEMENT, same(case), same(example), trial=trial)
