"""Each setting in words: what it means, its unit, its default, what it may look like.

The settings page and the `mfauto.toml` that `init` writes are made from this table.
Its order is theirs: groups and settings most needed first. The defaults are the program's own.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from mfauto.policy import LIMITS, Limit, Policy
from mfauto.settings import KEYS, Backups, GraphApp, Keep, Mail, Settings, SmtpServer, Value


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting as people read of it."""

    section: str  #: "" at the top of the file
    key: str
    meaning: str  #: one line, without full stop
    unit: str  #: what its figures count; "" where it has none
    default: Value | None  #: None: see `unset`
    unset: str  #: what holds where it is not set; "" where there is a default
    example: Value  #: a value it may have; the default where there is one

    @property
    def name(self) -> str:
        """Give the name as messages spell it, such as "[mail] sender"."""
        return f"[{self.section}] {self.key}" if self.section else self.key


@dataclass(frozen=True, slots=True)
class _Words:
    meaning: str
    unit: str = ""
    unset: str = ""
    example: Value | None = None


#: section to what it is about
GROUPS: Final[Mapping[str, str]] = {
    "": "The tracker and the documents",
    "mail": "Emails: from whom, to whom, of what",
    "schedule": "When each job is done; always London time",
    "titles": "Who documents are for, as your council calls them",
    "letters": "Letters that a person sends",
    "smtp": "The mail server, where emails leave by smtp",
    "graph": "The application, where emails leave by graph; your IT registers it",
    "process": "Choices that the process leaves open",
    "limits": "How long each step may take, in working days, days, weeks or months. Only the "
    "exception report and the re-audit are limits of the process itself",
    "keep": "How long what mfauto has made is kept, until the command purge takes it away",
    "backups": "How long backups of the tracker are kept; the last good one always is",
}
#: sections whose keys are the tracker's own names: what each is about, with an example
OWN_NAMES: Final[Mapping[str, tuple[str, str, Value]]] = {
    "sheets": ("Sheets that have other names in your tracker", "Cases", "Audit tracker"),
    "headings.Cases": (
        "Headings that have other names in your tracker; also [headings.Actions] and so on",
        "Case ref",
        "Our ref",
    ),
    "lines": ("A column of Cases whose cells hold one action a line", "Actions", "Actions agreed"),
}
_DAYS_OF_EACH: Final = "working days, days, weeks or months"
_WORDS: Final[Mapping[str, Mapping[str, _Words]]] = {
    "": {
        "tracker": _Words(
            "the tracker, beside this file or with its whole path",
            unset="the only workbook beside this file",
            example="Tracker.xlsx",
        ),
        "council": _Words("the council's name, on documents", example="Northmoor Council"),
        "service": _Words("the service's name, on documents"),
        "marking": _Words("the protective marking on every page and email"),
        "good_practice_marking": _Words(
            "the marking of good-practice sheets that a person has signed off"
        ),
        "suppress_small_numbers": _Words(
            "true: in the pack, a number from 1 to 4 reads fewer than 5"
        ),
        "out": _Words(
            "where documents and emails go",
            unset="the folder of this file",
            example="Made by mfauto",
        ),
        "templates": _Words(
            "the folder of templates that you may change",
            unset="the templates that came with mfauto",
            example="templates",
        ),
        "good_practice_folder": _Words(
            "a synced library for good-practice sheets that a person has signed off",
            unset="nothing is copied",
            example="C:/Libraries/Good practice",
        ),
        "trackers": _Words(
            "instead of tracker: the files or folders that run looks over, writing into none",
            unset="one tracker, as ever",
            example=("North tracker.xlsx", "South"),
        ),
        "wait_seconds": _Words(
            "how long a tracker that is missing or open is waited for", unit="seconds, 0 to 60"
        ),
    },
    "mail": {
        "fallback": _Words(
            "who gets what cannot be addressed",
            unset="the SQA Officer on People",
            example="sqa@northmoor.example",
        ),
        "allowed_domains": _Words(
            "nobody with an address elsewhere is ever written to; empty: any domain",
            example=("northmoor.example",),
        ),
        "sender": _Words("the address that emails come from"),
        "sender_name": _Words("the name that emails come from"),
        "contact": _Words(
            "whom readers may ask",
            unset="the SQA Officer on People",
            example="the SQA team on extension 2345",
        ),
        "tracker_link": _Words(
            "the web address of the tracker, for emails",
            unset="its file name is given",
            example="https://northmoor.example/tracker",
        ),
        "service_manager_after": _Words(
            "overdue this long, the Service Manager is told as well, "
            "or whom somebody outside the case's line reports to",
            unit=_DAYS_OF_EACH,
        ),
        "head_of_service_after": _Words(
            "overdue this long, the Head of Service is told as well", unit=_DAYS_OF_EACH
        ),
        "safety_at_once": _Words(
            "true: a child's safety that is not assured is told on the day it shows"
        ),
        "attach_documents": _Words(
            "true: reports and packs go along with their notes; false: a note says who sends them"
        ),
        "marking_in_subject": _Words("true: the marking is in the subject as well"),
        "delivery": _Words(
            "how emails leave; outbox: as drafts in a folder, for a person to send; graph or smtp: "
            "by themselves"
        ),
        "live": _Words("false: nothing leaves this computer by itself"),
        "hold": _Words("true: emails wait until a person says release; child safety does not"),
        "redirect_all_to": _Words(
            "a trial: every email goes here, and says whom it is for",
            unset="each goes to its reader",
            example="you@northmoor.example",
        ),
        "most_per_run": _Words(
            "where more would leave in one run, none does", unit="emails, 1 to 5000"
        ),
    },
    "schedule": {
        "weekly_day": _Words("the day of the weekly emails"),
        "weekly_time": _Words("their time", unit="hours and minutes"),
        "on_bank_holiday": _Words(
            "where a holiday moves them: next working day, same day or previous working day"
        ),
        "daily_times": _Words(
            "when flags are written and child safety is looked at, on working days",
            unit="hours and minutes",
        ),
        "pack_workday": _Words(
            "the pack is made on this working day of the month", unit="working days, 1 to 15"
        ),
    },
    "titles": {
        "assistant_executive_director": _Words("who reads exception reports"),
        "executive_director": _Words("who reads the pack, with the Director"),
        "director": _Words("who reads the pack"),
    },
    "letters": {
        "meeting_minutes": _Words(
            "how long one case takes in a calendar entry", unit="minutes, 1 to 480"
        ),
        "service_list": _Words(
            "where the service email goes",
            unset="the SQA Officer, who enters the readers",
            example="all-practitioners@northmoor.example",
        ),
    },
    "smtp": {
        "host": _Words("the mail server's name", unset="needed", example="relay.northmoor.example"),
        "port": _Words("its port; a relay often has 25", unit="1 to 65535"),
        "security": _Words(
            "how it is encrypted: starttls, tls, or none for a relay inside the council"
        ),
        "user": _Words(
            "who signs in; the password is in .env",
            unset="nobody, as a relay asks for none",
            example="mfauto",
        ),
        "ca_file": _Words(
            "a file of certificates to trust as well",
            unset="those that this computer trusts",
            example="council.pem",
        ),
        "timeout": _Words("how long one answer is waited for", unit="seconds, 5 to 600"),
    },
    "graph": {
        "tenant": _Words("your organisation", unset="needed", example="northmoor.example"),
        "client_id": _Words(
            "the application's ID", unset="needed", example="00000000-0000-0000-0000-000000000000"
        ),
        "certificate": _Words(
            "a PEM file with the key and the certificate",
            unset="the secret in .env",
            example="mfauto.pem",
        ),
        "login": _Words("where the application signs in"),
        "address": _Words("where Microsoft Graph is"),
        "ca_file": _Words(
            "a file of certificates to trust instead",
            unset="those that this computer trusts",
            example="council.pem",
        ),
        "timeout": _Words("how long one answer is waited for", unit="seconds, 5 to 600"),
    },
    "process": {
        "reaudit_from": _Words('the first re-audit counts from the "meeting" or from the "audit"'),
        "closure_days": _Words(
            "days the council is closed, besides bank holidays", example=(date(2026, 12, 24),)
        ),
    },
    "limits": {
        name: _Words(meaning, unit=_DAYS_OF_EACH)
        for name, meaning in {
            "alert_managers": "from the audit until both managers are alerted",
            "notify_qa": "from the audit until QA and SQA are notified",
            "assure_child_safety": "from the audit until the child's safety is assured",
            "complete_moderation": "from the audit until moderation is complete",
            "book_meeting": "from moderation until the meeting is booked",
            "invite_attendees": "how long before the meeting everybody is invited",
            "record_meeting": "from the meeting until it is recorded",
            "decide_caseload_review": "from the meeting until a caseload review is decided on",
            "exception_report": "from the meeting until the exception report; the process's own",
            "re_audit": "from the meeting, or the last re-audit, until the next; the process's own",
            "panel_review": "from the re-audit until the panel, where Meetings lists none",
            "inform_leavers": "from the passing re-audit until all three are informed",
            "upload_reaudit": "from the passing re-audit until it is on ICS",
            "review_example": "from the meeting until a good-practice example is reviewed",
            "anonymise_example": "from its review until it is anonymised",
            "upload_example": "from then until it is uploaded",
            "announce_example": "from then until the service email is sent",
            "due_soon": "how far ahead something counts as due soon",
            "untouched": "after how long without any new date an open case is a query",
        }.items()
    },
    "keep": {
        "documents_months": _Words(
            "reports, packs, agendas and good-practice sheets", unit="months, 1 to 240"
        ),
        "emails_days": _Words(
            "drafts of emails, previews, calendars, the board", unit="days, 14 to 3650"
        ),
        "history_months": _Words(
            "what was made and sent, when; at least as long as documents are kept",
            unit="months, 6 to 240",
        ),
        "purge_with_run": _Words(
            "true: once a month run takes away what is old enough; false: only purge does"
        ),
    },
    "backups": {
        "every_days": _Words("every backup of the last days is kept", unit="days, 1 to 365"),
        "daily_weeks": _Words("then the last one of each day", unit="weeks, 0 to 520"),
        "monthly_months": _Words("then the last one of each month", unit="months, 0 to 240"),
    },
}

SMTP_PASSWORD: Final = "MFAUTO_SMTP_PASSWORD"  # noqa: S105 - a name
GRAPH_SECRET: Final = "MFAUTO_GRAPH_SECRET"  # noqa: S105
CERTIFICATE_PASSWORD: Final = "MFAUTO_GRAPH_CERTIFICATE_PASSWORD"  # noqa: S105
#: what `.env` may hold, and what each is
SECRETS: Final[Mapping[str, str]] = {
    GRAPH_SECRET: 'delivery = "graph": the value of the application\'s client secret',
    CERTIFICATE_PASSWORD: 'delivery = "graph": the password of the certificate\'s key, if any',
    SMTP_PASSWORD: 'delivery = "smtp": the password of [smtp] user; a relay needs none',
}
_SECRETS_TOP: Final = """\
# Passwords for mfauto. Copy this file, name the copy .env, and fill in what you use.
# .env stays on this computer: never send it, and never put it where others can read it.
# With emails as drafts in the outbox folder, which is the default, nothing is needed here.
"""


def secrets_example() -> str:
    """Give the text of `.env.example`: every secret by name, none with a value."""
    named = (f"\n# {meaning}\n{name}=\n" for name, meaning in SECRETS.items())
    return _SECRETS_TOP + "".join(named)


def settings_in_words() -> Iterator[Setting]:
    """Give every setting, in the order in which people read of them."""
    for section, group in _WORDS.items():
        for key, words in group.items():
            default = None if words.unset else _default(section, KEYS[section][key][0])
            example = default if words.example is None else words.example
            assert example is not None, key  # noqa: S101 - without a default there is an example
            yield Setting(
                section, key, words.meaning, words.unit, default, words.unset, example=example
            )


def as_toml(value: Value) -> str:
    """Write a value as the settings file has it."""
    if isinstance(value, tuple):
        return f"[{', '.join(as_toml(one) for one in value)}]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    text = str(value)
    if "\\" in text and "'" not in text:
        return f"'{text}'"  # a path of Windows reads as people know it
    return json.dumps(text, ensure_ascii=False)


def _default(section: str, field: str) -> Value:
    homes: Mapping[str, object] = {"mail": Mail(), "process": Policy(), "backups": Backups()}
    homes = {**homes, "smtp": SmtpServer(), "graph": GraphApp(), "keep": Keep()}
    if section == "limits":
        return LIMITS[field]
    value = getattr(homes.get(section, Settings(folder=Path())), field)
    assert isinstance(value, (str, int, tuple, Limit)), field  # noqa: S101 - others say `unset`
    return value
