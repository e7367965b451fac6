"""The exception report: right facts, everything as typed, and always one page."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
from docx import Document
from docx.text.paragraph import Paragraph

from mfauto.documents import exception_report
from mfauto.errors import TemplateError, UsageError
from mfauto.fitting import fitted, lines_of, shared_out, shortened, width
from mfauto.model import Case, Flaw, Review
from mfauto.policy import Policy
from mfauto.process import review
from mfauto.report import Report, report
from mfauto.report.page import Page
from mfauto.settings import Settings
from mfauto.word import blocks
from mfauto.workbook import read_tracker
from tests.looking import failures, page_counts
from tests.making import a_case, a_tracker, a_workbook
from tools import make_report_template

AS_AT = date(2026, 11, 2)
HELD = date(2026, 9, 1)
SETTINGS = Settings(folder=Path())
GOLDEN = Path(__file__).parent / "golden" / "exception_report.txt"
TEXTS = (
    "child_safety_note",
    "audit_findings",
    "strengths",
    "practice_context",
    "support_agreed",
    "exception_summary",
)
PEOPLE = ("practitioner", "team_manager", "service_manager", "head_of_service", "team")
ORDINARY: dict[str, Any] = {
    "audited": date(2026, 8, 3),
    "child_safety_assured": date(2026, 8, 4),
    "child_safety_note": "Seen at school the same day.",
    "moderation_completed": date(2026, 8, 12),
    "meeting_held": HELD,
    "audit_findings": "Two visits were late.",
    "strengths": "Warm relationships.",
    "practice_context": "New in the team.",
    "support_agreed": "Weekly supervision.",
    "caseload_review": "Required",
    "caseload_reviewer": "Sam Example",
    "cases_reviewed": 12,
    "exception_summary": "The other cases are sound.",
}
ACTION: dict[str, Any] = {
    "ref": "A-1",
    "case_ref": "MF-001",
    "action": "Update the chronology",
    "owner": "Ada Example",
    "original_due": date(2026, 10, 1),
    "due": date(2026, 10, 15),
    "status": "Open",
}


def reviewed(case: Case, actions: int = 0, **changes: Any) -> Review:
    rows = [ACTION | {"ref": f"A-{n}"} | changes for n in range(actions)]
    return review(a_tracker(case, actions=rows), Policy(), AS_AT)


def words(path: Path) -> str:
    document = Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)


def in_order(path: Path) -> str:
    """Give the words of a document as they are read: a line each, a row's cells side by side."""
    lines = []
    for block in Document(str(path)).iter_inner_content():
        if isinstance(block, Paragraph):
            lines.append(block.text.replace("\t", "    "))
        else:
            lines += [" | ".join(cell.text for cell in row.cells) for row in block.rows]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def made(folder: Path, found: Review, ref: str = "MF-001", name: str = "made.docx") -> Path:
    exception_report(found, ref, SETTINGS, folder / name)
    return folder / name


def test_the_report_holds_the_cases_facts_and_the_sum_of_its_due_date(tmp_path: Path) -> None:
    said = words(made(tmp_path, reviewed(a_case(**ORDINARY), 1)))
    for fact in (
        "OFFICIAL-SENSITIVE",
        "Exception report: MF-001",
        "To: Assistant Executive Director\tFrom: Sam Example",
        "Audit: Inadequate, 3 August 2026",
        "Meeting held 1 September 2026 + 28 days = due 29 September 2026, 34 days overdue",
        "Assured: 4 August 2026, by Hana Example.",
        "Note: Seen at school the same day.",
        "Findings: Two visits were late.",
        "Required, by Sam Example. 12 cases reviewed.",
        "Update the chronology",
        "15 October 2026",
        "18 days overdue, slipped from 1 October 2026",
        "Round 1: meeting held 1 September 2026 + 3 months = due 1 December 2026.",
        "Weekly supervision.",
    ):
        assert fact in said


def test_a_child_not_known_to_be_safe_comes_first_and_plain(tmp_path: Path) -> None:
    unsafe = a_case(**ORDINARY | {"child_safety_assured": None})
    said = words(made(tmp_path, reviewed(unsafe)))
    assert "NOT ASSURED: it was due 5 August 2026, 89 days overdue. Please act today." in said


def test_what_is_not_recorded_says_so(tmp_path: Path) -> None:
    fields: dict[str, Any] = dict.fromkeys((*PEOPLE, "service_area", "auditor"))
    blank = a_case(**fields | {"audited": date(2026, 8, 3)})
    said = words(made(tmp_path, reviewed(blank)))
    assert "Practitioner: Not recorded (Cases!G2)" in said
    assert "Findings: Not recorded in the tracker (Cases!V2)." in said
    assert "needed is not decided yet (Cases!Z2)." in said
    assert "No actions are recorded." in said
    assert "None" not in said


def test_what_cannot_be_read_is_never_told_as_not_done(tmp_path: Path) -> None:
    workbook = a_workbook(
        tmp_path / "tracker.xlsx",
        cases=[
            {
                "ref": "MF-001",
                "audited": date(2026, 8, 3),
                "audit_grade": "Inadequate",
                "child_safety_assured": "32/13/2026",
                "meeting_held": "TBC",
                "caseload_review": "Required",
                "cases_reviewed": "lots",
            }
        ],
        actions=[
            {
                "ref": "A-1",
                "case_ref": "MF-001",
                "action": "Ask",
                "due": "soon",
                "completed": "ASAP",
            }
        ],
        reaudits=[{"case_ref": "MF-001", "round": 1, "audited": "w/c 2/2/26"}],
    )
    found = review(read_tracker(workbook, SETTINGS), Policy(), AS_AT)
    said = words(made(tmp_path, found))
    for fact in (
        "Meeting held: Cannot be read (Cases!U2)",
        "The day of the meeting cannot be read (Cases!U2), so the due date is not known.",
        "NOT ASSURED: the day cannot be read (Cases!N2); it was due 5 August 2026, 89 days",
        "Required. The number of cases reviewed cannot be read (Cases!AB2).",
        "The summary is not recorded in the tracker yet (Cases!AC2).",
        "Cannot be read (Actions!F2)",
        "No due date. Completed on cannot be read (Actions!H2)",
        "Its date cannot be read ('Re-audits'!C2).",
    ):
        assert fact in said


SUMMARY = "To be written: how many cases were looked at, what was found, and what happens next."
LATE = "To be written: why it is late, and the new date."
NO_REVIEW: dict[str, Any] = {"cases_reviewed": None, "exception_summary": None}


def to_write(case: Case, as_at: date = AS_AT) -> list[str]:
    """Give what a person is asked to write, in the order of the page."""
    told = report(review(a_tracker(case), Policy(), as_at), "MF-001", SETTINGS)
    return [one.split("\t")[0] for one in (told.summary_to_write, told.late_to_write) if one]


def test_without_a_summary_there_is_a_place_to_write_it_and_its_cells_are_named(
    tmp_path: Path,
) -> None:
    path = made(tmp_path, reviewed(a_case(**ORDINARY | NO_REVIEW)))
    said = words(path)
    assert (
        "Required, by Sam Example. The number of cases reviewed and the summary are not recorded "
        "in the tracker yet (Cases!AB2 and AC2)."
    ) in said
    assert "Summary:" not in said
    (place,) = (one for one in Document(str(path)).paragraphs if one.text.startswith(SUMMARY))
    assert place.text.count("\n\t") >= 2  # ruled lines: tabs with a leader
    assert 'w:leader="underscore"' in place._p.xml  # noqa: SLF001 - python-docx reads no leaders
    assert failures(path, pages=1, min_size=11, marking="OFFICIAL-SENSITIVE") == []


@pytest.mark.parametrize(
    ("fields", "asked"),
    [
        ({}, [LATE]),
        (NO_REVIEW, [SUMMARY, LATE]),
        (NO_REVIEW | {"exception_summary": " "}, [SUMMARY, LATE]),
        (NO_REVIEW | {"exception_report_completed": date(2026, 10, 20)}, [SUMMARY]),
        (NO_REVIEW | {"meeting_held": None}, [SUMMARY]),
        (NO_REVIEW | {"caseload_review": "Not required"}, []),
        (
            NO_REVIEW | {"caseload_review": None},
            ["To be written: whether a review of the practitioner's cases is needed, and why."],
        ),
    ],
)
def test_a_person_is_asked_for_what_the_tracker_lacks(
    fields: dict[str, Any], asked: list[str]
) -> None:
    assert to_write(a_case(**ORDINARY | fields)) == asked


def test_why_a_report_is_late_is_asked_from_the_day_after_it_was_due() -> None:
    case = a_case(**ORDINARY)
    assert to_write(case, date(2026, 9, 29)) == []
    assert to_write(case, date(2026, 9, 30)) == [LATE]


def test_a_summary_that_cannot_be_read_is_not_asked_for_again() -> None:
    flaw = Flaw("exception_summary", "excel_error", "#REF!")
    case = a_case(**ORDINARY | {"exception_summary": None, "flaws": (flaw,)})
    assert to_write(case) == [LATE]
    told = report(reviewed(case), "MF-001", SETTINGS)
    assert told.summary == "Cannot be read (Cases!AC2)."


def test_there_is_more_room_to_write_where_there_is_less_to_say() -> None:
    def ruled(case: Case, actions: int) -> int:
        return report(reviewed(case, actions), "MF-001", SETTINGS).summary_to_write.count("\n")

    long = dict.fromkeys(TEXTS, "A sentence about practice. " * 300)
    few, many = a_case(**ORDINARY | NO_REVIEW), a_case(**ORDINARY | long | NO_REVIEW)
    assert ruled(few, 0) > ruled(few, 3) >= ruled(many, 40) >= 2


def delete(paragraph: Paragraph) -> None:
    element = paragraph._p  # noqa: SLF001 - python-docx deletes none
    parent = element.getparent()
    assert parent is not None
    parent.remove(element)


def test_an_older_template_asks_for_the_summary_in_its_place(tmp_path: Path) -> None:
    gone = ("to_write", "{%p else %}", "{%p endif %}", "{%p if actions %}")
    document = Document(str(make_report_template.TARGET))
    for paragraph in document.paragraphs:
        if any(tag in paragraph.text for tag in gone):
            delete(paragraph)
    document.save(str(tmp_path / "exception_report.docx"))
    own = replace(SETTINGS, templates=tmp_path)
    exception_report(
        reviewed(a_case(**ORDINARY | NO_REVIEW)), "MF-001", own, tmp_path / "made.docx"
    )
    assert f"Summary: {SUMMARY}" in words(tmp_path / "made.docx")


@pytest.mark.parametrize(
    ("tags", "shown"),
    [
        (("{%p if to_write %}", "{%p else %}", "{%p endif %}"), "strengths"),
        (("{%p if other %}", "{%p else %}", "{%p endif %}"), "both"),
        (("{%p if not to_write %}", "{%p else %}", "{%p endif %}"), "both"),
        (("{%p if to_write and x %}", "{%p elif y %}", "{%p endif %}"), "both"),
        (("{%p for x in to_write %}", "{% set x = 1 %}", "{%p endfor %}"), "both"),
    ],
)
def test_of_two_texts_that_take_turns_only_the_one_shown_takes_room(
    tags: tuple[str, str, str], shown: str
) -> None:
    begin, between, end = tags
    texts = (begin, "{{ strengths }}", between, "{{ summary }}", end, "{{ ref }}")
    paragraphs = tuple(
        blocks.Paragraph(
            pieces=(blocks.Piece(text, bold=False),),
            room=493.0,
            size=11.0,
            line=13.5,
            around=number,  # of its own, so that the sum shows which are there
            stops=(),
            exact=True,
        )
        for number, text in enumerate(texts)
    )
    page = Page(blocks.Layout(742.0, 493.0, paragraphs), frozenset({"strengths", "summary"}))
    values = {"to_write": "Please write.", "ref": "MF-001"}
    seen = [name for name in ("strengths", "summary") if page.shows(name, values)]
    assert seen == (["strengths", "summary"] if shown == "both" else [shown])
    assert page.shows("ref", values)
    other = [name for name in ("strengths", "summary") if page.shows(name, {"to_write": ""})]
    assert other == (seen if shown == "both" else ["summary"])
    around = sum({"strengths": 1, "summary": 3}[name] for name in seen)
    assert page.free(values, table=False) == 742.0 - (13.5 + 5) - around - 2 * 13.5


@pytest.mark.parametrize(
    ("completed", "told"),
    [(date(2026, 9, 29), "in time"), (date(2026, 9, 30), "1 day late")],
)
def test_a_completed_report_says_whether_it_was_in_time(completed: date, told: str) -> None:
    case = a_case(**ORDINARY | {"exception_report_completed": completed})
    assert report(reviewed(case), "MF-001", SETTINGS).due_sum.endswith(told)


def test_a_safety_check_that_is_not_due_yet_is_not_called_late() -> None:
    case = a_case(audited=date(2026, 10, 30))
    made = report(reviewed(case), "MF-001", SETTINGS)
    assert (made.safety_lead, made.safety) == (
        "NOT ASSURED",
        "it is due 3 November 2026. Please act today.",
    )


def test_an_overdue_panel_says_so() -> None:
    rows = [{"case_ref": "MF-001", "round": 1, "audited": date(2026, 9, 1), "grade": "Inadequate"}]
    found = review(a_tracker(a_case(**ORDINARY), reaudits=rows), Policy(), AS_AT)
    made = report(found, "MF-001", SETTINGS)
    assert made.panel == (
        "Share the re-audit at a Panel Review by 29 September 2026 (round 1), 34 days overdue."
    )
    assert made.reaudit == "Round 2: re-audit 1 September 2026 + 3 months = due 1 December 2026."


def test_actions_get_the_room_that_texts_do_not_need() -> None:
    few = report(
        reviewed(a_case(**ORDINARY | dict.fromkeys(TEXTS, "x" * 9_000)), 40), "MF-001", SETTINGS
    )
    many = report(reviewed(a_case(**ORDINARY), 40), "MF-001", SETTINGS)
    assert 2 <= len(few.actions) < len(many.actions)


def test_the_words_of_a_report_in_their_order(tmp_path: Path) -> None:
    rows = [
        ACTION,
        ACTION | {"ref": "A-2", "action": "Visit the school", "due": date(2026, 12, 1)},
        ACTION | {"ref": "A-3", "action": "Hold supervision", "completed": date(2026, 10, 2)},
    ]
    found = review(a_tracker(a_case(**ORDINARY), actions=rows), Policy(), AS_AT)
    assert in_order(made(tmp_path, found)) == GOLDEN.read_text(encoding="utf-8")


def test_overdue_actions_come_first_and_the_rest_are_counted() -> None:
    actions = [
        ACTION | {"ref": "A-1", "action": "Later", "due": date(2026, 12, 1)},
        ACTION | {"ref": "A-2", "action": "Done", "completed": date(2026, 10, 1)},
        ACTION | {"ref": "A-3", "action": "Late", "due": date(2026, 10, 1)},
    ]
    found = review(a_tracker(a_case(**ORDINARY), actions=actions), Policy(), AS_AT)
    assert [line.action for line in report(found, "MF-001", SETTINGS).actions] == [
        "Late",
        "Later",
        "Done",
    ]
    many = report(reviewed(a_case(**ORDINARY), 40), "MF-001", SETTINGS)
    left = f"And {40 - len(many.actions)} more, in the tracker, sheet Actions"
    assert many.actions_more == f"{left}; {40 - len(many.actions)} of them are overdue."


@pytest.mark.parametrize("late", [40, 5, 0])
def test_of_actions_that_are_not_on_the_page_it_is_said_how_many_are_overdue(late: int) -> None:
    """The page shows the first few; how late the others are must not be left to be guessed."""
    days = [date(2026, 10, 1)] * late + [date(2026, 12, 1)] * (40 - late)
    actions = [ACTION | {"ref": f"A-{n}", "due": day} for n, day in enumerate(days)]
    texts = dict.fromkeys(TEXTS, "x " * 9_000)
    found = review(a_tracker(a_case(**ORDINARY | texts), actions=actions), Policy(), AS_AT)
    made = report(found, "MF-001", SETTINGS)
    left = max(late - len(made.actions), 0)
    assert len(made.actions) < 40
    assert made.actions_more.endswith(
        f"; {left or 'none'} of them {'are' if left else 'is'} overdue."
    )


def test_one_action_that_is_not_on_the_page_is_told_as_one() -> None:
    texts = dict.fromkeys(TEXTS, "x " * 9_000)

    def told(due: date, number: int) -> Report:
        actions = [ACTION | {"ref": f"A-{n}", "due": due} for n in range(number)]
        found = review(a_tracker(a_case(**ORDINARY | texts), actions=actions), Policy(), AS_AT)
        return report(found, "MF-001", SETTINGS)

    for due, said in ((date(2026, 10, 1), "it is overdue"), (date(2026, 12, 1), "it is not")):
        one_too_many = len(told(due, 40).actions) + 1
        more = told(due, one_too_many).actions_more
        assert f"And 1 more, in the tracker, sheet Actions; {said}" in more


def test_a_long_name_of_an_owner_has_the_lines_that_are_free() -> None:
    owner = "Siân Llewellyn-Jones Featherstone"
    found = review(
        a_tracker(a_case(**ORDINARY), actions=[ACTION | {"owner": owner}]), Policy(), AS_AT
    )
    assert report(found, "MF-001", SETTINGS).actions[0].owner == owner


@pytest.mark.parametrize(
    "typed",
    [
        "{{ 7*7 }} {% raw %} {# x #}",
        "Smith & Jones <5 ]]> <w:p/>",
        "=1+1 @cmd -2 +3",
        "{{ ''.__class__.__mro__ }}",
        "\\u0041 %s {0} $x",
        "Zoë ’quoted’ – 中文 😀",
        "{_{ not ours }_}",
    ],
)
def test_hostile_text_comes_out_as_typed(tmp_path: Path, typed: str) -> None:
    said = words(made(tmp_path, reviewed(a_case(**ORDINARY | {"strengths": typed}))))
    assert f"Strengths: {typed}" in said.replace("\u2060", "")


@pytest.fixture(scope="module")
def extremes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Make reports from nearly nothing to far too much."""
    folder = tmp_path_factory.mktemp("extremes")
    sentence = "A sentence about practice that goes on for a while. "
    fills = {
        "blank": None,
        "short": "Short.",
        "some": sentence * 6,
        "long": (sentence * 700)[:32_767],
        "wide": "W" * 32_767,
        "narrow": "i" * 32_767,
        "lines": "line\n" * 6_000,
        "emoji": "😀中文 العربية " * 2_000,
        "commas": "a,b-c/d." * 4_000,
    }
    paths = {}
    for name, text in fills.items():
        for actions in (0, 3, 40):
            fields = ORDINARY | dict.fromkeys(TEXTS, text)
            if name not in ("blank", "short", "some"):
                fields |= dict.fromkeys(PEOPLE, text)
            case = a_case(**fields)
            changes = {} if text is None else {"action": text, "owner": text[:500]}
            key = f"{name}-{actions}"
            paths[key] = made(folder, reviewed(case, actions, **changes), name=f"{key}.docx")
    return paths


def test_every_report_is_one_page(extremes: dict[str, Path]) -> None:
    assert set(page_counts(extremes.values()).values()) == {1}


def test_every_report_passes_the_checker(extremes: dict[str, Path]) -> None:
    for path in extremes.values():
        assert failures(path, min_size=11, marking="OFFICIAL-SENSITIVE") == [], path.name


def test_a_shortened_text_says_where_it_goes_on(extremes: dict[str, Path]) -> None:
    said = words(extremes["long-40"])
    for cell in ("O2", "V2", "W2", "X2", "Y2", "AC2"):
        assert f"(continues in the tracker, Cases!{cell})" in said


def test_made_twice_it_is_the_same_to_the_byte(tmp_path: Path) -> None:
    found = reviewed(a_case(**ORDINARY), 3)
    first, second = made(tmp_path, found, name="1.docx"), made(tmp_path, found, name="2.docx")
    assert first.read_bytes() == second.read_bytes()


def test_the_committed_template_is_what_the_code_draws() -> None:
    assert make_report_template.TARGET.read_bytes() == make_report_template.template()


def test_an_unknown_name_in_a_template_is_told_with_the_likely_one(tmp_path: Path) -> None:
    document = Document(str(make_report_template.TARGET))
    document.add_paragraph("{{ practitoner }}")
    document.save(str(tmp_path / "exception_report.docx"))
    own = replace(SETTINGS, templates=tmp_path)
    with pytest.raises(TemplateError, match='nothing called "practitoner"') as caught:
        exception_report(reviewed(a_case(**ORDINARY)), "MF-001", own, tmp_path / "x.docx")
    assert 'Did you mean "practitioner"?' in str(caught.value)
    assert not (tmp_path / "x.docx").exists()


def test_a_case_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match='no case "MF-999"'):
        exception_report(reviewed(a_case(**ORDINARY)), "MF-999", SETTINGS, tmp_path / "x.docx")


def test_lines_are_shared_out_in_turn() -> None:
    assert shared_out({"a": 9, "b": 1, "c": 9}, 7) == {"a": 3, "b": 1, "c": 3}
    assert shared_out({"a": 1, "b": 1}, 9) == {"a": 1, "b": 1}


def a_text(chance: Random) -> str:
    """Words of every length, some longer than a line, with marks at which some are broken."""
    words = [
        "".join(chance.choices("aeinorst-/.,?", k=chance.choice((1, 2, 4, 7, 9, 12, 40, 70))))
        for _ in range(chance.randrange(1, 120))
    ]
    return " ".join(words)


@pytest.mark.parametrize("seed", range(12))
def test_plain_words_are_counted_as_they_are_laid_out(seed: int) -> None:
    """Words with an accent are always laid out; they are as wide as those without."""
    assert width("é", 11) == width("e", 11)
    chance = Random(seed)  # noqa: S311 - made-up words
    for _ in range(25):
        text = a_text(chance)
        room, size = chance.choice((60.0, 150.0, 493.0)), chance.choice((9.0, 11.0))
        lead, most = chance.choice(("", "Findings: ")), chance.randrange(1, 30)
        end = chance.choice(("", "(more)", "(continues in the tracker, Cases!AA14)"))
        accented = text.replace("e", "é")

        assert lines_of(text, room, size, lead, most=most) == lines_of(
            accented, room, size, lead, most=most
        )
        short, taken = fitted(text, most, room, size, end=end, lead=lead)
        same, as_many = fitted(accented, most, room, size, end=end, lead=lead)
        assert (short.removesuffix(end).replace("e", "é"), taken) == (
            same.removesuffix(end),
            as_many,
        )
        assert taken == lines_of(short, room, size, lead)


def test_a_shortened_text_ends_with_a_sentence_or_a_word() -> None:
    text = "One two three. " * 30
    short = shortened(text, 2, 200, 11, end="(more)")
    assert short.endswith("three. (more)")
    assert lines_of(short, 200, 11) <= 2
    assert shortened("word " * 200, 2, 200, 11, end="(more)").endswith("word… (more)")
    assert shortened("Fits.", 2, 200, 11, end="(more)") == "Fits."
