"""Working folders broken in one way each, for real, with what `doctor` should say."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from openpyxl import load_workbook

from mfauto.doctor import LOOK, WRONG
from mfauto.ledger import Delivery, State, open_ledger
from mfauto.template import make_tracker
from tests.doctor.conftest import NOW, rows

TRACKER: Final = "Tracker.xlsx"


@dataclass(frozen=True)
class Broken:
    """One way to break a folder."""

    does: Callable[[Path], None]
    check: str
    verdict: str
    said: str
    fix: str
    command: str = ""
    code: int = 0

    def __str__(self) -> str:
        return self.does.__name__.strip("_")


BROKEN: list[Broken] = []


def broken(*args: Any, **more: Any) -> Callable[[Callable[[Path], None]], Callable[[Path], None]]:
    def known(does: Callable[[Path], None]) -> Callable[[Path], None]:
        BROKEN.append(Broken(does, *args, **more))
        return does

    return known


def setting(folder: Path, line: str, section: str = "") -> None:
    """Set one setting; `line` takes the place of a line that sets the same."""
    config = folder / "mfauto.toml"
    key = line.split(" = ", maxsplit=1)[0]
    lines = [
        one
        for one in config.read_text(encoding="utf-8").splitlines()
        if not one.startswith(f"{key} =")
    ]
    place = lines.index(f"[{section}]") + 1 if section else 0
    config.write_text("\n".join([*lines[:place], line, *lines[place:]]), encoding="utf-8")


def people(folder: Path, change: Callable[[list[dict[str, Any]]], object]) -> None:
    made = rows()
    made["people"] = [dict(one) for one in made["people"]]
    change(made["people"])
    make_tracker(folder / TRACKER, made)


def in_excel(folder: Path, change: Callable[[Any], object]) -> None:
    book = load_workbook(folder / TRACKER)
    change(book)
    book.save(folder / TRACKER)


# Settings


@broken("settings", WRONG, "is not a setting", "Correct it", code=2)
def a_misspelt_setting(folder: Path) -> None:
    setting(folder, 'concil = "Northmoor"')


@broken("settings", WRONG, 'It must be "Monday"', "Correct it", code=2)
def a_day_that_is_none(folder: Path) -> None:
    setting(folder, 'weekly_day = "Mon"', "schedule")


@broken("settings", WRONG, "cannot be read", "Correct it", code=2)
def settings_that_are_no_toml(folder: Path) -> None:
    (folder / "mfauto.toml").write_text("council = Northmoor\n", encoding="utf-8")


@broken("settings", WRONG, "not UTF-8", "Correct it", code=2)
def settings_saved_in_another_encoding(folder: Path) -> None:
    (folder / "mfauto.toml").write_bytes('council = "Café"'.encode("cp1252"))


@broken("settings", LOOK, "is not there", "start a new one", "init")
def no_settings(folder: Path) -> None:
    (folder / "mfauto.toml").unlink()


@broken("secrets", LOOK, "MFAUTO_SMPT_PASSWORD, which mfauto never asks", "Correct the name")
def a_misspelt_secret(folder: Path) -> None:
    env(folder, "MFAUTO_SMPT_PASSWORD=made-up\n")


@broken("secrets", WRONG, "cannot be read as text", "Save it again as UTF-8", code=2)
def secrets_in_another_encoding(folder: Path) -> None:
    env(folder, "MFAUTO_SMTP_PASSWORD=made-up\n", encoding="utf-16")


def env(folder: Path, text: str, encoding: str = "utf-8") -> None:
    path = folder / ".env"
    path.write_text(text, encoding=encoding)
    path.chmod(0o600)


# The folder


@broken("writable", WRONG, "cannot be written to", "Ask for the right", "init DIR", code=2)
def documents_go_where_nobody_may_write(folder: Path) -> None:
    setting(folder, 'out = "/proc"')


@broken("second_versions", WRONG, "OneDrive names", "Compare the two", code=4)
def a_second_version_of_the_tracker(folder: Path) -> None:
    (folder / "Tracker-DESKTOP-4F2K9QX.xlsx").write_bytes(b"another")


@broken("second_versions", WRONG, "OneDrive names", "Compare the two", code=2)
def a_second_version_of_the_settings(folder: Path) -> None:
    (folder / "mfauto (1).toml").write_text('council = "Other"', encoding="utf-8")


@broken("second_versions", LOOK, "Tracker - Copy.xlsx", "Move copies")
def a_copy_beside_the_tracker(folder: Path) -> None:
    (folder / "Tracker - Copy.xlsx").write_bytes(b"another")


@broken("left_over", LOOK, "1 file behind", "clears up", "run")
def what_a_stopped_run_left(folder: Path) -> None:
    from mfauto.saving.leftovers import own_name, released  # noqa: PLC0415

    name = own_name("tmp")
    (folder / name).write_bytes(b"half")
    released(folder / name)


# The tracker


@broken("tracker", WRONG, "there is no such file", "last good backup", "restore LATEST", code=4)
def no_tracker(folder: Path) -> None:
    (folder / TRACKER).unlink()


@broken("tracker", WRONG, "there is no workbook", "--tracker FILE", "init", code=2)
def nothing_named_and_no_workbook(folder: Path) -> None:
    (folder / TRACKER).unlink()
    (folder / "mfauto.toml").write_text("", encoding="utf-8")


@broken("tracker", WRONG, "more than one workbook", "--tracker FILE", "init", code=2)
def nothing_named_and_two_workbooks(folder: Path) -> None:
    (folder / "Other.xlsx").write_bytes((folder / TRACKER).read_bytes())
    (folder / "mfauto.toml").write_text("", encoding="utf-8")


@broken("tracker", WRONG, TRACKER, "last good backup", "restore LATEST", code=4)
def half_a_tracker(folder: Path) -> None:
    data = (folder / TRACKER).read_bytes()
    (folder / TRACKER).write_bytes(data[: len(data) // 2])


@broken("tracker", WRONG, "no heading", "have them mapped", "adopt", code=4)
def a_heading_under_another_name(folder: Path) -> None:
    in_excel(folder, lambda book: book["Cases"].__setitem__("A1", "Case reference no"))


@broken("tracker", WRONG, 'no sheet "Cases"', "have them mapped", "adopt", code=4)
def the_wrong_workbook(folder: Path) -> None:
    def emptied(book: Any) -> None:
        for name in book.sheetnames[1:]:
            del book[name]

    in_excel(folder, emptied)


@broken("open", LOOK, "Ada Example has it", "Close it in Excel")
def open_in_excel(folder: Path) -> None:
    name = b"Ada Example"
    wide = "Ada Example".encode("utf-16-le")
    data = bytes([len(name)]) + name.ljust(54) + bytes([len(name), 0]) + wide.ljust(108, b"\0")
    (folder / f"~${TRACKER}").write_bytes(data)


@broken("open", WRONG, "marked read-only", "Take the mark off", code=4)
def read_only(folder: Path) -> None:
    (folder / TRACKER).chmod(0o444)


@broken("layout", LOOK, 'no sheet "Meetings"', "have it mapped", "adopt")
def a_sheet_is_gone(folder: Path) -> None:
    in_excel(folder, lambda book: book.__delitem__("Meetings"))


@broken("layout", LOOK, '"Auto stage"', "To add the columns", "adopt --add-auto-columns")
def no_auto_columns(folder: Path) -> None:
    def without(book: Any) -> None:
        sheet = book["Cases"]
        for table in list(sheet.tables):
            del sheet.tables[table]
        sheet.delete_cols(sheet.max_column - 5, 6)

    in_excel(folder, without)


# People


@broken("people", WRONG, "Nobody on the sheet People is active", "Enter people", "doctor", code=2)
def nobody_on_people(folder: Path) -> None:
    people(folder, list.clear)


@broken("people", LOOK, "No email: People!C2", "Enter their addresses")
def somebody_without_an_email(folder: Path) -> None:
    people(folder, lambda those: those[0].update(email=None))


@broken("people", LOOK, "outside the allowed domains", "allowed_domains")
def an_email_in_another_domain(folder: Path) -> None:
    people(folder, lambda those: those[1].update(email="someone@elsewhere.example"))


@broken("people", LOOK, "is there more than once: People!A2 and People!A3", "Tell them apart")
def two_people_of_one_name(folder: Path) -> None:
    people(folder, lambda those: those[1].update(name=those[0]["name"]))


@broken("people", LOOK, "No role from the list: People!B3", "Choose each role")
def somebody_without_a_role(folder: Path) -> None:
    people(folder, lambda those: those[1].update(role="Boss"))


@broken("people", LOOK, "Active is neither Yes nor No", "Choose Yes or No")
def somebody_neither_active_nor_not(folder: Path) -> None:
    people(folder, lambda those: those[0].update(active=None))


@broken("people", LOOK, "Nobody active is QA Team Manager", "Enter who it is")
def a_role_that_nobody_has(folder: Path) -> None:
    def without(those: list[dict[str, Any]]) -> None:
        those[:] = [one for one in those if one["role"] != "QA Team Manager"]

    people(folder, without)


@broken("people", LOOK, "Nobody active is SQA Officer or QA Team Manager", "Enter who it is")
def two_roles_that_nobody_has(folder: Path) -> None:
    def without(those: list[dict[str, Any]]) -> None:
        those[:] = [one for one in those if one["role"] not in ("SQA Officer", "QA Team Manager")]

    people(folder, without)


@broken("fallback", WRONG, "reaches nobody", "Set fallback", code=2)
def no_sqa_officer(folder: Path) -> None:
    def without(those: list[dict[str, Any]]) -> None:
        those[:] = [one for one in those if one["role"] != "SQA Officer"]

    people(folder, without)


@broken("fallback", WRONG, "outside the allowed domains", "Set one address", code=2)
def a_fallback_in_another_domain(folder: Path) -> None:
    setting(folder, 'fallback = "sqa@elsewhere.example"', "mail")


@broken("settings", WRONG, "Rename it to mfauto.toml", "Correct it in", code=2)
def settings_that_notepad_named(folder: Path) -> None:
    (folder / "mfauto.toml").rename(folder / "mfauto.toml.txt")


@broken("secrets", WRONG, "ends in .txt", "Rename it to .env", code=2)
def secrets_that_notepad_named(folder: Path) -> None:
    (folder / ".env").unlink(missing_ok=True)
    (folder / ".env.txt").write_text("MFAUTO_SMTP_PASSWORD=x", encoding="utf-8")


@broken("tracker", LOOK, "Our own.xlsx", "have it mapped", 'adopt "Our own.xlsx"')
def an_empty_tracker_beside_ones_own(folder: Path) -> None:
    (folder / TRACKER).rename(folder / "Our own.xlsx")
    make_tracker(folder / TRACKER, {})


# Documents and emails


@broken("templates", WRONG, "assurance_pack.docx", "Correct it in Word", "templates check", code=2)
def a_template_that_is_no_word_file(folder: Path) -> None:
    (folder / "templates" / "assurance_pack.docx").write_bytes(b"not Word")


@broken("templates", WRONG, "is not there", "make the folder", "init", code=2)
def templates_that_are_not_there(folder: Path) -> None:
    setting(folder, 'templates = "our templates"')


@broken("words", WRONG, "weekly.txt", "get back the one that came", "init", code=2)
def words_with_a_block_left_open(folder: Path) -> None:
    path = folder / "templates" / "emails" / "weekly.txt"
    path.write_text(path.read_text(encoding="utf-8") + "{% block more %}", encoding="utf-8")


@broken("words", WRONG, "common.txt", "get back the one that came", "init", code=2)
def words_that_are_not_there(folder: Path) -> None:
    (folder / "templates" / "emails" / "common.txt").unlink()


@broken("board", WRONG, "board.css could not be read", "the one that came", "init", code=2)
def a_board_without_its_look(folder: Path) -> None:
    (folder / "templates" / "board" / "board.css").unlink()


@broken("board", WRONG, "board.html cannot be used", "the one that came", "init", code=2)
def a_board_with_a_broken_tag(folder: Path) -> None:
    path = folder / "templates" / "board" / "board.html"
    path.write_text(path.read_text(encoding="utf-8") + "{% if %}", encoding="utf-8")


@broken("delivery", WRONG, "outbox is a file", "Rename or move it", code=2)
def a_file_where_the_outbox_goes(folder: Path) -> None:
    (folder / "outbox").touch()


@broken("delivery", LOOK, "Any address", "Set allowed_domains")
def no_domains(folder: Path) -> None:
    setting(folder, "allowed_domains = []", "mail")


def an_email(folder: Path, *states: State) -> None:
    with open_ledger(folder, NOW) as ledger:
        email = Delivery(
            key="k" * 32,
            kind="weekly",
            period="2026-W42",
            recipient="r" * 32,
            role=None,
            channel="outbox",
            state=State.PENDING,
            dated=NOW,
            tracker="0" * 64,
            items=(),
            changed=NOW,
        )
        ledger.expect(email, NOW)
        for state in states:
            ledger.change(email.key, state, NOW)


@broken("emails", WRONG, "may or may not have arrived", "ask the readers", "history", code=5)
def an_email_nobody_knows_of(folder: Path) -> None:
    an_email(folder, State.SENDING, State.UNKNOWN)


@broken("emails", WRONG, "could not be delivered", "Look which", "history", code=5)
def an_email_that_was_refused(folder: Path) -> None:
    an_email(folder, State.SENDING, State.FAILED)


# What was done


@broken("history", WRONG, "is not a history", "Put back a copy", code=2)
def a_history_that_is_none(folder: Path) -> None:
    (folder / "mfauto-history.sqlite3").write_bytes(b"no database" * 100)


@broken("history", WRONG, "Entry 1 was changed", "Put back a copy", "history", code=2)
def a_history_that_somebody_changed(folder: Path) -> None:
    connection = sqlite3.connect(folder / "mfauto-history.sqlite3")
    connection.execute("UPDATE entries SET facts = '{}' WHERE number = 1")
    connection.commit()
    connection.close()


@broken("history", WRONG, "its end was cut", "Put back a copy", "history", code=2)
def a_history_whose_end_was_cut_with_care(folder: Path) -> None:
    with open_ledger(folder, NOW) as ledger:
        number = ledger.record("run", NOW).number
    connection = sqlite3.connect(folder / "mfauto-history.sqlite3")
    connection.execute("DELETE FROM entries WHERE number = ?", (number,))
    connection.execute("UPDATE sqlite_sequence SET seq = ?", (number - 1,))
    connection.commit()
    connection.close()


@broken("history", WRONG, "and it is gone", "Put back a copy", "history", code=2)
def a_history_that_is_gone(folder: Path) -> None:
    (folder / "mfauto-history.sqlite3").unlink()


@broken("clock", WRONG, "the history goes on until 14 October 2026", "Set this computer's", code=2)
def a_clock_behind_the_history(folder: Path) -> None:
    later = NOW + timedelta(days=2)
    with open_ledger(folder, later) as ledger:
        ledger.record("run", later, job="flags", period="2026-10-14", failed=0)


@broken("backups", WRONG, "there is no backup", "Copy the tracker", "flag", code=2)
def backups_that_are_gone(folder: Path) -> None:
    for path in (folder / "backups").iterdir():
        path.unlink()


@broken("backups", WRONG, "is a file", "Rename or move it", code=2)
def a_file_where_backups_go(folder: Path) -> None:
    backups_that_are_gone(folder)
    (folder / "backups").rmdir()
    (folder / "backups").touch()


@broken("backups", WRONG, "None of 1 backup", "Copy the tracker", "flag", code=2)
def the_only_backup_is_damaged(folder: Path) -> None:
    for path in (folder / "backups").iterdir():
        path.write_bytes(b"damaged")


@broken("backups", LOOK, "The newest backup, Tracker 2026-10-12 100000", "Delete", "restore")
def the_newest_backup_is_damaged(folder: Path) -> None:
    (folder / "backups" / "Tracker 2026-10-12 100000.xlsx").write_bytes(b"damaged")


@broken("schedule", LOOK, "Late by a day or more: pack", "Task Scheduler or cron", "run")
def nothing_has_run_for_days(folder: Path) -> None:
    (folder / "mfauto-history.sqlite3").unlink()
    then = NOW - timedelta(days=10)
    with open_ledger(folder, then) as ledger:
        ledger.record("run", then, job="flags", period="2026-10-02", failed=0)


@broken("schedule", LOOK, "Nothing has been run here yet", "docs/schedule.md", "run")
def nothing_has_ever_run(folder: Path) -> None:
    (folder / "mfauto-history.sqlite3").unlink()
    (folder / "mfauto-history.lock").unlink()


@broken("schedule_files", LOOK, "goes by other times", "Make the files anew", "serve --files")
def a_schedule_of_other_times(folder: Path) -> None:
    (folder / "start-mfauto" / "mfauto.timer").write_text("OnCalendar=05:00\n", encoding="utf-8")


@broken("schedule_files", LOOK, "in another folder: /home/old", "was moved", "serve --files")
def a_schedule_of_another_folder(folder: Path) -> None:
    service = folder / "start-mfauto" / "mfauto.service"
    said = service.read_text(encoding="utf-8").splitlines()
    moved = ["WorkingDirectory=/home/old" if "WorkingDir" in line else line for line in said]
    service.write_text("\n".join(moved), encoding="utf-8")


def all_broken() -> Iterator[Broken]:
    for one in BROKEN:
        if not (os.name == "nt" and one.does is documents_go_where_nobody_may_write):
            yield one
