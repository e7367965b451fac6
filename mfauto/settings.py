"""What a council sets: `mfauto.toml` in the working folder, read once.

Without a file the defaults serve. A key that is unknown, of the wrong kind or
secret is refused with its file, its name and what it may be. Passwords never
stand here; they belong in `.env`.
"""

import os
import re
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final

from mfauto.columns import ACTIONS, SHEETS
from mfauto.errors import SettingsError
from mfauto.patterns import pattern
from mfauto.policy import DAYS, LIMITS, MONTHS, WORKING_DAYS, Limit, Policy
from mfauto.records import field, record, replace
from mfauto.wording import listed
from mfauto.workdays import Workdays

CONFIG: Final = "mfauto.toml"
_MOST_BYTES: Final = 500_000
_LONGEST_LINE: Final = 5_000  # characters; tomllib takes long over thousands of nested names
PROJECT: Final = Path(__file__).parent.parent
_INSTALLED: Final = Path(__file__).parent / "templates"
#: those that came with mfauto: in the package where it is installed, else beside it
TEMPLATES: Final = _INSTALLED if _INSTALLED.is_dir() else PROJECT / "templates"


Names = str | tuple[str, ...]  #: a name of the tracker's own, or several


def names_of(names: Names) -> tuple[str, ...]:
    """Give one name or several as several."""
    return (names,) if isinstance(names, str) else names


@record
class Mail:
    """How people are told."""

    delivery: str = "outbox"  #: outbox; smtp and graph need `live = true`
    live: bool = False  #: False: nothing leaves this computer
    sender: str = "moving-forward@example.invalid"  #: address the emails come from
    sender_name: str = "Moving Forward"
    allowed_domains: tuple[str, ...] = ()  #: empty: any domain may stand in an outbox file
    fallback: str | None = None  #: who gets what cannot be addressed; None: the SQA Officer
    contact: str | None = None  #: whom readers may ask; None: the SQA Officer on People
    tracker_link: str | None = None  #: web address of the tracker; None: its file name is given
    service_manager_after: Limit = Limit(10, WORKING_DAYS)  #: overdue this long: told as well
    head_of_service_after: Limit = Limit(20, WORKING_DAYS)
    marking_in_subject: bool = False
    safety_at_once: bool = True  #: a child's safety not assured is told on the day it shows
    attach_documents: bool = False  #: False: an email says from whom a document comes
    hold: bool = False  #: True: all but child safety waits for the command release
    redirect_all_to: str | None = None  #: a trial: every email goes here; None: to its reader
    most_per_run: int = 200  #: emails that may leave this computer in one run

    @property
    def leaves(self) -> bool:
        """Say whether emails leave this computer; else they are drafts for a person to send."""
        return self.live and self.delivery != "outbox"


@record
class Keep:
    """How long what mfauto has made is kept, until a purge takes it away."""

    documents_months: int = 24  #: reports, packs, agendas, good-practice sheets
    emails_days: int = 90  #: drafts and previews; what they say stands in the tracker
    history_months: int = 36  #: what was made and sent, when
    purge_with_run: bool = False  #: once a month `run` takes away what is old enough


@record
class SmtpServer:
    """The mail server of `delivery = "smtp"`."""

    host: str | None = None
    port: int = 587
    security: str = "starttls"  #: starttls, tls, or none for a relay inside the council
    user: str | None = None  #: None: a relay that asks for no password
    ca_file: Path | None = None  #: certificates to trust besides; None: those of this computer
    timeout: float = 60  #: seconds to wait for one answer


@record
class GraphApp:
    """The application of `delivery = "graph"`."""

    tenant: str | None = None
    client_id: str | None = None
    certificate: Path | None = None  #: PEM with key and certificate; None: the secret in .env
    login: str = "https://login.microsoftonline.com"
    address: str = "https://graph.microsoft.com"
    ca_file: Path | None = None  #: certificates to trust instead of the usual ones
    timeout: float = 60  #: seconds to wait for one answer


@record
class Backups:
    """How long backups of the tracker are kept, by their age. The last good one always is."""

    every_days: int = 7  #: every one of the last days
    daily_weeks: int = 8  #: then the last one of each day
    monthly_months: int = 24  #: then the last one of each month


@record
class Settings:
    """Everything a council may set, with working defaults."""

    folder: Path  #: the working folder: history and backups stand there
    tracker: Path | None = None  #: None until one is named
    trackers: tuple[Path, ...] = ()  #: files or folders that `run` looks over; empty: one tracker
    out: Path | None = None  #: where documents and emails go; None: the working folder
    policy: Policy = field(default_factory=Policy)
    council: str = "The council"
    service: str = "Children's social care"
    marking: str = "OFFICIAL-SENSITIVE"
    good_practice_marking: str = "OFFICIAL"  #: of sheets that are signed off: for everybody
    aed_title: str = "Assistant Executive Director"  #: who reads exception reports
    ead_title: str = "Executive Director"
    dcs_title: str = "Director of Children's Services"
    templates: Path = TEMPLATES
    sheets: Mapping[str, Names] = field(default_factory=dict)
    #: contract sheet to the tracker's own; several where rows stand on a sheet for each year
    headings: Mapping[str, Mapping[str, Names]] = field(default_factory=dict)
    #: contract sheet to contract heading to the tracker's own; several for groups of columns
    lines: Mapping[str, str] = field(default_factory=dict)
    #: contract sheet to the heading whose cells, on a case's row, hold one record a line
    suppress_small_numbers: bool = False
    good_practice_folder: Path | None = None  #: a synced library; None: nothing is copied
    mail: Mail = field(default_factory=Mail)
    smtp: SmtpServer = field(default_factory=SmtpServer)
    graph: GraphApp = field(default_factory=GraphApp)
    weekly_day: str = "Monday"
    weekly_time: str = "07:00"
    pack_workday: int = 2  #: the pack is due on this working day of the month
    wait_seconds: int = 2  #: how long a tracker that is missing or open is waited for
    backups: Backups = field(default_factory=Backups)
    keep: Keep = field(default_factory=Keep)
    daily_times: tuple[str, ...] = ("06:30",)  #: working days; the pack is due at the first one
    meeting_minutes: int = 60  #: how long one case takes in a calendar entry
    service_list: str | None = None  #: where the service email goes; None: to the SQA Officer
    on_bank_holiday: str = "next working day"  #: where a holiday moves the weekly emails to

    @property
    def output(self) -> Path:
        """Give the folder that documents and emails go to."""
        return self.out or self.folder


NEXT_WORKDAY: Final = "next working day"
SAME_DAY: Final = "same day"
PREVIOUS_WORKDAY: Final = "previous working day"
WEEKDAYS: Final = (
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
)
_LIMIT: Final = pattern(r"(\d{1,4}) *(working day|day|week|month)s?", re.IGNORECASE)
_DOMAIN: Final = pattern(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
_ADDRESS: Final = pattern(r"[^\s@<>,;:\"()\\\[\]]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_HOST: Final = pattern(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9])?")
_HTTPS: Final = pattern(r"https://[A-Za-z0-9.-]+(:\d{1,5})?/?")
_TIME: Final = pattern(r"([01]\d|2[0-3]):[0-5]\d")
_SECRET: Final = pattern(r"password|passwd|secret|token|api_?key", re.IGNORECASE)
_AT_LINE: Final = pattern(r"at line (\d+)")
_CURLY: Final = pattern(r"[\u2018-\u201f]")
_PLAIN: Final = pattern(r"[\"'\[{0-9+-]|true$|false$")  # how a value that is no bare text begins
_SHOWN: Final = 80  # characters of a line that cannot be read
_MOST_WORKDAYS: Final = 15
_MOST_MINUTES: Final = 480

Read = Callable[[Any], Any]
Value = str | int | Limit | date | tuple[Any, ...]  #: of a setting, as it is kept


class _WrongValueError(ValueError):
    """A value that a key cannot take; says what it may be."""


def _text(value: object) -> str:
    if isinstance(value, str) and value.strip() and value.isprintable():
        return value.strip()
    raise _WrongValueError("a text on one line")


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, list) and value:
        try:
            return tuple(map(_text, value))
        except _WrongValueError:
            pass
    raise _WrongValueError('a list of files or folders, such as ["North.xlsx", "South"]')


def _yes_no(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise _WrongValueError("true or false, without quotation marks")


def _one_of(*choices: str) -> Read:
    def read(value: object) -> str:
        for choice in choices:
            if isinstance(value, str) and value.strip().casefold() == choice.casefold():
                return choice
        raise _WrongValueError(" or ".join(f'"{choice}"' for choice in choices))

    return read


def _limit(value: object) -> Limit:
    found = _LIMIT.fullmatch(value.strip()) if isinstance(value, str) else None
    if not found:
        raise _WrongValueError(
            'a stretch of time, such as "5 working days", "28 days" or "3 months"'
        )
    amount, unit = int(found[1]), found[2].casefold()
    if unit == "week":
        return Limit(amount * 7, DAYS)
    return Limit(amount, {"day": DAYS, "month": MONTHS}.get(unit, WORKING_DAYS))


def _address(value: object) -> str:
    if isinstance(value, str) and _ADDRESS.fullmatch(value.strip()):
        return value.strip()
    raise _WrongValueError('one email address, such as "name@example.org"')


def _host(value: object) -> str:
    if isinstance(value, str) and _HOST.fullmatch(value.strip()):
        return value.strip()
    raise _WrongValueError('the name of a computer, such as "smtp.example.org"')


def _name(value: object) -> str:
    if isinstance(value, str) and _HOST.fullmatch(value.strip()):
        return value.strip()
    raise _WrongValueError("an ID or a domain name, as your IT gives it")


def _https(value: object) -> str:
    if isinstance(value, str) and _HTTPS.fullmatch(value.strip()):
        return value.strip().rstrip("/")
    raise _WrongValueError('a web address without a path, such as "https://graph.microsoft.com"')


def _domains(value: object) -> tuple[str, ...]:
    if isinstance(value, list) and all(
        isinstance(name, str) and _DOMAIN.fullmatch(name.strip().casefold()) for name in value
    ):
        return tuple(name.strip().casefold() for name in value)
    raise _WrongValueError('a list of domains without @, such as ["example.gov.uk"]')


def _days(value: object) -> tuple[date, ...]:
    if isinstance(value, list) and all(
        isinstance(day, date) and not isinstance(day, datetime) for day in value
    ):
        return tuple(sorted(value))
    raise _WrongValueError("a list of days, such as [2026-12-24, 2026-12-29]")


def _clock(value: object) -> str:
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, str) and _TIME.fullmatch(value.strip()):
        return value.strip()
    raise _WrongValueError('a time of day, such as "07:00"')


def _clocks(value: object) -> tuple[str, ...]:
    """Read one time of day or several, earliest first."""
    times = value if isinstance(value, list) and value else [value]
    try:
        return tuple(sorted({_clock(one) for one in times}))
    except _WrongValueError:
        raise _WrongValueError('times of day, such as ["06:30", "13:00"]') from None


def _workday(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= _MOST_WORKDAYS:
        return value
    raise _WrongValueError(f"a whole number from 1 to {_MOST_WORKDAYS}")


def _whole(least: int, most: int) -> Read:
    def read(value: object) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        raise _WrongValueError(f"a whole number from {least} to {most}")

    return read


def _minutes(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= _MOST_MINUTES:
        return value
    raise _WrongValueError(f"a whole number of minutes from 1 to {_MOST_MINUTES}")


#: section, then key: the field it fills and how it is read; "" is the top of the file.
#: What each means to people stands in `setting_words`.
KEYS: Final[Mapping[str, Mapping[str, tuple[str, Read]]]] = {
    "": {
        "tracker": ("tracker", _text),
        "trackers": ("trackers", _texts),
        "out": ("out", _text),
        "templates": ("templates", _text),
        "council": ("council", _text),
        "service": ("service", _text),
        "marking": ("marking", _text),
        "good_practice_marking": ("good_practice_marking", _text),
        "suppress_small_numbers": ("suppress_small_numbers", _yes_no),
        "wait_seconds": ("wait_seconds", _whole(0, 60)),
        "good_practice_folder": ("good_practice_folder", _text),
    },
    "titles": {
        "assistant_executive_director": ("aed_title", _text),
        "executive_director": ("ead_title", _text),
        "director": ("dcs_title", _text),
    },
    "process": {
        "reaudit_from": ("reaudit_from", _one_of("meeting", "audit")),
        "closure_days": ("closures", _days),
    },
    "limits": {name: (name, _limit) for name in LIMITS},
    "mail": {
        "delivery": ("delivery", _one_of("outbox", "smtp", "graph")),
        "live": ("live", _yes_no),
        "sender": ("sender", _address),
        "sender_name": ("sender_name", _text),
        "allowed_domains": ("allowed_domains", _domains),
        "fallback": ("fallback", _address),
        "contact": ("contact", _text),
        "tracker_link": ("tracker_link", _text),
        "service_manager_after": ("service_manager_after", _limit),
        "head_of_service_after": ("head_of_service_after", _limit),
        "marking_in_subject": ("marking_in_subject", _yes_no),
        "safety_at_once": ("safety_at_once", _yes_no),
        "attach_documents": ("attach_documents", _yes_no),
        "hold": ("hold", _yes_no),
        "redirect_all_to": ("redirect_all_to", _address),
        "most_per_run": ("most_per_run", _whole(1, 5000)),
    },
    "smtp": {
        "host": ("host", _host),
        "port": ("port", _whole(1, 65535)),
        "security": ("security", _one_of("starttls", "tls", "none")),
        "user": ("user", _text),
        "ca_file": ("ca_file", _text),
        "timeout": ("timeout", _whole(5, 600)),
    },
    "graph": {
        "tenant": ("tenant", _name),
        "client_id": ("client_id", _name),
        "certificate": ("certificate", _text),
        "login": ("login", _https),
        "address": ("address", _https),
        "ca_file": ("ca_file", _text),
        "timeout": ("timeout", _whole(5, 600)),
    },
    "letters": {
        "meeting_minutes": ("meeting_minutes", _minutes),
        "service_list": ("service_list", _address),
    },
    "schedule": {
        "weekly_day": ("weekly_day", _one_of(*WEEKDAYS)),
        "weekly_time": ("weekly_time", _clock),
        "pack_workday": ("pack_workday", _workday),
        "daily_times": ("daily_times", _clocks),
        "on_bank_holiday": (
            "on_bank_holiday",
            _one_of(NEXT_WORKDAY, SAME_DAY, PREVIOUS_WORKDAY),
        ),
    },
    "keep": {
        "documents_months": ("documents_months", _whole(1, 240)),
        "emails_days": ("emails_days", _whole(14, 3650)),
        "history_months": ("history_months", _whole(6, 240)),
        "purge_with_run": ("purge_with_run", _yes_no),
    },
    "backups": {
        "every_days": ("every_days", _whole(1, 365)),
        "daily_weeks": ("daily_weeks", _whole(0, 520)),
        "monthly_months": ("monthly_months", _whole(0, 240)),
    },
}


def may_be(section: str, key: str, value: object) -> str | None:
    """Say what a setting may be where `value` cannot be used; None where it can."""
    try:
        KEYS[section][key][1](value)
    except _WrongValueError as wrong:
        return str(wrong)
    return None


def whole(path: Path) -> Path:
    """Give the whole path, without ".." where that leads to the same place."""
    if ".." not in path.parts:
        return path.absolute()
    plain = Path(os.path.abspath(path))  # noqa: PTH100 - absolute() keeps the ".."
    return plain if plain.resolve() == path.resolve() else path.absolute()


def read_settings(config: Path | None, folder: Path) -> Settings:
    """Read `config`, else `mfauto.toml` in `folder`, else give the defaults.

    Raises:
        SettingsError: the file is missing though named, or holds something that cannot be used.

    """
    path = config or folder / CONFIG
    try:
        there = path.exists()
        if config is not None and path.is_dir():
            raise SettingsError(
                f'{path} is a folder.\nName the file of settings in it: --config "{path / CONFIG}"'
            )
    except OSError as error:
        raise SettingsError(
            f"{path}: its folder cannot be reached ({error.strerror}).\n"
            "Check the drive and the network, then run this again."
        ) from error
    if not there:
        return _none(path, named=config is not None)
    import tomllib  # noqa: PLC0415 - only where there is a file

    try:
        content = _content(path)
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path}: the file is not UTF-8. Save it again as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(_no_toml(path, str(error))) from error
    except OSError as error:
        raise SettingsError(f"{path}: it cannot be opened ({error.strerror}).") from error
    except RecursionError as error:
        raise _not_settings(path, "its values are too deep inside each other") from error
    except ValueError as error:
        raise _not_settings(path, "a number in it is too long") from error
    try:
        return _Parser(path).settings(content)
    except RecursionError as error:
        raise _not_settings(path, "its values are too deep inside each other") from error


def _none(path: Path, *, named: bool) -> Settings:
    """Give the defaults where there is no file, and nobody thinks there is one."""
    hidden = path.with_name(f"{path.name}.txt")
    if hidden.is_file():
        raise SettingsError(
            f"{hidden}: its name ends in .txt, so it does not count as settings.\n"
            f"Rename it to {path.name}. In Explorer, View, Show, File name extensions shows it."
        )
    if named:
        raise SettingsError(f"{path}: there is no such file. Check the name after --config.")
    return Settings(folder=path.parent)


def _content(path: Path) -> dict[str, Any]:
    """Read the file; one that is too large for settings is refused before it is read."""
    if path.stat().st_size > _MOST_BYTES:
        raise _not_settings(path, f"it is larger than {_MOST_BYTES // 1000} kB")
    text = path.read_text(encoding="utf-8-sig")
    if any(len(line) > _LONGEST_LINE for line in text.splitlines()):
        raise _not_settings(path, f"it has a line of over {_LONGEST_LINE:,} characters")
    import tomllib  # noqa: PLC0415 - not needed where there are no settings

    return tomllib.loads(text)


def _no_toml(path: Path, error: str) -> str:
    """Say which line is no setting, and what the slip probably is."""
    found = _AT_LINE.search(error)
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    number = min(int(found[1]) if found else len(lines), len(lines))
    if lines and found and not lines[number - 1].strip() and number > 1:
        number -= 1  # a quotation mark left out is noticed at the end of its line
    line = lines[number - 1].strip() if lines else ""
    value = line.partition("=")[2].strip()
    if "Cannot declare" in error:
        slip = "This heading is there twice. Put what is below both of them below one."
    elif "Cannot overwrite" in error:
        slip = "This setting is there twice. Take one of the two out."
    elif _CURLY.search(line):
        slip = 'Use straight quotation marks: "like this".'
    elif "\\" in line:
        slip = 'In a path, write / in place of \\, as in "C:/Users/Ada".'
    elif line.count('"') % 2:
        slip = "A quotation mark is missing."
    elif value.strip(".").casefold() in ("yes", "no", "true", "false", "on", "off"):
        slip = "Write true or false, in small letters and without quotation marks."
    elif "=" not in line and not line.startswith("["):
        slip = 'A setting has a name, "=" and a value. A note to yourself begins with #.'
    elif value and not _PLAIN.match(value):
        slip = f'A text needs quotation marks: {line.partition("=")[0].strip()} = "{value}"'
    else:
        slip = "docs/settings.md shows how each setting is written."
    shown = line if len(line) <= _SHOWN else f"{line[:_SHOWN]} ..."
    return f"{path}, line {number}: this cannot be read: {shown}\n{slip}"


def _not_settings(path: Path, found: str) -> SettingsError:
    return SettingsError(f"{path}: it cannot be read: {found}.\nCorrect it, or put back a copy.")


class _Parser:
    """Reads one settings file; each message names the file and the key."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.faults: list[str] = []

    def settings(self, content: Mapping[str, Any]) -> Settings:
        """Turn the file's content into settings; all that is wrong with it is told at once."""
        settings = self._settings(content)
        if self.faults:
            raise SettingsError("\n".join(self.faults))
        return settings

    def _settings(self, content: Mapping[str, Any]) -> Settings:
        sections = {name: value for name, value in content.items() if isinstance(value, dict)}
        flat = {name: value for name, value in content.items() if name not in sections}
        known = (*(name for name in KEYS if name), "sheets", "headings", "lines")
        for name in sections:
            if name not in known:
                self._unknown(f"[{name}]", name, known)
        top = self._section("", flat)
        folder = whole(self.path).parent
        for name in ("tracker", "out", "templates", "good_practice_folder"):
            if name in top:
                top[name] = folder / top[name]
        if "trackers" in top:
            top["trackers"] = tuple(folder / name for name in top["trackers"])
        if {"tracker", "trackers"} <= top.keys():
            raise SettingsError(
                f'{self.path}: it has both "tracker" and "trackers".\n'
                "Name one tracker to work on, or several to look over, not both."
            )
        process = self._section("process", sections.get("process", {}))
        limits = dict(LIMITS)
        for name, limit in self._section("limits", sections.get("limits", {})).items():
            same = replace(limit, source=limits[name].source)
            limits[name] = same if same == limits[name] else limit
        closures = process.get("closures", ())
        return Settings(
            folder=folder,
            policy=Policy(
                limits=limits,
                reaudit_from=process.get("reaudit_from", "meeting"),
                workdays=Workdays(closures),
                closures=closures,
            ),
            mail=Mail(**self._section("mail", sections.get("mail", {}))),
            smtp=SmtpServer(**self._files(folder, "smtp", sections.get("smtp", {}))),
            graph=GraphApp(**self._files(folder, "graph", sections.get("graph", {}))),
            keep=Keep(**self._section("keep", sections.get("keep", {}))),
            backups=Backups(**self._section("backups", sections.get("backups", {}))),
            sheets=self._names("sheets", sections.get("sheets", {})),
            headings=self._headings(sections.get("headings", {})),
            lines=self._lines(sections.get("lines", {})),
            **top,
            **self._section("titles", sections.get("titles", {})),
            **self._section("letters", sections.get("letters", {})),
            **self._section("schedule", sections.get("schedule", {})),
        )

    def _section(self, section: str, content: Mapping[str, Any]) -> dict[str, Any]:
        keys = KEYS[section]
        made = {}
        for name, value in content.items():
            shown = f"[{section}] {name}" if section else name
            if _SECRET.search(name):
                self._wrong(
                    f'"{shown}" looks like a secret. '
                    "Secrets do not belong here. Take the line out and put it in .env."
                )
                continue
            if name not in keys:
                self._unplaced(shown, name, keys)
                continue
            field_name, read = keys[name]
            try:
                made[field_name] = read(value)
            except _WrongValueError as wrong:
                self._wrong(f'"{shown}" is {value!r}. It must be {wrong}.')
        return made

    def _files(self, folder: Path, section: str, content: Mapping[str, Any]) -> dict[str, Any]:
        """Read a section in which some keys name files, beside the settings unless absolute."""
        made = self._section(section, content)
        for name in ("ca_file", "certificate"):
            if name in made:
                made[name] = folder / made[name]
        return made

    def _names(self, section: str, content: Mapping[str, Any]) -> dict[str, Names]:
        known = tuple(sheet.name for sheet in SHEETS)
        for name in content:
            if name not in known:
                self._unknown(f"[{section}] {name}", name, known)
        return {
            name: self._own(f"[{section}] {name}", value, "the name of a sheet in the tracker")
            for name, value in content.items()
        }

    def _headings(self, content: Mapping[str, Any]) -> dict[str, dict[str, Names]]:
        made: dict[str, dict[str, Names]] = {}
        for sheet_name, names in content.items():
            sheet = next((sheet for sheet in SHEETS if sheet.name == sheet_name), None)
            if sheet is None or not isinstance(names, dict):
                self._unknown(
                    f"[headings.{sheet_name}]", sheet_name, tuple(sheet.name for sheet in SHEETS)
                )
                continue
            known = tuple(column.heading for column in sheet.columns)
            made[sheet_name] = {}
            for heading, own in names.items():
                shown = f"[headings.{sheet_name}] {heading}"
                if heading not in known:
                    self._unknown(shown, heading, known)
                    continue
                made[sheet_name][heading] = self._own(shown, own, "a heading in the tracker")
        return made

    def _own(self, shown: str, value: object, what: str) -> Names:
        """Read one name of the tracker's own, or a list of them."""
        if isinstance(value, str) and value.strip():
            return value
        if isinstance(value, list) and value and all(isinstance(one, str) for one in value):
            return tuple(value)
        self._wrong(f'"{shown}" is {value!r}. It must be {what}, or a list of them.')
        return ""

    def _lines(self, content: Mapping[str, Any]) -> dict[str, str]:
        for name, own in content.items():
            if name != ACTIONS.name:
                self._unknown(f"[lines] {name}", name, (ACTIONS.name,))
            elif not isinstance(own, str) or not own.strip():
                self._wrong(f'"[lines] {name}" is {own!r}. It must be a heading in the tracker.')
        return dict(content)

    def _unplaced(self, shown: str, name: str, keys: Collection[str]) -> None:
        """Tell a key that stands under the wrong heading from one that there is nowhere."""
        homes = [section for section, known in KEYS.items() if name in known]
        if not homes:
            self._unknown(shown, name, tuple(keys))
            return
        places = [f"below [{home}]" if home else "above the first heading" for home in homes]
        self._wrong(f'"{shown}" is in the wrong place. Move "{name}" {" or ".join(places)}.')

    def _unknown(self, shown: str, name: str, known: tuple[str, ...]) -> None:
        from difflib import get_close_matches  # noqa: PLC0415 - nearly never needed

        near = get_close_matches(name, known, n=1)
        as_typed = f"[{near[0]}]" if near and shown == f"[{name}]" else "".join(near)
        meant = f'Did you mean "{as_typed}"?' if near else f"It may be one of {listed(known)}."
        self._wrong(f'"{shown}" is not a setting. {meant}')

    def _wrong(self, said: str) -> None:
        self.faults.append(f"{self.path}: {said}")
