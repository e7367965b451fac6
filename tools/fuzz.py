"""Spoils trackers, templates, settings and the words of emails by the thousand.

`python -m tools.fuzz --workbooks 20000 --templates 2500 --settings 2500 --emails 2500`

A spoiled file may be used or refused. Harm is: anything that ends in a traceback, takes
longer than 20 seconds or more than 512 MB, changes a file that was refused, or changes
anything but Auto cells in one that was used. Whether a file was changed is asked of
`zipfile` and ElementTree, not of the product. Each case is named by its seed.
"""

import argparse
import hashlib
import io
import json
import queue
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from functools import cache
from itertools import chain
from pathlib import Path
from random import Random
from typing import Any
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

from openpyxl import load_workbook
from openpyxl.utils import column_index_from_string, get_column_letter

from mfauto.delivery import as_bytes
from mfauto.demo import demo_rows
from mfauto.documents import exception_report
from mfauto.errors import MfautoError
from mfauto.flags import flags
from mfauto.jobs import Run, asked_now, flag, preview
from mfauto.letters import KINDS as KINDS_OF_LETTER
from mfauto.letters import letters
from mfauto.messages import Document, Known, cover_pack, cover_reports, digests, safety_alerts
from mfauto.model import Review
from mfauto.process import review
from mfauto.schedule import week_of
from mfauto.settings import PROJECT, Settings, read_settings
from mfauto.template import make_tracker
from mfauto.terminal import check_text
from mfauto.workbook import read_tracker
from tools.mutations import spoiled, spoiled_settings, spoiled_words

LONGEST = 20  #: seconds that one case may take
MOST_MEMORY = 512  #: MB that the process may take
_AS_AT = date(2026, 10, 12)
_NOW = datetime(2026, 10, 12, 7, 0, tzinfo=ZoneInfo("Europe/London"))
#: the one thing that may change in the workbook part: Excel is to calculate as it opens the file
_CALCULATION = re.compile(rb"<(?:\w+:)?calcPr\b[^>]*>|</(?:\w+:)?calcPr>")
_BATCH = 250  # cases between two looks at the memory of a fresh process
_CASES = 8  # rows of each sheet in the trackers that are spoiled
_EMAIL_CASES = 38  # in the tracker that emails are about
_SETTINGS = b"""tracker = "Tracker.xlsx"
council = "Northmoor Council (made up)"
marking = "OFFICIAL"
suppress_small_numbers = true
[titles]
executive_director = "Executive Director"
[process]
reaudit_from = "audit"
closure_days = [2026-12-24]
[limits]
alert_managers = "2 working days"
exception_report = "4 weeks"
[sheets]
Cases = ["Cases"]
Re-audits = "Cases"
[headings.Cases]
"Case ref" = "Case ref"
[headings.Re-audits]
"Re-audit date" = ["HoS informed", "SM informed"]
[lines]
Actions = "Support agreed"
[mail]
allowed_domains = ["example.org"]
fallback = "sqa@example.org"
service_manager_after = "10 working days"
[schedule]
weekly_day = "Monday"
weekly_time = "07:00"
pack_workday = 2
"""


@dataclass(frozen=True)
class Outcome:
    """What came of one case."""

    seed: int
    outcome: str  #: used, refused, or the harm that was done
    detail: str = ""  #: first line of the refusal, or where the harm was done

    @property
    def harm(self) -> bool:
        """Say whether the product did what it must not."""
        return self.outcome not in ("used", "refused")


@cache
def trackers() -> tuple[bytes, ...]:
    """Give the sound trackers that are spoiled: as mfauto writes one, and as openpyxl does."""
    rows = {name: found[:_CASES] for name, found in demo_rows(_AS_AT).items()}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "Tracker.xlsx")
        make_tracker(path, rows)
        own = path.read_bytes()
        load_workbook(path).save(path)
        return own, path.read_bytes()


def tracker(folder: Path) -> Path:
    """Put a sound tracker into a folder, where none is."""
    path = folder / "Tracker.xlsx"
    if not path.exists():
        make_tracker(path, _half())
    return path


@cache
def _half() -> Mapping[str, Sequence[Mapping[str, object]]]:
    """Give so many cases with all that is theirs that each kind of email has something to say."""
    rows = demo_rows(_AS_AT)
    cases = rows["cases"][-_EMAIL_CASES:]
    refs = {case["ref"] for case in cases}
    theirs = {
        name: [row for row in rows[name] if row["case_ref"] in refs]
        for name in ("actions", "reaudits", "examples")
    }
    return {**rows, **theirs, "cases": cases}


def workbook(seed: int, folder: Path) -> Outcome:
    """Read, judge and flag a spoiled tracker."""
    path = folder / "Tracker.xlsx"
    chance = Random(seed)
    before = spoiled(chance.choice(trackers()), chance)
    path.write_bytes(before)
    settings = Settings(folder=folder, tracker=path)
    try:
        found = review(read_tracker(path, settings), settings.policy, _AS_AT)
        check_text(found)
        flag(Run(settings=settings, as_at=_AS_AT, now=_NOW))
    except MfautoError as error:
        if path.read_bytes() != before:
            return Outcome(seed, "changed though refused", str(error))
        return Outcome(seed, "refused", str(error).splitlines()[0])
    after = path.read_bytes()
    if after == before:
        return Outcome(seed, "used")
    try:
        harm = harm_between(before, after, set(flags(found)))
    except ET.ParseError:
        # A sheet that was no sound XML before: Excel cannot open the file either way.
        return Outcome(seed, "used", "a sheet was no sound XML before")
    except NotImplementedError:
        return Outcome(seed, "used", "zipfile does not know this kind of file")
    return Outcome(seed, "changed what it must not", harm) if harm else Outcome(seed, "used")


def harm_between(before: bytes, after: bytes, own: set[tuple[str, str]]) -> str | None:
    """Say what besides the Auto cells differs between two workbooks; None where nothing does."""
    with zipfile.ZipFile(io.BytesIO(before)) as old, zipfile.ZipFile(io.BytesIO(after)) as new:
        if old.namelist() != new.namelist():
            return "the members are not the same"
        for name in old.namelist():
            one, other = old.read(name), new.read(name)
            if one == other:
                continue
            if name == "xl/workbook.xml" and _CALCULATION.sub(b"", one) == _CALCULATION.sub(
                b"", other
            ):
                continue
            if "worksheets" not in name:
                return f"{name} is not the same"
            cells = {cell for _, cell in own}
            was = set(_cells(one))
            changed = {ref for ref, _ in was ^ _written(other)}
            if not changed <= cells:
                return f"{name}: {', '.join(sorted(changed - cells)[:5])} are not the same"
    return None


def _written(part: bytes) -> set[tuple[str, str]]:
    """Give the cells of a part that was written; ValueError where it is no sound XML."""
    try:
        return set(_cells(part))
    except ET.ParseError as error:
        raise ValueError("what was written is no sound XML") from error


def _cells(part: bytes) -> Iterator[tuple[str, str]]:
    """Give each cell's address and text; one that does not say where it stands is counted."""
    row = column = 0
    for element in ET.fromstring(part).iter():  # noqa: S314 - a part that has been read already
        kind = element.tag.rpartition("}")[2]
        if kind == "row":
            row, column = int(element.get("r", row + 1)), 0
        elif kind == "c":
            ref = element.get("r") or f"{get_column_letter(column + 1)}{row}"
            column = column_index_from_string(ref.rstrip("0123456789"))
            yield ref, ET.tostring(element, "unicode")


def template(seed: int, folder: Path) -> Outcome:
    """Fill a spoiled template with an ordinary case."""
    source = PROJECT / "templates" / "exception_report.docx"
    (folder / "templates").mkdir(exist_ok=True)
    spoilt = folder / "templates" / source.name
    spoilt.write_bytes(spoiled(source.read_bytes(), Random(seed)))
    settings = Settings(folder=folder, tracker=tracker(folder), templates=spoilt.parent)
    found = found_in(settings)
    ref = next(one.case for one in found.positions if one.grade == "Inadequate")
    try:
        exception_report(found, ref, settings, folder / "made.docx")
    except MfautoError as error:
        return Outcome(seed, "refused", str(error).splitlines()[0])
    with zipfile.ZipFile(folder / "made.docx") as made:
        ET.fromstring(made.read("word/document.xml"))  # noqa: S314 - harm is what it raises
    return Outcome(seed, "used")


def setting(seed: int, folder: Path) -> Outcome:
    """Read spoiled settings; then all that goes by them: dates, the calendar, emails."""
    path = tracker(folder)
    (folder / "mfauto.toml").write_bytes(spoiled_settings(_SETTINGS, Random(seed)))
    try:
        # The sound tracker and a folder of the fuzzer's own, whatever the settings name.
        settings = replace(read_settings(None, folder), tracker=path, out=None)
        found = found_in(settings)
        check_text(found)
        written(found, settings)
    except MfautoError as error:
        return Outcome(seed, "refused", str(error).splitlines()[0])
    return Outcome(seed, "used")


def email(seed: int, folder: Path) -> Outcome:
    """Write the week's emails and the letters with one of their files spoiled."""
    words = folder / "templates" / "emails"
    shutil.rmtree(words, ignore_errors=True)
    shutil.copytree(PROJECT / "templates" / "emails", words)
    chance = Random(seed)
    spoilt = chance.choice(sorted(words.iterdir()))
    spoilt.write_bytes(spoiled_words(spoilt.read_bytes(), chance))
    settings = Settings(folder=folder, tracker=tracker(folder), templates=words.parent)
    try:
        written(found_in(settings), settings)
    except MfautoError as error:
        return Outcome(seed, "refused", str(error).splitlines()[0])
    return Outcome(seed, "used")


def found_in(settings: Settings) -> Review:
    """Read and review the tracker that the settings name."""
    path = settings.tracker
    assert path is not None  # noqa: S101 - for mypy: each case names its own
    return review(read_tracker(path, settings), settings.policy, _AS_AT)


def written(found: Review, settings: Settings) -> list[int]:
    """Ask the calendar, put the week's emails on a page, and write every kind of email there is.

    Gives how many there are of each kind.

    Raises:
        MfautoError: the first thing that could not be made.

    """
    run = Run(settings=settings, as_at=_AS_AT, now=_NOW)
    asked_now(run)
    preview(run, found)
    known, period = Known(now=_NOW), week_of(_AS_AT)
    report = Document(path=Path("report.docx"), case=found.tracker.cases[0].ref)
    made = [
        digests(found, settings, known).messages,
        safety_alerts(found, settings, known).messages,
        cover_reports(found, settings, known, [report], period).messages,
        cover_pack(found, settings, known, Document(path=Path("pack.docx")), (2026, 9)).messages,
        *(letters(kind, found, settings, known).messages for kind in KINDS_OF_LETTER),
    ]
    for message in chain.from_iterable(made):
        as_bytes(message, draft=True)
    return [len(messages) for messages in made]


KINDS: dict[str, Callable[[int, Path], Outcome]] = {
    "workbooks": workbook,
    "templates": template,
    "settings": setting,
    "emails": email,
}


def one(kind: str, seed: int, folder: Path) -> Outcome:
    """Do one case in a folder of its own; what is no refusal is harm."""
    for old in folder.iterdir():
        if kind == "workbooks" and old.is_dir():
            shutil.rmtree(old)
    try:
        return KINDS[kind](seed, folder)
    except Exception as error:  # noqa: BLE001 - whatever comes out is what is looked for
        last = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{Path(last.filename).name}:{last.lineno}"
        return Outcome(seed, "traceback", f"{type(error).__name__} at {where}: {error}"[:300])


def _work(kind: str, first: int, last: int) -> None:
    """Do cases and write an outcome on each line; run in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(first, last):
            print(json.dumps(asdict(one(kind, seed, Path(folder)))), flush=True)
    print(json.dumps({"memory": _memory()}), flush=True)


def _memory() -> float:
    """Give the most memory this process took, in MB; 0 where the system does not say."""
    status = Path("/proc/self/status")
    if status.exists():  # what `resource` says may be that of the process this one came from
        found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text(encoding="ascii"))
        if found:
            return int(found[1]) / 1024
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return 0.0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _batch(kind: str, first: int, last: int) -> Iterator[Outcome]:
    """Do cases in one process; one that hangs or dies is harm, and the rest go on after it."""
    while first < last:
        command = [sys.executable, "-m", "tools.fuzz", "--work", kind, str(first), str(last)]
        with subprocess.Popen(  # noqa: S603 - this very program
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=PROJECT
        ) as process:
            lines: queue.Queue[str] = queue.Queue()
            threading.Thread(target=_pump, args=(process.stdout, lines), daemon=True).start()
            waited = 3 * LONGEST  # the first case waits for the imports as well
            while first < last:
                try:
                    line = lines.get(timeout=waited)
                except queue.Empty:
                    process.kill()
                    yield Outcome(first, "took too long")
                    first += 1
                    break
                if not line:
                    yield Outcome(first, "the process died")
                    first += 1
                    break
                said: dict[str, Any] = json.loads(line)
                waited = LONGEST
                yield Outcome(**said)
                first += 1
            else:
                memory = json.loads(lines.get(timeout=LONGEST))["memory"]
                if memory > MOST_MEMORY:
                    yield Outcome(first - 1, "took too much memory", f"{memory:.0f} MB")


def _pump(stream: Any, lines: "queue.Queue[str]") -> None:  # noqa: ANN401 - a text stream
    for line in stream:
        lines.put(line)
    lines.put("")


def fuzz(kind: str, first: int, count: int) -> list[Outcome]:
    """Do `count` cases of a kind from seed `first` on."""
    found: list[Outcome] = []
    for start in range(first, first + count, _BATCH):
        found += _batch(kind, start, min(start + _BATCH, first + count))
    return found


def main() -> int:
    """Do what the arguments ask for; 1 where harm was done."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    for kind in KINDS:
        parser.add_argument(f"--{kind}", type=int, default=0, metavar="N")
    parser.add_argument("--from", dest="first", type=int, default=1, metavar="SEED")
    parser.add_argument("--work", nargs=3, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.work:
        kind, first, last = asked.work
        _work(kind, int(first), int(last))
        return 0
    harm = 0
    for kind in KINDS:
        count = getattr(asked, kind)
        if not count:
            continue
        start = time.monotonic()
        found = fuzz(kind, asked.first, count)
        totals = Counter(outcome.outcome for outcome in found)
        digest = hashlib.sha256(repr([one.outcome for one in found]).encode()).hexdigest()[:12]
        took = time.monotonic() - start
        print(f"{kind}: {dict(totals)} in {took:.0f} s (run {digest})")
        for outcome in found:
            if outcome.harm:
                harm += 1
                print(f"  seed {outcome.seed}: {outcome.outcome}: {outcome.detail}")
    return 1 if harm else 0


if __name__ == "__main__":
    sys.exit(main())
