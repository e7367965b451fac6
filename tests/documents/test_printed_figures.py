"""Every number that a finished pack prints, counted again from the tracker in plain Python.

The numbers are read out of the Word file: its tables, its sentences, the stored values of
its charts and the workbooks inside them.
"""

import os
import re
import zipfile
from collections import Counter
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from statistics import median

import pytest
from lxml import etree
from openpyxl import load_workbook

from mfauto.documents import assurance_pack
from mfauto.messages import digests
from mfauto.model import Action
from mfauto.process import obligations
from mfauto.rules import RULES
from mfauto.settings import Settings
from mfauto.steps import STEPS
from tests.documents.counting import (
    POLICY,
    Counted,
    Table,
    are,
    bands,
    change,
    coming,
    concerned,
    days_since,
    excluded,
    headlines,
    made_pack,
    meetings,
    moderated,
    month_name,
    months,
    regraded,
    services,
    shared,
    some,
    stays,
    steps_by_month,
    steps_not_measured,
    themes,
    timed_steps,
    timeliness,
    unread,
    words,
)
from tests.documents.reading import paragraphs, table, tables
from tests.documents.test_figures import NEVER, NO_HEAD, NO_SERVICE, month_of

SOURCES = ("2026-10-31", "2026-09-30", "1")
#: more months and trackers, where there is time for them
LONG = ("2026-02-28", "2025-06-30", "2026-03-31", *map(str, range(2, 13)))
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"


@pytest.fixture(scope="module", params=[*SOURCES, *(LONG if os.environ.get("MFAUTO_LONG") else ())])
def pack(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Counted:
    return made_pack(tmp_path_factory.mktemp("pack"), request.param)


def columns(rows: Table, *numbers: int) -> Table:
    return [[row[number] for number in numbers] for row in rows]


def shown(path: Path, title: str) -> Table:
    """Give the table of that title; where the pack has a sentence instead, no rows."""
    found = tables(path, title)
    return found[0] if found else []


def test_the_headlines_and_the_months_are_right(pack: Counted) -> None:
    assert table(pack.path, "Headlines") == headlines(pack)
    assert table(pack.path, "Open Inadequate cases by month") == months(pack)
    flow = pack.flows[-1]
    assert (
        f"The sum: {flow['start']} at the start + {flow['new']} new + {flow['in']} changed to "
        f"Inadequate − {flow['out']} changed from Inadequate − {flow['left']} left = "
        f"{flow['end']} remaining."
    ) in paragraphs(pack.path)


def test_the_steps_and_their_timeliness_are_right(pack: Counted) -> None:
    assert table(pack.path, "Steps that fell due by month") == steps_by_month(pack)
    made = table(pack.path, "Timeliness of every step")
    assert columns(made, 1, 2, 3, 4, 5, 6, 7) == timed_steps(pack)
    made = table(pack.path, "Steps that are not measured")
    assert columns(made, 1, 2, 3, 4) == steps_not_measured(pack)
    rows = timeliness(pack)
    due, on_time, late, no_date, overdue, left = (
        sum(int(row[place]) for row in rows) for place in range(6)
    )
    assert due == on_time + late + no_date + overdue + left
    said = paragraphs(pack.path)
    assert (
        f"All steps: {due} fell due = {on_time} on time + {late} late + {no_date} not measured + "
        f"{overdue} still overdue + {left} open, in time."
    ) in said
    headline = (
        f"Of {some(due - no_date, 'step')} due this month that can be timed, {on_time} on time, "
        f"{late} late, {overdue} still overdue{f', {left} open on the last day' if left else ''}"
    )
    if due == no_date:
        headline = f"{some(due, 'step')} fell due this month; none can be timed"
    assert (headline if due else "No step fell due this month") in said


def test_what_the_steps_mean_is_said_as_the_table_has_it(pack: Counted) -> None:
    rows = {step.id: row for step, row in zip(STEPS, timeliness(pack), strict=True)}
    said = paragraphs(pack.path)
    for step in STEPS:
        if step.id not in (
            "assure_child_safety",
            "exception_report",
            "re_audit",
            "panel_review",
            "action",
        ):
            continue
        late = [due.on for due in pack.review.overdue if due.step == step.id]
        due, on_time, after, no_date, overdue, left = map(int, rows[step.id][:6])
        if due == 0 and not late:
            assert not [text for text in said if text.startswith(f"{step.todo}: ")]
            continue
        assert due == on_time + after + no_date + overdue + left
        (text,) = [text for text in said if text.startswith(f"{step.todo}: ")]
        sentences = text.removeprefix(f"{step.todo}: ").split(". ")
        expected = f"{on_time} of {due} due this month {'was' if on_time == 1 else 'were'} done in"
        expected = f"{expected} time" if due else "none was due this month"
        expected += f", {after} late" if after else ""
        expected += f", {no_date} on a day not recorded" if no_date else ""
        assert sentences[0] == expected
        before = sum(day < month_of(pack.as_at) for day in late)
        assert before == len(late) - overdue
        numbers = [len(late), before, (pack.as_at - min(late, default=pack.as_at)).days]
        if not late:
            assert sentences[1].startswith("None is overdue")
        elif 0 < before < len(late):
            assert [int(number) for number in re.findall(r"\d+", sentences[1])] == numbers
            assert f", {before} of them from " in sentences[1]
        else:
            assert [int(number) for number in re.findall(r"\d+", sentences[1])] == numbers[::2]
            assert ("from" in sentences[1]) == (before > 0)
        assert len(sentences) == (3 if left else 2)
        if left:
            assert re.fullmatch(rf"{left} (?:is|are) open on the last day\.", sentences[2])


def test_the_time_to_leave_and_the_services_are_right(pack: Counted) -> None:
    assert table(pack.path, "Time from audit to leaving Inadequate") == bands(pack)
    assert table(pack.path, "Overdue by service") == services(pack)
    days = [(end - start).days for start, end in stays(pack)]
    if len(days) > 1:
        assert (
            f"{len(days)} cases left Inadequate in 12 months; "
            f"the median time was {median(days):g} days"
        ) in paragraphs(pack.path)


def test_the_grades_are_right(pack: Counted) -> None:
    assert shown(pack.path, "Grades at re-audit by round") == regraded(pack)
    assert table(pack.path, "Audit grade against moderated grade") == moderated(pack)


def test_everything_overdue_is_listed_with_its_days_and_its_first_due_date(pack: Counted) -> None:
    made = Counter(
        (row[0], row[2], row[3], row[4])
        for rows in tables(pack.path, "What is overdue in one service")
        for row in rows
    )
    expected: Counter[tuple[str, str, str, str]] = Counter()
    for due in pack.review.overdue:
        first = "The same"
        if isinstance(due.subject, Action):
            original = due.subject.original_due
            first = "Not recorded"
            if original:
                moved = (due.on - original).days
                how = "put off" if moved > 0 else "brought forward"
                first = f"{words(original)}, {how} by {some(abs(moved), 'day')}"
                first = "The same" if not moved else first
        late = some((pack.as_at - due.on).days, "day")
        expected[due.case.ref or "", words(due.on), late, first] += 1
    assert made == expected
    headings = {
        f"{due.case.service_area or NO_SERVICE}: {due.case.head_of_service or NO_HEAD}"
        for due in pack.review.overdue
    }
    assert headings <= set(paragraphs(pack.path))


def test_the_cases_of_concern_are_right(pack: Counted) -> None:
    rows = {due.case.row for due in pack.review.open if due.step == "assure_child_safety"}
    unsafe = [case for case in pack.review.tracker.cases if case.row in rows]
    still = pack.still_open(pack.review)
    third = [case for case in still if pack.round_of(case, pack.as_at) >= 3]
    assert shown(pack.path, "Child safety not yet assured") == concerned(unsafe, days_since(pack))
    assert shown(pack.path, "Longest in Inadequate") == concerned(still, days_since(pack))[:10]
    assert shown(pack.path, "Third round of re-audit and beyond") == concerned(
        third, lambda case: f"Round {pack.round_of(case, pack.as_at)}"
    )


def test_themes_and_good_practice_are_right(pack: Counted) -> None:
    assert shown(pack.path, "Themes of the audits") == themes(pack)
    assert table(pack.path, "Good practice shared") == shared(pack)


def test_what_comes_is_right(pack: Counted) -> None:
    assert shown(pack.path, "What falls due in the next 30 days") == coming(pack)
    made = shown(pack.path, "Meetings and panels ahead")
    assert columns(made, 0, 3, 4) == meetings(pack)
    too_few = [text for text in paragraphs(pack.path) if " more than the " in text]
    assert [re.findall(r"\d+", text)[-3:] for text in too_few] == [
        [cases, str(int(cases) - int(places)), places]
        for _, places, cases in meetings(pack)
        if places.isdigit() and int(cases) > int(places)
    ]
    until = pack.as_at + timedelta(days=30)
    free = [
        due
        for due in pack.review.open
        if due.step == "re_audit" and due.on <= until
        if not getattr(due.subject, "reauditor", None)
    ]
    made = shown(pack.path, "Re-audits to allocate")
    assert columns(made, 0, 2, 3) == [
        [due.case.ref, f"Round {due.item}", words(due.on)]
        for due in sorted(free, key=lambda due: (due.on, due.case.row))
    ]


def than(now: int, before: int, when: str) -> str:
    said = change(now, before)
    return f"{'as many as' if said == 'No change' else f'{said} than'} {when}"


def test_the_first_page_says_what_the_tables_say(pack: Counted) -> None:
    said = paragraphs(pack.path)
    flow, month = pack.flows[-1], month_name(pack.as_at)
    now, before, year = (len(pack.still_open(then)) for then in pack.thens)
    assert (now, before) == (flow["end"], flow["start"])
    late = pack.review.counts.overdue
    steps = Counter(due.step for due in pack.review.overdue)
    actions, re_audits = steps["action"], steps["re_audit"]
    known = (
        f"What we know. At {words(pack.as_at)}, {are(now, 'case')} open at Inadequate, "
        f"{than(now, before, 'a month before')} and {than(now, year, 'a year before')}. "
        f"In {month}, {some(flow['new'], 'new Inadequate case')} came in and "
        f"{some(flow['left'], 'case')} left Inadequate. "
    )
    third = sum(pack.round_of(case, pack.as_at) >= 3 for case in pack.still_open(pack.review))
    if third:
        verb = "is" if third == 1 else "are"
        known += f"{third} of the open cases {verb} in a third round of re-audit or later. "
    elif now:
        known += "No open case has reached a third round of re-audit. "
    past = are(re_audits, "re-audit") if re_audits else "No re-audit is"
    known += f"{past} past the process’s own limit of 3 months. "
    of_them = f"{actions or 'none'} of them are actions"
    of_them = "1 of them is an action" if actions == 1 else of_them
    known += f"{are(late, 'step')} overdue; {of_them}." if late else "Nothing is overdue."
    assert known in said

    errors = sum(one.level == "error" for one in pack.review.findings)
    grades = [one.grade for one in pack.review.positions]
    inside = sum(grade in ("Inadequate", "Outstanding") for grade in grades)
    how = (
        f"How we know it. The figures are counted from the {some(len(grades), 'case')} audited by "
        f"{words(pack.as_at)}, {inside} of them in the process. "
    )
    if not grades:
        how = f"How we know it. No case that can be counted was audited by {words(pack.as_at)}. "
    listed = "it" if errors == 1 else "them"
    how += (
        f"{are(errors, 'error')} open in the tracker; the part Data quality lists {listed}. "
        if errors
        else "No error is open in the tracker. "
    )
    unusable = [
        row
        for row in pack.review.excluded
        if row.reason != "not audited yet at the report date"
        and row.row
        not in {
            case.row
            for case in pack.review.tracker.cases
            if case.audited and case.audited > pack.as_at
        }
    ]
    how += (
        f"{are(len(unusable), 'row')} left out of every figure; the part Data quality says why."
        if unusable
        else "Every row audited by then is counted."
    )
    assert how in said

    first = month_of(pack.as_at)
    every = list(obligations(pack.review.tracker, POLICY, pack.as_at))
    done = sum(
        due.step == "action" and first <= (due.done_on or NEVER) <= pack.as_at for due in every
    )
    left = sum(due.step == "action" and not due.done for due in every)
    held = sum(
        first <= (row.audited or NEVER) <= pack.as_at
        for case, grade in pack.found.counted()
        if grade == "Inadequate"
        for row in pack.review.tracker.reaudits
        if row.case_ref == case.ref and row.round
    )
    doing = (
        f"What is being done. In {month}, {some(done, 'action')} "
        f"{'was' if done == 1 else 'were'} completed and {some(held, 're-audit')} "
        f"{'was' if held == 1 else 'were'} carried out. {are(left, 'action')} open. "
    )
    assert [text for text in said if text.startswith(doing)]


def test_child_safety_is_the_first_thing_said(pack: Counted) -> None:
    said = paragraphs(pack.path)
    first = said[said.index("Assurance") + 1]
    waits = [
        (pack.as_at - (due.case.audited or NEVER)).days
        for due in pack.review.open
        if due.step == "assure_child_safety"
    ]
    if waits:
        assert f"The safety of {some(len(waits), 'child', 'children')} is not yet" in first
        assert f"The longest wait is {some(max(waits), 'day')}" in first
        return
    sentence = f"{first.split('. ')[0].rstrip('.')}."
    if any(grade == "Inadequate" for _, grade in pack.found.counted()):
        assert sentence.startswith("Child safety is recorded as assured in every Inadequate case")
    else:
        assert re.match("No case (that was counted )?is Inadequate", sentence)
    assert said[said.index("Child safety not yet assured") + 1] == sentence


def test_the_data_quality_agrees_with_check(pack: Counted) -> None:
    counts = pack.review.counts
    said = paragraphs(pack.path)
    grades = Counter(one.grade for one in pack.review.positions)
    still = len(pack.still_open(pack.review))
    assert counts.rows_read == counts.cases + counts.outside + counts.excluded
    assert (
        f"{some(counts.rows_read, 'row')} read = {counts.cases} in the process + "
        f"{counts.outside} outside it + {counts.excluded} left out."
    ) in said
    assert (
        f"{counts.cases} in the process = {still} open at Inadequate + "
        f"{grades['Inadequate'] - still} that left Inadequate + "
        f"{grades['Outstanding']} Outstanding."
    ) in said
    told = Counter(one.rule for one in pack.review.findings if one.level == "query")
    slipped, later = told["MF055"], told["MF029"]  # nothing is to be entered about these
    questions = told.total() - slipped - later
    assert told.total() == counts.query
    asked = f"{some(counts.error, 'error')} and {some(questions, 'question')}"
    assert f"{asked} about the tracker are open." in said
    remarks = [text for text in said if " no entry: " in text]
    assert [list(map(int, re.findall(r"\d+", text))) for text in remarks] == (
        [[number for number in (slipped + later, later, slipped) if number]]
        if slipped + later
        else []
    )
    if slipped + later:
        assert (
            f"{some(counts.query, 'query', 'queries')} of the command check = "
            f"{some(questions, 'question')} + {some(slipped + later, 'remark')}."
        ) in said
    assert columns(shown(pack.path, "Rows left out"), 0, 1) == excluded(pack)
    assert columns(shown(pack.path, "Cells that could not be read"), 0, 1, 2) == unread(pack)
    errors = Counter(one.rule for one in pack.review.findings if one.level == "error")
    assert shown(pack.path, "Open errors") == [
        [rule, RULES[rule].title, str(number)] for rule, number in sorted(errors.items())
    ]


def test_the_emails_of_that_day_have_the_same_totals(pack: Counted) -> None:
    batch = digests(pack.review, Settings(folder=pack.path.parent))
    totals = {
        name: int(number)
        for message in batch.messages
        if message.summary
        for name, number in re.findall(
            r"(Overdue|Cases in the process|Rows not counted)\D{1,9}(\d+)", message.text
        )
    }
    if totals:  # a tracker without an SQA Officer to write to has no summary
        assert totals["Overdue"] == int(table(pack.path, "Overdue by service")[-1][-1])
        assert totals["Cases in the process"] == pack.review.counts.cases
        assert totals["Rows not counted"] == pack.review.counts.excluded
    else:
        assert "demo" not in str(pack.path)


TITLES = {
    "Open Inadequate cases by month": ("Open Inadequate cases by month", (2, 4, 5)),
    "Steps that fell due, each month as at its last day": (
        "Steps that fell due by month",
        (2, 3, 4, 5, 6),
    ),
    "Time from audit to leaving Inadequate": ("Time from audit to leaving Inadequate", (1,)),
    "Overdue by service": ("Overdue by service", (1, 2)),
}


def test_the_charts_and_their_workbooks_hold_what_the_tables_say(pack: Counted) -> None:
    with zipfile.ZipFile(pack.path) as parts:
        names = sorted(name for name in parts.namelist() if re.search(r"charts/chart\d", name))
        assert names or not pack.found.counted()
        for name in names:
            root = etree.fromstring(parts.read(name))
            title = "".join(map(str, root.find(f".//{CHART}title").itertext())).strip()  # type: ignore[union-attr]
            caption, numbers = TITLES[title]
            rows = table(pack.path, caption)
            rows = rows[:-1] if title.startswith(("Time", "Overdue")) else rows
            expected = [[int(row[number]) for row in rows] for number in numbers]
            stored = [
                [int(one.text or "") for one in series.iterfind(f"{CHART}val//{CHART}v")]
                for series in root.iter(f"{CHART}ser")
            ]
            assert stored == expected, title
            number = re.findall(r"\d+", name)[0]
            book = load_workbook(BytesIO(parts.read(f"word/embeddings/chart{number}.xlsx")))
            inside = list(zip(*book.worksheets[0].iter_rows(values_only=True), strict=True))
            assert [list(column[1:]) for column in inside[1:]] == expected, title


def test_made_twice_a_pack_is_the_same_to_the_byte(pack: Counted, tmp_path: Path) -> None:
    day = pack.as_at
    again = tmp_path / "again.docx"
    assurance_pack(pack.review, (day.year, day.month), Settings(folder=tmp_path), again)
    assert again.read_bytes() == pack.path.read_bytes()


def test_last_months_figures_are_those_of_last_months_pack(pack: Counted, tmp_path: Path) -> None:
    before = month_of(pack.as_at) - timedelta(days=1)
    target = tmp_path / "before.docx"
    assurance_pack(pack.review, (before.year, before.month), Settings(folder=tmp_path), target)
    late = {row[0]: row[2] for row in table(pack.path, "Headlines")}
    then = {row[0]: row[1] for row in table(target, "Headlines")}
    assert late == then
    for title in ("Steps that fell due by month", "Open Inadequate cases by month"):
        assert table(pack.path, title)[-2] == table(target, title)[-1], title
